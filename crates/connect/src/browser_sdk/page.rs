//! `/v2/redirect`: an address that applications register as their redirect URI.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use carport_model::RequestId;
use carport_oauth::redirect_uri::{REDIRECT_PAGE, browser_origin};
use carport_store::{StoreError, Tx, redirect_uris};
use carport_web::assets::{Door, Look};
use carport_web::words::{filters, t};
use carport_web::{Page, Pairs, Problem};

use super::scripts;
use crate::Services;

#[derive(Template)]
#[template(path = "connect/redirect.html")]
struct RedirectPage {
    look: Look,
    host: String,
    target: String,
}

/// Why nothing is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    /// The query names no origin, or an empty one.
    #[error(
        "{}",
        t(
            "app_origin is missing. Register this page with it as redirect URI: \
             …/v2/redirect?app_origin=https://app.example.net."
        )
    )]
    NoOrigin,
    /// The address up to `app_origin` is nobody's redirect URI.
    #[error(
        "{}",
        t(
            "This page with this app_origin is not a registered redirect URI. They are compared \
             letter by letter."
        )
    )]
    NotRegistered,
}

/// Shows the page that hands over, or the one that says why it does not.
///
/// The page is told no application. It asks whether an enabled one registered the very address it
/// was opened at, up to what Connect added; the origin in it is the one that may hear the answer.
/// The answer itself stays in the address, where the script reads it: the server looks at none of it.
pub(crate) async fn get_redirect(
    State(services): State<Arc<Services>>,
    uri: Uri,
    headers: HeaderMap,
    id: Option<Extension<RequestId>>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(written) = app_origin(query.as_deref().unwrap_or_default()) else {
        return refused(Refusal::NoOrigin, id);
    };
    let addresses = addresses(&services, &uri, &headers, &written);
    let find = services.store.read(async move |tx: &mut Tx<'_>| {
        for address in &addresses {
            if redirect_uris::is_registered(tx, address).await? {
                return Ok::<_, StoreError>(Some(address.clone()));
            }
        }
        Ok(None)
    });
    let target = match find.await {
        Ok(address) => address.as_deref().and_then(browser_origin),
        Err(error) => return unread(&error),
    };
    let Some(target) = target else {
        return refused(Refusal::NotRegistered, id);
    };
    let page = RedirectPage {
        look: Look::of(Door::Connect),
        host: services.public_url.host().to_owned(),
        target,
    };
    Page::new(page).script(scripts::REDIRECT).into_response()
}

/// The first `app_origin` as it is written in the query: registered URIs are compared letter by
/// letter.
fn app_origin(query: &str) -> Option<String> {
    let pairs = Pairs::parse(query).ok()?;
    let first = pairs.of("app_origin").next()?;
    (!first.raw.is_empty()).then(|| first.raw.clone())
}

/// The redirect URIs that may have led here: under the name by which the browser asked, and under
/// our public name, which a proxy in front may have replaced. The scheme is the proxy's to know.
fn addresses(services: &Services, uri: &Uri, headers: &HeaderMap, app_origin: &str) -> Vec<String> {
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked = asked.or(uri.authority().map(Authority::as_str));
    let asked = asked.into_iter();
    let origins = asked.flat_map(|host| [format!("https://{host}"), format!("http://{host}")]);
    origins
        .chain([services.public_url.to_string()])
        .map(|origin| format!("{origin}{REDIRECT_PAGE}?app_origin={app_origin}"))
        .collect()
}

/// The page that says so and posts nothing. It repeats nothing of the address, which anyone may
/// have written.
fn refused(refusal: Refusal, id: Option<Extension<RequestId>>) -> Response {
    let problem = Problem::new(
        StatusCode::BAD_REQUEST,
        t("Your answer could not be handed over"),
        t(
            "This page passes the answer of Connect on to the application that asked. The \
             application has not registered where it lives, so nothing was passed on.",
        ),
    )
    .advice(t(
        "Close this window and go back to the application. If you land here a second time, \
         send the details below to the people who make it.",
    ))
    .detail(t("Message"), refusal.to_string());
    match id {
        Some(Extension(id)) => problem.request(id),
        None => problem,
    }
    .into_response()
}

/// Storage gave no answer; a second try hands over what the address still holds.
fn unread(error: &StoreError) -> Response {
    let lead = t("Your answer was not handed over yet.");
    let problem = if error.is_temporary() {
        tracing::warn!(error = error as &dyn std::error::Error, "storage is busy");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, t("Carport is busy"), lead)
    } else {
        tracing::error!(error = error as &dyn std::error::Error, "storage failed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, t("Carport failed"), lead)
    };
    problem
        .advice(t("Wait a moment, then load the page again."))
        .into_response()
}

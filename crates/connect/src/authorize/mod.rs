//! `/oauth/authorize`: from an application's link to a run with pages of its own.
//!
//! The first answer is always a redirect to an address that carries nothing of the query: test
//! suites stop as soon as the address bar shows the redirect URI's host (contract connect-oauth,
//! A.8, rule 1).

pub(crate) mod country;
pub mod parse;
pub mod validate;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use carport_model::mode::Mode;
use carport_model::{Application, RequestId, RunId};
use carport_store::{Tx, redirect_uris};
use carport_web::words::t;
use carport_web::{Form, Pairs, Problem, page};

use crate::problem::ConnectError;
use crate::{Services, flow, visit};
use parse::Parsed;
use validate::{Against, Judged, Refusal};

/// Starts a run; `HEAD` answers the same and starts none.
pub(crate) async fn get_authorize(
    State(services): State<Arc<Services>>,
    method: Method,
    headers: HeaderMap,
    id: Option<Extension<RequestId>>,
    RawQuery(query): RawQuery,
) -> Result<Response, ConnectError> {
    let parsed =
        Pairs::parse(query.as_deref().unwrap_or_default()).map(|pairs| parse::parse(&pairs));
    let judged = match parsed {
        Ok(parsed) => judge(&services, &parsed).await?,
        Err(_) => Err(Refusal::NotUtf8),
    };
    opened(&services, judged, (&method, &headers), id).await
}

/// Answers a link that was judged: with a run, or with the page that says why there is none.
pub(crate) async fn opened(
    services: &Services,
    judged: Result<Judged, Refusal>,
    (method, headers): (&Method, &HeaderMap),
    id: Option<Extension<RequestId>>,
) -> Result<Response, ConnectError> {
    match judged {
        Err(refusal) => Ok(refused(&refusal, id)),
        Ok(judged) if method == Method::HEAD => {
            let run = RunId::draw(&services.rng);
            let address = visit::address(run, judged.first_page().path());
            Ok(sent_to(StatusCode::FOUND, &address))
        }
        Ok(judged) => begun(services, judged, headers, StatusCode::FOUND).await,
    }
}

/// As `GET`, with the parameters in the body (RFC 6749, 3.1).
pub(crate) async fn post_authorize(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
    id: Option<Extension<RequestId>>,
    Form(pairs): Form,
) -> Result<Response, ConnectError> {
    match judge(&services, &parse::parse(&pairs)).await? {
        Err(refusal) => Ok(refused(&refusal, id)),
        Ok(judged) => begun(&services, judged, &headers, StatusCode::SEE_OTHER).await,
    }
}

/// Checks 1 to 12.
pub(crate) async fn judge(
    services: &Services,
    parsed: &Parsed,
) -> Result<Result<Judged, Refusal>, ConnectError> {
    let (application, redirect_uris) = match asking(services, parsed).await? {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let against = Against {
        application: &application,
        redirect_uris: &redirect_uris,
        brands: &services.catalogue.brands,
        live: services.connectors.of(Mode::Live).is_some(),
    };
    Ok(validate::validate(parsed, &against))
}

/// Checks 1 and 2: the application and its redirect URIs.
pub(crate) async fn asking(
    services: &Services,
    parsed: &Parsed,
) -> Result<Result<(Application, Vec<String>), Refusal>, ConnectError> {
    let id = match validate::client(parsed) {
        Ok(id) => id,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let client = services.store.client(id).await?;
    let Some(client) = client.filter(|client| client.application.enabled) else {
        return Ok(Err(Refusal::Application));
    };
    let uris = services.store.read(async move |tx: &mut Tx<'_>| {
        Ok::<_, ConnectError>(redirect_uris::list(tx, id).await?)
    });
    Ok(Ok((client.application.clone(), uris.await?)))
}

/// The error page without *Exit*: no cookie, no run, no way to an address nobody vouched for.
fn refused(refusal: &Refusal, id: Option<Extension<RequestId>>) -> Response {
    let problem = Problem::new(
        StatusCode::BAD_REQUEST,
        t("This link cannot be used"),
        t(
            "The application sent you here with a request that Carport cannot trust. Nothing was \
             shared.",
        ),
    )
    .advice(t(
        "Go back to the application and start again. If you land here a second time, send \
         the details below to the people who make it.",
    ))
    .detail(t("Message"), refusal.to_string());
    match id {
        Some(Extension(id)) => problem.request(id),
        None => problem,
    }
    .into_response()
}

async fn begun(
    services: &Services,
    judged: Judged,
    headers: &HeaderMap,
    status: StatusCode,
) -> Result<Response, ConnectError> {
    let (request, error) = match judged {
        Judged::Valid(request) => (request, None),
        Judged::Misconfigured(request, error) => (request, Some(error)),
    };
    let client = services.store.client(request.application).await?;
    let settings = client.map(|client| Arc::clone(&client.settings));
    let settings = settings.unwrap_or_default();
    let default = services.default_country;
    let country = country::preset(&request.flags, &settings, headers, default);
    let (run, secret) = flow::begin(services, request, error, country).await?;
    let mut response = sent_to(status, &visit::address(run.id, run.progress.step.path()));
    let cookie = visit::cookie(services, run.id, &secret);
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A redirect within Carport.
pub(crate) fn sent_to(status: StatusCode, address: &str) -> Response {
    let mut response = status.into_response();
    page::secure(response.headers_mut());
    if let Ok(address) = HeaderValue::try_from(address) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}

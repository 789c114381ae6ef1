//! The two buttons of the first page: registering the playground's redirect URI, and opening
//! Connect.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::RunId;
use carport_oauth::applications::ApplicationError;
use carport_web::words::t;

use super::CALLBACK;
use super::build::{self, Said, Trouble, draw_draft, is_draft, link_of, state_of};
use super::known::{Failed, Known, known};
use super::runs::{Asked, Run};
use super::wish::Wish;
use crate::Dashboard;
use crate::access::Editing;

/// `POST /dashboard/try/callback-uri`.
pub(crate) async fn register(
    State(dashboard): State<Dashboard>,
    Editing(posted): Editing,
) -> Response {
    let wish = Wish::read(&posted.fields);
    let found = known(&dashboard, &posted.visitor, wish.application).await;
    let application = match found {
        Ok(Some(known)) => known.application.id,
        Ok(None) => return Failed::Unknown.into_response(),
        Err(failed) => return failed.into_response(),
    };
    let uri = dashboard.public_url.join(CALLBACK);
    let actor = &posted.visitor.member.actor;
    let applications = dashboard.applications.acting_as(actor);
    let added = applications.add_redirect_uri(application, &uri).await;
    match added {
        Ok(_) => Redirect::to(&wish.address_with(&[("did", "registered")])).into_response(),
        Err(ApplicationError::Store(error)) => Failed::Store(error).into_response(),
        Err(refused) => {
            let trouble = Trouble {
                what: t("The redirect URI was not registered.").plain(),
                then: refused.to_string(),
            };
            refuse(&dashboard, posted.visitor, &wish, trouble).await
        }
    }
}

/// `POST /dashboard/try/open`: begins a run, and leads to Connect.
pub(crate) async fn open(State(dashboard): State<Dashboard>, Editing(posted): Editing) -> Response {
    let wish = Wish::read(&posted.fields);
    let found = known(&dashboard, &posted.visitor, wish.application).await;
    let known = match found {
        Ok(Some(known)) => known,
        Ok(None) => return Failed::Unknown.into_response(),
        Err(failed) => return failed.into_response(),
    };
    if let Some(trouble) = trouble(&dashboard, &known, &wish) {
        return refuse(&dashboard, posted.visitor, &wish, trouble).await;
    }
    let draft = posted.fields.get("draft").filter(|draft| is_draft(draft));
    let draft = draft.map_or_else(|| draw_draft(&dashboard), str::to_owned);
    let link = link_of(&dashboard, &known, &wish, &draft);
    let application = known.application;
    let asked = Asked {
        verifier: wish
            .uses_pkce(&application)
            .then(|| dashboard.runs.verifier(&draft, &*dashboard.rng)),
        state: state_of(&wish, &draft),
        again: wish.address(),
        scope: wish.scope.unwrap_or(application.default_scope),
        application: application.id,
        public: application.public,
        name: application.name,
    };
    let (now, id) = (dashboard.clock.now(), RunId::draw(&*dashboard.rng));
    let run = Run::new(id, posted.visitor.browser(), now, asked);
    dashboard.runs.begin(run, now);
    Redirect::to(&dashboard.public_url.join(&link)).into_response()
}

/// Why Connect cannot be opened from here.
fn trouble(dashboard: &Dashboard, known: &Known, wish: &Wish) -> Option<Trouble> {
    let own = dashboard.public_url.join(CALLBACK);
    let scope = wish.scope.as_ref();
    let scope = scope.unwrap_or(&known.application.default_scope);
    let (what, then) = if wish.redirect_uri.as_ref().is_some_and(|uri| *uri != own) {
        (
            t("The answer would go elsewhere."),
            t(
                "Copy the link and open it where that address is served, or choose the redirect URI of this playground.",
            ),
        )
    } else if !known.uris.contains(&own) {
        (
            t("The redirect URI of this playground is not registered."),
            t("Register it, then open Connect."),
        )
    } else if scope.is_empty() {
        (
            t("The link asks for nothing."),
            t("Tick at least one permission."),
        )
    } else {
        return None;
    };
    Some(Trouble {
        what: what.plain(),
        then: then.plain(),
    })
}

async fn refuse(
    dashboard: &Dashboard,
    visitor: crate::access::Visitor,
    wish: &Wish,
    trouble: Trouble,
) -> Response {
    let said = Said {
        trouble: Some(trouble),
        ..Said::default()
    };
    build::page(dashboard, visitor, wish, said, None).await
}

//! The third step: the code is exchanged for tokens.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Secret;
use carport_oauth::applications::ApplicationError;
use carport_web::Page;
use carport_web::words::{filters, t};
use serde_json::Value;

use super::CALLBACK;
use super::callback::{held, over};
use super::known::Failed;
use super::runs::{Run, Tokens};
use super::steps::{Shown, Step};
use super::wire::{Came, Proof, Record, Sent};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "dashboard/try/tokens.html")]
struct TokensPage {
    frame: Frame,
    csrf: String,
    steps: Vec<Shown>,
    record: Record,
    public: bool,
    works: bool,
    vehicles: String,
    /// Whether the vehicles were asked for before.
    listed: bool,
    to_start: String,
}

/// Shows the exchange.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    let Some(record) = run.exchange.clone() else {
        return Redirect::to(&Step::Code.address(&run)).into_response();
    };
    let title = match record.failure {
        Some(_) => t("Error: Tokens"),
        None => t("Tokens"),
    };
    let page = TokensPage {
        frame: Frame::of(title, Here::Playground, &visitor).scripted(),
        csrf: visitor.csrf.clone(),
        steps: Step::Tokens.within(&run),
        public: run.asked.public,
        works: run.tokens.is_some(),
        vehicles: Step::Vehicles.address(&run),
        listed: run.listing.is_some(),
        to_start: run.asked.again,
        record,
    };
    visitor.give(Page::new(page).names_itself().live())
}

/// Exchanges the code.
pub(crate) async fn exchange(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let run = match held(&dashboard, &visitor, &id) {
        Ok(run) => run,
        Err(response) => return *response,
    };
    let (browser, now) = (visitor.browser(), dashboard.clock.now());
    // Taken before it is sent, so that a form sent twice exchanges once.
    let code = dashboard
        .runs
        .change(run.id, &browser, now, |run| run.code.take());
    let Some(Some(code)) = code else {
        return Redirect::to(&Step::Tokens.address(&run)).into_response();
    };
    let secret = match secret(&dashboard, &run, &visitor.member.actor).await {
        Ok(secret) => secret,
        Err(ApplicationError::Store(error)) => return Failed::Store(error).into_response(),
        Err(_) => return over(&visitor),
    };
    let mut fields = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.expose().clone()),
        ("redirect_uri", dashboard.public_url.join(CALLBACK)),
    ];
    if let Some(verifier) = &run.asked.verifier {
        fields.push(("code_verifier", verifier.expose().clone()));
    }
    let mut sent = request(&run, secret.as_ref(), fields).hiding(&code, "$CODE");
    if let Some(verifier) = &run.asked.verifier {
        sent = sent.hiding(verifier, "$CODE_VERIFIER");
    }
    let came = carry(&dashboard, &sent).await;
    let address = Step::Tokens.address(&run);
    let tokens = tokens(&came);
    let kept = dashboard.runs.change(run.id, &browser, now, move |run| {
        run.secret = secret;
        run.tokens = tokens;
        run.exchange = Some(came.record);
    });
    match kept {
        Some(()) => Redirect::to(&address).into_response(),
        None => over(&visitor),
    }
}

/// A client secret for the run; a public application has none.
async fn secret(
    dashboard: &Dashboard,
    run: &Run,
    actor: &str,
) -> Result<Option<Secret<String>>, ApplicationError> {
    if run.asked.public {
        return Ok(None);
    }
    let lent = dashboard.oauth.lend_secret(run.asked.application, actor);
    lent.await.map(Some)
}

/// A request to the token endpoint, by the client of the run.
pub(super) fn request(
    run: &Run,
    secret: Option<&Secret<String>>,
    mut fields: Vec<(&'static str, String)>,
) -> Sent {
    let id = run.asked.application.to_string();
    let proof = if let Some(secret) = secret {
        Proof::Client(id, secret.clone())
    } else {
        fields.push(("client_id", id));
        Proof::Nothing
    };
    Sent::new(Method::POST, "/oauth/token", proof).form(fields)
}

pub(super) async fn carry(dashboard: &Dashboard, sent: &Sent) -> Came {
    let found = |body: &str| {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        ["access_token", "refresh_token"]
            .into_iter()
            .filter_map(|name| Some(Secret::new(body[name].as_str()?.to_owned())))
            .collect()
    };
    sent.carry(&dashboard.own_api, &dashboard.public_url, found)
        .await
}

/// The tokens of an answer.
pub(super) fn tokens(came: &Came) -> Option<Tokens> {
    let body: Value = serde_json::from_str(came.body.as_deref()?).ok()?;
    let token = |name: &str| Some(Secret::new(body[name].as_str()?.to_owned()));
    Some(Tokens {
        access: token("access_token")?,
        refresh: token("refresh_token")?,
    })
}

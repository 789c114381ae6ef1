//! `…/security`: PKCE, `iss`, the meaning of `required:`, and whose pages may use the browser SDK.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_oauth::applications::{ApplicationError, ConnectChange, browser_origins};
use carport_web::words::{filters, t};
use carport_web::{Page, Pairs};

use super::side::{Side, at_field};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::applications::tabs::{self, Head, Tab};
use crate::applications::trouble::{self, Wrong};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/connect_side/security.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of the page"
)]
struct SecurityPage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    /// Runs on phones or in browsers, where PKCE is not a choice.
    public: bool,
    require_pkce: bool,
    send_iss: bool,
    strict_required: bool,
    origins: Vec<String>,
    origin: String,
}

/// Shows what is set.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let head = side.head(&visitor, Tab::Security, &Wrong::default());
    let head = head.toasted(query.as_deref());
    given(visitor, &side, (head, Wrong::default()), String::new())
}

fn given(visitor: Visitor, side: &Side, (head, wrong): (Head, Wrong), origin: String) -> Response {
    let status = wrong.status();
    let application = &side.client.application;
    let page = SecurityPage {
        frame: head.frame.clone(),
        head,
        wrong,
        public: application.public,
        require_pkce: application.require_pkce,
        send_iss: application.send_iss,
        strict_required: application.strict_required,
        origins: browser_origins(&side.subject.redirect_uris),
        origin,
    };
    visitor.give(Page::new(page).live().names_itself().status(status))
}

/// Saves the switches.
pub(crate) async fn save(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let side = match Side::find(&dashboard, &posted.visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let change = switches(&posted.fields);
    let saved = side.change(&dashboard, &posted.visitor, change).await;
    match saved.map_err(at_field) {
        Ok(()) | Err(Ok(_)) => tabs::back(side.id(), Tab::Security, "security"),
        Err(Err(instead)) => *instead,
    }
}

fn switches(form: &Pairs) -> ConnectChange {
    let on = |name: &str| Some(form.get(name).is_some());
    ConnectChange {
        require_pkce: on("pkce"),
        send_iss: on("iss"),
        strict_required: on("strict"),
        ..ConnectChange::default()
    }
}

/// Lets pages of an origin use the browser SDK.
pub(crate) async fn add_origin(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let side = match Side::find(&dashboard, &visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let typed = posted.fields.get("origin").unwrap_or_default().to_owned();
    let registry = dashboard.applications.acting_as(&visitor.member.actor);
    let here = dashboard.public_url.to_string();
    let wrong = match registry.add_browser_origin(side.id(), &here, &typed).await {
        Ok(_) => return tabs::back(side.id(), Tab::Security, "origin-added"),
        Err(error) => match reason(&error) {
            Ok(wrong) => wrong,
            Err(instead) => return *instead,
        },
    };
    let head = side.head(&visitor, Tab::Security, &wrong);
    given(visitor, &side, (head, wrong), typed)
}

/// What is wrong with an origin. The reasons for redirect URIs speak of addresses.
fn reason(error: &ApplicationError) -> Result<Wrong, Box<Response>> {
    match error {
        ApplicationError::RedirectUri { .. } => Ok(Wrong::at(
            "origin",
            t(
                "Write scheme, host and port of your page and nothing more, such as \
                 https://app.example.net. Plain http is allowed for localhost only.",
            ),
        )),
        ApplicationError::TooManyRedirectUris => Ok(Wrong::at("origin", error.to_string())),
        error => Err(Box::new(trouble::failed(error))),
    }
}

/// Ends that.
pub(crate) async fn remove_origin(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let side = match Side::find(&dashboard, &posted.visitor, &id).await {
        Ok(side) => side,
        Err(instead) => return instead,
    };
    let origin = posted.fields.get("origin").unwrap_or_default();
    let registry = dashboard
        .applications
        .acting_as(&posted.visitor.member.actor);
    match registry.remove_browser_origin(side.id(), origin).await {
        // One that is gone already is as good as removed.
        Ok(_) => tabs::back(side.id(), Tab::Security, "origin-removed"),
        Err(error) => trouble::failed(&error),
    }
}

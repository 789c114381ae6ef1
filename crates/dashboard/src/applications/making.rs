//! `/dashboard/applications/new`: making an application.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use carport_model::Action;
use carport_oauth::applications::{MAX_DESCRIPTION, MAX_NAME, NewApplication, Registered};
use carport_web::words::{filters, t};
use carport_web::{Page, Pairs};

use super::credentials::{self, Shown};
use super::tabs;
use super::trouble::{Wrong, at_field};
use crate::Dashboard;
use crate::access::{Posted, Visitor};
use crate::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "dashboard/applications/new.html")]
struct NewPage {
    frame: Frame,
    csrf: String,
    wrong: Wrong,
    name: String,
    description: String,
    uri: String,
    public: bool,
    max_name: usize,
    max_description: usize,
}

/// Shows the form.
pub(crate) async fn show(visitor: Visitor) -> Response {
    match visitor.may(Action::CreateApplication) {
        Ok(()) => form(visitor, &Pairs::default(), Wrong::default()),
        Err(forbidden) => forbidden.into_response(),
    }
}

/// Makes the application and shows its credentials, this once.
pub(crate) async fn make(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Posted { visitor, fields } = posted;
    if let Err(forbidden) = visitor.may(Action::CreateApplication) {
        return forbidden.into_response();
    }
    let text = |name| fields.get(name).map(str::to_owned);
    let new = NewApplication {
        name: text("name").unwrap_or_default(),
        description: text("description"),
        privacy_url: None,
        redirect_uris: text("uri")
            .map(|uri| uri.trim().to_owned())
            .into_iter()
            .collect(),
        public: fields.get("public").is_some(),
    };
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    match applications.register(new).await {
        Ok(made) => show_made(&dashboard, visitor, &made).await,
        Err(error) => match at_field(&error) {
            Ok(wrong) => form(visitor, &fields, wrong),
            Err(response) => *response,
        },
    }
}

async fn show_made(dashboard: &Dashboard, visitor: Visitor, made: &Registered) -> Response {
    let id = made.application.id.to_string();
    let subject = match tabs::subject(dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let secret = made.client_secret.as_ref().map(Shown::secret);
    let token = Shown::token(&made.management_token);
    let shown = secret.into_iter().chain([token]).collect();
    credentials::given(dashboard, visitor, &subject, credentials::Said::made(shown)).await
}

fn form(visitor: Visitor, sent: &Pairs, wrong: Wrong) -> Response {
    let text = |name| sent.get(name).unwrap_or_default().to_owned();
    let status = wrong.status();
    let title = wrong.title(t("Make an application"));
    let page = NewPage {
        frame: Frame::of(title, Here::Applications, &visitor),
        csrf: visitor.csrf.clone(),
        wrong,
        name: text("name"),
        description: text("description"),
        uri: text("uri"),
        public: sent.get("public").is_some(),
        max_name: MAX_NAME,
        max_description: MAX_DESCRIPTION,
    };
    visitor.give(Page::new(page).names_itself().status(status))
}

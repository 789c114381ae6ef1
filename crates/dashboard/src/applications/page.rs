//! `/dashboard/applications/{id}`: what an application is called and says of itself.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::Action;
use carport_oauth::applications::{MAX_DESCRIPTION, MAX_NAME, TextChange};
use carport_web::Page;
use carport_web::words::filters;

use super::tabs::{self, Head, Subject, Tab};
use super::trouble::{Wrong, at_field};
use crate::Dashboard;
use crate::access::{Editing, Visitor};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/applications/about.html")]
struct AboutPage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    texts: Texts,
    max_name: usize,
    max_description: usize,
    enabled: bool,
    /// Whether the visitor may delete it.
    may_delete: bool,
}

/// The texts as they stand in the form.
struct Texts {
    name: String,
    privacy_url: String,
    description: String,
}

impl Texts {
    fn of(subject: &Subject) -> Self {
        let listed = subject.listed.clone();
        Self {
            name: listed.application.name,
            privacy_url: listed.application.privacy_url.unwrap_or_default(),
            description: listed.description.unwrap_or_default(),
        }
    }
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let texts = Texts::of(&subject);
    let head = Head::of(&visitor, &subject, Tab::About).toasted(query.as_deref());
    given(visitor, &subject, head, (texts, Wrong::default()))
}

fn given(
    visitor: Visitor,
    subject: &Subject,
    head: Head,
    (texts, wrong): (Texts, Wrong),
) -> Response {
    let status = wrong.status();
    let head = head.titled(|title| wrong.title(title));
    let page = AboutPage {
        frame: head.frame.clone(),
        head,
        wrong,
        texts,
        max_name: MAX_NAME,
        max_description: MAX_DESCRIPTION,
        enabled: subject.listed.application.enabled,
        may_delete: visitor.may(Action::DeleteApplication).is_ok(),
    };
    let page = Page::new(page).live().names_itself().status(status);
    visitor.give(page)
}

/// Saves the texts.
pub(crate) async fn save(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let field = |name| posted.fields.get(name).unwrap_or_default().to_owned();
    let texts = Texts {
        name: field("name"),
        privacy_url: field("privacy_url"),
        description: field("description"),
    };
    let change = TextChange {
        name: Some(texts.name.clone()),
        privacy_url: Some(texts.privacy_url.clone()),
        description: Some(texts.description.clone()),
    };
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let Err(error) = applications.describe(subject.id(), change).await else {
        return tabs::back(subject.id(), Tab::About, "saved");
    };
    match at_field(&error) {
        Ok(wrong) => {
            let head = Head::of(&visitor, &subject, Tab::About);
            given(visitor, &subject, head, (texts, wrong))
        }
        Err(response) => *response,
    }
}

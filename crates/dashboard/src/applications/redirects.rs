//! `/dashboard/applications/{id}/redirects`: where Connect may send owners back to.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_oauth::redirect_uri::MAX_COUNT;
use carport_web::Page;
use carport_web::words::{filters, t};

use super::tabs::{self, Head, Subject, Tab};
use super::trouble::{Wrong, at_field, failed};
use crate::Dashboard;
use crate::access::{Editing, Posted, Visitor};
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/applications/redirects.html")]
struct RedirectsPage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    address: String,
    uris: Vec<String>,
    typed: String,
    max: usize,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => {
            let head = Head::of(&visitor, &subject, Tab::Redirects);
            let head = head.toasted(query.as_deref());
            given(visitor, subject, head, (String::new(), Wrong::default()))
        }
        Err(response) => response,
    }
}

fn given(
    visitor: Visitor,
    subject: Subject,
    head: Head,
    (typed, wrong): (String, Wrong),
) -> Response {
    let status = wrong.status();
    let head = head.titled(|title| wrong.title(title));
    let page = RedirectsPage {
        frame: head.frame.clone(),
        head,
        address: tabs::address(subject.id(), Tab::Redirects),
        wrong,
        uris: subject.redirect_uris,
        typed,
        max: MAX_COUNT,
    };
    visitor.give(Page::new(page).live().names_itself().status(status))
}

/// Adds an address.
pub(crate) async fn add(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let Posted { visitor, fields } = posted;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let typed = fields.get("uri").unwrap_or_default().trim().to_owned();
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let wrong = match applications.add_redirect_uri(subject.id(), &typed).await {
        Ok(true) => return tabs::back(subject.id(), Tab::Redirects, "uri-added"),
        Ok(false) => Ok(Wrong::at("uri", t("This address is in the list already."))),
        Err(error) => at_field(&error),
    };
    match wrong {
        Ok(wrong) => {
            let head = Head::of(&visitor, &subject, Tab::Redirects);
            given(visitor, subject, head, (typed, wrong))
        }
        Err(response) => *response,
    }
}

/// Removes an address.
pub(crate) async fn remove(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let subject = match tabs::subject(&dashboard, &posted.visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let uri = posted.fields.get("uri").unwrap_or_default();
    let applications = dashboard
        .applications
        .acting_as(&posted.visitor.member.actor);
    match applications.remove_redirect_uri(subject.id(), uri).await {
        // One that is gone already is as good as removed.
        Ok(_) => tabs::back(subject.id(), Tab::Redirects, "uri-removed"),
        Err(error) => failed(&error),
    }
}

/// Makes an address the default.
pub(crate) async fn make_default(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let subject = match tabs::subject(&dashboard, &posted.visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let uri = posted.fields.get("uri").unwrap_or_default();
    let applications = dashboard
        .applications
        .acting_as(&posted.visitor.member.actor);
    match applications
        .make_default_redirect_uri(subject.id(), uri)
        .await
    {
        Ok(_) => tabs::back(subject.id(), Tab::Redirects, "uri-default"),
        Err(error) => failed(&error),
    }
}

//! `/dashboard/applications/{id}/state` and `/delete`: disabling and deleting.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Action;
use carport_oauth::applications::{ApplicationError, Effect};
use carport_web::Page;
use carport_web::words::{filters, t};

use super::asking::Question;
use super::tabs::{self, Head, PAGE, Subject, Tab};
use super::trouble::{Wrong, failed, store_failed};
use crate::Dashboard;
use crate::access::{Editing, Posted, Visitor};
use crate::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "dashboard/applications/delete.html")]
struct DeletePage {
    frame: Frame,
    csrf: String,
    address: String,
    name: String,
    typed: String,
    wrong: Wrong,
    effect: Vec<String>,
}

/// Asks before disabling.
pub(crate) async fn ask(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let address = tabs::address(subject.id(), Tab::About);
    let head = Head::of(&visitor, &subject, Tab::About);
    let question = Question {
        frame: head.frame.clone(),
        head,
        title: t("Disable this application?"),
        then: vec![
            t("Connect shows an error page instead of asking owners for it.").plain(),
            t("Its client id, secrets, management token and every access token are refused.")
                .plain(),
            t("Nothing is deleted: enabled again, it goes on with the connections it has.").plain(),
        ],
        action: format!("{address}/state"),
        field: Some(("enabled", "0".to_owned())),
        button: t("Disable"),
        back: address,
    };
    question.put(visitor)
}

/// Enables or disables.
pub(crate) async fn set(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let Posted { visitor, fields } = posted;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let enabled = fields.get("enabled") == Some("1");
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    match applications.enable(subject.id(), enabled).await {
        Ok(_) => {
            let did = if enabled { "enabled" } else { "disabled" };
            tabs::back(subject.id(), Tab::About, did)
        }
        Err(error) => failed(&error),
    }
}

/// Asks before deleting, and tells what goes along.
pub(crate) async fn ask_deletion(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    if let Err(forbidden) = visitor.may(Action::DeleteApplication) {
        return forbidden.into_response();
    }
    match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => deletion(&dashboard, visitor, &subject, ("", Wrong::default())).await,
        Err(response) => response,
    }
}

/// Deletes, once the name was typed.
pub(crate) async fn delete(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Posted { visitor, fields } = posted;
    if let Err(forbidden) = visitor.may(Action::DeleteApplication) {
        return forbidden.into_response();
    }
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let typed = fields.get("name").unwrap_or_default().trim();
    if typed != subject.listed.application.name {
        let wrong = Wrong::at(
            "name",
            t("This is not its name. Type it as it stands above."),
        );
        return deletion(&dashboard, visitor, &subject, (typed, wrong)).await;
    }
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    match applications.delete(subject.id()).await {
        // Somebody else was faster: it is gone, as it was asked for.
        Ok(()) | Err(ApplicationError::Unknown) => {
            Redirect::to(&format!("{PAGE}?did=deleted")).into_response()
        }
        Err(error) => failed(&error),
    }
}

async fn deletion(
    dashboard: &Dashboard,
    visitor: Visitor,
    subject: &Subject,
    (typed, wrong): (&str, Wrong),
) -> Response {
    let effect = match dashboard
        .applications
        .effect_of_deletion(subject.id())
        .await
    {
        Ok(effect) => effect,
        Err(error) => return store_failed(&error),
    };
    let name = subject.listed.application.name.clone();
    let status = wrong.status();
    let title = wrong.title(t("Delete {name}").with("name", &name));
    let page = DeletePage {
        frame: Frame::of(title, Here::Applications, &visitor),
        csrf: visitor.csrf.clone(),
        address: tabs::address(subject.id(), Tab::About),
        typed: typed.to_owned(),
        effect: lines(effect),
        wrong,
        name,
    };
    visitor.give(Page::new(page).names_itself().status(status))
}

/// What goes with it, a line each.
fn lines(effect: Effect) -> Vec<String> {
    let Effect {
        users,
        connections,
        webhooks,
    } = effect;
    let mut lines = Vec::new();
    if connections > 0 {
        let cars = match connections {
            1 => t("1 connected car").plain(),
            ..=Effect::MANY => t("{n} connected cars").with("n", connections).plain(),
            _ => t("more than {n} connected cars")
                .with("n", Effect::MANY)
                .plain(),
        };
        let owners = match users {
            1 => t("1 owner").plain(),
            ..=Effect::MANY => t("{n} owners").with("n", users).plain(),
            _ => t("more than {n} owners").with("n", Effect::MANY).plain(),
        };
        lines.push(
            t("{cars} of {owners}. Each of them would have to go through Connect again.")
                .with("cars", cars)
                .with("owners", owners)
                .plain(),
        );
    } else {
        lines.push(t("No car is connected to it.").plain());
    }
    lines
        .push(t("Every access and refresh token: they are refused from the next call on.").plain());
    lines.push(t("Its client id, secrets, management token and redirect URIs.").plain());
    if webhooks > 0 {
        let webhooks = match webhooks {
            1 => t("1 webhook").plain(),
            ..=Effect::MANY => t("{n} webhooks").with("n", webhooks).plain(),
            _ => t("more than {n} webhooks").with("n", Effect::MANY).plain(),
        };
        lines.push(
            t("{webhooks}, with the subscriptions of its cars.")
                .with("webhooks", webhooks)
                .plain(),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_is_counted() {
        let told = lines(Effect {
            users: 1,
            connections: 3,
            webhooks: 1,
        });
        assert!(
            told[0].starts_with("3 connected cars of 1 owner."),
            "{told:?}"
        );
        assert!(told[3].starts_with("1 webhook,"), "{told:?}");
        assert_eq!(lines(Effect::default())[0], "No car is connected to it.");
        let told = lines(Effect {
            users: Effect::MANY,
            connections: Effect::MANY + 1,
            webhooks: 0,
        });
        let most = "more than 10000 connected cars of 10000 owners.";
        assert!(told[0].starts_with(most), "{told:?}");
    }
}

//! What the buttons of the credentials page do.

use axum::extract::{Path, State};
use axum::response::Response;
use carport_oauth::applications::ApplicationError;
use carport_web::words::{Text, t};

use super::asking::Question;
use super::credentials::{self, Said, Shown, overlap};
use super::tabs::{self, Head, Subject, Tab};
use super::trouble::{at_field, failed};
use crate::Dashboard;
use crate::access::{Editing, Posted, Visitor};

/// `POST …/credentials/secret`: makes a client secret and shows it, this once.
pub(crate) async fn rotate(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let Posted { visitor, fields } = posted;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let overlap = overlap(fields.get("overlap"));
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let rotated = applications.rotate_secret(subject.id(), overlap).await;
    let said = rotated.map(|rotated| {
        let toast = t("The new secret works from now on. Note it now.");
        Said::showing(vec![Shown::secret(&rotated.secret)], toast)
    });
    ended(&dashboard, visitor, &subject, said).await
}

/// `POST …/credentials/machine`: makes a secret of the machine credential.
pub(crate) async fn add_machine(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let made = applications.add_machine_secret(subject.id()).await;
    let said = made.map(|made| {
        let toast = t("The API credentials are there. Note the secret now.");
        Said::showing(vec![Shown::machine(&made)], toast)
    });
    ended(&dashboard, visitor, &subject, said).await
}

/// `POST …/credentials/token/show`: shows the management token.
pub(crate) async fn show_token(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let token = applications.reveal_token(subject.id()).await;
    let said = token.map(|token| {
        let toast = t("The management token is below. The audit log says that you saw it.");
        Said::showing(vec![Shown::token(&token)], toast)
    });
    ended(&dashboard, visitor, &subject, said).await
}

/// `POST …/credentials/token`: puts a new management token in place of the old one.
pub(crate) async fn replace_token(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    Editing(posted): Editing,
) -> Response {
    let visitor = posted.visitor;
    let subject = match tabs::subject(&dashboard, &visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let applications = dashboard.applications.acting_as(&visitor.member.actor);
    let token = applications.rotate_token(subject.id()).await;
    let said = token.map(|token| {
        let toast = t("The new token works from now on; the old one has stopped.");
        Said::showing(vec![Shown::token(&token)], toast)
    });
    ended(&dashboard, visitor, &subject, said).await
}

/// The page with what was made, or with what was refused.
async fn ended(
    dashboard: &Dashboard,
    visitor: Visitor,
    subject: &Subject,
    said: Result<Said, ApplicationError>,
) -> Response {
    let said = match said {
        Ok(said) => said,
        Err(error) => match at_field(&error) {
            Ok(wrong) => Said::refused(wrong),
            Err(response) => return *response,
        },
    };
    credentials::given(dashboard, visitor, subject, said).await
}

/// `GET …/credentials/token`: asks before a new management token is made.
pub(crate) async fn ask_token(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let then = [
        t("The old token stops working at once."),
        t("Webhooks are signed with the new one: a receiver that knows the old one refuses them."),
        t(
            "Calls of the management API and of the simulator's API with the old one are refused (401).",
        ),
    ];
    ask(&dashboard, visitor, &id, |address| Asked {
        title: t("Make a new management token?"),
        then: then.map(Into::into).into(),
        action: format!("{address}/token"),
        button: t("Replace the token"),
    })
    .await
}

/// `GET …/credentials/secret/{secret}`: asks before a client secret is revoked.
pub(crate) async fn ask_secret(
    State(dashboard): State<Dashboard>,
    Path((id, secret)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let Some(secret) = name(&secret) else {
        return failed(&ApplicationError::UnknownSecret);
    };
    let then = [
        t("Code that still sends it gets 401 invalid_client from the next request on."),
        t("Access tokens that were issued go on working until they end by themselves."),
    ];
    ask(&dashboard, visitor, &id, |address| Asked {
        title: t("Revoke this client secret?"),
        then: then.map(Into::into).into(),
        action: format!("{address}/secret/{secret}"),
        button: t("Revoke"),
    })
    .await
}

/// `GET …/credentials/machine/{secret}`: asks before a machine secret is removed.
pub(crate) async fn ask_machine(
    State(dashboard): State<Dashboard>,
    Path((id, secret)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let Some(secret) = name(&secret) else {
        return failed(&ApplicationError::UnknownSecret);
    };
    let then = t("It cannot be had back. With the last secret the client id goes too.");
    ask(&dashboard, visitor, &id, |address| Asked {
        title: t("Remove this secret of the API credentials?"),
        then: vec![then.plain()],
        action: format!("{address}/machine/{secret}"),
        button: t("Remove"),
    })
    .await
}

/// `POST …/credentials/secret/{secret}`: revokes a client secret.
pub(crate) async fn revoke(
    State(dashboard): State<Dashboard>,
    Path((id, secret)): Path<(String, String)>,
    Editing(posted): Editing,
) -> Response {
    let subject = match tabs::subject(&dashboard, &posted.visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let applications = dashboard
        .applications
        .acting_as(&posted.visitor.member.actor);
    match applications.revoke_secret(subject.id(), &secret).await {
        Ok(()) => tabs::back(subject.id(), Tab::Credentials, "secret-revoked"),
        Err(error) => failed(&error),
    }
}

/// `POST …/credentials/machine/{secret}`: removes a machine secret.
pub(crate) async fn remove_machine(
    State(dashboard): State<Dashboard>,
    Path((id, secret)): Path<(String, String)>,
    Editing(posted): Editing,
) -> Response {
    let subject = match tabs::subject(&dashboard, &posted.visitor, &id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let applications = dashboard
        .applications
        .acting_as(&posted.visitor.member.actor);
    match applications
        .remove_machine_secret(subject.id(), &secret)
        .await
    {
        Ok(()) => tabs::back(subject.id(), Tab::Credentials, "machine-removed"),
        Err(error) => failed(&error),
    }
}

/// What a page asks.
struct Asked {
    title: Text,
    then: Vec<String>,
    action: String,
    button: Text,
}

async fn ask(
    dashboard: &Dashboard,
    visitor: Visitor,
    id: &str,
    asked: impl FnOnce(&str) -> Asked,
) -> Response {
    let subject = match tabs::subject(dashboard, &visitor, id).await {
        Ok(subject) => subject,
        Err(response) => return response,
    };
    let back = tabs::address(subject.id(), Tab::Credentials);
    let asked = asked(&back);
    let head = Head::of(&visitor, &subject, Tab::Credentials);
    let question = Question {
        frame: head.frame.clone(),
        head,
        title: asked.title,
        then: asked.then,
        action: asked.action,
        field: None,
        button: asked.button,
        back,
    };
    question.put(visitor)
}

/// The name of a secret as an address may hold it.
fn name(text: &str) -> Option<&str> {
    let is_name = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then_some(text)
}

//! `/dashboard/applications/{id}/credentials`: how code proves whose it is.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use carport_model::exports::{Language, credentials, export_line};
use carport_model::{Secret, Timestamp};
use carport_oauth::applications::{
    MAX_MACHINE_SECRETS, MachineCredential, NewMachineSecret, SecretRow,
};
use carport_store::StoreError;
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::moment::Moment;
use super::tabs::{self, Head, Subject, Tab};
use super::trouble::{Wrong, store_failed};
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::Frame;

#[derive(Template)]
#[template(path = "dashboard/applications/credentials.html")]
struct CredentialsPage {
    frame: Frame,
    head: Head,
    wrong: Wrong,
    address: String,
    client_id: String,
    shown: Vec<Shown>,
    public: bool,
    secrets: Vec<SecretLine>,
    overlaps: [(u64, Text, bool); 5],
    machine: Option<MachineLines>,
    /// Whether it has all the secrets it can have.
    is_full: bool,
    languages: Vec<(String, &'static str, bool)>,
    exports: String,
    /// The secret among the exports, when it was just made.
    has_secret: bool,
    remark: &'static str,
}

/// How long the old secrets may go on working: seconds, words, whether it is the usual.
const OVERLAPS: [(u64, Text, bool); 5] = [
    (0, t("not at all: they stop at once"), false),
    (3600, t("1 hour"), false),
    (86_400, t("24 hours"), true),
    (7 * 86_400, t("7 days"), false),
    (30 * 86_400, t("30 days"), false),
];

/// The overlap that a form chose; the usual one when it chose none of the list.
pub(super) fn overlap(chosen: Option<&str>) -> Duration {
    let seconds = chosen.and_then(|chosen| chosen.parse::<u64>().ok());
    let known = OVERLAPS
        .iter()
        .find(|(length, ..)| Some(*length) == seconds);
    Duration::from_secs(known.map_or(86_400, |(length, ..)| *length))
}

/// Something that is shown this once.
pub(crate) struct Shown {
    /// Id of its element.
    id: &'static str,
    /// What it is.
    title: Text,
    /// Itself.
    value: String,
    /// What to do with it.
    hint: String,
}

impl Shown {
    /// A client secret.
    pub(crate) fn secret(secret: &Secret<String>) -> Self {
        Self {
            id: "new-secret",
            title: t("Client secret"),
            value: secret.expose().clone(),
            hint: t("Put it where your application reads it. It is not shown again.").plain(),
        }
    }

    /// The management token.
    pub(crate) fn token(token: &Secret<String>) -> Self {
        Self {
            id: "token",
            title: t("Management token"),
            value: token.expose().clone(),
            hint: t("Opens the management API and signs webhooks. You can have it shown again.")
                .plain(),
        }
    }

    /// A secret of the machine credential.
    pub(super) fn machine(made: &NewMachineSecret) -> Self {
        Self {
            id: "new-machine-secret",
            title: t("Secret of the API credentials"),
            value: made.secret.expose().clone(),
            hint: t("Belongs to {client_id}. It is not shown again.")
                .with("client_id", &made.client_id)
                .plain(),
        }
    }
}

/// What a post has to say on the page it answers with.
#[derive(Default)]
pub(crate) struct Said {
    /// Shown this once.
    shown: Vec<Shown>,
    /// The line on top.
    toast: Option<Text>,
    /// What was refused.
    wrong: Wrong,
    /// Whose exports are shown.
    language: Option<Language>,
}

impl Said {
    /// Of an application that was just made.
    pub(crate) fn made(shown: Vec<Shown>) -> Self {
        Self::showing(shown, t("The application is there. Note its secrets now."))
    }

    /// Something that is shown this once.
    pub(super) fn showing(shown: Vec<Shown>, toast: Text) -> Self {
        Self {
            shown,
            toast: Some(toast),
            ..Self::default()
        }
    }

    /// A refusal.
    pub(super) fn refused(wrong: Wrong) -> Self {
        Self {
            wrong,
            ..Self::default()
        }
    }
}

/// A client secret, as the template writes it.
struct SecretLine {
    hint: String,
    made: Moment,
    end: Option<(String, Moment)>,
    revoke: String,
}

/// The machine credential, as the template writes it.
struct MachineLines {
    client_id: String,
    secrets: Vec<SecretLine>,
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
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let said = Said {
        toast: tabs::toast(query.as_deref()),
        language: pairs.get("sdk").and_then(|sdk| sdk.parse().ok()),
        ..Said::default()
    };
    given(&dashboard, visitor, &subject, said).await
}

/// The page, with what a post has to say.
pub(crate) async fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    subject: &Subject,
    said: Said,
) -> Response {
    let status = said.wrong.status();
    match page(dashboard, &visitor, subject, said).await {
        Ok(page) => visitor.give(Page::new(page).live().names_itself().status(status)),
        Err(error) => store_failed(&error),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    subject: &Subject,
    said: Said,
) -> Result<CredentialsPage, StoreError> {
    let (id, now) = (subject.id(), dashboard.clock.now());
    let secrets = dashboard.applications.secrets(id).await?;
    let machine = dashboard.applications.machine_credential(id).await?;
    let address = tabs::address(id, Tab::Credentials);
    let language = said.language.unwrap_or(Language::Node);
    let secret = said.shown.iter().find(|shown| shown.id == "new-secret");
    let secret = secret.map(|shown| shown.value.as_str());
    let head = Head::of(visitor, subject, Tab::Credentials);
    let head = Head {
        toast: said.toast,
        ..head.titled(|title| said.wrong.title(title))
    };
    let tab = |language: &Language| {
        let href = format!("{address}?sdk={}#exports", language.name());
        (href, *language)
    };
    Ok(CredentialsPage {
        frame: head.frame.clone(),
        head,
        wrong: said.wrong,
        client_id: id.to_string(),
        public: subject.listed.application.public,
        secrets: secrets.iter().map(|row| line(row, &address, now)).collect(),
        overlaps: OVERLAPS,
        is_full: (machine.as_ref())
            .is_some_and(|machine| machine.secrets.len() >= MAX_MACHINE_SECRETS),
        machine: machine.map(|machine| machine_lines(machine, &address)),
        languages: (Language::ALL.iter().map(tab))
            .map(|(href, each)| (href, each.title(), each == language))
            .collect(),
        exports: exports(dashboard, subject, language, secret),
        has_secret: secret.is_some() || subject.listed.application.public,
        remark: language.remark(),
        shown: said.shown,
        address,
    })
}

fn line(row: &SecretRow, address: &str, now: Timestamp) -> SecretLine {
    let end = row.expires_at;
    SecretLine {
        hint: row.hint.clone().unwrap_or_default(),
        made: Moment::of(row.created_at),
        end: end.map(|end| (length(end.millis() - now.millis()), Moment::of(end))),
        revoke: format!("{address}/secret/{}", row.id),
    }
}

fn machine_lines(machine: MachineCredential, address: &str) -> MachineLines {
    let secrets = machine.secrets.iter().map(|secret| SecretLine {
        hint: secret.hint.clone(),
        made: Moment::of(secret.created_at),
        end: None,
        revoke: format!("{address}/machine/{}", secret.id),
    });
    MachineLines {
        secrets: secrets.collect(),
        client_id: machine.client_id,
    }
}

/// How long something lasts, roughly: `21 h`.
fn length(millis: i64) -> String {
    const HOUR: i64 = 3_600_000;
    match millis {
        millis if millis >= 48 * HOUR => t("{n} days").with("n", millis / (24 * HOUR)).plain(),
        millis if millis >= HOUR => t("{n} h").with("n", millis / HOUR).plain(),
        millis => t("{n} min").with("n", (millis / 60_000).max(1)).plain(),
    }
}

/// The lines that lead an SDK here.
fn exports(
    dashboard: &Dashboard,
    subject: &Subject,
    language: Language,
    secret: Option<&str>,
) -> String {
    let application = &subject.listed.application;
    let uri = subject.redirect_uris.first().map(String::as_str);
    let mut variables = credentials(&application.id.to_string(), secret, uri);
    variables.extend(language.origins(&dashboard.public_url.to_string()));
    let lines = variables
        .iter()
        .map(|(name, value)| export_line(name, value));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rough() {
        let hour = 3_600_000;
        for (millis, text) in [
            (1, "1 min"),
            (hour - 1, "59 min"),
            (hour, "1 h"),
            (22 * hour - 1, "21 h"),
            (48 * hour, "2 days"),
        ] {
            assert_eq!(length(millis), text);
        }
    }

    #[test]
    fn only_overlaps_of_the_list_are_taken() {
        assert_eq!(overlap(Some("0")), Duration::ZERO);
        assert_eq!(overlap(Some("3600")), Duration::from_hours(1));
        for other in [None, Some(""), Some("-1"), Some("99999999999")] {
            assert_eq!(overlap(other), Duration::from_hours(24), "{other:?}");
        }
    }
}

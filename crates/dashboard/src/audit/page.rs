//! The page.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use carport_model::{Application, ApplicationId};
use carport_store::audit_log::{self, Entry, NO_APPLICATION, Place};
use carport_store::{StoreError, Tx, applications};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::filter::{TEAM, Wanted, written};
use super::{BATCHES, only, read};
use crate::Dashboard;
use crate::access::Visitor;
use crate::accounts::stored;
use crate::frame::{Frame, Here};

/// Entries of a page.
const ROWS: usize = 50;
/// Names that a filter offers.
const NAMES: usize = 200;

#[derive(Template)]
#[template(path = "dashboard/audit/page.html")]
struct AuditPage {
    frame: Frame,
    trouble: Option<Text>,
    applications: Vec<Choice>,
    actors: Vec<Choice>,
    actions: Vec<Choice>,
    from: String,
    to: String,
    is_filtered: bool,
    rows: Vec<Row>,
    next: Option<String>,
    newest: Option<String>,
    query: String,
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

struct Row {
    at: String,
    who: String,
    action: String,
    application: String,
    detail: String,
}

/// What the log calls by ids, by their names.
struct Names {
    applications: HashMap<ApplicationId, String>,
    members: HashMap<String, String>,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    match page(&dashboard, &visitor, &Wanted::read(&pairs)).await {
        Ok(page) => visitor.give(Page::new(page).names_itself()),
        Err(error) => visitor.give(stored(&error)),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    wanted: &Wanted,
) -> Result<AuditPage, StoreError> {
    let (entries, next) = entries(dashboard, visitor, wanted).await?;
    let names = names(dashboard, visitor).await?;
    let (actors, actions) = dashboard
        .store
        .scan(async |tx: &mut Tx<'_>| {
            let actors = audit_log::actors(tx, NAMES).await?;
            Ok::<_, StoreError>((actors, audit_log::actions(tx, NAMES).await?))
        })
        .await?;
    let title = if wanted.trouble.is_some() {
        t("Error: Audit log")
    } else {
        t("Audit log")
    };
    let query = wanted.query(None);
    Ok(AuditPage {
        frame: Frame::of(title, Here::Audit, visitor),
        trouble: wanted.trouble,
        applications: names.choices(visitor, &wanted.application),
        actors: choices(actors, &wanted.actor, |actor| names.who(actor)),
        actions: choices(actions, &wanted.action, str::to_owned),
        from: wanted.from.clone(),
        to: wanted.to.clone(),
        is_filtered: !query.is_empty(),
        rows: entries.iter().map(|(_, entry)| names.row(entry)).collect(),
        next: next.map(|place| {
            format!(
                "/dashboard/audit?{}",
                wanted.query(Some(("after", &written(place))))
            )
        }),
        newest: wanted.after.map(|_| format!("/dashboard/audit?{query}")),
        query,
    })
}

/// A page of entries, and behind which the next one begins.
async fn entries(
    dashboard: &Dashboard,
    visitor: &Visitor,
    wanted: &Wanted,
) -> Result<(Vec<(Place, Entry)>, Option<Place>), StoreError> {
    let only = only(visitor);
    let (mut page, mut after) = (Vec::new(), wanted.after);
    for _ in 0..BATCHES {
        let (seen, last) = read(dashboard, &wanted.filter, after, &only).await?;
        page.extend(seen);
        if page.len() > ROWS {
            page.truncate(ROWS);
            let next = page.last().map(|(place, _)| *place);
            return Ok((page, next));
        }
        if last.is_none() {
            return Ok((page, None));
        }
        after = last;
    }
    Ok((page, after))
}

async fn names(dashboard: &Dashboard, visitor: &Visitor) -> Result<Names, StoreError> {
    let list: Vec<Application> = dashboard
        .store
        .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
        .await
        .map_err(|error: StoreError| error)?;
    let seen = list
        .into_iter()
        .filter(|application| visitor.sees(application.id));
    let members = dashboard.accounts.list(None, 1000).await?;
    Ok(Names {
        applications: seen
            .map(|application| (application.id, application.name))
            .collect(),
        members: members
            .into_iter()
            .map(|member| (member.actor(), member.name))
            .collect(),
    })
}

impl Names {
    fn choices(&self, visitor: &Visitor, chosen: &str) -> Vec<Choice> {
        let mut choices: Vec<Choice> = self
            .applications
            .iter()
            .map(|(id, name)| Choice {
                value: id.to_string(),
                text: name.clone(),
                chosen: id.to_string() == chosen,
            })
            .collect();
        choices.sort_by(|one, other| one.text.cmp(&other.text));
        if visitor.member.only.is_none() {
            choices.push(Choice {
                value: TEAM.to_owned(),
                text: t("None: the team itself").plain(),
                chosen: chosen == TEAM,
            });
        }
        choices
    }

    fn who(&self, actor: &str) -> String {
        match self.members.get(actor) {
            Some(name) => name.clone(),
            None if actor.starts_with("member ") => t("Removed member {id}")
                .with("id", actor.chars().skip(7).take(8).collect::<String>())
                .plain(),
            None => actor.to_owned(),
        }
    }

    fn row(&self, entry: &Entry) -> Row {
        let id = entry.application;
        let application = if id == NO_APPLICATION {
            String::new()
        } else {
            self.applications
                .get(&id)
                .cloned()
                .unwrap_or_else(|| id.to_string())
        };
        // A detail that is about a member begins with how the log calls them.
        let known = self
            .members
            .iter()
            .find(|(actor, _)| entry.detail.contains(*actor));
        let detail = match known {
            Some((actor, name)) => entry.detail.replace(actor, name),
            None => entry.detail.clone(),
        };
        Row {
            at: entry
                .at
                .to_string()
                .chars()
                .take(19)
                .collect::<String>()
                .replace('T', " "),
            who: self.who(&entry.actor),
            action: entry.action.clone(),
            application,
            detail,
        }
    }
}

fn choices(values: Vec<String>, chosen: &str, text: impl Fn(&str) -> String) -> Vec<Choice> {
    let choice = |value: String| Choice {
        text: text(&value),
        chosen: value == chosen,
        value,
    };
    values.into_iter().map(choice).collect()
}

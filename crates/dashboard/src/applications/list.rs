//! `GET /dashboard/applications`: the applications, newest first.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use carport_model::{Action, Timestamp};
use carport_store::application_lists::{self, Listed, Place};
use carport_store::{StoreError, Tx};
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs};

use super::moment::Moment;
use super::tabs::{self, PAGE, Tab};
use super::trouble::store_failed;
use crate::Dashboard;
use crate::access::Visitor;
use crate::frame::{Frame, Here};
use crate::home::initials;

/// Applications on a page.
const PER_PAGE: usize = 25;

#[derive(Template)]
#[template(path = "dashboard/applications/list.html")]
struct ListPage {
    frame: Frame,
    toast: Option<Text>,
    rows: Vec<Row>,
    query: String,
    /// Whether the list was searched or continued, so that nothing found says nothing.
    is_narrowed: bool,
    first: Option<String>,
    next: Option<String>,
    may_create: bool,
}

struct Row {
    href: String,
    plate: String,
    name: String,
    description: String,
    id: String,
    created: Moment,
    state: Option<&'static str>,
}

/// What the address says of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Asked {
    query: String,
    after: Option<Place>,
}

impl Asked {
    fn read(query: &str) -> Self {
        let pairs = Pairs::parse(query).unwrap_or_default();
        Self {
            query: pairs.get("q").unwrap_or_default().trim().to_owned(),
            after: pairs.get("after").and_then(place),
        }
    }

    /// This list from a place on.
    fn address(&self, after: Option<Place>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.query.is_empty() {
            query.append_pair("q", &self.query);
        }
        if let Some(Place { created_at, id }) = after {
            query.append_pair("after", &format!("{}.{id}", created_at.millis()));
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{PAGE}{mark}{query}")
    }
}

fn place(text: &str) -> Option<Place> {
    let (millis, id) = text.split_once('.')?;
    Some(Place {
        created_at: Timestamp::from_millis(millis.parse().ok()?),
        id: id.parse().ok()?,
    })
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Asked::read(query.as_deref().unwrap_or_default());
    match found(&dashboard, &visitor, &asked).await {
        Ok(found) => {
            let page = page(&visitor, &asked, found);
            let page = ListPage {
                toast: tabs::toast(query.as_deref()),
                ..page
            };
            visitor.give(Page::new(page).live().names_itself())
        }
        Err(error) => store_failed(&error),
    }
}

/// A page of applications, and one more when there are more.
async fn found(
    dashboard: &Dashboard,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<Vec<Listed>, StoreError> {
    let (only, asked) = (visitor.member.only.clone(), asked.clone());
    dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| {
            if let Some(only) = &only {
                return few(tx, only, &asked).await;
            }
            // Somebody who pastes a client id means that application.
            if let Ok(id) = asked.query.parse() {
                return Ok(application_lists::find(tx, id).await?.into_iter().collect());
            }
            application_lists::page(tx, &asked.query, asked.after, PER_PAGE + 1).await
        })
        .await
}

/// The applications that a member is limited to, which are few.
async fn few(
    tx: &mut Tx<'_>,
    only: &[carport_model::ApplicationId],
    asked: &Asked,
) -> Result<Vec<Listed>, StoreError> {
    let mut found = Vec::new();
    let text = asked.query.to_lowercase();
    for id in only {
        found.extend(application_lists::find(tx, *id).await?);
    }
    let place = |listed: &Listed| Place::of(&listed.application);
    found.retain(|listed| {
        let application = &listed.application;
        let is_meant =
            application.name.to_lowercase().contains(&text) || application.id.to_string() == text;
        is_meant && asked.after.is_none_or(|after| place(listed) < after)
    });
    found.sort_by_key(|listed| std::cmp::Reverse(place(listed)));
    found.truncate(PER_PAGE + 1);
    Ok(found)
}

fn page(visitor: &Visitor, asked: &Asked, mut found: Vec<Listed>) -> ListPage {
    let has_more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let last = found.last().map(|listed| Place::of(&listed.application));
    ListPage {
        frame: Frame::of(t("Applications"), Here::Applications, visitor).scripted(),
        toast: None,
        rows: found.into_iter().map(row).collect(),
        query: asked.query.clone(),
        is_narrowed: *asked != Asked::default(),
        first: asked.after.map(|_| asked.address(None)),
        next: last
            .filter(|_| has_more)
            .map(|last| asked.address(Some(last))),
        may_create: visitor.may(Action::CreateApplication).is_ok(),
    }
}

fn row(listed: Listed) -> Row {
    let application = listed.application;
    let state = match (application.enabled, application.suspended_at) {
        (false, _) => Some("disabled"),
        (true, Some(_)) => Some("suspended"),
        (true, None) => None,
    };
    Row {
        href: tabs::address(application.id, Tab::About),
        plate: initials(&application.name),
        name: application.name,
        description: listed.description.unwrap_or_default(),
        id: application.id.to_string(),
        created: Moment::of(application.created_at),
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything() {
        let after = Place {
            created_at: Timestamp::from_millis(17),
            id: carport_model::ApplicationId::from_bytes([7; 16]),
        };
        let asked = Asked {
            query: "a&b c".to_owned(),
            after: Some(after),
        };
        let address = asked.address(asked.after);
        let query = address.split_once('?').unwrap().1;
        assert_eq!(Asked::read(query), asked);
        assert_eq!(Asked::read("after=x.y&q=+"), Asked::default());
        assert_eq!(Asked::default().address(None), PAGE);
    }
}

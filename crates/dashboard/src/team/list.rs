//! The members, and the form that invites.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::{Action, Member, Role, worded};
use carport_store::{StoreError, Tx, audit_log, settings};
use carport_web::words::{Text, filters, say, t};
use carport_web::{Page, Pairs};

use super::{AppChoice, RoleChoice, by, choices, roles, to, wanted};
use crate::Dashboard;
use crate::access::{Posted, Visitor};
use crate::accounts::{AccountError, NewMember, minute, stored};
use crate::frame::{Frame, Here};

/// Members of a page.
const PAGE: i64 = 50;
/// Name of the setting that holds the team's name.
const TEAM_NAME: &str = "team_name";
const TOASTS: [(&str, Text); 2] = [
    (
        "removed",
        t("The member is removed and signed out everywhere."),
    ),
    ("renamed", t("The team has its new name.")),
];

#[derive(Template)]
#[template(path = "dashboard/team/list.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides a part of the page"
)]
struct ListPage {
    frame: Frame,
    csrf: String,
    toast: Option<Text>,
    trouble: Option<String>,
    invited: Option<Invited>,
    team: String,
    members: Vec<Row>,
    next: Option<String>,
    may_manage: bool,
    may_name: bool,
    sends_mail: bool,
    email: String,
    roles: Vec<RoleChoice>,
    is_limited: bool,
    applications: Vec<AppChoice>,
}

/// Somebody who was invited just now.
pub(super) struct Invited {
    /// Whom.
    pub email: String,
    /// The link, shown this once.
    pub link: String,
    /// Whether a letter takes it to them.
    pub is_sent: bool,
}

struct Row {
    href: String,
    name: String,
    email: String,
    role: Text,
    limit: String,
    has_factor: bool,
    state: &'static str,
    since: String,
}

impl Row {
    fn of(member: &Member) -> Self {
        Self {
            href: format!("/dashboard/team/members/{}", member.id),
            name: member.name.clone(),
            email: member.email.to_string(),
            role: say(member.role.as_str()),
            limit: member
                .only
                .as_ref()
                .map_or_else(String::new, |only| match only.len() {
                    1 => t("1 application").plain(),
                    n => t("{n} applications").with("n", n).plain(),
                }),
            has_factor: member.has_second_factor,
            state: state(member),
            since: minute(&member.joined_at.unwrap_or(member.created_at).to_string()),
        }
    }
}

/// What keeps a member from coming in; `""` for nothing.
pub(super) fn state(member: &Member) -> &'static str {
    if member.disabled_at.is_some() {
        worded("suspended")
    } else if member.joined_at.is_none() {
        worded("invited")
    } else {
        ""
    }
}

/// What the page shows besides the members.
#[derive(Default)]
struct Shown<'a> {
    toast: Option<Text>,
    invited: Option<Invited>,
    error: Option<&'a AccountError>,
    /// The form of the invitation, sent before.
    sent: Pairs,
}

/// Shows the page.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let did = pairs.get("did");
    let toast = TOASTS.iter().find(|(name, _)| Some(*name) == did);
    let shown = Shown {
        toast: toast.map(|(_, text)| *text),
        ..Shown::default()
    };
    given(&dashboard, visitor, pairs.get("after"), shown).await
}

async fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    after: Option<&str>,
    shown: Shown<'_>,
) -> Response {
    let status = shown.error.map_or(StatusCode::OK, AccountError::status);
    match page(dashboard, &visitor, after, shown).await {
        Ok(page) => visitor.give(Page::new(page).status(status).live().names_itself()),
        Err(error) => visitor.give(stored(&error)),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    after: Option<&str>,
    shown: Shown<'_>,
) -> Result<ListPage, StoreError> {
    let after = after.and_then(|after| after.parse().ok());
    let mut members = dashboard.accounts.list(after, PAGE + 1).await?;
    let has_more = members.len() > usize::try_from(PAGE).unwrap_or_default();
    members.truncate(usize::try_from(PAGE).unwrap_or_default());
    let last = members.last().filter(|_| has_more);
    let next = last.map(|last| {
        let after: String =
            form_urlencoded::byte_serialize(last.email.as_str().as_bytes()).collect();
        format!("/dashboard/team?after={after}")
    });
    let team = dashboard
        .store
        .read(async |tx: &mut Tx<'_>| settings::get(tx, TEAM_NAME).await)
        .await
        .map_err(|error: StoreError| error)?;
    let (role, only) = wanted(&shown.sent).unwrap_or((Role::Viewer, None));
    let may = |action| visitor.may(action).is_ok();
    let title = if shown.error.is_some() {
        t("Error: Team")
    } else {
        t("Team")
    };
    Ok(ListPage {
        frame: Frame::of(title, Here::Team, visitor).scripted(),
        csrf: visitor.csrf.clone(),
        toast: shown.toast,
        trouble: shown.error.map(ToString::to_string),
        invited: shown.invited,
        team: team.unwrap_or_default(),
        members: members.iter().map(Row::of).collect(),
        next,
        may_manage: may(Action::ManageMembers),
        may_name: may(Action::ManageTeam),
        sends_mail: dashboard.accounts.has_mail(),
        email: shown.sent.get("email").unwrap_or_default().to_owned(),
        roles: roles(visitor, role),
        is_limited: only.is_some(),
        applications: choices(dashboard, &only.unwrap_or_default()).await?,
    })
}

/// Invites somebody and shows the link, this once.
pub(crate) async fn invite(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let visitor = posted.visitor;
    if let Err(forbidden) = visitor.may(Action::ManageMembers) {
        return forbidden.into_response();
    }
    let (role, only) = wanted(&posted.fields).unwrap_or((Role::Viewer, None));
    let new = NewMember {
        email: posted.fields.get("email").unwrap_or_default().to_owned(),
        name: None,
        role,
        only,
    };
    let shown = match dashboard.accounts.invite(&by(&visitor), new).await {
        Ok((member, link)) => Shown {
            invited: Some(Invited {
                email: member.email.to_string(),
                link: link.expose().clone(),
                is_sent: dashboard.accounts.has_mail(),
            }),
            ..Shown::default()
        },
        Err(AccountError::Store(error)) => return visitor.give(stored(&error)),
        Err(error) => {
            let sent = posted.fields;
            let shown = Shown {
                error: Some(&error),
                sent,
                ..Shown::default()
            };
            return given(&dashboard, visitor, None, shown).await;
        }
    };
    given(&dashboard, visitor, None, shown).await
}

/// Names the team.
pub(crate) async fn rename_team(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let visitor = posted.visitor;
    if let Err(forbidden) = visitor.may(Action::ManageTeam) {
        return forbidden.into_response();
    }
    let name = posted.fields.get("team").unwrap_or_default().trim();
    if name.chars().count() > 60 || name.chars().any(char::is_control) {
        let error = AccountError::Name;
        let shown = Shown {
            error: Some(&error),
            ..Shown::default()
        };
        return given(&dashboard, visitor, None, shown).await;
    }
    let (name, entry) = (
        name.to_owned(),
        dashboard.accounts.told(&by(&visitor), "team.renamed"),
    );
    let kept: Result<(), StoreError> = dashboard
        .store
        .write(async move |tx: &mut Tx<'_>| {
            settings::put(tx, TEAM_NAME, &name).await?;
            audit_log::append(tx, &entry).await
        })
        .await;
    match kept {
        Ok(()) => to("/dashboard/team?did=renamed"),
        Err(error) => visitor.give(stored(&error)),
    }
}

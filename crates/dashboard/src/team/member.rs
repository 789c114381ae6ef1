//! One member: role, limit, suspension, removal.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use carport_model::{Action, Member, MemberId, Role};
use carport_store::StoreError;
use carport_web::words::{Text, filters, t};
use carport_web::{Page, Pairs, Problem};

use super::list::{Invited, state};
use super::{AppChoice, RoleChoice, by, choices, described, roles, to, wanted};
use crate::Dashboard;
use crate::access::{Posted, Visitor};
use crate::accounts::{AccountError, minute, stored};
use crate::frame::{Frame, Here};

const TOASTS: [(&str, Text); 3] = [
    (
        "role",
        t("The role is changed. It counts from the next page they open."),
    ),
    (
        "suspended",
        t("The member is suspended and signed out everywhere."),
    ),
    ("resumed", t("The member can sign in again.")),
];

#[derive(Template)]
#[template(path = "dashboard/team/member.html")]
struct MemberPage {
    frame: Frame,
    csrf: String,
    toast: Option<Text>,
    trouble: Option<String>,
    invited: Option<Invited>,
    path: String,
    name: String,
    facts: Vec<(Text, String)>,
    audit: String,
    state: &'static str,
    may_change: bool,
    roles: Vec<RoleChoice>,
    is_limited: bool,
    applications: Vec<AppChoice>,
}

#[derive(Template)]
#[template(path = "dashboard/team/remove.html")]
struct RemovePage {
    frame: Frame,
    csrf: String,
    path: String,
    name: String,
}

fn path(id: MemberId) -> String {
    format!("/dashboard/team/members/{id}")
}

/// The member of an address, or a page that there is none.
async fn found(dashboard: &Dashboard, id: &str) -> Result<Member, Response> {
    let Ok(id) = id.parse::<MemberId>() else {
        return Err(Problem::not_found().into_response());
    };
    dashboard
        .accounts
        .find(id)
        .await
        .map_err(|error| match error {
            AccountError::Store(error) => stored(&error).into_response(),
            _ => Problem::not_found().into_response(),
        })
}

/// Shows the member.
pub(crate) async fn show(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let did = pairs.get("did");
    let toast = TOASTS.iter().find(|(name, _)| Some(*name) == did);
    match found(&dashboard, &id).await {
        Ok(member) => {
            given(
                &dashboard,
                visitor,
                member,
                (toast.map(|(_, text)| *text), None, None),
            )
            .await
        }
        Err(response) => response,
    }
}

/// What the last thing that was done came to.
type Came<'a> = (Option<Text>, Option<&'a AccountError>, Option<Invited>);

async fn given(
    dashboard: &Dashboard,
    visitor: Visitor,
    member: Member,
    came: Came<'_>,
) -> Response {
    let status = came.1.map_or(StatusCode::OK, AccountError::status);
    match page(dashboard, &visitor, member, came).await {
        Ok(page) => visitor.give(Page::new(page).status(status).live().names_itself()),
        Err(error) => visitor.give(stored(&error)),
    }
}

async fn page(
    dashboard: &Dashboard,
    visitor: &Visitor,
    member: Member,
    (toast, error, invited): Came<'_>,
) -> Result<MemberPage, StoreError> {
    let is_in_reach = member.role != Role::Owner || visitor.may(Action::ManageTeam).is_ok();
    let title = match error {
        Some(_) => t("Error: {name}").with("name", &member.name).plain(),
        None => member.name.clone(),
    };
    let actor: String = form_urlencoded::byte_serialize(member.actor().as_bytes()).collect();
    let choices = choices(dashboard, member.only.as_deref().unwrap_or_default()).await?;
    let on = |on: bool| if on { t("on") } else { t("off") }.plain();
    Ok(MemberPage {
        frame: Frame::of(title, Here::Team, visitor).scripted(),
        csrf: visitor.csrf.clone(),
        toast,
        trouble: error.map(ToString::to_string),
        invited,
        path: path(member.id),
        facts: vec![
            (t("E-mail"), member.email.to_string()),
            (t("Role"), described(member.role).plain()),
            (t("Second factor"), on(member.has_second_factor)),
            (t("Invited or made"), minute(&member.created_at.to_string())),
            (t("Id"), member.id.to_string()),
        ],
        audit: format!("/dashboard/audit?actor={actor}"),
        state: state(&member),
        may_change: is_in_reach && visitor.may(Action::ManageMembers).is_ok(),
        roles: roles(visitor, member.role),
        is_limited: member.only.is_some(),
        applications: choices,
        name: member.name,
    })
}

/// The member of a post by somebody who may manage members.
async fn managed(dashboard: &Dashboard, id: &str, visitor: &Visitor) -> Result<Member, Response> {
    visitor
        .may(Action::ManageMembers)
        .map_err(IntoResponse::into_response)?;
    found(dashboard, id).await
}

/// Back to the member, or their page with what stood in the way.
async fn ended(
    dashboard: &Dashboard,
    visitor: Visitor,
    member: Member,
    outcome: Result<String, AccountError>,
) -> Response {
    match outcome {
        Ok(path) => to(&path),
        Err(AccountError::Store(error)) => visitor.give(stored(&error)),
        Err(error) => given(dashboard, visitor, member, (None, Some(&error), None)).await,
    }
}

/// Changes role and limit.
pub(crate) async fn change_role(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let visitor = posted.visitor;
    let member = match managed(&dashboard, &id, &visitor).await {
        Ok(member) => member,
        Err(response) => return response,
    };
    let Some((role, only)) = wanted(&posted.fields) else {
        return to(&path(member.id));
    };
    let changed = dashboard
        .accounts
        .change_role(&by(&visitor), member.id, role, only)
        .await;
    let there = format!("{}?did=role", path(member.id));
    ended(&dashboard, visitor, member, changed.map(|()| there)).await
}

/// Keeps the member out, or lets them in again.
pub(crate) async fn suspend(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let visitor = posted.visitor;
    let member = match managed(&dashboard, &id, &visitor).await {
        Ok(member) => member,
        Err(response) => return response,
    };
    let suspended = posted.fields.get("do") != Some("resume");
    let changed = dashboard
        .accounts
        .set_suspended(&by(&visitor), member.id, suspended)
        .await;
    let did = if suspended { "suspended" } else { "resumed" };
    let there = format!("{}?did={did}", path(member.id));
    ended(&dashboard, visitor, member, changed.map(|()| there)).await
}

/// Makes a new link for an invitation and shows it, this once.
pub(crate) async fn invite_again(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let visitor = posted.visitor;
    let member = match managed(&dashboard, &id, &visitor).await {
        Ok(member) => member,
        Err(response) => return response,
    };
    match dashboard
        .accounts
        .invite_again(&by(&visitor), member.id)
        .await
    {
        Ok((member, link)) => {
            let invited = Invited {
                email: member.email.to_string(),
                link: link.expose().clone(),
                is_sent: dashboard.accounts.has_mail(),
            };
            given(&dashboard, visitor, member, (None, None, Some(invited))).await
        }
        Err(error) => ended(&dashboard, visitor, member, Err(error)).await,
    }
}

/// Asks whether to remove the member.
pub(crate) async fn ask_remove(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let member = match managed(&dashboard, &id, &visitor).await {
        Ok(member) => member,
        Err(response) => return response,
    };
    let page = RemovePage {
        frame: Frame::of(
            t("Remove {name}").with("name", &member.name).plain(),
            Here::Team,
            &visitor,
        ),
        csrf: visitor.csrf.clone(),
        path: path(member.id),
        name: member.name,
    };
    visitor.give(Page::new(page).names_itself())
}

/// Removes the member.
pub(crate) async fn remove(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let visitor = posted.visitor;
    let member = match managed(&dashboard, &id, &visitor).await {
        Ok(member) => member,
        Err(response) => return response,
    };
    let removed = dashboard.accounts.remove(&by(&visitor), member.id).await;
    let there = "/dashboard/team?did=removed".to_owned();
    ended(&dashboard, visitor, member, removed.map(|()| there)).await
}

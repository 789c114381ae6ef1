//! `/dashboard/team`: who is a member, and what they may do.
//!
//! [`list`] shows the members and invites; [`member`] shows one and changes them.

mod list;
mod member;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use carport_model::{Application, ApplicationId, Role};
use carport_store::{StoreError, Tx, applications};
use carport_web::words::{Text, t};
use carport_web::{Pairs, layers};

use crate::Dashboard;
use crate::access::Visitor;
use crate::accounts::By;

/// The routes of the team.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/team", get(list::show))
        .route("/dashboard/team/invite", post(list::invite))
        .route("/dashboard/team/settings", post(list::rename_team))
        .route("/dashboard/team/members/{id}", get(member::show))
        .route(
            "/dashboard/team/members/{id}/role",
            post(member::change_role),
        )
        .route(
            "/dashboard/team/members/{id}/suspend",
            post(member::suspend),
        )
        .route(
            "/dashboard/team/members/{id}/invite",
            post(member::invite_again),
        )
        .route(
            "/dashboard/team/members/{id}/remove",
            get(member::ask_remove).post(member::remove),
        )
        .layer(layers::compression())
}

/// The visitor as the one who does something.
fn by(visitor: &Visitor) -> By {
    By {
        actor: visitor.member.actor.clone(),
        role: visitor.member.role,
    }
}

/// A role to choose.
struct RoleChoice {
    name: &'static str,
    text: Text,
    chosen: bool,
}

/// An application to limit somebody to.
struct AppChoice {
    id: String,
    name: String,
    chosen: bool,
}

/// What the role is good for.
pub(crate) fn described(role: Role) -> Text {
    match role {
        Role::Owner => t("Owner: everything, deleting applications and making owners too"),
        Role::Admin => t("Admin: makes applications and manages members"),
        Role::Editor => t("Editor: changes applications and what belongs to them"),
        Role::Viewer => t("Viewer: looks, changes nothing"),
    }
}

/// The roles that the visitor may give.
fn roles(visitor: &Visitor, chosen: Role) -> Vec<RoleChoice> {
    let may_give = |role: &Role| {
        *role != Role::Owner || visitor.member.role.may(carport_model::Action::ManageTeam)
    };
    let roles = Role::ALL.into_iter().filter(may_give);
    roles
        .map(|role| RoleChoice {
            name: role.as_str(),
            text: described(role),
            chosen: role == chosen,
        })
        .collect()
}

/// The applications, of which some are chosen.
async fn choices(
    dashboard: &Dashboard,
    chosen: &[ApplicationId],
) -> Result<Vec<AppChoice>, StoreError> {
    let list: Vec<Application> = dashboard
        .store
        .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
        .await
        .map_err(|error: StoreError| error)?;
    let choice = |application: Application| AppChoice {
        chosen: chosen.contains(&application.id),
        id: application.id.to_string(),
        name: application.name,
    };
    Ok(list.into_iter().map(choice).collect())
}

/// The role and limit that a form names; the limit only when it is asked for.
fn wanted(fields: &Pairs) -> Option<(Role, Option<Vec<ApplicationId>>)> {
    let role = fields.get("role")?.parse().ok()?;
    let only = fields.all("application").filter_map(|id| id.parse().ok());
    let is_limited = fields.get("limited").is_some();
    Some((role, is_limited.then(|| only.collect())))
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

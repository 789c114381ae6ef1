//! Carries requests about accounts out.

use carport_dashboard::accounts::{AccountError, By, NewMember};
use carport_model::member::Purpose;
use carport_model::{ApplicationId, Member, Role, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::server::Parts;

/// Members that a list shows at once.
const PAGE: i64 = 500;

/// What commands ask of accounts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserRequest {
    /// Makes one.
    Create {
        /// Address.
        email: String,
        /// Name.
        name: Option<String>,
        /// Role; owner for the first, viewer for others when absent.
        role: Option<Role>,
        /// Password.
        password: String,
    },
    /// Lists them.
    List,
    /// Changes a role.
    Role {
        /// Whose.
        email: String,
        /// The new one.
        role: String,
        /// The applications that they are limited to; none for no limit.
        applications: Vec<String>,
    },
    /// Removes one.
    Remove {
        /// Whose.
        email: String,
    },
    /// Makes a link that sets a password.
    ResetLink {
        /// Whose.
        email: String,
    },
    /// Makes a link that signs in.
    SignInLink {
        /// Whose.
        email: String,
    },
    /// Takes a second factor away.
    DisableTotp {
        /// Whose.
        email: String,
    },
}

/// Without what it says: it may carry a password.
impl std::fmt::Debug for UserRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserRequest(…)")
    }
}

/// A member as commands show them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Id.
    pub id: String,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Client ids of the applications that they are limited to; absent for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<String>>,
    /// Whether signing in needs a code of an app.
    pub second_factor: bool,
    /// `active`, `invited` or `suspended`.
    pub state: String,
}

impl MemberView {
    /// Shows a member.
    #[must_use]
    pub fn of(member: &Member) -> Self {
        let state = match (member.disabled_at, member.joined_at) {
            (Some(_), _) => "suspended",
            (None, None) => "invited",
            (None, Some(_)) => "active",
        };
        let only = member.only.as_ref();
        Self {
            id: member.id.to_string(),
            email: member.email.to_string(),
            name: member.name.clone(),
            role: member.role.to_string(),
            applications: only.map(|only| only.iter().map(ToString::to_string).collect()),
            second_factor: member.has_second_factor,
            state: state.to_owned(),
        }
    }
}

/// Carries a request out.
pub(super) async fn carry_out(parts: &Parts, request: &UserRequest) -> Result<Value, String> {
    let (accounts, by) = (&parts.accounts, By::operator());
    match request {
        UserRequest::Create {
            email,
            name,
            role,
            password,
        } => {
            let member = create(parts, email, name.clone(), (*role, password.as_str())).await;
            member
                .map(|member| json!(MemberView::of(&member)))
                .map_err(told)
        }
        UserRequest::List => list(parts).await,
        UserRequest::Role {
            email,
            role,
            applications,
        } => {
            let role = parsed_role(role)?;
            let only = applications.iter().map(|id| id.parse::<ApplicationId>());
            let only: Vec<_> = only.collect::<Result<_, _>>().map_err(|_| {
                "There is no application with this id. `carport app list` shows them.".to_owned()
            })?;
            let only = (!only.is_empty()).then_some(only);
            let member = accounts.by_email(email).await.map_err(told)?;
            let changed = accounts.change_role(&by, member.id, role, only).await;
            changed.map(|()| json!({ "changed": true })).map_err(told)
        }
        UserRequest::Remove { email } => {
            let member = accounts.by_email(email).await.map_err(told)?;
            let removed = accounts.remove(&by, member.id).await;
            removed.map(|()| json!({ "removed": true })).map_err(told)
        }
        UserRequest::ResetLink { email } => link(parts, email, Purpose::Reset).await,
        UserRequest::SignInLink { email } => link(parts, email, Purpose::SignIn).await,
        UserRequest::DisableTotp { email } => {
            let member = accounts.by_email(email).await.map_err(told)?;
            match accounts.take_factor(&by, member.id).await {
                Ok(()) => Ok(json!({ "disabled": true })),
                Err(AccountError::Factor) => Ok(json!({ "disabled": false })),
                Err(error) => Err(told(error)),
            }
        }
    }
}

async fn create(
    parts: &Parts,
    email: &str,
    name: Option<String>,
    (role, password): (Option<Role>, &str),
) -> Result<Member, AccountError> {
    let accounts = &parts.accounts;
    let password = Secret::new(password.to_owned());
    // Without an owner nobody could let others in.
    if role.is_none_or(|role| role == Role::Owner) {
        match accounts
            .create_first(email, name.clone(), &password, None)
            .await
        {
            Err(AccountError::NotFirst) => {}
            made => return made,
        }
    }
    let new = NewMember {
        email: email.to_owned(),
        name,
        role: role.unwrap_or(Role::Viewer),
        only: None,
    };
    accounts.create(&By::operator(), new, &password).await
}

async fn list(parts: &Parts) -> Result<Value, String> {
    let (mut views, mut after) = (Vec::new(), None);
    loop {
        let page = parts.accounts.list(after, PAGE).await;
        let page = page.map_err(|error| error.to_string())?;
        after = page.last().map(|member| member.email.clone());
        views.extend(page.iter().map(MemberView::of));
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) {
            return Ok(json!(views));
        }
    }
}

async fn link(parts: &Parts, email: &str, purpose: Purpose) -> Result<Value, String> {
    let member = parts.accounts.by_email(email).await.map_err(told)?;
    if member.disabled_at.is_some() {
        return Err(
            "This member is suspended. Let them in again on the team's page first.".to_owned(),
        );
    }
    let link = parts.accounts.link(&By::operator(), &member, purpose).await;
    link.map(|link| json!({ "link": link.expose() }))
        .map_err(|error| error.to_string())
}

fn parsed_role(role: &str) -> Result<Role, String> {
    role.parse()
        .map_err(|error: carport_model::role::ParseRoleError| error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn told(error: AccountError) -> String {
    error.to_string()
}

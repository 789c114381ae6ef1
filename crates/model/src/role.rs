//! What a member of the team may do. Source: contract connect-oauth, C, table of roles.

use std::fmt;
use std::str::FromStr;

use crate::worded;

/// The part that a member plays.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks, changes nothing.
    Viewer,
    /// Changes applications.
    Editor,
    /// Makes applications and invites members.
    Admin,
    /// Does everything. At least one remains.
    Owner,
}

/// What a member wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See applications and what they and their cars do, members and the audit log.
    View,
    /// Change an application: its texts, credentials, redirect URIs, look, webhooks; end
    /// connections; steer its simulated cars; send requests in its name.
    ModifyApplication,
    /// Make an application.
    CreateApplication,
    /// Delete an application.
    DeleteApplication,
    /// Invite, change and remove members.
    ManageMembers,
    /// Change what holds for the whole team; make owners.
    ManageTeam,
}

impl Role {
    /// All of them, the mightiest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Editor, Self::Viewer];

    /// The spelling in the database, on the command line and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => worded("owner"),
            Self::Admin => worded("admin"),
            Self::Editor => worded("editor"),
            Self::Viewer => worded("viewer"),
        }
    }

    /// Whether the role allows the action.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        self >= action.least()
    }
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::View,
        Self::ModifyApplication,
        Self::CreateApplication,
        Self::DeleteApplication,
        Self::ManageMembers,
        Self::ManageTeam,
    ];

    /// The least role that may do it.
    #[must_use]
    pub const fn least(self) -> Role {
        match self {
            Self::View => Role::Viewer,
            Self::ModifyApplication => Role::Editor,
            Self::CreateApplication | Self::ManageMembers => Role::Admin,
            Self::DeleteApplication | Self::ManageTeam => Role::Owner,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of owner, admin, editor and viewer")]
pub struct ParseRoleError;

impl FromStr for Role {
    type Err = ParseRoleError;

    fn from_str(text: &str) -> Result<Self, ParseRoleError> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or(ParseRoleError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_may_what_the_contract_says() {
        let table = Role::ALL.map(|role| Action::ALL.map(|action| u8::from(role.may(action))));
        assert_eq!(
            table,
            [
                [1, 1, 1, 1, 1, 1],
                [1, 1, 1, 0, 1, 0],
                [1, 1, 0, 0, 0, 0],
                [1, 0, 0, 0, 0, 0],
            ]
        );
    }

    #[test]
    fn every_role_is_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("king".parse::<Role>(), Err(ParseRoleError));
    }
}

//! People who use the Dashboard, and how they are let in.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::{ApplicationId, EmailAddress, MemberId, Role, SessionId, Timestamp};

/// A member of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id.
    pub id: MemberId,
    /// What they sign in with.
    pub email: EmailAddress,
    /// What the pages call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The applications that an editor or viewer is limited to; `None` for no limit.
    pub only: Option<Vec<ApplicationId>>,
    /// When they were invited or made.
    pub created_at: Timestamp,
    /// When they came; `None` while the invitation waits.
    pub joined_at: Option<Timestamp>,
    /// Since when they are kept out.
    pub disabled_at: Option<Timestamp>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether signing in needs a code of an app, too.
    pub has_second_factor: bool,
}

impl Member {
    /// Whether they may come in.
    #[must_use]
    pub const fn is_let_in(&self) -> bool {
        self.joined_at.is_some() && self.disabled_at.is_none()
    }

    /// How the audit log and others that must not name people call them.
    #[must_use]
    pub fn actor(&self) -> String {
        actor(self.id)
    }
}

/// How the audit log calls a member.
#[must_use]
pub fn actor(id: MemberId) -> String {
    format!("member {id}")
}

/// A browser in which a member is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Id: not what opens it.
    pub id: SessionId,
    /// Whose.
    pub member: MemberId,
    /// When they signed in.
    pub made_at: Timestamp,
    /// When the last page was asked for, to a minute or so.
    pub seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The network it was last seen in.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// What a link that works once is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Makes the first member.
    SetUp,
    /// Signs in.
    SignIn,
    /// Takes an invitation.
    Invitation,
    /// Sets a new password.
    Reset,
    /// No link but a cookie: the password was right, the second factor is asked for.
    SecondFactor,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::SetUp,
        Self::SignIn,
        Self::Invitation,
        Self::Reset,
        Self::SecondFactor,
    ];

    /// The spelling in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::SignIn => "sign-in",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
            Self::SecondFactor => "second-factor",
        }
    }

    /// How long it works.
    #[must_use]
    pub const fn lasts(self) -> Duration {
        match self {
            Self::SetUp | Self::SignIn => Duration::from_hours(24),
            Self::Invitation => Duration::from_hours(7 * 24),
            Self::Reset => Duration::from_hours(1),
            Self::SecondFactor => Duration::from_mins(10),
        }
    }
}

/// The text is no purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no purpose of a link")]
pub struct ParsePurposeError;

impl FromStr for Purpose {
    type Err = ParsePurposeError;

    fn from_str(text: &str) -> Result<Self, ParsePurposeError> {
        let purpose = Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == text);
        purpose.ok_or(ParsePurposeError)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

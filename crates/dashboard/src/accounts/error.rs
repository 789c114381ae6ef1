//! What of an account could not be done.

use axum::http::StatusCode;
use carport_store::StoreError;

use super::password::{Crowded, PasswordError};

/// Something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No address.
    #[error("This is not an e-mail address. It looks like name@example.com.")]
    Email,
    /// No name.
    #[error("A name has 1 to 60 characters.")]
    Name,
    /// The password is refused.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The address is a member's.
    #[error("Somebody with this e-mail address is a member already.")]
    Taken,
    /// Nobody has this id or address.
    #[error("There is no such member. `carport user list` shows who is there.")]
    Unknown,
    /// Nobody could manage the team any more.
    #[error("At least one owner must remain. Make somebody else an owner first.")]
    LastOwner,
    /// The first member is there.
    #[error("There is an owner already. Sign in, or ask for an invitation.")]
    NotFirst,
    /// An admin reaches for owners.
    #[error("Only an owner can make, change or remove owners.")]
    OwnersOnly,
    /// The role does not manage members.
    #[error("Your role does not allow to change members.")]
    NotAllowed,
    /// A link does not work.
    #[error("This link was used, was replaced by a newer one, or has expired.")]
    Link,
    /// The provider knows somebody who is no member.
    #[error(
        "You are not a member of this team, or are kept out. An owner can invite you by your e-mail address."
    )]
    Stranger,
    /// The provider tells no address, or not that it is theirs.
    #[error(
        "Your provider does not say that your e-mail address is yours, so that nobody here can know who you are."
    )]
    Unvouched,
    /// The member is bound to another person at the provider.
    #[error(
        "The member with your e-mail address is somebody else at your provider. If that one has left, they must be removed first."
    )]
    OtherIdentity,
    /// Address or password is wrong; which, nobody is told.
    #[error("We do not know this e-mail and password together. Check both and try again.")]
    Refused,
    /// A password is not the member's.
    #[error("This is not your password.")]
    WrongPassword,
    /// A code is not the one.
    #[error("This code is not the one. Codes change every 30 seconds, and each works once.")]
    Code,
    /// There is a second factor already, or none.
    #[error("Somebody changed your second factor meanwhile. Load the page again.")]
    Factor,
    /// Too many mistakes.
    #[error("There were too many mistakes. You can try again in {0} seconds.")]
    Wait(u64),
    /// Too many hashes wait.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// A sealed secret cannot be opened.
    #[error(
        "The second factor cannot be checked: this server's key is not the one it was kept with."
    )]
    Sealed,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AccountError {
    /// The status that tells it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Email | Self::Name | Self::Password(_) | Self::WrongPassword | Self::Code => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Taken | Self::LastOwner | Self::NotFirst | Self::Factor => StatusCode::CONFLICT,
            Self::Refused => StatusCode::UNAUTHORIZED,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::OwnersOnly
            | Self::NotAllowed
            | Self::Stranger
            | Self::Unvouched
            | Self::OtherIdentity => StatusCode::FORBIDDEN,
            Self::Link => StatusCode::GONE,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Crowded(_) | Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Sealed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

//! What of an account could not be done.

use axum::http::StatusCode;
use carport_store::StoreError;
use carport_web::words::t;

use super::password::{Crowded, PasswordError};

/// Something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No address.
    #[error(
        "{}",
        t("This is not an e-mail address. It looks like name@example.com.")
    )]
    Email,
    /// No name.
    #[error("{}", t("A name has 1 to 60 characters."))]
    Name,
    /// The password is refused.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The address is a member's.
    #[error("{}", t("Somebody with this e-mail address is a member already."))]
    Taken,
    /// Nobody has this id or address.
    #[error(
        "{}",
        t("There is no such member. `carport user list` shows who is there.")
    )]
    Unknown,
    /// Nobody could manage the team any more.
    #[error(
        "{}",
        t("At least one owner must remain. Make somebody else an owner first.")
    )]
    LastOwner,
    /// The first member is there.
    #[error(
        "{}",
        t("There is an owner already. Sign in, or ask for an invitation.")
    )]
    NotFirst,
    /// An admin reaches for owners.
    #[error("{}", t("Only an owner can make, change or remove owners."))]
    OwnersOnly,
    /// The role does not manage members.
    #[error("{}", t("Your role does not allow to change members."))]
    NotAllowed,
    /// A link does not work.
    #[error(
        "{}",
        t("This link was used, was replaced by a newer one, or has expired.")
    )]
    Link,
    /// The provider knows somebody who is no member.
    #[error(
        "{}",
        t(
            "You are not a member of this team, or are kept out. An owner can invite you by your e-mail address."
        )
    )]
    Stranger,
    /// The provider tells no address, or not that it is theirs.
    #[error(
        "{}",
        t(
            "Your provider does not say that your e-mail address is yours, so that nobody here can know who you are."
        )
    )]
    Unvouched,
    /// The member is bound to another person at the provider.
    #[error(
        "{}",
        t(
            "The member with your e-mail address is somebody else at your provider. If that one has left, they must be removed first."
        )
    )]
    OtherIdentity,
    /// Address or password is wrong; which, nobody is told.
    #[error(
        "{}",
        t("We do not know this e-mail and password together. Check both and try again.")
    )]
    Refused,
    /// A password is not the member's.
    #[error("{}", t("This is not your password."))]
    WrongPassword,
    /// A code is not the one.
    #[error(
        "{}",
        t("This code is not the one. Codes change every 30 seconds, and each works once.")
    )]
    Code,
    /// There is a second factor already, or none.
    #[error(
        "{}",
        t("Somebody changed your second factor meanwhile. Load the page again.")
    )]
    Factor,
    /// Too many mistakes.
    #[error("{}", t("There were too many mistakes. You can try again in {n} seconds.").with("n", .0))]
    Wait(u64),
    /// Too many hashes wait.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// A sealed secret cannot be opened.
    #[error(
        "{}",
        t(
            "The second factor cannot be checked: this server's key is not the one it was kept with."
        )
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

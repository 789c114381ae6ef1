//! Applications: registering and changing them, their credentials and addresses.
//!
//! The rules are methods of [`Applications`], one file each. Every change writes who made it to the
//! audit log in the same unit of work.

mod addresses;
mod browser_origins;
mod connect_side;
mod life;
mod machine;
mod registering;
mod secrets;
mod texts;
mod token;

use std::sync::Arc;

use carport_model::{ApplicationId, Clock, Rng, Timestamp};
use carport_store::{Store, StoreError, Tx, applications, audit_log};
use carport_web::words::t;

use crate::redirect_uri::{self, RedirectUriError};
use crate::sealing::{Sealer, UnsealError};

pub use browser_origins::browser_origins;
pub use connect_side::{ConnectChange, SettingError};
pub use life::Effect;
pub use machine::{MachineCredential, MachineSecret, NewMachineSecret};
pub use registering::{NewApplication, Registered};
pub use secrets::{Rotated, SecretRow};
pub use texts::{MAX_DESCRIPTION, MAX_NAME, TextChange};

/// Who acts where nobody else is named: whoever sits at the machine.
const OPERATOR: &str = "operator";
/// Most client secrets of an application that work at once. Each token request compares them all.
pub const MAX_SECRETS: usize = 10;
/// Most secrets of a machine credential. Source: contract connect-oauth, B.4.
pub const MAX_MACHINE_SECRETS: usize = 3;

/// An application could not be registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// The name is empty or longer than 60 characters.
    #[error("{}", t("An application needs a name of 1 to {most} characters.").with("most", MAX_NAME))]
    Name,
    /// A text holds characters that nobody sees.
    #[error(
        "{}",
        t("Leave out line breaks, control characters and marks that turn the direction of text.")
    )]
    Unseen {
        /// The text: `name`, `description`.
        field: &'static str,
    },
    /// The description is longer than 300 characters.
    #[error("{}", t("A description has at most {most} characters.").with("most", MAX_DESCRIPTION))]
    Description,
    /// The link to the privacy policy is none.
    #[error(
        "{}",
        t(
            "Write the address of the privacy policy in full, with https://. Plain http is allowed for \
         localhost only."
        )
    )]
    PrivacyUrl,
    /// A redirect URI is refused.
    #[error("{uri}: {reason}")]
    RedirectUri {
        /// The refused URI.
        uri: String,
        /// What to change.
        reason: RedirectUriError,
    },
    /// More than fifty redirect URIs.
    #[error("{}", t("An application has at most {most} redirect URIs. Remove one first.").with("most", redirect_uri::MAX_COUNT))]
    TooManyRedirectUris,
    /// The URI is not registered.
    #[error(
        "{}",
        t("This address is not registered. `carport app show` lists the addresses.")
    )]
    UnknownRedirectUri,
    /// A native or single-page application has no secret.
    #[error(
        "{}",
        t(
            "This application runs on phones or in browsers, where no secret stays secret: it has none."
        )
    )]
    Public,
    /// More than ten secrets that work.
    #[error("{}", t("{count} secrets of this application work already. Revoke one first.").with("count", MAX_SECRETS))]
    TooManySecrets,
    /// More than three secrets of a machine credential.
    #[error("{}", t("A machine credential has at most {most} secrets. Remove one first.").with("most", MAX_MACHINE_SECRETS))]
    TooManyMachineSecrets,
    /// No secret has this id.
    #[error(
        "{}",
        t("There is no secret with this id; it may have been revoked already.")
    )]
    UnknownSecret,
    /// No application has this id.
    #[error(
        "{}",
        t("There is no application with this id. `carport app list` shows them.")
    )]
    Unknown,
    /// The management token was sealed under another key.
    #[error(transparent)]
    Sealed(#[from] UnsealError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The registry of applications, over storage, clock, randomness and the installation's key.
#[derive(Clone)]
pub struct Applications {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    sealer: Sealer,
    /// Who the audit log says it was.
    actor: Arc<str>,
}

impl Applications {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, sealer: Sealer) -> Self {
        Self {
            store,
            clock,
            rng,
            sealer,
            actor: OPERATOR.into(),
        }
    }

    /// The same in the name of somebody else than the operator: no e-mail, no name.
    #[must_use]
    pub fn acting_as(&self, actor: &str) -> Self {
        Self {
            actor: actor.into(),
            ..self.clone()
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the audit log is to say of a change.
    fn entry(&self, application: ApplicationId, action: &str) -> audit_log::Entry {
        audit_log::Entry {
            at: self.now(),
            application,
            actor: self.actor.to_string(),
            action: action.to_owned(),
            detail: String::new(),
        }
    }
}

/// Notes a change of what `detail` names.
async fn note(tx: &mut Tx<'_>, entry: &audit_log::Entry, detail: &str) -> Result<(), StoreError> {
    let entry = audit_log::Entry {
        detail: detail.to_owned(),
        ..entry.clone()
    };
    audit_log::append(tx, &entry).await
}

/// Keeps others from changing what belongs to the application until the unit of work ends.
async fn hold(tx: &mut Tx<'_>, id: ApplicationId) -> Result<(), ApplicationError> {
    let is_there = applications::hold(tx, id).await?;
    is_there.then_some(()).ok_or(ApplicationError::Unknown)
}

fn checked(uri: &str, id: ApplicationId) -> Result<(), ApplicationError> {
    redirect_uri::check(uri, id).map_err(|reason| ApplicationError::RedirectUri {
        uri: uri.to_owned(),
        reason,
    })
}

#[cfg(test)]
mod tests;

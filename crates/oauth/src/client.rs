//! Who is asking: client authentication. Source: contract connect-oauth, B.1.

use std::time::Duration;

use carport_model::{Application, ApplicationId, Digest, Secret, Timestamp};
use carport_store::{Client, StoreError, Tx, redirect_uris};
use carport_web::credentials::Basic;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::OAuth;

/// Credentials as a client sent them.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`; none from a public client.
    pub client_secret: Option<Secret<String>>,
}

impl Credentials {
    /// Credentials out of an `Authorization` header. Strict clients percent-encode the two halves
    /// (RFC 6749, 2.3.1), SDKs do not (contract, B.1): ids and secrets hold no `%`, so both are
    /// read. `None` when the escapes are not UTF-8.
    #[must_use]
    pub fn of(basic: &Basic) -> Option<Self> {
        Some(Self {
            client_id: decoded(&basic.name)?,
            client_secret: match basic.secret.expose().as_str() {
                "" => None,
                secret => Some(Secret::new(decoded(secret)?)),
            },
        })
    }
}

/// A half of the credentials; `None` when its escapes are not UTF-8.
fn decoded(half: &str) -> Option<String> {
    let text = percent_decode_str(half).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// The client is not who it says. Which part was wrong is not told.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Unknown or disabled application, or a secret that does not work.
    #[error("client id or secret is wrong")]
    Unknown,
    /// The secret was wrong too often lately; a right one works all the time.
    #[error("too many wrong secrets; wait {wait:?}")]
    TooManyTries {
        /// When wrong ones are answered as such again.
        wait: Duration,
    },
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OAuth {
    /// The application behind `credentials`.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] when it is none, is disabled, or the secret does not work;
    /// [`ClientError::TooManyTries`] when that happened too often.
    pub async fn authenticate(
        &self,
        credentials: &Credentials,
    ) -> Result<Application, ClientError> {
        let id: ApplicationId = credentials
            .client_id
            .parse()
            .map_err(|_| ClientError::Unknown)?;
        let now = self.now();
        let known = self
            .store
            .client(id)
            .await?
            .filter(|client| client.application.enabled)
            .filter(|client| match &credentials.client_secret {
                Some(secret) => {
                    let sent = Digest::of(secret.expose());
                    knows(client, &sent, now) || self.lent.knows(id, &sent, now)
                }
                None => client.application.public,
            });
        match known {
            Some(client) => Ok(client.application.clone()),
            None => Err(match self.attempts.wrong(id, now) {
                Some(wait) => ClientError::TooManyTries { wait },
                None => ClientError::Unknown,
            }),
        }
    }

    /// Whether `origin` is where a page of a public client lives: the origin of one of its redirect
    /// URIs. Confidential clients have no pages that ask for tokens.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn is_page_of(&self, client: &Application, origin: &str) -> Result<bool, StoreError> {
        if !client.public {
            return Ok(false);
        }
        let id = client.id;
        let uris = self
            .store
            .read(async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await)
            .await?;
        Ok(uris
            .iter()
            .filter_map(|uri| Url::parse(uri).ok())
            .filter(|uri| matches!(uri.scheme(), "http" | "https"))
            .any(|uri| uri.origin().ascii_serialization() == origin))
    }

    /// The application whose management token this is.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] when it is no one's.
    pub async fn authenticate_management(&self, token: &str) -> Result<ApplicationId, ClientError> {
        let known = self.store.managed_application(token).await?;
        known.ok_or(ClientError::Unknown)
    }
}

/// Whether `sent` is a secret of `client` that works at `now`.
fn knows(client: &Client, sent: &Digest, now: Timestamp) -> bool {
    client
        .secrets
        .iter()
        .filter(|secret| secret.works_at(now))
        .any(|secret| secret.digest.matches(sent))
}

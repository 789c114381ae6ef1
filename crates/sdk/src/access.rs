//! What a token exchange gives.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Secret;

/// How long a refresh token lives; the answer does not say (contract connect-oauth, B.2 and B.3).
const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(60 * 24);

/// A pair of tokens and when each stops working.
///
/// Serialisable, so that an application can keep it; the tokens are written in the clear.
///
/// ```
/// let stored = r#"{"access_token":"a","token_type":"Bearer","expires_in":7200,
///     "refresh_token":"r","expiration":"2026-01-01T02:00:00Z",
///     "refresh_expiration":"2026-03-02T00:00:00Z"}"#;
/// let access: carport_sdk::Access = serde_json::from_str(stored)?;
/// assert!(access.is_expired());
/// assert!(!format!("{access:?}").contains("\"a\""));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Opens the vehicles the owner shared; sent as a bearer token.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: String,
    /// Life of the access token in seconds from the answer on: 7200.
    pub expires_in: u32,
    /// Buys the next pair, see
    /// [`exchange_refresh_token`](crate::AuthClient::exchange_refresh_token).
    pub refresh_token: Secret,
    /// When the access token stops working, by this machine's clock.
    pub expiration: Timestamp,
    /// When the refresh token stops working: 60 days after the answer.
    pub refresh_expiration: Timestamp,
}

/// The answer of the token endpoint; members beyond these are ignored.
#[derive(Deserialize)]
pub(crate) struct TokenBody {
    access_token: Secret,
    token_type: String,
    expires_in: u32,
    refresh_token: Secret,
}

impl Access {
    /// Whether the access token has run out: time to refresh.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let client = carport.client()?;
    /// # let mut access = carport.access("read_odometer").await?;
    /// if access.is_expired() {
    ///     access = client.exchange_refresh_token(&access.refresh_token).await?;
    /// }
    /// assert!(!access.is_expired());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.expiration <= now()
    }

    /// Whether even the refresh token has run out: the owner has to go through Connect again.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let access = carport.access("read_odometer").await?;
    /// assert!(!access.is_refresh_expired());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_refresh_expired(&self) -> bool {
        self.refresh_expiration <= now()
    }

    /// Whether the access token will have run out after this time.
    pub(crate) fn expires_within(&self, margin: SignedDuration) -> bool {
        let then = now().saturating_add(margin).unwrap_or(Timestamp::MAX);
        self.expiration <= then
    }

    pub(crate) fn from_body(body: TokenBody) -> Self {
        Self::received(body, now())
    }

    fn received(body: TokenBody, at: Timestamp) -> Self {
        let after = |life| at.saturating_add(life).unwrap_or(Timestamp::MAX);
        Self {
            expiration: after(SignedDuration::from_secs(body.expires_in.into())),
            refresh_expiration: after(REFRESH_LIFE),
            access_token: body.access_token,
            token_type: body.token_type,
            expires_in: body.expires_in,
            refresh_token: body.refresh_token,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client's tokens expire by its own wall clock"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(at: &str) -> Access {
        let body = r#"{"access_token":"aa","token_type":"Bearer","expires_in":7200,
            "refresh_token":"rr","scope":"read_vin"}"#;
        Access::received(serde_json::from_str(body).unwrap(), at.parse().unwrap())
    }

    #[test]
    fn two_hours_and_sixty_days_from_the_answer_on() {
        let access = received("2026-01-01T00:00:00Z");
        assert_eq!(access.expiration.to_string(), "2026-01-01T02:00:00Z");
        assert_eq!(
            access.refresh_expiration.to_string(),
            "2026-03-02T00:00:00Z"
        );
        assert!(access.is_expired() && access.is_refresh_expired());
        assert!(!received("2999-01-01T00:00:00Z").is_expired());
    }

    #[test]
    fn stored_and_read_back_it_is_the_same_and_debug_hides_it() {
        let access = received("2026-01-01T00:00:00Z");
        let text = serde_json::to_string(&access).unwrap();
        assert_eq!(serde_json::from_str::<Access>(&text).unwrap(), access);
        let debug = format!("{access:?}");
        assert!(!debug.contains("aa") && !debug.contains("rr"), "{debug}");
    }
}

//! Drawing token pairs.

use std::time::Duration;

use carport_model::{FamilyId, Secret, Timestamp};
use carport_store::token_pairs::NewPair;

use crate::OAuth;

/// A pair as the client receives it. Only digests of it reach the disk.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// 36 characters.
    pub access_token: Secret<String>,
    /// 36 characters.
    pub refresh_token: Secret<String>,
    /// Life of the access token.
    pub expires_in: Duration,
}

impl OAuth {
    /// Draws a pair for `family` and what the store keeps of it.
    pub(crate) fn draw_pair(&self, family: FamilyId, now: Timestamp) -> (TokenSet, NewPair) {
        let (access, refresh) = (self.mint.draw(&*self.rng), self.mint.draw(&*self.rng));
        let pair = NewPair {
            access: self.mint.digest(access.expose()),
            refresh: self.mint.digest(refresh.expose()),
            family,
            issued_at: now,
            access_expires_at: now.plus(self.settings.access_lifetime),
            refresh_expires_at: now.plus(self.settings.refresh_lifetime),
        };
        let tokens = TokenSet {
            access_token: access,
            refresh_token: refresh,
            expires_in: self.settings.access_lifetime,
        };
        (tokens, pair)
    }
}

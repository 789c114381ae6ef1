//! OAuth: how a client turns a code into tokens, and tokens into newer ones.
//!
//! The rules are methods of [`OAuth`], one file each; [`http`] puts them on the wire. It must not
//! know pages, cars or SQL. Start reading in [`exchange`].

pub mod applications;
mod attempts;
pub mod client;
pub mod exchange;
pub mod http;
pub mod introspect;
mod lending;
pub mod redirect_uri;
pub mod refresh;
pub mod revoke;
pub mod sealing;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use carport_model::{Clock, Faults, Rng, Timestamp, TokenMint};
use carport_store::{Store, StoreError};

use attempts::Attempts;
pub use lending::LENT_FOR;
use lending::Lent;
pub use tokens::TokenSet;

/// Lifetimes and names. Defaults: contract connect-oauth, B.2 and B.3.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Public address of the server without a trailing slash; `iss` and metadata.
    pub issuer: String,
    /// Life of an access token.
    pub access_lifetime: Duration,
    /// Life of a refresh token.
    pub refresh_lifetime: Duration,
    /// How long a used refresh token still gives a fresh pair; zero means strict single use.
    pub refresh_grace: Duration,
}

impl Settings {
    /// The documented lifetimes for a server at `issuer`.
    #[must_use]
    pub fn for_issuer(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            access_lifetime: Duration::from_hours(2),
            refresh_lifetime: Duration::from_hours(60 * 24),
            refresh_grace: Duration::from_mins(10),
        }
    }
}

/// How long an authorization code works. Source: contract connect-oauth, B.2.
pub const CODE_LIFETIME: Duration = Duration::from_mins(10);

/// The authorization server's rules, over its storage, clock and randomness.
#[derive(Clone)]
pub struct OAuth {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    mint: Arc<TokenMint>,
    settings: Arc<Settings>,
    attempts: Arc<Attempts>,
    lent: Arc<Lent>,
    faults: Arc<Faults>,
}

impl OAuth {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        mint: Arc<TokenMint>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            clock,
            rng,
            mint,
            settings: Arc::new(settings),
            attempts: Arc::default(),
            lent: Arc::default(),
            faults: Arc::default(),
        }
    }

    /// The same with these faults on demand.
    #[must_use]
    pub fn with_faults(self, faults: Arc<Faults>) -> Self {
        Self { faults, ..self }
    }

    /// Lifetimes and names.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// A token was not given. Each variant becomes one row of contract connect-oauth, B.6.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Unknown, expired, used or foreign code.
    #[error("the code is unknown, expired, used or belongs to another client")]
    Code,
    /// Unknown, expired, revoked or foreign refresh token.
    #[error("the refresh token is unknown, expired, revoked or belongs to another client")]
    RefreshToken,
    /// `redirect_uri` is not that of the authorization request.
    #[error("redirect_uri must be the one of the authorization request")]
    RedirectUri,
    /// The PKCE verifier is missing, wrong, or was sent without a challenge.
    #[error("code_verifier does not answer the code_challenge of the authorization request")]
    Verifier,
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

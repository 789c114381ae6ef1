//! The vehicle API over HTTP.
//!
//! A v2.0 endpoint is a view over the signal list of `carport-model`: a table row
//! ([`v2::endpoint::Endpoint`]) and a pure function. It must not know SQL, makers or other doors.
//! Start reading in [`mod@routes`].

pub mod access;
mod error_docs;
pub mod limits;
pub mod links;
pub mod openapi;
pub mod routes;
pub mod v2;
pub mod version;

use std::sync::Arc;

use carport_connector::{Reader, Registry, Sender};
use carport_model::{Clock, LinkKey, TokenMint};
use carport_store::{Store, StoreError};

use limits::{Limits, Usage};
use links::Links;
pub use routes::routes;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct VehicleApi {
    pub(crate) store: Store,
    pub(crate) reader: Reader,
    pub(crate) sender: Sender,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mint: Arc<TokenMint>,
    pub(crate) links: Links,
    /// Public address without a trailing slash, for `docURL`.
    pub(crate) public_url: Arc<str>,
    /// What has been used of the limits; `None` when nothing is limited.
    pub(crate) usage: Option<Arc<Usage>>,
}

/// What tokens and links are made with.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Access tokens.
    pub mint: Arc<TokenMint>,
    /// Links to Connect.
    pub links: LinkKey,
}

impl VehicleApi {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        connectors: Registry,
        clock: Arc<dyn Clock>,
        keys: Keys,
        public_url: &str,
    ) -> Self {
        Self {
            reader: Reader::new(connectors.clone()),
            sender: Sender::new(connectors, store.clone(), Arc::clone(&clock)),
            store,
            clock,
            mint: keys.mint,
            links: Links::new(public_url, keys.links),
            public_url: public_url.into(),
            usage: None,
        }
    }

    /// The same, within limits, of which nothing is used yet.
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Self {
        self.usage = Usage::of(limits, &self.store);
        self
    }

    /// Whether there is something for [`VehicleApi::save_usage`] to save.
    #[must_use]
    pub fn counts_calls(&self) -> bool {
        self.usage.as_ref().is_some_and(|usage| usage.is_saved())
    }

    /// Saves the calls that plans count, which is to be done every few seconds and at the end: what
    /// was not saved is forgotten with the process. What fails is kept for the next time.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn save_usage(&self) -> Result<(), StoreError> {
        match &self.usage {
            Some(usage) => usage.save().await,
            None => Ok(()),
        }
    }
}

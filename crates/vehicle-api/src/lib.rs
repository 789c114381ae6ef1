//! The vehicle API over HTTP.
//!
//! A v2.0 endpoint is a view over the signal list of `carport-model`: a table row
//! ([`v2::endpoint::Endpoint`]) and a pure function. It must not know SQL, makers or other doors.
//! Start reading in [`mod@routes`].

pub mod access;
mod brand_routes;
mod error_docs;
pub mod links;
pub mod openapi;
pub mod routes;
pub mod v2;
pub mod version;

use std::sync::Arc;

use carport_connector::{Reader, Registry, Sender};
use carport_model::{Clock, LinkKey, TokenMint};
use carport_store::Store;

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
        }
    }
}

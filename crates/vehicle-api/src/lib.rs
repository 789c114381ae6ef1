//! The vehicle API over HTTP.
//!
//! A v2.0 endpoint is a view over the signal list of `carport-model`: a table row
//! ([`v2::endpoint::Endpoint`]) and a pure function. It must not know SQL, makers or other doors.
//! Start reading in [`mod@routes`].

pub mod access;
mod error_docs;
pub mod management;
pub mod openapi;
pub mod path;
pub mod routes;
pub mod v2;
pub mod version;

use std::sync::Arc;

use carport_connector::Reader;
use carport_model::{Clock, TokenMint};
use carport_store::Store;

pub use routes::routes;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct VehicleApi {
    pub(crate) store: Store,
    pub(crate) reader: Reader,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mint: Arc<TokenMint>,
    /// Public address without a trailing slash, for `docURL` and re-authentication links.
    pub(crate) public_url: Arc<str>,
}

impl VehicleApi {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        reader: Reader,
        clock: Arc<dyn Clock>,
        mint: Arc<TokenMint>,
        public_url: &str,
    ) -> Self {
        Self {
            store,
            reader,
            clock,
            mint,
            public_url: public_url.into(),
        }
    }
}

//! `/v3/applications`: an application tells and changes itself, with its management token as the
//! bearer.
//!
//! Reading it is version 3 of the management API; what changes something is Carport's own. Bodies and
//! errors are those of contract rest-v3, 3.4 and 5.1. What may be done is
//! `carport_oauth::applications`.

pub mod bodies;
pub mod connect;
pub mod error;
pub mod gate;
pub mod openapi;
pub mod routes;
pub mod secrets;
pub mod show;
pub mod uris;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use carport_model::Brands;
use carport_oauth::applications::Applications;
use carport_store::Store;

pub use routes::routes;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct ApplicationsApi {
    pub(crate) store: Store,
    /// Acts in the name of the application itself.
    pub(crate) applications: Applications,
    /// Brands that can be listed.
    pub(crate) brands: Arc<Brands>,
    /// Public address without a trailing slash, for links.
    pub(crate) public_url: Arc<str>,
}

impl ApplicationsApi {
    /// Puts the parts together. `public_url` has no trailing slash.
    #[must_use]
    pub fn new(
        store: Store,
        applications: &Applications,
        brands: Arc<Brands>,
        public_url: &str,
    ) -> Self {
        Self {
            store,
            applications: applications.acting_as("client"),
            brands,
            public_url: public_url.into(),
        }
    }
}

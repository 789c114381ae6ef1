//! The management API over HTTP: connections, listed and ended by the application they belong to;
//! in [`applications`] what an application tells and changes of itself;
//! and in [`simulator`] the control API of simulated cars and `dev` servers.
//!
//! It must not know SQL, how cars are reached, or other doors. Start reading in [`mod@routes`].

pub mod access;
pub mod applications;
pub mod connections;
mod cursor;
pub mod error;
pub mod openapi;
pub mod query;
pub mod routes;
pub mod simulator;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use carport_model::{Clock, Faults};
use carport_store::Store;

pub use routes::routes;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct ManagementApi {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    /// Public address without a trailing slash, for `docURL`.
    pub(crate) public_url: Arc<str>,
    /// What goes wrong on demand.
    pub(crate) faults: Arc<Faults>,
}

impl ManagementApi {
    /// Puts the parts together. `public_url` has no trailing slash.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, public_url: &str) -> Self {
        Self {
            store,
            clock,
            public_url: public_url.into(),
            faults: Arc::default(),
        }
    }

    /// The same with these faults on demand.
    #[must_use]
    pub fn with_faults(self, faults: Arc<Faults>) -> Self {
        Self { faults, ..self }
    }
}

//! The control API of the simulator, below `/simulator/v1`: what a developer steers simulated cars
//! and a `dev` server with.
//!
//! Who may come in is [`controller`]'s business, what there is stands in [`mod@routes`].

pub mod body;
pub mod cars;
pub mod catalogue;
pub mod clock;
pub mod consent;
pub mod controller;
pub mod driving;
pub mod faults;
pub mod journal;
pub mod openapi;
pub mod paging;
pub mod requests;
pub mod routes;
pub mod scenarios;
pub mod signals;
pub mod view;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use carport_model::{ApplicationId, Clock};
use carport_simulator::Simulations;
use carport_simulator::time::Time;
use carport_store::Store;

pub use body::Sent;
pub use consent::Consents;
pub use controller::Controller;
pub use faults::Switch;
pub use journal::Journal;
pub use routes::routes;

use crate::error::ManagementError;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct SimulatorApi {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    /// Public address without a trailing slash.
    pub(crate) public_url: Arc<str>,
    /// Rules of faults, where there may be some.
    pub(crate) switch: Option<Switch>,
    /// The journal of requests, where one is kept.
    pub(crate) journal: Option<Arc<Journal>>,
    /// On a `dev` server, which lets callers in without credentials.
    pub(crate) open: Option<Open>,
    pub(crate) cars: Cars,
}

/// Simulated cars, and what consents for their owners.
#[derive(Clone)]
pub struct Cars {
    /// The cars.
    pub simulations: Simulations,
    /// Connect, without its pages.
    pub consents: Arc<dyn Consents>,
}

/// A door without a lock: a `dev` server's.
#[derive(Clone)]
pub struct Open {
    /// Whose things a caller means who names no application.
    application: Arc<OnceLock<ApplicationId>>,
    time: Arc<Time>,
}

impl Open {
    /// That of a server with this time, which whoever comes in may change.
    #[must_use]
    pub fn with(time: Arc<Time>) -> Self {
        Self {
            application: Arc::default(),
            time,
        }
    }

    /// From now on callers who name no application mean this one. The first call counts.
    pub fn stand_for(&self, application: ApplicationId) {
        let _ = self.application.set(application);
    }
}

impl SimulatorApi {
    /// Puts the parts together. `public_url` has no trailing slash; `open` on a `dev` server only.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        public_url: &str,
        open: Option<Open>,
        cars: Cars,
    ) -> Self {
        Self {
            store,
            clock,
            public_url: public_url.into(),
            switch: None,
            journal: None,
            open,
            cars,
        }
    }

    /// The same with a switch for faults on demand.
    #[must_use]
    pub fn with_faults(self, switch: Option<Switch>) -> Self {
        Self { switch, ..self }
    }

    /// The same with a journal of requests.
    #[must_use]
    pub fn with_journal(self, journal: Option<Arc<Journal>>) -> Self {
        Self { journal, ..self }
    }

    /// The switch for faults on demand, where there is one.
    #[must_use]
    pub fn faults(&self) -> Option<&Switch> {
        self.switch.as_ref()
    }

    /// The time, where it can be changed.
    ///
    /// # Errors
    /// 403 on a server that is no `dev` server.
    pub(crate) fn time(&self) -> Result<&Arc<Time>, ManagementError> {
        let advice = "Only the clock of a dev server can be moved. Start one with carport dev.";
        let open = self.open.as_ref();
        open.map(|open| &open.time)
            .ok_or_else(|| ManagementError::forbidden("clock", advice))
    }

    /// The open door, on a `dev` server.
    #[must_use]
    pub fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }
}

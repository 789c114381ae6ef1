//! Which connector serves which mode.

use std::fmt;
use std::sync::Arc;

use carport_model::{Mode, error};
use carport_store::Connected;

use crate::{Connector, Fault};

/// The connectors of a server, by mode. Live ones come with their own issue; until then a server
/// has none.
#[derive(Clone, Default)]
pub struct Registry {
    test: Option<Arc<dyn Connector>>,
    simulated: Option<Arc<dyn Connector>>,
}

impl Registry {
    /// A registry whose test and simulated cars come from `generated`.
    #[must_use]
    pub fn with_generated(generated: Arc<dyn Connector>) -> Self {
        Self::new(Arc::clone(&generated), generated)
    }

    /// A registry with a connector for each mode whose cars do not exist.
    #[must_use]
    pub fn new(test: Arc<dyn Connector>, simulated: Arc<dyn Connector>) -> Self {
        Self {
            test: Some(test),
            simulated: Some(simulated),
        }
    }

    /// The connector of a mode; `None` when none is configured.
    #[must_use]
    pub fn of(&self, mode: Mode) -> Option<&Arc<dyn Connector>> {
        match mode {
            Mode::Test => self.test.as_ref(),
            Mode::Simulated => self.simulated.as_ref(),
            Mode::Live => None,
        }
    }

    /// The connector that reaches a car.
    pub(crate) fn reaching(&self, car: &Connected) -> Result<&Arc<dyn Connector>, Fault> {
        let connector = self.of(car.vehicle.mode);
        connector.ok_or_else(|| (&error::SMARTCAR_NOT_CAPABLE).into())
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

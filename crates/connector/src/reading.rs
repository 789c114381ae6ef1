//! What the doors ask for values.

use carport_model::Signal;
use carport_model::reading::Readings;
use carport_store::Connected;

use crate::{Fault, Reached, Registry};

/// Reads signals of connected vehicles. Values of test cars are drawn anew at each request and
/// never cached (data model, "Signals, readings, endpoints").
#[derive(Debug, Clone)]
pub struct Reader {
    registry: Registry,
}

impl Reader {
    /// A reader over the server's connectors.
    #[must_use]
    pub fn new(registry: Registry) -> Self {
        Self { registry }
    }

    /// Reads `want` from a vehicle; what the car does not have is absent.
    ///
    /// # Errors
    /// [`Fault`] of the connector; `SMARTCAR_NOT_CAPABLE` when the vehicle's mode has no connector
    /// any more.
    pub async fn read(&self, car: &Connected, want: &[Signal]) -> Result<Readings, Fault> {
        self.registry.reaching(car)?.read(reached(car), want).await
    }
}

/// What a connector is told of a car.
pub(crate) fn reached(car: &Connected) -> Reached<'_> {
    Reached {
        account: &car.account,
        vehicle: &car.vehicle,
        held: &car.held,
        simulation: &car.simulation,
    }
}

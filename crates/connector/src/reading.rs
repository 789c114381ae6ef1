//! What the doors ask for values.

use carport_model::reading::{Reading, Readings};
use carport_model::{Precision, Signal};
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

    /// Reads `want` from a vehicle; what the car does not have is absent. Where the owner lets the
    /// application know only about where the car is, positions are coarse from here on: every
    /// value that an application sees comes through this.
    ///
    /// # Errors
    /// [`Fault`] of the connector; `SMARTCAR_NOT_CAPABLE` when the vehicle's mode has no connector
    /// any more.
    pub async fn read(&self, car: &Connected, want: &[Signal]) -> Result<Readings, Fault> {
        let readings = self
            .registry
            .reaching(car)?
            .read(reached(car), want)
            .await?;
        Ok(as_told(car.precision, readings))
    }
}

/// The readings with positions as exact as an owner allows.
fn as_told(precision: Precision, readings: Readings) -> Readings {
    if precision.is_exact() {
        return readings;
    }
    let told = readings.into_iter().filter_map(|(signal, reading)| {
        let value = precision.told(signal, reading.value)?;
        Some((signal, Reading { value, ..reading }))
    });
    told.collect()
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

//! What the doors hand commands to.

use std::sync::Arc;

use carport_model::charging::ChargeScope;
use carport_model::signal::charge::{CHARGE_LIMIT, CHARGE_TIMERS};
use carport_model::{Clock, Command, SignalValue};
use carport_store::{Connected, Store, StoreError, Tx, held_values};

use crate::reading::reached;
use crate::{Fault, Registry};

/// Sends commands to connected vehicles, and keeps what they set.
#[derive(Clone)]
pub struct Sender {
    registry: Registry,
    store: Store,
    clock: Arc<dyn Clock>,
}

/// A command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The car, its maker or the connector refused.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It was carried out, but could not be kept, so nobody may be told that it was.
    #[error("what the command set could not be kept")]
    Store(#[from] StoreError),
}

impl Sender {
    /// A sender over the server's connectors.
    #[must_use]
    pub fn new(registry: Registry, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            registry,
            store,
            clock,
        }
    }

    /// Sends a command. When this returns, what it set is on the disk and is what the next read
    /// shows.
    ///
    /// # Errors
    /// [`SendError::Fault`] of the connector, `SMARTCAR_NOT_CAPABLE` when the vehicle's mode has no
    /// connector any more; [`SendError::Store`].
    pub async fn send(&self, car: &Connected, command: &Command) -> Result<(), SendError> {
        let connector = self.registry.reaching(car)?;
        let exact = self.exact(car, command).await?;
        let command = exact.as_ref().unwrap_or(command);
        let set = connector.send(reached(car), command).await?;
        if set.is_empty() {
            return Ok(());
        }
        let (vehicle, now) = (car.vehicle.id, self.clock.now());
        let unit = async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &set, now).await;
        Ok(self.store.write(unit).await?)
    }

    /// A command about a place as the car knows that place, where the application knows it only
    /// about. It must not learn more by trying: any position of the cell is the place, and nothing
    /// of another cell is.
    async fn exact(&self, car: &Connected, command: &Command) -> Result<Option<Command>, Fault> {
        let Command::SetChargePlace {
            latitude,
            longitude,
            ..
        } = command
        else {
            return Ok(None);
        };
        if car.precision.is_exact() {
            return Ok(None);
        }
        let sent = car.precision.coarsen((*latitude, *longitude));
        let connector = self.registry.reaching(car)?;
        let known = connector
            .read(reached(car), &[CHARGE_LIMIT, CHARGE_TIMERS])
            .await?;
        let mut positions = known.values().flat_map(|reading| places(&reading.value));
        let place = positions.find(|position| car.precision.coarsen(*position) == sent);
        let (north, east) = place.ok_or_else(no_such_place)?;
        let mut exact = command.clone();
        if let Command::SetChargePlace {
            latitude,
            longitude,
            ..
        } = &mut exact
        {
            (*latitude, *longitude) = (north, east);
        }
        Ok(Some(exact))
    }
}

/// Where the places of limits and timers are.
fn places(value: &SignalValue) -> Vec<(f64, f64)> {
    let scopes: Vec<&ChargeScope> = match value {
        SignalValue::ChargeLimits(limits) => limits.limits.iter().map(|it| &it.scope).collect(),
        SignalValue::ChargeTimers(timers) => timers.iter().map(|it| &it.scope).collect(),
        _ => Vec::new(),
    };
    let places = scopes.into_iter().filter_map(ChargeScope::place);
    places.filter_map(|place| place.position).collect()
}

/// As cars themselves refuse it.
fn no_such_place() -> Fault {
    Fault::refusing(
        "latitude",
        "The car does not charge there. Send latitude and longitude of a place that it lists.",
    )
}

//! What the doors hand commands to.

use std::sync::Arc;

use carport_model::{Clock, Command};
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
        let set = connector.send(reached(car), command).await?;
        if set.is_empty() {
            return Ok(());
        }
        let (vehicle, now) = (car.vehicle.id, self.clock.now());
        let unit = async move |tx: &mut Tx<'_>| held_values::put(tx, vehicle, &set, now).await;
        Ok(self.store.write(unit).await?)
    }
}

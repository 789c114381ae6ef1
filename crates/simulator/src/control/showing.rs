//! How a car is right now.

use carport_model::signal;
use carport_model::simulation::Motion;
use carport_model::{ApplicationId, Held, Signal, SignalValue, Simulation, SimulationId};
use carport_store::{StoreError, Tx, held_values, simulations};

use super::{ControlError, Simulations};
use crate::trips::{Scene, TripError};

/// A car, how it is, and what was set on it by hand.
pub struct Shown {
    /// The car.
    pub simulation: Simulation,
    /// How it is.
    pub scene: Scene,
    /// What was set.
    pub held: Held,
}

impl Shown {
    /// `created`, `running`, `paused` or `finished`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.simulation.course.timeline.motion {
            Motion::Running if self.scene.state.is_finished() => "finished",
            motion => motion.as_str(),
        }
    }

    /// What the car says of a signal: what was set, or what its state says.
    #[must_use]
    pub fn value(&self, signal: Signal) -> Option<SignalValue> {
        let car = &self.simulation.car;
        if !car.capabilities.contains(signal.spec().permission) {
            return None;
        }
        let held = self.held.get(signal).map(|held| held.value.clone());
        held.or_else(|| self.scene.state.value(signal, car))
    }

    /// Every signal the car has, with its value and whether it was set.
    pub fn values(&self) -> impl Iterator<Item = (Signal, SignalValue, bool)> {
        signal::all().filter_map(|signal| {
            let is_held = self.held.get(signal).is_some();
            Some((signal, self.value(signal)?, is_held))
        })
    }
}

impl Simulations {
    /// A car as it is now.
    ///
    /// # Errors
    /// [`ControlError::Unknown`]; [`ControlError::Conflict`] when its profile, city or scenario are
    /// gone; [`ControlError::Store`].
    pub async fn show(
        &self,
        application: ApplicationId,
        id: SimulationId,
    ) -> Result<Shown, ControlError> {
        let found = self
            .store
            .read(async move |tx: &mut Tx<'_>| {
                let Some(car) = simulations::find(tx, application, id).await? else {
                    return Ok(None);
                };
                let held = held_values::of(tx, car.vehicle).await?;
                Ok(Some((car, held)))
            })
            .await
            .map_err(|error: StoreError| ControlError::from(error))?;
        let (simulation, held) = found.ok_or_else(ControlError::unknown_car)?;
        self.shown(simulation, held).await
    }

    /// A car that was just read, as it is now.
    ///
    /// # Errors
    /// [`ControlError::Conflict`] when its profile, city or scenario are gone;
    /// [`ControlError::Store`].
    pub async fn shown(&self, simulation: Simulation, held: Held) -> Result<Shown, ControlError> {
        let now = self.clock.now();
        let scene = match self.trips.scene(&simulation.course, now).await {
            Ok(scene) => scene,
            Err(TripError::Store(error)) => return Err(error.into()),
            Err(TripError::NoJourney(problem)) => {
                return Err(ControlError::conflict("scenario", problem.to_string()));
            }
        };
        Ok(Shown {
            simulation,
            scene,
            held,
        })
    }
}

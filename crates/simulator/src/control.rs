//! Making, steering and looking at simulated cars. Everything belongs to an application, and no
//! application sees another's. Source: contract connect-oauth, E.

mod making;
mod scenarios;
mod showing;
mod steering;

use std::sync::Arc;

use carport_model::signal::vehicle_identification::NICKNAME;
use carport_model::{
    ApplicationId, Catalogue, Clock, Rng, Signal, SignalValue, Simulation, SimulationId,
};
use carport_store::simulations::{self, Outcome, Place};
use carport_store::{Store, StoreError, Tx, held_values};
use carport_web::words::{Sentence, t};
use serde_json::Value;

use crate::trips::Trips;
use crate::world::World;
use crate::{natural, values};

use making::Drawn;
pub use making::{CarWish, NewSimulation};
pub use scenarios::id_of;
pub use showing::Shown;
pub use steering::{StageName, Step};

/// Most cars of an application, unless the operator says otherwise. Source: contract connect-oauth,
/// E.2.
pub const USUAL_LIMIT: u64 = 1000;

/// The simulated cars of a server. Cheap to clone.
#[derive(Clone)]
pub struct Simulations {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    catalogue: Catalogue,
    trips: Trips,
    limit: u64,
}

/// What was asked for cannot be done. Texts say what to do instead; `field` names what they are
/// about.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// There is no such thing, or it is another application's.
    #[error("{advice}")]
    Unknown {
        /// What it was looked for by.
        field: &'static str,
        /// What to do.
        advice: Sentence,
    },
    /// Something sent is not as it must be.
    #[error("{advice}")]
    Refused {
        /// Which.
        field: &'static str,
        /// What to do.
        advice: Sentence,
    },
    /// It cannot be done as things are.
    #[error("{advice}")]
    Conflict {
        /// What stands in the way.
        field: &'static str,
        /// What to do.
        advice: Sentence,
    },
    /// Storage failed.
    #[error("the simulated cars could not be read or changed")]
    Store(#[from] StoreError),
}

impl ControlError {
    /// Something sent is not as it must be.
    #[must_use]
    pub fn refused(field: &'static str, advice: impl Into<Sentence>) -> Self {
        let advice = advice.into();
        Self::Refused { field, advice }
    }

    fn conflict(field: &'static str, advice: impl Into<Sentence>) -> Self {
        let advice = advice.into();
        Self::Conflict { field, advice }
    }

    fn unknown_car() -> Self {
        Self::Unknown {
            field: "id",
            advice: t(
                "There is no such simulated car. The list of simulations names those there are.",
            )
            .into(),
        }
    }
}

impl Simulations {
    /// Cars of the models of `catalogue`, in the world of `trips`, at most `limit` an application.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        catalogue: Catalogue,
        trips: Trips,
        limit: u64,
    ) -> Self {
        Self {
            store,
            clock,
            rng,
            catalogue,
            trips,
            limit,
        }
    }

    /// The profiles, cities and scenarios there are.
    #[must_use]
    pub fn world(&self) -> &World {
        self.trips.world()
    }

    /// Makes a car.
    ///
    /// # Errors
    /// [`ControlError`] when something in the wish is not there, or the application has as many cars
    /// as it may have.
    pub async fn create(&self, new: NewSimulation) -> Result<Simulation, ControlError> {
        self.create_drawn_from(new, &*self.rng).await
    }

    /// Makes a car whose ids and secrets are drawn from a stream of its own; one that was made from
    /// the same stream before is there already and stays as it is.
    ///
    /// # Errors
    /// As [`Simulations::create`].
    pub async fn create_drawn_from(
        &self,
        new: NewSimulation,
        rng: &dyn Rng,
    ) -> Result<Simulation, ControlError> {
        let drawn = Drawn::from(rng);
        let (application, id) = (new.application, drawn.id);
        match self.find(application, id).await {
            Err(ControlError::Unknown { .. }) => {}
            found => return found,
        }
        let nickname = new.name.is_some();
        let made = self.made(new, drawn).await?;
        let (kept, limit) = (made.clone(), self.limit);
        let outcome = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                scenarios::check(tx, &kept.course.scenario).await?;
                let outcome = simulations::insert(tx, &kept, Some(limit)).await?;
                if outcome == Outcome::Done && nickname {
                    christen(tx, &kept).await?;
                }
                Ok::<_, ControlError>(outcome)
            })
            .await?;
        match outcome {
            Outcome::Done => Ok(made),
            Outcome::Full => Err(ControlError::conflict(
                "application",
                t("The application has {limit} simulated cars, which is as many as it may have. Delete one first.")
                    .with("limit", limit),
            )),
            Outcome::Taken => Err(ControlError::conflict(
                "id",
                t("What was drawn for this car is another car's. Try again."),
            )),
        }
    }

    /// The cars of an application behind a place, newest first, at most `limit`; and how many there
    /// are altogether.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn list(
        &self,
        application: ApplicationId,
        after: Option<Place>,
        limit: usize,
    ) -> Result<(Vec<Simulation>, u64), StoreError> {
        self.store
            .scan(async move |tx: &mut Tx<'_>| {
                let page = simulations::page(tx, application, after, limit).await?;
                Ok((page, simulations::count(tx, application).await?))
            })
            .await
    }

    /// One car.
    ///
    /// # Errors
    /// [`ControlError::Unknown`]; [`ControlError::Store`].
    pub async fn find(
        &self,
        application: ApplicationId,
        id: SimulationId,
    ) -> Result<Simulation, ControlError> {
        self.store
            .read(async move |tx: &mut Tx<'_>| simulations::find(tx, application, id).await)
            .await
            .map_err(|error: StoreError| ControlError::from(error))?
            .ok_or_else(ControlError::unknown_car)
    }

    /// The application whose car this is.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn application_of(
        &self,
        id: SimulationId,
    ) -> Result<Option<ApplicationId>, StoreError> {
        self.store
            .read(async move |tx: &mut Tx<'_>| simulations::application_of(tx, id).await)
            .await
    }

    /// Deletes a car. Whoever is connected to it is told that the account has it no longer.
    ///
    /// # Errors
    /// [`ControlError::Unknown`]; [`ControlError::Store`].
    pub async fn delete(
        &self,
        application: ApplicationId,
        id: SimulationId,
    ) -> Result<(), ControlError> {
        let now = self.clock.now();
        let deleted = self
            .store
            .write(async move |tx: &mut Tx<'_>| simulations::delete(tx, application, id, now).await)
            .await
            .map_err(|error: StoreError| ControlError::from(error))?;
        deleted.then_some(()).ok_or_else(ControlError::unknown_car)
    }

    /// Sets a signal by hand, to a value as people [write](natural) it: the car says this until it is
    /// [taken back](Self::unset), or a command sets it.
    ///
    /// # Errors
    /// [`ControlError::Refused`] for a value that the signal cannot have, or a signal that the car
    /// has not; [`ControlError::Unknown`]; [`ControlError::Store`].
    pub async fn set(
        &self,
        application: ApplicationId,
        id: SimulationId,
        (signal, sent): (Signal, &Value),
    ) -> Result<(), ControlError> {
        let shown = self.show(application, id).await?;
        let car = &shown.simulation.car;
        let like = shown
            .value(signal)
            .or_else(|| values::sample(signal, car, self.clock.now()));
        let like = like.ok_or_else(|| {
            let advice = t("This car, a {powertrain}, has no {signal}.")
                .with("powertrain", car.powertrain)
                .with("signal", signal);
            ControlError::refused("code", advice)
        })?;
        let value = natural::read(signal, sent, &like).ok_or_else(|| {
            let advice = t("{signal} cannot have this value. It may be {example}, for example.")
                .with("signal", signal)
                .with("example", natural::written(&like));
            ControlError::refused("value", advice)
        })?;
        let now = self.clock.now();
        let is_there = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let car = simulations::hold(tx, application, id).await?;
                if let Some(car) = &car {
                    held_values::put(tx, car.vehicle, &[(signal, value.clone())], now).await?;
                }
                Ok::<_, StoreError>(car.is_some())
            })
            .await?;
        is_there.then_some(()).ok_or_else(ControlError::unknown_car)
    }

    /// Takes back what was set by hand, or by a command without a part in the car's physics: of these
    /// signals. Tells how many were set.
    ///
    /// # Errors
    /// [`ControlError::Unknown`]; [`ControlError::Store`].
    pub async fn unset(
        &self,
        application: ApplicationId,
        id: SimulationId,
        signals: Vec<Signal>,
    ) -> Result<u64, ControlError> {
        let removed = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                match simulations::hold(tx, application, id).await? {
                    Some(car) => Ok(Some(held_values::remove(tx, car.vehicle, &signals).await?)),
                    None => Ok(None),
                }
            })
            .await
            .map_err(|error: StoreError| ControlError::from(error))?;
        removed.ok_or_else(ControlError::unknown_car)
    }
}

/// A name that was given is what the car itself says too. Source: contract connect-oauth, E.1.
async fn christen(tx: &mut Tx<'_>, car: &Simulation) -> Result<(), StoreError> {
    let name = SignalValue::Text(car.name.clone());
    held_values::put(tx, car.vehicle, &[(NICKNAME, name)], car.created_at).await
}

/// A word of a list, for advice: the first few of what there is.
fn some_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.take(12).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;

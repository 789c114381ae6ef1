//! What is learned of a request on its way, for the request log.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Extensions;
use carport_model::fault::Struck;
use carport_model::{ApplicationId, ErrorSpec, VehicleId};

/// A note that travels in the request's extensions: rooms further in write on it, and
/// [`crate::layers`] reads it when the answer is there. Each line is written once; later writers
/// change nothing.
#[derive(Debug, Clone, Default)]
pub struct Learned(Arc<Lines>);

/// How long parts of a request took, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stages {
    /// Until the gate knew token and vehicle.
    pub gate: Option<Duration>,
    /// Reading the car.
    pub read: Option<Duration>,
}

#[derive(Debug, Default)]
struct Lines {
    application: OnceLock<ApplicationId>,
    vehicle: OnceLock<VehicleId>,
    error: OnceLock<&'static ErrorSpec>,
    /// When the request came, where somebody reads the note.
    started: Option<Instant>,
    gate: OnceLock<Duration>,
    read: OnceLock<Duration>,
    /// What faults on demand do; an empty one when they were asked and do nothing.
    struck: Mutex<Option<Box<Struck>>>,
}

impl Learned {
    /// The note of a request; one that nobody reads when the request came without.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// A note of a request that came at this instant.
    #[must_use]
    pub fn since(started: Instant) -> Self {
        Self(Arc::new(Lines {
            started: Some(started),
            ..Lines::default()
        }))
    }

    /// The gate has let the request in.
    pub fn note_gate(&self) {
        if let Some(started) = self.0.started {
            let _ = self.0.gate.set(started.elapsed());
        }
    }

    /// Awaits the reading of a car, and notes how long it took.
    pub async fn timing<T>(&self, reading: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let read = reading.await;
        let _ = self.0.read.set(started.elapsed());
        read
    }

    /// How long parts of the request took.
    #[must_use]
    pub fn stages(&self) -> Stages {
        Stages {
            gate: self.0.gate.get().copied(),
            read: self.0.read.get().copied(),
        }
    }

    /// The application has proved who it is.
    pub fn note_application(&self, id: ApplicationId) {
        let _ = self.0.application.set(id);
    }

    /// The request is about this vehicle, and the application may know it.
    pub fn note_vehicle(&self, id: VehicleId) {
        let _ = self.0.vehicle.set(id);
    }

    /// The answer is this error of the vehicle API.
    pub fn note_error(&self, error: &'static ErrorSpec) {
        let _ = self.0.error.set(error);
    }

    /// Faults on demand were asked, and do this beside what was done so far.
    pub fn note_struck(&self, struck: Struck) {
        let mut line = self.0.struck.lock().unwrap_or_else(PoisonError::into_inner);
        line.get_or_insert_default().join(struck);
    }

    /// What faults on demand do on the way out; `None` when they were not asked.
    #[must_use]
    pub fn struck(&self) -> Option<Struck> {
        let line = self.0.struck.lock().unwrap_or_else(PoisonError::into_inner);
        line.as_deref().cloned()
    }

    /// The application, if it proved who it is.
    #[must_use]
    pub fn application(&self) -> Option<ApplicationId> {
        self.0.application.get().copied()
    }

    /// The vehicle, if there is one.
    #[must_use]
    pub fn vehicle(&self) -> Option<VehicleId> {
        self.0.vehicle.get().copied()
    }

    /// The error of the vehicle API, if there is one.
    #[must_use]
    pub fn error(&self) -> Option<&'static ErrorSpec> {
        self.0.error.get().copied()
    }
}

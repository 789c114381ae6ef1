//! How simulated cars are shown.

use std::collections::BTreeMap;

use carport_simulator::control::{Shown, id_of};
use carport_simulator::natural;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A simulated car.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimulationView {
    /// Its id here.
    pub id: String,
    /// Whose car it is.
    pub application: String,
    /// Its id in the vehicle API, which answers once it is connected.
    pub vehicle_id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub vin: String,
    /// Brand, as Connect names it.
    pub make: String,
    /// Model.
    pub model: String,
    /// Model year.
    pub year: i32,
    /// `BEV`, `PHEV`, `HEV` or `ICE`.
    pub powertrain: String,
    /// Permissions it can serve.
    pub capabilities: Vec<String>,
    /// Country whose region's owners can connect it, two letters.
    pub country: String,
    /// Login that Connect accepts for it, with this brand and a country of the same region.
    pub username: String,
    /// Password of that login.
    pub password: String,
    /// Profile: its physics.
    pub profile: String,
    /// City it lives in.
    pub city: String,
    /// What it lives through.
    pub scenario: String,
    /// `created`, `running`, `paused` or `finished`.
    pub status: String,
    /// Where in its trip it is.
    pub stage: StageView,
    /// Time of the trip that has passed, seconds, whole rounds included.
    pub elapsed_seconds: f64,
    /// How long one round of the trip is, seconds.
    pub length_seconds: f64,
    /// Whether the trip begins anew when it ends.
    pub repeats: bool,
    /// How fast the trip runs beside the clock: 1 to 3600.
    pub speed: u32,
    /// `ideal` or `realistic`.
    pub latency: String,
    /// Whether commands are answered without an effect.
    pub stateless: bool,
    /// When it was made: ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// A stage of a trip.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StageView {
    /// Its place among the stages, from 0.
    pub index: usize,
    /// What people call it.
    pub name: String,
    /// When it begins, seconds after the beginning of the round.
    pub starts_at_seconds: f64,
    /// When it ends, in the same way.
    pub ends_at_seconds: f64,
}

/// What a car says now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignalsView {
    /// When it was so: now, or when the trip stopped.
    #[schema(format = DateTime)]
    pub measured_at: String,
    /// By the code of the signal.
    pub signals: BTreeMap<String, SignalView>,
}

/// The value of a signal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignalView {
    /// In the canonical unit: kilometres, kilopascals, degrees Celsius, shares from 0 to 1.
    pub value: Value,
    /// Whether it was set by hand or by a command, and does not follow the trip.
    pub is_set: bool,
}

impl SimulationView {
    /// The car as it is now.
    #[must_use]
    pub fn of(shown: &Shown) -> Self {
        let (simulation, scene) = (&shown.simulation, &shown.scene);
        let (car, course) = (&simulation.car, &simulation.course);
        Self {
            id: simulation.id.to_string(),
            application: simulation.application.to_string(),
            vehicle_id: simulation.vehicle.to_string(),
            name: simulation.name.clone(),
            vin: car.vin.as_str().to_owned(),
            make: car.make.to_string(),
            model: car.model.clone(),
            year: car.year,
            powertrain: car.powertrain.to_string(),
            capabilities: car
                .capabilities
                .as_slice()
                .iter()
                .map(ToString::to_string)
                .collect(),
            country: simulation.country.clone(),
            username: simulation.username.clone(),
            password: simulation.password.clone(),
            profile: course.profile.to_string(),
            city: course.city.to_string(),
            scenario: id_of(&course.scenario).to_owned(),
            status: shown.status().to_owned(),
            stage: StageView::of(shown),
            elapsed_seconds: scene.elapsed.as_secs_f64(),
            length_seconds: scene.journey.length().as_secs_f64(),
            repeats: scene.journey.repeats(),
            speed: course.timeline.speed.factor(),
            latency: course.latency.as_str().to_owned(),
            stateless: course.is_stateless,
            created_at: simulation.created_at.to_string(),
        }
    }
}

impl StageView {
    fn of(shown: &Shown) -> Self {
        let journey = &shown.scene.journey;
        let index = journey.position_of(shown.scene.elapsed).stage;
        let leg = &journey.stages()[index];
        Self {
            index,
            name: leg.name.clone(),
            starts_at_seconds: leg.start.as_secs_f64(),
            ends_at_seconds: leg.end.as_secs_f64(),
        }
    }
}

impl SignalsView {
    /// Everything that the car says now.
    #[must_use]
    pub fn of(shown: &Shown) -> Self {
        let signals = shown.values().map(|(signal, value, is_set)| {
            let value = natural::written(&value);
            (signal.to_string(), SignalView { value, is_set })
        });
        Self {
            measured_at: shown.scene.state.at.to_string(),
            signals: signals.collect(),
        }
    }
}

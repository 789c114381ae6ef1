//! What simulated cars can be made of: profiles, cities, and how long their brands take to answer.

use axum::extract::State;
use axum::response::Response;
use carport_simulator::latency;
use carport_simulator::world::city::City;
use carport_simulator::world::profile::Profile;
use carport_web::envelope::json_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Controller, SimulatorApi};
use crate::error::ManagementError;

/// Profiles.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProfilesView {
    /// By their ids.
    pub profiles: Vec<ProfileView>,
}

/// A kind of car.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileView {
    /// Its id.
    pub id: String,
    /// Brand; null for those of any car with a powertrain.
    #[schema(required = true)]
    pub make: Option<String>,
    /// Model.
    pub model: String,
    /// First model year.
    pub first_year: i32,
    /// Last model year; null while it is still made.
    #[schema(required = true)]
    pub last_year: Option<i32>,
    /// `BEV`, `PHEV`, `HEV` or `ICE`.
    pub powertrain: String,
    /// Usable energy of the traction battery, kWh; null without one.
    #[schema(required = true)]
    pub battery: Option<f64>,
    /// Litres that the tank holds; null without one.
    #[schema(required = true)]
    pub tank: Option<f64>,
}

/// Cities.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CitiesView {
    /// By their ids.
    pub cities: Vec<CityView>,
}

/// A city.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CityView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its country, two letters.
    pub country: String,
    /// Minutes that its standard time is ahead of UTC.
    pub utc_offset: i32,
}

/// How long cars of each brand take to answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LatenciesView {
    /// By brand; others answer at once.
    pub latencies: Vec<LatencyView>,
}

/// How long cars of a brand take to answer, on average, where latency is realistic.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LatencyView {
    /// Brand.
    pub make: String,
    /// Milliseconds until values are there.
    pub read_ms: u32,
    /// Milliseconds until a command is carried out.
    pub command_ms: u32,
}

impl ProfileView {
    /// As callers see it.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        Self {
            id: profile.id.to_string(),
            make: profile.make.as_ref().map(ToString::to_string),
            model: profile.model.clone(),
            first_year: profile.years.first,
            last_year: profile.years.last,
            powertrain: profile.powertrain.to_string(),
            battery: profile.battery.map(|battery| battery.usable),
            tank: profile.engine.map(|engine| engine.tank),
        }
    }
}

impl CityView {
    /// As callers see it.
    #[must_use]
    pub fn of(city: &City) -> Self {
        Self {
            id: city.id.to_string(),
            name: city.name.clone(),
            country: city.country.clone(),
            utc_offset: city.utc_offset,
        }
    }
}

/// Lists profiles.
///
/// # Errors
/// 401 or 403 as [`Controller`] says.
#[utoipa::path(
    get,
    path = "/profiles",
    summary = "Lists the models whose physics Carport knows. Any other is driven like the generic car of its powertrain.",
    responses((status = 200, description = "The profiles.", body = ProfilesView)),
)]
pub async fn list_profiles(
    State(api): State<SimulatorApi>,
    _: Controller,
) -> Result<Response, ManagementError> {
    let profiles = api.cars.simulations.world().profiles();
    let profiles = profiles.map(ProfileView::of).collect();
    Ok(json_of(&ProfilesView { profiles }))
}

/// Lists cities.
///
/// # Errors
/// As [`list_profiles`].
#[utoipa::path(
    get,
    path = "/cities",
    summary = "Lists the cities in which simulated cars can live.",
    responses((status = 200, description = "The cities.", body = CitiesView)),
)]
pub async fn list_cities(
    State(api): State<SimulatorApi>,
    _: Controller,
) -> Result<Response, ManagementError> {
    let cities = api.cars.simulations.world().cities();
    let cities = cities.map(CityView::of).collect();
    Ok(json_of(&CitiesView { cities }))
}

/// Shows the table behind realistic latency.
///
/// # Errors
/// As [`list_profiles`].
#[utoipa::path(
    get,
    path = "/latencies",
    summary = "Shows how long cars of each brand take to answer where latency is realistic. Others answer at once.",
    responses((status = 200, description = "The table.", body = LatenciesView)),
)]
pub async fn list_latencies(_: Controller) -> Result<Response, ManagementError> {
    let latencies = latency::TABLE.iter().map(|means| LatencyView {
        make: means.brand.to_owned(),
        read_ms: means.read,
        command_ms: means.command,
    });
    let latencies = latencies.collect();
    Ok(json_of(&LatenciesView { latencies }))
}

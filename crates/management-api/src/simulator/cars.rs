//! Simulated cars: made, listed, changed, deleted.

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use carport_model::simulation::{Latency, Speed};
use carport_model::vehicle::Powertrain;
use carport_model::{ApplicationId, SimulationId};
use carport_simulator::control::{CarWish, ControlError, NewSimulation, Step};
use carport_store::simulations::Place;
use carport_web::envelope::{ErrorBody, json_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paging::{CarCursor, PageQuery, Paging};
use super::view::SimulationView;
use super::{Controller, Sent, SimulatorApi};
use crate::error::ManagementError;

/// A car that is to be made. Say what it is by `make`, `model` and `year`, by `powertrain` alone, or
/// by `vin`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCar {
    /// Whose car it is to be; the caller's when absent.
    pub application: Option<String>,
    /// Brand.
    pub make: Option<String>,
    /// Model of the brand.
    pub model: Option<String>,
    /// Model year; the latest known when absent.
    pub year: Option<i32>,
    /// `BEV`, `PHEV`, `HEV` or `ICE`: needed only without a model, or with one that Carport does
    /// not know.
    pub powertrain: Option<String>,
    /// VIN of a real car to which this one is to be alike; it is not kept.
    pub vin: Option<String>,
    /// What people call it; brand and model when absent.
    pub name: Option<String>,
    /// Country of its owner, two letters; US when absent.
    pub country: Option<String>,
    /// City it lives in; one of its country when absent.
    pub city: Option<String>,
    /// What it lives through; day-commute when absent.
    pub scenario: Option<String>,
    /// `ideal` (answers come at once, as when absent) or `realistic`.
    pub latency: Option<String>,
    /// Whether commands are to be answered without an effect.
    pub stateless: bool,
    /// Whether its trip begins at once; otherwise the vehicle API refuses until it is played.
    pub play: bool,
}

/// What is to change of a car; what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct CarChange {
    /// What people call it.
    pub name: Option<String>,
    /// How fast its trip runs beside the clock: 1 to 3600.
    pub speed: Option<i64>,
    /// What it lives through, from the beginning.
    pub scenario: Option<String>,
    /// Where it lives through it, from the beginning.
    pub city: Option<String>,
    /// `ideal` or `realistic`.
    pub latency: Option<String>,
    /// Whether commands are to be answered without an effect.
    pub stateless: Option<bool>,
}

/// One page of cars, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarsView {
    /// The page.
    pub simulations: Vec<SimulationView>,
    /// Where the list goes on.
    pub paging: Paging,
}

/// The simulated car in a path, which the caller may control.
#[derive(Debug, Clone, Copy)]
pub struct OwnCar {
    pub(super) application: ApplicationId,
    pub(super) id: SimulationId,
}

impl FromRequestParts<SimulatorApi> for OwnCar {
    type Rejection = ManagementError;

    async fn from_request_parts(
        parts: &mut Parts,
        api: &SimulatorApi,
    ) -> Result<Self, ManagementError> {
        let caller = Controller::from_request_parts(parts, api).await?;
        let unknown = || ManagementError::unknown("id", "There is no such simulated car.");
        let id = super::paging::in_path(parts, api, "id").await?;
        let id = id.parse().map_err(|_| unknown())?;
        let owner = api.cars.simulations.application_of(id).await?;
        let application = owner.filter(|owner| caller.may_control(*owner));
        let application = application.ok_or_else(unknown)?;
        Ok(Self { application, id })
    }
}

/// Makes a car.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 400 for what cannot be made; 409 when the application has as
/// many cars as it may have.
#[utoipa::path(
    post,
    path = "/simulations",
    summary = "Makes a simulated car.",
    request_body = NewCar,
    responses(
        (status = 201, description = "The car, with the login that Connect takes for it.", body = SimulationView),
        (status = 400, description = "Something sent is not as it must be; detail names it.", body = ErrorBody),
        (status = 409, description = "The application has as many cars as it may have.", body = ErrorBody),
    ),
)]
pub async fn create_car(
    State(api): State<SimulatorApi>,
    caller: Controller,
    Sent(new): Sent<NewCar>,
) -> Result<Response, ManagementError> {
    let application = caller.acts_for(application(new.application.as_deref())?)?;
    let made = api.cars.simulations.create(new.wish(application)?).await?;
    let shown = api.cars.simulations.show(application, made.id).await?;
    let body = json_of(&SimulationView::of(&shown));
    Ok((StatusCode::CREATED, body).into_response())
}

/// Lists cars.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 400 for a parameter that is not as it must be.
#[utoipa::path(
    get,
    path = "/simulations",
    summary = "Lists the application's simulated cars, the newest first.",
    params(
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 100, description = "Cars on a page; 10 when absent."),
        ("cursor" = Option<String>, Query, description = "paging.cursor of the page before."),
        ("application" = Option<String>, Query, description = "Whose; the caller's when absent."),
    ),
    responses(
        (status = 200, description = "One page.", body = CarsView),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
    ),
)]
pub async fn list_cars(
    State(api): State<SimulatorApi>,
    caller: Controller,
    query: PageQuery,
) -> Result<Response, ManagementError> {
    let application = caller.acts_for(query.application)?;
    let cars = &api.cars.simulations;
    // One more than asked for tells whether there is a next page.
    let listed = cars.list(application, query.after(), query.limit + 1).await;
    let (mut page, count) = listed?;
    let goes_on = page.len() > query.limit;
    page.truncate(query.limit);
    let last = page.last().filter(|_| goes_on).map(Place::of);
    let mut simulations = Vec::with_capacity(page.len());
    for car in page {
        simulations.push(SimulationView::of(&cars.show(application, car.id).await?));
    }
    Ok(json_of(&CarsView {
        simulations,
        paging: Paging {
            cursor: last.map(|after| CarCursor { after }.written()),
            count: i64::try_from(count).unwrap_or(i64::MAX),
        },
    }))
}

/// Shows a car.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 404.
#[utoipa::path(
    get,
    path = "/simulations/{id}",
    summary = "Shows a simulated car.",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 404, description = "There is no such car, or it is another application's.", body = ErrorBody),
    ),
)]
pub async fn show_car(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<Response, ManagementError> {
    shown(&api, car).await
}

/// Changes a car.
///
/// # Errors
/// As [`show_car`]; 400 for what cannot be.
#[utoipa::path(
    patch,
    path = "/simulations/{id}",
    summary = "Changes a simulated car: its name, speed, scenario, city, latency, or whether commands have effects.",
    params(("id" = String, Path, description = "Its id.")),
    request_body = CarChange,
    responses(
        (status = 200, description = "The car.", body = SimulationView),
        (status = 400, description = "Something sent is not as it must be; nothing was changed.", body = ErrorBody),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn change_car(
    State(api): State<SimulatorApi>,
    car: OwnCar,
    Sent(change): Sent<CarChange>,
) -> Result<Response, ManagementError> {
    steered(&api, car, change.steps()?).await
}

/// Deletes a car.
///
/// # Errors
/// As [`show_car`].
#[utoipa::path(
    delete,
    path = "/simulations/{id}",
    summary = "Deletes a simulated car.",
    description = "Connections to it stay; the vehicle API answers them with CONNECTED_SERVICES_ACCOUNT, VEHICLE_MISSING.",
    params(("id" = String, Path, description = "Its id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such car.", body = ErrorBody),
    ),
)]
pub async fn delete_car(
    State(api): State<SimulatorApi>,
    car: OwnCar,
) -> Result<StatusCode, ManagementError> {
    let deleted = api.cars.simulations.delete(car.application, car.id).await;
    deleted.map(|()| StatusCode::NO_CONTENT).map_err(Into::into)
}

/// Takes steps with a car and shows it.
pub(super) async fn steered(
    api: &SimulatorApi,
    car: OwnCar,
    steps: Vec<Step>,
) -> Result<Response, ManagementError> {
    let steered = api.cars.simulations.steer(car.application, car.id, steps);
    steered.await?;
    shown(api, car).await
}

async fn shown(api: &SimulatorApi, car: OwnCar) -> Result<Response, ManagementError> {
    let shown = api.cars.simulations.show(car.application, car.id).await?;
    Ok(json_of(&SimulationView::of(&shown)))
}

impl NewCar {
    /// What is wished for.
    ///
    /// # Errors
    /// [`ControlError::Refused`] names what is not as it must be.
    pub fn wish(self, application: ApplicationId) -> Result<NewSimulation, ControlError> {
        let powertrain = self.powertrain.as_deref().map(powertrain).transpose()?;
        let car =
            match (self.vin, self.model, self.make, powertrain) {
                (Some(vin), None, None, None) => CarWish::Vin(vin.parse().map_err(|_| {
                    ControlError::refused("vin", "A VIN has 17 letters and digits.")
                })?),
                (None, Some(model), Some(make), powertrain) => CarWish::Model {
                    make,
                    model,
                    year: self.year,
                    powertrain,
                },
                (None, None, make, Some(powertrain)) => CarWish::Powertrain { powertrain, make },
                (Some(_), ..) => {
                    let advice = "Send vin alone, or make and model, or powertrain.";
                    return Err(ControlError::refused("vin", advice));
                }
                (None, Some(_), None, _) => {
                    let advice = "Send the brand of the model as make.";
                    return Err(ControlError::refused("make", advice));
                }
                (None, None, _, None) => {
                    let advice = "Say what the car is: send make and model, powertrain, or vin.";
                    return Err(ControlError::refused("model", advice));
                }
            };
        Ok(NewSimulation {
            application,
            car,
            name: self.name,
            country: self.country,
            city: self.city,
            scenario: self.scenario,
            is_stateless: self.stateless,
            latency: self
                .latency
                .as_deref()
                .map_or(Ok(Latency::Ideal), latency)?,
            is_played: self.play,
        })
    }
}

impl CarChange {
    /// The steps that lead there.
    ///
    /// # Errors
    /// [`ControlError::Refused`] names what is not as it must be.
    pub fn steps(self) -> Result<Vec<Step>, ControlError> {
        let mut steps = Vec::new();
        steps.extend(self.name.map(Step::Rename));
        if self.scenario.is_some() || self.city.is_some() {
            steps.push(Step::Follow {
                scenario: self.scenario,
                city: self.city,
            });
        }
        steps.extend(self.speed.map(speed).transpose()?.map(Step::Speed));
        let latency = self.latency.as_deref().map(latency).transpose()?;
        steps.extend(latency.map(Step::Latency));
        steps.extend(self.stateless.map(Step::Stateless));
        Ok(steps)
    }
}

/// The application that is named, if one is.
pub(super) fn application(named: Option<&str>) -> Result<Option<ApplicationId>, ControlError> {
    named
        .map(str::parse)
        .transpose()
        .map_err(|_| ControlError::refused("application", "Send an id: a UUID of 36 characters."))
}

fn powertrain(text: &str) -> Result<Powertrain, ControlError> {
    text.to_ascii_uppercase()
        .parse()
        .map_err(|()| ControlError::refused("powertrain", "A powertrain is BEV, PHEV, HEV or ICE."))
}

fn latency(text: &str) -> Result<Latency, ControlError> {
    text.parse()
        .map_err(|_| ControlError::refused("latency", "Send ideal or realistic."))
}

/// A speed as callers send it.
fn speed(factor: i64) -> Result<Speed, ControlError> {
    let speed = u32::try_from(factor).ok();
    speed
        .and_then(|factor| Speed::try_from(factor).ok())
        .ok_or_else(|| ControlError::refused("speed", "A speed is a whole number from 1 to 3600."))
}

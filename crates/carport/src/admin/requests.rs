//! What commands ask of a server, and what it tells of itself.

use carport_management_api::simulator::cars::{CarChange, NewCar};
use carport_model::{Mode, Simulation};
use serde::{Deserialize, Serialize};

use super::applications::{ApplicationRequest, ApplicationView};
use super::clock::ClockRequest;
use super::connect_side::ConnectSideRequest;
use super::faults::FaultRequest;
use super::logs::LogRequest;
use super::owners::OwnerRequest;
use super::users::UserRequest;
use super::vehicles::VehicleRequest;
use crate::original_hosts::OriginalHosts;

/// A request of a command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "camelCase")]
pub enum Request {
    /// Registers an application.
    CreateApplication {
        /// Its name.
        name: String,
        /// The first is the default.
        redirect_uris: Vec<String>,
        /// Without a secret, for phones and browsers.
        public: bool,
    },
    /// Lists applications.
    ListApplications,
    /// Shows one.
    ShowApplication {
        /// Its id.
        id: String,
    },
    /// Makes a new client secret.
    RotateSecret {
        /// Application.
        id: String,
        /// How long the old ones go on working.
        overlap_seconds: u64,
    },
    /// Makes a new management token.
    RotateToken {
        /// Application.
        id: String,
    },
    /// Adds a redirect URI.
    AddRedirectUri {
        /// Application.
        id: String,
        /// The URI.
        uri: String,
    },
    /// Removes a redirect URI.
    RemoveRedirectUri {
        /// Application.
        id: String,
        /// The URI.
        uri: String,
    },
    /// Suspends an application.
    SuspendApplication {
        /// Its id.
        id: String,
    },
    /// Ends its suspension.
    ResumeApplication {
        /// Its id.
        id: String,
    },
    /// Deletes an application.
    DeleteApplication {
        /// Its id.
        id: String,
    },
    /// Changes, or only shows, what owners see of an application.
    ConnectSide {
        /// What is to change.
        side: ConnectSideRequest,
    },
    /// Other changes of an application.
    Application {
        /// Its id.
        id: String,
        /// What to do with it.
        application: ApplicationRequest,
    },
    /// Makes a webhook.
    CreateWebhook {
        /// Application.
        application: String,
        /// Its name.
        name: String,
        /// Where to.
        callback_uri: String,
    },
    /// Lists webhooks.
    ListWebhooks {
        /// Application; all when absent.
        application: Option<String>,
    },
    /// Deletes a webhook.
    DeleteWebhook {
        /// Its id.
        id: String,
    },
    /// Consents without a browser, in test and simulated mode.
    Connect {
        /// Application.
        application: String,
        /// Brand.
        brand: String,
        /// Login.
        user: String,
        /// Its password; any will do for a login of no simulated car.
        password: Option<String>,
        /// Country of the owner.
        country: Option<String>,
        /// Scope; the application's own when absent.
        scope: Option<String>,
        /// Mode.
        mode: Mode,
    },
    /// Consents without a browser for the owner of a simulated car.
    ConnectSimulation {
        /// The car.
        id: String,
        /// Scope; the application's own when absent.
        scope: Option<String>,
    },
    /// Accounts of the Dashboard.
    User {
        /// What to do with them.
        user: UserRequest,
    },
    /// Owners of cars.
    Owner {
        /// What to do for them.
        owner: OwnerRequest,
    },
    /// Simulated cars.
    Simulation {
        /// What to do with them.
        simulation: SimulationRequest,
    },
    /// The clock of a `dev` server.
    Clock {
        /// What to do with it.
        clock: ClockRequest,
    },
    /// Faults on demand.
    Fault {
        /// What to do with them.
        fault: FaultRequest,
    },
    /// The logs, and what was counted.
    Log {
        /// Which.
        log: LogRequest,
    },
    /// Connected vehicles.
    Vehicle {
        /// What to do with them.
        vehicle: VehicleRequest,
    },
    /// What the ready line said.
    ReadyLine,
}

/// What commands ask of simulated cars.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SimulationRequest {
    /// Makes one.
    Create {
        /// What it is to be.
        new: NewCar,
    },
    /// Lists them.
    List {
        /// Whose; the usual application's when absent.
        application: Option<String>,
    },
    /// Shows one.
    Show {
        /// Its id.
        id: String,
    },
    /// Shows what one says.
    Signals {
        /// Its id.
        id: String,
    },
    /// Lets its trip begin or go on.
    Play {
        /// Its id.
        id: String,
    },
    /// Lets it stand still.
    Pause {
        /// Its id.
        id: String,
    },
    /// Lets it begin anew.
    Restart {
        /// Its id.
        id: String,
    },
    /// Lets it go on from a stage.
    Jump {
        /// Its id.
        id: String,
        /// Number or name of the stage.
        stage: String,
    },
    /// Changes one.
    Change {
        /// Its id.
        id: String,
        /// What is to change.
        change: CarChange,
    },
    /// Sets a signal by hand.
    Set {
        /// Its id.
        id: String,
        /// Code of the signal.
        code: String,
        /// JSON, or a word.
        value: String,
    },
    /// Takes a signal back.
    Unset {
        /// Its id.
        id: String,
        /// Code of the signal.
        code: String,
    },
    /// Records one round of its trip.
    Record {
        /// Its id.
        id: String,
        /// `csv`, `gpx` or `geojson`.
        format: String,
        /// Seconds between two rows.
        step: u64,
    },
    /// Deletes one.
    Delete {
        /// Its id.
        id: String,
    },
    /// Scenarios of an application.
    Scenario {
        /// Whose; the usual application's when absent.
        application: Option<String>,
        /// What to do with them.
        scenario: ScenarioRequest,
    },
}

/// What commands ask of scenarios.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ScenarioRequest {
    /// Adds one.
    Add {
        /// TOML.
        text: String,
    },
    /// Lists them.
    List,
    /// Shows one.
    Show {
        /// Its id.
        id: String,
    },
    /// Deletes one.
    Delete {
        /// Its id.
        id: String,
    },
}

/// A simulated car as the ready line tells of it: what it takes to connect it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedCarView {
    /// Its id in the control API.
    pub id: String,
    /// Its id in the vehicle API.
    pub vehicle_id: String,
    /// What it does.
    pub name: String,
    /// Brand to choose in Connect.
    pub brand: String,
    /// Model.
    pub model: String,
    /// Country to choose in Connect.
    pub country: String,
    /// Login, in simulated mode.
    pub username: String,
    /// Password of that login.
    pub password: String,
}

impl SimulatedCarView {
    /// With its login.
    #[must_use]
    pub fn of(simulation: &Simulation) -> Self {
        Self {
            id: simulation.id.to_string(),
            vehicle_id: simulation.vehicle.to_string(),
            name: simulation.name.clone(),
            brand: simulation.car.make.to_string(),
            model: simulation.car.model.clone(),
            country: simulation.country.clone(),
            username: simulation.username.clone(),
            password: simulation.password.clone(),
        }
    }
}

/// What a server says when requests are being accepted. Source: contract cli, 3.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyLine {
    /// Public address.
    pub url: String,
    /// The Dashboard.
    pub dashboard_url: String,
    /// Where the tutorial application begins; `dev` only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tutorial_url: Option<String>,
    /// The application of a `dev` server with its secrets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub application: Option<ApplicationView>,
    /// The simulated cars of a `dev` server.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub simulations: Vec<SimulatedCarView>,
    /// How programs with the original hosts built in come here; `dev` only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original_hosts: Option<OriginalHosts>,
}

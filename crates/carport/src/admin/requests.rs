//! What commands ask of a server, and what it tells of itself.

use carport_management_api::simulator::cars::{CarChange, NewCar};
use carport_management_api::simulator::faults::NewFault;
use carport_model::{Application, Member, Mode, Role, Simulation, Webhook};
use serde::{Deserialize, Serialize};

use super::connect_side::ConnectSideRequest;
use super::owners::OwnerRequest;
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
    /// What the ready line said.
    ReadyLine,
}

/// What commands ask of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApplicationRequest {
    /// Changes texts; what is absent stays, and an empty text takes the old one away.
    Describe {
        /// Name owners read.
        name: Option<String>,
        /// A sentence for the developer's own list.
        description: Option<String>,
        /// Link owners find in Connect.
        privacy_url: Option<String>,
    },
    /// Enables or disables it.
    Enable {
        /// Whether it is to be enabled.
        enabled: bool,
    },
    /// Makes a redirect URI the default.
    MakeDefaultRedirectUri {
        /// The URI.
        uri: String,
    },
    /// Lists its client secrets.
    ListSecrets,
    /// Ends a client secret.
    RevokeSecret {
        /// Its id.
        secret: String,
    },
    /// Shows the management token.
    ShowToken,
    /// Makes a secret of the machine credential.
    AddMachineSecret,
    /// Shows the machine credential.
    ShowMachineCredential,
    /// Removes a secret of the machine credential.
    RemoveMachineSecret {
        /// Its id.
        secret: String,
    },
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

/// What commands ask of accounts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserRequest {
    /// Makes one.
    Create {
        /// Address.
        email: String,
        /// Name.
        name: Option<String>,
        /// Role; owner for the first, viewer for others when absent.
        role: Option<Role>,
        /// Password.
        password: String,
    },
    /// Lists them.
    List,
    /// Changes a role.
    Role {
        /// Whose.
        email: String,
        /// The new one.
        role: String,
        /// The applications that they are limited to; none for no limit.
        applications: Vec<String>,
    },
    /// Removes one.
    Remove {
        /// Whose.
        email: String,
    },
    /// Makes a link that sets a password.
    ResetLink {
        /// Whose.
        email: String,
    },
    /// Makes a link that signs in.
    SignInLink {
        /// Whose.
        email: String,
    },
    /// Takes a second factor away.
    DisableTotp {
        /// Whose.
        email: String,
    },
}

/// Without what it says: it may carry a password.
impl std::fmt::Debug for UserRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserRequest(…)")
    }
}

/// A member as commands show them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Id.
    pub id: String,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Client ids of the applications that they are limited to; absent for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<String>>,
    /// Whether signing in needs a code of an app.
    pub second_factor: bool,
    /// `active`, `invited` or `suspended`.
    pub state: String,
}

impl MemberView {
    /// Shows a member.
    #[must_use]
    pub fn of(member: &Member) -> Self {
        let state = match (member.disabled_at, member.joined_at) {
            (Some(_), _) => "suspended",
            (None, None) => "invited",
            (None, Some(_)) => "active",
        };
        let only = member.only.as_ref();
        Self {
            id: member.id.to_string(),
            email: member.email.to_string(),
            name: member.name.clone(),
            role: member.role.to_string(),
            applications: only.map(|only| only.iter().map(ToString::to_string).collect()),
            second_factor: member.has_second_factor,
            state: state.to_owned(),
        }
    }
}

/// What commands ask of the clock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClockRequest {
    /// Shows it.
    Show,
    /// Makes it stand.
    Freeze,
    /// Lets it run on.
    Resume,
    /// Moves it to an instant.
    Set {
        /// ISO 8601.
        to: String,
    },
    /// Moves it forward.
    Advance {
        /// A length of time.
        by: String,
    },
    /// Makes it run at another speed.
    Speed {
        /// 0.1 to 3600.
        factor: String,
    },
}

/// What commands ask of faults on demand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultRequest {
    /// Adds a rule.
    Add(Box<NewFault>),
    /// Lists the rules.
    List,
    /// Removes one.
    Remove {
        /// Its id.
        id: String,
    },
    /// Removes all.
    Clear,
}

/// An application as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationView {
    /// Equals `client_id`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Equals `id`.
    pub client_id: String,
    /// Only when it was just made, or on `dev`, where it comes from the seed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_secret: Option<String>,
    /// Only when it was just made, or on `dev`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub management_token: Option<String>,
    /// The default first.
    pub redirect_uris: Vec<String>,
    /// Its webhook on `dev`, which has one to subscribe vehicles to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub webhook_id: Option<String>,
    /// A sentence for the developer's own list.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub description: Option<String>,
    /// Link owners find in Connect.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub privacy_url: Option<String>,
    /// Whether it is disabled; absent when it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub disabled: bool,
    /// Since when it is suspended; absent when it is not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suspended_at: Option<String>,
}

impl ApplicationView {
    /// Without secrets.
    #[must_use]
    pub fn of(application: &Application, redirect_uris: Vec<String>) -> Self {
        Self {
            id: application.id.to_string(),
            name: application.name.clone(),
            client_id: application.id.to_string(),
            client_secret: None,
            management_token: None,
            redirect_uris,
            webhook_id: None,
            description: None,
            privacy_url: application.privacy_url.clone(),
            disabled: !application.enabled,
            suspended_at: application.suspended_at.map(|at| at.to_string()),
        }
    }
}

/// A webhook as commands show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    /// What subscriptions name.
    pub id: String,
    /// Application it belongs to.
    pub application_id: String,
    /// Name.
    pub name: String,
    /// Where to.
    pub callback_uri: String,
    /// When it was made: ISO 8601 in UTC with milliseconds.
    pub created_at: String,
    /// Vehicles that are subscribed to it.
    pub subscriptions: i64,
}

impl WebhookView {
    /// With as many vehicles subscribed to it.
    #[must_use]
    pub fn of(webhook: &Webhook, subscriptions: i64) -> Self {
        Self {
            id: webhook.id.to_string(),
            application_id: webhook.application.to_string(),
            name: webhook.name.clone(),
            callback_uri: webhook.callback_uri.clone(),
            created_at: webhook.created_at.to_string(),
            subscriptions,
        }
    }
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

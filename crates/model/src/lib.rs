//! Carport's vocabulary: what every other crate talks about.
//!
//! It must not know a runtime, a database, HTTP or a car maker. Start reading in [`signal`] (the
//! spine: every value a car can report is one entry of one list) and [`permission`].

pub mod account;
pub mod agenda;
pub mod application;
pub mod brand;
pub mod car_model;
pub mod catalogue;
pub mod charging;
pub mod clock;
pub mod code_challenge;
pub mod command;
pub mod connect_settings;
pub mod country;
pub mod error;
pub mod exports;
pub mod fault;
pub mod forecast;
pub mod held;
pub mod id;
pub mod installation_key;
pub mod link_token;
pub mod mail;
pub mod member;
pub mod mode;
pub mod name;
pub mod permission;
pub mod precision;
pub mod reading;
pub mod rng;
pub mod role;
pub mod run;
pub mod scope;
pub mod secret;
pub mod signal;
pub mod simulation;
pub mod time_of_day;
pub mod token;
pub mod token_mint;
pub mod unit;
pub mod vehicle;
pub mod vin;
pub mod webhook;
mod worded;

pub use account::Account;
pub use application::Application;
pub use brand::{Brand, BrandId, Brands};
pub use car_model::{CarModel, CarModels};
pub use catalogue::CatalogueError;
pub use clock::{Clock, Month, SystemClock, Timestamp};
pub use command::Command;
pub use connect_settings::{ConnectSettings, Engine};
pub use error::{ErrorSpec, ErrorType};
pub use fault::Faults;
pub use forecast::{Catalogue, Forecast, Served};
pub use held::Held;
pub use id::{
    AccountId, ApplicationId, FamilyId, MemberId, RequestId, RunId, SessionId, SimulationId,
    UserId, VehicleId, WebhookId,
};
pub use installation_key::InstallationKey;
pub use link_token::{LinkKey, LinkPurpose};
pub use mail::{EmailAddress, Mail, Mailer};
pub use member::{Member, Session};
pub use mode::Mode;
pub use name::Name;
pub use permission::{Permission, Permissions};
pub use precision::Precision;
pub use reading::{Reading, SignalValue};
pub use rng::{Rng, SeededRng, SystemRng};
pub use role::{Action, Role};
pub use secret::Secret;
pub use signal::Signal;
pub use simulation::{Course, Simulation, Timeline};
pub use token::Digest;
pub use token_mint::TokenMint;
pub use vehicle::{Level, Powertrain, Vehicle};
pub use vin::Vin;
pub use webhook::Webhook;
pub use worded::worded;

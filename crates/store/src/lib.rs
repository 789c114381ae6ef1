//! Durable storage on SQLite or PostgreSQL, one module per noun.
//!
//! A caller hands [`Store::write`] a unit of work; when it returns, the unit's effects are on
//! disk. It must not know HTTP, OAuth rules or how pages look. Start reading in [`engine`].

pub mod accounts;
pub mod application_lists;
pub mod applications;
pub mod approvals;
pub mod audit_log;
pub mod authorization_codes;
mod cache;
mod capabilities;
pub mod car_counts;
pub mod care;
pub mod change_log;
pub mod client_secrets;
pub mod connect_runs;
pub mod connect_settings;
pub mod connection_lists;
pub mod connections;
mod dialect;
pub mod disconnections;
pub mod engine;
mod error;
pub mod grant_families;
pub mod held_values;
pub mod machine_credentials;
pub mod member_identities;
pub mod member_links;
pub mod member_sessions;
pub mod members;
mod migrations;
pub mod owners;
pub mod reauthentications;
pub mod recovery_codes;
pub mod redirect_uris;
mod remembered;
pub mod request_log;
pub mod run_lists;
pub mod run_steps;
pub mod scenarios;
pub mod settings;
pub mod simulations;
pub mod subscriptions;
pub mod sweep;
pub mod token_pairs;
pub mod users;
pub mod vehicle_calls;
pub mod vehicle_lists;
pub mod vehicles;
pub mod webhooks;

#[cfg(test)]
mod tests;

pub use cache::{AccessGrant, Client, Connected};
pub use engine::{Store, StoreUrl, Tx};
pub use error::StoreError;
pub use remembered::{Access, Remembered};
pub use request_log::RequestLog;
pub use simulations::Simulated;

//! Connect: the pages on which an owner chooses what an application may use.
//!
//! It must not know tokens, SQL or makers: a connector signs owners in, the store keeps the run.
//! Start reading in `routes.rs` (all pages on one screen), then `flow.rs` (what leads where).

pub mod authorize;
mod brand;
mod browser_sdk;
mod capacity;
mod done;
mod error;
mod exit;
mod flow;
mod frame;
mod grant;
pub mod headless;
mod incompatible;
mod login;
mod logo;
pub mod me;
mod mfa;
mod no_vehicles;
pub mod preview;
mod problem;
mod reauthentication;
pub mod redirect;
mod repeat;
mod routes;
mod services;
mod spoken;
mod start;
mod subject;
mod subscription;
mod vehicle_link;
mod visit;

#[cfg(test)]
mod tests;

pub use routes::routes;
pub use services::Services;

//! Rust client for Carport and everything that speaks Smartcar's wire format.
//!
//! An application does three things with it: it sends the owner of a car to Connect
//! ([`AuthClient::auth_url`]), trades the code that comes back for tokens
//! ([`AuthClient::exchange_code`]), and reads the car ([`Vehicle`]).
//!
//! ```
//! # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
//! # support::on_carport(async |carport| {
//! # let (client, code) = (carport.client()?, carport.code("read_vehicle_info").await?);
//! use carport_sdk::{Api, Paging};
//!
//! let access = client.exchange_code(&code).await?;
//! let api = Api::at(&client.origins().api)?;
//! let page = api.get_vehicles(&access.access_token, Paging::default()).await?;
//! let car = api.vehicle(&page.vehicles[0], &access.access_token);
//! let attributes = car.attributes().await?;
//! println!("{} {} {}", attributes.make, attributes.model, attributes.year);
//! # Ok(()) });
//! ```
//!
//! Where the servers are comes from the environment ([`Origins::from_env`]), by the same variable
//! names as in the official SDKs, or from code ([`Origins::single`]).
//!
//! The crate knows the wire and nothing else: it stores nothing, retries nothing and refreshes no
//! token on its own. It depends on no other Carport crate. Start reading at [`AuthClient`], then
//! [`Vehicle`]; `transport.rs` is the only place that sends a request.
//!
//! The default feature `tls` adds https through rustls; the first client makes ring the process's
//! provider unless one is installed already. Without it only `http` origins can be reached.

mod access;
mod api;
mod auth;
mod auth_url;
mod data;
mod error;
mod origins;
mod pkce;
mod response;
mod secret;
#[cfg(test)]
mod stub;
mod transport;
mod units;
mod vehicle;

pub use access::Access;
pub use api::{Api, get_user, get_vehicles};
pub use auth::{AuthClient, AuthClientBuilder};
pub use auth_url::{AuthUrl, Mode};
pub use data::{
    Attributes, Battery, Charge, ChargeState, Fuel, Location, Odometer, PageInfo, Paging,
    Permissions, TirePressure, User, Vehicles, Vin,
};
pub use error::{ApiError, Error, OAuthError, Resolution, Result};
pub use origins::Origins;
pub use pkce::Pkce;
pub use response::{Meta, Response};
pub use secret::Secret;
pub use units::UnitSystem;
pub use vehicle::Vehicle;

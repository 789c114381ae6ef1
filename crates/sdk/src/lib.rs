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
//! let page = api.get_vehicles(&access, Paging::default()).await?;
//! let car = api.vehicle(&page.vehicles[0], &access);
//! let attributes = car.attributes().await?;
//! println!("{} {} {}", attributes.make, attributes.model, attributes.year);
//! # Ok(()) });
//! ```
//!
//! | to | see |
//! | --- | --- |
//! | send an owner to Connect, exchange the code | [`AuthClient`] |
//! | keep tokens fresh and stored | [`Session`], [`TokenStore`] |
//! | list an owner's vehicles | [`Api`] |
//! | read and command a vehicle | [`Vehicle`] |
//! | read many things at once | [`Batch`], [`paths`] |
//! | use what has no method here | [`Request`] |
//! | ask what a car could do before it is connected | [`CompatibilityQuery`], [`MatrixQuery`] |
//! | list and end connections | [`Management`] |
//! | receive webhooks | [`hash_challenge`], [`verify_payload`] |
//! | do without async | the module `blocking` (feature `blocking`) |
//! | find the counterpart of a Node method | the table in `README.md` |
//!
//! Every answer is a [`Response`]: the data, and what the headers say of it (request id, age,
//! units). Every failure is an [`Error`]; [`Error::api`] has what the API says about it.
//!
//! Where the servers are comes from the environment ([`Origins::from_env`]), by the same variable
//! names as in the official SDKs, or from code ([`Origins::single`]); without either it is the
//! original service.
//!
//! The crate knows the wire and nothing else: it retries nothing, and stores and refreshes tokens
//! only in a [`Session`]. It needs a tokio runtime and depends on no other Carport crate. Start
//! reading at [`AuthClient`], then [`Vehicle`]; `transport.rs` is the only place that sends a
//! request.
//!
//! The default feature `tls` adds https through rustls; the first client makes ring the process's
//! provider unless one is installed already. Without it only `http` origins can be reached.

mod access;
mod api;
mod auth;
mod auth_url;
mod batch;
mod bearer;
#[cfg(feature = "blocking")]
pub mod blocking;
mod compatibility;
mod data;
mod error;
mod listing;
mod management;
mod origins;
pub mod paths;
mod pkce;
mod request;
mod response;
mod secret;
mod session;
#[cfg(test)]
mod stub;
mod token_store;
mod transport;
mod units;
mod vehicle;
mod webhooks;

pub use access::Access;
pub use api::{Api, get_user, get_vehicles};
pub use auth::{AuthClient, AuthClientBuilder};
pub use auth_url::{AuthUrl, Mode};
pub use batch::{Answers, Batch, Handle};
pub use bearer::Bearer;
pub use compatibility::{
    Capability, Compatibility, CompatibilityMatrix, CompatibilityQuery, CompatibleModel,
    MatrixQuery, Powertrain, Region, TestLevel,
};
pub use data::{
    Action, Attributes, Battery, BatteryCapacity, CapacityOption, CapacitySource, Charge,
    ChargeLimit, ChargeState, ChosenCapacity, DiagnosticSystem, DiagnosticSystems, EngineOil, Fuel,
    Health, Location, LockStatus, NominalCapacity, Odometer, OpenState, Opening, PageInfo, Paging,
    Permissions, ServiceCost, ServiceDetail, ServiceRange, ServiceRecord, ServiceTask, Status,
    Subscription, TirePressure, TroubleCode, TroubleCodes, User, Vehicles, Vin,
};
pub use error::{ApiError, BoxError, Error, OAuthError, Resolution, Result};
pub use listing::Listing;
pub use management::{
    Connection, ConnectionFilter, Connections, ConnectionsOf, CursorInfo, CursorPaging,
    DeletedConnections, Management,
};
pub use origins::Origins;
pub use pkce::Pkce;
pub use request::Request;
/// The method of a [`Request`].
pub use reqwest::Method;
pub use response::{Meta, Response};
pub use secret::Secret;
pub use session::Session;
pub use token_store::{FileTokenStore, MemoryTokenStore, TokenStore};
pub use units::UnitSystem;
pub use vehicle::Vehicle;
pub use webhooks::{hash_challenge, verify_payload};

/// The example in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

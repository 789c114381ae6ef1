//! The vehicle API over HTTP.
//!
//! A v2.0 endpoint is a view over the signal list of `carport-model`: a table row
//! ([`v2::endpoint::Endpoint`]) and a pure function. It must not know SQL, makers or other doors.
//! Start reading in [`mod@routes`].

pub mod access;
mod brand_routes;
pub mod client;
mod error_docs;
pub mod limits;
pub mod links;
pub mod management;
pub mod openapi;
pub mod path;
pub mod routes;
pub mod v2;
mod v3;
pub mod version;

use std::ops::Deref;
use std::sync::Arc;

use carport_connector::{Reader, Sender};
use carport_model::{Catalogue, Clock, Faults, TokenMint};
use carport_oauth::OAuth;
use carport_store::Store;

use limits::Usage;
use links::Links;
pub use routes::routes;

/// What the handlers work with, shared by all of them: a request clones it several times.
#[derive(Clone)]
pub struct VehicleApi(Arc<Services>);

impl From<Services> for VehicleApi {
    fn from(services: Services) -> Self {
        Self(Arc::new(services))
    }
}

impl Deref for VehicleApi {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

/// The parts of it; handed in by the binary.
#[derive(Clone)]
pub struct Services {
    /// Storage.
    pub store: Store,
    /// What reads cars.
    pub reader: Reader,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Knows tokens by their digests.
    pub mint: Arc<TokenMint>,
    /// Knows applications by their secrets.
    pub oauth: OAuth,
    /// Brands and models.
    pub catalogue: Catalogue,
    /// What carries commands to cars.
    pub sender: Sender,
    /// Makes links into Connect.
    pub links: Links,
    /// Public address without a trailing slash, for `docURL`.
    pub public_url: Arc<str>,
    /// What has been used of the limits; `None` when nothing is limited.
    pub usage: Option<Arc<Usage>>,
    /// What goes wrong on demand.
    pub faults: Arc<Faults>,
    /// Whether the fixed test vehicle of v3 is there, which suites read without consent.
    pub serves_test_vehicle: bool,
}

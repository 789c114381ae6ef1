//! Pages for developers.
//!
//! The first page shows and changes nothing; those of applications and of the simulator let whoever
//! sits at a `dev` server change them ([`Access`]). It must not know SQL, tokens or how cars work. Start
//! reading in [`mod@home`], [`mod@applications`] and [`simulator`].

mod access;
pub mod accounts;
mod applications;
mod audit;
mod choice;
mod connect_side;
mod frame;
mod home;
mod logs;
mod overview;
mod pages;
mod playground;
mod previews;
mod refused;
mod runs;
mod simulator;
mod team;
mod vehicles;
mod when;
mod whose;

#[cfg(test)]
mod foreign;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod testing;

use std::sync::Arc;
use std::time::Duration;

use access::Unlimited;
use axum::Router;
use axum::middleware::from_extractor_with_state;
use axum::routing::get;
use carport_connector::Reader;
use carport_model::fault::Faults;
use carport_model::{Brands, Clock, Rng, TokenMint};
use carport_oauth::OAuth;
use carport_oauth::applications::Applications;
use carport_simulator::Simulations;
use carport_simulator::time::Time;
use carport_store::{RequestLog, Store};
use carport_web::{PublicUrl, Stopping, layers};
use tokio::sync::Semaphore;

pub use access::Access;
pub use overview::{Bin, Span};
pub use playground::own_api::{Attended, Carry, Endpoint, OwnApi};
use playground::runs::Runs;
pub use previews::{Previews, Shown};

/// What the pages work with.
pub struct Services {
    /// Storage.
    pub store: Store,
    /// Registering and changing applications.
    pub applications: Applications,
    /// Public address.
    pub public_url: PublicUrl,
    /// For whom the pages act.
    pub access: Access,
    /// Accounts of the team.
    pub accounts: accounts::Accounts,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// That clock, where it can be moved.
    pub time: Option<Arc<Time>>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Lends the playground its secrets.
    pub oauth: OAuth,
    /// What the playground calls.
    pub own_api: OwnApi,
    /// Brands.
    pub brands: Arc<Brands>,
    /// Pages of Connect as they will look.
    pub previews: Arc<dyn Previews>,
    /// Simulated cars.
    pub simulations: Simulations,
    /// Faults on demand, where they can be had.
    pub faults: Option<Arc<Faults>>,
    /// Reads cars.
    pub reader: Reader,
    /// Makes tokens.
    pub mint: Arc<TokenMint>,
    /// The vehicle API of this server, for requests that are sent again.
    pub api: Attended,
    /// The request log, unless it is off.
    pub request_log: Option<RequestLog>,
    /// How long its entries are kept.
    pub request_log_keeps: Duration,
    /// Ends streams that would hold up the end of the server.
    pub stopping: Stopping,
}

/// What the pages work with, shared. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dashboard {
    services: Arc<Services>,
    /// Places for streams of events.
    streams: Arc<Semaphore>,
    /// Counts that took long.
    counted: Arc<overview::Counted>,
    /// Runs of the playground.
    runs: Arc<Runs>,
}

impl std::ops::Deref for Dashboard {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

/// The route list of the Dashboard and of the documentation's front page.
pub fn routes(services: Services) -> Router {
    let dashboard = Dashboard {
        services: Arc::new(services),
        streams: Arc::new(Semaphore::new(simulator::STREAMS)),
        counted: Arc::default(),
        runs: Arc::default(),
    };
    let all_or_nothing = from_extractor_with_state::<Unlimited, _>(dashboard.clone());
    Router::new()
        .route("/dashboard", get(home::show))
        .route("/docs", get(pages::docs))
        .layer(layers::compression())
        .merge(applications::routes())
        .merge(connect_side::routes())
        .merge(logs::routes())
        .merge(vehicles::routes())
        .merge(runs::routes())
        .merge(playground::routes())
        .merge(simulator::routes().layer(all_or_nothing))
        .merge(accounts::routes())
        .merge(team::routes())
        .merge(audit::routes())
        .with_state(dashboard)
}

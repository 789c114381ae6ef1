//! Pages for developers.
//!
//! The first page shows and changes nothing; the simulator's lets whoever sits at a `dev` server
//! watch and steer its cars ([`Access`]). It must not know SQL, tokens or how cars work. Start
//! reading in [`mod@home`], [`playground`] and [`simulator`].

mod access;
mod frame;
mod home;
mod pages;
mod playground;
mod simulator;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use carport_model::fault::Faults;
use carport_model::{Brands, Clock, Rng};
use carport_oauth::OAuth;
use carport_oauth::applications::Applications;
use carport_simulator::Simulations;
use carport_simulator::time::Time;
use carport_store::Store;
use carport_web::{PublicUrl, Stopping, layers};
use tokio::sync::Semaphore;

pub use access::Access;
pub use playground::own_api::{Carry, Endpoint, OwnApi};
use playground::runs::Runs;

/// What the pages work with.
pub struct Services {
    /// Storage.
    pub store: Store,
    /// Public address.
    pub public_url: PublicUrl,
    /// For whom the pages act.
    pub access: Access,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// That clock, where it can be moved.
    pub time: Option<Arc<Time>>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Registering applications.
    pub applications: Applications,
    /// Lends the playground its secrets.
    pub oauth: OAuth,
    /// What the playground calls.
    pub own_api: OwnApi,
    /// Brands.
    pub brands: Arc<Brands>,
    /// Simulated cars.
    pub simulations: Simulations,
    /// Faults on demand, where they can be had.
    pub faults: Option<Arc<Faults>>,
    /// Ends streams that would hold up the end of the server.
    pub stopping: Stopping,
}

/// What the pages work with, shared. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dashboard {
    services: Arc<Services>,
    /// Places for streams of events.
    streams: Arc<Semaphore>,
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
        runs: Arc::default(),
    };
    Router::new()
        .route("/dashboard", get(home::show))
        .route("/docs", get(pages::docs))
        .layer(layers::compression())
        .merge(simulator::routes())
        .merge(playground::routes())
        .with_state(dashboard)
}

//! Pages for developers.
//!
//! The first page shows and changes nothing; the simulator's lets whoever sits at a `dev` server
//! watch and steer its cars ([`Access`]). It must not know SQL, tokens or how cars work. Start
//! reading in [`mod@home`] and [`simulator`].

mod access;
pub mod accounts;
mod audit;
mod frame;
mod home;
mod pages;
mod simulator;
mod team;

#[cfg(test)]
mod matrix;
#[cfg(test)]
mod testing;

use std::sync::Arc;

use access::Unlimited;
use axum::Router;
use axum::middleware::from_extractor_with_state;
use axum::routing::get;
use carport_model::fault::Faults;
use carport_model::{Brands, Clock, Rng};
use carport_simulator::Simulations;
use carport_simulator::time::Time;
use carport_store::Store;
use carport_web::{PublicUrl, Stopping, layers};
use tokio::sync::Semaphore;

pub use access::Access;

/// What the pages work with.
pub struct Services {
    /// Storage.
    pub store: Store,
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
    };
    let all_or_nothing = from_extractor_with_state::<Unlimited, _>(dashboard.clone());
    Router::new()
        .route("/dashboard", get(home::show))
        .route("/docs", get(pages::docs))
        .layer(layers::compression())
        .merge(simulator::routes().layer(all_or_nothing))
        .merge(accounts::routes())
        .merge(team::routes())
        .merge(audit::routes())
        .with_state(dashboard)
}

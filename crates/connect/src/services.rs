//! What Connect works with; handed in by the binary.

use std::sync::Arc;

use carport_connector::Registry;
use carport_model::country::Country;
use carport_model::{Catalogue, Clock, LinkKey, Rng, Timestamp};
use carport_store::Store;
use carport_web::PublicUrl;

use crate::me::Owners;

/// Storage, time, randomness, brands, connectors, and where browsers reach us.
#[derive(Clone)]
pub struct Services {
    /// Storage.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness of runs, cookies, ids and codes.
    pub rng: Arc<dyn Rng>,
    /// Brands and their models.
    pub catalogue: Catalogue,
    /// Connectors by mode.
    pub connectors: Registry,
    /// Opens the links that answers of the vehicle API carry.
    pub links: LinkKey,
    /// Public address: `iss`, the foot of each page, and whether cookies are `Secure`.
    pub public_url: PublicUrl,
    /// What the owner's page works with.
    pub owners: Owners,
    /// Country of owners about whom nothing else is known.
    pub default_country: &'static Country,
}

impl Services {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

//! What the Dashboard works with.

use std::sync::Arc;

use carport_dashboard::{Access, Services};

use super::Parts;
use super::previews::ConnectPreviews;

/// Its pages act for whoever sits at a `dev` server, whose clock can be moved, and for nobody on
/// others.
pub(super) fn services(parts: &Parts) -> Services {
    Services {
        store: parts.store.clone(),
        applications: parts.applications.clone(),
        public_url: parts.public_url.clone(),
        access: match parts.time {
            Some(_) => Access::Everyone,
            None => Access::Nobody,
        },
        clock: parts.clock.clone(),
        time: parts.time.clone(),
        rng: parts.rng.clone(),
        brands: parts.connect.catalogue.brands.clone(),
        previews: Arc::new(ConnectPreviews(parts.connect.clone())),
        simulations: parts.simulations.clone(),
        faults: parts
            .simulator_api
            .faults()
            .map(|switch| switch.faults.clone()),
        stopping: parts.stopping.clone(),
    }
}

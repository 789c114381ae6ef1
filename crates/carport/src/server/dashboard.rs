//! What the Dashboard works with.

use carport_dashboard::{Access, Services};

use super::Parts;

/// Its pages act for whoever sits at a `dev` server, whose clock can be moved, and for nobody on
/// others.
pub(super) fn services(parts: &Parts) -> Services {
    Services {
        store: parts.store.clone(),
        public_url: parts.public_url.clone(),
        access: match parts.time {
            Some(_) => Access::Everyone,
            None => Access::Nobody,
        },
        accounts: parts.accounts.clone(),
        clock: parts.clock.clone(),
        time: parts.time.clone(),
        rng: parts.rng.clone(),
        brands: parts.connect.brands.clone(),
        simulations: parts.simulations.clone(),
        faults: parts
            .simulator_api
            .faults()
            .map(|switch| switch.faults.clone()),
        stopping: parts.stopping.clone(),
    }
}

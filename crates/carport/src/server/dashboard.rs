//! What the Dashboard works with.

use carport_dashboard::{Access, Services};
use carport_web::layers::Attendance;

use super::{Parts, own_api};

/// Its pages act for whoever sits at a `dev` server, whose clock can be moved, and for nobody on
/// others.
pub(super) fn services(parts: &Parts, attendance: Attendance) -> Services {
    Services {
        store: parts.store.clone(),
        public_url: parts.public_url.clone(),
        access: match parts.time {
            Some(_) => Access::Everyone,
            None => Access::Nobody,
        },
        clock: parts.clock.clone(),
        time: parts.time.clone(),
        rng: parts.rng.clone(),
        applications: parts.applications.clone(),
        oauth: parts.oauth.clone(),
        own_api: own_api::of(parts, attendance),
        brands: parts.connect.brands.clone(),
        simulations: parts.simulations.clone(),
        faults: parts
            .simulator_api
            .faults()
            .map(|switch| switch.faults.clone()),
        stopping: parts.stopping.clone(),
    }
}

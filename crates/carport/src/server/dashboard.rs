//! What the Dashboard works with.

use std::sync::Arc;

use carport_connector::Reader;
use carport_dashboard::{Access, Services};
use carport_web::layers::Attendance;

use super::previews::ConnectPreviews;
use super::{Parts, own_api};

/// Its pages act for members who are signed in, and on a `dev` server, whose clock can be moved, for
/// whoever sits at it.
pub(super) fn services(parts: &Parts, attendance: Attendance) -> Services {
    let routes = own_api::routes(parts, attendance);
    Services {
        store: parts.store.clone(),
        applications: parts.applications.clone(),
        public_url: parts.public_url.clone(),
        access: match parts.time {
            Some(_) => Access::Everyone,
            None => Access::Nobody,
        },
        accounts: parts.accounts.clone(),
        clock: parts.clock.clone(),
        time: parts.time.clone(),
        rng: parts.rng.clone(),
        brands: parts.connect.catalogue.brands.clone(),
        previews: Arc::new(ConnectPreviews(parts.connect.clone())),
        oauth: parts.oauth.clone(),
        own_api: own_api::of(parts, routes.clone()),
        simulations: parts.simulations.clone(),
        faults: parts
            .simulator_api
            .faults()
            .map(|switch| switch.faults.clone()),
        reader: Reader::new(parts.connect.connectors.clone()),
        mint: parts.mint.clone(),
        api: routes,
        request_log: parts.request_log.clone(),
        request_log_keeps: parts.request_log_keeps,
        stopping: parts.stopping.clone(),
    }
}

//! `/dashboard/simulator`: the page to watch and steer simulated cars.
//!
//! [`scene`] reads how the cars are, [`mod@page`] shows it, [`events`] tells what changes, [`acts`]
//! does what the buttons say. [`reading`] is the only file that knows the simulator's own types;
//! [`map`] and [`plot`] draw, and know nothing.

mod acts;
mod car;
mod clock;
mod events;
mod faults;
mod figures;
mod here;
mod keys;
mod live;
mod making;
mod map;
mod page;
mod plot;
mod reading;
mod removal;
mod scene;
mod trip;
mod trouble;

#[cfg(test)]
pub(crate) mod tests;

use axum::Router;
use axum::routing::{get, post};
use carport_web::layers;

use crate::Dashboard;
pub(crate) use events::STREAMS;

/// The routes of the page.
pub(crate) fn routes() -> Router<Dashboard> {
    let pages = Router::new()
        .route("/dashboard/simulator", get(page::show))
        .route(
            "/dashboard/simulator/new",
            get(making::show).post(making::make),
        )
        .route("/dashboard/simulator/clock", post(acts::move_clock))
        .route("/dashboard/simulator/cars/{id}/course", post(acts::steer))
        .route("/dashboard/simulator/cars/{id}/stage", post(acts::jump))
        .route(
            "/dashboard/simulator/cars/{id}/credentials",
            get(keys::show),
        )
        .route(
            "/dashboard/simulator/cars/{id}/delete",
            get(removal::ask).post(removal::delete),
        )
        .route("/dashboard/simulator/faults", post(acts::set_fault))
        .route("/dashboard/simulator/faults/stop", post(acts::stop_fault))
        .layer(layers::compression());
    // What comes bit by bit is not compressed.
    pages.route("/dashboard/simulator/events", get(events::stream))
}

//! `/dashboard/try`: the guide without writing a line. A link to Connect is built from controls,
//! opened, its code received and exchanged, and the API called, each step with its request and
//! answer.
//!
//! [`wish`] is what the controls say and [`build`] their page; [`callback`] receives the code, and
//! [`tokens`], [`vehicles`] and [`calls`] are the steps after it. [`runs`] keeps what a run knows
//! between them, [`wire`] carries requests through the server's own routes, and [`written`] is how they
//! are shown.

mod build;
mod callback;
mod calls;
mod controls;
mod explain;
mod known;
mod later;
mod open;
pub(crate) mod own_api;
mod pretty;
pub(crate) mod runs;
mod steps;
mod tokens;
mod vehicles;
mod wire;
mod wish;
mod written;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use carport_web::layers;

use crate::Dashboard;

/// The page with the controls.
const PAGE: &str = "/dashboard/try";
/// Where Connect leads back to.
const CALLBACK: &str = "/dashboard/try/callback";

/// The routes of the playground.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(PAGE, get(build::show))
        .route("/dashboard/try/callback-uri", post(open::register))
        .route("/dashboard/try/open", post(open::open))
        .route(CALLBACK, get(callback::receive))
        .route("/dashboard/try/runs/{run}", get(callback::show))
        .route(
            "/dashboard/try/runs/{run}/tokens",
            get(tokens::show).post(tokens::exchange),
        )
        .route(
            "/dashboard/try/runs/{run}/vehicles",
            get(vehicles::show).post(vehicles::ask),
        )
        .route(
            "/dashboard/try/runs/{run}/calls",
            get(calls::show).post(calls::send),
        )
        .route("/dashboard/try/runs/{run}/refresh", post(later::refresh))
        .route(
            "/dashboard/try/runs/{run}/disconnect",
            post(later::disconnect),
        )
        .layer(layers::compression())
}

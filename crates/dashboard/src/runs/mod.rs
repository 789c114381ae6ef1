//! `/dashboard/runs`: owners on their way through Connect, step by step.

mod list;
mod run;
mod words;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use carport_web::layers;

use crate::Dashboard;

/// The list.
pub(crate) const PAGE: &str = "/dashboard/runs";

/// The routes of the pages.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(PAGE, get(list::show))
        .route("/dashboard/runs/{id}", get(run::show))
        .layer(layers::compression())
}

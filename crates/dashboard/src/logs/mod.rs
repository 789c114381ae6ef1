//! `/dashboard/logs`: every request of the API, at once.

mod again;
mod detail;
mod page;
mod words;

#[cfg(test)]
pub(crate) mod tests;

use axum::Router;
use axum::routing::{get, post};
use carport_web::layers;

use crate::Dashboard;
pub(crate) use words::{Answer, of_route};

/// The list.
pub(crate) const PAGE: &str = "/dashboard/logs";

/// The routes of the page.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(PAGE, get(page::show))
        .route("/dashboard/logs/again", post(again::send))
        .layer(layers::compression())
}

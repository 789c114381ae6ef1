//! `/dashboard/applications`: the applications, and one of them with its tabs.
//!
//! [`list`] shows all, [`tabs`] is what stands around every page of one application, and each tab is
//! a file of its own. What may be done and how is `carport_oauth::applications`.

mod list;
mod moment;
mod page;
pub(crate) mod tabs;
pub(crate) mod trouble;

use axum::Router;
use axum::routing::get;
use carport_web::layers;

use crate::Dashboard;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/applications", get(list::show))
        .route(
            "/dashboard/applications/{id}",
            get(page::show).post(page::save),
        )
        .layer(layers::compression())
}

//! `/dashboard/applications`: the applications, and one of them with its tabs.
//!
//! [`list`] shows all, [`tabs`] is what stands around every page of one application, and each tab is
//! a file of its own. What may be done and how is `carport_oauth::applications`.

mod asking;
mod credentials;
mod list;
mod making;
mod moment;
mod page;
mod redirects;
mod secrets;
mod state;
pub(crate) mod tabs;
pub(crate) mod trouble;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use carport_web::layers;

use crate::Dashboard;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route("/dashboard/applications", get(list::show))
        .route(
            "/dashboard/applications/new",
            get(making::show).post(making::make),
        )
        .route(
            "/dashboard/applications/{id}",
            get(page::show).post(page::save),
        )
        .route(
            "/dashboard/applications/{id}/state",
            get(state::ask).post(state::set),
        )
        .route(
            "/dashboard/applications/{id}/delete",
            get(state::ask_deletion).post(state::delete),
        )
        .route(
            "/dashboard/applications/{id}/redirects",
            get(redirects::show).post(redirects::add),
        )
        .route(
            "/dashboard/applications/{id}/redirects/remove",
            post(redirects::remove),
        )
        .route(
            "/dashboard/applications/{id}/redirects/default",
            post(redirects::make_default),
        )
        .merge(credentials_routes())
        .layer(layers::compression())
}

fn credentials_routes() -> Router<Dashboard> {
    Router::new()
        .route(
            "/dashboard/applications/{id}/credentials",
            get(credentials::show),
        )
        .route(
            "/dashboard/applications/{id}/credentials/secret",
            post(secrets::rotate),
        )
        .route(
            "/dashboard/applications/{id}/credentials/secret/{secret}",
            get(secrets::ask_secret).post(secrets::revoke),
        )
        .route(
            "/dashboard/applications/{id}/credentials/machine",
            post(secrets::add_machine),
        )
        .route(
            "/dashboard/applications/{id}/credentials/machine/{secret}",
            get(secrets::ask_machine).post(secrets::remove_machine),
        )
        .route(
            "/dashboard/applications/{id}/credentials/token",
            get(secrets::ask_token).post(secrets::replace_token),
        )
        .route(
            "/dashboard/applications/{id}/credentials/token/show",
            post(secrets::show_token),
        )
}

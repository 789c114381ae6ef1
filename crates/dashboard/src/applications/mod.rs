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
    let one = Router::new()
        .route("/", get(page::show).post(page::save))
        .route("/state", get(state::ask).post(state::set))
        .route("/delete", get(state::ask_deletion).post(state::delete))
        .nest("/credentials", credentials_routes())
        .route("/redirects", get(redirects::show).post(redirects::add))
        .route("/redirects/remove", post(redirects::remove))
        .route("/redirects/default", post(redirects::make_default));
    Router::new()
        .route("/dashboard/applications", get(list::show))
        .route(
            "/dashboard/applications/new",
            get(making::show).post(making::make),
        )
        .nest("/dashboard/applications/{id}", one)
        .layer(layers::compression())
}

fn credentials_routes() -> Router<Dashboard> {
    Router::new()
        .route("/", get(credentials::show))
        .route("/secret", post(secrets::rotate))
        .route(
            "/secret/{secret}",
            get(secrets::ask_secret).post(secrets::revoke),
        )
        .route("/machine", post(secrets::add_machine))
        .route(
            "/machine/{secret}",
            get(secrets::ask_machine).post(secrets::remove_machine),
        )
        .route(
            "/token",
            get(secrets::ask_token).post(secrets::replace_token),
        )
        .route("/token/show", post(secrets::show_token))
}

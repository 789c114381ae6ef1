//! What owners see of an application in Connect: vehicle access, brands and countries, appearance,
//! safety. One file each; [`side`] finds the application and says how a change went.

mod access;
mod appearance;
mod brands;
mod logo;
mod security;
mod side;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use carport_web::layers;
use carport_web::words::{Text, t};

use crate::Dashboard;
use crate::access::LARGEST;

/// What can be said on the next page of what was done.
pub(crate) const TOASTS: &[(&str, Text)] = &[
    (
        "access",
        t("Saved. New connections are asked for this from now on."),
    ),
    (
        "brands",
        t("Saved. Connect lists these brands from now on."),
    ),
    (
        "countries",
        t("Saved. Owners choose from these countries from now on."),
    ),
    (
        "cars",
        t("Saved. New connections follow the filter from now on."),
    ),
    (
        "appearance",
        t("Saved. Connect looks like this from now on."),
    ),
    ("logo", t("Logo changed. Connect shows it from now on.")),
    (
        "logo-in-part",
        t(
            "Logo changed. Parts that a logo must not have, such as scripts, links and styles with \
             addresses, were left out: look at it below.",
        ),
    ),
    (
        "logo-removed",
        t("Logo removed. Connect shows the initials from now on."),
    ),
    ("security", t("Saved. Connect obeys from now on.")),
    (
        "origin-added",
        t("Origin added. Its pages can use the browser SDK from now on."),
    ),
    (
        "origin-removed",
        t("Origin removed. Its pages hear nothing from Connect any more."),
    ),
];

/// The routes of the pages.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(
            "/dashboard/applications/{id}/access",
            get(access::show).post(access::save),
        )
        .route(
            "/dashboard/applications/{id}/access/preview",
            get(access::preview).post(access::preview_unsaved),
        )
        .route(
            "/dashboard/applications/{id}/brands",
            get(brands::show).post(brands::save),
        )
        .route(
            "/dashboard/applications/{id}/appearance",
            get(appearance::show).post(appearance::save),
        )
        .route(
            "/dashboard/applications/{id}/appearance/preview",
            get(appearance::preview).post(appearance::preview_unsaved),
        )
        .route(
            "/dashboard/applications/{id}/appearance/logo",
            post(logo::upload).layer(DefaultBodyLimit::max(LARGEST)),
        )
        .route(
            "/dashboard/applications/{id}/appearance/logo/remove",
            post(logo::remove),
        )
        .route(
            "/dashboard/applications/{id}/security",
            get(security::show).post(security::save),
        )
        .route(
            "/dashboard/applications/{id}/security/origins",
            post(security::add_origin),
        )
        .route(
            "/dashboard/applications/{id}/security/origins/remove",
            post(security::remove_origin),
        )
        .layer(layers::compression())
}

//! Every page of Connect, and what the browser SDK loads.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use carport_web::{Problem, layers};

use crate::browser_sdk::{page, scripts};
use crate::{
    Services, authorize, brand, capacity, done, error, exit, grant, incompatible, login, logo, mfa,
    no_vehicles, start, subscription, vehicle_link,
};

/// The routes, with their pages compressed. Request ids and assets are the listener's to add.
pub fn routes(services: Arc<Services>) -> Router {
    Router::new()
        .route(
            "/oauth/authorize",
            get(authorize::get_authorize).post(authorize::post_authorize),
        )
        .route(
            "/oauth/reauthenticate",
            get(vehicle_link::get_reauthenticate),
        )
        .route("/battery-capacity", get(vehicle_link::get_battery_capacity))
        .route("/connect/{run}", get(start::get_current))
        .route(
            "/connect/{run}/start",
            get(start::get_start).post(start::choose_country),
        )
        .route(
            "/connect/{run}/brand",
            get(brand::get_brand).post(brand::choose_brand),
        )
        .route(
            "/connect/{run}/login",
            get(login::get_login).post(login::sign_in),
        )
        .route("/connect/{run}/mfa", get(mfa::get_mfa).post(mfa::confirm))
        .route(
            "/connect/{run}/grant",
            get(grant::get_grant).post(grant::decide),
        )
        .route(
            "/connect/{run}/no-vehicles",
            get(no_vehicles::get_no_vehicles),
        )
        .route(
            "/connect/{run}/incompatible",
            get(incompatible::get_incompatible),
        )
        .route(
            "/connect/{run}/subscription",
            get(subscription::get_subscription),
        )
        .route(
            "/connect/{run}/capacity",
            get(capacity::get_capacity).post(capacity::choose_capacity),
        )
        .route("/connect/{run}/error", get(error::get_error))
        .route("/connect/{run}/exit", post(exit::leave))
        .route("/connect/{run}/done", get(done::get_done))
        .route("/connect/{run}/{other}", get(async || Problem::not_found()))
        .route("/logos/{application}/{name}", get(logo::get_logo))
        .route("/v2/redirect", get(page::get_redirect))
        .route("/v2/redirect.js", get(scripts::get_redirect_script))
        .route("/sdk.js", get(scripts::get_sdk))
        .route("/{version}/sdk.js", get(scripts::get_versioned_sdk))
        .layer(layers::compression())
        .with_state(services)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_route_list() {
        let source = include_str!("routes.rs");
        let (list, _) = source.split_once("#[cfg(test)]").unwrap();
        let paths: Vec<&str> = list.split('"').filter(|text| is_path(text)).collect();
        insta::assert_snapshot!(paths.join("\n"), @r"
        /oauth/authorize
        /oauth/reauthenticate
        /battery-capacity
        /connect/{run}
        /connect/{run}/start
        /connect/{run}/brand
        /connect/{run}/login
        /connect/{run}/mfa
        /connect/{run}/grant
        /connect/{run}/no-vehicles
        /connect/{run}/incompatible
        /connect/{run}/subscription
        /connect/{run}/capacity
        /connect/{run}/error
        /connect/{run}/exit
        /connect/{run}/done
        /connect/{run}/{other}
        /logos/{application}/{name}
        /v2/redirect
        /v2/redirect.js
        /sdk.js
        /{version}/sdk.js
        ");
    }

    fn is_path(text: &str) -> bool {
        text.starts_with('/') && !text.starts_with("//")
    }
}

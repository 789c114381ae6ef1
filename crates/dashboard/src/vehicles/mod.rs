//! `/dashboard/vehicles`: the cars that owners connected, and one of them.

mod car;
mod disconnect;
mod list;
mod values;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use carport_model::vehicle::FoundVehicle;
use carport_web::layers;

use crate::Dashboard;

/// The list.
pub(crate) const PAGE: &str = "/dashboard/vehicles";

/// The routes of the pages.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(PAGE, get(list::show))
        .route("/dashboard/vehicles/{id}", get(car::show))
        .route(
            "/dashboard/vehicles/{id}/disconnect",
            get(disconnect::ask).post(disconnect::end),
        )
        .layer(layers::compression())
}

/// "2023 Volvo XC40 Recharge".
pub(crate) fn name(dashboard: &Dashboard, car: &FoundVehicle) -> String {
    let brand = dashboard.brands.get(&car.make);
    let brand = brand.map_or(car.make.as_str(), |brand| brand.name.as_str());
    format!("{} {brand} {}", car.year, car.model)
}

//! API v2.0: one file an endpoint. Source: contract rest-v2.

pub mod attributes;
pub mod battery;
pub mod charge;
pub mod disconnect;
pub mod endpoint;
pub mod error;
pub mod fuel;
pub mod location;
pub mod odometer;
pub mod paging;
pub mod permissions;
pub mod tires;
pub mod user;
pub mod vehicles;
pub mod vin;
pub mod webhooks;

use endpoint::Endpoint;

/// Every endpoint that shows signals. Single reads, batch and webhooks go through these rows.
pub static ENDPOINTS: &[&Endpoint] = &[
    &battery::ENDPOINT,
    &charge::ENDPOINT,
    &fuel::ENDPOINT,
    &location::ENDPOINT,
    &odometer::ENDPOINT,
    &tires::ENDPOINT,
];

#[cfg(test)]
mod tests;

//! API v2.0: one file an endpoint. Source: contract rest-v2.

pub mod attributes;
pub mod batch;
pub mod battery;
pub mod battery_capacity;
pub mod charge;
pub mod charge_limit;
pub mod command;
pub mod compatibility;
pub mod diagnostics;
pub mod disconnect;
pub mod endpoint;
pub mod engine_oil;
pub mod error;
pub mod fuel;
pub mod location;
pub mod navigation;
pub mod nominal_capacity;
pub mod odometer;
pub mod opened;
pub mod paging;
pub mod permissions;
pub mod security;
pub mod service_history;
pub mod tires;
pub mod user;
pub mod values;
pub mod vehicles;
pub mod vin;
pub mod webhooks;

use command::Order;
use endpoint::{Endpoint, Fixed};

/// Every endpoint that shows signals. Single reads, batch and webhooks go through these rows.
pub static ENDPOINTS: &[&Endpoint] = &[
    &battery::ENDPOINT,
    &battery_capacity::ENDPOINT,
    &charge::ENDPOINT,
    &charge_limit::ENDPOINT,
    &diagnostics::DTCS,
    &diagnostics::SYSTEM_STATUS,
    &engine_oil::ENDPOINT,
    &fuel::ENDPOINT,
    &location::ENDPOINT,
    &nominal_capacity::ENDPOINT,
    &odometer::ENDPOINT,
    &security::ENDPOINT,
    &service_history::ENDPOINT,
    &tires::ENDPOINT,
];

/// Every endpoint that shows what Carport knows of a vehicle by itself.
pub static FIXED: &[&Fixed] = &[
    &attributes::ENDPOINT,
    &permissions::ENDPOINT,
    &vin::ENDPOINT,
];

/// Every command.
pub static ORDERS: &[&Order] = &[
    &charge::ORDER,
    &charge_limit::ORDER,
    &navigation::ORDER,
    &security::ORDER,
];

#[cfg(test)]
pub(crate) mod tests;

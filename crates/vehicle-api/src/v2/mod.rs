//! API v2.0: one file an endpoint. Source: contract rest-v2.

pub mod attributes;
pub mod batch;
pub mod battery;
pub mod battery_capacity;
pub mod charge;
pub mod charge_limit;
pub mod command;
pub mod diagnostics;
pub mod endpoint;
pub mod engine_oil;
pub mod error;
pub mod fields;
pub mod fuel;
pub mod location;
pub mod navigation;
pub mod nominal_capacity;
pub mod odometer;
mod old;
pub mod paging;
pub mod permissions;
pub mod range;
pub(crate) mod render;
pub mod security;
pub mod service_history;
pub mod tires;
pub mod unserved;
pub mod user;
pub mod values;
pub mod vehicles;
pub mod vin;

use command::Order;
use endpoint::{Endpoint, Fixed};
use unserved::Unserved;

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

/// Every read that is known and cannot be served.
pub static UNSERVED: &[&Unserved] = &[];

/// Every command.
pub static ORDERS: &[&Order] = &[
    &charge::ORDER,
    &charge_limit::ORDER,
    &navigation::ORDER,
    &security::ORDER,
];

#[cfg(test)]
mod tests;

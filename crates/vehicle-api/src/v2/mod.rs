//! API v2.0: one file an endpoint. Source: contract rest-v2.

pub mod attributes;
pub mod batch;
pub mod battery;
pub mod battery_capacity;
pub mod brand;
pub mod charge;
pub mod charge_limit;
pub mod command;
pub mod compatibility;
pub mod diagnostics;
pub mod disconnect;
pub mod endpoint;
pub mod engine_oil;
pub mod error;
pub mod fields;
pub mod fuel;
pub mod location;
pub mod navigation;
pub mod nominal_capacity;
pub mod odometer;
pub mod opened;
pub mod paging;
mod parameter;
pub mod permissions;
pub mod range;
pub mod security;
pub mod service_history;
pub mod tires;
pub mod unserved;
pub mod user;
pub mod values;
pub mod vehicles;
pub mod vin;
pub mod webhooks;

use brand::{audi, charge_records, charging_place, meters, nissan, tesla};
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
    &audi::CHARGE,
    &charge_records::BMW,
    &charge_records::MINI,
    &charge_records::TESLA,
    &charge_records::TESLA_BILLING,
    &charging_place::FORD,
    &charging_place::LINCOLN,
    &meters::CADILLAC_COMPLETION,
    &meters::CADILLAC_VOLTMETER,
    &meters::CHEVROLET_COMPLETION,
    &meters::CHEVROLET_VOLTMETER,
    &meters::TESLA_AMMETER,
    &meters::TESLA_COMPLETION,
    &meters::TESLA_VOLTMETER,
    &meters::TESLA_WATTMETER,
    &nissan::SCHEDULE,
    &tesla::account::USER_ACCESS,
    &tesla::account::USER_INFO,
    &tesla::account::VIRTUAL_KEY,
    &tesla::attributes::ENDPOINT,
    &tesla::battery::ENDPOINT,
    &tesla::charge::ENDPOINT,
    &tesla::climate::CABIN,
    &tesla::climate::DEFROSTER,
    &tesla::climate::STEERING_WHEEL,
    &tesla::driving::COMPASS,
    &tesla::driving::EXTERIOR,
    &tesla::driving::INTERIOR,
    &tesla::driving::SPEEDOMETER,
    &tesla::schedule::ENDPOINT,
    &tesla::status::ENDPOINT,
];

/// Every endpoint that shows what Carport knows of a vehicle by itself.
pub static FIXED: &[&Fixed] = &[
    &attributes::ENDPOINT,
    &permissions::ENDPOINT,
    &vin::ENDPOINT,
];

/// Every read that is known and cannot be served.
pub static UNSERVED: &[&Unserved] = &[&tesla::account::ALERTS, &tesla::account::MIGRATION];

/// Every command.
pub static ORDERS: &[&Order] = &[
    &charge::ORDER,
    &charge_limit::ORDER,
    &navigation::ORDER,
    &security::ORDER,
    &charging_place::FORD_SET,
    &charging_place::LINCOLN_SET,
    &meters::TESLA_SET_AMPERAGE,
    &nissan::SET_SCHEDULE,
    &tesla::climate::SET_CABIN,
    &tesla::climate::SET_DEFROSTER,
    &tesla::climate::SET_STEERING_WHEEL,
    &tesla::openings::CHARGE_PORT,
    &tesla::openings::FRONT_TRUNK,
    &tesla::openings::REAR_TRUNK,
    &tesla::pin::CLEAR,
    &tesla::pin::SET,
    &tesla::schedule::ORDER,
];

#[cfg(test)]
pub(crate) mod tests;

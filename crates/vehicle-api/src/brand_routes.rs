//! The route list of what single brands have, on one screen.

use axum::Router;

use crate::VehicleApi;
use crate::v2::brand::{MAKES, audi, charge_records, meters, nissan, upper_case};
use crate::v2::brand::{charging_place as place, tesla};
use crate::v2::command::order;
use crate::v2::endpoint::read;
use crate::v2::unserved::unserved;

/// Path below a vehicle, then the rows that are served there.
macro_rules! routes {
    ($($path:literal $($kind:ident($row:path))+;)*) => {
        Router::new()$($(.route(concat!("/v2.0/vehicles/{id}", $path), $kind(&$row)))+)*
    };
}

/// The routes below a vehicle that begin with a make.
pub(crate) fn brand_routes() -> Router<VehicleApi> {
    let routes = routes! {
        "/audi/charge"                          read(audi::CHARGE);
        "/bmw/charge/records"                   read(charge_records::BMW);
        "/cadillac/charge/completion"           read(meters::CADILLAC_COMPLETION);
        "/cadillac/charge/voltmeter"            read(meters::CADILLAC_VOLTMETER);
        "/chevrolet/charge/completion"          read(meters::CHEVROLET_COMPLETION);
        "/chevrolet/charge/voltmeter"           read(meters::CHEVROLET_VOLTMETER);
        "/ford/charge/schedule_by_location"     read(place::FORD) order(place::FORD_SET);
        "/lincoln/charge/schedule_by_location"  read(place::LINCOLN) order(place::LINCOLN_SET);
        "/mini/charge/records"                  read(charge_records::MINI);
        "/nissan/charge/schedule"               read(nissan::SCHEDULE) order(nissan::SET_SCHEDULE);
        "/tesla/alerts"                         unserved(tesla::account::ALERTS);
        "/tesla/attributes"                     read(tesla::attributes::ENDPOINT);
        "/tesla/battery"                        read(tesla::battery::ENDPOINT);
        "/tesla/charge"                         read(tesla::charge::ENDPOINT);
        "/tesla/charge/ammeter"                 read(meters::TESLA_AMMETER) order(meters::TESLA_SET_AMPERAGE);
        "/tesla/charge/charge_port_door"        order(tesla::openings::CHARGE_PORT);
        "/tesla/charge/completion"              read(meters::TESLA_COMPLETION);
        "/tesla/charge/records"                 read(charge_records::TESLA);
        "/tesla/charge/records/billing"         read(charge_records::TESLA_BILLING);
        "/tesla/charge/schedule"                read(tesla::schedule::ENDPOINT) order(tesla::schedule::ORDER);
        "/tesla/charge/voltmeter"               read(meters::TESLA_VOLTMETER);
        "/tesla/charge/wattmeter"               read(meters::TESLA_WATTMETER);
        "/tesla/climate/cabin"                  read(tesla::climate::CABIN) order(tesla::climate::SET_CABIN);
        "/tesla/climate/defroster"              read(tesla::climate::DEFROSTER) order(tesla::climate::SET_DEFROSTER);
        "/tesla/climate/steering_wheel"         read(tesla::climate::STEERING_WHEEL) order(tesla::climate::SET_STEERING_WHEEL);
        // Where it was before (docs/quirks.md#steering-wheel).
        "/tesla/climate/cabin/steering_wheel"   read(tesla::climate::STEERING_WHEEL) order(tesla::climate::SET_STEERING_WHEEL);
        "/tesla/compass"                        read(tesla::driving::COMPASS);
        "/tesla/migration"                      unserved(tesla::account::MIGRATION);
        "/tesla/pin"                            order(tesla::pin::SET) order(tesla::pin::CLEAR);
        "/tesla/security/frunk"                 order(tesla::openings::FRONT_TRUNK);
        "/tesla/security/trunk"                 order(tesla::openings::REAR_TRUNK);
        "/tesla/speedometer"                    read(tesla::driving::SPEEDOMETER);
        "/tesla/status"                         read(tesla::status::ENDPOINT);
        "/tesla/thermometer/exterior"           read(tesla::driving::EXTERIOR);
        "/tesla/thermometer/interior"           read(tesla::driving::INTERIOR);
        "/tesla/user/access"                    read(tesla::account::USER_ACCESS);
        "/tesla/user/info"                      read(tesla::account::USER_INFO);
        "/tesla/virtual_key"                    read(tesla::account::VIRTUAL_KEY);
    };
    MAKES.iter().fold(routes, |routes, make| {
        let below = format!("/v2.0/vehicles/{{id}}/{make}/{{*path}}");
        routes.route(&below, upper_case())
    })
}

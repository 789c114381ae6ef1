//! `GET /vehicles/{id}/tesla/compass`, `speedometer` and `thermometer`.
//! Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::climate::{EXTERNAL_TEMPERATURE, INTERNAL_TEMPERATURE};
use carport_model::signal::location::PRECISE_LOCATION;
use carport_model::signal::motion::CURRENT_SPEED;
use carport_model::{Permission, SignalValue, error};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// Where the car points.
pub static COMPASS: Endpoint = Endpoint {
    path: "/tesla/compass",
    make: Some("TESLA"),
    permission: Some(Permission::ReadCompass),
    query: &[],
    signals: &[PRECISE_LOCATION],
    view: compass,
    schema: Shape::of::<Compass>(),
    summary: "Where the car points.",
};

/// How fast it goes.
pub static SPEEDOMETER: Endpoint = Endpoint {
    path: "/tesla/speedometer",
    make: Some("TESLA"),
    permission: Some(Permission::ReadSpeedometer),
    query: &[],
    signals: &[CURRENT_SPEED],
    view: |values| {
        body(&Speedometer {
            speed: values.number(CURRENT_SPEED)?,
        })
    },
    schema: Shape::of::<Speedometer>(),
    summary: "How fast the car goes.",
};

/// How warm it is outside.
pub static EXTERIOR: Endpoint = Endpoint {
    path: "/tesla/thermometer/exterior",
    make: Some("TESLA"),
    permission: Some(Permission::ReadThermometer),
    query: &[],
    signals: &[EXTERNAL_TEMPERATURE],
    view: |values| {
        body(&Thermometer {
            temperature: values.number(EXTERNAL_TEMPERATURE)?,
        })
    },
    schema: Shape::of::<Thermometer>(),
    summary: "How warm it is outside the car.",
};

/// How warm it is inside.
pub static INTERIOR: Endpoint = Endpoint {
    path: "/tesla/thermometer/interior",
    make: Some("TESLA"),
    permission: Some(Permission::ReadThermometer),
    query: &[],
    signals: &[INTERNAL_TEMPERATURE],
    view: |values| {
        body(&Thermometer {
            temperature: values.number(INTERNAL_TEMPERATURE)?,
        })
    },
    schema: Shape::of::<Thermometer>(),
    summary: "How warm it is in the cabin.",
};

/// Where the car points.
#[derive(Debug, Serialize, ToSchema)]
pub struct Compass {
    /// `N`, `NE`, `E`, `SE`, `S`, `SW`, `W` or `NW`.
    pub direction: &'static str,
    /// Degrees from north by east, below 360.
    pub heading: f64,
}

/// How fast the car goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Speedometer {
    /// Kilometres or miles an hour.
    pub speed: f64,
}

/// How warm it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Thermometer {
    /// Degrees Celsius or Fahrenheit.
    pub temperature: f64,
}

fn compass(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let heading = match values.need(PRECISE_LOCATION)? {
        SignalValue::Position { heading, .. } => heading.ok_or(&error::VEHICLE_NOT_CAPABLE)?,
        _ => return Err((&error::INVALID_DATA).into()),
    };
    let heading = heading.rem_euclid(360.0);
    body(&Compass {
        direction: direction(heading),
        heading,
    })
}

/// Ends of the sectors, each 45 degrees around its point.
const SECTORS: [(f64, &str); 8] = [
    (22.5, "N"),
    (67.5, "NE"),
    (112.5, "E"),
    (157.5, "SE"),
    (202.5, "S"),
    (247.5, "SW"),
    (292.5, "W"),
    (337.5, "NW"),
];

/// The point of the compass that is nearest to a heading below 360.
fn direction(heading: f64) -> &'static str {
    let sector = SECTORS.iter().find(|(end, _)| heading < *end);
    sector.map_or("N", |(_, point)| point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_compass() {
        let points = [
            0.0, 22.4, 22.5, 47.5, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0, 337.5, 359.9,
        ];
        let expected = "N N NE NE E SE S SW W NW N N";
        assert_eq!(points.map(direction).join(" "), expected);
    }
}

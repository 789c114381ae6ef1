//! `GET /vehicles/{id}/tesla/attributes`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::signal::connectivity::CURRENT_FIRMWARE_VERSION;
use carport_model::signal::location::IS_AT_HOME;
use carport_model::signal::surveillance::IS_ENABLED;
use carport_model::signal::vehicle_identification::{EXTERIOR_COLOR, NICKNAME, PACKAGES, TRIM};
use carport_model::signal::wheel::STYLE;
use carport_model::{Permission, Signal};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::values::Values;

/// The endpoint.
pub static ENDPOINT: Endpoint = Endpoint {
    path: "/tesla/attributes",
    make: Some("TESLA"),
    permission: Some(Permission::ReadExtendedVehicleInfo),
    query: &[],
    signals: SIGNALS,
    view,
    schema: Shape::of::<TeslaAttributes>(),
    summary: "What the car is and what it was ordered with.",
};

const SIGNALS: &[Signal] = &[
    CURRENT_FIRMWARE_VERSION,
    TRIM,
    PACKAGES,
    NICKNAME,
    IS_AT_HOME,
    IS_ENABLED,
    EXTERIOR_COLOR,
    STYLE,
];

/// What the car is. What it does not tell is null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TeslaAttributes {
    /// Id of the vehicle for this application.
    pub id: String,
    /// Brand id, upper case.
    pub make: String,
    /// Model name.
    pub model: String,
    /// Model year.
    pub year: i32,
    /// Version of the software.
    pub firmware_version: Option<String>,
    /// Trim of the model.
    pub trim_badging: Option<String>,
    /// The package whose name tells of efficiency.
    pub efficiency_package: Option<String>,
    /// The package whose name tells of performance.
    pub performance_package: Option<String>,
    /// What the owner calls the car.
    pub nickname: Option<String>,
    /// Version of the driver assistance. No signal tells it: always null.
    pub driver_assist_version: Option<String>,
    /// Whether the car is at its owner's home.
    pub at_home: Option<bool>,
    /// The car's watch over itself.
    #[schema(inline)]
    pub sentry_mode: SentryMode,
    /// How it looks.
    #[schema(inline)]
    pub style: Style,
    /// Its wheels.
    #[schema(inline)]
    pub wheel: Wheel,
    /// Its motors.
    #[schema(inline)]
    pub drive_unit: DriveUnit,
}

/// The car's watch over itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentryMode {
    /// Whether the car has it: it does when it tells whether it is on.
    pub available: Option<bool>,
    /// Whether it is on.
    pub enabled: Option<bool>,
}

/// How the car looks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Style {
    /// Colour of the body.
    pub exterior_color: Option<String>,
    /// No signal tells it: always null.
    pub exterior_trim: Option<String>,
    /// No signal tells it: always null.
    pub interior_trim: Option<String>,
}

/// The wheels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wheel {
    /// What they look like.
    pub style: Option<String>,
    /// Millimetres. No signal tells it: always null.
    pub diameter: Option<f64>,
}

/// The motors. No signal tells of them: always null.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DriveUnit {
    /// At the rear axle.
    pub rear: Option<String>,
    /// At the front axle.
    pub front: Option<String>,
}

fn view(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    values.need_any(SIGNALS)?;
    let vehicle = &values.asked().car.vehicle;
    let watches = values.or_null(IS_ENABLED, Values::flag)?;
    body(&TeslaAttributes {
        id: vehicle.id.to_string(),
        make: vehicle.car.make.to_string(),
        model: vehicle.car.model.clone(),
        year: vehicle.car.year,
        firmware_version: values.word_or_null(CURRENT_FIRMWARE_VERSION)?,
        trim_badging: values.word_or_null(TRIM)?,
        efficiency_package: package(values, "efficiency")?,
        performance_package: package(values, "performance")?,
        nickname: values.word_or_null(NICKNAME)?,
        driver_assist_version: None,
        at_home: values.or_null(IS_AT_HOME, Values::flag)?,
        sentry_mode: SentryMode {
            available: watches.map(|_| true),
            enabled: watches,
        },
        style: Style {
            exterior_color: values.word_or_null(EXTERIOR_COLOR)?,
            exterior_trim: None,
            interior_trim: None,
        },
        wheel: Wheel {
            style: values.word_or_null(STYLE)?,
            diameter: None,
        },
        drive_unit: DriveUnit::default(),
    })
}

/// The first package whose name has this word in it.
fn package(values: &Values<'_>, word: &str) -> Result<Option<String>, Fault> {
    let packages = values.or_null(PACKAGES, Values::words)?.unwrap_or_default();
    let has_word = |name: &&String| name.to_lowercase().contains(word);
    Ok(packages.iter().find(has_word).cloned())
}

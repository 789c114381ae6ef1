//! `POST /vehicles/{id}/navigation/destination`. Source: contract rest-v2, 2.17.

use carport_model::{Command, Permission};
use serde::Serialize;
use utoipa::{PartialSchema as _, ToSchema};

use super::command::{Fields, Order};
use super::error::V2Error;

/// The command.
pub static ORDER: Order = Order {
    path: "/navigation/destination",
    make: None,
    permission: Permission::ControlNavigation,
    command,
    schema: Destination::schema,
    summary: "Sends a destination to the car's navigation.",
};

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Destination {
    /// Degrees, north positive.
    #[schema(minimum = -90.0, maximum = 90.0)]
    pub latitude: f64,
    /// Degrees, east positive.
    #[schema(minimum = -180.0, maximum = 180.0)]
    pub longitude: f64,
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    Ok(Command::SendDestination {
        latitude: fields.number("latitude", -90.0..=90.0)?,
        longitude: fields.number("longitude", -180.0..=180.0)?,
    })
}

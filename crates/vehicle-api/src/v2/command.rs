//! What an endpoint that commands a vehicle is, and the one handler that serves them all.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use carport_connector::SendError;
use carport_model::{Command, Permission, error};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::endpoint::json_of;
use super::error::V2Error;
use crate::VehicleApi;
use crate::access::VehicleAccess;

/// An endpoint that commands a vehicle.
pub struct Order {
    /// Path below `/vehicles/{id}`.
    pub path: &'static str,
    /// Brand whose cars alone take it; `None` for all.
    pub make: Option<&'static str>,
    /// Permission it needs; a car that cannot do it answers `VEHICLE_NOT_CAPABLE`.
    pub permission: Permission,
    /// Reads the command out of the body.
    pub command: fn(&Fields) -> Result<Command, V2Error>,
    /// Schema of what is sent, for the OpenAPI document.
    pub schema: fn() -> RefOr<Schema>,
    /// One sentence for the OpenAPI document.
    pub summary: &'static str,
}

/// What is sent to most commands.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Action {
    /// What to do.
    pub action: String,
}

/// The answer to a command. Suites compare both texts to the letter (contract rest-v2, 2.12).
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// `success`.
    pub status: &'static str,
    /// What was done.
    pub message: &'static str,
}

impl Done {
    const SENT: Self = Self {
        status: "success",
        message: "Successfully sent request to vehicle",
    };
}

/// The members of a body; others than those asked for are ignored.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// A body that is a JSON object, whatever its content type; an empty body has no members.
    pub(super) fn read(body: &[u8]) -> Result<Self, V2Error> {
        if body.is_empty() {
            return Ok(Self(Map::new()));
        }
        serde_json::from_slice(body).map(Self).map_err(|_| {
            V2Error::validation(
                "body",
                "Send a JSON object with the members of this command.",
            )
        })
    }

    /// A member as it was sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A number in a range; digits in a text will do, since one SDK sends them
    /// (docs/quirks.md#numbers-in-texts).
    ///
    /// # Errors
    /// `VALIDATION` that names the range.
    pub fn number(&self, name: &'static str, range: RangeInclusive<f64>) -> Result<f64, V2Error> {
        let number = match self.get(name) {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let message = format!("Send a number from {} to {}.", range.start(), range.end());
                V2Error::validation(name, message)
            })
    }

    /// The command that `action` names.
    ///
    /// # Errors
    /// `VALIDATION` that names the actions.
    pub fn action(&self, actions: &[(&str, Command)]) -> Result<Command, V2Error> {
        let sent = self.get("action").and_then(Value::as_str);
        let found = actions.iter().find(|(name, _)| Some(*name) == sent);
        found.map(|(_, command)| command.clone()).ok_or_else(|| {
            let names: Vec<&str> = actions.iter().map(|(name, _)| *name).collect();
            V2Error::validation("action", format!("Send one of: {}.", names.join(", ")))
        })
    }
}

/// Route of a command.
pub fn order(order: &'static Order) -> MethodRouter<VehicleApi> {
    on(
        MethodFilter::POST,
        move |State(api): State<VehicleApi>, car: VehicleAccess, body: Bytes| async move {
            carry_out(&api, &car, order, &body).await
        },
    )
}

/// Carries out a command, in the check order of contract rest-v2, 3.3.
async fn carry_out(
    api: &VehicleApi,
    car: &VehicleAccess,
    order: &Order,
    body: &[u8],
) -> Result<Response, V2Error> {
    car.allows(order.permission)?;
    let command = (order.command)(&Fields::read(body)?)?;
    car.enter(api)?;
    let vehicle = &car.0.vehicle.car;
    let is_make = order.make.is_none_or(|make| make == vehicle.make.as_str());
    if !(is_make && vehicle.capabilities.contains(order.permission)) {
        return Err((&error::VEHICLE_NOT_CAPABLE).into());
    }
    match api.sender.send(&car.0, &command).await {
        Ok(()) => Ok(json_of(&Done::SENT)),
        Err(SendError::Fault(fault)) => Err(V2Error::fault(fault, car, api)),
        Err(SendError::Store(failure)) => Err(failure.into()),
    }
}

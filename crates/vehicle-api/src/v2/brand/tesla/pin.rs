//! `POST` and `DELETE /vehicles/{id}/tesla/pin`. Source: contract rest-v2, 2.25.

use axum::http::Method;
use carport_model::{Command, Permission, Secret};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::command::{Order, Reply};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;

/// Sets the PIN.
pub static SET: Order = Order {
    method: Method::POST,
    path: "/tesla/pin",
    make: Some("TESLA"),
    permission: Permission::ControlPin,
    query: &[],
    command,
    schema: Some(Shape::of::<Pin>()),
    reply: Reply::Done,
    summary: "Sets the PIN that the car asks for before it drives.",
};

/// Clears the PIN.
pub static CLEAR: Order = Order {
    method: Method::DELETE,
    path: "/tesla/pin",
    make: Some("TESLA"),
    permission: Permission::ControlPin,
    query: &[],
    command: |_| Ok(Command::ClearPin),
    schema: None,
    reply: Reply::Done,
    summary: "Has the car ask for no PIN any more.",
};

/// What is sent.
#[derive(Serialize, ToSchema)]
pub struct Pin {
    /// Four digits.
    #[schema(pattern = "^[0-9]{4}$")]
    pub pin: String,
}

fn command(fields: &Fields) -> Result<Command, V2Error> {
    let pin = fields.get("pin").and_then(Value::as_str);
    let is_pin = |text: &&str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    // A number would have lost its leading zeros.
    let pin = pin
        .filter(is_pin)
        .ok_or_else(|| V2Error::validation("pin", "Send four digits as a text."))?;
    Ok(Command::SetPin(Secret::new(pin.to_owned())))
}

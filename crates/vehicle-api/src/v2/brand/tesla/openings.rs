//! `POST /vehicles/{id}/tesla/security/frunk`, `security/trunk` and `charge/charge_port_door`.
//! Source: contract rest-v2, 2.25.

use axum::http::Method;
use carport_model::{Command, Permission};

use crate::openapi::Shape;
use crate::v2::command::{Action, Order, Reply};
use crate::v2::error::V2Error;
use crate::v2::fields::Fields;

/// The boot under the bonnet.
pub static FRONT_TRUNK: Order = order(
    "/tesla/security/frunk",
    Permission::ControlTrunk,
    |fields| open_or_close(fields, Command::OpenFrontTrunk, Command::CloseFrontTrunk),
    "Opens or closes the front boot: OPEN, CLOSE.",
);

/// The boot.
pub static REAR_TRUNK: Order = order(
    "/tesla/security/trunk",
    Permission::ControlTrunk,
    |fields| open_or_close(fields, Command::OpenRearTrunk, Command::CloseRearTrunk),
    "Opens or closes the boot: OPEN, CLOSE.",
);

/// The flap over the charging port.
pub static CHARGE_PORT: Order = order(
    "/tesla/charge/charge_port_door",
    Permission::ControlCharge,
    |fields| open_or_close(fields, Command::OpenChargePort, Command::CloseChargePort),
    "Opens or closes the flap over the charging port: OPEN, CLOSE.",
);

const fn order(
    path: &'static str,
    permission: Permission,
    command: fn(&Fields) -> Result<Command, V2Error>,
    summary: &'static str,
) -> Order {
    Order {
        method: Method::POST,
        path,
        make: Some("TESLA"),
        permission,
        query: &[],
        command,
        schema: Some(Shape::of::<Action>()),
        reply: Reply::Done,
        summary,
    }
}

fn open_or_close(fields: &Fields, open: Command, close: Command) -> Result<Command, V2Error> {
    fields.action(&[("OPEN", open), ("CLOSE", close)])
}

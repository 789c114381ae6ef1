//! `GET /vehicles/{id}/tesla/virtual_key`, `user/access`, `user/info`, and what cannot be told of
//! the account: `migration` and `alerts`. Source: contract rest-v2, 2.25.

use carport_connector::Fault;
use carport_model::Permission;
use carport_model::signal::connectivity::IS_DIGITAL_KEY_PAIRED;
use carport_model::signal::vehicle_user_account::{PERMISSIONS, ROLE};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::openapi::Shape;
use crate::v2::endpoint::{Endpoint, body};
use crate::v2::unserved::Unserved;
use crate::v2::values::Values;

/// The application's key.
pub static VIRTUAL_KEY: Endpoint = Endpoint {
    path: "/tesla/virtual_key",
    make: Some("TESLA"),
    permission: Some(Permission::ReadVehicleInfo),
    query: &[],
    signals: &[IS_DIGITAL_KEY_PAIRED],
    view: |values| {
        body(&VirtualKey {
            is_paired: values.flag(IS_DIGITAL_KEY_PAIRED)?,
        })
    },
    schema: Shape::of::<VirtualKey>(),
    summary: "Whether the application's virtual key is paired with the car.",
};

/// What the account may do.
pub static USER_ACCESS: Endpoint = Endpoint {
    path: "/tesla/user/access",
    make: Some("TESLA"),
    permission: None,
    query: &[],
    signals: &[ROLE, PERMISSIONS],
    view: user_access,
    schema: Shape::of::<UserAccess>(),
    summary: "Whose account it is through which the car is reached, and what it may do.",
};

/// Who the owner is. The account is asked for its role too, so that a broken sign-in is told here
/// as everywhere.
pub static USER_INFO: Endpoint = Endpoint {
    path: "/tesla/user/info",
    make: Some("TESLA"),
    permission: Some(Permission::ReadUserProfile),
    query: &[],
    signals: &[ROLE],
    view: user_info,
    schema: Shape::of::<UserInfo>(),
    summary: "The owner's e-mail at the brand.",
};

/// Whether the account has to move to another interface of the brand: no signal tells.
pub static MIGRATION: Unserved = Unserved {
    path: "/tesla/migration",
    make: "TESLA",
    permission: Some(Permission::ReadVehicleInfo),
    summary: "Whether the owner has to sign in anew. Not served.",
};

/// Messages that the car shows its driver: no signal tells.
pub static ALERTS: Unserved = Unserved {
    path: "/tesla/alerts",
    make: "TESLA",
    permission: Some(Permission::ReadAlerts),
    summary: "Messages that the car shows its driver. Not served.",
};

/// The application's key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VirtualKey {
    /// Whether it is paired with the car.
    pub is_paired: bool,
}

/// What the account may do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserAccess {
    /// `OWNER` or `DRIVER`; null where the brand does not tell.
    pub access_type: Option<String>,
    /// In the brand's own words; null where it does not tell.
    pub permissions: Option<Vec<String>>,
}

/// Who the owner is.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserInfo {
    /// E-mail with which the owner signs in; null where it is none.
    pub email: Option<String>,
}

fn user_access(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let role = values.or_null(ROLE, Values::text)?;
    let permissions = values.or_null(PERMISSIONS, Values::words)?;
    body(&UserAccess {
        access_type: role.map(str::to_uppercase),
        permissions: permissions.map(<[String]>::to_vec),
    })
}

fn user_info(values: &Values<'_>) -> Result<Box<RawValue>, Fault> {
    let login = &values.asked().car.account.login;
    body(&UserInfo {
        email: login.contains('@').then(|| login.clone()),
    })
}

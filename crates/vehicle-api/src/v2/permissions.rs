//! `GET /vehicles/{id}/permissions`. Source: contract rest-v2, 2.5.

use carport_store::Connected;
use carport_web::query::Pairs;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::endpoint::{Fixed, raw};
use super::error::V2Error;
use super::paging::{PARAMETERS, Page, Paging};
use crate::openapi::Shape;

/// The endpoint: what the owner granted for this vehicle, whether or not the car can serve it.
pub static ENDPOINT: Fixed = Fixed {
    path: "/permissions",
    permission: None,
    query: PARAMETERS,
    view,
    schema: Shape::of::<PermissionsView>(),
    summary: "What the owner granted.",
};

/// One page of the granted permissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionsView {
    /// Names without `required:`, in the order they were asked for.
    pub permissions: Vec<&'static str>,
    /// Where this page stands.
    pub paging: Paging,
}

fn view(car: &Connected, query: &Pairs) -> Result<Box<RawValue>, V2Error> {
    let page = Page::of(query, 25)?;
    let granted = car.permissions.as_slice();
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(raw(&PermissionsView {
        permissions: granted
            .iter()
            .skip(count(page.offset))
            .take(count(page.limit))
            .map(|permission| permission.name())
            .collect(),
        paging: Paging {
            count: i64::try_from(granted.len()).unwrap_or(i64::MAX),
            offset: page.offset,
        },
    }))
}

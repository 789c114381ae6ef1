//! `GET /vehicles/{id}/permissions`. Source: contract rest-v2, 2.5.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::json_of;
use super::error::V2Error;
use super::paging::{PageQuery, Paging};
use crate::access::VehicleAccess;

/// One page of the granted permissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionsView {
    /// Names without `required:`, in the order they were asked for.
    pub permissions: Vec<&'static str>,
    /// Where this page stands.
    pub paging: Paging,
}

/// Lists what the owner granted for this vehicle, whether or not the car can serve it.
///
/// # Errors
/// `VALIDATION` for a bad page.
pub async fn get_permissions(car: VehicleAccess, query: PageQuery) -> Result<Response, V2Error> {
    let page = query.page(25)?;
    let granted = car.0.permissions.as_slice();
    let count = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(json_of(&PermissionsView {
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

//! `GET /vehicles`. Source: contract rest-v2, 2.2.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use carport_store::{StoreError, Tx, connections};
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::{json_of, query_of};
use super::error::V2Error;
use super::paging::{Page, Paging};
use crate::VehicleApi;
use crate::access::Caller;

/// One page of the owner's vehicles.
#[derive(Debug, Serialize, ToSchema)]
pub struct Vehicles {
    /// Ids in the order the vehicles were connected.
    pub vehicles: Vec<String>,
    /// Where this page stands.
    pub paging: Paging,
}

/// Lists the vehicles that the owner granted to this application.
///
/// # Errors
/// `VALIDATION` for a bad page.
pub async fn get_vehicles(
    State(api): State<VehicleApi>,
    Caller(grant): Caller,
    uri: Uri,
) -> Result<Response, V2Error> {
    let page = Page::of(&query_of(&uri)?, 10)?;
    let user = grant.user;
    let (vehicles, count) = api
        .store
        .scan(async move |tx: &mut Tx<'_>| {
            connections::vehicles_of(tx, user, page.limit, page.offset).await
        })
        .await
        .map_err(|error: StoreError| V2Error::from(error))?;
    Ok(json_of(&Vehicles {
        vehicles: vehicles.iter().map(ToString::to_string).collect(),
        paging: Paging {
            count,
            offset: page.offset,
        },
    }))
}

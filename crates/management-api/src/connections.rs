//! `GET` and `DELETE /management/connections`. Source: contract connect-oauth, F.1.

use axum::extract::State;
use axum::response::Response;
use carport_store::connection_lists::{self, Listed, Place};
use carport_store::disconnections;
use carport_store::{StoreError, Tx};
use carport_web::envelope::{ErrorBody, json_of};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ManagementApi;
use crate::access::Manager;
use crate::cursor::Cursor;
use crate::error::ManagementError;
use crate::query::{DeleteQuery, ListQuery};

/// One page of connections, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connections {
    /// The page.
    pub connections: Vec<Connection>,
    /// Where the list goes on.
    pub paging: Paging,
}

/// One owner's grant of one vehicle.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// The vehicle.
    pub vehicle_id: String,
    /// Its owner.
    pub user_id: String,
    /// When the owner first connected it: ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub connected_at: String,
    /// `live`, `simulated` or `test`.
    pub mode: &'static str,
}

/// Where a list goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paging {
    /// To be sent as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub cursor: Option<String>,
    /// How many connections the list had when its first page was read.
    pub count: i64,
}

/// The connections that were deleted.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeletedConnections {
    /// The newest first; empty when there were none.
    pub connections: Vec<DeletedConnection>,
}

/// A connection that is no more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedConnection {
    /// The vehicle.
    pub vehicle_id: String,
    /// Its owner.
    pub user_id: String,
}

/// Lists the application's connections, those of test mode too.
///
/// # Errors
/// `AUTHENTICATION` without a working management token, `VALIDATION` for a parameter that is not
/// as it must be.
#[utoipa::path(
    get,
    path = "/management/connections",
    summary = "Lists the application's connections, the newest first.",
    description = "Those of every mode unless one is named. A page goes on where the last one ended, whatever was connected or deleted in between.",
    params(
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 100, description = "Connections on a page; 10 when absent."),
        ("cursor" = Option<String>, Query, description = "paging.cursor of the page before; cursor_id is read too."),
        ("user_id" = Option<String>, Query, description = "Those of one owner."),
        ("vehicle_id" = Option<String>, Query, description = "Those to one vehicle."),
        ("mode" = Option<String>, Query, description = "Those of one mode: live, simulated or test."),
    ),
    responses(
        (status = 200, description = "One page.", body = Connections),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 401, description = "The management token is missing or wrong.", body = ErrorBody),
        (status = 503, description = "Carport is busy; retry-after says when to come back.", body = ErrorBody),
    ),
)]
pub async fn list_connections(
    State(api): State<ManagementApi>,
    Manager(application): Manager,
    query: ListQuery,
) -> Result<Response, ManagementError> {
    let ListQuery {
        limit,
        cursor,
        filter,
    } = query;
    let (mut listed, count) = api
        .store
        .scan(async move |tx: &mut Tx<'_>| {
            // One more than asked for tells whether there is a next page.
            let after = cursor.map(|cursor| cursor.after);
            let page = connection_lists::page(tx, application, filter, after, limit + 1).await?;
            let count = match cursor {
                Some(cursor) => cursor.count,
                None => connection_lists::count(tx, application, filter).await?,
            };
            Ok::<_, StoreError>((page, count))
        })
        .await?;
    let goes_on = listed.len() > limit;
    listed.truncate(limit);
    let last = listed.last().filter(|_| goes_on);
    Ok(json_of(&Connections {
        paging: Paging {
            cursor: last.map(|last| {
                let after = last.place;
                Cursor { after, count }.written()
            }),
            count,
        },
        connections: listed.iter().map(Connection::of).collect(),
    }))
}

/// Deletes the application's connections of one owner, or to one vehicle. What ends with them is
/// told in [`disconnections::disconnect`].
///
/// # Errors
/// As [`list_connections`].
#[utoipa::path(
    delete,
    path = "/management/connections",
    summary = "Deletes the connections of one owner, or to one vehicle.",
    description = "Their webhook subscriptions go with them, and so do all tokens of an owner who has no vehicle left.",
    params(
        ("user_id" = Option<String>, Query, description = "Those of one owner. Send this or vehicle_id."),
        ("vehicle_id" = Option<String>, Query, description = "Those to one vehicle. Send this or user_id."),
    ),
    responses(
        (status = 200, description = "What was deleted; nothing is no error.", body = DeletedConnections),
        (status = 400, description = "Not exactly one of the parameters, or no id; detail names it.", body = ErrorBody),
        (status = 401, description = "The management token is missing or wrong.", body = ErrorBody),
        (status = 503, description = "Carport is busy; retry-after says when to come back.", body = ErrorBody),
    ),
)]
pub async fn delete_connections(
    State(api): State<ManagementApi>,
    Manager(application): Manager,
    DeleteQuery(ending): DeleteQuery,
) -> Result<Response, ManagementError> {
    let now = api.clock.now();
    let ended = api
        .store
        .write(async move |tx: &mut Tx<'_>| {
            disconnections::disconnect(tx, application, ending, now).await
        })
        .await
        .map_err(|error: StoreError| ManagementError::from(error))?;
    Ok(json_of(&DeletedConnections {
        connections: ended.iter().map(DeletedConnection::of).collect(),
    }))
}

impl Connection {
    fn of(listed: &Listed) -> Self {
        Self {
            vehicle_id: listed.place.vehicle.to_string(),
            user_id: listed.place.user.to_string(),
            connected_at: listed.place.connected_at.to_string(),
            mode: listed.mode.as_str(),
        }
    }
}

impl DeletedConnection {
    fn of(place: &Place) -> Self {
        Self {
            vehicle_id: place.vehicle.to_string(),
            user_id: place.user.to_string(),
        }
    }
}

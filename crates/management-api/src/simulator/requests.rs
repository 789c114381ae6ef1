//! The request journal, asked: `/simulator/v1/requests`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use carport_web::envelope::{ErrorBody, json_of};
use serde::Serialize;
use utoipa::ToSchema;

use super::journal::{Entry, Filter, Journal};
use super::{Controller, SimulatorApi};
use crate::error::ManagementError;
use crate::query::{limit, one, pairs};

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requests {
    /// The newest first, without bodies.
    pub requests: Vec<RequestView>,
    /// Where the list goes on.
    pub paging: RequestPaging,
}

/// Where a list of requests goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestPaging {
    /// To be sent as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub cursor: Option<String>,
}

/// How many requests there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestCount {
    /// Those that the parameters mean.
    pub count: usize,
}

/// One request and its answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// Id that the answer carried as sc-request-id.
    pub request_id: String,
    /// When it came, by the server's clock: ISO 8601 in UTC with milliseconds.
    #[schema(format = DateTime)]
    pub at: String,
    /// Milliseconds until the answer went out, latency on demand included.
    pub duration_ms: f64,
    /// Its method.
    pub method: String,
    /// Its path as it was sent.
    pub path: String,
    /// Its query, with stars in the place of codes, tokens and secrets; empty when there was none.
    pub query: String,
    /// Pattern of its route.
    pub route: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Whether a fault on demand cut the connection instead of the answer.
    pub is_dropped: bool,
    /// Application that asked; null when it did not prove who it is.
    #[schema(required = true)]
    pub application: Option<String>,
    /// Vehicle it asked about; null when there is none, or none that the application may know.
    #[schema(required = true)]
    pub vehicle: Option<String>,
    /// Faults on demand that had a part in the answer.
    pub faults: Vec<String>,
    /// What was sent and answered; with one request alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bodies: Option<Bodies>,
}

/// What was sent and answered, secrets starred.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bodies {
    /// JSON or a form; null when it was neither, or longer than 16 KiB.
    #[schema(required = true)]
    pub request: Option<String>,
    /// JSON; null when it was none, or longer than 16 KiB.
    #[schema(required = true)]
    pub response: Option<String>,
}

impl RequestView {
    fn of(entry: &Entry) -> Self {
        Self {
            request_id: entry.request.to_string(),
            at: entry.at.to_string(),
            duration_ms: entry.took.as_secs_f64() * 1000.0,
            method: entry.method.clone(),
            path: entry.path.clone(),
            query: entry.query.clone(),
            route: entry.route.clone(),
            status: entry.status,
            is_dropped: entry.is_dropped,
            application: entry.application.map(|id| id.to_string()),
            vehicle: entry.vehicle.map(|id| id.to_string()),
            faults: entry.faults.clone(),
            bodies: None,
        }
    }
}

/// The page that a caller asks for.
#[derive(Debug)]
pub struct Page {
    limit: usize,
    before: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = ManagementError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ManagementError> {
        let sent = pairs(parts)?;
        let before = one(&sent, "cursor")?.map(str::parse).transpose();
        let advice = "Send paging.cursor of the page before as it was, or none for the first page.";
        Ok(Self {
            limit: limit(&sent)?,
            before: before.map_err(|_| ManagementError::validation("cursor", advice))?,
        })
    }
}

impl SimulatorApi {
    /// The journal, where one is kept.
    fn journal(&self) -> Result<&Arc<Journal>, ManagementError> {
        let advice = "Only a dev server keeps a journal of requests, unless simulator.journal_requests is 0.";
        let journal = self.journal.as_ref();
        journal.ok_or_else(|| ManagementError::forbidden("requests", advice))
    }
}

/// What a caller may see of what it asks for; an application its own requests.
fn seen(caller: Controller, filter: Filter) -> Result<Filter, ManagementError> {
    let Some(own) = caller.sees_only() else {
        return Ok(filter);
    };
    if filter.application.is_some_and(|named| named != own) {
        let advice = "Name the application whose management token you send, or none.";
        return Err(ManagementError::validation("application", advice));
    }
    Ok(Filter {
        application: Some(own),
        ..filter
    })
}

/// Lists requests, the newest first.
///
/// # Errors
/// 401 or 403 as [`Controller`] says; 403 where no journal is kept; `VALIDATION` names the
/// parameter that is not as it must be.
#[utoipa::path(
    get,
    path = "/requests",
    summary = "Lists the last requests of the vehicle API, OAuth and Connect, the newest first.",
    params(
        Filter,
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 100, description = "Requests on a page; 10 when absent."),
        ("cursor" = Option<String>, Query, description = "paging.cursor of the page before."),
    ),
    responses(
        (status = 200, description = "One page, without bodies.", body = Requests),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 403, description = "This server keeps no journal, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn list_requests(
    State(api): State<SimulatorApi>,
    caller: Controller,
    filter: Filter,
    page: Page,
) -> Result<Response, ManagementError> {
    // One more than asked for tells whether there is a next page.
    let filter = seen(caller, filter)?;
    let mut found = api.journal()?.find(&filter, page.before, page.limit + 1);
    let goes_on = found.len() > page.limit;
    found.truncate(page.limit);
    let last = found.last().filter(|_| goes_on);
    Ok(json_of(&Requests {
        paging: RequestPaging {
            cursor: last.map(|(number, _)| number.to_string()),
        },
        requests: found
            .iter()
            .map(|(_, entry)| RequestView::of(entry))
            .collect(),
    }))
}

/// Counts requests.
///
/// # Errors
/// As [`list_requests`].
#[utoipa::path(
    get,
    path = "/requests/count",
    summary = "Counts requests of the journal.",
    params(Filter),
    responses(
        (status = 200, description = "How many there are.", body = RequestCount),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 403, description = "This server keeps no journal, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn count_requests(
    State(api): State<SimulatorApi>,
    caller: Controller,
    filter: Filter,
) -> Result<Response, ManagementError> {
    let filter = seen(caller, filter)?;
    let count = api.journal()?.count(&filter);
    Ok(json_of(&RequestCount { count }))
}

/// Shows the last request with its bodies.
///
/// # Errors
/// As [`list_requests`]; 404 when there is none.
#[utoipa::path(
    get,
    path = "/requests/last",
    summary = "Shows the last request that the parameters mean, with its bodies.",
    params(Filter),
    responses(
        (status = 200, description = "The request.", body = RequestView),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 403, description = "This server keeps no journal, or a web page asks.", body = ErrorBody),
        (status = 404, description = "There is no such request.", body = ErrorBody),
    ),
)]
pub async fn show_last_request(
    State(api): State<SimulatorApi>,
    caller: Controller,
    filter: Filter,
) -> Result<Response, ManagementError> {
    let filter = seen(caller, filter)?;
    let found = api.journal()?.find(&filter, None, 1);
    let (_, entry) = found.first().ok_or_else(|| {
        let advice = "There is no such request; GET /simulator/v1/requests lists what there is.";
        ManagementError::unknown("query", advice)
    })?;
    Ok(json_of(&RequestView {
        bodies: Some(Bodies {
            request: entry.sent.clone(),
            response: entry.answered.clone(),
        }),
        ..RequestView::of(entry)
    }))
}

/// Forgets requests.
///
/// # Errors
/// As [`list_requests`].
#[utoipa::path(
    delete,
    path = "/requests",
    summary = "Forgets the requests that the parameters mean; without any, all.",
    params(Filter),
    responses(
        (status = 204, description = "They are forgotten."),
        (status = 400, description = "A parameter is not as it must be; detail names it.", body = ErrorBody),
        (status = 403, description = "This server keeps no journal, or a web page asks.", body = ErrorBody),
    ),
)]
pub async fn forget_requests(
    State(api): State<SimulatorApi>,
    caller: Controller,
    filter: Filter,
) -> Result<Response, ManagementError> {
    api.journal()?.clear(&seen(caller, filter)?);
    Ok(StatusCode::NO_CONTENT.into_response())
}

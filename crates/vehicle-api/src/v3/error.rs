//! Failures as clients of v3 read them: the list of newer ones beside the members of older ones.
//! Source: contract rest-v3, 5.1 and 5.2.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use carport_model::{ErrorSpec, RequestId, error};
use carport_web::envelope::{ErrorBody, Failure, json_of};
use serde::Serialize;

use crate::VehicleApi;

#[derive(Debug, Serialize)]
struct Body {
    errors: [Item; 1],
    #[serde(flatten)]
    older: ErrorBody,
}

#[derive(Debug, Serialize)]
struct Item {
    /// A text in the published schema.
    status: String,
    #[serde(rename = "type")]
    kind: &'static str,
    code: Option<&'static str>,
    title: &'static str,
    detail: &'static str,
    links: Links,
    meta: Meta,
}

#[derive(Debug, Serialize)]
struct Links {
    about: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    request_id: String,
}

/// The whole answer.
pub(super) fn answer(spec: &'static ErrorSpec, api: &VehicleApi, request: RequestId) -> Response {
    let failure = Failure::from(spec);
    let status = failure.status();
    let older = failure.into_body(&api.public_url, request);
    let mut response = json_of(&Body {
        errors: [Item {
            status: status.as_u16().to_string(),
            kind: spec.kind.as_str(),
            code: spec.code,
            title: spec.kind.summary(),
            detail: spec.description,
            links: Links {
                about: older.doc_url.clone(),
            },
            meta: Meta {
                request_id: request.to_string(),
            },
        }],
        older,
    });
    *response.status_mut() = status;
    response.into_response()
}

/// No such path, or not yet.
pub(super) async fn no_such_path(
    State(api): State<VehicleApi>,
    Extension(request): Extension<RequestId>,
) -> Response {
    answer(&error::NOT_FOUND_PATH, &api, request)
}

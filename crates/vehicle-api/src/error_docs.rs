//! The pages behind every `docURL`, made from the error catalogue. Source: contract rest-v2, 5.1.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use carport_model::error::Resolution;
use carport_model::{ErrorSpec, ErrorType, RequestId};
use carport_web::assets::{Door, Look};
use carport_web::{Page, Problem};

use crate::VehicleApi;
use crate::v2::error::{doc_path, kebab, status};

#[derive(Template)]
#[template(path = "docs/error_list.html")]
struct ErrorList {
    look: Look,
    title: &'static str,
    rows: Vec<TypeRow>,
}

struct TypeRow {
    href: String,
    words: Vec<&'static str>,
    summary: &'static str,
    status: u16,
}

#[derive(Template)]
#[template(path = "docs/error_type.html")]
struct ErrorTypePage {
    look: Look,
    title: &'static str,
    words: Vec<&'static str>,
    summary: &'static str,
    status: u16,
    example: String,
    rows: Vec<CodeRow>,
}

struct CodeRow {
    anchor: String,
    words: Vec<&'static str>,
    description: &'static str,
    remedy: &'static str,
    /// Test login that provokes it; empty when none does.
    provoke: String,
    /// As `carport fault add --error` names it.
    on_demand: String,
}

/// `GET /docs/errors`: all types.
pub(crate) async fn list() -> Response {
    let rows = ErrorType::ALL
        .iter()
        .map(|kind| TypeRow {
            href: format!("/docs/errors/{}", kebab(kind.as_str())),
            words: words(kind.as_str()),
            summary: kind.summary(),
            status: status(*kind).as_u16(),
        })
        .collect();
    Page::new(ErrorList {
        look: Look::of(Door::Dashboard),
        title: "Errors",
        rows,
    })
    .into_response()
}

/// `GET /docs/errors/{type}`: one type with its codes.
pub(crate) async fn show(State(api): State<VehicleApi>, Path(page): Path<String>) -> Response {
    let Some(kind) = ErrorType::ALL
        .iter()
        .find(|kind| kebab(kind.as_str()) == page)
    else {
        return Problem::not_found().into_response();
    };
    Page::new(type_page(*kind, &api.public_url)).into_response()
}

fn type_page(kind: ErrorType, public_url: &str) -> ErrorTypePage {
    let rows = ErrorSpec::of(kind)
        .map(|spec| CodeRow {
            anchor: kebab(spec.code.unwrap_or("no-code")),
            words: words(spec.code.unwrap_or(kind.as_str())),
            description: spec.description,
            remedy: spec.remedy,
            provoke: spec
                .code
                .map(|code| format!("{}.{code}@smartcar.com", kind.as_str()))
                .unwrap_or_default(),
            on_demand: spec.to_string().replace(':', "/"),
        })
        .collect();
    ErrorTypePage {
        look: Look::of(Door::Dashboard),
        title: kind.as_str(),
        words: words(kind.as_str()),
        summary: kind.summary(),
        status: status(kind).as_u16(),
        example: ErrorSpec::of(kind)
            .next()
            .map(|spec| example(spec, public_url))
            .unwrap_or_default(),
        rows,
    }
}

/// The words of a code.
fn words(code: &'static str) -> Vec<&'static str> {
    code.split('_').collect()
}

/// An error body as it is sent, with a made-up request id.
fn example(spec: &ErrorSpec, public_url: &str) -> String {
    let body = serde_json::json!({
        "type": spec.kind.as_str(),
        "code": spec.code,
        "description": spec.description,
        "docURL": format!("{public_url}{}", doc_path(spec)),
        "statusCode": status(spec.kind).as_u16(),
        "requestId": RequestId::from_bytes(*b"an example of it").to_string(),
        "resolution": { "type": spec.resolution.map(Resolution::as_str) },
    });
    serde_json::to_string_pretty(&body).expect("an example is plain data")
}

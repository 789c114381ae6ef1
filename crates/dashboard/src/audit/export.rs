//! The log as a file: everything that the filter wants, however much, written as it is read.

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use carport_store::StoreError;
use carport_store::audit_log::{Entry, NO_APPLICATION};
use carport_web::{Pairs, page};
use futures_util::stream;

use super::filter::Wanted;
use super::{only, read};
use crate::Dashboard;
use crate::access::Visitor;

const HEAD: &str = "at,actor,action,application,detail\r\n";

/// As CSV (RFC 4180).
pub(crate) async fn csv(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let kind = ("text/csv; charset=utf-8", "audit.csv");
    file(
        dashboard,
        &visitor,
        query.as_deref(),
        (kind, HEAD, csv_line),
    )
}

/// As JSON, one entry a line.
pub(crate) async fn json_lines(
    State(dashboard): State<Dashboard>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let kind = ("application/jsonl", "audit.jsonl");
    file(dashboard, &visitor, query.as_deref(), (kind, "", json_line))
}

/// Type and name of a file, what it begins with, and how it writes an entry.
type Form = (
    (&'static str, &'static str),
    &'static str,
    fn(&Entry) -> String,
);

fn file(
    dashboard: Dashboard,
    visitor: &Visitor,
    query: Option<&str>,
    ((kind, name), head, line): Form,
) -> Response {
    let pairs = Pairs::parse(query.unwrap_or_default()).unwrap_or_default();
    let (filter, only) = (Wanted::read(&pairs).filter, only(visitor));
    // `Some(None)` is the beginning, `None` the end.
    let batches = stream::try_unfold((Some(None), head.to_owned()), move |(place, mut text)| {
        let (dashboard, filter, only) = (dashboard.clone(), filter.clone(), only.clone());
        async move {
            let Some(after) = place else { return Ok(None) };
            let (entries, last) = read(&dashboard, &filter, after, &only).await?;
            text.extend(entries.iter().map(|(_, entry)| line(entry)));
            let next = (last.map(Some), String::new());
            Ok::<_, StoreError>(Some((Bytes::from(text), next)))
        }
    });
    let mut response = Body::from_stream(batches).into_response();
    let headers = response.headers_mut();
    page::secure(headers);
    let disposition = format!("attachment; filename=\"{name}\"");
    for (header, value) in [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, &disposition)] {
        if let Ok(value) = value.parse() {
            headers.insert(header, value);
        }
    }
    response
}

fn application(entry: &Entry) -> Option<String> {
    let id = entry.application;
    (id != NO_APPLICATION).then(|| id.to_string())
}

fn csv_line(entry: &Entry) -> String {
    let fields = [
        entry.at.to_string(),
        entry.actor.clone(),
        entry.action.clone(),
        application(entry).unwrap_or_default(),
        entry.detail.clone(),
    ];
    let fields = fields.map(|field| quoted(&field));
    format!("{}\r\n", fields.join(","))
}

/// A field that stays one, and that no spreadsheet takes for a formula.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

fn json_line(entry: &Entry) -> String {
    let line = serde_json::json!({
        "at": entry.at.to_string(),
        "actor": entry.actor,
        "action": entry.action,
        "application": application(entry),
        "detail": entry.detail,
    });
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_stay_fields() {
        assert_eq!(quoted("session.started"), "session.started");
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
    }
}

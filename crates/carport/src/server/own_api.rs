//! What the Dashboard's playground calls: the server's own token endpoint and vehicle API.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::Method;
use axum::response::Response;
use carport_dashboard::{Attended, Carry, Endpoint, OwnApi};
use carport_model::Permission;
use carport_vehicle_api::openapi::DOCUMENT;
use carport_vehicle_api::v2::{ENDPOINTS, FIXED, ORDERS, UNSERVED};
use carport_web::layers::{self, Attendance};
use carport_web::paths;
use hyper::Request;
use serde_json::Value;
use tower::ServiceExt as _;

use super::journaling::Journaling;
use super::{Parts, trouble};

/// Paths of the document that need more than a token or a secret: a management token, and a webhook.
const LEFT_OUT: &str = "webhooks";

/// A batch, which no document lists.
const BATCH: &str = r#"{"requests": [{"path": "/odometer"}, {"path": "/location"}]}"#;

/// The API of a server, through these routes.
pub(super) fn of(parts: &Parts, routes: Attended) -> OwnApi {
    OwnApi {
        carry: carry(parts, routes),
        endpoints,
    }
}

/// The routes that the Dashboard calls. Not all doors: it is among them itself.
pub(super) fn routes(parts: &Parts, attendance: Attendance) -> Attended {
    let parts = parts.clone();
    Arc::new(LazyLock::new(Box::new(move || {
        let routes = carport_oauth::http::routes(parts.oauth)
            .merge(carport_vehicle_api::routes(parts.vehicle_api));
        layers::attended(routes, parts.rng, attendance)
    })))
}

/// Carries requests through `routes`. What is in front of routes outside, admission and arrival, the
/// request of the page has passed already; journal and faults see each request.
fn carry(parts: &Parts, routes: Attended) -> Carry {
    let journaling = parts.journal.clone().map(|journal| Journaling {
        journal,
        clock: parts.clock.clone(),
    });
    Arc::new(move |request| {
        let (routes, journaling) = (routes.clone(), journaling.clone());
        Box::pin(async move { answer(&routes, journaling, request).await })
    })
}

async fn answer(
    routes: &Router,
    journaling: Option<Journaling>,
    request: axum::extract::Request,
) -> Option<Response> {
    let (head, body) = paths::normalised(request).into_parts();
    let mut journaled = journaling.map(|all| all.begin(&head.method, &head.uri));
    let body = match &mut journaled {
        Some(journaled) => journaled.look(&head.headers, body).await,
        None => body,
    };
    let answered = routes
        .clone()
        .oneshot(Request::from_parts(head, body))
        .await;
    let response = answered.unwrap_or_else(|never| match never {});
    let Some(journaled) = journaled else {
        return trouble::sent(response).await.ok();
    };
    let (response, _outgoing) = journaled.finish(response).await;
    trouble::sent(response).await.ok()
}

/// Everything that can be called, as the document of the API lists it.
fn endpoints() -> &'static [Endpoint] {
    static ALL: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
        let document = DOCUMENT.at("");
        let paths = document["paths"].as_object().into_iter().flatten();
        let mut all: Vec<Endpoint> = paths
            .filter(|(path, _)| !path.contains(LEFT_OUT))
            .flat_map(|(path, item)| {
                let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE];
                methods.into_iter().filter_map(move |method| {
                    let operation = item.get(method.as_str().to_ascii_lowercase())?;
                    Some(endpoint(method, path, operation))
                })
            })
            .collect();
        all.push(Endpoint {
            method: Method::POST,
            path: "/v2.0/vehicles/{id}/batch".to_owned(),
            summary: "Several reads in one request.".to_owned(),
            make: None,
            permission: None,
            units: true,
            by_client: false,
            query: Vec::new(),
            body: Some(BATCH.to_owned()),
        });
        all
    });
    &ALL
}

fn endpoint(method: Method, path: &str, operation: &Value) -> Endpoint {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameters = operation["parameters"].as_array();
    let named = |place: &str| {
        let all = parameters.into_iter().flatten();
        let there = all.filter(|parameter| parameter["in"] == place);
        there
            .map(|parameter| text(&parameter["name"]))
            .collect::<Vec<_>>()
    };
    let summary = text(&operation["summary"]);
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    let (make, permission) = facts(&method, path);
    Endpoint {
        body: body.map(|schema| example(schema, &summary)),
        path: format!("/v2.0{path}"),
        make,
        permission,
        units: named("header").iter().any(|name| name == "sc-unit-system"),
        by_client: operation.get("security").is_some(),
        query: named("query"),
        method,
        summary,
    }
}

/// Make and permission, which the tables of the API know.
fn facts(method: &Method, path: &str) -> (Option<String>, Option<Permission>) {
    let Some(path) = path.strip_prefix("/vehicles/{id}") else {
        return (None, None);
    };
    let order = ORDERS
        .iter()
        .find(|order| order.path == path && order.method == *method);
    if let Some(order) = order {
        return (order.make.map(str::to_owned), Some(order.permission));
    }
    if *method != Method::GET {
        return (None, None);
    }
    let signals = ENDPOINTS
        .iter()
        .map(|row| (row.path, row.make, row.permission));
    let fixed = FIXED.iter().map(|row| (row.path, None, row.permission));
    let unserved = UNSERVED
        .iter()
        .map(|row| (row.path, Some(row.make), row.permission));
    let mut rows = signals.chain(fixed).chain(unserved);
    let row = rows.find(|(known, ..)| *known == path);
    row.map_or((None, None), |(_, make, permission)| {
        (make.map(str::to_owned), permission)
    })
}

/// A body that fits a schema; actions are told in the summary of a command.
fn example(schema: &Value, summary: &str) -> String {
    let value = filled(schema, summary, "");
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn filled(schema: &Value, summary: &str, name: &str) -> Value {
    if let Some(parts) = schema["allOf"].as_array() {
        return parts
            .first()
            .map_or(Value::Null, |part| filled(part, summary, name));
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str),
        kind => kind.as_str(),
    };
    let number = |name: &str| schema[name].as_f64();
    match kind {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten();
            let members = needed.filter_map(Value::as_str).map(|name| {
                let value = filled(&schema["properties"][name], summary, name);
                (name.to_owned(), value)
            });
            Value::Object(members.collect())
        }
        Some("array") => {
            let items = &schema["items"];
            // What its texts are, the list says.
            let of = if items["type"] == "string" {
                &described(schema, items)
            } else {
                items
            };
            Value::Array(vec![filled(of, summary, name)])
        }
        Some("boolean") => Value::Bool(false),
        Some("number") => match (number("minimum"), number("maximum")) {
            (Some(least), Some(most)) => (f64::midpoint(least, most)).into(),
            _ => 16.0.into(),
        },
        _ => text(schema, summary, name).into(),
    }
}

/// The items of a list, described as the list is.
fn described(list: &Value, items: &Value) -> Value {
    let mut items = items.clone();
    if items.get("description").is_none() {
        items["description"] = list["description"].clone();
    }
    items
}

/// A text that a member takes: the first that its description names, or that the summary lists.
fn text(schema: &Value, summary: &str, name: &str) -> String {
    if schema["pattern"] == "^[0-9]{4}$" {
        return "1234".to_owned();
    }
    let description = schema["description"].as_str().unwrap_or_default();
    let named = description.split('`').nth(1);
    let listed = (name == "action")
        .then(|| summary.split(": ").nth(1)?.split([',', '.']).next())
        .flatten();
    let text = named.or(listed).unwrap_or("text");
    text.replace("HH", "22").replace("mm", "00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_called() {
        let find = |name: &str| {
            let all = endpoints().iter();
            all.clone()
                .find(|endpoint| endpoint.name() == name)
                .cloned()
        };
        let odometer = find("GET /v2.0/vehicles/{id}/odometer").unwrap();
        assert_eq!(odometer.permission, Some(Permission::ReadOdometer));
        assert!(odometer.units && !odometer.by_client && odometer.body.is_none());
        let body = |name: &str| {
            let body = find(name).unwrap().body.unwrap();
            serde_json::from_str::<Value>(&body).unwrap().to_string()
        };
        assert_eq!(
            body("POST /v2.0/vehicles/{id}/charge"),
            r#"{"action":"START"}"#
        );
        assert_eq!(
            body("POST /v2.0/vehicles/{id}/security"),
            r#"{"action":"LOCK"}"#
        );
        assert_eq!(
            body("POST /v2.0/vehicles/{id}/charge/limit"),
            r#"{"limit":0.5}"#
        );
        assert_eq!(
            body("POST /v2.0/vehicles/{id}/tesla/pin"),
            r#"{"pin":"1234"}"#
        );
        assert!(find("GET /v2.0/compatibility").unwrap().by_client);
        let audi = find("GET /v2.0/vehicles/{id}/audi/charge").unwrap();
        assert_eq!(audi.make.as_deref(), Some("AUDI"));
        assert_eq!(
            find("GET /v2.0/vehicles").unwrap().query,
            ["limit", "offset"]
        );
        assert!(find("POST /v2.0/vehicles/{id}/batch").is_some());
        assert!(endpoints().len() > 70);
        // A text that nothing names is no example.
        for endpoint in endpoints() {
            let body = endpoint.body.clone().unwrap_or_default();
            assert!(!body.contains("\"text\""), "{} {body}", endpoint.name());
        }
    }
}

//! One operation of the document.

use axum::http::Method;
use utoipa::ToSchema as _;
use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::path::{
    HttpMethod, Operation as Written, OperationBuilder, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder, Responses, ResponsesBuilder};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, RefOr, Required};

use crate::v2::endpoint::Parameter;
use crate::v2::error::ErrorBody;

/// One operation, as the tables tell it.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) summary: String,
    /// What is sent, if anything.
    pub(super) sent: Option<RefOr<Schema>>,
    /// What comes back; none when it always fails.
    pub(super) answer: Option<RefOr<Schema>>,
    pub(super) query: &'static [Parameter],
    /// Sends the header `sc-unit-system`.
    pub(super) units: bool,
    /// Asked by the application itself, with its client id and secret.
    pub(super) by_client: bool,
}

/// Failures that every operation may answer with: status, name, meaning. Source: contract rest-v2,
/// 5.3.
const FAILURES: &[(&str, &str, &str)] = &[
    (
        "400",
        "Refused",
        "The request, or the owner's account with the brand, stands in the way.",
    ),
    (
        "401",
        "Unauthenticated",
        "The credentials are missing, unknown or expired.",
    ),
    ("403", "NotGranted", "The owner has not granted this."),
    (
        "409",
        "VehicleState",
        "The car is in a state that does not allow it.",
    ),
    (
        "429",
        "TooManyRequests",
        "The application asks too fast, or for this vehicle: then retry-after says when to come back.",
    ),
    (
        "430",
        "Billing",
        "The application is suspended, or its plan has no room for this.",
    ),
    ("501", "NotCapable", "The car cannot do this."),
    ("502", "MakerFailed", "The maker failed."),
    (
        "503",
        "Busy",
        "Carport is busy; retry-after says when to come back.",
    ),
];

/// The failures, by the names under which operations refer to them.
pub(super) fn failures() -> impl Iterator<Item = (&'static str, Response)> {
    FAILURES.iter().map(|(_, name, meaning)| {
        let error = RefOr::Ref(Ref::from_schema_name(ErrorBody::name()));
        let answer = ResponseBuilder::new().description(*meaning);
        let answer = answer.content("application/json", json(error));
        (*name, answer.build())
    })
}

impl Operation {
    pub(super) fn new(method: Method, path: &str, summary: String) -> Self {
        Self {
            method,
            path: path.to_owned(),
            summary,
            sent: None,
            answer: None,
            query: &[],
            units: false,
            by_client: false,
        }
    }

    /// One below the address of a vehicle.
    pub(super) fn of_vehicle(method: Method, path: &str, summary: String) -> Self {
        Self::new(method, &format!("/vehicles/{{id}}{path}"), summary)
    }

    /// `GET /vehicles/{id}/tires/pressure` as `get_tires_pressure`.
    pub(super) fn name(&self) -> String {
        let path = self.path.trim_start_matches("/vehicles/{id}");
        let words = path.trim_matches('/').replace('/', "_");
        let words = if words.is_empty() {
            "attributes"
        } else {
            &words
        };
        format!("{}_{words}", self.method.as_str().to_ascii_lowercase())
    }

    pub(super) fn into_item(self) -> PathItem {
        let method = match self.method {
            Method::POST => HttpMethod::Post,
            Method::PUT => HttpMethod::Put,
            Method::DELETE => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        PathItem::new(method, self.written())
    }

    fn written(self) -> Written {
        let name = self.name();
        let body = self.sent.map(|schema| {
            let body = RequestBodyBuilder::new().content("application/json", json(schema));
            body.required(Some(Required::True)).build()
        });
        let mut written = OperationBuilder::new()
            .summary(Some(self.summary))
            .operation_id(Some(name))
            .request_body(body)
            .responses(responses(self.answer));
        if self.path.contains("{id}") {
            let id = parameter("id", ParameterIn::Path, Type::String);
            written = written.parameter(id.required(Required::True));
        }
        if self.units {
            let units = parameter("sc-unit-system", ParameterIn::Header, Type::String);
            written = written.parameter(units.required(Required::False));
        }
        if self.by_client {
            let client = SecurityRequirement::new("clientCredentials", Vec::<String>::new());
            written = written.security(client);
        }
        for known in self.query {
            let required = if known.required {
                Required::True
            } else {
                Required::False
            };
            let parameter = parameter(known.name, ParameterIn::Query, known.kind.clone());
            let parameter = parameter.description(Some(known.doc));
            written = written.parameter(parameter.required(required));
        }
        written.build()
    }
}

fn responses(answer: Option<RefOr<Schema>>) -> Responses {
    let mut responses = ResponsesBuilder::new();
    if let Some(mut schema) = answer {
        complete(&mut schema);
        let answer = ResponseBuilder::new().description("The answer.");
        responses = responses.response("200", answer.content("application/json", json(schema)));
    }
    for (status, name, _) in FAILURES {
        responses = responses.response(*status, Ref::from_response_name(*name));
    }
    responses.build()
}

/// Marks all members as always there: views write null rather than leave one out (contract rest-v2,
/// 1.6).
fn complete(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            object.required = object.properties.keys().cloned().collect();
            object.properties.values_mut().for_each(complete);
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(item) = &mut array.items {
                complete(item);
            }
        }
        RefOr::T(Schema::OneOf(one)) => one.items.iter_mut().for_each(complete),
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

fn json(schema: RefOr<Schema>) -> Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

fn parameter(name: &str, place: ParameterIn, kind: Type) -> ParameterBuilder {
    let schema = ObjectBuilder::new().schema_type(kind);
    let parameter = ParameterBuilder::new().name(name).parameter_in(place);
    parameter.schema(Some(schema))
}

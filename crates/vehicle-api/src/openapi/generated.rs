//! The OpenAPI 3.1 document of v2.0, from the endpoint tables and the views' own types.

mod operation;

use axum::http::Method;
use carport_model::Permission;
use utoipa::openapi::path::PathsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder, Server};
use utoipa::{OpenApi as _, PartialSchema as _, ToSchema};

use self::operation::Operation;
use crate::v2::command::{Done, Order, Reply};
use crate::v2::compatibility::matrix::{self, Matrix, MatrixModel};
use crate::v2::compatibility::{self, Capability, Compatibility};
use crate::v2::endpoint::{Endpoint, Fixed};
use crate::v2::error::{Detail, ErrorBody, Field, ResolutionBody};
use crate::v2::paging::{self, Paging};
use crate::v2::unserved::Unserved;
use crate::v2::user::User;
use crate::v2::vehicles::Vehicles;
use crate::v2::{ENDPOINTS, FIXED, ORDERS, UNSERVED, disconnect, webhooks};

/// The document, with `public_url` as its server.
#[must_use]
pub fn document(public_url: &str) -> OpenApi {
    let mut paths = PathsBuilder::new();
    for operation in operations() {
        paths = paths.path(operation.path.clone(), operation.into_item());
    }
    let components = ComponentsBuilder::new()
        .responses_from_iter(operation::failures())
        .schema(Paging::name(), Paging::schema())
        .schema(Detail::name(), Detail::schema())
        .schema(Field::name(), Field::schema())
        .schema(ResolutionBody::name(), ResolutionBody::schema())
        .schema(ErrorBody::name(), ErrorBody::schema())
        .schema(Capability::name(), Capability::schema())
        .schema(MatrixModel::name(), MatrixModel::schema())
        .security_scheme(
            "accessToken",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme(
            "clientCredentials",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Basic).build()),
        )
        .security_scheme(
            "managementToken",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme(
            "managementPassword",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Basic).build()),
        );
    let mut info = Info::new("Carport vehicle API", "2.0");
    info.description = Some(
        "Reads and commands cars of any brand. Every answer carries sc-request-id.".to_owned(),
    );
    let mut document = OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(format!("{public_url}/v2.0"))]))
        .paths(paths.build())
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new(
            "accessToken",
            Vec::<String>::new(),
        )]))
        .build();
    document.merge(Changes::openapi());
    document
}

/// The operations that describe themselves beside their handlers.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(disconnect::disconnect, webhooks::subscribe, webhooks::unsubscribe),
    components(schemas(disconnect::Success, webhooks::Subscription))
)]
struct Changes;

fn operations() -> Vec<Operation> {
    let user = Operation {
        answer: Some(User::schema()),
        ..Operation::new(
            Method::GET,
            "/user",
            "The owner behind the token.".to_owned(),
        )
    };
    let vehicles = Operation {
        answer: Some(Vehicles::schema()),
        query: paging::PARAMETERS,
        ..Operation::new(Method::GET, "/vehicles", "The owner's vehicles.".to_owned())
    };
    let compatibility = Operation {
        answer: Some(Compatibility::schema()),
        query: compatibility::PARAMETERS,
        by_client: true,
        ..Operation::new(
            Method::GET,
            "/compatibility",
            "What a car would serve, by its VIN. Asked with client id and secret.".to_owned(),
        )
    };
    let matrix = Operation {
        answer: Some(Matrix::schema()),
        query: matrix::PARAMETERS,
        by_client: true,
        ..Operation::new(
            Method::GET,
            "/compatibility/matrix",
            "The models that can be connected. Asked with client id and secret.".to_owned(),
        )
    };
    [user, vehicles, compatibility, matrix]
        .into_iter()
        .chain(FIXED.iter().copied().map(of_fixed))
        .chain(ENDPOINTS.iter().copied().map(of_endpoint))
        .chain(UNSERVED.iter().copied().map(of_unserved))
        .chain(ORDERS.iter().copied().map(of_order))
        .collect()
}

fn of_fixed(endpoint: &Fixed) -> Operation {
    let summary = worded(endpoint.summary, None, endpoint.permission);
    Operation {
        answer: Some((endpoint.schema)()),
        query: endpoint.query,
        ..Operation::of_vehicle(Method::GET, endpoint.path, summary)
    }
}

fn of_endpoint(endpoint: &Endpoint) -> Operation {
    let summary = worded(endpoint.summary, endpoint.make, endpoint.permission);
    Operation {
        answer: Some((endpoint.schema)()),
        query: endpoint.query,
        units: endpoint.names_unit_system(),
        ..Operation::of_vehicle(Method::GET, endpoint.path, summary)
    }
}

fn of_unserved(endpoint: &Unserved) -> Operation {
    let summary = worded(endpoint.summary, Some(endpoint.make), endpoint.permission);
    Operation::of_vehicle(Method::GET, endpoint.path, summary)
}

fn of_order(order: &Order) -> Operation {
    let summary = worded(order.summary, order.make, Some(order.permission));
    Operation {
        answer: Some(match order.reply {
            Reply::Done | Reply::Message(_) => Done::schema(),
            Reply::Shows { schema, .. } => schema(),
        }),
        sent: order.schema.map(|schema| schema()),
        query: order.query,
        ..Operation::of_vehicle(order.method.clone(), order.path, summary)
    }
}

fn worded(summary: &str, make: Option<&str>, permission: Option<Permission>) -> String {
    let make = make.map_or(String::new(), |make| format!(" Only for {make}."));
    let needs = permission.map_or(String::new(), |name| format!(" Needs {name}."));
    format!("{summary}{make}{needs}")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_document() {
        insta::assert_json_snapshot!(document("http://localhost:2277"));
    }

    #[test]
    fn every_row_is_an_operation_of_its_own_name() {
        let mut names: Vec<String> = operations().iter().map(Operation::name).collect();
        let rows = FIXED.len() + ENDPOINTS.len() + UNSERVED.len() + ORDERS.len();
        assert_eq!(names.len(), rows + 4);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rows + 4, "an operation's name is its own");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = serde_json::to_value(document("http://localhost:2277")).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > 100);
        for reference in references {
            let place = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{reference}");
        }
    }

    fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                references.extend(members.get("$ref").and_then(Value::as_str));
                members
                    .values()
                    .for_each(|member| collect(member, references));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
            _ => {}
        }
    }
}

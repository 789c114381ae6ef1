//! Makes the document, from the endpoint tables and the views' own types.

use axum::http::Method;
use carport_model::Permission;
use carport_web::openapi::KEPT_ADDRESS;
use utoipa::openapi::path::PathsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder, Server};
use utoipa::{OpenApi as _, PartialSchema as _, ToSchema};

use super::Shape;
use super::operation::{self, Operation};
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

/// The document, as it is kept.
pub(super) fn document() -> OpenApi {
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
        .servers(Some([Server::new(format!("{KEPT_ADDRESS}/v2.0"))]))
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

pub(super) fn operations() -> Vec<Operation> {
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
        answer: Some(endpoint.schema.schema()),
        query: endpoint.query,
        ..Operation::of_vehicle(Method::GET, endpoint.path, summary)
    }
}

fn of_endpoint(endpoint: &Endpoint) -> Operation {
    let summary = worded(endpoint.summary, endpoint.make, endpoint.permission);
    Operation {
        answer: Some(endpoint.schema.schema()),
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
            Reply::Shows { schema, .. } => schema.schema(),
        }),
        sent: order.schema.map(Shape::schema),
        query: order.query,
        ..Operation::of_vehicle(order.method.clone(), order.path, summary)
    }
}

fn worded(summary: &str, make: Option<&str>, permission: Option<Permission>) -> String {
    let make = make.map_or(String::new(), |make| format!(" Only for {make}."));
    let needs = permission.map_or(String::new(), |name| format!(" Needs {name}."));
    format!("{summary}{make}{needs}")
}

//! The OpenAPI 3.1 document of v2.0, from the endpoint table and the views' own types.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::response::{ResponseBuilder, ResponsesBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, Info, OpenApi, OpenApiBuilder, RefOr, Required, Server};
use utoipa::{PartialSchema as _, ToSchema};

use crate::v2::error::{Detail, ErrorBody, ResolutionBody};
use crate::v2::paging::Paging;
use crate::v2::user::User;
use crate::v2::vehicles::Vehicles;
use crate::v2::{ENDPOINTS, FIXED};

/// One operation of the document.
struct Operation {
    path: String,
    summary: String,
    schema: RefOr<Schema>,
    /// Sends the header `sc-unit-system`.
    units: bool,
    paged: bool,
}

/// The document, with `public_url` as its server.
#[must_use]
pub fn document(public_url: &str) -> OpenApi {
    let mut paths = PathsBuilder::new();
    for operation in operations() {
        let path = operation.path.clone();
        paths = paths.path(
            path,
            PathItem::new(HttpMethod::Get, operation_of(operation)),
        );
    }
    let schemas = ComponentsBuilder::new()
        .schema(Paging::name(), Paging::schema())
        .schema(Detail::name(), Detail::schema())
        .schema(ResolutionBody::name(), ResolutionBody::schema())
        .schema(ErrorBody::name(), ErrorBody::schema())
        .security_scheme(
            "accessToken",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
    let mut info = Info::new("Carport vehicle API", "2.0");
    info.description =
        Some("Reads cars of any brand. Every answer carries sc-request-id.".to_owned());
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(format!("{public_url}/v2.0"))]))
        .paths(paths.build())
        .components(Some(schemas.build()))
        .security(Some([SecurityRequirement::new(
            "accessToken",
            Vec::<String>::new(),
        )]))
        .build()
}

fn operations() -> Vec<Operation> {
    let plain = |path: &str, summary: String, schema, paged| Operation {
        path: path.to_owned(),
        summary,
        schema,
        units: false,
        paged,
    };
    let mut operations = vec![
        plain(
            "/user",
            "The owner behind the token.".to_owned(),
            User::schema(),
            false,
        ),
        plain(
            "/vehicles",
            "The owner's vehicles.".to_owned(),
            Vehicles::schema(),
            true,
        ),
    ];
    operations.extend(FIXED.iter().map(|endpoint| Operation {
        path: format!("/vehicles/{{id}}{}", endpoint.path),
        summary: match endpoint.permission {
            Some(permission) => format!("{} Needs {permission}.", endpoint.summary),
            None => endpoint.summary.to_owned(),
        },
        schema: (endpoint.schema)(),
        units: false,
        paged: endpoint.path == "/permissions",
    }));
    operations.extend(ENDPOINTS.iter().map(|endpoint| Operation {
        path: format!("/vehicles/{{id}}{}", endpoint.path),
        summary: format!("{} Needs {}.", endpoint.summary, endpoint.permission),
        schema: (endpoint.schema)(),
        units: endpoint.names_unit_system(),
        paged: false,
    }));
    operations
}

fn operation_of(operation: Operation) -> utoipa::openapi::path::Operation {
    let json = |schema| ContentBuilder::new().schema(Some(schema)).build();
    let mut responses = ResponsesBuilder::new().response(
        "200",
        ResponseBuilder::new()
            .description("The answer.")
            .content("application/json", json(operation.schema)),
    );
    let error = || RefOr::Ref(utoipa::openapi::Ref::from_schema_name(ErrorBody::name()));
    for (status, description) in ERRORS {
        responses = responses.response(
            *status,
            ResponseBuilder::new()
                .description(*description)
                .content("application/json", json(error())),
        );
    }
    let mut built = OperationBuilder::new()
        .summary(Some(operation.summary))
        .operation_id(Some(operation_id(&operation.path)))
        .responses(responses.build());
    if operation.path.contains("{id}") {
        built = built.parameter(parameter("id", ParameterIn::Path, Type::String, true));
    }
    if operation.units {
        built = built.parameter(parameter(
            "sc-unit-system",
            ParameterIn::Header,
            Type::String,
            false,
        ));
    }
    if operation.paged {
        built = built.parameter(parameter("limit", ParameterIn::Query, Type::Integer, false));
        built = built.parameter(parameter(
            "offset",
            ParameterIn::Query,
            Type::Integer,
            false,
        ));
    }
    built.build()
}

/// Statuses every read may answer. Source: contract rest-v2, 5.3.
const ERRORS: &[(&str, &str)] = &[
    (
        "400",
        "The request, or the owner's account with the brand, stands in the way.",
    ),
    ("401", "The access token is missing, unknown or expired."),
    ("403", "The owner has not granted this."),
    ("409", "The car is in a state that does not allow it."),
    (
        "429",
        "Too many requests; for a vehicle, retry-after says when the next is allowed.",
    ),
    ("430", "The plan of the application does not allow this."),
    ("501", "The car cannot do this."),
    ("502", "The maker failed."),
    (
        "503",
        "Carport is busy; retry-after says when to come back.",
    ),
];

fn parameter(
    name: &str,
    place: ParameterIn,
    kind: Type,
    required: bool,
) -> utoipa::openapi::path::Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required {
            Required::True
        } else {
            Required::False
        })
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build()
}

/// `/vehicles/{id}/tires/pressure` as `get_tires_pressure`.
fn operation_id(path: &str) -> String {
    let words = path
        .trim_start_matches("/vehicles/{id}")
        .trim_matches('/')
        .replace('/', "_");
    if words.is_empty() {
        "get_attributes".to_owned()
    } else {
        format!("get_{words}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document() {
        insta::assert_json_snapshot!(document("http://localhost:2277"));
    }
}

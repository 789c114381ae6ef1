//! The OpenAPI 3.1 document of v2.0: a file that tests make from the endpoint tables and the views' own
//! types, and that servers have in them (ADR 10).

#[cfg(test)]
mod generated;
#[cfg(test)]
mod operation;

use carport_web::openapi::Document;
use utoipa::PartialSchema;
#[cfg(test)]
use utoipa::openapi::{RefOr, Schema};

/// The document.
pub const DOCUMENT: Document = Document {
    text: include_str!("../../../../docs/openapi/v2.json"),
    address: "/openapi/v2.json",
    page: "/docs/api/v2",
};

/// The form of a body, for whoever makes the document. Servers keep none.
#[derive(Clone, Copy)]
pub struct Shape {
    #[cfg(test)]
    schema: fn() -> RefOr<Schema>,
}

impl Shape {
    /// That of a type.
    #[must_use]
    pub const fn of<T: PartialSchema>() -> Self {
        Self {
            #[cfg(test)]
            schema: T::schema,
        }
    }

    #[cfg(test)]
    fn schema(self) -> RefOr<Schema> {
        (self.schema)()
    }
}

#[cfg(test)]
mod tests;

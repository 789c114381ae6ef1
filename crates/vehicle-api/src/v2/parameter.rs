//! Parameters of queries.

use utoipa::openapi::schema::Type;

/// A parameter of a query, for the OpenAPI document.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What its value is.
    pub kind: Type,
    /// Whether the request is refused without it.
    pub required: bool,
    /// What it says.
    pub doc: &'static str,
}

impl Parameter {
    /// One that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, kind: Type, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            required: false,
            doc,
        }
    }

    /// One without which the request is refused.
    #[must_use]
    pub const fn required(name: &'static str, kind: Type, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            required: true,
            doc,
        }
    }
}

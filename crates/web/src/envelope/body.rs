//! The body of a failed answer. Source: contract rest-v2, 5.1.

use serde::Serialize;
use utoipa::ToSchema;

/// More about an error (contract rest-v2, 5.5).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Detail {
    /// What is wrong with which field.
    Field {
        /// Name of the field, parameter or header; in the answer to a batch a path of names.
        field: Field,
        /// What to send instead.
        message: String,
    },
    /// What is possible.
    Capacities {
        /// kWh.
        capacities: Vec<f64>,
    },
}

/// A field, as documented errors spell it (contract rest-v2, 5.5 and conflict 7).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Field {
    /// Its name.
    Name(&'static str),
    /// The names on the way to it.
    Path(Vec<&'static str>),
}

/// Error body. All but `detail` are always there; `code` may be null.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Group of the error; branch on this and on `code`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Which error of the group.
    pub code: Option<&'static str>,
    /// For people; may change.
    pub description: &'static str,
    /// Page about this error.
    #[serde(rename = "docURL")]
    pub doc_url: String,
    /// Same as the HTTP status.
    pub status_code: u16,
    /// Same as the header `sc-request-id`.
    pub request_id: String,
    /// What resolves the error.
    pub resolution: ResolutionBody,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail: Vec<Detail>,
}

/// What resolves an error.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolutionBody {
    /// Kind of the resolution, or null.
    #[serde(rename = "type")]
    pub kind: Option<&'static str>,
    /// Where to go, when there is such a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

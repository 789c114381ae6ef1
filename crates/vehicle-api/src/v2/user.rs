//! `GET /user`. Source: contract rest-v2, 2.1.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::endpoint::json_of;
use crate::access::Caller;

/// The owner behind the token.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// One per owner and application, stable over reconnects.
    pub id: String,
}

/// Tells the owner's id.
pub async fn get_user(Caller(grant): Caller) -> Response {
    json_of(&User {
        id: grant.user.to_string(),
    })
}

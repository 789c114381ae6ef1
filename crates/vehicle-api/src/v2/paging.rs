//! `limit` and `offset`. Source: contract rest-v2, 1.8.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::V2Error;

/// Most items of one page.
const MAXIMUM: i64 = 50;

/// The page a caller asks for, as it was sent.
#[derive(Debug, Default, Deserialize)]
pub struct PageQuery {
    limit: Option<String>,
    offset: Option<String>,
}

/// A checked page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// 0 to 50.
    pub limit: i64,
    /// 0 or more.
    pub offset: i64,
}

/// `paging` of a reply.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paging {
    /// How many items there are in all.
    pub count: i64,
    /// Offset of the request.
    pub offset: i64,
}

impl PageQuery {
    /// The page, with `limit` when none was sent.
    ///
    /// # Errors
    /// `VALIDATION` for anything but whole numbers in range.
    pub fn page(&self, limit: i64) -> Result<Page, V2Error> {
        let number = |text: &Option<String>, default: i64| match text.as_deref() {
            None | Some("") => Some(default),
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Some(_) => None,
        };
        let limit = number(&self.limit, limit)
            .filter(|limit| *limit <= MAXIMUM)
            .ok_or_else(|| V2Error::validation("limit", "Send a whole number from 0 to 50."))?;
        let offset = number(&self.offset, 0)
            .ok_or_else(|| V2Error::validation("offset", "Send a whole number, 0 or more."))?;
        Ok(Page { limit, offset })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, V2Error> {
        let query = Query::<Self>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| query)
            .map_err(|_| V2Error::validation("limit", "The query is not well formed."))
    }
}

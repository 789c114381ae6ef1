//! `limit` and `offset`. Source: contract rest-v2, 1.8.

use carport_web::query::Pairs;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::Type;

use super::endpoint::Parameter;
use super::error::V2Error;

/// Most items of one page.
const MAXIMUM: i64 = 50;

/// How a query names a page.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::optional("limit", Type::Integer, "Most items, 0 to 50."),
    Parameter::optional("offset", Type::Integer, "Items to leave out."),
];

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

impl Page {
    /// The page that a query asks for, with `limit` when it names none.
    ///
    /// # Errors
    /// `VALIDATION` for anything but whole numbers in range.
    pub fn of(query: &Pairs, limit: i64) -> Result<Self, V2Error> {
        let number = |name: &str, default: i64| match query.get(name) {
            None => Some(default),
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Some(_) => None,
        };
        let limit = number("limit", limit)
            .filter(|limit| *limit <= MAXIMUM)
            .ok_or_else(|| V2Error::validation("limit", "Send a whole number from 0 to 50."))?;
        let offset = number("offset", 0)
            .ok_or_else(|| V2Error::validation("offset", "Send a whole number, 0 or more."))?;
        Ok(Self { limit, offset })
    }
}

//! What callers may ask, from the query string. Source: contract connect-oauth, F.1.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_store::connection_lists::Filter;
use carport_store::disconnections::Ending;
use carport_web::Pairs;

use crate::cursor::Cursor;
use crate::error::ManagementError;

/// Entries on a page when the caller does not say.
const DEFAULT_LIMIT: usize = 10;
/// Most entries on a page.
const MAXIMUM_LIMIT: usize = 100;

/// What to send in the place of a text that is no cursor.
pub(crate) const CURSOR: &str =
    "Send paging.cursor of the page before as it was, or none for the first page.";

/// The page of connections that a caller asks for.
#[derive(Debug)]
pub struct ListQuery {
    /// 1 to 100.
    pub limit: usize,
    /// Where the page begins; `None` at the beginning of the list.
    pub(crate) cursor: Option<Cursor>,
    /// Which connections.
    pub filter: Filter,
}

/// The connections that a caller ends.
#[derive(Debug)]
pub struct DeleteQuery(pub Ending);

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = ManagementError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ManagementError> {
        let sent = pairs(parts)?;
        let cursor = match one(&sent, "cursor")? {
            Some(text) => Some(("cursor", text)),
            // The name that one SDK has for it (docs/quirks.md#cursor-id).
            None => one(&sent, "cursor_id")?.map(|text| ("cursor_id", text)),
        };
        Ok(Self {
            limit: limit(&sent)?,
            cursor: cursor
                .map(|(name, text)| read_cursor(name, text))
                .transpose()?,
            filter: Filter {
                user: id(&sent, "user_id")?,
                vehicle: id(&sent, "vehicle_id")?,
                mode: parsed(&sent, "mode", "Send live, simulated or test.")?,
            },
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for DeleteQuery {
    type Rejection = ManagementError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ManagementError> {
        let sent = pairs(parts)?;
        match (id(&sent, "user_id")?, id(&sent, "vehicle_id")?) {
            (Some(user), None) => Ok(Self(Ending::User(user))),
            (None, Some(vehicle)) => Ok(Self(Ending::Vehicle(vehicle))),
            (None, None) => Err(ManagementError::validation(
                "user_id",
                "Send user_id or vehicle_id: whose connections are to be deleted.",
            )),
            (Some(_), Some(_)) => Err(ManagementError::validation(
                "vehicle_id",
                "Send user_id or vehicle_id, not both.",
            )),
        }
    }
}

pub(crate) fn pairs(parts: &Parts) -> Result<Pairs, ManagementError> {
    Pairs::parse(parts.uri.query().unwrap_or_default())
        .map_err(|error| ManagementError::validation("query", format!("In the query, {error}.")))
}

/// The only value of a parameter. Two would leave open which one is meant, and one of them may be
/// an owner whose connections end. An empty one counts as absent.
pub(crate) fn one<'a>(
    sent: &'a Pairs,
    name: &'static str,
) -> Result<Option<&'a str>, ManagementError> {
    let mut values = sent.all(name).filter(|value| !value.is_empty());
    let first = values.next();
    if values.all(|value| Some(value) == first) {
        Ok(first)
    } else {
        Err(ManagementError::validation(name, "Send it once."))
    }
}

fn parsed<T: FromStr>(
    sent: &Pairs,
    name: &'static str,
    advice: &str,
) -> Result<Option<T>, ManagementError> {
    one(sent, name)?
        .map(str::parse)
        .transpose()
        .map_err(|_| ManagementError::validation(name, advice))
}

pub(crate) fn id<T: FromStr>(
    sent: &Pairs,
    name: &'static str,
) -> Result<Option<T>, ManagementError> {
    parsed(sent, name, "Send an id: a UUID of 36 characters.")
}

pub(crate) fn limit(sent: &Pairs) -> Result<usize, ManagementError> {
    let Some(text) = one(sent, "limit")? else {
        return Ok(DEFAULT_LIMIT);
    };
    let number = text.parse().ok();
    number
        .filter(|limit| (1..=MAXIMUM_LIMIT).contains(limit) && !text.starts_with('+'))
        .ok_or_else(|| ManagementError::validation("limit", "Send a whole number from 1 to 100."))
}

fn read_cursor(name: &'static str, text: &str) -> Result<Cursor, ManagementError> {
    Cursor::read(text).ok_or_else(|| ManagementError::validation(name, CURSOR))
}

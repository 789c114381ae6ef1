//! An answer and what its headers say about it.

use std::ops::Deref;

use jiff::Timestamp;

use crate::UnitSystem;

/// Data with its [`Meta`]. It dereferences to the data: `answer.distance` is
/// `answer.data.distance`.
#[derive(Clone, Debug, PartialEq)]
pub struct Response<T> {
    /// The body.
    pub data: T,
    /// The headers.
    pub meta: Meta,
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

/// What the headers of an answer say. A header that is missing or unreadable is `None`.
///
/// Source: contract rest-v2, 1.5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Id of the request (36 characters), to be named when asking for help.
    pub request_id: Option<String>,
    /// When the vehicle recorded the data. Only with readings of a vehicle.
    pub data_age: Option<Timestamp>,
    /// When the server fetched the data from the maker, never before `data_age`. Only with
    /// readings of a vehicle.
    pub fetched_at: Option<Timestamp>,
    /// Units of the body. `None` where the body has none.
    pub unit_system: Option<UnitSystem>,
}

impl Meta {
    /// Reads it out of headers, whatever holds them.
    pub(crate) fn of<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Self {
        let time = |name| header(name).and_then(|value| value.parse().ok());
        Self {
            request_id: header("sc-request-id").map(ToOwned::to_owned),
            data_age: time("sc-data-age"),
            fetched_at: time("sc-fetched-at"),
            unit_system: header("sc-unit-system").and_then(UnitSystem::parse),
        }
    }
}

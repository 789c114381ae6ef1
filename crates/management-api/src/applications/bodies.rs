//! Bodies as version 3 has them: resources under `data`. Source: contract rest-v3, 3 and 3.4.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Refused;

/// What is sent: `{"data": {"attributes": …}}`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Wish<T> {
    /// What is wished.
    pub data: WishData<T>,
}

/// The part of a body that says something.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WishData<T> {
    /// It.
    pub attributes: T,
}

/// Where something is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SelfLink {
    /// Its address.
    #[serde(rename = "self")]
    pub itself: String,
}

/// Which page of a list this is. These lists are short: one page holds all.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListMeta {
    /// 1.
    pub page_number: usize,
    /// How many a page holds.
    pub page_size: usize,
    /// How many there are.
    pub total_count: usize,
}

/// Ways through a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListLinks {
    /// This page.
    #[serde(rename = "self")]
    pub itself: String,
    /// The first page.
    pub first: String,
    /// The page before.
    #[schema(required = true)]
    pub prev: Option<String>,
    /// The next page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// The last page.
    pub last: String,
}

impl ListMeta {
    /// Of a list on one page.
    pub(super) fn of(count: usize) -> Self {
        Self {
            page_number: 1,
            page_size: count,
            total_count: count,
        }
    }
}

impl ListLinks {
    /// Of a list on one page.
    pub(super) fn of(address: &str) -> Self {
        Self {
            itself: address.to_owned(),
            first: address.to_owned(),
            prev: None,
            next: None,
            last: address.to_owned(),
        }
    }
}

/// The attributes that were sent; the usual ones when there is no body.
#[derive(Debug, Clone)]
pub struct Attributes<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for Attributes<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Refused::invalid("Send a body of 256 KiB at most."))?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        serde_json::from_slice::<Wish<T>>(&body)
            .map(|wish| Self(wish.data.attributes))
            .map_err(|error| Refused::invalid(format!("The body is not what this takes: {error}.")))
    }
}

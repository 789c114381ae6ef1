//! Pages of simulated cars, and names in paths.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carport_model::{ApplicationId, SimulationId, Timestamp};
use carport_store::simulations::Place;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{SimulatorApi, cars};
use crate::error::ManagementError;
use crate::query;

/// First byte of a cursor of this form.
const FORM: u8 = 2;

/// Where a list goes on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CarPaging)]
pub struct Paging {
    /// To be sent as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub cursor: Option<String>,
    /// How many cars the list has.
    pub count: i64,
}

/// Where a page begins, as text that callers hand back unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CarCursor {
    /// Behind this car.
    pub(super) after: Place,
}

impl CarCursor {
    /// The written form.
    pub(super) fn written(self) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(self.after.created_at.millis().to_be_bytes());
        bytes.extend(self.after.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a written cursor; `None` for any other text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (form, rest) = bytes.split_first()?;
        let (millis, id) = rest.split_first_chunk()?;
        let after = Place {
            created_at: Timestamp::from_millis(i64::from_be_bytes(*millis)),
            id: SimulationId::from_bytes(id.try_into().ok()?),
        };
        (*form == FORM).then_some(Self { after })
    }
}

/// The page that a caller asks for.
#[derive(Debug)]
pub struct PageQuery {
    /// 1 to 100.
    pub limit: usize,
    /// Whose cars; the caller's when absent.
    pub application: Option<ApplicationId>,
    cursor: Option<CarCursor>,
}

impl PageQuery {
    /// The place behind which the page begins; `None` at the beginning of the list.
    #[must_use]
    pub fn after(&self) -> Option<Place> {
        self.cursor.map(|cursor| cursor.after)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = ManagementError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ManagementError> {
        let sent = query::pairs(parts)?;
        let cursor = query::one(&sent, "cursor")?.map(|text| {
            CarCursor::read(text)
                .ok_or_else(|| ManagementError::validation("cursor", query::CURSOR))
        });
        Ok(Self {
            limit: query::limit(&sent)?,
            application: cars::application(query::one(&sent, "application")?)?,
            cursor: cursor.transpose()?,
        })
    }
}

/// A part of the path, by its name in the route.
pub(super) async fn in_path(
    parts: &mut Parts,
    api: &SimulatorApi,
    name: &str,
) -> Result<String, ManagementError> {
    let params = RawPathParams::from_request_parts(parts, api).await;
    let params =
        params.map_err(|_| ManagementError::validation("path", "Send the path in UTF-8."))?;
    let part = params.iter().find(|(known, _)| *known == name);
    Ok(part.map(|(_, value)| value.to_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_nothing_else_does() {
        let cursor = CarCursor {
            after: Place {
                created_at: Timestamp::from_millis(1_772_352_930_250),
                id: SimulationId::from_bytes([0xfe; 16]),
            },
        };
        let text = cursor.written();
        assert_eq!(CarCursor::read(&text), Some(cursor));
        let (longer, other) = (format!("{text}AA"), format!("B{}", &text[1..]));
        for wrong in ["", "AQ", "null", &text[4..], &longer, &other] {
            assert_eq!(CarCursor::read(wrong), None, "{wrong}");
        }
    }
}

//! What a rule does to a request.

use std::num::NonZeroU32;
use std::time::Duration;

use super::Latency;
use crate::ErrorSpec;

/// What is to go wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// The answer is this error of the vehicle API.
    Error {
        /// Row of the catalogue.
        spec: &'static ErrorSpec,
        /// When the answer says to come back; for errors that say so.
        retry_after: Option<Duration>,
    },
    /// The token endpoint refuses.
    OAuth {
        /// How.
        failure: OAuthFailure,
        /// When the answer says to come back.
        retry_after: Option<Duration>,
    },
    /// The answer comes late.
    Latency(Latency),
    /// What was read is older than it is, by this much.
    Stale(Duration),
    /// The connection is cut instead of the answer; what was asked has been done.
    Drop,
    /// The body comes at so many bytes a second.
    SlowBody(NonZeroU32),
}

/// A room that asks: what can go wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The vehicle API and the management API, once they know who asks.
    Vehicles,
    /// The token endpoint, once it knows the client.
    Tokens,
    /// The way out, for whatever passed neither of these.
    WayOut,
}

impl Effect {
    /// Whether it can happen in a room.
    #[must_use]
    pub const fn fits(&self, room: Room) -> bool {
        match self {
            Self::Error { .. } | Self::Stale(_) => matches!(room, Room::Vehicles),
            Self::OAuth { .. } => matches!(room, Room::Tokens),
            Self::Latency(_) | Self::Drop | Self::SlowBody(_) => true,
        }
    }

    /// Whether it is the answer, of which there is one.
    #[must_use]
    pub const fn is_answer(&self) -> bool {
        matches!(self, Self::Error { .. } | Self::OAuth { .. })
    }
}

/// An error code of the token endpoint, and the status that goes with it.
///
/// Source: RFC 6749, 5.2 and 4.1.2.1; contract connect-oauth, B.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OAuthFailure {
    /// `error`.
    pub error: &'static str,
    /// HTTP status.
    pub status: u16,
}

impl OAuthFailure {
    /// All that can be had.
    pub const ALL: [Self; 10] = [
        Self::of("invalid_request", 400),
        Self::of("invalid_client", 401),
        Self::of("invalid_grant", 400),
        Self::of("unauthorized_client", 400),
        Self::of("unsupported_grant_type", 400),
        Self::of("invalid_scope", 400),
        Self::of("access_denied", 403),
        Self::of("slow_down", 429),
        Self::of("server_error", 500),
        Self::of("temporarily_unavailable", 503),
    ];

    const fn of(error: &'static str, status: u16) -> Self {
        Self { error, status }
    }

    /// The failure of this code; `None` when there is none.
    #[must_use]
    pub fn find(error: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.error == error)
    }
}

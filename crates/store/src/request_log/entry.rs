//! What is told of a request.

use carport_model::{ApplicationId, ErrorSpec, RequestId, Timestamp, VehicleId};

/// One answered request. Small and without allocations, so that leaving one costs next to nothing.
///
/// There is no place for an address, a header or a body: they may carry tokens and personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When the request came.
    pub at: Timestamp,
    /// Time to the head of the answer, in microseconds.
    pub took_micros: u32,
    /// Of that, the time until the gate knew token and vehicle; `None` where there is no gate.
    pub gate_micros: Option<u32>,
    /// Of that, the time in which the car was read; `None` where none was.
    pub read_micros: Option<u32>,
    /// Method.
    pub method: Method,
    /// Pattern of the route, from [`super::RequestLog::route`].
    pub route: RouteName,
    /// HTTP status.
    pub status: u16,
    /// Id that the answer carried.
    pub request: RequestId,
    /// Application that asked, where it proved who it is.
    pub application: Option<ApplicationId>,
    /// Vehicle it asked about, where it may know it.
    pub vehicle: Option<VehicleId>,
    /// Error of the vehicle API.
    pub error: Option<&'static ErrorSpec>,
}

/// A route's pattern, known to one [`super::RequestLog`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteName(pub(super) u16);

/// A request's method. The numbers are those of the file: they must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the methods of HTTP")]
pub enum Method {
    /// One that no route takes.
    Other = 0,
    Get = 1,
    Head = 2,
    Post = 3,
    Put = 4,
    Patch = 5,
    Delete = 6,
    Options = 7,
}

impl Method {
    /// All methods, by number.
    pub const ALL: [Self; 8] = [
        Self::Other,
        Self::Get,
        Self::Head,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Options,
    ];

    /// The method of this name; [`Method::Other`] for those that clients make up.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        }
    }

    /// Its name; `other` for [`Method::Other`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

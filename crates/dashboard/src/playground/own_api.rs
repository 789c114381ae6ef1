//! The server's own API, as the binary hands it in: doors do not know one another.

use std::fmt;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use carport_model::Permission;
use futures_util::future::BoxFuture;

/// The server's token endpoint and vehicle API, whose answers are attended as those to requests from
/// outside. Made when somebody asks for the first time: a start should not wait for it.
pub type Attended = Arc<LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>>;

/// Carries a request through the server's own routes, as one that came in from outside; `None` when
/// a fault on demand cut the connection.
pub type Carry = Arc<dyn Fn(Request) -> BoxFuture<'static, Option<Response>> + Send + Sync>;

/// The API that the playground calls.
#[derive(Clone)]
pub struct OwnApi {
    /// Carries requests.
    pub carry: Carry,
    /// What can be called, in the order of the reference.
    pub endpoints: fn() -> &'static [Endpoint],
}

impl fmt::Debug for OwnApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnApi")
    }
}

/// Something that can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Method.
    pub method: Method,
    /// Path; `{id}` stands for the vehicle.
    pub path: String,
    /// One sentence.
    pub summary: String,
    /// Brand whose cars alone have it.
    pub make: Option<String>,
    /// Permission it needs.
    pub permission: Option<Permission>,
    /// Whether it takes `sc-unit-system`.
    pub units: bool,
    /// Whether it is asked with client id and secret instead of a token.
    pub by_client: bool,
    /// Names that its query may have.
    pub query: Vec<String>,
    /// A body that it takes, if it takes one.
    pub body: Option<String>,
}

impl Endpoint {
    /// What a form calls it: `GET /v2.0/user`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it is about a vehicle.
    #[must_use]
    pub fn of_vehicle(&self) -> bool {
        self.path.contains("{id}")
    }
}

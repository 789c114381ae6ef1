//! Requests that have no method of their own.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::error::{Error, Result};

/// Any request below one vehicle, for [`Vehicle::request`](crate::Vehicle::request): the endpoints
/// of single brands, and whatever is newer than this SDK.
///
/// ```
/// use carport_sdk::Request;
/// use serde_json::json;
///
/// let compass = Request::get("tesla/compass");
/// let warm_up = Request::post("tesla/climate/cabin")
///     .body(json!({"action": "SET", "temperature": 21.5}));
/// ```
#[derive(Clone)]
#[must_use = "hand it to `Vehicle::request`"]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) headers: HeaderMap,
}

impl std::fmt::Debug for Request {
    /// Neither query nor body: positions may be in them.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// A request of any method. The path is the part after `/vehicles/{id}`, unescaped and without
    /// a query; `.` and `..` in it are left out, so that it stays with the vehicle.
    ///
    /// ```
    /// use carport_sdk::{Method, Request};
    ///
    /// let schedule = Request::new(Method::PUT, "nissan/charge/schedule");
    /// ```
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            headers: HeaderMap::new(),
        }
    }

    /// A read.
    ///
    /// ```
    /// let compass = carport_sdk::Request::get("/tesla/compass");
    /// ```
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A command.
    ///
    /// ```
    /// let open = carport_sdk::Request::post("/tesla/security/trunk")
    ///     .body(serde_json::json!({"action": "OPEN"}));
    /// ```
    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// Adds a parameter of the query.
    ///
    /// ```
    /// let records = carport_sdk::Request::get("bmw/charge/records").query("startDate", "2026-01-01");
    /// ```
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sends this JSON.
    ///
    /// ```
    /// let body = serde_json::json!({"amperage": 16});
    /// let charge = carport_sdk::Request::post("tesla/charge/ammeter").body(body);
    /// ```
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Adds a header. One that the SDK sets itself (`authorization`, `sc-unit-system`) is replaced.
    ///
    /// ```
    /// let miles = carport_sdk::Request::get("odometer").header("sc-unit-system", "imperial")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] when name or value cannot stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self> {
        let name =
            HeaderName::try_from(name).map_err(|_| Error::Input("that is no name of a header"))?;
        let value = HeaderValue::try_from(value)
            .map_err(|_| Error::Input("a header's value is one line of visible characters"))?;
        self.headers.insert(name, value);
        Ok(self)
    }
}

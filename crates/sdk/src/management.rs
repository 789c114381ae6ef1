//! The management API: all connections of an application, whoever they belong to.

use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::auth_url::Mode;
use crate::data::lenient_instant;
use crate::error::Result;
use crate::listing::{Listing, Page};
use crate::transport::{Call, Credentials, Http, address, check_origin};
use crate::{Origins, Response, Secret};

/// The user name that goes with the token; servers look at the token only.
const USER: &str = "default";
/// The largest page (contract connect-oauth, F.1).
const LARGEST_PAGE: u32 = 100;

/// The management API of one server, opened by an application management token.
///
/// ```no_run
/// # async fn example() -> carport_sdk::Result<()> {
/// use carport_sdk::{ConnectionFilter, CursorPaging, Management};
///
/// let management = Management::at("http://localhost:2277", "the management token")?;
/// let filter = ConnectionFilter::default().user("3f0b9a52-7c1e-4f0d-9a64-0c5d8f6e2b11");
/// let page = management.get_connections(&filter, &CursorPaging::default()).await?;
/// for connection in &page.connections {
///     println!("{} since {:?}", connection.vehicle_id, connection.connected_at);
/// }
/// # Ok(()) }
/// ```
///
/// Every call fails in the same ways: [`Error::Api`](crate::Error::Api) with `AUTHENTICATION` (401,
/// not the token) or `VALIDATION` (400); [`Error::Transport`](crate::Error::Transport) and
/// [`Error::Decode`](crate::Error::Decode) as everywhere. Source: contract connect-oauth, F.1.
#[derive(Clone, Debug)]
pub struct Management {
    origin: Url,
    token: Secret,
    http: Http,
}

/// Which connections are meant. Without any filter: all of the application.
///
/// ```
/// use carport_sdk::{ConnectionFilter, Mode};
/// let test_cars = ConnectionFilter::default().mode(Mode::Test);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionFilter {
    user: Option<String>,
    vehicle: Option<String>,
    mode: Option<Mode>,
}

impl ConnectionFilter {
    /// Those of one owner, by the user id.
    ///
    /// ```
    /// let filter = carport_sdk::ConnectionFilter::default().user("3f0b…");
    /// ```
    #[must_use]
    pub fn user(mut self, id: impl Into<String>) -> Self {
        self.user = Some(id.into());
        self
    }

    /// Those of one vehicle.
    ///
    /// ```
    /// let filter = carport_sdk::ConnectionFilter::default().vehicle("8a1d…");
    /// ```
    #[must_use]
    pub fn vehicle(mut self, id: impl Into<String>) -> Self {
        self.vehicle = Some(id.into());
        self
    }

    /// Those of one kind of cars.
    ///
    /// ```
    /// let filter = carport_sdk::ConnectionFilter::default().mode(carport_sdk::Mode::Live);
    /// ```
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }
}

/// Which part of a list to send, when places in it have no numbers.
///
/// ```
/// let most = carport_sdk::CursorPaging::default().limit(100);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CursorPaging {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl CursorPaging {
    /// At most this many items, 1 to 100; 10 unless asked otherwise.
    ///
    /// ```
    /// let page = carport_sdk::CursorPaging::default().limit(25);
    /// ```
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// What follows the page that came with this cursor.
    ///
    /// ```
    /// let page = carport_sdk::CursorPaging::default().cursor("from the page before");
    /// ```
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

/// Whose connections to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionsOf {
    /// All of the owner with this user id.
    User(String),
    /// Those of the vehicle with this id.
    Vehicle(String),
}

/// A page of connections, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    /// The page.
    pub connections: Vec<Connection>,
    /// What follows.
    pub paging: CursorInfo,
}

/// An owner's consent to one vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// UUID of the vehicle.
    pub vehicle_id: String,
    /// UUID of its owner.
    pub user_id: String,
    /// When the owner consented. `None` for a connection just deleted.
    #[serde(default, alias = "createdAt", deserialize_with = "lenient_instant")]
    pub connected_at: Option<Timestamp>,
    /// `live`, `simulated` or `test`. `None` for a connection just deleted.
    #[serde(default)]
    pub mode: Option<String>,
}

/// Where a page of a list ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorInfo {
    /// Leads to the next page. `None` on the last.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Items in the whole list. `None` where the server does not say.
    #[serde(default)]
    pub count: Option<u64>,
}

/// The connections that were deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedConnections {
    /// Empty when there was none.
    pub connections: Vec<Connection>,
}

impl Management {
    /// The management API at this origin.
    ///
    /// ```
    /// let management = carport_sdk::Management::at("http://localhost:2277", "token")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Api::at`](crate::Api::at).
    pub fn at(origin: &str, management_token: impl Into<Secret>) -> Result<Self> {
        Self::with(origin, management_token.into(), Http::new()?)
    }

    /// The management API where `SMARTCAR_MANAGEMENT_API_ORIGIN` says, else the original service's.
    ///
    /// ```
    /// let management = carport_sdk::Management::from_env("token")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Api::at`](crate::Api::at).
    pub fn from_env(management_token: impl Into<Secret>) -> Result<Self> {
        Self::at(&Origins::from_env().management, management_token)
    }

    pub(crate) fn with(origin: &str, token: Secret, http: Http) -> Result<Self> {
        Ok(Self {
            origin: check_origin(origin)?,
            token,
            http,
        })
    }

    /// A page of the application's connections.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let token = carport.management_token.clone();
    /// # let management = carport.client()?.management(token)?;
    /// # use carport_sdk::{ConnectionFilter, CursorPaging};
    /// let everything = ConnectionFilter::default();
    /// let first = management.get_connections(&everything, &CursorPaging::default()).await?;
    /// if let Some(cursor) = &first.paging.cursor {
    ///     let next = CursorPaging::default().cursor(cursor);
    ///     let second = management.get_connections(&everything, &next).await?;
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Management`].
    pub async fn get_connections(
        &self,
        filter: &ConnectionFilter,
        page: &CursorPaging,
    ) -> Result<Response<Connections>> {
        let limit = page.limit.map(|limit| limit.to_string());
        let url = self.address(&[
            ("user_id", filter.user.as_deref()),
            ("vehicle_id", filter.vehicle.as_deref()),
            ("mode", filter.mode.map(Mode::as_str)),
            ("limit", limit.as_deref()),
            ("cursor", page.cursor.as_deref()),
        ]);
        self.send(Call::get(url)).await
    }

    /// Every connection, however many pages they fill.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let token = carport.management_token.clone();
    /// # let management = carport.client()?.management(token)?;
    /// let mut all = management.all_connections(Default::default());
    /// while let Some(connection) = all.next().await {
    ///     println!("{}", connection?.vehicle_id);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`get_connections`](Self::get_connections), as an item of the list.
    pub fn all_connections(&self, filter: ConnectionFilter) -> Listing<Connection> {
        let management = self.clone();
        let first = CursorPaging::default().limit(LARGEST_PAGE);
        Listing::new(first, move |asked| {
            let (management, filter) = (management.clone(), filter.clone());
            async move {
                let page = management.get_connections(&filter, &asked).await?.data;
                Ok(Page {
                    items: page.connections,
                    next: page.paging.cursor.map(|cursor| asked.cursor(cursor)),
                })
            }
        })
    }

    /// Deletes an owner's or a vehicle's connections: the application cannot read them any more.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let id = carport.vehicle("read_vin").await?.id().to_owned();
    /// # let token = carport.management_token.clone();
    /// # let management = carport.client()?.management(token)?;
    /// use carport_sdk::ConnectionsOf;
    ///
    /// let gone = management.delete_connections(&ConnectionsOf::Vehicle(id)).await?;
    /// assert_eq!(gone.connections.len(), 1);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Management`]. That there is nothing to delete is none: the list is empty.
    pub async fn delete_connections(
        &self,
        of: &ConnectionsOf,
    ) -> Result<Response<DeletedConnections>> {
        let url = self.address(&[match of {
            ConnectionsOf::User(id) => ("user_id", Some(id)),
            ConnectionsOf::Vehicle(id) => ("vehicle_id", Some(id)),
        }]);
        self.send(Call::new(Method::DELETE, url)).await
    }

    async fn send<T: serde::de::DeserializeOwned>(&self, call: Call) -> Result<Response<T>> {
        let who = Credentials::Basic(USER, &self.token);
        self.http.send(call, who).await?.data()
    }

    fn address(&self, query: &[(&str, Option<&str>)]) -> Url {
        let mut url = address(&self.origin, "2.0", ["management", "connections"]);
        for (name, value) in query {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        url
    }
}

#[cfg(test)]
#[path = "management/tests.rs"]
mod tests;

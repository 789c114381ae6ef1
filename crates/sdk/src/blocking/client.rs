//! An application, the owners it serves, and their tokens.

use super::{Listing, Vehicle, wait, waiting};
use crate::compatibility::{Compatibility, CompatibilityMatrix, CompatibilityQuery, MatrixQuery};
use crate::data::{Paging, User, Vehicles};
use crate::error::Result;
use crate::management::{
    Connection, ConnectionFilter, Connections, ConnectionsOf, CursorPaging, DeletedConnections,
};
use crate::{Access, AuthUrl, Bearer, Origins, Pkce, Response, Secret, TokenStore};

/// [`AuthClient`](crate::AuthClient) without async; from
/// [`AuthClientBuilder::build_blocking`](crate::AuthClientBuilder::build_blocking).
#[derive(Clone, Debug)]
pub struct AuthClient(pub(crate) crate::AuthClient);

impl AuthClient {
    /// As [`AuthClient::from_env`](crate::AuthClient::from_env).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn from_env() -> Result<Self> {
        crate::AuthClient::from_env().map(Self)
    }

    /// Where this client's servers are.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        self.0.origins()
    }

    /// As [`AuthClient::auth_url`](crate::AuthClient::auth_url).
    pub fn auth_url<I>(&self, scope: I) -> AuthUrl
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        self.0.auth_url(scope)
    }

    /// As [`AuthClient::api`](crate::AuthClient::api).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn api(&self) -> Result<Api> {
        self.0.api().map(Api)
    }

    /// As [`AuthClient::management`](crate::AuthClient::management).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn management(&self, management_token: impl Into<Secret>) -> Result<Management> {
        self.0.management(management_token).map(Management)
    }

    waiting! {
        AuthClient::exchange_code(code: &str) -> Access;
        AuthClient::exchange_code_with_pkce(code: &str, pkce: &Pkce) -> Access;
        AuthClient::exchange_refresh_token(refresh_token: &Secret) -> Access;
        AuthClient::compatibility(query: &CompatibilityQuery) -> Response<Compatibility>;
        AuthClient::compatibility_matrix(query: &MatrixQuery) -> Response<CompatibilityMatrix>;
    }
}

/// [`Api`](crate::Api) without async.
#[derive(Clone, Debug)]
pub struct Api(crate::Api);

impl Api {
    /// As [`Api::at`](crate::Api::at).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn at(origin: &str) -> Result<Self> {
        crate::Api::at(origin).map(Self)
    }

    /// As [`Api::from_env`](crate::Api::from_env).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn from_env() -> Result<Self> {
        crate::Api::from_env().map(Self)
    }

    /// As [`Api::version`](crate::Api::version).
    #[must_use]
    pub fn version(self, version: impl Into<String>) -> Self {
        Self(self.0.version(version))
    }

    /// As [`Api::vehicle`](crate::Api::vehicle).
    #[must_use]
    pub fn vehicle(&self, id: impl Into<String>, bearer: impl Into<Bearer>) -> Vehicle {
        Vehicle(self.0.vehicle(id, bearer))
    }

    /// As [`Api::all_vehicles`](crate::Api::all_vehicles), as an iterator.
    ///
    /// # Errors
    ///
    /// The same, as an item.
    pub fn all_vehicles(&self, bearer: impl Into<Bearer>) -> Listing<Vehicle> {
        Listing::new(self.0.all_vehicles(bearer), Vehicle)
    }

    waiting! {
        Api::get_user(bearer: impl Into<Bearer>) -> Response<User>;
        Api::get_vehicles(bearer: impl Into<Bearer>, page: Paging) -> Response<Vehicles>;
    }
}

/// Waits for [`get_user`](crate::get_user()).
///
/// # Errors
///
/// The same.
pub fn get_user(bearer: impl Into<Bearer>) -> Result<Response<User>> {
    wait(crate::get_user(bearer))
}

/// Waits for [`get_vehicles`](crate::get_vehicles()).
///
/// # Errors
///
/// The same.
pub fn get_vehicles(bearer: impl Into<Bearer>, page: Paging) -> Result<Response<Vehicles>> {
    wait(crate::get_vehicles(bearer, page))
}

/// [`Management`](crate::Management) without async.
#[derive(Clone, Debug)]
pub struct Management(crate::Management);

impl Management {
    /// As [`Management::at`](crate::Management::at).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn at(origin: &str, management_token: impl Into<Secret>) -> Result<Self> {
        crate::Management::at(origin, management_token).map(Self)
    }

    /// As [`Management::from_env`](crate::Management::from_env).
    ///
    /// # Errors
    ///
    /// The same.
    pub fn from_env(management_token: impl Into<Secret>) -> Result<Self> {
        crate::Management::from_env(management_token).map(Self)
    }

    /// As [`Management::all_connections`](crate::Management::all_connections), as an iterator.
    ///
    /// # Errors
    ///
    /// The same, as an item.
    pub fn all_connections(&self, filter: ConnectionFilter) -> Listing<Connection> {
        Listing::new(self.0.all_connections(filter), |connection| connection)
    }

    waiting! {
        Management::get_connections(filter: &ConnectionFilter, page: &CursorPaging) -> Response<Connections>;
        Management::delete_connections(of: &ConnectionsOf) -> Response<DeletedConnections>;
    }
}

/// [`Session`](crate::Session) without async.
#[derive(Clone, Debug)]
pub struct Session(crate::Session);

impl Session {
    /// As [`Session::new`](crate::Session::new).
    pub fn new(client: &AuthClient, store: impl TokenStore) -> Self {
        Self(crate::Session::new(client.0.clone(), store))
    }

    waiting! {
        Session::begin(access: Access) -> ();
        Session::access_token() -> Secret;
        Session::refresh() -> Secret;
    }
}

impl From<&Session> for Bearer {
    fn from(session: &Session) -> Self {
        (&session.0).into()
    }
}

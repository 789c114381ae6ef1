//! Calls that concern an owner rather than one car.

use serde::de::DeserializeOwned;
use url::Url;

use crate::data::{Paging, User, Vehicles};
use crate::error::Result;
use crate::transport::{Http, check_origin};
use crate::{Origins, Response, Secret, UnitSystem, Vehicle};

/// The vehicle API of one server. Make it once and keep it: clones, and the vehicles made from
/// it, share their connections.
#[derive(Clone, Debug)]
pub struct Api {
    origin: Url,
    version: String,
    http: Http,
}

impl Api {
    /// The API at this origin.
    ///
    /// ```
    /// let api = carport_sdk::Api::at("http://localhost:2277")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BadOrigin`](crate::Error::BadOrigin) when it is no http(s) address,
    /// [`Error::Transport`](crate::Error::Transport) when the TLS library cannot start.
    pub fn at(origin: &str) -> Result<Self> {
        let origin = check_origin(origin)?;
        Ok(Self {
            origin,
            version: "2.0".to_owned(),
            http: Http::new()?,
        })
    }

    /// The API where `SMARTCAR_API_ORIGIN` says, else the original service's.
    ///
    /// ```
    /// let api = carport_sdk::Api::from_env()?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Api::at`].
    pub fn from_env() -> Result<Self> {
        Self::at(&Origins::from_env().api)
    }

    /// The same API moved to another origin, with the connections it has.
    pub(crate) fn moved(mut self, origin: &str) -> Result<Self> {
        self.origin = check_origin(origin)?;
        Ok(self)
    }

    /// Another version of the API than `2.0`.
    ///
    /// ```
    /// let api = carport_sdk::Api::at("http://localhost:2277")?.version("2.0");
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Who the token belongs to.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_odometer").await?);
    /// let user = api.get_user(&access.access_token).await?;
    /// assert_eq!(user.id.len(), 36);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`](crate::Error::Api) with `AUTHENTICATION` for a token that is not good,
    /// [`Error::Transport`](crate::Error::Transport), [`Error::Decode`](crate::Error::Decode).
    /// Source: contract rest-v2, 2.1.
    pub async fn get_user(&self, token: &Secret) -> Result<Response<User>> {
        self.get(&["user"], Paging::default(), token, None).await
    }

    /// The ids of the vehicles the token reaches, 10 to a page unless asked otherwise.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_odometer").await?);
    /// use carport_sdk::Paging;
    ///
    /// let page = api.get_vehicles(&access.access_token, Paging::default().limit(1)).await?;
    /// assert_eq!(page.vehicles.len(), 1);
    /// assert!(page.paging.count >= 1);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`get_user`](Self::get_user), and `VALIDATION` for a limit over 50. Source: contract
    /// rest-v2, 2.2.
    pub async fn get_vehicles(&self, token: &Secret, page: Paging) -> Result<Response<Vehicles>> {
        self.get(&["vehicles"], page, token, None).await
    }

    /// One vehicle of this API; nothing is sent yet.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_vin").await?);
    /// # let page = api.get_vehicles(&access.access_token, Default::default()).await?;
    /// let vin = api.vehicle(&page.vehicles[0], &access.access_token).vin().await?;
    /// assert_eq!(vin.vin.len(), 17);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn vehicle(&self, id: impl Into<String>, token: &Secret) -> Vehicle {
        Vehicle::of(self.clone(), id.into(), token.clone())
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        page: Paging,
        token: &Secret,
        units: Option<UnitSystem>,
    ) -> Result<Response<T>> {
        self.http
            .get(self.url(path, page), token, units)
            .await?
            .data()
    }

    fn url(&self, path: &[&str], page: Paging) -> Url {
        let mut url = self.origin.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            // Escapes each piece, and makes nothing of a slash at the end of the origin.
            segments
                .pop_if_empty()
                .push(&format!("v{}", self.version))
                .extend(path);
        }
        for (name, value) in [("limit", page.limit), ("offset", page.offset)] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, &value.to_string());
            }
        }
        url
    }
}

/// [`Api::get_user`] of the server the environment names, on a connection of its own.
///
/// ```no_run
/// # async fn example(access: carport_sdk::Access) -> carport_sdk::Result<()> {
/// let user = carport_sdk::get_user(&access.access_token).await?;
/// println!("{}", user.id);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// As [`Api::at`] and [`Api::get_user`].
pub async fn get_user(token: &Secret) -> Result<Response<User>> {
    Api::from_env()?.get_user(token).await
}

/// [`Api::get_vehicles`] of the server the environment names, on a connection of its own.
///
/// ```no_run
/// # async fn example(access: carport_sdk::Access) -> carport_sdk::Result<()> {
/// let page = carport_sdk::get_vehicles(&access.access_token, Default::default()).await?;
/// println!("{} of {}", page.vehicles.len(), page.paging.count);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// As [`Api::at`] and [`Api::get_vehicles`].
pub async fn get_vehicles(token: &Secret, page: Paging) -> Result<Response<Vehicles>> {
    Api::from_env()?.get_vehicles(token, page).await
}

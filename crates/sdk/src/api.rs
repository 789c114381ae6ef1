//! Calls that concern an owner rather than one car.

use serde::de::DeserializeOwned;
use url::Url;

use crate::bearer::Bearer;
use crate::data::{Paging, User, Vehicles};
use crate::error::Result;
use crate::listing::{Listing, Page};
use crate::transport::{Call, Http, address, check_origin};
use crate::{Origins, Response, Vehicle};

/// The largest page of vehicles (contract rest-v2, 1.8).
const LARGEST_PAGE: u32 = 50;

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
        Self::with(origin, Http::new()?)
    }

    pub(crate) fn with(origin: &str, http: Http) -> Result<Self> {
        Ok(Self {
            origin: check_origin(origin)?,
            version: "2.0".to_owned(),
            http,
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
    /// let user = api.get_user(&access).await?;
    /// assert_eq!(user.id.len(), 36);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`](crate::Error::Api) with `AUTHENTICATION` for a token that is not good,
    /// [`Error::Transport`](crate::Error::Transport), [`Error::Decode`](crate::Error::Decode).
    /// Source: contract rest-v2, 2.1.
    pub async fn get_user(&self, bearer: impl Into<Bearer>) -> Result<Response<User>> {
        let call = Call::get(self.address(&["user"], &[]));
        self.send(&bearer.into(), call).await
    }

    /// The ids of the vehicles the token reaches, 10 to a page unless asked otherwise.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_odometer").await?);
    /// use carport_sdk::Paging;
    ///
    /// let page = api.get_vehicles(&access, Paging::default().limit(1)).await?;
    /// assert_eq!(page.vehicles.len(), 1);
    /// assert!(page.paging.count >= 1);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`get_user`](Self::get_user), and `VALIDATION` for a limit over 50. Source: contract
    /// rest-v2, 2.2.
    pub async fn get_vehicles(
        &self,
        bearer: impl Into<Bearer>,
        page: Paging,
    ) -> Result<Response<Vehicles>> {
        let call = Call::get(self.address(&["vehicles"], &page.query()));
        self.send(&bearer.into(), call).await
    }

    /// Every vehicle the token reaches, however many pages they fill.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_vin").await?);
    /// for car in api.all_vehicles(&access).into_vec().await? {
    ///     assert_eq!(car.vin().await?.vin.len(), 17);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`get_vehicles`](Self::get_vehicles), as an item of the list.
    pub fn all_vehicles(&self, bearer: impl Into<Bearer>) -> Listing<Vehicle> {
        let (api, bearer) = (self.clone(), bearer.into());
        Listing::new(0, move |offset| {
            let (api, bearer) = (api.clone(), bearer.clone());
            async move {
                let asked = Paging::default().limit(LARGEST_PAGE).offset(offset);
                let page = api.get_vehicles(&bearer, asked).await?.data;
                let seen =
                    offset.saturating_add(u32::try_from(page.vehicles.len()).unwrap_or(u32::MAX));
                Ok(Page {
                    // An empty page ends the list too, should it shrink meanwhile.
                    next: (seen > offset && seen < page.paging.count).then_some(seen),
                    items: page
                        .vehicles
                        .into_iter()
                        .map(|id| api.vehicle(id, &bearer))
                        .collect(),
                })
            }
        })
    }

    /// One vehicle of this API; nothing is sent yet.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_vin").await?);
    /// # let page = api.get_vehicles(&access, Default::default()).await?;
    /// let vin = api.vehicle(&page.vehicles[0], &access).vin().await?;
    /// assert_eq!(vin.vin.len(), 17);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn vehicle(&self, id: impl Into<String>, bearer: impl Into<Bearer>) -> Vehicle {
        Vehicle::of(self.clone(), id.into(), bearer.into())
    }

    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        bearer: &Bearer,
        call: Call,
    ) -> Result<Response<T>> {
        bearer.send(&self.http, call).await?.data()
    }

    pub(crate) fn address(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = address(&self.origin, &self.version, path.iter().copied());
        // Asking for the pairs alone would leave a bare question mark.
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

/// [`Api::get_user`] of the server the environment names, on a connection of its own.
///
/// ```no_run
/// # async fn example(access: carport_sdk::Access) -> carport_sdk::Result<()> {
/// let user = carport_sdk::get_user(&access).await?;
/// println!("{}", user.id);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// As [`Api::at`] and [`Api::get_user`].
pub async fn get_user(bearer: impl Into<Bearer>) -> Result<Response<User>> {
    Api::from_env()?.get_user(bearer).await
}

/// [`Api::get_vehicles`] of the server the environment names, on a connection of its own.
///
/// ```no_run
/// # async fn example(access: carport_sdk::Access) -> carport_sdk::Result<()> {
/// let page = carport_sdk::get_vehicles(&access, Default::default()).await?;
/// println!("{} of {}", page.vehicles.len(), page.paging.count);
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// As [`Api::at`] and [`Api::get_vehicles`].
pub async fn get_vehicles(bearer: impl Into<Bearer>, page: Paging) -> Result<Response<Vehicles>> {
    Api::from_env()?.get_vehicles(bearer, page).await
}

//! An application's own identity: links to Connect, and codes turned into tokens.

use form_urlencoded::Serializer;
use serde::de::DeserializeOwned;

use crate::access::Access;
use crate::auth_url::words;
use crate::compatibility::{Compatibility, CompatibilityMatrix, CompatibilityQuery, MatrixQuery};
use crate::error::{Error, Result};
use crate::transport::{Call, Credentials, Http, check_origin};
use crate::{Api, AuthUrl, Management, Origins, Pkce, Response, Secret};

/// One application, as registered with the server.
///
/// Cheap to clone; clones share their connections.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
/// # support::on_carport(async |carport| {
/// # let (client, code) = (carport.client()?, carport.code("read_odometer").await?);
/// let access = client.exchange_code(&code).await?;
/// let access = client.exchange_refresh_token(&access.refresh_token).await?;
/// assert!(!access.is_expired());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct AuthClient {
    client_id: String,
    client_secret: Secret,
    redirect_uri: Option<String>,
    origins: Origins,
    http: Http,
}

/// What an [`AuthClient`] is made of; from [`AuthClient::builder`].
#[derive(Clone, Debug)]
#[must_use = "call `build` to get the client"]
pub struct AuthClientBuilder {
    client_id: String,
    client_secret: Secret,
    redirect_uri: Option<String>,
    origins: Option<Origins>,
}

impl AuthClientBuilder {
    /// Where Connect sends the browser back to; one of the registered URIs, exactly. Without it
    /// the application's default URI is used.
    ///
    /// ```
    /// # use carport_sdk::AuthClient;
    /// let client = AuthClient::builder("id", "secret").redirect_uri("https://my.app/back").build()?;
    /// assert!(client.auth_url(["read_vin"]).build().contains("redirect_uri=https"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Where the servers are; [`Origins::from_env`] unless said otherwise.
    ///
    /// ```
    /// # use carport_sdk::{AuthClient, Origins};
    /// let origins = Origins::single("http://localhost:2277");
    /// let client = AuthClient::builder("id", "secret").origins(origins.clone()).build()?;
    /// assert_eq!(client.origins(), &origins);
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn origins(mut self, origins: Origins) -> Self {
        self.origins = Some(origins);
        self
    }

    /// Checks the origins and makes the client. Nothing is sent yet.
    ///
    /// ```
    /// # use carport_sdk::{AuthClient, Error, Origins};
    /// let typo = AuthClient::builder("id", "secret").origins(Origins::single("localhost")).build();
    /// assert!(matches!(typo, Err(Error::BadOrigin { .. })));
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BadOrigin`] when an origin is no http(s) address, [`Error::Transport`] when the
    /// TLS library cannot start.
    pub fn build(self) -> Result<AuthClient> {
        let origins = self.origins.unwrap_or_else(Origins::from_env);
        for origin in [
            &origins.connect,
            &origins.auth,
            &origins.api,
            &origins.management,
        ] {
            check_origin(origin)?;
        }
        Ok(AuthClient {
            client_id: self.client_id,
            client_secret: self.client_secret,
            redirect_uri: self.redirect_uri.filter(|uri| !uri.is_empty()),
            origins,
            http: Http::new()?,
        })
    }

    /// As [`build`](Self::build), for programs without an async runtime.
    ///
    /// ```
    /// let client = carport_sdk::AuthClient::builder("id", "secret").build_blocking()?;
    /// assert!(client.auth_url(["read_vin"]).build().contains("scope=read_vin"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    #[cfg(feature = "blocking")]
    pub fn build_blocking(self) -> Result<crate::blocking::AuthClient> {
        self.build().map(crate::blocking::AuthClient)
    }
}

impl AuthClient {
    /// Starts from the id and secret that registering the application gave.
    ///
    /// ```
    /// let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn builder(
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> AuthClientBuilder {
        AuthClientBuilder {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            redirect_uri: None,
            origins: None,
        }
    }

    /// Reads `SMARTCAR_CLIENT_ID`, `SMARTCAR_CLIENT_SECRET`, `SMARTCAR_REDIRECT_URI` (may be
    /// absent) and the origins of [`Origins::from_env`].
    ///
    /// ```
    /// # use carport_sdk::{AuthClient, Error};
    /// match AuthClient::from_env() {
    ///     Ok(client) => println!("{}", client.auth_url(["read_vin"])),
    ///     Err(Error::MissingVariable(name)) => println!("set {name} first"),
    ///     Err(other) => return Err(other),
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::MissingVariable`] without id or secret, else as [`AuthClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let need = |name: &'static str| {
            lookup(name)
                .filter(|value| !value.is_empty())
                .ok_or(Error::MissingVariable(name))
        };
        let builder = Self::builder(need("SMARTCAR_CLIENT_ID")?, need("SMARTCAR_CLIENT_SECRET")?)
            .redirect_uri(lookup("SMARTCAR_REDIRECT_URI").unwrap_or_default());
        builder.origins(Origins::from_lookup(lookup)).build()
    }

    /// Where this client's servers are.
    ///
    /// ```
    /// let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.origins().connect.starts_with("http"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Starts a link to Connect that asks for these permissions. The prefix `required:` marks
    /// what the application cannot work without; the rest may be declined. An empty scope asks
    /// for what the application's settings on the server say.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let url = client.auth_url(["required:read_vehicle_info", "read_location"]).build();
    /// assert!(url.ends_with("scope=required%3Aread_vehicle_info%20read_location"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn auth_url<I>(&self, scope: I) -> AuthUrl
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let endpoint = format!(
            "{}/oauth/authorize",
            self.origins.connect.trim_end_matches('/')
        );
        AuthUrl::new(
            endpoint,
            self.client_id.clone(),
            self.redirect_uri.clone(),
            words(scope),
        )
    }

    /// Trades the `code` of the redirect for tokens. A code lives ten minutes and works once.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (client, code) = (carport.client()?, carport.code("read_odometer").await?);
    /// let access = client.exchange_code(&code).await?;
    /// assert_eq!(access.token_type, "Bearer");
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::OAuth`] with `invalid_request` for an unknown, used or expired code and
    /// `invalid_client` for wrong credentials; [`Error::Transport`], [`Error::Decode`],
    /// [`Error::Api`] as everywhere. Source: contract connect-oauth, B.2 and B.6.
    pub async fn exchange_code(&self, code: &str) -> Result<Access> {
        self.code_grant(code, None).await
    }

    /// As [`exchange_code`](Self::exchange_code), for a link made with [`AuthUrl::pkce`].
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let client = carport.client()?;
    /// # let pkce = carport_sdk::Pkce::new([7; 32]);
    /// let refused = client.exchange_code_with_pkce("not a code", &pkce).await;
    /// assert!(matches!(refused, Err(carport_sdk::Error::OAuth(_))));
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// Also [`Error::OAuth`] with `invalid_grant` when the verifier is not the link's.
    pub async fn exchange_code_with_pkce(&self, code: &str, pkce: &Pkce) -> Result<Access> {
        self.code_grant(code, Some(pkce)).await
    }

    /// Trades a refresh token (60 days) for a new pair. Store the new pair at once: the old
    /// refresh token stops working a few minutes after its first use.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (client, code) = (carport.client()?, carport.code("read_odometer").await?);
    /// # let old = client.exchange_code(&code).await?;
    /// let new = client.exchange_refresh_token(&old.refresh_token).await?;
    /// assert_ne!(new.access_token, old.access_token);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`exchange_code`](Self::exchange_code). Source: contract connect-oauth, B.3.
    pub async fn exchange_refresh_token(&self, refresh_token: &Secret) -> Result<Access> {
        let secret = refresh_token.expose();
        self.grant(
            secret,
            &[("grant_type", "refresh_token"), ("refresh_token", secret)],
        )
        .await
    }

    /// Whether a car can be connected, and what it could do then.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let client = carport.client()?;
    /// use carport_sdk::CompatibilityQuery;
    ///
    /// let query = CompatibilityQuery::new("5YJXCDE22HF068739", ["read_odometer", "read_fuel"]);
    /// let answer = client.compatibility(&query).await?;
    /// for capability in answer.capabilities.iter().filter(|capability| !capability.capable) {
    ///     println!("not {}: {:?}", capability.endpoint, capability.reason);
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] with `AUTHENTICATION` for wrong credentials and `VALIDATION` for what is no
    /// VIN; [`Error::Transport`], [`Error::Decode`]. Source: contract rest-v2, 4.1.
    pub async fn compatibility(
        &self,
        query: &CompatibilityQuery,
    ) -> Result<Response<Compatibility>> {
        self.ask(&["compatibility"], &query.pairs()).await
    }

    /// Which models of a region can be connected, and what they can do.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let client = carport.client()?;
    /// use carport_sdk::{MatrixQuery, Powertrain, Region};
    ///
    /// let query = MatrixQuery::new(Region::Us).make("NISSAN").powertrain(Powertrain::Bev);
    /// for (make, models) in &client.compatibility_matrix(&query).await?.makes {
    ///     println!("{make}: {} models", models.len());
    /// }
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As [`compatibility`](Self::compatibility). Source: contract rest-v2, 4.2.
    pub async fn compatibility_matrix(
        &self,
        query: &MatrixQuery,
    ) -> Result<Response<CompatibilityMatrix>> {
        self.ask(&["compatibility", "matrix"], &query.pairs()).await
    }

    /// The vehicle API of the same server, on the connections this client has.
    ///
    /// ```
    /// let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let car = client.api()?.vehicle("8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d", "token");
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None in practice: the origins were checked when the client was built.
    pub fn api(&self) -> Result<Api> {
        Api::with(&self.origins.api, self.http.clone())
    }

    /// The management API of the same server, on the connections this client has.
    ///
    /// ```
    /// let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let management = client.management("the management token")?;
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// None in practice: the origins were checked when the client was built.
    pub fn management(&self, management_token: impl Into<Secret>) -> Result<Management> {
        let origin = &self.origins.management;
        Management::with(origin, management_token.into(), self.http.clone())
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Response<T>> {
        let url = self.api()?.address(path, query);
        self.http
            .send(Call::get(url), self.credentials())
            .await?
            .data()
    }

    async fn code_grant(&self, code: &str, pkce: Option<&Pkce>) -> Result<Access> {
        let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
        form.extend(
            self.redirect_uri
                .as_deref()
                .map(|uri| ("redirect_uri", uri)),
        );
        form.extend(pkce.map(|pkce| ("code_verifier", pkce.verifier().expose())));
        self.grant(code, &form).await
    }

    /// Sends the form; of its fields, `secret` is not to be repeated to anyone.
    async fn grant(&self, secret: &str, form: &[(&str, &str)]) -> Result<Access> {
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        let url = check_origin(&self.origins.token_endpoint())?;
        let reply = self.http.post_form(url, self.credentials(), form).await?;
        let body = reply.token_body().map_err(|error| without(secret, error))?;
        Ok(Access::from_body(body))
    }

    fn credentials(&self) -> Credentials<'_> {
        Credentials::Basic(&self.client_id, &self.client_secret)
    }
}

/// The token endpoint repeats the code or token it refuses (contract connect-oauth, B.6), and
/// errors end up in logs.
fn without(secret: &str, error: Error) -> Error {
    match error {
        Error::OAuth(mut refusal) if !secret.is_empty() => {
            let hidden = |text: String| text.replace(secret, "***");
            refusal.error_description = refusal.error_description.map(hidden);
            Error::OAuth(refusal)
        }
        other => other,
    }
}

#[cfg(test)]
#[path = "auth/tests.rs"]
mod tests;

//! The only place that sends a request and looks at the status of an answer.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Method, StatusCode, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::access::TokenBody;
use crate::error::{ApiError, Error, OAuthError, Result, retry_after};
use crate::response::{Meta, Response};
use crate::{Secret, UnitSystem};

/// A car may take 300 s to answer, so clients wait ten more (contract rest-v2, 1.9).
const TIMEOUT: Duration = Duration::from_secs(310);

/// Outgoing HTTP. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Http(Client);

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum Credentials<'a> {
    Bearer(&'a Secret),
    Basic(&'a str, &'a Secret),
}

/// A request, complete but for who asks. No `Debug`: VINs and positions may be in it.
#[derive(Clone)]
pub(crate) struct Call {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<String>,
}

impl Call {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    pub(crate) fn units(mut self, units: UnitSystem) -> Self {
        let word = HeaderValue::from_static(units.as_str());
        self.headers.insert("sc-unit-system", word);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Headers of the caller's own; they replace what is set already.
    pub(crate) fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    fn body(mut self, kind: &'static str, body: String) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = Some(body);
        self
    }
}

impl Http {
    pub(crate) fn new() -> Result<Self> {
        #[cfg(feature = "tls")]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Lost only to another thread that installed one this very moment: as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let client = Client::builder()
            .user_agent(concat!("carport-sdk/", env!("CARGO_PKG_VERSION"), " Rust"))
            .timeout(TIMEOUT)
            // The API never redirects; following one could carry a token elsewhere.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self(client))
    }

    pub(crate) async fn send(&self, call: Call, who: Credentials<'_>) -> Result<Reply> {
        let mut request = self.0.request(call.method, call.url);
        if !call.headers.contains_key(AUTHORIZATION) {
            request = match who {
                Credentials::Bearer(token) => request.bearer_auth(token.expose()),
                Credentials::Basic(user, password) => {
                    request.basic_auth(user, Some(password.expose()))
                }
            };
        }
        request = request.headers(call.headers);
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let answer = request.send().await.map_err(without_query)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(without_query)?.into();
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    pub(crate) async fn post_form(
        &self,
        url: Url,
        who: Credentials<'_>,
        form: String,
    ) -> Result<Reply> {
        let call = Call::new(Method::POST, url).body("application/x-www-form-urlencoded", form);
        self.send(call, who).await
    }
}

/// The library's error names the address; VINs stand in queries, and errors end up in logs.
fn without_query(mut error: reqwest::Error) -> Error {
    if let Some(url) = error.url_mut() {
        url.set_query(None);
    }
    Error::Transport(error)
}

/// Refuses what could not be the start of an address, before anything is sent there.
pub(crate) fn check_origin(origin: &str) -> Result<Url> {
    match Url::parse(origin) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ => Err(Error::BadOrigin {
            origin: origin.to_owned(),
        }),
    }
}

/// The address of a path below an origin; each piece is escaped.
pub(crate) fn address<'a>(
    origin: &Url,
    version: &str,
    path: impl IntoIterator<Item = &'a str>,
) -> Url {
    let mut url = origin.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        // Makes nothing of a slash at the end of the origin.
        segments
            .pop_if_empty()
            .push(&format!("v{version}"))
            .extend(path);
    }
    url
}

/// A complete answer, not yet judged.
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    /// The credentials were not good enough; nothing was done.
    pub(crate) fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// The API's answer: exactly 200 is success (contract rest-v2, 1.6).
    pub(crate) fn data<T: DeserializeOwned>(self) -> Result<Response<T>> {
        if self.status != StatusCode::OK {
            return Err(Error::Api(Box::new(self.api_error())));
        }
        Ok(Response {
            meta: self.meta(),
            data: self.decode()?,
        })
    }

    /// The token endpoint's answer: it has an error form of its own, and whatever stands in front
    /// of it may still answer in the API's.
    pub(crate) fn token_body(self) -> Result<TokenBody> {
        if self.status == StatusCode::OK {
            return self.decode();
        }
        Err(match self.oauth_error() {
            Some(error) => Error::OAuth(error),
            None => Error::Api(Box::new(self.api_error())),
        })
    }

    fn meta(&self) -> Meta {
        Meta::of(|name| self.headers.get(name)?.to_str().ok())
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|source| Error::Decode {
            request_id: self.meta().request_id,
            source,
        })
    }

    fn retry_after(&self) -> Option<Duration> {
        let value = self.headers.get(reqwest::header::RETRY_AFTER)?;
        retry_after(value.to_str().ok()?)
    }

    fn oauth_error(&self) -> Option<OAuthError> {
        #[derive(Deserialize)]
        struct Body {
            error: String,
            error_description: Option<String>,
        }
        let body: Body = serde_json::from_slice(&self.body).ok()?;
        Some(OAuthError {
            error: body.error,
            error_description: body.error_description,
            status_code: self.status.as_u16(),
            request_id: self.meta().request_id,
            retry_after: self.retry_after(),
        })
    }

    fn api_error(&self) -> ApiError {
        let text = String::from_utf8_lossy(&self.body);
        ApiError {
            retry_after: self.retry_after(),
            ..ApiError::read(&text, self.status.as_u16(), self.meta().request_id)
        }
    }
}

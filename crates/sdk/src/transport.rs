//! The only place that sends a request and looks at the status of an answer.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::access::TokenBody;
use crate::error::{ApiError, Error, OAuthError, Resolution, Result, retry_after};
use crate::response::{Meta, Response};
use crate::{Secret, UnitSystem};

/// A car may take 300 s to answer, so clients wait ten more (contract rest-v2, 1.9).
const TIMEOUT: Duration = Duration::from_secs(310);

/// Of an answer that is not the API's own (a proxy's error page), this much is kept.
const FOREIGN_TEXT: usize = 4096;

/// Outgoing HTTP. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Http(Client);

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

    pub(crate) async fn get(
        &self,
        url: Url,
        token: &Secret,
        units: Option<UnitSystem>,
    ) -> Result<Reply> {
        let mut request = self.0.get(url).bearer_auth(token.expose());
        if let Some(units) = units {
            request = request.header("sc-unit-system", units.as_str());
        }
        Reply::to(request).await
    }

    pub(crate) async fn post_form(
        &self,
        url: &str,
        (user, password): (&str, &Secret),
        form: String,
    ) -> Result<Reply> {
        let request = self.0.post(url).basic_auth(user, Some(password.expose()));
        Reply::to(
            request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
        )
        .await
    }
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

/// A complete answer, not yet judged.
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    async fn to(request: RequestBuilder) -> Result<Self> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await?.into();
        Ok(Self {
            status,
            headers,
            body,
        })
    }

    /// The API's answer: exactly 200 is success (contract rest-v2, 1.6).
    pub(crate) fn data<T: DeserializeOwned>(self) -> Result<Response<T>> {
        if self.status != StatusCode::OK {
            return Err(Error::Api(Box::new(self.api_error())));
        }
        Ok(Response {
            meta: Meta::of(&self.headers),
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

    fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|source| Error::Decode {
            request_id: Meta::of(&self.headers).request_id,
            source,
        })
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
            request_id: Meta::of(&self.headers).request_id,
            retry_after: retry_after(&self.headers),
        })
    }

    fn api_error(&self) -> ApiError {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body {
            #[serde(rename = "type")]
            type_: String,
            code: Option<String>,
            description: Option<String>,
            #[serde(rename = "docURL")]
            doc_url: Option<String>,
            status_code: Option<u16>,
            request_id: Option<String>,
            resolution: Option<Resolution>,
            detail: Option<Vec<serde_json::Value>>,
            suggested_user_message: Option<String>,
        }
        let request_id = Meta::of(&self.headers).request_id;
        match serde_json::from_slice::<Body>(&self.body) {
            Ok(body) => ApiError {
                type_: body.type_,
                code: body.code,
                description: body.description.unwrap_or_default(),
                doc_url: body.doc_url,
                status_code: body.status_code.unwrap_or(self.status.as_u16()),
                request_id: body.request_id.or(request_id),
                resolution: body.resolution.unwrap_or_default(),
                detail: body.detail.unwrap_or_default(),
                suggested_user_message: body.suggested_user_message,
                retry_after: retry_after(&self.headers),
            },
            Err(_) => self.foreign_error(request_id),
        }
    }

    /// Not in the API's form: the text is all there is (contract rest-v2, 5.2).
    fn foreign_error(&self, request_id: Option<String>) -> ApiError {
        let text = String::from_utf8_lossy(&self.body);
        ApiError {
            type_: "SDK_ERROR".to_owned(),
            code: None,
            description: text.trim().chars().take(FOREIGN_TEXT).collect(),
            doc_url: None,
            status_code: self.status.as_u16(),
            request_id,
            resolution: Resolution::default(),
            detail: Vec::new(),
            suggested_user_message: None,
            retry_after: retry_after(&self.headers),
        }
    }
}

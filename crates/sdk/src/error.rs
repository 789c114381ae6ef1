//! What can go wrong.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// The result of every call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of somebody else's making, such as a [`TokenStore`](crate::TokenStore)'s.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An environment variable that [`AuthClient::from_env`](crate::AuthClient::from_env) needs
    /// is not set.
    #[error("the environment variable {0} is not set")]
    MissingVariable(&'static str),
    /// An origin is not an `http://` or `https://` address.
    #[error("{origin:?} is not an origin such as http://localhost:2277")]
    BadOrigin {
        /// The text as configured.
        origin: String,
    },
    /// What was to be sent makes no sense, so it was not sent.
    #[error("nothing was sent: {0}")]
    Input(&'static str),
    /// No complete answer arrived: no connection, no TLS, a timeout.
    #[error("the request could not be completed")]
    Transport(#[from] reqwest::Error),
    /// A successful answer did not have the promised form.
    #[error("the answer could not be understood (request {})", request_id.as_deref().unwrap_or("without id"))]
    Decode {
        /// Id of the request, where the answer had one.
        request_id: Option<String>,
        /// What is wrong with the body.
        source: serde_json::Error,
    },
    /// The API refused.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The token endpoint refused.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// A batch came back without an answer for one of its paths.
    #[error("the batch has no answer for {path}")]
    Unanswered {
        /// The path as asked for.
        path: String,
    },
    /// A [`Session`](crate::Session) has no tokens yet.
    #[error(
        "no tokens are stored; send the owner through Connect and hand what exchange_code gives to \
         Session::begin"
    )]
    NoTokens,
    /// The thread that blocking calls are carried out on cannot be started.
    #[cfg(feature = "blocking")]
    #[error("blocking calls need a thread of their own, which cannot be started")]
    Thread(#[source] std::io::Error),
    /// Tokens could not be stored or read back.
    #[error("the token store failed")]
    TokenStore(#[source] BoxError),
}

impl Error {
    /// The API's error, when it is one.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_odometer").await?;
    /// let refused = car.location().await.expect_err("only the odometer was shared");
    /// assert_eq!(refused.api().map(|error| error.type_.as_str()), Some("PERMISSION"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the access token is not, or no longer, good: refresh it and ask again, or let a
    /// [`Session`](crate::Session) do so.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let api = carport.api()?;
    /// let refused = api.get_user("no-such-token").await.expect_err("an unknown token");
    /// assert!(refused.is_authentication());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.api().is_some_and(|error| error.status_code == 401)
    }
}

/// An error of the API, as its body tells it. Branch on `type_`, `code` and `resolution.type_`;
/// the texts are for people.
///
/// Source: contract rest-v2, 5.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}{}: {description}", type_, code.as_ref().map(|code| format!("/{code}")).unwrap_or_default())]
pub struct ApiError {
    /// Kind of error in upper case, for example `VEHICLE_STATE`. `SDK_ERROR` means that the
    /// answer was not in the API's own form; `description` then holds its text. Version 1.0 of
    /// the API has other words, such as `vehicle_state_error`.
    pub type_: String,
    /// Finer kind, for example `ASLEEP`. `None` where the type has no codes.
    pub code: Option<String>,
    /// What happened and what to do, in English.
    pub description: String,
    /// A page about this error. `None` only with `SDK_ERROR` and in version 1.0.
    pub doc_url: Option<String>,
    /// HTTP status, 400 to 599 by rule; another one than 200 with `SDK_ERROR`.
    pub status_code: u16,
    /// Id of the request, to be named when asking for help.
    pub request_id: Option<String>,
    /// What would help.
    pub resolution: Resolution,
    /// More, mostly the fields that did not validate. Empty when there is nothing to say.
    pub detail: Vec<serde_json::Value>,
    /// A sentence to show the owner of the car. `None` for most errors.
    pub suggested_user_message: Option<String>,
    /// When to ask again. Only with `RATE_LIMIT`/`VEHICLE` and status 503.
    pub retry_after: Option<Duration>,
}

/// Of an answer that is not the API's own (a proxy's error page), this many characters are kept.
const FOREIGN_TEXT: usize = 4096;

impl ApiError {
    /// Reads the body of an error; what is not in the API's form becomes an `SDK_ERROR` (contract
    /// rest-v2, 5.2).
    pub(crate) fn read(text: &str, status: u16, request_id: Option<String>) -> Self {
        let foreign = || ErrorBody {
            type_: "SDK_ERROR".to_owned(),
            description: Some(text.trim().chars().take(FOREIGN_TEXT).collect()),
            ..ErrorBody::default()
        };
        let body = serde_json::from_str(text).unwrap_or_else(|_| foreign());
        Self {
            type_: body.type_,
            code: body.code,
            description: body.description.unwrap_or_default(),
            doc_url: body.doc_url,
            status_code: body.status_code.unwrap_or(status),
            request_id: body.request_id.or(request_id),
            resolution: body.resolution,
            detail: body.detail.unwrap_or_default(),
            suggested_user_message: body.suggested_user_message,
            retry_after: None,
        }
    }
}

/// Contract rest-v2, 5.1; `error` and `message` are version 1.0's words (5.6).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErrorBody {
    #[serde(rename = "type", alias = "error")]
    type_: String,
    code: Option<String>,
    #[serde(alias = "message")]
    description: Option<String>,
    #[serde(rename = "docURL")]
    doc_url: Option<String>,
    status_code: Option<u16>,
    request_id: Option<String>,
    #[serde(default, deserialize_with = "any_resolution")]
    resolution: Resolution,
    detail: Option<Vec<serde_json::Value>>,
    suggested_user_message: Option<String>,
}

/// The way out of an [`ApiError`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Resolution {
    /// `RETRY_LATER`, `REAUTHENTICATE`, `CONTACT_SUPPORT`, `ACTION_REQUIRED`, `FINANCE`, or
    /// `None` when nothing general can be said.
    #[serde(rename = "type", default)]
    pub type_: Option<String>,
    /// Where to send the owner, when there is such a place.
    #[serde(default)]
    pub url: Option<String>,
}

/// An object; the original service also sent a bare word or null once (contract rest-v2, 5.1).
fn any_resolution<'de, D: Deserializer<'de>>(from: D) -> Result<Resolution, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Object(Resolution),
        Word(String),
    }
    Ok(match Option::deserialize(from)? {
        Some(Form::Object(resolution)) => resolution,
        Some(Form::Word(word)) => Resolution {
            type_: Some(word),
            url: None,
        },
        None => Resolution::default(),
    })
}

/// A refusal of the token endpoint.
///
/// Source: contract connect-oauth, B.6.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}{}", error_description.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
pub struct OAuthError {
    /// `invalid_request` (bad code or refresh token), `invalid_client`, `invalid_grant`,
    /// `unsupported_grant_type` or `slow_down`.
    pub error: String,
    /// The same for people.
    pub error_description: Option<String>,
    /// HTTP status: 400, 401 or 429.
    pub status_code: u16,
    /// Id of the request, to be named when asking for help.
    pub request_id: Option<String>,
    /// When to try again. Only with `slow_down`.
    pub retry_after: Option<Duration>,
}

/// The header's whole seconds; its other form, a date, is not used by this API.
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
#[path = "error/tests.rs"]
mod tests;

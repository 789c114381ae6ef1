//! Reading a request: form or JSON body, Basic or body credentials.

use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use carport_model::fault::{Answer, Room};
use carport_model::{Application, ApplicationId, Secret};
use carport_web::Learned;
use carport_web::credentials::Basic;
use carport_web::fault::Target;
use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::TOKEN;
use super::error::OAuthError;
use super::fuzzing::Read;
use crate::OAuth;
use crate::client::Credentials;

/// The fields of a request and the credentials of its header. Empty fields count as absent
/// (RFC 6749, 3.2).
#[derive(Debug)]
pub(super) struct Parameters {
    fields: Vec<(String, String)>,
    basic: Option<Credentials>,
    bearer: Option<Secret<String>>,
    /// `Origin`: the page whose script sent this; empty when none did.
    origin: String,
    /// Learns who sent this, once that is proved.
    learned: Learned,
}

impl Parameters {
    /// A field; `None` when absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::missing(name))
    }

    /// The origin of the page whose script sent this.
    pub(super) fn page(&self) -> Option<&str> {
        Some(self.origin.as_str()).filter(|origin| !origin.is_empty())
    }

    /// The client that sent this.
    pub(super) async fn client(&self, oauth: &OAuth) -> Result<Application, OAuthError> {
        let known = oauth.authenticate(&self.credentials()?).await;
        let client = known.map_err(|error| OAuthError::from_client(error, self.basic.is_some()))?;
        self.learned.note_application(client.id);
        Ok(client)
    }

    /// The application that sent this, which proves itself as a client or with its management
    /// token as bearer.
    pub(super) async fn application(&self, oauth: &OAuth) -> Result<ApplicationId, OAuthError> {
        match &self.bearer {
            None => self.client(oauth).await.map(|client| client.id),
            Some(token) => {
                let known = oauth.authenticate_management(token.expose()).await;
                let id = known.map_err(|error| OAuthError::from_client(error, false))?;
                self.learned.note_application(id);
                Ok(id)
            }
        }
    }

    /// What a fault on demand refuses this with, once the client is known.
    pub(super) fn fault(&self, oauth: &OAuth) -> Option<OAuthError> {
        if !oauth.faults.is_armed() {
            return None;
        }
        let target = Target::at(TOKEN, Method::POST, self.learned.clone());
        let struck = target.strike(&oauth.faults, Room::Tokens, oauth.now())?;
        match struck.answer? {
            Answer::OAuth(failure, retry_after) => {
                let used_basic = self.basic.is_some();
                Some(OAuthError::on_demand(failure, retry_after, used_basic))
            }
            Answer::Error(..) => None,
        }
    }

    /// The client's credentials from the header or the body; both must agree when both are there.
    fn credentials(&self) -> Result<Credentials, OAuthError> {
        let id = self.get("client_id");
        let secret = self.get("client_secret");
        let Some(basic) = &self.basic else {
            let id = id.ok_or_else(|| {
                OAuthError::from_client(crate::client::ClientError::Unknown, false)
            })?;
            return Ok(Credentials {
                client_id: id.to_owned(),
                client_secret: secret.map(|secret| Secret::new(secret.to_owned())),
            });
        };
        let same_id = id.is_none_or(|id| id == basic.client_id);
        let same_secret = secret.is_none_or(|secret| {
            basic
                .client_secret
                .as_ref()
                .is_some_and(|basic| basic.expose() == secret)
        });
        if same_id && same_secret {
            Ok(basic.clone())
        } else {
            Err(OAuthError::invalid_request(
                "The Authorization header and the body name different credentials. Send one.",
            ))
        }
    }
}

impl Parameters {
    /// Reads the fields of a body, and the credentials beside it.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        let kind = text(headers, &header::CONTENT_TYPE);
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let fields = if kind.eq_ignore_ascii_case("application/json") {
            json_fields(body)?
        } else {
            form_fields(body)?
        };
        let fields = checked(fields)?;
        let (mut basic, mut bearer) = (None, None);
        if let Some(authorization) = headers.get(&header::AUTHORIZATION) {
            let authorization = authorization.to_str().map_err(|_| not_basic())?.trim();
            let (scheme, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
            if scheme.eq_ignore_ascii_case("basic") {
                let read = Basic::read(rest).as_ref().and_then(Credentials::of);
                basic = Some(read.ok_or_else(not_basic)?);
            } else if scheme.eq_ignore_ascii_case("bearer") {
                bearer = Some(Secret::new(rest.trim().to_owned()));
            }
        }
        Ok(Self {
            fields,
            basic,
            bearer,
            origin: text(headers, &header::ORIGIN).to_owned(),
            learned: Learned::default(),
        })
    }

    /// As a fuzzer looks at it.
    pub(super) fn into_read(self) -> Read {
        let expose = |secret: Secret<String>| secret.expose().clone();
        Read {
            fields: self.fields,
            basic: self
                .basic
                .map(|basic| (basic.client_id, basic.client_secret.map(expose))),
            bearer: self.bearer.map(expose),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let headers = request.headers().clone();
        let learned = Learned::of(request.extensions());
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    OAuthError::too_large()
                } else {
                    OAuthError::invalid_request("The body could not be read.")
                }
            })?;
        Ok(Self {
            learned,
            ..Self::read(&headers, &body)?
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn form_fields(body: &[u8]) -> Result<Vec<(String, String)>, OAuthError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| OAuthError::invalid_request("The body is not UTF-8."))?;
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, OAuthError> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| OAuthError::invalid_request("The form is not UTF-8."))
}

fn json_fields(body: &[u8]) -> Result<Vec<(String, String)>, OAuthError> {
    let Members(members) = serde_json::from_slice(body)
        .map_err(|_| OAuthError::invalid_request("The body is not a JSON object."))?;
    members
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(OAuthError::field(&name, "must be a string")),
        })
        .collect()
}

/// Fields that a request may have; the longest honest one has eight. Without a bound, 64 KiB of
/// short fields would cost a tenth of a second to compare with one another.
pub(super) const FIELDS: usize = 64;

/// Drops empty fields; a field may come twice only with the same value.
fn checked(fields: Vec<(String, String)>) -> Result<Vec<(String, String)>, OAuthError> {
    let mut kept: Vec<(String, String)> = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        if value.is_empty() {
            continue;
        }
        match kept.iter().find(|(known, _)| *known == name) {
            Some((_, known)) if *known == value => {}
            Some(_) => {
                return Err(OAuthError::field(
                    &name,
                    "is there twice with different values",
                ));
            }
            None if kept.len() == FIELDS => {
                return Err(OAuthError::invalid_request("The body has too many fields."));
            }
            None => kept.push((name, value)),
        }
    }
    Ok(kept)
}

fn not_basic() -> OAuthError {
    OAuthError::invalid_request(
        "The Authorization header is not Basic with base64 of client_id:client_secret.",
    )
}

/// The members of a JSON object as they stand, repeats included, which a map would hide.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

//! What opens a request.

use crate::error::Result;
use crate::transport::{Call, Credentials, Http, Reply};
use crate::{Access, Secret, Session};

/// What opens an owner's vehicles: an access token, or a [`Session`] that keeps one fresh.
///
/// Every call that wants one takes either, and tokens in any form:
///
/// ```
/// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
/// # let session = carport_sdk::Session::new(client, carport_sdk::MemoryTokenStore::default());
/// let api = carport_sdk::Api::at("http://localhost:2277")?;
/// let by_token = api.vehicle("8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d", "token");
/// let always_open = api.vehicle("8a1d2c44-5b6e-4c7f-8d90-1e2f3a4b5c6d", &session);
/// # Ok::<(), carport_sdk::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bearer(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Token(Secret),
    Session(Session),
}

impl Bearer {
    /// Sends the call. A session whose token is refused gets a new one and asks once more: with a
    /// 401 nothing was done yet, so this holds for commands too.
    pub(crate) async fn send(&self, http: &Http, call: Call) -> Result<Reply> {
        match &self.0 {
            Kind::Token(token) => http.send(call, Credentials::Bearer(token)).await,
            Kind::Session(session) => {
                let token = session.access_token().await?;
                let first = http.send(call.clone(), Credentials::Bearer(&token)).await?;
                if !first.is_unauthorized() {
                    return Ok(first);
                }
                let token = session.replace(&token).await?;
                http.send(call, Credentials::Bearer(&token)).await
            }
        }
    }
}

impl From<Secret> for Bearer {
    fn from(token: Secret) -> Self {
        Self(Kind::Token(token))
    }
}

impl From<&Secret> for Bearer {
    fn from(token: &Secret) -> Self {
        token.clone().into()
    }
}

impl From<&str> for Bearer {
    fn from(token: &str) -> Self {
        Secret::from(token).into()
    }
}

impl From<String> for Bearer {
    fn from(token: String) -> Self {
        Secret::from(token).into()
    }
}

impl From<&Access> for Bearer {
    fn from(access: &Access) -> Self {
        access.access_token.clone().into()
    }
}

impl From<&Session> for Bearer {
    fn from(session: &Session) -> Self {
        Self(Kind::Session(session.clone()))
    }
}

impl From<Session> for Bearer {
    fn from(session: Session) -> Self {
        Self(Kind::Session(session))
    }
}

impl From<&Bearer> for Bearer {
    fn from(bearer: &Bearer) -> Self {
        bearer.clone()
    }
}

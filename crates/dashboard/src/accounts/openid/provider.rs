//! A company's OpenID Connect provider: where it sends people to sign in, and whom it vouches for.
//! Source: OpenID Connect Core 1.0, section 3.1 (code flow); Discovery 1.0; RFC 7636; RFC 9207.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use carport_model::token::draw_secret;
use carport_model::{Clock, EmailAddress, Rng, Role, Secret, Timestamp};
use carport_web::words::t;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::url::Url;
use openidconnect::{
    AuthType, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};

use super::calls::{self, Client, Fetch, TokenError};
use super::claims::{Claims, person};

/// How long what the provider says of itself is believed.
const KNOWN: Duration = Duration::from_hours(1);
/// How long somebody may take at the provider.
pub(crate) const LIVES: Duration = Duration::from_mins(10);

/// What the operator says of the provider.
#[derive(Clone)]
pub struct Settings {
    /// Its address, exactly as it calls itself.
    pub issuer: IssuerUrl,
    /// What it calls this server.
    pub client_id: String,
    /// What this server shows it; a public client has none.
    pub client_secret: Option<Secret<String>>,
    /// What people call it, as in "Sign in with …".
    pub name: String,
    /// What somebody becomes who comes without an invitation; `None` keeps them out.
    pub new_role: Option<Role>,
}

/// The provider.
pub struct Provider {
    pub(super) settings: Settings,
    redirect: RedirectUrl,
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<(Timestamp, Arc<CoreProviderMetadata>)>>,
}

/// What is remembered of somebody who went to the provider, in their browser alone.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) state: String,
    nonce: String,
    verifier: String,
    /// The page they want.
    pub(crate) next: String,
    /// Milliseconds since the epoch.
    until: i64,
}

/// Whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The provider.
    pub(crate) issuer: String,
    /// Their name there for good.
    pub(crate) subject: String,
    /// An address that the provider says is theirs.
    pub(crate) email: Option<EmailAddress>,
    /// What they are called.
    pub(crate) name: Option<String>,
}

/// Nobody came in; the sentence is for them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    #[error("{}", t("{provider} does not answer as an OpenID Connect provider.").with("provider", .0))]
    Unanswered(String),
    #[error("{}", t("{provider} did not let you in.").with("provider", .0))]
    Refused(String),
    #[error("{}", t("What {provider} says of you cannot be verified.").with("provider", .0))]
    Unverified(String),
    #[error(
        "{}",
        t("This sign-in took too long, or was begun in another browser or tab.")
    )]
    Stale,
}

impl Attempt {
    pub(crate) fn draw(rng: &(impl Rng + ?Sized), next: &str, now: Timestamp) -> Self {
        let draw = || draw_secret(rng).expose().clone();
        Self {
            state: draw(),
            nonce: draw(),
            verifier: draw(),
            next: next.to_owned(),
            until: now.plus(LIVES).millis(),
        }
    }

    pub(crate) fn lives(&self, now: Timestamp) -> bool {
        now.millis() < self.until
    }
}

impl Provider {
    /// A provider that sends people back to `redirect`.
    #[must_use]
    pub fn new(
        settings: Settings,
        redirect: RedirectUrl,
        fetch: Fetch,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            settings,
            redirect,
            fetch,
            clock,
            known: Mutex::default(),
        }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    /// Where somebody signs in.
    pub(crate) async fn entrance(&self, attempt: &Attempt) -> Result<Url, ProviderError> {
        let client = self.client(&*self.known().await?);
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let state = CsrfToken::new(attempt.state.clone());
        let nonce = Nonce::new(attempt.nonce.clone());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, ..) = client
            .authorize_url(flow, move || state.clone(), move || nonce.clone())
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// Whether an answer that names its sender comes from here (RFC 9207).
    pub(crate) fn is_from_here(&self, issuer: Option<&str>) -> bool {
        issuer.is_none_or(|issuer| issuer == self.settings.issuer.as_str())
    }

    /// Who came back with this code.
    pub(crate) async fn person(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Person, ProviderError> {
        let mut client = self.client(&*self.known().await?);
        let tokens = self.redeem(&client, attempt, code).await?;
        let token = tokens
            .id_token()
            .ok_or_else(|| self.unverified("no ID token"))?;
        let nonce = Nonce::new(attempt.nonce.clone());
        let verified = token.claims(&client.id_token_verifier(), &nonce);
        if verified.is_err_and(|error| is_unknown_key(&error)) {
            // Signed with a key that was not there when the keys were read.
            client = self.client(&*self.discovered().await?);
        }
        let verified = token.claims(&client.id_token_verifier(), &nonce);
        let claims = verified.map_err(|error| self.unverified(&error.to_string()))?;
        let issuer = self.settings.issuer.to_string();
        let told = person(issuer.clone(), Claims::Token(claims));
        if told.email.is_some() {
            return Ok(told);
        }
        // Some tell the address where they are asked for it, and not in the token.
        let (access, subject) = (tokens.access_token().clone(), claims.subject().clone());
        let told_there = calls::user_info(self.fetch.clone(), client, access, subject).await;
        let told_there = told_there.map_err(|error| self.unanswered(&error))?;
        Ok(told_there.map_or(told, |claims| person(issuer, Claims::UserInfo(&claims))))
    }

    async fn redeem(
        &self,
        client: &Client,
        attempt: &Attempt,
        code: &str,
    ) -> Result<CoreTokenResponse, ProviderError> {
        let (fetch, verifier) = (self.fetch.clone(), attempt.verifier.clone());
        let redeemed = calls::redeem(fetch, client.clone(), code.to_owned(), verifier).await;
        redeemed.map_err(|error| match error {
            TokenError::ServerResponse(told) => {
                let name = self.name().to_owned();
                tracing::warn!(provider = name, error = %told.error(), "a sign-in was refused");
                ProviderError::Refused(name)
            }
            error => self.unanswered(&error),
        })
    }

    /// What the provider says of itself, asked once an hour.
    async fn known(&self) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let now = self.clock.now();
        let known = self.known.lock().expect("never poisoned").clone();
        match known {
            Some((at, known)) if at.plus(KNOWN) > now => Ok(known),
            _ => self.discovered().await,
        }
    }

    async fn discovered(&self) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let found = calls::discover(self.fetch.clone(), self.settings.issuer.clone()).await;
        let found = Arc::new(found.map_err(|error| self.unanswered(&error))?);
        *self.known.lock().expect("never poisoned") = Some((self.clock.now(), found.clone()));
        Ok(found)
    }

    fn client(&self, known: &CoreProviderMetadata) -> Client {
        let secret = self.settings.client_secret.as_ref();
        let client = CoreClient::from_provider_metadata(
            known.clone(),
            ClientId::new(self.settings.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.expose().clone())),
        );
        let client = client.set_redirect_uri(self.redirect.clone());
        let methods = known.token_endpoint_auth_methods_supported();
        let is_basic =
            |methods: &Vec<_>| methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        // Basic where nothing is said (Discovery 1.0, section 3).
        if methods.is_none_or(is_basic) {
            client
        } else {
            client.set_auth_type(AuthType::RequestBody)
        }
    }

    fn unanswered(&self, error: &(dyn std::error::Error + 'static)) -> ProviderError {
        let (name, why) = (self.name().to_owned(), calls::reason(error));
        tracing::warn!(provider = name, error = why, "no OpenID Connect answer");
        ProviderError::Unanswered(name)
    }

    fn unverified(&self, why: &str) -> ProviderError {
        let name = self.name().to_owned();
        tracing::warn!(provider = name, error = why, "an ID token was refused");
        ProviderError::Unverified(name)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.settings.issuer.as_str())
    }
}

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
    )
}

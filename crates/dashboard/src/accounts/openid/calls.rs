//! The calls to a provider: what it says of itself, tokens for a code, who somebody is.
//!
//! Each owns what it works with: the library's futures borrow in a way that the compiler cannot
//! prove sendable across a caller's own borrows.

use std::error::Error;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreClient, CoreErrorResponseType, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthorizationCode, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, PkceCodeVerifier,
    RequestTokenError, StandardErrorResponse, SubjectIdentifier, UserInfoError,
};

/// Carries a request to the provider, and its answer back.
pub type Fetch =
    Arc<dyn Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Unanswered>> + Send + Sync>;

/// No answer came; why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unanswered(pub String);

/// The library's client, as far as discovery fills it in.
pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What the token endpoint says against a code.
pub(super) type TokenError =
    RequestTokenError<Unanswered, StandardErrorResponse<CoreErrorResponseType>>;

/// A [`Fetch`] as the library wants it.
struct Carrier(Fetch);

impl<'c> AsyncHttpClient<'c> for Carrier {
    type Error = Unanswered;
    type Future = BoxFuture<'c, Result<HttpResponse, Unanswered>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        (self.0)(request)
    }
}

/// What the provider says of itself, with its keys.
pub(super) fn discover(
    fetch: Fetch,
    issuer: IssuerUrl,
) -> BoxFuture<'static, Result<CoreProviderMetadata, DiscoveryError<Unanswered>>> {
    async move { CoreProviderMetadata::discover_async(issuer, &Carrier(fetch)).await }.boxed()
}

/// The tokens for a code.
pub(super) fn redeem(
    fetch: Fetch,
    client: Client,
    code: String,
    verifier: String,
) -> BoxFuture<'static, Result<CoreTokenResponse, TokenError>> {
    async move {
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| TokenError::Other(error.to_string()))?;
        let verifier = PkceCodeVerifier::new(verifier);
        let request = request.set_pkce_verifier(verifier);
        request.request_async(&Carrier(fetch)).await
    }
    .boxed()
}

/// What the userinfo endpoint says of the subject; `None` where there is no such endpoint.
pub(super) fn user_info(
    fetch: Fetch,
    client: Client,
    token: AccessToken,
    subject: SubjectIdentifier,
) -> BoxFuture<'static, Result<Option<CoreUserInfoClaims>, UserInfoError<Unanswered>>> {
    async move {
        let Ok(request) = client.user_info(token, Some(subject)) else {
            return Ok(None);
        };
        request.request_async(&Carrier(fetch)).await.map(Some)
    }
    .boxed()
}

/// The whole reason, from the outermost to the innermost.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut told = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        told += &format!(": {error}");
        below = error.source();
    }
    told
}

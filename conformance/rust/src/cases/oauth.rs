//! The crate `oauth2`: a client that knows the standards and nothing of Smartcar.

use anyhow::{Context as _, bail, ensure};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::reqwest::{self, Client as HttpClient};
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpClientError, HttpRequest, HttpResponse, IntrospectionUrl, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, RevocationUrl, Scope, StandardRevocableToken,
    TokenIntrospectionResponse as _, TokenResponse as _, TokenUrl,
};

use super::expect::code_in;
use crate::owner::Owner;
use crate::ready::Ready;
use crate::suite::Suite;
use crate::suite::Way::{Failure, Success};
use crate::surface::Function;

/// Methods of `Client` that make a request, without the grants that Carport does not offer this
/// application: of a device, of a password, of an application alone.
pub fn requests(all: Vec<Function>) -> Vec<Function> {
    const SERVED: [&str; 5] = [
        "Client::authorize_url",
        "Client::exchange_code",
        "Client::exchange_refresh_token",
        "Client::introspect",
        "Client::revoke_token",
    ];
    let served = all
        .into_iter()
        .filter(|function| SERVED.contains(&&*function.name));
    // Each is refused by the server, whatever its signature says.
    served
        .map(|function| Function {
            can_fail: true,
            ..function
        })
        .collect()
}

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointSet, EndpointSet>;

/// The crate speaks to a revocation endpoint over https only. This stands for the proxy that
/// terminates TLS in front of a server.
struct BehindTls(HttpClient);

impl<'c> AsyncHttpClient<'c> for BehindTls {
    type Error = HttpClientError<reqwest::Error>;
    type Future = std::pin::Pin<
        Box<dyn Future<Output = Result<HttpResponse, Self::Error>> + Send + Sync + 'c>,
    >;

    fn call(&'c self, mut request: HttpRequest) -> Self::Future {
        let plain = request.uri().to_string().replacen("https://", "http://", 1);
        if let Ok(plain) = plain.parse() {
            *request.uri_mut() = plain;
        }
        self.0.call(request)
    }
}

fn client(ready: &Ready) -> anyhow::Result<(Client, BehindTls)> {
    let at = |path: &str| format!("{}{path}", ready.url);
    let revocation = at("/oauth/revoke").replacen("http://", "https://", 1);
    let client = BasicClient::new(ClientId::new(ready.client_id.clone()))
        .set_client_secret(ClientSecret::new(ready.client_secret.clone()))
        .set_auth_uri(AuthUrl::new(at("/oauth/authorize"))?)
        .set_token_uri(TokenUrl::new(at("/oauth/token"))?)
        .set_introspection_url(IntrospectionUrl::new(at("/oauth/introspect"))?)
        .set_revocation_url(RevocationUrl::new(revocation)?)
        .set_redirect_uri(RedirectUrl::new(ready.redirect_uri.clone())?);
    let http = HttpClient::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    Ok((client, BehindTls(http)))
}

/// Code with PKCE, refresh, introspection, revocation.
pub async fn run(suite: &mut Suite, ready: &Ready) {
    suite
        .check("Client::authorize_url", Success, async {
            let (code, _) = authorize(&client(ready)?.0).await?;
            ensure!(!code.secret().is_empty(), "the code is empty");
            Ok(())
        })
        .await;
    suite
        .check("Client::authorize_url", Failure, async {
            let unknown = Ready {
                client_id: "nobody".to_owned(),
                ..ready.clone()
            };
            let refused = authorize(&client(&unknown)?.0).await;
            ensure!(refused.is_err(), "Connect let an unknown application in");
            Ok(())
        })
        .await;
    suite
        .check("Client::exchange_code", Success, async {
            let tokens = tokens(ready).await?;
            ensure!(
                tokens.access_token().secret().len() == 36,
                "the token's length"
            );
            let life = tokens.expires_in().context("it has a life")?;
            ensure!(life.as_secs() == 7200, "{life:?}");
            Ok(())
        })
        .await;
    suite
        .check("Client::exchange_code", Failure, async {
            let (client, http) = client(ready)?;
            let (code, _) = authorize(&client).await?;
            let (_, foreign) = PkceCodeChallenge::new_random_sha256();
            let refused = client
                .exchange_code(code)
                .set_pkce_verifier(foreign)
                .request_async(&http)
                .await;
            match refused {
                Err(RequestTokenError::ServerResponse(told)) => {
                    ensure!(told.error().as_ref() == "invalid_grant", "{told:?}");
                    Ok(())
                }
                other => bail!("{other:?}"),
            }
        })
        .await;
    suite
        .check("Client::exchange_refresh_token", Success, async {
            let (client, http) = client(ready)?;
            let old = tokens(ready).await?;
            let refresh = old.refresh_token().context("there is a refresh token")?;
            let new = client
                .exchange_refresh_token(refresh)
                .request_async(&http)
                .await?;
            ensure!(
                new.access_token().secret() != old.access_token().secret(),
                "it is the old token"
            );
            ensure!(
                new.refresh_token().is_some(),
                "the new pair has no refresh token"
            );
            Ok(())
        })
        .await;
    suite
        .check("Client::exchange_refresh_token", Failure, async {
            let (client, http) = client(ready)?;
            let nobodys = oauth2::RefreshToken::new("no-such-token".to_owned());
            match client
                .exchange_refresh_token(&nobodys)
                .request_async(&http)
                .await
            {
                Err(RequestTokenError::ServerResponse(told)) => {
                    ensure!(told.error().as_ref() == "invalid_request", "{told:?}");
                    Ok(())
                }
                other => bail!("{other:?}"),
            }
        })
        .await;
    after(suite, ready).await;
}

/// What becomes of tokens.
async fn after(suite: &mut Suite, ready: &Ready) {
    suite
        .check("Client::introspect", Success, async {
            let (client, http) = client(ready)?;
            let tokens = tokens(ready).await?;
            let told = client
                .introspect(tokens.access_token())
                .request_async(&http)
                .await?;
            ensure!(
                told.active() && told.sub().is_some_and(|user| user.len() == 36),
                "{told:?}"
            );
            ensure!(
                told.client_id().map(|id| id.as_str()) == Some(&ready.client_id),
                "{told:?}"
            );
            let scopes = told.scopes().context("there is a scope")?;
            let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
            ensure!(scopes == ["read_vin", "read_odometer"], "{scopes:?}");
            ensure!(told.exp() > told.iat() && told.iss().is_some(), "{told:?}");
            Ok(())
        })
        .await;
    suite
        .check("Client::introspect", Failure, async {
            let (client, http) = client(ready)?;
            let nobodys = oauth2::AccessToken::new("no-such-token".to_owned());
            let told = client.introspect(&nobodys).request_async(&http).await?;
            ensure!(!told.active() && told.sub().is_none(), "{told:?}");
            let tokens = tokens(ready).await?;
            let stranger = client.set_client_secret(ClientSecret::new("wrong".to_owned()));
            let refused = stranger
                .introspect(tokens.access_token())
                .request_async(&http)
                .await;
            ensure!(
                matches!(refused, Err(RequestTokenError::ServerResponse(_))),
                "{refused:?}"
            );
            Ok(())
        })
        .await;
    suite
        .check("Client::revoke_token", Success, async {
            let (client, http) = client(ready)?;
            let tokens = tokens(ready).await?;
            let refresh = tokens.refresh_token().context("there is a refresh token")?;
            let family = StandardRevocableToken::RefreshToken(refresh.clone());
            client.revoke_token(family)?.request_async(&http).await?;
            let told = client
                .introspect(tokens.access_token())
                .request_async(&http)
                .await?;
            ensure!(!told.active(), "the access token outlives its family");
            // Whether there was such a token is nobody's business (RFC 7009, 2.2).
            let nobodys = oauth2::AccessToken::new("no-such-token".to_owned());
            client
                .revoke_token(nobodys.into())?
                .request_async(&http)
                .await?;
            Ok(())
        })
        .await;
    suite
        .check("Client::revoke_token", Failure, async {
            let (client, http) = client(ready)?;
            let tokens = tokens(ready).await?;
            let stranger = client.set_client_secret(ClientSecret::new("wrong".to_owned()));
            let token = tokens.access_token().clone();
            let refused = stranger
                .revoke_token(token.into())?
                .request_async(&http)
                .await;
            ensure!(
                matches!(refused, Err(RequestTokenError::ServerResponse(_))),
                "{refused:?}"
            );
            Ok(())
        })
        .await;
}

/// A code, and the verifier that goes with it.
async fn authorize(client: &Client) -> anyhow::Result<(AuthorizationCode, PkceCodeVerifier)> {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (link, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("required:read_vin".to_owned()))
        .add_scope(Scope::new("read_odometer".to_owned()))
        .add_extra_param("mode", "test")
        .set_pkce_challenge(challenge)
        .url();
    let owner = Owner {
        brand: "FORD",
        email: "oauth@example.net",
    };
    let back = owner.allow(link.as_str()).await?;
    let returned = back.query_pairs().find(|(name, _)| name == "state");
    ensure!(
        returned.is_some_and(|(_, value)| value == *state.secret()),
        "another state came back"
    );
    Ok((AuthorizationCode::new(code_in(&back)?), verifier))
}

/// A fresh pair.
async fn tokens(ready: &Ready) -> anyhow::Result<BasicTokenResponse> {
    let (client, http) = client(ready)?;
    let (code, verifier) = authorize(&client).await?;
    Ok(client
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await?)
}

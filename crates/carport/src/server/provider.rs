//! Reaches the OpenID Connect provider at which members may sign in.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use carport_dashboard::accounts::openid::{
    Fetch, HttpRequest, HttpResponse, Provider, RETURN, RedirectUrl, Settings, Unanswered,
};
use carport_model::SystemClock;
use carport_web::PublicUrl;
use reqwest::{Client, redirect};

/// How long one answer may take: somebody waits for it before a page.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is read: a provider with a hundred keys stays far below.
const LONGEST: usize = 1 << 20;

/// The provider, which sends people back to this server.
///
/// # Errors
/// The machine's certificates cannot be read, or the public address is none.
pub(super) fn of(settings: Settings, public_url: &PublicUrl) -> anyhow::Result<Provider> {
    let redirect = RedirectUrl::new(public_url.join(RETURN)).context("public_url is no address")?;
    Ok(Provider::new(
        settings,
        redirect,
        fetch()?,
        Arc::new(SystemClock),
    ))
}

fn fetch() -> anyhow::Result<Fetch> {
    let client = Client::builder()
        // A provider answers itself: a redirect would lead to where nobody configured.
        .redirect(redirect::Policy::none())
        .timeout(PATIENCE)
        .user_agent(concat!("Carport/", env!("CARGO_PKG_VERSION")))
        .build()
        .context("the OpenID Connect provider cannot be reached")?;
    Ok(Arc::new(move |request| {
        Box::pin(carried(client.clone(), request))
    }))
}

async fn carried(client: Client, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
    // Without the address, whose query is a secret on one of the ways.
    let told = |error: reqwest::Error| {
        Unanswered(format!("{:#}", anyhow::Error::new(error.without_url())))
    };
    let request = request.try_into().map_err(told)?;
    let mut answer = client.execute(request).await.map_err(told)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(told)? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST {
            return Err(Unanswered("the answer is longer than 1 MiB".to_owned()));
        }
    }
    let mut response = HttpResponse::new(body);
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    Ok(response)
}

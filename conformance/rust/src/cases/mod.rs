//! What is called, crate by crate.

mod application;
mod commands;
mod expect;
mod management;
mod oauth;
mod reads;
mod webhooks;

use crate::ready::Ready;
use crate::suite::Suite;
use crate::surface;

/// Everything, in an order that leaves each check what it needs.
pub async fn run(ready: &Ready) -> anyhow::Result<Suite> {
    let mut suite = Suite::default();
    application::links(&mut suite, ready).await;
    application::tokens(&mut suite).await;
    application::compatibility(&mut suite).await;
    reads::run(&mut suite, ready).await?;
    commands::run(&mut suite, ready).await?;
    management::run(&mut suite, ready).await?;
    webhooks::run(&mut suite);
    suite.cover("crate `smartcar` 1.1.0", &surface::of("smartcar")?)?;

    oauth::run(&mut suite, ready).await;
    let requests = oauth::requests(surface::of("oauth2")?);
    suite.cover("crate `oauth2` 5.0.0, its requests", &requests)?;
    Ok(suite)
}

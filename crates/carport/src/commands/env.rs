//! `carport env LANG`: the lines that lead an SDK here.

use anyhow::{Context as _, bail};
use carport_model::exports::{credentials, export_line};
use serde_json::{Map, Value};

use super::configure;
use crate::admin::{self, ApplicationView, ReadyLine, Request};
use crate::cli::{Env, Global};
use crate::config::General;
use crate::original_hosts;

/// Prints the lines.
///
/// # Errors
/// There is no such application, or no server to point at.
pub async fn run(global: &Global, args: Env) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let running = admin::carry_out(&config, &Request::ReadyLine).await;
    let running: Option<ReadyLine> = running
        .ok()
        .and_then(|answer| serde_json::from_value(answer).ok());
    let url = match (&running, General::read(&config)?) {
        (Some(line), _) => line.url.clone(),
        (None, general) => general.public_url_at(general.listen)?.to_string(),
    };
    let (own, hosts) = match running {
        Some(line) => (line.application, line.original_hosts),
        None => (None, None),
    };
    let application = match (&args.app, own) {
        (None, Some(own)) => own,
        (Some(id), Some(own)) if own.id == *id => own,
        (Some(id), _) => {
            let answer =
                admin::carry_out(&config, &Request::ShowApplication { id: id.clone() }).await?;
            serde_json::from_value(answer).context("the server's answer is not understood")?
        }
        (None, None) => only_one(&config).await?,
    };
    let secret = match args.secret.as_deref() {
        Some("-") => Some(
            std::io::stdin()
                .lines()
                .next()
                .transpose()?
                .context("no secret on standard input")?,
        ),
        Some(secret) => Some(secret.to_owned()),
        None => application.client_secret.clone(),
    };
    let hosts = hosts.filter(|_| args.language.origins(&url).is_empty());
    let led = match &hosts {
        Some(hosts) => original_hosts::variables(hosts),
        None => args.language.origins(&url),
    };
    print(&args, &application, secret.as_deref(), led);
    Ok(())
}

/// The application that is meant when none is named: the only one.
async fn only_one(config: &crate::config::Config) -> anyhow::Result<ApplicationView> {
    let answer = admin::carry_out(config, &Request::ListApplications).await?;
    let mut all: Vec<ApplicationView> = serde_json::from_value(answer)?;
    match all.len() {
        0 => bail!("there is no application yet; make one with `carport app create`"),
        1 => Ok(all.remove(0)),
        _ => bail!("there are several applications; name one with --app (`carport app list`)"),
    }
}

/// Prints who the application is, and then the variables that lead its SDK here.
fn print(
    args: &Env,
    application: &ApplicationView,
    secret: Option<&str>,
    led: Vec<(&'static str, String)>,
) {
    let is_led = !led.is_empty();
    let redirect_uri = application.redirect_uris.first().map(String::as_str);
    let mut variables = credentials(&application.client_id, secret, redirect_uri);
    variables.extend(led);
    if args.json {
        let members: Map<String, Value> = variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        println!("{}", Value::Object(members));
        return;
    }
    for (name, value) in &variables {
        println!("{}", export_line(name, value));
    }
    if secret.is_none() {
        println!(
            "# SMARTCAR_CLIENT_SECRET is kept as a hash only. Pass yours with --secret -, or make \
             a new one: carport app rotate-secret {}",
            application.id
        );
    }
    if !is_led {
        println!("# {}", args.language.remark());
    }
}

//! `carport dev`: the five-minute start.

use std::io::Write as _;

use anyhow::{Context as _, bail};
use carport_dashboard::accounts::By;
use carport_model::Application;
use carport_model::exports::{Language, export_line};
use carport_model::member::Purpose;
use carport_oauth::applications::NewApplication;
use carport_tutorial_app::{Origins, Secret};
use carport_webhooks::NewWebhook;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{asked_to_stop, car_park, configure};
use crate::admin::{ApplicationView, ReadyLine, view_of_new};
use crate::cli::{Dev, Global};
use crate::config::{Config, General};
use crate::data::DataFolder;
use crate::original_hosts::{self, Wanted};
use crate::server::{Parts, Seed, Server, Start};

/// Redirect URIs of the application of a `dev` server: the tutorial's, two front ends', the one
/// that SDK suites register, and the browser SDK's for a front end.
const REDIRECT_URIS: [&str; 4] = [
    "http://localhost:3000",
    "http://localhost:4000",
    "https://example.com/auth",
    "https://javascript-sdk.smartcar.com/v2/redirect?app_origin=http://localhost:3000",
];

/// The same page on this server.
const REDIRECT_PAGE: &str = "/v2/redirect?app_origin=http://localhost:3000";

/// Runs until asked to stop.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Dev) -> anyhow::Result<()> {
    let config = configure(global, args.listen.settings())?;
    let json = args.listen.json;
    let ready = move |line: &ReadyLine, link: &str| announce(line, link, json);
    let hosts = args.hosts.wanted(Wanted::DEV);
    start(&config, &args, hosts, ready, asked_to_stop()).await
}

/// Starts a `dev` server with its application and the tutorial, and serves until `shutdown`.
///
/// # Errors
/// One line that says what to do.
pub async fn start(
    config: &Config,
    args: &Dev,
    original_hosts: Option<Wanted>,
    ready: impl FnOnce(&ReadyLine, &str),
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let general = General::read(config)?;
    if !general.listen.ip().is_loopback() {
        bail!(
            "dev listens on loopback only, because everyone knows its secrets; use `carport serve` for {}",
            general.listen
        );
    }
    let folder = match general.data.as_deref() {
        Some(path) => DataFolder::open(Some(path))?,
        None => DataFolder::temporary()?,
    };
    let tutorial = if args.no_tutorial {
        None
    } else {
        Some(bind(args.tutorial_port).await?)
    };
    let seed = Seed(args.seed);
    let server = Server::prepare(Start {
        config,
        folder,
        seed: Some(seed),
        original_hosts,
    })
    .await?;
    let parts = server.parts();
    let tutorial_port = tutorial
        .as_ref()
        .map_or(args.tutorial_port, |(_, port)| *port);
    let keeps_address = general.public_url.is_some() || general.listen.port() != 0;
    let application = application(parts, seed, tutorial_port, keeps_address).await?;
    let id = application.id.parse().context("an id of our own")?;
    if let Some(open) = parts.simulator_api.open() {
        open.stand_for(id);
    }
    let operator = parts.accounts.operator().await?;
    let link = parts
        .accounts
        .link(&By::operator(), &operator, Purpose::SignIn)
        .await?;
    let simulations = car_park::fill(parts, seed, id).await?;
    let mut line = ReadyLine {
        url: parts.public_url.to_string(),
        dashboard_url: parts.public_url.join("/dashboard"),
        tutorial_url: None,
        application: None,
        simulations,
        original_hosts: server.original_hosts().cloned(),
    };
    let (stop, stopped) = watch::channel(());
    let serving = tutorial.map(|(listener, port)| {
        line.tutorial_url = Some(format!("http://localhost:{port}/login"));
        let config = carport_tutorial_app::Config {
            client_id: application.client_id.clone(),
            client_secret: Secret::from(application.client_secret.clone().unwrap_or_default()),
            redirect_uri: application.redirect_uris[0].clone(),
            origins: Origins::single(&line.url),
        };
        tokio::spawn(carport_tutorial_app::serve(
            listener,
            config,
            until(stopped),
        ))
    });
    line.application = Some(application);
    let ready = |line: &ReadyLine| ready(line, link.expose());
    server.serve(line, ready, shutdown).await?;
    drop(stop);
    if let Some(serving) = serving {
        // Its requests end with ours; ten seconds have been given.
        serving.abort();
    }
    Ok(())
}

async fn until(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

async fn bind(port: u16) -> anyhow::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| {
            format!(
                "the tutorial application cannot listen on port {port}; choose another with \
             --tutorial-port, or leave it out with --no-tutorial"
            )
        })?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

/// The application of a `dev` server: drawn from a stream of its own of the seed, so that it is
/// the same at each start, and registered when it is not there yet.
async fn application(
    parts: &Parts,
    seed: Seed,
    tutorial_port: u16,
    keeps_address: bool,
) -> anyhow::Result<ApplicationView> {
    let tutorial = format!("http://localhost:{tutorial_port}/exchange");
    let mut redirect_uris: Vec<String> = std::iter::once(tutorial)
        .chain(REDIRECT_URIS.map(str::to_owned))
        .collect();
    // A port that changes with each start would fill a kept folder with old addresses.
    if keeps_address {
        redirect_uris.push(parts.public_url.join(REDIRECT_PAGE));
    }
    let new = NewApplication {
        name: "Getting started".to_owned(),
        redirect_uris: redirect_uris.clone(),
        ..NewApplication::default()
    };
    let made = parts
        .applications
        .register_drawn_from(new, &seed.application_stream())
        .await?;
    // A kept data folder may know the application with another tutorial port.
    for uri in &redirect_uris {
        parts
            .applications
            .add_redirect_uri(made.application.id, uri)
            .await?;
    }
    Ok(ApplicationView {
        webhook_id: Some(webhook(parts, seed, &made.application, tutorial_port).await?),
        ..view_of_new(&made, redirect_uris)
    })
}

/// The id of the application's webhook, made when it is not there yet. Nothing is delivered to it;
/// it is there for applications that subscribe vehicles.
async fn webhook(
    parts: &Parts,
    seed: Seed,
    application: &Application,
    tutorial_port: u16,
) -> anyhow::Result<String> {
    let new = NewWebhook {
        application: application.id,
        name: application.name.clone(),
        callback_uri: format!("http://localhost:{tutorial_port}/webhook"),
    };
    let stream = seed.webhook_stream();
    let webhook = parts.webhooks.create_drawn_from(new, &stream).await?;
    Ok(webhook.id.to_string())
}

/// Prints the ready line, or the same facts for people.
fn announce(line: &ReadyLine, link: &str, json: bool) {
    let text = if json {
        serde_json::to_string(line).expect("the ready line is plain data")
    } else {
        for_people(line, link)
    };
    let mut out = std::io::stdout().lock();
    // A reader that went away must not stop the server.
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

fn for_people(line: &ReadyLine, link: &str) -> String {
    let mut text = format!(
        "Carport runs at {}\nDashboard      {}\nSign in        {link}\n",
        line.url, line.dashboard_url
    );
    if let Some(application) = &line.application {
        let value = |value: &Option<String>| value.clone().unwrap_or_default();
        text.push_str(&format!(
            "\nApplication    {}\nClient id      {}\nClient secret  {}\nManagement     {}\nWebhook        {}\nRedirect URIs  {}\n",
            application.name,
            application.client_id,
            value(&application.client_secret),
            value(&application.management_token),
            value(&application.webhook_id),
            application.redirect_uris.join("\n               "),
        ));
        text.push_str("\nFor your own code, in another terminal:\n\n");
        text.push_str(&format!(
            "  {}\n  {}\n  {}\n",
            export_line("SMARTCAR_CLIENT_ID", &application.client_id),
            export_line("SMARTCAR_CLIENT_SECRET", &value(&application.client_secret)),
            export_line("SMARTCAR_REDIRECT_URI", &application.redirect_uris[0]),
        ));
        let languages: Vec<&str> = Language::ALL
            .iter()
            .map(|language| language.name())
            .collect();
        text.push_str(&format!(
            "\n  eval \"$(carport env node)\" sets these and the servers ({}).\n",
            languages.join(", ")
        ));
    }
    if !line.simulations.is_empty() {
        text.push_str("\nSimulated cars, to be connected in simulated mode with their logins:\n\n");
        text.push_str(&car_park::for_people(&line.simulations));
    }
    if let Some(hosts) = &line.original_hosts {
        text.push_str(&original_hosts::for_people(hosts));
    }
    if let Some(tutorial) = &line.tutorial_url {
        text.push_str(&format!(
            "\nOpen this address to connect your first car:\n\n  {tutorial}\n"
        ));
    }
    text
}

//! `carport app`: register and change applications.

mod credentials;

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{app_settings, configure, confirm, text};
use crate::admin::{self, ApplicationRequest, ApplicationView, Request};
use crate::cli::{App, Global, RedirectUri};
use crate::config::Config;

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: App) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask = async |request: Request| admin::carry_out(&config, &request).await;
    match args {
        App::Create {
            name,
            redirect_uris,
            public,
            json,
        } => {
            let answer = ask(Request::CreateApplication {
                name,
                redirect_uris,
                public,
            })
            .await?;
            show(&answer, json)?;
            if !json {
                eprintln!("The secrets are shown this once; Carport keeps only their hashes.");
            }
        }
        App::List { json } => list(&ask(Request::ListApplications).await?, json)?,
        App::Show { id, json } => show(&ask(Request::ShowApplication { id }).await?, json)?,
        App::RotateSecret { id, overlap, json } => {
            let overlap_seconds = overlap.saturating_mul(3600);
            let answer = ask(Request::RotateSecret {
                id,
                overlap_seconds,
            })
            .await?;
            secret(&answer, "clientSecret", json);
            eprintln!("The old secrets go on working for {overlap} h.");
        }
        App::RotateToken { id, json } => {
            secret(
                &ask(Request::RotateToken { id }).await?,
                "managementToken",
                json,
            );
            eprintln!(
                "The old token has stopped working: replace it wherever webhooks are verified."
            );
        }
        App::Rename { id, name } => {
            let name = Some(name);
            describe(&config, id, (name, None, None)).await?;
        }
        App::Describe {
            id,
            description,
            privacy_url,
        } => describe(&config, id, (None, description, privacy_url)).await?,
        App::ShowToken { id, json } => {
            let application = ApplicationRequest::ShowToken;
            let answer = ask(Request::Application { id, application }).await?;
            secret(&answer, "managementToken", json);
        }
        App::Secret(args) => credentials::secret(&config, args).await?,
        App::MachineCredential(args) => credentials::machine(&config, args).await?,
        App::RedirectUri(args) => redirect_uri(&config, args).await?,
        App::Settings(args) => app_settings::run(&config, args).await?,
        App::Enable { id } => enable(&config, id, true).await?,
        App::Disable { id } => enable(&config, id, false).await?,
        App::Suspend { id } => suspend(&config, id).await?,
        App::Resume { id } => resume(&config, id).await?,
        App::Delete { id, yes } => {
            confirm(&id, "users, connections and tokens", yes)?;
            ask(Request::DeleteApplication { id }).await?;
            println!("Deleted. Its tokens have stopped working.");
        }
    }
    Ok(())
}

async fn redirect_uri(config: &Config, args: RedirectUri) -> anyhow::Result<()> {
    let ask = async |request: Request| admin::carry_out(config, &request).await;
    match args {
        RedirectUri::Default { id, uri } => {
            let application = ApplicationRequest::MakeDefaultRedirectUri { uri };
            let answer = ask(Request::Application { id, application }).await?;
            println!(
                "{}",
                if answer["changed"] == true {
                    "Default. Connect uses it when a link names no address."
                } else {
                    "It is the default already."
                }
            );
        }
        RedirectUri::Add { id, uri } => {
            let answer = ask(Request::AddRedirectUri { id, uri }).await?;
            let new = answer["added"] == true;
            println!(
                "{}",
                if new {
                    "Added. It works from now on."
                } else {
                    "It was there already."
                }
            );
        }
        RedirectUri::Remove { id, uri } => {
            let answer = ask(Request::RemoveRedirectUri {
                id,
                uri: uri.clone(),
            })
            .await?;
            if answer["removed"] != true {
                bail!("{uri} is not registered; `carport app show` lists the addresses");
            }
            println!("Removed. Connect no longer sends owners there.");
        }
    }
    Ok(())
}

async fn suspend(config: &Config, id: String) -> anyhow::Result<()> {
    let answer = admin::carry_out(config, &Request::SuspendApplication { id }).await?;
    println!(
        "{}",
        if answer["changed"] == true {
            "Suspended. The vehicle API answers its calls with 430 until `carport app resume`."
        } else {
            "It is suspended already."
        }
    );
    Ok(())
}

async fn resume(config: &Config, id: String) -> anyhow::Result<()> {
    let answer = admin::carry_out(config, &Request::ResumeApplication { id }).await?;
    println!(
        "{}",
        if answer["changed"] == true {
            "Resumed. Its calls are answered again, with the tokens it has."
        } else {
            "It is not suspended."
        }
    );
    Ok(())
}

async fn describe(
    config: &Config,
    id: String,
    (name, description, privacy_url): (Option<String>, Option<String>, Option<String>),
) -> anyhow::Result<()> {
    let application = ApplicationRequest::Describe {
        name,
        description,
        privacy_url,
    };
    let answer = admin::carry_out(config, &Request::Application { id, application }).await?;
    println!(
        "{}",
        if answer["changed"] == true {
            "Saved. Owners read it from the next page of Connect on."
        } else {
            "It is so already."
        }
    );
    Ok(())
}

async fn enable(config: &Config, id: String, enabled: bool) -> anyhow::Result<()> {
    let application = ApplicationRequest::Enable { enabled };
    let answer = admin::carry_out(config, &Request::Application { id, application }).await?;
    println!(
        "{}",
        match (answer["changed"] == true, enabled) {
            (true, true) => "Enabled. Connect and both APIs know it again.",
            (true, false) => "Disabled. Nothing of it works until `carport app enable`.",
            (false, true) => "It is enabled already.",
            (false, false) => "It is disabled already.",
        }
    );
    Ok(())
}

fn show(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let view: ApplicationView =
        serde_json::from_value(answer.clone()).context("the server's answer is not understood")?;
    println!(
        "Name           {}\nClient id      {}",
        view.name, view.client_id
    );
    if let Some(secret) = &view.client_secret {
        println!("Client secret  {secret}");
    }
    if let Some(token) = &view.management_token {
        println!("Management     {token}");
    }
    let uris = if view.redirect_uris.is_empty() {
        "none yet; add one with `carport app redirect-uri add`".to_owned()
    } else {
        view.redirect_uris.join("\n               ")
    };
    println!("Redirect URIs  {uris}");
    for (title, text) in [
        ("Description  ", &view.description),
        ("Privacy      ", &view.privacy_url),
    ] {
        if let Some(text) = text {
            println!("{title}  {text}");
        }
    }
    if view.disabled {
        println!("Disabled       until `carport app enable`");
    }
    if let Some(since) = &view.suspended_at {
        println!("Suspended      since {since}");
    }
    Ok(())
}

fn list(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let views: Vec<ApplicationView> =
        serde_json::from_value(answer.clone()).context("the server's answer is not understood")?;
    if views.is_empty() {
        eprintln!("No application yet. Make one with `carport app create`.");
    }
    for view in views {
        let mark = match (view.disabled, view.suspended_at) {
            (true, _) => "  (disabled)",
            (false, Some(_)) => "  (suspended)",
            (false, None) => "",
        };
        println!("{}  {}{mark}", view.client_id, view.name);
    }
    Ok(())
}

/// Prints a secret alone, so that a shell can take it.
fn secret(answer: &Value, member: &str, json: bool) {
    if json {
        println!("{answer}");
    } else {
        println!("{}", text(answer, member));
    }
}

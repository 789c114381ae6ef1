//! `carport app`: register and change applications.

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{app_settings, configure, confirm, text};
use crate::admin::{self, ApplicationView, Request};
use crate::cli::{App, Global, RedirectUri};

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
        App::RedirectUri(RedirectUri::Add { id, uri }) => {
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
        App::RedirectUri(RedirectUri::Remove { id, uri }) => {
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
        App::Settings(settings) => app_settings::run(&config, settings).await?,
        App::Suspend { id } => {
            let answer = ask(Request::SuspendApplication { id }).await?;
            println!(
                "{}",
                if answer["changed"] == true {
                    "Suspended. The vehicle API answers its calls with 430 until `carport app resume`."
                } else {
                    "It is suspended already."
                }
            );
        }
        App::Resume { id } => {
            let answer = ask(Request::ResumeApplication { id }).await?;
            println!(
                "{}",
                if answer["changed"] == true {
                    "Resumed. Its calls are answered again, with the tokens it has."
                } else {
                    "It is not suspended."
                }
            );
        }
        App::Delete { id, yes } => {
            confirm(&id, "users, connections and tokens", yes)?;
            ask(Request::DeleteApplication { id }).await?;
            println!("Deleted. Its tokens have stopped working.");
        }
    }
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
        let mark = view.suspended_at.map_or("", |_| "  (suspended)");
        println!("{}  {}{mark}", view.client_id, view.name);
    }
    Ok(())
}

fn secret(answer: &Value, member: &str, json: bool) {
    if json {
        println!("{answer}");
    } else {
        println!("{}", text(answer, member));
    }
}

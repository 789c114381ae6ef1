//! `carport owner`: what an owner of cars can do on their page, for whoever does it for them.

use anyhow::Context as _;

use super::{configure, confirm};
use crate::admin::{self, OwnerRequest, Request, SharedView};
use crate::cli::{Global, Owner};

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Owner) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask =
        async |owner: OwnerRequest| admin::carry_out(&config, &Request::Owner { owner }).await;
    match args {
        Owner::Show { login, json } => {
            let answer = ask(OwnerRequest::Show { login }).await?;
            if json {
                println!("{answer}");
                return Ok(());
            }
            let views: Vec<SharedView> =
                serde_json::from_value(answer).context("the server's answer is not understood")?;
            if views.is_empty() {
                eprintln!("No application reaches a car of this owner.");
            }
            for view in views {
                println!("{}", row(&view));
            }
        }
        Owner::Revoke {
            login,
            app,
            vehicle,
            permission,
        } => {
            let request = OwnerRequest::Revoke {
                login,
                application: app,
                vehicle,
                permission,
            };
            ask(request).await?;
            println!("Taken back. It holds from the next request on.");
        }
        Owner::Location {
            login,
            vehicle,
            precision,
        } => {
            let precision = precision.to_string();
            ask(OwnerRequest::Location {
                login,
                vehicle,
                precision: precision.clone(),
            })
            .await?;
            println!("The location is told {precision} from now on.");
        }
        Owner::Export { login, out } => {
            let file = ask(OwnerRequest::Export { login }).await?;
            let text = serde_json::to_string_pretty(&file)?;
            match out {
                None => println!("{text}"),
                Some(path) => {
                    std::fs::write(&path, text)
                        .with_context(|| format!("{} cannot be written", path.display()))?;
                    eprintln!("Written to {}.", path.display());
                }
            }
        }
        Owner::Erase { login, yes } => {
            confirm(&login, "everything that is kept of this owner", yes)?;
            let gone = ask(OwnerRequest::Erase { login }).await?;
            println!(
                "Erased. Accounts: {}, connections: {}, cars: {}.",
                gone["accounts"], gone["connections"], gone["vehicles"]
            );
        }
    }
    Ok(())
}

fn row(view: &SharedView) -> String {
    format!(
        "{}  {}  {}  {}  location {}\n  {}",
        view.application.name,
        view.application.id,
        view.vehicle.id,
        view.vehicle.name,
        view.location,
        view.permissions.join(" ")
    )
}

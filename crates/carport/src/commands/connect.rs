//! `carport connect`: consent without a browser.

use anyhow::bail;

use super::{configure, text};
use crate::admin::{self, Request};
use crate::cli::{Connect, Global};

/// Prints the redirect URL with its code.
///
/// # Errors
/// One line that says why there is none.
pub async fn run(global: &Global, args: Connect) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let request = match (args.simulation, args.app, args.brand) {
        (Some(id), ..) => Request::ConnectSimulation {
            id,
            scope: args.scope,
        },
        (None, Some(application), Some(brand)) => Request::Connect {
            application,
            brand,
            user: args.user,
            password: args.password,
            country: args.country,
            scope: args.scope,
            mode: args.mode,
        },
        (None, ..) => bail!("say --app and --brand, or --simulation"),
    };
    let answer = admin::carry_out(&config, &request).await?;
    if args.json {
        println!("{answer}");
    } else {
        println!("{}", text(&answer, "redirectUrl"));
    }
    Ok(())
}

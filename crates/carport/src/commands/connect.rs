//! `carport connect`: consent without a browser.

use super::{configure, text};
use crate::admin::{self, Request};
use crate::cli::{Connect, Global};

/// Prints the redirect URL with its code.
///
/// # Errors
/// One line that says why there is none.
pub async fn run(global: &Global, args: Connect) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let request = Request::Connect {
        application: args.app,
        brand: args.brand,
        user: args.user,
        scope: args.scope,
        mode: args.mode,
    };
    let answer = admin::carry_out(&config, &request).await?;
    if args.json {
        println!("{answer}");
    } else {
        println!("{}", text(&answer, "redirectUrl"));
    }
    Ok(())
}

//! Rust crates from outside against a running Carport, whose ready line is in the file
//! `CARPORT_READY` and whose addresses are in the environment, as `carport env rust` prints them.

mod cases;
mod owner;
mod ready;
mod suite;
mod surface;

use std::process::ExitCode;

use ready::Ready;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    if std::env::args()
        .nth(1)
        .is_some_and(|argument| argument == "from-env")
    {
        // What `cases::application` looks at from outside, because it ends in a panic.
        smartcar::auth_client::AuthClient::from_env(true);
        return Ok(ExitCode::SUCCESS);
    }
    let suite = cases::run(&Ready::read()?).await?;
    Ok(if suite.all_is_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

//! `carport openapi v2`.

use carport_vehicle_api::openapi;

use super::configure;
use crate::cli::Global;
use crate::config::General;

/// Prints the document.
///
/// # Errors
/// The configuration does not read.
pub fn run(global: &Global) -> anyhow::Result<()> {
    let general = General::read(&configure(global, Vec::new())?)?;
    let url = general.public_url_at(general.listen)?.to_string();
    println!(
        "{}",
        serde_json::to_string_pretty(&openapi::document(&url))?
    );
    Ok(())
}

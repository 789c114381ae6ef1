//! `carport openapi`.

use super::configure;
use crate::cli::{Api, Global};
use crate::config::General;

/// Prints the document.
///
/// # Errors
/// The configuration does not read.
pub fn run(global: &Global, api: Api) -> anyhow::Result<()> {
    let general = General::read(&configure(global, Vec::new())?)?;
    let url = general.public_url_at(general.listen)?.to_string();
    let document = match api {
        Api::V2 => carport_vehicle_api::openapi::DOCUMENT,
        Api::Management => carport_management_api::openapi::DOCUMENT,
        Api::Applications => carport_management_api::applications::openapi::DOCUMENT,
        Api::Simulator => carport_management_api::simulator::openapi::DOCUMENT,
    };
    println!("{}", serde_json::to_string_pretty(&document.at(&url))?);
    Ok(())
}

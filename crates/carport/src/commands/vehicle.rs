//! `carport vehicle`: connected vehicles of all applications.

use serde_json::Value;

use super::{configure, confirm, print_list, text};
use crate::admin::{self, Request, VehicleRequest};
use crate::cli::{Global, Vehicle};

const NONE: &str = "No connected vehicle fits.";

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Vehicle) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask = async |vehicle: VehicleRequest| {
        admin::carry_out(&config, &Request::Vehicle { vehicle }).await
    };
    match args {
        Vehicle::List {
            app,
            mode,
            make,
            permission,
            search,
            limit,
            json,
        } => {
            let request = VehicleRequest::List {
                application: app,
                mode,
                make,
                permission,
                search,
                limit,
            };
            let answer = ask(request).await?;
            print_list(&answer, json, NONE, row);
        }
        Vehicle::Show { id, json } => {
            let answer = ask(VehicleRequest::Show { id }).await?;
            print_list(&answer, json, NONE, |listed| {
                format!("{}\n  {}", row(listed), permissions(listed))
            });
        }
        Vehicle::Disconnect { id, yes } => {
            confirm(&id, "connections", yes)?;
            let answer = ask(VehicleRequest::Disconnect { id }).await?;
            println!("Disconnected. Connections that ended: {}.", answer["ended"]);
        }
    }
    Ok(())
}

fn row(listed: &Value) -> String {
    let external_id = match text(listed, "externalId") {
        "" => String::new(),
        id => format!("  {id}"),
    };
    format!(
        "{}  {}  {:<9}  {} {} {}  application {}  owner {}{external_id}",
        text(listed, "connectedAt"),
        text(listed, "vehicleId"),
        text(listed, "mode"),
        text(listed, "make"),
        text(listed, "model"),
        listed["year"],
        text(listed, "applicationId"),
        text(listed, "userId"),
    )
}

fn permissions(listed: &Value) -> String {
    let names = listed["permissions"].as_array();
    let names: Vec<&str> = names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    names.join(" ")
}

//! `carport vehicle`: connected vehicles of all applications.

use serde_json::Value;

use super::{configure, confirm, text};
use crate::admin::{self, Request, VehicleRequest};
use crate::cli::{Global, Vehicle};

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
            show(&answer, json, row);
        }
        Vehicle::Show { id, json } => {
            let answer = ask(VehicleRequest::Show { id }).await?;
            show(&answer, json, |listed| {
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

fn show(answer: &Value, json: bool, row: impl Fn(&Value) -> String) {
    if json {
        println!("{answer}");
        return;
    }
    let rows = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        eprintln!("No connected vehicle fits.");
    }
    for listed in rows {
        println!("{}", row(listed));
    }
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

//! `carport simulation`: simulated cars, and the scenarios they live through.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use carport_management_api::simulator::cars::{CarChange, NewCar};
use carport_management_api::simulator::scenarios::ScenarioView;
use carport_management_api::simulator::view::{SignalsView, SimulationView};
use serde_json::Value;

use super::{configure, confirm};
use crate::admin::{self, Request, ScenarioRequest, SimulationRequest};
use crate::cli::{Global, NewSimulation, Scenario, Simulation, SimulationCommand};
use crate::config::Config;

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: SimulationCommand) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let json = args.json;
    let request = match args.command {
        Simulation::Create(new) => SimulationRequest::Create { new: new.into() },
        Simulation::List { app } => return list(&config, app, json).await,
        Simulation::Show { id, signals: true } => return signals(&config, id, json).await,
        Simulation::Show { id, .. } => SimulationRequest::Show { id },
        Simulation::Play { id } => SimulationRequest::Play { id },
        Simulation::Pause { id } => SimulationRequest::Pause { id },
        Simulation::Restart { id } => SimulationRequest::Restart { id },
        Simulation::Jump { id, stage } => SimulationRequest::Jump { id, stage },
        Simulation::Speed { id, factor } => {
            let change = CarChange {
                speed: Some(factor),
                ..CarChange::default()
            };
            SimulationRequest::Change { id, change }
        }
        Simulation::Change(change) => SimulationRequest::Change {
            id: change.id,
            change: CarChange {
                name: change.name,
                speed: None,
                scenario: change.scenario,
                city: change.city,
                latency: change.latency,
                stateless: change.stateless,
            },
        },
        Simulation::Set { id, signal, value } => SimulationRequest::Set {
            id,
            code: signal,
            value,
        },
        Simulation::Unset { id, signal } => return unset(&config, id, signal, json).await,
        Simulation::Delete { id, yes } => {
            confirm(&id, "state", yes)?;
            ask(&config, SimulationRequest::Delete { id }).await?;
            println!("Deleted. Connections to it are told that the account has it no longer.");
            return Ok(());
        }
        Simulation::Scenario { app, command } => {
            return scenario(&config, app, command, json).await;
        }
    };
    let answer = ask(&config, request).await?;
    if json {
        println!("{answer}");
    } else {
        print!("{}", for_people(&read(answer)?));
    }
    Ok(())
}

impl From<NewSimulation> for NewCar {
    fn from(new: NewSimulation) -> Self {
        let latency = new.realistic.then(|| "realistic".to_owned());
        Self {
            application: new.app,
            make: new.make,
            model: new.model,
            year: new.year,
            powertrain: new.powertrain,
            vin: new.vin,
            name: new.name,
            country: new.country,
            city: new.city,
            scenario: new.scenario,
            latency,
            stateless: new.stateless,
            play: new.play,
        }
    }
}

async fn ask(config: &Config, simulation: SimulationRequest) -> anyhow::Result<Value> {
    admin::carry_out(config, &Request::Simulation { simulation }).await
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> anyhow::Result<T> {
    serde_json::from_value(answer).context("the server's answer is not understood")
}

fn for_people(car: &SimulationView) -> String {
    let rows = [
        ("Name", car.name.clone()),
        ("Id", car.id.clone()),
        ("Vehicle", car.vehicle_id.clone()),
        (
            "Car",
            format!("{} {} {}, {}", car.year, car.make, car.model, car.powertrain),
        ),
        ("VIN", car.vin.clone()),
        (
            "Login",
            format!("{}  {}  ({}, {})", car.username, car.password, car.make, car.country),
        ),
        ("Trip", format!("{} in {}", car.scenario, car.city)),
        (
            "Stage",
            format!("{} ({}), {}", car.stage.index, car.stage.name, car.status),
        ),
        ("Speed", format!("{}x", car.speed)),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        let _ = writeln!(text, "{name:<9}{value}");
    }
    if car.status == "created" {
        let _ = writeln!(text, "Its trip begins with: carport simulation play {}", car.id);
    }
    text
}

async fn list(config: &Config, application: Option<String>, json: bool) -> anyhow::Result<()> {
    let answer = ask(config, SimulationRequest::List { application }).await?;
    if json {
        println!("{answer}");
        return Ok(());
    }
    let cars: Vec<SimulationView> = read(answer)?;
    if cars.is_empty() {
        eprintln!("No simulated car yet. Make one with `carport simulation create --powertrain BEV --play`.");
    }
    for car in cars {
        println!("{}  {}  {}: {}", car.id, car.name, car.status, car.stage.name);
    }
    Ok(())
}

async fn signals(config: &Config, id: String, json: bool) -> anyhow::Result<()> {
    let answer = ask(config, SimulationRequest::Signals { id }).await?;
    if json {
        println!("{answer}");
        return Ok(());
    }
    let view: SignalsView = read(answer)?;
    println!("As of {}", view.measured_at);
    for (code, signal) in view.signals {
        let mark = if signal.is_set { "  (set)" } else { "" };
        println!("{code:<50} {}{mark}", signal.value);
    }
    Ok(())
}

async fn unset(config: &Config, id: String, code: String, json: bool) -> anyhow::Result<()> {
    let answer = ask(config, SimulationRequest::Unset { id, code }).await?;
    if json {
        println!("{answer}");
    } else if answer["unset"] == true {
        println!("Taken back. The signal follows the trip again.");
    } else {
        println!("It was not set.");
    }
    Ok(())
}

async fn scenario(
    config: &Config,
    application: Option<String>,
    command: Scenario,
    json: bool,
) -> anyhow::Result<()> {
    let request = match &command {
        Scenario::Add { file } => ScenarioRequest::Add {
            text: text_of(file)?,
        },
        Scenario::List => ScenarioRequest::List,
        Scenario::Show { id } => ScenarioRequest::Show { id: id.clone() },
        Scenario::Delete { id } => ScenarioRequest::Delete { id: id.clone() },
    };
    let request = SimulationRequest::Scenario {
        application,
        scenario: request,
    };
    let answer = ask(config, request).await?;
    if json {
        println!("{answer}");
        return Ok(());
    }
    match command {
        Scenario::Add { .. } => println!("Added. Cars follow it by the name {}.", answer["id"]),
        Scenario::Delete { .. } => println!("Deleted."),
        Scenario::Show { .. } => {
            let view: ScenarioView = read(answer)?;
            match &view.text {
                Some(text) => println!("{}", text.trim_end()),
                None => println!("{}\n\n{}", row(&view), view.stages.join("\n")),
            }
        }
        Scenario::List => {
            for view in read::<Vec<ScenarioView>>(answer)? {
                println!("{}", row(&view));
            }
        }
    }
    Ok(())
}

fn row(view: &ScenarioView) -> String {
    format!("{:<20} {}", view.id, view.about)
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

//! `carport simulation`: simulated cars, and the scenarios they live through.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use carport_management_api::simulator::cars::{CarChange, NewCar};
use carport_management_api::simulator::scenarios::ScenarioView;
use carport_management_api::simulator::view::{SignalsView, SimulationView};
use carport_simulator::import::Format;
use carport_simulator::import::recording::scenario_from;
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
        Simulation::Record { id, file, step } => return record(&config, id, &file, step).await,
        Simulation::Replay {
            file,
            name,
            app,
            print,
        } => {
            let text = replayed(&file, name)?;
            if print {
                print!("{text}");
                return Ok(());
            }
            let add = ScenarioRequest::Add { text };
            let added = ask_scenario(&config, app, add).await?;
            return told_id(&added, json);
        }
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
            format!(
                "{} {} {}, {}",
                car.year, car.make, car.model, car.powertrain
            ),
        ),
        ("VIN", car.vin.clone()),
        (
            "Login",
            format!(
                "{}  {}  ({}, {})",
                car.username, car.password, car.make, car.country
            ),
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
        let _ = writeln!(
            text,
            "Its trip begins with: carport simulation play {}",
            car.id
        );
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
        eprintln!(
            "No simulated car yet. Make one with `carport simulation create --powertrain BEV --play`."
        );
    }
    for car in cars {
        println!(
            "{}  {}  {}: {}",
            car.id, car.name, car.status, car.stage.name
        );
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
    let answer = ask_scenario(config, application, request).await?;
    if json {
        println!("{answer}");
        return Ok(());
    }
    match command {
        Scenario::Add { .. } => told_id(&answer, false)?,
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

async fn ask_scenario(
    config: &Config,
    application: Option<String>,
    scenario: ScenarioRequest,
) -> anyhow::Result<Value> {
    let request = SimulationRequest::Scenario {
        application,
        scenario,
    };
    ask(config, request).await
}

fn told_id(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
    } else {
        let id = answer["id"]
            .as_str()
            .context("the server's answer is not understood")?;
        println!("Added. Cars follow it with: carport simulation change ID --scenario {id}");
    }
    Ok(())
}

async fn record(config: &Config, id: String, file: &Path, step: u64) -> anyhow::Result<()> {
    let is_printed = file == Path::new("-");
    let format = match file.extension().and_then(|end| end.to_str()) {
        Some(end) => end.to_owned(),
        None => "csv".to_owned(),
    };
    let request = SimulationRequest::Record { id, format, step };
    let answer = ask(config, request).await?;
    let text = answer["text"]
        .as_str()
        .context("the server's answer is not understood")?;
    if is_printed {
        print!("{text}");
        return Ok(());
    }
    std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    eprintln!("Recorded in {}.", file.display());
    Ok(())
}

/// The scenario that a recorded day makes.
fn replayed(file: &Path, name: Option<String>) -> anyhow::Result<String> {
    let shown = file.display();
    let format = file.to_str().and_then(Format::of_name);
    let format =
        format.with_context(|| format!("{shown} is no recording; name it .csv or .gpx"))?;
    let stem = || {
        file.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let name = name.unwrap_or_else(stem);
    scenario_from(&text_of(file)?, format, &name).with_context(|| shown.to_string())
}

fn row(view: &ScenarioView) -> String {
    format!("{:<20} {}", view.id, view.about)
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

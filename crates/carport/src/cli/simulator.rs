//! What steers a `dev` server and its simulated cars: `carport clock`, `simulation` and `fault`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `carport clock`.
#[derive(Debug, Args)]
pub struct ClockCommand {
    /// What to do.
    #[command(subcommand)]
    pub command: Clock,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What can be done with the clock.
#[derive(Debug, Subcommand)]
pub enum Clock {
    /// Show it
    Show,
    /// Make it stand
    Freeze,
    /// Move it forward to an instant; what falls due by then is done when this returns
    Set {
        /// ISO 8601, such as 2026-03-01T08:15:30Z
        instant: String,
    },
    /// Move it forward by a length of time; what falls due by then is done when this returns
    Advance {
        /// 90s, 2h, 1h30m, 7d, P1D, or a number of seconds
        #[arg(allow_hyphen_values = true)]
        duration: String,
    },
    /// Make it run slower or faster from now on; a stopped one once it is resumed
    Speed {
        /// 0.1 to 3600; 1 is real time
        #[arg(allow_negative_numbers = true)]
        factor: String,
    },
    /// Let it run on from where it stands
    Resume,
}

/// `carport simulation`.
#[derive(Debug, Args)]
pub struct SimulationCommand {
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Simulation,
}

/// What can be done with simulated cars.
#[derive(Debug, Subcommand)]
pub enum Simulation {
    /// Make a simulated car, and print the login that Connect takes for it in simulated mode
    Create(NewSimulation),
    /// List the simulated cars of an application, the newest first
    List {
        /// Client id [default: that of the dev server, or the only application]
        #[arg(long, value_name = "ID")]
        app: Option<String>,
    },
    /// Show a car
    Show {
        /// Id of the car
        id: String,
        /// Show everything it says instead
        #[arg(long)]
        signals: bool,
    },
    /// Let the trip of a car begin, or go on
    Play {
        /// Id of the car
        id: String,
    },
    /// Let the trip stand still; a paused car keeps its values and cannot be commanded
    Pause {
        /// Id of the car
        id: String,
    },
    /// Let the trip begin anew, and forget what commands changed
    Restart {
        /// Id of the car
        id: String,
    },
    /// Let the trip go on from the beginning of a stage
    Jump {
        /// Id of the car
        id: String,
        /// Number of the stage, from 0, or its name
        stage: String,
    },
    /// Let the trip run faster than the clock
    Speed {
        /// Id of the car
        id: String,
        /// 1 to 3600
        #[arg(allow_negative_numbers = true)]
        factor: i64,
    },
    /// Change a car
    Change(ChangeSimulation),
    /// Set a signal by hand; it stays so until it is unset, or a command sets it
    Set {
        /// Id of the car
        id: String,
        /// Code of the signal, such as odometer-traveleddistance
        #[arg(value_name = "CODE")]
        signal: String,
        /// JSON in the canonical unit, or a word
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Let a signal follow the trip again
    Unset {
        /// Id of the car
        id: String,
        /// Code of the signal
        #[arg(value_name = "CODE")]
        signal: String,
    },
    /// Write one round of a car's trip to a file: all of it as .csv, where it was when as .gpx, the
    /// line alone as .geojson
    Record {
        /// Id of the car
        id: String,
        /// File to write: .csv, .gpx or .geojson; - prints CSV
        file: PathBuf,
        /// Seconds between two rows
        #[arg(long, default_value_t = 10, value_name = "SECONDS")]
        step: u64,
    },
    /// Make a scenario of a recorded day (CSV or GPX) and add it, for cars to live it again
    Replay {
        /// File to read: .csv or .gpx
        file: PathBuf,
        /// Name of the scenario [default: that of the file]
        #[arg(long)]
        name: Option<String>,
        /// Client id [default: that of the dev server, or the only application]
        #[arg(long, value_name = "ID")]
        app: Option<String>,
        /// Print the scenario (TOML) instead of adding it
        #[arg(long)]
        print: bool,
    },
    /// Delete a car; connections to it stay and are told that it is gone
    Delete {
        /// Id of the car
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Scenarios: those that Carport brings, and an application's own
    Scenario {
        /// Client id [default: that of the dev server, or the only application]
        #[arg(long, global = true, value_name = "ID")]
        app: Option<String>,
        /// What to do.
        #[command(subcommand)]
        command: Scenario,
    },
}

/// `carport simulation create`.
#[derive(Debug, Args)]
pub struct NewSimulation {
    /// Client id [default: that of the dev server, or the only application]
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// Brand, such as KIA
    #[arg(long)]
    pub make: Option<String>,
    /// Model, such as EV6
    #[arg(long, requires = "make")]
    pub model: Option<String>,
    /// Model year [default: the latest known]
    #[arg(long, requires = "model")]
    pub year: Option<i32>,
    /// BEV, PHEV, HEV or ICE; alone, or for a model that Carport does not know
    #[arg(long)]
    pub powertrain: Option<String>,
    /// VIN of a real car to be alike; it is not kept
    #[arg(long, conflicts_with_all = ["make", "model", "powertrain"])]
    pub vin: Option<String>,
    /// Name for people [default: brand and model]
    #[arg(long)]
    pub name: Option<String>,
    /// Country of its owner, two letters [default: US]
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// City it lives in [default: one of the country]
    #[arg(long)]
    pub city: Option<String>,
    /// What it lives through [default: day-commute]
    #[arg(long)]
    pub scenario: Option<String>,
    /// Answer as late as cars of the brand usually do
    #[arg(long)]
    pub realistic: bool,
    /// Answer commands without an effect
    #[arg(long)]
    pub stateless: bool,
    /// Let the trip begin at once
    #[arg(long)]
    pub play: bool,
}

/// `carport simulation change`.
#[derive(Debug, Args)]
pub struct ChangeSimulation {
    /// Id of the car
    pub id: String,
    /// Name for people
    #[arg(long)]
    pub name: Option<String>,
    /// What it lives through, from the beginning
    #[arg(long)]
    pub scenario: Option<String>,
    /// Where it lives through it, from the beginning
    #[arg(long)]
    pub city: Option<String>,
    /// ideal or realistic
    #[arg(long)]
    pub latency: Option<String>,
    /// Whether commands are answered without an effect: true or false
    #[arg(long)]
    pub stateless: Option<bool>,
}

/// `carport simulation scenario`.
#[derive(Debug, Subcommand)]
pub enum Scenario {
    /// Add a scenario of the application's own
    Add {
        /// TOML file
        file: PathBuf,
    },
    /// List the scenarios
    List,
    /// Show a scenario; an own one as it was written
    Show {
        /// Its id
        id: String,
    },
    /// Delete an own scenario that no car follows
    Delete {
        /// Its id
        id: String,
    },
}

/// `carport fault`.
#[derive(Debug, Subcommand)]
pub enum Fault {
    /// Add a rule and print its id, which answers that it had a part in carry as sc-carport-fault
    Add(Box<AddFault>),
    /// List the rules in the order in which they are asked: effect, requests, how often
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a rule
    Remove {
        /// Such as fault-1
        id: String,
    },
    /// Remove all rules
    Clear,
}

/// A rule: what goes wrong, with which requests, how often.
#[derive(Debug, Args)]
pub struct AddFault {
    /// What goes wrong.
    #[command(flatten)]
    pub kind: FaultKind,
    /// When the answer says to come back
    #[arg(long, value_name = "DURATION")]
    pub retry_after: Option<String>,
    /// Requests of one application alone
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// Requests about one vehicle alone
    #[arg(long, value_name = "ID")]
    pub vehicle: Option<String>,
    /// Requests to one route alone, such as /odometer or /oauth/token
    #[arg(long, value_name = "PATH")]
    pub route: Option<String>,
    /// Requests of one method alone, such as GET
    #[arg(long)]
    pub method: Option<String>,
    /// How many such requests go well first
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub after: Option<i64>,
    /// With how many it goes wrong at most
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub times: Option<i64>,
    /// How probable it is each time, above 0 to 1
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    pub probability: Option<f64>,
    /// What chance is drawn from: the same seed gives the same sequence
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// From when on, by the server's clock: an instant, or a length of time from now
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What goes wrong: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct FaultKind {
    /// An error of the vehicle API: type and code, such as `VEHICLE_STATE/ASLEEP`
    #[arg(long, value_name = "TYPE/CODE")]
    pub error: Option<String>,
    /// A refusal of the token endpoint, such as `invalid_grant`
    #[arg(long, value_name = "ERROR")]
    pub oauth: Option<String>,
    /// 429 `RATE_LIMIT/VEHICLE` with this retry-after
    #[arg(long, value_name = "DURATION", num_args = 0..=1, default_missing_value = "1m")]
    pub rate_limit: Option<String>,
    /// A late answer: 2s, 1s..3s (uniform), normal:2s,500ms (mean, deviation) or exponential:2s
    #[arg(long, value_name = "DURATION")]
    pub latency: Option<String>,
    /// Readings that are older than they are
    #[arg(long, value_name = "DURATION")]
    pub stale: Option<String>,
    /// A connection that is cut instead of the answer
    #[arg(long)]
    pub drop: bool,
    /// A body that comes at so many bytes a second
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    pub slow_body: Option<i64>,
}

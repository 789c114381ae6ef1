//! The command line. Source: contract cli.

mod app;
mod app_settings;
mod logs;
mod owner;
mod simulator;
mod user;
mod vehicle;

use std::net::SocketAddr;
use std::path::PathBuf;

use carport_model::Mode;
use carport_model::exports::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::original_hosts::Wanted;
pub use app::{App, AppSecret, MachineCredential, RedirectUri};
pub use app_settings::{
    AccessArgs, AppSettings, AppearanceArgs, BrandsArgs, CountriesArgs, SecurityArgs, Switch,
};
pub use logs::{Log, Overview, Page, Status};
pub use owner::Owner;
pub use simulator::{
    AddFault, Clock, ClockCommand, Fault, FaultKind, NewSimulation, Scenario, Simulation,
    SimulationCommand,
};
pub use user::User;
pub use vehicle::Vehicle;

/// An open, self-hosted connected-car platform: owners consent, applications read cars, whatever
/// the brand.
#[derive(Debug, Parser)]
#[command(name = "carport", version, propagate_version = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command. Precedence: flag, environment, file, default.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file [default: carport.toml in this folder, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for database, key and socket [default: ./carport-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<String>,
    /// Database address, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME` [default: in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Log filter: error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL")]
    pub log_level: Option<String>,
}

/// Where a server listens.
#[derive(Debug, Clone, Default, Args)]
#[expect(
    clippy::struct_field_names,
    reason = "the flag is called as the contract calls it"
)]
pub struct Listen {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:2277]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Address under which browsers and SDKs reach the server [default: http://localhost:{port}]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Print one line of JSON when requests are being accepted, and nothing else
    #[arg(long)]
    pub json: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a seeded server and the tutorial application: no account, no configuration
    Dev(Dev),
    /// Start the production server
    Serve(Serve),
    /// Run a command against a dev server of its own, with the environment of every SDK set
    Exec(Exec),
    /// Print the environment that leads an SDK here, for eval "$(carport env node)"
    Env(Env),
    /// Register and change applications
    #[command(subcommand)]
    App(App),
    /// Make, list and change accounts of the Dashboard
    #[command(subcommand)]
    User(User),
    /// See, take back, export and erase what owners of cars gave, as on their page
    #[command(subcommand)]
    Owner(Owner),
    /// List, search, show and disconnect connected vehicles
    #[command(subcommand)]
    Vehicle(Vehicle),
    /// Look at answered requests, runs through Connect and the audit log
    #[command(subcommand)]
    Log(Log),
    /// Tell how many requests there were, how they were answered, and how many vehicles are connected
    Overview(Overview),
    /// Make, list and delete webhooks, to which vehicles are subscribed by API; nothing is delivered yet
    #[command(subcommand)]
    Webhook(Webhook),
    /// Consent without a browser and print the redirect URL with its code (test and simulated mode)
    Connect(Connect),
    /// Make, drive and look at simulated cars
    Simulation(SimulationCommand),
    /// Show, stop, hurry or move forward the clock of a running dev server
    Clock(ClockCommand),
    /// Make requests go wrong on demand: errors, latency, stale data, cut connections
    #[command(subcommand)]
    Fault(Fault),
    /// Look after the database
    #[command(subcommand)]
    Db(Db),
    /// Print an OpenAPI 3.1 document
    Openapi {
        /// Which API
        api: Api,
    },
    /// Check configuration, storage, clock and addresses
    Doctor {
        /// Print the findings as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// The APIs that have a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Api {
    /// Vehicle API v2.0
    V2,
    /// Management API v2.0
    Management,
    /// Applications, v3
    Applications,
    /// Control API of simulated cars and dev servers
    Simulator,
}

/// `carport dev`.
#[derive(Debug, Clone, Default, Args)]
pub struct Dev {
    /// Where the server listens.
    #[command(flatten)]
    pub listen: Listen,
    /// Every id, secret and value is the same on every run with the same seed
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Port of the tutorial application; 0 takes a free one
    #[arg(long, default_value_t = 8000, value_name = "N")]
    pub tutorial_port: u16,
    /// Do not start the tutorial application
    #[arg(long)]
    pub no_tutorial: bool,
    /// The original hosts.
    #[command(flatten)]
    pub hosts: Hosts,
}

/// The original hosts, of `dev` and `exec`.
#[derive(Debug, Clone, Default, Args)]
pub struct Hosts {
    /// Answer under Smartcar's own host names too, for programs that have them built in: over TLS on
    /// this loopback address [127.0.0.2:443; exec: a free port], and by a proxy that leads there.
    /// Changes nothing on this machine
    #[expect(clippy::option_option, reason = "absent, without a value, with one")]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, require_equals = true)]
    pub original_hosts: Option<Option<SocketAddr>>,
    /// Port of that proxy; 0 takes a free one [default: 2278; exec: a free one]
    #[arg(long, value_name = "N", requires = "original_hosts")]
    pub hosts_proxy_port: Option<u16>,
}

impl Hosts {
    /// What is wanted, with defaults for what was not said; `None` without the flag.
    #[must_use]
    pub fn wanted(&self, default: Wanted) -> Option<Wanted> {
        self.original_hosts.map(|address| Wanted {
            address: address.unwrap_or(default.address),
            proxy_port: self.hosts_proxy_port.unwrap_or(default.proxy_port),
        })
    }
}

/// `carport serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where the server listens.
    #[command(flatten)]
    pub listen: Listen,
    /// IP addresses of the proxies that terminate TLS in front of the server, separated by commas
    #[arg(long, value_name = "IPS")]
    pub trusted_proxies: Option<String>,
    /// Certificate chain (PEM) for TLS on the listener
    #[arg(long, value_name = "FILE")]
    pub tls_cert: Option<String>,
    /// Private key (PEM) for TLS on the listener
    #[arg(long, value_name = "FILE")]
    pub tls_key: Option<String>,
}

/// `carport exec`.
#[derive(Debug, Clone, Args)]
pub struct Exec {
    /// Seed of the server
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// The original hosts.
    #[command(flatten)]
    pub hosts: Hosts,
    /// The command and its arguments, after --
    #[arg(required = true, last = true, value_name = "CMD")]
    pub command: Vec<String>,
}

/// `carport env`.
#[derive(Debug, Clone, Args)]
pub struct Env {
    /// Language of the SDK: node, python, java, ruby, go or rust
    #[arg(value_name = "LANG")]
    pub language: Language,
    /// Application [default: the one of the dev server]
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// Client secret; - reads it from standard input
    #[arg(long, value_name = "SECRET")]
    pub secret: Option<String>,
    /// Print one JSON object instead of shell lines
    #[arg(long)]
    pub json: bool,
}

/// `carport webhook`. Delivery is not built yet: a webhook is a record that vehicles can be
/// subscribed to.
#[derive(Debug, Subcommand)]
pub enum Webhook {
    /// Make a webhook and print its id, which vehicles are subscribed to by API. Nothing is
    /// delivered to its address yet
    Create {
        /// Client id
        #[arg(long, value_name = "ID")]
        app: String,
        /// Name for people
        #[arg(long)]
        name: String,
        /// Where vehicle data is to go, once delivery is built
        #[arg(long, value_name = "URI")]
        callback_uri: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the webhooks with the number of vehicles subscribed to each
    List {
        /// Those of one application
        #[arg(long, value_name = "ID")]
        app: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete a webhook with its subscriptions
    Delete {
        /// Webhook id
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `carport connect`.
#[derive(Debug, Clone, Args)]
pub struct Connect {
    /// Simulated car whose owner consents; application, brand, login and mode follow from it
    #[arg(
        long,
        value_name = "ID",
        conflicts_with_all = ["app", "brand", "user", "password", "country", "mode"]
    )]
    pub simulation: Option<String>,
    /// Client id
    #[arg(long, value_name = "ID", required_unless_present = "simulation")]
    pub app: Option<String>,
    /// Brand, such as CHEVROLET
    #[arg(long, required_unless_present = "simulation")]
    pub brand: Option<String>,
    /// Login; test logins make things happen, those of simulated cars open them
    #[arg(long, default_value = "owner@example.net", value_name = "EMAIL")]
    pub user: String,
    /// Password of the login; any will do for a login of no simulated car
    #[arg(long)]
    pub password: Option<String>,
    /// Country of the owner, two letters [default: one where the brand is offered]
    #[arg(long, value_name = "CC")]
    pub country: Option<String>,
    /// Permissions, separated by spaces [default: those of the application]
    #[arg(long)]
    pub scope: Option<String>,
    /// test or simulated
    #[arg(long, default_value = "test")]
    pub mode: Mode,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport db`.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Bring the schema up to date
    Migrate,
    /// Check structure and references without changing anything
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a consistent copy to FILE, also while a server runs (SQLite); the request log, log.db,
    /// is not part of it
    Backup {
        /// File to write; must not exist
        file: PathBuf,
    },
}

/// `carport config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with its origin; secrets are starred
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Read the configuration and say whether it can be used
    Check,
    /// Print a commented carport.toml with every default
    Default,
}

impl Global {
    /// The flags as settings.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        given([
            ("data", &self.data),
            ("database", &self.database),
            ("log.level", &self.log_level),
        ])
    }
}

impl Listen {
    /// The flags as settings.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        given([("listen", &self.listen), ("public_url", &self.public_url)])
    }
}

impl Serve {
    /// The flags as settings.
    #[must_use]
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = self.listen.settings();
        settings.extend(given([
            ("trusted_proxies", &self.trusted_proxies),
            ("tls_cert", &self.tls_cert),
            ("tls_key", &self.tls_key),
        ]));
        settings
    }
}

fn given<const N: usize>(
    flags: [(&'static str, &Option<String>); N],
) -> Vec<(&'static str, String)> {
    flags
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.clone()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn help_of_every_level() {
        Cli::command().debug_assert();
        let mut text = String::new();
        let mut command = Cli::command();
        command.build();
        render(&mut command, &mut text);
        insta::assert_snapshot!(text);
    }

    fn render(command: &mut clap::Command, text: &mut String) {
        let mut wide = command.clone().term_width(100);
        let help = wide.render_long_help();
        text.push_str(&format!("==== {}\n{help}\n", wide.get_name()));
        for sub in command.get_subcommands_mut() {
            if sub.get_name() != "help" {
                render(sub, text);
            }
        }
    }
}

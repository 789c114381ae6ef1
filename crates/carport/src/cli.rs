//! The command line. Source: contract cli.

mod app_settings;
mod simulator;

use std::net::SocketAddr;
use std::path::PathBuf;

use carport_model::exports::Language;
use carport_model::{Mode, Role};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::original_hosts::Wanted;
pub use app_settings::{
    AccessArgs, AppSettings, AppearanceArgs, BrandsArgs, CountriesArgs, SecurityArgs, Switch,
};
pub use simulator::{
    AddFault, Clock, ClockCommand, Fault, FaultKind, NewSimulation, Scenario, Simulation,
    SimulationCommand,
};

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

/// `carport app`.
#[derive(Debug, Subcommand)]
pub enum App {
    /// Register an application; its secrets are printed once
    Create {
        /// Name that owners read in Connect
        #[arg(long)]
        name: String,
        /// Where Connect may send owners back to; the first is the default
        #[arg(long = "redirect-uri", value_name = "URI")]
        redirect_uris: Vec<String>,
        /// Without a secret, for phones and browsers: PKCE is required
        #[arg(long)]
        public: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the applications
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one application
    Show {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change the name that owners read in Connect
    Rename {
        /// Client id
        id: String,
        /// The new name
        name: String,
    },
    /// Change the description or the link to the privacy policy; an empty text takes it away
    #[command(group = clap::ArgGroup::new("texts").required(true).multiple(true))]
    Describe {
        /// Client id
        id: String,
        /// One sentence for your own list of applications
        #[arg(long, value_name = "TEXT", group = "texts")]
        description: Option<String>,
        /// Link that owners find in Connect
        #[arg(long, value_name = "URL", group = "texts")]
        privacy_url: Option<String>,
    },
    /// Make a new client secret; the old ones go on working for a while
    RotateSecret {
        /// Client id
        id: String,
        /// Hours the old secrets go on working
        #[arg(long, default_value_t = 24, value_name = "HOURS")]
        overlap: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new management token; the old one stops working at once, webhooks included
    RotateToken {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the management token
    ShowToken {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List and revoke client secrets
    #[command(subcommand)]
    Secret(AppSecret),
    /// Make, list and remove the credentials of programs (API v3)
    #[command(subcommand)]
    MachineCredential(MachineCredential),
    /// Change the redirect URIs
    #[command(subcommand)]
    RedirectUri(RedirectUri),
    #[command(flatten)]
    Settings(AppSettings),
    /// Refuse an application's calls of the vehicle API (430 BILLING) until it is resumed; its
    /// tokens and connections stay, and Connect and the token endpoint go on
    Suspend {
        /// Client id
        id: String,
    },
    /// Take an application's calls again
    Resume {
        /// Client id
        id: String,
    },
    /// Let Connect, the token endpoint and both APIs know an application again
    Enable {
        /// Client id
        id: String,
    },
    /// Let Connect, the token endpoint and both APIs forget an application until it is enabled; its
    /// connections stay
    Disable {
        /// Client id
        id: String,
    },
    /// Delete an application with its users, connections and tokens
    Delete {
        /// Client id
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// `carport app redirect-uri`.
#[derive(Debug, Subcommand)]
pub enum RedirectUri {
    /// Add an address
    Add {
        /// Client id
        id: String,
        /// The address, compared letter by letter; docs/guide/browser-sdk.md tells that of the
        /// browser SDK
        uri: String,
    },
    /// Remove an address; when it was the default, the next one becomes it
    Remove {
        /// Client id
        id: String,
        /// The address
        uri: String,
    },
    /// Make an address the one that Connect uses when a link names none
    Default {
        /// Client id
        id: String,
        /// The address
        uri: String,
    },
}

/// `carport app secret`.
#[derive(Debug, Subcommand)]
pub enum AppSecret {
    /// List the client secrets that work: id, last characters, when made, when they end
    List {
        /// Client id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a client secret at once
    Revoke {
        /// Client id
        id: String,
        /// Id of the secret, as `carport app secret list` shows it
        secret: String,
    },
}

/// `carport app machine-credential`.
#[derive(Debug, Subcommand)]
pub enum MachineCredential {
    /// Make a secret, and before the first one the client id; printed once
    Add {
        /// Client id of the application
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the client id and its secrets: id, last characters, when made
    List {
        /// Client id of the application
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a secret at once; with the last one the client id goes too
    Remove {
        /// Client id of the application
        id: String,
        /// Id of the secret, as `carport app machine-credential list` shows it
        secret: String,
    },
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

/// `carport user`.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Make an account; the password is asked on the terminal or read from standard input
    Create {
        /// E-mail to sign in with
        #[arg(long)]
        email: String,
        /// Name that the team reads
        #[arg(long)]
        name: Option<String>,
        /// owner, admin, editor or viewer [default: owner for the first account, viewer for others]
        #[arg(long)]
        role: Option<Role>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List accounts
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an account another role
    Role {
        /// E-mail of the account
        email: String,
        /// owner, admin, editor or viewer
        role: Role,
        /// Limit an editor or viewer to this application; may be given several times
        #[arg(long = "app", value_name = "ID")]
        applications: Vec<String>,
    },
    /// Remove an account; it is signed out everywhere
    Remove {
        /// E-mail of the account
        email: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Print a link that sets a new password, once
    ResetLink {
        /// E-mail of the account
        email: String,
    },
    /// Print a link that signs in without password and second factor, once
    SignInLink {
        /// E-mail of the account
        email: String,
    },
    /// Turn the second factor of an account off, for when app and recovery codes are lost
    DisableTotp {
        /// E-mail of the account
        email: String,
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

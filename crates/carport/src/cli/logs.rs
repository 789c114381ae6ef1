//! The arguments of `carport log` and `carport overview`.

use clap::{Args, Subcommand, ValueEnum};

/// `carport log`.
#[derive(Debug, Subcommand)]
pub enum Log {
    /// List answered requests, the newest first
    Requests(Requests),
    /// List runs through Connect, the newest first
    Runs(Runs),
    /// Show a run through Connect step by step
    Run {
        /// Its id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List who changed which credential, redirect, role or grant, the newest first
    Audit(Audit),
}

/// What every list takes.
#[derive(Debug, Clone, Args)]
pub struct Page {
    /// Of one application
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// From this time on: 2026-03-01, 2026-03-01T10:00 (UTC), or how long ago, such as 2h or 7d
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Before this time; the time of the last line shown gives the next ones
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport log requests`.
#[derive(Debug, Clone, Args)]
pub struct Requests {
    /// The one with this id, which answers carry as sc-request-id
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// About one vehicle
    #[arg(long, value_name = "ID")]
    pub vehicle: Option<String>,
    /// With such a status
    #[arg(long)]
    pub status: Option<Status>,
    /// With this method
    #[arg(long)]
    pub method: Option<String>,
    /// With this in the pattern of the route
    #[arg(long, value_name = "TEXT")]
    pub path: Option<String>,
    /// With this error: its type, its code, or TYPE:CODE
    #[arg(long, value_name = "NAME")]
    pub error: Option<String>,
    /// That took this long or longer, such as 200ms
    #[arg(long, value_name = "LENGTH")]
    pub slower_than: Option<String>,
    /// Which of them.
    #[command(flatten)]
    pub page: Page,
}

/// Statuses that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    /// 400 to 599
    Errors,
    /// 200 to 299
    #[value(name = "2xx")]
    Done,
    /// 300 to 399
    #[value(name = "3xx")]
    Elsewhere,
    /// 400 to 499
    #[value(name = "4xx")]
    Wrong,
    /// 500 to 599
    #[value(name = "5xx")]
    Failed,
}

impl Status {
    /// The lowest and the highest.
    #[must_use]
    pub const fn range(self) -> (u16, u16) {
        match self {
            Self::Errors => (400, 599),
            Self::Done => (200, 299),
            Self::Elsewhere => (300, 399),
            Self::Wrong => (400, 499),
            Self::Failed => (500, 599),
        }
    }
}

/// `carport log runs`.
#[derive(Debug, Clone, Args)]
pub struct Runs {
    /// test, simulated or live
    #[arg(long, default_value = "")]
    pub mode: String,
    /// Brand, such as CHEVROLET
    #[arg(long, default_value = "")]
    pub brand: String,
    /// Owner, by the id that the link gave them
    #[arg(long, default_value = "", value_name = "ID")]
    pub owner: String,
    /// How it ended: granted, open, expired, or the error that the redirect carried
    #[arg(long, default_value = "", value_name = "NAME")]
    pub ending: String,
    /// Which of them.
    #[command(flatten)]
    pub page: Page,
}

/// `carport log audit`.
#[derive(Debug, Clone, Args)]
pub struct Audit {
    /// By one actor: client, operator, owner, or member and an id
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// Of one action, such as secret.rotated
    #[arg(long, value_name = "NAME")]
    pub action: Option<String>,
    /// Which of them.
    #[command(flatten)]
    pub page: Page,
}

/// `carport overview`.
#[derive(Debug, Clone, Args)]
pub struct Overview {
    /// Of one application
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// Print days of the last month instead of hours of the last day
    #[arg(long)]
    pub month: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

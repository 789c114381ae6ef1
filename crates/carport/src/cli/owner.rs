//! The arguments of `carport owner`.

use std::path::PathBuf;

use carport_model::{Permission, Precision};
use clap::Subcommand;

/// `carport owner`.
#[derive(Debug, Subcommand)]
pub enum Owner {
    /// List which applications reach which cars, and what they may do
    Show {
        /// Login of the owner at their car's brand
        login: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take access back: an application's, or of it one car, or of that one permission
    Revoke {
        /// Login of the owner
        login: String,
        /// The application
        #[arg(long, value_name = "ID", required_unless_present = "vehicle")]
        app: Option<String>,
        /// The car, as the application knows it
        #[arg(long, value_name = "ID", conflicts_with = "app")]
        vehicle: Option<String>,
        /// The permission; the rest stays
        #[arg(
            long,
            value_name = "NAME",
            requires = "vehicle",
            conflicts_with = "app"
        )]
        permission: Option<Permission>,
    },
    /// Say how exactly an application may know where a car is
    Location {
        /// Login of the owner
        login: String,
        /// The car, as the application knows it
        #[arg(long, value_name = "ID")]
        vehicle: String,
        /// exact, 1km or 10km
        precision: Precision,
    },
    /// Write everything that is kept of an owner, as JSON
    Export {
        /// Login of the owner
        login: String,
        /// The file; standard output without it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Erase everything that is kept of an owner; every application loses their cars
    Erase {
        /// Login of the owner
        login: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

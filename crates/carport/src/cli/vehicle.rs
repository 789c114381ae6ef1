//! The arguments of `carport vehicle`.

use carport_model::{Mode, Permission};
use clap::Subcommand;

/// `carport vehicle`.
#[derive(Debug, Subcommand)]
pub enum Vehicle {
    /// List connected vehicles, the newest connection first
    List {
        /// Of one application
        #[arg(long, value_name = "ID")]
        app: Option<String>,
        /// test, simulated or live
        #[arg(long)]
        mode: Option<Mode>,
        /// Of one make, such as CHEVROLET
        #[arg(long)]
        make: Option<String>,
        /// With this permission
        #[arg(long, value_name = "NAME")]
        permission: Option<Permission>,
        /// An id of a vehicle or an owner, a VIN that may be read, an external id, or part of make and
        /// model
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// How many at most
        #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show who is connected to a vehicle, and what each was granted
    Show {
        /// Its id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End every connection to a vehicle; its owners' tokens end with their last one
    Disconnect {
        /// Its id
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

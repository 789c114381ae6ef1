//! What owners see of an application: `carport app access`, `brands`, `countries`, `appearance` and
//! `security`. Without options each shows what is set.

use std::path::PathBuf;

use carport_model::Engine;
use clap::{Args, Subcommand, ValueEnum};

/// Settings that owners notice in Connect.
#[derive(Debug, Subcommand)]
pub enum AppSettings {
    /// Show or set what Connect asks owners for when a link names no scope
    Access(AccessArgs),
    /// Show or choose the brands that Connect lists and the cars that may be connected
    Brands(BrandsArgs),
    /// Show or choose the countries that owners can choose from
    Countries(CountriesArgs),
    /// Show or set how Connect looks for an application
    Appearance(AppearanceArgs),
    /// Show or set PKCE, iss, the meaning of required:, and the pages that may use the browser SDK
    Security(SecurityArgs),
}

/// `carport app access`.
#[derive(Debug, Args)]
pub struct AccessArgs {
    /// Client id
    pub id: String,
    /// Permissions with a space between them, those that owners cannot untick with required: before
    /// them; empty for none. Changes new connections only
    #[arg(long, value_name = "SCOPE")]
    pub scope: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport app brands`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub struct BrandsArgs {
    /// Client id
    pub id: String,
    /// List this brand; may be repeated, and replaces the brands that were listed before
    #[arg(long = "list", value_name = "BRAND", conflicts_with = "all")]
    pub listed: Vec<String>,
    /// List every brand
    #[arg(long)]
    pub all: bool,
    /// List brands that sell such cars only: ICE, BEV or PHEV; may be repeated
    #[arg(long = "selling", value_name = "KIND", conflicts_with = "selling_any")]
    pub selling: Vec<Engine>,
    /// List brands whatever they sell
    #[arg(long)]
    pub selling_any: bool,
    /// Take such cars only: ICE (hybrids without a plug included), BEV or PHEV; may be repeated
    #[arg(long = "take", value_name = "KIND", conflicts_with = "take_all")]
    pub take: Vec<Engine>,
    /// Take all cars
    #[arg(long)]
    pub take_all: bool,
    /// Whether to take cars of which nobody knows what moves them, beside those of --take
    #[arg(long, value_name = "SWITCH")]
    pub take_unknown: Option<Switch>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport app countries`.
#[derive(Debug, Args)]
pub struct CountriesArgs {
    /// Client id
    pub id: String,
    /// Let owners choose this country, by its code of two letters; may be repeated, and replaces the
    /// countries that were enabled before
    #[arg(long = "enable", value_name = "CODE", conflicts_with = "all")]
    pub enabled: Vec<String>,
    /// Let owners choose every country
    #[arg(long)]
    pub all: bool,
    /// Country that owners find preset
    #[arg(long = "default", value_name = "CODE", conflicts_with = "no_default")]
    pub preset: Option<String>,
    /// Go by the owner's browser instead
    #[arg(long)]
    pub no_default: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport app appearance`.
#[derive(Debug, Args)]
pub struct AppearanceArgs {
    /// Client id
    pub id: String,
    /// Six hex digits; darkened or lightened in Connect until text in it can be read; empty for
    /// Carport's green
    #[arg(long, value_name = "COLOUR")]
    pub accent: Option<String>,
    /// PNG or SVG of at most 256 KiB
    #[arg(long, value_name = "FILE", conflicts_with = "no_logo")]
    pub logo: Option<PathBuf>,
    /// Show the initials instead of a logo
    #[arg(long)]
    pub no_logo: bool,
    /// Plain text on the first page, at most 300 characters; empty for none
    #[arg(long, value_name = "TEXT")]
    pub welcome: Option<String>,
    /// Where owners find help: https:// or mailto:; empty for none
    #[arg(long, value_name = "LINK")]
    pub support: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `carport app security`.
#[derive(Debug, Args)]
pub struct SecurityArgs {
    /// Client id
    pub id: String,
    /// Refuse Connect links without a PKCE challenge; always on for public applications
    #[arg(long, value_name = "SWITCH")]
    pub pkce: Option<Switch>,
    /// Tell in redirects which server answers (RFC 9207)
    #[arg(long, value_name = "SWITCH")]
    pub iss: Option<Switch>,
    /// Call cars incompatible that lack a required permission
    #[arg(long, value_name = "SWITCH")]
    pub strict_required: Option<Switch>,
    /// Let pages of this origin use the browser SDK; may be repeated
    #[arg(long = "add-origin", value_name = "ORIGIN")]
    pub add_origins: Vec<String>,
    /// End that; may be repeated
    #[arg(long = "remove-origin", value_name = "ORIGIN")]
    pub remove_origins: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On
    On,
    /// Off
    Off,
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

//! Simulated cars, and what developers may make happen.

use std::num::NonZeroU64;
use std::path::PathBuf;

use super::{Config, Opt};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "simulator.cars",
        default: "1000",
        doc: "Simulated cars that an application may have.",
        secret: false,
    },
    Opt {
        key: "simulator.files",
        default: "",
        doc: "Folder with folders profiles, cities and scenarios (TOML), each of which may be missing; what they hold adds to or replaces what is built in.",
        secret: false,
    },
    Opt {
        key: "simulator.faults",
        default: "",
        doc: "Whether requests can be made to go wrong on demand: by everyone on dev, on serve by an application for its own requests with its management token. true or false; true for dev alone when empty.",
        secret: false,
    },
    Opt {
        key: "simulator.journal_requests",
        default: "10000",
        doc: "Requests that the journal of a dev server remembers, in memory, for tests to ask about; 0 keeps none. serve keeps none ever.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulator {
    /// Cars of an application.
    pub cars: u64,
    /// Where more profiles, cities and scenarios lie.
    pub files: Option<PathBuf>,
    /// Whether there are faults on demand, when that was said.
    pub faults: Option<bool>,
    /// Requests that a `dev` server remembers; zero when none.
    pub journal_requests: usize,
}

impl Simulator {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            cars: config.get::<NonZeroU64>("simulator.cars")?.get(),
            files: config.optional("simulator.files")?,
            faults: config.optional("simulator.faults")?,
            journal_requests: config.get("simulator.journal_requests")?,
        })
    }
}

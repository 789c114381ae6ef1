//! How much the server takes on before it turns clients away, and how fast applications may ask.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use anyhow::bail;
use carport_model::Mode;
use carport_vehicle_api::limits::{self, Rate};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Config, Opt, Plan};

/// Options of this section.
pub const OPTIONS: &[Opt] = &[
    Opt {
        key: "limits.connections",
        default: "",
        doc: "Connections that may be open; one more is answered 503 and closed. When empty, three quarters of the files this process may open, 10000 at most.",
        secret: false,
    },
    Opt {
        key: "limits.requests",
        default: "512",
        doc: "Reads that may be in work at once, and as many changes; one more is answered 503 with Retry-After. A body that is still arriving does not count.",
        secret: false,
    },
    Opt {
        key: "limits.application",
        default: "false",
        doc: "true gives each application a bucket of requests to the vehicle API; when it is empty, 429 RATE_LIMIT/SMARTCAR_API.",
        secret: false,
    },
    Opt {
        key: "limits.application_bucket",
        default: "120",
        doc: "Requests that an application may send at once; each read of a batch is one.",
        secret: false,
    },
    Opt {
        key: "limits.application_refill",
        default: "2",
        doc: "Requests that its bucket gains a minute.",
        secret: false,
    },
    Opt {
        key: "limits.vehicle_requests",
        default: "",
        doc: "Requests for one vehicle in limits.vehicle_seconds, at once or spread; one more is answered 429 RATE_LIMIT/VEHICLE with retry-after. When empty, any number.",
        secret: false,
    },
    Opt {
        key: "limits.vehicle_seconds",
        default: "3600",
        doc: "Time in which a vehicle gains limits.vehicle_requests anew, one by one.",
        secret: false,
    },
    Opt {
        key: "limits.modes",
        default: "live",
        doc: "Modes in which the limits of applications and vehicles, and the plan, count, separated by commas: live, simulated, test.",
        secret: false,
    },
];

/// The section, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Reads in work, and changes in work.
    pub requests: usize,
    /// Requests of an application.
    pub application: Option<Rate>,
    /// Requests for a vehicle.
    pub vehicle: Option<Rate>,
    /// Modes in which those two and the plan count.
    pub modes: Vec<Mode>,
}

/// Most connections that are taken unasked: each may cost up to 64 KiB while its head arrives.
const CONNECTIONS: usize = 10_000;

/// As many open files as are asked for, where the hard limit allows it.
const FILES: u64 = 65_536;

impl Limits {
    /// Reads the section.
    ///
    /// # Errors
    /// Names the option that does not read.
    pub fn read(config: &Config) -> anyhow::Result<Self> {
        let connections: Option<NonZeroUsize> = config.optional("limits.connections")?;
        let bucket = config.get("limits.application_bucket")?;
        let refill = config.get("limits.application_refill")?;
        let application = Rate::new(bucket, refill, Duration::from_mins(1));
        let requests: Option<NonZeroU32> = config.optional("limits.vehicle_requests")?;
        let seconds: NonZeroU32 = config.get("limits.vehicle_seconds")?;
        let period = Duration::from_secs(u64::from(seconds.get()));
        let modes = config.list("limits.modes")?;
        if modes.is_empty() {
            bail!("limits.modes names no mode; name live, simulated or test");
        }
        Ok(Self {
            connections: connections
                .map_or_else(|| connections_for(open_files()), NonZeroUsize::get),
            requests: config.get::<NonZeroUsize>("limits.requests")?.get(),
            application: config
                .get::<bool>("limits.application")?
                .then_some(application),
            vehicle: requests.map(|requests| Rate::new(requests, requests, period)),
            modes,
        })
    }

    /// What the vehicle API is held to.
    #[must_use]
    pub fn of_vehicle_api(self, plan: Plan) -> limits::Limits {
        limits::Limits {
            modes: self.modes,
            application: self.application,
            vehicle: self.vehicle,
            plan: plan.0,
        }
    }
}

/// A quarter of the files is left for the database, the log and whatever else is open.
fn connections_for(files: Option<u64>) -> usize {
    let files = files.map_or(usize::MAX, |files| {
        usize::try_from(files).unwrap_or(usize::MAX)
    });
    (files / 4 * 3).clamp(1, CONNECTIONS)
}

/// How many files this process may open; `None` when nothing limits it. The soft limit, 1,024 on
/// most systems for the sake of old programs, is raised as far as the hard one allows.
fn open_files() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(FILES, |hard| hard.min(FILES));
    if limit.current.is_some_and(|soft| soft < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            return Some(wanted);
        }
    }
    limit.current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_follow_the_files() {
        assert_eq!(connections_for(Some(1024)), 768);
        assert_eq!(connections_for(Some(1 << 20)), CONNECTIONS);
        assert_eq!(connections_for(None), CONNECTIONS);
        assert_eq!(connections_for(Some(0)), 1);
    }

    fn read(key: &'static str, value: &str) -> anyhow::Result<Limits> {
        Limits::read(&Config::read(&[(key, value.to_owned())], None).unwrap())
    }

    #[test]
    fn none_at_all_is_no_limit() {
        assert_eq!(read("limits.requests", "7").unwrap().requests, 7);
        assert_eq!(read("limits.connections", "9").unwrap().connections, 9);
        for key in [
            "limits.requests",
            "limits.connections",
            "limits.application_bucket",
            "limits.application_refill",
            "limits.vehicle_requests",
            "limits.vehicle_seconds",
        ] {
            let error = read(key, "0").unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }

    #[test]
    fn nothing_is_limited_until_it_is_switched_on() {
        let default = read("limits.modes", "live").unwrap();
        assert_eq!((default.application, default.vehicle), (None, None));
        assert_eq!(default.modes, [Mode::Live]);
        let number = |number| NonZeroU32::new(number).unwrap();
        let documented = Rate::new(number(120), number(2), Duration::from_mins(1));
        let on = read("limits.application", "true").unwrap();
        assert_eq!(on.application, Some(documented));
        let hourly = Rate::new(number(20), number(20), Duration::from_hours(1));
        let on = read("limits.vehicle_requests", "20").unwrap();
        assert_eq!(on.vehicle, Some(hourly));
        let modes = read("limits.modes", "test, simulated").unwrap().modes;
        assert_eq!(modes, [Mode::Test, Mode::Simulated]);
        for (key, value) in [
            ("limits.modes", "tset"),
            ("limits.modes", " , "),
            ("limits.application", "yes"),
        ] {
            let error = read(key, value).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}

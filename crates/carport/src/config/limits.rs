//! How much the server takes on before it turns clients away.

use std::num::NonZeroUsize;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Config, Opt};

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
];

/// The section, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Reads in work, and changes in work.
    pub requests: usize,
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
        Ok(Self {
            connections: connections
                .map_or_else(|| connections_for(open_files()), NonZeroUsize::get),
            requests: config.get::<NonZeroUsize>("limits.requests")?.get(),
        })
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

    #[test]
    fn none_at_all_is_no_limit() {
        let read = |key, value: &str| {
            Limits::read(&Config::read(&[(key, value.to_owned())], None).unwrap())
        };
        assert_eq!(read("limits.requests", "7").unwrap().requests, 7);
        assert_eq!(read("limits.connections", "9").unwrap().connections, 9);
        for key in ["limits.requests", "limits.connections"] {
            let error = read(key, "0").unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}

//! One load of wrk, and what it tells.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::server::Server;

/// What came out of a load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Requests per second.
    pub rate: f64,
    /// Requests altogether.
    pub requests: u64,
    /// Ninety-nine of a hundred were answered within this.
    pub p99_ms: f64,
    /// Processor time of the server per request, in microseconds.
    pub cpu_us: f64,
}

/// How a load is made.
pub struct Script<'a> {
    /// The Lua script.
    pub path: &'a Path,
    /// The data folder whose files it reads.
    pub folder: &'a Path,
    /// Connections.
    pub connections: u32,
    /// Seconds.
    pub seconds: u64,
    /// Whether answers are refusals, as is wanted.
    pub refused: bool,
    /// Order in which cars are drawn, for scripts that ask: `uniform` or `sequential`.
    pub order: &'static str,
    /// How many cars come before the first, of a sequential order.
    pub from: u64,
}

impl Script<'_> {
    /// Runs it against a server, from the other core.
    ///
    /// # Errors
    /// When wrk cannot be started, or answers were not what they should be.
    pub fn run(&self, server: &Server, path: &str) -> anyhow::Result<Load> {
        let before = server.cpu_ns()?;
        let output = Command::new("taskset")
            .args(["-c", "1", "wrk", "-t1", "--latency"])
            .args(["-c", &self.connections.to_string()])
            .args(["-d", &format!("{}s", self.seconds)])
            .arg("-s")
            .arg(self.path)
            .arg(format!("{}{path}", server.url))
            .env("BENCH_FOLDER", self.folder)
            .env("BENCH_ORDER", self.order)
            .env("BENCH_FROM", self.from.to_string())
            .output()?;
        let spent = server.cpu_ns()? - before;
        let text = String::from_utf8_lossy(&output.stdout);
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        if text.contains("Non-2xx") != self.refused {
            bail!("{name}: answers of the wrong kind\n{text}");
        }
        let mut load = read(&text).with_context(|| format!("{name}: wrk said\n{text}"))?;
        load.cpu_us = super::figures::float(spent) / 1e3 / super::figures::float(load.requests);
        println!("{name}, {} connections: {load:?}", self.connections);
        Ok(load)
    }
}

/// Reads wrk's report; the processor time is not in it.
fn read(report: &str) -> Option<Load> {
    let after = |mark: &str| {
        report
            .lines()
            .find_map(|line| line.trim().strip_prefix(mark))
            .map(str::trim)
    };
    let requests = report
        .lines()
        .find(|line| line.contains("requests in"))?
        .split_whitespace()
        .next()?;
    Some(Load {
        rate: after("Requests/sec:")?.parse().ok()?,
        requests: requests.parse().ok()?,
        p99_ms: milliseconds(after("99%")?)?,
        cpu_us: 0.0,
    })
}

/// A duration as wrk writes it: `850.00us`, `1.85ms`, `1.20s`.
fn milliseconds(text: &str) -> Option<f64> {
    let (number, scale) = if let Some(number) = text.strip_suffix("us") {
        (number, 1e-3)
    } else if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else {
        (text.strip_suffix('s')?, 1e3)
    };
    number.parse::<f64>().ok().map(|number| number * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let report = "  Latency Distribution\n     50%    1.85ms\n     99%  850.00us\n  \
                      32122 requests in 5.00s, 10.88MB read\nRequests/sec:   6421.88\n";
        let load = read(report).unwrap();
        assert_eq!((load.requests, load.rate), (32_122, 6_421.88));
        assert!((load.p99_ms - 0.85).abs() < 1e-9);
        assert_eq!(read("Requests/sec: 1"), None);
        assert_eq!(milliseconds("1.50s"), Some(1500.0));
    }
}

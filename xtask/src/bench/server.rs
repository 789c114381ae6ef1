//! A server under load, pinned to a core.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};

use crate::fill;

/// A server on core 0; it prints its address, or its ready line, first.
pub struct Server {
    child: Child,
    /// Its address, without a trailing slash.
    pub url: String,
}

impl Server {
    /// Starts a program and waits for its first line.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(program: &Command) -> anyhow::Result<Self> {
        let mut pinned = Command::new("taskset");
        pinned
            .args(["-c", "0"])
            .arg(program.get_program())
            .args(program.get_args())
            .stdout(Stdio::piped());
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                pinned.env(name, value);
            }
        }
        let mut child = pinned.spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().context("standard output is piped")?;
        BufReader::new(output).read_line(&mut line)?;
        let line = line.trim();
        if line.is_empty() {
            bail!("the server did not start");
        }
        let url = fill::member(line, "url").unwrap_or(line).to_owned();
        Ok(Self { child, url })
    }

    /// Processor time of the process so far, in nanoseconds. `taskset` becomes the program it
    /// starts, so the child is the server.
    ///
    /// # Errors
    /// When the kernel does not tell.
    pub fn cpu_ns(&self) -> anyhow::Result<u64> {
        let mut total = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            let ran = text.split_whitespace().next();
            total += ran.context("time on the processor")?.parse::<u64>()?;
        }
        Ok(total)
    }

    /// A line of the kernel's status of the process, in MiB: `VmRSS` resident, `VmHWM` its peak.
    ///
    /// # Errors
    /// When the kernel does not tell.
    pub fn memory(&self, line: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let number = status
            .lines()
            .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))
            .and_then(|text| text.split_whitespace().next());
        let kilobytes: f64 = number.context("the kernel tells the size")?.parse()?;
        Ok(kilobytes / 1024.0)
    }

    /// Asks once and returns the whole answer.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn get(&self, path: &str, token: &str) -> anyhow::Result<String> {
        self.exchange(&format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        ))
    }

    /// Sends a request over a connection of its own, which it closes, and returns the whole answer.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn exchange(&self, request: &str) -> anyhow::Result<String> {
        let address = self.url.strip_prefix("http://").context("plain HTTP")?;
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Asks it to stop and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn end(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        self.child.wait()?;
        Ok(())
    }

    /// A number of `/metrics`, summed over its labels; zero when it is not there.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let answer = self.get("/metrics", "")?;
        Ok(answer
            .lines()
            .filter(|line| line.split(['{', ' ']).next() == Some(name))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

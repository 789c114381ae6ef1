//! A running `carport`, for tests of the whole binary.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The binary, away from any configuration of this machine.
pub fn carport(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carport"));
    command
        .current_dir(folder)
        .env_remove("CARPORT_LISTEN")
        .env("TMPDIR", folder);
    command
}

/// Runs a command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    carport(folder)
        .args(arguments)
        .output()
        .expect("carport starts")
}

/// What a command printed on standard output.
pub fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What a command complained of.
pub fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

/// A server that is killed when the test is done with it.
pub struct Server {
    child: Child,
    /// Its ready line.
    pub ready: Value,
    /// The line as it was printed.
    pub line: String,
}

impl Server {
    /// Starts `carport` with these arguments and waits for its ready line.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = carport(folder)
            .args(arguments)
            .args(["--json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("carport starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("a ready line");
        let ready = serde_json::from_str(&line).expect("the ready line is JSON");
        Self { child, ready, line }
    }

    pub fn address(&self) -> &str {
        self.ready["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap()
    }

    /// Sends bytes as they are and returns everything that comes back until the end.
    pub fn talk(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address()).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        // A server that refuses early may close before everything was sent.
        drop(stream.write_all(request));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub fn get(&self, path: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        self.talk(head.as_bytes())
    }

    /// Asks the server to stop and waits for its end.
    pub fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill runs");
        self.child.wait().expect("the server ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

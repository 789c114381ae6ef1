//! Debian packages that the full test run needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::Tally;

/// A package and how to see whether what it brings is there.
struct Package {
    name: &'static str,
    is_there: fn() -> bool,
}

const NEEDED: &[Package] = &[
    Package {
        name: "postgresql",
        is_there: || postgres_folder().is_some(),
    },
    Package {
        name: "chromium",
        is_there: || on_path("chromium"),
    },
    Package {
        name: "chromium-driver",
        is_there: || on_path("chromedriver"),
    },
    // A certificate for the host names that the browser SDK has built in.
    Package {
        name: "openssl",
        is_there: || on_path("openssl"),
    },
    // Injects errors into system calls, and moves a process's clock, for the fault tests.
    Package {
        name: "strace",
        is_there: || on_path("strace"),
    },
    Package {
        name: "faketime",
        is_there: || on_path("faketime"),
    },
    // libFuzzer is written in C++.
    Package {
        name: "g++",
        is_there: || on_path("c++") || on_path("g++"),
    },
    // Pages without any font have no widths to judge.
    Package {
        name: "fonts-dejavu-core",
        is_there: || !fonts().is_empty(),
    },
    // Tool chains of the conformance suites; where they are not from Debian, nothing is installed.
    Package {
        name: "golang-go",
        is_there: || on_path("go"),
    },
    Package {
        name: "default-jdk-headless",
        is_there: || on_path("javac"),
    },
    Package {
        name: "maven",
        is_there: || on_path("mvn"),
    },
    // The crate `smartcar` is linked against it.
    Package {
        name: "libssl-dev",
        is_there: || works("pkg-config", &["--exists", "openssl"]),
    },
    Package {
        name: "pkg-config",
        is_there: || on_path("pkg-config"),
    },
    Package {
        name: "curl",
        is_there: || on_path("curl"),
    },
    Package {
        name: "python3-venv",
        is_there: || works("python3", &["-c", "import ensurepip, venv"]),
    },
];

/// Installs what is missing where that is possible, otherwise names it in one line.
///
/// # Errors
/// When apt cannot be started.
pub fn install(tally: &mut Tally) -> anyhow::Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !on_path("apt-get") {
        tally.skip(
            &format!("install {}", missing.join(" ")),
            "these Debian packages are missing and only root can install them",
        );
        return Ok(());
    }
    if tally.step("apt-get update", &mut apt(&["update"]))? {
        let mut install = apt(&["install", "-y", "--no-install-recommends"]);
        tally.step(
            &format!("install {}", missing.join(" ")),
            install.args(&missing),
        )?;
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    NEEDED
        .iter()
        .filter(|package| !(package.is_there)())
        .map(|package| package.name)
        .collect()
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .arg("-q")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether this process may act for other users.
#[must_use]
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The programs of the newest PostgreSQL server, which Debian keeps off the path.
#[must_use]
pub fn postgres_folder() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .into_iter()
        .flatten();
    let newest = versions
        .filter_map(|entry| {
            entry
                .ok()?
                .file_name()
                .into_string()
                .ok()?
                .parse::<u32>()
                .ok()
        })
        .max()
        .map(|version| {
            Path::new("/usr/lib/postgresql")
                .join(version.to_string())
                .join("bin")
        });
    let folders = std::env::var_os("PATH").unwrap_or_default();
    newest
        .into_iter()
        .chain(std::env::split_paths(&folders))
        .find(|folder| {
            ["initdb", "postgres", "pg_isready"]
                .iter()
                .all(|program| folder.join(program).exists())
        })
}

/// The fonts that pages can use, one a line.
fn fonts() -> Vec<u8> {
    let listed = Command::new("fc-list").output();
    listed.map(|listed| listed.stdout).unwrap_or_default()
}

fn on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).exists())
}

/// Whether a program runs and says that all is well.
#[must_use]
pub fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

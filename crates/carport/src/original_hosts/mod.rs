//! `--original-hosts`: Carport under the host names that some programs have built in.
//!
//! Such a program asks `https://api.smartcar.com` whatever its environment says. It reaches this
//! server through a small proxy, or through names that one process resolves differently, and
//! believes it because that process trusts an authority of ours. Nothing of the machine is changed.
//! Why it is done so: docs/adr/0008-original-hosts.md.

mod authority;
mod leaf;
mod recipes;

pub use recipes::{for_people, variables};

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use carport_model::Clock;
use serde::{Deserialize, Serialize};

use crate::server::{Listener, Opening, tls};
use authority::Authority;
use leaf::Leaf;

/// The host names that clients have built in. They all get the same routes: no path means one thing
/// on one of them and another thing on another one. Source: contract connect-oauth, 0.
pub const NAMES: [&str; 9] = [
    "connect.smartcar.com",
    "auth.smartcar.com",
    "iam.smartcar.com",
    "api.smartcar.com",
    "vehicle.api.smartcar.com",
    "management.smartcar.com",
    "management.api.smartcar.com",
    "javascript-sdk.smartcar.com",
    "dashboard.smartcar.com",
];

/// The port that clients expect behind the names.
pub const PORT: u16 = 443;

/// Connections to each of the two listeners; a development machine needs a few dozen.
const CONNECTIONS: usize = 512;
/// Beside the authority; see [`OriginalHosts::hosts_file`].
const HOSTS_FILE: &str = "original-hosts.txt";

/// Where the names shall be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of the TLS listener; loopback only.
    pub address: SocketAddr,
    /// Of the proxy, on 127.0.0.1; 0 takes a free one.
    pub proxy_port: u16,
}

impl Wanted {
    /// What `dev` does unasked: the usual port on a loopback address that is hardly ever taken.
    pub const DEV: Self = Self {
        address: SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), PORT),
        proxy_port: 2278,
    };
    /// What `exec` does unasked: free ports, which the proxy leads to.
    pub const EXEC: Self = Self {
        address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
        proxy_port: 0,
    };
}

/// What a client needs to know; a member of the ready line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginalHosts {
    /// Where TLS is spoken.
    pub address: SocketAddr,
    /// Value of `HTTPS_PROXY`.
    pub proxy_url: String,
    /// The authority's certificate (PEM): what a process has to trust.
    pub ca_file: PathBuf,
    /// SHA-256 of the authority's public key, in base64, as Chromium wants it.
    pub ca_pin: String,
    /// A file in the form of `/etc/hosts` with the names, when [`PORT`] is the one listened on: no
    /// such file can name another port.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hosts_file: Option<PathBuf>,
    /// The names.
    pub names: Vec<String>,
}

/// Two bound listeners, for the names and for the proxy that leads to them.
pub struct Doors {
    /// Speaks TLS.
    pub tls: Listener,
    /// Speaks HTTP for the length of one `CONNECT`, then TLS.
    pub proxy: Listener,
    /// What clients are told.
    pub view: OriginalHosts,
}

impl Doors {
    /// Binds both listeners, with the authority of this data folder.
    ///
    /// # Errors
    /// An address that is not loopback, that is taken or may not be used; an authority that cannot
    /// be read or written.
    pub fn open(wanted: Wanted, folder: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        if !wanted.address.ip().is_loopback() {
            bail!(
                "--original-hosts={} can be reached from other machines; a host name of somebody \
                 else's is served on loopback only, such as 127.0.0.2:{PORT}",
                wanted.address
            );
        }
        let folder = std::path::absolute(folder)?;
        let authority = Authority::keep(&folder, clock.now())?;
        let (ca_file, ca_pin) = (authority.file().to_owned(), authority.pin());
        let leaf = Leaf::new(authority, wanted.address.ip(), clock)?;
        let acceptor = tls::acceptor_of(Arc::new(leaf))?;
        let listen = |address, opening| Listener::open(address, opening, CONNECTIONS);
        let tls = listen(wanted.address, Opening::Tls(acceptor.clone()))
            .map_err(|error| anyhow::Error::msg(advice(wanted.address, &error)))?;
        let proxy = SocketAddr::from((Ipv4Addr::LOCALHOST, wanted.proxy_port));
        let proxy = listen(proxy, Opening::Tunnel(acceptor)).with_context(|| {
            format!(
                "the proxy of the original hosts cannot listen on {proxy}; choose another port \
                 with --hosts-proxy-port, 0 takes a free one"
            )
        })?;
        let hosts_file = if tls.address().port() == PORT {
            Some(write_hosts(&folder, tls.address().ip())?)
        } else {
            None
        };
        let view = OriginalHosts {
            address: tls.address(),
            proxy_url: format!("http://{}", proxy.address()),
            ca_file,
            ca_pin,
            hosts_file,
            names: NAMES.map(str::to_owned).to_vec(),
        };
        Ok(Self { tls, proxy, view })
    }
}

/// Why `address` cannot be listened on, which other one can, and what that changes.
fn advice(address: SocketAddr, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("port {} needs privileges here", address.port())
        }
        io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine has no address {}", address.ip())
        }
        _ => error.to_string(),
    };
    format!(
        "the original hosts cannot be served on {address}: {why}. Try --original-hosts=127.0.0.1:2443: \
         what goes through the proxy and the printed browser command notices no difference, only a \
         hosts file needs port {PORT}"
    )
}

/// Writes the names in the form of `/etc/hosts`, for one process to have bound over its own.
fn write_hosts(folder: &Path, address: IpAddr) -> anyhow::Result<PathBuf> {
    let file = folder.join(HOSTS_FILE);
    let text = format!(
        "# Made by `carport dev --original-hosts`, for a process that is shown this as its /etc/hosts.\n\
         127.0.0.1 localhost\n::1 localhost\n{address} {}\n",
        NAMES.join(" ")
    );
    std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_to_listen_names_another_address_and_what_changes() {
        let address = Wanted::DEV.address;
        for (kind, why) in [
            (
                io::ErrorKind::PermissionDenied,
                "port 443 needs privileges here",
            ),
            (io::ErrorKind::AddrInUse, "another program listens there"),
            (
                io::ErrorKind::AddrNotAvailable,
                "this machine has no address 127.0.0.2",
            ),
        ] {
            let line = advice(address, &kind.into());
            assert!(line.contains(why), "{line}");
            assert!(line.contains("--original-hosts=127.0.0.1:2443"), "{line}");
            assert!(line.contains("hosts file"), "{line}");
        }
    }

    #[test]
    fn other_machines_are_kept_out() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = Wanted {
            address: ([0, 0, 0, 0], 0).into(),
            proxy_port: 0,
        };
        let clock = Arc::new(carport_model::SystemClock);
        let Err(error) = Doors::open(wanted, folder.path(), clock) else {
            panic!("it listens on every address");
        };
        assert!(error.to_string().contains("loopback only"), "{error}");
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "and no authority is made"
        );
    }

    #[test]
    fn the_hosts_file_names_every_host() {
        let folder = tempfile::tempdir().unwrap();
        let file = write_hosts(folder.path(), Wanted::DEV.address.ip()).unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        let line = text
            .lines()
            .find(|line| line.starts_with("127.0.0.2 "))
            .unwrap();
        assert_eq!(line.split(' ').skip(1).collect::<Vec<_>>(), NAMES, "{text}");
        assert!(text.contains("\n127.0.0.1 localhost\n"), "{text}");
    }
}

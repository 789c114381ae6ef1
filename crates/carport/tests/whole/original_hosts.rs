//! Carport under the host names that programs have built in.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Server, complaint, printed, run};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::tempdir;

const FREE: [&str; 5] = [
    "dev",
    "--no-tutorial",
    "--original-hosts=127.0.0.1:0",
    "--hosts-proxy-port",
    "0",
];

/// A process that trusts the authority of a server and nobody else.
struct Client {
    tls: Arc<ClientConfig>,
    address: String,
    proxy: String,
}

impl Client {
    fn of(server: &Server) -> Self {
        let told = |member: &str| {
            let text = server.ready["originalHosts"][member].as_str();
            text.unwrap_or_else(|| panic!("{member} in {}", server.line))
                .to_owned()
        };
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(told("caFile")).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            tls: Arc::new(tls),
            address: told("address"),
            proxy: told("proxyUrl").replace("http://", ""),
        }
    }

    fn connect(address: &str) -> TcpStream {
        let stream = TcpStream::connect(address).unwrap();
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).unwrap();
        stream
    }

    /// A tunnel to `host`, or what the proxy says instead.
    fn tunnel(&self, host: &str) -> Result<TcpStream, String> {
        let mut stream = Self::connect(&self.proxy);
        write!(
            stream,
            "CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        let mut reader = BufReader::with_capacity(1, &stream);
        while !answer.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut answer).unwrap(), 0, "{answer}");
        }
        if answer.starts_with("HTTP/1.1 200 ") {
            Ok(stream)
        } else {
            Err(answer)
        }
    }

    fn secure(&self, stream: TcpStream, host: &str) -> StreamOwned<ClientConnection, TcpStream> {
        let name = ServerName::try_from(host.to_owned()).unwrap();
        StreamOwned::new(
            ClientConnection::new(self.tls.clone(), name).unwrap(),
            stream,
        )
    }

    /// Sends a request to `host`, straight or by the proxy, and returns the whole answer.
    fn ask(&self, host: &str, by_proxy: bool, request: &str) -> String {
        let stream = if by_proxy {
            self.tunnel(host).unwrap()
        } else {
            Self::connect(&self.address)
        };
        let mut stream = self.secure(stream, host);
        let (first, rest) = request.split_once('\n').unwrap_or((request, ""));
        write!(
            stream,
            "{first} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{rest}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn every_name_leads_here_and_answers_name_the_public_address() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &FREE);
    let client = Client::of(&server);
    let names = server.ready["originalHosts"]["names"].as_array().unwrap();
    assert_eq!(names.len(), 9);
    for name in names {
        let name = name.as_str().unwrap();
        for by_proxy in [false, true] {
            let answer = client.ask(name, by_proxy, "GET /healthz");
            assert!(answer.starts_with("HTTP/1.1 200 "), "{name}: {answer}");
        }
    }
    let public = server.ready["url"].as_str().unwrap();
    let answer = client.ask("api.smartcar.com", true, "GET /v2.0/user/");
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let doc_url = format!("\"docURL\":\"{public}/docs/errors/authentication\"");
    assert!(answer.contains(&doc_url), "{answer}");
    // The token endpoint as Go spells it.
    let answer = client.ask(
        "auth.smartcar.com",
        true,
        "POST /oauth/token/\ncontent-length: 0\r\n",
    );
    assert!(
        answer.starts_with("HTTP/1.1 401 ") && answer.contains("invalid_client"),
        "{answer}"
    );
    // Within Connect the browser stays on the host that it came by.
    let id = server.ready["application"]["clientId"].as_str().unwrap();
    let start =
        format!("GET /oauth/authorize?response_type=code&mode=test&scope=read_vin&client_id={id}");
    let answer = client.ask("connect.smartcar.com", true, &start);
    assert!(answer.contains("\r\nlocation: /connect/"), "{answer}");
    let metadata = "GET /.well-known/oauth-authorization-server";
    let answer = client.ask("connect.smartcar.com", true, metadata);
    assert!(
        answer.contains(&format!("\"issuer\":\"{public}\"")),
        "{answer}"
    );
}

#[test]
fn the_proxy_leads_nowhere_else() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &FREE);
    let client = Client::of(&server);
    let own = server.address().to_owned();
    for host in ["example.org", "smartcar.com", "localhost", own.as_str()] {
        let answer = client.tunnel(host).unwrap_err();
        assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        assert!(answer.contains("NO_PROXY"), "{answer}");
    }
    // Within the tunnel there is TLS and nothing else.
    let mut stream = client.tunnel("api.smartcar.com").unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    assert!(
        !String::from_utf8_lossy(&answer).contains("HTTP/1.1"),
        "{answer:?}"
    );
}

#[test]
fn the_environment_of_a_process() {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let mut arguments = FREE.to_vec();
    arguments.extend(["--data", "data"]);
    let server = Server::start(at, &arguments);
    let hosts = &server.ready["originalHosts"];
    let env = |language: &str| printed(&run(at, &["env", language, "--data", "data"]));
    let go = env("go");
    for (name, value) in [
        ("HTTPS_PROXY", hosts["proxyUrl"].as_str().unwrap()),
        ("NO_PROXY", "localhost,127.0.0.1,::1"),
        ("SSL_CERT_FILE", hosts["caFile"].as_str().unwrap()),
    ] {
        assert!(
            go.contains(&format!("export {name}='{value}'\n"))
                || go.ends_with(&format!("export {name}='{value}'")),
            "{go}"
        );
    }
    assert!(
        go.contains("SMARTCAR_CLIENT_SECRET") && !go.contains('#'),
        "{go}"
    );
    let node = env("node");
    assert!(
        node.contains("SMARTCAR_API_ORIGIN") && !node.contains("PROXY"),
        "{node}"
    );
    assert_eq!(server.stop().code(), Some(0));

    // The authority stays with the folder; without the flag Go is told of it.
    let ca = at.join("data/original-hosts-ca.pem");
    let first = fs::read(&ca).unwrap();
    let again = Server::start(at, &arguments);
    assert_eq!(fs::read(&ca).unwrap(), first);
    drop(again);
    let plain = Server::start(at, &["dev", "--no-tutorial", "--data", "data"]);
    assert!(plain.ready.get("originalHosts").is_none());
    assert!(env("go").contains("# The Go SDK"), "{}", env("go"));
}

#[test]
fn exec_hands_the_environment_to_its_command() {
    let folder = tempdir().unwrap();
    let script = "echo \"$HTTPS_PROXY $https_proxy $NO_PROXY $no_proxy\"; cat \"$SSL_CERT_FILE\"; \
                  echo \"$SMARTCAR_API_ORIGIN\"";
    let arguments = ["exec", "--original-hosts", "--", "sh", "-c", script];
    let output = run(folder.path(), &arguments);
    let text = printed(&output);
    assert!(output.status.success(), "{}", complaint(&output));
    let lines: Vec<&str> = text.lines().collect();
    let words: Vec<&str> = lines[0].split(' ').collect();
    assert!(words[0].starts_with("http://127.0.0.1:"), "{text}");
    assert_eq!((words[0], words[2]), (words[1], words[3]));
    assert_eq!(lines[1], "-----BEGIN CERTIFICATE-----");
    assert!(
        lines.last().unwrap().starts_with("http://localhost:"),
        "{text}"
    );
}

#[test]
fn an_address_that_is_taken_is_said_with_another_one() {
    let folder = tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap();
    let complain = |hosts: &str, port: &str| {
        let mut arguments = vec!["dev", "--no-tutorial", "--listen", "127.0.0.1:0"];
        arguments.extend([hosts, "--hosts-proxy-port", port]);
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1));
        complaint(&output)
    };
    let line = complain(&format!("--original-hosts={taken}"), "0");
    assert!(
        line.contains("another program listens there") && line.contains("127.0.0.1:2443"),
        "{line}"
    );
    let line = complain("--original-hosts=127.0.0.1:0", &taken.port().to_string());
    assert!(line.contains("--hosts-proxy-port"), "{line}");
    let line = complain("--original-hosts=0.0.0.0:0", "0");
    assert!(line.contains("loopback only"), "{line}");
    let usage = run(folder.path(), &["dev", "--hosts-proxy-port", "0"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn kept_connections_end_with_the_server() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path(), &FREE);
    let client = Client::of(&server);
    let host = "api.smartcar.com";
    let mut kept = client.secure(client.tunnel(host).unwrap(), host);
    write!(kept, "GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n").unwrap();
    let mut first = [0; 12];
    kept.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    assert_eq!(server.stop().code(), Some(0));
    let mut rest = Vec::new();
    drop(kept.read_to_end(&mut rest));
    assert!(!is_bound(&client.address) && !is_bound(&client.proxy));
}

fn is_bound(address: &str) -> bool {
    TcpStream::connect(address).is_ok()
}

/// The key is in one file, which only its owner reads, and in no other.
#[test]
fn nothing_but_the_key_file_holds_the_key() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempdir().unwrap();
    let mut arguments = FREE.to_vec();
    arguments.extend(["--data", "data"]);
    let server = Server::start(folder.path(), &arguments);
    let data = folder.path().join("data");
    let private = |file: &Path| {
        let content = fs::read(file).unwrap_or_default();
        String::from_utf8_lossy(&content).contains("PRIVATE KEY")
    };
    let files = fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let holding: Vec<_> = files.filter(|file| private(file)).collect();
    assert_eq!(holding, [data.join("original-hosts-ca.key")]);
    let mode = fs::metadata(&holding[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!server.line.contains("PRIVATE"));
}

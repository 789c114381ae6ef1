//! The proxy's half of a connection: `CONNECT` to one of the original hosts, then the TLS handshake
//! on the same connection. The tunnel ends right here: this proxy opens no connection to anybody.

use std::time::Duration;

use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};

use crate::original_hosts::{NAMES, PORT};

/// How long the head of a `CONNECT` may take.
const TIME: Duration = Duration::from_secs(15);
/// Largest head; clients send their name and little more.
const HEAD_LIMIT: u64 = 8 * 1024;
/// As much of a foreign name as is repeated to whoever asked for it.
const REPEATED: usize = 100;

const ENTERED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

/// What is behind the tunnel, once the client has asked for an original host. Everybody else is
/// told what this proxy is for, and gets `None`.
pub(super) async fn enter<S>(stream: S) -> Option<BufReader<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // It stays around the connection: a hasty client's handshake may be in it already.
    let mut stream = BufReader::new(stream);
    let head = tokio::time::timeout(TIME, read_head(&mut stream)).await;
    let answer = match head {
        Ok(Ok(line)) => match judge(&line) {
            Ok(()) => {
                let entered = stream.write_all(ENTERED).await;
                return entered.is_ok().then_some(stream);
            }
            Err(refusal) => {
                tracing::debug!(why = refusal.reason, "the proxy refused a request");
                refusal.answer()
            }
        },
        Ok(Err(_)) | Err(_) => Denied::new(400, "the request ended early, or is too long").answer(),
    };
    if stream.write_all(answer.as_bytes()).await.is_ok() {
        drop(stream.shutdown().await);
    }
    None
}

/// The request line of a whole head.
async fn read_head<S>(stream: &mut BufReader<S>) -> std::io::Result<String>
where
    S: AsyncRead + Unpin,
{
    let mut limited = stream.take(HEAD_LIMIT);
    let mut first = None;
    loop {
        let mut line = String::new();
        limited.read_line(&mut line).await?;
        if !line.ends_with('\n') {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_owned();
        match &first {
            None => first = Some(line),
            Some(first) if line.is_empty() => return Ok(first.clone()),
            Some(_) => {}
        }
    }
}

/// Whether a request line asks for an original host.
fn judge(line: &str) -> Result<(), Denied> {
    let mut words = line.split(' ');
    let (method, target) = (words.next(), words.next());
    let (Some(method), Some(target)) = (method, target) else {
        return Err(Denied::new(400, "this is no HTTP request"));
    };
    if method != "CONNECT" {
        return Err(Denied::new(
            405,
            "this proxy of Carport is for https only: set HTTPS_PROXY, not HTTP_PROXY",
        ));
    }
    let known = target.rsplit_once(':').is_some_and(|(host, port)| {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        port.parse() == Ok(PORT) && NAMES.contains(&host.as_str())
    });
    if known {
        return Ok(());
    }
    let target: String = target
        .chars()
        .filter(char::is_ascii_graphic)
        .take(REPEATED)
        .collect();
    Err(Denied::new(
        403,
        &format!(
            "this proxy of Carport leads to Smartcar's API hosts only, not to {target}; name other \
             hosts in NO_PROXY"
        ),
    ))
}

/// A refusal. Its words are the reason phrase too, which is all that many a client shows.
#[derive(Debug, PartialEq, Eq)]
struct Denied {
    status: u16,
    reason: String,
}

impl Denied {
    fn new(status: u16, reason: &str) -> Self {
        Self {
            status,
            reason: reason.to_owned(),
        }
    }

    fn answer(&self) -> String {
        let Self { status, reason } = self;
        let allow = if *status == 405 {
            "allow: CONNECT\r\n"
        } else {
            ""
        };
        format!(
            "HTTP/1.1 {status} {reason}\r\n{allow}connection: close\r\n\
             content-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\r\n{reason}\n",
            reason.len() + 1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a client that sends this is answered, and what is left of it behind the tunnel.
    async fn sent(bytes: &[u8]) -> (String, Option<String>) {
        let (mut client, server) = tokio::io::duplex(64 * 1024);
        client.write_all(bytes).await.unwrap();
        client.shutdown().await.unwrap();
        let behind = match enter(server).await {
            None => None,
            Some(mut stream) => {
                let mut rest = String::new();
                stream.read_to_string(&mut rest).await.unwrap();
                Some(rest)
            }
        };
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        (answer, behind)
    }

    #[tokio::test]
    async fn an_original_host_is_entered_and_nothing_is_lost() {
        for target in ["api.smartcar.com:443", "Vehicle.API.Smartcar.Com.:443"] {
            let request =
                format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nX: y\r\n\r\nhello");
            let (answer, behind) = sent(request.as_bytes()).await;
            assert_eq!(answer.as_bytes(), ENTERED);
            assert_eq!(behind.as_deref(), Some("hello"));
        }
    }

    #[tokio::test]
    async fn everything_else_is_refused_with_a_reason() {
        for target in [
            "example.org:443",
            "api.smartcar.com:80",
            "api.smartcar.com",
            "smartcar.com:443",
            "api.smartcar.com.example.org:443",
            "localhost:443",
            "127.0.0.1:22",
            "[::1]:443",
        ] {
            let (answer, behind) =
                sent(format!("CONNECT {target} HTTP/1.1\r\n\r\n").as_bytes()).await;
            assert_eq!(behind, None, "{target}");
            let reason = answer.lines().next().unwrap();
            assert!(reason.starts_with("HTTP/1.1 403 "), "{answer}");
            assert!(reason.contains(&format!("not to {target};")), "{answer}");
            assert!(reason.contains("NO_PROXY"), "{answer}");
        }
        let (answer, behind) = sent(b"GET http://api.smartcar.com/ HTTP/1.1\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 405 ") && behind.is_none());
        assert!(answer.contains("\r\nallow: CONNECT\r\n"), "{answer}");
        let (answer, _) = sent(b"CONNECT a\x1b[31m\x07:443 HTTP/1.1\r\n\r\n").await;
        assert!(answer.contains("not to a[31m:443;"), "{answer:?}");
    }

    #[tokio::test]
    async fn heads_without_end_are_not_read_on() {
        for broken in [
            &b"CONNECT api.smartcar.com:443 HTTP/1.1\r\n"[..],
            b"",
            b"\xff\xfe\r\n\r\n",
        ] {
            let (answer, behind) = sent(broken).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") && behind.is_none());
        }
        let long = format!(
            "CONNECT api.smartcar.com:443 HTTP/1.1\r\nx: {}\r\n\r\n",
            "y".repeat(9000)
        );
        let (answer, behind) = sent(long.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && behind.is_none());
    }
}

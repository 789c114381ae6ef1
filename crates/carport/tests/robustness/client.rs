//! A client of HTTP/1.1 that keeps its connection and hides nothing.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A connection.
pub struct Client {
    stream: BufReader<TcpStream>,
}

/// An answer, whole.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// A text member of a flat JSON body; tokens need no unescaping.
    pub fn member(&self, name: &str) -> Option<&str> {
        let rest = self.body.split_once(&format!("\"{name}\":\""))?.1;
        rest.split_once('"').map(|(value, _)| value)
    }
}

impl Client {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Says that nothing more will be sent.
    pub async fn hang_up(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// The next answer; an end of the connection before its first byte is `UnexpectedEof`.
    pub async fn answer(&mut self) -> io::Result<Answer> {
        let mut answer = Answer::default();
        loop {
            let before = answer.head.len();
            if self.stream.read_line(&mut answer.head).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if &answer.head[before..] == "\r\n" {
                break;
            }
        }
        let status = answer.head.split(' ').nth(1);
        answer.status = status.and_then(|status| status.parse().ok()).unwrap_or(0);
        let length = answer.header("content-length");
        let length = length.map_or(0, |length| length.parse().expect("a length is a number"));
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }

    /// Sends a request and waits for its answer.
    pub async fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.send(request).await?;
        self.answer().await
    }

    /// Whether the server has closed the connection and left nothing unread.
    pub async fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0; 1]).await, Ok(0))
    }
}

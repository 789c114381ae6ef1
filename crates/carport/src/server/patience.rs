//! How long a connection may stay without a request, and an answer without a reader.
//!
//! Stands between the socket and everything else (TLS, HTTP/1, HTTP/2), so that nothing a client
//! leaves unfinished holds a connection for ever. The clock ticks rarely and never per request.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How often a connection is looked at.
const TICK: Duration = Duration::from_secs(9);
/// Looks at a connection that began something, a greeting or the head of a request, and did not
/// finish it: it is closed after 18 to 27 seconds.
const UNFINISHED: u32 = 2;
/// Looks at a connection that waits between two requests: it is closed after 72 to 81 seconds.
/// Proxies keep theirs for 60, and should be the ones that close.
const IDLE: u32 = 8;
/// How long, and for how many bytes, a closed connection is still read: closing with unread bytes
/// would reset it, and the client could lose the answer.
const LINGER: (Duration, usize) = (Duration::from_secs(1), 256 * 1024);

/// What a connection is doing, as its requests tell.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Requests whose answers are not out yet.
    in_work: AtomicUsize,
    /// Requests so far; it may wrap.
    begun: AtomicUsize,
    /// How many there were when the client was last waited for.
    waited: AtomicUsize,
    /// Who is at the other end.
    peer: Option<IpAddr>,
}

/// Requests of one connection that are answered in a row while others wait for the thread.
const IN_A_ROW: usize = 8;

impl Activity {
    /// Of a connection from `peer`.
    pub(super) fn new(peer: IpAddr) -> Self {
        Self {
            peer: Some(peer),
            ..Self::default()
        }
    }

    /// Who is at the other end.
    pub(super) fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// Notes a request until the token is dropped. Hundreds of pipelined ones fit into the buffer
    /// and would be answered without a break, so that others get their turn in between.
    pub(super) async fn begin(self: Arc<Self>) -> InWork {
        let begun = self.begun.fetch_add(1, Ordering::Relaxed);
        self.in_work.fetch_add(1, Ordering::Relaxed);
        let in_work = InWork(self);
        let activity = &in_work.0;
        if begun.wrapping_sub(activity.waited.load(Ordering::Relaxed)) >= IN_A_ROW {
            activity.waited.store(begun, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        in_work
    }
}

/// A request whose answer is not out yet.
#[derive(Debug)]
pub(super) struct InWork(Arc<Activity>);

impl Drop for InWork {
    fn drop(&mut self) {
        self.0.in_work.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of an answer: its request is in work until the last byte is out, so that a stream of
/// events is not taken for silence.
pub(super) struct Answered {
    body: Body,
    _in_work: InWork,
}

impl Answered {
    pub(super) fn new(body: Body, in_work: InWork) -> Self {
        Self {
            body,
            _in_work: in_work,
        }
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that do not depend on one another"
)]
/// A socket with limited patience. Running out of it looks like the client hanging up.
pub(super) struct Patient<S> {
    socket: S,
    activity: Arc<Activity>,
    tick: Pin<Box<Sleep>>,
    begun: usize,
    quiet_ticks: u32,
    /// Bytes came since the last request began.
    received: bool,
    /// The client took bytes since the last tick.
    sent: bool,
    /// The client takes no more bytes for now.
    blocked: bool,
    /// Patience has run out.
    out: bool,
    lingering: Option<usize>,
}

impl<S> Patient<S> {
    pub(super) fn new(socket: S, activity: Arc<Activity>) -> Self {
        Self {
            socket,
            activity,
            tick: Box::pin(sleep(TICK)),
            begun: 0,
            quiet_ticks: 0,
            received: false,
            sent: false,
            blocked: false,
            out: false,
            lingering: None,
        }
    }

    /// Whether patience has run out. Called while the client is being waited for, which arranges
    /// for the next look.
    fn is_out(&mut self, cx: &mut Context<'_>) -> bool {
        while !self.out && self.tick.as_mut().poll(cx).is_ready() {
            let begun = self.activity.begun.load(Ordering::Relaxed);
            let in_work = self.activity.in_work.load(Ordering::Relaxed);
            let sent = std::mem::take(&mut self.sent);
            // What is sent without being waited for, such as answers to pings, is no sign of work.
            let works = if self.blocked { sent } else { in_work > 0 };
            if works || begun != self.begun {
                self.quiet_ticks = 0;
                self.received = false;
            } else {
                self.quiet_ticks += 1;
            }
            self.begun = begun;
            let unfinished = self.blocked || self.received || begun == 0;
            self.out = self.quiet_ticks >= if unfinished { UNFINISHED } else { IDLE };
            self.tick.as_mut().reset(Instant::now() + TICK);
        }
        self.out
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer);
        match read {
            Poll::Pending if self.is_out(cx) => Poll::Ready(Ok(())),
            Poll::Pending => {
                let begun = self.activity.begun.load(Ordering::Relaxed);
                self.activity.waited.store(begun, Ordering::Relaxed);
                Poll::Pending
            }
            Poll::Ready(read) => {
                self.received |= buffer.filled().len() > before;
                Poll::Ready(read)
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Patient<S> {
    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.blocked = written.is_pending();
        match written {
            Poll::Pending if self.is_out(cx) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
            Poll::Ready(written) => {
                self.sent = true;
                Poll::Ready(written)
            }
        }
    }

    /// Reads what still comes until the client hangs up too.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (time, most) = LINGER;
        let tick = &mut self.tick;
        let mut taken = *self.lingering.get_or_insert_with(|| {
            tick.as_mut().reset(Instant::now() + time);
            0
        });
        let mut bytes = [0; 4096];
        while taken < most {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.socket).poll_read(cx, &mut buffer) {
                Poll::Pending => {
                    ready!(self.tick.as_mut().poll(cx));
                    break;
                }
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                Poll::Ready(_) => break,
            }
            taken += buffer.filled().len();
            self.lingering = Some(taken);
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.wrote(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.socket).poll_shutdown(cx))?;
        }
        self.linger(cx).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    fn pair() -> (DuplexStream, Patient<DuplexStream>, Arc<Activity>) {
        let (client, server) = duplex(64);
        let activity = Arc::new(Activity::default());
        (client, Patient::new(server, activity.clone()), activity)
    }

    /// Seconds until reading ends; what comes meanwhile is taken.
    async fn seconds_until_end(patient: &mut Patient<DuplexStream>) -> u64 {
        let begun = Instant::now();
        patient.read_to_end(&mut Vec::new()).await.unwrap();
        begun.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn silence_and_dribble_end_soon() {
        let (_client, mut patient, _) = pair();
        assert_eq!(seconds_until_end(&mut patient).await, 18);
        let (mut client, mut patient, _) = pair();
        let dribble = tokio::spawn(async move {
            while client.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
        });
        assert_eq!(seconds_until_end(&mut patient).await, 18);
        drop(patient);
        dribble.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn answering_pings_is_no_work() {
        let (mut client, mut patient, _) = pair();
        let pings = tokio::spawn(async move {
            while client.write_all(b"ping").await.is_ok() {
                if client.read_exact(&mut [0; 4]).await.is_err() {
                    break;
                }
                sleep(Duration::from_secs(1)).await;
            }
        });
        let begun = Instant::now();
        while patient.read_exact(&mut [0; 4]).await.is_ok() {
            patient.write_all(b"pong").await.unwrap();
        }
        assert_eq!(begun.elapsed().as_secs(), 18);
        drop(patient);
        pings.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_kept_connection_may_wait_longer_than_a_proxy_keeps_its_own() {
        let (mut client, mut patient, activity) = pair();
        client.write_all(b"request").await.unwrap();
        patient.read_exact(&mut [0; 7]).await.unwrap();
        drop(activity.clone().begin().await);
        let waited = seconds_until_end(&mut patient).await;
        assert!((72..=81).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn work_may_take_its_time_and_a_reader_may_not() {
        let (_client, mut patient, activity) = pair();
        let in_work = activity.begin().await;
        let reading = tokio::time::timeout(Duration::from_hours(1), patient.read_u8()).await;
        assert!(reading.is_err(), "the connection ended during its request");
        let begun = Instant::now();
        let error = patient.write_all(&[0; 65]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() <= Duration::from_secs(27));
        drop(in_work);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_left_unread_is_taken_before_the_end() {
        let (mut client, mut patient, _) = pair();
        let rest = tokio::spawn(async move {
            client.write_all(&[0; 500]).await.unwrap();
            client
        });
        let begun = Instant::now();
        patient.shutdown().await.unwrap();
        assert_eq!(begun.elapsed().as_secs(), LINGER.0.as_secs());
        drop(rest.await.unwrap());
    }
}

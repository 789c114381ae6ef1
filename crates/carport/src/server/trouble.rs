//! Carries out what faults on demand do to an answer on its way out: late, cut off, or slow.

use std::io;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use carport_model::fault::Struck;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// How often a slow body moves on.
const STEP: Duration = Duration::from_millis(100);
const STEPS_A_SECOND: u32 = 10;

/// The answer as it goes out.
///
/// # Errors
/// The connection is to be cut.
pub(super) async fn sent(mut response: Response) -> io::Result<Response> {
    match response.extensions_mut().remove::<Struck>() {
        None => Ok(response),
        // In a box: answers that nothing happens to would move the room for it.
        Some(struck) => Box::pin(carry_out(struck, response)).await,
    }
}

async fn carry_out(struck: Struck, response: Response) -> io::Result<Response> {
    if !struck.latency.is_zero() {
        sleep(struck.latency).await;
    }
    if struck.is_dropped {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    Ok(match struck.bytes_per_second {
        Some(bytes) => response.map(|body| Body::new(Slow::new(body, bytes))),
        None => response,
    })
}

/// A body that comes in small pieces.
struct Slow {
    body: Body,
    waiting: Bytes,
    piece: usize,
    pause: Duration,
    due: Pin<Box<Sleep>>,
}

impl Slow {
    /// Ten pieces a second, or single bytes when even that is too fast.
    fn new(body: Body, per_second: NonZeroU32) -> Self {
        let (piece, pause) = match per_second.get() {
            few @ ..STEPS_A_SECOND => (1, Duration::from_secs(1) / few),
            many => (many / STEPS_A_SECOND, STEP),
        };
        Self {
            body,
            waiting: Bytes::new(),
            piece: usize::try_from(piece).unwrap_or(usize::MAX),
            pause,
            due: Box::pin(sleep(pause)),
        }
    }
}

impl HttpBody for Slow {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        while this.waiting.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => this.waiting = bytes,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        ready!(this.due.as_mut().poll(cx));
        this.due = Box::pin(sleep(this.pause));
        let piece = this.waiting.split_to(this.piece.min(this.waiting.len()));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        let waiting = self.waiting.len() as u64;
        let mut hint = self.body.size_hint();
        if let Some(rest) = hint.exact() {
            hint = SizeHint::with_exact(rest + waiting);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use tokio::time::Instant;

    fn answer(struck: Struck) -> Response {
        let mut response = Response::new(Body::from("x".repeat(1000)));
        response.extensions_mut().insert(struck);
        response
    }

    /// Time stands still but for waiting, so that waits are exact.
    #[tokio::test(start_paused = true)]
    async fn late_slow_and_whole() {
        for (bytes, took) in [(100, 10_000), (5000, 200), (1, 1_000_000)] {
            let struck = Struck {
                latency: Duration::from_secs(5),
                bytes_per_second: NonZeroU32::new(bytes),
                ..Struck::default()
            };
            let begun = Instant::now();
            let response = sent(answer(struck)).await.unwrap();
            assert_eq!(begun.elapsed(), Duration::from_secs(5));
            assert_eq!(response.body().size_hint().exact(), Some(1000));
            let body = to_bytes(response.into_body(), 9999).await.unwrap();
            assert_eq!(body.len(), 1000);
            let took = Duration::from_millis(took);
            let elapsed = begun.elapsed().saturating_sub(Duration::from_secs(5));
            assert!(elapsed >= took && elapsed < took * 11 / 10, "{elapsed:?}");
        }
    }

    #[tokio::test]
    async fn cut_or_left_alone() {
        let struck = Struck {
            is_dropped: true,
            ..Struck::default()
        };
        assert!(sent(answer(struck)).await.is_err());
        assert!(sent(Response::new(Body::empty())).await.is_ok());
    }
}

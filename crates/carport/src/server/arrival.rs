//! Bodies arrive before their request is let in: a slow one holds no place of those in work, and
//! none takes longer than [`LIMIT`].

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use carport_web::Refusal;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

/// How long a body may take. The largest honest ones are a logo of 256 KiB, which somebody uploads at
/// a desk, and an owner's form of 40 KiB, two seconds of a slow telephone.
const LIMIT: Duration = Duration::from_secs(20);
/// Bytes that are waited for. No door takes more, but for the one that takes logos from members of a
/// team; the rest of a longer body is left to the door, which says so in its own tongue.
const KEPT: usize = 64 * 1024;

/// The body as far as it is waited for.
///
/// # Errors
/// It did not arrive in time, broke off or is badly written.
pub(super) async fn arrived<B>(body: B) -> Result<Body, Refusal>
where
    B: HttpBody<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    if body.is_end_stream() {
        return Ok(Body::empty());
    }
    let due = Instant::now() + LIMIT;
    let collected = timeout_at(due, collect(body, due)).await;
    collected.unwrap_or(Err(Refusal::SlowBody))
}

async fn collect<B>(mut body: B, due: Instant) -> Result<Body, Refusal>
where
    B: HttpBody<Data = Bytes> + Unpin + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    let mut kept = Kept::default();
    while kept.size() <= KEPT {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await;
        let Some(frame) = frame else {
            return Ok(Body::from(kept.whole()));
        };
        // Trailers have no meaning to any door.
        if let Ok(bytes) = frame.map_err(|_| Refusal::BrokenBody)?.into_data() {
            kept.add(bytes);
        }
    }
    Ok(Body::new(Longer {
        first: Some(kept.whole()),
        rest: body,
        due: Box::pin(sleep_until(due)),
    }))
}

/// What has arrived. One frame is the usual case and is not copied; many small ones are joined, or
/// each byte of a chunked body could cost a hundred.
#[derive(Default)]
struct Kept {
    first: Bytes,
    more: Vec<u8>,
}

impl Kept {
    fn size(&self) -> usize {
        self.first.len().max(self.more.len())
    }

    fn add(&mut self, bytes: Bytes) {
        if self.first.is_empty() && self.more.is_empty() {
            self.first = bytes;
            return;
        }
        if self.more.is_empty() {
            self.more = std::mem::take(&mut self.first).to_vec();
        }
        self.more.extend_from_slice(&bytes);
    }

    fn whole(self) -> Bytes {
        if self.more.is_empty() {
            self.first
        } else {
            self.more.into()
        }
    }
}

/// A body that has more than is waited for.
struct Longer<B> {
    first: Option<Bytes>,
    rest: B,
    due: Pin<Box<Sleep>>,
}

impl<B> HttpBody for Longer<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if self.due.as_mut().poll(cx).is_ready() {
            let late = axum::Error::new("the body did not arrive in time");
            return Poll::Ready(Some(Err(late)));
        }
        let frame = Pin::new(&mut self.rest).poll_frame(cx);
        frame.map_err(axum::Error::new)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use std::collections::VecDeque;

    /// Frames and their pauses; an empty list never ends.
    struct Slow(
        VecDeque<Result<&'static [u8], axum::Error>>,
        Option<Pin<Box<Sleep>>>,
        bool,
    );

    impl HttpBody for Slow {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            let next = Instant::now() + Duration::from_secs(3);
            let pause = self.1.get_or_insert_with(|| Box::pin(sleep_until(next)));
            std::task::ready!(pause.as_mut().poll(cx));
            self.1 = None;
            match self.0.pop_front() {
                Some(frame) => Poll::Ready(Some(
                    frame.map(|bytes| Frame::data(Bytes::from_static(bytes))),
                )),
                None if self.2 => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    fn slow(frames: usize, ends: bool) -> Slow {
        static FRAME: [u8; 16 * 1024] = [7; 16 * 1024];
        Slow(vec_of(frames, &FRAME), None, ends)
    }

    fn vec_of(frames: usize, frame: &'static [u8]) -> VecDeque<Result<&'static [u8], axum::Error>> {
        (0..frames).map(|_| Ok(frame)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_has_twenty_seconds() {
        let whole = arrived(slow(3, true)).await.unwrap();
        assert_eq!(to_bytes(whole, usize::MAX).await.unwrap().len(), 48 * 1024);
        let begun = Instant::now();
        assert_eq!(
            arrived(slow(1, false)).await.unwrap_err(),
            Refusal::SlowBody
        );
        assert_eq!(begun.elapsed().as_secs(), 20);
        // A longer one is handed over after 64 KiB, and its rest is bound by the same time.
        let longer = arrived(slow(99, true)).await.unwrap();
        let error = to_bytes(longer, usize::MAX).await.unwrap_err();
        assert!(format!("{error:?}").contains("in time"), "{error:?}");
        assert_eq!(begun.elapsed().as_secs(), 40);
    }

    #[tokio::test(start_paused = true)]
    async fn a_broken_body_is_refused() {
        let mut broken = slow(2, true);
        broken.0.push_back(Err(axum::Error::new("cut")));
        assert_eq!(arrived(broken).await.unwrap_err(), Refusal::BrokenBody);
    }
}

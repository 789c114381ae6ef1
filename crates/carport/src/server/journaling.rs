//! Writes the journal of a `dev` server: takes a look at what comes in and at what goes out.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use carport_management_api::simulator::journal::{BODY, Entry, Journal, Kind, Stars};
use carport_model::fault::Struck;
use carport_model::{Clock, Timestamp};
use carport_web::watch::Noted;

/// A journal and the time of its entries.
#[derive(Clone)]
pub(super) struct Journaling {
    pub(super) journal: Arc<Journal>,
    pub(super) clock: Arc<dyn Clock>,
}

/// A request that came in.
pub(super) struct Incoming {
    journaling: Journaling,
    began: Instant,
    at: Timestamp,
    method: Method,
    path: String,
    query: String,
    stars: Stars,
    sent: Option<String>,
}

/// An answer that goes out. Its entry is written when this is dropped: also when the client does
/// not wait for it.
pub(super) struct Outgoing {
    journal: Arc<Journal>,
    began: Instant,
    entry: Option<Entry>,
}

impl Journaling {
    /// The head of a request, as it was sent.
    pub(super) fn begin(&self, method: &Method, uri: &Uri) -> Incoming {
        let mut stars = Stars::default();
        Incoming {
            journaling: self.clone(),
            began: Instant::now(),
            at: self.clock.now(),
            method: method.clone(),
            path: uri.path().to_owned(),
            query: stars.query(uri.query().unwrap_or_default()),
            stars,
            sent: None,
        }
    }
}

impl Incoming {
    /// Takes a look at the body, which goes on as it is.
    pub(super) async fn look(&mut self, headers: &HeaderMap, body: Body) -> Body {
        let Some(kind) = kept(headers, &body) else {
            return body;
        };
        // It has arrived.
        let Ok(bytes) = to_bytes(body, BODY).await else {
            return Body::empty();
        };
        self.sent = self.stars.sent(kind, &bytes);
        Body::from(bytes)
    }

    /// Takes a look at the answer, which goes on as it is. Answers of what is not journaled leave
    /// no entry.
    pub(super) async fn finish(mut self, response: Response) -> (Response, Outgoing) {
        let (mut head, mut body) = response.into_parts();
        let noted = head.extensions.remove::<Noted>();
        let mut entry = None;
        if let Some(Noted { id, route, learned }) = noted {
            let mut answered = None;
            if let Some(kind) = kept(&head.headers, &body) {
                let bytes = to_bytes(body, BODY).await.unwrap_or_default();
                answered = self.stars.answered(kind, &bytes);
                body = Body::from(bytes);
            }
            let struck = head.extensions.get::<Struck>();
            entry = Some(Entry {
                at: self.at,
                took: self.began.elapsed(),
                method: self.method.to_string(),
                path: self.path,
                query: self.query,
                route,
                status: head.status.as_u16(),
                is_dropped: struck.is_some_and(|struck| struck.is_dropped),
                request: id,
                application: learned.application(),
                vehicle: learned.vehicle(),
                faults: struck
                    .map(|struck| struck.rules.iter().map(ToString::to_string).collect())
                    .unwrap_or_default(),
                sent: self.sent,
                answered,
            });
        }
        let outgoing = Outgoing {
            journal: self.journaling.journal,
            began: self.began,
            entry,
        };
        (Response::from_parts(head, body), outgoing)
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            let took = self.began.elapsed();
            self.journal.add(Entry { took, ..entry });
        }
    }
}

/// How a body is written that is kept: all of it is here, and it is not too long.
fn kept(headers: &HeaderMap, body: &Body) -> Option<Kind> {
    let length = body.size_hint().exact()?;
    let is_short = (1..=BODY as u64).contains(&length);
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Kind::of(kind).filter(|_| is_short)
}

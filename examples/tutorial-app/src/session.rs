//! Who is who: tokens stay on the server, the browser holds a random id only.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::{header, request::Parts};
use axum::response::AppendHeaders;
use carport_sdk::Access;

/// Cookies do not tell ports apart, so the name must not be one of another local server.
const COOKIE: &str = "carport_tutorial";
const MOST: usize = 1_000;
const LIFE: Duration = Duration::from_hours(12);

/// The session id a request came with; empty when there was none.
pub(crate) struct Visitor(String);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(header::COOKIE).iter();
        let mut cookies = lines.filter_map(|line| line.to_str().ok()?.split(';').find_map(ours));
        Ok(Self(cookies.next().unwrap_or_default().to_owned()))
    }
}

fn ours(cookie: &str) -> Option<&str> {
    cookie.trim().strip_prefix(COOKIE)?.strip_prefix('=')
}

/// The header that hands a browser its session id.
type SetCookie = AppendHeaders<[(header::HeaderName, String); 1]>;

struct Session {
    /// Sent to Connect, and expected back once.
    state: Option<String>,
    access: Option<Access>,
    born: Instant,
}

/// All sessions; they end with the process.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// The state for a run of Connect, kept in the visitor's session or in a new one. Two open
    /// tabs share it, and whichever finishes first counts.
    pub(crate) fn begin(&self, Visitor(id): &Visitor) -> (SetCookie, String) {
        if let Some(session) = self.lock().get_mut(id) {
            return (
                set_cookie(id),
                session.state.get_or_insert_with(random).clone(),
            );
        }
        let state = random();
        (self.insert(Some(state.clone()), None), state)
    }

    /// Whether this is the state the visitor was sent off with. It counts once.
    pub(crate) fn take_state(&self, Visitor(id): &Visitor, state: Option<&str>) -> bool {
        let mut all = self.lock();
        let Some(session) = all.get_mut(id) else {
            return false;
        };
        session
            .state
            .take_if(|sent| Some(sent.as_str()) == state)
            .is_some()
    }

    /// A session under a new id: an id from before the sign-in may be known to others.
    pub(crate) fn sign_in(&self, visitor: &Visitor, access: Access) -> SetCookie {
        self.end(visitor);
        self.insert(None, Some(access))
    }

    pub(crate) fn access(&self, Visitor(id): &Visitor) -> Option<Access> {
        let all = self.lock();
        all.get(id)
            .filter(|session| session.born.elapsed() < LIFE)?
            .access
            .clone()
    }

    pub(crate) fn keep(&self, Visitor(id): &Visitor, access: Access) {
        if let Some(session) = self.lock().get_mut(id) {
            session.access = Some(access);
        }
    }

    pub(crate) fn end(&self, Visitor(id): &Visitor) {
        self.lock().remove(id);
    }

    /// Makes room first: what is too old goes, then the oldest.
    fn insert(&self, state: Option<String>, access: Option<Access>) -> SetCookie {
        let (id, mut all) = (random(), self.lock());
        all.retain(|_, session| session.born.elapsed() < LIFE);
        let oldest = all
            .iter()
            .min_by_key(|(_, session)| session.born)
            .map(|(id, _)| id.clone());
        if let Some(oldest) = oldest.filter(|_| all.len() >= MOST) {
            all.remove(&oldest);
        }
        all.insert(
            id.clone(),
            Session {
                state,
                access,
                born: Instant::now(),
            },
        );
        set_cookie(&id)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set_cookie(id: &str) -> SetCookie {
    let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

/// 128 bits that nobody can guess, as text.
#[expect(
    clippy::disallowed_methods,
    reason = "not the server: a stand-alone app needs its own"
)]
fn random() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    format!("{:032x}", u128::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_bounded_and_the_oldest_goes_first() {
        let sessions = Sessions::default();
        let visits: Vec<_> = (0..=MOST)
            .map(|_| sessions.begin(&Visitor(String::new())))
            .collect();
        assert_eq!(sessions.lock().len(), MOST);
        let visitor = |(cookie, _): &(SetCookie, String)| {
            Visitor(
                ours(cookie.0[0].1.split(';').next().unwrap())
                    .unwrap()
                    .to_owned(),
            )
        };
        assert!(!sessions.take_state(&visitor(&visits[0]), Some(&visits[0].1)));
        assert!(sessions.take_state(&visitor(&visits[1]), Some(&visits[1].1)));
    }
}

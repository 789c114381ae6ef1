//! What a `dev` server, or one that lets applications ask for faults, does with each answer beside
//! sending it. Other servers have no [`Watch`].

use std::sync::Arc;

use axum::http::{HeaderValue, Method};
use axum::response::Response;
use carport_model::fault::{Faults, Room, Struck};
use carport_model::{Clock, RequestId};

use crate::fault::{FAULT, Target};
use crate::{Learned, paths};

/// Looks at the answers of the API, of OAuth and of Connect.
#[derive(Clone)]
pub struct Watch {
    /// Rules of what goes wrong.
    pub faults: Arc<Faults>,
    /// The time by which they go.
    pub clock: Arc<dyn Clock>,
    /// Whether answers carry [`Noted`], for a journal.
    pub is_journaled: bool,
}

/// What became of a request; travels in the extensions of its answer.
#[derive(Debug, Clone)]
pub struct Noted {
    /// Its id.
    pub id: RequestId,
    /// Pattern of its route.
    pub route: String,
    /// What was learned on the way.
    pub learned: Learned,
}

impl Watch {
    /// Notes on the answer what the listener is to do with it: [`Struck`] and [`Noted`].
    pub(crate) fn look_at(
        &self,
        response: &mut Response,
        method: &Method,
        noted: impl FnOnce() -> Option<Noted>,
    ) {
        if !self.is_journaled && !self.faults.is_armed() {
            return;
        }
        let Some(noted) = noted().filter(|noted| paths::is_api(&noted.route, method)) else {
            return;
        };
        if self.faults.is_armed()
            && let Some(struck) = self.struck(method, &noted)
        {
            mark(response, struck);
        }
        if self.is_journaled {
            response.extensions_mut().insert(noted);
        }
    }

    /// What the rules do to this request; those that passed no room where they are asked are asked
    /// about now.
    fn struck(&self, method: &Method, noted: &Noted) -> Option<Struck> {
        let learned = &noted.learned;
        if learned.struck().is_none() {
            let target = Target::at(&noted.route, method.clone(), learned.clone());
            let _ = target.strike(&self.faults, Room::WayOut, self.clock.now());
        }
        learned.struck().filter(|struck| !struck.rules.is_empty())
    }
}

/// Nobody should look for a mistake of theirs where a rule was at work.
fn mark(response: &mut Response, struck: Struck) {
    let rules: Vec<String> = struck.rules.iter().map(ToString::to_string).collect();
    let rules = rules.join(", ");
    tracing::info!(fault = %rules, "a fault on demand had a part in the answer");
    if let Ok(rules) = HeaderValue::try_from(rules) {
        response.headers_mut().insert(FAULT, rules);
    }
    response.extensions_mut().insert(struck);
}

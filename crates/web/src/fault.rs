//! Where faults on demand meet requests. Which rules there are and what they do is
//! [`carport_model::fault`]'s business.

use axum::extract::MatchedPath;
use axum::http::request::Parts;
use axum::http::{HeaderName, Method};
use carport_model::Timestamp;
use carport_model::fault::{Answer, Faults, Occasion, Room, Struck};

use crate::Learned;
use crate::envelope::Failure;

/// Header that names the rules that had a part in an answer.
pub const FAULT: HeaderName = HeaderName::from_static("sc-carport-fault");

/// A request as the rules know it.
#[derive(Debug, Clone)]
pub struct Target {
    route: Box<str>,
    method: Method,
    learned: Learned,
}

impl Target {
    /// That of a request; `None` where no rule could be about it, which costs next to nothing.
    #[must_use]
    pub fn of(faults: &Faults, parts: &Parts) -> Option<Box<Self>> {
        if !faults.is_armed() {
            return None;
        }
        let route = parts.extensions.get::<MatchedPath>()?;
        let learned = Learned::of(&parts.extensions);
        Some(Self::at(route.as_str(), parts.method.clone(), learned))
    }

    /// That of a request to a route.
    #[must_use]
    pub fn at(route: &str, method: Method, learned: Learned) -> Box<Self> {
        Box::new(Self {
            route: route.into(),
            method,
            learned,
        })
    }

    /// A read of a batch, by its whole pattern.
    #[must_use]
    pub fn part(&self, route: &str) -> Box<Self> {
        Self::at(route, Method::GET, self.learned.clone())
    }

    /// What the rules do to it in a room. What happens on the way out is noted.
    #[must_use]
    pub fn strike(&self, faults: &Faults, room: Room, now: Timestamp) -> Option<Struck> {
        let struck = faults.strike(&Occasion {
            room,
            application: self.learned.application(),
            vehicle: self.learned.vehicle(),
            route: &self.route,
            method: self.method.as_str(),
            is_batch: self.route.ends_with("/batch"),
            now,
        });
        self.learned.note_struck(struck.clone().unwrap_or_default());
        struck
    }

    /// What the rules do to it in a door that speaks the envelope of v2.0 and has no vehicle to
    /// tell of.
    ///
    /// # Errors
    /// The error that a rule gives.
    pub fn judge(&self, faults: &Faults, now: Timestamp) -> Result<(), Failure> {
        match self
            .strike(faults, Room::Vehicles, now)
            .and_then(|struck| struck.answer)
        {
            Some(Answer::Error(spec, retry_after)) => {
                Err(Failure::from(spec).retried_after(retry_after))
            }
            Some(Answer::OAuth(..)) | None => Ok(()),
        }
    }
}

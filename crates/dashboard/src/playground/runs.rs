//! What a run of the playground knows between its steps. It lies in memory, for an hour, and for
//! the browser that began it: tokens stand in no page and no address.

use std::collections::VecDeque;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carport_model::scope::Scope;
use carport_model::{ApplicationId, Digest, Rng, RunId, Secret, Timestamp};

use super::wire::Record;

/// How long a run is kept.
const LIVES: Duration = Duration::from_hours(1);
/// Runs of all browsers together, and of one; the oldest ends for one more.
const MOST: usize = 128;
const MOST_OF_ONE: usize = 16;

/// All runs of this process.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    /// From which verifiers follow; drawn when it is first needed.
    key: OnceLock<String>,
    held: Mutex<VecDeque<Run>>,
}

/// One run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Its id, for addresses.
    pub id: RunId,
    /// The browser that began it.
    pub browser: Digest,
    /// When it began.
    pub began_at: Timestamp,
    /// What was asked for.
    pub asked: Asked,
    /// What Connect answered, by name; the code is in `code`.
    pub arrived: Option<Vec<(String, String)>>,
    /// The code, until it is exchanged.
    pub code: Option<Secret<String>>,
    /// A client secret for the run.
    pub secret: Option<Secret<String>>,
    /// What the code was exchanged for.
    pub tokens: Option<Tokens>,
    /// The exchange.
    pub exchange: Option<Record>,
    /// The list of vehicles.
    pub listing: Option<Record>,
    /// The vehicles.
    pub cars: Vec<Car>,
    /// What was called last.
    pub last: Option<Last>,
}

/// What a run asks Connect for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// By which application.
    pub application: ApplicationId,
    /// Its name.
    pub name: String,
    /// Whether it has no secret.
    pub public: bool,
    /// Permissions.
    pub scope: Scope,
    /// `state`.
    pub state: String,
    /// The verifier whose challenge was sent.
    pub verifier: Option<Secret<String>>,
    /// Page one as it was, to begin again.
    pub again: String,
}

/// A pair of tokens.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    /// Opens the API.
    pub access: Secret<String>,
    /// Gives the next pair.
    pub refresh: Secret<String>,
}

/// A vehicle of the run.
#[derive(Debug, Clone)]
pub(crate) struct Car {
    /// Its id.
    pub id: String,
    /// Year, make and model, or the id when that was not granted.
    pub title: String,
    /// Its make.
    pub make: String,
    /// How that was asked.
    pub record: Record,
}

/// What was called last, and with what.
#[derive(Debug, Clone)]
pub(crate) struct Last {
    /// Heading.
    pub title: String,
    /// What was filled in.
    pub form: CallForm,
    /// Request and answer.
    pub record: Record,
}

/// The form of the fifth step as it was filled in.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallForm {
    /// Name of the endpoint.
    pub endpoint: String,
    /// Id of the vehicle.
    pub vehicle: String,
    /// Whether imperial units are wanted.
    pub imperial: bool,
    /// Query.
    pub query: String,
    /// Body.
    pub body: String,
}

/// What became of an answer of Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// It belongs to this run.
    First(RunId),
    /// This run has got its answer before.
    Again(RunId),
    /// No run of this browser waits for it.
    Stray,
}

impl Run {
    /// A run that has just begun.
    pub(crate) fn new(id: RunId, browser: Digest, began_at: Timestamp, asked: Asked) -> Self {
        Self {
            id,
            browser,
            began_at,
            asked,
            arrived: None,
            code: None,
            secret: None,
            tokens: None,
            exchange: None,
            listing: None,
            cars: Vec::new(),
            last: None,
        }
    }

    fn is_of(&self, browser: &Digest, now: Timestamp) -> bool {
        self.browser.matches(browser) && now < self.began_at.plus(LIVES)
    }
}

impl Runs {
    /// The verifier that belongs to a draft of a link. It follows from the draft, so that nothing
    /// is kept of links that are never opened.
    pub(crate) fn verifier(&self, draft: &str, rng: &dyn Rng) -> Secret<String> {
        let key = self.key.get_or_init(|| {
            let mut key = [0; 32];
            rng.fill(&mut key);
            URL_SAFE_NO_PAD.encode(key)
        });
        let digest = Digest::of(&format!("{key}{draft}"));
        Secret::new(URL_SAFE_NO_PAD.encode(digest.as_bytes()))
    }

    /// Keeps a run.
    pub(crate) fn begin(&self, run: Run, now: Timestamp) {
        let mut held = self.held();
        held.retain(|known| now < known.began_at.plus(LIVES));
        let of_one = |known: &Run| known.browser.matches(&run.browser);
        let oldest = if held.iter().filter(|known| of_one(known)).count() >= MOST_OF_ONE {
            held.iter().position(of_one)
        } else {
            (held.len() >= MOST).then_some(0)
        };
        oldest.map(|oldest| held.remove(oldest));
        held.push_back(run);
    }

    /// A run of this browser.
    pub(crate) fn find(&self, id: RunId, browser: &Digest, now: Timestamp) -> Option<Run> {
        self.change(id, browser, now, |run| run.clone())
    }

    /// Changes a run of this browser.
    pub(crate) fn change<T>(
        &self,
        id: RunId,
        browser: &Digest,
        now: Timestamp,
        change: impl FnOnce(&mut Run) -> T,
    ) -> Option<T> {
        let mut held = self.held();
        let run = held.iter_mut().find(|run| run.id == id)?;
        run.is_of(browser, now).then(|| change(run))
    }

    /// Gives an answer to the run of this browser that waits for it: the newest one with this
    /// state that has none yet.
    pub(crate) fn arrive(
        &self,
        (browser, now): (&Digest, Timestamp),
        state: &str,
        code: Option<&str>,
        parts: Vec<(String, String)>,
    ) -> Arrival {
        let mut held = self.held();
        let mut known = None;
        for run in held.iter_mut().rev() {
            if !run.is_of(browser, now) || run.asked.state != state {
                continue;
            }
            if run.arrived.is_none() {
                run.arrived = Some(parts);
                run.code = code.map(|code| Secret::new(code.to_owned()));
                return Arrival::First(run.id);
            }
            known = known.or(Some(run.id));
        }
        known.map_or(Arrival::Stray, Arrival::Again)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, VecDeque<Run>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    fn run(rng: &SeededRng, browser: &str, state: &str) -> Run {
        let asked = Asked {
            application: ApplicationId::draw(rng),
            name: String::new(),
            public: false,
            scope: Scope::default(),
            state: state.to_owned(),
            verifier: None,
            again: String::new(),
        };
        let began_at = Timestamp::from_millis(0);
        Run::new(RunId::draw(rng), Digest::of(browser), began_at, asked)
    }

    #[test]
    fn the_table_is_bounded_and_runs_end() {
        let (runs, rng, now) = (
            Runs::default(),
            SeededRng::new(0, 0),
            Timestamp::from_millis(1),
        );
        let first = run(&rng, "one", "s");
        let id = first.id;
        runs.begin(first, now);
        assert!(runs.find(id, &Digest::of("one"), now).is_some());
        assert!(runs.find(id, &Digest::of("other"), now).is_none());
        let late = Timestamp::from_millis(0).plus(LIVES);
        assert!(runs.find(id, &Digest::of("one"), late).is_none());
        (0..MOST_OF_ONE).for_each(|_| runs.begin(run(&rng, "one", "s"), now));
        assert!(runs.find(id, &Digest::of("one"), now).is_none());
        assert_eq!(runs.held().len(), MOST_OF_ONE);
        for count in 0..2 * MOST {
            runs.begin(run(&rng, &count.to_string(), "s"), now);
        }
        assert_eq!(runs.held().len(), MOST);
    }

    #[test]
    fn answers_find_their_run_once() {
        let (runs, rng, now) = (
            Runs::default(),
            SeededRng::new(0, 0),
            Timestamp::from_millis(1),
        );
        let (one, two) = (run(&rng, "one", "same"), run(&rng, "one", "same"));
        let ids = [one.id, two.id];
        runs.begin(one, now);
        runs.begin(two, now);
        let browser = Digest::of("one");
        let arrive =
            |state: &str, code| runs.arrive((&browser, now), state, Some(code), Vec::new());
        assert_eq!(arrive("other", "a"), Arrival::Stray);
        assert_eq!(arrive("same", "a"), Arrival::First(ids[1]));
        assert_eq!(arrive("same", "b"), Arrival::First(ids[0]));
        assert_eq!(arrive("same", "c"), Arrival::Again(ids[1]));
        let stranger = Digest::of("two");
        let strange = runs.arrive((&stranger, now), "same", None, Vec::new());
        assert_eq!(strange, Arrival::Stray);
        let code = runs.find(ids[0], &browser, now).unwrap().code.unwrap();
        assert_eq!(code.expose(), "b");
    }

    #[test]
    fn a_verifier_follows_from_its_draft() {
        let (runs, rng) = (Runs::default(), SeededRng::new(0, 0));
        let one = runs.verifier("draft", &rng);
        assert_eq!(one, runs.verifier("draft", &rng));
        assert_ne!(one, runs.verifier("other", &rng));
        assert_ne!(one, Runs::default().verifier("draft", &rng));
        assert_eq!(one.expose().len(), 43);
    }
}

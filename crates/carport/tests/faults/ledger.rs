//! What a client was told, and whether it still holds.
//!
//! Each worker keeps a ledger of its own, so at most one request of a ledger is in flight when a
//! fault strikes. What was in flight is [`Fate::Unknown`]: either outcome is right, but it must be
//! the same for all that hangs together.

use std::time::{Duration, Instant};

use crate::chance::Chance;
use crate::client::{Client, Tokens};
use crate::walk::Walk;

/// Sent again this soon after its exchange, a code is refused and nothing else happens; the
/// server's ten seconds, less what a request may take.
pub const HARMLESS: Duration = Duration::from_secs(8);
/// After this long a code that is sent again ends what it gave.
const THEFT: Duration = Duration::from_secs(12);
/// A used refresh token works for ten minutes more, less what a test may take.
const GRACE: Duration = Duration::from_mins(8);
/// Grants of earlier rounds that a check looks at again.
const SAMPLE: usize = 6;

/// What is known of a grant or of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It works.
    Lives,
    /// It was ended, and that was acknowledged.
    Ended(Instant),
    /// A request to end it got no answer.
    Unknown,
}

/// A pair of tokens.
#[derive(Debug, Clone)]
pub struct Pair {
    pub tokens: Tokens,
    pub given: Instant,
    /// Of the access token alone.
    pub fate: Fate,
    /// When its refresh token was first sent.
    pub used: Option<Instant>,
}

/// Everything that came of one code.
#[derive(Debug, Clone)]
pub struct Grant {
    pub code: Code,
    pub exchanged: Instant,
    pub fate: Fate,
    pub pairs: Vec<Pair>,
    /// Something was done to it since it was checked.
    pub touched: bool,
}

/// A code that was acknowledged.
#[derive(Debug, Clone)]
pub struct Code {
    pub text: String,
    pub given: Instant,
}

/// The answers to one worker.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub grants: Vec<Grant>,
    /// Codes that were never sent.
    pub fresh: Vec<Code>,
    /// Codes whose exchange got no answer.
    pub doubtful: Vec<Code>,
    /// Runs that were broken off.
    pub walks: Vec<Walk>,
    /// Answers that told something was done.
    pub acknowledged: u64,
    /// Answers 503.
    pub unavailable: u64,
}

impl Pair {
    pub fn new(tokens: Tokens) -> Self {
        assert_eq!(tokens.lifetime, 7200, "access tokens live two hours");
        Self {
            tokens,
            given: Instant::now(),
            fate: Fate::Lives,
            used: None,
        }
    }
}

impl Grant {
    pub fn new(code: Code, tokens: Tokens) -> Self {
        Self {
            code,
            exchanged: Instant::now(),
            fate: Fate::Lives,
            pairs: vec![Pair::new(tokens)],
            touched: true,
        }
    }

    /// A used code that is sent again is refused; late, that ends what it gave.
    pub fn was_replayed(&mut self) {
        self.touched = true;
        if self.exchanged.elapsed() > HARMLESS && self.fate == Fate::Lives {
            self.fate = if self.exchanged.elapsed() > THEFT {
                Fate::Ended(Instant::now())
            } else {
                Fate::Unknown
            };
        }
    }

    /// Everything that was given for the code works, or nothing does.
    async fn check(&mut self, client: &Client) {
        if self.fate == Fate::Unknown {
            self.fate = self.look(client).await;
        }
        for pair in &mut self.pairs {
            let works = client.works(&pair.tokens.access).await.unwrap();
            match (self.fate, pair.fate) {
                (Fate::Ended(_), _) => assert!(!works, "a revoked grant's token works: {pair:?}"),
                (_, Fate::Ended(_)) => assert!(!works, "a revoked token works: {pair:?}"),
                (_, Fate::Lives) => assert!(works, "a token is lost: {pair:?}"),
                (_, Fate::Unknown) if works => pair.fate = Fate::Lives,
                (_, Fate::Unknown) => pair.fate = Fate::Ended(Instant::now()),
            }
        }
        let lives = self.fate == Fate::Lives;
        let mut fresh = Vec::new();
        for pair in self.pairs.iter_mut().rev().take(2) {
            if pair.used.is_some_and(|used| used.elapsed() > GRACE) {
                continue;
            }
            let granted = client.refresh(&pair.tokens.refresh).await.unwrap();
            pair.used.get_or_insert_with(Instant::now);
            assert_eq!(granted.is_some(), lives, "refresh of {pair:?}");
            fresh.extend(granted.map(Pair::new));
        }
        for pair in &fresh {
            assert!(client.works(&pair.tokens.access).await.unwrap());
        }
        self.pairs.extend(fresh);
        self.touched = false;
    }

    /// How a revocation that got no answer ended.
    async fn look(&self, client: &Client) -> Fate {
        let other = self.pairs.iter().find(|pair| pair.fate == Fate::Lives);
        let lives = if let Some(pair) = other {
            client.works(&pair.tokens.access).await.unwrap()
        } else {
            let refresh = &self.pairs.last().unwrap().tokens.refresh;
            client.refresh(refresh).await.unwrap().is_some()
        };
        if lives {
            Fate::Lives
        } else {
            Fate::Ended(Instant::now())
        }
    }
}

impl Ledger {
    /// Checks what happened since the last check and a sample of the rest, or all of it.
    /// Revocations and what is new are always among it.
    pub async fn check(&mut self, client: &Client, chance: &Chance, all: bool) {
        for walk in self.walks.drain(..) {
            assert!(walk.is_there(client).await.unwrap(), "lost: {walk:?}");
        }
        for code in std::mem::take(&mut self.doubtful) {
            let tokens = client.exchange(&code.text).await.unwrap();
            self.settle(client, code, tokens).await;
        }
        let keep = if all { 0 } else { 2 };
        while self.fresh.len() > keep {
            let code = self.fresh.remove(0);
            let tokens = client.exchange(&code.text).await.unwrap();
            assert!(tokens.is_some(), "a code is lost: {code:?}");
            self.settle(client, code, tokens).await;
        }
        let sample: Vec<usize> = (0..SAMPLE)
            .filter_map(|_| chance.one_of(self.grants.len()))
            .collect();
        for (index, grant) in self.grants.iter_mut().enumerate() {
            if all || grant.touched || sample.contains(&index) {
                grant.check(client).await;
            } else if let Fate::Ended(_) = grant.fate {
                let newest = &grant.pairs.last().unwrap().tokens.access;
                assert!(!client.works(newest).await.unwrap(), "{grant:?}");
            }
        }
    }

    /// A code that was just exchanged, or was found to be spent, does not work again.
    async fn settle(&mut self, client: &Client, code: Code, tokens: Option<Tokens>) {
        let again = client.exchange(&code.text).await.unwrap();
        assert!(again.is_none(), "a code works twice: {code:?}");
        if let Some(tokens) = tokens {
            // User, vehicles and connections were made with the code, or none of them.
            let vehicles = client.vehicles(&tokens.access).await.unwrap();
            assert!(vehicles > 0, "a grant without its vehicles");
            self.grants.push(Grant::new(code, tokens));
        }
    }

    /// What a copy taken between `began` and now must hold: everything from before it, except that
    /// what ended since may have ended in the copy or not.
    pub fn as_of(&self, began: Instant) -> Self {
        let ended = |fate: &mut Fate| {
            if matches!(fate, Fate::Ended(at) if *at > began) {
                *fate = Fate::Unknown;
            }
        };
        let mut past = Self::default();
        for grant in &self.grants {
            let mut grant = grant.clone();
            grant.touched = true;
            grant.pairs.retain(|pair| pair.given < began);
            ended(&mut grant.fate);
            for pair in &mut grant.pairs {
                ended(&mut pair.fate);
            }
            if !grant.pairs.is_empty() {
                past.grants.push(grant);
            } else if grant.code.given < began {
                past.doubtful.push(grant.code);
            }
        }
        let before = |codes: &[Code]| -> Vec<Code> {
            let codes = codes.iter().filter(|code| code.given < began);
            codes.cloned().collect()
        };
        past.fresh = before(&self.fresh);
        past.doubtful.extend(before(&self.doubtful));
        past
    }
}

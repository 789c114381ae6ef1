//! The mixed load: several clients at once that get codes, exchange, refresh, revoke and read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::chance::Chance;
use crate::client::{Client, Lost};
use crate::ledger::{Code, Fate, Grant, Ledger, Pair};
use crate::walk::Walk;

/// Clients at once.
const WORKERS: usize = 8;

/// The clients and what they were told.
pub struct Crew {
    ledgers: Vec<Ledger>,
    chance: Chance,
}

/// Clients at work.
pub struct Shift {
    stop: Arc<AtomicBool>,
    /// Codes exchanged in it.
    granted: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<Ledger>>,
}

impl Shift {
    /// Waits until this many codes were exchanged, which takes a busy machine longer.
    pub async fn granted(&self, enough: usize) {
        while self.granted.load(Ordering::Relaxed) < enough {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Crew {
    pub fn new(chance: &Chance) -> Self {
        Self {
            ledgers: (0..WORKERS).map(|_| Ledger::default()).collect(),
            chance: chance.split(),
        }
    }

    /// Sends the clients to work; they end when the server is gone or they are told to.
    pub fn work(&mut self, client: &Client) -> Shift {
        let stop = Arc::new(AtomicBool::new(false));
        let granted = Arc::<AtomicUsize>::default();
        let ledgers = std::mem::take(&mut self.ledgers).into_iter();
        let tasks = ledgers.enumerate().map(|(number, ledger)| {
            let worker = Worker {
                number,
                client: client.clone(),
                chance: self.chance.split(),
                ledger,
                granted: Arc::clone(&granted),
            };
            tokio::spawn(worker.work(Arc::clone(&stop)))
        });
        Shift {
            tasks: tasks.collect(),
            stop,
            granted,
        }
    }

    /// Works for a while on a healthy server.
    pub async fn work_for(&mut self, client: &Client, time: Duration) {
        let shift = self.work(client);
        tokio::time::sleep(time).await;
        self.back(shift).await;
    }

    /// Waits for the clients of a shift.
    pub async fn back(&mut self, shift: Shift) {
        shift.stop.store(true, Ordering::Relaxed);
        for task in shift.tasks {
            self.ledgers.push(task.await.unwrap());
        }
    }

    /// Checks the ledgers against a healthy server.
    pub async fn check(&mut self, client: &Client, all: bool) {
        let ledgers = std::mem::take(&mut self.ledgers).into_iter();
        let tasks: Vec<_> = ledgers
            .map(|mut ledger| {
                let (client, chance) = (client.clone(), self.chance.split());
                tokio::spawn(async move {
                    ledger.check(&client, &chance, all).await;
                    ledger
                })
            })
            .collect();
        for task in tasks {
            self.ledgers.push(task.await.unwrap());
        }
    }

    /// The crew as of a moment.
    pub fn as_of(&self, began: Instant) -> Self {
        Self {
            ledgers: self.ledgers.iter().map(|l| l.as_of(began)).collect(),
            chance: self.chance.split(),
        }
    }

    /// An access token that works and that no client of this crew will end.
    pub async fn bystander(client: &Client) -> String {
        let code = client.consent("bystander@mail.test").await.unwrap();
        client.exchange(&code).await.unwrap().unwrap().access
    }

    /// How many grants the ledgers know.
    pub fn grants(&self) -> usize {
        self.ledgers.iter().map(|ledger| ledger.grants.len()).sum()
    }

    /// How many requests were acknowledged, and how many were answered 503.
    pub fn count(&self) -> (u64, u64) {
        let sum = |of: fn(&Ledger) -> u64| self.ledgers.iter().map(of).sum();
        (
            sum(|ledger| ledger.acknowledged),
            sum(|ledger| ledger.unavailable),
        )
    }
}

struct Worker {
    number: usize,
    client: Client,
    chance: Chance,
    ledger: Ledger,
    granted: Arc<AtomicUsize>,
}

impl Worker {
    async fn work(mut self, stop: Arc<AtomicBool>) -> Ledger {
        while !stop.load(Ordering::Relaxed) {
            match self.act().await {
                Ok(()) => self.ledger.acknowledged += 1,
                Err(Lost::Unavailable) => {
                    self.ledger.unavailable += 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(Lost::Cut) => break,
            }
        }
        self.ledger
    }

    async fn act(&mut self) -> Result<(), Lost> {
        match self.chance.below(20) {
            0..4 => self.consent().await,
            4..6 => self.walk().await,
            6..11 => self.exchange().await,
            11..15 => self.refresh().await,
            15 => self.replay().await,
            16 => self.revoke_access().await,
            17 => self.revoke_grant().await,
            _ => self.read().await,
        }
    }

    fn login(&self) -> String {
        let (number, more) = (self.number, self.chance.below(1_000_000));
        format!("owner-{number}-{more}%40mail.test")
    }

    fn keep(&mut self, text: String) {
        let given = Instant::now();
        self.ledger.fresh.push(Code { text, given });
    }

    async fn consent(&mut self) -> Result<(), Lost> {
        let login = self.login().replace("%40", "@");
        let code = self.client.consent(&login).await?;
        self.keep(code);
        Ok(())
    }

    async fn walk(&mut self) -> Result<(), Lost> {
        let login = self.login();
        let mut walk = Walk::begin(&self.client).await?;
        match walk.finish(&self.client, &login).await {
            Ok(code) => self.keep(code),
            Err(lost) => {
                self.ledger.walks.push(walk);
                return Err(lost);
            }
        }
        Ok(())
    }

    async fn exchange(&mut self) -> Result<(), Lost> {
        let Some(code) = self.ledger.fresh.pop() else {
            return Ok(());
        };
        match self.client.exchange(&code.text).await {
            Ok(Some(tokens)) => {
                self.ledger.grants.push(Grant::new(code, tokens));
                self.granted.fetch_add(1, Ordering::Relaxed);
            }
            Ok(None) => panic!("a fresh code is refused: {code:?}"),
            Err(lost) => {
                self.ledger.doubtful.push(code);
                return Err(lost);
            }
        }
        Ok(())
    }

    /// One of the latest grants, so that rounds stay short.
    fn some_grant(&mut self) -> Option<&mut Grant> {
        let count = self.ledger.grants.len();
        let back = self.chance.one_of(count.min(30))?;
        let grant = &mut self.ledger.grants[count - 1 - back];
        (grant.fate != Fate::Unknown).then_some(grant)
    }

    async fn refresh(&mut self) -> Result<(), Lost> {
        let client = self.client.clone();
        let Some(grant) = self.some_grant() else {
            return Ok(());
        };
        grant.touched = true;
        let pair = grant.pairs.last_mut().unwrap();
        pair.used.get_or_insert_with(Instant::now);
        let granted = client.refresh(&pair.tokens.refresh).await?;
        assert_eq!(granted.is_some(), grant.fate == Fate::Lives, "{grant:?}");
        grant.pairs.extend(granted.map(Pair::new));
        Ok(())
    }

    async fn replay(&mut self) -> Result<(), Lost> {
        let client = self.client.clone();
        let Some(grant) = self.some_grant() else {
            return Ok(());
        };
        let before = grant.fate;
        let outcome = client.exchange(&grant.code.text).await;
        grant.was_replayed();
        if outcome.is_err() && grant.fate != before {
            grant.fate = Fate::Unknown;
        }
        assert!(outcome?.is_none(), "a code works twice: {grant:?}");
        Ok(())
    }

    async fn revoke_access(&mut self) -> Result<(), Lost> {
        let client = self.client.clone();
        let Some(grant) = self.some_grant() else {
            return Ok(());
        };
        grant.touched = true;
        let pair = grant.pairs.last_mut().unwrap();
        if pair.fate == Fate::Lives {
            pair.fate = Fate::Unknown;
            client.revoke(&pair.tokens.access).await?;
            pair.fate = Fate::Ended(Instant::now());
        }
        Ok(())
    }

    async fn revoke_grant(&mut self) -> Result<(), Lost> {
        let client = self.client.clone();
        let Some(grant) = self.some_grant() else {
            return Ok(());
        };
        grant.touched = true;
        if grant.fate == Fate::Lives {
            grant.fate = Fate::Unknown;
            client.revoke(&grant.pairs[0].tokens.refresh).await?;
            grant.fate = Fate::Ended(Instant::now());
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Lost> {
        let client = self.client.clone();
        let Some(grant) = self.some_grant() else {
            return Ok(());
        };
        let pair = grant.pairs.last().unwrap();
        let works = client.works(&pair.tokens.access).await?;
        if pair.fate != Fate::Unknown {
            let lives = grant.fate == Fate::Lives && pair.fate == Fate::Lives;
            assert_eq!(works, lives, "{grant:?}");
        }
        Ok(())
    }
}

//! What bearer requests ask again and again, in memory: access tokens and connections.
//!
//! A cached answer is dropped by the change that makes it untrue ([`crate::change_log`]). On
//! PostgreSQL, where other replicas make changes too, it is trusted only while the log was read
//! within the last second; after that each request asks the database.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use carport_model::{
    Account, Application, ApplicationId, ConnectSettings, Digest, FamilyId, Held, Mode,
    Permissions, Precision, Timestamp, UserId, Vehicle, VehicleId,
};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Lifecycle, UnitWeighter};

use crate::change_log::Change;
use crate::client_secrets::ClientSecret;
use crate::remembered::{Access, EndsWhatLeaves, Remembered};
use crate::simulations::Simulated;

/// Tokens, and connections, that are remembered: a million cars, each with the token it was just
/// given and the one before. Memory is taken as they come, about 2 KB for a car and its token.
const CAPACITY: usize = 2_000_000;
/// Applications that are remembered.
const CLIENTS: usize = 10_000;
/// Revoked tokens that are remembered.
const REFUSED: usize = 10_000;
/// Ended families that are remembered before everything about tokens is forgotten.
const ENDED: usize = 100_000;
/// How old the last look at the change log may be.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// What an access token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessGrant {
    /// Application that holds the token.
    pub application: ApplicationId,
    /// Owner it speaks for.
    pub user: UserId,
    /// Mode of everything it reaches.
    pub mode: Mode,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Rotation family it ends with.
    pub family: FamilyId,
    /// Whether the application is suspended: the token is known and opens nothing.
    pub is_suspended: bool,
}

/// A user's connection to a vehicle and all that a read needs to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Connected {
    /// The owner.
    pub user: UserId,
    /// The account that reaches the vehicle.
    pub account: Account,
    /// The vehicle.
    pub vehicle: Vehicle,
    /// What the owner granted, in the order it was asked for.
    pub permissions: Permissions,
    /// How exactly the application may know where the vehicle is.
    pub precision: Precision,
    /// The developer's own id of the connection.
    pub external_id: Option<String>,
    /// What commands and choices have set on the vehicle.
    pub held: Held,
    /// The simulation it follows, if it is a car that was made in the simulator.
    pub simulation: Simulated,
    /// When the first of the users who are connected to the vehicle connected it: its place among
    /// the vehicles of the application.
    pub since: Timestamp,
}

/// An application, the secrets by which it is known, and what it has set about Connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The application, enabled or not.
    pub application: Application,
    /// Its secrets, also those that have expired.
    pub secrets: Vec<ClientSecret>,
    /// What owners notice of it.
    pub settings: Arc<ConnectSettings>,
}

/// Connections by owner and vehicle.
type Cars =
    Cache<(UserId, VehicleId), Arc<Remembered>, UnitWeighter, DefaultHashBuilder, EndsWhatLeaves>;

/// All caches of a process.
#[derive(Debug)]
pub(crate) struct Caches {
    access: Cache<Digest, Access>,
    /// Families that ended while tokens of theirs may be in `access`, where nobody finds them by
    /// their family. Held while `access` is asked.
    ended: RwLock<HashSet<FamilyId>>,
    /// Tokens that were found revoked: a client that goes on with one costs no look-up.
    refused: Cache<Digest, ()>,
    connected: Cars,
    clients: Cache<ApplicationId, Arc<Client>>,
    /// Counts the changes applied, so that an answer read before one is not kept after it. Held
    /// while an entry is put in and while a change takes entries out, so that no one is shown an
    /// entry that is out of date.
    version: Mutex<u64>,
    /// Where this process makes every change: the place of the last access token on the disk. A
    /// token behind it is unknown without a look-up, and nearly every made-up one is.
    last_issued: Option<AtomicU64>,
    /// When the change log was last read; `None` where this process makes every change.
    confirmed: Option<Mutex<Option<Instant>>>,
}

impl Caches {
    /// For SQLite, where every change is made by this process. `last_issued` is the place of the
    /// last access token in the database.
    pub(crate) fn trusted(last_issued: u64) -> Self {
        Self {
            last_issued: Some(AtomicU64::new(last_issued)),
            access: cache(CAPACITY, DefaultLifecycle::default()),
            ended: RwLock::default(),
            refused: cache(REFUSED, DefaultLifecycle::default()),
            connected: cache(CAPACITY, EndsWhatLeaves),
            clients: cache(CLIENTS, DefaultLifecycle::default()),
            version: Mutex::default(),
            confirmed: None,
        }
    }

    /// For PostgreSQL, where the log must be followed.
    pub(crate) fn polled() -> Self {
        Self {
            confirmed: Some(Mutex::new(None)),
            last_issued: None,
            ..Self::trusted(0)
        }
    }

    /// To be taken before the database is asked and handed in with its answer.
    pub(crate) fn version(&self) -> u64 {
        *self.locked()
    }

    fn locked(&self) -> MutexGuard<'_, u64> {
        self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn access(&self, token: &Digest) -> Option<Access> {
        if !self.is_trusted() {
            return None;
        }
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        let access = self.access.get(token)?;
        (ended.is_empty() || !ended.contains(&access.grant.family)).then_some(access)
    }

    /// Whether the token is known to be revoked, or not to exist.
    pub(crate) fn is_refused(&self, token: &Digest) -> bool {
        let unknown = self
            .last_issued
            .as_ref()
            .is_some_and(|last| token.place() > last.load(Ordering::Acquire));
        unknown || (self.is_trusted() && self.refused.get(token).is_some())
    }

    /// A token of this place is on the disk; before its owner learns of it.
    pub(crate) fn note_issued(&self, place: u64) {
        if let Some(last) = &self.last_issued {
            last.fetch_max(place, Ordering::Release);
        }
    }

    pub(crate) fn refuse(&self, token: Digest, seen: u64) {
        let version = self.locked();
        if *version == seen {
            self.refused.insert(token, ());
        }
    }

    pub(crate) fn client(&self, id: ApplicationId) -> Option<Arc<Client>> {
        self.is_trusted().then(|| self.clients.get(&id)).flatten()
    }

    /// The connection that a token was used for, if it is this vehicle's and still stands.
    pub(crate) fn car_of(&self, access: &Access, vehicle: VehicleId) -> Option<Arc<Remembered>> {
        let car = access.car.as_ref()?;
        let stands = car.vehicle.id == vehicle && !car.is_outdated() && self.is_trusted();
        stands.then(|| Arc::clone(car))
    }

    pub(crate) fn connected(&self, user: UserId, vehicle: VehicleId) -> Option<Arc<Remembered>> {
        self.is_trusted()
            .then(|| self.connected.get(&(user, vehicle)))
            .flatten()
    }

    pub(crate) fn keep_access(&self, token: Digest, access: Access, seen: u64) -> Access {
        let version = self.locked();
        if *version == seen {
            self.access.insert(token, access.clone());
        }
        access
    }

    /// The token was used for this vehicle. One that is used for several keeps the first, as long as
    /// that one stands: it is not worth a lock at each request.
    pub(crate) fn keep_car_of(&self, token: Digest, car: &Arc<Remembered>, seen: u64) {
        let version = self.locked();
        if *version != seen {
            return;
        }
        let Some(known) = self.access.get(&token) else {
            return;
        };
        let has_one = known.car.as_ref().is_some_and(|car| !car.is_outdated());
        if !has_one && !car.is_outdated() {
            let (grant, car) = (known.grant, Some(Arc::clone(car)));
            self.access.insert(token, Access { grant, car });
        }
    }

    pub(crate) fn keep_connected(
        &self,
        key: (UserId, VehicleId),
        connected: Connected,
        seen: u64,
    ) -> Arc<Remembered> {
        let connected = Arc::new(Remembered::new(connected));
        let version = self.locked();
        if *version == seen {
            self.forget_connected(&key);
            self.connected.insert(key, Arc::clone(&connected));
        } else {
            connected.end();
        }
        connected
    }

    fn forget_connected(&self, key: &(UserId, VehicleId)) {
        if let Some((_, connected)) = self.connected.remove(key) {
            connected.end();
        }
    }

    pub(crate) fn keep_client(&self, client: Arc<Client>, seen: u64) -> Arc<Client> {
        let version = self.locked();
        if *version == seen {
            self.clients
                .insert(client.application.id, Arc::clone(&client));
        }
        client
    }

    /// Forgets what these changes made untrue.
    pub(crate) fn apply(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let mut version = self.locked();
        *version += 1;
        for change in changes {
            match change {
                Change::Token(digest) => drop(self.access.remove(digest)),
                Change::Connection(user, vehicle) => {
                    self.forget_connected(&(*user, *vehicle));
                }
                Change::Family(family) => self.end(*family),
                Change::Client(id) => drop(self.clients.remove(id)),
                // Connections that tokens keep go with the tokens.
                Change::Everything => {
                    self.access.clear();
                    self.refused.clear();
                    self.connected.clear();
                    self.clients.clear();
                }
            }
        }
    }

    fn end(&self, family: FamilyId) {
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        // Replicas read the same entry of the log several times.
        if ended.len() == ENDED && !ended.contains(&family) {
            // Without entries there is nothing to be remembered about them.
            self.access.clear();
            ended.clear();
        }
        ended.insert(family);
    }

    /// The log, asked at `asked_at`, held these changes: what is cached now is true as of then.
    ///
    /// The log looks back only ten seconds, nine of which a transaction may have taken to commit. A
    /// cache that was not trusted for a while may have missed something: it begins anew.
    pub(crate) fn confirm(&self, changes: &[Change], asked_at: Instant) {
        let Some(confirmed) = &self.confirmed else {
            return self.apply(changes);
        };
        let mut confirmed = confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        let has_followed =
            confirmed.is_some_and(|at| asked_at.saturating_duration_since(at) < TRUSTED_FOR);
        if has_followed {
            self.apply(changes);
        } else {
            self.apply(&[Change::Everything]);
        }
        *confirmed = Some(asked_at);
    }

    fn is_trusted(&self) -> bool {
        self.confirmed.as_ref().is_none_or(|confirmed| {
            confirmed
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some_and(|at| at.elapsed() < TRUSTED_FOR)
        })
    }
}

/// A cache that takes memory for what is in it, not for what may come.
fn cache<K: Eq + Hash, V: Clone, L: Lifecycle<K, V> + Clone>(
    capacity: usize,
    lifecycle: L,
) -> Cache<K, V, UnitWeighter, DefaultHashBuilder, L> {
    let hasher = DefaultHashBuilder::default();
    Cache::with(1_000, capacity as u64, UnitWeighter, hasher, lifecycle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    fn access() -> Access {
        Access::new(grant())
    }

    fn grant() -> AccessGrant {
        let rng = SeededRng::new(0, 0);
        AccessGrant {
            application: ApplicationId::draw(&rng),
            user: UserId::draw(&rng),
            mode: Mode::Test,
            issued_at: Timestamp::default(),
            expires_at: Timestamp::default(),
            family: FamilyId::draw(&rng),
            is_suspended: false,
        }
    }

    #[test]
    fn an_answer_older_than_a_change_is_not_kept() {
        let caches = Caches::trusted(u64::MAX);
        let token = Digest::of("token");
        let seen = caches.version();
        caches.apply(&[Change::Token(token)]);
        caches.keep_access(token, access(), seen);
        assert!(caches.access(&token).is_none());
        caches.keep_access(token, access(), caches.version());
        assert!(caches.access(&token).is_some());
        caches.apply(&[Change::Everything]);
        assert!(caches.access(&token).is_none());
    }

    #[test]
    fn a_token_behind_the_last_one_is_unknown_until_it_is_issued() {
        let token = Digest::of("token");
        let caches = Caches::trusted(token.place() - 1);
        assert!(caches.is_refused(&token));
        caches.note_issued(token.place());
        caches.note_issued(0);
        assert!(!caches.is_refused(&token));
        // Other replicas issue tokens too.
        assert!(!Caches::polled().is_refused(&token));
    }

    #[test]
    fn a_revoked_token_is_remembered_until_everything_is_forgotten() {
        let (caches, token) = (Caches::trusted(u64::MAX), Digest::of("token"));
        let seen = caches.version();
        caches.refuse(token, seen);
        assert!(caches.is_refused(&token) && !caches.is_refused(&Digest::of("other")));
        caches.apply(&[Change::Token(Digest::of("other"))]);
        assert!(caches.is_refused(&token));
        caches.apply(&[Change::Everything]);
        assert!(!caches.is_refused(&token));
    }

    #[test]
    fn a_family_takes_all_its_tokens_with_it_and_no_other() {
        let caches = Caches::trusted(u64::MAX);
        let (one, two, other) = (Digest::of("1"), Digest::of("2"), Digest::of("3"));
        let mut stranger = grant();
        stranger.family = FamilyId::from_bytes([7; 16]);
        for (token, grant) in [(one, grant()), (two, grant()), (other, stranger)] {
            caches.keep_access(token, Access::new(grant), caches.version());
        }
        caches.apply(&[Change::Family(grant().family)]);
        assert!(caches.access(&one).is_none() && caches.access(&two).is_none());
        assert!(caches.access(&other).is_some());
        for number in 0..ENDED {
            let id = u128::try_from(number).unwrap() + 1;
            caches.apply(&[Change::Family(FamilyId::from_bytes(id.to_be_bytes()))]);
        }
        assert!(caches.access(&one).is_none() && caches.access(&other).is_none());
        assert!(caches.ended.read().unwrap().len() <= ENDED);
    }

    #[test]
    fn a_polled_cache_is_silent_until_the_log_was_read_and_when_it_is_old() {
        let caches = Caches::polled();
        let token = Digest::of("token");
        let now = Instant::now();
        let long_ago = now.checked_sub(Duration::from_secs(2)).unwrap();
        caches.confirm(&[], long_ago);
        caches.keep_access(token, access(), caches.version());
        assert!(caches.access(&token).is_none());
        // What ended in between may have left the log again.
        caches.confirm(&[], now);
        assert!(caches.access(&token).is_none());
        caches.keep_access(token, access(), caches.version());
        assert!(caches.access(&token).is_some());
        caches.confirm(&[], Instant::now());
        assert!(caches.access(&token).is_some());
    }
}

//! An attempt to sign in: through the connector, with a bound on wrong tries, to the cars.

use std::sync::Arc;
use std::time::Duration;

use carport_connector::{AccountKey, Connector, Fault, LoginInput, LoginRefused, LoginStep};
use carport_model::account::normalise_login;
use carport_model::run::event::Event;
use carport_model::run::{Progress, Step};
use carport_model::vehicle::FoundVehicle;
use carport_model::{BrandId, Permissions, Secret, Vin};
use carport_store::{Tx, connections, users};

use crate::flow::{Next, Walk};
use crate::problem::ConnectError;

/// Wrong tries that lock the form, and for how long. Source: contract connect-oauth, A.6.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(30);

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The run goes on.
    Next(Next),
    /// The form comes back.
    Refused(Trouble),
}

/// What stands in the way on a form of the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A field is empty.
    Incomplete,
    /// A field is far too long or holds control characters.
    Malformed,
    /// Not accepted; so many tries are left.
    Wrong { left: u32 },
    /// Too many wrong tries.
    Locked { seconds: u64 },
    /// The brand's service failed.
    Unreachable,
}

impl Walk {
    /// Signs in to the chosen brand.
    pub(crate) async fn sign_in(
        &self,
        login: &str,
        password: &Secret<String>,
    ) -> Result<Attempt, ConnectError> {
        let brand = self.brand().ok_or(ConnectError::NoRun)?;
        if let Some(locked) = self.take_try().await? {
            return Ok(Attempt::Refused(locked));
        }
        let account = self.account(brand.id.clone(), normalise_login(login));
        let input = LoginInput {
            account: &account,
            brand,
            country: &self.run.progress.country,
            password,
            vin: self.asked_for(&account),
        };
        let Some(connector) = self.connector() else {
            return Ok(Attempt::Refused(Trouble::Unreachable));
        };
        match connector.login(&input).await {
            Ok(step) => self.accepted(account, step).await,
            Err(refused) => self.refused(account, refused, Step::Login).await,
        }
    }

    /// Checks the one-time code of a sign-in that asked for one.
    pub(crate) async fn confirm(&self, code: &str) -> Result<Attempt, ConnectError> {
        let progress = &self.run.progress;
        let signed = progress.brand.clone().zip(progress.login.clone());
        let (brand, login) = signed.ok_or(ConnectError::NoRun)?;
        if let Some(locked) = self.take_try().await? {
            return Ok(Attempt::Refused(locked));
        }
        let account = self.account(brand, login);
        let Some(connector) = self.connector() else {
            return Ok(Attempt::Refused(Trouble::Unreachable));
        };
        match connector.confirm(&account, code).await {
            Ok(step) => self.accepted(account, step).await,
            Err(refused) => self.refused(account, refused, Step::Mfa).await,
        }
    }

    fn account(&self, brand: BrandId, login: String) -> AccountKey {
        AccountKey {
            application: self.application.id,
            mode: self.run.request.mode,
            brand,
            login,
        }
    }

    pub(crate) fn connector(&self) -> Option<&dyn Connector> {
        let connector = self.services.connectors.of(self.run.request.mode);
        connector.map(|connector| &**connector)
    }

    /// The car that the brand is asked for: the one that the link names. For one that is connected
    /// only the accounts it is connected through are: a test account holds whatever car it is asked
    /// for, and anybody's would pass for the owner's.
    fn asked_for(&self, account: &AccountKey) -> Option<&Vin> {
        match &self.subject {
            None => self.run.request.single_select_vin.as_ref(),
            Some(subject) => subject
                .is_connected_through(account)
                .then_some(&subject.vehicle.car.vin),
        }
    }

    async fn accepted(
        &self,
        account: AccountKey,
        step: LoginStep,
    ) -> Result<Attempt, ConnectError> {
        match step {
            LoginStep::OneTimeCode => {
                let moved = move |progress: &mut Progress| {
                    give_back(progress);
                    stand(progress, &account, Step::Mfa, &[]);
                };
                self.step(vec![(Event::CodeAsked, None)], moved).await?;
                Ok(Attempt::Next(Next::Page(Step::Mfa)))
            }
            LoginStep::Done => self.signed_in(account).await,
        }
    }

    async fn refused(
        &self,
        account: AccountKey,
        refused: LoginRefused,
        stays: Step,
    ) -> Result<Attempt, ConnectError> {
        let (step, cars) = match refused {
            LoginRefused::Credentials => {
                // Whoever had signed in before has not any more: their page must not be left open
                // under this login, which nobody proved.
                let refused = vec![(Event::Refused, None)];
                let left = self.step(refused, move |progress| {
                    stand(progress, &account, stays, &[]);
                    TRIES.saturating_sub(progress.wrong_tries)
                });
                return Ok(Attempt::Refused(match left.await? {
                    0 => Trouble::Locked {
                        seconds: PAUSE.as_secs(),
                    },
                    left => Trouble::Wrong { left },
                }));
            }
            LoginRefused::Fault(fault) => return self.unreachable(&fault).await,
            LoginRefused::Subscription => (Step::Subscription, Vec::new()),
            LoginRefused::Incompatible(car) => (Step::Incompatible, vec![*car]),
        };
        self.arrive(account, step, cars).await
    }

    /// The brand accepted: what does the account hold?
    async fn signed_in(&self, account: AccountKey) -> Result<Attempt, ConnectError> {
        if let Some(subject) = &self.subject {
            return self.signed_in_again(subject, account).await;
        }
        let vin = self.run.request.single_select_vin.as_ref();
        let Some(connector) = self.connector() else {
            return Ok(Attempt::Refused(Trouble::Unreachable));
        };
        let mut cars = match connector.vehicles(&account, vin).await {
            Ok(cars) => cars,
            Err(fault) => return self.unreachable(&fault).await,
        };
        cars.retain(|car| vin.is_none_or(|vin| *vin == car.vin));
        if cars.is_empty() {
            return self.arrive(account, Step::NoVehicles, cars).await;
        }
        let settings = Arc::clone(&self.settings);
        let is_taken = |car: &FoundVehicle| settings.takes(Some(car.powertrain));
        let (mut cars, blocked): (Vec<_>, Vec<_>) = cars.into_iter().partition(is_taken);
        if cars.is_empty() {
            let first = blocked.into_iter().take(1).collect();
            return self.arrive(account, Step::Incompatible, first).await;
        }
        let required = self.run.request.scope.required();
        let fits = |car: &FoundVehicle| required.is_subset_of(&car.capabilities);
        if self.application.strict_required {
            if !cars.iter().any(fits) {
                cars.truncate(1);
                return self.arrive(account, Step::Incompatible, cars).await;
            }
            cars.retain(fits);
        }
        if self.is_approved_already(&account, &cars).await? {
            let granted = self.run.request.scope.permissions();
            let ending = self.approve((account.brand, account.login), cars, granted);
            return Ok(Attempt::Next(Next::Ended(ending.await?)));
        }
        let events = vec![(Event::SignedIn, Some(cars.len().to_string()))];
        let moved = move |progress: &mut Progress| {
            give_back(progress);
            stand(progress, &account, Step::Grant, &cars);
            progress.blocked.clone_from(&blocked);
        };
        self.step(events, moved).await?;
        Ok(Attempt::Next(Next::Page(Step::Grant)))
    }

    /// Moves to a page that only a completed sign-in reaches.
    pub(crate) async fn arrive(
        &self,
        account: AccountKey,
        step: Step,
        cars: Vec<FoundVehicle>,
    ) -> Result<Attempt, ConnectError> {
        let mut events = vec![(Event::SignedIn, Some(cars.len().to_string()))];
        events.extend(match step {
            Step::NoVehicles => Some((Event::NoVehicles, None)),
            Step::Subscription => Some((Event::NotActive, None)),
            Step::Incompatible => Some((Event::Incompatible, None)),
            _ => None,
        });
        let moved = move |progress: &mut Progress| {
            give_back(progress);
            stand(progress, &account, step, &cars);
        };
        self.step(events, moved).await?;
        Ok(Attempt::Next(Next::Page(step)))
    }

    /// Counts a try before it is made, so that many at once do not count as one. The last one
    /// locks the form at once; a success gives its own try back.
    async fn take_try(&self) -> Result<Option<Trouble>, ConnectError> {
        let now = self.services.now();
        let take = move |progress: &mut Progress| {
            if let Some(until) = progress.locked_until {
                if now < until {
                    let seconds = until.since(now).as_millis().div_ceil(1000);
                    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
                    return Some(Trouble::Locked { seconds });
                }
                progress.locked_until = None;
                progress.wrong_tries = 0;
            }
            progress.wrong_tries += 1;
            if progress.wrong_tries >= TRIES {
                progress.locked_until = Some(now.plus(PAUSE));
            }
            None
        };
        self.change(take).await
    }

    /// The brand failed, so the try does not count.
    pub(crate) async fn unreachable(&self, fault: &Fault) -> Result<Attempt, ConnectError> {
        tracing::warn!(error = %fault, "the brand did not answer a sign-in");
        let events = vec![(Event::Unreachable, Some(fault.to_string()))];
        self.step(events, give_back).await?;
        Ok(Attempt::Refused(Trouble::Unreachable))
    }

    /// `approval_prompt=auto`: the same owner has granted all of this for every car before
    /// (contract connect-oauth, A.6, "Approval skip").
    async fn is_approved_already(
        &self,
        account: &AccountKey,
        cars: &[FoundVehicle],
    ) -> Result<bool, ConnectError> {
        let request = &self.run.request;
        if request.force_approval || (request.single_select && cars.len() > 1) {
            return Ok(false);
        }
        let application = self.application.id;
        let account = account.clone();
        let granted = self.services.store.read(async move |tx: &mut Tx<'_>| {
            let key = (account.mode, &account.brand, account.login.as_str());
            match users::find(tx, application, key).await? {
                Some(user) => Ok(connections::granted_by(tx, user).await?),
                None => Ok::<Vec<(String, Permissions)>, ConnectError>(Vec::new()),
            }
        });
        let granted = granted.await?;
        let asked = request.scope.permissions();
        let has = |vin: &Vin| {
            let mut found = granted.iter().filter(|(known, _)| known == vin.as_str());
            found.any(|(_, permissions)| asked.is_subset_of(permissions))
        };
        Ok(cars.iter().all(|car| has(&car.vin)))
    }
}

/// A try that was none, or was right. Earlier ones still count: neither signing in again nor an
/// account of one's own buys more guesses at another's password or code.
fn give_back(progress: &mut Progress) {
    progress.wrong_tries = progress.wrong_tries.saturating_sub(1);
    progress.locked_until = None;
}

/// Brand, login, cars and step belong together and change together: a grant goes to the account
/// they name, so none of them may stay behind from an earlier or a simultaneous sign-in.
fn stand(progress: &mut Progress, account: &AccountKey, step: Step, cars: &[FoundVehicle]) {
    progress.brand = Some(account.brand.clone());
    progress.login = Some(account.login.clone());
    progress.vehicles = cars.to_vec();
    progress.blocked.clear();
    progress.step = step;
}

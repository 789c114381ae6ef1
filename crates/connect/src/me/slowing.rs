//! Attempts to come in are counted: by what is to be opened, and by where they come from.

use std::time::Duration;

use carport_model::{Digest, Timestamp};
use carport_store::Tx;
use carport_store::owners::{self, Limit};

use super::problem::MeError;
use super::visitor::Guest;
use crate::Services;

/// Wrong passwords of one account.
const PASSWORDS: Limit = Limit {
    tries: 5,
    within: Duration::from_mins(5),
};
/// Codes that are sent to one e-mail address.
const CODES: Limit = Limit {
    tries: 5,
    within: Duration::from_hours(1),
};
/// Wrong passwords, and codes, that one address may try and ask for.
const OF_ADDRESS: Limit = Limit {
    tries: 30,
    within: Duration::from_hours(1),
};

/// What is counted.
pub(crate) enum Attempt<'a> {
    /// A password of an account, by all that names it.
    Password(&'a str),
    /// A code to an e-mail address.
    Code(&'a str),
}

impl Attempt<'_> {
    fn subjects(&self, from: Option<&str>) -> Vec<(Digest, Limit)> {
        let (kind, what, limit) = match self {
            Self::Password(account) => ("password", account, PASSWORDS),
            Self::Code(email) => ("code", email, CODES),
        };
        let mut subjects = vec![(digest(kind, what), limit)];
        if let Some(from) = from {
            subjects.push((digest(&format!("{kind} from"), from), OF_ADDRESS));
        }
        subjects
    }
}

fn digest(kind: &str, what: &str) -> Digest {
    Digest::of(&format!("carport me {kind}\0{what}"))
}

/// Takes an attempt; in how many seconds the next may be made, if there was none left.
pub(crate) async fn take(guest: &Guest, attempt: &Attempt<'_>) -> Result<Option<u64>, MeError> {
    let now = guest.services.now();
    let subjects = attempt.subjects(guest.from.as_deref());
    let unit = async move |tx: &mut Tx<'_>| {
        let mut opens: Option<Timestamp> = None;
        for (subject, limit) in &subjects {
            opens = opens.max(owners::take(tx, subject, *limit, now).await?);
        }
        Ok::<_, MeError>(opens)
    };
    let opens = guest.services.store.write(unit).await?;
    Ok(opens.map(|opens| opens.since(now).as_secs().max(1)))
}

/// Gives an attempt back that was none, or was right.
pub(crate) async fn give_back(
    services: &Services,
    from: Option<&str>,
    attempt: &Attempt<'_>,
) -> Result<(), MeError> {
    let subjects = attempt.subjects(from);
    let unit = async move |tx: &mut Tx<'_>| {
        for (subject, _) in &subjects {
            owners::give_back(tx, subject).await?;
        }
        Ok::<_, MeError>(())
    };
    services.store.write(unit).await
}

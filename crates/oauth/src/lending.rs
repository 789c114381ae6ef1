//! Client secrets for an hour: with one, the Dashboard's playground asks for tokens as any client
//! does (docs/adr/0012-playground-secret.md).
//!
//! They lie in memory only, one process each: nothing of them has to be swept, shown or rotated,
//! and a restart ends them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use carport_model::token::draw_secret;
use carport_model::{ApplicationId, Digest, Secret, Timestamp};
use carport_store::{Tx, applications, audit_log};

use crate::OAuth;
use crate::applications::ApplicationError;

/// How long a lent secret works.
pub const LENT_FOR: Duration = Duration::from_hours(1);
/// Secrets that are lent at once; the oldest ends for one more.
const MOST: usize = 256;

/// Secrets that are lent, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lent(Mutex<VecDeque<LentSecret>>);

#[derive(Debug)]
struct LentSecret {
    application: ApplicationId,
    digest: Digest,
    until: Timestamp,
}

impl Lent {
    fn add(&self, secret: LentSecret, now: Timestamp) {
        let mut lent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lent.retain(|known| known.until > now);
        if lent.len() == MOST {
            lent.pop_front();
        }
        lent.push_back(secret);
    }

    /// Whether `sent` is lent to the application and works at `now`.
    pub(crate) fn knows(&self, application: ApplicationId, sent: &Digest, now: Timestamp) -> bool {
        let lent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lent.iter()
            .filter(|known| known.application == application && known.until > now)
            .any(|known| known.digest.matches(sent))
    }
}

impl OAuth {
    /// Lends a client secret of an application for [`LENT_FOR`], which the audit log tells. `actor`
    /// is whoever may make secrets of it anyway.
    ///
    /// # Errors
    /// [`ApplicationError::Unknown`] when there is no such application.
    pub async fn lend_secret(
        &self,
        application: ApplicationId,
        actor: &str,
    ) -> Result<Secret<String>, ApplicationError> {
        let now = self.now();
        let entry = audit_log::Entry {
            at: now,
            application,
            actor: actor.to_owned(),
            action: "client_secret.lent".to_owned(),
            detail: "playground; for an hour".to_owned(),
        };
        self.store
            .write(async move |tx: &mut Tx<'_>| {
                let known = applications::find(tx, application).await?;
                known.ok_or(ApplicationError::Unknown)?;
                Ok::<_, ApplicationError>(audit_log::append(tx, &entry).await?)
            })
            .await?;
        let secret = draw_secret(&*self.rng);
        let lent = LentSecret {
            application,
            digest: Digest::of(secret.expose()),
            until: now.plus(LENT_FOR),
        };
        self.lent.add(lent, now);
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    fn lent(application: ApplicationId, text: &str, until: i64) -> LentSecret {
        LentSecret {
            application,
            digest: Digest::of(text),
            until: Timestamp::from_millis(until),
        }
    }

    #[test]
    fn a_secret_opens_its_own_application_until_it_ends() {
        let (all, rng) = (Lent::default(), SeededRng::new(0, 0));
        let (one, other) = (ApplicationId::draw(&rng), ApplicationId::draw(&rng));
        let at = Timestamp::from_millis;
        all.add(lent(one, "secret", 10), at(0));
        assert!(all.knows(one, &Digest::of("secret"), at(9)));
        assert!(!all.knows(one, &Digest::of("secret"), at(10)));
        assert!(!all.knows(one, &Digest::of("secre"), at(9)));
        assert!(!all.knows(other, &Digest::of("secret"), at(9)));
    }

    #[test]
    fn the_memory_is_bounded() {
        let (all, one) = (Lent::default(), ApplicationId::draw(&SeededRng::new(0, 0)));
        let at = Timestamp::from_millis;
        for count in 0..=MOST {
            all.add(lent(one, &count.to_string(), 10), at(0));
        }
        assert!(!all.knows(one, &Digest::of("0"), at(1)));
        assert!(all.knows(one, &Digest::of("1"), at(1)));
        all.add(lent(one, "late", 20), at(10));
        assert_eq!(all.0.lock().unwrap().len(), 1);
    }
}

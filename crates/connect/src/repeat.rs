//! A form that is sent twice, by a double click or by a browser that never saw the answer: it gets
//! the same answer again. docs/adr/0006 tells why.

use std::fmt::Write as _;
use std::time::Duration;

use carport_model::run::Decision;
use carport_model::{Digest, Secret};
use carport_store::{Tx, authorization_codes, connect_runs};
use carport_web::{Pairs, csrf};

use crate::flow::{Ending, Walk};
use crate::problem::ConnectError;
use crate::redirect::Failure;

/// How long after the end of a run its last form may come again.
const WINDOW: Duration = Duration::from_mins(1);

/// What two forms must have in common to be the same. Passwords and one-time codes are left out:
/// not even their digests are kept.
const FIELDS: [&str; 8] = [
    csrf::FIELD,
    "decision",
    "vehicle",
    "permission",
    "capacity",
    "username",
    "reason",
    "share",
];

/// Tells one form of one loaded page from every other. The hidden field has 128 random bits that
/// are kept nowhere, so the fingerprint tells nothing about the other fields.
pub(crate) fn fingerprint(page: &str, form: &Pairs) -> String {
    let mut text = page.to_owned();
    for name in FIELDS {
        for value in form.all(name) {
            // Lengths keep a value from passing for two.
            let _ = write!(text, "\0{name}={}:{value}", value.len());
        }
    }
    let digest = Digest::of(&text);
    digest
        .as_bytes()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl Walk {
    /// The ending of a run that this very form has ended, once more. Nothing is written.
    ///
    /// Not after the code was exchanged: the application has it then, and a code that comes twice
    /// takes away what the first exchange gave (contract connect-oauth, B.5).
    pub(crate) async fn again(&self) -> Result<Ending, ConnectError> {
        let id = self.run.id;
        let code = self.code();
        let digest = code
            .as_ref()
            .map(Secret::expose)
            .map(|code| Digest::of(code));
        let found = self.services.store.read(async move |tx: &mut Tx<'_>| {
            let run = connect_runs::find(tx, id).await?;
            let code = match &digest {
                Some(digest) => authorization_codes::find(tx, digest).await?,
                None => None,
            };
            Ok::<_, ConnectError>((run, code))
        });
        let (run, code) = found.await?;
        let ended = run.and_then(|run| run.completed_at.zip(run.outcome));
        let (at, outcome) = ended.ok_or(ConnectError::Over)?;
        let is_exchanged = code.is_some_and(|code| code.exchanged_at.is_some());
        let is_late = self.services.now() >= at.plus(WINDOW);
        if is_exchanged || is_late || outcome.form != self.form {
            return Err(ConnectError::Over);
        }
        let answer = match outcome.decision {
            Decision::Granted { user, external_id } => self.granted(user, external_id.as_deref()),
            Decision::Reauthenticated { external_id } => {
                self.reauthenticated(external_id.as_deref())
            }
            Decision::CapacityChosen { capacity } => self.capacity_chosen(&capacity),
            Decision::Failed { code, error } => {
                let failure = Failure::of(&code, error).ok_or(ConnectError::Over)?;
                self.failed(&failure)
            }
        };
        Ok(self.ending(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints() {
        let of = |page: &str, form: &str| fingerprint(page, &Pairs::parse(form).unwrap());
        let form = "csrf=1&decision=allow&vehicle=1&vehicle=2";
        assert_eq!(of("grant", form), of("grant", form));
        assert_eq!(
            of("mfa", "csrf=1&otp=1&password=x"),
            of("mfa", "csrf=1&otp=2&password=y")
        );
        for other in [
            "csrf=2&decision=allow&vehicle=1&vehicle=2",
            "csrf=1&decision=deny&vehicle=1&vehicle=2",
            "csrf=1&decision=allow&vehicle=1",
            "csrf=1&decision=allow&vehicle=1%00vehicle%3D1:2",
        ] {
            assert_ne!(of("grant", form), of("grant", other), "{other}");
        }
        assert_ne!(of("grant", form), of("exit", form));
    }
}

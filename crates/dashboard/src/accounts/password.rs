//! Passwords of people: what is asked of them, and their slow hashes.
//! Source: data model, "Secrets and tokens": argon2id, at least 19 MiB and t=2, two at once.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use carport_model::{EmailAddress, Rng, Secret};
use carport_web::words::t;
use tokio::sync::Semaphore;

/// Memory of one hash, in KiB, and passes over it.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes that are worked out at once.
const AT_ONCE: usize = 2;
/// Hashes that wait or are worked out; more would only wait longer than anybody does.
const PLACES: usize = 64;
/// Characters of a password.
const SHORTEST: usize = 10;
const LONGEST: usize = 200;

/// A password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error(
        "{}",
        t("A password has at least 10 characters. A few words in a row are easy to keep in mind.")
    )]
    TooShort,
    /// Too long.
    #[error("{}", t("A password has at most 200 characters."))]
    TooLong,
    /// The address again, or one character again and again.
    #[error(
        "{}",
        t("This password is the first that anybody would try. Choose another.")
    )]
    Guessable,
}

/// Whether a password may be chosen by the member with this address. Length counts, kinds of
/// characters do not (NIST SP 800-63B, 3.1.1.2).
///
/// # Errors
/// [`PasswordError`] says what to change.
pub fn check(password: &str, email: &EmailAddress) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordError::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordError::TooLong);
    }
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    let is_one = lower.chars().all(|c| Some(c) == first);
    let is_common = ["password", "passwort", "qwertz", "qwerty", "1234567890"]
        .iter()
        .any(|common| lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!') == *common);
    if is_one || is_common || lower.starts_with("1234567890") || lower == email.as_str() {
        return Err(PasswordError::Guessable);
    }
    Ok(())
}

/// More passwords are being looked at than there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    t("Too many people sign in at this moment. Try again in a few seconds.")
)]
pub struct Crowded;

/// Works hashes out, two at once, on threads that may block.
#[derive(Clone)]
pub struct Hasher {
    work: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Of nobody's password: compared with when there is no member, so that this takes as long.
    nobody: Arc<str>,
}

impl Hasher {
    /// A hasher whose hash of nobody's password is drawn from `rng`.
    #[must_use]
    pub fn new(rng: &dyn Rng) -> Self {
        let mut salt = [0; 16];
        rng.fill(&mut salt);
        Self {
            work: Arc::new(Semaphore::new(AT_ONCE)),
            places: Arc::new(Semaphore::new(PLACES)),
            nobody: nobody(&salt).into(),
        }
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// [`Crowded`].
    pub async fn hash(&self, password: &Secret<String>, rng: &dyn Rng) -> Result<String, Crowded> {
        let mut salt = [0; 16];
        rng.fill(&mut salt);
        let password = password.clone();
        self.working(move || hashed(password.expose(), &salt)).await
    }

    /// Whether `hash` is of this password; without a hash it is not, after as much work.
    ///
    /// # Errors
    /// [`Crowded`].
    pub async fn verify(
        &self,
        password: &Secret<String>,
        hash: Option<String>,
    ) -> Result<bool, Crowded> {
        let (password, nobody) = (password.clone(), self.nobody.clone());
        self.working(move || {
            let is_met = is_of(hash.as_deref().unwrap_or(&nobody), password.expose());
            is_met && hash.is_some()
        })
        .await
    }

    async fn working<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Crowded> {
        let place = self.places.try_acquire().map_err(|_| Crowded)?;
        let turn = self
            .work
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| Crowded)?;
        // The turn goes with the work: who went away meanwhile frees no place before it is done.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        let done = done.await.map_err(|_| Crowded);
        drop(place);
        done
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, 1, None).expect("parameters within the bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hashed(password: &str, salt: &[u8]) -> String {
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt);
    hash.expect("a salt of 16 bytes and a short password")
        .to_string()
}

/// A hash that no password is known of. Its work lies in the comparison, not in the making.
fn nobody(salt: &[u8; 16]) -> String {
    use base64::Engine as _;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes);
    let hash = [salt.as_slice(), salt.as_slice()].concat();
    format!(
        "$argon2id$v=19$m={MEMORY},t={PASSES},p=1${}${}",
        encode(salt),
        encode(&hash)
    )
}

fn is_of(hash: &str, password: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::SeededRng;

    #[test]
    fn length_counts_and_the_obvious_does_not() {
        let email = "ada@example.org".parse().unwrap();
        let of = |password: &str| check(password, &email);
        assert_eq!(of("short"), Err(PasswordError::TooShort));
        assert_eq!(of(&"ab".repeat(101)), Err(PasswordError::TooLong));
        for obvious in [
            "aaaaaaaaaaaa",
            "Password123!",
            "1234567890",
            "Ada@example.org",
        ] {
            assert_eq!(of(obvious), Err(PasswordError::Guessable), "{obvious}");
        }
        assert_eq!(of("löwenzahn im mai"), Ok(()));
    }

    #[tokio::test]
    async fn a_hash_is_of_its_password_alone() {
        let rng = SeededRng::new(0, 0);
        let hasher = Hasher::new(&rng);
        let secret = |text: &str| Secret::new(text.to_owned());
        let hash = hasher
            .hash(&secret("löwenzahn im mai"), &rng)
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let met = async |password: &str, hash: Option<&str>| {
            let hash = hash.map(str::to_owned);
            hasher.verify(&secret(password), hash).await.unwrap()
        };
        assert!(met("löwenzahn im mai", Some(&hash)).await);
        assert!(!met("löwenzahn im juni", Some(&hash)).await);
        assert!(!met("löwenzahn im mai", None).await);
        assert!(!met("löwenzahn im mai", Some("damaged")).await);
        // What stands for nobody's hash is one, or telling it apart would take no time.
        assert!(PasswordHash::new(&hasher.nobody).is_ok());
    }
}

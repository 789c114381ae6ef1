//! A connected-services account: what an owner signs in to at a car brand.

use std::fmt;

use crate::{AccountId, BrandId, Mode};

/// One connected-services account, shared by every application its owner connects.
///
/// Identity is (mode, brand, login); source: data model, "Identity".
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Row id.
    pub id: AccountId,
    /// Mode the account lives in; accounts of different modes never mix.
    pub mode: Mode,
    /// Brand the owner picked.
    pub brand: BrandId,
    /// Normalised login, see [`normalise_login`]. Personal data: never logged.
    pub login: String,
}

/// Leaves the login out.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The form in which logins are compared: trimmed and in lower case, since owners type their
/// e-mail either way and must land on the same account.
#[must_use]
pub fn normalise_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

//! The owners of cars as themselves, whatever application they use: who is at the owner's page,
//! what they share with whom, and what they take back.

pub mod acts;
mod attempts;
mod erasure;
mod sharing;
pub mod visits;

use carport_model::account::normalise_login;
use carport_model::{Account, BrandId, Mode, Timestamp};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

pub use attempts::{Limit, give_back, take};
pub use erasure::{Erased, audited, erase, known_as};
pub use sharing::{Shared, shared_by};

/// Who the audit log says it was, when owners act themselves.
pub const ACTOR: &str = "owner";

/// For which owner something is done, and who the audit log says did it.
pub type Acting<'a> = (&'a Identity, &'a str);

/// What somebody at the owner's page has proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// That they can sign in to an account.
    Account {
        /// Mode of the account.
        mode: Mode,
        /// Its brand.
        brand: BrandId,
        /// Its normalised login.
        login: String,
    },
    /// That they read what is sent to an e-mail address: all accounts with this login are theirs.
    Email(String),
}

impl Identity {
    /// Of an e-mail address as it was typed.
    #[must_use]
    pub fn email(typed: &str) -> Self {
        Self::Email(normalise_login(typed))
    }

    /// The normalised login.
    #[must_use]
    pub fn login(&self) -> &str {
        match self {
            Self::Account { login, .. } | Self::Email(login) => login,
        }
    }
}

/// The accounts of an owner that are known here, the oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn accounts_of(tx: &mut Tx<'_>, identity: &Identity) -> Result<Vec<Account>, StoreError> {
    const SQL: &str = "SELECT id, mode, brand, login FROM accounts WHERE login = $1 \
                       ORDER BY created_at, id";
    let rows = tx.rows(SQL, &[identity.login().into()]).await?;
    let mut accounts = rows.iter().map(account).collect::<Result<Vec<_>, _>>()?;
    if let Identity::Account { mode, brand, .. } = identity {
        accounts.retain(|account| account.mode == *mode && account.brand == *brand);
    }
    Ok(accounts)
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.id(0)?,
        mode: row.parsed(1)?,
        brand: BrandId::new(row.text(2)?),
        login: row.text(3)?.to_owned(),
    })
}

/// Drops visits that are over and counts of attempts that are a day old, `batch` of each at most;
/// the larger of the two numbers.
pub(crate) async fn sweep(tx: &mut Tx<'_>, now: Timestamp, batch: i64) -> Result<u64, StoreError> {
    const VISITS: &str = "DELETE FROM owner_visits WHERE cookie IN \
                          (SELECT cookie FROM owner_visits WHERE expires_at < $1 LIMIT $2)";
    const ATTEMPTS: &str = "DELETE FROM owner_attempts WHERE subject IN \
                            (SELECT subject FROM owner_attempts WHERE since < $1 LIMIT $2)";
    let day_ago = now.minus(std::time::Duration::from_hours(24));
    let visits = tx.exec(VISITS, &[now.into(), batch.into()]).await?;
    let attempts = tx.exec(ATTEMPTS, &[day_ago.into(), batch.into()]).await?;
    Ok(visits.max(attempts))
}

/// A column that says of which account an identity is; null for an e-mail address.
fn columns(identity: &Identity) -> (Value, Value, Value) {
    match identity {
        Identity::Account { mode, brand, login } => (
            mode.as_str().into(),
            brand.as_str().into(),
            login.as_str().into(),
        ),
        Identity::Email(login) => (Value::Null, Value::Null, login.as_str().into()),
    }
}

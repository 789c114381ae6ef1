//! Lists of applications: newest first, in pages that begin after a place.

use carport_model::{Application, ApplicationId, Timestamp};

use crate::StoreError;
use crate::applications;
use crate::engine::{Tx, Value};

/// Place of an application in the order of lists. Ids decide between those of one millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was registered.
    pub created_at: Timestamp,
    /// Its id.
    pub id: ApplicationId,
}

impl Place {
    /// Before all others: later than any application.
    const BEGINNING: Self = Self {
        created_at: Timestamp::from_millis(i64::MAX),
        id: ApplicationId::from_bytes([0xff; 16]),
    };

    /// The place of an application.
    #[must_use]
    pub const fn of(application: &Application) -> Self {
        Self {
            created_at: application.created_at,
            id: application.id,
        }
    }
}

/// An application as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The application.
    pub application: Application,
    /// The developer's own sentence about it.
    pub description: Option<String>,
}

/// Letters A to Z count as their small ones, others as they are: what both engines do alike.
const PAGE: &str = "SELECT id FROM applications \
                               WHERE (created_at, id) < ($1, $2) \
                               AND LOWER(name) LIKE LOWER($3) ESCAPE '\\' \
                               ORDER BY created_at DESC, id DESC LIMIT $4";

/// The applications whose name holds `text` and that come after a place, newest first, at most
/// `limit`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    text: &str,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let after = after.unwrap_or(Place::BEGINNING);
    let params = [
        after.created_at.into(),
        Value::id(after.id),
        pattern(text).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let mut listed = Vec::new();
    for row in tx.rows(PAGE, &params).await? {
        listed.extend(find(tx, row.id(0)?).await?);
    }
    Ok(listed)
}

/// One application as lists show it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(tx: &mut Tx<'_>, id: ApplicationId) -> Result<Option<Listed>, StoreError> {
    const SQL: &str = "SELECT description FROM applications WHERE id = $1";
    let Some(application) = applications::find(tx, id).await? else {
        return Ok(None);
    };
    let row = tx.row(SQL, &[Value::id(id)]).await?;
    let description =
        row.map(|row| row.maybe(0, |row, column| row.text(column).map(str::to_owned)));
    Ok(Some(Listed {
        application,
        description: description.transpose()?.flatten(),
    }))
}

/// A pattern of what holds `text`, in which nothing of `text` has a meaning.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    // PostgreSQL has no text with NUL in it, and so no name.
    for letter in text.chars().filter(|letter| *letter != '\0') {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

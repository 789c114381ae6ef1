//! Lists of an application's connections: newest first, in pages that begin after a place, so that
//! the millionth page costs what the first does.

use std::cmp::Reverse;

use carport_model::{ApplicationId, Mode, Timestamp, UserId, VehicleId};

use crate::StoreError;
use crate::engine::{Row, Tx, Value};

/// Place of a connection in the order of lists. Ids decide between those of one millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When the vehicle was first connected.
    pub connected_at: Timestamp,
    /// The owner.
    pub user: UserId,
    /// The vehicle.
    pub vehicle: VehicleId,
}

impl Place {
    /// Before all others: later than any connection.
    pub(crate) const BEGINNING: Self = Self {
        connected_at: Timestamp::from_millis(i64::MAX),
        user: UserId::from_bytes([0xff; 16]),
        vehicle: VehicleId::from_bytes([0xff; 16]),
    };
}

/// A connection as lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Owner, vehicle and time.
    pub place: Place,
    /// Where its vehicle comes from.
    pub mode: Mode,
}

/// Which connections are meant; what is `None` does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Those of one owner.
    pub user: Option<UserId>,
    /// Those to one vehicle.
    pub vehicle: Option<VehicleId>,
    /// Those of one mode.
    pub mode: Option<Mode>,
}

/// Those of one mode; the index has them in this order.
pub(crate) const PAGE: &str = "SELECT user_id, vehicle_id, connected_at, mode FROM connections \
                               WHERE application_id = $1 AND mode = $2 \
                               AND (connected_at, user_id, vehicle_id) < ($3, $4, $5) \
                               ORDER BY connected_at DESC, user_id DESC, vehicle_id DESC LIMIT $6";

/// The connections of an application that come after a place, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    filter: Filter,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let after = after.unwrap_or(Place::BEGINNING);
    let mut listed = if let Some(mut few) = few(tx, application, filter).await? {
        few.retain(|listed| listed.place < after);
        few
    } else {
        let mut listed = Vec::new();
        // The index holds one order for each mode, which are merged.
        for mode in modes(filter) {
            let params = [
                Value::id(application),
                mode.as_str().into(),
                after.connected_at.into(),
                Value::id(after.user),
                Value::id(after.vehicle),
                i64::try_from(limit).unwrap_or(i64::MAX).into(),
            ];
            let rows = tx.rows(PAGE, &params).await?;
            for row in &rows {
                listed.push(read(row)?);
            }
        }
        listed
    };
    listed.sort_unstable_by_key(|listed| Reverse(listed.place));
    listed.truncate(limit);
    Ok(listed)
}

/// How many connections a list has, all pages together. Without an owner or a vehicle this walks
/// an index, a tenth of a second for a million: ask once a list, not once a page.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn count(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    filter: Filter,
) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM connections WHERE application_id = $1 AND mode = $2";
    if let Some(few) = few(tx, application, filter).await? {
        return Ok(i64::try_from(few.len()).unwrap_or(i64::MAX));
    }
    let mut count = 0;
    for mode in modes(filter) {
        let params = [Value::id(application), mode.as_str().into()];
        if let Some(row) = tx.row(SQL, &params).await? {
            count += row.int(0)?;
        }
    }
    Ok(count)
}

/// How many connections an application has, counted up to `most`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn count_to(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    most: i64,
) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM \
                       (SELECT 1 FROM connections WHERE application_id = $1 LIMIT $2) AS counted";
    let row = tx.row(SQL, &[Value::id(application), most.into()]).await?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// The connections of one owner or to one vehicle, which are few, in no order; `None` when the
/// filter names neither.
async fn few(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    filter: Filter,
) -> Result<Option<Vec<Listed>>, StoreError> {
    const OF_VEHICLE: &str = "SELECT user_id, vehicle_id, connected_at, mode, application_id \
                              FROM connections WHERE vehicle_id = $1";
    const OF_USER: &str = "SELECT user_id, vehicle_id, connected_at, mode, application_id \
                           FROM connections WHERE user_id = $1";
    // A vehicle has fewer owners than an owner may have vehicles.
    let rows = match (filter.vehicle, filter.user) {
        (Some(vehicle), _) => tx.rows(OF_VEHICLE, &[Value::id(vehicle)]).await?,
        (None, Some(user)) => tx.rows(OF_USER, &[Value::id(user)]).await?,
        (None, None) => return Ok(None),
    };
    let mut few = Vec::new();
    for row in &rows {
        let listed = read(row)?;
        // The planner would rather walk all of the application if the statement named it.
        let is_meant = row.id::<ApplicationId>(4)? == application
            && filter.user.is_none_or(|user| listed.place.user == user)
            && filter.mode.is_none_or(|mode| listed.mode == mode);
        if is_meant {
            few.push(listed);
        }
    }
    Ok(Some(few))
}

fn modes(filter: Filter) -> impl Iterator<Item = Mode> {
    Mode::ALL
        .into_iter()
        .filter(move |mode| filter.mode.is_none_or(|wanted| wanted == *mode))
}

fn read(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        place: Place {
            user: row.id(0)?,
            vehicle: row.id(1)?,
            connected_at: row.time(2)?,
        },
        mode: row.parsed(3)?,
    })
}

//! Connections: which user granted what for which vehicle.

use carport_model::run::ExternalId;
use carport_model::{
    Account, ApplicationId, BrandId, Mode, Permissions, Timestamp, UserId, Vehicle, VehicleId,
};

use crate::cache::Connected;
use crate::change_log::{self, Change};
use crate::engine::{Row, Tx, Value};
use crate::simulations::{self, Simulated};
use crate::{StoreError, held_values, vehicles};

/// One granted vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConnection {
    /// Who granted.
    pub user: UserId,
    /// For which vehicle.
    pub vehicle: VehicleId,
    /// To whom.
    pub application: ApplicationId,
    /// What: replaces what was granted before (contract connect-oauth, A.4).
    pub permissions: Permissions,
    /// What happens to the external id.
    pub external_id: ExternalId,
}

/// A connection of a vehicle, and the accounts behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleConnection {
    /// Who granted.
    pub user: UserId,
    /// What.
    pub permissions: Permissions,
    /// The account of that user.
    pub own: Account,
    /// The account through which the vehicle is reached: the own one, unless an owner signed in
    /// again with another.
    pub reached_by: Account,
}

/// Makes a connection or replaces its permissions; returns the external id it has now. The first
/// `connected_at` stays, which keeps a user's vehicles in their order. The vehicle is reached through
/// the user's own account, to which its owner has just signed in.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn put(
    tx: &mut Tx<'_>,
    new: &NewConnection,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "INSERT INTO connections (user_id, vehicle_id, application_id, permissions, \
                       external_id, connected_at, mode) VALUES ($1, $2, $3, $4, $5, $6, \
                       (SELECT mode FROM vehicles WHERE id = $2)) \
                       ON CONFLICT (user_id, vehicle_id) DO UPDATE \
                       SET permissions = excluded.permissions, account_id = NULL, \
                       external_id = CASE WHEN CAST($7 AS BIGINT) = 1 THEN connections.external_id \
                       ELSE excluded.external_id END RETURNING external_id";
    let (external_id, keeps) = written(&new.external_id);
    let params = [
        Value::id(new.user),
        Value::id(new.vehicle),
        Value::id(new.application),
        Value::text(&new.permissions),
        external_id,
        now.into(),
        keeps,
    ];
    let row = tx.row(SQL, &params).await?;
    change_log::append(tx, Change::Connection(new.user, new.vehicle)).await?;
    told(row.as_ref())
}

/// What happens to an external id as a statement takes it: the one that is set, and whether the one
/// there is stays.
pub(crate) fn written(external_id: &ExternalId) -> (Value, Value) {
    let set = match external_id {
        ExternalId::Set(text) => Value::from(text.as_str()),
        ExternalId::Keep | ExternalId::Clear => Value::Null,
    };
    (set, (*external_id == ExternalId::Keep).into())
}

/// The external id that such a statement returned.
pub(crate) fn told(row: Option<&Row>) -> Result<Option<String>, StoreError> {
    match row {
        Some(row) => Ok(row.maybe(0, Row::text)?.map(str::to_owned)),
        None => Ok(None),
    }
}

/// The connection of a user to a vehicle, with the vehicle and its account.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    user: UserId,
    vehicle: VehicleId,
) -> Result<Option<Connected>, StoreError> {
    const SQL: &str = "SELECT connections.permissions, connections.external_id, vehicles.mode, \
                       vehicles.application_id, accounts.id, accounts.brand, accounts.login, \
                       vehicles.vin, vehicles.car, vehicles.capabilities, \
                       (SELECT MIN(each.connected_at) FROM connections AS each \
                       WHERE each.vehicle_id = connections.vehicle_id), \
                       connections.location_precision FROM connections \
                       JOIN vehicles ON vehicles.id = connections.vehicle_id \
                       JOIN users ON users.id = connections.user_id \
                       JOIN accounts \
                       ON accounts.id = COALESCE(connections.account_id, users.account_id) \
                       WHERE connections.user_id = $1 AND connections.vehicle_id = $2";
    let Some(row) = tx.row(SQL, &[Value::id(user), Value::id(vehicle)]).await? else {
        return Ok(None);
    };
    let held = held_values::of(tx, vehicle).await?;
    let mode = row.parsed(2)?;
    let simulation = match mode {
        Mode::Simulated => simulations::behind(tx, vehicle).await?,
        Mode::Live | Mode::Test => Simulated::No,
    };
    Ok(Some(Connected {
        user,
        account: Account {
            id: row.id(4)?,
            mode,
            brand: BrandId::new(row.text(5)?),
            login: row.text(6)?.to_owned(),
        },
        vehicle: Vehicle {
            id: vehicle,
            application: row.id(3)?,
            mode,
            car: vehicles::car(&row, 7)?,
        },
        permissions: row.parsed(0)?,
        precision: row.parsed(11)?,
        external_id: row.maybe(1, Row::text)?.map(str::to_owned),
        held,
        simulation,
        since: row.time(10)?,
    }))
}

/// One page of a user's vehicles in the order they were connected, and how many there are.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn vehicles_of(
    tx: &mut Tx<'_>,
    user: UserId,
    limit: i64,
    offset: i64,
) -> Result<(Vec<VehicleId>, i64), StoreError> {
    const PAGE: &str = "SELECT vehicle_id FROM connections WHERE user_id = $1 \
                        ORDER BY connected_at, vehicle_id LIMIT $2 OFFSET $3";
    const COUNT: &str = "SELECT COUNT(*) FROM connections WHERE user_id = $1";
    let user = Value::id(user);
    let rows = tx
        .rows(PAGE, &[user.clone(), limit.into(), offset.into()])
        .await?;
    let vehicles = rows.iter().map(|row| row.id(0)).collect::<Result<_, _>>()?;
    let count = tx
        .row(COUNT, &[user])
        .await?
        .map_or(Ok(0), |row| row.int(0))?;
    Ok((vehicles, count))
}

/// Whether a user has a connected vehicle.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn has_any(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT vehicle_id FROM connections WHERE user_id = $1 LIMIT 1";
    Ok(tx.row(SQL, &[Value::id(user)]).await?.is_some())
}

/// The first vehicle of an application behind `count` others, with the time since when it is
/// connected; `None` when there are no more than that. Vehicles stand in the order in which they
/// were connected first, and only those of `modes` count. For [`scan`]: looks at `count` of them.
///
/// [`scan`]: crate::Store::scan
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn first_behind(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    modes: &[Mode],
    count: u64,
) -> Result<Option<(Timestamp, VehicleId)>, StoreError> {
    // Most often there are fewer, which the index alone can tell.
    const COUNT: &str = "SELECT COUNT(*) FROM connections WHERE application_id = $1";
    const SQL: &str = "SELECT connections.connected_at, connections.vehicle_id FROM connections \
                       WHERE connections.application_id = $1 AND connections.mode IN ($2, $3, $4) \
                       AND NOT EXISTS (SELECT 1 FROM connections AS earlier \
                       WHERE earlier.vehicle_id = connections.vehicle_id \
                       AND (earlier.connected_at, earlier.user_id) \
                       < (connections.connected_at, connections.user_id)) \
                       ORDER BY connections.connected_at, connections.vehicle_id \
                       LIMIT 1 OFFSET $5";
    let all = tx.row(COUNT, &[Value::id(application)]).await?;
    if all.map_or(Ok(0), |row| row.count(0))? <= count {
        return Ok(None);
    }
    // A mode that is not asked for stands as one that no vehicle has.
    let mode = |mode: Mode| {
        Value::from(if modes.contains(&mode) {
            mode.as_str()
        } else {
            ""
        })
    };
    let params = [
        Value::id(application),
        mode(Mode::Live),
        mode(Mode::Simulated),
        mode(Mode::Test),
        i64::try_from(count).unwrap_or(i64::MAX).into(),
    ];
    let row = tx.row(SQL, &params).await?;
    row.map(|row| Ok((row.time(0)?, row.id(1)?))).transpose()
}

/// What a user has granted so far: VIN and permissions of each connected vehicle.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn granted_by(
    tx: &mut Tx<'_>,
    user: UserId,
) -> Result<Vec<(String, Permissions)>, StoreError> {
    const SQL: &str = "SELECT vehicles.vin, connections.permissions FROM connections \
                       JOIN vehicles ON vehicles.id = connections.vehicle_id \
                       WHERE connections.user_id = $1";
    let rows = tx.rows(SQL, &[Value::id(user)]).await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.parsed(1)?)))
        .collect()
}

/// The connections of a vehicle, the oldest first.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn of_vehicle(
    tx: &mut Tx<'_>,
    vehicle: VehicleId,
) -> Result<Vec<VehicleConnection>, StoreError> {
    const SQL: &str = "SELECT connections.user_id, connections.permissions, own.mode, \
                       own.id, own.brand, own.login, reaching.id, reaching.brand, reaching.login \
                       FROM connections \
                       JOIN users ON users.id = connections.user_id \
                       JOIN accounts AS own ON own.id = users.account_id \
                       JOIN accounts AS reaching \
                       ON reaching.id = COALESCE(connections.account_id, users.account_id) \
                       WHERE connections.vehicle_id = $1 \
                       ORDER BY connections.connected_at, connections.user_id";
    let rows = tx.rows(SQL, &[Value::id(vehicle)]).await?;
    let account = |row: &Row, column: usize| {
        Ok::<_, StoreError>(Account {
            id: row.id(column)?,
            mode: row.parsed(2)?,
            brand: BrandId::new(row.text(column + 1)?),
            login: row.text(column + 2)?.to_owned(),
        })
    };
    rows.iter()
        .map(|row| {
            Ok(VehicleConnection {
                user: row.id(0)?,
                permissions: row.parsed(1)?,
                own: account(row, 3)?,
                reached_by: account(row, 6)?,
            })
        })
        .collect()
}

/// The users connected to a vehicle.
pub(crate) async fn users_of(
    tx: &mut Tx<'_>,
    vehicle: VehicleId,
) -> Result<Vec<UserId>, StoreError> {
    const SQL: &str = "SELECT user_id FROM connections WHERE vehicle_id = $1";
    let rows = tx.rows(SQL, &[Value::id(vehicle)]).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Tells the caches that what is known of a vehicle has changed, for everyone connected to it.
pub(crate) async fn tell(tx: &mut Tx<'_>, vehicle: VehicleId) -> Result<(), StoreError> {
    for user in users_of(tx, vehicle).await? {
        change_log::append(tx, Change::Connection(user, vehicle)).await?;
    }
    Ok(())
}

//! What an owner shares, with whichever application.

use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, ApplicationId, Mode, Permissions, Precision, Timestamp, UserId, VehicleId,
};

use super::{Identity, accounts_of};
use crate::engine::{Row, Tx, Value};
use crate::{StoreError, vehicles};

/// One car that one application reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// The application.
    pub application: ApplicationId,
    /// Its name.
    pub name: String,
    /// Its privacy policy.
    pub privacy_url: Option<String>,
    /// Whom the application knows the owner as.
    pub user: UserId,
    /// The car, as the application knows it.
    pub vehicle: VehicleId,
    /// Mode of both.
    pub mode: Mode,
    /// What the brand told of the car.
    pub car: FoundVehicle,
    /// What the application may do.
    pub permissions: Permissions,
    /// How exactly it may know where the car is.
    pub precision: Precision,
    /// The application's own id of the connection.
    pub external_id: Option<String>,
    /// Since when.
    pub connected_at: Timestamp,
}

/// Connections with what a condition of theirs asks for.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT connections.application_id, applications.name, applications.privacy_url, \
             connections.user_id, connections.vehicle_id, vehicles.mode, vehicles.vin, \
             vehicles.car, vehicles.capabilities, connections.permissions, \
             connections.location_precision, connections.external_id, connections.connected_at \
             FROM connections JOIN applications ON applications.id = connections.application_id \
             JOIN vehicles ON vehicles.id = connections.vehicle_id ",
            $rest
        )
    };
}

/// Everything that goes through the accounts of an owner: those they connected with, and those that
/// somebody signed in to again for a car. By application, then in the order they were made.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn shared_by(tx: &mut Tx<'_>, identity: &Identity) -> Result<Vec<Shared>, StoreError> {
    let mut all = Vec::new();
    for account in accounts_of(tx, identity).await? {
        all.extend(through(tx, account.id).await?);
    }
    let key = |it: &Shared| (it.application, it.connected_at, it.user, it.vehicle);
    all.sort_by(|a, b| (&a.name, key(a)).cmp(&(&b.name, key(b))));
    all.dedup_by_key(|it| key(it));
    Ok(all)
}

async fn through(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Shared>, StoreError> {
    const OWN: &str =
        select!("JOIN users ON users.id = connections.user_id WHERE users.account_id = $1");
    const REACHED: &str = select!("WHERE connections.account_id = $1");
    let mut rows = tx.rows(OWN, &[Value::id(account)]).await?;
    rows.extend(tx.rows(REACHED, &[Value::id(account)]).await?);
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Shared, StoreError> {
    Ok(Shared {
        application: row.id(0)?,
        name: row.text(1)?.to_owned(),
        privacy_url: row.maybe(2, Row::text)?.map(str::to_owned),
        user: row.id(3)?,
        vehicle: row.id(4)?,
        mode: row.parsed(5)?,
        car: vehicles::car(row, 6)?,
        permissions: row.parsed(9)?,
        precision: row.parsed(10)?,
        external_id: row.maybe(11, Row::text)?.map(str::to_owned),
        connected_at: row.time(12)?,
    })
}

//! Vehicles, as one application sees them: one per (application, mode, VIN).

use carport_model::vehicle::FoundVehicle;
use carport_model::{ApplicationId, Mode, Timestamp, VehicleId};

use crate::change_log::{self, Change};
use crate::engine::{Tx, Value};
use crate::{StoreError, connections};

/// The vehicle of this identity, with what the connector tells of it now; made under `fresh` when
/// it is new.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn ensure(
    tx: &mut Tx<'_>,
    fresh: VehicleId,
    (application, mode): (ApplicationId, Mode),
    car: &FoundVehicle,
    now: Timestamp,
) -> Result<VehicleId, StoreError> {
    const SQL: &str = "INSERT INTO vehicles (id, application_id, mode, vin, car, created_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (application_id, mode, vin) \
                       DO UPDATE SET car = excluded.car RETURNING id";
    let params = [
        Value::text(&fresh),
        Value::text(&application),
        mode.as_str().into(),
        car.vin.as_str().into(),
        Value::json(car),
        now.into(),
    ];
    let row = tx.row(SQL, &params).await?;
    let id = row.map_or(Ok(fresh), |row| row.parsed(0))?;
    // Others may be connected to the vehicle too; what they were told of it may have changed.
    for user in connections::users_of(tx, id).await? {
        change_log::append(tx, Change::Connection(user, id)).await?;
    }
    Ok(id)
}

//! How often each vehicle was asked in a month, for plans that limit it.

use carport_model::{Month, VehicleId};

use crate::StoreError;
use crate::engine::{Tx, Value};

/// Calls of one vehicle in one month that are to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// Vehicle.
    pub vehicle: VehicleId,
    /// Month.
    pub month: Month,
    /// How many.
    pub calls: u64,
}

/// Adds calls and tells, in their order, how many there are now, those of other replicas included.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn add(tx: &mut Tx<'_>, calls: &[Calls]) -> Result<Vec<u64>, StoreError> {
    const SQL: &str = "INSERT INTO vehicle_calls (month, vehicle_id, calls) VALUES ($1, $2, $3) \
                       ON CONFLICT (month, vehicle_id) DO UPDATE \
                       SET calls = vehicle_calls.calls + excluded.calls RETURNING calls";
    let mut totals = Vec::with_capacity(calls.len());
    for added in calls {
        let params = [
            added.month.number().into(),
            Value::id(added.vehicle),
            i64::try_from(added.calls).unwrap_or(i64::MAX).into(),
        ];
        let row = tx.row(SQL, &params).await?;
        totals.push(row.map_or(Ok(0), |row| row.count(0))?);
    }
    Ok(totals)
}

/// How often a vehicle was asked in a month, as far as it was kept.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn of(tx: &mut Tx<'_>, vehicle: VehicleId, month: Month) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT calls FROM vehicle_calls WHERE month = $1 AND vehicle_id = $2";
    let params = [month.number().into(), Value::id(vehicle)];
    let row = tx.row(SQL, &params).await?;
    row.map_or(Ok(0), |row| row.count(0))
}

//! Values that commands and owners' choices have set on a vehicle, one a signal.

use carport_model::held::HeldValue;
use carport_model::{Held, Signal, SignalValue, Timestamp, VehicleId};

use crate::engine::{Tx, Value};
use crate::{StoreError, connections};

/// Sets values; those of the same signals are gone.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn put(
    tx: &mut Tx<'_>,
    vehicle: VehicleId,
    values: &[(Signal, SignalValue)],
    now: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO held_values (vehicle_id, signal, value, at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (vehicle_id, signal) DO UPDATE \
                       SET value = excluded.value, at = excluded.at";
    for (signal, value) in values {
        let params = [
            Value::id(vehicle),
            signal.spec().code.into(),
            Value::json(value),
            now.into(),
        ];
        tx.exec(SQL, &params).await?;
    }
    connections::tell(tx, vehicle).await
}

/// Takes values back, and tells how many there were.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn remove(
    tx: &mut Tx<'_>,
    vehicle: VehicleId,
    signals: &[Signal],
) -> Result<u64, StoreError> {
    const SQL: &str = "DELETE FROM held_values WHERE vehicle_id = $1 AND signal = $2";
    let mut removed = 0;
    for signal in signals {
        let params = [Value::id(vehicle), signal.spec().code.into()];
        removed += tx.exec(SQL, &params).await?;
    }
    if removed > 0 {
        connections::tell(tx, vehicle).await?;
    }
    Ok(removed)
}

/// What is held of a vehicle. Signals of a later version say nothing to this one.
///
/// # Errors
/// [`StoreError`] from the database; `Corrupt` for a value that cannot be read.
pub async fn of(tx: &mut Tx<'_>, vehicle: VehicleId) -> Result<Held, StoreError> {
    const SQL: &str =
        "SELECT signal, value, at FROM held_values WHERE vehicle_id = $1 ORDER BY signal";
    let rows = tx.rows(SQL, &[Value::id(vehicle)]).await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(signal) = Signal::find(row.text(0)?) {
            held.push(HeldValue {
                signal,
                value: row.json(1)?,
                at: row.time(2)?,
            });
        }
    }
    Ok(held.into_iter().collect())
}

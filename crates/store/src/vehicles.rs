//! Vehicles, as one application sees them: one per (application, mode, VIN).

use std::borrow::Cow;

use carport_model::reading::CapacityChoice;
use carport_model::vehicle::{FoundVehicle, Powertrain};
use carport_model::{ApplicationId, BrandId, Mode, Timestamp, Vehicle, VehicleId, Vin};
use serde::{Deserialize, Serialize};

use crate::engine::{Row, Tx, Value};
use crate::{StoreError, capabilities, connections};

/// The column `car`: what nothing searches for.
#[derive(Serialize, Deserialize)]
struct Car<'a> {
    make: BrandId,
    model: Cow<'a, str>,
    year: i32,
    powertrain: Powertrain,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    capacities: Cow<'a, [CapacityChoice]>,
}

/// The car of a row, from the columns `vin`, `car` and `capabilities` that begin at `column`.
pub(crate) fn car(row: &Row, column: usize) -> Result<FoundVehicle, StoreError> {
    let kept: Car<'_> = row.json(column + 1)?;
    Ok(FoundVehicle {
        vin: row.parsed(column)?,
        make: kept.make,
        model: kept.model.into_owned(),
        year: kept.year,
        powertrain: kept.powertrain,
        capabilities: capabilities::set(row.int(column + 2)?),
        capacities: kept.capacities.into_owned(),
    })
}

/// The car with this VIN as the connector last told it, if the application has seen it.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    (application, mode): (ApplicationId, Mode),
    vin: &Vin,
) -> Result<Option<FoundVehicle>, StoreError> {
    const SQL: &str = "SELECT vin, car, capabilities FROM vehicles \
                       WHERE application_id = $1 AND mode = $2 AND vin = $3";
    let identity = [
        Value::id(application),
        mode.as_str().into(),
        vin.as_str().into(),
    ];
    let row = tx.row(SQL, &identity).await?;
    row.map(|row| car(&row, 0)).transpose()
}

/// The vehicle with this id.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_id(tx: &mut Tx<'_>, id: VehicleId) -> Result<Option<Vehicle>, StoreError> {
    const SQL: &str =
        "SELECT application_id, mode, vin, car, capabilities FROM vehicles WHERE id = $1";
    let Some(row) = tx.row(SQL, &[Value::id(id)]).await? else {
        return Ok(None);
    };
    Ok(Some(Vehicle {
        id,
        application: row.id(0)?,
        mode: row.parsed(1)?,
        car: car(&row, 2)?,
    }))
}

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
    const SQL: &str = "INSERT INTO vehicles (id, application_id, mode, vin, car, capabilities, \
                       created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                       ON CONFLICT (application_id, mode, vin) DO UPDATE \
                       SET car = excluded.car, capabilities = excluded.capabilities RETURNING id";
    let kept = Car {
        make: car.make.clone(),
        model: Cow::Borrowed(&car.model),
        year: car.year,
        powertrain: car.powertrain,
        capacities: Cow::Borrowed(&car.capacities),
    };
    let params = [
        Value::id(fresh),
        Value::id(application),
        mode.as_str().into(),
        car.vin.as_str().into(),
        Value::json(&kept),
        capabilities::bits(&car.capabilities).into(),
        now.into(),
    ];
    let row = tx.row(SQL, &params).await?;
    let id = row.map_or(Ok(fresh), |row| row.id(0))?;
    // Others may be connected to the vehicle too; what they were told of it may have changed.
    connections::tell(tx, id).await?;
    Ok(id)
}

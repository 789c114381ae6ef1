//! Simulated cars: where each is in its scenario, and which commands it was sent.

use std::sync::Arc;
use std::time::Duration;

use carport_model::simulation::{Speed, TimedEffect};
use carport_model::{
    ApplicationId, Course, Mode, Simulation, SimulationId, Timeline, Timestamp, VehicleId, Vin,
};

use crate::engine::{Row, Tx, Value};
use crate::{StoreError, connections, vehicles};

/// What stands behind a vehicle of simulated mode.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Simulated {
    /// Nobody made it: a generated car, or one of another mode.
    #[default]
    No,
    /// A car that was made.
    Car(Arc<Course>),
    /// A car that was made and deleted.
    Deleted,
}

/// The car behind a login.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// It is there.
    Car(Box<Simulation>),
    /// It was deleted while somebody was connected to it.
    Deleted,
}

/// What became of the wish to make a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is there.
    Done,
    /// The application has as many as it may have.
    Full,
    /// Id, username or VIN are another car's.
    Taken,
}

/// Place of a car in the order of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it was made.
    pub created_at: Timestamp,
    /// Decides between those of one millisecond.
    pub id: SimulationId,
}

impl Place {
    /// Of this car.
    #[must_use]
    pub const fn of(simulation: &Simulation) -> Self {
        Self {
            created_at: simulation.created_at,
            id: simulation.id,
        }
    }
}

/// Commands kept of one car; what older ones changed is as if it had never been said. A command takes
/// a stage or so to matter no more, and nobody sends hundreds in one.
const COMMANDS: i64 = 200;

/// With its vehicle goes the car.
const DELETE_VEHICLE: &str = "DELETE FROM vehicles WHERE id = $1";

/// Rows of cars, with what a condition of theirs asks for.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT simulations.id, simulations.application_id, simulations.vehicle_id, \
             simulations.name, simulations.country, simulations.username, simulations.password, \
             simulations.profile, simulations.scenario, simulations.city, simulations.seed, \
             simulations.motion, simulations.passed, simulations.anchor, simulations.speed, \
             simulations.stateless, simulations.latency, simulations.created_at, \
             simulations.deleted_at, vehicles.vin, vehicles.car, vehicles.capabilities \
             FROM simulations JOIN vehicles ON vehicles.id = simulations.vehicle_id ",
            $rest
        )
    };
}

/// Adds a car and the vehicle it is, unless the application has `limit` of them.
///
/// # Errors
/// [`StoreError`] from the database, also when there is no such application.
pub async fn insert(
    tx: &mut Tx<'_>,
    simulation: &Simulation,
    limit: Option<u64>,
) -> Result<Outcome, StoreError> {
    const SQL: &str = "INSERT INTO simulations (id, application_id, vehicle_id, name, country, \
                       username, password, profile, scenario, city, seed, motion, passed, anchor, \
                       speed, stateless, latency, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, \
                       $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
                       ON CONFLICT DO NOTHING";
    // Of two that are made at once, the second counts the first.
    const HOLD: &str = "UPDATE applications SET enabled = enabled WHERE id = $1";
    if let Some(limit) = limit {
        tx.exec(HOLD, &[Value::id(simulation.application)]).await?;
        if count(tx, simulation.application).await? >= limit {
            return Ok(Outcome::Full);
        }
    }
    let identity = (simulation.application, Mode::Simulated);
    if vehicles::find(tx, identity, &simulation.car.vin)
        .await?
        .is_some()
    {
        return Ok(Outcome::Taken);
    }
    let (fresh, now) = (simulation.vehicle, simulation.created_at);
    vehicles::ensure(tx, fresh, identity, &simulation.car, now).await?;
    let course = &simulation.course;
    let mut params = vec![
        Value::id(simulation.id),
        Value::id(simulation.application),
        Value::id(simulation.vehicle),
        simulation.name.as_str().into(),
        simulation.country.as_str().into(),
        simulation.username.as_str().into(),
        simulation.password.as_str().into(),
        (&*course.profile).into(),
        (&*course.scenario).into(),
        (&*course.city).into(),
        course.seed.cast_signed().into(),
    ];
    params.extend(of_timeline(&course.timeline));
    params.extend([
        course.is_stateless.into(),
        course.latency.as_str().into(),
        simulation.created_at.into(),
    ]);
    if tx.exec(SQL, &params).await? == 1 {
        return Ok(Outcome::Done);
    }
    tx.exec(DELETE_VEHICLE, &[Value::id(simulation.vehicle)])
        .await?;
    Ok(Outcome::Taken)
}

/// A car of an application.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn find(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: SimulationId,
) -> Result<Option<Simulation>, StoreError> {
    const SQL: &str = select!("WHERE simulations.id = $1");
    let row = tx.row(SQL, &[Value::id(id)]).await?;
    let Some(row) = row else { return Ok(None) };
    let known = read(tx, &row).await?;
    Ok(there(known).filter(|car| car.application == application))
}

/// The application whose car this is.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn application_of(
    tx: &mut Tx<'_>,
    id: SimulationId,
) -> Result<Option<ApplicationId>, StoreError> {
    const SQL: &str = "SELECT application_id FROM simulations WHERE id = $1 AND deleted_at IS NULL";
    let row = tx.row(SQL, &[Value::id(id)]).await?;
    row.map(|row| row.id(0)).transpose()
}

/// A car of an application, held until the unit ends: of units that hold the same one, each sees what
/// the one before it did. For changes.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hold(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: SimulationId,
) -> Result<Option<Simulation>, StoreError> {
    const SQL: &str = "UPDATE simulations SET name = name WHERE id = $1";
    tx.exec(SQL, &[Value::id(id)]).await?;
    find(tx, application, id).await
}

/// The car of a vehicle of an application, held as by [`hold`].
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn hold_vehicle(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    vehicle: VehicleId,
) -> Result<Option<Simulation>, StoreError> {
    const SQL: &str = "SELECT id FROM simulations WHERE vehicle_id = $1";
    match tx.row(SQL, &[Value::id(vehicle)]).await? {
        Some(row) => hold(tx, application, row.id(0)?).await,
        None => Ok(None),
    }
}

/// The car that a login of an application opens, whatever its password, brand and country.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn by_username(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    username: &str,
) -> Result<Option<Known>, StoreError> {
    const SQL: &str =
        select!("WHERE simulations.application_id = $1 AND simulations.username = $2");
    match tx
        .row(SQL, &[Value::id(application), username.into()])
        .await?
    {
        Some(row) => read(tx, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Whether a VIN is that of a car that somebody made for an application.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn has_vin(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    vin: &Vin,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT simulations.id FROM vehicles \
                       JOIN simulations ON simulations.vehicle_id = vehicles.id \
                       WHERE vehicles.application_id = $1 AND vehicles.mode = $2 \
                       AND vehicles.vin = $3";
    let identity = [
        Value::id(application),
        Mode::Simulated.as_str().into(),
        vin.as_str().into(),
    ];
    Ok(tx.row(SQL, &identity).await?.is_some())
}

/// What stands behind a vehicle.
///
/// # Errors
/// [`StoreError`] from the database.
pub(crate) async fn behind(tx: &mut Tx<'_>, vehicle: VehicleId) -> Result<Simulated, StoreError> {
    const SQL: &str = select!("WHERE simulations.vehicle_id = $1");
    let Some(row) = tx.row(SQL, &[Value::id(vehicle)]).await? else {
        return Ok(Simulated::No);
    };
    if row.maybe(18, Row::time)?.is_some() {
        return Ok(Simulated::Deleted);
    }
    let commands = commands(tx, row.id(0)?).await?;
    Ok(Simulated::Car(Arc::new(course(&row, commands)?)))
}

/// The cars of an application behind a place, newest first, at most `limit`. For [`scan`].
///
/// [`scan`]: crate::Store::scan
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<Simulation>, StoreError> {
    const SQL: &str = select!(
        "WHERE simulations.application_id = $1 AND simulations.deleted_at IS NULL \
         AND (simulations.created_at, simulations.id) < ($2, $3) \
         ORDER BY simulations.created_at DESC, simulations.id DESC LIMIT $4"
    );
    let after = after.unwrap_or(Place {
        created_at: Timestamp::from_millis(i64::MAX),
        id: SimulationId::from_bytes([0xff; 16]),
    });
    let params = [
        Value::id(application),
        after.created_at.into(),
        Value::id(after.id),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let mut page = Vec::new();
    for row in tx.rows(SQL, &params).await? {
        page.extend(there(read(tx, &row).await?));
    }
    Ok(page)
}

/// How many cars an application has.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn count(tx: &mut Tx<'_>, application: ApplicationId) -> Result<u64, StoreError> {
    const SQL: &str =
        "SELECT COUNT(*) FROM simulations WHERE application_id = $1 AND deleted_at IS NULL";
    tx.row(SQL, &[Value::id(application)])
        .await?
        .map_or(Ok(0), |row| row.count(0))
}

/// How many cars of an application follow a scenario.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn following(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    scenario: &str,
) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT COUNT(*) FROM simulations \
                       WHERE application_id = $1 AND scenario = $2 AND deleted_at IS NULL";
    tx.row(SQL, &[Value::id(application), scenario.into()])
        .await?
        .map_or(Ok(0), |row| row.count(0))
}

/// Keeps what may change of a car that is [held](hold): its name, scenario, city, place in time,
/// switches. Commands are [appended](append) and [forgotten](forget).
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn update(tx: &mut Tx<'_>, simulation: &Simulation) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE simulations SET name = $2, scenario = $3, city = $4, motion = $5, \
                       passed = $6, anchor = $7, speed = $8, stateless = $9, latency = $10 \
                       WHERE id = $1";
    let course = &simulation.course;
    let mut params = vec![
        Value::id(simulation.id),
        simulation.name.as_str().into(),
        (&*course.scenario).into(),
        (&*course.city).into(),
    ];
    params.extend(of_timeline(&course.timeline));
    params.extend([course.is_stateless.into(), course.latency.as_str().into()]);
    tx.exec(SQL, &params).await?;
    connections::tell(tx, simulation.vehicle).await
}

/// Adds a command to those of a car that is [held](hold).
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn append(
    tx: &mut Tx<'_>,
    simulation: &Simulation,
    command: TimedEffect,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO simulation_commands (simulation_id, number, at, effect) \
                       VALUES ($1, $2, $3, $4)";
    const OLD: &str = "DELETE FROM simulation_commands WHERE simulation_id = $1 AND number <= $2";
    let id = Value::id(simulation.id);
    let number = last_number(tx, simulation.id).await? + 1;
    let params = [
        id.clone(),
        number.into(),
        millis(command.at).into(),
        Value::json(&command.effect),
    ];
    tx.exec(SQL, &params).await?;
    if number > COMMANDS {
        tx.exec(OLD, &[id, (number - COMMANDS).into()]).await?;
    }
    connections::tell(tx, simulation.vehicle).await
}

/// Forgets all commands of a car that is [held](hold): it follows its scenario from now on.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn forget(tx: &mut Tx<'_>, simulation: &Simulation) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM simulation_commands WHERE simulation_id = $1";
    tx.exec(SQL, &[Value::id(simulation.id)]).await?;
    connections::tell(tx, simulation.vehicle).await
}

/// Deletes a car of an application; `false` when it is not there. Whoever is connected to it stays so,
/// and is told that it is gone.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn delete(
    tx: &mut Tx<'_>,
    application: ApplicationId,
    id: SimulationId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    const MARK: &str = "UPDATE simulations SET deleted_at = $2 WHERE id = $1";
    let Some(simulation) = hold(tx, application, id).await? else {
        return Ok(false);
    };
    let vehicle = simulation.vehicle;
    if connections::users_of(tx, vehicle).await?.is_empty() {
        tx.exec(DELETE_VEHICLE, &[Value::id(vehicle)]).await?;
    } else {
        forget(tx, &simulation).await?;
        tx.exec(MARK, &[Value::id(id), now.into()]).await?;
        connections::tell(tx, vehicle).await?;
    }
    Ok(true)
}

/// The commands of a car, oldest first.
async fn commands(tx: &mut Tx<'_>, id: SimulationId) -> Result<Box<[TimedEffect]>, StoreError> {
    const SQL: &str =
        "SELECT at, effect FROM simulation_commands WHERE simulation_id = $1 ORDER BY number";
    let rows = tx.rows(SQL, &[Value::id(id)]).await?;
    rows.iter()
        .map(|row| {
            Ok(TimedEffect {
                at: Duration::from_millis(row.count(0)?),
                effect: row.json(1)?,
            })
        })
        .collect()
}

async fn last_number(tx: &mut Tx<'_>, id: SimulationId) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT number FROM simulation_commands WHERE simulation_id = $1 \
                       ORDER BY number DESC LIMIT 1";
    tx.row(SQL, &[Value::id(id)])
        .await?
        .map_or(Ok(0), |row| row.int(0))
}

async fn read(tx: &mut Tx<'_>, row: &Row) -> Result<Known, StoreError> {
    if row.maybe(18, Row::time)?.is_some() {
        return Ok(Known::Deleted);
    }
    let id = row.id(0)?;
    let commands = commands(tx, id).await?;
    Ok(Known::Car(Box::new(Simulation {
        id,
        application: row.id(1)?,
        vehicle: row.id(2)?,
        name: row.text(3)?.to_owned(),
        country: row.text(4)?.to_owned(),
        username: row.text(5)?.to_owned(),
        password: row.text(6)?.to_owned(),
        created_at: row.time(17)?,
        course: course(row, commands)?,
        car: vehicles::car(row, 19)?,
    })))
}

fn there(known: Known) -> Option<Simulation> {
    match known {
        Known::Car(car) => Some(*car),
        Known::Deleted => None,
    }
}

fn course(row: &Row, commands: Box<[TimedEffect]>) -> Result<Course, StoreError> {
    Ok(Course {
        profile: row.text(7)?.into(),
        scenario: row.text(8)?.into(),
        city: row.text(9)?.into(),
        seed: row.int(10)?.cast_unsigned(),
        timeline: Timeline {
            motion: row.parsed(11)?,
            passed: Duration::from_millis(row.count(12)?),
            anchor: row.time(13)?,
            speed: speed(row)?,
        },
        commands,
        is_stateless: row.flag(15)?,
        latency: row.parsed(16)?,
    })
}

fn speed(row: &Row) -> Result<Speed, StoreError> {
    let factor = u32::try_from(row.int(14)?).ok();
    let speed = factor.and_then(|factor| Speed::try_from(factor).ok());
    speed.ok_or_else(|| row.corrupt(14))
}

/// The four columns of a place in time, in their order.
fn of_timeline(timeline: &Timeline) -> [Value; 4] {
    [
        timeline.motion.as_str().into(),
        millis(timeline.passed).into(),
        timeline.anchor.into(),
        i64::from(timeline.speed.factor()).into(),
    ]
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

//! Fills the database of a data folder with connected cars, each with an owner and a token pair,
//! and writes their ids and tokens to files, one a line, for whoever wants to measure.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use carport_model::run::ExternalId;
use carport_model::simulation::Latency;
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    AccountId, ApplicationId, BrandId, Clock as _, Course, Digest, FamilyId, InstallationKey,
    Level, Mode, Permissions, RequestId, Secret, SeededRng, Simulation, SimulationId, SystemClock,
    Timeline, Timestamp, TokenMint, UserId, VehicleId,
};
use carport_store::connections::NewConnection;
use carport_store::token_pairs::NewPair;
use carport_store::{
    RequestLog, Store, StoreError, StoreUrl, Tx, accounts, connections, grant_families,
    request_log, simulations, token_pairs, users, vehicles,
};
use clap::Parser;
use tokio::task::JoinSet;

/// Cars in one unit of work: SQLite keeps what a unit changes for undoing it, and walks that at
/// each statement.
const UNIT: usize = 16;
/// Access tokens of each kind that do not work.
const DEAD: usize = 1_000;
/// Units that wait for one commit.
const TOGETHER: usize = 64;

/// Fills a data folder with connected cars.
#[derive(Parser)]
struct Arguments {
    /// How many cars.
    #[arg(long)]
    cars: usize,
    /// The data folder; `carport.db` in it knows the application already.
    #[arg(long)]
    out: PathBuf,
    /// Address of the database; otherwise it lies in the data folder.
    #[arg(long, env = "CARPORT_DATABASE")]
    database: Option<StoreUrl>,
    /// Application the cars are connected to.
    #[arg(long)]
    application: ApplicationId,
    /// Simulated cars that were made and play, instead of test cars.
    #[arg(long)]
    simulated: bool,
    /// Answered requests in the request log, over the last month.
    #[arg(long, default_value_t = 0)]
    requests: u32,
}

/// A car to be written.
#[derive(Clone)]
struct Car {
    login: String,
    account: AccountId,
    user: UserId,
    vehicle: VehicleId,
    found: FoundVehicle,
    family: FamilyId,
    pair: NewPair,
    /// What makes it a simulated car.
    simulation: Option<(SimulationId, Course)>,
}

impl Car {
    const fn mode(&self) -> Mode {
        if self.simulation.is_some() {
            Mode::Simulated
        } else {
            Mode::Test
        }
    }
}

/// Scenarios and cities that simulated cars take turns in.
const SCENARIOS: [&str; 4] = ["day-commute", "long-drive", "week", "winter-day"];
const CITIES: [&str; 4] = ["denver", "montreal", "berlin", "lyon"];
/// Room for requests, and the time they are spread over.
const LOG_BYTES: u64 = 4_000_000_000;
const MONTH: Duration = Duration::from_hours(29 * 24);
/// Simulated cars set out one after the other, within this time.
const SET_OUT: Duration = Duration::from_hours(20);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let url = arguments.database.clone();
    let store = Store::open(&url.unwrap_or_else(|| StoreUrl::in_folder(&arguments.out))).await?;
    let file = |name: &str| -> anyhow::Result<BufWriter<File>> {
        let path = arguments.out.join(name);
        let file =
            File::create(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(BufWriter::new(file))
    };
    let mut ids = file("vehicles.txt")?;
    let mut access = file("access-tokens.txt")?;
    let mut refresh = file("refresh-tokens.txt")?;
    let rng = SeededRng::new(0, 1);
    let now = SystemClock.now();
    let mint = TokenMint::new(key(&arguments.out)?.as_bytes(), TokenMint::place_at(now));
    let mut dead: Vec<Car> = Vec::new();
    let mut units = JoinSet::new();
    let mut written = 0;
    while written < arguments.cars {
        let count = UNIT.min(arguments.cars - written);
        let mut unit = Vec::with_capacity(count);
        for number in written..written + count {
            let (mut car, tokens) = draw(number, &rng, &mint, now);
            if arguments.simulated {
                let id = SimulationId::draw(&rng);
                car.simulation = Some((id, course(number, arguments.cars, now)));
            }
            writeln!(ids, "{}", car.vehicle)?;
            writeln!(access, "{}", tokens.0)?;
            writeln!(refresh, "{}", tokens.1)?;
            if dead.len() < DEAD {
                dead.push(car.clone());
            }
            unit.push(car);
        }
        if units.len() == TOGETHER {
            units.join_next().await.context("units are running")???;
        }
        units.spawn(write(store.clone(), arguments.application, unit, now));
        written += count;
        if std::io::stderr().is_terminal() && written % 1_000 < UNIT {
            eprint!("\r{written} of {} cars", arguments.cars);
        }
    }
    for unit in units.join_all().await {
        unit?;
    }
    if std::io::stderr().is_terminal() {
        eprintln!();
    }
    let (mut expired, mut revoked) = (file("expired-tokens.txt")?, file("revoked-tokens.txt")?);
    for car in dead {
        let tokens = [mint.draw(&rng), mint.draw(&rng)];
        writeln!(expired, "{}", tokens[0].expose())?;
        writeln!(revoked, "{}", tokens[1].expose())?;
        write_dead(&store, &mint, car, tokens, now).await?;
    }
    for mut file in [ids, access, refresh, expired, revoked] {
        file.flush()?;
    }
    write_requests(&arguments, now)
}

/// Fills the request log: one in fifty is an error, one in a thousand slow, each about another car.
fn write_requests(arguments: &Arguments, now: Timestamp) -> anyhow::Result<()> {
    if arguments.requests == 0 {
        return Ok(());
    }
    let ids = std::fs::read_to_string(arguments.out.join("vehicles.txt"))?;
    let vehicles: Vec<VehicleId> = ids.lines().filter_map(|id| id.parse().ok()).collect();
    let log = RequestLog::spawn(&arguments.out.join(request_log::FILE), LOG_BYTES)?;
    let routes = ["odometer", "battery", "location"]
        .map(|path| log.route(&format!("/v2.0/vehicles/{{id}}/{path}")));
    let rng = SeededRng::new(0, 2);
    let step = MONTH / arguments.requests;
    for number in 0..arguments.requests {
        let is_error = number % 50 == 0;
        log.push(request_log::Entry {
            at: now.minus(step * (arguments.requests - number)),
            took_micros: if number % 1000 == 0 {
                1_500_000
            } else {
                2_000 + number % 4_000
            },
            gate_micros: Some(40),
            read_micros: Some(1_000),
            method: request_log::Method::Get,
            route: routes[number as usize % routes.len()],
            status: if is_error { 409 } else { 200 },
            request: RequestId::draw(&rng),
            application: Some(arguments.application),
            vehicle: vehicles
                .get(number as usize * 7919 % vehicles.len().max(1))
                .copied(),
            error: is_error.then_some(&carport_model::error::ASLEEP),
        });
        if number % 20_000 == 0 {
            log.flush();
        }
    }
    log.close();
    Ok(())
}

fn draw(
    number: usize,
    rng: &SeededRng,
    mint: &TokenMint,
    now: Timestamp,
) -> (Car, (String, String)) {
    let (access, refresh) = (mint.draw(rng), mint.draw(rng));
    let family = mint.draw_family(rng);
    let car = Car {
        login: format!("owner-{number}@example.net"),
        account: AccountId::draw(rng),
        user: UserId::draw(rng),
        vehicle: VehicleId::draw(rng),
        found: FoundVehicle {
            vin: format!("0SCTESLA{number:09}")
                .parse()
                .expect("17 letters and digits"),
            make: BrandId::new("TESLA"),
            model: "Model 3".to_owned(),
            year: 2024,
            powertrain: Level::Bev.powertrain(),
            capabilities: Level::Bev.capabilities(),
            capacities: Vec::new(),
        },
        family,
        pair: NewPair {
            access: mint.digest(access.expose()),
            refresh: mint.digest(refresh.expose()),
            family,
            issued_at: now,
            access_expires_at: now.plus(Duration::from_hours(24)),
            refresh_expires_at: now.plus(Duration::from_hours(60 * 24)),
        },
        simulation: None,
    };
    (car, (access.expose().clone(), refresh.expose().clone()))
}

/// The course of one of many simulated cars, each somewhere else in its trip.
fn course(number: usize, cars: usize, now: Timestamp) -> Course {
    let turn = |of: [&str; 4], nth: usize| of[nth % 4].into();
    let nth = u32::try_from(number % cars).unwrap_or(u32::MAX);
    let all = u32::try_from(cars).unwrap_or(u32::MAX);
    let ago = SET_OUT.mul_f64(f64::from(nth) / f64::from(all));
    Course {
        profile: "tesla-model-3".into(),
        scenario: turn(SCENARIOS, number),
        city: turn(CITIES, number / 4),
        seed: number as u64,
        timeline: Timeline::running_since(now.minus(ago)),
        commands: Box::default(),
        is_stateless: false,
        latency: Latency::Ideal,
    }
}

/// The installation's key, under which the server will look for the tokens.
fn key(folder: &Path) -> anyhow::Result<InstallationKey> {
    let file = folder.join("carport.key");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(text.parse()?)
}

async fn write(
    store: Store,
    application: ApplicationId,
    batch: Vec<Car>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let permissions: Permissions =
        "read_vehicle_info read_vin read_odometer read_location read_battery"
            .parse()
            .expect("permissions");
    store
        .write(async move |tx: &mut Tx<'_>| {
            for car in &batch {
                let mode = car.mode();
                let identity = (mode, &car.found.make, car.login.as_str());
                accounts::ensure(tx, car.account, identity, now).await?;
                users::ensure(tx, car.user, application, car.account, now).await?;
                if let Some((id, course)) = &car.simulation {
                    let simulation = simulation(car, (*id, course), application, now);
                    simulations::insert(tx, &simulation, None).await?;
                } else {
                    let place = (application, mode);
                    vehicles::ensure(tx, car.vehicle, place, &car.found, now).await?;
                }
                let connection = NewConnection {
                    user: car.user,
                    vehicle: car.vehicle,
                    application,
                    permissions: permissions.clone(),
                    external_id: ExternalId::Keep,
                };
                connections::put(tx, &connection, now).await?;
                let owner = (car.user, mode);
                grant_families::insert(tx, car.family, application, owner, now).await?;
                token_pairs::insert(tx, &car.pair).await?;
            }
            Ok(())
        })
        .await
}

/// The row that makes a car a simulated one.
fn simulation(
    car: &Car,
    (id, course): (SimulationId, &Course),
    application: ApplicationId,
    now: Timestamp,
) -> Simulation {
    Simulation {
        id,
        application,
        vehicle: car.vehicle,
        car: car.found.clone(),
        name: "Many".to_owned(),
        country: "US".to_owned(),
        username: car.login.clone(),
        password: "many".to_owned(),
        created_at: now,
        course: course.clone(),
    }
}

/// Two more pairs of a car's family, of which one access token has expired and one was revoked.
async fn write_dead(
    store: &Store,
    mint: &TokenMint,
    car: Car,
    tokens: [Secret<String>; 2],
    now: Timestamp,
) -> Result<(), StoreError> {
    let [expired, revoked] = tokens.map(|token| NewPair {
        access: mint.digest(token.expose()),
        // Nobody holds the refresh token of this pair.
        refresh: Digest::of(token.expose()),
        ..car.pair.clone()
    });
    let expired = NewPair {
        access_expires_at: now,
        ..expired
    };
    store
        .write(async move |tx: &mut Tx<'_>| {
            token_pairs::insert(tx, &expired).await?;
            token_pairs::insert(tx, &revoked).await?;
            token_pairs::revoke_access(tx, &revoked.access, now)
                .await
                .map(drop)
        })
        .await
}

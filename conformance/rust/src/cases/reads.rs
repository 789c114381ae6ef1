//! Reads of a vehicle: the crate's own end-to-end cars, and one that can do nothing.

use anyhow::ensure;
use smartcar::ScopeBuilder;
use smartcar::request::HttpVerb;
use smartcar::response::SmartcarResponseBody as Body;
use smartcar::vehicle::Vehicle;

use super::expect::{answer, everything, reading, refusal, vehicles};
use crate::owner::Owner;
use crate::ready::Ready;
use crate::suite::Suite;
use crate::suite::Way::{Failure, Success};

/// The cars that the checks read.
struct Cars {
    /// Contract rest-v2, 8.1: everything but fuel and oil.
    tesla: Vehicle,
    /// The second of two, with fuel and oil.
    buick: Vehicle,
    /// Refuses whatever is not fixed.
    unable: Vehicle,
    /// With a token that is none.
    foreign: Vehicle,
}

impl Cars {
    async fn connect() -> anyhow::Result<Self> {
        let all = ScopeBuilder::with_all_permissions();
        let tesla = Owner {
            brand: "TESLA",
            email: "tesla@example.net",
        };
        let buick = Owner {
            brand: "BUICK",
            email: "buick@example.net",
        };
        let unable = Owner {
            brand: "TESLA",
            email: "COMPATIBILITY.VEHICLE_NOT_CAPABLE@smartcar.com",
        };
        let mut buicks = vehicles(&buick, &all).await?;
        ensure!(
            buicks.len() >= 2,
            "a BUICK account has two vehicles at least"
        );
        let tesla = vehicles(&tesla, &everything()).await?.remove(0);
        Ok(Self {
            foreign: Vehicle::new(&tesla.id, "no-such-token"),
            tesla,
            buick: buicks.remove(1),
            unable: vehicles(&unable, &all).await?.remove(0),
        })
    }
}

/// Every read, once with an answer and once refused.
pub async fn run(suite: &mut Suite, _: &Ready) -> anyhow::Result<()> {
    let cars = Cars::connect().await?;
    fixed(suite, &cars).await;
    drive(suite, &cars).await;
    body(suite, &cars).await;
    general(suite, &cars).await;
    Ok(())
}

/// What a car is; only a bad token keeps it back.
async fn fixed(suite: &mut Suite, cars: &Cars) {
    suite
        .check("Vehicle::new", Success, async {
            ensure!(cars.tesla.id.len() == 36, "{:?}", cars.tesla.id);
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::attributes", Success, async {
            let told = answer(cars.tesla.attributes().await)?;
            ensure!(
                told.make == "TESLA" && told.year > 2000 && told.id == cars.tesla.id,
                "{told:?}"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::attributes", Failure, async {
            refusal(cars.foreign.attributes().await, "AUTHENTICATION", None)
        })
        .await;
    suite
        .check("Vehicle::vin", Success, async {
            ensure!(
                answer(cars.tesla.vin().await)?.vin.len() == 17,
                "it has 17 characters"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::vin", Failure, async {
            refusal(cars.foreign.vin().await, "AUTHENTICATION", None)
        })
        .await;
    suite
        .check("Vehicle::permissions", Success, async {
            let told = answer(cars.tesla.permissions().await)?;
            ensure!(
                told.permissions.iter().any(|name| name == "read_odometer"),
                "{told:?}"
            );
            ensure!(told.paging.offset == 0, "{told:?}");
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::permissions", Failure, async {
            refusal(cars.foreign.permissions().await, "AUTHENTICATION", None)
        })
        .await;
}

/// A reading that has to be more than zero, and its refusal.
macro_rules! readings {
    ($suite:ident, $cars:ident: $($car:ident.$read:ident.$value:ident),*) => {$(
        $suite.check(concat!("Vehicle::", stringify!($read)), Success, async {
            let told = reading($cars.$car.$read().await)?;
            ensure!(told.$value > 0.0, "{told:?}");
            Ok(())
        }).await;
        $suite.check(concat!("Vehicle::", stringify!($read)), Failure, async {
            let refused = $cars.unable.$read().await;
            refusal(refused, "COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"))
        }).await;
    )*};
}

/// What drives a car, and how far it went.
async fn drive(suite: &mut Suite, cars: &Cars) {
    readings!(suite, cars:
        tesla.odometer.distance,
        tesla.battery_level.percent_remaining,
        tesla.battery_capacity.capacity,
        tesla.charge_limit.limit,
        tesla.tire_pressure.back_left,
        buick.engine_oil.life_remaining,
        buick.fuel_tank.range
    );
    suite
        .check("Vehicle::fuel_tank", Failure, async {
            let refused = cars.tesla.fuel_tank().await;
            refusal(refused, "COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"))
        })
        .await;
}

/// Where it stands, plugged in or not, open or closed.
async fn body(suite: &mut Suite, cars: &Cars) {
    suite
        .check("Vehicle::charging_status", Success, async {
            let told = reading(cars.tesla.charging_status().await)?;
            let known = ["CHARGING", "FULLY_CHARGED", "NOT_CHARGING"];
            ensure!(known.contains(&&*told.state), "{told:?}");
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::charging_status", Failure, async {
            let refused = cars.unable.charging_status().await;
            refusal(refused, "COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"))
        })
        .await;
    suite
        .check("Vehicle::location", Success, async {
            let told = reading(cars.tesla.location().await)?;
            ensure!(
                told.latitude.abs() <= 90.0 && told.longitude.abs() <= 180.0,
                "off the globe"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::location", Failure, async {
            let refused = cars.unable.location().await;
            refusal(refused, "COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"))
        })
        .await;
    suite
        .check("Vehicle::lock_status", Success, async {
            let told = reading(cars.tesla.lock_status().await)?;
            ensure!(told.doors.len() == 4, "{told:?}");
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::lock_status", Failure, async {
            let refused = cars.unable.lock_status().await;
            refusal(refused, "COMPATIBILITY", Some("VEHICLE_NOT_CAPABLE"))
        })
        .await;
}

/// Batches, and requests of any kind.
async fn general(suite: &mut Suite, cars: &Cars) {
    let paths = |paths: &[&str]| {
        paths
            .iter()
            .map(|path| (*path).to_owned())
            .collect::<Vec<_>>()
    };
    suite
        .check("Vehicle::batch", Success, async {
            let asked = paths(&["/odometer", "/charge", "/fuel"]);
            let told = answer(cars.tesla.batch(asked).await)?.responses;
            let [odometer, charge, fuel] = &told[..] else {
                anyhow::bail!("three were asked for: {told:?}");
            };
            ensure!(matches!(odometer.body, Body::Odometer(_)), "{odometer:?}");
            let age = odometer.headers.as_ref().and_then(|meta| meta.data_age);
            ensure!(odometer.code == 200 && age.is_some(), "{odometer:?}");
            ensure!(matches!(charge.body, Body::ChargingStatus(_)), "{charge:?}");
            ensure!(
                fuel.code == 501 && matches!(fuel.body, Body::SmartcarError(_)),
                "{fuel:?}"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::batch", Failure, async {
            let refused = cars
                .tesla
                .batch(paths(&["/odometer", "/no/such/path"]))
                .await;
            refusal(refused, "VALIDATION", None)
        })
        .await;
    suite
        .check("Vehicle::request", Success, async {
            let asked = cars
                .tesla
                .request("/tesla/compass", HttpVerb::Get, None, None)
                .await;
            let told = reading(asked)?.json::<serde_json::Value>().await?;
            ensure!(
                told["heading"].is_number() && told["direction"].is_string(),
                "{told}"
            );
            Ok(())
        })
        .await;
    suite
        .check("Vehicle::request", Failure, async {
            let asked = cars
                .tesla
                .request("/no/such/path", HttpVerb::Get, None, None)
                .await;
            refusal(asked, "RESOURCE_NOT_FOUND", Some("PATH"))
        })
        .await;
}

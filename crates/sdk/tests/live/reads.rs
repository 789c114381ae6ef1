//! Every read of a vehicle, once with an answer and once refused.

use carport_sdk::{Paging, Request, ServiceRange, UnitSystem, Vehicle};

use crate::support::{self, Carport, Outcome};
use crate::{has_age, has_id, is, kind, refused};

const EVERYTHING: &str = "read_vehicle_info read_vin read_odometer read_location read_fuel \
    read_battery read_charge read_tires read_engine_oil read_security read_service_history \
    read_diagnostics";

/// A plug-in hybrid that can do everything (contract rest-v2, 8.1).
async fn volt(carport: &Carport) -> Outcome<Vehicle> {
    carport.vehicle(EVERYTHING).await
}

#[test]
fn what_the_car_is() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let attributes = car.attributes().await?;
        assert_eq!(
            (attributes.make.as_str(), attributes.model.as_str()),
            ("CHEVROLET", "Volt")
        );
        assert_eq!(
            (attributes.id.as_str(), attributes.year > 2000),
            (car.id(), true)
        );
        has_id(&attributes.meta);
        let vin = car.vin().await?;
        assert_eq!(vin.vin.len(), 17);
        has_id(&vin.meta);
        let granted = car.permissions(Paging::default().limit(50)).await?;
        assert_eq!(granted.permissions.join(" "), EVERYTHING);
        has_id(&granted.meta);
        let part = car
            .permissions(Paging::default().limit(2).offset(2))
            .await?;
        assert_eq!(part.permissions, ["read_odometer", "read_location"]);
        assert_eq!((part.paging.count, part.paging.offset), (12, 2));
        Ok(())
    });
}

#[test]
fn where_it_is_and_how_far_it_went() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let odometer = car.odometer().await?;
        assert!(odometer.distance > 0.0);
        has_age(&odometer);
        assert_eq!(odometer.meta.unit_system, Some(UnitSystem::Metric));
        let imperial = car.clone().unit_system(UnitSystem::Imperial);
        let miles = imperial.odometer().await?;
        assert_eq!(miles.meta.unit_system, Some(UnitSystem::Imperial));
        let location = car.location().await?;
        assert!(location.latitude.abs() <= 90.0 && location.longitude.abs() <= 180.0);
        has_age(&location);
        let tires = car.tire_pressure().await?;
        assert!((150.0..300.0).contains(&tires.back_right), "{tires:?}");
        has_age(&tires);
        let psi = imperial.tire_pressure().await?;
        assert!((20.0..45.0).contains(&psi.front_left), "{psi:?}");
        Ok(())
    });
}

#[test]
fn what_drives_it() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let fuel = car.fuel().await?;
        assert!(fuel.percent_remaining > Some(0.0) && fuel.amount_remaining > Some(0.0));
        assert!(fuel.range > Some(0.0));
        has_age(&fuel);
        let battery = car.battery().await?;
        assert!(battery.percent_remaining > 0.0 && battery.range > 0.0);
        has_age(&battery);
        let charge = car.charge().await?;
        assert_ne!(charge.state, carport_sdk::ChargeState::Unknown);
        has_age(&charge);
        Ok(())
    });
}

#[test]
fn how_large_its_battery_is() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let capacity = car.battery_capacity().await?;
        assert!(capacity.capacity > 0.0);
        has_age(&capacity);
        let nominal = car.nominal_capacity().await?;
        let chosen = nominal.capacity.ok_or("the Volt's capacity is known")?;
        assert!(chosen.nominal > Some(0.0));
        has_age(&nominal);
        let limit = car.charge_limit().await?;
        assert!(limit.limit > 0.0 && limit.limit <= 1.0);
        has_age(&limit);
        Ok(())
    });
}

#[test]
fn how_its_engine_and_systems_are() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let oil = car.engine_oil().await?;
        assert!(oil.life_remaining > 0.0 && oil.life_remaining <= 1.0);
        has_age(&oil);
        let systems = car.diagnostic_system_status().await?;
        assert!(
            systems
                .systems
                .iter()
                .any(|system| system.system_id.starts_with("SYSTEM_"))
        );
        has_age(&systems);
        let codes = car.diagnostic_trouble_codes().await?;
        assert!(!codes.active_codes.is_empty());
        has_age(&codes);
        Ok(())
    });
}

#[test]
fn what_stands_open() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let security = car.lock_status().await?;
        let doors: Vec<_> = security
            .doors
            .iter()
            .map(|door| door.type_.as_str())
            .collect();
        assert_eq!(doors, ["frontLeft", "frontRight", "backLeft", "backRight"]);
        has_age(&security);
        Ok(())
    });
}

#[test]
fn what_was_done_to_it() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let history = car.service_history(ServiceRange::default()).await?;
        assert!(history.iter().all(|visit| visit.odometer_distance > 0.0));
        has_age(&history);
        assert_eq!(history.meta.unit_system, Some(UnitSystem::Metric));
        let long_ago = ServiceRange::default()
            .start("1990-01-01".parse()?)
            .end("1990-12-31".parse()?);
        assert!(car.service_history(long_ago).await?.is_empty());
        Ok(())
    });
}

#[test]
fn anything_by_a_request() {
    support::on_carport(async |carport| {
        let car = volt(carport).await?;
        let miles = Request::get("odometer").header("sc-unit-system", "imperial")?;
        let answer = car.request::<serde_json::Value>(miles).await?;
        assert!(answer["distance"].as_f64() > Some(0.0));
        assert_eq!(answer.meta.unit_system, Some(UnitSystem::Imperial));
        let page = Request::get("/permissions").query("limit", "1");
        let page = car.request::<carport_sdk::Permissions>(page).await?;
        assert_eq!((page.permissions.len(), page.paging.count), (1, 12));
        let nowhere = car
            .request::<serde_json::Value>(Request::get("no/such/path"))
            .await;
        assert_eq!(kind(nowhere), is("RESOURCE_NOT_FOUND", "PATH"));
        Ok(())
    });
}

#[test]
fn a_brands_own_endpoint() {
    support::on_carport(async |carport| {
        let car = carport.vehicle_of("TESLA", None, "read_compass").await?;
        let compass = car
            .request::<serde_json::Value>(Request::get("tesla/compass"))
            .await?;
        assert!(
            compass["heading"].is_number() && compass["direction"].is_string(),
            "{compass:?}"
        );
        has_age(&compass);
        Ok(())
    });
}

/// Each read of this car, by name; only what went wrong matters.
macro_rules! kinds_of {
    ($car:ident: $($read:ident($($argument:expr)?)),* $(,)?) => {
        vec![$((stringify!($read), kind($car.$read($($argument)?).await))),*]
    };
}

#[test]
fn without_its_permission_no_read_is_answered() {
    support::on_carport(async |carport| {
        let car = carport.vehicle("read_charge_events").await?;
        let range = ServiceRange::default();
        let kinds = kinds_of!(car: attributes(), vin(), odometer(), location(), fuel(), battery(),
            battery_capacity(), nominal_capacity(), charge(), charge_limit(), engine_oil(),
            tire_pressure(), lock_status(), service_history(range), diagnostic_system_status(),
            diagnostic_trouble_codes());
        for (read, kind) in kinds {
            assert_eq!(kind, is("PERMISSION", ""), "{read}");
        }
        let error = refused(car.odometer().await);
        assert_eq!(error.status_code, 403);
        assert_eq!(error.resolution.type_.as_deref(), Some("REAUTHENTICATE"));
        let gone = carport
            .api()?
            .vehicle("not-an-id", &carport.access("read_vin").await?);
        assert_eq!(
            kind(gone.permissions(Paging::default()).await),
            is("VALIDATION", "")
        );
        let stranger = Vehicle::new(car.id(), "no-such-token")?.origin(&carport.url)?;
        assert!(
            stranger
                .vin()
                .await
                .expect_err("an unknown token")
                .is_authentication()
        );
        Ok(())
    });
}

#[test]
fn a_car_that_cannot_says_so_to_every_read() {
    support::on_carport(async |carport| {
        let owner = Some("COMPATIBILITY.VEHICLE_NOT_CAPABLE@smartcar.com");
        let car = carport.vehicle_of("CHEVROLET", owner, EVERYTHING).await?;
        let range = ServiceRange::default();
        let kinds = kinds_of!(car: odometer(), location(), fuel(), battery(), battery_capacity(),
            nominal_capacity(), charge(), charge_limit(), engine_oil(), tire_pressure(),
            lock_status(), service_history(range), diagnostic_system_status(),
            diagnostic_trouble_codes());
        for (read, kind) in kinds {
            assert_eq!(kind, is("COMPATIBILITY", "VEHICLE_NOT_CAPABLE"), "{read}");
        }
        assert_eq!(car.vin().await?.vin.len(), 17);
        Ok(())
    });
}

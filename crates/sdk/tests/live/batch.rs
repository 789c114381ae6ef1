//! Many reads in one request.

use carport_sdk::paths::{self, Path};
use carport_sdk::{Batch, UnitSystem};

use crate::{has_age, has_id, is, kind, support};

#[test]
fn each_item_is_a_result_of_its_own() {
    support::on_carport(async |carport| {
        let car = carport
            .vehicle("read_vehicle_info read_odometer read_charge read_service_history")
            .await?
            .unit_system(UnitSystem::Imperial);
        let mut batch = Batch::new();
        let attributes = batch.add(paths::ATTRIBUTES);
        let odometer = batch.add(paths::ODOMETER);
        let again = batch.add(Path::<serde_json::Value>::new("odometer/"));
        let fuel = batch.add(paths::FUEL);
        let charge = batch.add(paths::CHARGE);
        let permissions = batch.add(paths::PERMISSIONS);
        let history = batch.add(paths::SERVICE_HISTORY);

        let mut answers = car.batch(batch).await?;
        has_id(&answers.meta);
        assert_eq!(answers.take(attributes)?.make, "CHEVROLET");
        let odometer = answers.take(odometer)?;
        assert!(odometer.distance > 0.0);
        has_age(&odometer);
        assert_eq!(odometer.meta.unit_system, Some(UnitSystem::Imperial));
        assert_eq!(odometer.meta.request_id, answers.meta.request_id);
        assert!(answers.take(again)?["distance"].is_number());
        assert_eq!(kind(answers.take(fuel)), is("PERMISSION", ""));
        has_age(&answers.take(charge)?);
        assert_eq!(answers.take(permissions)?.paging.count, 4);
        has_age(&answers.take(history)?);
        Ok(())
    });
}

#[test]
fn every_read_fits_into_a_batch() {
    support::on_carport(async |carport| {
        let car = carport
            .vehicle(
                "read_vin read_location read_fuel read_battery read_charge read_tires \
                 read_engine_oil read_security read_diagnostics",
            )
            .await?;
        let mut batch = Batch::new();
        let vin = batch.add(paths::VIN);
        let location = batch.add(paths::LOCATION);
        let fuel = batch.add(paths::FUEL);
        let battery = batch.add(paths::BATTERY);
        let capacity = batch.add(paths::BATTERY_CAPACITY);
        let nominal = batch.add(paths::NOMINAL_CAPACITY);
        let limit = batch.add(paths::CHARGE_LIMIT);
        let tires = batch.add(paths::TIRE_PRESSURE);
        let oil = batch.add(paths::ENGINE_OIL);
        let security = batch.add(paths::LOCK_STATUS);
        let systems = batch.add(paths::DIAGNOSTIC_SYSTEM_STATUS);
        let codes = batch.add(paths::DIAGNOSTIC_TROUBLE_CODES);
        let mut answers = car.batch(batch).await?;
        assert_eq!(answers.take(vin)?.vin.len(), 17);
        has_age(&answers.take(location)?);
        assert!(answers.take(fuel)?.range > Some(0.0));
        assert!(answers.take(battery)?.range > 0.0);
        assert!(answers.take(capacity)?.capacity > 0.0);
        assert!(answers.take(nominal)?.capacity.is_some());
        assert!(answers.take(limit)?.limit > 0.0);
        assert!(answers.take(tires)?.front_right > 0.0);
        assert!(answers.take(oil)?.life_remaining > 0.0);
        assert_eq!(answers.take(security)?.doors.len(), 4);
        assert!(!answers.take(systems)?.systems.is_empty());
        assert!(!answers.take(codes)?.active_codes.is_empty());
        Ok(())
    });
}

#[test]
fn a_bad_batch_is_refused_as_a_whole() {
    support::on_carport(async |carport| {
        let car = carport.vehicle("read_odometer").await?;
        assert_eq!(kind(car.batch(Batch::new()).await), is("VALIDATION", ""));
        let mut batch = Batch::new();
        let _good = batch.add(paths::ODOMETER);
        let _bad = batch.add(Path::<serde_json::Value>::new("/LOCATIONNNNNNNN"));
        assert_eq!(kind(car.batch(batch).await), is("VALIDATION", ""));
        Ok(())
    });
}

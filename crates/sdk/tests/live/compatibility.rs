//! Which cars can be connected: the cars that all official suites ask about (contract rest-v2,
//! 4.1).

use carport_sdk::{CompatibilityQuery, MatrixQuery, Powertrain, Region, TestLevel};

use crate::{has_id, is, kind, support};

#[test]
fn cars_by_their_vin() {
    support::on_carport(async |carport| {
        let client = carport.client()?;
        let asked = ["read_odometer", "read_location"];
        for (vin, compatible, capable) in [
            ("5YJXCDE22HF068739", true, vec![true, true]),
            ("WAUAFAFL1GN014882", true, vec![false, false]),
            ("WBAKE5C58DJ107700", false, vec![]),
        ] {
            let query = CompatibilityQuery::new(vin, asked).country("US");
            let answer = client.compatibility(&query).await?;
            has_id(&answer.meta);
            let capabilities = &answer.capabilities;
            let found: Vec<_> = capabilities.iter().map(|entry| entry.capable).collect();
            assert_eq!((answer.compatible, &found), (compatible, &capable), "{vin}");
            let reason = (!compatible).then_some("VEHICLE_NOT_COMPATIBLE");
            assert_eq!(answer.reason.as_deref(), reason, "{vin}");
        }
        let query = CompatibilityQuery::new("0SCGMCT0386A85356", ["read_odometer", "read_fuel"]);
        let test_car = client.compatibility(&query).await?;
        assert!(test_car.compatible && test_car.capabilities[0].capable);
        let fuel = &test_car.capabilities[1];
        assert_eq!((fuel.endpoint.as_str(), fuel.capable), ("/fuel", false));
        assert_eq!(fuel.reason.as_deref(), Some("VEHICLE_NOT_CAPABLE"));
        let level = CompatibilityQuery::new("0SCGMCT0386A85356", ["read_fuel"])
            .test(TestLevel::Incompatible);
        assert!(!client.compatibility(&level).await?.compatible);
        Ok(())
    });
}

#[test]
fn models_of_a_region() {
    support::on_carport(async |carport| {
        let query = MatrixQuery::new(Region::Us)
            .make("NISSAN")
            .powertrain(Powertrain::Bev)
            .scope(["read_battery", "read_charge"]);
        let matrix = carport.client()?.compatibility_matrix(&query).await?;
        has_id(&matrix.meta);
        let models = &matrix.makes["NISSAN"];
        assert!(!models.is_empty() && matrix.makes.len() == 1);
        for model in models {
            assert_eq!(model.powertrain, Powertrain::Bev);
            assert!(model.start_year <= model.end_year && !model.endpoints.is_empty());
            for needed in ["read_battery", "read_charge"] {
                assert!(
                    model.permissions.iter().any(|name| name == needed),
                    "{model:?}"
                );
            }
        }
        Ok(())
    });
}

#[test]
fn strangers_and_what_is_no_vin_are_refused() {
    support::on_carport(async |carport| {
        let wrong = carport_sdk::AuthClient::builder("nobody", "secret")
            .origins(carport.client()?.origins().clone())
            .build()?;
        let query = CompatibilityQuery::new("5YJXCDE22HF068739", ["read_fuel"]);
        assert_eq!(
            kind(wrong.compatibility(&query).await),
            is("AUTHENTICATION", "")
        );
        let matrix = wrong
            .compatibility_matrix(&MatrixQuery::new(Region::Us))
            .await;
        assert_eq!(kind(matrix), is("AUTHENTICATION", ""));
        let query = CompatibilityQuery::new("SHORT", ["read_fuel"]);
        assert_eq!(
            kind(carport.client()?.compatibility(&query).await),
            is("VALIDATION", "")
        );
        Ok(())
    });
}

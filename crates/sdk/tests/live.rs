//! The SDK against a real server; see `support` for how it is found.

mod support;

use carport_sdk::{Error, Mode, Paging, UnitSystem};

const EVERYTHING: &str = "read_vehicle_info read_vin read_odometer read_location read_fuel \
    read_battery read_charge read_tires";

#[test]
fn from_code_to_every_reading() {
    support::on_carport(async |carport| {
        let access = carport.access(EVERYTHING).await?;
        let api = carport.api()?;
        let user = api.get_user(&access.access_token).await?;
        assert_eq!(user.id.len(), 36);
        assert!(user.meta.request_id.is_some());

        let page = api
            .get_vehicles(&access.access_token, Paging::default())
            .await?;
        let car = api.vehicle(&page.vehicles[0], &access.access_token);
        assert_eq!(car.attributes().await?.make, "CHEVROLET");
        assert_eq!(car.vin().await?.vin.len(), 17);
        let granted = car.permissions(Paging::default().limit(50)).await?;
        assert_eq!(granted.permissions.len(), EVERYTHING.split(' ').count());

        let odometer = car.odometer().await?;
        assert!(odometer.meta.data_age <= odometer.meta.fetched_at);
        assert_eq!(odometer.meta.unit_system, Some(UnitSystem::Metric));
        let miles = car
            .clone()
            .unit_system(UnitSystem::Imperial)
            .odometer()
            .await?;
        assert_eq!(miles.meta.unit_system, Some(UnitSystem::Imperial));
        assert!(car.location().await?.meta.data_age.is_some());
        assert!(car.tire_pressure().await?.back_right > 0.0);
        for refused in [
            car.fuel().await.err(),
            car.battery().await.err(),
            car.charge().await.err(),
        ] {
            let kind = refused
                .as_ref()
                .and_then(Error::api)
                .map(|error| error.type_.clone());
            assert!(
                refused.is_none() || kind.as_deref() == Some("COMPATIBILITY"),
                "{refused:?}"
            );
        }
        Ok(())
    });
}

#[test]
fn a_code_works_once_and_a_refresh_keeps_the_old_token_alive() {
    support::on_carport(async |carport| {
        let client = carport.client()?;
        let code = carport.code("read_vin").await?;
        let first = client.exchange_code(&code).await?;
        let second = client
            .exchange_code(&code)
            .await
            .expect_err("the code is used up");
        let Error::OAuth(refusal) = second else {
            panic!("{second:?}")
        };
        assert_eq!(
            (refusal.error.as_str(), refusal.status_code),
            ("invalid_request", 400)
        );

        let fresh = client.exchange_refresh_token(&first.refresh_token).await?;
        assert_ne!(fresh.access_token, first.access_token);
        for token in [&first.access_token, &fresh.access_token] {
            carport.api()?.get_user(token).await?;
        }
        Ok(())
    });
}

#[test]
fn refusals_say_what_they_are() {
    support::on_carport(async |carport| {
        let car = carport.vehicle("read_vin").await?;
        let refused = car.odometer().await.expect_err("it was not shared");
        let error = refused.api().expect("an error of the API");
        assert_eq!(
            (error.type_.as_str(), error.status_code),
            ("PERMISSION", 403)
        );
        assert_eq!(error.resolution.type_.as_deref(), Some("REAUTHENTICATE"));
        assert!(error.doc_url.is_some() && error.request_id.is_some());

        let stranger =
            carport_sdk::Vehicle::new(car.id(), "no-such-token")?.origin(&carport.url)?;
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
fn the_connect_link_is_accepted() {
    support::on_carport(async |carport| {
        let url = carport
            .client()?
            .auth_url(["required:read_vin"])
            .mode(Mode::Test)
            .state("a b");
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let answer = browser.build()?.get(url.build()).send().await?;
        assert_eq!(answer.status(), 302);
        let onward = answer.headers()["location"].to_str()?;
        assert!(onward.contains("/connect/"), "{onward}");
        Ok(())
    });
}

//! Commands, subscriptions, and letting go.

use carport_sdk::Paging;

use crate::{has_id, is, kind, refused, support};

const CONTROLS: &str = "read_vin control_charge control_security control_navigation";

#[test]
fn every_command_succeeds() {
    support::on_carport(async |carport| {
        let car = carport.vehicle_of("FORD", None, CONTROLS).await?;
        for (command, done) in [
            ("lock", car.lock().await?),
            ("unlock", car.unlock().await?),
            ("start", car.start_charge().await?),
            ("stop", car.stop_charge().await?),
            ("limit", car.set_charge_limit(0.7).await?),
            (
                "destination",
                car.send_destination(39.7392, -104.9903).await?,
            ),
        ] {
            assert_eq!(done.status, "success", "{command}");
            let message = done.message.as_deref();
            assert_eq!(
                message,
                Some("Successfully sent request to vehicle"),
                "{command}"
            );
            has_id(&done.meta);
        }
        Ok(())
    });
}

#[test]
fn every_command_can_be_refused() {
    support::on_carport(async |carport| {
        let owner = Some("VEHICLE_STATE.DOOR_OPEN@smartcar.com");
        let car = carport.vehicle_of("FORD", owner, CONTROLS).await?;
        let uncontrolled = carport.vehicle("read_vin").await?;
        for (car, expected) in [
            (car, is("VEHICLE_STATE", "DOOR_OPEN")),
            (uncontrolled, is("PERMISSION", "")),
        ] {
            for (command, outcome) in [
                ("lock", car.lock().await),
                ("unlock", car.unlock().await),
                ("start", car.start_charge().await),
                ("stop", car.stop_charge().await),
                ("limit", car.set_charge_limit(0.7).await),
                (
                    "destination",
                    car.send_destination(39.7392, -104.9903).await,
                ),
            ] {
                assert_eq!(kind(outcome), expected, "{command}");
            }
        }
        let car = carport.vehicle_of("FORD", None, CONTROLS).await?;
        let low = refused(car.set_charge_limit(0.4).await);
        assert_eq!((low.type_.as_str(), low.status_code), ("VALIDATION", 400));
        Ok(())
    });
}

#[test]
fn disconnecting_ends_this_car_only() {
    support::on_carport(async |carport| {
        let owner = Some("2-vehicles@smartcar.com");
        let access = carport.access_of("KIA", owner, "read_vin").await?;
        let cars = carport.api()?.all_vehicles(&access).into_vec().await?;
        let ended = cars[0].disconnect().await?;
        assert_eq!(ended.status, "success");
        has_id(&ended.meta);
        assert_eq!(kind(cars[0].vin().await), is("PERMISSION", ""));
        assert_eq!(kind(cars[0].disconnect().await), is("PERMISSION", ""));
        assert_eq!(cars[1].vin().await?.vin.len(), 17);
        let page = carport
            .api()?
            .get_vehicles(&access, Paging::default())
            .await?;
        assert_eq!(page.vehicles, [cars[1].id()]);
        Ok(())
    });
}

#[test]
fn a_webhook_is_subscribed_to_and_left() {
    support::on_carport(async |carport| {
        let car = carport.vehicle("read_vin").await?;
        let webhook = carport
            .webhook_id
            .as_deref()
            .ok_or("the server made no webhook")?;
        let subscription = car.subscribe(webhook).await?;
        assert_eq!(subscription.webhook_id, webhook);
        assert_eq!(subscription.vehicle_id, car.id());
        has_id(&subscription.meta);
        let ended = car.unsubscribe(&carport.management_token, webhook).await?;
        assert_eq!(ended.status, "success");
        has_id(&ended.meta);
        Ok(())
    });
}

#[test]
fn subscriptions_are_refused_to_strangers_and_for_what_is_no_webhook() {
    support::on_carport(async |carport| {
        let car = carport.vehicle("read_vin").await?;
        assert_eq!(kind(car.subscribe("no-uuid").await), is("VALIDATION", ""));
        let stranger = car.unsubscribe(&"wrong".into(), "no-uuid").await;
        assert_eq!(kind(stranger), is("AUTHENTICATION", ""));
        let nothing = car.unsubscribe(&carport.management_token, "no-uuid").await;
        assert_eq!(kind(nothing), is("VALIDATION", ""));
        Ok(())
    });
}

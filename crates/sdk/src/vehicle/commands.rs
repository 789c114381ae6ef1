//! What a car can be told to do, and how an application lets go of it.

use reqwest::Method;
use serde_json::{Value, json};

use super::Vehicle;
use crate::Secret;
use crate::bearer::Bearer;
use crate::data::{Action, Status, Subscription};
use crate::error::{Error, Result};
use crate::response::Response;
use crate::transport::Call;

impl Vehicle {
    /// Locks the car. Needs `control_security`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_security").await?;
    /// car.lock().await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `VEHICLE_STATE` says what is in the way, for example `DOOR_OPEN`. Source: contract rest-v2, 2.16.
    pub async fn lock(&self) -> Result<Response<Action>> {
        self.command(&["security"], &json!({ "action": "LOCK" }))
            .await
    }

    /// Unlocks the car. Needs `control_security`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_security").await?;
    /// car.unlock().await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.16.
    pub async fn unlock(&self) -> Result<Response<Action>> {
        self.command(&["security"], &json!({ "action": "UNLOCK" }))
            .await
    }

    /// Starts charging. Needs `control_charge`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_charge").await?;
    /// car.start_charge().await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `VEHICLE_STATE` with `CHARGING_PLUG_NOT_CONNECTED`,
    /// `CHARGING_IN_PROGRESS`, `FULLY_CHARGED` or `CHARGE_FAULT`. Source: contract rest-v2, 2.12.
    pub async fn start_charge(&self) -> Result<Response<Action>> {
        self.command(&["charge"], &json!({ "action": "START" }))
            .await
    }

    /// Stops charging. Needs `control_charge`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_charge").await?;
    /// car.stop_charge().await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `VEHICLE_STATE` with `NOT_CHARGING`. Source: contract rest-v2, 2.12.
    pub async fn stop_charge(&self) -> Result<Response<Action>> {
        self.command(&["charge"], &json!({ "action": "STOP" }))
            .await
    }

    /// Sets how full the battery is to be charged, as a fraction from 0.5 to 1. Needs
    /// `control_charge`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_charge").await?;
    /// car.set_charge_limit(0.8).await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `VALIDATION` for a limit outside the range, [`Error::Input`] for one
    /// that is no number. Source: contract rest-v2, 2.13.
    pub async fn set_charge_limit(&self, limit: f64) -> Result<Response<Action>> {
        if !limit.is_finite() {
            return Err(Error::Input("a charge limit is a number from 0.5 to 1"));
        }
        self.command(&["charge", "limit"], &json!({ "limit": limit }))
            .await
    }

    /// Sends a place, in degrees north and east, to the car's navigation. Needs
    /// `control_navigation`.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("control_navigation").await?;
    /// car.send_destination(39.7392, -104.9903).await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; [`Error::Input`] for a place that is not on Earth. Source: contract rest-v2, 2.17.
    pub async fn send_destination(
        &self,
        latitude: f64,
        longitude: f64,
    ) -> Result<Response<Action>> {
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return Err(Error::Input(
                "a destination is a latitude from -90 to 90 and a longitude from -180 to 180",
            ));
        }
        let place = json!({ "latitude": latitude, "longitude": longitude });
        self.command(&["navigation", "destination"], &place).await
    }

    /// Ends the application's access to this car. The token stays good for the owner's other cars; with
    /// the last one it ends too. Needs no permission.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let owner = Some("2-vehicles@smartcar.com");
    /// # let car = carport.vehicle_of("KIA", owner, "read_vin").await?;
    /// car.disconnect().await?;
    /// let refused = car.vin().await.expect_err("it is not connected any more");
    /// assert_eq!(refused.api().map(|error| error.status_code), Some(403));
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]. Source: contract rest-v2, 2.21.
    pub async fn disconnect(&self) -> Result<Response<Status>> {
        let url = self.address(&["application"], &[]);
        self.send(Call::new(Method::DELETE, url)).await
    }

    /// Has a webhook send what this car does. Needs no permission.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_vin").await?;
    /// # let webhook_id = carport.webhook_id.as_deref().expect("the server makes a webhook");
    /// let subscription = car.subscribe(webhook_id).await?;
    /// assert_eq!(subscription.vehicle_id, car.id());
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `VALIDATION` when there is no such webhook. Source: contract rest-v2, 2.22.
    pub async fn subscribe(&self, webhook_id: &str) -> Result<Response<Subscription>> {
        let url = self.address(&["webhooks", webhook_id], &[]);
        self.send(Call::new(Method::POST, url)).await
    }

    /// Ends a subscription. It is the application that does so, not the owner: the application
    /// management token goes along instead of the vehicle's own.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_vin").await?;
    /// # let webhook_id = carport.webhook_id.as_deref().expect("the server makes a webhook");
    /// # let management_token = &carport.management_token;
    /// car.unsubscribe(management_token, webhook_id).await?;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// As told at [`Vehicle`]; `AUTHENTICATION` when it is not the management token. Source:
    /// contract rest-v2, 2.22.
    pub async fn unsubscribe(
        &self,
        management_token: &Secret,
        webhook_id: &str,
    ) -> Result<Response<Status>> {
        let url = self.address(&["webhooks", webhook_id], &[]);
        let call = Call::new(Method::DELETE, url).units(self.units);
        self.api.send(&Bearer::from(management_token), call).await
    }

    async fn command(&self, path: &[&str], body: &Value) -> Result<Response<Action>> {
        let call = Call::new(Method::POST, self.address(path, &[])).json(body);
        self.send(call).await
    }
}

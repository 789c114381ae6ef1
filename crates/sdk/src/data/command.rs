//! What commands, disconnecting and subscriptions answer.

use serde::{Deserialize, Serialize};

/// A command was handed to the car.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// `success`.
    pub status: String,
    /// The same for people. `None` where the server says no more.
    #[serde(default)]
    pub message: Option<String>,
}

/// Something was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `success`.
    pub status: String,
}

/// A vehicle is subscribed to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// UUID of the webhook.
    pub webhook_id: String,
    /// UUID of the vehicle.
    pub vehicle_id: String,
}

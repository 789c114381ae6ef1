//! Links into Connect that answers of this API carry.

use std::sync::Arc;

use carport_model::{LinkKey, LinkPurpose, Timestamp, Vehicle};

/// Makes links that an application completes with its own redirect URI.
#[derive(Debug, Clone)]
pub struct Links {
    /// Public address without a trailing slash.
    public_url: Arc<str>,
    key: LinkKey,
}

impl Links {
    /// Links to the Connect of this public address.
    #[must_use]
    pub fn new(public_url: &str, key: LinkKey) -> Self {
        Self {
            public_url: public_url.into(),
            key,
        }
    }

    /// Where an owner chooses the battery of a car (contract rest-v2, 2.11).
    #[must_use]
    pub fn battery_capacity(&self, vehicle: &Vehicle, now: Timestamp) -> String {
        let purpose = LinkPurpose::BatteryCapacity;
        let token = self
            .key
            .token(purpose, vehicle.id, now.plus(purpose.lasts()));
        format!(
            "{}/battery-capacity?vehicle_id={}&client_id={}&token={token}\
             &response_type=vehicle_id&redirect_uri=",
            self.public_url, vehicle.id, vehicle.application
        )
    }

    /// Where an owner signs in to the brand again (contract connect-oauth, A.7).
    #[must_use]
    pub fn reauthenticate(&self, vehicle: &Vehicle) -> String {
        format!(
            "{}/oauth/reauthenticate?response_type=vehicle_id&client_id={}&vehicle_id={}",
            self.public_url, vehicle.application, vehicle.id
        )
    }
}

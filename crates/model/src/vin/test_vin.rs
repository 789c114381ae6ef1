//! VINs that stand for a behaviour in test mode.

use super::Vin;
use crate::{ErrorSpec, Level, error};

/// What a VIN of the contract's tables stands for. Source: contract connect-oauth, D.2 to D.4, and
/// rest-v2, 4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestVin {
    /// A car of this level.
    Level(Level),
    /// Its connected service is not active.
    InvalidSubscription,
    /// It cannot be connected.
    Incompatible,
    /// It connects; then every value that is not static answers this error.
    Failing(&'static ErrorSpec),
}

impl TestVin {
    /// What `vin` stands for; `None` for every VIN that is in no table.
    #[must_use]
    pub fn of(vin: &Vin) -> Option<Self> {
        let known = match vin.as_str() {
            "0SCAUDI037A5ADB1C" => Self::Level(Level::Compatible),
            "0SCGMCT0386A85356" => Self::Level(Level::Bev),
            "0SCAUDI0155C49A95" => Self::InvalidSubscription,
            "0SCAUDI012FE3B132" => Self::Incompatible,
            text => Self::Failing(FAILING.iter().find(|(vin, _)| *vin == text)?.1),
        };
        Some(known)
    }

    /// The VIN that stands for an error, for accounts that were opened by its e-mail.
    #[must_use]
    pub fn failing_with(error: &ErrorSpec) -> Option<Vin> {
        let (vin, _) = FAILING.iter().find(|(_, known)| *known == error)?;
        Some(vin.parse().expect("the table holds VINs"))
    }
}

/// VINs of the contract, D.4 (and its v1.0 table, whose addresses share a code with another row).
static FAILING: &[(&str, &ErrorSpec)] = &[
    ("0SCLR000270BE6600", &error::MAKE_NOT_COMPATIBLE),
    ("0SCLR0002DC18F57F", &error::SMARTCAR_NOT_CAPABLE),
    ("0SCLR00024C7CDF7A", &error::VEHICLE_NOT_CAPABLE),
    ("0SCLR00026BAAA136", &error::ACCOUNT_ISSUE),
    ("0SCLR00021D803C7B", &error::AUTHENTICATION_FAILED),
    ("0SCLR00027671837B", &error::NO_VEHICLES),
    ("0SCLR0002B9BAF29F", &error::SUBSCRIPTION),
    ("0SCLR00024E29EEBD", &error::VEHICLE_MISSING),
    ("0SCLR000298A0A649", &error::INVALID_DATA),
    ("0SCLR0002A8760B72", &error::KNOWN_ISSUE),
    ("0SCLR0002C23E43AB", &error::NO_RESPONSE),
    ("0SCLR0002D4878901", &error::UNKNOWN_ISSUE),
    ("0SCLR0002E8896323", &error::ASLEEP),
    ("0SCLR000221F1E672", &error::CHARGING_IN_PROGRESS),
    ("0SCLR0002CBFC7C21", &error::CHARGING_PLUG_NOT_CONNECTED),
    ("0SCLR0002F8BD90B8", &error::DOOR_OPEN),
    ("0SCLR00029CD9D894", &error::FULLY_CHARGED),
    ("0SCLR000219CD4A2C", &error::HOOD_OPEN),
    ("0SCLR00021D49E58A", &error::IGNITION_ON),
    ("0SCLR00024F6EE640", &error::IN_MOTION),
    ("0SCLR0002588A5CC1", &error::REMOTE_ACCESS_DISABLED),
    ("0SCLR00023C607FDB", &error::TRUNK_OPEN),
    ("0SCLR0002E6CC0314", &error::STATE_UNKNOWN),
    ("0SCLR000247EBF067", &error::UNREACHABLE),
    ("0SCLR0002AF1D71A1", &error::VEHICLE_OFFLINE_FOR_SERVICE),
    ("0SCLR0002EDAB90A7", &error::ACCOUNT_ISSUE),
    ("0SCLR0002AB072EEA", &error::ACCOUNT_ISSUE),
    ("0SCLR000292E53813", &error::STATE_UNKNOWN),
    ("0SCLR00022F1A83F5", &error::DOOR_OPEN),
    ("0SCLR00028D1AA6DF", &error::TRUNK_OPEN),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vin_of_the_tables_is_one() {
        for (vin, error) in FAILING {
            let vin: Vin = vin.parse().unwrap();
            assert!(vin.is_mock());
            assert_eq!(TestVin::of(&vin), Some(TestVin::Failing(error)));
            assert!(TestVin::failing_with(error).is_some());
        }
        assert_eq!(TestVin::of(&"0SCAUDI0000000000".parse().unwrap()), None);
        assert_eq!(TestVin::failing_with(&error::INTERNAL), None);
    }
}

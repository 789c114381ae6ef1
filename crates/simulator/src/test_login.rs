//! Test logins: the e-mail, or the VIN of a single select, decides how the account behaves.
//! Source: contract connect-oauth, D.2 to D.4.

use carport_model::{ErrorSpec, Level, Vin, error};

/// How an account of test mode behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestLogin {
    /// Everything works; the cars of the brand file.
    Plain,
    /// Everything works; one car with this VIN and level.
    Level(Vin, Level),
    /// Everything works; so many cars, 0 to 999.
    Count(usize),
    /// Connect works; then every value that is not static answers this error.
    Failing(&'static ErrorSpec),
    /// The login page refuses.
    InvalidCredentials,
    /// A one-time code is asked for.
    OneTimeCode,
    /// The connected service is not active.
    InvalidSubscription,
    /// The car cannot be connected.
    Incompatible,
}

/// The one-time code that passes.
pub const ONE_TIME_CODE: &str = "000000";

const SUCCESSFUL_VIN: &str = "0SCAUDI037A5ADB1C";

/// Behaviour of a normalised login; a car asked for by VIN may decide instead.
#[must_use]
pub fn behaviour(login: &str, vin: Option<&Vin>) -> TestLogin {
    match by_login(login) {
        TestLogin::Plain => vin.map_or(TestLogin::Plain, by_vin),
        decided => decided,
    }
}

/// Behaviour of a login alone. Anything without a meaning is [`TestLogin::Plain`].
#[must_use]
pub fn by_login(login: &str) -> TestLogin {
    let Some((name, host)) = login.rsplit_once('@') else {
        return TestLogin::Plain;
    };
    match (name, host) {
        ("smartcar", "successful-request.com") => return by_vin_text(SUCCESSFUL_VIN),
        ("smartcar", "invalid-subscription.com") => return TestLogin::InvalidSubscription,
        ("smartcar", "vehicle-incompatible.com") => return TestLogin::Incompatible,
        ("smartcar", "invalid-credentials.com") => return TestLogin::InvalidCredentials,
        ("smartcar", "mfa.com") => return TestLogin::OneTimeCode,
        ("smartcar", _) => {
            return by_legacy_host(host).map_or(TestLogin::Plain, TestLogin::Failing);
        }
        _ => {}
    }
    if host == "smartcar.com" {
        let count = name
            .strip_suffix("-vehicles")
            .and_then(|count| count.parse().ok());
        if let Some(count) = count.filter(|count| *count <= 999) {
            return TestLogin::Count(count);
        }
        return name
            .split_once('.')
            .and_then(|(kind, code)| ErrorSpec::find(kind, code))
            .map_or(TestLogin::Plain, TestLogin::Failing);
    }
    let level = host
        .strip_suffix(".smartcar.com")
        .and_then(|level| level.parse().ok());
    match (name.parse(), level) {
        (Ok(vin), Some(level)) => TestLogin::Level(vin, level),
        _ => TestLogin::Plain,
    }
}

/// Addresses of the old v1.0 errors, mapped to their v2.0 counterparts.
fn by_legacy_host(host: &str) -> Option<&'static ErrorSpec> {
    match host {
        "voa-000.vehicle-owner-action-required.com"
        | "voa-001.vehicle-owner-action-required.com" => Some(&error::ACCOUNT_ISSUE),
        "vs-000.vehicle-state-error.com" => Some(&error::STATE_UNKNOWN),
        "vs-001.vehicle-state-error.com" => Some(&error::DOOR_OPEN),
        "vs-002.vehicle-state-error.com" => Some(&error::TRUNK_OPEN),
        "vs-003.vehicle-state-error.com" => Some(&error::HOOD_OPEN),
        _ => None,
    }
}

/// Behaviour that a VIN of the contract's tables stands for; any other VIN is a car that works.
#[must_use]
pub fn by_vin(vin: &Vin) -> TestLogin {
    by_vin_text(vin.as_str())
}

fn by_vin_text(vin: &str) -> TestLogin {
    match vin {
        "0SCAUDI0155C49A95" => TestLogin::InvalidSubscription,
        "0SCAUDI012FE3B132" => TestLogin::Incompatible,
        _ => match FAILING_VINS.iter().find(|(known, _)| *known == vin) {
            Some((_, error)) => TestLogin::Failing(error),
            None => vin.parse().map_or(TestLogin::Plain, |vin| {
                TestLogin::Level(vin, Level::Compatible)
            }),
        },
    }
}

/// The VIN that stands for an error, for accounts that were opened by its e-mail.
#[must_use]
pub fn vin_of(error: &ErrorSpec) -> Option<&'static str> {
    FAILING_VINS
        .iter()
        .find(|(_, known)| *known == error)
        .map(|(vin, _)| *vin)
}

/// VINs of the contract, D.4 (and its v1.0 table, whose addresses share a code with another row).
static FAILING_VINS: &[(&str, &ErrorSpec)] = &[
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
    use carport_model::account::normalise_login;

    #[test]
    fn each_kind_of_address() {
        let of = |login: &str| by_login(&normalise_login(login));
        assert_eq!(of("someone@example.net"), TestLogin::Plain);
        assert_eq!(of("nobody"), TestLogin::Plain);
        assert_eq!(of("12-vehicles@smartcar.com"), TestLogin::Count(12));
        assert_eq!(of("0-vehicles@smartcar.com"), TestLogin::Count(0));
        assert_eq!(of("1000-vehicles@smartcar.com"), TestLogin::Plain);
        assert_eq!(
            of("VEHICLE_STATE.ASLEEP@smartcar.com"),
            TestLogin::Failing(&error::ASLEEP)
        );
        assert_eq!(of("upstream.no_such@smartcar.com"), TestLogin::Plain);
        assert_eq!(of("smartcar@mfa.com"), TestLogin::OneTimeCode);
        let level = of("4T1BF1FK5HU012345@bev.smartcar.com");
        assert_eq!(
            level,
            TestLogin::Level("4T1BF1FK5HU012345".parse().unwrap(), Level::Bev)
        );
        assert_eq!(of("short@bev.smartcar.com"), TestLogin::Plain);
        assert_eq!(
            of("smartcar@vs-001.vehicle-state-error.com"),
            TestLogin::Failing(&error::DOOR_OPEN)
        );
        assert_eq!(
            of("smartcar@successful-request.com"),
            TestLogin::Level(SUCCESSFUL_VIN.parse().unwrap(), Level::Compatible)
        );
    }

    #[test]
    fn every_vin_of_the_tables_is_one() {
        for (vin, error) in FAILING_VINS {
            assert_eq!(by_vin(&vin.parse().unwrap()), TestLogin::Failing(error));
            assert!(vin_of(error).is_some());
        }
    }
}

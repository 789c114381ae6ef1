//! Test logins: the e-mail, or the VIN of a single select, decides how the account behaves.
//! Source: contract connect-oauth, D.2 to D.4.

use carport_model::vin::TestVin;
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

fn successful_vin() -> Vin {
    "0SCAUDI037A5ADB1C".parse().expect("17 letters and digits")
}

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
        ("smartcar", "successful-request.com") => return by_vin(&successful_vin()),
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
    match TestVin::of(vin) {
        Some(TestVin::InvalidSubscription) => TestLogin::InvalidSubscription,
        Some(TestVin::Incompatible) => TestLogin::Incompatible,
        Some(TestVin::Failing(error)) => TestLogin::Failing(error),
        Some(TestVin::Level(level)) => TestLogin::Level(vin.clone(), level),
        None => TestLogin::Level(vin.clone(), Level::Compatible),
    }
}

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
            TestLogin::Level(successful_vin(), Level::Compatible)
        );
    }

    #[test]
    fn vins_decide_for_logins_without_a_meaning() {
        let of = |login, vin: &str| behaviour(login, Some(&vin.parse().unwrap()));
        let asleep = TestLogin::Failing(&error::ASLEEP);
        assert_eq!(of("me@example.net", "0SCLR0002E8896323"), asleep);
        assert_eq!(
            of("me@example.net", "0SCAUDI0155C49A95"),
            TestLogin::InvalidSubscription
        );
        assert_eq!(
            of("me@example.net", "0SCAUDI012FE3B132"),
            TestLogin::Incompatible
        );
        let electric = "0SCGMCT0386A85356";
        let level = TestLogin::Level(electric.parse().unwrap(), Level::Bev);
        assert_eq!(of("me@example.net", electric), level);
        assert_eq!(of("smartcar@mfa.com", electric), TestLogin::OneTimeCode);
    }
}

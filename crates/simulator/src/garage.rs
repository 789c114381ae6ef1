//! The cars of a test account. Nothing is stored: the same application, mode, brand and login
//! always give the same cars.

use carport_connector::AccountKey;
use carport_model::brand::TestVehicle;
use carport_model::reading::CapacityChoice;
use carport_model::vehicle::FoundVehicle;
use carport_model::vin::TestVin;
use carport_model::{Brand, Level, Mode, Powertrain, Vin};
use sha2::{Digest, Sha256};

use crate::test_login::TestLogin;

/// The cars of `account`, given how it behaves.
pub(crate) fn vehicles(
    account: &AccountKey,
    brand: &Brand,
    behaviour: &TestLogin,
) -> Vec<FoundVehicle> {
    let templates = &brand.test_vehicles;
    match behaviour {
        TestLogin::Level(vin, level) => {
            vec![car(
                account,
                &templates[0],
                brand,
                0,
                Some(vin.clone()),
                Some(*level),
            )]
        }
        TestLogin::Failing(error) => {
            let vin = TestVin::failing_with(error);
            vec![car(account, &templates[0], brand, 0, vin, None)]
        }
        TestLogin::Incompatible => {
            let vin = "0SCAUDI012FE3B132".parse().ok();
            vec![car(
                account,
                &templates[0],
                brand,
                0,
                vin,
                Some(Level::Incompatible),
            )]
        }
        TestLogin::Count(count) => (0..*count)
            .map(|index| {
                let template = &templates[index % templates.len()];
                car(account, template, brand, index, None, None)
            })
            .collect(),
        TestLogin::Plain
        | TestLogin::OneTimeCode
        | TestLogin::InvalidCredentials
        | TestLogin::InvalidSubscription => templates
            .iter()
            .enumerate()
            .map(|(index, template)| car(account, template, brand, index, None, None))
            .collect(),
    }
}

fn car(
    account: &AccountKey,
    template: &TestVehicle,
    brand: &Brand,
    index: usize,
    vin: Option<Vin>,
    level: Option<Level>,
) -> FoundVehicle {
    let level = level.unwrap_or(template.level);
    // What bears the same VIN is the same car, whoever signs in for it.
    let dice = match &vin {
        Some(vin) => Sha256::digest(vin.as_str()).into(),
        None => dice(account, index),
    };
    let [first, last] = template.years;
    let span = u8::try_from(last - first + 1).unwrap_or(1).max(1);
    FoundVehicle {
        vin: vin.unwrap_or_else(|| generated_vin(account.mode, brand, dice)),
        make: brand.id.clone(),
        model: template.model.clone(),
        year: first + i32::from(dice[31] % span),
        powertrain: level.powertrain(),
        capabilities: level.capabilities(),
        capacities: template
            .capacities
            .clone()
            .unwrap_or_else(|| usual_capacity(level.powertrain())),
    }
}

/// What test mode says of batteries that the brand file says nothing of.
fn usual_capacity(powertrain: Powertrain) -> Vec<CapacityChoice> {
    let capacity = match powertrain {
        Powertrain::Bev => 75.0,
        Powertrain::Phev => 18.4,
        Powertrain::Hev | Powertrain::Ice => return Vec::new(),
    };
    let description = None;
    vec![CapacityChoice {
        capacity,
        description,
    }]
}

/// 32 bytes that belong to one car of one account.
fn dice(account: &AccountKey, index: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(account.application.as_bytes());
    for part in [
        account.mode.as_str(),
        account.brand.as_str(),
        &account.login,
    ] {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    hash.update(index.to_le_bytes());
    hash.finalize().into()
}

/// The VIN of a car that somebody makes, of this brand.
pub(crate) fn simulated_vin(brand: &Brand, dice: [u8; 32]) -> Vin {
    generated_vin(Mode::Simulated, brand, dice)
}

/// `0SC` (simulated: `1SC`), four letters of the brand, then ten digits of the car's own.
fn generated_vin(mode: Mode, brand: &Brand, dice: [u8; 32]) -> Vin {
    use std::fmt::Write as _;

    let prefix = if mode == Mode::Simulated {
        "1SC"
    } else {
        "0SC"
    };
    let mut vin: String = prefix
        .chars()
        .chain(
            brand
                .id
                .as_str()
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .take(4),
        )
        .collect();
    for byte in dice {
        write!(vin, "{byte:02X}").expect("a string takes all");
    }
    vin.truncate(17);
    vin.parse().expect("17 letters and digits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_login;
    use carport_model::{ApplicationId, Brands, Permission, SeededRng};

    fn cars(application: u64, make: &str, login: &str) -> Vec<FoundVehicle> {
        let brands = Brands::embedded();
        let brand = brands.find(make).unwrap();
        let account = AccountKey {
            application: ApplicationId::draw(&SeededRng::new(application, 0)),
            mode: Mode::Test,
            brand: brand.id.clone(),
            login: login.to_owned(),
        };
        vehicles(&account, brand, &test_login::by_login(login))
    }

    #[test]
    fn the_same_login_gives_the_same_car_and_others_differ() {
        let volt = &cars(0, "CHEVROLET", "me@example.net")[0];
        assert_eq!(volt, &cars(0, "CHEVROLET", "me@example.net")[0]);
        assert_ne!(volt.vin, cars(0, "CHEVROLET", "you@example.net")[0].vin);
        assert_ne!(volt.vin, cars(1, "CHEVROLET", "me@example.net")[0].vin);
        assert_eq!(
            (volt.make.as_str(), volt.model.as_str()),
            ("CHEVROLET", "Volt")
        );
        assert!(volt.vin.as_str().starts_with("0SCCHEV"));
        assert!((2016..=2019).contains(&volt.year));
    }

    #[test]
    fn the_same_vin_is_the_same_car_for_every_login() {
        let failing = "connected_services_account.authentication_failed@smartcar.com";
        let failing = &cars(0, "NISSAN", failing)[0];
        let lively = format!("{}@compatible.smartcar.com", failing.vin.as_str());
        assert_eq!(failing, &cars(0, "NISSAN", &lively)[0]);
    }

    #[test]
    fn the_inventory_that_suites_need() {
        assert_eq!(cars(0, "BUICK", "me@example.net").len(), 2);
        let tesla = &cars(0, "TESLA", "me@example.net")[0];
        assert!(!tesla.capabilities.contains(Permission::ReadFuel));
        assert!(tesla.capabilities.contains(Permission::ReadCompass));
        assert_eq!(cars(0, "KIA", "999-vehicles@smartcar.com").len(), 999);
        assert!(cars(0, "KIA", "0-vehicles@smartcar.com").is_empty());
        let asleep = &cars(0, "KIA", "vehicle_state.asleep@smartcar.com")[0];
        assert_eq!(asleep.vin.as_str(), "0SCLR0002E8896323");
    }
}

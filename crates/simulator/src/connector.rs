//! The connector of test mode.

use std::sync::Arc;

use async_trait::async_trait;
use carport_connector::{
    AccountKey, Connector, Fault, LoginInput, LoginRefused, LoginStep, Reached, SendError,
};
use carport_model::reading::Readings;
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    Brand, BrandId, Brands, Clock, Command, Reading, Rng, Signal, SignalValue, Vin, error,
};

use crate::test_login::{self, ONE_TIME_CODE, TestLogin};
use crate::{effects, garage, values};

/// Test mode: any e-mail and password will do, and some e-mails make things happen.
#[derive(Clone)]
pub struct TestConnector {
    brands: Arc<Brands>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl TestConnector {
    /// Test cars of these brands, with times and values drawn from what is handed in.
    #[must_use]
    pub fn new(brands: Arc<Brands>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { brands, clock, rng }
    }

    fn brand(&self, id: &BrandId) -> Result<&Brand, Fault> {
        self.brands
            .get(id)
            .ok_or_else(|| Fault::from(&error::MAKE_NOT_COMPATIBLE))
    }
}

#[async_trait]
impl Connector for TestConnector {
    async fn login(&self, input: &LoginInput<'_>) -> Result<LoginStep, LoginRefused> {
        let behaviour = test_login::behaviour(&input.account.login, input.vin);
        match behaviour {
            TestLogin::InvalidCredentials => Err(LoginRefused::Credentials),
            TestLogin::InvalidSubscription => Err(LoginRefused::Subscription),
            TestLogin::Incompatible => {
                let cars = garage::vehicles(input.account, input.brand, &behaviour);
                let car = cars.into_iter().next().ok_or(LoginRefused::Credentials)?;
                Err(LoginRefused::Incompatible(Box::new(car)))
            }
            TestLogin::OneTimeCode => Ok(LoginStep::OneTimeCode),
            TestLogin::Plain
            | TestLogin::Level(..)
            | TestLogin::Count(_)
            | TestLogin::Failing(_) => Ok(LoginStep::Done),
        }
    }

    async fn confirm(&self, _: &AccountKey, code: &str) -> Result<LoginStep, LoginRefused> {
        if code.trim() == ONE_TIME_CODE {
            Ok(LoginStep::Done)
        } else {
            Err(LoginRefused::Credentials)
        }
    }

    async fn vehicles(
        &self,
        account: &AccountKey,
        vin: Option<&Vin>,
    ) -> Result<Vec<FoundVehicle>, Fault> {
        let behaviour = test_login::behaviour(&account.login, vin);
        Ok(garage::vehicles(
            account,
            self.brand(&account.brand)?,
            &behaviour,
        ))
    }

    async fn read(&self, car: Reached<'_>, want: &[Signal]) -> Result<Readings, Fault> {
        fail_as_told(car)?;
        let now = self.clock.now();
        Ok(want
            .iter()
            .filter_map(|signal| {
                let value = values::now_of(*signal, car, now, &*self.rng)?;
                let reading = Reading {
                    value,
                    measured_at: now,
                    received_at: now,
                };
                Some((*signal, reading))
            })
            .collect())
    }

    async fn send(
        &self,
        car: Reached<'_>,
        command: &Command,
    ) -> Result<Vec<(Signal, SignalValue)>, SendError> {
        fail_as_told(car)?;
        let (now, rng) = (self.clock.now(), &*self.rng);
        Ok(effects::of(command, &|signal| {
            values::now_of(signal, car, now, rng)
        })?)
    }
}

/// The error that the login of a car asks for, if it does.
pub(crate) fn fail_as_told(car: Reached<'_>) -> Result<(), Fault> {
    match test_login::behaviour(&car.account.login, Some(&car.vehicle.car.vin)) {
        TestLogin::Failing(error) => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::charging::Place;
    use carport_model::{
        Account, AccountId, ApplicationId, Held, Mode, Secret, SeededRng, SystemClock, Vehicle,
        VehicleId, signal,
    };
    use carport_store::Simulated;

    async fn read(
        (connector, account, vehicle): &(TestConnector, Account, Vehicle),
        held: &Held,
        want: &[Signal],
    ) -> Result<Readings, Fault> {
        let car = Reached {
            account,
            vehicle,
            held,
            simulation: &Simulated::No,
        };
        connector.read(car, want).await
    }

    fn refusal<T: std::fmt::Debug>(sent: Result<T, SendError>) -> Fault {
        match sent {
            Err(SendError::Fault(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    fn parked(login: &str, make: &str) -> (TestConnector, Account, Vehicle) {
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(0, 0));
        let brands = Arc::new(Brands::embedded());
        let connector = TestConnector::new(brands.clone(), Arc::new(SystemClock), rng.clone());
        let brand = brands.find(make).unwrap();
        let application = ApplicationId::draw(&*rng);
        let key = AccountKey {
            application,
            mode: Mode::Test,
            brand: brand.id.clone(),
            login: login.to_owned(),
        };
        let cars = garage::vehicles(&key, brand, &test_login::by_login(login));
        let account = Account {
            id: AccountId::draw(&*rng),
            mode: Mode::Test,
            brand: brand.id.clone(),
            login: login.to_owned(),
        };
        let vehicle = Vehicle {
            id: VehicleId::draw(&*rng),
            application,
            mode: Mode::Test,
            car: cars[0].clone(),
        };
        (connector, account, vehicle)
    }

    #[tokio::test]
    async fn every_signal_of_the_list_has_a_value_of_its_shape() {
        let car = parked("me@example.net", "CHEVROLET");
        let want: Vec<Signal> = signal::all().collect();
        let readings = read(&car, &Held::default(), &want).await.unwrap();
        // A car with an engine has a bonnet where others have a boot.
        assert_eq!(readings.len(), want.len() - 1);
        assert!(!readings.contains_key(&signal::closure::FRONT_TRUNK));
        for (signal, reading) in readings {
            let fits = signal.spec().test.fits(&reading.value);
            assert!(fits, "{signal}: {:?}", reading.value);
        }
    }

    #[tokio::test]
    async fn a_car_without_a_tank_has_no_fuel_and_a_failing_one_nothing() {
        let want = [signal::internal_combustion_engine::FUEL_LEVEL];
        let held = Held::default();
        let tesla = parked("me@example.net", "TESLA");
        assert!(read(&tesla, &held, &want).await.unwrap().is_empty());
        let asleep = parked("vehicle_state.asleep@smartcar.com", "KIA");
        let fault = read(&asleep, &held, &want).await.unwrap_err();
        assert_eq!(fault.error, &error::ASLEEP);
        let car = Reached {
            account: &asleep.1,
            vehicle: &asleep.2,
            held: &held,
            simulation: &Simulated::No,
        };
        let fault = asleep.0.send(car, &Command::Lock).await;
        assert_eq!(refusal(fault).error, &error::ASLEEP);
    }

    #[tokio::test]
    async fn a_command_for_a_part_that_a_car_lacks_is_refused() {
        let (held, volt) = (Held::default(), parked("me@example.net", "CHEVROLET"));
        let car = Reached {
            account: &volt.1,
            vehicle: &volt.2,
            held: &held,
            simulation: &Simulated::No,
        };
        // The engine lies where others have a boot.
        let fault = volt.0.send(car, &Command::OpenFrontTrunk).await;
        assert_eq!(refusal(fault).error, &error::VEHICLE_NOT_CAPABLE);
        let set = volt.0.send(car, &Command::OpenRearTrunk).await.unwrap();
        assert_eq!(set.len(), 1);
        let pin = Command::SetPin(Secret::new("1234".to_owned()));
        assert!(volt.0.send(car, &pin).await.unwrap().is_empty());
        assert_eq!(format!("{pin:?}"), "set_pin");
    }

    #[tokio::test]
    async fn a_place_that_the_car_does_not_know_is_refused() {
        let (held, ford) = (Held::default(), parked("me@example.net", "FORD"));
        let car = Reached {
            account: &ford.1,
            vehicle: &ford.2,
            held: &held,
            simulation: &Simulated::No,
        };
        let at = |latitude| Command::SetChargePlace {
            latitude,
            longitude: -104.9903,
            limit: 0.7,
            windows: Vec::new(),
        };
        let fault = refusal(ford.0.send(car, &at(12.0)).await);
        assert_eq!(fault.error, &error::PARAMETER);
        assert_eq!(fault.refused.unwrap().0, "latitude");
        // As a caller sends back what it read, rounded.
        let set = ford.0.send(car, &at(39.739)).await.unwrap();
        let SignalValue::ChargeLimits(limits) = &set[0].1 else {
            panic!("{set:?}");
        };
        let of = |name: &str| {
            let is_named = |place: &&Place| place.name.as_deref() == Some(name);
            let mut all = limits.limits.iter();
            let limit = all.find(|limit| limit.scope.place().as_ref().is_some_and(is_named));
            limit.unwrap().limit
        };
        assert_eq!((of("Home"), of("Work")), (0.7, 0.9));
        assert_eq!(limits.limits.len(), 3);
    }
}

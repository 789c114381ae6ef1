//! The connector of test mode.

use std::sync::Arc;

use async_trait::async_trait;
use carport_connector::{AccountKey, Connector, Fault, LoginInput, LoginRefused, LoginStep};
use carport_model::reading::Readings;
use carport_model::vehicle::FoundVehicle;
use carport_model::{
    Account, Brand, BrandId, Brands, Clock, Reading, Rng, Signal, Vehicle, Vin, error,
};

use crate::test_login::{self, ONE_TIME_CODE, TestLogin};
use crate::{garage, values};

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

    async fn read(
        &self,
        account: &Account,
        vehicle: &Vehicle,
        want: &[Signal],
    ) -> Result<Readings, Fault> {
        let behaviour = test_login::behaviour(&account.login, Some(&vehicle.car.vin));
        if let TestLogin::Failing(error) = behaviour {
            return Err(error.into());
        }
        let now = self.clock.now();
        Ok(want
            .iter()
            .filter(|signal| vehicle.car.capabilities.contains(signal.spec().permission))
            .map(|signal| {
                let value = values::draw(*signal, vehicle, &*self.rng);
                (
                    *signal,
                    Reading {
                        value,
                        measured_at: now,
                        received_at: now,
                    },
                )
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carport_model::{
        AccountId, ApplicationId, Mode, SeededRng, SystemClock, VehicleId, signal,
    };

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
        let (connector, account, vehicle) = parked("me@example.net", "CHEVROLET");
        let want: Vec<Signal> = signal::all().collect();
        let readings = connector.read(&account, &vehicle, &want).await.unwrap();
        assert_eq!(readings.len(), want.len());
        for (signal, reading) in readings {
            assert!(
                signal.spec().test.fits(&reading.value),
                "{signal}: {:?}",
                reading.value
            );
        }
    }

    #[tokio::test]
    async fn a_car_without_a_tank_has_no_fuel_and_a_failing_one_nothing() {
        let want = [signal::internal_combustion_engine::FUEL_LEVEL];
        let (connector, account, vehicle) = parked("me@example.net", "TESLA");
        assert!(
            connector
                .read(&account, &vehicle, &want)
                .await
                .unwrap()
                .is_empty()
        );
        let (connector, account, vehicle) = parked("vehicle_state.asleep@smartcar.com", "KIA");
        let fault = connector.read(&account, &vehicle, &want).await.unwrap_err();
        assert_eq!(fault.error, &error::ASLEEP);
    }
}

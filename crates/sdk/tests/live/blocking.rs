//! The blocking calls.

use carport_sdk::blocking::{Api, Session, Vehicle};
use carport_sdk::{MemoryTokenStore, Paging};

use crate::{is, kind, support};

#[test]
fn from_code_to_readings_without_async() {
    support::on_carport_blocking(|carport| {
        let client = carport.builder().build_blocking()?;
        let access = client.exchange_code(&carport.code_now("read_odometer read_vin")?)?;
        let api = Api::at(&carport.url)?;
        assert_eq!(api.get_user(&access)?.id.len(), 36);
        let page = api.get_vehicles(&access, Paging::default())?;

        let session = Session::new(&client, MemoryTokenStore::default());
        session.begin(access)?;
        let cars = api.all_vehicles(&session).collect::<Result<Vec<_>, _>>()?;
        assert_eq!(
            cars.iter().map(Vehicle::id).collect::<Vec<_>>(),
            page.vehicles
        );
        let token = session.refresh()?;
        assert_eq!(session.access_token()?, token);
        assert!(cars[0].odometer()?.distance > 0.0);
        assert_eq!(cars[0].vin()?.vin.len(), 17);
        assert_eq!(kind(cars[0].location()), is("PERMISSION", ""));
        Ok(())
    });
}

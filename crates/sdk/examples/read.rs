//! What the connected cars say of themselves, with the tokens that `exchange` stored.
//!
//!     eval "$(carport env rust)" && cargo run -p carport-sdk --example read

use carport_sdk::{AuthClient, FileTokenStore, Session, UnitSystem};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = AuthClient::from_env()?;
    let session = Session::new(client.clone(), FileTokenStore::new("tokens.json"));
    let mut cars = client.api()?.all_vehicles(&session);
    while let Some(car) = cars.next().await {
        let car = car?.unit_system(UnitSystem::Imperial);
        let what = car.attributes().await?;
        println!("{} {} of {}", what.make, what.model, what.year);
        match car.odometer().await {
            Ok(odometer) => {
                println!(
                    "  {:.0} miles, as of {:?}",
                    odometer.distance, odometer.meta.data_age
                );
            }
            // What the owner did not share, or the car cannot tell, is no reason to stop.
            Err(error) => match error.api() {
                Some(refused) => println!("  no odometer: {refused}"),
                None => return Err(error.into()),
            },
        }
    }
    Ok(())
}

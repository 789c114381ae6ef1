//! Several reads in one request, each with its own type and its own failure, with the tokens that
//! `exchange` stored.
//!
//!     eval "$(carport env rust)" && cargo run -p carport-sdk --example batch

use carport_sdk::paths::{self, Path};
use carport_sdk::{AuthClient, Batch, FileTokenStore, Session};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = AuthClient::from_env()?;
    let session = Session::new(client.clone(), FileTokenStore::new("tokens.json"));
    let mut cars = client.api()?.all_vehicles(&session);
    let car = cars.next().await.ok_or("no car is connected")??;

    let mut batch = Batch::new();
    let odometer = batch.add(paths::ODOMETER);
    let fuel = batch.add(paths::FUEL);
    let compass = batch.add(Path::<serde_json::Value>::new("/tesla/compass"));
    let mut answers = car.batch(batch).await?;

    match answers.take(odometer) {
        Ok(odometer) => println!("{:.0} km", odometer.distance),
        Err(refused) => println!("no odometer: {refused}"),
    }
    match answers.take(fuel) {
        Ok(fuel) => println!("{:?} l", fuel.amount_remaining),
        Err(refused) => println!("no fuel level: {refused}"),
    }
    match answers.take(compass) {
        Ok(compass) => println!("heading {}", compass["direction"]),
        Err(refused) => println!("no compass: {refused}"),
    }
    Ok(())
}

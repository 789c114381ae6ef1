//! From a Connect link to tokens: prints the link, takes the address that the browser ends up at,
//! stores the tokens in `tokens.json`.
//!
//!     eval "$(carport env rust)" && cargo run -p carport-sdk --example exchange

use std::io::{BufRead as _, stdin};

use carport_sdk::{AuthClient, FileTokenStore, Mode, Session};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = AuthClient::from_env()?;
    let link = client
        .auth_url([
            "required:read_vehicle_info",
            "read_odometer",
            "read_location",
            "read_vin",
        ])
        .mode(Mode::Test)
        .state("kept in the visitor's session, and compared when it comes back");
    println!("Open this and connect a car:\n\n  {link}\n");
    println!("Then paste the address it leads to:");

    let line = stdin()
        .lock()
        .lines()
        .next()
        .ok_or("no address was given")??;
    let address = url::Url::parse(line.trim())?;
    let given = |name: &str| {
        let found = address.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let Some(code) = given("code") else {
        return Err(given("error_description")
            .unwrap_or("it has no code".into())
            .into());
    };
    let access = client.exchange_code(&code).await?;
    println!("The access token works until {}.", access.expiration);
    Session::new(client, FileTokenStore::new("tokens.json"))
        .begin(access)
        .await?;
    println!("Stored in tokens.json; now run the example `read`.");
    Ok(())
}

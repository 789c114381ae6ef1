//! All connections of the application, and with a vehicle's id the end of its own.
//!
//!     eval "$(carport env rust)" && cargo run -p carport-sdk --example management -- MANAGEMENT_TOKEN [VEHICLE]

use carport_sdk::{ConnectionFilter, ConnectionsOf, Management};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let token = arguments
        .next()
        .ok_or("name the application management token")?;
    let management = Management::from_env(token)?;

    let mut all = management.all_connections(ConnectionFilter::default());
    while let Some(connection) = all.next().await {
        let connection = connection?;
        println!(
            "vehicle {} of user {}, since {:?} ({})",
            connection.vehicle_id,
            connection.user_id,
            connection.connected_at,
            connection.mode.as_deref().unwrap_or("?"),
        );
    }
    if let Some(vehicle) = arguments.next() {
        let gone = management
            .delete_connections(&ConnectionsOf::Vehicle(vehicle))
            .await?;
        println!("{} deleted", gone.connections.len());
    }
    Ok(())
}

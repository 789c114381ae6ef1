//! Tokens that refresh themselves, kept in a store of your own: here a map from owner to row, as a
//! table of a database would be.
//!
//!     eval "$(carport env rust)" && cargo run -p carport-sdk --example refresh -- REFRESH_TOKEN

use std::collections::HashMap;
use std::sync::Arc;

use carport_sdk::{Access, AuthClient, BoxError, Session, TokenStore};
use tokio::sync::Mutex;

/// All owners' tokens.
type Table = Arc<Mutex<HashMap<String, String>>>;

/// The row of one owner.
struct Row {
    table: Table,
    owner: String,
}

impl TokenStore for Row {
    async fn load(&self) -> Result<Option<Access>, BoxError> {
        let table = self.table.lock().await;
        let row = table.get(&self.owner);
        Ok(row.map(|text| serde_json::from_str(text)).transpose()?)
    }

    async fn save(&self, access: &Access) -> Result<(), BoxError> {
        let text = serde_json::to_string(access)?;
        self.table.lock().await.insert(self.owner.clone(), text);
        println!("saved; the next refresh is due by {}", access.expiration);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::args().nth(1).ok_or("name a refresh token")?;
    let client = AuthClient::from_env()?;
    let row = Row {
        table: Table::default(),
        owner: "driver 7".to_owned(),
    };
    let session = Session::new(client.clone(), row);
    session
        .begin(client.exchange_refresh_token(&token.into()).await?)
        .await?;

    // However many tasks use it: the token is refreshed once, and all go on with the new one.
    let api = client.api()?;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (api, session) = (api.clone(), session.clone());
            tokio::spawn(async move { api.get_user(&session).await })
        })
        .collect();
    session.refresh().await?;
    for task in tasks {
        println!("user {}", task.await??.id);
    }
    Ok(())
}

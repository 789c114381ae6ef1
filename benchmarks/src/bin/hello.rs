//! The measure of all figures: a bare axum server that answers one line of JSON.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let routes = Router::new().route("/hello", get(async || Json(json!({ "distance": 48213.7 }))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, routes).await?;
    Ok(())
}

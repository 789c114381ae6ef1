//! A receiver of webhooks: answers the challenge, and believes nothing that is not signed.
//!
//!     cargo run -p carport-sdk --example webhook -- MANAGEMENT_TOKEN [PORT]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use carport_sdk::{Secret, hash_challenge, verify_payload};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let token = arguments
        .next()
        .ok_or("name the application management token")?;
    let port: u16 = arguments.next().map_or(Ok(8010), |port| port.parse())?;
    let app = Router::new()
        .route("/webhook", post(receive))
        .with_state(Secret::from(token));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!(
        "Register http://localhost:{}/webhook",
        listener.local_addr()?.port()
    );
    Ok(axum::serve(listener, app).await?)
}

/// The body is taken as bytes: parsed and written anew it could be another one.
async fn receive(
    State(token): State<Secret>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<axum::Json<Value>, StatusCode> {
    let event: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    if let Some(challenge) = event.pointer("/data/challenge").and_then(Value::as_str) {
        // The original service does not sign this one. What is hashed here is also how deliveries
        // are signed, so nothing is hashed that could be one.
        if challenge.contains(['{', '[', '"']) {
            return Err(StatusCode::BAD_REQUEST);
        }
        return Ok(axum::Json(
            json!({ "challenge": hash_challenge(&token, challenge) }),
        ));
    }
    let signature = headers
        .get("sc-signature")
        .and_then(|value| value.to_str().ok());
    if !verify_payload(&token, signature.unwrap_or_default(), &body) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    println!(
        "{} for vehicle {}",
        event["eventType"], event["data"]["vehicle"]["id"]
    );
    Ok(axum::Json(json!({})))
}

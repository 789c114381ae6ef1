//! The door through the router.

mod entering;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use carport_testkit::{Registered, TestApp, TestBed};
use carport_web::envelope::{Render, json_of};
use carport_web::layers;
use serde_json::{Value, json};

use super::{Controller, Open, Sent, SimulatorApi};

/// A server with one application, behind an open door or a closed one.
struct Site {
    bed: TestBed,
    app: TestApp,
    client: Registered,
}

impl Site {
    async fn dev() -> Self {
        Self::with(Some(Open::default())).await
    }

    async fn serve() -> Self {
        Self::with(None).await
    }

    async fn with(open: Option<Open>) -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        if let Some(open) = &open {
            open.stand_for(client.id.parse().unwrap());
        }
        let api = SimulatorApi::new(
            bed.store.clone(),
            bed.clock(),
            "http://carport.test:2277",
            open,
        );
        let probe = Router::new()
            .route("/probe", post(probe).get(async |_: Controller| "seen"))
            .layer(Render(Arc::from("http://carport.test:2277")))
            .with_state(api.clone());
        let routes = super::routes(api).merge(probe);
        let app = TestApp::serving(layers::identified(routes, bed.rng()));
        Self { bed, app, client }
    }
}

/// Says for whom something would be made.
async fn probe(
    caller: Controller,
    Sent(body): Sent<Value>,
) -> Result<axum::response::Response, crate::error::ManagementError> {
    let named = body["application"].as_str().map(|id| id.parse().unwrap());
    let application = caller.acts_for(named)?;
    Ok(json_of(&json!({ "for": application.to_string() })))
}

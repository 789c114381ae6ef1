//! The getting-started application: an owner connects a car, the application shows what it is.
//!
//! It is written to be read, page by page: `login.rs` sends the owner to Connect, `exchange.rs`
//! takes the code that comes back and trades it for tokens, `vehicle.rs` reads the car.
//! `session.rs` remembers who is who. The guide in `docs/guide/getting-started.md` walks through
//! it. The library knows no environment variables: `main.rs` reads them, and `carport dev` hands
//! its own settings to [`serve`].

mod exchange;
mod login;
mod page;
mod session;
#[cfg(test)]
mod tests;
mod vehicle;

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::Redirect;
use axum::routing::get;
use carport_sdk::{Api, AuthClient};
use page::Problem;
use tokio::net::TcpListener;

pub use carport_sdk::{Origins, Secret};

/// What the application has to know: its registration, and where the servers are.
#[derive(Clone, Debug)]
pub struct Config {
    /// Id of the application, as registered.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Where Connect sends the browser back to: this application's `/exchange`.
    pub redirect_uri: String,
    /// The servers.
    pub origins: Origins,
}

/// What every page can use.
struct App {
    client: AuthClient,
    api: Api,
    sessions: session::Sessions,
}

impl App {
    fn new(config: Config) -> carport_sdk::Result<Self> {
        let client = AuthClient::builder(config.client_id, config.client_secret)
            .redirect_uri(config.redirect_uri)
            .origins(config.origins)
            .build()?;
        let api = Api::at(&client.origins().api)?;
        Ok(Self {
            client,
            api,
            sessions: session::Sessions::default(),
        })
    }
}

/// Serves the application on this listener until `shutdown` completes, then finishes the
/// requests it has begun.
///
/// # Errors
///
/// When an origin in `config` is no http(s) address, or the listener fails.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let app = App::new(config).map_err(io::Error::other)?;
    axum::serve(listener, routes(app))
        .with_graceful_shutdown(shutdown)
        .await
}

fn routes(app: App) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/login")))
        .route("/login", get(login::login))
        .route("/exchange", get(exchange::exchange))
        .route("/vehicle", get(vehicle::vehicle))
        .route(
            "/style.css",
            get(async || ([(header::CONTENT_TYPE, "text/css")], STYLE)),
        )
        .fallback(async || {
            Problem::new(
                StatusCode::NOT_FOUND,
                "There is no page here",
                "Check the address.",
            )
        })
        .layer(axum::middleware::map_response(page::guard))
        .with_state(Arc::new(app))
}

const STYLE: &str = include_str!("../assets/style.css");

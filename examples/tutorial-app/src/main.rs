//! The tutorial application as a program of its own; everything it needs comes from the
//! environment, as `carport env rust` prints it.

use std::net::Ipv4Addr;

use anyhow::Context as _;
use carport_tutorial_app::{Config, Origins, serve};
use clap::Parser;
use tokio::net::TcpListener;

/// The getting-started application: connect one car, show what it is.
#[derive(Parser)]
struct Args {
    /// Port to listen on, at localhost only.
    #[arg(long, env = "PORT", default_value_t = 8000)]
    port: u16,
    /// Id of the application, as registered.
    #[arg(long, env = "SMARTCAR_CLIENT_ID")]
    client_id: String,
    /// Its secret.
    #[arg(long, env = "SMARTCAR_CLIENT_SECRET", hide_env_values = true)]
    client_secret: String,
    /// Where Connect sends the browser back to.
    #[arg(long, env = "SMARTCAR_REDIRECT_URI")]
    redirect_uri: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))
        .await
        .with_context(|| format!("port {} is not free; choose another with --port", args.port))?;
    println!(
        "Open http://localhost:{}/login",
        listener.local_addr()?.port()
    );
    let config = Config {
        client_id: args.client_id,
        client_secret: args.client_secret.into(),
        redirect_uri: args.redirect_uri,
        origins: Origins::from_env(),
    };
    let interrupted = async {
        // Without a way to hear the signal the process simply ends by it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(serve(listener, config, interrupted).await?)
}

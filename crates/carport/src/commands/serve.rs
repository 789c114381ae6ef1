//! `carport serve`: the production server.

use anyhow::bail;

use super::{asked_to_stop, configure};
use crate::admin::ReadyLine;
use crate::cli::{Global, Serve};
use crate::config::General;
use crate::data::DataFolder;
use crate::server::{Server, Start};

/// Runs until asked to stop.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: Serve) -> anyhow::Result<()> {
    let config = configure(global, args.settings())?;
    let general = General::read(&config)?;
    refuse_unsafe(&general)?;
    let folder = DataFolder::open(general.data.as_deref())?;
    let server = Server::prepare(Start {
        config: &config,
        folder,
        seed: None,
        original_hosts: None,
    })
    .await?;
    let url = &server.parts().public_url;
    let line = ReadyLine {
        url: url.to_string(),
        dashboard_url: url.join("/dashboard"),
        tutorial_url: None,
        application: None,
        simulations: Vec::new(),
        original_hosts: None,
    };
    let json = args.listen.json;
    let ready = move |line: &ReadyLine| {
        if json {
            println!(
                "{}",
                serde_json::to_string(line).expect("the ready line is plain data")
            );
        } else {
            println!(
                "Carport runs at {}\nDashboard      {}",
                line.url, line.dashboard_url
            );
        }
    };
    server.serve(line, ready, asked_to_stop()).await
}

/// Passwords and tokens must not cross a network in clear.
fn refuse_unsafe(general: &General) -> anyhow::Result<()> {
    let behind_tls = general.tls.is_some() || !general.trusted_proxies.is_empty();
    if !general.listen.ip().is_loopback() && !behind_tls {
        bail!(
            "{} can be reached from other machines without TLS; set --tls-cert and --tls-key, or \
             name the proxy that terminates TLS with --trusted-proxies",
            general.listen
        );
    }
    if let Some(url) = &general.public_url {
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
            url.host()
                .trim_end_matches(|c: char| c.is_ascii_digit())
                .trim_end_matches(':')
                == *host
                || url.host() == *host
        });
        if !url.is_https() && !local {
            bail!("public_url {url} is not https; owners type passwords there. Use https");
        }
        if url.is_https() && !behind_tls {
            bail!(
                "public_url {url} is https, but nothing here speaks TLS; set --tls-cert and \
                 --tls-key, or name the proxy with --trusted-proxies"
            );
        }
    }
    Ok(())
}

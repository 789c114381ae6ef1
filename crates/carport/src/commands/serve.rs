//! `carport serve`: the production server.

use anyhow::bail;
use carport_dashboard::accounts::AccountError;
use carport_model::Secret;

use super::{asked_to_stop, configure};
use crate::admin::ReadyLine;
use crate::cli::{Global, Serve};
use crate::config::{Config, General, Owner};
use crate::data::DataFolder;
use crate::server::{Parts, Server, Start};

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
    if server.parts().mailer.is_none() {
        tracing::info!("no mail server is configured: links are passed on, not mailed");
    }
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
    let set_up = first_owner(server.parts(), &config).await?;
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
        if let Some(link) = set_up {
            // Not on standard output, which holds nothing but the ready line.
            eprintln!(
                "Nobody has an account here yet. Open this address within a day to become the \
                 first owner:\n\n  {}\n",
                link.expose()
            );
        }
    };
    server.serve(line, ready, asked_to_stop()).await
}

/// Makes the owner who is configured, when there is no member yet; without one configured, a link
/// with which the first one makes themselves.
async fn first_owner(parts: &Parts, config: &Config) -> anyhow::Result<Option<Secret<String>>> {
    if parts.accounts.any().await? {
        return Ok(None);
    }
    let Some((email, password)) = Owner::read(config)?.first else {
        return Ok(Some(parts.accounts.set_up_link().await?));
    };
    let made = parts.accounts.create_first(&email, None, &password, None);
    match made.await {
        // Another process on the same database was quicker.
        Ok(_) | Err(AccountError::NotFirst) => Ok(None),
        Err(error) => bail!("owner.email and owner.password: {error}"),
    }
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

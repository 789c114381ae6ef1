//! `carport exec -- CMD`: a command against a `dev` server of its own.

use std::process::ExitCode;

use anyhow::Context as _;
use carport_model::exports::Language;
use tokio::process::Command;
use tokio::sync::oneshot;

use super::{asked_to_stop, configure, dev};
use crate::admin::ReadyLine;
use crate::cli::{Dev, Exec, Global};
use crate::original_hosts::{self, Wanted};

/// Starts a server on free ports, runs the command, stops, and hands its status on.
///
/// # Errors
/// The server or the command cannot be started.
pub async fn run(global: &Global, args: Exec) -> anyhow::Result<ExitCode> {
    let config = configure(global, vec![("listen", "127.0.0.1:0".to_owned())])?;
    let dev = Dev {
        seed: args.seed,
        tutorial_port: 0,
        ..Dev::default()
    };
    let (ready, is_ready) = oneshot::channel::<ReadyLine>();
    let (done, is_done) = oneshot::channel::<()>();
    let server = dev::start(
        &config,
        &dev,
        args.hosts.wanted(Wanted::EXEC),
        |line, _| drop(ready.send(line.clone())),
        async { drop(is_done.await) },
    );
    let command = async {
        let line = is_ready.await.context("the server did not start")?;
        let status = run_command(&args.command, &line).await;
        // The server may have failed first; then there is nobody to stop.
        let _: Result<(), ()> = done.send(());
        status
    };
    let (served, status) = tokio::join!(server, command);
    served?;
    status
}

async fn run_command(command: &[String], line: &ReadyLine) -> anyhow::Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no command was given")?;
    let mut child = Command::new(program)
        .args(arguments)
        .envs(environment(line))
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{program} cannot be started"))?;
    let status = tokio::select! {
        status = child.wait() => status?,
        () = asked_to_stop() => child.wait().await?,
    };
    // A command that a signal ended has no status of its own; shells say 128 and more.
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(129),
    ))
}

/// The environment of every SDK at once. Where two SDKs read one variable differently, the value
/// is the one that the server answers under for both.
fn environment(line: &ReadyLine) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = Vec::new();
    // Python's spelling of SMARTCAR_AUTH_ORIGIN is left out: with a bare origin it posts to /,
    // which is the token endpoint too.
    for language in Language::ALL
        .iter()
        .filter(|language| **language != Language::Python)
    {
        for (name, value) in language.origins(&line.url) {
            variables.push((name.to_owned(), value));
        }
    }
    if let Some(application) = &line.application {
        let secret = application.client_secret.clone().unwrap_or_default();
        let token = application.management_token.clone().unwrap_or_default();
        variables.extend([
            (
                "SMARTCAR_CLIENT_ID".to_owned(),
                application.client_id.clone(),
            ),
            ("SMARTCAR_CLIENT_SECRET".to_owned(), secret),
            (
                "SMARTCAR_REDIRECT_URI".to_owned(),
                application.redirect_uris[0].clone(),
            ),
            ("SMARTCAR_MANAGEMENT_TOKEN".to_owned(), token),
        ]);
    }
    let webhook = line
        .application
        .as_ref()
        .and_then(|own| own.webhook_id.clone());
    variables.extend(webhook.map(|id| ("CARPORT_WEBHOOK_ID".to_owned(), id)));
    variables.push(("CARPORT_URL".to_owned(), line.url.clone()));
    let hosts = line.original_hosts.as_ref().map(original_hosts::variables);
    for (name, value) in hosts.into_iter().flatten() {
        // Many programs look for the lower-case names first, and this machine may have set those.
        if name.ends_with("_PROXY") {
            variables.push((name.to_lowercase(), value.clone()));
        }
        variables.push((name.to_owned(), value));
    }
    variables
}

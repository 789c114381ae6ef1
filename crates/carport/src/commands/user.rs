//! `carport user`: accounts of the Dashboard.

use std::io::{IsTerminal as _, Read as _, Write as _};

use anyhow::{Context as _, bail};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use serde_json::Value;

use super::{configure, confirm, text};
use crate::admin::{self, MemberView, Request, UserRequest};
use crate::cli::{Global, User};

/// Carries the subcommand out.
///
/// # Errors
/// One line that says what to do.
pub async fn run(global: &Global, args: User) -> anyhow::Result<()> {
    let config = configure(global, Vec::new())?;
    let ask = async |user: UserRequest| admin::carry_out(&config, &Request::User { user }).await;
    match args {
        User::Create {
            email,
            name,
            role,
            json,
        } => {
            let password = password()?;
            let answer = ask(UserRequest::Create {
                email,
                name,
                role,
                password,
            })
            .await?;
            if json {
                println!("{answer}");
            } else {
                println!("{}  {}", text(&answer, "email"), text(&answer, "role"));
            }
        }
        User::List { json } => list(&ask(UserRequest::List).await?, json)?,
        User::Role {
            email,
            role,
            applications,
        } => {
            let request = UserRequest::Role {
                email,
                role: role.to_string(),
                applications,
            };
            ask(request).await?;
            println!("The role is changed. It counts from the next page they open.");
        }
        User::Remove { email, yes } => {
            confirm(&email, "sessions", yes)?;
            ask(UserRequest::Remove { email }).await?;
            println!("Removed and signed out everywhere.");
        }
        User::ResetLink { email } => {
            let answer = ask(UserRequest::ResetLink { email }).await?;
            println!("{}", text(&answer, "link"));
            eprintln!("It sets a new password, once, within an hour.");
        }
        User::SignInLink { email } => {
            let answer = ask(UserRequest::SignInLink { email }).await?;
            println!("{}", text(&answer, "link"));
            eprintln!("It signs in without password and second factor, once, within a day.");
        }
        User::DisableTotp { email } => {
            let answer = ask(UserRequest::DisableTotp { email }).await?;
            println!(
                "{}",
                if answer["disabled"] == true {
                    "The second factor is off. A password is enough now."
                } else {
                    "There was no second factor."
                }
            );
        }
    }
    Ok(())
}

fn list(answer: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{answer}");
        return Ok(());
    }
    let views: Vec<MemberView> =
        serde_json::from_value(answer.clone()).context("the server's answer is not understood")?;
    if views.is_empty() {
        eprintln!("No member yet. Make one with `carport user create`.");
    }
    for view in views {
        let factor = if view.second_factor {
            "  second factor"
        } else {
            ""
        };
        let state = match view.state.as_str() {
            "active" => String::new(),
            state => format!("  ({state})"),
        };
        println!(
            "{}  {}  {}{factor}{state}",
            view.email, view.name, view.role
        );
    }
    Ok(())
}

/// Asks on the terminal, twice and without showing it; otherwise standard input has it.
fn password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let first = hidden("Password: ")?;
        if hidden("Once more: ")? != first {
            bail!("the two are not the same; nothing was done");
        }
        return Ok(first);
    }
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(4096)
        .read_to_string(&mut text)
        .context("standard input does not hold a password")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Reads a line that the terminal does not show.
fn hidden(prompt: &str) -> anyhow::Result<String> {
    eprint!("{prompt}");
    std::io::stderr().flush()?;
    let stdin = std::io::stdin();
    let shown = tcgetattr(&stdin).context("the terminal cannot be asked")?;
    let mut silent = shown.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&stdin, OptionalActions::Now, &silent)?;
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    tcsetattr(&stdin, OptionalActions::Now, &shown)?;
    eprintln!();
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

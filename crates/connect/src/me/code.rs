//! Coming in by a code that is sent to an e-mail address. Whether an account has that address,
//! no answer tells, by its words or by its time: a letter is handed over without waiting.

use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::token::draw_secret;
use carport_model::{Digest, Mail, Rng, Secret};
use carport_store::Tx;
use carport_store::owners::visits::{self, Visit};
use carport_store::owners::{Identity, accounts_of};

use super::frame::{MeFrame, show};
use super::problem::MeError;
use super::slowing::{self, Attempt};
use super::visitor::{Guest, IDLE, Posted, with_cookie};
use super::ways;
use crate::Services;
use crate::frame::{Note, wrong};
use carport_web::words::{filters, t};

/// How long a code can be used.
const LIFETIME: Duration = Duration::from_mins(10);

#[derive(Template)]
#[template(path = "connect/me/code.html")]
struct CodePage {
    frame: MeFrame,
    email: String,
    trouble: Option<Note>,
}

/// Sends a code, if an account has this e-mail address.
pub(crate) async fn send(Posted { guest, form }: Posted) -> Result<Response, MeError> {
    let Some(mailer) = guest.services.owners.mailer.clone() else {
        return Err(MeError::NotHere);
    };
    let typed = form.get("email").unwrap_or_default();
    let Ok(email) = typed.parse::<carport_model::EmailAddress>() else {
        let note = Note::new(
            t("This is no e-mail address."),
            t("It has a name, one @ and a domain. Check it and send it again."),
        );
        return Ok(ways::show_with(
            &guest,
            StatusCode::UNPROCESSABLE_ENTITY,
            note,
            typed,
        ));
    };
    let attempt = Attempt::Code(email.as_str());
    if let Some(seconds) = slowing::take(&guest, &attempt).await? {
        let note = Note::new(t("Several codes were asked for."), another(seconds));
        return Ok(ways::show_with(
            &guest,
            StatusCode::TOO_MANY_REQUESTS,
            note,
            typed,
        ));
    }
    let services = &guest.services;
    let identity = Identity::email(email.as_str());
    let (secret, code) = (draw_secret(&services.rng), draw_code(&services.rng));
    let is_known = keep(services, &identity, &secret, &code).await?;
    if is_known && mailer.send(letter(services, email, &code)).is_err() {
        tracing::warn!("the mail server does not keep up; an owner gets no code");
    }
    Ok(with_cookie(services, &secret, Redirect::to("/me/code")))
}

/// When another code can be asked for.
fn another(seconds: u64) -> String {
    match seconds {
        0..=90 => t(
            "You can ask for another one in {seconds} seconds. The newest one that arrived can \
             still be used.",
        )
        .with("seconds", seconds)
        .plain(),
        _ => t(
            "You can ask for another one in {minutes} minutes. The newest one that arrived can \
             still be used.",
        )
        .with("minutes", seconds.div_ceil(60))
        .plain(),
    }
}

/// Keeps a visit that waits for the code; whether anybody has the address.
async fn keep(
    services: &Services,
    identity: &Identity,
    secret: &Secret<String>,
    code: &str,
) -> Result<bool, MeError> {
    let (cookie, code) = (Digest::of(secret.expose()), digest(secret.expose(), code));
    let (identity, expires_at) = (identity.clone(), services.now().plus(LIFETIME));
    let unit = async move |tx: &mut Tx<'_>| {
        let is_known = !accounts_of(tx, &identity).await?.is_empty();
        let visit = Visit {
            identity: identity.clone(),
            code: is_known.then_some(code),
            tries: 0,
            entered_at: None,
            expires_at,
        };
        visits::insert(tx, &cookie, &visit).await?;
        Ok::<_, MeError>(is_known)
    };
    services.store.write(unit).await
}

/// Six digits, each number as likely as any other but for one part in two thousand million.
fn draw_code(rng: &(impl Rng + ?Sized)) -> String {
    let mut bytes = [0; 8];
    rng.fill(&mut bytes);
    format!("{:06}", u64::from_be_bytes(bytes) % 1_000_000)
}

/// What is kept of a code: nothing that leads back to it without the browser's cookie.
fn digest(secret: &str, code: &str) -> Digest {
    Digest::of(&format!("carport me code\0{secret}\0{code}"))
}

/// Written in the language of whoever asks for it.
fn letter(services: &Services, to: carport_model::EmailAddress, code: &str) -> Mail {
    let host = services.public_url.host();
    let told = t("Your code is {code}").with("code", code);
    let wanted = t(
        "Type it on the page at {host} where you asked for it, within ten minutes. It shows which \
         applications see your cars.",
    )
    .with("host", host);
    let stray = t("If you did not ask for it, nothing has happened and nothing has to be done.");
    Mail {
        to,
        subject: t("{code} is your code for {host}")
            .with("code", code)
            .with("host", host)
            .plain(),
        text: format!("{told}\n\n{wanted}\n\n{stray}\n"),
    }
}

/// Shows the form for the code.
pub(crate) async fn get_code(guest: Guest) -> Response {
    page(&guest, StatusCode::OK, None)
}

/// Lets in who types the code.
pub(crate) async fn enter(Posted { guest, form }: Posted) -> Result<Response, MeError> {
    if guest.waiting().is_none_or(|visit| !is_for_code(visit)) {
        return Ok(page(&guest, StatusCode::OK, None));
    }
    let typed: String = form
        .get("code")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(16)
        .collect();
    if typed.is_empty() {
        let note = Note::new(
            t("The code is missing."),
            t("Type the six digits of the letter."),
        );
        return Ok(page(&guest, StatusCode::UNPROCESSABLE_ENTITY, Some(note)));
    }
    let (cookie, now) = (guest.cookie(), guest.services.now());
    let unit = async move |tx: &mut Tx<'_>| visits::take_try(tx, &cookie, now).await;
    let Some(left) = guest.services.store.write(unit).await? else {
        return Ok(page(&guest, StatusCode::TOO_MANY_REQUESTS, Some(used_up())));
    };
    let sent = guest.digest_of(|secret| digest(secret, &typed));
    let code = guest.visit.as_ref().and_then(|visit| visit.code);
    if !code.is_some_and(|code| code.matches(&sent)) {
        let (status, note) = match left {
            0 => (StatusCode::TOO_MANY_REQUESTS, used_up()),
            left => (StatusCode::UNPROCESSABLE_ENTITY, not_the_code(left)),
        };
        return Ok(page(&guest, status, Some(note)));
    }
    let_in(&guest).await
}

/// Lets a visit in that waited, under a new cookie.
pub(crate) async fn let_in(guest: &Guest) -> Result<Response, MeError> {
    let (services, now) = (&guest.services, guest.services.now());
    let secret = draw_secret(&services.rng);
    let (cookie, fresh) = (guest.cookie(), Digest::of(secret.expose()));
    let unit = async move |tx: &mut Tx<'_>| {
        visits::enter(tx, (&cookie, &fresh), now, now.plus(IDLE)).await
    };
    if services.store.write(unit).await? {
        Ok(with_cookie(services, &secret, Redirect::to("/me")))
    } else {
        Ok(Redirect::to("/me/sign-in").into_response())
    }
}

fn is_for_code(visit: &Visit) -> bool {
    matches!(visit.identity, Identity::Email(_))
}

fn not_the_code(left: u64) -> Note {
    let then = if left == 1 {
        t("Use the newest one you were sent. You have 1 try left.").plain()
    } else {
        t("Use the newest one you were sent. You have {left} tries left.")
            .with("left", left)
            .plain()
    };
    Note::new(t("This is not the code."), then)
}

fn used_up() -> Note {
    Note::new(
        t("This code cannot be used any more."),
        t("It was typed wrong five times. Ask for a new one."),
    )
}

fn page(guest: &Guest, status: StatusCode, trouble: Option<Note>) -> Response {
    let Some(visit) = guest.waiting().filter(|visit| is_for_code(visit)) else {
        return Redirect::to("/me/sign-in").into_response();
    };
    let title = t("Type the code we sent you");
    let title = match trouble {
        Some(_) => wrong(title),
        None => title.plain(),
    };
    let page = CodePage {
        frame: MeFrame::of(guest, title),
        email: visit.identity.login().to_owned(),
        trouble,
    };
    show(guest, status, page)
}

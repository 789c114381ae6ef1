//! `/dashboard/account/second-factor`: an authenticator app is enrolled or taken away.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use carport_model::{Member, Secret};
use carport_web::words::{filters, t};
use carport_web::{Page, Problem};

use super::error::AccountError;
use super::own_page::{back, ended, given};
use super::{stored, totp};
use crate::Dashboard;
use crate::access::{Posted, Visitor};
use crate::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "dashboard/accounts/factor.html")]
struct FactorPage {
    frame: Frame,
    csrf: String,
    trouble: Option<String>,
    square: Option<(String, i32)>,
    link: String,
    secret: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "dashboard/accounts/codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
    is_new: bool,
}

/// Shows a fresh secret.
pub(crate) async fn ask(State(dashboard): State<Dashboard>, visitor: Visitor) -> Response {
    let Some(signed_in) = visitor.signed_in.clone() else {
        return back("");
    };
    if signed_in.member.has_second_factor {
        return back("");
    }
    let secret = dashboard.accounts.draw_factor();
    page(&dashboard, visitor, &signed_in.member, (&secret, None))
}

fn page(
    dashboard: &Dashboard,
    visitor: Visitor,
    member: &Member,
    (secret, error): (&Secret<String>, Option<&AccountError>),
) -> Response {
    let link = totp::link(secret.expose(), &member.email, dashboard.public_url.host());
    let status = error.map_or(StatusCode::OK, AccountError::status);
    let title = match error {
        Some(_) => t("Error: Add a second factor"),
        None => t("Add a second factor"),
    };
    let page = FactorPage {
        frame: Frame::of(title, Here::Account, &visitor),
        csrf: visitor.csrf.clone(),
        trouble: error.map(ToString::to_string),
        square: totp::square(&link),
        typed: totp::spaced(secret.expose()),
        secret: secret.expose().clone(),
        link,
    };
    visitor.give(Page::new(page).status(status).names_itself())
}

/// Enrols the app whose code is right, and shows the recovery codes.
pub(crate) async fn enrol(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let typed = |name| posted.fields.get(name).unwrap_or_default();
    let secret = Secret::new(typed("secret").to_owned());
    let is_ours = secret.expose().len() == 32;
    let enrolled = if is_ours {
        let member = &signed_in.member;
        dashboard
            .accounts
            .enrol(member, &secret, typed("code"))
            .await
    } else {
        Err(AccountError::Factor)
    };
    let visitor = posted.visitor;
    match enrolled {
        Ok(codes) => shown(visitor, codes, true),
        Err(AccountError::Store(error)) => visitor.give(stored(&error)),
        Err(error @ AccountError::Code) => page(
            &dashboard,
            visitor,
            &signed_in.member,
            (&secret, Some(&error)),
        ),
        Err(error) => {
            let title = t("The second factor was not added");
            let problem = Problem::new(error.status(), title, error.to_string());
            visitor.give(problem.advice(t("Open your account and begin again.")))
        }
    }
}

/// Takes the app away, for a code.
pub(crate) async fn remove(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let code = posted.fields.get("code").unwrap_or_default();
    let removed = dashboard.accounts.disenrol(&signed_in.member, code).await;
    ended(&dashboard, posted.visitor, removed, ("factor", "factor")).await
}

/// Makes new recovery codes, for a code.
pub(crate) async fn renew_codes(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in.clone() else {
        return back("");
    };
    let code = posted.fields.get("code").unwrap_or_default();
    match dashboard
        .accounts
        .renew_codes(&signed_in.member, code)
        .await
    {
        Ok(codes) => shown(posted.visitor, codes, false),
        Err(AccountError::Store(error)) => posted.visitor.give(stored(&error)),
        Err(error) => given(&dashboard, posted.visitor, None, Some(("factor", &error))).await,
    }
}

/// The codes, this once: no address shows them again.
fn shown(visitor: Visitor, codes: Vec<String>, is_new: bool) -> Response {
    let page = CodesPage {
        frame: Frame::of(t("Your recovery codes"), Here::Account, &visitor),
        codes,
        is_new,
    };
    visitor.give(Page::new(page).names_itself())
}

//! `/dashboard/sign-in` and what follows from it, and the way out.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::Secret;
use carport_web::cookie::{self, Cookie};
use carport_web::words::t;
use carport_web::{Pairs, PublicUrl};

use super::entrance::{Entrance, Field, gone};
use super::error::AccountError;
use super::signing_in::SignIn;
use super::{next, openid, stored};
use crate::Dashboard;
use crate::access::{Access, Guest, GuestPosted, Posted, ended_cookie, session_cookie};

/// Between the password and the second factor.
const HALFWAY: &str = "carport_halfway";
const SECOND: &str = "/dashboard/sign-in/second-factor";

/// Asks for address and password.
pub(crate) async fn ask(
    State(dashboard): State<Dashboard>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let is_new = match dashboard.accounts.any().await {
        Ok(any) => !any,
        Err(error) => return guest.give(stored(&error)),
    };
    if is_new {
        let lead = t(
            "There is no account yet. The server has printed a set-up link on its terminal: \
             open it to become the first owner.",
        );
        let page = Entrance {
            hint: Some(t(
                "Is it gone? Start the server again, or run carport user create --role owner on its machine.",
            )),
            ..Entrance::new(t("Set up this Carport"), lead)
        };
        return page.given(guest);
    }
    let page = page(&dashboard, "", next::safe(pairs.get("next")));
    let page = match pairs.get("did") {
        Some("reset") => Entrance {
            lead: t("Your new password is set. Sign in with it.").plain(),
            ..page
        },
        Some("out") => Entrance {
            lead: t("You are signed out.").plain(),
            ..page
        },
        _ => page,
    };
    page.given(guest)
}

/// Looks at address and password.
pub(crate) async fn sign_in(
    State(dashboard): State<Dashboard>,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    let email = fields.get("email").unwrap_or_default();
    let next = next::safe(fields.get("next"));
    let password = Secret::new(fields.get("password").unwrap_or_default().to_owned());
    let came = dashboard
        .accounts
        .sign_in(email, &password, &guest.client)
        .await;
    match came {
        Ok(came) => proceeded(&dashboard, &came, next),
        Err(error) => page(&dashboard, email, next).refused(guest, &error),
    }
}

/// In, or on to the second factor.
pub(super) fn proceeded(dashboard: &Dashboard, came: &SignIn, next: &str) -> Response {
    match came {
        SignIn::Done(token) => entered(dashboard, token, next),
        SignIn::SecondFactor(token) => {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let response = Redirect::to(&format!("{SECOND}?next={next}")).into_response();
            halfway(response, token.expose(), &dashboard.public_url)
        }
    }
}

fn page(dashboard: &Dashboard, email: &str, next: &str) -> Entrance {
    let page = Entrance::new(
        t("Sign in"),
        t("To the Dashboard of {host}.")
            .with("host", dashboard.public_url.host())
            .plain(),
    );
    let fields = [Field::email(email), Field::password()];
    let page = page.form("/dashboard/sign-in", fields, t("Sign in"));
    let page = page.carrying("next", next);
    let provider = dashboard.accounts.parts.provider.as_ref();
    let page = Entrance {
        other: provider.map(|provider| {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let address = format!("{}?next={next}", openid::ENTRANCE);
            (
                address,
                t("Sign in with {name}")
                    .with("name", provider.name())
                    .plain(),
            )
        }),
        ..page
    };
    if dashboard.accounts.has_mail() {
        Entrance {
            link: Some(("/dashboard/forgot", t("Forgot your password?"))),
            ..page
        }
    } else {
        Entrance {
            hint: Some(t(
                "Forgot your password? Whoever runs this server can make you a link with carport user reset-link.",
            )),
            ..page
        }
    }
}

/// Asks for the second factor.
pub(crate) async fn ask_code(
    State(dashboard): State<Dashboard>,
    headers: HeaderMap,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let token = cookie::read(&headers, HALFWAY).unwrap_or_default();
    match dashboard.accounts.asked(token).await {
        Ok(_) => code_page(next::safe(pairs.get("next"))).given(guest),
        Err(AccountError::Store(error)) => guest.give(stored(&error)),
        Err(_) => Redirect::to("/dashboard/sign-in").into_response(),
    }
}

/// Looks at a code.
pub(crate) async fn second_step(
    State(dashboard): State<Dashboard>,
    headers: HeaderMap,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    let token = cookie::read(&headers, HALFWAY).unwrap_or_default();
    let next = next::safe(fields.get("next"));
    let code = fields.get("code").unwrap_or_default();
    match dashboard
        .accounts
        .second_step(token, code, &guest.client)
        .await
    {
        Ok(token) => halfway(entered(&dashboard, &token, next), "", &dashboard.public_url),
        // The ten minutes are over, or the code was sent twice.
        Err(AccountError::Link) => Redirect::to("/dashboard/sign-in").into_response(),
        Err(error) => code_page(next).refused(guest, &error),
    }
}

fn code_page(next: &str) -> Entrance {
    let lead = t("Type the code that your authenticator app shows for this Carport.");
    let page = Entrance::new(t("Your second factor"), lead);
    let page = page.form(SECOND, [Field::code()], t("Sign in"));
    page.carrying("next", next)
}

/// Signs in by a link of the terminal.
pub(crate) async fn by_link(
    State(dashboard): State<Dashboard>,
    method: Method,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    if method == Method::HEAD {
        // Who only looks whether something is there uses nothing up.
        return StatusCode::OK.into_response();
    }
    let pairs = Pairs::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let token = pairs.get("token").unwrap_or_default();
    match dashboard.accounts.by_link(token, &guest.client).await {
        Ok(token) => entered(&dashboard, &token, "/dashboard"),
        Err(AccountError::Store(error)) => guest.give(stored(&error)),
        Err(_) => guest.give(gone()),
    }
}

/// Signs out.
pub(crate) async fn sign_out(State(dashboard): State<Dashboard>, posted: Posted) -> Response {
    let Some(signed_in) = posted.visitor.signed_in else {
        return Redirect::to("/dashboard").into_response();
    };
    let (member, session) = (&signed_in.member, signed_in.session.id);
    if let Err(error) = dashboard
        .accounts
        .end_sessions(member, Some(session), None)
        .await
    {
        return stored(&error).into_response();
    }
    let to = match dashboard.access {
        Access::Everyone => "/dashboard",
        Access::Nobody => "/dashboard/sign-in?did=out",
    };
    ended_cookie(Redirect::to(to).into_response(), &dashboard.public_url)
}

/// To a page of the Dashboard, with a session of its own.
pub(super) fn entered(dashboard: &Dashboard, token: &Secret<String>, next: &str) -> Response {
    session_cookie(
        Redirect::to(next).into_response(),
        token,
        &dashboard.public_url,
    )
}

/// Remembers in the browser that the password was right; forgets it when there is no token.
fn halfway(mut response: Response, token: &str, public_url: &PublicUrl) -> Response {
    let lives = if token.is_empty() {
        std::time::Duration::ZERO
    } else {
        carport_model::member::Purpose::SecondFactor.lasts()
    };
    let cookie = Cookie {
        name: HALFWAY,
        value: token,
        path: "/dashboard/sign-in",
        lives,
        secure: public_url.is_https(),
    };
    if let Ok(cookie) = cookie.try_into() {
        let headers = response.headers_mut();
        headers.append(axum::http::header::SET_COOKIE, cookie);
    }
    response
}

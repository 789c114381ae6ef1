//! Pages that links lead to: the first account, an invitation, a new password.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use carport_model::member::Purpose;
use carport_model::{Digest, Member, Secret};
use carport_web::words::{Language, say, t};
use carport_web::{Pairs, Problem};

use super::coming_in::entered;
use super::entrance::{Entrance, Field, gone};
use super::error::AccountError;
use super::stored;
use super::throttle::Key;
use crate::Dashboard;
use crate::access::{Guest, GuestPosted};

/// Asks who the first owner is.
pub(crate) async fn ask_first(
    State(dashboard): State<Dashboard>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let token = token(query.as_deref());
    match dashboard.accounts.set_up_works(&token).await {
        Ok(true) => first_page(&token, ["", ""]).given(guest),
        Ok(false) => guest.give(gone()),
        Err(error) => guest.give(stored(&error)),
    }
}

/// Makes the first owner and signs them in.
pub(crate) async fn set_up(
    State(dashboard): State<Dashboard>,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    let [token, email, name] =
        ["token", "email", "name"].map(|name| fields.get(name).unwrap_or_default());
    let password = password(&fields);
    let link = Some(Digest::of(token));
    let made = dashboard
        .accounts
        .create_first(email, Some(name.to_owned()), &password, link)
        .await;
    let made = match made {
        Ok(member) => {
            dashboard
                .accounts
                .first_session(&member, &guest.client)
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(token) => entered(&dashboard, &token, "/dashboard"),
        Err(error) => first_page(token, [email, name]).refused(guest, &error),
    }
}

fn first_page(token: &str, [email, name]: [&str; 2]) -> Entrance {
    let lead = t("You become its first owner. Others come by your invitation.");
    let fields = [
        Field::email(email),
        Field::name(name),
        Field::new_password(),
    ];
    let page = Entrance::new(t("Set up this Carport"), lead);
    let page = page.form("/dashboard/set-up", fields, t("Make the account"));
    page.carrying("token", token)
}

/// Asks an invited person for name and password.
pub(crate) async fn ask_invited(
    State(dashboard): State<Dashboard>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let token = token(query.as_deref());
    match dashboard
        .accounts
        .of_link(&token, Purpose::Invitation)
        .await
    {
        Ok(member) => invited_page(&token, &member, &member.name).given(guest),
        Err(error) => failed(guest, &error),
    }
}

/// Takes the invitation and signs in.
pub(crate) async fn accept(
    State(dashboard): State<Dashboard>,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    let [token, name] = ["token", "name"].map(|name| fields.get(name).unwrap_or_default());
    let member = match dashboard.accounts.of_link(token, Purpose::Invitation).await {
        Ok(member) => member,
        Err(error) => return failed(guest, &error),
    };
    let came = match dashboard
        .accounts
        .accept(token, name, &password(&fields))
        .await
    {
        Ok(member) => {
            dashboard
                .accounts
                .first_session(&member, &guest.client)
                .await
        }
        Err(error) => Err(error),
    };
    match came {
        Ok(token) => entered(&dashboard, &token, "/dashboard"),
        Err(error) => invited_page(token, &member, name).refused(guest, &error),
    }
}

fn invited_page(token: &str, member: &Member, name: &str) -> Entrance {
    let lead = t("You were invited as {role}. Your address here is {email}.")
        .with("role", say(member.role.as_str()))
        .with("email", &member.email)
        .plain();
    let page = Entrance::new(t("Join the team"), lead);
    let fields = [Field::name(name), Field::new_password()];
    page.form("/dashboard/invitation", fields, t("Join"))
        .carrying("token", token)
}

/// Asks for a new password.
pub(crate) async fn ask_new(
    State(dashboard): State<Dashboard>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Response {
    let token = token(query.as_deref());
    match dashboard.accounts.of_link(&token, Purpose::Reset).await {
        Ok(_) => reset_page(&token).given(guest),
        Err(error) => failed(guest, &error),
    }
}

/// Sets the new password. Signing in with it follows, and asks for the second factor.
pub(crate) async fn reset(
    State(dashboard): State<Dashboard>,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    let token = fields.get("token").unwrap_or_default();
    match dashboard
        .accounts
        .reset_password(token, &password(&fields))
        .await
    {
        Ok(_) => Redirect::to("/dashboard/sign-in?did=reset").into_response(),
        Err(error) => reset_page(token).refused(guest, &error),
    }
}

fn reset_page(token: &str) -> Entrance {
    let lead = t("Wherever you are signed in now, you are signed out by it.");
    let page = Entrance::new(t("Choose a new password"), lead);
    page.form(
        "/dashboard/reset",
        [Field::new_password()],
        t("Set the password"),
    )
    .carrying("token", token)
}

/// Asks for the address to which a link is to go.
pub(crate) async fn ask_address(State(dashboard): State<Dashboard>, guest: Guest) -> Response {
    if !dashboard.accounts.has_mail() {
        return guest.give(Problem::not_found());
    }
    address_page("").given(guest)
}

/// Has a letter sent, if there is such a member: the answer is the same if not, and comes before
/// anything is looked up.
pub(crate) async fn forgot(
    State(dashboard): State<Dashboard>,
    GuestPosted { guest, fields }: GuestPosted,
) -> Response {
    if !dashboard.accounts.has_mail() {
        return guest.give(Problem::not_found());
    }
    let email = fields
        .get("email")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let accounts = dashboard.accounts.clone();
    let now = accounts.now();
    // Nobody is to be buried in letters, nor to bury others.
    let keys = [&guest.client.network, &email].map(|of| format!("letters of {of}"));
    let is_too_many = |key: &String| accounts.let_try(&Key::Factor(key.clone()), now).err();
    if let Some(error) = keys.iter().find_map(is_too_many) {
        return address_page(&email).refused(guest, &error);
    }
    for key in &keys {
        accounts.throttle.failed_factor(key, now);
    }
    tokio::spawn(Language::current().speak_while(async move {
        if let Err(error) = accounts.forgot(&email).await {
            tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
        }
    }));
    let lead = t(
        "If somebody with this address has an account here, a letter with a link is on its \
         way. The link works for an hour.",
    );
    let page = Entrance {
        link: Some(("/dashboard/sign-in", t("Back to the sign-in"))),
        ..Entrance::new(t("Look at your mail"), lead)
    };
    page.with_status(guest, StatusCode::OK)
}

fn address_page(email: &str) -> Entrance {
    let lead = t("We send you a link with which you choose a new one.");
    let page = Entrance::new(t("Forgot your password?"), lead);
    let page = page.form(
        "/dashboard/forgot",
        [Field::email(email)],
        t("Send the link"),
    );
    Entrance {
        link: Some(("/dashboard/sign-in", t("Back to the sign-in"))),
        ..page
    }
}

fn token(query: Option<&str>) -> String {
    let pairs = Pairs::parse(query.unwrap_or_default()).unwrap_or_default();
    pairs.get("token").unwrap_or_default().to_owned()
}

fn password(fields: &Pairs) -> Secret<String> {
    Secret::new(fields.get("password").unwrap_or_default().to_owned())
}

fn failed(guest: Guest, error: &AccountError) -> Response {
    match error {
        AccountError::Store(error) => guest.give(stored(error)),
        _ => guest.give(gone()),
    }
}

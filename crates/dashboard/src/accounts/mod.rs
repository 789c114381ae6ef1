//! Accounts: how people come in, and what they change about themselves.
//!
//! [`service`] is what pages and commands call. [`password`], [`totp`], [`throttle`], [`recovery`]
//! and [`next`] are rules that know neither storage nor HTTP. [`entrance`] is the page of those who
//! are not in yet; [`coming_in`], [`links`] and [`own_page`] answer requests.

mod coming_in;
mod entrance;
mod error;
mod factor_page;
mod links;
mod next;
pub mod openid;
mod own;
mod own_page;
pub mod password;
mod recovery;
mod service;
mod signing_in;
#[cfg(test)]
mod tests;
mod throttle;
pub(crate) mod totp;

use axum::Router;
use axum::routing::{get, post};
use carport_store::StoreError;
use carport_web::words::t;
use carport_web::{Problem, layers};

use crate::Dashboard;
use crate::refused::storage_failed;
pub use error::AccountError;
pub(crate) use own_page::minute;
pub use service::{Accounts, By, NewMember, Parts};
pub(crate) use signing_in::{Client, LIVES};

/// The routes of accounts.
pub(crate) fn routes() -> Router<Dashboard> {
    Router::new()
        .route(
            "/dashboard/sign-in",
            get(coming_in::ask).post(coming_in::sign_in),
        )
        .route(
            "/dashboard/sign-in/second-factor",
            get(coming_in::ask_code).post(coming_in::second_step),
        )
        .route("/dashboard/sign-in/link", get(coming_in::by_link))
        .route(
            "/dashboard/forgot",
            get(links::ask_address).post(links::forgot),
        )
        .route(
            "/dashboard/set-up",
            get(links::ask_first).post(links::set_up),
        )
        .route(
            "/dashboard/invitation",
            get(links::ask_invited).post(links::accept),
        )
        .route("/dashboard/reset", get(links::ask_new).post(links::reset))
        .route("/dashboard/sign-out", post(coming_in::sign_out))
        .route("/dashboard/account", get(own_page::show))
        .route("/dashboard/account/name", post(own_page::rename))
        .route(
            "/dashboard/account/language",
            post(own_page::choose_language),
        )
        .route(
            "/dashboard/account/password",
            post(own_page::change_password),
        )
        .route("/dashboard/account/sessions", post(own_page::end_sessions))
        .route(
            "/dashboard/account/second-factor",
            get(factor_page::ask).post(factor_page::enrol),
        )
        .route(
            "/dashboard/account/second-factor/remove",
            post(factor_page::remove),
        )
        .route(
            "/dashboard/account/recovery-codes",
            post(factor_page::renew_codes),
        )
        .merge(openid::routes())
        .layer(layers::compression())
}

/// Storage failed.
pub(crate) fn stored(error: &StoreError) -> Problem {
    storage_failed(error, t("Nothing was changed, and nothing is lost."))
}

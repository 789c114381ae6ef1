//! The page of car owners, `/me`: which applications reach their cars, and what of it they take
//! back. It belongs to no application and to no run of Connect.
//!
//! Start in [`routes`]. Who is there is told by `visitor.rs`, how they come in by `ways.rs`, `sign_in.rs`
//! and `code.rs`.

mod application;
mod car;
mod code;
mod erase;
mod export;
mod frame;
mod home;
mod one_time_code;
mod problem;
mod reads;
mod sign_in;
mod slowing;
mod visitor;
mod ways;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use carport_model::{Mailer, Mode};
use carport_store::RequestLog;
use carport_web::layers;

use crate::Services;
pub use erase::erased;
pub use export::exported;

/// What the owner's page works with, beside what Connect does.
#[derive(Debug, Clone, Default)]
pub struct Owners {
    /// Modes whose accounts can be signed in to. Where any password will do, that proves nothing:
    /// those of test cars are for a `dev` server.
    pub modes: Vec<Mode>,
    /// Sends codes; without one only the accounts of cars lead in.
    pub mailer: Option<Mailer>,
    /// Knows what was read; none where it is off.
    pub log: Option<RequestLog>,
}

impl Owners {
    /// Whether an owner of an account of this mode can come in.
    #[must_use]
    pub fn lets_in(&self, mode: Mode) -> bool {
        self.mailer.is_some() || self.modes.contains(&mode)
    }
}

/// The routes, with their pages compressed.
pub fn routes(services: Arc<Services>) -> Router {
    Router::new()
        .route("/me", get(home::get_home))
        .route("/me/sign-in", get(ways::get_ways))
        .route(
            "/me/sign-in/{mode}/{brand}",
            get(sign_in::get_login).post(sign_in::sign_in),
        )
        .route(
            "/me/one-time-code",
            get(one_time_code::get_code).post(one_time_code::confirm),
        )
        .route("/me/code", get(code::get_code).post(code::enter))
        .route("/me/code/send", post(code::send))
        .route("/me/sign-out", post(ways::sign_out))
        .route("/me/language", post(ways::choose_language))
        .route(
            "/me/applications/{application}/end",
            get(application::get_end).post(application::end),
        )
        .route("/me/cars/{user}/{vehicle}", get(car::get_car))
        .route(
            "/me/cars/{user}/{vehicle}/end",
            get(car::end::get_end).post(car::end::end),
        )
        .route(
            "/me/cars/{user}/{vehicle}/permissions/{permission}/end",
            get(car::permission::get_end).post(car::permission::end),
        )
        .route(
            "/me/cars/{user}/{vehicle}/location",
            get(car::location::get_location).post(car::location::set),
        )
        .route("/me/export", post(export::export))
        .route("/me/erase", get(erase::get_erase).post(erase::erase))
        .layer(layers::compression())
        .with_state(services)
}

//! What every page of the owner shows around its own content.

use axum::http::StatusCode;
use axum::response::Response;
use carport_store::owners::Identity;
use carport_web::Page;
use carport_web::assets::{self, Door};

use super::visitor::{Guest, Owner};

/// Ready strings of `templates/connect/me/layout.html`.
pub(crate) struct MeFrame {
    pub title: String,
    pub sheet: &'static str,
    pub sprite: &'static str,
    pub favicon: &'static str,
    pub host: String,
    pub csrf: String,
    /// The login of who is there; empty before they have entered.
    pub who: String,
}

impl MeFrame {
    pub(crate) fn of(guest: &Guest, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            sheet: assets::sheet(Door::Connect),
            sprite: assets::sprite(),
            favicon: assets::favicon(),
            host: guest.services.public_url.host().to_owned(),
            csrf: guest.csrf(),
            who: String::new(),
        }
    }

    pub(crate) fn of_owner(owner: &Owner, title: impl Into<String>) -> Self {
        let login = match &owner.identity {
            Identity::Account { login, .. } | Identity::Email(login) => login.clone(),
        };
        Self {
            who: login,
            ..Self::of(&owner.guest, title)
        }
    }
}

/// Gives a page, with the cookie that a browser may not have yet.
pub(crate) fn show<T: askama::Template>(guest: &Guest, status: StatusCode, page: T) -> Response {
    guest.give(Page::new(page).status(status))
}

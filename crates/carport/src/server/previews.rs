//! Pages of Connect for the Dashboard: doors do not know one another.

use std::sync::Arc;

use axum::response::Response;
use carport_connect::{Services, preview};
use carport_dashboard::{Previews, Shown};

/// Draws them.
pub(super) struct ConnectPreviews(pub Arc<Services>);

impl Previews for ConnectPreviews {
    fn start_page(&self, shown: Shown) -> Response {
        preview::start_page(&self.0, of(shown))
    }

    fn grant_page(&self, shown: Shown) -> Response {
        preview::grant_page(&self.0, of(shown))
    }
}

fn of(shown: Shown) -> preview::Shown {
    preview::Shown {
        application: shown.application,
        settings: shown.settings,
        redirect_uri: shown.redirect_uri,
    }
}

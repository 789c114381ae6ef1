//! Pages of Connect, which Connect itself draws: a door does not know another one, so the binary
//! hands them in.

use axum::response::Response;
use carport_model::{Application, ConnectSettings};

/// An application as owners would see it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The application.
    pub application: Application,
    /// What it has set about Connect.
    pub settings: ConnectSettings,
    /// Its default redirect URI, whose host owners read.
    pub redirect_uri: Option<String>,
}

/// Draws pages of Connect that pages of this server may frame and on which nothing works.
pub trait Previews: Send + Sync {
    /// The first page.
    fn start_page(&self, shown: Shown) -> Response;
    /// The permission page.
    fn grant_page(&self, shown: Shown) -> Response;
}

//! Pages for developers.
//!
//! For now one page that shows and changes nothing. It must not know SQL, tokens or cars. Start
//! reading in [`mod@home`].

mod home;
mod pages;
mod simulator;

use axum::Router;
use axum::routing::get;
use carport_store::Store;
use carport_web::{PublicUrl, layers};

/// What the pages work with. Cheap to clone.
#[derive(Clone)]
pub struct Dashboard {
    store: Store,
    public_url: PublicUrl,
}

impl Dashboard {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, public_url: PublicUrl) -> Self {
        Self { store, public_url }
    }
}

/// The route list of the Dashboard and of the documentation's front page.
pub fn routes(dashboard: Dashboard) -> Router {
    Router::new()
        .route("/dashboard", get(home::show))
        .route("/docs", get(pages::docs))
        .layer(layers::compression())
        .with_state(dashboard)
}

//! The application that a page is about.

use axum::response::{IntoResponse, Response};
use carport_model::{Application, ApplicationId};
use carport_store::{StoreError, Tx, applications, redirect_uris};
use carport_web::Problem;
use carport_web::words::t;

use crate::Dashboard;
use crate::access::Visitor;
use crate::refused::storage_failed;

/// The application that is meant, among those that the visitor sees.
pub(super) struct Known {
    /// Ids and names of all of them.
    pub names: Vec<(ApplicationId, String)>,
    /// The one.
    pub application: Application,
    /// Its redirect URIs.
    pub uris: Vec<String>,
}

/// Why there is no page.
pub(super) enum Failed {
    /// The visitor sees no application of this id.
    Unknown,
    /// Storage failed.
    Store(StoreError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => Problem::not_found().into_response(),
            Self::Store(error) => {
                let lead = t("The playground cannot go on now. Nothing is lost.");
                storage_failed(&error, lead)
                    .advice(t(
                        "Send it again in a moment. If it stays, look at the server's log.",
                    ))
                    .into_response()
            }
        }
    }
}

/// Finds the application that is meant; `None` when there is none at all.
pub(super) async fn known(
    dashboard: &Dashboard,
    visitor: &Visitor,
    wanted: Option<ApplicationId>,
) -> Result<Option<Known>, Failed> {
    let read = async |tx: &mut Tx<'_>| applications::list(tx).await;
    let all: Vec<Application> = dashboard.store.scan(read).await?;
    let mut seen = all.into_iter().filter(|one| visitor.sees(one.id));
    let seen: Vec<Application> = seen.by_ref().collect();
    let names = seen.iter().map(|one| (one.id, one.name.clone())).collect();
    let meant = match wanted {
        Some(id) => {
            let meant = seen.into_iter().find(|one| one.id == id);
            Some(meant.ok_or(Failed::Unknown)?)
        }
        None => seen.into_iter().next(),
    };
    let Some(application) = meant else {
        return Ok(None);
    };
    let id = application.id;
    let read = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await;
    Ok(Some(Known {
        names,
        uris: dashboard.store.scan(read).await?,
        application,
    }))
}

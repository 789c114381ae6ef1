//! `/dashboard/audit`: who did what, filtered, page by page, and as a file.

mod export;
mod filter;
mod page;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::get;
use carport_model::ApplicationId;
use carport_store::audit_log::{self, Entry, Filter, NO_APPLICATION, Place};
use carport_store::{StoreError, Tx};
use carport_web::layers;

use crate::Dashboard;
use crate::access::Visitor;

/// Entries that are read at once.
const BATCH: i64 = 200;
/// Batches that are looked through for one page of somebody who sees few applications.
const BATCHES: usize = 50;

/// The routes of the audit log.
pub(crate) fn routes() -> Router<Dashboard> {
    let page = Router::new()
        .route("/dashboard/audit", get(page::show))
        .layer(layers::compression());
    page.route("/dashboard/audit/audit.csv", get(export::csv))
        .route("/dashboard/audit/audit.jsonl", get(export::json_lines))
}

/// The applications whose entries somebody sees; `None` for all, and those of the team.
type Only = Option<Vec<ApplicationId>>;

fn sees(only: &Only, entry: &Entry) -> bool {
    let none = entry.application == NO_APPLICATION;
    only.as_ref()
        .is_none_or(|only| !none && only.contains(&entry.application))
}

fn only(visitor: &Visitor) -> Only {
    visitor.member.only.clone()
}

/// Entries behind a place that the reader sees, and where the reading stopped; `None` at the end of
/// the log.
async fn read(
    dashboard: &Dashboard,
    filter: &Filter,
    after: Option<Place>,
    only: &Only,
) -> Result<(Vec<(Place, Entry)>, Option<Place>), StoreError> {
    let wanted = filter.clone();
    let batch = dashboard
        .store
        .scan(async move |tx: &mut Tx<'_>| audit_log::page(tx, &wanted, after, BATCH).await)
        .await
        .map_err(|error: StoreError| error)?;
    let is_full = i64::try_from(batch.len()).unwrap_or(BATCH) >= BATCH;
    let last = batch.last().map(|(place, _)| *place).filter(|_| is_full);
    let seen = batch.into_iter().filter(|(_, entry)| sees(only, entry));
    Ok((seen.collect(), last))
}

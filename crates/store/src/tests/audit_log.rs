//! The audit log in pages.

use carport_model::ApplicationId;

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, after};
use crate::audit_log::{Entry, Filter, NO_APPLICATION, Place};
use crate::{Tx, audit_log};

fn entry(application: ApplicationId, actor: &str, action: &str, second: u64) -> Entry {
    Entry {
        at: after(second),
        application,
        actor: actor.to_owned(),
        action: action.to_owned(),
        detail: format!("at {second}"),
    }
}

async fn keep(database: &Database, entries: Vec<Entry>) {
    database
        .write(async move |tx: &mut Tx<'_>| {
            for entry in &entries {
                audit_log::append(tx, entry).await?;
            }
            Ok(())
        })
        .await;
}

async fn page(database: &Database, filter: &Filter, after: Option<Place>) -> Vec<(Place, Entry)> {
    let page = async |tx: &mut Tx<'_>| audit_log::page(tx, filter, after, 3).await;
    database.read(page).await
}

/// All pages, three entries each, by their details.
async fn all(database: &Database, filter: Filter) -> Vec<String> {
    let (mut all, mut last) = (Vec::new(), None);
    loop {
        let page = page(database, &filter, last).await;
        let Some((place, _)) = page.last() else {
            return all;
        };
        last = Some(*place);
        all.extend(page.into_iter().map(|(_, entry)| entry.detail));
    }
}

on_both_engines! {
    async fn every_filter_goes_page_by_page(database) {
        let one = ApplicationId::draw(&database.rng);
        keep(database, vec![
            entry(one, "operator", "client_secret.rotated", 1),
            entry(one, "member a", "redirect_uri.added", 2),
            entry(NO_APPLICATION, "member a", "session.started", 3),
            entry(NO_APPLICATION, "member b", "session.started", 4),
        ])
        .await;
        let of = async |filter: Filter| all(database, filter).await.join(", ");
        let any = Filter::default;
        assert_eq!(of(any()).await, "at 4, at 3, at 2, at 1");
        let application = |id| Filter { application: Some(id), ..any() };
        assert_eq!(of(application(one)).await, "at 2, at 1");
        assert_eq!(of(application(NO_APPLICATION)).await, "at 4, at 3");
        let actor = |name: &str| Filter { actor: Some(name.to_owned()), ..any() };
        assert_eq!(of(actor("member a")).await, "at 3, at 2");
        assert_eq!(of(Filter { application: Some(one), ..actor("member a") }).await, "at 2");
        let action = |name: &str| Filter { action: Some(name.to_owned()), ..any() };
        assert_eq!(of(action("session.started")).await, "at 4, at 3");
        let both = Filter { action: Some("session.started".to_owned()), ..actor("member b") };
        assert_eq!(of(both.clone()).await, "at 4");
        assert_eq!(of(Filter { application: Some(one), ..both }).await, "");
        assert_eq!(of(Filter { from: Some(after(2)), to: Some(after(4)), ..any() }).await, "at 3, at 2");
        let names = database
            .read(async |tx: &mut Tx<'_>| {
                let actors = audit_log::actors(tx, 9).await?;
                Ok((actors, audit_log::actions(tx, 2).await?))
            })
            .await;
        assert_eq!(names.0, ["member a", "member b", "operator"]);
        assert_eq!(names.1, ["client_secret.rotated", "redirect_uri.added"]);
    }

    async fn entries_of_one_instant_are_each_told_once(database) {
        let entries = (0..8).map(|number| Entry {
            at: NOW,
            detail: number.to_string(),
            ..entry(NO_APPLICATION, "operator", "session.started", 0)
        });
        keep(database, entries.collect()).await;
        let mut told = all(database, Filter::default()).await;
        told.sort();
        assert_eq!(told, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    }
}

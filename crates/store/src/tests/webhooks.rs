//! Webhooks and subscriptions.

use carport_model::{Timestamp, Webhook, WebhookId};

use super::database::Database;
use super::on_both_engines;
use super::seed::{NOW, Owner, after, new_connection};
use crate::subscriptions::Outcome;
use crate::webhooks::Listed;
use crate::{StoreError, Tx, applications, connections, subscriptions, webhooks};

fn webhook(database: &Database, owner: &Owner, created_at: Timestamp) -> Webhook {
    Webhook {
        id: WebhookId::draw(&database.rng),
        application: owner.application,
        name: "Ladestände".to_owned(),
        callback_uri: "https://ladebaer.test/webhook".to_owned(),
        created_at,
    }
}

async fn kept(database: &Database, owner: &Owner, created_at: Timestamp) -> Webhook {
    let webhook = webhook(database, owner, created_at);
    let new = webhook.clone();
    let is_new = database
        .write(async move |tx: &mut Tx<'_>| webhooks::insert(tx, &new).await)
        .await;
    assert!(is_new);
    webhook
}

async fn listed(database: &Database, owner: &Owner) -> Vec<Listed> {
    let application = owner.application;
    let list = database
        .store
        .scan(async move |tx: &mut Tx<'_>| webhooks::list(tx, application).await)
        .await;
    list.map_err(|error: StoreError| error).unwrap()
}

async fn subscribe(database: &Database, owner: &Owner, id: WebhookId, second: u64) -> Outcome {
    let (application, pair) = (owner.application, (owner.user, owner.vehicle));
    database
        .write(async move |tx: &mut Tx<'_>| {
            subscriptions::subscribe(tx, application, id, pair, after(second)).await
        })
        .await
}

async fn unsubscribe(database: &Database, owner: &Owner, id: WebhookId) -> Outcome {
    let (application, vehicle) = (owner.application, owner.vehicle);
    database
        .write(async move |tx: &mut Tx<'_>| {
            subscriptions::unsubscribe(tx, application, id, vehicle).await
        })
        .await
}

/// Times of all subscriptions, whoever made them.
async fn times(database: &Database) -> Vec<i64> {
    const SQL: &str = "SELECT subscribed_at FROM subscriptions ORDER BY subscribed_at";
    database
        .read(async |tx: &mut Tx<'_>| {
            let rows = tx.rows(SQL, &[]).await?;
            rows.iter().map(|row| row.int(0)).collect()
        })
        .await
}

on_both_engines! {
    async fn webhooks_read_back_in_the_order_they_were_made(database) {
        let (owner, other) = (database.owner().await, database.owner().await);
        let late = kept(database, &owner, after(1)).await;
        let early = kept(database, &owner, NOW).await;
        let foreign = kept(database, &other, NOW).await;
        let list = listed(database, &owner).await;
        assert_eq!(list.iter().map(|listed| &listed.webhook).collect::<Vec<_>>(), [&early, &late]);
        assert!(list.iter().all(|listed| listed.subscriptions == 0));
        let unknown = WebhookId::draw(&database.rng);
        database
            .read(async |tx: &mut Tx<'_>| {
                assert_eq!(webhooks::find(tx, foreign.id).await?.as_ref(), Some(&foreign));
                assert_eq!(webhooks::find(tx, unknown).await?, None);
                assert_eq!(webhooks::count(tx, owner.application).await?, 2);
                assert_eq!(webhooks::count(tx, other.application).await?, 1);
                Ok(())
            })
            .await;
    }

    async fn a_taken_webhook_id_changes_nothing(database) {
        let owner = database.owner().await;
        let first = kept(database, &owner, NOW).await;
        let again = Webhook { name: "Again".to_owned(), ..first.clone() };
        let is_new = database
            .write(async move |tx: &mut Tx<'_>| webhooks::insert(tx, &again).await)
            .await;
        assert!(!is_new);
        assert_eq!(listed(database, &owner).await[0].webhook, first);
    }

    async fn a_webhook_needs_its_application(database) {
        let owner = database.owner().await;
        let new = webhook(database, &owner, NOW);
        let id = owner.application;
        let refused = database
            .store
            .write(async move |tx: &mut Tx<'_>| {
                applications::delete(tx, id).await?;
                webhooks::insert(tx, &new).await
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Engine(_))), "{refused:?}");
    }

    async fn subscribing_twice_is_subscribing_once(database) {
        let owner = database.owner().await;
        let id = kept(database, &owner, NOW).await.id;
        for second in [1, 2] {
            assert_eq!(subscribe(database, &owner, id, second).await, Outcome::Done);
        }
        assert_eq!(times(database).await, [after(1).millis()]);
        assert_eq!(listed(database, &owner).await[0].subscriptions, 1);
        for _ in 0..2 {
            assert_eq!(unsubscribe(database, &owner, id).await, Outcome::Done);
        }
        assert_eq!(listed(database, &owner).await[0].subscriptions, 0);
        // It begins anew.
        assert_eq!(subscribe(database, &owner, id, 3).await, Outcome::Done);
        assert_eq!(times(database).await, [after(3).millis()]);
    }

    async fn unsubscribing_ends_every_owners_and_no_other_vehicles(database) {
        let (owner, other) = (database.owner().await, database.owner().await);
        let (id, another) = (kept(database, &owner, NOW).await.id, kept(database, &owner, NOW).await.id);
        // The other owner connects the same vehicle, as far as rows can tell.
        let (application, vehicle, user) = (owner.application, owner.vehicle, other.user);
        database
            .write(async move |tx: &mut Tx<'_>| {
                connections::put(tx, &new_connection(application, user, vehicle), NOW).await
            })
            .await;
        let second = Owner { user, ..owner.clone() };
        for (owner, webhook) in [(&owner, id), (&second, id), (&owner, another)] {
            assert_eq!(subscribe(database, owner, webhook, 1).await, Outcome::Done);
        }
        assert_eq!(unsubscribe(database, &owner, id).await, Outcome::Done);
        let left = listed(database, &owner).await;
        let of = |id| left.iter().find(|listed| listed.webhook.id == id).unwrap().subscriptions;
        assert_eq!((of(id), of(another)), (0, 1));
    }

    async fn what_is_missing_is_told_the_connection_first(database) {
        let (owner, other) = (database.owner().await, database.owner().await);
        let id = kept(database, &owner, NOW).await.id;
        let foreign = kept(database, &other, NOW).await.id;
        let unknown = WebhookId::draw(&database.rng);
        for webhook in [foreign, unknown] {
            assert_eq!(subscribe(database, &owner, webhook, 1).await, Outcome::NoWebhook);
            assert_eq!(unsubscribe(database, &owner, webhook).await, Outcome::NoWebhook);
        }
        // Another owner's vehicle, and another application's.
        for stranger in [
            Owner { vehicle: other.vehicle, ..owner.clone() },
            Owner { application: owner.application, ..other.clone() },
        ] {
            for webhook in [id, unknown] {
                assert_eq!(subscribe(database, &stranger, webhook, 1).await, Outcome::NoConnection);
                assert_eq!(unsubscribe(database, &stranger, webhook).await, Outcome::NoConnection);
            }
        }
        assert!(times(database).await.is_empty());
    }

    async fn subscriptions_go_with_their_webhook_and_with_the_application(database) {
        let (owner, other) = (database.owner().await, database.owner().await);
        let mut ids = Vec::new();
        for owner in [&owner, &owner, &other] {
            let id = kept(database, owner, NOW).await.id;
            assert_eq!(subscribe(database, owner, id, 1).await, Outcome::Done);
            ids.push(id);
        }
        let first = ids[0];
        let deleted = database
            .write(async move |tx: &mut Tx<'_>| {
                Ok([webhooks::delete(tx, first).await?, webhooks::delete(tx, first).await?])
            })
            .await;
        assert_eq!(deleted, [true, false]);
        assert_eq!(times(database).await.len(), 2);
        let application = owner.application;
        database
            .write(async move |tx: &mut Tx<'_>| applications::delete(tx, application).await)
            .await;
        assert_eq!(times(database).await.len(), 1);
        assert_eq!(listed(database, &other).await[0].webhook.id, ids[2]);
        assert!(listed(database, &owner).await.is_empty());
    }
}

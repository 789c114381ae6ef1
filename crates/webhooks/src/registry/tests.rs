//! The registry over a temporary database.

use carport_model::SeededRng;
use carport_testkit::TestBed;

use super::*;

fn registry(bed: &TestBed) -> Webhooks {
    Webhooks::new(bed.store.clone(), bed.clock(), bed.rng())
}

fn new(application: ApplicationId) -> NewWebhook {
    NewWebhook {
        application,
        name: " Ladestände ".to_owned(),
        callback_uri: "https://ladebaer.test/webhook".to_owned(),
    }
}

async fn actions(bed: &TestBed, id: ApplicationId) -> Vec<String> {
    let entries = bed
        .store
        .read(async |tx: &mut Tx<'_>| audit_log::newest(tx, id, 10).await)
        .await;
    let entries = entries.map_err(|error: StoreError| error).unwrap();
    let mut actions: Vec<_> = entries.into_iter().map(|entry| entry.action).collect();
    actions.sort();
    actions
}

#[tokio::test]
async fn a_webhook_from_its_making_to_its_end() {
    let bed = TestBed::new().await;
    let registry = registry(&bed);
    let id = bed.application().await.application.id;
    let other = bed.application().await.application.id;
    let made = registry.create(new(id)).await.unwrap();
    assert_eq!(made.name, "Ladestände");
    let foreign = registry.create(new(other)).await.unwrap();
    let listed = registry.list(Some(id)).await.unwrap();
    let expected = Listed {
        webhook: made.clone(),
        subscriptions: 0,
    };
    assert_eq!(listed, [expected]);
    assert_eq!(registry.list(None).await.unwrap().len(), 2);
    registry.delete(made.id).await.unwrap();
    let again = registry.delete(made.id).await;
    assert!(matches!(again, Err(WebhookError::Unknown)), "{again:?}");
    let left = registry.list(None).await.unwrap();
    assert_eq!(left[0].webhook, foreign);
    assert_eq!(
        actions(&bed, id).await,
        ["webhook.created", "webhook.deleted"]
    );
}

#[tokio::test]
async fn what_cannot_be_made_is_told_and_leaves_nothing() {
    let bed = TestBed::new().await;
    let registry = registry(&bed);
    let id = bed.application().await.application.id;
    let unknown = ApplicationId::draw(&*bed.rng);
    let cases = [
        (
            NewWebhook {
                name: "  ".to_owned(),
                ..new(id)
            },
            "A webhook needs a name of 1 to 60 characters.",
        ),
        (
            NewWebhook {
                name: "ü".repeat(61),
                ..new(id)
            },
            "A webhook needs a name of 1 to 60 characters.",
        ),
        (
            NewWebhook {
                callback_uri: "ftp://x".to_owned(),
                ..new(id)
            },
            "ftp://x: Use https, or http in a network of your own.",
        ),
        (
            new(unknown),
            "There is no application with this id. `carport app list` shows them.",
        ),
    ];
    for (new, expected) in cases {
        let refused = registry.create(new).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
    assert!(registry.list(None).await.unwrap().is_empty());
    let listed = registry.list(Some(unknown)).await.unwrap_err();
    assert!(matches!(listed, WebhookError::UnknownApplication));
    assert!(actions(&bed, id).await.is_empty());
}

#[tokio::test]
async fn an_application_has_fifty_at_most() {
    let bed = TestBed::new().await;
    let registry = registry(&bed);
    let id = bed.application().await.application.id;
    let mut last = None;
    for _ in 0..MAX_COUNT {
        last = Some(registry.create(new(id)).await.unwrap().id);
    }
    let refused = registry.create(new(id)).await;
    assert!(matches!(refused, Err(WebhookError::TooMany)), "{refused:?}");
    registry.delete(last.unwrap()).await.unwrap();
    assert!(registry.create(new(id)).await.is_ok());
}

#[tokio::test]
async fn the_same_draw_finds_the_same_webhook_and_changes_nothing() {
    let bed = TestBed::new().await;
    let registry = registry(&bed);
    let id = bed.application().await.application.id;
    let first = registry
        .create_drawn_from(new(id), &SeededRng::new(5, 0))
        .await
        .unwrap();
    let again = NewWebhook {
        name: "Again".to_owned(),
        ..new(id)
    };
    let found = registry
        .create_drawn_from(again, &SeededRng::new(5, 0))
        .await
        .unwrap();
    assert_eq!(found, first);
    assert_eq!(registry.list(None).await.unwrap().len(), 1);
}

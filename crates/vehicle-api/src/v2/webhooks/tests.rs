//! Each line of contract rest-v2, 2.22, and connect-oauth, F.2, about subscriptions.

use axum::http::Method;
use carport_model::{Clock as _, Webhook, WebhookId};
use carport_store::{StoreError, Tx, webhooks};
use carport_testkit::{Answer, Car, Registered, TestApp, TestBed};
use serde_json::{Value, json};

use crate::v2::tests::door;

/// A webhook of an application.
async fn webhook(bed: &TestBed, client: &Registered) -> WebhookId {
    let webhook = Webhook {
        id: WebhookId::draw(&*bed.rng),
        application: client.application.id,
        name: "Ladestände".to_owned(),
        callback_uri: "https://ladebaer.test/webhook".to_owned(),
        created_at: bed.clock.now(),
    };
    let id = webhook.id;
    let made = bed
        .store
        .write(async move |tx: &mut Tx<'_>| webhooks::insert(tx, &webhook).await);
    assert!(made.await.map_err(|error: StoreError| error).unwrap());
    id
}

async fn subscribed(bed: &TestBed, client: &Registered) -> i64 {
    let id = client.application.id;
    let list = bed
        .store
        .scan(async move |tx: &mut Tx<'_>| webhooks::list(tx, id).await);
    let list = list.await.map_err(|error: StoreError| error).unwrap();
    list.iter().map(|listed| listed.subscriptions).sum()
}

async fn subscribe(app: &TestApp, car: &Car, webhook: &str) -> Answer {
    let request = app.post(&car.path(&format!("webhooks/{webhook}")));
    request.bearer(&car.access_token).send().await
}

async fn unsubscribe(app: &TestApp, car: &Car, webhook: &str) -> Answer {
    let path = car.path(&format!("webhooks/{webhook}"));
    let request = app.request(Method::DELETE, &path);
    request.bearer(&car.client.management_token).send().await
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, kind: &str, field: &Value) {
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &body["type"]),
        (status, &kind.into()),
        "{body}"
    );
    assert_eq!(
        (&body["code"], &body["detail"][0]["field"]),
        (&Value::Null, field)
    );
    assert_eq!(body["requestId"], answer.header("sc-request-id"));
}

#[tokio::test]
async fn subscribing_answers_both_ids_and_once_is_as_good_as_twice() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let id = webhook(&bed, &car.client).await.to_string();
    let app = door(&bed);
    let expected = json!({ "webhookId": id, "vehicleId": car.vehicle.to_string() });
    for _ in 0..2 {
        let answer = subscribe(&app, &car, &id).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, expected.clone())
        );
        assert_eq!(
            answer.header("content-type"),
            "application/json; charset=utf-8"
        );
        assert_eq!(answer.header("sc-request-id").len(), 36);
        assert_eq!(subscribed(&bed, &car.client).await, 1);
    }
    for _ in 0..2 {
        let answer = unsubscribe(&app, &car, &id).await;
        let expected = json!({ "status": "success" });
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
        assert_eq!(answer.header("sc-request-id").len(), 36);
        assert_eq!(subscribed(&bed, &car.client).await, 0);
    }
}

#[tokio::test]
async fn bodies_that_sdks_send_are_no_matter() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let id = webhook(&bed, &car.client).await.to_string();
    let app = door(&bed);
    let path = car.path(&format!("webhooks/{id}"));
    let post = || app.post(&path).bearer(&car.access_token);
    let generated = json!({ "vehicleid": car.vehicle.to_string(), "webhookid": id });
    for request in [
        post().body("application/json", ""),
        post().json(&json!({})),
        post().json(&generated),
    ] {
        assert_eq!(request.send().await.status, 200);
    }
    let delete = app.request(Method::DELETE, &path);
    let delete = delete.bearer(&car.client.management_token).json(&json!({}));
    assert_eq!(delete.send().await.status, 200);
}

#[tokio::test]
async fn a_webhook_that_is_none_is_validation_with_a_null_code() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let foreign = webhook(&bed, &bed.application().await).await.to_string();
    let unknown = "00000000-0000-4000-8000-000000000000";
    let app = door(&bed);
    for id in ["fake_webhook_id", unknown, &foreign] {
        let field = "webhookId".into();
        assert_refused(&subscribe(&app, &car, id).await, 400, "VALIDATION", &field);
        assert_refused(
            &unsubscribe(&app, &car, id).await,
            400,
            "VALIDATION",
            &field,
        );
    }
}

#[tokio::test]
async fn the_token_is_judged_first() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let id = webhook(&bed, &car.client).await.to_string();
    let app = door(&bed);
    let (access, management) = (&*car.access_token, &*car.client.management_token);
    for webhook in [&*id, "fake_webhook_id"] {
        for vehicle in [car.vehicle.to_string(), "bad_id".to_owned()] {
            let path = format!("/v2.0/vehicles/{vehicle}/webhooks/{webhook}");
            // Each call takes the other one's token for a wrong one.
            for (method, wrong) in [
                (Method::POST, management),
                (Method::POST, "abc"),
                (Method::DELETE, access),
                (Method::DELETE, "abc"),
            ] {
                let answer = app.request(method, &path).bearer(wrong).send().await;
                assert_refused(&answer, 401, "AUTHENTICATION", &Value::Null);
            }
            let basic = app
                .request(Method::DELETE, &path)
                .basic("default", management);
            assert_refused(&basic.send().await, 401, "AUTHENTICATION", &Value::Null);
        }
    }
    assert_eq!(subscribed(&bed, &car.client).await, 0);
}

#[tokio::test]
async fn the_vehicle_is_judged_next() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let stranger = bed.connect(&["read_vin"]).await;
    let id = webhook(&bed, &car.client).await.to_string();
    let unknown = "00000000-0000-4000-8000-000000000000";
    let app = door(&bed);
    let (access, management) = (&car.access_token, &car.client.management_token);
    let calls = async |vehicle: &str, webhook: &str| {
        let path = format!("/v2.0/vehicles/{vehicle}/webhooks/{webhook}");
        let post = app.post(&path).bearer(access).send().await;
        let delete = app.request(Method::DELETE, &path).bearer(management);
        [post, delete.send().await]
    };
    for answer in calls("bad_id", &id).await {
        assert_refused(&answer, 400, "VALIDATION", &"id".into());
    }
    for vehicle in [unknown, &stranger.vehicle.to_string()] {
        for webhook in [&*id, unknown] {
            for answer in calls(vehicle, webhook).await {
                assert_refused(&answer, 403, "PERMISSION", &Value::Null);
            }
        }
    }
    assert_eq!(subscribed(&bed, &car.client).await, 0);
}

#[tokio::test]
async fn disconnecting_ends_the_subscription() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let id = webhook(&bed, &car.client).await.to_string();
    let app = door(&bed);
    assert_eq!(subscribe(&app, &car, &id).await.status, 200);
    let disconnect = app.request(Method::DELETE, &car.path("application"));
    assert_eq!(
        disconnect.bearer(&car.access_token).send().await.status,
        200
    );
    assert_eq!(subscribed(&bed, &car.client).await, 0);
    assert_refused(
        &unsubscribe(&app, &car, &id).await,
        403,
        "PERMISSION",
        &Value::Null,
    );
}

//! `DELETE /management/connections`.

use carport_model::{Clock as _, Webhook, WebhookId};
use carport_store::{StoreError, Tx, subscriptions, webhooks};

use super::*;

const OWNER: (Mode, &str) = (Mode::Test, "owner@ladebaer.test");
const OTHER: (Mode, &str) = (Mode::Test, "other@ladebaer.test");

/// Whether an access token still opens anything.
async fn works(server: &Server, car: &Car) -> bool {
    let token = server.bed.mint.digest(&car.access_token);
    server
        .bed
        .store
        .access_grant(&token)
        .await
        .unwrap()
        .is_some()
}

/// Whether a vehicle can still be reached, as the vehicle API asks it.
async fn is_known(server: &Server, car: &Car) -> bool {
    let connected = server.bed.store.connected(car.user, car.vehicle).await;
    connected.unwrap().is_some()
}

#[tokio::test]
async fn by_vehicle_the_token_of_an_owner_with_another_one_stays() {
    let server = Server::new().await;
    let first = server.connect(OWNER, 1).await;
    let second = server.connect(OWNER, 2).await;
    // In use: everything is remembered.
    assert!(works(&server, &first).await && is_known(&server, &first).await);
    let answer = server
        .delete(&format!("vehicle_id={}", first.vehicle))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("sc-request-id").len(), 36);
    // Without connectedAt, which an SDK asserts.
    let expected = json!({ "connections": [
        { "vehicleId": first.vehicle.to_string(), "userId": first.user.to_string() },
    ] });
    assert_eq!(answer.json(), expected);
    assert!(!is_known(&server, &first).await);
    assert!(is_known(&server, &second).await && works(&server, &first).await);
    assert_eq!(server.listed("").await, ids([&second]));
}

#[tokio::test]
async fn by_user_all_vehicles_go_and_the_tokens_with_them() {
    let server = Server::new().await;
    let first = server.connect(OWNER, 1).await;
    let second = server.connect(OWNER, 2).await;
    let foreign = server.connect(OTHER, 3).await;
    for car in [&first, &second, &foreign] {
        assert!(works(&server, car).await && is_known(&server, car).await);
    }
    let answer = server.delete(&format!("user_id={}", first.user)).await;
    assert_eq!(vehicles(&answer), ids([&second, &first]));
    for car in [&first, &second] {
        assert!(!works(&server, car).await && !is_known(&server, car).await);
    }
    assert!(works(&server, &foreign).await && is_known(&server, &foreign).await);
    assert_eq!(server.listed("").await, ids([&foreign]));
}

#[tokio::test]
async fn by_vehicle_every_owner_loses_it() {
    let server = Server::new().await;
    let first = server.connect(OWNER, 1).await;
    server.connect(OWNER, 2).await;
    let shared = server.connect(OTHER, 1).await;
    let answer = server
        .delete(&format!("vehicle_id={}", first.vehicle))
        .await;
    assert_eq!(vehicles(&answer), ids([&shared, &first]));
    // Only one of them has another vehicle.
    assert!(works(&server, &first).await && !works(&server, &shared).await);
}

#[tokio::test]
async fn nothing_to_delete_is_an_empty_list() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let empty = json!({ "connections": [] });
    let by_vehicle = format!("vehicle_id={}", car.vehicle);
    assert_eq!(vehicles(&server.delete(&by_vehicle).await).len(), 1);
    // As an SDK's suite does it: by user, after the last vehicle was deleted.
    for query in [by_vehicle, format!("user_id={}", car.user)] {
        let answer = server.delete(&query).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, empty.clone())
        );
    }
}

#[tokio::test]
async fn exactly_one_of_user_and_vehicle() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let (user, vehicle) = (car.user, car.vehicle);
    let other = server.connect(OTHER, 2).await.user;
    for (query, field) in [
        (String::new(), "user_id"),
        ("user_id=&vehicle_id=".to_owned(), "user_id"),
        (format!("user_id={user}&vehicle_id={vehicle}"), "vehicle_id"),
        (format!("user_id={user}&user_id={other}"), "user_id"),
        ("user_id=bad_id".to_owned(), "user_id"),
        ("vehicle_id=undefined".to_owned(), "vehicle_id"),
    ] {
        assert_invalid(&server.delete(&query).await, field);
    }
    assert_eq!(server.listed("").await.len(), 2);
}

#[tokio::test]
async fn an_empty_object_as_the_body_is_no_matter() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let request = server.asked(Method::DELETE, &format!("user_id={}", car.user));
    let answer = request.json(&json!({})).send().await;
    assert_eq!(vehicles(&answer), ids([&car]));
}

#[tokio::test]
async fn webhook_subscriptions_are_removed() {
    let server = Server::new().await;
    let (first, second) = (
        server.connect(OWNER, 1).await,
        server.connect(OTHER, 2).await,
    );
    let application = server.client.application.id;
    let webhook = Webhook {
        id: WebhookId::draw(&*server.bed.rng),
        application,
        name: "Ladestände".to_owned(),
        callback_uri: "https://ladebaer.test/webhook".to_owned(),
        created_at: server.bed.clock.now(),
    };
    let pairs = [(first.user, first.vehicle), (second.user, second.vehicle)];
    let subscribed = server.bed.store.write(async move |tx: &mut Tx<'_>| {
        webhooks::insert(tx, &webhook).await?;
        for pair in pairs {
            let now = webhook.created_at;
            subscriptions::subscribe(tx, application, webhook.id, pair, now).await?;
        }
        Ok::<_, StoreError>(())
    });
    subscribed.await.unwrap();
    server
        .delete(&format!("vehicle_id={}", first.vehicle))
        .await;
    let list = server
        .bed
        .store
        .scan(async move |tx: &mut Tx<'_>| webhooks::list(tx, application).await)
        .await;
    assert_eq!(
        list.map_err(|error: StoreError| error).unwrap()[0].subscriptions,
        1
    );
}

#[tokio::test]
async fn another_application_deletes_none_of_it() {
    let server = Server::new().await;
    let car = server.connect(OWNER, 1).await;
    let other = server.bed.application().await;
    for query in [
        format!("user_id={}", car.user),
        format!("vehicle_id={}", car.vehicle),
    ] {
        let request = server
            .app
            .request(Method::DELETE, &format!("{PATH}?{query}"));
        let answer = request
            .basic("default", &other.management_token)
            .send()
            .await;
        assert_eq!(vehicles(&answer), ids([]));
    }
    assert!(works(&server, &car).await && is_known(&server, &car).await);
}

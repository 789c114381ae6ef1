//! Client authentication: contract connect-oauth, B.1.

use carport_model::Secret;
use carport_store::client_secrets::NewSecret;
use carport_store::{Tx, audit_log, client_secrets};
use carport_testkit::{Answer, TestApp, TestBed};
use std::time::Duration;

use super::super::routes;
use super::{Server, assert_invalid, assert_refused, granted};
use crate::{OAuth, Settings};

const WRONG: &str = "Client id or client secret is wrong. Check both on the Dashboard.";
const DIFFERENT: &str =
    "The Authorization header and the body name different credentials. Send one.";
const NOT_BASIC: &str =
    "The Authorization header is not Basic with base64 of client_id:client_secret.";

/// A refresh with `more` fields and, if given, Basic credentials.
async fn refresh(server: &Server, basic: Option<(&str, &str)>, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "refresh_token"),
        ("refresh_token", &server.car.refresh_token),
    ];
    fields.extend(more);
    let mut request = server.app.post("/oauth/token").form(&fields);
    if let Some((id, secret)) = basic {
        request = request.basic(id, secret);
    }
    request.send().await
}

#[tokio::test]
async fn credentials_come_as_basic_in_the_body_or_both() {
    let server = Server::new().await;
    let (id, secret) = (&*server.car.client.id, &*server.car.client.secret);
    for (basic, body) in [
        (Some((id, secret)), vec![]),
        (None, vec![("client_id", id), ("client_secret", secret)]),
        (
            Some((id, secret)),
            vec![("client_id", id), ("client_secret", secret)],
        ),
        (Some((id, secret)), vec![("client_id", id)]),
        (
            Some((id, secret)),
            vec![("client_id", ""), ("client_secret", "")],
        ),
    ] {
        granted(&refresh(&server, basic, &body).await);
    }
}

#[tokio::test]
async fn strict_clients_escape_both_halves() {
    let server = Server::new().await;
    let escaped = |half: &str| {
        half.bytes().fold(String::new(), |mut text, byte| {
            let escape = byte.is_ascii_punctuation();
            text.push_str(&if escape {
                format!("%{byte:02X}")
            } else {
                char::from(byte).to_string()
            });
            text
        })
    };
    let (id, secret) = (
        escaped(&server.car.client.id),
        escaped(&server.car.client.secret),
    );
    assert!(id.contains("%2D"));
    granted(&refresh(&server, Some((&id, &secret)), &[]).await);
    let answer = refresh(&server, Some((&id, "%FF")), &[]).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn two_different_credentials_are_refused() {
    let server = Server::new().await;
    let (id, secret) = (&*server.car.client.id, &*server.car.client.secret);
    let other = server.bed.application().await;
    for body in [
        vec![("client_id", &*other.id)],
        vec![("client_secret", &*other.secret)],
        vec![("client_id", id), ("client_secret", &*other.secret)],
        vec![("client_id", &*other.id), ("client_secret", &*other.secret)],
    ] {
        let answer = refresh(&server, Some((id, secret)), &body).await;
        assert_invalid(&answer, DIFFERENT);
    }
    let answer = refresh(&server, Some((id, "")), &[("client_secret", secret)]).await;
    assert_invalid(&answer, DIFFERENT);
}

#[tokio::test]
async fn wrong_credentials_are_an_invalid_client() {
    let server = Server::new().await;
    let (id, secret) = (&*server.car.client.id, &*server.car.client.secret);
    let other = server.bed.application().await;
    let stranger = "36ab27d0-fd9d-4455-823a-ce30af709ffc";
    for (id, secret) in [
        (id, "wrong"),
        (id, ""),
        (id, &*other.secret),
        (stranger, secret),
        ("no-uuid", secret),
        ("", secret),
        ("", ""),
    ] {
        let answer = refresh(&server, Some((id, secret)), &[]).await;
        assert_refused(&answer, 401, "invalid_client", WRONG);
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"carport\"");
        let body = [("client_id", id), ("client_secret", secret)];
        let answer = refresh(&server, None, &body).await;
        assert_refused(&answer, 401, "invalid_client", WRONG);
        assert!(!answer.headers.contains_key("www-authenticate"));
    }
    let answer = refresh(&server, None, &[]).await;
    assert_refused(&answer, 401, "invalid_client", WRONG);
    // Nothing of this used the token up.
    granted(&server.refresh(&server.car.refresh_token).await);
}

#[tokio::test]
async fn a_malformed_header_is_told() {
    let server = Server::new().await;
    for header in [
        "Basic",
        "Basic ",
        "basic %%%",
        "Basic bm9jb2xvbg==",
        "Basic bm9jb2xvbg",
        "Basic /zo=",
        "B\u{e4}sic x",
    ] {
        let answer = server
            .token(&[])
            .header("authorization", header)
            .send()
            .await;
        assert_invalid(&answer, NOT_BASIC);
    }
    // Another scheme is not for us; then the body has to say who asks.
    let answer = server
        .token(&[])
        .header("authorization", "Digest x")
        .send()
        .await;
    assert_refused(&answer, 401, "invalid_client", WRONG);
}

#[tokio::test]
async fn a_disabled_application_is_unknown() {
    let server = Server::new().await;
    let disabled = server.bed.application_with(|app| app.enabled = false).await;
    let answer = refresh(&server, Some((&disabled.id, &disabled.secret)), &[]).await;
    assert_refused(&answer, 401, "invalid_client", WRONG);
}

#[tokio::test]
async fn both_secrets_work_until_the_old_one_ends() {
    let server = Server::new().await;
    let (id, old) = (&*server.car.client.id, &*server.car.client.secret);
    let application = server.car.client.application.id;
    let new = NewSecret::of(&Secret::new("new-secret".to_owned()));
    let now = server.bed.clock().now();
    let until = now.plus(Duration::from_hours(1));
    server
        .bed
        .store
        .write(async move |tx: &mut Tx<'_>| {
            client_secrets::expire_all(tx, application, until).await?;
            client_secrets::insert(tx, application, &new, now).await
        })
        .await
        .unwrap();
    granted(&refresh(&server, Some((id, old)), &[]).await);
    granted(&refresh(&server, Some((id, "new-secret")), &[]).await);
    server.bed.clock.set(until);
    let answer = refresh(&server, Some((id, old)), &[]).await;
    assert_refused(&answer, 401, "invalid_client", WRONG);
}

#[tokio::test]
async fn a_public_application_names_itself_and_proves_nothing() {
    let server = Server::new().await;
    let public = server.bed.application_with(|app| app.public = true).await;
    let found = server.car.found.clone();
    let car = server
        .bed
        .connect_vehicle(&public, found, &["read_vin"])
        .await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &*car.refresh_token),
        ("client_id", &*public.id),
    ];
    let answer = server.app.post("/oauth/token").form(&fields).send().await;
    granted(&answer);
    // Its tokens rotate without grace: the second use counts as theft.
    let answer = server.app.post("/oauth/token").form(&fields).send().await;
    let text = format!("Invalid refresh_token: {}.", car.refresh_token);
    assert_invalid(&answer, &text);
}

#[tokio::test]
async fn a_client_that_keeps_guessing_is_slowed_down_and_a_right_secret_still_works() {
    let server = Server::new().await;
    let id = server.car.client.id.clone();
    let guess = || {
        let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
        server
            .app
            .post("/oauth/token")
            .basic(&id, "wrong")
            .form(&form)
            .send()
    };
    for _ in 0..30 {
        assert_eq!(guess().await.status, 401);
    }
    let slowed = guess().await;
    assert_eq!(slowed.status, 429);
    assert_eq!(slowed.json()["error"], "slow_down");
    assert_eq!(slowed.header("retry-after"), "60");
    let right = server.token(&[("grant_type", "refresh_token"), ("refresh_token", "x")]);
    assert_eq!(right.send().await.status, 400);
    server.bed.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(guess().await.status, 401);
}

#[tokio::test]
async fn only_pages_of_a_public_client_may_read_the_answer() {
    let server = Server::new().await;
    let public = server.bed.application_with(|app| app.public = true).await;
    let confidential = &server.car.client;
    let ask = async |id: &str, secret: &str, origin: &str| {
        let form = [
            ("client_id", id),
            ("client_secret", secret),
            ("grant_type", "refresh_token"),
            ("refresh_token", "x"),
        ];
        let answer = server
            .app
            .post("/oauth/token")
            .form(&form)
            .header("origin", origin);
        let answer = answer.send().await;
        assert_eq!(answer.status, 400);
        answer.header("access-control-allow-origin").to_owned()
    };
    let own = "https://ladebaer.test";
    assert_eq!(ask(&public.id, "", own).await, own);
    assert_eq!(ask(&public.id, "", "https://elsewhere.test").await, "");
    assert_eq!(ask(&confidential.id, &confidential.secret, own).await, "");
}

#[tokio::test]
async fn a_lent_secret_works_for_an_hour() {
    let bed = TestBed::new().await;
    let car = bed.connect(&["read_vin"]).await;
    let settings = Settings::for_issuer("https://cars.example.net");
    let (store, clock, rng) = (bed.store.clone(), bed.clock(), bed.rng());
    let oauth = OAuth::new(store, clock, rng, bed.mint(), settings);
    let app = TestApp::serving(routes(oauth.clone()));
    let id = car.client.application.id;
    let secret = oauth.lend_secret(id, "member 1").await.unwrap();
    let ask = async || {
        let request = app
            .post("/oauth/token")
            .basic(&car.client.id, secret.expose());
        let fields = [("grant_type", "authorization_code"), ("code", "x")];
        request.form(&fields).send().await.json()["error"].clone()
    };
    assert_eq!(ask().await, "invalid_request");
    let read = async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 1).await;
    let entry = bed.store.read(read).await.unwrap().remove(0);
    assert_eq!(
        (entry.actor.as_str(), entry.action.as_str()),
        ("member 1", "client_secret.lent")
    );
    bed.clock.advance(crate::LENT_FOR);
    assert_eq!(ask().await, "invalid_client");
    let nobody = carport_model::ApplicationId::from_bytes([7; 16]);
    assert!(oauth.lend_secret(nobody, "member 1").await.is_err());
}

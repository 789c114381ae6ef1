//! Revocation (RFC 7009), introspection (RFC 7662) and metadata (RFC 8414).

use std::time::Duration;

use carport_model::Level;
use carport_testkit::{Answer, found_vehicle};
use serde_json::{Value, json};

use super::{Server, assert_invalid, assert_refused, granted};

async fn revoke(server: &Server, token: &str, hint: &str) -> Answer {
    let fields = [("token", token), ("token_type_hint", hint)];
    let answer = server.form("/oauth/revoke", &fields).send().await;
    assert_eq!((answer.status.as_u16(), answer.text()), (200, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn introspect(server: &Server, token: &str) -> Value {
    let answer = server
        .form("/oauth/introspect", &[("token", token)])
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

#[tokio::test]
async fn revoking_an_access_token_ends_it_alone() {
    let server = Server::new().await;
    let (access, refresh) = granted(&server.refresh(&server.car.refresh_token).await);
    // A wrong hint changes nothing (RFC 7009, 2.1).
    revoke(&server, &access, "refresh_token").await;
    assert!(!server.works(&access).await);
    assert!(server.works(&server.car.access_token).await);
    granted(&server.refresh(&refresh).await);
    assert_eq!(server.audited().await, [""; 0]);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_family() {
    let server = Server::new().await;
    let other = server.bed.tokens(&server.car.client, server.car.user).await;
    let (access, refresh) = granted(&server.refresh(&server.car.refresh_token).await);
    revoke(&server, &refresh, "").await;
    for token in [&access, &refresh, &server.car.access_token] {
        assert!(!server.works(token).await);
    }
    let answer = server.refresh(&refresh).await;
    assert_invalid(&answer, &format!("Invalid refresh_token: {refresh}."));
    assert!(server.works(&other.access).await);
    revoke(&server, &refresh, "").await;
    assert_eq!(server.audited().await, ["grant_family.revoked on request"]);
}

#[tokio::test]
async fn unknown_and_foreign_tokens_are_revoked_in_name_only() {
    let server = Server::new().await;
    let stranger = server.bed.connect(&["read_vin"]).await;
    for token in ["unknown", &*stranger.access_token, &*stranger.refresh_token] {
        revoke(&server, token, "colour").await;
    }
    let body = json!({
        "token": stranger.access_token,
        "client_id": stranger.client.id,
        "client_secret": stranger.client.secret,
    });
    let answer = server
        .app
        .post("/oauth/introspect")
        .json(&body)
        .send()
        .await;
    assert_eq!(answer.json()["active"], true);
}

#[tokio::test]
async fn both_need_a_client_and_a_token() {
    let server = Server::new().await;
    let wrong = "Client id or client secret is wrong. Check both on the Dashboard.";
    for path in ["/oauth/revoke", "/oauth/introspect"] {
        let answer = server.form(path, &[]).send().await;
        assert_invalid(&answer, "Field token is missing.");
        let fields = [("token", "x")];
        let answer = server.app.post(path).form(&fields).send().await;
        assert_refused(&answer, 401, "invalid_client", wrong);
        let request = server.app.post(path).form(&fields);
        let answer = request.basic(&server.car.client.id, "wrong").send().await;
        assert_refused(&answer, 401, "invalid_client", wrong);
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"carport\"");
    }
}

#[tokio::test]
async fn introspection_tells_what_a_token_opens() {
    let server = Server::new().await;
    // A second car of the same owner adds its permissions.
    let found = found_vehicle("0SCTESLA1A2B3C4D6", Level::Bev);
    let second = server
        .bed
        .connect_vehicle(&server.car.client, found, &["read_battery", "read_vin"])
        .await;
    assert_eq!(second.user, server.car.user);
    let mut expected = json!({
        "active": true,
        "scope": "read_vin read_odometer read_battery",
        "client_id": server.car.client.id,
        "sub": server.car.user.to_string(),
        "exp": 1_772_352_930 + 7200,
        "iat": 1_772_352_930,
        "iss": "https://cars.example.net",
        "token_type": "Bearer",
        "mode": "test",
    });
    let scope = |found: &Value| {
        let mut scope: Vec<String> = found["scope"]
            .as_str()
            .unwrap()
            .split(' ')
            .map(str::to_owned)
            .collect();
        scope.sort();
        scope
    };
    let mut found = introspect(&server, &server.car.access_token).await;
    assert_eq!(scope(&found), scope(&expected));
    // The order follows the cars, which were connected in the same millisecond.
    found["scope"] = expected["scope"].clone();
    assert_eq!(found, expected);
    expected["exp"] = json!(1_772_352_930 + 60 * 24 * 3600);
    expected.as_object_mut().unwrap().remove("token_type");
    let mut found = introspect(&server, &server.car.refresh_token).await;
    found["scope"] = expected["scope"].clone();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_token_that_does_not_work_is_inactive_and_nothing_else() {
    let server = Server::new().await;
    let inactive = json!({"active": false});
    let stranger = server.bed.connect(&["read_vin"]).await;
    for token in ["unknown", &*stranger.access_token, &*stranger.refresh_token] {
        assert_eq!(introspect(&server, token).await, inactive);
    }
    let (access, refresh) = granted(&server.refresh(&server.car.refresh_token).await);
    assert_eq!(
        introspect(&server, &server.car.refresh_token).await,
        inactive
    );
    server.bed.clock.advance(Duration::from_hours(2));
    assert_eq!(introspect(&server, &access).await, inactive);
    assert!(server.works(&refresh).await);
    server.bed.clock.advance(Duration::from_hours(60 * 24));
    assert_eq!(introspect(&server, &refresh).await, inactive);
}

#[tokio::test]
async fn introspection_takes_the_management_token_too() {
    let server = Server::new().await;
    let stranger = server.bed.application().await;
    let token = [("token", &*server.car.access_token)];
    for (management, active) in [(&server.car.client, true), (&stranger, false)] {
        let request = server.app.post("/oauth/introspect").form(&token);
        let answer = request.bearer(&management.management_token).send().await;
        assert_eq!(answer.json()["active"], active);
    }
    let request = server.app.post("/oauth/introspect").form(&token);
    let answer = request.bearer(&server.car.client.secret).send().await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn metadata_says_what_is_offered() {
    let server = Server::new().await;
    let answer = server
        .app
        .get("/.well-known/oauth-authorization-server")
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    insta::assert_json_snapshot!(answer.json());
}

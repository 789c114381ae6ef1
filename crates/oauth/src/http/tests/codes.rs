//! Codes: contract connect-oauth, B.2; replay: data model, "Code replay".

use std::time::Duration;

use carport_model::Clock as _;
use carport_store::disconnections::{Ending, disconnect};
use carport_store::{StoreError, Tx};
use serde_json::json;
use tokio::task::JoinSet;

use super::{Server, assert_invalid, assert_refused, granted};

const MISMATCH: &str = "redirect_uri must be the one of the authorization request.";

fn invalid(code: &str) -> String {
    format!("Invalid code: {code}.")
}

#[tokio::test]
async fn a_code_gives_tokens_that_work() {
    let server = Server::new().await;
    let (access, refresh) = granted(&server.exchange(&server.bed.code(&server.car).await).await);
    assert_ne!(access, refresh);
    assert!(server.works(&access).await && server.works(&refresh).await);
}

#[tokio::test]
async fn every_address_of_the_token_endpoint_takes_form_and_json() {
    let server = Server::new().await;
    let client = &server.car.client;
    for path in [
        "/oauth/token",
        "/oauth/token?flags=a%3Ab",
        "/",
        "/oauth/token/oauth/token",
    ] {
        let code = server.bed.code(&server.car).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &*client.redirect_uri),
        ];
        granted(&server.form(path, &fields).send().await);
        let body = json!({
            "grant_type": "authorization_code",
            "code": server.bed.code(&server.car).await,
            "redirect_uri": client.redirect_uri,
            "code_verifier": null,
            "client_id": client.id,
            "client_secret": client.secret,
        });
        granted(&server.app.post(path).json(&body).send().await);
    }
}

#[tokio::test]
async fn a_code_that_cannot_be_exchanged_is_named() {
    let server = Server::new().await;
    let stranger = server.bed.connect(&["read_vin"]).await;
    let foreign = server.bed.code(&stranger).await;
    let expired = server
        .bed
        .code_with(&server.car, |code| code.expires_at = code.issued_at)
        .await;
    for code in ["bad code here", "bad \u{fc}-code", &foreign, &expired] {
        assert_invalid(&server.exchange(code).await, &invalid(code));
    }
    // A stranger's try does not use a code up.
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*foreign),
        ("redirect_uri", &*stranger.client.redirect_uri),
        ("client_id", &*stranger.client.id),
        ("client_secret", &*stranger.client.secret),
    ];
    granted(&server.app.post("/oauth/token").form(&fields).send().await);
}

#[tokio::test]
async fn what_is_echoed_is_short_and_printable() {
    let server = Server::new().await;
    let code = format!("a\u{7}\r\n{}", "\u{fc}".repeat(300));
    let expected = format!("a{}", "\u{fc}".repeat(127));
    assert_invalid(&server.exchange(&code).await, &invalid(&expected));
}

#[tokio::test]
async fn a_code_lives_ten_minutes() {
    let server = Server::new().await;
    let codes = [
        server.bed.code(&server.car).await,
        server.bed.code(&server.car).await,
    ];
    server
        .bed
        .clock
        .advance(Duration::from_mins(10) - Duration::from_millis(1));
    granted(&server.exchange(&codes[0]).await);
    server.bed.clock.advance(Duration::from_millis(1));
    assert_invalid(&server.exchange(&codes[1]).await, &invalid(&codes[1]));
}

#[tokio::test]
async fn missing_fields_and_unknown_grants_are_named() {
    let server = Server::new().await;
    for (fields, missing) in [
        (vec![], "grant_type"),
        (vec![("grant_type", "")], "grant_type"),
        (vec![("grant_type", "authorization_code")], "code"),
        (
            vec![("grant_type", "authorization_code"), ("code", "")],
            "code",
        ),
        (vec![("grant_type", "refresh_token")], "refresh_token"),
    ] {
        let answer = server.token(&fields).send().await;
        assert_invalid(&answer, &format!("Field {missing} is missing."));
    }
    for grant in ["password", "implicit", "Authorization_Code"] {
        let answer = server.token(&[("grant_type", grant)]).send().await;
        let text =
            format!("grant_type {grant} is not offered; use authorization_code or refresh_token.");
        assert_refused(&answer, 400, "unsupported_grant_type", &text);
    }
}

#[tokio::test]
async fn a_redirect_uri_that_was_named_must_come_again() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let base = [("grant_type", "authorization_code"), ("code", &*code)];
    assert_invalid(&server.token(&base).send().await, MISMATCH);
    for wrong in [
        "",
        "undefined",
        "null",
        "None",
        "https://ladebaer.test/other",
        "https://ladebaer.test/callback/",
        "HTTPS://ladebaer.test/callback",
    ] {
        let fields = [base[0], base[1], ("redirect_uri", wrong)];
        assert_invalid(&server.token(&fields).send().await, MISMATCH);
    }
    // None of these used the code up.
    granted(&server.exchange(&code).await);
}

#[tokio::test]
async fn a_default_redirect_uri_may_be_left_out_in_every_language() {
    let server = Server::new().await;
    for sent in [
        None,
        Some(""),
        Some("undefined"),
        Some("null"),
        Some("None"),
        Some(&*server.car.client.redirect_uri),
    ] {
        let code = server
            .bed
            .code_with(&server.car, |code| code.redirect_uri_given = false)
            .await;
        let mut fields = vec![("grant_type", "authorization_code"), ("code", &*code)];
        let wrong = [
            fields[0],
            fields[1],
            ("redirect_uri", "https://ladebaer.test/other"),
        ];
        assert_invalid(&server.token(&wrong).send().await, MISMATCH);
        fields.extend(sent.map(|sent| ("redirect_uri", sent)));
        granted(&server.token(&fields).send().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_at_once_one_wins_and_keeps_its_tokens() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &*server.car.client.redirect_uri),
    ];
    let mut racers = JoinSet::new();
    for _ in 0..50 {
        racers.spawn(server.token(&fields).send());
    }
    let answers = racers.join_all().await;
    let (winners, losers): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((winners.len(), losers.len()), (1, 49));
    for loser in losers {
        assert_invalid(loser, &invalid(&code));
    }
    let (access, refresh) = granted(winners[0]);
    assert!(server.works(&access).await && server.works(&refresh).await);
    assert_eq!(server.audited().await, [""; 0]);
}

#[tokio::test]
async fn a_page_submitted_twice_revokes_nothing() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let (access, refresh) = granted(&server.exchange(&code).await);
    server.bed.clock.advance(Duration::from_secs(10));
    assert_invalid(&server.exchange(&code).await, &invalid(&code));
    assert!(server.works(&access).await && server.works(&refresh).await);
    assert_eq!(server.audited().await, [""; 0]);
}

#[tokio::test]
async fn a_later_replay_revokes_everything_issued_from_the_code() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let (first_access, first_refresh) = granted(&server.exchange(&code).await);
    let (access, refresh) = granted(&server.refresh(&first_refresh).await);
    server.bed.clock.advance(Duration::from_millis(10_001));
    assert_invalid(&server.exchange(&code).await, &invalid(&code));
    for token in [&first_access, &first_refresh, &access, &refresh] {
        assert!(!server.works(token).await);
    }
    let answer = server.refresh(&refresh).await;
    assert_invalid(&answer, &format!("Invalid refresh_token: {refresh}."));
    assert_eq!(
        server.audited().await,
        ["grant_family.revoked code replayed"]
    );
    // Other tokens of the same owner go on, and a further replay has nothing left to do.
    assert!(server.works(&server.car.access_token).await);
    assert_invalid(&server.exchange(&code).await, &invalid(&code));
    assert_eq!(server.audited().await.len(), 1);
}

#[tokio::test]
async fn a_replay_by_another_client_revokes_at_once() {
    let server = Server::new().await;
    let thief = server.bed.application().await;
    let code = server.bed.code(&server.car).await;
    let (access, _) = granted(&server.exchange(&code).await);
    let fields = [("grant_type", "authorization_code"), ("code", &*code)];
    let request = server
        .app
        .post("/oauth/token")
        .basic(&thief.id, &thief.secret);
    assert_invalid(&request.form(&fields).send().await, &invalid(&code));
    assert!(!server.works(&access).await);
    assert_eq!(
        server.audited().await,
        ["grant_family.revoked code replayed"]
    );
}

#[tokio::test]
async fn a_replay_is_recognised_after_the_code_has_expired() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let (access, _) = granted(&server.exchange(&code).await);
    server.bed.clock.advance(Duration::from_mins(11));
    assert!(server.works(&access).await);
    assert_invalid(&server.exchange(&code).await, &invalid(&code));
    assert!(!server.works(&access).await);
}

#[tokio::test]
async fn the_last_vehicle_takes_tokens_and_codes_along() {
    let server = Server::new().await;
    let (bed, car) = (&server.bed, &server.car);
    let (access, refresh) = granted(&server.exchange(&bed.code(car).await).await);
    let unused = bed.code(car).await;
    let (application, ending) = (car.client.application.id, Ending::Vehicle(car.vehicle));
    let now = bed.clock.now();
    let ended = bed
        .store
        .write(async move |tx: &mut Tx<'_>| disconnect(tx, application, ending, now).await)
        .await;
    assert_eq!(ended.map_err(|error: StoreError| error).unwrap().len(), 1);
    assert!(!server.works(&access).await && !server.works(&refresh).await);
    let sent = format!("Invalid refresh_token: {refresh}.");
    assert_invalid(&server.refresh(&refresh).await, &sent);
    assert_invalid(&server.exchange(&unused).await, &invalid(&unused));
    // Neither theft nor replay: what was ended stays ended for the reason it was.
    let told = server.audited().await;
    assert!(told.contains(&"grant_family.revoked last vehicle disconnected".to_owned()));
}

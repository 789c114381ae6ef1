//! PKCE at the exchange: contract connect-oauth, B.7; RFC 7636.

use carport_model::code_challenge::CodeChallenge;

use super::{Server, assert_refused, granted};

// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const FAILED: &str =
    "code_verifier does not answer the code_challenge of the authorization request.";

async fn code(server: &Server, challenge: &str, method: Option<&str>) -> String {
    let challenge = CodeChallenge::parse(challenge, method).unwrap();
    server
        .bed
        .code_with(&server.car, |code| code.challenge = Some(challenge))
        .await
}

async fn exchange(server: &Server, code: &str, verifier: Option<&str>) -> carport_testkit::Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &*server.car.client.redirect_uri),
    ];
    fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    server.token(&fields).send().await
}

#[tokio::test]
async fn the_right_verifier_opens() {
    let server = Server::new().await;
    for (challenge, method) in [
        (CHALLENGE, Some("S256")),
        (VERIFIER, Some("plain")),
        (VERIFIER, None),
    ] {
        let code = code(&server, challenge, method).await;
        granted(&exchange(&server, &code, Some(VERIFIER)).await);
    }
}

#[tokio::test]
async fn a_missing_or_wrong_verifier_does_not_and_leaves_the_code() {
    let server = Server::new().await;
    let (long, short) = ("a".repeat(129), &VERIFIER[..42]);
    for (challenge, method) in [(CHALLENGE, Some("S256")), (VERIFIER, None)] {
        let code = code(&server, challenge, method).await;
        // The challenge itself proves nothing under S256, and is not the verifier of `plain`.
        for wrong in [
            None,
            Some(""),
            Some(CHALLENGE),
            Some(short),
            Some(&*long),
            Some("\u{fc}"),
        ] {
            let answer = exchange(&server, &code, wrong).await;
            assert_refused(&answer, 400, "invalid_grant", FAILED);
        }
        granted(&exchange(&server, &code, Some(VERIFIER)).await);
    }
}

#[tokio::test]
async fn a_verifier_without_a_challenge_is_a_downgrade() {
    let server = Server::new().await;
    let code = server.bed.code(&server.car).await;
    let answer = exchange(&server, &code, Some(VERIFIER)).await;
    assert_refused(&answer, 400, "invalid_grant", FAILED);
    granted(&exchange(&server, &code, None).await);
}

#[tokio::test]
async fn a_public_application_gets_nothing_without_a_challenge() {
    let mut server = Server::new().await;
    let public = server.bed.application_with(|app| app.public = true).await;
    let found = server.car.found.clone();
    server.car = server
        .bed
        .connect_vehicle(&public, found, &["read_vin"])
        .await;
    for (challenge, granted) in [(None, false), (Some(CHALLENGE), true)] {
        let challenge = challenge.map(|text| CodeChallenge::parse(text, Some("S256")).unwrap());
        let verifier = challenge.as_ref().map_or("", |_| VERIFIER);
        let code = server
            .bed
            .code_with(&server.car, |code| code.challenge = challenge)
            .await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &*public.redirect_uri),
            ("client_id", &*public.id),
            ("code_verifier", verifier),
        ];
        let answer = server.app.post("/oauth/token").form(&fields).send().await;
        assert_eq!(answer.status == 200, granted, "{}", answer.text());
    }
}

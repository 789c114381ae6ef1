//! Refusals on demand.

use std::sync::Arc;
use std::time::Duration;

use carport_model::fault::{Effect, Faults, Matcher, OAuthFailure, Rule};

use super::{Server, granted};

async fn server() -> (Server, Arc<Faults>) {
    let faults = Arc::new(Faults::default());
    let given = faults.clone();
    (
        Server::made(|_| (), |oauth| oauth.with_faults(given)).await,
        faults,
    )
}

fn refusing(failure: OAuthFailure, retry_after: Option<Duration>) -> Rule {
    Rule {
        matches: Matcher::default(),
        effect: Effect::OAuth {
            failure,
            retry_after,
        },
        after: 0,
        times: None,
        probability: 1.0,
        seed: None,
        from: None,
        until: None,
    }
}

#[tokio::test]
async fn every_failure_can_be_had_and_nothing_is_used_up() {
    let (server, faults) = server().await;
    let code = server.bed.code(&server.car).await;
    for failure in OAuthFailure::ALL {
        faults.add(refusing(failure, None)).unwrap();
        for answer in [
            server.refresh(&server.car.refresh_token).await,
            server.exchange(&code).await,
        ] {
            assert_eq!(answer.status, failure.status);
            assert_eq!(answer.json()["error"], failure.error);
            assert!(answer.json()["error_description"].is_string());
            let challenged = answer.header("www-authenticate").starts_with("Basic");
            assert_eq!(challenged, failure.status == 401);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        faults.remove(|_| true);
    }
    granted(&server.exchange(&code).await);
    granted(&server.refresh(&server.car.refresh_token).await);
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back() {
    let (server, faults) = server().await;
    let failure = OAuthFailure::find("temporarily_unavailable").unwrap();
    faults
        .add(refusing(failure, Some(Duration::from_secs(30))))
        .unwrap();
    let answer = server.refresh("x").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("retry-after")),
        (503, "30")
    );
}

#[tokio::test]
async fn only_known_clients_are_met() {
    let (server, faults) = server().await;
    let failure = OAuthFailure::find("invalid_grant").unwrap();
    faults.add(refusing(failure, None)).unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let answer = server.app.post("/oauth/token").form(&form).send().await;
    assert_eq!(answer.json()["error"], "invalid_client");
    assert_eq!(faults.list()[0].met, 0);
    // Other endpoints have no grants to refuse.
    assert!(server.works(&server.car.access_token).await);
}

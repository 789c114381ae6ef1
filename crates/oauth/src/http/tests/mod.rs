//! The endpoints through their router. Each row of contract connect-oauth, B.6, has a test.

mod bodies;
mod clients;
mod codes;
mod faults;
mod pkce;
mod refreshing;
mod secrecy;
mod token_care;

use carport_store::{Tx, audit_log};
use carport_testkit::{Answer, Car, TestApp, TestBed, TestRequest};
use serde_json::json;

use super::routes;
use crate::{OAuth, Settings};

/// A server with one application, whose owner connected one car.
struct Server {
    bed: TestBed,
    app: TestApp,
    car: Car,
}

impl Server {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::made(change, |oauth| oauth).await
    }

    async fn made(
        change: impl FnOnce(&mut Settings),
        complete: impl FnOnce(OAuth) -> OAuth,
    ) -> Self {
        let bed = TestBed::new().await;
        let car = bed.connect(&["read_vin", "read_odometer"]).await;
        let mut settings = Settings::for_issuer("https://cars.example.net");
        change(&mut settings);
        let oauth = OAuth::new(
            bed.store.clone(),
            bed.clock(),
            bed.rng(),
            bed.mint(),
            settings,
        );
        let app = TestApp::serving(routes(complete(oauth)));
        Self { bed, app, car }
    }

    /// A form for the token endpoint with the application's Basic credentials.
    fn token(&self, fields: &[(&str, &str)]) -> TestRequest {
        self.form("/oauth/token", fields)
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> TestRequest {
        let client = &self.car.client;
        self.app
            .post(path)
            .basic(&client.id, &client.secret)
            .form(fields)
    }

    /// Exchanges a code with the redirect URI it was sent to.
    async fn exchange(&self, code: &str) -> Answer {
        let redirect_uri = &self.car.client.redirect_uri;
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
        ])
        .send()
        .await
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)])
            .send()
            .await
    }

    /// Whether a token still works, as introspection tells it.
    async fn works(&self, token: &str) -> bool {
        let answer = self
            .form("/oauth/introspect", &[("token", token)])
            .send()
            .await;
        assert_eq!(answer.status, 200);
        answer.json()["active"].as_bool().unwrap()
    }

    /// What the application's audit log says, newest first.
    async fn audited(&self) -> Vec<String> {
        let application = self.car.client.application.id;
        let entries = self
            .bed
            .store
            .read(async |tx: &mut Tx<'_>| audit_log::newest(tx, application, 10).await)
            .await
            .unwrap();
        entries
            .into_iter()
            .map(|entry| {
                format!(
                    "{} {}",
                    entry.action,
                    entry.detail.split(';').next().unwrap()
                )
            })
            .collect()
    }
}

/// Both tokens of a successful answer, whose shape is checked.
fn granted(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let expected = json!({
        "access_token": "[id]",
        "token_type": "Bearer",
        "expires_in": 7200,
        "refresh_token": "[id]",
    });
    assert_eq!(answer.redacted(), expected);
    let body = answer.json();
    let token = |name: &str| body[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

/// Checks a refusal to the letter.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, error: &str, description: &str) {
    let expected = json!({"error": error, "error_description": description});
    assert_eq!((answer.status.as_u16(), answer.json()), (status, expected));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
}

#[track_caller]
fn assert_invalid(answer: &Answer, description: &str) {
    assert_refused(answer, 400, "invalid_request", description);
}

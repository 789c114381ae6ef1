//! The login and one-time code forms.

use std::time::Duration;

use axum::http::StatusCode;

use super::App;

const WRONG: &str = "smartcar@invalid-credentials.com";

#[tokio::test]
async fn five_wrong_tries_pause_the_form() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        let answer = browser.sign_in(WRONG).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("<title>Error: Sign in to Volvo"));
        assert!(
            answer.body.contains(&format!("You have {left} left")),
            "{}",
            answer.body
        );
        assert!(answer.body.contains(&format!("value=\"{WRONG}\"")));
        assert!(!answer.body.contains("value=\"password\""));
    }
    let locked = browser.sign_in(WRONG).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(locked.header("retry-after"), "30");
    app.clock.advance(Duration::from_millis(10_500));
    // Also the right ones, and also after going back.
    browser.open("brand").await;
    browser.post("brand", "make=VOLVO").await;
    let locked = browser.sign_in("a@b.c").await;
    assert!(
        locked.body.contains("try again in 20 seconds"),
        "{}",
        locked.body
    );
    app.clock.advance(Duration::from_secs(20));
    let answer = browser.sign_in(WRONG).await;
    assert!(answer.body.contains("You have 4 tries left"));
    browser.sign_in("a@b.c").await;
    assert!(browser.at.ends_with("/grant"));
}

#[tokio::test]
async fn an_empty_form_costs_no_try() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    for _ in 0..6 {
        let answer = browser.post("login", "username=a%40b.c&password=").await;
        assert!(answer.body.contains("Something is missing."));
    }
}

#[tokio::test]
async fn one_time_codes() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    browser.sign_in("smartcar@mfa.com").await;
    assert!(browser.at.ends_with("/mfa") && browser.page.contains("The code is 000000."));
    for left in ["4 tries", "3 tries"] {
        let answer = browser.post("mfa", "otp=111111").await;
        assert!(answer.body.contains(left), "{}", answer.body);
    }
    // Signing in again buys no more guesses.
    browser.open("login").await;
    browser.sign_in("smartcar@mfa.com").await;
    assert!(browser.post("mfa", "otp=1").await.body.contains("2 tries"));
    browser.post("mfa", "otp=2").await;
    let locked = browser.post("mfa", "otp=3").await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    browser.open("login").await;
    assert_eq!(
        browser.sign_in("smartcar@mfa.com").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    app.clock.advance(Duration::from_secs(31));
    browser.open("mfa").await;
    browser.post("mfa", "otp=+000000").await;
    assert!(browser.at.ends_with("/grant"), "{}", browser.page);
}

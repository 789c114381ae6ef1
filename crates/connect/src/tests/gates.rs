//! What does not get through.

use std::time::Duration;

use axum::http::StatusCode;

use super::{App, CALLBACK};

#[tokio::test]
async fn refused_links_leave_no_trace() {
    let app = App::start().await;
    let id = app.application.id;
    for query in [
        String::new(),
        "client_id=x".to_owned(),
        "client_id=00000000-0000-4000-8000-000000000000&response_type=code".to_owned(),
        format!("client_id={id}&application_id=00000000-0000-4000-8000-000000000000"),
        format!("client_id={id}&response_type=code&redirect_uri=https://evil.example.net/"),
        format!("client_id={id}&response_type=code&redirect_uri={CALLBACK}/"),
        format!("client_id={id}&state=%ff"),
    ] {
        let mut browser = app.browser();
        let answer = browser.get(&format!("/oauth/authorize?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!((answer.header("set-cookie"), answer.location()), ("", ""));
        assert!(!answer.body.contains("exit-button") && !answer.body.contains("evil"));
        assert!(answer.body.contains(answer.header("sc-request-id")));
    }
    let disabled = App::with(|application| application.enabled = false, &[CALLBACK]).await;
    let answer = disabled.browser().get(&disabled.link("")).await;
    assert!(answer.body.contains("client_id names no application"));
}

#[tokio::test]
async fn wrong_links_end_at_the_error_page() {
    let app = App::start().await;
    let mut browser = app.opened("&scope=read_mind&state=x").await;
    assert!(browser.at.ends_with("/error") && browser.page.contains("400, configuration_error"));
    assert!(browser.page.contains("is not a permission."));
    assert_eq!(browser.open("start").await.location(), browser.at.as_str());
    let at = browser.at.clone();
    browser.get(&at).await;
    let answer = browser.post("exit", "reason=").await;
    assert_eq!(
        answer.query("error").as_deref(),
        Some("configuration_error")
    );
    assert_eq!(answer.query("status_code").as_deref(), Some("400"));
    assert_eq!(
        answer.query("oauth_error").as_deref(),
        Some("invalid_scope")
    );
    assert_eq!(answer.query("state").as_deref(), Some("x"));
    assert!(answer.query("error_message").unwrap().contains("read_mind"));

    let link = app.link("").replace("&mode=test", "");
    let browser = app.arrived(&link).await;
    assert!(browser.page.contains("mode=test") && browser.page.contains("mode=simulated"));

    // Nowhere to go: no button.
    let link = app
        .link("&scope=x")
        .replace("response_type=code", "response_type=none");
    let browser = app.arrived(&link).await;
    assert!(!browser.page.contains("exit-button"));
}

#[tokio::test]
async fn pages_ahead_and_behind() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    for page in ["brand", "login", "mfa", "grant", "no-vehicles", "error"] {
        let answer = browser.open(page).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{page}");
        assert!(answer.body.contains("This page comes later"));
        assert!(answer.body.contains("href=\"start\"") && !answer.body.contains("page-content"));
    }
    let posted = browser.post("grant", "decision=allow").await;
    assert_eq!(posted.status, StatusCode::BAD_REQUEST);
    browser.open("start").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    // Back to another brand: what the first sign-in found is forgotten.
    browser.open("brand").await;
    browser.post("brand", "make=FORD").await;
    assert!(browser.at.ends_with("/login") && browser.page.contains("Ford"));
    assert_eq!(browser.open("grant").await.status, StatusCode::BAD_REQUEST);
    let answer = browser.post("exit", "reason=order").await;
    assert_eq!(
        answer.query("error").as_deref(),
        Some("configuration_error")
    );

    assert_eq!(browser.open("nonsense").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn runs_belong_to_one_browser_for_an_hour() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    let mine = browser.cookie.clone();
    for cookie in ["", "__Secure-carport_run=", "__Secure-carport_run=xyz"] {
        cookie.clone_into(&mut browser.cookie);
        let answer = browser.open("start").await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::NOT_FOUND, "")
        );
    }
    browser.cookie = mine;
    browser.open("start").await;
    for body in ["country=US", "csrf=&country=US", "csrf=00"] {
        let answer = browser.post_raw("start", body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    browser.open("start").await;
    app.clock.advance(Duration::from_hours(1));
    let answer = browser.post("start", "country=US").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::GONE, ""));
    assert!(answer.body.contains("expired"));
}

#[tokio::test]
async fn headers_of_pages() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    let page = browser.open("start").await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "unsafe-none"),
    ] {
        assert_eq!(page.header(name), value);
    }
    let csp = page.header("content-security-policy");
    assert!(
        !csp.contains("form-action") && !csp.contains("script"),
        "{csp}"
    );
    assert_eq!(page.header("access-control-allow-origin"), "");
}

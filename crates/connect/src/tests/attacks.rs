//! What an attacker would try.

use std::time::Duration;

use axum::http::StatusCode;
use carport_store::{Tx, applications, redirect_uris, sweep};

use super::{App, CALLBACK};

const WRONG: &str = "smartcar@invalid-credentials.com";

/// Signing in with one's own account, then failing with someone else's, must not leave the own
/// permission page open under the other login: the code would be theirs.
#[tokio::test]
async fn a_failed_sign_in_closes_the_page_of_an_earlier_one() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "own@b.c").await;
    let allow = format!(
        "csrf={}&decision=allow&permission=read_odometer",
        browser.csrf()
    );
    browser.open("login").await;
    let refused = browser.sign_in(WRONG).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = browser.post_raw("grant", &allow).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::BAD_REQUEST, "")
    );
    assert!(answer.body.contains("This page comes later"));

    // Nor a page for a code that another account was sent.
    browser.open("login").await;
    browser.sign_in("smartcar@mfa.com").await;
    assert!(browser.at.ends_with("/mfa"));
    let code = format!("csrf={}&otp=000000", browser.csrf());
    browser.open("login").await;
    browser.sign_in(WRONG).await;
    let answer = browser.post_raw("mfa", &code).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

/// An account of one's own between the tries does not open the form again and again.
#[tokio::test]
async fn own_accounts_buy_no_tries() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    for _ in 0..2 {
        browser.sign_in(WRONG).await;
        browser.sign_in(WRONG).await;
        browser.sign_in("own@b.c").await;
        assert!(browser.at.ends_with("/grant"));
        browser.open("login").await;
    }
    assert!(
        browser
            .sign_in(WRONG)
            .await
            .body
            .contains("try again in 30 seconds")
    );

    app.clock.advance(Duration::from_secs(31));
    let mut guesses = 0;
    loop {
        browser.open("login").await;
        if browser.sign_in("smartcar@mfa.com").await.status != StatusCode::OK {
            break;
        }
        let guess = browser.post("mfa", "otp=111111").await;
        guesses += 1;
        if guess.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        browser.open("login").await;
        browser.sign_in("own@b.c").await;
    }
    assert_eq!(guesses, 5);
}

/// Guesses sent at once count one by one.
#[tokio::test]
async fn simultaneous_guesses_count() {
    use axum::body::Body;
    use axum::http::{Request, header};

    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    browser.sign_in("smartcar@mfa.com").await;
    let body = format!("csrf={}&otp=111111", browser.csrf());
    let guess = || {
        let request = Request::post(&browser.at)
            .header(header::COOKIE, &browser.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        app.answer(request.body(Body::from(body.clone())).unwrap())
    };
    let mut paused = Vec::new();
    for _ in 0..3 {
        let (one, other) = tokio::join!(guess(), guess());
        paused.extend([one.status(), other.status()]);
    }
    paused.retain(|status| *status == StatusCode::TOO_MANY_REQUESTS);
    // The fifth and the sixth.
    assert_eq!(paused.len(), 2);
}

#[tokio::test]
async fn odd_logins_and_codes() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    let local = "é".repeat(249);
    let long = format!("{local}%40b.co");
    // More than the five tries, and none of them counts.
    for username in [
        format!("{long}m"),
        "a".repeat(40_000),
        "a%00%40b.c".to_owned(),
        "a%0d%0a%40b.c".to_owned(),
        "%F0%9F%9A%97%1b%40b.c".to_owned(),
        "a%7f%40b.c".to_owned(),
    ] {
        let answer = browser
            .post("login", &format!("username={username}&password=x"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("This cannot be right.") && answer.body.len() < 10_000);
    }
    let password = "p".repeat(1025);
    let answer = browser
        .post("login", &format!("username=a%40b.c&password={password}"))
        .await;
    assert!(answer.body.contains("This cannot be right.") && !answer.body.contains("ppp"));
    let oversize = "x".repeat(70_000);
    let answer = browser.post("login", &format!("username={oversize}")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("x-frame-options"), "DENY");

    let mut browser = app.opened("").await;
    browser.goes_to_login("VOLVO").await;
    browser.sign_in("smartcar@mfa.com").await;
    for code in ["0".repeat(65), "0000%0000".to_owned()] {
        let answer = browser.post("mfa", &format!("otp={code}")).await;
        assert!(answer.body.contains("This cannot be right."));
    }
    browser.open("login").await;
    browser.sign_in(&long).await;
    assert!(browser.at.ends_with("/grant"), "{}", browser.page);
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_markup() {
    const TAG: &str = "\"><script>alert(1)</script>";
    const SENT: &str = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let app = App::with(|application| application.name = TAG.to_owned(), &[CALLBACK]).await;
    let mut pages = Vec::new();
    let error = app.opened(&format!("&scope={SENT}")).await;
    pages.push(error.page);
    let mut browser = app.opened("").await;
    pages.push(browser.page.clone());
    browser.post("start", "country=US").await;
    pages.push(browser.open(&format!("brand?q={SENT}")).await.body);
    pages.push(browser.post("brand", &format!("make={SENT}")).await.body);
    browser.post("brand", "make=VOLVO").await;
    pages.push(
        browser
            .post("login", &format!("username={SENT}&password="))
            .await
            .body,
    );
    browser.sign_in("a@b.c").await;
    pages.push(browser.page.clone());
    for page in pages {
        assert!(page.contains("&#60;script&#62;") || page.contains("&lt;script&gt;"));
        assert!(!page.contains("<script"), "{page}");
    }
    // The hand-over carries what it was given, in an attribute.
    let link = app
        .link(&format!(
            "&app_origin=https://rideledger.example.net&state={SENT}&approval_prompt=force"
        ))
        .replace("response_type=code", "response_type=none");
    let mut browser = app.arrived(&link).await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let done = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    assert_eq!(done.body.matches("<script").count(), 1);
    assert!(!done.body.contains("alert(1)</script>"));
}

#[tokio::test]
async fn what_is_echoed_stays_one_value() {
    let app = App::with(|_| (), &["https://x.example.net/cb?a=1"]).await;
    let odd = "x%0d%0aSet-Cookie:+a=b%26code=evil%23%00";
    let mut browser = app
        .opened(&format!("&state={odd}&external_id=a%26user_id=evil%23"))
        .await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let answer = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.location().matches("code=").count(), 1);
    assert_eq!(answer.location().matches("user_id=").count(), 1);
    assert!(!answer.location().contains('#'));
    let state = answer.query("state").unwrap();
    assert_eq!(state, "x\r\nSet-Cookie: a=b&code=evil#\0");
    // Control characters make an external id void.
    let mut browser = app
        .opened("&external_id=a%0d%0ab&approval_prompt=force")
        .await;
    browser.goes_to_grant("KIA", "new@b.c").await;
    let answer = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    assert_eq!(answer.query("external_id"), None);
}

#[tokio::test]
async fn long_links_are_not_kept() {
    let app = App::start().await;
    let state = "s".repeat(8 * 1024 + 1);
    let mut browser = app.opened(&format!("&state={state}")).await;
    assert!(browser.page.contains("state is longer than 8192 bytes."));
    let answer = browser.post("exit", "reason=").await;
    assert_eq!(answer.query("state"), None);
    let browser = app.opened(&format!("&state={}", &state[1..])).await;
    assert!(browser.at.ends_with("/start"));
}

/// A run that outlives the trust it began with.
#[tokio::test]
async fn addresses_and_applications_that_are_taken_away() {
    let app = App::with(|_| (), &[CALLBACK, "https://two.example.net/"]).await;
    let id = app.application.id;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let remove = async move |tx: &mut Tx<'_>| redirect_uris::remove(tx, id, CALLBACK).await;
    assert!(app.services.store.write(remove).await.unwrap());
    for fields in ["decision=allow&permission=read_odometer", "decision=deny"] {
        let body = format!("csrf={}&{fields}", "0".repeat(64));
        let answer = browser.post_raw("grant", &body).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::NOT_FOUND, "")
        );
    }

    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let delete = async move |tx: &mut Tx<'_>| applications::delete(tx, id).await;
    assert!(app.services.store.write(delete).await.unwrap());
    let answer = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::NOT_FOUND, "")
    );
}

#[tokio::test]
async fn cookies_are_guarded_behind_tls() {
    let app = App::start().await;
    let answer = app.browser().get(&app.link("")).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Secure-carport_run="), "{cookie}");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax; Secure") && !cookie.contains("Domain"));
    // The name without the prefix opens nothing: over plain HTTP anyone could have set it.
    let mut browser = app.opened("").await;
    browser.cookie = browser.cookie.replace("__Secure-", "");
    assert_eq!(browser.open("start").await.status, StatusCode::NOT_FOUND);
}

/// A cookie of one run opens no other.
#[tokio::test]
async fn runs_are_not_exchangeable() {
    let app = App::start().await;
    let mut one = app.opened("").await;
    let two = app.opened("").await;
    one.at.clone_from(&two.at);
    let answer = one.post("start", "country=US").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn refused_links_leave_no_run() {
    let app = App::start().await;
    let id = app.application.id;
    for query in [
        "client_id=x".to_owned(),
        format!("client_id={id}&response_type=code&redirect_uri={CALLBACK}/"),
    ] {
        let answer = app
            .browser()
            .get(&format!("/oauth/authorize?{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    app.opened("").await;
    // The sweep of a far day takes every run there is: the one that was begun.
    let day = app.services.now().plus(Duration::from_hours(24 * 30));
    let sweep = async move |tx: &mut Tx<'_>| sweep::sweep(tx, day).await;
    assert_eq!(app.services.store.write(sweep).await.unwrap().runs, 1);
}

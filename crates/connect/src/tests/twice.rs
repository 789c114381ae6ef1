//! Forms that are sent twice.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use carport_model::{Digest, FamilyId, UserId};
use carport_store::{Tx, authorization_codes, connections};

use super::{Answer, App, Browser};

const ALLOW: &str = "decision=allow&permission=read_odometer";

impl Browser<'_> {
    /// Posts the same form twice, without looking at the first answer.
    async fn twice(&mut self, action: &str, fields: &str) -> (Answer, Answer) {
        let body = format!("csrf={}&{fields}", self.csrf());
        let first = self.post_raw(action, &body).await;
        (first, self.post_raw(action, &body).await)
    }
}

fn is_same(first: &Answer, second: &Answer) {
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert_eq!(second.status, first.status, "{}", second.body);
    assert_eq!(second.location(), first.location());
}

async fn connections_of(app: &App, answer: &Answer) -> usize {
    let user: UserId = answer.query("user_id").unwrap().parse().unwrap();
    let list = async move |tx: &mut Tx<'_>| connections::granted_by(tx, user).await;
    app.services.store.read(list).await.unwrap().len()
}

#[tokio::test]
async fn allow() {
    let app = App::start().await;
    let mut browser = app.opened("&state=a%20b&external_id=fleet+7").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let (first, second) = browser.twice("grant", ALLOW).await;
    is_same(&first, &second);
    for (name, value) in [("state", "a b"), ("external_id", "fleet 7")] {
        assert_eq!(second.query(name).as_deref(), Some(value));
    }
    let code = Digest::of(&second.query("code").unwrap());
    let find = async move |tx: &mut Tx<'_>| authorization_codes::find(tx, &code).await;
    let kept = app.services.store.read(find).await.unwrap().unwrap();
    assert_eq!(kept.user.to_string(), second.query("user_id").unwrap());
    assert_eq!(connections_of(&app, &second).await, 1);
}

#[tokio::test]
async fn both_at_once() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let body = format!("csrf={}&{ALLOW}", browser.csrf());
    let post = || {
        let request = Request::post(&browser.at)
            .header(header::COOKIE, &browser.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        app.answer(request.body(Body::from(body.clone())).unwrap())
    };
    let (a, b, c) = tokio::join!(post(), post(), post());
    for answer in [&a, &b, &c] {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], a.headers()["location"]);
    }
}

#[tokio::test]
async fn dont_allow_and_exit() {
    let app = App::start().await;
    for (page, login, action, fields) in [
        ("grant", "a@b.c", "grant", "decision=deny"),
        ("grant", "a@b.c", "exit", ""),
        ("no-vehicles", "0-vehicles@smartcar.com", "exit", ""),
        (
            "subscription",
            "smartcar@invalid-subscription.com",
            "exit",
            "",
        ),
        (
            "incompatible",
            "smartcar@vehicle-incompatible.com",
            "exit",
            "",
        ),
    ] {
        let mut browser = app.opened("&state=x&approval_prompt=force").await;
        browser.goes_to_login("AUDI").await;
        browser.sign_in(login).await;
        assert!(browser.at.ends_with(page), "{}", browser.page);
        let (first, second) = browser.twice(action, fields).await;
        is_same(&first, &second);
        assert!(second.query("error").is_some() && second.query("code").is_none());
    }
    let mut browser = app.opened("&scope=read_mind").await;
    let (first, second) = browser.twice("exit", "reason=").await;
    is_same(&first, &second);
    assert!(second.query("error_message").unwrap().contains("read_mind"));
}

/// The car that the owner agreed to name is not kept for it.
#[tokio::test]
async fn a_shared_car_goes_out_once() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("AUDI").await;
    browser.sign_in("smartcar@vehicle-incompatible.com").await;
    let (first, second) = browser.twice("exit", "share=vehicle").await;
    assert!(first.query("vin").is_some() && second.query("vin").is_none());
    assert_eq!(second.query("error"), first.query("error"));
}

/// `approval_prompt=auto` ends a run at its sign-in.
#[tokio::test]
async fn a_sign_in_that_ends_the_run() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    browser.post("grant", ALLOW).await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("KIA").await;
    let fields = "username=a%40b.c&password=password";
    let (first, second) = browser.twice("login", fields).await;
    is_same(&first, &second);
    assert!(first.query("code").is_some());
}

#[tokio::test]
async fn on_pages_of_our_own() {
    let app = App::start().await;
    let link = app
        .link("&app_origin=https://rideledger.example.net")
        .replace("response_type=code", "response_type=none");
    let mut browser = app.arrived(&link).await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let (first, second) = browser.twice("grant", ALLOW).await;
    assert!(first.body.contains("SmartcarAuthMessage"));
    assert_eq!((first.status, &first.body), (second.status, &second.body));
}

#[tokio::test]
async fn only_the_same_form_for_a_minute() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let csrf = browser.csrf().to_owned();
    browser.open("grant").await;
    let later = browser.csrf().to_owned();
    let allow = format!("csrf={csrf}&{ALLOW}");
    let first = browser.post_raw("grant", &allow).await;
    assert!(first.query("code").is_some());
    // Another button, another choice, another page of the same run, no field at all.
    for (action, body, status) in [
        (
            "grant",
            format!("csrf={csrf}&decision=deny"),
            StatusCode::GONE,
        ),
        (
            "grant",
            format!("csrf={csrf}&decision=allow"),
            StatusCode::GONE,
        ),
        ("grant", format!("csrf={later}&{ALLOW}"), StatusCode::GONE),
        ("exit", format!("csrf={csrf}"), StatusCode::GONE),
        ("start", format!("csrf={csrf}&country=US"), StatusCode::GONE),
        ("grant", ALLOW.to_owned(), StatusCode::FORBIDDEN),
    ] {
        let answer = browser.post_raw(action, &body).await;
        assert_eq!((answer.status, answer.location()), (status, ""), "{body}");
    }
    let mine = std::mem::take(&mut browser.cookie);
    let foreign = browser.post_raw("grant", &allow).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    browser.cookie = mine;
    app.clock.advance(Duration::from_millis(59_999));
    is_same(&first, &browser.post_raw("grant", &allow).await);
    app.clock.advance(Duration::from_millis(1));
    let late = browser.post_raw("grant", &allow).await;
    assert_eq!((late.status, late.location()), (StatusCode::GONE, ""));
}

/// A second exchange could revoke what the first one gave.
#[tokio::test]
async fn not_once_the_application_has_its_code() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let allow = format!("csrf={}&{ALLOW}", browser.csrf());
    let first = browser.post_raw("grant", &allow).await;
    let digest = Digest::of(&first.query("code").unwrap());
    let (family, now) = (FamilyId::draw(&*app.services.rng), app.services.now());
    let exchange = async move |tx: &mut Tx<'_>| {
        authorization_codes::mark_exchanged(tx, &digest, family, now).await
    };
    assert!(app.services.store.write(exchange).await.unwrap());
    let again = browser.post_raw("grant", &allow).await;
    assert_eq!((again.status, again.location()), (StatusCode::GONE, ""));
}

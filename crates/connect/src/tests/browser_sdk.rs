//! What the browser SDK loads, and the page that passes the answer on.

use axum::http::{Request, StatusCode, header};

use super::{Answer, App};

const APP: &str = "https://rideledger.example.net";

async fn fetch(app: &App, host: &str, address: &str) -> Answer {
    let request = Request::get(address).header(header::HOST, host);
    app.browser().send(request, String::new()).await
}

/// The redirect page hands over at the registered address, whatever Connect added to it.
#[tokio::test]
async fn the_page_that_hands_over() {
    let registered = format!("https://cars.example.net/v2/redirect?app_origin={APP}");
    let app = App::with(|_| (), &[&registered]).await;
    let address =
        format!("/v2/redirect?app_origin={APP}&code=a-secret-code&state=e30&user_id=u&iss=i");
    let page = fetch(&app, "cars.example.net", &address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&format!("data-target=\"{APP}\"")));
    assert!(super::script_is_allowed(&page), "{}", page.body);
    // The script finds the answer in the address; the page does not repeat it.
    assert!(!page.body.contains("a-secret-code"));
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cross-origin-opener-policy", "unsafe-none"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(page.header(name), value);
    }
    // A proxy in front may call us by another name.
    let behind = fetch(&app, "10.0.0.7:2277", &address).await;
    assert_eq!(behind.status, StatusCode::OK);
    // The second one of two is not looked at by anyone.
    let two = fetch(
        &app,
        "cars.example.net",
        &format!("{address}&app_origin=https://evil.example.net"),
    )
    .await;
    assert!(two.body.contains(&format!("data-target=\"{APP}\"")));
    assert!(!two.body.contains("evil"));
}

/// Under the name of the real service, as in a network that maps it, and under this machine's.
#[tokio::test]
async fn by_other_names() {
    for (registered, host) in [
        (
            "https://javascript-sdk.smartcar.com/v2/redirect?app_origin=http%3A%2F%2Flocalhost%3A3000",
            "javascript-sdk.smartcar.com",
        ),
        (
            "http://127.0.0.1:2277/v2/redirect?app_origin=http%3A%2F%2Flocalhost%3A3000",
            "127.0.0.1:2277",
        ),
    ] {
        let app = App::with(|_| (), &[registered]).await;
        let address = "/v2/redirect?app_origin=http%3A%2F%2Flocalhost%3A3000&code=c";
        let page = fetch(&app, host, address).await;
        assert!(page.body.contains("data-target=\"http://localhost:3000\""));
        // Spelled in another way, it is another address.
        let other = "/v2/redirect?app_origin=http://localhost:3000&code=c";
        let other = fetch(&app, host, other).await;
        assert_eq!(other.status, StatusCode::BAD_REQUEST);
        let elsewhere = fetch(&app, "other.example.net", address).await;
        assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
        // HTTP/2 tells the name in the address.
        let request = Request::get(format!("https://{host}{address}"));
        let second = app.browser().send(request, String::new()).await;
        assert_eq!(second.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn nobody_else_hears_anything() {
    let registered = [
        "https://cars.example.net/v2/redirect?app_origin=https://rideledger.example.net",
        "https://rideledger.example.net/callback",
        // Not what `check` of the registration lets in.
        "https://cars.example.net/v2/redirect?app_origin=javascript:alert(1)",
        "https://cars.example.net/v2/redirect",
    ];
    let app = App::with(|_| (), &registered).await;
    for query in [
        "",
        "?code=c",
        "?app_origin=",
        "?app_origin=&code=c",
        "?app_origin=%ff",
        "?app_origin=https://evil.example.net&code=c",
        "?app_origin=https://evil.example.net&app_origin=https://rideledger.example.net",
        "?app_origin=https://rideledger.example.net/&code=c",
        "?app_origin=https://rideledger.example.net.evil.example.net",
        "?app_origin=*",
        "?app_origin=null",
        "?app_origin=javascript:alert(1)&code=c",
        "?app_origin=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "?APP_ORIGIN=https://rideledger.example.net",
    ] {
        let address = format!("/v2/redirect{query}");
        let page = fetch(&app, "cars.example.net", &address).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.body.contains("could not be handed over"), "{query}");
        assert!(!page.body.contains("<script") && !page.body.contains("evil"));
        assert!(!page.header("content-security-policy").contains("script"));
        assert!(page.body.contains(page.header("sc-request-id")));
    }

    let disabled = App::with(|application| application.enabled = false, &registered).await;
    let address = "/v2/redirect?app_origin=https://rideledger.example.net&code=c";
    let page = fetch(&disabled, "cars.example.net", address).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn scripts_are_for_every_page() {
    let app = App::start().await;
    let sdk = fetch(&app, "cars.example.net", "/sdk.js").await;
    // Where the SDK looks for Connect when it is part of a bundle.
    assert!(
        sdk.body
            .contains("var origin = \"https://cars.example.net\";")
    );
    assert!(!sdk.body.contains("{{"));
    let versioned = fetch(&app, "cars.example.net", "/2.14.1/sdk.js").await;
    assert_eq!(versioned.body, sdk.body);
    let redirect = fetch(&app, "cars.example.net", "/v2/redirect.js").await;
    assert!(redirect.body.contains("SmartcarAuthMessage"));
    for script in [sdk, versioned, redirect] {
        assert_eq!(script.status, StatusCode::OK);
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(script.header(name), value);
        }
        let held = Request::get("/sdk.js").header(header::IF_NONE_MATCH, script.header("etag"));
        let again = app.browser().send(held, String::new()).await;
        let is_same = script.body.contains("openDialog(options)");
        assert_eq!(again.status == StatusCode::NOT_MODIFIED, is_same);
    }
    for other in ["/x/sdk.js", "/2.14/sdk.js", "/v2/redirect.mjs"] {
        let answer = fetch(&app, "cars.example.net", other).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{other}");
    }
}

/// A run with the redirect page as its redirect URI goes there.
#[tokio::test]
async fn a_run_to_the_page() {
    let registered = format!("https://cars.example.net/v2/redirect?app_origin={APP}");
    let app = App::with(|_| (), &[&registered]).await;
    let mut browser = app.opened("&state=eyJpIjoxfQ==").await;
    assert!(
        browser
            .page
            .contains("<small>rideledger.example.net</small>")
    );
    browser.goes_to_grant("KIA", "a@b.c").await;
    let answer = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    let (before, address) = answer.location().split_at("https://cars.example.net".len());
    assert_eq!(before, "https://cars.example.net");
    assert!(address.starts_with(&format!("/v2/redirect?app_origin={APP}&code=")));
    let page = fetch(&app, "cars.example.net", address).await;
    assert!(page.body.contains(&format!("data-target=\"{APP}\"")));
}

/// The rail names who gets the code: the application behind our own page, or behind the real
/// service's, but never whom another server says that it passes it on to.
#[tokio::test]
async fn the_rail_names_who_gets_the_code() {
    for (page, shown) in [
        (
            "https://cars.example.net/v2/redirect",
            "rideledger.example.net",
        ),
        (
            "https://javascript-sdk.smartcar.com/v2/redirect",
            "rideledger.example.net",
        ),
        (
            "https://collector.example.org/v2/redirect",
            "collector.example.org",
        ),
        (
            "https://collector.example.org/back",
            "collector.example.org",
        ),
    ] {
        let app = App::with(|_| (), &[&format!("{page}?app_origin={APP}")]).await;
        let browser = app.opened("").await;
        let small = format!("<small>{shown}</small>");
        assert!(browser.page.contains(&small), "{page} {}", browser.page);
    }
}

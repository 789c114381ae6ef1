//! How runs end without a grant, or without a redirect.

use axum::http::StatusCode;

use super::{App, CALLBACK};

#[tokio::test]
async fn each_failure_has_its_code() {
    let app = App::start().await;
    for (login, page, error) in [
        ("0-vehicles@smartcar.com", "no-vehicles", "no_vehicles"),
        (
            "smartcar@invalid-subscription.com",
            "subscription",
            "invalid_subscription",
        ),
        (
            "smartcar@vehicle-incompatible.com",
            "incompatible",
            "vehicle_incompatible",
        ),
        ("a@b.c", "grant", "user_manually_returned_to_application"),
    ] {
        let mut browser = app.opened("&state=x").await;
        browser.goes_to_login("AUDI").await;
        browser.sign_in(login).await;
        assert!(
            browser.at.ends_with(page),
            "{} {}",
            browser.at,
            browser.page
        );
        let answer = browser.post("exit", "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.query("error").as_deref(), Some(error));
        assert!(answer.query("error_description").is_some());
        assert_eq!(answer.query("state").as_deref(), Some("x"));
        assert_eq!(answer.query("vin"), None);
        assert!(answer.query("iss").is_some() && answer.query("code").is_none());
    }
}

#[tokio::test]
async fn denial() {
    let app = App::with(|application| application.send_iss = false, &[CALLBACK]).await;
    let mut browser = app.opened("").await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    let answer = browser.post("grant", "decision=deny").await;
    assert_eq!(
        answer.location(),
        format!(
            "{CALLBACK}?error=access_denied&error_description=The%20owner%20did%20not%20allow%20access."
        )
    );
    assert_eq!(browser.open("done").await.status, StatusCode::OK);
    assert_eq!(browser.open("grant").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn brands_that_are_not_there() {
    let app = App::start().await;
    let mut browser = app.opened("").await;
    browser.post("start", "country=US").await;
    browser.open("brand?q=zaporo").await;
    assert!(browser.page.contains("We do not know “zaporo” yet."));
    browser.open("brand?q=Vauxhall").await;
    assert!(
        browser
            .page
            .contains("Vauxhall cannot be connected in the United States yet.")
    );
    browser.open("brand?q=vw").await;
    assert!(browser.page.contains("1 brand<") && browser.page.contains("id=\"VOLKSWAGEN\""));
    let unknown = browser.post("brand", "make=TRABANT").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.post("brand", "make=").await;
    assert!(browser.at.ends_with("/incompatible") && !browser.page.contains("share-vehicle"));
    browser.open("brand").await;
    browser.post("brand", "make=VAUXHALL").await;
    assert!(browser.page.contains("Vauxhall cannot be connected yet"));
    let answer = browser.post("exit", "share=vehicle").await;
    assert_eq!(
        answer.query("error").as_deref(),
        Some("vehicle_incompatible")
    );
    assert_eq!((answer.query("vin"), answer.query("make")), (None, None));
}

#[tokio::test]
async fn ways_back_to_an_application_on_a_phone() {
    let app = App::with(|_| (), &["sc123://exchange"]).await;
    let mut browser = app.opened("").await;
    let answer = browser.post("exit", "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer
            .body
            .contains("http-equiv=\"refresh\" content=\"0; url=sc123://exchange?error=")
    );
    assert!(
        answer
            .body
            .contains("id=\"return-link\" href=\"sc123://exchange?error=")
    );
    let mut browser = app.opened("&sdk_platform=iOS&sdk_version=6.5.0").await;
    let answer = browser.post("exit", "").await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().starts_with("sc123://exchange?error="));
}

/// The script's text and its hash in the policy agree.
pub(crate) fn script_is_allowed(answer: &super::Answer) -> bool {
    use axum::response::IntoResponse as _;
    use carport_web::Page;

    #[derive(askama::Template)]
    #[template(ext = "txt", source = "")]
    struct Empty;

    let Some((_, script)) = answer.body.split_once("<script ") else {
        return false;
    };
    let (_, script) = script.split_once("\">").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    let allowed = Page::new(Empty).script(script).into_response();
    let allowed = allowed.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let (_, source) = allowed.split_once("script-src").unwrap();
    answer.header("content-security-policy").ends_with(source)
}

async fn ended_here(app: &App, more: &str) -> super::Answer {
    let link = app
        .link(more)
        .replace("response_type=code", "response_type=none");
    let mut browser = app.arrived(&link).await;
    browser.goes_to_grant("KIA", "a@b.c").await;
    browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await
}

#[tokio::test]
async fn a_run_that_ends_here() {
    let app = App::start().await;
    let plain = ended_here(&app, "").await;
    assert_eq!(plain.status, StatusCode::OK);
    assert!(plain.body.contains("You are done") && !plain.body.contains("<script"));
    assert!(!plain.header("content-security-policy").contains("script"));

    let more = "&app_origin=https://rideledger.example.net&state=eyJ9&approval_prompt=force";
    let told = ended_here(&app, more).await;
    assert!(script_is_allowed(&told));
    assert!(
        told.body
            .contains("data-target=\"https://rideledger.example.net\"")
    );
    assert!(told.body.contains("SmartcarAuthMessage") && told.body.contains("eyJ9"));
    assert!(!told.body.contains("data-bridge"));

    let stranger = "&app_origin=https://evil.example.net&approval_prompt=force";
    assert!(!ended_here(&app, stranger).await.body.contains("<script"));

    let ios = "&sdk_platform=iOS&sdk_version=6.5.0&approval_prompt=force";
    let ios = ended_here(&app, ios).await;
    assert!(script_is_allowed(&ios) && ios.body.contains("data-bridge"));
    assert!(!ios.body.contains("data-target"));
    let android = "&sdk_platform=android&sdk_version=4.0.0&approval_prompt=force";
    assert!(!ended_here(&app, android).await.body.contains("data-bridge"));
}

#[tokio::test]
async fn none_with_a_redirect_uri() {
    let app = App::start().await;
    let answer = ended_here(&app, &format!("&redirect_uri={CALLBACK}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.query("code").is_none() && answer.query("user_id").is_some());
}

/// An origin is registered with the redirect URI that names it; the URI's own origin is then that
/// of a page which only passes on.
#[tokio::test]
async fn origins_come_with_redirect_uris() {
    let page = "https://cars.example.net/v2/redirect?app_origin=https://rideledger.example.net";
    let app = App::with(|_| (), &[page, "sc123://exchange"]).await;
    for (origin, hears) in [
        ("https://rideledger.example.net", true),
        ("https://rideledger.example.net:444", false),
        ("http://rideledger.example.net", false),
        ("https://cars.example.net", false),
        ("sc123://exchange", false),
        ("null", false),
        ("*", false),
    ] {
        let more = format!("&app_origin={origin}&approval_prompt=force");
        let page = ended_here(&app, &more).await;
        assert_eq!(page.body.contains("data-target"), hears, "{origin}");
    }
    let more = "&app_origin=https://rideledger.example.net&approval_prompt=force";
    let page = ended_here(&app, more).await;
    assert!(page.body.contains("<small>rideledger.example.net</small>"));
}

/// Whoever hears how a run ends also hears that its link was wrong.
#[tokio::test]
async fn failures_are_heard_too() {
    let app = App::start().await;
    let link = |more: &str| {
        app.link(more)
            .replace("response_type=code", "response_type=none")
    };
    for (more, hears) in [
        ("&app_origin=https://rideledger.example.net", "data-target"),
        ("&sdk_platform=iOS&sdk_version=6.5.0", "data-bridge"),
    ] {
        let mut wrong = app.arrived(&link(&format!("{more}&scope=x&state=s"))).await;
        let told = wrong.post("exit", "reason=").await;
        assert!(told.body.contains(hears) && told.body.contains("configuration_error"));
        assert!(script_is_allowed(&told) && told.body.contains("Nothing was shared"));

        let mut none = app.arrived(&link(more)).await;
        none.goes_to_login("AUDI").await;
        none.sign_in("smartcar@vehicle-incompatible.com").await;
        let told = none.post("exit", "share=vehicle").await;
        assert!(told.body.contains(hears) && told.body.contains("vehicle_incompatible"));
        assert!(told.body.contains("0SCAUDI"), "{}", told.body);
    }
}

/// The call of the iOS SDK, as its web view is handed it.
#[tokio::test]
async fn the_call_that_ends_a_run_on_a_phone() {
    let app = App::start().await;
    let more = "&sdk_platform=iOS&sdk_version=6.5.0&state=s%201&external_id=car+7";
    let page = ended_here(&app, more).await;
    let (_, call) = page.body.split_once("data-bridge=\"").unwrap();
    let (call, _) = call.split_once('"').unwrap();
    let call: serde_json::Value = serde_json::from_str(&call.replace("&#34;", "\"")).unwrap();
    let user = call["params"]["userId"].as_str().unwrap().to_owned();
    assert_eq!(user.len(), 36);
    assert_eq!(
        call,
        serde_json::json!({
            "jsonrpc": "2.0",
            "method": "complete",
            "params": { "userId": user, "externalId": "car 7", "state": "s 1" },
            "id": "temp",
        })
    );
    for other in [
        "&sdk_platform=iOS",
        "&sdk_version=6.5.0",
        "&sdk_platform=android&sdk_version=3.0.0",
        "&sdk_platform=flutter&sdk_version=3.0.0",
    ] {
        let page = ended_here(&app, &format!("{other}&approval_prompt=force")).await;
        assert!(!page.body.contains("data-bridge"), "{other}");
    }
}

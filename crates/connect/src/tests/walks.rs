//! Whole runs, the way the end-to-end suites of the SDKs drive them.

use axum::http::{Request, StatusCode};
use carport_model::{Digest, UserId};
use carport_store::{Tx, authorization_codes, connections};

use super::{App, Browser, CALLBACK};

async fn granted(app: &App, user: UserId) -> Vec<(String, String)> {
    let find = async move |tx: &mut Tx<'_>| connections::granted_by(tx, user).await;
    let mut granted: Vec<_> = app.services.store.read(find).await.unwrap();
    granted.sort_by(|a, b| a.0.cmp(&b.0));
    granted
        .into_iter()
        .map(|(vin, permissions)| (vin, permissions.to_string()))
        .collect()
}

/// Rules 1 to 10 of contract connect-oauth, A.8, on the way the suites go.
#[tokio::test]
async fn the_way_of_the_suites() {
    let app = App::start().await;
    let link = app.link(&format!(
        "&redirect_uri={}&scope=required:read_vin+read_odometer&state=a%20b&approval_prompt=force",
        CALLBACK.replace(':', "%3A").replace('/', "%2F")
    ));
    let mut browser = app.browser();
    let answer = browser.get(&link).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().starts_with("/connect/") && !answer.location().contains('?'));
    let cookie = answer.header("set-cookie");
    for part in [
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
        "Path=/connect/",
        "Max-Age=3600",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    browser.follow(&answer).await;
    only(&browser, "button", "id=\"continue-button\"");
    browser.post("start", "country=US").await;
    only(&browser, "input", "id=\"brand-search\"");
    assert!(
        browser
            .page
            .contains("<button class=\"brand-list-item\" id=\"CHEVROLET\"")
    );
    browser.post("brand", "make=CHEVROLET").await;
    only(&browser, "form", "id=\"sign-in-button\"");
    assert!(browser.page.contains("id=\"username\"") && browser.page.contains("id=\"password\""));
    assert!(
        browser
            .page
            .contains("Test mode. Any e-mail and password will do.")
    );
    browser
        .sign_in("00000000-0000-4000-8000-000000000000@email.com")
        .await;
    only(&browser, "main", "page-content");
    assert!(browser.page.contains("id=\"approval-button\""));
    assert!(browser.page.contains("VIN ends in") && !browser.page.contains("name=\"vehicle\""));
    assert!(
        browser
            .page
            .contains("id=\"read_vin\" name=\"permission\" value=\"read_vin\" checked disabled")
    );

    let answer = browser
        .post("grant", "decision=allow&permission=read_odometer")
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with(&format!("{CALLBACK}?code=")));
    assert!(answer.location().contains("&state=a%20b&user_id="));
    assert_eq!(
        answer.query("iss").as_deref(),
        Some("https://cars.example.net")
    );
    assert_eq!(answer.query("external_id"), None);
    let code = answer.query("code").unwrap();
    assert_eq!(code.len(), 36);
    let digest = Digest::of(&code);
    let kept = async move |tx: &mut Tx<'_>| authorization_codes::find(tx, &digest).await;
    let kept = app.services.store.read(kept).await.unwrap().unwrap();
    assert!(kept.redirect_uri_given && kept.redirect_uri == CALLBACK);
    let user = answer.query("user_id").unwrap().parse().unwrap();
    let granted = granted(&app, user).await;
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0].1, "read_vin read_odometer");

    // Once is all.
    let again = browser.post("grant", "decision=allow").await;
    assert_eq!(again.status, StatusCode::GONE);
}

/// The page has what belongs to it, and nothing of other steps (rule 3).
fn only(browser: &Browser<'_>, what: &str, mark: &str) {
    let marks = [
        "id=\"continue-button\"",
        "id=\"brand-search\"",
        "id=\"sign-in-button\"",
        "page-content",
    ];
    for other in marks {
        assert_eq!(
            browser.page.contains(other),
            other == mark,
            "{what} {other} {}",
            browser.at
        );
    }
    assert!(!browser.page.contains("<script") && !browser.page.contains(" style="));
}

#[tokio::test]
async fn several_cars() {
    let app = App::start().await;
    let mut browser = app.opened("&scope=read_odometer+read_vin").await;
    browser
        .goes_to_grant("AUDI", "3-vehicles@smartcar.com")
        .await;
    assert_eq!(
        browser
            .page
            .matches("type=\"checkbox\" id=\"vehicle-")
            .count(),
        3
    );
    let answer = browser
        .post("grant", "decision=allow&permission=read_vin")
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.page.contains("<title>Error: ") && browser.page.contains("No car is chosen."));
    assert!(browser.page.contains("value=\"read_vin\" checked>"));
    assert!(browser.page.contains("value=\"read_odometer\">"));
    let answer = browser.post("grant", "decision=allow&vehicle=1").await;
    assert!(answer.body.contains("Tick at least one item"));
    let answer = browser
        .post("grant", "decision=allow&vehicle=3&vehicle=1&vehicle=9&vehicle=x&permission=read_vin&permission=read_fuel")
        .await;
    let user = answer.query("user_id").unwrap().parse().unwrap();
    let granted = granted(&app, user).await;
    assert_eq!(granted.len(), 2);
    assert!(
        granted
            .iter()
            .all(|(_, permissions)| permissions == "read_vin")
    );
}

#[tokio::test]
async fn one_of_several() {
    let app = App::start().await;
    let mut browser = app.opened("&single_select=true&single_select=true").await;
    browser
        .goes_to_grant("AUDI", "3-vehicles@smartcar.com")
        .await;
    assert_eq!(
        browser.page.matches("type=\"radio\" id=\"vehicle-").count(),
        3
    );
    assert!(
        browser
            .page
            .contains("name=\"vehicle\" value=\"1\" checked>")
    );
    let two = browser.post(
        "grant",
        "decision=allow&vehicle=1&vehicle=2&permission=read_odometer",
    );
    assert!(two.await.body.contains("Choose one car."));
    let answer = browser
        .post("grant", "decision=allow&vehicle=2&permission=read_odometer")
        .await;
    let user = answer.query("user_id").unwrap().parse().unwrap();
    assert_eq!(granted(&app, user).await.len(), 1);
}

#[tokio::test]
async fn a_car_by_its_vin() {
    let app = App::start().await;
    let mut browser = app
        .opened("&single_select_vin=0SCAUDI037A5ADB1C&make=KIA")
        .await;
    assert!(browser.page.contains("Step 1 of 3") && !browser.page.contains("You choose the brand"));
    browser.post("start", "country=US").await;
    assert!(browser.page.contains("Sign in with your Audi account"));
    assert!(!browser.page.contains("Choose another brand"));
    browser.sign_in("a@b.c").await;
    assert!(browser.page.contains("VIN ends in DB1C"));

    // The account holds other cars only.
    let mut browser = app.opened("&single_select_vin=0SCAUDI037A5ADB1C").await;
    browser.post("start", "country=US").await;
    browser.sign_in("2-vehicles@smartcar.com").await;
    assert!(browser.at.ends_with("/no-vehicles") && browser.page.contains("ends in DB1C"));
}

#[tokio::test]
async fn the_link_names_the_brand() {
    let app = App::start().await;
    let mut browser = app.opened("&make=land-rover").await;
    browser.post("start", "country=DE").await;
    assert!(browser.at.ends_with("/login") && browser.page.contains("Step 2 of 3"));
    // The owner may still go for another one.
    browser.open("brand").await;
    assert!(browser.page.contains("Step 2 of 4"));

    // Known, but not offered in the country: the selector with a notice.
    let mut browser = app.opened("&make=CHEVROLET&flags=country:DE").await;
    browser.post("start", "country=DE").await;
    assert!(browser.at.ends_with("/brand"));
    assert!(
        browser
            .page
            .contains("Chevrolet cannot be connected in Germany yet.")
    );
}

#[tokio::test]
async fn approved_before() {
    let app = App::start().await;
    let mut first = app
        .opened("&scope=read_vin+read_odometer&external_id=car+7")
        .await;
    first.goes_to_grant("KIA", "maya@example.org").await;
    let all = "decision=allow&permission=read_vin&permission=read_odometer";
    let first = first.post("grant", all).await;
    assert_eq!(first.query("external_id").as_deref(), Some("car 7"));

    let mut skipped = app.opened("&scope=read_odometer").await;
    skipped.goes_to_login("KIA").await;
    let answer = skipped.sign_in(" Maya@Example.org ").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.query("user_id"), first.query("user_id"));
    assert_eq!(answer.query("external_id").as_deref(), Some("car 7"));

    for more in [
        "&scope=read_odometer&approval_prompt=force",
        "&scope=read_odometer+read_fuel",
    ] {
        let mut shown = app.opened(more).await;
        shown.goes_to_grant("KIA", "maya@example.org").await;
    }
    let mut cleared = app.opened("&scope=read_odometer&external_id=null").await;
    cleared.goes_to_login("KIA").await;
    assert_eq!(
        cleared
            .sign_in("maya@example.org")
            .await
            .query("external_id"),
        None
    );
}

#[tokio::test]
async fn cars_that_lack_something() {
    let scope = "&scope=required:read_battery+read_vin";
    let lenient = App::start().await;
    let mut browser = lenient.opened(scope).await;
    browser
        .goes_to_grant("FORD", "1FTFW1E50KF000001@fuel.smartcar.com")
        .await;

    let strict = App::with(
        |application| application.strict_required = true,
        &[CALLBACK],
    )
    .await;
    let mut browser = strict.opened(scope).await;
    browser.goes_to_login("FORD").await;
    browser.sign_in("1FTFW1E50KF000001@fuel.smartcar.com").await;
    assert!(browser.at.ends_with("/incompatible"));
    let answer = browser.post("exit", "share=vehicle").await;
    assert_eq!(
        answer.query("error").as_deref(),
        Some("vehicle_incompatible")
    );
    assert_eq!(answer.query("vin").as_deref(), Some("1FTFW1E50KF000001"));
    assert_eq!(answer.query("make").as_deref(), Some("FORD"));
    assert!(answer.query("model").is_some() && answer.query("year").is_some());
}

#[tokio::test]
async fn posting_the_request_and_heads() {
    let app = App::start().await;
    let mut browser = app.browser();
    let link = app.link("");
    let (_, form) = link.split_once('?').unwrap();
    let request = Request::post("/oauth/authorize")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = browser.send(request, form.to_owned()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    browser.follow(&answer).await;

    let answer = app
        .browser()
        .send(Request::head(&link), String::new())
        .await;
    assert_eq!(
        (answer.status, answer.header("set-cookie")),
        (StatusCode::FOUND, "")
    );
}

#[tokio::test]
async fn without_pages() {
    use crate::headless::{Consent, ConsentError, consent};
    use carport_model::Mode;

    let app = App::start().await;
    let mut asked = Consent {
        application: app.application.id,
        brand: "vw".into(),
        user: "maya@example.org".into(),
        password: None,
        country: None,
        scope: Some("read_vin".into()),
        mode: Mode::Test,
        password: None,
        country: None,
        redirect_uri: None,
        state: Some("s 1".into()),
    };
    let url = consent(&app.services, &asked).await.unwrap();
    assert!(url.starts_with(&format!("{CALLBACK}?code=")) && url.contains("&state=s%201&"));
    for (user, error) in [
        ("0-vehicles@smartcar.com", "no_vehicles"),
        ("smartcar@invalid-subscription.com", "invalid_subscription"),
        ("smartcar@vehicle-incompatible.com", "vehicle_incompatible"),
    ] {
        asked.user = user.into();
        let url = consent(&app.services, &asked).await.unwrap();
        assert!(url.contains(&format!("?error={error}&")), "{url}");
    }
    asked.user = "smartcar@mfa.com".into();
    assert!(
        consent(&app.services, &asked)
            .await
            .unwrap()
            .contains("?code=")
    );
    asked.brand = "Vauxhall".into();
    assert!(
        consent(&app.services, &asked)
            .await
            .unwrap()
            .contains("?code=")
    );
    asked.user = "smartcar@invalid-credentials.com".into();
    let refused = consent(&app.services, &asked).await;
    assert!(matches!(refused, Err(ConsentError::SignIn)));
    asked.scope = Some("read_everything".into());
    let wrong = consent(&app.services, &asked).await.unwrap_err();
    assert!(wrong.to_string().contains("read_everything"));
    asked.mode = Mode::Live;
    assert!(matches!(
        consent(&app.services, &asked).await,
        Err(ConsentError::Live)
    ));
}

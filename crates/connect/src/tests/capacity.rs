//! The choice of a battery.

use std::time::Duration;

use axum::http::{Request, StatusCode};
use carport_model::reading::BatteryCapacity;
use carport_model::signal::traction_battery::NOMINAL_CAPACITY;
use carport_model::{LinkPurpose, SignalValue, UserId, VehicleId};

use super::reauthentication::of_another_application;
use super::{App, Browser, CALLBACK};

const SMALL: &str = "capacity=63+BEV:Engage";
const LARGE: &str = "capacity=87+BEV:Evolve%2B";

/// The link that the vehicle API hands out, completed by the application.
pub(super) fn link(app: &App, vehicle: VehicleId, more: &str) -> String {
    let purpose = LinkPurpose::BatteryCapacity;
    let end = app.services.now().plus(purpose.lasts());
    let token = app.services.links.token(purpose, vehicle, end);
    let id = app.application.id;
    format!(
        "/battery-capacity?vehicle_id={vehicle}&client_id={id}&token={token}\
         &response_type=vehicle_id&redirect_uri={CALLBACK}{more}"
    )
}

async fn at_choice<'a>(app: &'a App, vehicle: VehicleId, more: &str) -> Browser<'a> {
    let browser = app.arrived(&link(app, vehicle, more)).await;
    assert!(browser.at.ends_with("/capacity"), "{}", browser.page);
    browser
}

/// What reads of the vehicle show.
async fn known(app: &App, user: UserId, vehicle: VehicleId) -> Option<BatteryCapacity> {
    let connected = app.services.store.connected(user, vehicle).await.unwrap();
    match &connected.unwrap().held.get(NOMINAL_CAPACITY)?.value {
        SignalValue::Capacity(known) => Some(known.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn chosen_and_chosen_anew() {
    let app = App::start().await;
    let (user, vehicle) = app.connected("NISSAN", "a@b.c", "").await;
    assert_eq!(known(&app, user, vehicle).await, None);
    let mut browser = app.browser();
    let answer = browser.get(&link(&app, vehicle, "&state=a%20b")).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().starts_with("/connect/") && !answer.location().contains('?'));
    assert!(
        answer
            .header("set-cookie")
            .contains("; HttpOnly; SameSite=Lax; Secure")
    );
    browser.follow(&answer).await;
    for text in [
        "Nissan Ariya</strong>",
        "<strong>63 kWh</strong>",
        "Evolve+, electric",
    ] {
        assert!(browser.page.contains(text), "{text} in {}", browser.page);
    }
    assert!(!browser.page.contains(" checked") && !browser.page.contains("Step 1"));
    assert!(!browser.page.contains("<script") && !browser.page.contains("VIN"));

    let form = format!("csrf={}&decision=choose&{LARGE}", browser.csrf());
    let back = browser.post_raw("capacity", &form).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(
        back.location(),
        format!(
            "{CALLBACK}?vehicle_id={vehicle}&selected_capacity=87&reason=battery_capacity\
             &state=a%20b&iss=https%3A%2F%2Fcars.example.net"
        )
    );
    let chosen = known(&app, user, vehicle).await.unwrap();
    assert_eq!((chosen.nominal, chosen.is_chosen), (Some(87.0), true));
    assert_eq!(chosen.candidates.len(), 2);
    // A double click, and another choice on the page that is still open.
    let again = browser.post_raw("capacity", &form).await;
    assert_eq!(
        (again.status, again.location()),
        (back.status, back.location())
    );
    let other = browser
        .post_raw("capacity", &form.replace(LARGE, SMALL))
        .await;
    assert_eq!((other.status, other.location()), (StatusCode::GONE, ""));
    assert_eq!(
        known(&app, user, vehicle).await.unwrap().nominal,
        Some(87.0)
    );

    let mut browser = at_choice(&app, vehicle, "").await;
    assert_eq!(browser.page.matches(" checked").count(), 1);
    assert!(browser.page.contains("value=\"87 BEV:Evolve+\" checked"));
    let back = browser
        .post("capacity", &format!("decision=choose&{SMALL}"))
        .await;
    assert_eq!(back.query("selected_capacity").as_deref(), Some("63"));
    assert_eq!(back.query("state"), None);
    assert_eq!(
        known(&app, user, vehicle).await.unwrap().nominal,
        Some(63.0)
    );
}

#[tokio::test]
async fn not_chosen() {
    let app = App::start().await;
    let (user, vehicle) = app.connected("NISSAN", "a@b.c", "").await;
    let mut browser = at_choice(&app, vehicle, "").await;
    for fields in ["decision=choose", "decision=choose&capacity=100", LARGE, ""] {
        let answer = browser.post("capacity", fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(answer.body.contains("<title>Error: Which battery"));
        assert!(answer.body.contains("Nothing is chosen.") && !answer.body.contains(" checked"));
    }
    for (action, fields) in [
        ("capacity", format!("decision=unknown&{LARGE}")),
        ("exit", String::new()),
    ] {
        let mut browser = at_choice(&app, vehicle, "&state=s").await;
        let form = format!("csrf={}&{fields}", browser.csrf());
        let back = browser.post_raw(action, &form).await;
        let code = "battery_capacity_no_selection";
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        assert_eq!(back.query("error").as_deref(), Some(code));
        assert!(back.query("error_description").is_some() && back.query("iss").is_some());
        assert_eq!(back.query("state").as_deref(), Some("s"));
        assert_eq!(back.query("selected_capacity"), None);
        let again = browser.post_raw(action, &form).await;
        assert_eq!(again.location(), back.location());
    }
    for body in [
        format!("decision=choose&{LARGE}"),
        format!("csrf=00&decision=choose&{LARGE}"),
    ] {
        let mut browser = at_choice(&app, vehicle, "").await;
        let foreign = browser.post_raw("capacity", &body).await;
        assert_eq!(
            (foreign.status, foreign.location()),
            (StatusCode::FORBIDDEN, "")
        );
    }
    assert_eq!(known(&app, user, vehicle).await, None);
}

#[tokio::test]
async fn one_page_and_no_other() {
    let app = App::start().await;
    let (_, vehicle) = app.connected("NISSAN", "a@b.c", "").await;
    let mut browser = at_choice(&app, vehicle, "").await;
    let here = browser.at.clone();
    for page in [
        "start",
        "brand",
        "login",
        "mfa",
        "grant",
        "no-vehicles",
        "subscription",
    ] {
        let answer = browser.open(page).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::FOUND, here.as_str()),
            "{page}"
        );
    }
    for (page, fields) in [
        ("start", "country=US"),
        ("brand", "make=NISSAN"),
        ("login", "username=a%40b.c&password=x"),
        ("grant", "decision=allow&permission=read_vin"),
    ] {
        let form = format!("csrf={}&{fields}", browser.csrf());
        let answer = browser.post_raw(page, &form).await;
        assert_eq!(
            (answer.header("set-cookie"), answer.location()),
            ("", here.as_str()),
            "{page}"
        );
    }
    // Runs of other links have no such page.
    let mut browser = app.opened("").await;
    let here = browser.at.clone();
    assert_eq!(browser.open("capacity").await.location(), here);
    let form = format!("csrf={}&decision=choose&{LARGE}", browser.csrf());
    assert_eq!(browser.post_raw("capacity", &form).await.location(), here);
}

#[tokio::test]
async fn links_that_lead_nowhere() {
    let app = App::start().await;
    let (_, vehicle) = app.connected("NISSAN", "a@b.c", "").await;
    let (_, plain) = app.connected("KIA", "a@b.c", "").await;
    let good = link(&app, vehicle, "");
    let (bare, _) = good.split_once(CALLBACK).unwrap();
    for (refused, message) in [
        (
            good.replace("client_id=", "client_id=x"),
            "client_id (or application_id)",
        ),
        (
            format!("{bare}https://evil.example.net/"),
            "registered redirect URIs",
        ),
        (bare.to_owned(), "Append one of the registered"),
        (
            bare.replace("=vehicle_id&", "=none&"),
            "Append one of the registered",
        ),
        (format!("{good}&state=%ff"), "not UTF-8"),
    ] {
        let answer = app.browser().get(&refused).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{refused}");
        assert_eq!((answer.header("set-cookie"), answer.location()), ("", ""));
        assert!(answer.body.contains(message) && !answer.body.contains("exit-button"));
        assert!(!answer.body.contains("evil"), "{}", answer.body);
    }
    let stranger = of_another_application(&app).await;
    let closed = "token does not open this vehicle";
    for (wrong, message) in [
        (good.replace("&token=", "&token=x"), closed),
        (good.replace("&token=", "&key="), closed),
        (
            good.replace(&vehicle.to_string(), &plain.to_string()),
            closed,
        ),
        (link(&app, stranger, ""), "no vehicle that is connected"),
        (link(&app, plain, ""), "nothing to choose"),
        (
            good.replace("=vehicle_id&", "=none&"),
            "response_type is not vehicle_id",
        ),
        (
            good.replace("&response_type=vehicle_id", ""),
            "response_type is missing",
        ),
        (format!("{good}&token=x"), "token was sent more than once"),
    ] {
        let mut browser = app.arrived(&wrong).await;
        assert!(browser.at.ends_with("/error"), "{wrong}");
        assert!(
            browser.page.contains(message),
            "{message} in {}",
            browser.page
        );
        let back = browser.post("exit", "reason=").await;
        assert_eq!(back.query("error").as_deref(), Some("configuration_error"));
    }
    let head = app
        .browser()
        .send(Request::head(&good), String::new())
        .await;
    assert_eq!(
        (head.status, head.header("set-cookie")),
        (StatusCode::FOUND, "")
    );
    assert!(head.location().ends_with("/capacity"));

    app.clock
        .advance(Duration::from_hours(30 * 24) - Duration::from_millis(1));
    assert!(app.arrived(&good).await.at.ends_with("/capacity"));
    app.clock.advance(Duration::from_millis(1));
    assert!(app.arrived(&good).await.page.contains(closed));
}

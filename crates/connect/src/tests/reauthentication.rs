//! Signing in again for a car that is connected.

use axum::http::{Request, StatusCode};
use carport_model::run::ExternalId;
use carport_model::{AccountId, ApplicationId, Mode, Permissions, UserId, VehicleId};
use carport_store::connections::{self, NewConnection};
use carport_store::{Connected, Tx, accounts, users, vehicles};

use super::{Answer, App, Browser, CALLBACK};

const FAILING: &str = "connected_services_account.authentication_failed@smartcar.com";
const LIVELY: &str = "0SCLR00021D803C7B@compatible.smartcar.com";

/// The link that the vehicle API hands out, completed by the application.
pub(super) fn link(app: &App, vehicle: VehicleId, more: &str) -> String {
    let id = app.application.id;
    format!(
        "/oauth/reauthenticate?response_type=vehicle_id&client_id={id}&vehicle_id={vehicle}\
         &redirect_uri={CALLBACK}{more}"
    )
}

/// A browser on the sign-in page of the car's brand.
async fn at_login<'a>(app: &'a App, vehicle: VehicleId, more: &str) -> Browser<'a> {
    let mut browser = app.arrived(&link(app, vehicle, more)).await;
    assert!(browser.at.ends_with("/start"), "{}", browser.page);
    browser.post("start", "country=US").await;
    assert!(browser.at.ends_with("/login"), "{}", browser.page);
    browser
}

async fn connection(app: &App, user: UserId, vehicle: VehicleId) -> Connected {
    let found = app.services.store.connected(user, vehicle).await;
    Connected::clone(&found.unwrap().expect("it is connected"))
}

fn is_back(answer: &Answer, vehicle: VehicleId) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let start = format!("{CALLBACK}?vehicle_id={vehicle}");
    assert!(
        answer.location().starts_with(&start),
        "{}",
        answer.location()
    );
    for absent in ["code", "error", "user_id"] {
        assert_eq!(answer.query(absent), None);
    }
}

#[tokio::test]
async fn with_the_account_it_is_connected_through() {
    let app = App::start().await;
    let (user, vehicle) = app
        .connected(
            "NISSAN",
            FAILING,
            "&scope=read_odometer+read_fuel&external_id=car+7",
        )
        .await;
    let before = connection(&app, user, vehicle).await;
    let mut browser = app.browser();
    let answer = browser.get(&link(&app, vehicle, "&state=a%20b")).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    assert!(answer.location().starts_with("/connect/") && !answer.location().contains('?'));
    browser.follow(&answer).await;
    let car = format!("your {} Nissan Ariya.", before.vehicle.car.year);
    for text in [
        "Sign in again for Ride Ledger",
        &car,
        "the NissanConnect app",
        "Step 1 of 2",
    ] {
        assert!(browser.page.contains(text), "{text} in {}", browser.page);
    }
    // Whoever finds the link learns no more than that.
    let vin = &before.vehicle.car.vin;
    assert!(!browser.page.contains(vin.tail()) && !browser.page.contains(FAILING));
    // Also not through a country where the brand is not offered, or the page of brands.
    browser.post("start", "country=CA").await;
    assert!(browser.at.ends_with("/login") && browser.page.contains("Step 2 of 2"));
    assert!(browser.page.contains("Sign in with your Nissan account"));
    assert!(!browser.page.contains("Choose another brand"));
    let brands = browser.open("brand").await;
    assert_eq!(
        (brands.status, brands.location()),
        (StatusCode::FOUND, browser.at.as_str())
    );
    let posted = browser
        .post_raw("brand", &format!("csrf={}&make=KIA", browser.csrf()))
        .await;
    assert_eq!(posted.location(), browser.at);

    let form = format!("csrf={}&username={FAILING}&password=x", browser.csrf());
    let back = browser.post_raw("login", &form).await;
    is_back(&back, vehicle);
    assert_eq!(back.query("state").as_deref(), Some("a b"));
    assert_eq!(back.query("external_id").as_deref(), Some("car 7"));
    assert_eq!(
        back.query("iss").as_deref(),
        Some("https://cars.example.net")
    );
    assert_eq!(connection(&app, user, vehicle).await, before);
    // A double click, and a form that comes too late.
    let again = browser.post_raw("login", &form).await;
    assert_eq!(
        (again.status, again.location()),
        (back.status, back.location())
    );
    let over = browser.open("login").await;
    assert_eq!(over.status, StatusCode::GONE);
}

#[tokio::test]
async fn with_another_account_that_holds_the_car() {
    let app = App::start().await;
    let (user, vehicle) = app
        .connected("NISSAN", FAILING, "&scope=read_odometer+read_fuel+read_vin")
        .await;
    // Its owner has allowed nothing yet, and is asked.
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in(LIVELY).await;
    assert!(browser.at.ends_with("/grant") && browser.page.contains("Step 3 of 3"));
    assert!(browser.page.contains("through another sign-in") && browser.page.contains("read_vin"));
    assert!(!browser.page.contains("read_location"));
    let denied = browser.post("grant", "decision=deny").await;
    assert_eq!(denied.query("error").as_deref(), Some("access_denied"));
    assert_eq!(connection(&app, user, vehicle).await.account.login, FAILING);

    let mut browser = at_login(&app, vehicle, "&external_id=mine").await;
    browser.sign_in(LIVELY).await;
    let none = browser
        .post("grant", "decision=allow&permission=read_location")
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let allow =
        "decision=allow&permission=read_odometer&permission=read_fuel&permission=read_location";
    let form = format!("csrf={}&{allow}", browser.csrf());
    let back = browser.post_raw("grant", &form).await;
    is_back(&back, vehicle);
    assert_eq!(back.query("external_id").as_deref(), Some("mine"));
    let now = connection(&app, user, vehicle).await;
    assert_eq!(now.account.login, LIVELY.to_lowercase());
    assert_eq!(now.permissions.to_string(), "read_odometer read_fuel");
    assert_eq!(now.external_id.as_deref(), Some("mine"));
    let again = browser.post_raw("grant", &form).await;
    assert_eq!(again.location(), back.location());

    // Asked once is enough, and the first owner may come back.
    for login in [LIVELY, FAILING] {
        let mut browser = at_login(&app, vehicle, "&external_id=null").await;
        let back = browser.sign_in(login).await;
        is_back(&back, vehicle);
        assert_eq!(back.query("external_id"), None);
        let now = connection(&app, user, vehicle).await;
        assert_eq!(now.account.login, login.to_lowercase());
        assert_eq!(now.permissions.to_string(), "read_odometer read_fuel");
    }
    // Since then nothing goes through the other account, so its owner is asked once more.
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in(LIVELY).await;
    assert!(browser.at.ends_with("/grant"));
}

/// What the other account's owner is shown is not what the application has by then.
#[tokio::test]
async fn a_grant_in_between() {
    let app = App::start().await;
    let (user, vehicle) = app
        .connected("NISSAN", FAILING, "&scope=read_odometer")
        .await;
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in(LIVELY).await;
    let form = format!(
        "csrf={}&decision=allow&permission=read_odometer",
        browser.csrf()
    );
    app.connected("NISSAN", FAILING, "&scope=read_vin&approval_prompt=force")
        .await;
    let before = connection(&app, user, vehicle).await;
    let answer = browser.post_raw("grant", &form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::GONE, ""));
    assert!(
        answer
            .body
            .contains("The connection of this car has changed")
    );
    assert_eq!(connection(&app, user, vehicle).await, before);
}

#[tokio::test]
async fn with_an_account_that_does_not_hold_the_car() {
    let app = App::start().await;
    let (user, vehicle) = app.connected("NISSAN", "maya@example.org", "").await;
    let before = connection(&app, user, vehicle).await;
    for login in [
        "ben@example.org",
        "3-vehicles@smartcar.com",
        "0-vehicles@smartcar.com",
    ] {
        let mut browser = at_login(&app, vehicle, "&state=s").await;
        let page = browser.sign_in(login).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(browser.at.ends_with("/no-vehicles"), "{}", browser.page);
        assert!(page.body.contains("That car is not in this account"));
        assert!(page.body.contains("asks for your 20") && page.body.contains("Nissan Ariya"));
        assert!(!page.body.contains(before.vehicle.car.vin.tail()));
        let back = browser.post("exit", "").await;
        assert_eq!(back.query("error").as_deref(), Some("no_vehicles"));
        assert_eq!(
            (back.query("state").as_deref(), back.query("vehicle_id")),
            (Some("s"), None)
        );
    }
    // The same brand's other failures, and a second try with the right account.
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in("smartcar@invalid-credentials.com").await;
    assert!(browser.page.contains("Nissan did not accept"));
    browser.sign_in("smartcar@invalid-subscription.com").await;
    assert!(browser.at.ends_with("/subscription"));
    browser.open("login").await;
    browser.sign_in("ben@example.org").await;
    browser.open("login").await;
    is_back(&browser.sign_in("Maya@Example.org ").await, vehicle);
    assert_eq!(connection(&app, user, vehicle).await, before);
}

#[tokio::test]
async fn with_a_one_time_code_or_a_car_that_was_asked_for() {
    let app = App::start().await;
    let (_, vehicle) = app.connected("VOLVO", "smartcar@mfa.com", "").await;
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in("smartcar@mfa.com").await;
    assert!(browser.at.ends_with("/mfa"));
    is_back(&browser.post("mfa", "otp=000000").await, vehicle);

    // A test account holds the car that a link asks for by its VIN; it still does.
    let vin = "&single_select_vin=0SCAUDI037A5ADB1C";
    let (_, vehicle) = app.connected("AUDI", "a@b.c", vin).await;
    let mut browser = at_login(&app, vehicle, "").await;
    browser.sign_in("other@b.c").await;
    assert!(browser.at.ends_with("/no-vehicles"));
    browser.open("login").await;
    is_back(&browser.sign_in("a@b.c").await, vehicle);
}

/// An account with cars of different models.
#[tokio::test]
async fn each_car_of_an_account() {
    let app = App::start().await;
    let (user, _) = app.connected("BUICK", "a@b.c", "").await;
    let list = async move |tx: &mut Tx<'_>| connections::vehicles_of(tx, user, 9, 0).await;
    let (vehicles, _) = app.services.store.scan(list).await.unwrap();
    assert_eq!(vehicles.len(), 2);
    for vehicle in vehicles {
        let before = connection(&app, user, vehicle).await;
        let mut browser = at_login(&app, vehicle, "").await;
        is_back(&browser.sign_in("a@b.c").await, vehicle);
        assert_eq!(connection(&app, user, vehicle).await, before);
    }
}

#[tokio::test]
async fn leaving_and_ending_here() {
    let app = App::start().await;
    let (_, vehicle) = app.connected("KIA", "a@b.c", "").await;
    let mut browser = at_login(&app, vehicle, "").await;
    let back = browser.post("exit", "").await;
    let code = "user_manually_returned_to_application";
    assert_eq!(back.query("error").as_deref(), Some(code));

    let none = link(&app, vehicle, "").replace("=vehicle_id&", "=none&");
    let mut browser = app.arrived(&none).await;
    browser.post("start", "country=US").await;
    is_back(&browser.sign_in("a@b.c").await, vehicle);
    let (here, _) = none.split_once("&redirect_uri").unwrap();
    let mut browser = app.arrived(here).await;
    browser.post("start", "country=US").await;
    let done = browser.sign_in("a@b.c").await;
    assert_eq!((done.status, done.location()), (StatusCode::OK, ""));
    assert!(done.body.contains("You are done"));
}

#[tokio::test]
async fn links_that_lead_nowhere() {
    let app = App::start().await;
    let (_, vehicle) = app.connected("KIA", "a@b.c", "").await;
    let good = link(&app, vehicle, "");
    let (bare, _) = good.split_once("&redirect_uri").unwrap();
    for (refused, message) in [
        (
            good.replace("client_id=", "client_id=x"),
            "client_id (or application_id)",
        ),
        (
            good.replace("/callback", "/other"),
            "registered redirect URIs",
        ),
        (
            format!("{good}&redirect_uri=https://evil.example.net/"),
            "registered redirect URIs",
        ),
        (bare.to_owned(), "Append one of the registered"),
        (
            format!("{bare}&redirect_uri="),
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
    let stranger = VehicleId::draw(&*app.services.rng);
    for (wrong, message, code) in [
        (
            good.replace("=vehicle_id&", "=code&"),
            "neither vehicle_id nor none",
            "unsupported_response_type",
        ),
        (
            good.replace("response_type=vehicle_id&", ""),
            "response_type is missing",
            "invalid_request",
        ),
        (
            good.replace(&format!("vehicle_id={vehicle}&"), ""),
            "vehicle_id is missing",
            "invalid_request",
        ),
        (
            good.replace(&vehicle.to_string(), "7"),
            "not a UUID",
            "invalid_request",
        ),
        (
            format!("{good}&vehicle_id={stranger}"),
            "more than once",
            "invalid_request",
        ),
        (
            link(&app, stranger, ""),
            "no vehicle that is connected",
            "invalid_request",
        ),
        (
            link(&app, of_another_application(&app).await, ""),
            "no vehicle that is connected",
            "invalid_request",
        ),
        (
            format!("{good}&state={}", "s".repeat(8193)),
            "8192 bytes",
            "invalid_request",
        ),
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
        assert_eq!(back.query("oauth_error").as_deref(), Some(code));
        assert!(back.query("error_message").unwrap().contains(message));
    }
    let head = app
        .browser()
        .send(Request::head(&good), String::new())
        .await;
    assert_eq!(
        (head.status, head.header("set-cookie")),
        (StatusCode::FOUND, "")
    );
}

/// A car that is connected, but to somebody else.
pub(super) async fn of_another_application(app: &App) -> VehicleId {
    use carport_model::Digest;
    use carport_store::applications::{self, ManagementToken};

    let rng = &*app.services.rng;
    let mut other = app.application.clone();
    other.id = ApplicationId::draw(rng);
    let fresh = (
        AccountId::draw(rng),
        UserId::draw(rng),
        VehicleId::draw(rng),
    );
    let (mine, now) = (app.application.id, app.services.now());
    let seed = async move |tx: &mut Tx<'_>| {
        let token = ManagementToken {
            digest: Digest::of("other"),
            sealed: Vec::new(),
        };
        applications::insert(tx, &other, &token).await?;
        let kia = carport_model::BrandId::new("KIA");
        let account = accounts::ensure(tx, fresh.0, (Mode::Test, &kia, "a@b.c"), now).await?;
        let user = users::find(tx, mine, (Mode::Test, &kia, "a@b.c"))
            .await?
            .unwrap();
        let (mine, _) = connections::vehicles_of(tx, user, 1, 0).await?;
        let car = vehicles::by_id(tx, mine[0]).await?.unwrap().car;
        let user = users::ensure(tx, fresh.1, other.id, account, now).await?;
        let vehicle = vehicles::ensure(tx, fresh.2, (other.id, Mode::Test), &car, now).await?;
        let new = NewConnection {
            user,
            vehicle,
            application: other.id,
            permissions: Permissions::all(),
            external_id: ExternalId::Keep,
        };
        connections::put(tx, &new, now).await?;
        Ok::<_, carport_store::StoreError>(vehicle)
    };
    app.services.store.write(seed).await.unwrap()
}

//! The owner's page through the router.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use carport_model::{Permission, Precision, UserId, VehicleId};

use super::App;

pub(super) const LOGIN: &str = "owner@example.net";

/// A browser that follows what stays at the page and keeps its cookie.
pub(super) struct Me<'a> {
    app: &'a App,
    cookie: String,
    at: String,
    pub(super) status: StatusCode,
    pub(super) page: String,
    headers: header::HeaderMap,
}

impl<'a> Me<'a> {
    pub(super) fn at(app: &'a App) -> Self {
        Self {
            app,
            cookie: String::new(),
            at: String::new(),
            status: StatusCode::OK,
            page: String::new(),
            headers: header::HeaderMap::new(),
        }
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) {
        let request = request.header(header::COOKIE, &self.cookie);
        let response = self
            .app
            .answer(request.body(Body::from(body)).unwrap())
            .await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            for part in ["; Path=/me; ", "HttpOnly", "SameSite=Lax", "Secure"] {
                assert!(set.contains(part), "{set}");
            }
            set.split(';')
                .next()
                .unwrap_or_default()
                .clone_into(&mut self.cookie);
        }
        (self.status, self.headers) = (parts.status, parts.headers);
        self.page = String::from_utf8(body.to_vec()).unwrap();
    }

    pub(super) async fn get(&mut self, address: &str) {
        address.clone_into(&mut self.at);
        self.send(Request::get(address), String::new()).await;
        if self.status == StatusCode::SEE_OTHER {
            let to = self.headers[header::LOCATION].to_str().unwrap().to_owned();
            assert!(to.starts_with("/me"), "{to}");
            Box::pin(self.get(&to)).await;
        }
    }

    pub(super) async fn post(&mut self, address: &str, fields: &str) {
        let body = format!("csrf={}&{fields}", self.csrf());
        self.post_raw(address, body).await;
    }

    async fn post_raw(&mut self, address: &str, body: String) {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(address).header(header::CONTENT_TYPE, kind);
        address.clone_into(&mut self.at);
        self.send(request, body).await;
        if self.status == StatusCode::SEE_OTHER {
            let to = self.headers[header::LOCATION].to_str().unwrap().to_owned();
            self.get(&to).await;
        }
    }

    fn csrf(&self) -> &str {
        let mark = "name=\"csrf\" value=\"";
        let from = self.page.find(mark).expect("the page has a form") + mark.len();
        &self.page[from..from + 64]
    }

    pub(super) async fn signs_in(&mut self, brand: &str, login: &str) {
        self.get(&format!("/me/sign-in/test/{brand}")).await;
        let fields = format!("username={}&password=any", login.replace('@', "%40"));
        self.post(&format!("/me/sign-in/test/{brand}"), &fields)
            .await;
    }

    pub(super) fn shows(&self, text: &str) {
        assert!(self.page.contains(text), "{text}\n{}", self.page);
    }

    pub(super) fn hides(&self, text: &str) {
        assert!(!self.page.contains(text), "{text}\n{}", self.page);
    }
}

async fn connected(app: &App) -> (UserId, VehicleId) {
    let more = "&scope=read_odometer+read_location+read_vin";
    app.connected("VOLVO", LOGIN, more).await
}

async fn reaches(app: &App, (user, vehicle): (UserId, VehicleId)) -> bool {
    let found = app.services.store.connected(user, vehicle).await;
    found.unwrap().is_some()
}

#[tokio::test]
async fn an_owner_signs_in_sees_and_stops_an_application() {
    let app = App::start().await;
    let key = connected(&app).await;
    let mut me = Me::at(&app);
    me.get("/me").await;
    assert_eq!(me.at, "/me/sign-in");
    me.shows(
        "/me/sign-in/live/VOLVO"
            .replace("live", "simulated")
            .as_str(),
    );
    me.signs_in("VOLVO", LOGIN).await;
    assert_eq!((me.at.as_str(), me.status), ("/me", StatusCode::OK));
    me.shows("Ride Ledger");
    me.shows("rideledger.example.net");
    me.shows("Connected on 23 November 2026");
    me.shows("Distance driven · Location · Vehicle identification number");
    me.hides("<script");
    me.hides(" style=");
    let stop = format!("/me/applications/{}/end", app.application.id);
    me.get(&stop).await;
    me.shows("Stop Ride Ledger?");
    assert!(reaches(&app, key).await);
    me.post(&stop, "").await;
    assert_eq!(me.at, "/me?done=application");
    me.shows("reaches no car of yours any more");
    me.shows("No application reaches a car of this account");
    assert!(!reaches(&app, key).await);
    me.get(&stop).await;
    assert_eq!(me.status, StatusCode::NOT_FOUND);
    me.get("/me").await;
    me.post("/me/sign-out", "").await;
    assert_eq!(me.at, "/me/sign-in");
    me.get("/me").await;
    assert_eq!(me.at, "/me/sign-in");
}

#[tokio::test]
async fn permissions_and_precision_of_one_car() {
    let app = App::start().await;
    let (user, vehicle) = connected(&app).await;
    let mut me = Me::at(&app);
    me.signs_in("VOLVO", LOGIN).await;
    let car = format!("/me/cars/{user}/{vehicle}");
    me.get(&car).await;
    me.shows("Where the car is when Ride Ledger asks");
    me.shows("This Carport does not keep what is asked for.");
    let location = format!("{car}/location");
    me.get(&format!("{location}?precision=1km")).await;
    me.shows("only to about 1 km");
    me.post(&location, "precision=1km").await;
    me.shows("Changed. It holds from now on.");
    let connected = async || {
        app.services
            .store
            .connected(user, vehicle)
            .await
            .unwrap()
            .unwrap()
    };
    assert_eq!(connected().await.precision, Precision::Kilometre);
    me.post(&location, "precision=5km").await;
    assert_eq!(me.status, StatusCode::NOT_FOUND);
    // Without what shows a place there is nothing to choose.
    let taken = format!("{car}/permissions/read_location/end");
    me.get(&taken).await;
    me.shows("Take back “Location”?");
    me.post(&taken, "").await;
    me.shows("Taken back. It holds from now on.");
    me.hides("How exactly it sees");
    assert!(
        !connected()
            .await
            .permissions
            .contains(Permission::ReadLocation)
    );
    me.get(&taken).await;
    assert_eq!(me.status, StatusCode::NOT_FOUND);
    me.get(&car).await;
    for permission in ["read_odometer", "read_vin"] {
        me.get(&car).await;
        me.post(&format!("{car}/permissions/{permission}/end"), "")
            .await;
    }
    assert_eq!(me.at, "/me?done=car");
    assert!(!reaches(&app, (user, vehicle)).await);
}

#[tokio::test]
async fn of_another_owner_there_is_nothing() {
    let app = App::start().await;
    let (user, vehicle) = connected(&app).await;
    let mut me = Me::at(&app);
    me.signs_in("VOLVO", "stranger@example.net").await;
    me.shows("No application reaches a car of this account");
    // The same login at another brand is another account.
    let mut other = Me::at(&app);
    other.signs_in("AUDI", LOGIN).await;
    other.hides("Ride Ledger");
    let car = format!("/me/cars/{user}/{vehicle}");
    for address in [
        car.clone(),
        format!("{car}/end"),
        format!("{car}/location?precision=1km"),
        format!("{car}/permissions/read_vin/end"),
        format!("/me/applications/{}/end", app.application.id),
        "/me/cars/a/b".to_owned(),
    ] {
        me.get("/me").await;
        let field = me.csrf().to_owned();
        me.get(&address).await;
        assert_eq!(me.status, StatusCode::NOT_FOUND, "{address}");
        if address.ends_with("/end") && !address.contains("applications") {
            me.post_raw(&address, format!("csrf={field}")).await;
            assert_eq!(me.status, StatusCode::NOT_FOUND, "{address}");
        }
    }
    assert!(reaches(&app, (user, vehicle)).await);
}

#[tokio::test]
async fn forms_of_strangers_do_nothing() {
    let app = App::start().await;
    let (user, vehicle) = connected(&app).await;
    let mut me = Me::at(&app);
    me.signs_in("VOLVO", LOGIN).await;
    let end = format!("/me/cars/{user}/{vehicle}/end");
    for field in [String::new(), format!("csrf={}", "0".repeat(64))] {
        me.post_raw(&end, field).await;
        assert_eq!(me.status, StatusCode::FORBIDDEN);
    }
    // Not even a sign-in can be made for somebody else's browser.
    let mut stranger = Me::at(&app);
    let body = "username=a%40b.c&password=x".to_owned();
    stranger.post_raw("/me/sign-in/test/VOLVO", body).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    assert!(reaches(&app, (user, vehicle)).await);
}

#[tokio::test]
async fn a_code_lets_in_once_and_for_ten_minutes() {
    let app = App::start().await;
    connected(&app).await;
    let mut me = Me::at(&app);
    me.get("/me/sign-in").await;
    me.post("/me/code/send", "email=nonsense").await;
    assert_eq!(me.status, StatusCode::UNPROCESSABLE_ENTITY);
    me.shows("<title>Error: ");
    me.post("/me/code/send", "email=Owner%40Example.net").await;
    assert_eq!(me.at, "/me/code");
    let letters = app.mailbox.take();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to.as_str(), LOGIN);
    let code = letters[0].subject[..6].to_owned();
    assert!(code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    me.post("/me/code", &format!("code={wrong}")).await;
    assert_eq!(me.status, StatusCode::UNPROCESSABLE_ENTITY);
    me.shows("You have 4 tries left.");
    // The code of this browser is nobody else's.
    let mut other = Me::at(&app);
    other.get("/me/sign-in").await;
    other.post("/me/code", &format!("code={code}")).await;
    assert_eq!(other.at, "/me/sign-in");
    let waiting = me.cookie.clone();
    me.post("/me/code", &format!("code={code}")).await;
    assert_eq!(me.at, "/me");
    me.shows("Ride Ledger");
    assert_ne!(me.cookie, waiting);
    // After the ten minutes it is too late.
    let mut late = Me::at(&app);
    late.get("/me/sign-in").await;
    late.post("/me/code/send", "email=owner%40example.net")
        .await;
    let code = app.mailbox.take()[0].subject[..6].to_owned();
    let field = late.csrf().to_owned();
    app.clock.advance(Duration::from_mins(10));
    late.post_raw("/me/code", format!("csrf={field}&code={code}"))
        .await;
    assert_eq!(late.at, "/me/sign-in");
}

#[tokio::test]
async fn unknown_addresses_are_answered_alike_and_slowed_alike() {
    let app = App::start().await;
    connected(&app).await;
    for email in ["owner%40example.net", "nobody%40example.net"] {
        let mut me = Me::at(&app);
        for _ in 0..5 {
            me.get("/me/sign-in").await;
            me.post("/me/code/send", &format!("email={email}")).await;
            assert_eq!((me.at.as_str(), me.status), ("/me/code", StatusCode::OK));
        }
        for left in ["4 tries", "3 tries", "2 tries", "1 try", "any more"] {
            me.post("/me/code", "code=x").await;
            me.shows(left);
        }
        me.post("/me/code", "code=x").await;
        assert_eq!(me.status, StatusCode::TOO_MANY_REQUESTS);
        me.get("/me/sign-in").await;
        me.post("/me/code/send", &format!("email={email}")).await;
        assert_eq!(me.status, StatusCode::TOO_MANY_REQUESTS);
        me.shows("You can ask for another one in 60 minutes.");
    }
    let letters = app.mailbox.take();
    assert_eq!(letters.len(), 5);
    assert!(letters.iter().all(|letter| letter.to.as_str() == LOGIN));
}

#[tokio::test]
async fn wrong_passwords_are_slowed_and_a_brands_code_is_asked_for() {
    let app = App::start().await;
    let mut me = Me::at(&app);
    for _ in 0..5 {
        me.signs_in("VOLVO", "smartcar@invalid-credentials.com")
            .await;
        assert_eq!(me.status, StatusCode::UNPROCESSABLE_ENTITY);
        me.shows("Volvo did not accept this e-mail and password.");
        me.hides("value=\"any\"");
    }
    me.signs_in("VOLVO", "smartcar@invalid-credentials.com")
        .await;
    assert_eq!(me.status, StatusCode::TOO_MANY_REQUESTS);
    me.signs_in("VOLVO", "smartcar@mfa.com").await;
    assert_eq!(me.at, "/me/one-time-code");
    me.get("/me").await;
    assert_eq!(me.at, "/me/sign-in");
    me.get("/me/one-time-code").await;
    me.post("/me/one-time-code", "otp=123456").await;
    me.shows("Volvo did not accept this code.");
    me.post("/me/one-time-code", "otp=000000").await;
    assert_eq!(me.at, "/me");
    me.get("/me/sign-in/live/VOLVO").await;
    assert_eq!(me.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visit_ends_when_nothing_is_done() {
    let app = App::start().await;
    let mut me = Me::at(&app);
    me.signs_in("VOLVO", LOGIN).await;
    for _ in 0..3 {
        app.clock.advance(Duration::from_mins(29));
        me.get("/me").await;
        assert_eq!(me.at, "/me");
    }
    let field = me.csrf().to_owned();
    app.clock.advance(Duration::from_mins(31));
    me.get("/me").await;
    assert_eq!(me.at, "/me/sign-in");
    me.post_raw("/me/export", format!("csrf={field}")).await;
    assert_eq!(me.at, "/me/sign-in");
}

#[tokio::test]
async fn a_copy_of_everything_and_the_end_of_it() {
    let app = App::start().await;
    let key = connected(&app).await;
    let mut me = Me::at(&app);
    me.signs_in("VOLVO", LOGIN).await;
    me.post("/me/export", "").await;
    assert_eq!(
        me.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"my-cars.json\""
    );
    let file: serde_json::Value = serde_json::from_str(&me.page).unwrap();
    assert_eq!(file["accounts"][0]["brand"], "VOLVO");
    let connection = &file["connections"][0];
    assert_eq!(connection["application"]["name"], "Ride Ledger");
    assert_eq!(connection["vehicle"]["vin"].as_str().unwrap().len(), 17);
    assert_eq!(connection["location"], "exact");
    assert_eq!(file["auditLog"][0]["action"], "owner.exported");
    me.get("/me/erase").await;
    me.shows("Volvo, test cars");
    me.post("/me/erase", "word=yes").await;
    assert_eq!(me.status, StatusCode::UNPROCESSABLE_ENTITY);
    me.shows("value=\"yes\"");
    assert!(reaches(&app, key).await);
    me.post("/me/erase", "word=Erase").await;
    me.shows("1 account, 1 connection and 1 car are gone.");
    assert!(!reaches(&app, key).await);
    me.get("/me").await;
    assert_eq!(me.at, "/me/sign-in");
}

#[tokio::test]
async fn hostile_words_are_shown_as_they_are() {
    let hostile = "<script>alert(1)</script>\"'&";
    let app = App::with(
        |application| application.name = hostile.to_owned(),
        &[super::CALLBACK],
    );
    let app = app.await;
    let (user, vehicle) = connected(&app).await;
    let mut me = Me::at(&app);
    me.get("/me/sign-in?q=%3Cscript%3E%22&mode=%3Cscript%3E")
        .await;
    me.hides("<script");
    me.signs_in("VOLVO", LOGIN).await;
    let car = format!("/me/cars/{user}/{vehicle}");
    for address in [
        "/me?done=%3Cscript%3E&page=x".to_owned(),
        car.clone(),
        format!("{car}/end"),
        format!("{car}/location?precision=10km"),
        format!("{car}/permissions/read_vin/end"),
        format!("/me/applications/{}/end", app.application.id),
    ] {
        me.get(&address).await;
        assert_eq!(me.status, StatusCode::OK, "{address}");
        me.hides("<script");
    }
}

/// The permission page says where to take back what is allowed, where that is possible.
#[tokio::test]
async fn connect_says_where_to_take_it_back() {
    let app = App::start().await;
    let mut browser = app.opened("&scope=read_odometer").await;
    browser.goes_to_grant("VOLVO", LOGIN).await;
    let link = "You can take this back at any time, on the page of <a href=\"/me\">";
    assert!(browser.page.contains(link), "{}", browser.page);
}

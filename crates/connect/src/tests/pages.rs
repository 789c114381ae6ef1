//! Every page as an owner gets it, and its weight.

use axum::http::{Request, header};
use carport_web::assets;

use super::{App, Browser};

/// A snapshot without what differs from run to run.
fn seen(name: &str, browser: &Browser<'_>) {
    let html = assets::unhashed(&browser.page);
    let mark = "name=\"csrf\" value=\"";
    let mut parts = html.split(mark);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown = format!("{shown}{mark}<csrf>{}", &part[64..]);
    }
    let mut request = shown.split("<dt>Request</dt><dd>");
    let mut settled = request.next().unwrap_or_default().to_owned();
    for part in request {
        settled = format!("{settled}<dt>Request</dt><dd><id>{}", &part[36..]);
    }
    insta::assert_snapshot!(name, settled);
}

#[tokio::test]
async fn every_page() {
    let app = App::start().await;
    let wide = "&scope=required:read_odometer+read_location+read_battery+required:read_vehicle_info+control_security&flags=color:00819D";
    let mut browser = app.opened(wide).await;
    seen("start", &browser);
    browser.post("start", "country=US").await;
    browser.open("brand?q=vo").await;
    seen("brand", &browser);
    browser.post("brand", "make=VOLVO").await;
    seen("login", &browser);
    browser.sign_in("smartcar@invalid-credentials.com").await;
    seen("login-error", &browser);
    browser.sign_in("smartcar@mfa.com").await;
    seen("mfa", &browser);
    browser.open("login").await;
    browser.sign_in("2-vehicles@smartcar.com").await;
    seen("grant", &browser);
    browser.open("login").await;
    browser.sign_in("0-vehicles@smartcar.com").await;
    seen("no-vehicles", &browser);
    browser.open("login").await;
    browser.sign_in("smartcar@invalid-subscription.com").await;
    seen("subscription", &browser);
    browser.open("login").await;
    browser.sign_in("smartcar@vehicle-incompatible.com").await;
    seen("incompatible", &browser);
    seen("error", &app.opened("&approval_prompt=maybe").await);

    let app = App::with(|_| (), &["sc123://exchange", "https://a.example"]).await;
    let link = app.link("&app_origin=https://a.example&state=s");
    let mut done = app.arrived(&link.replace("=code", "=none")).await;
    done.goes_to_grant("KIA", "a@b.c").await;
    done.post("grant", "decision=deny").await;
    seen("done", &done);
    let mut back = app.opened("").await;
    back.post("exit", "").await;
    seen("return", &back);

    let page = "https://cars.example.net/v2/redirect?app_origin=http://localhost:3000";
    let app = App::with(|_| (), &[page]).await;
    let mut redirect = app.browser();
    redirect
        .get("/v2/redirect?app_origin=http://localhost:3000&code=c")
        .await;
    seen("redirect", &redirect);
    redirect
        .get("/v2/redirect?app_origin=http://localhost:4000&code=c")
        .await;
    seen("redirect-refused", &redirect);
}

#[tokio::test]
async fn every_page_about_one_car() {
    let app = App::start().await;
    let failing = "connected_services_account.authentication_failed@smartcar.com";
    let scope = "&scope=read_odometer+read_fuel";
    let (_, vehicle) = app.connected("NISSAN", failing, scope).await;
    let link = super::reauthentication::link(&app, vehicle, "");
    let mut browser = app.arrived(&link).await;
    seen("again-start", &browser);
    browser.post("start", "country=US").await;
    seen("again-login", &browser);
    browser.sign_in("someone@example.org").await;
    seen("again-no-vehicles", &browser);
    browser.open("login").await;
    browser
        .sign_in("0SCLR00021D803C7B@compatible.smartcar.com")
        .await;
    seen("again-grant", &browser);

    let link = super::capacity::link(&app, vehicle, "");
    let mut browser = app.arrived(&link).await;
    seen("capacity", &browser);
    browser.post("capacity", "decision=choose").await;
    seen("capacity-error", &browser);
}

/// Under 15 KB on the wire, style, sprite and icon included (house style; pages README).
#[tokio::test]
async fn pages_are_light() {
    let app = App::start().await;
    let all = carport_model::Permissions::all()
        .to_string()
        .replace(' ', "+");
    let mut browser = app.opened(&format!("&scope={all}")).await;
    let mut shared = 0;
    for asset in [
        assets::sheet(assets::Door::Connect),
        assets::sprite(),
        assets::favicon(),
    ] {
        shared += weight(&app, "", asset).await;
    }
    let mut pages = vec![browser.at.clone()];
    browser.post("start", "country=US").await;
    pages.push(browser.at.clone());
    browser.post("brand", "make=VOLVO").await;
    pages.push(browser.at.clone());
    browser.sign_in("20-vehicles@smartcar.com").await;
    pages.push(browser.at.clone());
    for page in pages {
        let weight = weight(&app, &browser.cookie, &page).await + shared;
        assert!(weight < 15_000, "{page} weighs {weight}");
    }
}

async fn weight(app: &App, cookie: &str, address: &str) -> usize {
    let request = Request::get(address)
        .header(header::COOKIE, cookie)
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(axum::body::Body::empty());
    let answer = app.answer(request.unwrap()).await;
    assert_eq!(
        answer.headers()[header::CONTENT_ENCODING],
        "gzip",
        "{address}"
    );
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    body.unwrap().len()
}

//! What an application has set shows in Connect, also in runs that are on their way.

use axum::http::StatusCode;
use carport_model::{BrandId, Brands, ConnectSettings, Engine};
use carport_store::{StoreError, Tx, connect_settings};
use carport_web::assets;

use super::{App, CALLBACK};
use crate::preview::{self, Shown};

#[tokio::test]
async fn only_chosen_brands_are_listed_and_others_say_why() {
    let app = App::start().await;
    app.set(|settings| settings.brands = vec![BrandId::new("KIA"), BrandId::new("RENAULT")])
        .await;
    let mut browser = app.opened("").await;
    browser.post("start", "country=US").await;
    // Renault's service is not in the country.
    assert!(browser.page.contains("id=\"KIA\"") && browser.page.contains("1 brand<"));
    assert!(!browser.page.contains("id=\"TESLA\""));
    browser.open("brand?q=tesla").await;
    assert!(
        browser
            .page
            .contains("Ride Ledger does not connect Tesla cars.")
    );
    browser.open("brand?q=renault").await;
    assert!(
        browser
            .page
            .contains("cannot be connected in the United States yet")
    );
    browser.post("brand", "make=TESLA").await;
    assert!(browser.at.ends_with("/incompatible"));
    assert!(
        browser
            .page
            .contains("Ride Ledger does not connect Tesla cars")
    );
}

#[tokio::test]
async fn a_link_with_a_brand_that_is_not_listed_leads_to_the_list() {
    let app = App::start().await;
    app.set(|settings| settings.brands = vec![BrandId::new("KIA")])
        .await;
    let mut browser = app.opened("&make=TESLA").await;
    browser.post("start", "country=US").await;
    assert!(browser.at.ends_with("/brand"));
    assert!(
        browser
            .page
            .contains("Ride Ledger does not connect Tesla cars.")
    );
    let mut browser = app.opened("&make=KIA").await;
    browser.post("start", "country=US").await;
    assert!(browser.at.ends_with("/login"));
}

#[tokio::test]
async fn brands_can_be_listed_by_what_they_sell() {
    let app = App::start().await;
    app.set(|settings| settings.brand_engines = vec![Engine::Ice])
        .await;
    let mut browser = app.opened("").await;
    browser.post("start", "country=US").await;
    assert!(browser.page.contains("id=\"FORD\"") && !browser.page.contains("id=\"TESLA\""));
}

#[tokio::test]
async fn only_enabled_countries_can_be_chosen_and_the_default_is_preset() {
    let app = App::start().await;
    app.set(|settings| {
        settings.countries = vec!["DE".to_owned(), "FR".to_owned()];
        settings.default_country = Some("FR".to_owned());
    })
    .await;
    let mut browser = app.opened("").await;
    assert!(browser.page.contains("<option value=\"FR\" selected>"));
    assert!(browser.page.contains("<option value=\"DE\">"));
    assert!(!browser.page.contains("<option value=\"US\""));
    browser.post("start", "country=US").await;
    browser.open("start").await;
    assert!(browser.page.contains("<option value=\"FR\" selected>"));
    let browser = app.opened("&flags=country:DE").await;
    assert!(browser.page.contains("<option value=\"DE\" selected>"));
    let browser = app.opened("&flags=country:US").await;
    assert!(browser.page.contains("<option value=\"FR\" selected>"));
}

#[tokio::test]
async fn cars_that_are_not_taken_are_shown_as_incompatible() {
    let app = App::start().await;
    app.set(|settings| settings.engines = vec![Engine::Ice])
        .await;
    let mut browser = app.opened("").await;
    browser.goes_to_login("TESLA").await;
    browser.sign_in("owner@example.net").await;
    assert!(browser.at.ends_with("/incompatible"), "{}", browser.at);
    assert!(
        browser
            .page
            .contains("Ride Ledger connects cars with an engine and no plug only.")
    );
    let answer = browser.post("exit", "share=vehicle").await;
    assert_eq!(
        answer.query("error").as_deref(),
        Some("vehicle_incompatible")
    );
    assert_eq!(answer.query("make").as_deref(), Some("TESLA"));
}

#[tokio::test]
async fn a_car_that_is_not_taken_does_not_hinder_the_others() {
    let trabant = "id = 'TRABANT'\nname = 'Trabant'\nplate = 'Tr'\nregions = ['US']\n\
                   [[test]]\nmodel = '601'\nyears = [1988, 1989]\nlevel = 'fuel'\n\
                   [[test]]\nmodel = 'nT'\nyears = [2024, 2025]\nlevel = 'bev'";
    let brands = Brands::with_overlay(&[("trabant.toml".to_owned(), trabant.to_owned())]);
    let app = App::among(brands.unwrap(), |_| (), &[CALLBACK]).await;
    app.set(|settings| settings.engines = vec![Engine::Bev])
        .await;
    let mut browser = app.opened("").await;
    browser
        .goes_to_grant("TRABANT", "9-vehicles@smartcar.com")
        .await;
    let left = browser.page.matches("name=\"vehicle\"").count();
    assert!((1..9).contains(&left), "{left}");
    assert!(browser.page.contains("id=\"blocked-vehicles\""));
    assert!(browser.page.contains("Trabant 601"), "{}", browser.page);
    assert!(
        browser
            .page
            .contains("Ride Ledger connects battery cars only.")
    );
    let all = "decision=allow&vehicle=1&vehicle=2&permission=read_odometer";
    assert!(browser.post("grant", all).await.query("code").is_some());
}

#[tokio::test]
async fn accent_logo_welcome_and_help_are_shown() {
    let app = App::start().await;
    app.set(|settings| {
        settings.accent = Some("c2185b".to_owned());
        settings.logo = Some("0123.svg".to_owned());
        settings.welcome = "Hello <b>there</b>".to_owned();
        settings.support = Some("https://rideledger.example.net/help".to_owned());
    })
    .await;
    let id = app.application.id;
    let mut browser = app.opened("").await;
    for page in ["start", "brand"] {
        assert!(browser.page.contains("/assets/accent-c2185b.css"), "{page}");
        let logo = format!("<img class=\"plate plate-l\" src=\"/logos/{id}/0123.svg\" alt=\"\">");
        assert!(browser.page.contains(&logo), "{page}");
        let help = "<a href=\"https://rideledger.example.net/help\">Help from Ride Ledger</a>";
        assert!(browser.page.contains(help), "{page}");
        if page == "start" {
            let welcome = "Ride Ledger says:</strong> Hello &#60;b&#62;there&#60;/b&#62;";
            assert!(browser.page.contains(welcome), "{}", browser.page);
            browser.post("start", "country=US").await;
        }
    }
    // The link knows better.
    let browser = app.opened("&flags=color:00819D").await;
    assert!(browser.page.contains("/assets/accent-00819d.css"));
    assert!(!browser.page.contains("accent-c2185b"));
}

#[tokio::test]
async fn a_logo_is_given_out_under_its_name_only_and_can_do_nothing() {
    let app = App::start().await;
    let id = app.application.id;
    let unit = async move |tx: &mut Tx<'_>| {
        connect_settings::put_logo(tx, id, Some(("0123.svg", b"<svg/>"))).await
    };
    let put: Result<(), StoreError> = app.services.store.write(unit).await;
    put.unwrap();
    let mut browser = app.browser();
    let logo = browser.get(&format!("/logos/{id}/0123.svg")).await;
    assert_eq!(
        (logo.status, logo.body.as_str()),
        (StatusCode::OK, "<svg/>")
    );
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    assert!(logo.header("content-security-policy").contains("sandbox"));
    for address in [
        format!("/logos/{id}/0124.svg"),
        "/logos/x/0123.svg".to_owned(),
    ] {
        assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn previews_are_the_pages_themselves_and_work_nowhere_else() {
    let app = App::start().await;
    let mut application = app.application.clone();
    application.default_scope = "required:read_odometer control_charge".parse().unwrap();
    let shown = Shown {
        application,
        settings: ConnectSettings {
            accent: Some("c2185b".to_owned()),
            welcome: "Hello".to_owned(),
            ..ConnectSettings::default()
        },
        redirect_uri: Some(CALLBACK.to_owned()),
    };
    let read = async |response: axum::response::Response| {
        let csp = response.headers()["content-security-policy"].clone();
        let csp = csp.to_str().unwrap().to_owned();
        assert!(
            csp.ends_with("form-action 'none'; sandbox allow-same-origin"),
            "{csp}"
        );
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        assets::unhashed(std::str::from_utf8(&body.unwrap()).unwrap())
    };
    let grant = read(preview::grant_page(&app.services, shown.clone())).await;
    assert!(grant.contains("id=\"control_charge\"") && grant.contains("page-content"));
    assert!(grant.contains("value=\"read_odometer\" checked disabled"));
    assert!(grant.contains("accent-c2185b") && grant.contains("rideledger.example.net"));
    let start = read(preview::start_page(&app.services, shown)).await;
    assert!(start.contains("id=\"continue-button\"") && start.contains("says:</strong> Hello"));
}

#[tokio::test]
async fn switches_of_a_cached_application_are_obeyed_at_once() {
    let app = App::start().await;
    app.opened("").await;
    let mut application = app.application.clone();
    application.require_pkce = true;
    let unit = async move |tx: &mut Tx<'_>| {
        connect_settings::hold(tx, application.id).await?;
        connect_settings::save(tx, &application, &ConnectSettings::default()).await
    };
    let saved: Result<bool, StoreError> = app.services.store.write(unit).await;
    assert!(saved.unwrap());
    let browser = app.opened("").await;
    assert!(browser.page.contains("This application must use PKCE."));
}

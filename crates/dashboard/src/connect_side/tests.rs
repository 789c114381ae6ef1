//! The tabs through the router.

use std::fmt::Write as _;

use axum::http::StatusCode;
use carport_model::{BrandId, ConnectSettings, Engine};
use carport_store::{Client, StoreError, Tx, audit_log, connect_settings, redirect_uris};
use carport_testkit::Answer;

use crate::simulator::tests::Site;

const SVG: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M0 0h9v9z\"/></svg>";

/// Texts that want to be more than text; each comes back as text wherever it is shown again.
const HOSTILE: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)",
    "</textarea><script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "%3Cscript%3E",
    "\u{202e}gnp.exe",
    "𝕏\u{0301}👩‍👩‍👧",
];

/// Where a tab of the application is.
fn tab(site: &Site, tab: &str) -> String {
    format!("/dashboard/applications/{}/{tab}", site.client.id)
}

async fn client(site: &Site) -> Client {
    let id = site.client.application.id;
    let client = site.bed.store.client(id).await.unwrap().unwrap();
    (*client).clone()
}

async fn settings(site: &Site) -> ConnectSettings {
    (*client(site).await.settings).clone()
}

/// What the audit log says was done, in no order.
async fn actions(site: &Site) -> Vec<String> {
    let id = site.client.application.id;
    let list = async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 20).await;
    let entries: Result<_, StoreError> = site.bed.store.scan(list).await;
    let mut actions: Vec<_> = entries.unwrap().into_iter().map(|e| e.action).collect();
    actions.sort();
    actions
}

async fn sends_file(site: &Site, csrf: &str, file: &[u8]) -> Answer {
    const EDGE: &str = "edge";
    let mut body = format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --{EDGE}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.svg\"\r\n\
         Content-Type: text/html\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    let mut end = String::new();
    write!(end, "\r\n--{EDGE}--\r\n").unwrap();
    body.extend_from_slice(end.as_bytes());
    let kind = format!("multipart/form-data; boundary={EDGE}");
    let path = tab(site, "appearance/logo");
    site.posting(&path).body(&kind, body).send().await
}

#[tokio::test]
async fn every_tab_is_shown_and_leads_to_the_others() {
    let site = Site::dev().await;
    for name in ["access", "brands", "appearance", "security"] {
        let answer = site.get(&tab(&site, name)).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        let current = format!("href=\"{}\" aria-current=\"page\"", tab(&site, name));
        assert!(answer.text().contains(&current), "{name}");
        let csp = answer.header("content-security-policy");
        let frames = ["access", "appearance"].contains(&name);
        assert_eq!(csp.contains("frame-src 'self'"), frames, "{name}");
        assert!(csp.contains("frame-ancestors 'none'"), "{name}");
        let unknown = site.get(&format!("/dashboard/applications/x/{name}")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        let nobody = Site::with(crate::Access::Nobody).await;
        let closed = nobody.get(&tab(&nobody, name)).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{name}");
    }
}

#[tokio::test]
async fn vehicle_access_is_saved_and_previewed() {
    let site = Site::dev().await;
    let fields = [
        ("permission", "read_location"),
        ("permission", "read_odometer"),
        ("required", "read_odometer"),
        ("permission", "read_mind"),
    ];
    // Nothing is saved by looking.
    let shown = site.post(&tab(&site, "access/preview"), &fields).await;
    assert_eq!(shown.text(), "grant required:read_odometer read_location");
    let before = client(&site).await.application.default_scope.to_string();
    assert_eq!(before, "read_vehicle_info");
    let saved = site.post(&tab(&site, "access"), &fields).await;
    assert_eq!(saved.header("location"), tab(&site, "access?did=access"));
    let after = client(&site).await.application.default_scope.to_string();
    assert_eq!(after, "required:read_odometer read_location");
    let page = site.get(&tab(&site, "access?did=access")).await;
    assert!(page.text().contains("class=\"toast\""));
    assert!(page.text().contains("value=\"read_location\" checked"));
    let shown = site.get(&tab(&site, "access/preview")).await;
    assert_eq!(shown.text(), "grant required:read_odometer read_location");
    site.post(&tab(&site, "access"), &[]).await;
    let page = site.get(&tab(&site, "access")).await;
    assert!(page.text().contains("every Connect link must name a"));
    assert_eq!(actions(&site).await, ["vehicle_access.changed"; 2]);
}

#[tokio::test]
async fn brands_countries_and_cars_are_forms_of_their_own() {
    let site = Site::dev().await;
    let path = tab(&site, "brands");
    let brands = [("part", "brands"), ("brand", "KIA"), ("sold", "BEV")];
    let saved = site.post(&path, &brands).await;
    assert_eq!(saved.header("location"), tab(&site, "brands?did=brands"));
    let wrong = [("part", "countries"), ("country", "DE"), ("default", "US")];
    let refused = site.post(&path, &wrong).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("<title>Error: "));
    assert!(refused.text().contains("id=\"defaultCountry-error\""));
    assert!(refused.text().contains("value=\"DE\" checked"));
    let countries = [("part", "countries"), ("country", "DE"), ("default", "DE")];
    site.post(&path, &countries).await;
    site.post(&path, &[("part", "cars"), ("engine", "PHEV")])
        .await;
    let kept = settings(&site).await;
    assert_eq!(kept.brands, [BrandId::new("KIA")]);
    assert_eq!(kept.brand_engines, [Engine::Bev]);
    assert_eq!(kept.countries, ["DE"]);
    assert_eq!(kept.default_country.as_deref(), Some("DE"));
    assert_eq!(
        (kept.engines.as_slice(), kept.unknown_engine),
        (&[Engine::Phev][..], false)
    );
    let page = site.get(&path).await;
    for mark in [
        "id=\"brand-KIA\"",
        "id=\"sold-BEV\"",
        "id=\"country-DE\"",
        "id=\"engine-PHEV\"",
    ] {
        let tick = page.text().split(mark).nth(1).unwrap();
        assert!(
            tick.split('>').next().unwrap().ends_with(" checked"),
            "{mark}"
        );
    }
    assert_eq!(
        actions(&site).await,
        [
            "brands.changed",
            "connection_filter.changed",
            "countries.changed"
        ]
    );
}

#[tokio::test]
async fn colour_and_words_are_saved_and_come_back_when_they_are_wrong() {
    let site = Site::dev().await;
    let path = tab(&site, "appearance");
    let fields = [("accent", "ffe08a"), ("welcome", "Hello"), ("support", "")];
    let shown = site.post(&tab(&site, "appearance/preview"), &fields).await;
    assert_eq!(shown.text(), "start ffe08a Hello");
    assert_eq!(
        site.post(&path, &fields).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(settings(&site).await.accent.as_deref(), Some("ffe08a"));
    let page = site.get(&path).await;
    // What Connect makes of it: darker on light pages, as it is on dark ones.
    assert!(page.text().contains("fill=\"#ffe08a\""));
    assert_eq!(page.text().matches("class=\"shade\"").count(), 2);
    for text in HOSTILE {
        let fields = [("accent", text), ("welcome", text), ("support", text)];
        let refused = site.post(&path, &fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{text}");
        assert!(!refused.text().contains("<script>alert"), "{text}");
        assert!(!refused.text().contains("<img src=x"), "{text}");
        assert!(!refused.text().contains("' onfocus='"), "{text}");
    }
    assert_eq!(settings(&site).await.welcome, "Hello");
}

#[tokio::test]
async fn a_logo_is_taken_in_clean_and_taken_away() {
    let site = Site::dev().await;
    let csrf = site.csrf();
    let saved = sends_file(&site, &csrf, SVG.as_bytes()).await;
    assert_eq!(saved.header("location"), tab(&site, "appearance?did=logo"));
    let name = settings(&site).await.logo.unwrap();
    let page = site.get(&tab(&site, "appearance")).await;
    let address = format!("/logos/{}/{name}", site.client.id);
    assert!(page.text().contains(&address));
    let hostile = SVG.replace("<path", "<script>alert(1)</script><path");
    let saved = sends_file(&site, &csrf, hostile.as_bytes()).await;
    assert_eq!(
        saved.header("location"),
        tab(&site, "appearance?did=logo-in-part")
    );
    // Without its script it is the very same file.
    assert_eq!(settings(&site).await.logo.as_deref(), Some(name.as_str()));
    let id = site.client.application.id;
    let find = async move |tx: &mut Tx<'_>| connect_settings::logo(tx, id, &name).await;
    let kept: Result<_, StoreError> = site.bed.store.read(find).await;
    assert!(
        !String::from_utf8(kept.unwrap().unwrap())
            .unwrap()
            .contains("script")
    );
    let removed = site.post(&tab(&site, "appearance/logo/remove"), &[]).await;
    assert_eq!(
        removed.header("location"),
        tab(&site, "appearance?did=logo-removed")
    );
    assert_eq!(settings(&site).await.logo, None);
    assert_eq!(actions(&site).await, ["logo.changed"; 2]);
}

#[tokio::test]
async fn a_file_that_is_none_or_comes_from_elsewhere_changes_nothing() {
    let site = Site::dev().await;
    let csrf = site.csrf();
    for (file, reason) in [
        (&b""[..], "Choose a file first."),
        (b"GIF89a", "neither a PNG nor an SVG"),
        (&vec![b'<'; 256 * 1024 + 1], "larger than 256 KiB"),
    ] {
        let refused = sends_file(&site, &csrf, file).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{reason}");
        assert!(refused.text().contains(reason), "{reason}");
        assert!(refused.text().contains("id=\"file-error\""));
    }
    let huge = sends_file(&site, &csrf, &vec![b'<'; 2 * 1024 * 1024]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let foreign = sends_file(&site, "0".repeat(64).as_str(), SVG.as_bytes()).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let path = tab(&site, "appearance/logo");
    let stranger = site.posting(&path).header("origin", "https://evil.example");
    let stranger = stranger.body("multipart/form-data; boundary=x", "--x--\r\n");
    assert_eq!(stranger.send().await.status, StatusCode::FORBIDDEN);
    let plain = site.post(&path, &[]).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    assert_eq!(settings(&site).await, ConnectSettings::default());
}

#[tokio::test]
async fn switches_and_origins() {
    let site = Site::dev().await;
    let path = tab(&site, "security");
    let saved = site.post(&path, &[("pkce", "on"), ("strict", "on")]).await;
    assert_eq!(
        saved.header("location"),
        tab(&site, "security?did=security")
    );
    let application = client(&site).await.application;
    assert!(application.require_pkce && application.strict_required && !application.send_iss);
    let origins = tab(&site, "security/origins");
    let refused = site
        .post(&origins, &[("origin", "http://app.example.net")])
        .await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("value=\"http://app.example.net\""));
    site.post(&origins, &[("origin", "https://app.example.net/")])
        .await;
    let id = site.client.application.id;
    let uris = async move |tx: &mut Tx<'_>| redirect_uris::list(tx, id).await;
    let uris: Result<Vec<String>, StoreError> = site.bed.store.read(uris).await;
    let added = "http://localhost:2277/v2/redirect?app_origin=https://app.example.net";
    assert_eq!(uris.unwrap().last().map(String::as_str), Some(added));
    let page = site.get(&path).await;
    assert!(
        page.text()
            .contains("value=\"https://app.example.net\">Remove")
    );
    let remove = tab(&site, "security/origins/remove");
    site.post(&remove, &[("origin", "https://app.example.net")])
        .await;
    assert!(site.get(&path).await.text().contains("No origin yet"));
    assert_eq!(
        actions(&site).await,
        [
            "redirect_uri.added",
            "redirect_uri.removed",
            "security.changed"
        ]
    );
}

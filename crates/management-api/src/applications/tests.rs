//! The calls through the router.

use std::sync::Arc;

use axum::http::Method;
use carport_model::Brands;
use carport_oauth::applications::Applications;
use carport_oauth::sealing::Sealer;
use carport_testkit::{Answer, Registered, TestApp, TestBed, hostile};
use carport_web::layers;
use serde_json::json;

use super::ApplicationsApi;

struct Server {
    bed: TestBed,
    app: TestApp,
    client: Registered,
}

impl Server {
    async fn new() -> Self {
        let bed = TestBed::new().await;
        let client = bed.application().await;
        let sealer = Sealer::new(&[7; 32]);
        let (store, brands) = (bed.store.clone(), Arc::new(Brands::embedded()));
        let applications = Applications::new(store.clone(), bed.clock(), bed.rng(), sealer);
        let api = ApplicationsApi::new(store, &applications, brands, "http://carport.test");
        let routes = super::routes(api);
        let app = TestApp::serving(layers::identified(routes, bed.rng()));
        Self { bed, app, client }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v3/applications/{}{rest}", self.client.id)
    }

    async fn ask(&self, method: Method, path: &str) -> Answer {
        let request = self.app.request(method, path);
        request.bearer(&self.client.management_token).send().await
    }

    async fn tell(&self, method: Method, rest: &str, attributes: serde_json::Value) -> Answer {
        let request = self.app.request(method, &self.path(rest));
        let request = request.bearer(&self.client.management_token);
        let body = json!({ "data": { "attributes": attributes } });
        request.json(&body).send().await
    }
}

#[tokio::test]
async fn an_application_tells_of_itself() {
    let server = Server::new().await;
    let one = server.ask(Method::GET, &server.path("")).await;
    let list = server.ask(Method::GET, "/v3/applications").await;
    assert_eq!((one.status.as_u16(), list.status.as_u16()), (200, 200));
    assert_eq!(list.json()["data"][0], one.json()["data"]);
    assert_eq!(
        list.json()["meta"],
        json!({ "pageNumber": 1, "pageSize": 1, "totalCount": 1 })
    );
    let data = &one.json()["data"];
    assert_eq!(data["id"], server.client.id.as_str());
    assert_eq!(data["type"], "application");
    assert_eq!(data["attributes"]["name"], "Ladebär");
    assert_eq!(
        data["attributes"]["redirectUris"][0],
        server.client.redirect_uri.as_str()
    );
    let itself = format!("http://carport.test{}", server.path(""));
    assert_eq!(data["links"]["self"], itself.as_str());
}

#[tokio::test]
async fn only_its_own_token_opens_it() {
    let server = Server::new().await;
    let other = server.bed.application().await;
    let token = &server.client.management_token;
    for request in [
        server.app.get("/v3/applications"),
        server
            .app
            .get("/v3/applications")
            .bearer(&server.client.secret),
        server.app.get("/v3/applications").basic("default", token),
    ] {
        let refused = request.send().await;
        assert_eq!(refused.status, 401);
        let error = &refused.json()["errors"][0];
        assert_eq!(
            (&error["status"], &error["type"]),
            (&json!("401"), &json!("AUTHENTICATION"))
        );
        assert_eq!(error["meta"]["requestId"], refused.header("sc-request-id"));
        assert_eq!(
            error["links"]["about"],
            "http://carport.test/docs/errors/authentication"
        );
    }
    for (method, path) in [
        (Method::GET, format!("/v3/applications/{}", other.id)),
        (
            Method::GET,
            format!("/v3/applications/{}/secrets", other.id),
        ),
        (
            Method::POST,
            format!("/v3/applications/{}/secrets", other.id),
        ),
        (Method::GET, server.path("/colours")),
        (Method::DELETE, server.path("")),
    ] {
        let refused = server.ask(method, &path).await;
        assert_eq!(refused.status, 404, "{path}");
        assert_eq!(
            refused.json()["errors"][0]["type"],
            "RESOURCE_NOT_FOUND",
            "{path}"
        );
    }
}

#[tokio::test]
async fn secrets_are_made_told_once_and_revoked() {
    let server = Server::new().await;
    let wish = json!({ "overlapSeconds": 3600 });
    let made = server.tell(Method::POST, "/secrets", wish).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let value = made["data"]["attributes"]["value"].as_str().unwrap();
    let listed = server.ask(Method::GET, &server.path("/secrets")).await;
    assert!(!listed.text().contains(value));
    let listed = listed.json();
    assert_eq!(listed["meta"]["totalCount"], 2);
    let ends = listed["data"].as_array().unwrap().iter();
    assert_eq!(
        ends.filter(|secret| secret["meta"]["expiresAt"].is_null())
            .count(),
        1
    );
    let id = made["data"]["id"].as_str().unwrap();
    let path = server.path(&format!("/secrets/{id}"));
    assert_eq!(server.ask(Method::DELETE, &path).await.status, 204);
    assert_eq!(server.ask(Method::DELETE, &path).await.status, 404);
    let refused = server
        .tell(
            Method::POST,
            "/secrets",
            json!({ "overlapSeconds": 2_592_001 }),
        )
        .await;
    assert_eq!(refused.status, 400);
    // Without a body it is a day.
    let usual = server.ask(Method::POST, &server.path("/secrets")).await;
    assert_eq!(usual.status, 201);
}

#[tokio::test]
async fn texts_and_addresses_change() {
    let server = Server::new().await;
    let wish = json!({ "name": "Wanderbär", "description": "Walks." });
    let changed = server.tell(Method::PATCH, "", wish).await.json();
    assert_eq!(changed["data"]["attributes"]["name"], "Wanderbär");
    let uri = "https://wanderbaer.test/back?a=1&b=2";
    let wish = json!({ "uri": uri, "isDefault": true });
    let added = server
        .tell(Method::POST, "/redirect-uris", wish)
        .await
        .json();
    assert_eq!(added["data"]["attributes"]["redirectUris"][0], uri);
    let refused = server
        .tell(
            Method::POST,
            "/redirect-uris",
            json!({ "uri": "http://a.example/" }),
        )
        .await;
    assert_eq!(refused.status, 400);
    let detail = refused.json()["errors"][0]["detail"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(detail.contains("Use https."), "{detail}");
    let path = server.path("/redirect-uris?uri=https://wanderbaer.test/back?a=1%26b=2");
    assert_eq!(server.ask(Method::DELETE, &path).await.status, 204);
    assert_eq!(server.ask(Method::DELETE, &path).await.status, 404);
    let unknown = server
        .tell(Method::PATCH, "", json!({ "colour": "red" }))
        .await;
    assert_eq!(unknown.status, 400);
}

#[tokio::test]
async fn no_text_breaks_an_answer() {
    let server = Server::new().await;
    for text in hostile() {
        let told = server
            .tell(Method::PATCH, "", json!({ "description": text }))
            .await;
        assert!(
            [200, 400].contains(&told.status.as_u16()),
            "{:.40}",
            text.escape_debug()
        );
        let told = server
            .tell(Method::POST, "/redirect-uris", json!({ "uri": text }))
            .await;
        assert_eq!(told.status, 400, "{:.40}", text.escape_debug());
        let _ = told.json();
    }
}

#[tokio::test]
async fn what_owners_see_is_told_and_changed() {
    let server = Server::new().await;
    let path = server.path("/connect");
    let before = server.ask(Method::GET, &path).await.json();
    assert_eq!(before["data"]["attributes"]["brands"], json!([]));
    assert_eq!(before["data"]["attributes"]["accent"], json!(null));
    let wish = json!({ "brands": ["vw", "KIA"], "engines": ["BEV"], "accent": "#00819D", "requirePkce": true });
    let told = server.tell(Method::PATCH, "/connect", wish).await;
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    let attributes = &told["data"]["attributes"];
    assert_eq!(attributes["brands"], json!(["KIA", "VOLKSWAGEN"]));
    assert_eq!(attributes["engines"], json!(["BEV"]));
    assert_eq!(attributes["accent"], "00819d");
    assert_eq!(attributes["requirePkce"], true);
    // What was not named stayed, and what was told may be sent back as it is.
    assert_eq!(attributes["scope"], before["data"]["attributes"]["scope"]);
    let same = server
        .tell(Method::PATCH, "/connect", attributes.clone())
        .await;
    assert_eq!(same.json(), told);
    let back = json!({ "brands": [], "accent": "" });
    let back = server.tell(Method::PATCH, "/connect", back).await.json();
    assert_eq!(back["data"]["attributes"]["brands"], json!([]));
    assert_eq!(back["data"]["attributes"]["accent"], json!(null));
}

#[tokio::test]
async fn a_setting_that_will_not_do_changes_nothing() {
    let server = Server::new().await;
    let before = server
        .ask(Method::GET, &server.path("/connect"))
        .await
        .json();
    for (wish, field) in [
        (
            json!({ "welcome": "Hello", "brands": ["TRABANT"] }),
            "brands",
        ),
        (json!({ "welcome": "Hello", "accent": "green" }), "accent"),
        (json!({ "welcome": "Hello", "scope": "read_mind" }), "scope"),
        (json!({ "welcome": "Hello", "engines": ["STEAM"] }), "STEAM"),
        (json!({ "welcome": "Hello", "colour": "00819d" }), "colour"),
    ] {
        let told = server.tell(Method::PATCH, "/connect", wish).await;
        assert_eq!(told.status, 400, "{field}");
        let detail = told.json()["errors"][0]["detail"].to_string();
        assert!(detail.contains(field), "{detail}");
    }
    assert_eq!(
        server
            .ask(Method::GET, &server.path("/connect"))
            .await
            .json(),
        before
    );
    let foreign = "/v3/applications/00000000-0000-4000-8000-000000000000/connect";
    assert_eq!(server.ask(Method::GET, foreign).await.status, 404);
}

#[tokio::test]
async fn the_document_is_served() {
    let server = Server::new().await;
    let document = server.app.get("/openapi/applications.json").send().await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    assert_eq!(
        document.json()["servers"][0]["url"],
        "http://carport.test/v3"
    );
    let page = server.app.get("/docs/api/applications").send().await;
    assert!(page.text().contains("id=\"create_secret\""));
}

#[test]
fn the_document() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/openapi/applications.json"
    );
    carport_testkit::assert_kept(file, &super::openapi::generated::document());
}

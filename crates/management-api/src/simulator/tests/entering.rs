//! Who may come in.

use super::*;

#[tokio::test]
async fn a_token_opens_its_own_application() {
    for site in [Site::dev().await, Site::serve().await] {
        let (own, other) = (&site.client, site.bed.application().await);
        let asks = async |body: Value| {
            let request = site.app.post("/probe").header("host", "cars.example");
            let request = request.header("origin", "https://cars.example");
            let request = request.basic("default", &own.management_token);
            request.json(&body).send().await
        };
        assert_eq!(asks(json!({})).await.json()["for"], own.id);
        let named = asks(json!({ "application": own.id })).await;
        assert_eq!(named.json()["for"], own.id);
        let foreign = asks(json!({ "application": other.id })).await;
        assert_refused(&foreign, 400, "application");
    }
}

#[tokio::test]
async fn a_wrong_token_or_none_is_authentication() {
    let (dev, serve) = (Site::dev().await, Site::serve().await);
    let local = |site: &Site| site.app.get("/probe").header("host", "localhost");
    let refused = [
        local(&serve).send().await,
        local(&serve).basic("default", "x").send().await,
        local(&dev).basic("default", "x").send().await,
        local(&dev)
            .bearer(&dev.client.management_token)
            .send()
            .await,
    ];
    for answer in refused {
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["type"], "AUTHENTICATION");
    }
}

#[tokio::test]
async fn a_dev_server_lets_its_own_machine_in() {
    let site = Site::dev().await;
    let other = site.bed.application().await;
    for host in [
        "localhost",
        "LOCALHOST:2277",
        "127.0.0.1:80",
        "127.8.9.1",
        "[::1]:2277",
        "carport.test:2277",
    ] {
        let request = site.app.post("/probe").header("host", host);
        let answer = request.json(&json!({})).send().await;
        assert_eq!(answer.json()["for"], site.client.id, "{host}");
        let request = site.app.post("/probe").header("host", host);
        let named = request.json(&json!({ "application": other.id }));
        assert_eq!(named.send().await.json()["for"], other.id, "{host}");
    }
    let page = |origin| {
        let request = site.app.get("/probe").header("host", "localhost:2277");
        request.header("origin", origin)
    };
    for ours in ["http://localhost:2277", "http://carport.test:2277"] {
        let request = page(ours).header("sec-fetch-site", "same-origin");
        assert_eq!(request.send().await.status, 200, "{ours}");
    }
}

#[tokio::test]
async fn no_web_page_drives_a_dev_server() {
    let site = Site::dev().await;
    // A name of the page's own that leads to this machine.
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:2277",
        "carport.test",
        "evil@localhost",
        "",
    ] {
        let answer = site.app.get("/probe").header("host", host).send().await;
        assert_refused(&answer, 403, "host");
    }
    assert_refused(&site.app.get("/probe").send().await, 403, "host");
    let local = || site.app.post("/probe").header("host", "localhost:2277");
    for origin in [
        "https://evil.example",
        "http://localhost:3000",
        "https://localhost:2277",
        "null",
        "",
    ] {
        let answer = local().header("origin", origin).json(&json!({}));
        assert_refused(&answer.send().await, 403, "origin");
    }
    for site in ["cross-site", "same-site"] {
        let answer = local().header("sec-fetch-site", site).json(&json!({}));
        assert_refused(&answer.send().await, 403, "origin");
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        let answer = local().body(kind, "{}").send().await;
        assert_refused(&answer, 403, "content-type");
    }
}

#[tokio::test]
async fn bodies_are_json_that_says_so() {
    let site = Site::dev().await;
    let local = || site.app.post("/probe").header("host", "localhost");
    assert_refused(&local().send().await, 400, "content-type");
    for body in ["", "{", "{} {}"] {
        let answer = local().body("application/json", body).send().await;
        assert_refused(&answer, 400, "body");
    }
    let answer = local().body("Application/JSON; charset=utf-8", "{}").send();
    assert_eq!(answer.await.status, 200);
}

#[tokio::test]
async fn other_paths_are_not_there() {
    let site = Site::dev().await;
    for path in [
        "/simulator/v1",
        "/simulator/v1/nowhere",
        "/simulator/v1/a/b",
    ] {
        let answer = site.app.get(path).send().await;
        assert_eq!(answer.json()["code"], "PATH", "{path}");
    }
}

#[tokio::test]
async fn the_document_is_served() {
    let site = Site::serve().await;
    let document = site.app.get("/openapi/simulator.json").send().await.json();
    let server = "http://carport.test:2277/simulator/v1";
    assert_eq!(document["servers"][0]["url"], server);
    let page = site.app.get("/docs/api/simulator").send().await;
    assert!(page.text().contains("Carport simulator API"));
}

#[test]
fn the_document() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/openapi/simulator.json"
    );
    let document = crate::simulator::openapi::generated::document();
    carport_testkit::assert_kept(file, &document);
}

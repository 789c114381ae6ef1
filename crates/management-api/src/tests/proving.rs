//! Who may ask, and what else is not served.

use super::*;

#[tokio::test]
async fn a_wrong_or_missing_token_is_authentication() {
    let server = Server::new().await;
    server.connect((Mode::Test, "a@ladebaer.test"), 1).await;
    let token = &server.client.management_token;
    for method in [Method::GET, Method::DELETE] {
        // The token is judged before the query.
        let request = || {
            server
                .app
                .request(method.clone(), &format!("{PATH}?limit=x"))
        };
        let refused = [
            request().send().await,
            request().bearer(token).send().await,
            request().basic("default", "").send().await,
            request()
                .basic("default", &server.client.secret)
                .send()
                .await,
            request().basic(token, "default").send().await,
            request().header("authorization", "Basic ???").send().await,
        ];
        for answer in refused {
            assert_eq!(answer.status, 401);
            assert_eq!(
                answer.header("content-type"),
                "application/json; charset=utf-8"
            );
            let body = answer.json();
            assert_eq!(body["requestId"], answer.header("sc-request-id"));
            assert_eq!(body["statusCode"], 401);
            assert_eq!(
                (&body["type"], &body["code"]),
                (&json!("AUTHENTICATION"), &Value::Null)
            );
            assert_eq!(body["resolution"], json!({ "type": null }));
            assert_eq!(
                body["docURL"],
                "http://carport.test/docs/errors/authentication"
            );
        }
    }
}

#[tokio::test]
async fn any_user_name_will_do() {
    let server = Server::new().await;
    let token = &server.client.management_token;
    for name in ["default", "", "Ladebär", &server.client.id] {
        let answer = server.app.get(PATH).basic(name, token).send().await;
        assert_eq!(answer.status, 200, "{name}");
    }
}

#[tokio::test]
async fn a_disabled_application_manages_nothing() {
    let server = Server::new().await;
    let disabled = server
        .bed
        .application_with(|application| application.enabled = false)
        .await;
    let request = server
        .app
        .get(PATH)
        .basic("default", &disabled.management_token);
    assert_eq!(request.send().await.status, 401);
}

#[tokio::test]
async fn other_paths_and_methods_are_not_there() {
    let server = Server::new().await;
    for (method, path) in [
        (Method::POST, PATH),
        (Method::PUT, PATH),
        (Method::GET, "/v2.0/management/webhooks"),
        (Method::DELETE, "/v2.0/management/connections/x"),
    ] {
        let answer = server.app.request(method, path).send().await;
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &body["code"]),
            (404, &json!("PATH")),
            "{path}"
        );
        assert_eq!(answer.header("sc-request-id").len(), 36);
    }
}

#[tokio::test]
async fn the_document_is_served() {
    let server = Server::new().await;
    let document = server.app.get("/openapi/management.json").send().await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    let page = server.app.get("/docs/api/management").send().await;
    let text = page.text();
    for operation in ["list_connections", "delete_connections"] {
        assert!(text.contains(&format!("id=\"{operation}\"")), "{operation}");
    }
}

#[test]
fn the_document() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/openapi/management.json"
    );
    carport_testkit::assert_kept(file, &crate::openapi::generated::document());
}

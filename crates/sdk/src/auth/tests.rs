//! What goes over the wire to the token endpoint, and what comes back.

use super::*;
use crate::stub::Stub;
use crate::{Powertrain, Region, TestLevel};

const TOKENS: &str = r#"{"access_token":"a1","token_type":"Bearer","expires_in":7200,
    "refresh_token":"r1","scope":"read_vin"}"#;

fn client(stub: &Stub) -> AuthClient {
    AuthClient::builder("my id", "s-e.c_r~et")
        .redirect_uri("http://localhost:8000/exchange")
        .origins(Origins::single(&stub.origin))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_code_goes_out_as_a_form_with_basic_credentials() {
    let stub = Stub::answering(200, &[], TOKENS).await;
    let access = client(&stub).exchange_code("c+d/e").await.unwrap();
    assert_eq!(access.access_token.expose(), "a1");
    assert_eq!(access.expires_in, 7200);
    assert!(!access.is_expired() && !access.is_refresh_expired());

    let seen = stub.seen();
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/oauth/token")
    );
    assert_eq!(
        seen.header("authorization"),
        "Basic bXkgaWQ6cy1lLmNfcn5ldA=="
    );
    assert_eq!(
        seen.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert!(seen.header("user-agent").starts_with("carport-sdk/"));
    assert_eq!(
        seen.body,
        "grant_type=authorization_code&code=c%2Bd%2Fe\
         &redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fexchange"
    );
}

#[tokio::test]
async fn a_verifier_goes_along_and_an_unset_redirect_uri_does_not() {
    let stub = Stub::answering(200, &[], TOKENS).await;
    let client = AuthClient::builder("id", "s").origins(Origins::single(&stub.origin));
    let client = client.build().unwrap();
    client
        .exchange_code_with_pkce("c", &Pkce::new([0; 32]))
        .await
        .unwrap();
    let verifier = "A".repeat(43);
    let expected = format!("grant_type=authorization_code&code=c&code_verifier={verifier}");
    assert_eq!(stub.seen().body, expected);
}

#[tokio::test]
async fn a_refresh_token_goes_out_alone() {
    let stub = Stub::answering(200, &[], TOKENS).await;
    client(&stub)
        .exchange_refresh_token(&"r0".into())
        .await
        .unwrap();
    assert_eq!(
        stub.seen().body,
        "grant_type=refresh_token&refresh_token=r0"
    );
}

#[tokio::test]
async fn a_refusal_keeps_its_words() {
    let body = r#"{"error":"invalid_request","error_description":"Invalid code: 7f3a."}"#;
    let headers = &[("sc-request-id", "q-1"), ("retry-after", "7")];
    let stub = Stub::answering(400, headers, body).await;
    let error = client(&stub).exchange_code("7f3a").await.unwrap_err();
    // Without the code: whoever logs the error must not log what opens a car.
    assert_eq!(error.to_string(), "invalid_request: Invalid code: ***.");
    let Error::OAuth(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.status_code, 400);
    assert_eq!(error.request_id.as_deref(), Some("q-1"));
    assert_eq!(error.retry_after, Some(std::time::Duration::from_secs(7)));
}

#[tokio::test]
async fn only_200_is_success_and_a_short_body_is_no_success() {
    let stub = Stub::answering(201, &[], TOKENS).await;
    assert!(matches!(
        client(&stub).exchange_code("c").await,
        Err(Error::Api(_))
    ));
    let stub = Stub::answering(200, &[("sc-request-id", "q-2")], r#"{"access_token":"a"}"#).await;
    let error = client(&stub).exchange_code("c").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer could not be understood (request q-2)"
    );
}

#[test]
fn the_environment_names_the_application() {
    let lookup = |missing: &'static str| {
        AuthClient::from_lookup(move |name| match name {
            name if name == missing => None,
            "SMARTCAR_CLIENT_ID" => Some("app".to_owned()),
            "SMARTCAR_CLIENT_SECRET" => Some("hush".to_owned()),
            "SMARTCAR_REDIRECT_URI" => Some("http://localhost:8000/exchange".to_owned()),
            "SMARTCAR_API_ORIGIN" => Some("http://localhost:2277".to_owned()),
            _ => None,
        })
    };
    let client = lookup("nothing").unwrap();
    assert_eq!(client.origins().connect, "http://localhost:2277");
    assert!(!format!("{client:?}").contains("hush"));
    assert!(
        lookup("SMARTCAR_REDIRECT_URI")
            .unwrap()
            .redirect_uri
            .is_none()
    );
    for needed in ["SMARTCAR_CLIENT_ID", "SMARTCAR_CLIENT_SECRET"] {
        let error = lookup(needed).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the environment variable {needed} is not set")
        );
    }
}

#[tokio::test]
async fn compatibility_is_asked_with_the_applications_credentials() {
    let body = r#"{"compatible":true,"reason":null,"capabilities":[
        {"permission":"read_engine_oil","endpoint":"/engine/oil","capable":false,
         "reason":"VEHICLE_NOT_CAPABLE"}]}"#;
    let stub = Stub::answering(200, &[("sc-request-id", "q-4")], body).await;
    let query = CompatibilityQuery::new("0SCGMCT0386A85356", ["read_engine_oil", "read_fuel"])
        .country("US")
        .flag("a", "1")
        .flag("b", "true")
        .test(TestLevel::Phev);
    assert!(!format!("{query:?}").contains("0SC"));
    let answer = client(&stub).compatibility(&query).await.unwrap();
    assert!(answer.compatible && answer.reason.is_none());
    let capability = &answer.capabilities[0];
    assert_eq!(
        (capability.endpoint.as_str(), capability.capable),
        ("/engine/oil", false)
    );
    assert_eq!(capability.reason.as_deref(), Some("VEHICLE_NOT_CAPABLE"));
    assert_eq!(answer.meta.request_id.as_deref(), Some("q-4"));
    let seen = stub.seen();
    assert!(seen.header("authorization").starts_with("Basic "));
    assert_eq!(seen.header("sc-unit-system"), "");
    assert_eq!(
        seen.target,
        "/v2.0/compatibility?vin=0SCGMCT0386A85356&scope=read_engine_oil+read_fuel&country=US\
         &flags=a%3A1+b%3Atrue&mode=test&test_mode_compatibility_level=phev"
    );

    let bare = CompatibilityQuery::new("V", ["read_vin"]);
    client(&stub).compatibility(&bare).await.unwrap();
    assert_eq!(
        stub.seen().target,
        "/v2.0/compatibility?vin=V&scope=read_vin"
    );
}

#[tokio::test]
async fn a_vin_is_in_no_error() {
    let gone = client(&Stub::answering(200, &[], "").await);
    let query = CompatibilityQuery::new("0SCGMCT0386A85356", ["read_fuel"]);
    let error = gone.compatibility(&query).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    let text = format!("{error:?}");
    assert!(
        text.contains("/v2.0/compatibility") && !text.contains("0SC"),
        "{text}"
    );
}

#[tokio::test]
async fn the_matrix_comes_by_make() {
    let body = r#"{"NISSAN":[{"model":"LEAF","startYear":2018,"endYear":2024,"type":"BEV",
        "endpoints":["EV battery"],"permissions":["read_battery","read_charge"]},
        {"model":"?","startYear":2018,"endYear":2024,"type":"FCEV","endpoints":[],
        "permissions":[]}],"TESLA":[]}"#;
    let stub = Stub::answering(200, &[], body).await;
    let query = MatrixQuery::new(Region::Us)
        .make("nissan")
        .make("TESLA")
        .powertrain(Powertrain::Bev)
        .scope(["read_battery", "read_charge"])
        .mode(crate::Mode::Live);
    let answer = client(&stub).compatibility_matrix(&query).await.unwrap();
    let leaf = &answer.makes["NISSAN"][0];
    assert_eq!((leaf.start_year, leaf.end_year), (2018, 2024));
    assert_eq!(leaf.powertrain, Powertrain::Bev);
    assert_eq!(leaf.permissions, ["read_battery", "read_charge"]);
    assert_eq!(answer.makes["NISSAN"][1].powertrain, Powertrain::Unknown);
    assert!(answer.makes["TESLA"].is_empty());
    assert_eq!(
        stub.seen().target,
        "/v2.0/compatibility/matrix?region=US&type=BEV&make=nissan+TESLA\
         &scope=read_battery+read_charge&mode=live"
    );
}

#[tokio::test]
async fn a_refused_compatibility_is_an_error_of_the_api() {
    let body = r#"{"type":"VALIDATION","code":null,"description":"No VIN.","docURL":"d",
        "statusCode":400,"requestId":"q","resolution":{"type":null},
        "detail":[{"field":"vin","message":"It has 17 characters."}]}"#;
    let stub = Stub::answering(400, &[], body).await;
    let query = CompatibilityQuery::new("V", ["read_vin"]);
    let error = client(&stub).compatibility(&query).await.unwrap_err();
    assert_eq!(error.api().unwrap().detail[0]["field"], "vin");
    let error = client(&stub)
        .compatibility_matrix(&MatrixQuery::new(Region::Ca))
        .await;
    assert_eq!(error.unwrap_err().api().unwrap().type_, "VALIDATION");
}

/// Handlers of web frameworks need it: a future that cannot move between threads is refused there.
#[test]
fn calls_may_move_between_threads() {
    fn movable<T: Send>(_: T) {}
    let client = AuthClient::builder("id", "s").build().unwrap();
    movable(client.exchange_code("c"));
    movable(client.exchange_refresh_token(&"r".into()));
    let api = crate::Api::from_env().unwrap();
    movable(api.get_user("t"));
    movable(api.all_vehicles("t"));
    let session = crate::Session::new(client.clone(), crate::MemoryTokenStore::default());
    movable(session.access_token());
    let car = api.vehicle("v", &session);
    movable(car.odometer());
    movable(car.batch(crate::Batch::new()));
    movable(car.request::<serde_json::Value>(crate::Request::get("vin")));
    let management = client.management("t").unwrap();
    movable(management.delete_connections(&crate::ConnectionsOf::User("u".into())));
}

//! What the calls accept and how they refuse.

use super::*;

/// Status, and field and message of the detail.
async fn refusal(asking: &Asking, query: &str) -> (u16, String, String) {
    let answer = asking.get(&format!("/compatibility{query}")).await;
    let body = answer.json();
    assert_eq!(body["type"], "VALIDATION", "{query}: {body}");
    assert_eq!(body["code"], Value::Null);
    assert_eq!(body["resolution"], json!({"type": null}));
    assert_eq!(body["requestId"], answer.header("sc-request-id"));
    let detail = body["detail"].as_array().unwrap();
    assert_eq!(detail.len(), 1);
    let text = |key: &str| detail[0][key].as_str().unwrap().to_owned();
    (answer.status.as_u16(), text("field"), text("message"))
}

const TESLA: &str = "vin=5YJXCDE22HF068739";

#[tokio::test]
async fn parameters_that_are_wrong_are_named() {
    let asking = Asking::new().await;
    for (query, field) in [
        ("", "vin"),
        ("?vin=&scope=read_vin", "vin"),
        ("?scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF06873&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF0687391&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF06873I&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF06873o&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF06873Q&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF06873-&scope=read_vin", "vin"),
        ("?vin=5YJXCDE22HF068739", "scope"),
        ("?vin=5YJXCDE22HF068739&scope=+", "scope"),
        ("?vin=5YJXCDE22HF068739&scope=read_everything", "scope"),
        ("?vin=5YJXCDE22HF068739&scope=read_vin,read_fuel", "scope"),
        (
            "?vin=5YJXCDE22HF068739&scope=read_vin&country=USA",
            "country",
        ),
        (
            "?vin=5YJXCDE22HF068739&scope=read_vin&country=4%7F",
            "country",
        ),
        ("?vin=5YJXCDE22HF068739&scope=read_vin&mode=TESTS", "mode"),
        ("?vin=%FF&scope=read_vin", "query"),
    ] {
        let (status, named, message) = refusal(&asking, query).await;
        assert_eq!((status, named.as_str()), (400, field), "{query}");
        assert!(message.ends_with('.') && message.len() > 20, "{message}");
    }
    // The check digit of this one does not hold; it is not asked for.
    let answer = asking.about("5YJXCDE20HF068739", "read_vin", "").await;
    assert!(is_compatible(&answer));
}

#[tokio::test]
async fn test_mode_needs_a_level_and_says_which() {
    let asking = Asking::new().await;
    for level in [
        "",
        "&test_mode_compatibility_level=",
        "&test_mode_compatibility_level=BEV",
    ] {
        let query = format!("?{TESLA}&scope=read_vin&mode=test{level}");
        let expected = (
            400,
            "test_mode_compatibility_level".to_owned(),
            "Field must be one of: [compatible,phev,incompatible,fuel,dinosaur,bev]".to_owned(),
        );
        assert_eq!(refusal(&asking, &query).await, expected);
    }
}

#[tokio::test]
async fn spellings_that_clients_use() {
    let asking = Asking::new().await;
    for query in [
        "vin=5YJXCDE22HF068739&scope=read_odometer+read_location",
        "vin=5YJXCDE22HF068739&scope=read_odometer%20read_location&country=US",
        "vin=5yjxcde22hf068739&scope=required:read_odometer+read_location&country=",
        "scope=read_odometer++read_location+read_odometer&vin=5YJXCDE22HF068739&country=us&mode=live",
        "vin=5YJXCDE22HF068739&scope=read_odometer+required%3Aread_location&flags=country%3ADE+flag%3Atrue",
        "vin=5YJXCDE22HF068739&scope=read_odometer+read_location&colour=red&mode=",
    ] {
        let answer = asking.get(&format!("/compatibility?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        assert_eq!(
            capabilities(&answer.json()),
            ["/odometer", "/location"],
            "{query}"
        );
    }
}

#[tokio::test]
async fn only_applications_that_prove_themselves_are_answered() {
    let asking = Asking::new().await;
    let path = format!("/v2.0/compatibility?{TESLA}&scope=read_vin");
    let car = asking
        .bed
        .connect_vehicle(
            &asking.client,
            found_vehicle("0SCTESL1A2B3C4D5E", Level::Compatible),
            &["read_vin"],
        )
        .await;
    let (id, secret) = (&asking.client.id, &asking.client.secret);
    let get = |path: &str| asking.app.get(path);
    let unknown = "3f0b9a52-7c1e-4f0d-9a64-0c5d8f6e2b11";
    for request in [
        get(&path),
        get(&path).bearer(&car.access_token),
        get(&path).basic(id, "wrong"),
        get(&path).basic(id, ""),
        get(&path).basic(unknown, secret),
        get(&path).basic("default", &asking.client.management_token),
        get(&path).header("authorization", "Basic"),
        get(&path).header("authorization", "Basic %%%"),
        get(&path).header("authorization", "Basic Zm9v"),
        get("/v2.0/compatibility/matrix?region=US"),
        // Who is asking comes before what.
        get("/v2.0/compatibility"),
        get("/v2.0/compatibility/matrix"),
    ] {
        let answer = request.send().await;
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &body["type"]),
            (401, &json!("AUTHENTICATION"))
        );
        assert_eq!(body["requestId"], answer.header("sc-request-id"));
    }
    assert_eq!(get(&path).basic(id, secret).send().await.status, 200);
}

#[tokio::test]
async fn who_keeps_sending_wrong_secrets_is_slowed_down() {
    let asking = Asking::new().await;
    let path = format!("/v2.0/compatibility?{TESLA}&scope=read_vin");
    let try_once = async || {
        let request = asking.app.get(&path).basic(&asking.client.id, "wrong");
        request.send().await
    };
    let mut last = try_once().await;
    for _ in 0..30 {
        last = try_once().await;
    }
    assert_eq!(last.status, 429);
    assert_eq!(last.json()["code"], "SMARTCAR_API");
    assert_eq!(last.header("retry-after"), "");
    // The right one works all the time.
    assert!(is_compatible(
        &asking.about("5YJXCDE22HF068739", "read_vin", "").await
    ));
}

#[tokio::test]
async fn only_get_is_served() {
    let asking = Asking::new().await;
    for path in [
        "/v2.0/compatibility",
        "/v2.0/compatibility/matrix",
        "/v2.0/compatibility/else",
    ] {
        let request = asking.app.post(path);
        let answer = request
            .basic(&asking.client.id, &asking.client.secret)
            .send()
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (404, &json!("PATH"))
        );
    }
}

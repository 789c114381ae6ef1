//! Simulated cars: made, driven, set, deleted.

use super::*;

impl Site {
    /// A car of the site's application that is on its way.
    async fn car(&self) -> Value {
        let body = json!({ "make": "KIA", "model": "EV6", "name": "One", "play": true });
        let made = self.send("/simulations", &body).await;
        assert_eq!(made.status, 201, "{}", made.json());
        made.json()
    }

    async fn act(&self, car: &Value, action: &str, body: &Value) -> Answer {
        self.send(&path(car, action), body).await
    }
}

fn path(car: &Value, below: &str) -> String {
    format!("/simulations/{}{below}", car["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_car_is_made_shown_and_deleted() {
    let site = Site::dev().await;
    let car = site.car().await;
    insta::assert_json_snapshot!(car, {
        ".id" => "[id]", ".application" => "[id]", ".vehicleId" => "[id]",
        ".vin" => "[vin]", ".username" => "[login]", ".password" => "[password]",
    });
    assert_eq!(site.get(&path(&car, "")).await.json(), car);
    let deleted = site.delete(&path(&car, "")).await;
    assert_eq!((deleted.status.as_u16(), deleted.text()), (204, ""));
    assert_refused(&site.get(&path(&car, "")).await, 404, "id");
    assert_refused(&site.delete(&path(&car, "")).await, 404, "id");
    assert_refused(&site.get("/simulations/none").await, 404, "id");
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name() {
    let site = Site::dev().await;
    for (body, field) in [
        (json!({}), "model"),
        (json!({ "model": "EV6" }), "make"),
        (
            json!({ "make": "KIA", "model": "EV6", "vin": "5YJ3E1EA7KF317000" }),
            "vin",
        ),
        (json!({ "vin": "short" }), "vin"),
        (json!({ "powertrain": "STEAM" }), "powertrain"),
        (json!({ "powertrain": "BEV", "latency": "slow" }), "latency"),
        (json!({ "powertrain": "BEV", "country": "XX" }), "country"),
        (
            json!({ "powertrain": "BEV", "application": "x" }),
            "application",
        ),
        (json!({ "powertrain": "BEV", "colour": "red" }), "body"),
    ] {
        let answer = site.send("/simulations", &body).await;
        assert_refused(&answer, 400, field);
    }
    for _ in 0..2 {
        site.car().await;
    }
    let third = site
        .send("/simulations", &json!({ "powertrain": "BEV" }))
        .await;
    assert_refused(&third, 409, "application");
}

#[tokio::test]
async fn a_list_goes_page_by_page() {
    let site = Site::dev().await;
    let (one, two) = (site.car().await, site.car().await);
    let page = site.get("/simulations?limit=1").await.json();
    assert_eq!(page["paging"]["count"], 2);
    let cursor = page["paging"]["cursor"].as_str().unwrap();
    let next = site
        .get(&format!("/simulations?limit=1&cursor={cursor}"))
        .await
        .json();
    assert_eq!(next["paging"]["cursor"], Value::Null);
    let ids = [&page, &next].map(|page| page["simulations"][0]["id"].clone());
    assert!(ids.contains(&one["id"]) && ids.contains(&two["id"]));
    assert_refused(&site.get("/simulations?cursor=x").await, 400, "cursor");
    assert_refused(&site.get("/simulations?limit=0").await, 400, "limit");
}

#[tokio::test]
async fn a_car_goes_where_it_is_told() {
    let site = Site::dev().await;
    let car = site.car().await;
    let paused = site.act(&car, "/pause", &json!({})).await.json();
    assert_eq!(paused["status"], "paused");
    let jumped = site
        .act(&car, "/jump", &json!({ "stage": "Charge at home" }))
        .await
        .json();
    assert_eq!(
        (&jumped["status"], &jumped["stage"]["index"]),
        (&json!("paused"), &json!(5))
    );
    let jumped = site.act(&car, "/jump", &json!({ "stage": 1 })).await.json();
    assert_eq!(jumped["stage"]["name"], "Drive to work");
    let playing = site.act(&car, "/play", &json!({})).await.json();
    assert_eq!(playing["status"], "running");
    let again = site.act(&car, "/restart", &json!({})).await.json();
    assert_eq!(
        (&again["stage"]["index"], &again["elapsedSeconds"]),
        (&json!(0), &json!(0.0))
    );
    for stage in [
        json!(7),
        json!(-1),
        json!(1.5),
        json!("nowhere"),
        Value::Null,
    ] {
        let refused = site.act(&car, "/jump", &json!({ "stage": stage })).await;
        assert_refused(&refused, 400, "stage");
    }
}

#[tokio::test]
async fn a_car_is_changed_wholly_or_not_at_all() {
    let site = Site::dev().await;
    let car = site.car().await;
    let change = async |body: Value| {
        let path = format!("/simulator/v1{}", path(&car, ""));
        let request = site.app.request(axum::http::Method::PATCH, &path);
        request.header("host", "localhost").json(&body).send().await
    };
    let changed = change(json!({
        "name": "Two", "speed": 60, "scenario": "parked", "city": "oslo",
        "latency": "realistic", "stateless": true,
    }));
    let changed = changed.await.json();
    for (member, value) in [
        ("name", json!("Two")),
        ("speed", json!(60)),
        ("scenario", json!("parked")),
        ("city", json!("oslo")),
        ("latency", json!("realistic")),
        ("stateless", json!(true)),
    ] {
        assert_eq!(changed[member], value, "{member}");
    }
    for (member, value) in [
        ("speed", json!(0)),
        ("speed", json!(-1)),
        ("speed", json!(3601)),
        ("scenario", json!("none")),
        ("city", json!("none")),
        ("name", json!("")),
        ("latency", json!("slow")),
    ] {
        let mut body = json!({ "stateless": false });
        body[member] = value;
        assert_refused(&change(body).await, 400, member);
    }
    assert_refused(&change(json!({ "speed": "fast" })).await, 400, "body");
    assert_eq!(site.get(&path(&car, "")).await.json(), changed);
}

#[tokio::test]
async fn signals_are_shown_set_and_taken_back() {
    let site = Site::dev().await;
    let car = site.car().await;
    let all = site.get(&path(&car, "/signals")).await.json();
    let signals = all["signals"].as_object().unwrap();
    assert!(signals.len() > 60, "{}", signals.len());
    assert!(!signals.contains_key("internalcombustionengine-fuellevel"));
    assert_eq!(
        signals["vehicleidentification-nickname"],
        json!({ "value": "One", "isSet": true })
    );
    let soc = path(&car, "/signals/tractionbattery-stateofcharge");
    let before = site.get(&soc).await.json();
    assert_eq!(before["isSet"], false);
    let put = async |path: &str, body: Value| {
        let path = format!("/simulator/v1{path}");
        let request = site.app.request(axum::http::Method::PUT, &path);
        request.header("host", "localhost").json(&body).send().await
    };
    let set = put(&soc, json!({ "value": 0.25 })).await.json();
    assert_eq!(set, json!({ "value": 0.25, "isSet": true }));
    assert_refused(&put(&soc, json!({ "value": "half" })).await, 400, "value");
    assert_refused(&put(&soc, json!({ "level": 1 })).await, 400, "body");
    let fuel = path(&car, "/signals/internalcombustionengine-fuellevel");
    assert_refused(&put(&fuel, json!({ "value": 0.5 })).await, 400, "code");
    assert_refused(&site.get(&fuel).await, 404, "code");
    assert_refused(
        &site.get(&path(&car, "/signals/nothing")).await,
        404,
        "code",
    );
    assert_eq!(site.delete(&soc).await.json(), before);
}

#[tokio::test]
async fn applications_do_not_see_each_others_cars() {
    let site = Site::serve().await;
    let other = site.bed.application().await;
    let as_client = |path: &str, client: &Registered| {
        let request = site.app.get(&format!("/simulator/v1{path}"));
        request.basic("default", &client.management_token)
    };
    let request = site.app.post("/simulator/v1/simulations");
    let request = request.basic("default", &site.client.management_token);
    let car = request
        .json(&json!({ "powertrain": "PHEV" }))
        .send()
        .await
        .json();
    let own = as_client("/simulations", &site.client).send().await.json();
    assert_eq!(own["simulations"][0]["id"], car["id"]);
    let strange = as_client("/simulations", &other).send().await.json();
    assert_eq!(strange["simulations"], json!([]));
    for below in ["", "/signals", "/signals/closure-islocked"] {
        let answer = as_client(&path(&car, below), &other).send().await;
        assert_refused(&answer, 404, "id");
    }
    for action in ["/play", "/pause", "/restart"] {
        let request = site
            .app
            .post(&format!("/simulator/v1{}", path(&car, action)));
        let request = request.basic("default", &other.management_token);
        assert_refused(&request.json(&json!({})).send().await, 404, "id");
    }
    let named = format!("/simulations?application={}", site.client.id);
    assert_refused(&as_client(&named, &other).send().await, 400, "application");
}

#[tokio::test]
async fn owners_consent_without_pages() {
    let site = Site::dev().await;
    let car = site.car().await;
    let answer = site
        .send("/connect", &json!({ "simulation": car["id"] }))
        .await
        .json();
    assert_eq!(answer["code"], "abc");
    let url = answer["redirectUrl"].as_str().unwrap();
    let login = car["username"].as_str().unwrap();
    assert!(
        url.ends_with(&format!(
            "brand=KIA&login={login}&known=true&simulated=true"
        )),
        "{url}"
    );
    let answer = site
        .send("/connect", &json!({ "brand": "BMW" }))
        .await
        .json();
    let url = answer["redirectUrl"].as_str().unwrap();
    assert!(
        url.ends_with("login=owner@example.net&known=false&simulated=false"),
        "{url}"
    );
    let mixed = json!({ "simulation": car["id"], "brand": "KIA" });
    for (body, status, field) in [
        (mixed, 400, "simulation"),
        (json!({ "simulation": "none" }), 404, "simulation"),
        (json!({}), 400, "brand"),
        (json!({ "brand": "KIA", "mode": "live" }), 400, "mode"),
        (
            json!({ "brand": "KIA", "scope": "nothing" }),
            400,
            "connect",
        ),
    ] {
        assert_refused(&site.send("/connect", &body).await, status, field);
    }
}

//! The contract's acceptance list (rest-v2, 10), line by line, on a running server. Each line is held in
//! more depth beside its handler and by the suites under `conformance/`; here is the list itself.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::fleet::{Answer, Fleet, send};
use crate::support::Server;

/// A server with an application that may do everything to a car.
struct Bench {
    folder: TempDir,
    server: Server,
    fleet: Fleet,
}

impl Bench {
    fn with(brand: &str) -> Self {
        let folder = tempdir().unwrap();
        let server = Server::start(folder.path(), &["dev", "--no-tutorial", "--data", "data"]);
        let fleet = Fleet::with(&server, folder.path(), brand, "me@example.net");
        Self {
            folder,
            server,
            fleet,
        }
    }

    fn at(&self) -> &Path {
        self.folder.path()
    }

    /// `GET` below the car.
    fn read(&self, endpoint: &str) -> Answer {
        let path = format!("{}{endpoint}", self.fleet.car);
        self.fleet.get(&self.server, &path)
    }

    /// Whatever method, below the car.
    fn ask(&self, method: &str, endpoint: &str, body: &str) -> Answer {
        let line = format!("{method} {}{endpoint}", self.fleet.car);
        self.fleet.ask(&self.server, &line, body)
    }

    /// Asked with client id and secret.
    fn asked_by_client(&self, path: &str) -> Answer {
        let word = STANDARD.encode(format!("{}:{}", self.fleet.id, self.fleet.secret));
        let basic = format!("authorization: Basic {word}");
        send(&self.server, &format!("GET {path}"), &[&basic], "")
    }
}

#[test]
fn line_1_slashes_and_versions() {
    let bench = Bench::with("KIA");
    let get = |path: &str| bench.fleet.get(&bench.server, path);
    for path in [
        "/user",
        "/vehicles",
        "/vehicles/{id}",
        "/vehicles/{id}/odometer",
    ] {
        let id = bench.fleet.car.rsplit('/').next().unwrap();
        let path = path.replace("{id}", id);
        for front in ["/v2.0", "//v2.0", "/v99999999.99"] {
            for end in ["", "/"] {
                let path = format!("{front}{path}{end}");
                assert_eq!(get(&path).status, 200, "{path}");
            }
        }
    }
    let unknown = get("/vJohnny%20Appleseed/vehicles");
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (404, &json!("VERSION"))
    );
    let old = get("/v1.0/vehicles/nobody/odometer");
    assert_eq!(old.keys(), ["error", "message", "statusCode", "requestId"]);
}

#[test]
fn line_2_request_ids_and_dates() {
    let bench = Bench::with("KIA");
    let read = bench.read("/odometer");
    let nothing = bench.fleet.get(&bench.server, "/v2.0/nothing");
    let refused = send(&bench.server, "GET /v2.0/user", &[], "");
    for answer in [&read, &nothing, &refused] {
        assert_eq!(answer.header("sc-request-id").len(), 36, "{answer:?}");
    }
    assert_eq!(nothing.json()["requestId"], nothing.header("sc-request-id"));
    for name in ["sc-data-age", "sc-fetched-at"] {
        let date = read.header(name);
        let (_, fraction) = date.split_once('.').unwrap();
        assert_eq!(
            (date.len(), fraction.len(), &fraction[3..]),
            (24, 4, "Z"),
            "{date}"
        );
    }
}

#[test]
fn line_3_statuses_keys_and_numbers() {
    let bench = Bench::with("CHEVROLET");
    for (endpoint, keys) in [
        ("", &["id", "make", "model", "year"][..]),
        ("/vin", &["vin"]),
        ("/odometer", &["distance"]),
        ("/location", &["latitude", "longitude"]),
        ("/fuel", &["amountRemaining", "percentRemaining", "range"]),
        ("/battery", &["percentRemaining", "range"]),
        ("/battery/capacity", &["capacity"]),
        ("/charge", &["isPluggedIn", "state"]),
        ("/charge/limit", &["limit"]),
        ("/engine/oil", &["lifeRemaining"]),
        (
            "/tires/pressure",
            &["frontLeft", "frontRight", "backLeft", "backRight"],
        ),
    ] {
        let answer = bench.read(endpoint);
        assert_eq!(answer.status, 200, "{endpoint}: {}", answer.body);
        let (mut found, mut keys) = (answer.keys(), keys.to_vec());
        found.sort_unstable();
        keys.sort_unstable();
        assert_eq!(found, keys, "{endpoint}");
        for (name, value) in answer.json().as_object().unwrap() {
            // As it is written, before a parser makes one number of 275.0 and 275.
            let written = value.to_string();
            if value.is_number() {
                assert_eq!(
                    written.contains('.'),
                    name != "year",
                    "{endpoint} {name}: {written}"
                );
            }
        }
    }
}

#[test]
fn line_4_bodies_where_none_is_needed_and_numbers_in_words() {
    let bench = Bench::with("FORD");
    assert_eq!(bench.ask("GET", "/odometer", r#"{"a":1}"#).status, 200);
    let limit = bench.ask("POST", "/charge/limit", r#"{"limit":"0.7"}"#);
    assert_eq!(limit.status, 200, "{}", limit.body);
    assert_eq!(bench.read("/charge/limit").json()["limit"], 0.7);
    let path = format!(
        "/webhooks/{}",
        bench.server.ready["application"]["webhookId"]
            .as_str()
            .unwrap()
    );
    // A body is not needed; this webhook is another application's.
    let foreign = bench.ask("POST", &path, "");
    assert_eq!(
        (foreign.status, &foreign.json()["type"]),
        (400, &json!("VALIDATION"))
    );
    assert_eq!(
        bench.ask("DELETE", "/application", r#"{"a":1}"#).status,
        200
    );
}

#[test]
fn line_5_batch() {
    let bench = Bench::with("TESLA");
    let body = r#"{"requests":[{"path":"/odometer"},{"path":"tires/pressure/"},{"path":"/fuel"}]}"#;
    let answer = bench.ask("POST", "/batch", body).json();
    let items = answer["responses"].as_array().unwrap();
    let paths: Vec<&Value> = items.iter().map(|item| &item["path"]).collect();
    assert_eq!(paths, ["/odometer", "/tires/pressure", "/fuel"]);
    assert!(
        items
            .iter()
            .all(|item| item["headers"].is_object() && item["body"].is_object())
    );
    assert_eq!(
        (&items[0]["code"], &items[2]["code"]),
        (&json!(200), &json!(501))
    );
    let nested = items[2]["body"].as_object().unwrap();
    let mut keys: Vec<&String> = nested.keys().collect();
    keys.sort_unstable();
    let always = [
        "code",
        "description",
        "docURL",
        "requestId",
        "resolution",
        "statusCode",
        "type",
    ];
    assert_eq!(keys, always);
    let unknown = bench.ask("POST", "/batch", r#"{"requests":[{"path":"/colour"}]}"#);
    assert_eq!(
        (unknown.status, &unknown.json()["type"]),
        (400, &json!("VALIDATION"))
    );
}

#[test]
fn line_6_errors() {
    let bench = Bench::with("KIA");
    let expect = |login: &str, status: u16| {
        let fleet = Fleet::with(&bench.server, bench.at(), "KIA", login);
        let answer = fleet.get(&bench.server, &format!("{}/odometer", fleet.car));
        assert_eq!(answer.status, status, "{login}: {}", answer.body);
        for key in [
            "type",
            "code",
            "description",
            "docURL",
            "statusCode",
            "requestId",
            "resolution",
        ] {
            assert!(
                answer.keys().iter().any(|sent| sent == key),
                "{login}: {key}"
            );
        }
        assert!(answer.json()["resolution"].is_object(), "{login}");
        answer
    };
    for (login, status) in [
        ("VEHICLE_STATE.ASLEEP@smartcar.com", 409),
        ("UPSTREAM.NO_RESPONSE@smartcar.com", 502),
        ("RATE_LIMIT.SMARTCAR_API@smartcar.com", 429),
        ("BILLING.VEHICLE_LIMIT@smartcar.com", 430),
    ] {
        assert_eq!(expect(login, status).header("retry-after"), "", "{login}");
    }
    let limited = expect("RATE_LIMIT.VEHICLE@smartcar.com", 429);
    assert!(limited.header("retry-after").parse::<u64>().is_ok());
}

#[test]
fn line_7_service_history_in_every_spelling() {
    let bench = Bench::with("FORD");
    let range = "start_date=2020-01-01&end_date=2026-01-01";
    let camel = "startDate=2020-01-01&endDate=2026-01-01";
    for end in [
        String::new(),
        format!("?{range}"),
        format!("?{camel}"),
        "?startDate=undefined&endDate=undefined".to_owned(),
        format!("%3F{camel}"),
        "?".to_owned(),
        // What cannot be read is ignored, for the sake of `undefined`.
        "?start_date=yesterday".to_owned(),
    ] {
        let answer = bench.read(&format!("/service/history{end}"));
        assert_eq!(answer.status, 200, "{end}: {}", answer.body);
        assert!(answer.json().is_array(), "{end}");
    }
}

#[test]
fn line_8_permissions() {
    let bench = Bench::with("TESLA");
    let page = bench.read("/permissions").json();
    let listed = page["permissions"].as_array().unwrap();
    let count = page["paging"]["count"].as_u64().unwrap();
    assert_eq!((listed.len(), &page["paging"]["offset"]), (25, &json!(0)));
    assert_eq!(count, 28);
    assert!(
        listed
            .iter()
            .all(|name| !name.as_str().unwrap().contains(':'))
    );
    let rest = bench.read("/permissions?offset=25").json();
    assert_eq!(rest["permissions"].as_array().unwrap().len(), 3);
}

#[test]
fn line_9_cars_of_test_mode_and_no_rate() {
    let bench = Bench::with("CHEVROLET");
    let car = bench.read("").json();
    assert_eq!(
        (&car["make"], &car["model"]),
        (&json!("CHEVROLET"), &json!("Volt"))
    );
    for (endpoint, name) in [
        ("/odometer", "distance"),
        ("/fuel", "range"),
        ("/battery", "percentRemaining"),
        ("/charge/limit", "limit"),
    ] {
        assert!(
            bench.read(endpoint).json()[name].as_f64().unwrap() > 0.0,
            "{endpoint}"
        );
    }
    assert!(
        bench.read("/vin").json()["vin"]
            .as_str()
            .unwrap()
            .starts_with("0SC")
    );
    for (brand, least) in [("BUICK", 2), ("FORD", 1), ("KIA", 1), ("BMW", 1)] {
        let fleet = Fleet::with(&bench.server, bench.at(), brand, "me@example.net");
        let cars = fleet.get(&bench.server, "/v2.0/vehicles").json();
        assert!(
            cars["paging"]["count"].as_u64().unwrap() >= least,
            "{brand}"
        );
    }
    let tesla = Fleet::with(&bench.server, bench.at(), "TESLA", "me@example.net");
    let fuel = tesla.get(&bench.server, &format!("{}/fuel", tesla.car));
    assert_eq!(fuel.status, 501);
    for _ in 0..130 {
        assert_eq!(bench.read("/odometer").status, 200);
    }
}

#[test]
fn line_10_compatibility() {
    let bench = Bench::with("KIA");
    let about = |vin: &str, scope: &str| {
        let path = format!("/v2.0/compatibility?vin={vin}&scope={scope}&country=US");
        bench.asked_by_client(&path).json()
    };
    let two = "read_odometer+read_location";
    let capable = |answer: &Value| -> Vec<bool> {
        let list = answer["capabilities"].as_array().unwrap();
        list.iter()
            .map(|one| one["capable"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(capable(&about("5YJXCDE22HF068739", two)), [true, true]);
    assert_eq!(capable(&about("WAUAFAFL1GN014882", two)), [false, false]);
    let bmw = about("WBAKE5C58DJ107700", two);
    assert_eq!(
        (&bmw["reason"], capable(&bmw).len()),
        (&json!("VEHICLE_NOT_COMPATIBLE"), 0)
    );
    let test = about("0SCGMCT0386A85356", "read_odometer+read_fuel");
    assert_eq!(capable(&test), [true, false]);
    let path = "/v2.0/compatibility/matrix?region=US&make=NISSAN&type=BEV";
    let matrix = bench.asked_by_client(path).json();
    assert!(!matrix["NISSAN"].as_array().unwrap().is_empty());
}

#[test]
fn line_11_addresses_of_the_token_endpoint_and_of_connect() {
    let bench = Bench::with("KIA");
    for path in ["/", "/oauth/token", "/oauth/token/"] {
        let code = bench.fleet.code(bench.at(), "KIA", "me@example.net");
        let form = format!("grant_type=authorization_code&code={code}");
        let answer = bench.fleet.grant(&bench.server, path, &form);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    let query = format!(
        "response_type=code&client_id={}&mode=test&redirect_uri=https://fleet.test/x&scope=read_vin",
        bench.fleet.id
    );
    let begun = bench.server.get(&format!("/oauth/authorize?{query}"));
    assert!(
        begun.contains(
            "
location: /connect/"
        ),
        "{begun}"
    );
}

//! Addresses that answers of the vehicle API hand out for the owner, walked to their end.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{Server, complaint, printed, run};

const FAILING: &str = "connected_services_account.authentication_failed@smartcar.com";
const LIVELY: &str = "0SCLR00021D803C7B@compatible.smartcar.com";

/// From `AUTHENTICATION_FAILED` to a car that answers, with the tokens that were there before.
#[test]
fn an_owner_signs_in_again() {
    let folder = tempdir().unwrap();
    let server = start(folder.path());
    let app = App::connect(&server, folder.path(), FAILING, "read_odometer read_vin");
    let (status, error) = app.read("odometer");
    assert_eq!(
        (status, &error["code"]),
        (400, &json!("AUTHENTICATION_FAILED"))
    );
    assert_eq!(error["resolution"]["type"], "REAUTHENTICATE");
    let url = error["resolution"]["url"].as_str().unwrap();
    let url = format!("{url}&redirect_uri={}&state=s", app.redirect_uri);
    let back = format!(
        "{}?vehicle_id={}&state=s&iss=",
        app.redirect_uri, app.vehicle
    );

    // The login that stands for the error goes on standing for it.
    let mut owner = Owner::opens(&server, &url);
    owner.fill_in("start", "country=US");
    let to = owner.fill_in("login", &format!("username={FAILING}&password=x"));
    assert!(to.starts_with(&back), "{to}");
    assert_eq!(app.read("odometer").0, 400);

    let mut owner = Owner::opens(&server, &url);
    owner.fill_in("start", "country=US");
    let to = owner.fill_in("login", &format!("username={LIVELY}&password=x"));
    assert!(to.ends_with("/grant"), "{to}");
    let to = owner.fill_in("grant", "decision=allow&permission=read_odometer");
    assert!(to.starts_with(&back), "{to}");
    let (status, odometer) = app.read("odometer");
    assert_eq!(status, 200, "{odometer}");
    assert!(odometer["distance"].is_number());
    assert_eq!(
        app.read("permissions").1["permissions"],
        json!(["read_odometer"])
    );
    let vehicles = app.get("/v2.0/vehicles").1;
    assert_eq!(vehicles["vehicles"], json!([app.vehicle]));
}

/// From a capacity that nobody knows to the owner's, and to another one by the same link.
#[test]
fn an_owner_chooses_the_battery() {
    let folder = tempdir().unwrap();
    let server = start(folder.path());
    let app = App::connect(&server, folder.path(), "maya@example.org", "read_battery");
    let (_, unknown) = app.read("battery/nominal_capacity");
    assert_eq!(unknown["capacity"], Value::Null);
    assert_eq!(
        app.read("battery/capacity").1["code"],
        "MULTIPLE_RECORDS_FOUND"
    );
    let url = unknown["url"].as_str().unwrap();
    let url = format!("{url}{}&state=s", app.redirect_uri);
    for (choice, capacity) in [("87+BEV:Evolve%2B", 87.0), ("63+BEV:Engage", 63.0)] {
        let mut owner = Owner::opens(&server, &url);
        let to = owner.fill_in("capacity", &format!("decision=choose&capacity={choice}"));
        let back = format!(
            "{}?vehicle_id={}&selected_capacity={capacity}&reason=battery_capacity&state=s&iss=",
            app.redirect_uri, app.vehicle
        );
        assert!(to.starts_with(&back), "{to}");
        let known = app.read("battery/nominal_capacity").1;
        let chosen = json!({ "nominal": capacity, "source": "USER_SELECTED" });
        assert_eq!(known["capacity"], chosen);
        assert_eq!(known["availableCapacities"].as_array().unwrap().len(), 2);
        assert!(known["url"].is_string());
        assert_eq!(
            app.read("battery/capacity").1,
            json!({ "capacity": capacity })
        );
    }
    let mut owner = Owner::opens(&server, &url);
    let to = owner.fill_in("capacity", "decision=unknown");
    assert!(to.contains("?error=battery_capacity_no_selection&"), "{to}");
    assert_eq!(app.read("battery/capacity").1, json!({ "capacity": 63.0 }));
}

fn start(at: &Path) -> Server {
    Server::start(at, &["dev", "--no-tutorial", "--data", "data"])
}

/// An application that holds tokens for one Nissan.
struct App<'a> {
    server: &'a Server,
    redirect_uri: String,
    token: String,
    vehicle: String,
}

impl<'a> App<'a> {
    fn connect(server: &'a Server, at: &Path, login: &str, scope: &str) -> Self {
        let application = &server.ready["application"];
        let member = |name: &str| application[name].as_str().unwrap();
        let (id, secret) = (member("clientId"), member("clientSecret"));
        let redirect_uri = application["redirectUris"][0].as_str().unwrap();
        let arguments = [
            "connect", "--app", id, "--brand", "NISSAN", "--user", login, "--scope", scope,
            "--data", "data",
        ];
        let output = run(at, &arguments);
        assert!(output.status.success(), "{}", complaint(&output));
        let back = printed(&output);
        let (_, code) = back.split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();
        let form = format!(
            "client_id={id}&client_secret={secret}&grant_type=authorization_code&code={code}"
        );
        let tokens: Value = json_of(&talk(server, "POST /oauth/token", "", &form));
        let mut app = Self {
            server,
            redirect_uri: redirect_uri.to_owned(),
            token: tokens["access_token"].as_str().unwrap().to_owned(),
            vehicle: String::new(),
        };
        let vehicles = app.get("/v2.0/vehicles").1;
        let vehicle = vehicles["vehicles"][0].as_str().unwrap();
        vehicle.clone_into(&mut app.vehicle);
        app
    }

    /// Status and body of an endpoint of the vehicle.
    fn read(&self, endpoint: &str) -> (u16, Value) {
        self.get(&format!("/v2.0/vehicles/{}/{endpoint}", self.vehicle))
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let bearer = format!("authorization: Bearer {}\r\n", self.token);
        let answer = talk(self.server, &format!("GET {path}"), &bearer, "");
        (status(&answer), json_of(&answer))
    }
}

/// A browser in the run that a link has begun.
struct Owner<'a> {
    server: &'a Server,
    /// `/connect/{run}`.
    run: String,
    cookie: String,
}

impl<'a> Owner<'a> {
    fn opens(server: &'a Server, url: &str) -> Self {
        let path = url.strip_prefix(server.ready["url"].as_str().unwrap());
        let answer = talk(server, &format!("GET {}", path.unwrap()), "", "");
        assert_eq!(status(&answer), 302, "{answer}");
        let to = header(&answer, "location");
        // No address of Connect carries the redirect URI (contract connect-oauth, A.8).
        assert!(to.starts_with("/connect/") && !to.contains('?'), "{to}");
        let (run, _) = to.rsplit_once('/').unwrap();
        let cookie = header(&answer, "set-cookie").split(';').next().unwrap();
        Self {
            server,
            run: run.to_owned(),
            cookie: format!("cookie: {cookie}\r\n"),
        }
    }

    /// Opens a page and sends its form; where that leads.
    fn fill_in(&mut self, page: &str, fields: &str) -> String {
        let address = format!("{}/{page}", self.run);
        let shown = talk(self.server, &format!("GET {address}"), &self.cookie, "");
        assert_eq!(status(&shown), 200, "{shown}");
        let (_, csrf) = shown.split_once("name=\"csrf\" value=\"").unwrap();
        let form = format!("csrf={}&{fields}", &csrf[..64]);
        let answer = talk(self.server, &format!("POST {address}"), &self.cookie, &form);
        assert_eq!(status(&answer), 303, "{answer}");
        header(&answer, "location").to_owned()
    }
}

/// Sends a request and returns the whole answer.
fn talk(server: &Server, request: &str, headers: &str, form: &str) -> String {
    let length = form.len();
    let body = if request.starts_with("POST") {
        format!(
            "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        )
    } else {
        "\r\n".to_owned()
    };
    let head = format!("{request} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}");
    server.talk(format!("{head}{body}").as_bytes())
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let mut lines = answer.lines();
    let found = lines.find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("no {name} in {answer}"))
}

fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

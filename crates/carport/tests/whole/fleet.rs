//! An application with connected test cars on a running server, and what it asks.

use std::path::Path;

use carport_model::Permission;
use serde_json::Value;

use crate::support::{Server, complaint, printed, run};

/// Runs a command that must succeed; what it printed.
pub fn told(at: &Path, arguments: &[&str]) -> String {
    let output = run(at, arguments);
    let complaint = complaint(&output);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    printed(&output)
}

/// One answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Self {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// A header by its name in lower case, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(sent, _)| sent.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The names in the body, in their order.
    pub fn keys(&self) -> Vec<String> {
        self.json().as_object().unwrap().keys().cloned().collect()
    }
}

/// Sends one request; a body goes with its length and as what `headers` say it is.
pub fn send(server: &Server, line: &str, headers: &[&str], body: &str) -> Answer {
    let length = format!("content-length: {}", body.len());
    let mut lines = vec![line.to_owned() + " HTTP/1.1", "host: localhost".to_owned()];
    lines.push("connection: close".to_owned());
    lines.extend(headers.iter().map(|header| (*header).to_owned()));
    if !body.is_empty() {
        lines.push(length);
    }
    let request = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
    Answer::read(&server.talk(request.as_bytes()))
}

/// An application, and the token of an owner.
pub struct Fleet {
    pub id: String,
    pub secret: String,
    pub token: String,
    /// Address of the first car.
    pub car: String,
}

impl Fleet {
    /// Makes an application on the data folder `data` and connects a Kia.
    pub fn on(server: &Server, at: &Path) -> Self {
        Self::with(server, at, "KIA", "somebody@example.net")
    }

    /// The same for the cars of a login.
    pub fn with(server: &Server, at: &Path, brand: &str, login: &str) -> Self {
        let create = [
            "app",
            "create",
            "--name",
            "Fleet",
            "--redirect-uri",
            "https://fleet.test/x",
        ];
        let made = told(at, &[&create[..], &["--data", "data", "--json"]].concat());
        let made: Value = serde_json::from_str(&made).unwrap();
        let word = |name: &str| made[name].as_str().unwrap().to_owned();
        let mut fleet = Self {
            id: word("clientId"),
            secret: word("clientSecret"),
            token: String::new(),
            car: String::new(),
        };
        let code = fleet.code(at, brand, login);
        let form = format!("grant_type=authorization_code&code={code}");
        let tokens = fleet.grant(server, "/oauth/token", &form).json();
        tokens["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut fleet.token);
        let list = fleet.get(server, "/v2.0/vehicles").json();
        fleet.car = format!("/v2.0/vehicles/{}", list["vehicles"][0].as_str().unwrap());
        fleet
    }

    /// A code of an owner who allows everything.
    pub fn code(&self, at: &Path, brand: &str, login: &str) -> String {
        let all: Vec<String> = Permission::ALL.iter().map(ToString::to_string).collect();
        let scope = all.join(" ");
        let link = ["connect", "--app", &self.id, "--brand", brand];
        let owner = ["--user", login, "--scope", &scope, "--data", "data"];
        let back = told(at, &[&link[..], &owner].concat());
        let (_, code) = back.split_once("code=").unwrap();
        code.split('&').next().unwrap().to_owned()
    }

    /// Asks for tokens with the client's credentials in the body.
    pub fn grant(&self, server: &Server, path: &str, form: &str) -> Answer {
        let form = format!("client_id={}&client_secret={}&{form}", self.id, self.secret);
        let kind = "content-type: application/x-www-form-urlencoded";
        send(server, &format!("POST {path}"), &[kind], &form)
    }

    /// Sends a request with the owner's token; a body goes as JSON.
    pub fn ask(&self, server: &Server, line: &str, body: &str) -> Answer {
        let bearer = format!("authorization: Bearer {}", self.token);
        send(
            server,
            line,
            &[&bearer, "content-type: application/json"],
            body,
        )
    }

    pub fn get(&self, server: &Server, path: &str) -> Answer {
        self.ask(server, &format!("GET {path}"), "")
    }
}

//! Managing connections of a running server, from Connect to the last read, on SQLite and, where
//! `CARPORT_TEST_POSTGRES` names one, on PostgreSQL.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::{Server, complaint, printed, run};

const CONNECTIONS: &str = "/v2.0/management/connections";

/// Status and body of an answer.
type Told = (u16, Value);

struct Site {
    server: Server,
    management: String,
    webhook: String,
    tokens: [String; 2],
}

impl Site {
    fn call(&self, method: &str, path: &str, authorization: &str) -> Told {
        let answer = self.server.talk(
            format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                 authorization: {authorization}\r\n\r\n"
            )
            .as_bytes(),
        );
        told(&answer)
    }

    fn bearer(&self, method: &str, path: &str, token: &str) -> Told {
        self.call(method, path, &format!("Bearer {token}"))
    }

    fn manage(&self, method: &str, query: &str) -> Told {
        let password = STANDARD.encode(format!("default:{}", self.management));
        // As SDKs send it: with slashes too many.
        let path = format!("//{}/?{query}", &CONNECTIONS[1..]);
        self.call(method, &path, &format!("Basic {password}"))
    }

    fn status(&self, path: &str, token: &str) -> u16 {
        self.bearer("GET", path, token).0
    }
}

fn told(answer: &str) -> Told {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_default())
}

#[test]
fn on_sqlite() {
    story(&[]);
}

#[test]
fn on_postgres() {
    match std::env::var("CARPORT_TEST_POSTGRES") {
        Ok(url) => story(&["--database", &url]),
        Err(_) => eprintln!("skipped: CARPORT_TEST_POSTGRES names no database"),
    }
}

/// Two owners: one with two cars, one with another.
fn story(database: &[&str]) {
    let folder = tempdir().unwrap();
    let at = folder.path();
    let place = [&["--data", "data"], database].concat();
    let server = Server::start(at, &[&["dev", "--no-tutorial"], &*place].concat());
    let application = server.ready["application"].clone();
    let member = |name: &str| application[name].as_str().unwrap().to_owned();
    let (id, secret) = (member("clientId"), member("clientSecret"));
    let connect = |user: &str| {
        let link = [
            "connect", "--app", &id, "--brand", "KIA", "--scope", "read_vin", "--user", user,
        ];
        let output = run(at, &[&link[..], &place].concat());
        assert!(output.status.success(), "{}", complaint(&output));
        let back = printed(&output);
        let code = back
            .split("code=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap();
        let form = format!(
            "client_id={id}&client_secret={secret}&grant_type=authorization_code&code={code}"
        );
        let answer = server.talk(
            format!(
                "POST /oauth/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: \
                 application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
                form.len()
            )
            .as_bytes(),
        );
        told(&answer).1["access_token"].as_str().unwrap().to_owned()
    };
    let tokens = [
        connect("2-vehicles@smartcar.com"),
        connect("one@example.com"),
    ];
    let (management, webhook) = (member("managementToken"), member("webhookId"));
    tell(&Site {
        server,
        management,
        webhook,
        tokens,
    });
}

fn tell(site: &Site) {
    let [two, one] = &site.tokens;
    let vehicles = |token: &str| {
        let (status, body) = site.bearer("GET", "/v2.0/vehicles", token);
        assert_eq!(status, 200);
        let list = body["vehicles"].as_array().unwrap();
        list.iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (theirs, other) = (vehicles(two), vehicles(one));
    assert_eq!((theirs.len(), other.len()), (2, 1));
    let path = |vehicle: &str, rest: &str| format!("/v2.0/vehicles/{vehicle}/{rest}");

    // A page, and the next one.
    let (status, first) = site.manage("GET", "limit=2");
    assert_eq!(status, 200);
    assert_eq!(first["paging"]["count"], 3);
    assert_eq!(first["connections"][0]["vehicleId"], *other[0]);
    let cursor = first["paging"]["cursor"].as_str().unwrap();
    let (_, last) = site.manage("GET", &format!("limit=2&cursor={cursor}"));
    assert_eq!(last["connections"].as_array().unwrap().len(), 1);
    assert_eq!(last["paging"], json!({ "cursor": null, "count": 3 }));

    // Subscribed, and disconnected while in use.
    let subscription = path(&theirs[0], &format!("webhooks/{}", site.webhook));
    let expected = json!({ "webhookId": site.webhook, "vehicleId": theirs[0] });
    assert_eq!(site.bearer("POST", &subscription, two), (200, expected));
    let success = (200, json!({ "status": "success" }));
    assert_eq!(
        site.bearer("DELETE", &subscription, &site.management),
        success
    );
    assert_eq!(site.status(&path(&theirs[0], "vin"), two), 200);
    assert_eq!(
        site.bearer("DELETE", &path(&theirs[0], "application"), two),
        success
    );
    assert_eq!(site.status(&path(&theirs[0], "vin"), two), 403);
    assert_eq!(site.status(&path(&theirs[1], "vin"), two), 200);

    // The last vehicle takes the token along, of its owner only.
    let user = last["connections"][0]["userId"].as_str().unwrap();
    let deleted = json!({ "connections": [{ "vehicleId": theirs[1], "userId": user }] });
    let by_user = format!("user_id={user}");
    assert_eq!(site.manage("DELETE", &by_user), (200, deleted));
    assert_eq!(site.status(&path(&theirs[1], "vin"), two), 401);
    assert_eq!(site.status(&path(&other[0], "vin"), one), 200);
    assert_eq!(
        site.manage("DELETE", &by_user),
        (200, json!({ "connections": [] }))
    );
    let (_, left) = site.manage("GET", "");
    assert_eq!(left["paging"]["count"], 1);

    // What is not there is told in the envelope.
    let (status, refused) = site.manage("DELETE", "");
    assert_eq!((status, &refused["type"]), (400, &"VALIDATION".into()));
    let (status, unknown) = site.manage("POST", "");
    assert_eq!((status, &unknown["code"]), (404, &"PATH".into()));
    let document = site.server.get("/openapi/management.json");
    assert!(
        document.contains("\"/management/connections\""),
        "{document}"
    );
}

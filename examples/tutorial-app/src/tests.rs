//! The application in front of a made-up token and vehicle server, asked as a browser asks.

use std::sync::Mutex;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Request};
use axum::response::Response;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use super::*;

/// The server behind the application: what it was asked, and how it shall behave.
#[derive(Default)]
struct Behind {
    log: Mutex<Vec<String>>,
    /// Life of the first pair of tokens, in seconds.
    first_life: u32,
    /// Whether the first access token is refused although it has not expired.
    first_is_refused: bool,
    refresh_fails: bool,
    no_cars: bool,
}

impl Behind {
    fn note(&self, entry: String) {
        self.log.lock().unwrap().push(entry);
    }

    fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

type Answer = (StatusCode, Json<Value>);

async fn token(State(it): State<Arc<Behind>>, form: String) -> Answer {
    it.note(form.split('&').take(2).collect::<Vec<_>>().join("&"));
    let refresh = form.starts_with("grant_type=refresh_token");
    if (refresh && it.refresh_fails) || form.contains("code=bad") {
        let body = json!({"error": "invalid_request", "error_description": "Invalid <token>."});
        return (StatusCode::BAD_REQUEST, Json(body));
    }
    let (n, life) = if refresh {
        (2, 7200)
    } else {
        (1, it.first_life)
    };
    let body = json!({"access_token": format!("a{n}"), "token_type": "Bearer",
        "expires_in": life, "refresh_token": format!("r{n}")});
    (StatusCode::OK, Json(body))
}

fn refused(it: &Behind, headers: &HeaderMap) -> Option<Answer> {
    let refused = it.first_is_refused && headers["authorization"] == "Bearer a1";
    refused.then(|| {
        let body = json!({"type": "AUTHENTICATION", "code": null, "description": "No.",
            "docURL": "d", "statusCode": 401, "requestId": "q", "resolution": {"type": null}});
        (StatusCode::UNAUTHORIZED, Json(body))
    })
}

async fn vehicles(State(it): State<Arc<Behind>>, headers: HeaderMap) -> Answer {
    it.note(format!(
        "vehicles with {}",
        headers["authorization"].to_str().unwrap()
    ));
    let ids = if it.no_cars {
        json!([])
    } else {
        json!(["car-1", "car-2"])
    };
    let body = json!({"vehicles": ids, "paging": {"count": 2, "offset": 0}});
    refused(&it, &headers).unwrap_or((StatusCode::OK, Json(body)))
}

async fn attributes(Path(id): Path<String>) -> Json<Value> {
    Json(json!({"id": id, "make": "CHEVROLET", "model": "<Volt>", "year": 2017}))
}

/// The application, and a browser without a cookie jar: tests hand cookies over themselves.
struct Bench {
    app: Router,
    behind: Arc<Behind>,
}

impl Bench {
    async fn with(behind: Behind) -> Self {
        let behind = Arc::new(behind);
        let server = Router::new()
            .route("/oauth/token", post(token))
            .route("/v2.0/vehicles", get(vehicles))
            .route("/v2.0/vehicles/{id}", get(attributes))
            .with_state(Arc::clone(&behind));
        let (listener, origin) = bound().await;
        tokio::spawn(async move { axum::serve(listener, server).await });
        Self {
            app: routes(App::new(config(&origin)).unwrap()),
            behind,
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        let request = Request::get(path).header("cookie", format!("other=1; {cookie}"));
        self.app
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    /// A visit to `/login`: the session's cookie and the state in the link.
    async fn login(&self) -> (String, String) {
        let answer = self.get("/login", "").await;
        let (cookie, html) = (cookie(&answer), text(answer).await);
        let state = html
            .split("state=")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        (cookie, state.to_owned())
    }

    /// A finished run: the cookie of a signed-in session.
    async fn signed_in(&self) -> String {
        let (before, state) = self.login().await;
        let answer = self
            .get(
                &format!("/exchange?code=c1&user_id=u&state={state}"),
                &before,
            )
            .await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()["location"], "/vehicle");
        let after = cookie(&answer);
        assert_ne!(before, after, "a sign-in changes the session's id");
        after
    }
}

async fn bound() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

fn config(origin: &str) -> Config {
    Config {
        client_id: "app".to_owned(),
        client_secret: "secret".into(),
        redirect_uri: "http://localhost:8000/exchange".to_owned(),
        origins: Origins::single(origin),
    }
}

fn cookie(answer: &Response) -> String {
    let line = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{line}");
    line.split(';').next().unwrap().to_owned()
}

async fn text(answer: Response) -> String {
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

fn fine() -> Behind {
    Behind {
        first_life: 7200,
        ..Behind::default()
    }
}

#[tokio::test]
async fn the_root_leads_to_one_button() {
    let bench = Bench::with(fine()).await;
    assert_eq!(bench.get("/", "").await.headers()["location"], "/login");

    let answer = bench.get("/login", "").await;
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self';"),
        "{policy}"
    );
    let html = text(answer).await;
    assert!(
        html.contains("<h1>Connect your vehicle</h1>") && !html.contains("<script"),
        "{html}"
    );
    assert_eq!(html.matches(">Connect</a>").count(), 1);
    for part in [
        "/oauth/authorize?response_type=code",
        "client_id=app",
        "mode=test",
        "scope=required%3Aread_vehicle_info",
        "redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fexchange",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(
        bench.get("/style.css", "").await.headers()["content-type"],
        "text/css"
    );
    assert_eq!(
        bench.get("/nowhere", "").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_connected_car_is_shown_in_a_table() {
    let bench = Bench::with(fine()).await;
    let session = bench.signed_in().await;
    let html = text(bench.get("/vehicle", &session).await).await;
    for text in [
        "Vehicle ID",
        "Vehicle Make",
        "Vehicle Model",
        "Vehicle Year",
    ] {
        assert!(
            html.contains(&format!("<th scope=\"col\">{text}</th>")),
            "{text} in {html}"
        );
    }
    for text in [">car-1<", ">CHEVROLET<", ">2017<"] {
        assert!(html.contains(text), "{text} in {html}");
    }
    assert!(
        html.contains("Volt") && !html.contains("<Volt>"),
        "escaped: {html}"
    );
    assert_eq!(
        bench.behind.log(),
        [
            "grant_type=authorization_code&code=c1",
            "vehicles with Bearer a1"
        ]
    );
}

#[tokio::test]
async fn a_denied_run_is_told_in_plain_words() {
    let bench = Bench::with(fine()).await;
    let (session, state) = bench.login().await;
    let path = format!("/exchange?error=access_denied&error_description=No.&state={state}");
    let html = text(bench.get(&path, &session).await).await;
    assert!(
        html.contains("You chose not to share it, and nothing was read."),
        "{html}"
    );
    assert!(
        html.contains("href=\"/login\""),
        "a way to start again: {html}"
    );
    assert_eq!(bench.behind.log(), [""; 0]);
}

#[tokio::test]
async fn other_failures_show_their_description_escaped() {
    let bench = Bench::with(fine()).await;
    let (session, state) = bench.login().await;
    let path = format!(
        "/exchange?error=no_vehicles&error_description=No%20car%20in%20%3Cthis%3E.&state={state}"
    );
    let html = text(bench.get(&path, &session).await).await;
    assert!(html.contains("No car in &#60;this&#62;."), "{html}");

    let (session, state) = bench.login().await;
    let answer = bench
        .get(&format!("/exchange?code=bad&state={state}"), &session)
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    let html = text(answer).await;
    assert!(html.contains("Invalid &#60;token&#62;."), "{html}");
}

#[tokio::test]
async fn a_foreign_missing_or_used_state_is_refused() {
    let bench = Bench::with(fine()).await;
    let (session, state) = bench.login().await;
    let (stranger, _) = bench.login().await;
    for (path, cookie) in [
        ("/exchange?code=c1&state=guess".to_owned(), session.as_str()),
        ("/exchange?code=c1".to_owned(), &session),
        (format!("/exchange?code=c1&state={state}"), &stranger),
        (format!("/exchange?code=c1&state={state}"), ""),
        ("/exchange?error=access_denied".to_owned(), &session),
    ] {
        let answer = bench.get(&path, cookie).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        assert!(text(answer).await.contains("This answer cannot be used"));
    }
    let path = format!("/exchange?code=c1&state={state}");
    assert_eq!(
        bench.get(&path, &session).await.status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        bench.get(&path, &session).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(bench.behind.log().len(), 1, "one exchange for all of these");
}

#[tokio::test]
async fn an_expired_token_is_refreshed_before_it_is_used() {
    let bench = Bench::with(Behind {
        first_life: 0,
        ..fine()
    })
    .await;
    let session = bench.signed_in().await;
    for _ in 0..2 {
        assert_eq!(
            bench.get("/vehicle", &session).await.status(),
            StatusCode::OK
        );
    }
    let expected = [
        "grant_type=authorization_code&code=c1",
        "grant_type=refresh_token&refresh_token=r1",
        "vehicles with Bearer a2",
        "vehicles with Bearer a2",
    ];
    assert_eq!(bench.behind.log(), expected, "the new pair is kept");
}

#[tokio::test]
async fn a_refused_token_is_refreshed_once() {
    let bench = Bench::with(Behind {
        first_is_refused: true,
        ..fine()
    })
    .await;
    let session = bench.signed_in().await;
    assert_eq!(
        bench.get("/vehicle", &session).await.status(),
        StatusCode::OK
    );
    let expected = [
        "vehicles with Bearer a1",
        "grant_type=refresh_token&refresh_token=r1",
        "vehicles with Bearer a2",
    ];
    assert_eq!(bench.behind.log()[1..], expected);
}

#[tokio::test]
async fn a_refresh_that_fails_ends_the_session() {
    let bench = Bench::with(Behind {
        first_life: 0,
        refresh_fails: true,
        ..fine()
    })
    .await;
    let session = bench.signed_in().await;
    let html = text(bench.get("/vehicle", &session).await).await;
    assert!(html.contains("Access has ended"), "{html}");
    let html = text(bench.get("/vehicle", &session).await).await;
    assert!(html.contains("Connect one first"), "{html}");
}

#[tokio::test]
async fn without_a_session_or_a_car_the_page_says_so() {
    let bench = Bench::with(Behind {
        no_cars: true,
        ..fine()
    })
    .await;
    for cookie in ["", "carport_tutorial=", "carport_tutorial=guess"] {
        let answer = bench.get("/vehicle", cookie).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(text(answer).await.contains("Connect one first"));
    }
    let session = bench.signed_in().await;
    let answer = bench.get("/vehicle", &session).await;
    assert!(text(answer).await.contains("No vehicle found"));
}

#[tokio::test]
async fn it_stops_when_told_and_refuses_a_bad_origin() {
    let (listener, _) = bound().await;
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, config("http://127.0.0.1:9"), async {
        let _ = stopped.await;
    }));
    let mut browser = TcpStream::connect(address).await.unwrap();
    browser
        .write_all(b"GET /vehicle HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut start = [0; 12];
    browser.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 401");
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();

    let (listener, _) = bound().await;
    let error = serve(listener, config("localhost:2277"), std::future::pending()).await;
    assert!(error.unwrap_err().to_string().contains("is not an origin"));
}

#[test]
fn the_guide_shows_this_code() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).unwrap();
    let pages = ["lib", "login", "exchange", "vehicle"];
    let code = pages.map(|page| read(&format!("examples/tutorial-app/src/{page}.rs")));
    let guide = read("docs/guide/getting-started.md");
    let shown: Vec<_> = guide.split("```rust\n").skip(1).collect();
    assert_eq!(shown.len(), 6);
    for block in shown.iter().filter_map(|rest| rest.split("```").next()) {
        assert!(
            code.iter().any(|file| file.contains(block)),
            "not in the application:\n{block}"
        );
    }
}

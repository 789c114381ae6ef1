//! Who may look and act.

use super::*;

#[tokio::test]
async fn a_serve_asks_who_it_is() {
    let site = Site::with(Access::Nobody).await;
    for path in ["", "/new"] {
        let answer = site.get(&format!("{PAGE}{path}")).await;
        assert_eq!(answer.status, 303, "{path}");
        let next = format!("{PAGE}{path}").replace('/', "%2F");
        let expected = format!("/dashboard/sign-in?next={next}");
        assert_eq!(answer.header("location"), expected);
    }
    let stream = site.app.get(&format!("{PAGE}/events"));
    let stream = stream
        .header("host", "localhost:2277")
        .header("accept", "text/event-stream");
    assert_eq!(stream.send().await.status, 401);
    let answer = site.post(&format!("{PAGE}/new"), &[("kind", "BEV")]).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("Nothing was changed"));
}

#[tokio::test]
async fn a_name_that_leads_here_opens_nothing() {
    let site = Site::dev().await;
    let ask = async |host: &str| site.app.get(PAGE).header("host", host).send().await.status;
    assert_eq!(ask("127.0.0.1:2277").await, 200);
    assert_eq!(ask("[::1]:2277").await, 200);
    assert_eq!(ask("rebound.example:2277").await, 403);
    assert_eq!(ask("").await, 403);
}

#[tokio::test]
async fn the_cookie_is_set_once_and_sent_nowhere_else() {
    let site = Site::dev().await;
    let first = site.app.get(PAGE).header("host", "localhost").send().await;
    let cookie = first.header("set-cookie");
    assert!(cookie.starts_with("carport_dashboard="), "{cookie}");
    for part in ["Path=/dashboard", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(site.get(PAGE).await.header("set-cookie"), "");
    // What no server of ours has set is replaced.
    let planted = site.app.get(PAGE).header("host", "localhost");
    let planted = planted.header("cookie", "carport_dashboard=x").send().await;
    assert_ne!(planted.header("set-cookie"), "");
}

#[tokio::test]
async fn other_pages_cannot_act() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let path = format!("{PAGE}/cars/{}/course", car.id);
    let csrf = carport_web::csrf::draw(SECRET, &*site.bed.rng);
    let send = async |origin: &str, cookie: &str, csrf: &str| {
        let request = site.app.post(&path).header("host", "localhost:2277");
        let request = request.header("origin", origin).header("cookie", cookie);
        let sent = request
            .form(&[("csrf", csrf), ("do", "pause")])
            .send()
            .await;
        sent.status
    };
    let own = "http://localhost:2277";
    for (origin, cookie, csrf) in [
        ("http://localhost:3000", COOKIE, csrf.as_str()),
        ("null", COOKIE, &csrf),
        (own, COOKIE, ""),
        (own, COOKIE, "00"),
        (own, "", &csrf),
        (
            own,
            "carport_dashboard=ffeeddccbbaa99887766554433221100",
            &csrf,
        ),
    ] {
        assert_eq!(
            send(origin, cookie, csrf).await,
            403,
            "{origin} {cookie} {csrf}"
        );
    }
    let json = site.app.post(&path).header("host", "localhost:2277");
    let json = json
        .header("cookie", COOKIE)
        .json(&serde_json::json!({ "do": "pause" }));
    assert_eq!(json.send().await.status, 415);
    assert_eq!(site.kept(&car).await, car);
    assert_eq!(send(own, COOKIE, &csrf).await, 303);
    assert_ne!(site.kept(&car).await, car);
    // An address alone changes nothing.
    assert_eq!(site.get(&format!("{path}?do=play")).await.status, 405);
}

#[tokio::test]
async fn pages_keep_to_themselves() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "form-action 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    // Without a referrer at all, browsers would not name the origin of our own forms.
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(!page.text().contains(" style=") && !page.text().contains("<style"));
    assert!(!page.text().contains("javascript:") && !page.text().contains(" onclick="));
}

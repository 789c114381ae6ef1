//! What goes wrong on the way.

use super::*;
use std::time::Duration;

#[tokio::test]
async fn the_owner_says_no() {
    let site = Site::ready().await;
    let link = site.open(&[]).await;
    let parts = [
        ("error", "access_denied"),
        ("error_description", "The owner did not allow access."),
        ("state", value(&link, "state")),
    ];
    let answer = site.come_back(&parts).await;
    let page = site.get(answer.header("location")).await;
    assert!(page.text().contains("<title>Error: Code"));
    assert!(
        page.text()
            .contains("access_denied: The owner did not allow access.")
    );
    assert!(page.text().contains("Nothing was shared."));
    assert!(!page.text().contains("exchange-button"));
    assert!(page.text().contains("id=\"again-link\""));
    // Nothing can be exchanged, and the later pages lead back.
    let run = answer.header("location").to_owned();
    let answer = site.post(&format!("{run}/tokens"), &[]).await;
    assert_eq!(
        site.get(answer.header("location")).await.header("location"),
        run
    );
    assert_eq!(site.audited().await.len(), 1);
}

#[tokio::test]
async fn answers_that_nobody_waits_for() {
    let site = Site::ready().await;
    let link = site.open(&[]).await;
    let code = site.code(None).await;
    for state in ["", "other", "try-0000000000000000"] {
        let answer = site.come_back(&[("code", &code), ("state", state)]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains("Nobody waits for this answer"));
        assert!(!answer.text().contains(&code));
    }
    // Another browser has the state, but not the cookie.
    let query = format!("{CALLBACK}?code={code}&state={}", value(&link, "state"));
    let other = "ffeeddccbbaa99887766554433221100";
    assert_eq!(site.get_as(other, &query).await.status, 400);
    assert_eq!(site.get(&query).await.status, 303);
    assert_eq!(site.get(CALLBACK).await.status, 400);
}

#[tokio::test]
async fn an_answer_comes_twice() {
    let site = Site::ready().await;
    let link = site.open(&[]).await;
    let code = site.code(None).await;
    let parts = [("code", code.as_str()), ("state", value(&link, "state"))];
    let run = site.come_back(&parts).await.header("location").to_owned();
    site.post(&format!("{run}/tokens"), &[]).await;
    let again = site.come_back(&parts).await;
    assert_eq!(again.header("location"), format!("{run}?again=1"));
    let page = site.get(again.header("location")).await;
    assert!(page.text().contains("has arrived before"));
    assert!(!page.text().contains("exchange-button"));
    // And a form that is sent twice exchanges once.
    site.post(&format!("{run}/tokens"), &[]).await;
    let page = site.get(&format!("{run}/tokens")).await;
    assert!(page.text().contains("Answer: 200 OK"));
}

#[tokio::test]
async fn a_code_expires() {
    let site = Site::ready().await;
    let run = site.arrived(&[]).await;
    site.bed.clock.advance(Duration::from_mins(11));
    site.post(&format!("{run}/tokens"), &[]).await;
    let page = site.get(&format!("{run}/tokens")).await;
    let html = page.text();
    assert!(html.contains("<title>Error: Tokens"));
    assert!(html.contains("invalid_request: Invalid code: "));
    assert!(html.contains("rfc6749#section-5.2"));
    assert!(html.contains("Answer: 400 Bad Request"));
    assert!(html.contains("No tokens") && !html.contains("vehicles-button"));
    let answer = site.post(&format!("{run}/vehicles"), &[]).await;
    assert_eq!(answer.header("location"), format!("{run}/tokens"));
}

#[tokio::test]
async fn runs_end_and_belong_to_their_browser() {
    let site = Site::ready().await;
    let run = site.at_the_calls().await;
    let other = "ffeeddccbbaa99887766554433221100";
    for path in ["", "/tokens", "/vehicles", "/calls"] {
        let page = site.get_as(other, &format!("{run}{path}")).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("This run is over"));
    }
    for path in ["/tokens", "/vehicles", "/calls", "/refresh", "/disconnect"] {
        let answer = site.post_as(other, &format!("{run}{path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    site.bed.clock.advance(Duration::from_hours(1));
    assert_eq!(site.get(&format!("{run}/calls")).await.status, 404);
    assert_eq!(site.get(&format!("{PAGE}/runs/x")).await.status, 404);
}

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}${7*7}",
    "a\r\nSet-Cookie: x=1",
    "\u{202e}\u{0}é😀%00%",
    "'; rm -rf / #$(id)`id`",
];

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let site = Site::ready().await;
    for text in HOSTILE {
        let names = [
            "state",
            "user",
            "make",
            "country",
            "single_select_vin",
            "redirect_uri",
            "ask",
            "mode",
        ];
        for name in names {
            let mut query = form_urlencoded::Serializer::new(String::new());
            let query = query.append_pair(name, text).finish();
            harmless(&site.get(&format!("{PAGE}?{query}")).await, text);
        }
        let link = site.open(&[("state", text), ("user", text)]).await;
        assert_eq!(value(&link, "state"), text);
        let code = site.code(None).await;
        let parts = [
            ("code", code.as_str()),
            ("state", text),
            (text, text),
            ("iss", text),
        ];
        let run = site.come_back(&parts).await.header("location").to_owned();
        harmless(&site.get(&run).await, text);
        harmless(
            &site
                .come_back(&[("code", text), ("state", "x"), (text, text)])
                .await,
            text,
        );
        site.post(&format!("{run}/tokens"), &[]).await;
        site.post(&format!("{run}/vehicles"), &[]).await;
        let id = site.car.vehicle.to_string();
        let fields = [
            ("vehicle", id.as_str()),
            ("endpoint", "POST /v2.0/vehicles/{id}/charge"),
            ("query", text),
            ("body", text),
        ];
        site.post(&format!("{run}/calls"), &fields).await;
        let page = site.get(&format!("{run}/calls")).await;
        harmless(&page, text);
        assert!(page.text().contains("curl -X POST"));
    }
}

fn harmless(answer: &Answer, text: &str) {
    let html = answer.text();
    for wrong in [
        "<script>alert",
        "<img src=x",
        "' onmouseover='alert",
        "\" onmouseover",
        "href=\"javascript:",
    ] {
        assert!(!html.contains(wrong), "{text:?} as {wrong}");
    }
    assert!(
        answer
            .headers
            .get_all("set-cookie")
            .iter()
            .all(|cookie| cookie != "x=1")
    );
}

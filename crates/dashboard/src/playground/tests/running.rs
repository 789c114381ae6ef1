//! A run from its code to a reading.

use super::*;

#[tokio::test]
async fn from_the_code_to_a_reading() {
    let site = Site::ready().await;
    let run = site.arrived(&[]).await;
    let page = site.get(&run).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("GET /dashboard/try/callback?code="));
    assert!(page.text().contains("works once, for ten minutes"));
    assert!(page.text().contains("id=\"exchange-button\""));

    let answer = site.post(&format!("{run}/tokens"), &[]).await;
    assert_eq!(answer.header("location"), format!("{run}/tokens"));
    let page = site.get(answer.header("location")).await;
    let html = page.text();
    assert!(html.contains("Answer: 200 OK"), "{html}");
    assert!(html.contains("authorization: Basic "));
    assert!(html.contains("grant_type=authorization_code"));
    assert!(html.contains("$CLIENT_SECRET") && html.contains("$CODE"));
    assert!(html.contains("&#34;expires_in&#34;: 7200"));
    assert_eq!(
        site.audited().await,
        ["operator client_secret.lent", "operator redirect_uri.added"]
    );

    let answer = site.post(&format!("{run}/vehicles"), &[]).await;
    let page = site.get(answer.header("location")).await;
    assert!(page.text().contains("2021 TESLA Model 3"));
    assert!(page.text().contains(&site.car.vehicle.to_string()));

    let calls = format!("{run}/calls");
    let page = site.get(&calls).await;
    // The link asked for no more than the application does by itself.
    assert!(
        page.text()
            .contains("<option value=\"GET /v2.0/vehicles/{id}\" selected>")
    );
    assert!(page.text().contains(
        "<optgroup label=\"Of other brands\"><option value=\"GET /v2.0/vehicles/{id}/kia\">"
    ));
    let id = site.car.vehicle.to_string();
    let fields = [
        ("vehicle", id.as_str()),
        ("endpoint", "GET /v2.0/vehicles/{id}/odometer"),
        ("units", "imperial"),
        ("query", "?a=b c&d"),
    ];
    let answer = site.post(&calls, &fields).await;
    assert_eq!(answer.header("location"), format!("{calls}#answer"));
    let html = site.get(&calls).await.text().to_owned();
    assert!(
        html.contains("&#34;units&#34;: &#34;imperial&#34;"),
        "{html}"
    );
    assert!(html.contains("&#34;query&#34;: &#34;a=b+c&#38;d=&#34;"));
    // "Bearer " and a token.
    assert!(html.contains("&#34;bearer&#34;: 43"));
    assert!(html.contains("<option value=\"imperial\" selected>"));
}

#[tokio::test]
async fn commands_are_sent_with_an_example_or_with_what_was_typed() {
    let site = Site::ready().await;
    let calls = format!("{}/calls", site.at_the_calls().await);
    let id = site.car.vehicle.to_string();
    let fields = |body| {
        [
            ("vehicle", id.as_str()),
            ("endpoint", "POST /v2.0/vehicles/{id}/charge"),
            ("body", body),
        ]
    };
    site.post(&calls, &fields("")).await;
    let html = site.get(&calls).await.text().to_owned();
    assert!(html.contains("&#34;method&#34;: &#34;POST&#34;"));
    assert!(html.contains("spellcheck=\"false\" aria-describedby=\"body-hint\">{&#34;action&#34;: &#34;START&#34;}</textarea>"));
    site.post(&calls, &fields("{not json")).await;
    let html = site.get(&calls).await.text().to_owned();
    assert!(html.contains("&#34;body&#34;: &#34;{not json&#34;"));
}

#[tokio::test]
async fn failures_lead_to_their_documentation() {
    let site = Site::ready().await;
    let calls = format!("{}/calls", site.at_the_calls().await);
    let id = site.car.vehicle.to_string();
    let call = async |endpoint: &str| {
        let fields = [("vehicle", id.as_str()), ("endpoint", endpoint)];
        site.post(&calls, &fields).await;
        site.get(&calls).await.text().to_owned()
    };
    let html = call("GET /v2.0/vehicles/{id}/asleep").await;
    assert!(html.contains("<title>Error: A reading"));
    assert!(html.contains("href=\"/docs/errors/vehicle-state#asleep\""));
    assert!(html.contains("did not ask for <code>read_fuel</code>"));
    assert!(
        html.contains("&#38;ask=read_vehicle_info&#38;ask=read_fuel")
            || html.contains("boxes=1&#38;")
    );
    let html = call("GET /v2.0/vehicles/{id}/cut").await;
    assert!(html.contains("No answer came"));
    // What is on no list leads back.
    let fields = [
        ("vehicle", "../../oauth/token"),
        ("endpoint", "GET /v2.0/vehicles/{id}"),
    ];
    let answer = site.post(&calls, &fields).await;
    assert_eq!(answer.header("location"), calls);
    let fields = [("vehicle", id.as_str()), ("endpoint", "GET /metrics")];
    assert_eq!(site.post(&calls, &fields).await.header("location"), calls);
}

#[tokio::test]
async fn tokens_are_refreshed_and_a_vehicle_is_disconnected() {
    let site = Site::ready().await;
    let run = site.at_the_calls().await;
    let calls = format!("{run}/calls");
    site.post(&format!("{run}/refresh"), &[]).await;
    let html = site.get(&calls).await.text().to_owned();
    assert!(html.contains("Refresh: POST /oauth/token"));
    assert!(html.contains("grant_type=refresh_token") && html.contains("200 OK"));
    assert!(html.contains("$REFRESH_TOKEN"));
    // The next one uses the new token.
    site.post(&format!("{run}/refresh"), &[]).await;
    assert!(site.get(&calls).await.text().contains("200 OK"));
    let id = site.car.vehicle.to_string();
    site.post(&format!("{run}/disconnect"), &[("vehicle", id.as_str())])
        .await;
    let html = site.get(&calls).await.text().to_owned();
    assert!(html.contains("Disconnect: 2021 TESLA Model 3"));
    assert!(html.contains("&#34;method&#34;: &#34;DELETE&#34;"));
}

#[tokio::test]
async fn with_a_challenge() {
    let site = Site::ready().await;
    let run = site.arrived(&[("pkce", "1")]).await;
    let answer = site.post(&format!("{run}/tokens"), &[]).await;
    let html = site.get(answer.header("location")).await.text().to_owned();
    assert!(html.contains("Answer: 200 OK"), "{html}");
    assert!(html.contains("code_verifier=") && html.contains("$CODE_VERIFIER"));
}

#[tokio::test]
async fn two_runs_at_once() {
    let site = Site::ready().await;
    let (one, two) = (site.open(&[]).await, site.open(&[("user", "b")]).await);
    let mut runs = Vec::new();
    for link in [&two, &one] {
        let code = site.code(None).await;
        let parts = [("code", code.as_str()), ("state", value(link, "state"))];
        runs.push(site.come_back(&parts).await.header("location").to_owned());
    }
    assert_ne!(runs[0], runs[1]);
    for run in runs {
        let answer = site.post(&format!("{run}/tokens"), &[]).await;
        let page = site.get(answer.header("location")).await;
        assert!(page.text().contains("Answer: 200 OK"));
    }
}

#[tokio::test]
async fn nothing_secret_is_in_a_page() {
    let site = Site::ready().await;
    let link = site.open(&[("pkce", "1")]).await;
    let code = site.code(find(&link, "code_challenge")).await;
    let parts = [("code", code.as_str()), ("state", value(&link, "state"))];
    let back = site.come_back(&parts).await;
    let run = back.header("location").to_owned();
    assert!(!run.contains(&code));
    let mut pages = vec![site.get(&run).await];
    site.post(&format!("{run}/tokens"), &[]).await;
    pages.push(site.get(&format!("{run}/tokens")).await);
    site.post(&format!("{run}/vehicles"), &[]).await;
    pages.push(site.get(&format!("{run}/vehicles")).await);
    site.post(&format!("{run}/refresh"), &[]).await;
    pages.push(site.get(&format!("{run}/calls")).await);
    for page in &pages {
        assert_eq!(page.status, 200);
        assert!(!page.text().contains(&code));
        holds_no_token(page);
    }
}

/// No UUID but those of the page: run, application, vehicle and owner.
fn holds_no_token(page: &Answer) {
    let text = page.text();
    for name in [
        "access_token&#34;: &#34;",
        "refresh_token&#34;: &#34;",
        "refresh_token=",
        "Bearer ",
        "code_verifier=",
    ] {
        for rest in text.split(name).skip(1) {
            let shown: String = rest
                .chars()
                .take_while(|c| !matches!(c, '&' | '<' | '\n'))
                .collect();
            let is_masked = shown.chars().count() == 5 && shown.ends_with('…');
            assert!(
                is_masked || shown.is_empty() || shown.starts_with('$'),
                "{name}{shown}"
            );
        }
    }
}

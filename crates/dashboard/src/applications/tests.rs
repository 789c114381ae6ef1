//! The pages through the router.

use std::time::Duration;

use carport_model::Digest;
use carport_store::{StoreError, Tx, applications, audit_log, client_secrets};
use carport_testkit::{Answer, assert_escaped, hostile};

use crate::Access;
use crate::simulator::tests::Site;

const LIST: &str = "/dashboard/applications";

/// Where a page of the site's own application is.
fn own(site: &Site, rest: &str) -> String {
    format!("{LIST}/{}{rest}", site.client.id)
}

/// The text of an element with this id, which holds nothing but text.
fn element(answer: &Answer, id: &str) -> String {
    let mark = format!("id=\"{id}\">");
    let found = answer.text().split_once(&mark);
    let (_, rest) = found.unwrap_or_else(|| panic!("no {id} in {}", answer.text()));
    rest.split('<').next().unwrap().to_owned()
}

async fn works(site: &Site, secret: &str) -> bool {
    let id = site.client.application.id;
    let client = site.bed.store.client(id).await.unwrap().unwrap();
    let (now, secret) = (
        carport_model::Clock::now(&*site.bed.clock),
        Digest::of(secret),
    );
    let mut working = client.secrets.iter().filter(|kept| kept.works_at(now));
    working.any(|kept| kept.digest.matches(&secret))
}

async fn audited(site: &Site) -> Vec<(String, String)> {
    let id = site.client.application.id;
    let entries = site
        .bed
        .store
        .read(async move |tx: &mut Tx<'_>| audit_log::newest(tx, id, 50).await)
        .await;
    let entries: Result<_, StoreError> = entries;
    let entries = entries.unwrap().into_iter();
    entries.map(|entry| (entry.actor, entry.action)).collect()
}

#[tokio::test]
async fn a_serve_shows_strangers_no_application() {
    let site = Site::with(Access::Nobody).await;
    for rest in ["", "/credentials", "/redirects", "/delete", "/state"] {
        assert_eq!(site.get(&own(&site, rest)).await.status, 303, "{rest}");
    }
    assert_eq!(site.get(LIST).await.status, 303);
    assert_eq!(
        site.post(&own(&site, "/credentials/token/show"), &[])
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn an_application_is_made_and_its_secrets_are_shown_once() {
    let site = Site::dev().await;
    assert!(site.get(LIST).await.text().contains("Ladebär"));
    assert_eq!(site.get(&format!("{LIST}/new")).await.status, 200);
    let fields = [
        ("name", "Ride Ledger"),
        ("description", "Keeps a logbook."),
        ("uri", "http://localhost:8000/exchange"),
    ];
    let made = site.post(&format!("{LIST}/new"), &fields).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.header("cache-control"), "no-store");
    let (id, secret) = (element(&made, "client-id"), element(&made, "new-secret"));
    let token = element(&made, "token");
    assert!(made.text().contains("SMARTCAR_CLIENT_SECRET"));
    assert_eq!(
        made.text().matches(&secret).count(),
        2,
        "alone and exported"
    );
    let managed = site.bed.store.managed_application(&token).await.unwrap();
    assert_eq!(managed.unwrap().to_string(), id);
    let again = site.get(&format!("{LIST}/{id}/credentials")).await;
    assert!(!again.text().contains(&secret) && !again.text().contains(&token));
    assert!(
        again
            .text()
            .contains(&format!("•••• {}", &secret[secret.len() - 4..]))
    );
    assert!(again.text().contains("kept as a hash only"));
    assert!(site.get(LIST).await.text().contains("Keeps a logbook."));
    // What cannot be made comes back with what was typed.
    for (field, fields) in [
        ("name", [("name", " "), ("uri", "https://a.example/")]),
        ("uri", [("name", "Typed"), ("uri", "javascript:alert(1)")]),
    ] {
        let refused = site.post(&format!("{LIST}/new"), &fields).await;
        assert_eq!(refused.status, 400, "{field}");
        assert!(refused.text().contains("<title>Error: "), "{field}");
        assert!(
            refused.text().contains(&format!("id=\"{field}-error\"")),
            "{field}"
        );
        assert!(
            refused
                .text()
                .contains(&format!("value=\"{}\"", fields[1].1)),
            "{field}"
        );
    }
    let public = [("name", "Pocket"), ("public", "1")];
    let public = site.post(&format!("{LIST}/new"), &public).await;
    assert!(!public.text().contains("new-secret"));
    assert!(public.text().contains("no secret stays secret"));
}

#[tokio::test]
async fn a_secret_is_rotated_with_an_overlap_and_revoked_at_once() {
    let site = Site::dev().await;
    let old = site.client.secret.clone();
    let path = own(&site, "/credentials/secret");
    let rotated = site.post(&path, &[("overlap", "86400")]).await;
    assert_eq!(rotated.status, 200);
    let new = element(&rotated, "new-secret");
    assert!(works(&site, &old).await && works(&site, &new).await);
    let page = rotated.text();
    assert!(page.contains("stops working in 24 h") || page.contains("stops working in 23 h"));
    assert!(
        page.contains("UTC</time>") && page.contains("data-local"),
        "{page}"
    );
    // The old one is revoked before its time.
    let name = Digest::of(&old).name();
    let ask = site.get(&format!("{path}/{name}")).await;
    assert!(ask.text().contains("Revoke this client secret?"));
    let gone = site.post(&format!("{path}/{name}"), &[]).await;
    assert_eq!(gone.status, 303);
    let page = site.get(gone.header("location")).await;
    assert!(page.text().contains("The secret is revoked."));
    assert!(!works(&site, &old).await && works(&site, &new).await);
    assert_eq!(site.post(&format!("{path}/{name}"), &[]).await.status, 404);
    assert_eq!(site.get(&format!("{path}/x'y")).await.status, 404);
    assert!(
        audited(&site)
            .await
            .contains(&("operator".into(), "client_secret.revoked".into()))
    );
    // Ten may work at once.
    for _ in 0..9 {
        assert_eq!(site.post(&path, &[("overlap", "3600")]).await.status, 200);
    }
    let refused = site.post(&path, &[("overlap", "3600")]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("Revoke one first."));
    // Those that have ended make room.
    site.bed.clock.advance(Duration::from_hours(2));
}

#[tokio::test]
async fn machine_credentials_have_three_secrets() {
    let site = Site::dev().await;
    let path = own(&site, "/credentials/machine");
    let first = site.post(&path, &[]).await;
    let id = element(&first, "machine-id");
    assert!(id.starts_with("client_"), "{id}");
    let secret = element(&first, "new-machine-secret");
    for _ in 0..2 {
        assert_eq!(element(&site.post(&path, &[]).await, "machine-id"), id);
    }
    let full = site.post(&path, &[]).await;
    assert_eq!(full.status, 400);
    assert!(full.text().contains("Three secrets are there"));
    let name = Digest::of(&secret).name();
    assert_eq!(site.get(&format!("{path}/{name}")).await.status, 200);
    assert_eq!(site.post(&format!("{path}/{name}"), &[]).await.status, 303);
    let page = site.get(&own(&site, "/credentials")).await;
    assert!(page.text().contains("Make another secret"));
    assert!(!page.text().contains(&secret));
}

#[tokio::test]
async fn the_management_token_is_replaced_and_shown() {
    let site = Site::dev().await;
    let path = own(&site, "/credentials/token");
    let ask = site.get(&path).await;
    assert!(ask.text().contains("Webhooks are signed with the new one"));
    let replaced = element(&site.post(&path, &[]).await, "token");
    let shown = site.post(&format!("{path}/show"), &[]).await;
    assert_eq!(element(&shown, "token"), replaced);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(
        !site
            .get(&own(&site, "/credentials"))
            .await
            .text()
            .contains(&replaced)
    );
    let old = &site.client.management_token;
    assert_eq!(site.bed.store.managed_application(old).await.unwrap(), None);
    assert!(
        audited(&site)
            .await
            .contains(&("operator".into(), "management_token.shown".into()))
    );
}

#[tokio::test]
async fn every_refusal_of_a_redirect_uri_says_why() {
    let site = Site::dev().await;
    let path = own(&site, "/redirects");
    let long = format!("https://a.example/{}", "x".repeat(2000));
    for (uri, reason) in [
        ("", "This is not an address."),
        ("callback", "This is not an address."),
        (
            "http://a.example/",
            "Use https. Plain http is allowed for localhost only.",
        ),
        ("http://localhost.evil.example/", "Use https."),
        ("https://a.example/#x", "Leave out everything from # on"),
        (
            "https://me:pw@a.example/",
            "Leave out the user name and password",
        ),
        ("https://*.a.example/", "a * stands for itself"),
        ("javascript:alert(1)", "Use https://…, http://localhost…"),
        ("data:text/html,x", "Use https://…, http://localhost…"),
        ("scother://x", "Use https://…, http://localhost…"),
        (
            "https://a.example/v2/redirect?app_origin=https://b.example/x",
            "app_origin is scheme",
        ),
        (
            "https://a.example/v2/redirect?app_origin=https://b.example&y=1",
            "app_origin and nothing else",
        ),
        (&long, "longer than 2000 characters"),
        ("https://ladebaer.test/callback", "in the list already"),
    ] {
        let refused = site.post(&path, &[("uri", uri)]).await;
        assert_eq!(refused.status, 400, "{uri}");
        assert!(refused.text().contains("id=\"uri-error\""), "{uri}");
        assert!(refused.text().contains(reason), "{uri}: {}", refused.text());
        assert!(refused.text().contains("<title>Error: "), "{uri}");
    }
}

#[tokio::test]
async fn redirect_uris_are_added_made_default_and_removed() {
    let site = Site::dev().await;
    let path = own(&site, "/redirects");
    let uri = "https://rideledger.example/cars?a=1&b=2";
    let did = async |rest: &str| {
        let done = site.post(&format!("{path}{rest}"), &[("uri", uri)]).await;
        assert_eq!(done.status, 303, "{rest}");
        site.get(done.header("location")).await.text().to_owned()
    };
    assert!(did("").await.contains("It works from now on."));
    let page = did("/default").await;
    let first = page.find("rideledger.example").unwrap();
    assert!(
        first < page.find("ladebaer.test").unwrap(),
        "the default first"
    );
    assert!(
        did("/remove")
            .await
            .contains("no longer sends owners there")
    );
    let gone = site.post(&format!("{path}/default"), &[("uri", uri)]).await;
    assert_eq!(gone.status, 404);
    let actions: Vec<String> = audited(&site)
        .await
        .into_iter()
        .map(|(_, what)| what)
        .collect();
    for action in [
        "redirect_uri.added",
        "redirect_uri.made_default",
        "redirect_uri.removed",
    ] {
        assert!(actions.iter().any(|known| known == action), "{action}");
    }
}

#[tokio::test]
async fn disabling_and_deleting_are_asked_first() {
    let site = Site::dev().await;
    let state = own(&site, "/state");
    assert!(
        site.get(&state)
            .await
            .text()
            .contains("Disable this application?")
    );
    let disabled = site.post(&state, &[("enabled", "0")]).await;
    let page = site.get(disabled.header("location")).await;
    assert!(page.text().contains("This application is disabled."));
    let enabled = site.post(&state, &[("enabled", "1")]).await;
    let page = site.get(enabled.header("location")).await;
    assert!(!page.text().contains("This application is disabled."));
    let path = own(&site, "/delete");
    assert!(
        site.get(&path)
            .await
            .text()
            .contains("No car is connected to it.")
    );
    for wrong in ["", "ladebär", "Ladebär!"] {
        let refused = site.post(&path, &[("name", wrong)]).await;
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.text().contains("This is not its name."), "{wrong}");
    }
    let deleted = site.post(&path, &[("name", " Ladebär ")]).await;
    let page = site.get(deleted.header("location")).await;
    assert!(page.text().contains("Its tokens have stopped working."));
    assert!(page.text().contains("No application yet"));
    for rest in ["", "/credentials", "/redirects", "/delete"] {
        let gone = site.get(&own(&site, rest)).await;
        assert_eq!(gone.status, 404, "{rest}");
        assert!(
            gone.text().contains("There is no such application"),
            "{rest}"
        );
    }
}

#[tokio::test]
async fn the_list_is_searched_and_goes_on() {
    let site = Site::dev().await;
    for number in 0..60 {
        site.bed.clock.advance(Duration::from_secs(1));
        site.bed
            .application_with(|application| application.name = format!("App {number:02}"))
            .await;
    }
    let mut seen = Vec::new();
    let mut at = LIST.to_owned();
    for _ in 0..3 {
        let page = site.get(&at).await;
        let names = page
            .text()
            .split(">App ")
            .skip(1)
            .map(|rest| rest[..2].to_owned());
        seen.extend(names);
        let next = page
            .text()
            .split_once("\">Older</a>")
            .map(|(before, _)| before);
        at = next.map_or(at, |before| {
            let href = before.rsplit_once("href=\"").unwrap().1;
            href.replace("&#38;", "&").replace("&amp;", "&")
        });
    }
    let expected: Vec<String> = (0..60).rev().map(|number| format!("{number:02}")).collect();
    assert_eq!(seen, expected);
    let found = site.get(&format!("{LIST}?q=app+07")).await;
    assert!(found.text().contains("App 07") && !found.text().contains("App 08"));
    let found = site.get(&format!("{LIST}?q={}", site.client.id)).await;
    assert!(found.text().contains("Ladebär") && !found.text().contains("App 08"));
    let nothing = site.get(&format!("{LIST}?q=%25")).await;
    assert!(nothing.text().contains("No application is called"));
}

#[tokio::test]
async fn nothing_leaves_its_place_on_a_page() {
    let site = Site::dev().await;
    for text in hostile() {
        for field in ["name", "description", "privacy_url"] {
            let usual = [
                ("name", "Ladebär"),
                ("description", ""),
                ("privacy_url", ""),
            ];
            let fields = usual
                .map(|(name, usual)| (name, if name == field { text.as_str() } else { usual }));
            let answer = site.post(&own(&site, ""), &fields).await;
            assert!(
                [303, 400].contains(&answer.status.as_u16()),
                "{field}: {}",
                answer.status
            );
            assert_escaped(answer.text(), &text);
            for page in [own(&site, ""), own(&site, "/delete"), LIST.to_owned()] {
                assert_escaped(site.get(&page).await.text(), &text);
            }
        }
        let made = [("name", text.as_str()), ("uri", text.as_str())];
        let answer = site.post(&format!("{LIST}/new"), &made).await;
        assert_eq!(answer.status, 400, "{:.40}", text.escape_debug());
        assert_escaped(answer.text(), &text);
        for (path, name) in [("/redirects", "uri"), ("/delete", "name")] {
            let answer = site.post(&own(&site, path), &[(name, &text)]).await;
            assert_eq!(answer.status, 400, "{path}");
            assert_escaped(answer.text(), &text);
        }
        for path in ["/redirects/default", "/redirects/remove"] {
            let answer = site.post(&own(&site, path), &[("uri", &text)]).await;
            assert!(
                [303, 404].contains(&answer.status.as_u16()),
                "{path} {}",
                answer.status
            );
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query
            .append_pair("q", &text)
            .append_pair("did", &text)
            .finish();
        let found = site.get(&format!("{LIST}?{query}")).await;
        assert_eq!(found.status, 200, "{:.40}", text.escape_debug());
        assert_escaped(found.text(), &text);
    }
}

#[tokio::test]
async fn secrets_of_others_are_out_of_reach() {
    let site = Site::dev().await;
    let other = site.bed.application().await;
    let name = Digest::of(&other.secret).name();
    let path = own(&site, &format!("/credentials/secret/{name}"));
    assert_eq!(site.post(&path, &[]).await.status, 404);
    let id = other.application.id;
    let kept = site
        .bed
        .store
        .read(async move |tx: &mut Tx<'_>| {
            assert!(applications::find(tx, id).await?.is_some());
            client_secrets::list(tx, id).await
        })
        .await;
    let kept: Result<_, StoreError> = kept;
    assert_eq!(kept.unwrap().len(), 1);
}

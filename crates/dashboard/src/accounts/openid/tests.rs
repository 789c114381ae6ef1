//! Signing in at a provider, through the router.

use std::sync::Arc;
use std::time::Duration;

use carport_model::{Role, Secret};
use carport_store::{StoreError, Tx};
use carport_testkit::Answer;
use serde_json::json;

use super::fake::{CLIENT, Fake, ISSUER, SECRET};
use super::{IssuerUrl, Provider, RETURN, RedirectUrl, Settings};
use crate::accounts::{By, NewMember};
use crate::testing::{self, Browser, Site, set};

/// A site with a provider; what strangers become.
async fn site(fake: &Fake, new_role: Option<Role>) -> Site {
    let settings = Settings {
        issuer: IssuerUrl::new(ISSUER.to_owned()).unwrap(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(Secret::new(SECRET.to_owned())),
        name: "Example & Sons".to_owned(),
        new_role,
    };
    let redirect = RedirectUrl::new(format!("http://localhost:2277{RETURN}")).unwrap();
    let fetch = fake.fetch();
    Site::with_provider(|clock| Arc::new(Provider::new(settings, redirect, fetch, clock))).await
}

/// Goes to the provider; where that is, and what the browser keeps.
async fn leave(site: &Site) -> (String, String) {
    let went = site
        .get(
            &Browser::default(),
            "/dashboard/sign-in/openid?next=/dashboard/team",
        )
        .await;
    assert_eq!(went.status, 303, "{}", went.text());
    (
        went.header("location").to_owned(),
        set(&went, "carport_away").unwrap(),
    )
}

/// Comes back with a query, from a browser that keeps something.
async fn back(site: &Site, query: &str, away: &str) -> Answer {
    let request = site.app.get(&format!("{RETURN}?{query}"));
    let cookies = format!("carport_dashboard={}; carport_away={away}", testing::SECRET);
    let request = request.header("host", "localhost:2277");
    request.header("cookie", &cookies).send().await
}

/// There and back.
async fn through(site: &Site, fake: &Fake) -> Answer {
    let (address, away) = leave(site).await;
    back(site, &fake.sign_in(&address), &away).await
}

fn refusal(answer: &Answer) -> (u16, String) {
    assert_eq!(set(answer, "carport_session"), None);
    (answer.status.as_u16(), answer.text().to_owned())
}

#[tokio::test]
async fn an_invited_member_comes_in_and_is_known_from_then_on() {
    let fake = Fake::new();
    let site = site(&fake, None).await;
    let new = NewMember {
        email: "bo@example.org".to_owned(),
        name: None,
        role: Role::Admin,
        only: None,
    };
    let (invited, link) = site.accounts.invite(&By::operator(), new).await.unwrap();
    let page = site
        .get(
            &Browser::default(),
            "/dashboard/sign-in?next=/dashboard/team",
        )
        .await;
    assert!(page.text().contains(
        "href=\"/dashboard/sign-in/openid?next=%2Fdashboard%2Fteam\">Sign in with Example &#38; Sons<"
    ));
    let came = through(&site, &fake).await;
    assert_eq!(
        (came.status.as_u16(), came.header("location")),
        (303, "/dashboard/team")
    );
    assert_eq!(set(&came, "carport_away").as_deref(), Some(""));
    let team = site.get(&Browser::after(&came), "/dashboard/team").await;
    assert!(team.text().contains("Signed in as bo, admin"));
    // The letter with the invitation lets nobody set a password any more.
    let path = link
        .expose()
        .trim_start_matches("http://localhost:2277")
        .to_owned();
    assert_eq!(site.get(&Browser::default(), &path).await.status, 410);
    // Another address, the same person.
    fake.set(|known| {
        known.claims = json!({ "email": "robert@example.org", "email_verified": true });
    });
    assert_eq!(through(&site, &fake).await.status, 303);
    assert!(site.find(&invited).await.unwrap().joined_at.is_some());
    let expected = [
        "identity.bound",
        "member.invited",
        "member.joined",
        "session.started",
        "session.started",
    ];
    assert_eq!(site.audited().await, expected);
    let calls = fake.0.lock().unwrap().calls.clone();
    let known = [
        "/.well-known/openid-configuration",
        "/keys",
        "/token",
        "/token",
    ];
    assert_eq!(calls, known, "what a provider says of itself is asked once");
    site.bed.clock.advance(Duration::from_hours(2));
    leave(&site).await;
    assert_eq!(fake.0.lock().unwrap().calls.len(), 6);
}

#[tokio::test]
async fn strangers_are_kept_out_or_become_what_the_operator_says() {
    let fake = Fake::new();
    let closed = site(&fake, None).await;
    let (status, page) = refusal(&through(&closed, &fake).await);
    assert!(
        status == 403 && page.contains("You are not a member"),
        "{page}"
    );
    assert!(closed.audited().await.is_empty());
    let open = site(&fake, Some(Role::Viewer)).await;
    let came = through(&open, &fake).await;
    let team = open.get(&Browser::after(&came), "/dashboard/team").await;
    assert!(team.text().contains("Signed in as Bo, viewer"));
    assert_eq!(
        open.audited().await,
        ["identity.bound", "member.created", "session.started"]
    );
    // Whoever is sent away does not come back as somebody new.
    let bo = open.accounts.by_email("bo@example.org").await.unwrap();
    open.member("ada@example.org", Role::Owner).await;
    open.accounts
        .set_suspended(&By::operator(), bo.id, true)
        .await
        .unwrap();
    assert_eq!(refusal(&through(&open, &fake).await).0, 403);
}

#[tokio::test]
async fn an_address_counts_when_the_provider_vouches_for_it() {
    let fake = Fake::new();
    let site = site(&fake, Some(Role::Viewer)).await;
    for claims in [
        json!({}),
        json!({ "email": "bo@example.org" }),
        json!({ "email": "bo@example.org", "email_verified": false }),
        json!({ "email": "nonsense", "email_verified": true }),
    ] {
        fake.set(|known| known.claims = claims);
        let (status, page) = refusal(&through(&site, &fake).await);
        assert!(
            status == 403 && page.contains("does not say that your e-mail"),
            "{page}"
        );
    }
    // Asked for where it is told; but of another person nothing is believed.
    let bo = json!({ "sub": "someone", "email": "bo@example.org", "email_verified": "true" });
    fake.set(|known| known.userinfo = bo);
    assert_eq!(refusal(&through(&site, &fake).await).0, 502);
    fake.set(|known| known.userinfo["sub"] = json!("bo-1"));
    assert_eq!(through(&site, &fake).await.status, 303);
}

#[tokio::test]
async fn an_address_that_is_given_to_somebody_else_opens_nothing() {
    let fake = Fake::new();
    let site = site(&fake, None).await;
    site.member("bo@example.org", Role::Owner).await;
    assert_eq!(through(&site, &fake).await.status, 303);
    fake.set(|known| known.claims["sub"] = json!("bo-2"));
    let (status, page) = refusal(&through(&site, &fake).await);
    assert!(
        status == 403 && page.contains("is somebody else at your provider"),
        "{page}"
    );
}

#[tokio::test]
async fn a_second_factor_is_asked_for_all_the_same() {
    let fake = Fake::new();
    let site = site(&fake, None).await;
    let bo = site.member("bo@example.org", Role::Owner).await;
    let unit =
        async move |tx: &mut Tx<'_>| carport_store::members::enrol(tx, bo.id, vec![1], 0).await;
    let enrolled: Result<bool, StoreError> = site.bed.store.write(unit).await;
    assert!(enrolled.unwrap());
    let came = through(&site, &fake).await;
    let expected = "/dashboard/sign-in/second-factor?next=%2Fdashboard%2Fteam";
    assert_eq!(
        (came.header("location"), set(&came, "carport_session")),
        (expected, None)
    );
    assert!(set(&came, "carport_halfway").is_some());
}

#[tokio::test]
async fn an_answer_belongs_to_one_browser_and_ten_minutes() {
    let fake = Fake::new();
    let site = site(&fake, Some(Role::Viewer)).await;
    let (address, away) = leave(&site).await;
    let query = fake.sign_in(&address);
    let (_, other) = leave(&site).await;
    for (query, away) in [
        (query.as_str(), ""),
        (query.as_str(), other.as_str()),
        (query.as_str(), "bm9uc2Vuc2U"),
        ("code=a-code", away.as_str()),
        ("code=a-code&state=another", away.as_str()),
    ] {
        let (status, page) = refusal(&back(&site, query, away).await);
        assert!(
            status == 403 && page.contains("took too long, or was begun"),
            "{page}"
        );
    }
    let refused = [
        query.replace("code=a-code", "error=access_denied"),
        query.replace("login.example.com", "evil.example"),
        query.replace("code=a-code", "code=guessed"),
    ];
    for query in &refused {
        let (status, page) = refusal(&back(&site, query, &away).await);
        assert!(
            status == 403 && page.contains("Example &#38; Sons did not let you in"),
            "{page}"
        );
    }
    site.bed.clock.advance(Duration::from_mins(10));
    assert_eq!(refusal(&back(&site, &query, &away).await).0, 403);
    assert!(site.audited().await.is_empty());
}

#[tokio::test]
async fn what_the_provider_did_not_sign_for_this_is_not_believed() {
    let fake = Fake::new();
    let site = site(&fake, Some(Role::Viewer)).await;
    let usual = fake.0.lock().unwrap().claims.clone();
    for (name, value) in [
        ("aud", json!("another")),
        ("iss", json!("https://evil.example")),
        ("nonce", json!("another")),
        ("exp", json!(1_000_000_000)),
    ] {
        let mut claims = usual.clone();
        claims[name] = value;
        fake.set(|known| known.claims = claims);
        let (status, page) = refusal(&through(&site, &fake).await);
        assert!(
            status == 403 && page.contains("cannot be verified"),
            "{name}: {page}"
        );
    }
    fake.set(|known| (known.claims, known.keys) = (usual, (1, 2)));
    assert_eq!(refusal(&through(&site, &fake).await).0, 403);
    // The provider has new keys, and shows them now.
    fake.set(|known| known.keys = (2, 2));
    assert_eq!(through(&site, &fake).await.status, 303);
}

#[tokio::test]
async fn without_an_answer_the_page_says_so() {
    let fake = Fake::new();
    let site = site(&fake, Some(Role::Viewer)).await;
    fake.set(|known| known.is_up = false);
    let down = site
        .get(&Browser::default(), "/dashboard/sign-in/openid")
        .await;
    let (status, page) = refusal(&down);
    assert!(status == 502 && page.contains("does not answer"), "{page}");
    assert!(!page.contains("connection refused"));
    // Down between the two.
    fake.set(|known| known.is_up = true);
    let (address, away) = leave(&site).await;
    let query = fake.sign_in(&address);
    fake.set(|known| known.is_up = false);
    assert_eq!(refusal(&back(&site, &query, &away).await).0, 502);
    let none = Site::serve().await;
    let page = none.get(&Browser::default(), "/dashboard/sign-in").await;
    assert!(!page.text().contains("sign-in/openid"));
    for path in ["/dashboard/sign-in/openid", RETURN] {
        assert_eq!(none.get(&Browser::default(), path).await.status, 404);
    }
}

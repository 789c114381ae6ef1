//! Coming in and changing oneself, through the router.

use std::time::Duration;

use carport_model::member::Purpose;
use carport_model::{Clock as _, Member, Role, Secret};
use carport_testkit::{assert_escaped, hostile};

use super::totp;
use crate::access::Access;
use crate::accounts::{AccountError, By, NewMember};
use crate::testing::{Browser, Site, set};

const PASSWORD: &str = "löwenzahn im mai";
const SIGN_IN: &str = "/dashboard/sign-in";

async fn ada(site: &Site) -> Member {
    let new = NewMember {
        email: "Ada@example.org".to_owned(),
        name: Some("Ada".to_owned()),
        role: Role::Owner,
        only: None,
    };
    let password = Secret::new(PASSWORD.to_owned());
    site.accounts
        .create(&By::operator(), new, &password)
        .await
        .unwrap()
}

async fn try_in(site: &Site, email: &str, password: &str) -> carport_testkit::Answer {
    let fields = [
        ("email", email),
        ("password", password),
        ("next", "/dashboard/team"),
    ];
    site.post(&Browser::default(), SIGN_IN, &fields).await
}

#[tokio::test]
async fn a_password_signs_in_and_out() {
    let site = Site::serve().await;
    ada(&site).await;
    let page = site.get(&Browser::default(), "/dashboard/team?x=1").await;
    assert_eq!(
        page.header("location"),
        "/dashboard/sign-in?next=%2Fdashboard%2Fteam%3Fx%3D1"
    );
    let form = site.get(&Browser::default(), page.header("location")).await;
    assert!(form.text().contains("value=\"/dashboard/team?x=1\""));
    let came = try_in(&site, " ADA@example.org", PASSWORD).await;
    assert_eq!(
        (came.status.as_u16(), came.header("location")),
        (303, "/dashboard/team")
    );
    let cookies: Vec<_> = came.headers.get_all("set-cookie").iter().collect();
    let session = cookies
        .iter()
        .map(|c| c.to_str().unwrap())
        .find(|c| c.starts_with("carport_session"))
        .unwrap();
    assert!(session.contains("HttpOnly; SameSite=Lax") && session.contains("Path=/dashboard"));
    let browser = Browser::after(&came);
    let team = site.get(&browser, "/dashboard/team").await;
    assert!(team.text().contains("Signed in as Ada, owner"));
    let again = try_in(&site, "ada@example.org", PASSWORD).await;
    assert_ne!(
        Browser::after(&again).0,
        browser.0,
        "each sign-in has a session of its own"
    );
    let out = site.post(&browser, "/dashboard/sign-out", &[]).await;
    assert_eq!(
        (out.status.as_u16(), set(&out, "carport_session").as_deref()),
        (303, Some(""))
    );
    assert_eq!(site.get(&browser, "/dashboard/team").await.status, 303);
    assert_eq!(
        site.get(&Browser::after(&again), "/dashboard/team")
            .await
            .status,
        200
    );
    let expected = [
        "member.created",
        "session.ended",
        "session.started",
        "session.started",
    ];
    assert_eq!(site.audited().await, expected);
    // Nothing that opens anything lies on the disk.
    let disk = site.bed.bytes_on_disk();
    for secret in [PASSWORD, browser.0.as_deref().unwrap()] {
        assert!(
            !disk
                .windows(secret.len())
                .any(|bytes| bytes == secret.as_bytes())
        );
    }
}

#[tokio::test]
async fn wrong_ones_are_told_alike_and_slowed() {
    let site = Site::serve().await;
    ada(&site).await;
    let wrong = try_in(&site, "ada@example.org", "something else").await;
    let unknown = try_in(&site, "bo@example.org", PASSWORD).await;
    assert_eq!(
        (wrong.status, unknown.status),
        (unknown.status, wrong.status)
    );
    assert_eq!(wrong.status, 401);
    let without = |text: &str, email: &str| {
        let text = text.replace(email, "…");
        let start = text.find("name=\"csrf\"").unwrap();
        format!("{}{}", &text[..start], &text[start + 95..])
    };
    assert_eq!(
        without(wrong.text(), "ada@example.org"),
        without(unknown.text(), "bo@example.org")
    );
    assert!(
        wrong.text().contains("<title>Error: Sign in") && !wrong.text().contains("something else")
    );
    for _ in 0..4 {
        try_in(&site, "ada@example.org", "something else").await;
    }
    let slowed = try_in(&site, "ada@example.org", PASSWORD).await;
    assert_eq!(slowed.status, 429);
    assert!(slowed.text().contains("too many mistakes"));
    // From elsewhere the right one still works.
    let elsewhere = carport_web::sender::Remote("192.0.2.9".parse().unwrap());
    let there = Site {
        app: site.app.with_extension(elsewhere),
        bed: site.bed,
        mail: site.mail,
        accounts: site.accounts,
    };
    assert_eq!(
        try_in(&there, "ada@example.org", PASSWORD).await.status,
        303
    );
    there.bed.clock.advance(Duration::from_mins(1));
    assert_eq!(
        try_in(&there, "ada@example.org", PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn the_first_owner_comes_by_a_link_once() {
    let site = Site::serve().await;
    let nobody = Browser::default();
    let closed = site.get(&nobody, SIGN_IN).await;
    assert!(closed.text().contains("set-up link"));
    let (link, late) = (
        site.accounts.set_up_link().await.unwrap(),
        site.accounts.set_up_link().await.unwrap(),
    );
    assert_eq!(site.get(&nobody, link.expose()).await.status, 200);
    let token = link.expose().split("token=").nth(1).unwrap();
    let fields = |email, password| {
        [
            ("token", token),
            ("email", email),
            ("name", "Ada"),
            ("password", password),
        ]
    };
    let weak = site
        .post(
            &nobody,
            "/dashboard/set-up",
            &fields("ada@example.org", "short"),
        )
        .await;
    assert_eq!(weak.status, 422);
    assert!(
        weak.text().contains("value=\"ada@example.org\"") && weak.text().contains("at least 10")
    );
    let forged = [
        ("token", "x"),
        ("email", "eve@example.org"),
        ("name", "Eve"),
        ("password", PASSWORD),
    ];
    assert_eq!(
        site.post(&nobody, "/dashboard/set-up", &forged)
            .await
            .status,
        410
    );
    let came = site
        .post(
            &nobody,
            "/dashboard/set-up",
            &fields("ada@example.org", PASSWORD),
        )
        .await;
    assert_eq!(came.header("location"), "/dashboard");
    assert_eq!(
        site.get(&Browser::after(&came), "/dashboard").await.status,
        200
    );
    assert_eq!(
        site.get(&nobody, late.expose()).await.status,
        410,
        "there is an owner now"
    );
    let again = site
        .post(
            &nobody,
            "/dashboard/set-up",
            &fields("eve@example.org", PASSWORD),
        )
        .await;
    assert_eq!(again.status, 409);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_letter() {
    let site = Site::serve().await;
    let ada = ada(&site).await;
    let elsewhere = site.signed_in(&ada).await;
    let nobody = Browser::default();
    for email in ["ada@example.org", "nobody@example.org", "nonsense"] {
        let answer = site
            .post(&nobody, "/dashboard/forgot", &[("email", email)])
            .await;
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains("If somebody with this address"));
    }
    let mut letters = site.mail.take();
    for _ in 0..100 {
        if letters.is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            letters = site.mail.take();
        }
    }
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to, ada.email);
    let link = letters[0]
        .text
        .lines()
        .find(|line| line.starts_with("http"))
        .unwrap()
        .to_owned();
    assert_eq!(site.get(&nobody, &link).await.status, 200);
    let token = link.split("token=").nth(1).unwrap();
    let fields = [("token", token), ("password", "birnen im september")];
    let set = site.post(&nobody, "/dashboard/reset", &fields).await;
    assert_eq!(set.header("location"), "/dashboard/sign-in?did=reset");
    assert_eq!(
        site.post(&nobody, "/dashboard/reset", &fields).await.status,
        410
    );
    assert_eq!(
        site.get(&elsewhere, "/dashboard/team").await.status,
        303,
        "signed out everywhere"
    );
    assert_eq!(try_in(&site, "ada@example.org", PASSWORD).await.status, 401);
    assert_eq!(
        try_in(&site, "ada@example.org", "birnen im september")
            .await
            .status,
        303
    );
    // Without a mail server there is no such page.
    let mute = Site::with(Access::Nobody, false).await;
    mute.member("ada@example.org", Role::Owner).await;
    assert_eq!(mute.get(&nobody, "/dashboard/forgot").await.status, 404);
    assert!(
        mute.get(&nobody, SIGN_IN)
            .await
            .text()
            .contains("carport user reset-link")
    );
}

#[tokio::test]
async fn links_of_the_operator_expire_and_are_replaced() {
    let site = Site::serve().await;
    let ada = ada(&site).await;
    let nobody = Browser::default();
    let by = By::operator();
    let old = site
        .accounts
        .link(&by, &ada, Purpose::SignIn)
        .await
        .unwrap();
    let link = site
        .accounts
        .link(&by, &ada, Purpose::SignIn)
        .await
        .unwrap();
    assert_eq!(site.get(&nobody, old.expose()).await.status, 410);
    let path = link.expose().trim_start_matches("http://localhost:2277");
    let looked = site.app.request(axum::http::Method::HEAD, path);
    assert_eq!(
        looked.header("host", "localhost:2277").send().await.status,
        200
    );
    assert!(site.works(link.expose(), Purpose::SignIn).await);
    let came = site.get(&nobody, link.expose()).await;
    assert_eq!(came.header("location"), "/dashboard");
    assert_eq!(
        site.get(&Browser::after(&came), "/dashboard/account")
            .await
            .status,
        200
    );
    assert_eq!(site.get(&nobody, link.expose()).await.status, 410);
    let reset = site.accounts.link(&by, &ada, Purpose::Reset).await.unwrap();
    site.bed.clock.advance(Duration::from_hours(1));
    assert_eq!(site.get(&nobody, reset.expose()).await.status, 410);
}

/// Enrols a second factor; the secret and the recovery codes.
async fn enrolled(site: &Site, browser: &Browser) -> (String, Vec<String>) {
    let page = site.get(browser, "/dashboard/account/second-factor").await;
    let secret = page
        .text()
        .split("name=\"secret\" value=\"")
        .nth(1)
        .unwrap();
    let secret = secret.split('"').next().unwrap().to_owned();
    assert!(page.text().contains("otpauth://totp/") && page.text().contains("class=\"qr\""));
    let path = "/dashboard/account/second-factor";
    let wrong = site
        .post(browser, path, &[("secret", &secret), ("code", "000000")])
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains(&secret),
        "the app need not read it again"
    );
    let code = totp::code(&secret, site.bed.clock.now());
    let shown = site
        .post(browser, path, &[("secret", &secret), ("code", &code)])
        .await;
    assert_eq!(shown.status, 200);
    let codes = shown.text().split("id=\"codes\">").nth(1).unwrap();
    let codes = codes.split("</code>").next().unwrap();
    (
        secret,
        codes
            .lines()
            .map(str::to_owned)
            .filter(|line| !line.is_empty())
            .collect(),
    )
}

/// Signs in with the password and then a code.
async fn with_code(site: &Site, code: &str) -> carport_testkit::Answer {
    let first = try_in(site, "ada@example.org", PASSWORD).await;
    assert_eq!(
        first.header("location"),
        "/dashboard/sign-in/second-factor?next=%2Fdashboard%2Fteam"
    );
    assert_eq!(set(&first, "carport_session"), None);
    let halfway = set(&first, "carport_halfway").unwrap();
    let csrf = carport_web::csrf::draw(crate::testing::SECRET, &*site.bed.rng);
    let request = site.app.post("/dashboard/sign-in/second-factor");
    let cookies = format!(
        "carport_dashboard={}; carport_halfway={halfway}",
        crate::testing::SECRET
    );
    let request = request
        .header("host", "localhost:2277")
        .header("cookie", &cookies);
    request
        .form(&[("csrf", &csrf), ("code", code), ("next", "/dashboard/team")])
        .send()
        .await
}

#[tokio::test]
async fn a_second_factor_is_asked_for_until_it_is_off() {
    let site = Site::serve().await;
    let browser = site.signed_in(&ada(&site).await).await;
    let (secret, codes) = enrolled(&site, &browser).await;
    assert_eq!(codes.len(), 10);
    let code = totp::code(&secret, site.bed.clock.now());
    assert_eq!(
        with_code(&site, &code).await.status,
        422,
        "the code of the enrolment was used"
    );
    site.bed.clock.advance(Duration::from_secs(30));
    let code = totp::code(&secret, site.bed.clock.now());
    let came = with_code(&site, &code).await;
    assert_eq!(came.header("location"), "/dashboard/team");
    assert_eq!(
        site.get(&Browser::after(&came), "/dashboard/team")
            .await
            .status,
        200
    );
    // A recovery code, once, however typed.
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(with_code(&site, &typed).await.status, 303);
    assert_eq!(with_code(&site, &typed).await.status, 422);
    assert!(
        site.get(&browser, "/dashboard/account")
            .await
            .text()
            .contains("9 of your recovery codes")
    );
    // Off only with a code.
    let off = "/dashboard/account/second-factor/remove";
    assert_eq!(
        site.post(&browser, off, &[("code", "000000")]).await.status,
        422
    );
    let off = site.post(&browser, off, &[("code", &codes[1])]).await;
    assert_eq!(off.header("location"), "/dashboard/account?did=factor");
    assert_eq!(
        try_in(&site, "ada@example.org", PASSWORD)
            .await
            .header("location"),
        "/dashboard/team"
    );
    let told = site.audited().await;
    for action in [
        "second_factor.enrolled",
        "second_factor.failed",
        "second_factor.removed",
    ] {
        assert!(told.iter().any(|told| told == action), "{told:?}");
    }
}

#[tokio::test]
async fn codes_are_slowed_wherever_they_come_from() {
    let site = Site::serve().await;
    let browser = site.signed_in(&ada(&site).await).await;
    let (_, codes) = enrolled(&site, &browser).await;
    for _ in 0..6 {
        assert_eq!(with_code(&site, "000000").await.status, 422);
    }
    assert_eq!(with_code(&site, &codes[0]).await.status, 429);
    site.bed.clock.advance(Duration::from_secs(3));
    assert_eq!(with_code(&site, &codes[0]).await.status, 303);
}

#[tokio::test]
async fn members_change_themselves() {
    let site = Site::serve().await;
    let ada = ada(&site).await;
    let (browser, other) = (site.signed_in(&ada).await, site.signed_in(&ada).await);
    let renamed = site
        .post(&browser, "/dashboard/account/name", &[("name", " Ada L. ")])
        .await;
    assert_eq!(renamed.status, 303);
    assert_eq!(site.find(&ada).await.unwrap().name, "Ada L.");
    let path = "/dashboard/account/password";
    let wrong = site
        .post(
            &browser,
            path,
            &[("old", "x"), ("password", "birnen im september")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    let fields = [("old", PASSWORD), ("password", "birnen im september")];
    assert_eq!(site.post(&browser, path, &fields).await.status, 303);
    assert_eq!(
        site.get(&other, "/dashboard/account").await.status,
        303,
        "others are out"
    );
    assert_eq!(site.get(&browser, "/dashboard/account").await.status, 200);
    let third = site.signed_in(&ada).await;
    let ended = site
        .post(
            &browser,
            "/dashboard/account/sessions",
            &[("session", "others")],
        )
        .await;
    assert_eq!(ended.status, 303);
    assert_eq!(site.get(&third, "/dashboard/account").await.status, 303);
    // A session ends by itself, too.
    site.bed.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(site.get(&browser, "/dashboard/account").await.status, 303);
}

#[tokio::test]
async fn on_dev_everyone_is_the_operator_unless_signed_in() {
    let site = Site::with(Access::Everyone, false).await;
    let nobody = Browser::default();
    assert_eq!(site.get(&nobody, "/dashboard/team").await.status, 200);
    let account = site.get(&nobody, "/dashboard/account").await;
    assert!(account.text().contains("You are not signed in"));
    let viewer = site.member("viewer@example.org", Role::Viewer).await;
    let browser = site.signed_in(&viewer).await;
    let refused = site
        .post(
            &browser,
            "/dashboard/team/invite",
            &[("email", "x@example.org")],
        )
        .await;
    assert_eq!(refused.status, 403);
    let allowed = site
        .post(
            &nobody,
            "/dashboard/team/invite",
            &[("email", "x@example.org")],
        )
        .await;
    assert_eq!(allowed.status, 200);
    let operator = site.accounts.operator().await.unwrap();
    assert_eq!(
        operator.id,
        site.accounts.operator().await.unwrap().id,
        "made once"
    );
}

#[tokio::test]
async fn forms_belong_to_their_session() {
    let site = Site::serve().await;
    let ada = ada(&site).await;
    let (mine, other) = (site.signed_in(&ada).await, site.signed_in(&ada).await);
    let csrf = carport_web::csrf::draw(other.0.as_deref().unwrap(), &*site.bed.rng);
    let request = site
        .app
        .post("/dashboard/account/name")
        .header("host", "localhost:2277");
    let request = request.header("cookie", &format!("carport_session={}", mine.0.unwrap()));
    let answer = request
        .form(&[("csrf", &csrf), ("name", "Eve")])
        .send()
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(site.find(&ada).await.unwrap().name, "Ada");
}

#[tokio::test]
async fn an_owner_remains_and_admins_do_not_reach_owners() {
    let site = Site::serve().await;
    let ada = ada(&site).await;
    let by = By::operator();
    let accounts = &site.accounts;
    let is_last = |error| matches!(error, Err(AccountError::LastOwner));
    assert!(is_last(accounts.remove(&by, ada.id).await));
    assert!(is_last(accounts.set_suspended(&by, ada.id, true).await));
    assert!(is_last(
        accounts.change_role(&by, ada.id, Role::Admin, None).await
    ));
    let admin = By {
        actor: "member x".to_owned(),
        role: Role::Admin,
    };
    let bo = site.member("bo@example.org", Role::Owner).await;
    for refused in [
        accounts.remove(&admin, bo.id).await,
        accounts
            .change_role(&admin, bo.id, Role::Viewer, None)
            .await,
        accounts.set_suspended(&admin, bo.id, true).await,
    ] {
        assert!(matches!(refused, Err(AccountError::OwnersOnly)));
    }
    assert!(accounts.remove(&by, ada.id).await.is_ok());
    assert!(is_last(accounts.remove(&by, bo.id).await));
}

#[tokio::test]
async fn nothing_leaves_its_place_on_a_page() {
    let site = Site::serve().await;
    let browser = site.signed_in(&ada(&site).await).await;
    for text in hostile() {
        let named = site
            .post(&browser, "/dashboard/account/name", &[("name", &text)])
            .await;
        let is_told = named.status == 303 || named.status.is_client_error();
        assert!(is_told, "{}", named.status);
        assert_escaped(named.text(), &text);
        for page in ["/dashboard/account", "/dashboard/team", "/dashboard/audit"] {
            assert_escaped(site.get(&browser, page).await.text(), &text);
        }
        let invited = [("email", text.as_str()), ("role", "viewer")];
        let invited = site
            .post(&browser, "/dashboard/team/invite", &invited)
            .await;
        assert!(invited.status.is_client_error(), "{}", invited.status);
        assert_escaped(invited.text(), &text);
        let tried = try_in(&site, &text, PASSWORD).await;
        assert!(tried.status.is_client_error(), "{}", tried.status);
        assert_escaped(tried.text(), &text);
        let next: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let form = format!("{SIGN_IN}?next={next}");
        assert_escaped(site.get(&Browser::default(), &form).await.text(), &text);
    }
}

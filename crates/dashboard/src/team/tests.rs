//! The team through the router.

use carport_model::member::Purpose;
use carport_model::{Member, Role};

use crate::testing::{Browser, Site};

const PASSWORD: &str = "löwenzahn im mai";

fn link(text: &str) -> String {
    let link = text.split("id=\"invitation-link\">").nth(1).unwrap();
    link.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_invitation_makes_a_member_with_its_role_and_limit() {
    let site = Site::serve().await;
    let application = site.bed.application().await.application;
    let other = site.bed.application().await.application;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let browser = site.signed_in(&owner).await;
    let id = application.id.to_string();
    let fields = [
        ("email", "bo@example.org"),
        ("role", "editor"),
        ("limited", "yes"),
        ("application", &*id),
    ];
    let shown = site.post(&browser, "/dashboard/team/invite", &fields).await;
    assert_eq!(shown.status, 200);
    let link = link(shown.text());
    let letters = site.mail.take();
    assert!(letters[0].text.contains(&link) && letters[0].to.as_str() == "bo@example.org");
    let twice = site.post(&browser, "/dashboard/team/invite", &fields).await;
    assert_eq!(twice.status, 409);
    assert!(
        twice.text().contains("is a member already")
            && twice.text().contains("value=\"bo@example.org\"")
    );
    let nobody = Browser::default();
    let page = site.get(&nobody, &link).await;
    assert!(page.text().contains("invited as editor"));
    let token = link.split("token=").nth(1).unwrap();
    let fields = [("token", token), ("name", "Bo"), ("password", PASSWORD)];
    let came = site.post(&nobody, "/dashboard/invitation", &fields).await;
    assert_eq!(came.header("location"), "/dashboard");
    let bo = Browser::after(&came);
    let home = site.get(&bo, "/dashboard").await;
    assert!(home.text().contains("Signed in as Bo, editor"));
    assert!(home.text().contains(&id) && !home.text().contains(&other.id.to_string()));
    assert_eq!(
        site.post(&nobody, "/dashboard/invitation", &fields)
            .await
            .status,
        410
    );
}

#[tokio::test]
async fn a_role_counts_from_the_next_page() {
    let site = Site::serve().await;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let bo = site.member("bo@example.org", Role::Admin).await;
    let (boss, browser) = (site.signed_in(&owner).await, site.signed_in(&bo).await);
    assert!(
        site.get(&browser, "/dashboard/team")
            .await
            .text()
            .contains("id=\"invite-button\"")
    );
    let path = format!("/dashboard/team/members/{}", bo.id);
    let changed = site
        .post(&boss, &format!("{path}/role"), &[("role", "viewer")])
        .await;
    assert_eq!(changed.header("location"), format!("{path}?did=role"));
    assert!(
        !site
            .get(&browser, "/dashboard/team")
            .await
            .text()
            .contains("id=\"invite-button\"")
    );
    let refused = site
        .post(
            &browser,
            "/dashboard/team/invite",
            &[("email", "x@example.org")],
        )
        .await;
    assert_eq!(refused.status, 403);
    assert!(
        refused
            .text()
            .contains("Your role is viewer; this needs admin or more.")
    );
    let last = format!("/dashboard/team/members/{}", owner.id);
    let kept = site
        .post(&boss, &format!("{last}/role"), &[("role", "viewer")])
        .await;
    assert_eq!(kept.status, 409);
    assert!(kept.text().contains("At least one owner must remain"));
}

#[tokio::test]
async fn suspended_and_removed_members_are_out_at_once() {
    let site = Site::serve().await;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let bo = site.member("bo@example.org", Role::Editor).await;
    let (boss, browser) = (site.signed_in(&owner).await, site.signed_in(&bo).await);
    let path = format!("/dashboard/team/members/{}", bo.id);
    assert_eq!(
        site.post(&boss, &format!("{path}/suspend"), &[("do", "suspend")])
            .await
            .status,
        303
    );
    assert_eq!(site.get(&browser, "/dashboard").await.status, 303);
    assert!(
        site.get(&boss, "/dashboard/team")
            .await
            .text()
            .contains("suspended")
    );
    assert_eq!(
        site.post(&boss, &format!("{path}/suspend"), &[("do", "resume")])
            .await
            .status,
        303
    );
    let browser = site.signed_in(&bo).await;
    assert_eq!(site.get(&browser, "/dashboard").await.status, 200);
    assert_eq!(site.get(&boss, &format!("{path}/remove")).await.status, 200);
    let removed = site.post(&boss, &format!("{path}/remove"), &[]).await;
    assert_eq!(removed.header("location"), "/dashboard/team?did=removed");
    assert_eq!(site.get(&browser, "/dashboard").await.status, 303);
    assert_eq!(site.get(&boss, &path).await.status, 404);
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one() {
    let site = Site::serve().await;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let boss = site.signed_in(&owner).await;
    let fields = [("email", "bo@example.org"), ("role", "viewer")];
    let old = link(
        site.post(&boss, "/dashboard/team/invite", &fields)
            .await
            .text(),
    );
    let bo: Member = site.accounts.by_email("bo@example.org").await.unwrap();
    let path = format!("/dashboard/team/members/{}/invite", bo.id);
    let new = link(site.post(&boss, &path, &[]).await.text());
    assert!(!site.works(&old, Purpose::Invitation).await);
    assert!(site.works(&new, Purpose::Invitation).await);
}

#[tokio::test]
async fn what_people_call_themselves_is_shown_as_text() {
    let site = Site::serve().await;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let boss = site.signed_in(&owner).await;
    for name in [
        "<script>alert(1)</script>",
        "\"><img src=x>",
        "{{7*7}}",
        "' OR 1=1 --",
        "\u{202e}evil",
    ] {
        site.post(&boss, "/dashboard/account/name", &[("name", name)])
            .await;
        site.post(&boss, "/dashboard/team/settings", &[("team", name)])
            .await;
        for path in [
            "/dashboard/team",
            "/dashboard/account",
            "/dashboard/audit",
            "/dashboard",
        ] {
            let page = site.get(&boss, path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(
                !page.text().contains("<script>alert") && !page.text().contains("<img"),
                "{path}"
            );
        }
    }
}

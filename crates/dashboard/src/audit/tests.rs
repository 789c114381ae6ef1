//! The audit log through the router.

use carport_model::{Clock as _, Member, Role};
use carport_store::audit_log::{self, Entry, NO_APPLICATION};
use carport_store::{StoreError, Tx};

use crate::testing::Site;

async fn keep(site: &Site, entries: Vec<Entry>) {
    let unit = async move |tx: &mut Tx<'_>| {
        for entry in &entries {
            audit_log::append(tx, entry).await?;
        }
        Ok::<_, StoreError>(())
    };
    site.bed.store.write(unit).await.unwrap();
}

fn entry(site: &Site, action: &str, number: u64) -> Entry {
    Entry {
        at: site
            .bed
            .clock
            .now()
            .plus(std::time::Duration::from_secs(number)),
        application: NO_APPLICATION,
        actor: "operator".to_owned(),
        action: action.to_owned(),
        detail: format!("detail {number}."),
    }
}

#[tokio::test]
async fn pages_filters_and_files() {
    let site = Site::serve().await;
    let owner = site.member("owner@example.org", Role::Owner).await;
    let browser = site.signed_in(&owner).await;
    assert!(
        site.get(&browser, "/dashboard/audit")
            .await
            .text()
            .contains("Nothing has happened yet")
    );
    let many = (0..120).map(|number| {
        let action = if number == 60 {
            "link.made"
        } else {
            "session.started"
        };
        entry(&site, action, number)
    });
    keep(&site, many.collect()).await;
    let (mut path, mut seen) = ("/dashboard/audit".to_owned(), 0);
    loop {
        let page = site.get(&browser, &path).await;
        seen += page.text().matches("detail ").count();
        let Some(next) = page.text().split("id=\"older-link\" href=\"").nth(1) else {
            break;
        };
        path = next
            .split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&");
    }
    assert_eq!(seen, 120);
    let one = site
        .get(
            &browser,
            "/dashboard/audit?action=link.made&from=2026-03-01",
        )
        .await;
    assert_eq!(one.text().matches("detail ").count(), 1);
    let none = site.get(&browser, "/dashboard/audit?from=2026-03-02").await;
    assert!(none.text().contains("Nothing matches"));
    let odd = site.get(&browser, "/dashboard/audit?from=yesterday").await;
    assert!(odd.text().contains("A day is written as") && odd.text().contains("<title>Error:"));
    let csv = site
        .get(&browser, "/dashboard/audit/audit.csv?action=link.made")
        .await;
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"audit.csv\""
    );
    assert_eq!(
        csv.text(),
        "at,actor,action,application,detail\r\n2026-03-01T08:16:30.250Z,operator,link.made,,detail 60.\r\n"
    );
    let lines = site.get(&browser, "/dashboard/audit/audit.jsonl").await;
    assert_eq!(lines.text().lines().count(), 120);
    let first: serde_json::Value =
        serde_json::from_str(lines.text().lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["detail"], &first["application"]),
        (&"detail 119.".into(), &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn who_is_limited_sees_their_applications_alone() {
    let site = Site::serve().await;
    let (mine, other) = (
        site.bed.application().await.application,
        site.bed.application().await.application,
    );
    let of = |application, number| Entry {
        application,
        ..entry(&site, "redirect_uri.added", number)
    };
    keep(
        &site,
        vec![of(mine.id, 1), of(other.id, 2), of(NO_APPLICATION, 3)],
    )
    .await;
    let viewer = Member {
        only: Some(vec![mine.id]),
        ..site.member("a@example.org", Role::Viewer).await
    };
    let viewer = Member {
        id: carport_model::MemberId::draw(&*site.bed.rng),
        email: "b@example.org".parse().unwrap(),
        ..viewer
    };
    site.put(&viewer).await;
    let browser = site.signed_in(&viewer).await;
    assert_eq!(site.get(&browser, "/dashboard/simulator").await.status, 403);
    for path in [
        "/dashboard/audit",
        "/dashboard/audit/audit.csv",
        "/dashboard/audit/audit.jsonl",
    ] {
        let text = site.get(&browser, path).await.text().to_owned();
        assert!(
            text.contains("detail 1.")
                && !text.contains("detail 2.")
                && !text.contains("detail 3."),
            "{path}"
        );
    }
}

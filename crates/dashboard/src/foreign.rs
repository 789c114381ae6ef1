//! Pages in a language that is English in brackets: what stands outside of them is data, or a
//! text that somebody forgot to key.

use carport_model::{Level, Role};
use carport_testkit::{bracketed, found_vehicle};
use carport_web::words::{Catalogues, Language};

use crate::Access;
use crate::simulator::tests::Site;
use crate::testing::{self, Browser};

/// Attributes that people see or hear.
const VISIBLE: [&str; 5] = ["alt", "aria-label", "label", "placeholder", "title"];

/// A language in which `Sign out` is called `⟦Sign out⟧`.
fn brackets() -> Language {
    let files = [("qps.toml".to_owned(), bracketed())];
    let catalogues = Catalogues::read(&files).unwrap();
    catalogues.find("qps").unwrap()
}

/// What a page says outside of brackets.
fn outside(html: &str) -> Vec<String> {
    let mut depth = 0;
    let mut rest = String::new();
    for character in html.chars() {
        match character {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            other if depth == 0 => rest.push(other),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{html}");
    let mut found = Vec::new();
    let mut hidden = None;
    for piece in rest.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match hidden {
            Some(open) if name.strip_prefix('/') == Some(open) => hidden = None,
            None if ["code", "script", "style"].contains(&name) => hidden = Some(name),
            _ => {}
        }
        for attribute in VISIBLE {
            let value = tag.split_once(&format!(" {attribute}=\""));
            let value = value.and_then(|(_, value)| Some(value.split_once('"')?.0));
            found.extend(value.map(str::to_owned));
        }
        if hidden.is_none() {
            found.push(words.to_owned());
        }
    }
    found.retain(|text| text.contains(char::is_alphabetic));
    let mut found: Vec<String> = found.iter().map(|text| text.trim().to_owned()).collect();
    found.sort();
    found.dedup();
    found
}

/// Pages of a `dev` server, with what each says outside of brackets.
#[tokio::test]
async fn nothing_but_data_stays_english() {
    let site = Site::dev().await;
    let car = site.car("Homebody").await;
    let found = found_vehicle("0SCTESLA000000001", Level::Bev);
    let connected = site.bed.connect_vehicle(&site.client, found, &["read_vin"]);
    let connected = connected.await;
    let application = format!("/dashboard/applications/{}", site.client.id);
    let below = |path: &str| format!("{application}{path}");
    let mut told = String::new();
    for (name, path) in [
        ("first page", "/dashboard".to_owned()),
        ("Go", "/dashboard?sdk=go".to_owned()),
        ("playground", "/dashboard/try".to_owned()),
        ("applications", "/dashboard/applications".to_owned()),
        ("a new one", "/dashboard/applications/new".to_owned()),
        ("about", application.clone()),
        ("credentials", below("/credentials")),
        ("redirects", below("/redirects")),
        ("access", below("/access")),
        ("appearance", below("/appearance")),
        ("safety", below("/security")),
        ("disabling", below("/state")),
        ("deleting", below("/delete")),
        ("vehicles", "/dashboard/vehicles".to_owned()),
        (
            "a vehicle",
            format!("/dashboard/vehicles/{}", connected.vehicle),
        ),
        ("runs", "/dashboard/runs".to_owned()),
        ("no run", "/dashboard/runs/nothing".to_owned()),
        ("log", "/dashboard/logs".to_owned()),
        ("simulator", format!("/dashboard/simulator?car={}", car.id)),
        ("a new car", "/dashboard/simulator/new".to_owned()),
        ("team", "/dashboard/team".to_owned()),
        ("account", "/dashboard/account".to_owned()),
    ] {
        let page = brackets().speak_while(site.get(&path)).await;
        assert!(page.text().contains("<html lang=\"qps\""), "{path}");
        assert!(page.text().contains('⟦'), "{path}");
        told.push_str(&format!("{name}: {}\n", outside(page.text()).join(" | ")));
    }
    for id in [
        site.client.id.clone(),
        connected.vehicle.to_string(),
        connected.user.to_string(),
    ] {
        told = told.replace(&id, "[id]");
    }
    insta::assert_snapshot!(told);
}

/// Refusals that are made where nobody reads, such as in a unit of work.
#[tokio::test]
async fn refusals_speak_it_too() {
    let site = Site::dev().await;
    let car = site.car("Homebody").await;
    let application = format!("/dashboard/applications/{}", site.client.id);
    let below = |path: &str| format!("{application}{path}");
    let jump = format!("/dashboard/simulator/cars/{}/stage", car.id);
    let long = "a".repeat(301);
    for (path, name, value, told) in [
        (below("/redirects"), "uri", "http://a.example/", "Use https"),
        (
            below(""),
            "description",
            &*long,
            "A description has at most ",
        ),
        (
            below("/appearance"),
            "accent",
            "blue",
            "Write the colour as ",
        ),
        (below("/appearance"), "welcome", &*long, "The text has 301 "),
        (jump, "stage", "99", "There is no such stage"),
    ] {
        let fields = [(name, value), ("name", "Ladebär")];
        let page = brackets().speak_while(site.post(&path, &fields)).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        let told = format!("⟦{told}");
        assert!(page.text().contains(&told), "{path}: {}", page.text());
    }
}

/// Pages of accounts, which a `dev` server has, too.
#[tokio::test]
async fn members_read_their_language() {
    let site = testing::Site::with(Access::Nobody, true).await;
    let owner = site.member("ada@example.com", Role::Owner).await;
    let nobody = Browser::default();
    let page = brackets()
        .speak_while(site.get(&nobody, "/dashboard/sign-in"))
        .await;
    assert!(
        page.text().contains("<h1>⟦Sign in⟧</h1>"),
        "{}",
        page.text()
    );
    let ada = site.signed_in(&owner).await;
    let mut told = String::new();
    for path in [
        "/dashboard/account",
        "/dashboard/team",
        "/dashboard/audit",
        "/dashboard/account/second-factor",
    ] {
        let page = brackets().speak_while(site.get(&ada, path)).await;
        told.push_str(&format!("{path}: {}\n", outside(page.text()).join(" | ")));
    }
    insta::assert_snapshot!(told);
    let taken = site.post(
        &ada,
        "/dashboard/team/invite",
        &[("email", "x"), ("role", "viewer")],
    );
    let refused = brackets().speak_while(taken).await;
    assert!(refused.text().contains("⟦This is not an e-mail address."));
    // Nobody else hears of it.
    assert!(
        site.get(&ada, "/dashboard/account")
            .await
            .text()
            .contains("<h1>Your account</h1>")
    );
}

//! The first page.

use super::*;

#[tokio::test]
async fn the_first_page_builds_a_link_and_says_what_works() {
    let site = Site::new().await;
    let page = site.get(PAGE).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    assert!(html.contains("Register this redirect URI"));
    assert!(!html.contains("id=\"open-button\""));
    assert!(html.contains("any e-mail and any password work"));
    assert!(html.contains("value=\"live\" disabled"));
    assert!(html.contains("mode=test&#38;state=try-"), "{html}");
    // The form that opens Connect ends in a redirect away.
    assert!(
        !page
            .header("content-security-policy")
            .contains("form-action")
    );
    assert_eq!(html.matches("button-main").count(), 1);
}

#[tokio::test]
async fn everything_stands_in_the_address() {
    let site = Site::ready().await;
    let query = "boxes=1&need=read_vin&ask=read_fuel&make=KIA&country=DE&user=u1&state=s%26t\
                 &force=1&single_select=1&pkce=1";
    let page = site.get(&format!("{PAGE}?{query}")).await;
    let html = page.text();
    for part in [
        "scope=read_fuel+required%3Aread_vin",
        "state=s%26t",
        "approval_prompt=force",
        "make=KIA",
        "single_select=true",
        "flags=country%3ADE",
        "user=u1",
        "code_challenge_method=S256",
    ] {
        let escaped = part.replace('&', "&#38;");
        assert!(html.contains(&escaped), "{part}");
    }
    assert!(html.contains("name=\"need\" value=\"read_vin\" checked"));
    assert!(html.contains("<option value=\"KIA\" selected>"));
    // Two loads differ in what is drawn; the script keeps it by naming the draft.
    let draft = html.split("data-draft=\"").nth(1).unwrap()[..32].to_owned();
    let again = site.app.get(PAGE).header("host", "localhost:2277");
    let again = again.header("carport-draft", &draft).send().await;
    assert!(again.text().contains(&format!("data-draft=\"{draft}\"")));
    let wrong = site.app.get(PAGE).header("host", "localhost:2277");
    let wrong = wrong.header("carport-draft", "<b>").send().await;
    assert!(!wrong.text().contains("data-draft=\"<b>"));
}

#[tokio::test]
async fn registering_is_audited_and_opens_the_way() {
    let site = Site::new().await;
    let refused = site.post("/dashboard/try/open", &[]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("is not registered."));
    let fields = [("mode", "simulated"), ("state", "mine")];
    let answer = site.post("/dashboard/try/callback-uri", &fields).await;
    assert_eq!(answer.status, 303);
    let back = answer.header("location");
    assert_eq!(
        back,
        format!("{PAGE}?mode=simulated&state=mine&did=registered")
    );
    assert_eq!(site.audited().await, ["operator redirect_uri.added"]);
    let page = site.get(back).await;
    assert!(page.text().contains("role=\"status\""));
    assert!(page.text().contains("id=\"open-button\""));
    assert!(page.text().contains("no simulated car yet"));
}

#[tokio::test]
async fn opening_leads_to_connect() {
    let site = Site::ready().await;
    let link = site.open(&[("boxes", "1"), ("ask", "read_odometer")]).await;
    assert_eq!(value(&link, "redirect_uri"), OWN);
    assert_eq!(value(&link, "scope"), "read_odometer");
    assert_eq!(value(&link, "client_id"), site.car.client.id);
    assert!(value(&link, "state").starts_with("try-"));
    assert_eq!(find(&link, "code_challenge"), None);
    let other = site.open(&[]).await;
    assert_ne!(value(&link, "state"), value(&other, "state"));
    assert_eq!(value(&other, "scope"), "read_vehicle_info");
}

#[tokio::test]
async fn what_cannot_be_opened_is_told() {
    let site = Site::ready().await;
    let other = site.car.client.redirect_uri.clone();
    for (fields, told) in [
        (
            [("redirect_uri", other.as_str()), ("x", "")],
            "would go elsewhere",
        ),
        ([("boxes", "1"), ("x", "")], "asks for nothing"),
    ] {
        let answer = site.post("/dashboard/try/open", &fields).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(told), "{told}");
        assert!(answer.text().contains("<title>Error: "));
        assert!(!answer.text().contains("id=\"open-button\""));
    }
    let page = site.get(&format!("{PAGE}?redirect_uri={other}")).await;
    assert!(page.text().contains("Let this playground receive it"));
    let unknown = "application=8229df9f-91a0-4ff0-a1ae-a1f38ee24d07";
    assert_eq!(site.get(&format!("{PAGE}?{unknown}")).await.status, 404);
}

#[tokio::test]
async fn another_name_of_this_machine_is_told() {
    let site = Site::new().await;
    let page = site
        .app
        .get(PAGE)
        .header("host", "127.0.0.1:2277")
        .send()
        .await;
    assert!(
        page.text()
            .contains("href=\"http://localhost:2277/dashboard/try\"")
    );
    let page = site.get(PAGE).await;
    assert!(!page.text().contains("another name of this machine"));
}

#[tokio::test]
async fn it_is_closed_to_strangers() {
    let site = Site::with(Access::Nobody).await;
    assert_eq!(site.get(PAGE).await.status, 303);
    let site = Site::ready().await;
    let post = site
        .app
        .post("/dashboard/try/open")
        .header("host", "localhost:2277");
    let answer = post
        .header("origin", "http://evil.example")
        .form(&[])
        .send()
        .await;
    assert_eq!(answer.status, 403);
    let no_field = site
        .app
        .post("/dashboard/try/open")
        .header("host", "localhost:2277");
    assert_eq!(no_field.form(&[]).send().await.status, 403);
}

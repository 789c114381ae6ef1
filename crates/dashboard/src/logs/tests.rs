//! The request log through the router.

use carport_model::{RequestId, VehicleId, error};
use carport_store::request_log::{Entry, Filter, Method};
use carport_store::{Tx, audit_log};
use carport_testkit::{Answer, FixedClock};
use std::time::Duration;

use super::PAGE;
use crate::Access;
use crate::simulator::tests::Site;

const ODOMETER: &str = "/v2.0/vehicles/{id}/odometer";

impl Site {
    /// An answered request of the application, so many seconds before now.
    pub(crate) fn request(&self, seconds: u64, change: impl FnOnce(&mut Entry)) -> RequestId {
        let mut entry = Entry {
            at: FixedClock::START.minus(Duration::from_secs(seconds)),
            took_micros: 4_200,
            gate_micros: Some(300),
            read_micros: Some(3_000),
            method: Method::Get,
            route: self.log.route(ODOMETER),
            status: 200,
            request: RequestId::draw(&*self.bed.rng),
            application: Some(self.client.application.id),
            vehicle: None,
            error: None,
        };
        change(&mut entry);
        self.log.push(entry);
        entry.request
    }
}

fn rows(answer: &Answer) -> usize {
    answer.text().matches("<span class=\"method\">").count()
}

#[tokio::test]
async fn without_a_request_it_leads_to_the_next_step() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("No request yet") && page.text().contains("/dashboard#point"));
    assert!(page.text().contains("kept for 30 days"));
    let closed = Site::with(Access::Nobody).await;
    assert_eq!(closed.get(PAGE).await.status, 303);
}

#[tokio::test]
async fn a_request_is_there_at_once_and_filters_find_it() {
    let site = Site::dev().await;
    let vehicle = VehicleId::draw(&*site.bed.rng);
    site.request(60, |_| ());
    let id = site.request(30, |entry| {
        entry.vehicle = Some(vehicle);
        entry.status = 409;
        entry.error = Some(&error::ASLEEP);
        entry.took_micros = 2_004_000;
    });
    site.request(10, |entry| {
        entry.method = Method::Post;
        entry.route = site.log.route("/oauth/token");
        entry.application = None;
    });
    assert_eq!(rows(&site.get(PAGE).await), 3);
    let application = site.client.id.clone();
    for (query, found) in [
        ("status=errors".to_owned(), 1),
        ("status=slow".to_owned(), 1),
        ("status=2xx".to_owned(), 2),
        ("status=5xx".to_owned(), 0),
        ("method=POST".to_owned(), 1),
        ("error=asleep".to_owned(), 1),
        ("error=VEHICLE_STATE".to_owned(), 1),
        ("error=VEHICLE_STATE:ASLEEP".to_owned(), 1),
        (format!("vehicle={vehicle}"), 1),
        (format!("q={id}"), 1),
        ("q=/odometer".to_owned(), 2),
        (format!("q=/v2.0/vehicles/{vehicle}/odometer?x=1"), 1),
        ("q=oauth".to_owned(), 1),
        (format!("application={application}"), 2),
        (format!("application={vehicle}"), 0),
        ("from=2026-03-01T08:15".to_owned(), 2),
        ("to=2026-03-01T08:15".to_owned(), 1),
    ] {
        let page = site.get(&format!("{PAGE}?{query}")).await;
        assert_eq!(rows(&page), found, "{query}");
        assert_eq!(
            page.text().contains("No request fits"),
            found == 0,
            "{query}"
        );
    }
    let page = site.get(&format!("{PAGE}?vehicle=x&from=y")).await;
    assert!(page.text().contains("role=\"alert\""));
}

#[tokio::test]
async fn pages_lead_back_and_forth() {
    let site = Site::dev().await;
    for number in 0..120 {
        site.request(number, |_| ());
    }
    let first = site.get(PAGE).await;
    assert_eq!(rows(&first), 50);
    assert!(link(&first, "prev").is_none());
    let second = site.get(&link(&first, "next").unwrap()).await;
    assert_eq!(rows(&second), 50);
    let third = site.get(&link(&second, "next").unwrap()).await;
    assert_eq!(rows(&third), 20);
    assert!(link(&third, "next").is_none());
    let back = site.get(&link(&third, "prev").unwrap()).await;
    assert_eq!(first_time(&back), first_time(&second));
    let begin = site.get(&link(&back, "prev").unwrap()).await;
    assert_eq!(first_time(&begin), first_time(&first));
    assert!(link(&begin, "prev").is_none() && link(&begin, "next").is_some());
}

/// Where a page leads.
pub(crate) fn link(answer: &Answer, rel: &str) -> Option<String> {
    let text = answer.text();
    let end = text.find(&format!("\" rel=\"{rel}\""))?;
    let start = text[..end].rfind("href=\"")? + 6;
    Some(text[start..end].replace("&#38;", "&"))
}

fn first_time(answer: &Answer) -> &str {
    let text = answer.text();
    let table = text.find("<tbody>").unwrap();
    let start = table + text[table..].find("datetime=\"").unwrap();
    &text[start..start + 40]
}

/// The place of the newest entry, as addresses hold it.
async fn newest(site: &Site) -> i64 {
    site.log.flush();
    let entries = site.log.recent(Filter::default(), 1).await.unwrap();
    entries[0].position.number()
}

#[tokio::test]
async fn the_detail_tells_what_is_known() {
    let site = Site::dev().await;
    let vehicle = VehicleId::draw(&*site.bed.rng);
    let id = site.request(5, |entry| {
        entry.vehicle = Some(vehicle);
        entry.status = 409;
        entry.error = Some(&error::ASLEEP);
    });
    let page = site
        .get(&format!("{PAGE}?request={}", newest(&site).await))
        .await;
    let text = page.text();
    for part in [
        "aria-current=\"true\"",
        &id.to_string(),
        "/docs/errors/vehicle-state#asleep",
        "4.2 ms: gate 0.30 ms, reading 3.0 ms, the rest 0.90 ms",
        "Bearer $ACCESS_TOKEN",
        &format!("http://localhost:2277/v2.0/vehicles/{vehicle}/odometer"),
        "id=\"again-button\"",
    ] {
        assert!(text.contains(part), "{part}");
    }
    site.request(1, |entry| entry.method = Method::Post);
    let page = site
        .get(&format!("{PAGE}?request={}", newest(&site).await))
        .await;
    assert!(page.text().contains("Only reads are sent again"));
    let gone = site.get(&format!("{PAGE}?request=7")).await;
    assert!(gone.status == 200 && !gone.text().contains("class=\"drawer\""));
}

#[tokio::test]
async fn a_read_is_sent_again_with_a_token_of_its_own() {
    let site = Site::dev().await;
    let car = site
        .bed
        .connect_vehicle(
            &site.client,
            carport_testkit::found_vehicle("0SCTESLA1A2B3C4D5", carport_model::Level::Bev),
            &["read_odometer"],
        )
        .await;
    site.request(5, |entry| entry.vehicle = Some(car.vehicle));
    let place = newest(&site).await.to_string();
    let again = format!("{PAGE}/again");
    let page = site.post(&again, &[("request", &place)]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("&#34;asked&#34;: &#34;Bearer "));
    let token = page.text().split("Bearer ").nth(1).unwrap();
    let token = token.split('&').next().unwrap();
    let grant = site
        .bed
        .store
        .access_grant(&site.bed.mint.digest(token))
        .await;
    assert!(grant.unwrap().is_none(), "the token has ended");
    let application = site.client.application.id;
    let entries = site
        .bed
        .store
        .read(async move |tx: &mut Tx<'_>| audit_log::newest(tx, application, 9).await)
        .await;
    let entries: Vec<_> = entries
        .map_err(|error: carport_store::StoreError| error)
        .unwrap();
    assert!(
        entries
            .iter()
            .any(|entry| entry.action == "request.sent_again")
    );
    for place in ["7", "x"] {
        assert_eq!(site.post(&again, &[("request", place)]).await.status, 404);
    }
    // A form of a stranger sends nothing.
    let request = site.app.post(&again).header("host", "localhost:2277");
    assert_eq!(request.form(&[("request", "7")]).send().await.status, 403);
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let site = Site::dev().await;
    site.request(1, |_| ());
    for field in [
        "q",
        "vehicle",
        "error",
        "from",
        "to",
        "application",
        "status",
    ] {
        let page = site
            .get(&format!(
                "{PAGE}?{field}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
            ))
            .await;
        assert_eq!(page.status, 200, "{field}");
        assert!(!page.text().contains("<script>alert"), "{field}");
    }
}

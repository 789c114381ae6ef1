//! Vehicles through the router.

use std::time::Duration;

use carport_model::{Level, VehicleId};
use carport_store::{StoreError, Tx, audit_log};
use carport_testkit::{Answer, Car, found_vehicle};

use super::PAGE;
use crate::logs::tests::link;
use crate::simulator::tests::Site;

fn rows(answer: &Answer) -> usize {
    answer.text().matches("<th scope=\"row\"><a href").count()
}

impl Site {
    async fn connect(&self, number: u32, permissions: &[&str]) -> Car {
        let found = found_vehicle(&format!("0SCTESLA{number:09}"), Level::Bev);
        self.bed.clock.advance(Duration::from_millis(1));
        self.bed
            .connect_vehicle(&self.client, found, permissions)
            .await
    }
}

#[tokio::test]
async fn without_a_car_it_leads_to_the_next_step() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert!(page.text().contains("No car is connected yet"));
    assert!(page.text().contains("href=\"/dashboard/simulator\""));
}

#[tokio::test]
async fn cars_are_found_by_what_is_known_of_them() {
    let site = Site::dev().await;
    let open = site.connect(1, &["read_vin", "read_odometer"]).await;
    let shut = site.connect(2, &["read_location"]).await;
    let (open_vin, shut_vin) = (open.found.vin.as_str(), shut.found.vin.as_str());
    for (query, found) in [
        (String::new(), 2),
        (format!("q={}", open.vehicle), 1),
        (format!("q={}", open.user), 2),
        (format!("q={open_vin}"), 1),
        // What was not granted is not found either.
        (format!("q={shut_vin}"), 0),
        ("q=tesla".to_owned(), 2),
        ("q=nonsense".to_owned(), 0),
        ("mode=test".to_owned(), 2),
        ("mode=live".to_owned(), 0),
        ("make=TESLA".to_owned(), 2),
        ("make=BMW".to_owned(), 0),
        ("permission=read_location".to_owned(), 1),
        (format!("application={}", site.client.id), 2),
        (format!("application={}", open.vehicle), 0),
        (
            format!(
                "application={}&mode=test&permission=read_vin",
                site.client.id
            ),
            1,
        ),
    ] {
        let page = site.get(&format!("{PAGE}?{query}")).await;
        assert_eq!(rows(&page), found, "{query}");
    }
    let text = site.get(PAGE).await.text().to_owned();
    assert!(text.contains(open_vin) && !text.contains(shut_vin));
    assert!(text.contains("not granted"));
}

#[tokio::test]
async fn pages_lead_back_and_forth() {
    let site = Site::dev().await;
    for number in 0..70 {
        site.connect(number, &["read_vin"]).await;
    }
    for query in [
        "",
        "?permission=read_vin",
        &format!("?application={}", site.client.id),
    ] {
        let first = site.get(&format!("{PAGE}{query}")).await;
        assert_eq!(rows(&first), 50, "{query}");
        assert!(first.text().contains("0SCTESLA000000069"));
        let second = site.get(&link(&first, "next").unwrap()).await;
        assert_eq!(rows(&second), 20, "{query}");
        assert!(second.text().contains("0SCTESLA000000000"));
        assert!(link(&second, "next").is_none());
        let back = site.get(&link(&second, "prev").unwrap()).await;
        assert_eq!(rows(&back), 50, "{query}");
        assert!(back.text().contains("0SCTESLA000000069"));
        assert!(link(&back, "prev").is_none());
    }
    let odd = site.get(&format!("{PAGE}?before=x&after=1~2~3")).await;
    assert_eq!(rows(&odd), 50);
}

#[tokio::test]
async fn a_car_says_what_it_says_and_why_it_does_not() {
    let site = Site::dev().await;
    let car = site.connect(1, &["read_odometer", "read_fuel"]).await;
    let address = format!("{PAGE}/{}", car.vehicle);
    let page = site.get(&address).await;
    let text = page.text();
    assert_eq!(page.status, 200);
    for part in [
        "odometer-traveleddistance",
        " km</td>",
        "Permission not granted: read_location",
        "The car is not capable of it",
        "read_odometer",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains(car.found.vin.as_str()));
    // The look is in the log, for the owner to see, and counts as no request.
    site.log.flush();
    let again = site.get(&address).await;
    assert!(again.text().contains("/dashboard/vehicles/{id}"));
    let hours = site
        .log
        .hours(None, carport_model::Timestamp::default())
        .await
        .unwrap();
    assert!(hours.is_empty());
    for id in ["x", &VehicleId::from_bytes([9; 16]).to_string()] {
        assert_eq!(site.get(&format!("{PAGE}/{id}")).await.status, 404);
    }
}

#[tokio::test]
async fn disconnecting_is_asked_first_and_noted() {
    let site = Site::dev().await;
    let car = site.connect(1, &["read_odometer"]).await;
    let address = format!("{PAGE}/{}/disconnect", car.vehicle);
    let asks = site.get(&address).await;
    assert!(asks.text().contains("id=\"disconnect-button\""));
    assert_eq!(rows(&site.get(PAGE).await), 1);
    let done = site.post(&address, &[]).await;
    assert_eq!(done.status, 303);
    let list = site.get(done.header("location")).await;
    assert_eq!(rows(&list), 0);
    assert!(list.text().contains("class=\"toast\""));
    let page = site.get(&format!("{PAGE}/{}", car.vehicle)).await;
    assert!(
        page.text()
            .contains("Nobody is connected to this car any more")
    );
    let application = site.client.application.id;
    let noted = site
        .bed
        .store
        .read(async move |tx: &mut Tx<'_>| audit_log::newest(tx, application, 9).await)
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    assert!(
        noted
            .iter()
            .any(|it| it.action == "connection.deleted" && it.actor == "operator")
    );
    let request = site.app.post(&address).header("host", "localhost:2277");
    assert_eq!(request.form(&[]).send().await.status, 403);
}

#[tokio::test]
async fn hostile_text_is_shown_as_text() {
    let site = Site::dev().await;
    let mut found = found_vehicle("0SCTESLA000000001", Level::Bev);
    found.model = "<script>alert(1)</script>\u{202e}".to_owned();
    let car = site
        .bed
        .connect_vehicle(&site.client, found, &["read_vin"])
        .await;
    for path in [
        PAGE.to_owned(),
        format!("{PAGE}/{}", car.vehicle),
        format!("{PAGE}/{}/disconnect", car.vehicle),
        format!("{PAGE}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
    ] {
        let page = site.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
    }
}

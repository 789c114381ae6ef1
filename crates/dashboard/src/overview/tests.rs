//! The overview through the router.

use std::time::Duration;

use carport_model::error;
use carport_store::{StoreError, Tx, car_counts};

use super::PAGE;
use crate::Access;
use crate::simulator::tests::Site;

#[tokio::test]
async fn without_requests_it_leads_to_the_next_step() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("No request yet"));
    assert!(!page.text().contains("plot-requests"));
    // A server with accounts shows strangers nothing.
    let closed = Site::with(Access::Nobody).await;
    assert_eq!(closed.get(PAGE).await.status, 303);
}

#[tokio::test]
async fn requests_errors_and_cars_are_counted_by_hour_and_day() {
    let site = Site::dev().await;
    let permissions = &["read_odometer"];
    let found = carport_testkit::found_vehicle("0SCTESLA000000001", carport_model::Level::Bev);
    site.bed
        .connect_vehicle(&site.client, found, permissions)
        .await;
    for number in 0..20 {
        site.request(number * 3600, |entry| {
            if number == 0 {
                entry.status = 409;
                entry.error = Some(&error::ASLEEP);
            }
        });
    }
    site.request(3 * 86_400, |entry| entry.application = None);
    site.log.flush();
    let now = carport_model::Clock::now(&*site.bed.clock);
    let unit = async move |tx: &mut Tx<'_>| {
        let counted = car_counts::of_all(tx).await?;
        car_counts::keep(tx, &counted, now).await
    };
    site.bed
        .store
        .write(unit)
        .await
        .map_err(|error: StoreError| error)
        .unwrap();
    let day = site.get(PAGE).await.text().to_owned();
    for part in [
        "<dd>20</dd>",
        "5.0 %",
        "id=\"plot-connections\"",
        "1 test",
        "at most 1<",
        "status=errors",
    ] {
        assert!(day.contains(part), "{part}");
    }
    assert_eq!(day.matches("plot-bar-bad").count(), 1);
    let month = site
        .get(&format!("{PAGE}?span=month&sdk=go"))
        .await
        .text()
        .to_owned();
    assert!(month.contains("<dd>21</dd>") && month.contains("2026-02-26"));
    // Of one application: the request of nobody known is not among them.
    let own = format!("{PAGE}?span=month&application={}", site.client.id);
    assert!(site.get(&own).await.text().contains("<dd>20</dd>"));
    site.bed.clock.advance(Duration::from_hours(24 * 40));
    assert!(
        site.get(PAGE)
            .await
            .text()
            .contains("Nothing was asked in this time")
    );
}

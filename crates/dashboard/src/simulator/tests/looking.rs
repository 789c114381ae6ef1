//! What the page shows.

use super::*;
use carport_model::SimulationId;
use carport_simulator::control::{StageName, Step};
use carport_testkit::FixedClock;
use std::time::Duration;

#[tokio::test]
async fn without_a_car_it_says_how_to_make_one() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert_eq!(page.status, 200);
    insta::assert_snapshot!(steady(&page));
}

#[tokio::test]
async fn two_cars_of_which_one_drives() {
    let site = Site::dev().await;
    site.car_of("Homebody", Powertrain::Ice, "US").await;
    let car = site.car("Commuter").await;
    site.bed.clock.advance(Duration::from_mins(7 * 60 + 50));
    let page = site.get(&format!("{PAGE}?car={}", car.id)).await;
    insta::assert_snapshot!(steady(&page));
}

#[tokio::test]
async fn cars_elsewhere_are_named_and_lead_there() {
    let site = Site::dev().await;
    let far = site.car_of("Nordlicht", Powertrain::Bev, "NO").await;
    let car = site.car("Commuter").await;
    let page = site.get(&format!("{PAGE}?car={}", car.id)).await;
    let link = format!("<a href=\"{PAGE}?car={}\">Nordlicht</a> (Oslo)", far.id);
    assert!(page.text().contains(&link));
    assert!(!page.text().contains(&format!("id=\"at-{}\"", far.id)));
    let page = site.get(&format!("{PAGE}?car={}", far.id)).await;
    assert!(page.text().contains("Map of Oslo"));
}

#[tokio::test]
async fn every_motion_of_a_car_can_be_seen() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let text = async || site.get(PAGE).await.text().to_owned();
    assert!(text().await.contains("Parked, "));
    let steer = async |steps| {
        site.simulations
            .steer(car.application, car.id, steps)
            .await
            .unwrap()
    };
    steer(vec![Step::Jump(StageName::Index(1)), Step::Pause]).await;
    let paused = text().await;
    assert!(paused.contains("Paused, driving, "));
    assert!(paused.contains("paused at 07:40"));
    let follow = |scenario: &str| Step::Follow {
        scenario: Some(scenario.to_owned()),
        city: None,
    };
    steer(vec![follow("parked"), Step::Play]).await;
    site.bed.clock.advance(Duration::from_hours(30));
    let finished = text().await;
    assert!(finished.contains("Finished, ") && finished.contains("Play again"));
    steer(vec![follow("sleeper"), Step::Play]).await;
    let asleep = text().await;
    assert!(asleep.contains(">Asleep<"), "asleep");
}

#[tokio::test]
async fn all_trips_of_all_powertrains_are_drawn() {
    let site = Site::dev().await;
    let ids = site.simulations.world().scenarios();
    let ids: Vec<String> = ids.into_iter().map(|(id, _)| id.to_string()).collect();
    for powertrain in [
        Powertrain::Bev,
        Powertrain::Phev,
        Powertrain::Hev,
        Powertrain::Ice,
    ] {
        let car = site.car_of("Any", powertrain, "DE").await;
        for scenario in &ids {
            let scenario = Some(scenario.clone());
            let steps = vec![Step::Follow {
                scenario,
                city: None,
            }];
            site.simulations
                .steer(car.application, car.id, steps)
                .await
                .unwrap();
            let page = site.get(&format!("{PAGE}?car={}", car.id)).await;
            let text = page.text();
            assert!(text.contains("id=\"plot-now\""));
            for broken in ["NaN", "\"inf", ",inf", " inf", "(inf"] {
                assert!(!text.contains(broken), "{broken} of {powertrain}");
            }
        }
    }
}

#[tokio::test]
async fn many_cars_are_paged_and_searched() {
    let site = Site::dev().await;
    for number in 0..23 {
        site.car(&format!("Car {number:02}")).await;
    }
    let rows = |answer: &Answer| answer.text().matches("<span class=\"dot ").count();
    let page = site.get(PAGE).await;
    assert_eq!(rows(&page), 20);
    assert!(page.text().contains("1 to 20 of 23"));
    let next = site.get(&format!("{PAGE}?page=2")).await;
    assert_eq!(rows(&next), 3);
    assert!(next.text().contains("21 to 23 of 23"));
    // A page beyond the last one is the last one.
    assert_eq!(rows(&site.get(&format!("{PAGE}?page=99")).await), 3);
    // Of a car that is looked at, the page with its line.
    site.bed.clock.advance(Duration::from_millis(1));
    let last = site.car("The last").await;
    let of_last = site.get(&format!("{PAGE}?car={}", last.id)).await;
    assert!(of_last.text().contains("21 to 24 of 24"));
    let found = site.get(&format!("{PAGE}?q=car+1")).await;
    assert_eq!(rows(&found), 10);
    let none = site.get(&format!("{PAGE}?q=%3Cb%3E")).await;
    assert_eq!(rows(&none), 0);
    assert!(none.text().contains("No car is called \"&#60;b&#62;\""));
}

#[tokio::test]
async fn an_address_that_says_nonsense_shows_the_page() {
    let site = Site::dev().await;
    site.car("Commuter").await;
    let gone = SimulationId::from_bytes([9; 16]);
    for query in [
        "car=x&page=-1&application=y",
        "%ff=%ff",
        "q=%ff",
        &format!("car={gone}"),
    ] {
        let page = site.get(&format!("{PAGE}?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text().contains("Commuter"), "{query}");
    }
}

#[tokio::test]
async fn cars_of_other_applications_are_theirs() {
    let site = Site::dev().await;
    let other = site.bed.application().await;
    let car = site.car("Commuter").await;
    let address = |application: &str| format!("{PAGE}?application={application}");
    let own = site.get(&address(&site.client.id)).await;
    assert!(own.text().contains("Commuter"));
    let others = site.get(&address(&other.id)).await;
    assert!(!others.text().contains("Commuter"));
    assert!(others.text().contains("aria-label=\"Application\""));
    let keys = format!(
        "{PAGE}/cars/{}/credentials?application={}",
        car.id, other.id
    );
    assert_eq!(site.get(&keys).await.status, 404);
}

#[tokio::test]
async fn credentials_and_the_link_that_needs_them() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let page = site
        .get(&format!("{PAGE}/cars/{}/credentials", car.id))
        .await;
    assert!(page.text().contains(&car.username) && page.text().contains(&car.password));
    assert!(page.text().contains("mode=simulated"));
    assert_eq!(
        site.get(&format!("{PAGE}/cars/x/credentials")).await.status,
        404
    );
}

#[tokio::test]
async fn the_clock_is_shown_as_it_runs() {
    let site = Site::dev().await;
    let page = site.get(PAGE).await;
    assert!(page.text().contains("Sunday 1 March 2026 UTC"));
    assert!(page.text().contains("08:15:30"));
    site.clock.freeze();
    assert!(site.get(PAGE).await.text().contains(", stopped"));
    assert_eq!(site.clock.shown().now, FixedClock::START);
}

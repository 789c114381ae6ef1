//! What the forms do.

use super::*;
use carport_model::simulation::Motion;
use carport_model::{Clock as _, Timestamp};
use std::time::Duration;

#[tokio::test]
async fn a_car_is_made_and_found() {
    let site = Site::dev().await;
    let form = site.get(&format!("{PAGE}/new")).await;
    assert!(form.text().contains("<optgroup label=\"Volvo\">"));
    assert!(form.text().contains("Day Commute: "));
    let fields = [
        ("kind", "PHEV"),
        ("country", "DE"),
        ("scenario", "winter-day"),
        ("name", "Frosty"),
    ];
    let answer = site.post(&format!("{PAGE}/new"), &fields).await;
    assert_eq!(answer.status, 303);
    let page = site.get(answer.header("location")).await;
    assert!(page.text().contains("The car is there."));
    assert!(page.text().contains("Frosty") && page.text().contains("trip Winter Day"));
    assert!(page.text().contains("Map of Berlin"));
}

#[tokio::test]
async fn what_cannot_be_made_is_told_in_the_form() {
    let site = Site::dev().await;
    let long = "x".repeat(400);
    for (field, value) in [
        ("kind", "STEAM"),
        ("country", "Atlantis"),
        ("scenario", "no-such-trip"),
        ("name", long.as_str()),
    ] {
        let usual = [
            ("kind", "BEV"),
            ("country", "US"),
            ("scenario", "parked"),
            ("name", "A"),
        ];
        let fields = usual.map(|(name, usual)| (name, if name == field { value } else { usual }));
        let answer = site.post(&format!("{PAGE}/new"), &fields).await;
        assert_eq!(answer.status, 400, "{field}");
        assert!(answer.text().contains("role=\"alert\""), "{field}");
        assert!(answer.text().contains("<title>Error: "), "{field}");
    }
    assert!(site.get(PAGE).await.text().contains("No car yet"));
}

#[tokio::test]
async fn a_car_is_steered_and_the_page_stays_where_it_was() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let id = car.id.to_string();
    let steer = async |what: &str, value: &str| {
        let path = format!("{PAGE}/cars/{id}/course");
        site.post(&path, &[(what, value), ("car", &id), ("q", "com")])
            .await
    };
    let answer = steer("do", "pause").await;
    assert_eq!(
        answer.header("location"),
        format!("{PAGE}?car={id}&q=com#trip")
    );
    assert_eq!(site.kept(&car).await.course.timeline.motion, Motion::Paused);
    steer("do", "play").await;
    assert_eq!(
        site.kept(&car).await.course.timeline.motion,
        Motion::Running
    );
    steer("speed", "600").await;
    assert_eq!(site.kept(&car).await.course.timeline.speed.factor(), 600);
    let stage = site
        .post(
            &format!("{PAGE}/cars/{id}/stage"),
            &[("stage", "1"), ("car", &id)],
        )
        .await;
    assert_eq!(stage.status, 303);
    let passed = site
        .kept(&car)
        .await
        .course
        .timeline
        .elapsed(site.clock.now());
    assert_eq!(passed, Duration::from_mins(7 * 60 + 40));
    steer("do", "restart").await;
    let passed = site
        .kept(&car)
        .await
        .course
        .timeline
        .elapsed(site.clock.now());
    assert_eq!(passed, Duration::ZERO);
}

#[tokio::test]
async fn what_no_button_sends_is_refused_on_the_page() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let of_car = |what: &str| format!("{PAGE}/cars/{}/{what}", car.id);
    for (path, fields, status) in [
        (of_car("course"), vec![("do", "fly")], 400),
        (of_car("course"), vec![("speed", "-1")], 400),
        (of_car("course"), vec![("speed", "3601")], 400),
        (of_car("stage"), vec![("stage", "99")], 400),
        (of_car("stage"), vec![("stage", "first")], 400),
        (format!("{PAGE}/cars/x/course"), vec![("do", "play")], 404),
        (format!("{PAGE}/clock"), vec![("speed", "0")], 400),
        (format!("{PAGE}/clock"), vec![("do", "back")], 400),
        (format!("{PAGE}/faults"), vec![("effect", "fire")], 400),
    ] {
        let answer = site.post(&path, &fields).await;
        assert_eq!(answer.status, status, "{path} {fields:?}");
        assert!(
            answer.text().contains("role=\"alert\""),
            "{path} {fields:?}"
        );
        // The page is still there to try again.
        assert!(answer.text().contains("Commuter"), "{path} {fields:?}");
    }
    assert_eq!(site.kept(&car).await, car);
}

#[tokio::test]
async fn the_clock_is_stopped_hurried_and_moved() {
    let site = Site::dev().await;
    let start = site.clock.now();
    let press = async |what: &str, value: &str| {
        let answer = site.post(&format!("{PAGE}/clock"), &[(what, value)]).await;
        assert_eq!(answer.status, 303);
    };
    press("do", "freeze").await;
    site.bed.clock.advance(Duration::from_secs(9));
    assert_eq!(site.clock.now(), start);
    press("speed", "60").await;
    press("do", "resume").await;
    site.bed.clock.advance(Duration::from_secs(1));
    assert_eq!(site.clock.now(), start.plus(Duration::from_mins(1)));
    press("do", "advance").await;
    assert_eq!(site.clock.now(), start.plus(Duration::from_mins(16)));
    assert_ne!(start, Timestamp::default());
}

#[tokio::test]
async fn a_fault_is_set_told_and_stopped() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let vehicle = car.vehicle.to_string();
    let fields = [
        ("effect", "error:VEHICLE_STATE/DOOR_OPEN"),
        ("for", vehicle.as_str()),
        ("call", "commands"),
        ("times", "3"),
    ];
    let answer = site.post(&format!("{PAGE}/faults"), &fields).await;
    assert!(answer.header("location").ends_with("?did=fault#faults"));
    let page = site.get(PAGE).await;
    assert!(page.text().contains("Commuter: door open"));
    assert!(page.text().contains("for every command, 3 of 3 times left"));
    assert_eq!(
        site.faults.list()[0].rule.matches.vehicle,
        Some(car.vehicle)
    );
    let stopped = site
        .post(&format!("{PAGE}/faults/stop"), &[("fault", "fault-1")])
        .await;
    assert_eq!(stopped.status, 303);
    assert!(site.faults.list().is_empty());
    // Twice is no mistake: it may have been stopped elsewhere.
    let again = site
        .post(&format!("{PAGE}/faults/stop"), &[("fault", "fault-1")])
        .await;
    assert_eq!(again.status, 303);
}

#[tokio::test]
async fn a_car_is_deleted_after_a_question() {
    let site = Site::dev().await;
    let car = site.car("Commuter").await;
    let path = format!("{PAGE}/cars/{}/delete", car.id);
    let question = site.get(&path).await;
    assert!(question.text().contains("Delete Commuter?"));
    assert!(site.get(PAGE).await.text().contains("Commuter"));
    let answer = site.post(&path, &[("car", &car.id.to_string())]).await;
    assert_eq!(answer.header("location"), format!("{PAGE}?did=deleted"));
    assert!(site.get(PAGE).await.text().contains("No car yet"));
    assert_eq!(site.post(&path, &[]).await.status, 404);
}

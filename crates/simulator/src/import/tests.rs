//! What a file holds does no harm; what a recording holds makes a scenario that can be lived.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use carport_model::Timestamp;
use carport_model::simulation::{Course, Latency, Timeline};
use proptest::prelude::*;

use super::recording::{Recording, record, scenario_from};
use super::{Format, route};
use crate::world::scenario::{Action, Scenario};
use crate::world::{Journey, Overlay, World};

/// Text of a GPX file whose points are these, with whatever stands in them.
fn gpx(points: &[(String, String, String, String)]) -> String {
    let mut text = "<gpx><trk><trkseg>".to_owned();
    for (latitude, longitude, elevation, time) in points {
        let _ = write!(
            text,
            "<trkpt lat='{latitude}' lon='{longitude}'><ele>{elevation}</ele><time>{time}</time></trkpt>"
        );
    }
    text + "</trkseg></trk></gpx>"
}

/// A number as a file may write it: mostly one that can be.
fn number(least: f64, most: f64) -> impl Strategy<Value = String> {
    prop_oneof![
        20 => (least..most).prop_map(|number| number.to_string()),
        1 => prop_oneof![Just("NaN"), Just("inf"), Just("-0"), Just("1e308"), Just("91"), Just("")]
            .prop_map(str::to_owned),
    ]
}

fn point() -> impl Strategy<Value = (String, String, String, String)> {
    let time = (0_u32..100_000).prop_map(|seconds| {
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        format!("2024-01-01T{hour:02}:{minute:02}:{second:02}Z")
    });
    (
        number(-85.0, 85.0),
        number(-180.0, 180.0),
        number(-500.0, 9000.0),
        time,
    )
}

/// Whatever comes out can be driven.
fn check(name: &str, text: &str) -> Result<(), TestCaseError> {
    let Ok(points) = route(name, text) else {
        return Ok(());
    };
    prop_assert!((2..=2000).contains(&points.len()));
    for point in points {
        prop_assert!((-85.0..=85.0).contains(&point.latitude));
        prop_assert!((-180.0..=180.0).contains(&point.longitude));
        prop_assert!((-500.0..=9000.0).contains(&point.elevation));
        prop_assert!((5.0..=250.0).contains(&point.limit));
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_text_does_harm(text in "\\PC{0,200}") {
        for name in ["x.gpx", "x.geojson", "x.csv"] {
            check(name, &text)?;
        }
        for format in [Format::Gpx, Format::GeoJson, Format::Csv] {
            let _ = scenario_from(&text, format, "x");
        }
    }

    #[test]
    fn no_track_does_harm(points in prop::collection::vec(point(), 0..40), cut in 0.0..1.2_f64) {
        let text = gpx(&points);
        check("x.gpx", &text)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss, reason = "a place in a short text")]
        let end = (text.len() as f64 * cut) as usize;
        check("x.gpx", text.get(..end).unwrap_or(&text))?;
    }

    #[test]
    fn no_line_does_harm(points in prop::collection::vec(point(), 0..40)) {
        let points = points.iter().map(|(latitude, longitude, elevation, _)| {
            format!("[{longitude},{latitude},{elevation}]")
        });
        let points: Vec<String> = points.collect();
        let text = format!("{{\"type\":\"LineString\",\"coordinates\":[{}]}}", points.join(","));
        check("x.json", &text)?;
    }

    /// Any walk of a car that keeps to what cars can do becomes a scenario that the parser takes.
    #[test]
    fn each_recording_can_be_lived(
        steps in prop::collection::vec((1_u32..400, -1.0..1.0_f64, -1.0..1.0_f64, 0.0..1.0_f64), 1..60),
    ) {
        let mut text = "time_s,latitude,longitude,charge,fuel,plugged\n".to_owned();
        let (mut time, mut north, mut east) = (0, 50.0, 8.0);
        for (seconds, up, right, charge) in steps {
            let _ = writeln!(text, "{time},{north},{east},{charge:.3},{charge:.3},true");
            // At most 56 m/s, and often nowhere.
            let far = if charge < 0.4 { 0.0 } else { f64::from(seconds) * 3e-4 };
            time += seconds;
            north += up * far;
            east += right * far;
        }
        let _ = writeln!(text, "{time},{north},{east},0.5,0.5,false");
        let written = scenario_from(&text, Format::Csv, "A Walk").unwrap();
        read("walk", &written);
    }
}

/// The scenario of a text, as a running server takes it.
fn read(id: &str, text: &str) -> Scenario {
    static WORLD: LazyLock<World> = LazyLock::new(World::embedded);
    let taken = WORLD.add_scenario(id, text);
    taken.unwrap_or_else(|error| panic!("{error}\n{text}"));
    Scenario::clone(&WORLD.scenario(id).unwrap())
}

#[test]
fn ten_megabytes_are_thinned_out() {
    let mut text = "<gpx><trk><trkseg>".to_owned();
    for index in 0_u32..150_000 {
        let north = 40.0 + f64::from(index) * 1e-5;
        let east = f64::from(index % 7) * 1e-5;
        let _ = writeln!(
            text,
            "<trkpt lat='{north:.6}' lon='{east:.6}'><ele>100</ele></trkpt>"
        );
    }
    text += "</trkseg></trk></gpx>";
    assert!(text.len() > 9_000_000);
    assert_eq!(route("x.gpx", &text).unwrap().len(), 2000);
}

#[test]
fn depth_and_attributes_without_end_are_bounded() {
    let deep = "<gpx>".to_owned() + &"<a>".repeat(1_000_000);
    assert!(
        route("x.gpx", &deep)
            .unwrap_err()
            .problem
            .contains("ends inside")
    );
    let mut wide = "<gpx><trk><trkseg><trkpt lat='1' lon='1'".to_owned();
    for index in 0..300_000 {
        let _ = write!(wide, " a{index}='1'");
    }
    wide += "/></trkseg></trk></gpx>";
    assert!(
        route("x.gpx", &wide)
            .unwrap_err()
            .problem
            .contains("two points")
    );
}

#[test]
fn a_recorded_day_as_a_scenario() {
    let mut text = "time,latitude,longitude,odometer_km,charge,power_kw,temperature_c\n".to_owned();
    let mut line = |minute: u32, north: f64, charge: f64, power: f64| {
        let (hour, minute) = (8 + minute / 60, minute % 60);
        let _ = writeln!(
            text,
            "2024-03-05T{hour:02}:{minute:02}:00+01:00,{north:.4},8,12345.6,{charge:.3},{power},7.5"
        );
    };
    for minute in 0..10 {
        line(minute, 50.0, 0.7, 0.0);
    }
    for minute in 10..20 {
        line(
            minute,
            50.0 + f64::from(minute - 9) * 0.008,
            0.7 - f64::from(minute - 9) * 0.003,
            0.0,
        );
    }
    for minute in 20..80 {
        line(minute, 50.08, 0.67 + f64::from(minute - 19) * 0.001, 7.2);
    }
    let scenario = read(
        "tuesday",
        &scenario_from(&text, Format::Csv, "Tuesday").unwrap(),
    );
    assert_eq!(
        (&*scenario.id, scenario.name.as_str()),
        ("tuesday", "Tuesday")
    );
    assert_eq!(scenario.starts_at.to_minute(), "08:00");
    assert_eq!(scenario.start.odometer, (12345.6, 12345.6));
    let names: Vec<&str> = scenario
        .stages
        .iter()
        .map(|stage| stage.name.as_str())
        .collect();
    assert_eq!(names, ["Parked at place 1", "Drive 1", "Charge at place 2"]);
    let Action::Charge { point, limit, .. } = &scenario.stages[2].action else {
        panic!("no charge");
    };
    assert!((point.power - 7.2).abs() < 1e-9);
    assert!((limit - 0.73).abs() < 1e-9);
    let kilometres = scenario.map.routes["drive1"].length() / 1000.0;
    assert!((kilometres - 8.9).abs() < 0.1, "{kilometres}");
}

#[test]
fn a_scenario_names_a_track_that_lies_beside_it() {
    let scenario = "id = 'ride'\nname = 'Ride'\nabout = ''\nstarts_at = '09:00'\n\
                    temperature = { low = 1, high = 2 }\nstart = {}\n\
                    [[stage]]\nname = 'Ride'\ndo = 'drive'\nroute = 'ride'\n\
                    [places.a]\nname = 'A'\nposition = [50, 8]\n\
                    [places.b]\nname = 'B'\nposition = [50.1, 8]\n\
                    [routes.ride]\nfrom = 'a'\nto = 'b'\nfile = 'ride.gpx'\n";
    let world = |track: &str| {
        let scenarios = [("ride.toml", scenario), ("ride.gpx", track)];
        World::with_overlay(&Overlay {
            scenarios: scenarios
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
            ..Overlay::default()
        })
    };
    let point = |north: &str| format!("<trkpt lat='{north}' lon='8'/>");
    let track = |north: &str| {
        format!(
            "<gpx><trk><trkseg>{}{}</trkseg></trk></gpx>",
            point("50"),
            point(north)
        )
    };
    let journey = world(&track("50.1"))
        .unwrap()
        .journey("generic-ice", "ride", "berlin");
    assert!(journey.unwrap().length() > Duration::from_mins(4));
    let refused = world(&track("95")).err().unwrap().to_string();
    assert_eq!(
        refused,
        "ride.toml, line 20, column 8: ride.gpx, line 1, column 44: latitude is a number from -85 to 85"
    );
}

#[test]
fn geojson_is_no_recording() {
    let refused = Recording::read("{}", Format::GeoJson).unwrap_err();
    assert!(refused.problem.contains("CSV or GPX"));
}

/// A car of this course at this moment of its life.
fn course(profile: &str, scenario: &str) -> Course {
    Course {
        profile: profile.into(),
        scenario: scenario.into(),
        city: "lyon".into(),
        seed: 7,
        timeline: Timeline::running_since(Timestamp::default()),
        commands: Box::default(),
        is_stateless: false,
        latency: Latency::Ideal,
    }
}

/// Records a day, replays the recording with a like car, and says what both did: kilometres, and
/// shares of battery and tank that they used. (What they had at the start, the seed shifts.)
fn twice(profile: &str, scenario: &str, format: Format) -> [[f64; 3]; 2] {
    let world = World::embedded();
    let day = world.journey(profile, scenario, "lyon").unwrap();
    let text = record(
        &day,
        &course(profile, scenario),
        Duration::from_secs(10),
        format,
    );
    let written = scenario_from(&text, format, "again").unwrap();
    let added = world.add_scenario("again", &written);
    added.unwrap_or_else(|error| panic!("{error}\n{written}"));
    let again = world.journey(profile, "again", "lyon").unwrap();
    [
        used(&day, &course(profile, scenario)),
        used(&again, &course(profile, "again")),
    ]
}

fn used(journey: &Journey, course: &Course) -> [f64; 3] {
    let minutes = u32::try_from(journey.length().as_secs() / 60).unwrap();
    let states = (0..minutes).map(|minute| journey.state(course, Duration::from_mins(1) * minute));
    let seen: Vec<[f64; 3]> = states
        .map(|state| {
            let charge = state.battery.map_or(0.0, |battery| battery.charge);
            [
                state.odometer,
                charge,
                state.tank.map_or(0.0, |tank| tank.level),
            ]
        })
        .collect();
    let falls = |index: usize| {
        seen.windows(2)
            .map(|pair| (pair[0][index] - pair[1][index]).max(0.0))
            .sum()
    };
    [seen[seen.len() - 1][0] - seen[0][0], falls(1), falls(2)]
}

#[test]
fn a_day_that_is_recorded_and_replayed_is_the_same_day() {
    for profile in ["generic-bev", "generic-ice", "generic-phev"] {
        for scenario in ["day-commute", "long-drive", "delivery-round", "sleeper"] {
            let [lived, again] = twice(profile, scenario, Format::Csv);
            let told = format!("{profile} {scenario}: {lived:?} {again:?}");
            // Kilometres within 3 %, what is used within an eighth and half a point: corners are
            // cut between two samples, most where there are many, and speeds are evened out.
            assert!((again[0] / lived[0] - 1.0).abs() < 0.03, "{told}");
            assert!(
                (again[1] - lived[1]).abs() < 0.005 + lived[1] / 8.0,
                "{told}"
            );
            assert!(
                (again[2] - lived[2]).abs() < 0.005 + lived[2] / 8.0,
                "{told}"
            );
        }
    }
}

#[test]
fn a_track_replays_the_way_but_no_charge() {
    let [lived, again] = twice("generic-ice", "day-commute", Format::Gpx);
    assert!(
        (again[0] / lived[0] - 1.0).abs() < 0.02,
        "{lived:?} {again:?}"
    );
}

#[test]
fn a_recording_says_what_the_car_did() {
    let world = World::embedded();
    let day = world.journey("generic-bev", "parked", "lyon").unwrap();
    let course = course("generic-bev", "parked");
    let step = Duration::from_mins(30);
    insta::assert_snapshot!(record(&day, &course, step, Format::Csv));
    let line = record(&day, &course, step, Format::GeoJson);
    assert!(
        route("x.geojson", &line)
            .unwrap_err()
            .problem
            .contains("two points")
    );
    let day = world.journey("generic-bev", "day-commute", "lyon").unwrap();
    let line = record(&day, &course, Duration::from_mins(1), Format::GeoJson);
    assert!(route("x.geojson", &line).unwrap().len() > 30);
}

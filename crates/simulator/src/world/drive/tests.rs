use super::*;
use proptest::prelude::*;

/// A road that turns, climbs and changes its limit as it likes, never back on itself.
pub(in crate::world) fn street() -> impl Strategy<Value = Vec<Waypoint>> {
    let step = (
        -0.01..0.01_f64,
        -0.01..0.01_f64,
        -20.0..20.0_f64,
        20.0..130.0_f64,
    );
    proptest::collection::vec(step, 2..40).prop_map(|steps| {
        let mut at = Waypoint {
            latitude: 45.0,
            longitude: 5.0,
            elevation: 300.0,
            limit: 50.0,
        };
        let mut points = vec![at];
        for (north, east, up, limit) in steps {
            at.latitude += north + 0.001;
            at.longitude += east;
            at.elevation += up;
            at.limit = limit;
            points.push(at);
        }
        points
    })
}

proptest! {
    #[test]
    fn a_drive_is_whole_and_keeps_to_the_limits(
        points in street(), back: bool, traffic in 1.0..4.0_f64,
    ) {
        let lasts = whole_seconds(fastest(&points, back).as_secs_f64() * traffic);
        let motion = Motion::new(&points, back, lasts);
        let (mut time, mut place, mut speed) = (0.0, 0.0, 0.0);
        for phase in &motion.phases {
            prop_assert!((phase.starts - time).abs() < 1e-6);
            prop_assert!((phase.place - place).abs() < 1e-3);
            prop_assert!((phase.speed - speed).abs() < 1e-6, "speed jumps");
            let segment = &motion.line.segments[phase.segment as usize];
            let limit = points.iter().map(|point| point.limit).fold(0.0, f64::max) / 3.6;
            prop_assert!(phase.speed <= limit + 1e-9);
            prop_assert!(phase.place >= segment.starts - 1e-3);
            prop_assert!(phase.acceleration.abs() <= 1.5 + 1e-9);
            time += phase.lasts;
            place += phase.driven(phase.lasts);
            speed = phase.speed + phase.acceleration * phase.lasts;
        }
        prop_assert!(speed.abs() < 1e-6);
        prop_assert!((place - motion.line.length).abs() < 0.01);
        prop_assert!((time - lasts.as_secs_f64()).abs() < 1e-6);
    }
}

#[test]
fn corners_are_taken_slowly_and_lights_take_time() {
    let point = |latitude, longitude| Waypoint {
        latitude,
        longitude,
        elevation: 0.0,
        limit: 50.0,
    };
    let corner = [point(45.0, 5.0), point(45.01, 5.0), point(45.01, 5.01)];
    let quick = Motion::new(&corner, false, fastest(&corner, false));
    let at_corner = quick
        .phases
        .iter()
        .find(|phase| phase.segment == 1)
        .unwrap();
    assert!((4.0..6.0).contains(&at_corner.speed), "{}", at_corner.speed);
    let slow = Motion::new(&corner, false, Duration::from_mins(5));
    assert!(
        slow.phases
            .iter()
            .any(|phase| phase.lasts > 30.0 && phase.speed == 0.0)
    );
}

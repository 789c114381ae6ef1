use std::num::NonZeroU32;
use std::time::Duration;

use proptest::prelude::*;

use super::super::{Answer, Effect, Latency, Matcher, OAuthFailure};
use super::*;
use crate::error;

const SECOND: Duration = Duration::from_secs(1);
const ODOMETER: &str = "/v2.0/vehicles/{id}/odometer";

fn rule(effect: Effect) -> Rule {
    Rule {
        matches: Matcher::default(),
        effect,
        after: 0,
        times: None,
        probability: 1.0,
        seed: None,
        from: None,
        until: None,
    }
}

fn asleep() -> Effect {
    Effect::Error {
        spec: &error::ASLEEP,
        retry_after: None,
    }
}

fn occasion() -> Occasion<'static> {
    Occasion {
        room: Room::Vehicles,
        application: Some(ApplicationId::from_bytes([1; 16])),
        vehicle: Some(VehicleId::from_bytes([2; 16])),
        route: ODOMETER,
        method: "GET",
        is_batch: false,
        now: Timestamp::from_millis(1000),
    }
}

fn faults(rules: impl IntoIterator<Item = Rule>) -> Faults {
    let faults = Faults::default();
    for rule in rules {
        faults.add(rule).unwrap();
    }
    faults
}

/// Which of so many occasions go wrong, as a row of points and strokes.
fn row(faults: &Faults, count: usize) -> String {
    let struck = (0..count).map(|_| faults.strike(&occasion()).is_some());
    struck
        .map(|struck| if struck { '|' } else { '.' })
        .collect()
}

#[test]
fn nothing_goes_wrong_without_a_rule() {
    let faults = Faults::default();
    assert!(!faults.is_armed());
    assert_eq!(faults.strike(&occasion()), None);
    let id = faults.add(rule(asleep())).unwrap().id;
    assert!(faults.is_armed() && faults.strike(&occasion()).is_some());
    assert_eq!(faults.remove(|standing| standing.id == id).len(), 1);
    assert!(!faults.is_armed());
    assert_eq!(faults.strike(&occasion()), None);
    // A name is not used again.
    assert_ne!(faults.add(rule(asleep())).unwrap().id, id);
}

#[test]
fn a_rule_is_about_what_it_says() {
    let (one, two) = (
        ApplicationId::from_bytes([1; 16]),
        ApplicationId::from_bytes([9; 16]),
    );
    let (car, other) = (
        VehicleId::from_bytes([2; 16]),
        VehicleId::from_bytes([9; 16]),
    );
    let any = Matcher::default;
    for (matches, hits) in [
        (any(), true),
        (
            Matcher {
                application: Some(one),
                ..any()
            },
            true,
        ),
        (
            Matcher {
                application: Some(two),
                ..any()
            },
            false,
        ),
        (
            Matcher {
                vehicle: Some(car),
                ..any()
            },
            true,
        ),
        (
            Matcher {
                vehicle: Some(other),
                ..any()
            },
            false,
        ),
        (
            Matcher {
                route: Some("/v2.0/vehicles/{x}/odometer".into()),
                ..any()
            },
            true,
        ),
        (
            Matcher {
                route: Some("/v2.0/vehicles/{id}/fuel".into()),
                ..any()
            },
            false,
        ),
        (
            Matcher {
                method: Some("GET".into()),
                ..any()
            },
            true,
        ),
        (
            Matcher {
                method: Some("POST".into()),
                ..any()
            },
            false,
        ),
        (
            Matcher {
                application: Some(one),
                vehicle: Some(other),
                ..any()
            },
            false,
        ),
    ] {
        let faults = faults([Rule {
            matches: matches.clone(),
            ..rule(asleep())
        }]);
        assert_eq!(faults.strike(&occasion()).is_some(), hits, "{matches:?}");
        assert_eq!(faults.list()[0].met, u64::from(hits));
    }
    // Who is not known is nobody in particular.
    let faults = faults([Rule {
        matches: Matcher {
            application: Some(one),
            ..any()
        },
        ..rule(Effect::Drop)
    }]);
    let stranger = Occasion {
        application: None,
        room: Room::WayOut,
        ..occasion()
    };
    assert_eq!(faults.strike(&stranger), None);
}

#[test]
fn counts() {
    assert_eq!(row(&faults([rule(asleep())]), 4), "||||");
    assert_eq!(
        row(
            &faults([Rule {
                times: Some(2),
                ..rule(asleep())
            }]),
            4
        ),
        "||.."
    );
    assert_eq!(
        row(
            &faults([Rule {
                after: 3,
                ..rule(asleep())
            }]),
            5
        ),
        "...||"
    );
    let both = faults([Rule {
        after: 1,
        times: Some(2),
        ..rule(asleep())
    }]);
    assert_eq!(row(&both, 5), ".||..");
    let standing = &both.list()[0];
    assert_eq!((standing.met, standing.struck), (5, 2));
    assert_eq!(
        row(
            &faults([Rule {
                times: Some(0),
                ..rule(asleep())
            }]),
            2
        ),
        ".."
    );
}

#[test]
fn a_window_begins_with_its_first_instant_and_ends_before_its_last() {
    let at = Timestamp::from_millis;
    let faults = faults([Rule {
        from: Some(at(10)),
        until: Some(at(20)),
        ..rule(asleep())
    }]);
    let strikes = |millis| {
        faults
            .strike(&Occasion {
                now: at(millis),
                ..occasion()
            })
            .is_some()
    };
    assert_eq!([9, 10, 19, 20].map(strikes), [false, true, true, false]);
    assert_eq!(faults.list()[0].met, 2);
}

#[test]
fn a_probability_repeats_with_its_seed() {
    let with = |seed| {
        let rule = Rule {
            probability: 0.5,
            seed: Some(seed),
            ..rule(asleep())
        };
        row(&faults([rule]), 24)
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
    // The same on every machine.
    assert_eq!(with(42), ".|||||.||||....||.||||..");
}

#[test]
fn the_first_answer_wins_and_the_rest_adds_up() {
    let drop_after = Rule {
        after: 1,
        ..rule(Effect::Drop)
    };
    let faults = faults([
        rule(Effect::Latency(Latency::Fixed(SECOND))),
        Rule {
            times: Some(1),
            ..rule(asleep())
        },
        rule(Effect::Error {
            spec: &error::UNREACHABLE,
            retry_after: Some(SECOND),
        }),
        rule(Effect::Latency(Latency::Fixed(2 * SECOND))),
        rule(Effect::Stale(SECOND)),
        rule(Effect::Stale(SECOND)),
        rule(Effect::SlowBody(NonZeroU32::new(50).unwrap())),
        rule(Effect::SlowBody(NonZeroU32::new(20).unwrap())),
        drop_after,
    ]);
    let struck = faults.strike(&occasion()).unwrap();
    assert_eq!(struck.answer, Some(Answer::Error(&error::ASLEEP, None)));
    assert_eq!(struck.latency, 3 * SECOND);
    assert_eq!(struck.stale, 2 * SECOND);
    assert_eq!(struck.bytes_per_second, NonZeroU32::new(20));
    assert!(!struck.is_dropped);
    let ids: Vec<_> = struck.rules.iter().map(ToString::to_string).collect();
    let expected = [1, 2, 4, 5, 6, 7, 8].map(|number| format!("fault-{number}"));
    assert_eq!(ids, expected);
    // The one that was not asked has not been used.
    assert_eq!(faults.list()[2].met, 0);
    let struck = faults.strike(&occasion()).unwrap();
    assert_eq!(
        struck.answer,
        Some(Answer::Error(&error::UNREACHABLE, Some(SECOND)))
    );
    assert!(struck.is_dropped);
}

#[test]
fn rooms_have_what_can_happen_there() {
    let failure = OAuthFailure::find("invalid_grant").unwrap();
    let refused = Effect::OAuth {
        failure,
        retry_after: None,
    };
    let all = [asleep(), refused, Effect::Stale(SECOND), Effect::Drop];
    for (room, numbers) in [
        (Room::Vehicles, &["fault-1", "fault-3", "fault-4"][..]),
        (Room::Tokens, &["fault-2", "fault-4"]),
        (Room::WayOut, &["fault-4"]),
    ] {
        let faults = faults(all.clone().map(rule));
        let struck = faults.strike(&Occasion { room, ..occasion() }).unwrap();
        let ids: Vec<_> = struck.rules.iter().map(ToString::to_string).collect();
        assert_eq!(ids, numbers);
    }
}

#[test]
fn a_batch_as_a_whole_is_hit_by_its_own_name_only() {
    let route = "/v2.0/vehicles/{id}/batch";
    let whole = Occasion {
        route,
        is_batch: true,
        ..occasion()
    };
    assert_eq!(faults([rule(asleep())]).strike(&whole), None);
    let matches = Matcher {
        route: Some(route.into()),
        ..Matcher::default()
    };
    let named = faults([Rule {
        matches,
        ..rule(asleep())
    }]);
    assert!(named.strike(&whole).is_some());
}

#[test]
fn there_is_an_end_to_rules() {
    let faults = faults((0..MOST).map(|_| rule(asleep())));
    assert_eq!(faults.add(rule(asleep())), Err(TooMany));
    assert_eq!(faults.remove(|_| true).len(), MOST);
    assert!(faults.add(rule(asleep())).is_ok());
}

proptest! {
    #[test]
    fn no_rule_strikes_more_often_than_it_may(
        after in 0_u64..5,
        times in prop::option::of(0_u64..5),
        probability in 0.01_f64..=1.0,
        seed in any::<u64>(),
        count in 0_usize..40,
    ) {
        let rule = Rule { after, times, probability, seed: Some(seed), ..rule(asleep()) };
        let one = faults([rule.clone()]);
        let first = row(&one, count);
        let struck = first.matches('|').count() as u64;
        let standing = &one.list()[0];
        prop_assert_eq!(standing.met, count as u64);
        prop_assert_eq!(standing.struck, struck);
        prop_assert!(times.is_none_or(|times| struck <= times));
        let spared = usize::try_from(after).unwrap().min(count);
        prop_assert!(!first[..spared].contains('|'));
        prop_assert_eq!(row(&faults([rule]), count), first);
    }
}

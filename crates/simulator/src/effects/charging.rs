//! What commands about charging set.

use carport_connector::Fault;
use carport_model::SignalValue;
use carport_model::charging::{
    ChargeLimit, ChargeLimits, ChargeScope, ChargeTimer, ChargeWindow, Departure, Place,
};
use carport_model::signal::charge::{
    AMPERAGE, AMPERAGE_REQUESTED, CHARGE_LIMIT, CHARGE_TIMERS, DETAILED_CHARGING_STATUS,
    IS_CHARGING, IS_CHARGING_CABLE_CONNECTED,
};
use carport_model::time_of_day::TimeOfDay;

use super::{Before, Set, flag};

/// A car that was told to charge, or to stop, is plugged in.
pub(super) fn state(is_charging: bool) -> Set {
    let state = if is_charging {
        "CHARGING"
    } else {
        "NOT_CHARGING"
    };
    let state = SignalValue::Text(state.to_owned());
    vec![
        flag(IS_CHARGING_CABLE_CONNECTED, true),
        flag(IS_CHARGING, is_charging),
        (DETAILED_CHARGING_STATUS, state),
    ]
}

/// The limit of everywhere; those of single places stay.
pub(super) fn limit(limit: f64, before: Before<'_>) -> Set {
    let mut limits = limits(before);
    limits.set_everywhere(limit);
    vec![(CHARGE_LIMIT, SignalValue::ChargeLimits(limits))]
}

/// The charger gives what it is asked for.
pub(super) fn amperage(amperes: f64) -> Set {
    let amperes = SignalValue::Number(amperes);
    vec![(AMPERAGE_REQUESTED, amperes.clone()), (AMPERAGE, amperes)]
}

pub(super) fn windows(windows: &[ChargeWindow], before: Before<'_>) -> Set {
    everywhere(before, |timer| timer.windows = windows.to_vec())
}

pub(super) fn start(start: Option<TimeOfDay>, before: Before<'_>) -> Set {
    let daily = |start| ChargeWindow {
        start,
        end: None,
        days: Vec::new(),
    };
    let windows = start.map(daily).into_iter().collect();
    everywhere(before, |timer| timer.windows = windows)
}

pub(super) fn departure(time: Option<TimeOfDay>, before: Before<'_>) -> Set {
    let daily = |time| Departure {
        time,
        days: Vec::new(),
    };
    let departures = time.map(daily).into_iter().collect();
    everywhere(before, |timer| timer.departures = departures)
}

fn limits(before: Before<'_>) -> ChargeLimits {
    match before(CHARGE_LIMIT) {
        Some(SignalValue::ChargeLimits(limits)) => limits,
        _ => ChargeLimits::default(),
    }
}

fn timers(before: Before<'_>) -> Vec<ChargeTimer> {
    match before(CHARGE_TIMERS) {
        Some(SignalValue::ChargeTimers(timers)) => timers,
        _ => Vec::new(),
    }
}

/// The timers after a change of the one that holds everywhere; those of single places stay.
fn everywhere(before: Before<'_>, change: impl FnOnce(&mut ChargeTimer)) -> Set {
    let mut timers = timers(before);
    let is_here = |timer: &ChargeTimer| timer.scope == ChargeScope::Everywhere;
    let known = timers.iter().position(is_here).unwrap_or_else(|| {
        timers.insert(0, ChargeTimer::empty(ChargeScope::Everywhere));
        0
    });
    change(&mut timers[known]);
    vec![(CHARGE_TIMERS, SignalValue::ChargeTimers(timers))]
}

/// Limit and times of a place that the car knows.
pub(super) fn place(
    (latitude, longitude): (f64, f64),
    limit: f64,
    windows: &[ChargeWindow],
    before: Before<'_>,
) -> Result<Set, Fault> {
    let (mut limits, mut timers) = (limits(before), timers(before));
    let is_here = |place: &&Place| place.is_at(latitude, longitude);
    let of_limits = limits.limits.iter().filter_map(|known| known.scope.place());
    let of_timers = timers.iter().filter_map(|timer| timer.scope.place());
    let place = of_limits.chain(of_timers).find(is_here).cloned();
    let place = place.ok_or_else(|| {
        Fault::refusing(
            "latitude",
            "The car does not charge there. Send latitude and longitude of a place that it lists.",
        )
    })?;
    let here = |scope: &ChargeScope| scope.place().as_ref().is_some_and(is_here);
    if let Some(known) = limits.limits.iter_mut().find(|known| here(&known.scope)) {
        known.limit = limit;
    } else {
        let scope = ChargeScope::Place(place.clone());
        limits.limits.push(ChargeLimit { scope, limit });
    }
    if let Some(known) = timers.iter_mut().find(|timer| here(&timer.scope)) {
        known.windows = windows.to_vec();
    } else {
        timers.push(ChargeTimer {
            windows: windows.to_vec(),
            ..ChargeTimer::empty(ChargeScope::Place(place))
        });
    }
    Ok(vec![
        (CHARGE_LIMIT, SignalValue::ChargeLimits(limits)),
        (CHARGE_TIMERS, SignalValue::ChargeTimers(timers)),
    ])
}

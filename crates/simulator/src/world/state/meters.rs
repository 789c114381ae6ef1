//! What the meters at the plug show.

use super::PlugState;
use crate::world::journey::{Journey, Life, Stand};
use crate::world::scenario::Current;

/// Most amperes of a cable for one phase, in countries with one phase and with three.
const ONE_PHASE: f64 = 48.0;
const THREE_PHASES: f64 = 32.0;

/// The plug of a car that has one, in a stage in which it stands if `stand` is given.
pub(super) fn of(journey: &Journey, life: &Life, stage: usize, stand: Option<&Stand>) -> PlugState {
    let battery = journey.profile.battery;
    let (ac, usable) = battery.map_or((0.0, 1.0), |battery| (battery.ac, battery.usable));
    let plug = stand.and_then(|stand| stand.plug);
    let stock = &life.stock;
    let held = stock.battery;
    let (volts, phases) = journey.supply(ac);
    let cable = if phases == 3 { THREE_PHASES } else { ONE_PHASE };
    let most = (ac * 1000.0 / (volts * f64::from(phases)))
        .round()
        .clamp(6.0, cable);
    let asked = stock.amperes.map_or(most, |amperes| amperes.min(most));
    let limit = journey.limit(stock, plug.and_then(|plug| plug.1));
    let session = life.session.or(life.charges[0]);
    let mut state = PlugState {
        is_plugged: plug.is_some(),
        is_charging: false,
        is_full: plug.is_some() && held >= limit * usable - 1e-9,
        current: None,
        limit,
        volts: 0.0,
        amperes: 0.0,
        most_amperes: most,
        asked_amperes: asked,
        phases: 0,
        power: 0.0,
        rate: 0.0,
        minutes_left: 0.0,
        energy_added: session.map_or(0.0, |charge| charge.energy.1 - charge.energy.0),
    };
    let (Some(stand), Some(plug)) = (stand, plug) else {
        return state;
    };
    state.current = Some(journey.outlet(stock, stage, plug).0.current);
    let charging = journey.charging(stock, stage, stand);
    let Some((charge, limit)) = charging.filter(|charging| held < charging.1) else {
        return state;
    };
    let power = charge.drawn(held);
    (state.volts, state.phases) = match charge.current {
        Current::Ac => journey.supply(plug.0.power.min(ac)),
        // A pack of the common 400 V class, or of the 800 V one where it charges that fast.
        Current::Dc if battery.is_some_and(|battery| battery.dc >= 200.0) => (800.0, 0),
        Current::Dc => (400.0, 0),
    };
    state.is_charging = true;
    state.power = power;
    state.amperes = power * 1000.0 / (state.volts * f64::from(state.phases.max(1)));
    state.rate = charge.power(held) / journey.rated.0;
    state.minutes_left = charge.time(held, limit) * 60.0;
    state
}

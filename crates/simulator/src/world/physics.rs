//! What moving takes: the forces at the wheels, and what they draw from battery and tank.
//!
//! Formulas, parameters and their sources: `docs/guide/simulator-physics.md`.

use carport_model::Powertrain;

use super::profile::Profile;
use super::weather::air_density;

/// Standard gravity, m/s2.
const GRAVITY: f64 = 9.806_65;
/// Wheels and motor turn too: so much more inertia than the mass has.
const ROTATING: f64 = 1.04;
/// Joules of a kilowatt-hour.
pub(super) const JOULES: f64 = 3.6e6;
/// Kilowatt-hours that burning a litre of petrol sets free.
pub(super) const LITRE: f64 = 8.9;
/// Share of the battery's energy that comes out at the wheels.
const FORTH: f64 = 0.88;
/// Share of the braking energy that comes back into the battery.
const BACK: f64 = 0.68;
/// Share of its battery under which a plug-in hybrid burns fuel, so that it can still take in what
/// braking gives.
const RESERVE: f64 = 0.15;

/// What moves a car, under given weather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Physics {
    /// Powertrain.
    pub(super) powertrain: Powertrain,
    /// Kilograms.
    mass: f64,
    /// Coefficient of rolling resistance.
    rolling: f64,
    /// Newtons of drag a square of speed.
    pub(super) drag: f64,
    /// Kilowatts of electronics, heating and cooling.
    pub(super) auxiliary: f64,
    /// Watts at the wheels up to which braking is recovered; more goes into the brakes.
    pub(super) recovers: f64,
    /// Litres a joule at the wheels.
    burns: f64,
    /// Litres a second while the engine turns.
    idles: f64,
    /// Kilowatt-hours of braking that a hybrid stores before it uses them.
    pub(super) buffer: f64,
}

/// How the energy of a moment flows; see [`Physics::flow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regime {
    /// Nothing turns.
    Rest,
    /// Driven by what a hybrid has stored, or by a battery.
    Stored,
    /// Driven by the engine.
    Burning,
    /// Braking, all of it recovered, unless the store of a hybrid is full.
    Recovering {
        /// Whether it is.
        full: bool,
    },
    /// Braking harder than can be recovered.
    Capped {
        /// Whether the store of a hybrid is full.
        full: bool,
    },
}

/// Rates of one store in a regime: a joule at the wheels, and a second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rates {
    /// For each joule at the wheels, which is negative while braking.
    pub(super) a_joule: f64,
    /// For each second.
    pub(super) a_second: f64,
}

impl Rates {
    /// What has flowed after so many joules and seconds.
    pub(super) fn of(self, joules: f64, seconds: f64) -> f64 {
        self.a_joule * joules + self.a_second * seconds
    }
}

/// What a regime draws: from the battery of a car that drives on it, from the tank, and from the
/// store of a hybrid.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Flow {
    /// Kilowatt-hours out of the battery, if it drives the car.
    pub(super) battery: Rates,
    /// Litres out of the tank, if the car drives as a hybrid or has no battery.
    pub(super) fuel: Rates,
    /// Kilowatt-hours out of a hybrid's store.
    pub(super) stored: Rates,
}

impl Physics {
    /// Those of a car at this temperature outside and height above the sea.
    pub(super) fn new(profile: &Profile, celsius: f64, elevation: f64) -> Self {
        let usable = profile.battery.map_or(0.0, |battery| battery.usable);
        let engine = profile
            .engine
            .map(|engine| (engine.efficiency, engine.idle));
        let (efficiency, idle) = engine.unwrap_or((1.0, 0.0));
        Self {
            powertrain: profile.powertrain,
            mass: profile.mass,
            rolling: profile.rolling,
            drag: air_density(celsius, elevation) * profile.drag_area / 2.0,
            auxiliary: profile.auxiliary + climate(profile.powertrain, celsius),
            recovers: 1000.0 * recovery(profile.powertrain, usable),
            burns: if profile.engine.is_some() {
                1.0 / (efficiency * LITRE * JOULES)
            } else {
                0.0
            },
            idles: idle / 3600.0,
            buffer: match profile.powertrain {
                Powertrain::Hev => usable * 0.35,
                Powertrain::Phev => usable * 0.05,
                Powertrain::Bev | Powertrain::Ice => 0.0,
            },
        }
    }

    /// Newtons at the wheels beside the drag: rolling, climbing, accelerating.
    pub(super) fn force(&self, acceleration: f64, grade: f64) -> f64 {
        self.mass * (ROTATING * acceleration + GRAVITY * (self.rolling + grade))
    }

    /// What flows in a regime.
    pub(super) fn flow(&self, regime: Regime) -> Flow {
        let auxiliary = self.auxiliary / 3600.0;
        let (battery, stored) = match regime {
            Regime::Rest => ((0.0, 0.0), (0.0, 0.0)),
            Regime::Stored => ((1.0 / (FORTH * JOULES), 0.0), (1.0 / (FORTH * JOULES), 0.0)),
            Regime::Burning => ((1.0 / (FORTH * JOULES), 0.0), (0.0, 0.0)),
            Regime::Recovering { full } => {
                let back = (BACK / JOULES, 0.0);
                (back, if full { (0.0, 0.0) } else { back })
            }
            Regime::Capped { full } => {
                let back = (0.0, -BACK * self.recovers / JOULES);
                (back, if full { (0.0, 0.0) } else { back })
            }
        };
        let rates = |(a_joule, a_second)| Rates { a_joule, a_second };
        Flow {
            battery: Rates {
                a_second: battery.1 + auxiliary,
                ..rates(battery)
            },
            fuel: self.fuel(regime),
            stored: rates(stored),
        }
    }

    fn fuel(&self, regime: Regime) -> Rates {
        // The generator makes the electricity, as well as the engine drives the wheels.
        let electric = self.burns * self.auxiliary * 1000.0;
        let stops = self.powertrain != Powertrain::Ice;
        let (a_joule, a_second) = match regime {
            Regime::Burning => (self.burns, self.idles + electric),
            Regime::Rest if !stops => (0.0, self.idles + electric),
            // While the wheels turn the engine, no fuel is injected.
            Regime::Recovering { .. } | Regime::Capped { .. } if !stops => (0.0, 0.0),
            _ => (0.0, electric),
        };
        Rates { a_joule, a_second }
    }

    /// Kilowatt-hours a kilometre on the battery, and litres a kilometre on the engine, of an
    /// ordinary mixture of roads: what a maker might print.
    pub(super) fn rated(&self) -> (f64, f64) {
        const MIXTURE: [(f64, f64); 3] = [(13.9, 0.35), (22.2, 0.35), (30.6, 0.3)];
        /// Stops and bends take so much more than even driving.
        const UNEVEN: f64 = 1.1;
        let (flow, burning) = (self.flow(Regime::Stored), self.flow(Regime::Burning));
        let mut rated = (0.0, 0.0);
        for (speed, share) in MIXTURE {
            let joules = UNEVEN * 1000.0 * (self.force(0.0, 0.0) + self.drag * speed * speed);
            let seconds = 1000.0 / speed;
            rated.0 += share * flow.battery.of(joules, seconds);
            rated.1 += share * burning.fuel.of(joules, seconds);
        }
        rated
    }
}

/// Kilowatts of heating or cooling. The heat of an engine costs nothing.
fn climate(powertrain: Powertrain, celsius: f64) -> f64 {
    let heating = if powertrain.has_plug() {
        (0.09 * (16.0 - celsius)).clamp(0.0, 4.0)
    } else {
        0.0
    };
    heating + (0.1 * (celsius - 23.0)).clamp(0.0, 2.5)
}

/// Kilowatts of braking that are recovered: what the motor gives, by the size of the battery.
fn recovery(powertrain: Powertrain, usable: f64) -> f64 {
    match powertrain {
        Powertrain::Bev => (1.3 * usable).clamp(20.0, 100.0),
        Powertrain::Phev => (3.5 * usable).clamp(15.0, 50.0),
        Powertrain::Hev => (18.0 * usable).clamp(10.0, 25.0),
        Powertrain::Ice => f64::INFINITY,
    }
}

/// Kilowatt-hours under which the battery no longer drives the car.
pub(super) fn reserve(powertrain: Powertrain, usable: f64) -> f64 {
    match powertrain {
        Powertrain::Phev => RESERVE * usable,
        Powertrain::Bev | Powertrain::Hev | Powertrain::Ice => 0.0,
    }
}

/// Goes from one value to another over time: half the way after `half` seconds, never quite there.
pub(super) fn relaxed(from: f64, to: f64, seconds: f64, half: f64) -> f64 {
    to + (from - to) * half / (seconds + half)
}

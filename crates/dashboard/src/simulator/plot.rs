//! The day of a car as a drawing: how full it is and how fast it drives, over its whole trip, with
//! a strip of stages below and a line where it is now.

use std::time::Duration;

use super::figures;
use super::map::coordinate as tenth;
use carport_web::words::{Text, t};

/// Edges of the drawing.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 948.0;
/// The upper field, from full to empty.
const FULL: f64 = 20.0;
const EMPTY: f64 = 112.0;
/// The lower field, from the largest speed to none.
const FAST: f64 = 150.0;
const STILL: f64 = 212.0;
const MINUTE: f64 = 60.0;
/// Largest speeds that an axis may end with, km/h.
const FASTS: [f64; 7] = [50.0, 80.0, 100.0, 120.0, 160.0, 200.0, 250.0];
/// Most ticks of the time axis.
const TICKS: f64 = 7.0;
/// A stage is drawn at least so wide.
const SLIVER: f64 = 1.5;

/// What the car is and does at a time of its trip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Since the start of the trip.
    pub at: Duration,
    /// How full the battery or the tank is, 0 to 1.
    pub full: f64,
    /// Kilometres an hour.
    pub speed: f64,
}

/// What a stage is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Standing, awake or not.
    Rest,
    /// Driving.
    Drive,
    /// Charging or filling up.
    Charge,
}

/// A stage of the trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What it is about.
    pub kind: Kind,
    /// When it begins, since the start of the trip.
    pub from: Duration,
    /// When it ends.
    pub until: Duration,
}

/// A trip as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Course {
    /// Its name.
    pub name: String,
    /// `Battery` or `Fuel`.
    pub energy: Text,
    /// How long it is.
    pub length: Duration,
    /// The time of day at which it begins.
    pub begins: Duration,
    /// Stages, in order.
    pub stages: Vec<Stage>,
    /// Samples, in order.
    pub samples: Vec<Sample>,
}

/// The drawing as a template writes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plot {
    /// In words, for those who do not see it.
    pub title: String,
    /// Lines behind, as a path.
    pub grid: String,
    /// The area below the upper line, as points.
    pub area: String,
    /// The upper line, as points.
    pub full: String,
    /// The lower line, as points.
    pub speed: String,
    /// The largest speed of the axis.
    pub fast: String,
    /// The strip.
    pub strip: Vec<Piece>,
    /// Times below the strip.
    pub ticks: Vec<Tick>,
    /// Where the car is now.
    pub now: Now,
}

/// A piece of the strip.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// Classes of its colour.
    pub class: &'static str,
    /// Left edge.
    pub x: String,
    /// Width.
    pub width: String,
}

/// A time of the axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// Where.
    pub x: String,
    /// `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// What it says.
    pub text: String,
}

/// The line of now, and what lies on either side of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Now {
    /// Where.
    pub x: String,
    /// The line, as a path.
    pub line: String,
    /// Where its text begins or ends.
    pub text_x: String,
    /// `start`, or `end` near the right edge.
    pub anchor: &'static str,
    /// What it says.
    pub text: String,
}

impl Course {
    /// Draws the trip with the car `now` into it.
    pub(crate) fn plot(&self, now: Duration) -> Plot {
        let fastest = self
            .samples
            .iter()
            .map(|sample| sample.speed)
            .fold(0.0, f64::max);
        let fast = FASTS.into_iter().find(|fast| *fast >= fastest);
        let fast = fast.unwrap_or(fastest);
        let fulls = self.points(|sample| EMPTY - (EMPTY - FULL) * sample.full.clamp(0.0, 1.0));
        let speeds = self.points(|sample| STILL - (STILL - FAST) * sample.speed / fast);
        Plot {
            title: self.title(now, fastest),
            grid: self.grid(),
            area: area(&fulls),
            full: written(&fulls),
            speed: written(&speeds),
            fast: figures::whole(fast),
            strip: self.stages.iter().map(|stage| self.piece(stage)).collect(),
            ticks: self.ticks(),
            now: self.now(now),
        }
    }

    /// Where `now` is on the drawing.
    pub(crate) fn now(&self, now: Duration) -> Now {
        let x = self.x(now);
        let is_late = x > RIGHT - 90.0;
        Now {
            x: tenth(x),
            line: format!("M{} 14V242", tenth(x)),
            text_x: tenth(if is_late { x - 5.0 } else { x + 5.0 }),
            anchor: if is_late { "end" } else { "start" },
            text: t("now, {clock}").with("clock", self.clock(now)).plain(),
        }
    }

    /// The time of day `at` a time of the trip; with the day for trips of several.
    pub(crate) fn clock(&self, at: Duration) -> String {
        clock(self.begins, self.length, at)
    }

    fn x(&self, at: Duration) -> f64 {
        let length = self.length.as_secs_f64().max(1.0);
        LEFT + (RIGHT - LEFT) * (at.as_secs_f64() / length).clamp(0.0, 1.0)
    }

    fn points(&self, height: impl Fn(&Sample) -> f64) -> Vec<(f64, f64)> {
        let points: Vec<(f64, f64)> = self
            .samples
            .iter()
            .map(|sample| (self.x(sample.at), height(sample)))
            .collect();
        straightened(&points)
    }

    fn grid(&self) -> String {
        let ticks = self.tick_times();
        let lines = ticks
            .iter()
            .map(|at| format!("M{} 20V240", tenth(self.x(*at))));
        let across = [EMPTY, f64::midpoint(FULL, EMPTY), FULL, STILL, FAST];
        let across = across.iter().map(|y| format!("M44 {}H948", tenth(*y)));
        lines.chain(across).collect()
    }

    fn piece(&self, stage: &Stage) -> Piece {
        let (from, until) = (self.x(stage.from), self.x(stage.until));
        Piece {
            class: match stage.kind {
                Kind::Rest => "plot-stage",
                Kind::Drive => "plot-stage plot-drive",
                Kind::Charge => "plot-stage plot-charge",
            },
            x: tenth(from),
            // A hair of the ground shows between two stages.
            width: tenth((until - from - 1.0).max(SLIVER)),
        }
    }

    fn ticks(&self) -> Vec<Tick> {
        let times = self.tick_times();
        let last = times.len().saturating_sub(1);
        let tick = |(index, at): (usize, &Duration)| {
            let x = self.x(*at);
            Tick {
                x: tenth(x),
                anchor: match index {
                    0 => "start",
                    index if index == last && x > RIGHT - 20.0 => "end",
                    _ => "middle",
                },
                text: self.tick_text(*at),
            }
        };
        times.iter().enumerate().map(tick).collect()
    }

    fn tick_text(&self, at: Duration) -> String {
        let time = self.begins + at;
        let is_midnight = time.as_secs().is_multiple_of(86_400);
        if has_days(self.length) {
            self.clock(at)
        } else if at == self.length && is_midnight {
            // The end of a day is not its beginning.
            "24:00".to_owned()
        } else {
            figures::time_of_day(time)
        }
    }

    /// Times of the axis: whole hours, or parts of them for short trips.
    fn tick_times(&self) -> Vec<Duration> {
        const STEPS: [f64; 12] = [
            1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0, 360.0, 720.0, 1440.0,
        ];
        let length = self.length.as_secs_f64() / MINUTE;
        let step = STEPS.into_iter().find(|step| length / step < TICKS);
        let step = step.unwrap_or_else(|| (length / TICKS / 1440.0).ceil() * 1440.0);
        let step = Duration::from_secs_f64(step * MINUTE);
        (0..32)
            .map(|index| step * index)
            .take_while(|at| *at <= self.length)
            .collect()
    }

    fn title(&self, now: Duration, fastest: f64) -> String {
        let fulls = self.samples.iter().map(|sample| sample.full);
        let (low, high) = fulls.fold((1.0_f64, 0.0_f64), |(low, high), full| {
            (low.min(full), high.max(full))
        });
        let of = |kind: Kind| {
            self.stages
                .iter()
                .filter(|stage| stage.kind == kind)
                .count()
        };
        let drives = match of(Kind::Drive) {
            1 => t("one drive").plain(),
            number => t("{n} drives").with("n", number).plain(),
        };
        let stops = match of(Kind::Charge) {
            1 => t("one stop to charge or fill up").plain(),
            number => t("{n} stops to charge or fill up")
                .with("n", number)
                .plain(),
        };
        t("{name} over {span}: {energy} between {low} and {high}, {drives}, {stops}. Speed reaches {speed} km/h. It is {clock} now.")
            .with("name", &self.name)
            .with("span", figures::span(self.length))
            .with("energy", self.energy.plain().to_lowercase())
            .with("low", figures::percent(low.min(high)))
            .with("high", figures::percent(high))
            .with("drives", drives)
            .with("stops", stops)
            .with("speed", figures::whole(fastest))
            .with("clock", self.clock(now))
            .plain()
    }
}

/// Whether a trip of this length is told with the number of the day.
pub(crate) fn has_days(length: Duration) -> bool {
    length > Duration::from_hours(48)
}

/// The time of day `at` a time of a trip that begins at `begins`; with the number of the day when
/// the trip is longer than two.
pub(crate) fn clock(begins: Duration, length: Duration, at: Duration) -> String {
    let time = begins + at;
    let text = figures::time_of_day(time);
    if has_days(length) {
        t("day {n}, {time}")
            .with("n", time.as_secs() / 86_400 + 1)
            .with("time", text)
            .plain()
    } else {
        text
    }
}

/// The points without those on a straight line between their neighbours: a car that stands for
/// eight hours needs two.
fn straightened(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let is_between = match (kept.last(), points.get(index + 1)) {
            (Some(before), Some(after)) => {
                let wide = after.0 - before.0;
                let share = if wide > 0.0 {
                    (point.0 - before.0) / wide
                } else {
                    0.0
                };
                (before.1 + (after.1 - before.1) * share - point.1).abs() < 0.1
            }
            _ => false,
        };
        if !is_between {
            kept.push(*point);
        }
    }
    kept
}

fn area(points: &[(f64, f64)]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let mut area = vec![(first.0, EMPTY)];
    area.extend(points);
    area.push((last.0, EMPTY));
    written(&area)
}

fn written(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{},{}", tenth(*x), tenth(*y)))
        .collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn day() -> Course {
        let stage = |kind, from: u32, until: u32| Stage {
            kind,
            from: HOUR * from,
            until: HOUR * until,
        };
        let sample = |hour: u32, full, speed| Sample {
            at: HOUR * hour,
            full,
            speed,
        };
        Course {
            name: "Day Commute".to_owned(),
            energy: t("Battery"),
            length: HOUR * 24,
            begins: Duration::ZERO,
            stages: vec![
                stage(Kind::Rest, 0, 8),
                stage(Kind::Drive, 8, 9),
                stage(Kind::Rest, 9, 18),
                stage(Kind::Charge, 18, 24),
            ],
            samples: vec![
                sample(0, 0.8, 0.0),
                sample(4, 0.8, 0.0),
                sample(8, 0.8, 0.0),
                sample(8, 0.8, 62.0),
                sample(9, 0.6, 70.0),
                sample(9, 0.6, 0.0),
                sample(18, 0.6, 0.0),
                sample(24, 0.8, 0.0),
            ],
        }
    }

    #[test]
    fn a_day() {
        insta::assert_debug_snapshot!(day().plot(HOUR * 8 + HOUR / 2));
    }

    #[test]
    fn axes_suit_the_length_of_the_trip() {
        let texts = |length: Duration, begins: Duration| {
            let course = Course {
                length,
                begins,
                ..day()
            };
            let ticks = course.ticks().into_iter().map(|tick| tick.text);
            ticks.collect::<Vec<_>>().join(" ")
        };
        insta::assert_snapshot!(texts(HOUR * 24, Duration::ZERO), @"00:00 04:00 08:00 12:00 16:00 20:00 24:00");
        insta::assert_snapshot!(texts(HOUR * 24, HOUR * 6), @"06:00 10:00 14:00 18:00 22:00 02:00 06:00");
        insta::assert_snapshot!(texts(HOUR / 2, HOUR * 6), @"06:00 06:05 06:10 06:15 06:20 06:25 06:30");
        insta::assert_snapshot!(texts(HOUR * 24 * 7, Duration::ZERO), @"day 1, 00:00 day 2, 00:00 day 3, 00:00 day 4, 00:00 day 5, 00:00 day 6, 00:00 day 7, 00:00 day 8, 00:00");
        insta::assert_snapshot!(texts(HOUR * 24 * 31, Duration::ZERO), @"day 1, 00:00 day 6, 00:00 day 11, 00:00 day 16, 00:00 day 21, 00:00 day 26, 00:00 day 31, 00:00");
    }

    #[test]
    fn now_is_readable_at_both_ends() {
        let course = day();
        assert_eq!(course.now(Duration::ZERO).anchor, "start");
        let end = course.now(HOUR * 24);
        assert_eq!((end.anchor, end.x.as_str()), ("end", "948"));
        assert_eq!(course.now(HOUR * 900).x, "948");
    }

    #[test]
    fn a_trip_without_anything_is_drawn_too() {
        let empty = Course {
            length: Duration::ZERO,
            stages: Vec::new(),
            samples: Vec::new(),
            ..day()
        };
        assert_eq!(empty.plot(Duration::ZERO).full, "");
    }
}

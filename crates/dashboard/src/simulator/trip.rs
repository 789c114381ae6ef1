//! The trip of the car that is looked at: its stages, where in them it is, and how it goes on.

use std::time::Duration;

use carport_web::assets;
use carport_web::words::{Text, t};

use super::car::Motion;
use super::figures;
use super::live::Live;
use super::plot::{self, Course, Kind, Plot, Sample};

/// Speeds that buttons offer.
pub(crate) const SPEEDS: [u32; 6] = [1, 2, 5, 10, 60, 600];

/// A trip and where in it the car is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trip {
    /// Its name.
    pub name: String,
    /// The time of day at which it begins.
    pub begins: Duration,
    /// How long it is.
    pub length: Duration,
    /// Its stages, in order.
    pub stages: Vec<TripStage>,
    /// Where in it the car is.
    pub now: Duration,
    /// Number of the stage it is in.
    pub stage: usize,
    /// How often it has been through it.
    pub cycle: u64,
    /// Whether time passes.
    pub motion: Motion,
    /// How fast time passes beside the clock.
    pub speed: u32,
    /// `Battery` or `Fuel`.
    pub energy: Text,
    /// What the car is and does from the beginning to the end; empty where nobody looks.
    pub samples: Vec<Sample>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TripStage {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// What else there is to say: how far, how much.
    pub more: String,
    /// When it begins, since the start of the trip.
    pub from: Duration,
    /// When it ends.
    pub until: Duration,
}

impl Trip {
    /// The trip as it is drawn.
    pub(crate) fn course(&self) -> Course {
        Course {
            name: self.name.clone(),
            energy: self.energy,
            length: self.length,
            begins: self.begins,
            stages: self
                .stages
                .iter()
                .map(|stage| plot::Stage {
                    kind: stage.kind,
                    from: stage.from,
                    until: stage.until,
                })
                .collect(),
            samples: self.samples.clone(),
        }
    }

    /// The drawing.
    pub(crate) fn plot(&self) -> Plot {
        self.course().plot(self.now)
    }

    /// How it goes on, in a few words.
    pub(crate) fn state(&self) -> String {
        let now = plot::clock(self.begins, self.length, self.now);
        let now = match self.cycle {
            0 => now,
            cycle => t("{now}, round {n}")
                .with("now", now)
                .with("n", cycle + 1)
                .plain(),
        };
        match self.motion {
            Motion::Waiting => t("not started").plain(),
            Motion::Running => now,
            Motion::Paused => t("paused at {now}").with("now", now).plain(),
            Motion::Finished => t("finished").plain(),
        }
    }

    /// The lines of the list.
    pub(crate) fn rows(&self) -> Vec<StageRow> {
        self.stages
            .iter()
            .enumerate()
            .map(|(number, stage)| StageRow {
                id: format!("stage-{number}"),
                number,
                class: if number < self.stage { "past" } else { "" },
                current: number == self.stage,
                time: plot::clock(self.begins, self.length, stage.from),
                name: stage.name.clone(),
                more: stage.more.clone(),
            })
            .collect()
    }

    /// The button that lets time pass or stops it.
    pub(crate) fn button(&self) -> Button {
        match self.motion {
            Motion::Running => Button::pause("pause"),
            Motion::Waiting | Motion::Paused => Button::play("play", t("Play")),
            Motion::Finished => Button::play("restart", t("Play again")),
        }
    }

    /// The buttons of its speed.
    pub(crate) fn speeds(&self) -> Vec<SpeedButton> {
        speeds("car", f64::from(self.speed))
    }

    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        live.text("trip-state", self.state());
        self.button().note("car", live);
        for speed in self.speeds() {
            speed.note(live);
        }
        for row in self.rows() {
            live.set(&row.id, "class", row.class);
            live.set_if(&row.id, "aria-current", row.current.then_some("step"));
        }
        let now = self.course().now(self.now);
        live.set("plot-past", "width", &now.x);
        live.set("plot-ahead", "x", &now.x);
        live.set("plot-now", "d", &now.line);
        live.set("plot-now-text", "x", &now.text_x);
        live.set("plot-now-text", "text-anchor", now.anchor);
        live.text("plot-now-text", &now.text);
    }
}

/// A line of the list of stages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StageRow {
    /// Id of its element.
    pub id: String,
    /// Its number, from 0.
    pub number: usize,
    /// `past` when it lies behind.
    pub class: &'static str,
    /// Whether the car is in it.
    pub current: bool,
    /// When it begins.
    pub time: String,
    /// Its name.
    pub name: String,
    /// What else there is to say.
    pub more: String,
}

/// A button that lets time pass or stops it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Button {
    /// What it does.
    pub action: &'static str,
    /// Its icon.
    pub icon: String,
    /// What it says.
    pub word: Text,
}

impl Button {
    /// Stops time.
    pub(crate) fn pause(action: &'static str) -> Self {
        Self {
            action,
            icon: format!("{}#pause", assets::sprite()),
            word: t("Pause"),
        }
    }

    /// Lets time pass.
    pub(crate) fn play(action: &'static str, word: Text) -> Self {
        Self {
            action,
            icon: format!("{}#play", assets::sprite()),
            word,
        }
    }

    /// Notes what may change of the button `id`.
    pub(crate) fn note(&self, id: &str, live: &mut Live) {
        live.set(format!("{id}-button"), "value", self.action);
        live.set(format!("{id}-icon"), "href", &self.icon);
        live.text(format!("{id}-word"), self.word);
    }
}

/// A button of a speed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpeedButton {
    /// Id of its element.
    pub id: String,
    /// The speed.
    pub value: u32,
    /// Whether time passes like that, `true` or `false`.
    pub pressed: bool,
}

impl SpeedButton {
    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        live.set(&self.id, "aria-pressed", self.pressed.to_string());
    }
}

/// Buttons of speeds, of which the one that holds is pressed.
pub(crate) fn speeds(of: &str, now: f64) -> Vec<SpeedButton> {
    SPEEDS
        .iter()
        .map(|speed| SpeedButton {
            id: format!("{of}-speed-{speed}"),
            value: *speed,
            pressed: is_near(*speed, now),
        })
        .collect()
}

/// Whether a pace is this speed.
pub(crate) fn is_near(speed: u32, pace: f64) -> bool {
    (f64::from(speed) - pace).abs() < 1e-9
}

/// How a drive is told in the list: how far and how long.
pub(crate) fn drive(kilometres: f64, length: Duration) -> String {
    t("{n} km, {span}")
        .with("n", figures::whole(kilometres))
        .with("span", figures::span(length))
        .plain()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    /// A day with a drive.
    pub(crate) fn day() -> Trip {
        let stage = |name: &str, kind, more: &str, from: u32, until: u32| TripStage {
            name: name.to_owned(),
            kind,
            more: more.to_owned(),
            from: HOUR * from,
            until: HOUR * until,
        };
        let sample = |hour: u32, full, speed| Sample {
            at: HOUR * hour,
            full,
            speed,
        };
        Trip {
            name: "Day Commute".to_owned(),
            begins: Duration::ZERO,
            length: HOUR * 24,
            stages: vec![
                stage("Parked at home", Kind::Rest, "plugged in, 8 h", 0, 8),
                stage("Drive to work", Kind::Drive, "18 km, 1 h", 8, 9),
                stage("Parked at work", Kind::Rest, "9 h", 9, 18),
                stage("Charge at home", Kind::Charge, "59 % to 80 %, 7 kW", 18, 24),
            ],
            now: HOUR * 8 + HOUR / 10,
            stage: 1,
            cycle: 0,
            motion: Motion::Running,
            speed: 60,
            energy: t("Battery"),
            samples: vec![
                sample(0, 0.8, 0.0),
                sample(8, 0.8, 0.0),
                sample(9, 0.6, 74.0),
                sample(18, 0.6, 0.0),
                sample(24, 0.8, 0.0),
            ],
        }
    }

    #[test]
    fn the_current_stage_is_marked_and_earlier_ones_are_past() {
        let rows = day().rows();
        assert_eq!((rows[0].class, rows[0].current), ("past", false));
        assert_eq!((rows[1].class, rows[1].current), ("", true));
        assert_eq!((rows[3].time.as_str(), rows[3].current), ("18:00", false));
    }

    #[test]
    fn words_and_buttons_of_every_motion() {
        let told = |motion, cycle| {
            let trip = Trip {
                cycle,
                motion,
                ..day()
            };
            (trip.state(), trip.button().action)
        };
        assert_eq!(told(Motion::Waiting, 0), ("not started".to_owned(), "play"));
        assert_eq!(told(Motion::Running, 0), ("08:06".to_owned(), "pause"));
        assert_eq!(
            told(Motion::Paused, 2),
            ("paused at 08:06, round 3".to_owned(), "play")
        );
        assert_eq!(
            told(Motion::Finished, 0),
            (t("finished").plain(), "restart")
        );
    }

    #[test]
    fn only_the_speed_that_holds_is_pressed() {
        let pressed = |now| {
            let speeds = speeds("car", now).into_iter();
            speeds
                .filter(|one| one.pressed)
                .map(|one| one.value)
                .collect::<Vec<_>>()
        };
        assert_eq!(pressed(60.0), [60]);
        assert_eq!(pressed(0.5), Vec::<u32>::new());
    }

    #[test]
    fn the_line_of_now_moves() {
        let mut before = Live::default();
        day().note(&mut before);
        let mut after = Live::default();
        Trip {
            now: HOUR * 9,
            stage: 2,
            ..day()
        }
        .note(&mut after);
        let told = after.since(&before).unwrap();
        assert!(told.contains(r#""plot-now":{"d":"M383 14V242"}"#), "{told}");
        assert!(
            told.contains(r#""stage-1":{"aria-current":null,"class":"past"}"#),
            "{told}"
        );
    }
}

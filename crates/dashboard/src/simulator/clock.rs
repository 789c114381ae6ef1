//! The server's clock, as the page shows it.

use carport_model::Timestamp;
use carport_web::words::{Text, t};
use jiff::tz::Offset;

use super::live::Live;
use super::trip::{Button, SPEEDS, SpeedButton, is_near, speeds};

/// What the clock shows, and how it runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ClockNow {
    /// The instant.
    pub now: Timestamp,
    /// Whether it stands.
    pub is_frozen: bool,
    /// How fast it runs when it does not.
    pub pace: f64,
    /// Whether it can be moved: a `dev` server's can.
    pub is_movable: bool,
}

/// The clock as a template writes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClockFace {
    /// The date in words.
    pub date: String,
    /// The time.
    pub time: String,
    /// Both, for programs.
    pub instant: String,
    /// What moves it, if anything does.
    pub controls: Option<Controls>,
}

/// What moves a clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Controls {
    /// Stops it or lets it run.
    pub button: Button,
    /// How fast it runs.
    pub speeds: Vec<SpeedButton>,
}

impl ClockNow {
    /// As a template writes it.
    pub(crate) fn face(&self) -> ClockFace {
        let millis = self.now.millis();
        let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
        let shown = Offset::UTC.to_datetime(instant);
        let date = date(shown);
        let date = match self.pace {
            _ if self.is_frozen => t("{date}, stopped").with("date", date).plain(),
            // A button says it.
            pace if SPEEDS.iter().any(|speed| is_near(*speed, pace)) => date,
            pace => t("{date}, {pace} times as fast")
                .with("date", date)
                .with("pace", pace)
                .plain(),
        };
        let controls = self.is_movable.then(|| Controls {
            button: if self.is_frozen {
                Button::play("resume", t("Resume"))
            } else {
                Button::pause("freeze")
            },
            speeds: speeds("clock", self.pace),
        });
        ClockFace {
            date,
            time: shown.strftime("%H:%M:%S").to_string(),
            instant: shown.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            controls,
        }
    }
}

/// `Friday 27 November 2026 UTC`.
fn date(shown: jiff::civil::DateTime) -> String {
    const DAYS: [Text; 7] = [
        t("Monday"),
        t("Tuesday"),
        t("Wednesday"),
        t("Thursday"),
        t("Friday"),
        t("Saturday"),
        t("Sunday"),
    ];
    const MONTHS: [Text; 12] = [
        t("January"),
        t("February"),
        t("March"),
        t("April"),
        t("May"),
        t("June"),
        t("July"),
        t("August"),
        t("September"),
        t("October"),
        t("November"),
        t("December"),
    ];
    let nth = |number: i8| usize::from(number.unsigned_abs()) - 1;
    t("{weekday} {day} {month} {year} UTC")
        .with("weekday", DAYS[nth(shown.weekday().to_monday_one_offset())])
        .with("day", shown.day())
        .with("month", MONTHS[nth(shown.month())])
        .with("year", shown.year())
        .plain()
}

impl ClockFace {
    /// Notes what may change of it.
    pub(crate) fn note(&self, live: &mut Live) {
        live.text("clock-date", &self.date);
        live.text("clock-time", &self.time);
        live.set("clock-time", "datetime", &self.instant);
        if let Some(controls) = &self.controls {
            controls.button.note("clock", live);
            for speed in &controls.speeds {
                speed.note(live);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_time_and_what_moves_it() {
        let clock = ClockNow {
            now: Timestamp::from_millis(1_795_507_570_123),
            is_frozen: false,
            pace: 60.0,
            is_movable: true,
        };
        let face = clock.face();
        assert_eq!(face.date, "Tuesday 24 November 2026 UTC");
        assert_eq!(face.time, "08:06:10");
        assert_eq!(face.instant, "2026-11-24T08:06:10Z");
        assert_eq!(face.controls.unwrap().button.action, "freeze");
        let frozen = ClockNow {
            is_frozen: true,
            ..clock
        };
        assert!(frozen.face().date.ends_with(", stopped"));
        assert_eq!(frozen.face().controls.unwrap().button.action, "resume");
        let odd = ClockNow { pace: 0.5, ..clock };
        assert!(odd.face().date.ends_with(" UTC, 0.5 times as fast"));
        let fixed = ClockNow {
            is_movable: false,
            ..clock
        };
        assert_eq!(fixed.face().controls, None);
    }
}

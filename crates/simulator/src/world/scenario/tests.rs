use proptest::prelude::*;

use super::*;
use crate::world::city;

const DAY: &str = r#"
id = "day"
name = "Day"
about = "A day."
starts_at = "06:00"
repeats = true
temperature = { low = 6, high = 17 }
start = { charge = 0.8, fuel = 0.62, odometer = [12000, 90000] }
[[stage]]
name = "Home"
do = "park"
at = "home"
until = "07:40"
plugged = true
[[stage]]
name = "To work"
do = "drive"
route = "commute"
traffic = 1.2
[[stage]]
name = "Work"
do = "charge"
at = "work"
for = "8h"
power = 11
current = "AC"
[[stage]]
name = "Back"
do = "drive"
route = "commute"
back = true
[[stage]]
name = "Home again"
do = "sleep"
at = "home"
until = "06:00"
"#;

fn day(text: &str) -> Result<Scenario, CatalogueError> {
    let city = city::read(&File::new("grid.toml", city::tests::GRID)).unwrap();
    let track = |_: &str| Err("no files here".to_owned());
    read(&File::new("day.toml", text), [&city].into_iter(), &track)
}

fn refusal(from: &str, to: &str) -> String {
    assert!(DAY.contains(from), "{from}");
    day(&DAY.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn a_scenario_with_what_it_leaves_out() {
    let day = day(DAY).unwrap();
    assert_eq!(day.stages.len(), 5);
    let Action::Charge { limit, point, .. } = day.stages[2].action else {
        panic!("{:?}", day.stages[2]);
    };
    assert_eq!((limit, point.current), (1.0, Current::Ac));
    let Action::Park { stay, plugged, .. } = day.stages[0].action else {
        panic!("{:?}", day.stages[0]);
    };
    assert!(plugged);
    let six = Duration::from_hours(6);
    assert_eq!(stay.from(six), Duration::from_mins(100));
    assert_eq!(
        stay.from(Duration::from_hours(8)),
        Duration::from_mins(24 * 60 - 20)
    );
    let just_now = Duration::from_mins(7 * 60 + 39) + Duration::from_secs(1);
    assert_eq!(stay.from(just_now).as_secs(), 24 * 3600 + 59);
}

#[test]
fn impossible_stages_are_refused_with_place_and_reason() {
    let refused = refusal(
        "route = \"commute\"\n",
        "route = \"commute\"\npower = 7.4\n",
    );
    assert_eq!(
        refused,
        "day.toml, line 19, column 9: power does not belong to a drive: no car charges while it \
         drives"
    );
    let refused = refusal("at = \"work\"", "at = \"home\"");
    assert_eq!(
        refused,
        "day.toml, line 20, column 1: \"Work\" begins 12.2 km from where the stage before it \
         ends, in grid: drive there first"
    );
    let refused = refusal("traffic = 1.2", "for = \"1m\"");
    assert!(
        refused.contains("line 15, column 1: nobody drives 13.5 km in 60 s"),
        "{refused}"
    );
    let refused = refusal("traffic = 1.2", "for = \"9h\"");
    assert!(refused.contains("at most four times as long"), "{refused}");
    let refused = refusal("back = true", "");
    assert!(refused.contains("\"Back\" begins 12.2 km"), "{refused}");
    let refused = refusal("until = \"06:00\"", "for = \"31d\"");
    assert!(refused.ends_with("at most 31 days"), "{refused}");
}

#[test]
fn a_scenario_that_repeats_ends_where_it_begins() {
    let last = DAY.rfind("[[stage]]").unwrap();
    let before = DAY[..last].rfind("[[stage]]").unwrap();
    let error = day(&DAY[..before]).unwrap_err().to_string();
    assert!(
        error.contains("line 20, column 1: a scenario that repeats ends"),
        "{error}"
    );
    assert!(day(&DAY[..before].replace("repeats = true\n", "")).is_ok());
}

#[test]
fn unknown_names_and_absurd_numbers_are_refused() {
    for (from, to, problem) in [
        (
            "plugged",
            "plugd",
            "line 14, column 1: unknown field `plugd`",
        ),
        (
            "\"park\"",
            "\"fly\"",
            "line 11, column 6: unknown variant `fly`",
        ),
        (
            "\"home\"",
            "\"moon\"",
            "line 9, column 1: there is no place moon in grid",
        ),
        (
            "\"commute\"",
            "\"lane\"",
            "line 15, column 1: there is no route lane in grid",
        ),
        (
            "1.2",
            "-1",
            "line 19, column 11: traffic is a number from 1 to 4",
        ),
        (
            "1.2",
            "nan",
            "line 19, column 11: traffic is a number from 1 to 4",
        ),
        (
            "power = 11",
            "power = 0",
            "line 25, column 9: power is a number",
        ),
        (
            "power = 11",
            "power = 11\nlimit = 2",
            "limit is a number from 0.1 to 1",
        ),
        ("current = \"AC\"", "", "charging needs a current, AC or DC"),
        (
            "\"8h\"",
            "\"eight hours\"",
            "line 24, column 7: a duration is",
        ),
        ("\"8h\"", "\"-8h\"", "line 24, column 7: a duration is"),
        (
            "\"8h\"",
            "\"8h\"\nuntil = \"17:00\"",
            "charge needs either for",
        ),
        (
            "charge = 0.8",
            "charge = 8",
            "line 8, column 9: charge and fuel are shares",
        ),
        ("low = 6", "low = 60", "line 7, column 15: temperatures are"),
        ("\"day\"", "\"My Day\"", "line 2, column 6: an id is"),
        (
            "\"06:00\"",
            "\"6 o'clock\"",
            "line 5, column 13: a time of the clock",
        ),
    ] {
        let refused = refusal(from, to);
        assert!(refused.contains(problem), "{refused}\nbut not: {problem}");
    }
    let head = &DAY[..DAY.find("[[stage]]").unwrap()];
    let refused = day(head).unwrap_err().to_string();
    assert!(
        refused.ends_with("a scenario has at least one [[stage]]"),
        "{refused}"
    );
}

#[test]
fn own_places_and_routes_win_over_the_citys() {
    let own = "[places.home]\nname = 'Cabin'\nposition = [40.5, -105.0]\n[routes.commute]\n\
               from = 'home'\nto = 'work'\nfile = 'ride.gpx'\n";
    let refused = day(&format!("{DAY}{own}")).unwrap_err().to_string();
    assert!(refused.contains("column 8: no files here"), "{refused}");
    let line = "points = [[40.5, -105.0, 900, 60], [40.1, -104.94, 100, 60]]";
    let day = day(&format!("{DAY}{}", own.replace("file = 'ride.gpx'", line))).unwrap();
    assert_eq!(day.map.routes["commute"].points.len(), 2);
}

proptest! {
    #[test]
    fn no_text_does_harm(at in 0..DAY.len(), length in 0..40_usize, with in "[ -~\\n]{0,20}") {
        let end = (at + length).min(DAY.len());
        let text = format!("{}{with}{}", &DAY[..at], &DAY[end..]);
        if let Err(error) = day(&text) {
            prop_assert!(error.line >= 1 && error.column >= 1 && !error.problem.is_empty());
        }
    }
}

#[test]
fn durations() {
    assert_eq!(duration("7h40m").unwrap().as_secs(), 27_600);
    assert_eq!(duration("1d12h").unwrap().as_secs(), 129_600);
    assert_eq!(duration("90s").unwrap().as_secs(), 90);
    for wrong in [
        "",
        "0s",
        "1",
        "h",
        "-1h",
        "1m1h",
        "1.5h",
        "1h ",
        "99999999999999999999d",
    ] {
        assert_eq!(duration(wrong), None, "{wrong}");
    }
}

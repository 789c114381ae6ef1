//! `docs/schemas/scenario.json` says what the parser of scenarios says: the scenarios that ship
//! are valid by it, and both know the same keys.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use carport_simulator::world::World;
use serde_json::{Map, Value};

static WORLD: LazyLock<World> = LazyLock::new(World::embedded);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("docs/schemas/scenario.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_scenario_that_ships_is_valid() {
    let schema = schema();
    let mut count = 0;
    for entry in fs::read_dir(root().join("catalogue/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let scenario: Value = toml::from_str(&text).unwrap();
        if let Err(problem) = valid(&schema, &schema, &scenario) {
            panic!("{}: {problem}", path.display());
        }
        count += 1;
    }
    assert!(count >= 8);
}

#[test]
fn what_is_wrong_is_not_valid() {
    let schema = schema();
    let text = fs::read_to_string(root().join("catalogue/scenarios/parked.toml")).unwrap();
    for (right, wrong) in [
        ("do = \"charge\"", "do = \"drive\""),
        ("power = 11.0", "power = -11.0"),
        ("limit = 0.8", "limits = 0.8"),
        ("for = \"1h30m\"", "for = \"1h30m\"\nuntil = \"09:00\""),
        ("current = \"AC\"", "current = \"ac\""),
        ("starts_at = ", "start_at = "),
    ] {
        assert!(text.contains(right), "{right}");
        let scenario: Value = toml::from_str(&text.replacen(right, wrong, 1)).unwrap();
        assert!(valid(&schema, &schema, &scenario).is_err(), "{wrong}");
    }
}

/// A scenario in which one table has a key too much, whose refusal lists the known ones.
#[test]
fn parser_and_schema_know_the_same_keys() {
    let schema = schema();
    let definitions = &schema["$defs"];
    let properties = &schema["properties"];
    assert_eq!(
        parser_keys("id = 'x'", "unknown = 1\nid = 'x'"),
        keys(&schema)
    );
    for (table, before, after) in [
        (
            &properties["temperature"],
            "low = 1",
            "unknown = 1, low = 1",
        ),
        (
            &properties["start"],
            "charge = 0.5",
            "unknown = 1, charge = 0.5",
        ),
        (
            &definitions["place"],
            "name = 'P'",
            "unknown = 1\nname = 'P'",
        ),
        (
            &definitions["route"],
            "from = 'p'",
            "unknown = 1\nfrom = 'p'",
        ),
    ] {
        assert_eq!(parser_keys(before, after), keys(table), "{after}");
    }
    let of_any_stage: BTreeSet<String> = ["stand", "drive", "charge", "refuel"]
        .iter()
        .flat_map(|stage| keys(&definitions[stage]))
        .collect();
    assert_eq!(
        parser_keys("do = 'park'", "unknown = 1\ndo = 'park'"),
        of_any_stage
    );
}

#[test]
fn parser_and_schema_agree_on_the_keys_of_each_stage() {
    let schema = schema();
    let stages = [
        ("park", "stand"),
        ("sleep", "stand"),
        ("unreachable", "stand"),
        ("drive", "drive"),
        ("charge", "charge"),
        ("refuel", "refuel"),
    ];
    let values = [
        ("at", "'home'"),
        ("for", "'5m'"),
        ("until", "'05:00'"),
        ("plugged", "true"),
        ("route", "'commute'"),
        ("back", "true"),
        ("traffic", "1.5"),
        ("power", "7.4"),
        ("current", "'AC'"),
        ("limit", "0.8"),
        ("to", "0.8"),
    ];
    for (verb, definition) in stages {
        let known = keys(&schema["$defs"][definition]);
        for (key, value) in values {
            let stage = format!("do = '{verb}'\n{key} = {value}");
            let refused = refusal("do = 'park'\nat = 'p'\nfor = '1m'", &stage);
            let belongs = !refused.contains(&format!("{key} does not belong"));
            assert_eq!(belongs, known.contains(key), "{verb} {key}: {refused}");
        }
    }
}

/// The names of a table's properties.
fn keys(table: &Value) -> BTreeSet<String> {
    table["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// The keys that the parser's refusal of `unknown` lists.
fn parser_keys(before: &str, after: &str) -> BTreeSet<String> {
    let refused = refusal(before, after);
    assert!(refused.contains("unknown field `unknown`"), "{refused}");
    let names = refused.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}

/// Why the parser refuses a small scenario in which `before` is replaced.
fn refusal(before: &str, after: &str) -> String {
    let text = "id = 'x'\nname = 'X'\nabout = ''\nstarts_at = '00:00'\n\
                temperature = { low = 1, high = 2 }\nstart = { charge = 0.5 }\n\
                [[stage]]\nname = 'S'\ndo = 'park'\nat = 'p'\nfor = '1m'\n\
                [places.p]\nname = 'P'\nposition = [1, 2]\n\
                [routes.r]\nfrom = 'p'\nto = 'p'\npoints = [[1, 2, 0, 50], [1, 2.01, 0, 50], [1, 2, 0, 50]]\n";
    WORLD.add_scenario("x", text).unwrap();
    assert!(text.contains(before), "{before}");
    let taken = WORLD.add_scenario("x", &text.replacen(before, after, 1));
    taken.map_or_else(|error| error.problem, |()| String::new())
}

/// The keywords of JSON Schema that the schema uses; one it does not is a mistake of this test.
/// Patterns are left out: what they say, the parser's own tests say.
fn valid(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    for (keyword, rule) in schema.as_object().unwrap() {
        let is_right = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "pattern" => true,
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                valid(root, root.pointer(pointer).unwrap(), value)?;
                true
            }
            "type" => is_of_type(rule.as_str().unwrap(), value),
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value
                .as_f64()
                .is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value
                .as_f64()
                .is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minLength" | "minItems" => size(value).is_none_or(|size| size >= count(rule)),
            "maxLength" | "maxItems" => size(value).is_none_or(|size| size <= count(rule)),
            "required" => {
                let names = rule
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|name| name.as_str().unwrap());
                value
                    .as_object()
                    .is_none_or(|object| names.into_iter().all(|name| object.contains_key(name)))
            }
            "properties" => {
                each(value, |name, inner| {
                    rule.get(name)
                        .map_or(Ok(()), |rule| valid(root, rule, inner))
                })?;
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object();
                let is_known = |name: &str| known.is_some_and(|known| known.contains_key(name));
                each(value, |name, inner| match rule {
                    _ if is_known(name) => Ok(()),
                    Value::Bool(false) => Err(format!("{name} is unknown")),
                    rule => valid(root, rule, inner),
                })?;
                true
            }
            "items" => {
                let mut items = value.as_array().into_iter().flatten();
                items.try_for_each(|item| valid(root, rule, item))?;
                true
            }
            "oneOf" => {
                let rules = rule.as_array().unwrap().iter();
                rules
                    .filter(|rule| valid(root, rule, value).is_ok())
                    .count()
                    == 1
            }
            "not" => valid(root, rule, value).is_err(),
            other => panic!("{other} is not checked"),
        };
        if !is_right {
            return Err(format!("{value} breaks {keyword} {rule}"));
        }
    }
    Ok(())
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        other => panic!("{other} is not checked"),
    }
}

fn size(value: &Value) -> Option<usize> {
    let text = value.as_str().map(|text| text.chars().count());
    text.or_else(|| value.as_array().map(Vec::len))
}

fn count(rule: &Value) -> usize {
    usize::try_from(rule.as_u64().unwrap()).unwrap()
}

fn each(value: &Value, check: impl Fn(&str, &Value) -> Result<(), String>) -> Result<(), String> {
    let none = Map::new();
    let mut members = value.as_object().unwrap_or(&none).iter();
    members.try_for_each(|(name, inner)| check(name, inner))
}

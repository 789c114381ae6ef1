//! `cargo xtask layers`: crates depend on one another in one direction only.
//!
//! Reads the manifests through `cargo metadata`. The table below is the one in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::DependencyKind;

use crate::run::Tally;
use crate::workspace;

/// Crates from the ground up. Imports point down; within a layer there are none, but for
/// [`SIDEWAYS`].
const LAYERS: &[&[&str]] = &[
    &["carport-model"],
    &["carport-connector", "carport-store", "carport-web"],
    &[
        "carport-live",
        "carport-oauth",
        "carport-simulator",
        "carport-webhooks",
    ],
    &[
        "carport-connect",
        "carport-dashboard",
        "carport-management-api",
        "carport-vehicle-api",
    ],
    &["carport"],
];

/// The one allowed step within a layer.
const SIDEWAYS: (&str, &str) = ("carport-connector", "carport-store");

/// Crates beside the layers, and the only Carport crates each may use.
const BESIDE: &[(&str, &[&str])] = &[
    ("carport-benchmarks", &["carport-model", "carport-store"]),
    ("carport-sdk", &[]),
    ("carport-tutorial-app", &["carport-sdk"]),
    (
        TESTKIT,
        &[
            "carport-connector",
            "carport-model",
            "carport-store",
            "carport-web",
        ],
    ),
    ("xtask", &[]),
];

/// Known to tests only, of any crate that it does not know itself.
const TESTKIT: &str = "carport-testkit";

/// Outside crates and the only crates that may use them directly.
const RESERVED: &[(&str, &[&str])] = &[
    ("rusqlite", &["carport-store"]),
    ("tokio-postgres", &["carport-store"]),
    ("deadpool-postgres", &["carport-store"]),
];

/// Crates and what they must not know outside of tests.
const IGNORANT: &[(&str, &[&str])] = &[
    (
        "carport-model",
        &[
            "axum",
            "deadpool-postgres",
            "hyper",
            "rusqlite",
            "tokio",
            "tokio-postgres",
        ],
    ),
    ("carport-store", &["axum", "hyper", "tower", "tower-http"]),
    (
        "carport-connector",
        &["axum", "hyper", "tower", "tower-http"],
    ),
];

/// One crate of the workspace with its direct dependencies.
struct Member {
    name: String,
    uses: BTreeSet<String>,
    uses_in_tests: BTreeSet<String>,
}

/// Checks the workspace as a step of its own.
///
/// # Errors
/// When cargo does not answer.
pub fn run() -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    tally.check("layers", problems)?;
    Ok(tally)
}

/// What is wrong with the workspace, one line each.
///
/// # Errors
/// When cargo does not answer.
pub fn problems() -> anyhow::Result<Vec<String>> {
    let members = workspace::metadata()?.packages.into_iter().map(|package| {
        let (tests, uses) = package
            .dependencies
            .into_iter()
            .partition::<Vec<_>, _>(|dependency| dependency.kind == DependencyKind::Development);
        let names = |dependencies: Vec<cargo_metadata::Dependency>| {
            dependencies
                .into_iter()
                .map(|dependency| dependency.name)
                .collect()
        };
        Member {
            name: package.name.to_string(),
            uses: names(uses),
            uses_in_tests: names(tests),
        }
    });
    Ok(judge(&members.collect::<Vec<_>>()))
}

fn judge(members: &[Member]) -> Vec<String> {
    let known: BTreeMap<&str, &Member> = members
        .iter()
        .map(|member| (member.name.as_str(), member))
        .collect();
    let mut problems = Vec::new();
    for member in members {
        if layer(&member.name).is_none() && beside(&member.name).is_none() {
            problems.push(format!(
                "{} stands in no layer: give it one in xtask/src/layers.rs",
                member.name
            ));
            continue;
        }
        for (used, in_tests) in direct(member) {
            let wrong = if known.contains_key(used) {
                inside(member, used, in_tests, &known)
            } else {
                outside(&member.name, used, in_tests)
            };
            if let Some(why) = wrong {
                problems.push(format!("{} must not depend on {used}: {why}", member.name));
            }
        }
    }
    problems
}

fn direct(member: &Member) -> impl Iterator<Item = (&str, bool)> {
    let uses = member.uses.iter().map(|name| (name.as_str(), false));
    uses.chain(
        member
            .uses_in_tests
            .iter()
            .map(|name| (name.as_str(), true)),
    )
}

/// Why a crate must not use another one of the workspace.
fn inside(
    member: &Member,
    used: &str,
    in_tests: bool,
    known: &BTreeMap<&str, &Member>,
) -> Option<String> {
    let name = member.name.as_str();
    if used == TESTKIT {
        return if !in_tests {
            Some("it is for tests".to_owned())
        } else if known[TESTKIT].uses.contains(name) {
            Some("it knows this crate, whose tests would see two copies of each type".to_owned())
        } else {
            None
        };
    }
    if let Some(allowed) = beside(name) {
        return (!allowed.contains(&used)).then(|| match allowed {
            [] => "it uses no Carport crate".to_owned(),
            _ => format!("it uses {} only", allowed.join(", ")),
        });
    }
    let (Some(here), Some(there)) = (layer(name), layer(used)) else {
        return (name != "carport").then(|| "it stands outside the layers".to_owned());
    };
    if there < here || (name, used) == SIDEWAYS {
        None
    } else if there == here {
        Some(format!(
            "both are in layer {here}; move what they share down"
        ))
    } else {
        Some(format!("layer {here} does not know layer {there}"))
    }
}

/// Why a crate must not use one from outside.
fn outside(name: &str, used: &str, in_tests: bool) -> Option<String> {
    let reserved = RESERVED
        .iter()
        .find(|(reserved, users)| *reserved == used && !users.contains(&name));
    if let Some((_, users)) = reserved {
        return Some(format!("only {} does", users.join(", ")));
    }
    let ignorant = IGNORANT
        .iter()
        .any(|(ignorant, of)| *ignorant == name && of.contains(&used));
    (ignorant && !in_tests).then(|| "its layer does not know it".to_owned())
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|crates| crates.contains(&name))
}

fn beside(name: &str) -> Option<&'static [&'static str]> {
    BESIDE
        .iter()
        .find(|(crate_name, _)| *crate_name == name)
        .map(|(_, uses)| *uses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, uses: &[&str], tests: &[&str]) -> Member {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Member {
            name: name.to_owned(),
            uses: set(uses),
            uses_in_tests: set(tests),
        }
    }

    /// Problems of one crate in a workspace that has all others.
    fn judged(name: &str, uses: &[&str], tests: &[&str]) -> Vec<String> {
        let names = LAYERS
            .iter()
            .flat_map(|layer| layer.iter())
            .chain(BESIDE.iter().map(|(n, _)| n));
        let mut members: Vec<Member> = names
            .filter(|other| **other != name)
            .map(|other| match *other {
                TESTKIT => member(TESTKIT, &["carport-store", "carport-model"], &[]),
                other => member(other, &[], &[]),
            })
            .collect();
        members.push(member(name, uses, tests));
        judge(&members)
    }

    #[test]
    fn imports_point_down() {
        let fine = [
            "carport-oauth",
            "carport-store",
            "carport-model",
            "axum",
            "tokio",
        ];
        assert_eq!(judged("carport-connect", &fine, &[TESTKIT]), [""; 0]);
        assert_eq!(
            judged("carport-connector", &["carport-store"], &[]),
            [""; 0]
        );
        assert_eq!(
            judged("carport", &["carport-connect", "carport-tutorial-app"], &[]),
            [""; 0]
        );
        for (name, used, why) in [
            (
                "carport-store",
                "carport-oauth",
                "layer 1 does not know layer 2",
            ),
            (
                "carport-store",
                "carport-connector",
                "both are in layer 1; move what they share down",
            ),
            (
                "carport-web",
                "carport-store",
                "both are in layer 1; move what they share down",
            ),
            (
                "carport-connect",
                "carport-vehicle-api",
                "both are in layer 3; move what they share down",
            ),
            ("carport-oauth", "rusqlite", "only carport-store does"),
            ("carport-model", "tokio", "its layer does not know it"),
            ("carport-store", "axum", "its layer does not know it"),
            ("carport-sdk", "carport-model", "it uses no Carport crate"),
            (
                "carport-tutorial-app",
                "carport-model",
                "it uses carport-sdk only",
            ),
            (
                "carport-oauth",
                "carport-sdk",
                "it stands outside the layers",
            ),
            ("carport-oauth", TESTKIT, "it is for tests"),
        ] {
            let expected = format!("{name} must not depend on {used}: {why}");
            assert_eq!(judged(name, &[used], &[]), [expected]);
        }
    }

    #[test]
    fn tests_may_use_more() {
        assert_eq!(judged("carport-oauth", &[], &[TESTKIT, "tower"]), [""; 0]);
        assert_eq!(judged("carport-connector", &[], &["axum"]), [""; 0]);
        assert_eq!(judged("carport-store", &[], &[TESTKIT]).len(), 1);
        assert_eq!(judged("carport-oauth", &[], &["tokio-postgres"]).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_layer() {
        assert_eq!(
            judged("carport-rocket", &["carport-connect"], &[]),
            ["carport-rocket stands in no layer: give it one in xtask/src/layers.rs"]
        );
    }

    #[test]
    fn this_workspace_keeps_its_layers() {
        assert_eq!(problems().unwrap(), [""; 0]);
    }
}

//! What the document says, and that it is what is kept.

use serde_json::Value;

use super::generated::{document, operations};
use super::operation::Operation;
use crate::v2::{ENDPOINTS, FIXED, ORDERS, UNSERVED};

#[test]
fn the_document() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi/v2.json");
    carport_testkit::assert_kept(file, &document());
}

#[test]
fn every_row_is_an_operation_of_its_own_name() {
    let mut names: Vec<String> = operations().iter().map(Operation::name).collect();
    let rows = FIXED.len() + ENDPOINTS.len() + UNSERVED.len() + ORDERS.len();
    assert_eq!(names.len(), rows + 4);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rows + 4, "an operation's name is its own");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(document()).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

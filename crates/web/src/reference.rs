//! A page for people from an `OpenAPI` document: what each operation takes and gives.
//!
//! The document is made from the handlers' own types, so the page cannot tell anything else.

use askama::Template;
use serde_json::{Map, Value};

use crate::assets::{Door, Look};

/// How deep members of members are shown; deeper ones are named only.
const DEPTH: usize = 4;

/// The page.
#[derive(Template)]
#[template(path = "docs/reference.html")]
pub struct Reference {
    look: Look,
    title: String,
    lead: String,
    /// Where the document itself lies.
    document: String,
    operations: Vec<Operation>,
}

struct Operation {
    anchor: String,
    method: String,
    /// The path, to be broken after each slash.
    path: Vec<String>,
    summary: String,
    parameters: Vec<Field>,
    body: Vec<Field>,
    answer: Vec<Field>,
    statuses: Vec<Status>,
}

/// One member, or one parameter.
struct Field {
    /// Its name, to be broken after each point.
    name: Vec<String>,
    kind: String,
    doc: String,
}

struct Status {
    code: String,
    doc: String,
}

impl Reference {
    /// The page about `document`, which is served at `address`.
    #[must_use]
    pub fn of(document: &Value, address: &str) -> Self {
        let text = |pointer| text(document.pointer(pointer));
        let paths = document["paths"].as_object();
        let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(|(method, operation)| read(document, path, method, operation))
        });
        Self {
            look: Look::of(Door::Dashboard),
            title: text("/info/title"),
            lead: text("/info/description"),
            document: address.to_owned(),
            operations: operations.collect(),
        }
    }
}

fn text(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    // Words of code are marked for those who read the source.
    let text = text.replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let schema = |pointer| operation.pointer(pointer);
    let fields = |pointer| {
        let mut fields = Vec::new();
        if let Some(schema) = schema(pointer) {
            members(document, schema, "", DEPTH, &mut fields);
        }
        fields
    };
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let statuses = operation["responses"].as_object().into_iter().flatten();
    Operation {
        anchor: text(operation.get("operationId")),
        method: method.to_ascii_uppercase(),
        path: path.split_inclusive('/').map(str::to_owned).collect(),
        summary: text(operation.get("summary")),
        parameters: parameters
            .map(|parameter| {
                let place = text(parameter.get("in"));
                let needed = if parameter["required"] == true {
                    "required"
                } else {
                    "optional"
                };
                let kind = kind(document, &parameter["schema"]);
                Field {
                    name: vec![text(parameter.get("name"))],
                    kind: format!("{kind}, in the {place}, {needed}"),
                    doc: text(parameter.get("description")),
                }
            })
            .collect(),
        body: fields("/requestBody/content/application~1json/schema"),
        answer: fields("/responses/200/content/application~1json/schema"),
        statuses: statuses
            .filter(|(code, _)| *code != "200")
            .map(|(code, response)| Status {
                code: code.clone(),
                doc: text(resolved(document, response).get("description")),
            })
            .collect(),
    }
}

/// What a schema, or a response, stands for: a reference is followed, and of a choice with null the other one is
/// meant.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        return document.pointer(pointer).unwrap_or(&Value::Null);
    }
    let mut choices = ["oneOf", "anyOf", "allOf"].iter();
    let choice = choices.find_map(|name| schema[*name].as_array());
    let meant = choice.and_then(|choice| choice.iter().find(|one| one["type"] != "null"));
    match meant {
        Some(meant) if schema.get("properties").is_none() => resolved(document, meant),
        _ => schema,
    }
}

/// `text or null`, `list of object`.
fn kind(document: &Value, schema: &Value) -> String {
    let inner = resolved(document, schema);
    let names: Vec<&str> = match &inner["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["object"],
    };
    let is_null = |schema: &Value| schema["type"] == "null";
    let may_be_null = names.contains(&"null")
        || ["oneOf", "anyOf"]
            .iter()
            .filter_map(|name| schema[*name].as_array())
            .any(|choice| choice.iter().any(is_null));
    let mut words: Vec<String> = names
        .iter()
        .filter(|name| **name != "null")
        .map(|name| match *name {
            "array" => format!("list of {}", kind(document, &inner["items"])),
            "string" => "text".to_owned(),
            "boolean" => "true or false".to_owned(),
            "integer" => "whole number".to_owned(),
            other => other.to_owned(),
        })
        .collect();
    if may_be_null {
        words.push("null".to_owned());
    }
    words.join(" or ")
}

/// The forms that a schema may take, or the parts that it is made of, where there are several beside
/// null.
fn forms<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or(&Value::Null),
        None => schema,
    };
    let choice = ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|name| schema[*name].as_array());
    let forms = choice
        .into_iter()
        .flatten()
        .filter(|one| one["type"] != "null");
    let forms: Vec<_> = forms.collect();
    match forms.as_slice() {
        [one] if one.get("$ref").is_some() => self::forms(document, one),
        _ => forms,
    }
}

/// The members of an object or of a list's objects, named by their way down: `paging.count`. Those
/// of an object that may take several forms stand together.
fn members(document: &Value, schema: &Value, way: &str, depth: usize, found: &mut Vec<Field>) {
    let forms = forms(document, schema);
    if forms.len() < 2 {
        return of_form(document, schema, way, depth, found);
    }
    for form in forms {
        let mut more = Vec::new();
        members(document, form, way, depth, &mut more);
        more.retain(|field| !found.iter().any(|known| known.name == field.name));
        found.extend(more);
    }
}

fn of_form(document: &Value, schema: &Value, way: &str, depth: usize, found: &mut Vec<Field>) {
    let inner = resolved(document, schema);
    if inner["type"] == "array" {
        return members(document, &inner["items"], &format!("{way}[]"), depth, found);
    }
    let none = Map::new();
    let properties = inner["properties"].as_object().unwrap_or(&none);
    for (name, property) in properties {
        let gap = if way.is_empty() { "" } else { "." };
        let name = format!("{way}{gap}{name}");
        let doc = [property, resolved(document, property)]
            .iter()
            .map(|schema| text(schema.get("description")))
            .find(|doc| !doc.is_empty());
        found.push(Field {
            kind: kind(document, property),
            doc: doc.unwrap_or_default(),
            name: name.split_inclusive('.').map(str::to_owned).collect(),
        });
        if depth > 1 {
            members(document, property, &name, depth - 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_of_members_are_named_by_their_way() {
        let document = json!({ "components": { "schemas": { "Task": {
            "type": "object",
            "properties": { "id": { "type": ["string", "null"], "description": "Its\nnumber." } }
        } } } });
        let schema = json!({ "type": "array", "items": { "type": "object", "properties": {
            "tasks": { "type": "array", "items": { "$ref": "#/components/schemas/Task" } },
            "last": { "oneOf": [{ "$ref": "#/components/schemas/Task" }, { "type": "null" }] }
        } } });
        let mut fields = Vec::new();
        members(&document, &schema, "", DEPTH, &mut fields);
        let mut lines: Vec<String> = fields
            .iter()
            .map(|field| format!("{} | {} | {}", field.name.concat(), field.kind, field.doc))
            .collect();
        // Whether a document keeps the order of its members is for its reader to say.
        lines.sort();
        assert_eq!(
            lines,
            [
                "[].last | object or null | ",
                "[].last.id | text or null | Its number.",
                "[].tasks | list of object | ",
                "[].tasks[].id | text or null | Its number.",
            ]
        );
    }

    #[test]
    fn members_of_all_forms_and_parts_stand_together() {
        let object = |names: &[&str]| {
            let member = |name: &&str| ((*name).to_owned(), json!({ "type": "string" }));
            json!({ "type": "object", "properties": names.iter().map(member).collect::<Map<_, _>>() })
        };
        let document = json!({ "components": { "schemas": { "Effect": {
            "oneOf": [object(&["kind", "code"]), { "allOf": [object(&["by"]), object(&["kind"])] }]
        } } } });
        let schema = json!({ "allOf": [
            { "type": "object", "properties": { "effect": { "$ref": "#/components/schemas/Effect" } } },
            object(&["id"]),
        ] });
        let mut fields = Vec::new();
        members(&document, &schema, "", DEPTH, &mut fields);
        let mut names: Vec<String> = fields.iter().map(|field| field.name.concat()).collect();
        names.sort();
        assert_eq!(
            names,
            ["effect", "effect.by", "effect.code", "effect.kind", "id"]
        );
    }

    #[test]
    fn an_operation_tells_what_goes_wrong_wherever_that_is_written() {
        let document = json!({
            "info": { "title": "A title", "description": "A lead." },
            "paths": { "/cars/{id}": { "get": {
                "operationId": "get_car",
                "summary": "Shows `one` car.",
                "parameters": [{ "name": "id", "in": "path", "required": true,
                    "schema": { "type": "string" } }],
                "responses": {
                    "200": { "description": "It." },
                    "401": { "$ref": "#/components/responses/Stranger" },
                    "403": { "description": "Not yours." }
                }
            } } },
            "components": { "responses": { "Stranger": { "description": "Who are you?" } } }
        });
        let page = Reference::of(&document, "/openapi/cars.json")
            .render()
            .unwrap();
        for told in [
            "<h1>A title</h1>",
            "href=\"#get_car\"",
            "Shows one car.",
            "text, in the path, required",
            "<dt>401</dt><dd>Who are you?</dd>",
            "<dt>403</dt><dd>Not yours.</dd>",
            "href=\"/openapi/cars.json\"",
        ] {
            assert!(page.contains(told), "{told}\n{page}");
        }
        assert!(!page.contains("<dt>200</dt>"));
    }
}

//! What is sent with a command.

use std::ops::RangeInclusive;

use carport_model::Command;
use carport_model::unit::{Unit, UnitSystem};
use carport_web::query::Pairs;
use serde_json::{Map, Value};

use super::error::V2Error;

/// The members of a body, and what the request says beside it; members others than those asked for
/// are ignored.
pub struct Fields {
    members: Map<String, Value>,
    query: Pairs,
    units: UnitSystem,
}

impl Fields {
    /// A body that is a JSON object, whatever its content type; an empty body has no members.
    pub(super) fn read(body: &[u8], query: Pairs, units: UnitSystem) -> Result<Self, V2Error> {
        let members = if body.is_empty() {
            Map::new()
        } else {
            serde_json::from_slice(body).map_err(|_| {
                V2Error::validation(
                    "body",
                    "Send a JSON object with the members of this command.",
                )
            })?
        };
        Ok(Self {
            members,
            query,
            units,
        })
    }

    /// A member as it was sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// The members of a member.
    ///
    /// # Errors
    /// `VALIDATION` when it is no object.
    pub fn object(&self, name: &'static str) -> Result<Self, V2Error> {
        match self.get(name) {
            Some(Value::Object(members)) => Ok(Self {
                members: members.clone(),
                query: self.query.clone(),
                units: self.units,
            }),
            _ => Err(V2Error::validation(name, "Send a JSON object.")),
        }
    }

    /// A number in a range; digits in a text will do, since one SDK sends them
    /// (docs/quirks.md#numbers-in-texts).
    ///
    /// # Errors
    /// `VALIDATION` that names the range.
    pub fn number(&self, name: &'static str, range: RangeInclusive<f64>) -> Result<f64, V2Error> {
        let number = match self.get(name) {
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        within(name, number, &range)
    }

    /// A number of the query in a range.
    ///
    /// # Errors
    /// `VALIDATION` that names the range.
    pub fn number_of_query(
        &self,
        name: &'static str,
        range: RangeInclusive<f64>,
    ) -> Result<f64, V2Error> {
        let sent = self.query.get(name);
        within(name, sent.and_then(|text| text.trim().parse().ok()), &range)
    }

    /// A measure in the caller's unit, as a number of `unit` in a range of `unit`; `None` when none
    /// was sent.
    ///
    /// # Errors
    /// `VALIDATION` that names the range in the caller's unit.
    pub fn measure(
        &self,
        name: &'static str,
        unit: Unit,
        range: RangeInclusive<f64>,
    ) -> Result<Option<f64>, V2Error> {
        if matches!(self.get(name), None | Some(Value::Null)) {
            return Ok(None);
        }
        let theirs = |value: f64| unit.express(value, self.units);
        let number = self.number(name, theirs(*range.start())..=theirs(*range.end()))?;
        // What lies at the edge may come back a hair beside it.
        let ours = unit.understand(number, self.units);
        Ok(Some(ours.clamp(*range.start(), *range.end())))
    }

    /// The command that `action` names.
    ///
    /// # Errors
    /// `VALIDATION` that names the actions.
    pub fn action(&self, actions: &[(&str, Command)]) -> Result<Command, V2Error> {
        let names: Vec<&str> = actions.iter().map(|(name, _)| *name).collect();
        let sent = self.word("action", &names)?;
        let found = actions.iter().find(|(name, _)| *name == sent);
        Ok(found.expect("a word of the list").1.clone())
    }

    /// One of these words.
    ///
    /// # Errors
    /// `VALIDATION` that names them.
    pub fn word<'a>(&self, name: &'static str, words: &[&'a str]) -> Result<&'a str, V2Error> {
        let sent = self.get(name).and_then(Value::as_str);
        let found = words.iter().find(|word| Some(**word) == sent);
        found
            .copied()
            .ok_or_else(|| V2Error::validation(name, format!("Send one of: {}.", words.join(", "))))
    }
}

fn within(
    name: &'static str,
    number: Option<f64>,
    range: &RangeInclusive<f64>,
) -> Result<f64, V2Error> {
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let message = format!("Send a number from {} to {}.", range.start(), range.end());
            V2Error::validation(name, message)
        })
}

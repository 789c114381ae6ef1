//! What the compatibility calls are asked.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use carport_model::country::{Country, Region};
use carport_model::permission::UnknownPermission;
use carport_model::scope::Scope;
use carport_model::{BrandId, Brands, Level, Mode, Permissions, Powertrain, Vin};
use carport_web::query::Pairs;

use crate::v2::error::V2Error;

/// Makes, counted in words, that one call may name; there are not half as many.
const WORDS: usize = 128;

/// The query, decoded. An empty value counts as absent, since Node sends `country=`.
#[derive(Debug)]
pub struct Parameters(Pairs);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = V2Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, V2Error> {
        let query = Pairs::parse(parts.uri.query().unwrap_or_default());
        query
            .map(Self)
            .map_err(|error| V2Error::validation("query", format!("In the query, {error}.")))
    }
}

/// A question to `/compatibility`. Source: contract rest-v2, 4.1.
#[derive(Debug, Clone)]
pub struct Question {
    /// The car.
    pub vin: Vin,
    /// What it should serve, in the order it was asked.
    pub scope: Permissions,
    /// Where it is driven; `None` for a country in which no brand is offered.
    pub region: Option<Region>,
    /// Mode; `live` when the caller does not say.
    pub mode: Mode,
    /// In test mode, how capable the car is.
    pub level: Option<Level>,
}

impl Question {
    /// Reads a question.
    ///
    /// # Errors
    /// `VALIDATION` names the first parameter that is missing or not as it must be.
    pub fn read(query: &Parameters) -> Result<Self, V2Error> {
        let (vin, scope) = (query.vin()?, query.needed_scope()?);
        let (region, mode) = (query.country()?, query.mode()?);
        let level = match mode {
            Mode::Test => Some(query.level()?),
            // Clients send it always; it means something in test mode only.
            Mode::Live | Mode::Simulated => None,
        };
        if vin.is_simulated() && mode != Mode::Simulated {
            return Err(V2Error::validation(
                "vin",
                "This VIN belongs to a simulated vehicle. Send mode=simulated with it.",
            ));
        }
        Ok(Self {
            vin,
            scope,
            region,
            mode,
            level,
        })
    }
}

/// A question to `/compatibility/matrix`. Source: contract rest-v2, 4.2.
#[derive(Debug, Clone)]
pub struct MatrixQuestion {
    /// Where the cars are sold.
    pub region: Region,
    /// What moves them; `None` for whatever does.
    pub powertrain: Option<Powertrain>,
    /// Their makes; empty for all.
    pub makes: Vec<BrandId>,
    /// What all of them serve.
    pub scope: Permissions,
}

impl MatrixQuestion {
    /// Reads a question.
    ///
    /// # Errors
    /// `VALIDATION` names the first parameter that is missing or not as it must be.
    pub fn read(query: &Parameters, brands: &Brands) -> Result<Self, V2Error> {
        // The models are the same in every mode.
        query.mode()?;
        Ok(Self {
            region: query.region()?,
            powertrain: query.powertrain()?,
            makes: query.makes(brands)?,
            scope: query.scope()?,
        })
    }
}

impl Parameters {
    fn vin(&self) -> Result<Vin, V2Error> {
        let wrong = |message| V2Error::validation("vin", message);
        let sent = self
            .0
            .get("vin")
            .ok_or_else(|| wrong("Send the VIN of the vehicle, 17 letters and digits."))?;
        let vin: Vin = sent
            .parse()
            .map_err(|_| wrong("A VIN has exactly 17 letters and digits."))?;
        match vin.illegal_letter() {
            None => Ok(vin),
            Some(_) => Err(wrong(
                "A VIN has none of the letters I, O and Q. Check whether a 1 or a 0 is meant.",
            )),
        }
    }

    /// The permissions asked for, without prefixes; empty when there are none.
    fn scope(&self) -> Result<Permissions, V2Error> {
        let sent = self.0.get("scope").unwrap_or_default();
        let scope: Result<Scope, UnknownPermission> = sent.parse();
        scope
            .map(|scope| scope.permissions())
            .map_err(|UnknownPermission(name)| {
                let message = format!("{:?} is not a permission.", shortened(&name));
                V2Error::validation("scope", message)
            })
    }

    fn needed_scope(&self) -> Result<Permissions, V2Error> {
        let scope = self.scope()?;
        if scope.is_empty() {
            return Err(V2Error::validation(
                "scope",
                "Name the permissions to check, joined by spaces, for example read_odometer read_fuel.",
            ));
        }
        Ok(scope)
    }

    fn country(&self) -> Result<Option<Region>, V2Error> {
        let code = self.0.get("country").unwrap_or("US").trim();
        if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(V2Error::validation(
                "country",
                "Send the country as two letters (ISO 3166-1 alpha-2), for example US or DE.",
            ));
        }
        Ok(Country::find(code).map(|country| country.region))
    }

    fn mode(&self) -> Result<Mode, V2Error> {
        let sent = self.0.get("mode").unwrap_or("live");
        let mode = sent.parse();
        mode.map_err(|_| V2Error::validation("mode", "The mode is test, live or simulated."))
    }

    fn level(&self) -> Result<Level, V2Error> {
        const NAME: &str = "test_mode_compatibility_level";
        let level = self.0.get(NAME).and_then(|level| level.parse().ok());
        // The wording is part of the protocol (contract, 4.1).
        level.ok_or_else(|| {
            V2Error::validation(
                NAME,
                "Field must be one of: [compatible,phev,incompatible,fuel,dinosaur,bev]",
            )
        })
    }

    fn region(&self) -> Result<Region, V2Error> {
        let sent = self.0.get("region").unwrap_or_default();
        let region = sent.to_ascii_uppercase().parse();
        region.map_err(|()| V2Error::validation("region", "Send region: US, CA or EUROPE."))
    }

    fn powertrain(&self) -> Result<Option<Powertrain>, V2Error> {
        let Some(sent) = self.0.get("type") else {
            return Ok(None);
        };
        match sent.to_ascii_uppercase().parse() {
            Ok(powertrain) => Ok(Some(powertrain)),
            Err(()) => Err(V2Error::validation(
                "type",
                "The type is ICE, HEV, PHEV or BEV.",
            )),
        }
    }

    /// The makes named. Names of several words are found though spaces also stand between makes.
    fn makes(&self, brands: &Brands) -> Result<Vec<BrandId>, V2Error> {
        let sent = self.0.get("make").unwrap_or_default();
        let words: Vec<&str> = sent.split_whitespace().take(WORDS + 1).collect();
        if words.len() > WORDS {
            return Err(V2Error::validation(
                "make",
                "These are too many makes for one call.",
            ));
        }
        let (mut makes, mut rest) = (Vec::new(), words.as_slice());
        while !rest.is_empty() {
            let named = (1..=rest.len().min(3)).rev().find_map(|count| {
                let brand = brands.find(&rest[..count].join(" "))?;
                Some((brand.id.clone(), count))
            });
            let Some((make, count)) = named else {
                let word = shortened(rest[0]);
                let message = format!("{word:?} is not a make that Carport knows.");
                return Err(V2Error::validation("make", message));
            };
            makes.push(make);
            rest = &rest[count..];
        }
        Ok(makes)
    }
}

/// What a caller sent, short enough to be told again.
fn shortened(sent: &str) -> String {
    sent.chars().take(32).collect()
}

//! Scenarios that applications bring.

use std::sync::Arc;

use carport_model::{ApplicationId, CatalogueError, Name};
use carport_store::scenarios::{self, OwnScenario};
use carport_store::{StoreError, Tx, simulations};
use carport_web::words::t;
use sha2::{Digest, Sha256};

use super::{ControlError, Simulations, some_of};
use crate::world::scenario::Scenario;

/// Most bytes of a scenario, with the routes it brings.
const LARGEST: usize = 256 * 1024;
/// Most scenarios of an application.
const MOST: usize = 200;

/// Between id and digest in a key; no id has it.
const MARK: char = '@';

/// What people call the scenario of a key.
#[must_use]
pub fn id_of(key: &str) -> &str {
    key.split_once(MARK).map_or(key, |(id, _)| id)
}

impl Simulations {
    /// Adds a scenario of an application, as TOML.
    ///
    /// # Errors
    /// [`ControlError::Refused`] with line and column of the first mistake;
    /// [`ControlError::Conflict`] when there is one of this id; [`ControlError::Store`].
    pub async fn add_scenario(
        &self,
        application: ApplicationId,
        text: String,
    ) -> Result<OwnScenario, ControlError> {
        if text.len() > LARGEST {
            let advice = t("A scenario has at most {most} KiB.").with("most", LARGEST / 1024);
            return Err(ControlError::refused("scenario", advice));
        }
        let id = self.read_id(&text)?;
        if self.world().scenario(&id).is_some() {
            return Err(ControlError::conflict(
                "id",
                t("{id} is a scenario that Carport brings. Give yours another id.").with("id", id),
            ));
        }
        let scenario = OwnScenario {
            application,
            key: key(&id, &text),
            created_at: self.clock.now(),
            id,
            text,
        };
        let kept = scenario.clone();
        let is_new = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                if scenarios::list(tx, application).await?.len() >= MOST {
                    let advice =
                        t("An application has at most {most} scenarios. Delete one first.")
                            .with("most", MOST);
                    return Err(ControlError::conflict("application", advice));
                }
                Ok(scenarios::insert(tx, &kept).await?)
            })
            .await?;
        if is_new {
            return Ok(scenario);
        }
        let advice =
            t("There is a scenario {id} already. Delete it first.").with("id", scenario.id);
        Err(ControlError::conflict("id", advice))
    }

    /// The scenarios that cars of an application can live through: those that Carport brings, then its
    /// own as they were written, oldest first. One that this version cannot read any more is left out.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn scenarios(
        &self,
        application: ApplicationId,
    ) -> Result<Vec<(Arc<Scenario>, Option<OwnScenario>)>, StoreError> {
        let own = self
            .store
            .scan(async move |tx: &mut Tx<'_>| scenarios::list(tx, application).await)
            .await
            .map_err(|error: StoreError| error)?;
        let world = self.world();
        let brought = world.scenarios().into_iter();
        let brought = brought.filter(|(id, _)| !id.contains(MARK));
        let mut all: Vec<_> = brought.map(|(_, scenario)| (scenario, None)).collect();
        for own in own {
            if world.scenario(&own.key).is_none() {
                // Its mistakes were told when it was added.
                drop(world.add_scenario(&own.key, &own.text));
            }
            all.extend(world.scenario(&own.key).map(|read| (read, Some(own))));
        }
        Ok(all)
    }

    /// A scenario of an application.
    ///
    /// # Errors
    /// [`StoreError`] from the database.
    pub async fn own_scenario(
        &self,
        application: ApplicationId,
        id: &str,
    ) -> Result<Option<OwnScenario>, StoreError> {
        let id = id.to_owned();
        self.store
            .read(async move |tx: &mut Tx<'_>| scenarios::find(tx, application, &id).await)
            .await
    }

    /// Deletes a scenario of an application.
    ///
    /// # Errors
    /// [`ControlError::Conflict`] while cars follow it; [`ControlError::Unknown`];
    /// [`ControlError::Store`].
    pub async fn delete_scenario(
        &self,
        application: ApplicationId,
        id: &str,
    ) -> Result<(), ControlError> {
        let id = id.to_owned();
        let key = self
            .store
            .write(async move |tx: &mut Tx<'_>| {
                let Some(scenario) = scenarios::find(tx, application, &id).await? else {
                    return Err(ControlError::Unknown {
                        field: "id",
                        advice: t(
                            "The application has no such scenario. Those that Carport brings stay.",
                        )
                        .into(),
                    });
                };
                match simulations::following(tx, application, &scenario.key).await? {
                    0 => {
                        scenarios::delete(tx, application, &id).await?;
                        Ok(scenario.key)
                    }
                    cars => Err(ControlError::conflict(
                        "id",
                        t("Cars that follow the scenario: {cars}. Give them another one first.")
                            .with("cars", cars),
                    )),
                }
            })
            .await?;
        // Whoever else has the same text reads it anew.
        self.world().remove_scenario(&key);
        Ok(())
    }

    /// The id that a scenario gives itself, if it is one.
    fn read_id(&self, text: &str) -> Result<String, ControlError> {
        let key = key("", text);
        let added = self.world().add_scenario(&key, text);
        added.map_err(|error| {
            let file = FILE.to_owned();
            ControlError::refused("scenario", CatalogueError { file, ..error }.to_string())
        })?;
        let read = self.world().scenario(&key);
        self.world().remove_scenario(&key);
        let id = read.map(|scenario| scenario.id.to_string());
        id.ok_or_else(|| {
            ControlError::conflict("scenario", t("It was sent twice at once. Try again."))
        })
    }

    /// The key of what an application calls a scenario: its own, or one that Carport brings.
    pub(super) async fn scenario_key(
        &self,
        application: ApplicationId,
        id: &str,
    ) -> Result<Name, ControlError> {
        // Keys are no ids: they would reach the scenarios of others.
        let is_id = !id.contains(MARK);
        if is_id && self.world().scenario(id).is_some() {
            return Ok(id.into());
        }
        if let Some(own) = self.own_scenario(application, id).await? {
            return Ok(own.key.as_str().into());
        }
        let known = self.world().scenarios();
        let names = some_of(
            known
                .iter()
                .map(|(id, _)| &**id)
                .filter(|id| !id.contains(MARK)),
        );
        let advice = t("There is no such scenario. Send one of {names}, or add your own.")
            .with("names", names);
        Err(ControlError::refused("scenario", advice))
    }
}

/// Refuses a scenario of an application that was deleted since its key was looked up. For units of work
/// that make a car follow it.
pub(super) async fn check(tx: &mut Tx<'_>, key: &str) -> Result<(), ControlError> {
    if !key.contains(MARK) || scenarios::text_behind(tx, key).await?.is_some() {
        return Ok(());
    }
    let advice = t("The scenario was deleted meanwhile. Choose another one.");
    Err(ControlError::conflict("scenario", advice))
}

/// What a mistake in a scenario is told of.
const FILE: &str = "scenario";

/// Names a text as much as an id: whoever has met the key knows the text.
fn key(id: &str, text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(text).into();
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{id}{MARK}{digest}")
}

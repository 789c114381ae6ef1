//! Whose things a list shows: of the application that the address names, otherwise of all that the
//! visitor sees.

use carport_model::ApplicationId;
use carport_store::{StoreError, Tx, applications};
use carport_web::Pairs;

use crate::Dashboard;
use crate::access::Visitor;
use crate::choice::Choice;

/// Applications.
#[derive(Debug, Clone)]
pub(crate) struct Whose {
    /// The one that the address names.
    pub chosen: Option<ApplicationId>,
    /// Those that the visitor sees, with their names.
    seen: Vec<(ApplicationId, String)>,
    /// Whether there are others.
    is_limited: bool,
}

impl Whose {
    /// Reads the address.
    pub(crate) async fn read(
        dashboard: &Dashboard,
        visitor: &Visitor,
        pairs: &Pairs,
    ) -> Result<Self, StoreError> {
        let all = dashboard
            .store
            .scan(async |tx: &mut Tx<'_>| applications::list(tx).await)
            .await?;
        let seen = all.into_iter().filter(|it| visitor.sees(it.id));
        Ok(Self {
            chosen: pairs.get("application").and_then(|id| id.parse().ok()),
            seen: seen.map(|it| (it.id, it.name)).collect(),
            is_limited: visitor.member.only.is_some(),
        })
    }

    /// The applications whose things are shown; `None` for all there are.
    pub(crate) fn shown(&self) -> Option<Vec<ApplicationId>> {
        let seen = || self.seen.iter().map(|(id, _)| *id);
        match self.chosen {
            Some(chosen) => Some(seen().filter(|id| *id == chosen).collect()),
            None => self.is_limited.then(|| seen().collect()),
        }
    }

    /// The name of an application.
    pub(crate) fn name(&self, id: ApplicationId) -> String {
        let found = self.seen.iter().find(|(known, _)| *known == id);
        found.map_or_else(|| id.to_string(), |(_, name)| name.clone())
    }

    /// For a form; nothing to choose from when there is only one.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        if self.seen.len() < 2 {
            return Vec::new();
        }
        let choice = |(id, name): &(ApplicationId, String)| Choice {
            value: id.to_string(),
            title: name.clone(),
            selected: self.chosen == Some(*id),
        };
        self.seen.iter().map(choice).collect()
    }
}

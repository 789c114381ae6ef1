//! What a car remembers of its charges.

use std::time::Duration;

use carport_model::charging::{ChargeRecord, Place};

use super::moment::Scene;
use crate::world::journey::{Charged, Deed};

/// Most charges that are told of.
const MOST: usize = 3;

impl Scene<'_> {
    pub(super) fn charges(&self) -> Vec<ChargeRecord> {
        let going = self
            .life
            .session
            .filter(|charge| charge.energy.1 > charge.energy.0);
        let over = self.life.charges.iter().flatten().copied();
        let newest = going.into_iter().chain(over).take(MOST);
        newest.map(|charge| self.record(&charge)).collect()
    }

    fn record(&self, charge: &Charged) -> ChargeRecord {
        let now = (self.spot.cycle, self.spot.offset.as_secs_f64());
        let ago = self
            .journey
            .seconds_between((charge.cycle, charge.begins), now);
        // Scenario time runs faster than the clock where the speed says so.
        let clock = |seconds: f64| {
            let millis = (seconds.max(0.0) / f64::from(self.speed) * 1000.0).round();
            Duration::from_secs_f64(millis / 1000.0)
        };
        let is_over = self.life.session != Some(*charge) || ago > charge.lasts + 1.0;
        let start = self.at.minus(clock(ago));
        let leg = &self.journey.stages()[charge.stage];
        let is_home = self
            .journey
            .home
            .as_ref()
            .is_some_and(|home| *home.1 == *leg.place);
        let stand = match &self.journey.acts[charge.stage].deed {
            Deed::Stand(stand) => Some(stand),
            Deed::Drive(_) => None,
        };
        let usable = self.journey.usable();
        let rounded = |share: f64| (share * 10_000.0).round() / 10_000.0;
        ChargeRecord {
            id: Some(format!("SIM-{}-{}", charge.cycle, charge.stage)),
            start,
            end: is_over.then(|| start.plus(clock(charge.lasts))),
            place: Some(Place {
                name: Some(leg.place.clone()),
                address: None,
                position: stand.map(|stand| stand.position),
            }),
            energy_added: Some(rounded(charge.energy.1 - charge.energy.0)),
            charging_type: Some(charge.current.as_str().to_owned()),
            is_public: Some(!is_home),
            start_level: Some(rounded(charge.energy.0 / usable)),
            end_level: Some(rounded(charge.energy.1 / usable)),
            cost: None,
        }
    }
}

//! What the reader looks at: everything is in the address, so that reloading, going back and
//! sending the address to somebody show the same.

use carport_model::{ApplicationId, SimulationId};
use carport_web::Pairs;

/// The page.
const PAGE: &str = "/dashboard/simulator";
/// The longest name that is searched for.
const LONGEST: usize = 80;

/// What the address says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Here {
    /// Whose cars; none says the first application's.
    pub application: Option<ApplicationId>,
    /// The car that is looked at.
    pub car: Option<SimulationId>,
    /// Part of the names that the list shows.
    pub query: Option<String>,
    /// Page of the list, from 0; none says the one with the car that is looked at.
    pub page: Option<usize>,
}

impl Here {
    /// Reads a query or a form. What cannot be read is as if it were not there: an old address
    /// shows something rather than an error.
    pub(crate) fn read(pairs: &Pairs) -> Self {
        let query = pairs
            .get("q")
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let page: Option<usize> = pairs.get("page").and_then(|page| page.parse().ok());
        Self {
            application: pairs.get("application").and_then(|id| id.parse().ok()),
            car: pairs.get("car").and_then(|id| id.parse().ok()),
            query: query.map(|text| text.chars().take(LONGEST).collect()),
            // People count from 1.
            page: page.and_then(|page| page.checked_sub(1)),
        }
    }

    /// The cars of an application.
    pub(crate) fn of(application: ApplicationId) -> Self {
        Self {
            application: Some(application),
            ..Self::default()
        }
    }

    /// Names and values that lead back here: fields of a form, or a query.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        fields.extend(self.application.map(|id| ("application", id.to_string())));
        fields.extend(self.car.map(|id| ("car", id.to_string())));
        fields.extend(self.query.clone().map(|text| ("q", text)));
        fields.extend(
            self.page
                .map(|page| ("page", page.saturating_add(1).to_string())),
        );
        fields
    }

    /// The page.
    pub(crate) fn address(&self) -> String {
        self.below("", &[])
    }

    /// An address below the page that leads back here, with more in its query.
    pub(crate) fn below(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields()).extend_pairs(more);
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{PAGE}{path}{mark}{query}")
    }

    /// Here, with another car looked at.
    pub(crate) fn at(&self, car: SimulationId) -> Self {
        Self {
            car: Some(car),
            ..self.clone()
        }
    }

    /// Here, on another page of the list.
    pub(crate) fn on(&self, page: usize) -> Self {
        Self {
            page: Some(page),
            ..self.clone()
        }
    }

    /// Here, with the list of all cars and none of them chosen.
    pub(crate) fn unchosen(&self) -> Self {
        Self {
            application: self.application,
            ..Self::default()
        }
    }

    /// What a template needs.
    pub(crate) fn links(&self) -> Links {
        Links {
            address: self.address(),
            to_new: self.below("/new", &[]),
            to_all: self.unchosen().address(),
            fields: self.fields(),
            query: self.query.clone(),
        }
    }
}

/// Ways from here, as a template writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Links {
    /// This page.
    pub address: String,
    /// The form that makes a car.
    pub to_new: String,
    /// This page with all cars.
    pub to_all: String,
    /// Hidden fields of every form.
    pub fields: Vec<(&'static str, String)>,
    /// What is searched for.
    pub query: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything() {
        let car = SimulationId::from_bytes([7; 16]);
        let here = Here {
            query: Some("a&b c".to_owned()),
            page: Some(2),
            ..Here::default().at(car)
        };
        let address = here.address();
        assert_eq!(address, format!("{PAGE}?car={car}&q=a%26b+c&page=3"));
        let query = address.split_once('?').unwrap().1;
        assert_eq!(Here::read(&Pairs::parse(query).unwrap()), here);
        assert_eq!(Here::default().address(), PAGE);
        assert_eq!(
            Here::default().below("/events", &[("seen", "1")]),
            "/dashboard/simulator/events?seen=1"
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let pairs = Pairs::parse("car=x&page=-1&q=+&application=1").unwrap();
        assert_eq!(Here::read(&pairs), Here::default());
        let pairs = Pairs::parse("page=0").unwrap();
        assert_eq!(Here::read(&pairs).page, None);
    }
}

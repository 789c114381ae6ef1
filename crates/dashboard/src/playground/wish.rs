//! What the controls of the first page say: the parameters of a link to Connect. Everything stands
//! in the page's own address, so that it can be reloaded and sent to somebody.

use carport_model::code_challenge::CodeChallenge;
use carport_model::permission::Access;
use carport_model::scope::Scope;
use carport_model::{Application, ApplicationId, Mode, Permission};
use carport_web::Pairs;
use carport_web::words::{Text, t};

use super::PAGE;

/// The longest text of a control; Connect itself takes no longer state.
const LONGEST: usize = 500;
/// What makes a good first reading, beside what the application asks for.
const FEW: &str = "required:read_vehicle_info read_odometer read_location read_battery read_fuel";

/// What the controls say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Which application asks; none says the first.
    pub application: Option<ApplicationId>,
    /// Where the answer goes; none says the playground.
    pub redirect_uri: Option<String>,
    /// Where the cars come from.
    pub mode: Mode,
    /// What is asked for; none says what the application asks for by itself.
    pub scope: Option<Scope>,
    /// Texts, in the order of [`TEXTS`].
    texts: [Option<String>; TEXTS.len()],
    /// Switches, in the order of [`SWITCHES`].
    switches: [bool; SWITCHES.len()],
}

/// Names of the controls that hold a text.
const TEXTS: [&str; 5] = ["state", "user", "make", "country", "single_select_vin"];
/// Names of the controls that are on or off.
const SWITCHES: [&str; 3] = ["single_select", "force", "pkce"];

/// A permission that is asked for.
pub(crate) const ASK: &str = "ask";
/// A permission that is needed.
pub(crate) const NEED: &str = "need";
/// Says that the boxes were there, also when none is ticked.
pub(crate) const BOXES: &str = "boxes";

impl Wish {
    /// Reads a query or a form. What cannot be read is as if it were not there.
    pub(crate) fn read(pairs: &Pairs) -> Self {
        let text = |name: &str| {
            let text = pairs.get(name)?;
            Some(text.chars().take(LONGEST).collect())
        };
        let mode = pairs.get("mode").and_then(|mode| mode.parse().ok());
        Self {
            application: pairs.get("application").and_then(|id| id.parse().ok()),
            redirect_uri: text("redirect_uri"),
            mode: mode
                .filter(|mode| *mode != Mode::Live)
                .unwrap_or(Mode::Test),
            scope: pairs.get(BOXES).map(|_| scope(pairs)),
            texts: TEXTS.map(text),
            switches: SWITCHES.map(|name| pairs.get(name).is_some()),
        }
    }

    /// The text of a control; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        let place = TEXTS.iter().position(|known| *known == name);
        let text = place.and_then(|place| self.texts[place].as_deref());
        text.unwrap_or_default()
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        let place = SWITCHES.iter().position(|known| *known == name);
        place.is_some_and(|place| self.switches[place])
    }

    /// The same with other permissions.
    pub(crate) fn asking(&self, scope: Option<Scope>) -> Self {
        Self {
            scope,
            ..self.clone()
        }
    }

    /// The same with the answer to the playground.
    pub(crate) fn to_own(&self) -> Self {
        Self {
            redirect_uri: None,
            ..self.clone()
        }
    }

    /// The same for the owner of a car of this make in this country.
    pub(crate) fn at(&self, make: &str, country: &str) -> Self {
        let mut wish = self.clone();
        for (name, text) in [("make", make), ("country", country)] {
            let place = TEXTS.iter().position(|known| *known == name);
            if let Some(place) = place {
                wish.texts[place] = Some(text.to_owned());
            }
        }
        wish
    }

    /// Names and values that lead back here.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        fields.extend(self.application.map(|id| ("application", id.to_string())));
        fields.extend(self.redirect_uri.clone().map(|uri| ("redirect_uri", uri)));
        if self.mode != Mode::Test {
            fields.push(("mode", self.mode.to_string()));
        }
        if let Some(scope) = &self.scope {
            fields.push((BOXES, "1".to_owned()));
            fields.extend(scope.items().iter().map(|item| {
                let name = if item.required { NEED } else { ASK };
                (name, item.permission.to_string())
            }));
        }
        let texts = TEXTS.into_iter().zip(&self.texts);
        fields.extend(texts.filter_map(|(name, text)| Some((name, text.clone()?))));
        let switches = SWITCHES.into_iter().zip(self.switches);
        let on = switches.filter(|(_, on)| *on);
        fields.extend(on.map(|(name, _)| (name, "1".to_owned())));
        fields
    }

    /// The page that says this.
    pub(crate) fn address(&self) -> String {
        self.address_with(&[])
    }

    /// The same, with more in its query.
    pub(crate) fn address_with(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields()).extend_pairs(more);
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{PAGE}{mark}{query}")
    }

    /// Whether the link carries a challenge: when that is wanted, or the application needs it.
    pub(crate) fn uses_pkce(&self, application: &Application) -> bool {
        self.is_on("pkce") || needs_pkce(application)
    }

    /// The link to Connect below the server's address.
    pub(crate) fn link(&self, link: &Link<'_>) -> String {
        let scope = self.scope.as_ref();
        let scope = scope.unwrap_or(&link.application.default_scope).to_string();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        };
        put("response_type", "code");
        put("client_id", &link.application.id.to_string());
        put("redirect_uri", link.redirect_uri);
        put("scope", &scope);
        put("mode", self.mode.as_str());
        put("state", link.state);
        if self.is_on("force") {
            put("approval_prompt", "force");
        }
        put("make", self.text("make"));
        let vin = self.text("single_select_vin");
        if self.is_on("single_select") || !vin.is_empty() {
            put("single_select", "true");
        }
        put("single_select_vin", vin);
        if !self.text("country").is_empty() {
            put("flags", &format!("country:{}", self.text("country")));
        }
        put("user", self.text("user"));
        if let Some(challenge) = &link.challenge {
            put("code_challenge", &challenge.challenge);
            put("code_challenge_method", "S256");
        }
        format!("/oauth/authorize?{}", query.finish())
    }
}

/// What a link needs beside the controls.
#[derive(Debug, Clone)]
pub(crate) struct Link<'a> {
    /// Who asks.
    pub application: &'a Application,
    /// Where the answer goes.
    pub redirect_uri: &'a str,
    /// `state`.
    pub state: &'a str,
    /// A challenge.
    pub challenge: Option<CodeChallenge>,
}

/// Whether Connect refuses an application's link without a challenge.
pub(crate) fn needs_pkce(application: &Application) -> bool {
    application.public || application.require_pkce
}

/// The permissions whose boxes are ticked, in the order of the boxes.
fn scope(pairs: &Pairs) -> Scope {
    let ticked = |box_name: &str, name: &str| pairs.all(box_name).any(|value| value == name);
    let asked = Permission::ALL.iter().filter_map(|permission| {
        let name = permission.name();
        let needed = ticked(NEED, name);
        let prefix = if needed { "required:" } else { "" };
        (needed || ticked(ASK, name)).then(|| format!("{prefix}{name}"))
    });
    let text = asked.collect::<Vec<_>>().join(" ");
    text.parse().unwrap_or_default()
}

/// Ready choices of permissions, by name.
pub(crate) fn presets() -> [(Text, Option<Scope>); 3] {
    let everything = |access: Access| {
        let all = Permission::ALL.iter();
        all.filter(move |permission| permission.spec().access == access)
    };
    let readable: carport_model::Permissions = everything(Access::See).copied().collect();
    [
        (t("What the application asks for"), None),
        (t("A few readings"), FEW.parse().ok()),
        (t("All that can be read"), Some(Scope::from(readable))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything() {
        let query = "application=8229df9f-91a0-4ff0-a1ae-a1f38ee24d07&redirect_uri=https%3A%2F%2Fa.example&\
                     mode=simulated&boxes=1&ask=read_odometer&need=read_vin&state=a%26b&user=u&\
                     make=KIA&country=DE&single_select_vin=x&single_select=1&force=1&pkce=1";
        let wish = Wish::read(&Pairs::parse(query).unwrap());
        let scope = wish.scope.clone().unwrap().to_string();
        assert_eq!(scope, "read_odometer required:read_vin");
        assert_eq!(wish.address(), format!("{PAGE}?{query}"));
        assert_eq!(Wish::read(&Pairs::default()).address(), PAGE);
        let none = Wish::read(&Pairs::parse("boxes=1&mode=live&ask=fly").unwrap());
        assert_eq!(none.scope, Some(Scope::default()));
        assert_eq!(none.mode, Mode::Test);
    }

    #[test]
    fn ready_choices_can_be_asked_for() {
        let few = presets()[1].1.clone().unwrap();
        assert_eq!(few.items().len(), 5);
        let wish = Wish::read(&Pairs::default()).asking(Some(few.clone()));
        let address = wish.address();
        let query = address.split_once('?').unwrap().1;
        let read = Wish::read(&Pairs::parse(query).unwrap()).scope.unwrap();
        assert_eq!(read.permissions().as_slice().len(), 5);
        assert_eq!(read.required(), few.required());
    }
}

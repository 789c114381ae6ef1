//! The address of Connect.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Pkce;

/// Everything but the unreserved characters of RFC 3986; a space becomes `%20`, never `+`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The words of a list, with spaces between them.
pub(crate) fn words<I>(list: I) -> String
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut text = String::new();
    for word in list {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word.as_ref());
    }
    text
}

/// Which cars are meant: real ones or others.
///
/// Source: contract connect-oauth, A.2 and D.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Real cars of real owners.
    #[default]
    Live,
    /// Cars of the vehicle simulator.
    Simulated,
    /// Made-up cars; any e-mail and password will do.
    Test,
}

impl Mode {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(carport_sdk::Mode::default().as_str(), "live");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Simulated => "simulated",
            Self::Test => "test",
        }
    }
}

/// A Connect link in the making; start with [`AuthClient::auth_url`](crate::AuthClient::auth_url),
/// end with [`build`](Self::build).
///
/// Source: contract connect-oauth, A.2.
///
/// ```
/// use carport_sdk::{AuthClient, Mode, Origins};
///
/// let client = AuthClient::builder("my-app", "secret")
///     .redirect_uri("http://localhost:8000/exchange")
///     .origins(Origins::single("http://localhost:2277"))
///     .build()?;
/// let url = client
///     .auth_url(["required:read_vehicle_info", "read_odometer"])
///     .state("k7")
///     .mode(Mode::Test)
///     .build();
/// assert!(url.starts_with("http://localhost:2277/oauth/authorize?response_type=code&"));
/// assert!(url.contains("scope=required%3Aread_vehicle_info%20read_odometer"));
/// # Ok::<(), carport_sdk::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "call `build` to get the address"]
pub struct AuthUrl {
    endpoint: String,
    client_id: String,
    redirect_uri: Option<String>,
    scope: String,
    mode: Mode,
    force_prompt: bool,
    single_select: bool,
    flags: Vec<String>,
    /// Parameters that go out as they were given, in the order of the calls.
    extra: Vec<(&'static str, String)>,
}

impl AuthUrl {
    pub(crate) fn new(
        endpoint: String,
        client_id: String,
        redirect_uri: Option<String>,
        scope: String,
    ) -> Self {
        Self {
            endpoint,
            client_id,
            redirect_uri,
            scope,
            mode: Mode::default(),
            force_prompt: false,
            single_select: false,
            flags: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// A value that comes back unchanged with the redirect. Make it random, keep it in the user's
    /// session and compare it then: it proves that the answer belongs to a run you started.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.auth_url(["read_vin"]).state("a b").build().contains("&state=a%20b"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn state(self, state: impl Into<String>) -> Self {
        self.with("state", state.into())
    }

    /// Skips the choice of brand, for example `TESLA`.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.auth_url(["read_vin"]).make_bypass("KIA").build().contains("&make=KIA"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn make_bypass(self, make: impl Into<String>) -> Self {
        self.with("make", make.into())
    }

    /// Lets the owner share exactly one car.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.auth_url(["read_vin"]).single_select().build().contains("single_select=true"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn single_select(mut self) -> Self {
        self.single_select = true;
        self
    }

    /// Lets the owner share the car with this VIN (17 characters) and no other. Implies
    /// [`single_select`](Self::single_select) and outranks [`make_bypass`](Self::make_bypass).
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let url = client.auth_url(["read_vin"]).single_select_vin("0SCCHEV012A4B6C8D").build();
    /// assert!(url.contains("single_select=true&single_select_vin=0SCCHEV012A4B6C8D"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn single_select_vin(self, vin: impl Into<String>) -> Self {
        self.single_select().with("single_select_vin", vin.into())
    }

    /// Adds one flag; call it again for more.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let url = client.auth_url(["read_vin"]).flag("country", "DE").flag("beta", "true").build();
    /// assert!(url.contains("&flags=country%3ADE%20beta%3Atrue"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn flag(mut self, name: &str, value: &str) -> Self {
        self.flags.push(format!("{name}:{value}"));
        self
    }

    /// Your own id of the owner, for statistics; it does not come back.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.auth_url(["read_vin"]).user("driver-7").build().contains("&user=driver-7"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn user(self, user: impl Into<String>) -> Self {
        self.with("user", user.into())
    }

    /// Which cars are offered; [`Mode::Live`] unless said otherwise.
    ///
    /// ```
    /// # use carport_sdk::Mode;
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// assert!(client.auth_url(["read_vin"]).mode(Mode::Test).build().contains("&mode=test"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Shows the permission page even to an owner who has already allowed the same.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let url = client.auth_url(["read_vin"]).force_prompt().build();
    /// assert!(url.contains("&approval_prompt=force"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn force_prompt(mut self) -> Self {
        self.force_prompt = true;
        self
    }

    /// Binds the code to a verifier only you hold; hand the same [`Pkce`] to
    /// [`exchange_code_with_pkce`](crate::AuthClient::exchange_code_with_pkce).
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let pkce = carport_sdk::Pkce::new([7; 32]);
    /// let url = client.auth_url(["read_vin"]).pkce(&pkce).build();
    /// assert!(url.contains(&pkce.challenge()) && url.contains("code_challenge_method=S256"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    pub fn pkce(self, pkce: &Pkce) -> Self {
        self.with("code_challenge", pkce.challenge())
            .with("code_challenge_method", "S256".into())
    }

    /// The finished address to send the owner's browser to.
    ///
    /// ```
    /// # let client = carport_sdk::AuthClient::builder("id", "secret").build()?;
    /// let url = client.auth_url(["read_vin"]).build();
    /// assert!(url.ends_with("&mode=live&scope=read_vin"));
    /// # Ok::<(), carport_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn build(&self) -> String {
        let prompt = if self.force_prompt { "force" } else { "auto" };
        let mut url = format!("{}?response_type=code", self.endpoint);
        let mut add = |name: &str, value: &str| {
            // An empty value counts as absent on the other side, so it is not sent at all.
            if !value.is_empty() {
                url.extend(["&", name, "="]);
                url.extend(utf8_percent_encode(value, QUERY));
            }
        };
        add("client_id", &self.client_id);
        add("approval_prompt", prompt);
        add("mode", self.mode.as_str());
        add(
            "redirect_uri",
            self.redirect_uri.as_deref().unwrap_or_default(),
        );
        add("scope", &self.scope);
        add(
            "single_select",
            if self.single_select { "true" } else { "" },
        );
        add("flags", &self.flags.join(" "));
        for (name, value) in &self.extra {
            add(name, value);
        }
        url
    }

    /// The last call for a name wins: two different values would be refused by Connect.
    fn with(mut self, name: &'static str, value: String) -> Self {
        self.extra.retain(|(other, _)| *other != name);
        self.extra.push((name, value));
        self
    }
}

impl fmt::Display for AuthUrl {
    /// The same as [`build`](Self::build).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(scope: &str) -> AuthUrl {
        AuthUrl::new(
            "http://c/oauth/authorize".into(),
            "app".into(),
            None,
            scope.into(),
        )
    }

    #[test]
    fn everything_at_once_in_a_fixed_order() {
        let mut url = start("required:read_vin read_fuel");
        url.redirect_uri = Some("https://my.app/back?x=1".into());
        let url = url
            .state("s+/=")
            .make_bypass("FORD")
            .single_select()
            .flag("country", "DE")
            .user("ü")
            .mode(Mode::Simulated)
            .force_prompt();
        assert_eq!(
            url.to_string(),
            "http://c/oauth/authorize?response_type=code&client_id=app&approval_prompt=force\
             &mode=simulated&redirect_uri=https%3A%2F%2Fmy.app%2Fback%3Fx%3D1\
             &scope=required%3Aread_vin%20read_fuel&single_select=true&flags=country%3ADE\
             &state=s%2B%2F%3D&make=FORD&user=%C3%BC"
        );
    }

    #[test]
    fn what_was_not_set_is_not_sent() {
        assert_eq!(
            start("").build(),
            "http://c/oauth/authorize?response_type=code&client_id=app&approval_prompt=auto\
             &mode=live"
        );
    }

    #[test]
    fn a_later_call_replaces_an_earlier_one() {
        let url = start("a").state("one").state("two").build();
        assert!(url.ends_with("&state=two") && !url.contains("one"), "{url}");
    }
}

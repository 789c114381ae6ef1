//! Where the servers are.

/// Scheme, host and port of each server the SDK speaks to, without a trailing path.
///
/// Source: contract connect-oauth, 0, and rest-v2, 7.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins {
    /// Connect pages: `/oauth/authorize`.
    pub connect: String,
    /// Token endpoint: a bare origin, or the full address ending in `/oauth/token`.
    pub auth: String,
    /// Vehicle API: `/v2.0/…`.
    pub api: String,
    /// Management API: `/v2.0/management/…`.
    pub management: String,
}

impl Default for Origins {
    /// The hosts of the original service.
    fn default() -> Self {
        Self {
            connect: "https://connect.smartcar.com".to_owned(),
            auth: "https://auth.smartcar.com".to_owned(),
            api: "https://api.smartcar.com".to_owned(),
            management: "https://management.smartcar.com".to_owned(),
        }
    }
}

impl Origins {
    /// Everything on one origin, as Carport serves it.
    ///
    /// ```
    /// let origins = carport_sdk::Origins::single("http://localhost:2277");
    /// assert_eq!(origins.api, "http://localhost:2277");
    /// ```
    #[must_use]
    pub fn single(origin: &str) -> Self {
        Self {
            connect: origin.to_owned(),
            auth: origin.to_owned(),
            api: origin.to_owned(),
            management: origin.to_owned(),
        }
    }

    /// Reads `SMARTCAR_CONNECT_ORIGIN` (or `SMARTCAR_CONNECT_URL`, as the crate `smartcar` calls
    /// it), `SMARTCAR_AUTH_ORIGIN`, `SMARTCAR_API_ORIGIN` and `SMARTCAR_MANAGEMENT_API_ORIGIN`. An
    /// unset or empty one keeps its default, except that Connect then follows
    /// `SMARTCAR_API_ORIGIN`, as the Node SDK builds it.
    ///
    /// ```
    /// let origins = carport_sdk::Origins::from_env();
    /// assert!(origins.api.starts_with("http"));
    /// ```
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    pub(crate) fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| lookup(name).filter(|value| !value.is_empty());
        let default = Self::default();
        let api = set("SMARTCAR_API_ORIGIN");
        Self {
            connect: set("SMARTCAR_CONNECT_ORIGIN")
                .or_else(|| set("SMARTCAR_CONNECT_URL"))
                .or_else(|| api.clone())
                .unwrap_or(default.connect),
            auth: set("SMARTCAR_AUTH_ORIGIN").unwrap_or(default.auth),
            api: api.unwrap_or(default.api),
            management: set("SMARTCAR_MANAGEMENT_API_ORIGIN").unwrap_or(default.management),
        }
    }

    /// Python and the older Rust crate keep the whole token address in the variable, the others
    /// only its origin; both spellings lead to the same place.
    pub(crate) fn token_endpoint(&self) -> String {
        let auth = self.auth.trim_end_matches('/');
        if auth.ends_with("/oauth/token") {
            auth.to_owned()
        } else {
            format!("{auth}/oauth/token")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vars: &'static [(&str, &str)]) -> Origins {
        Origins::from_lookup(|name| {
            let found = vars.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn without_variables_the_original_hosts_stand() {
        assert_eq!(with(&[]), Origins::default());
        assert_eq!(with(&[("SMARTCAR_API_ORIGIN", "")]), Origins::default());
    }

    #[test]
    fn connect_follows_the_api_origin_until_it_has_its_own() {
        let api = ("SMARTCAR_API_ORIGIN", "http://cars:1");
        assert_eq!(
            with(&[("SMARTCAR_API_ORIGIN", "http://cars:1")]).connect,
            api.1
        );
        let both = &[
            ("SMARTCAR_API_ORIGIN", "http://cars:1"),
            ("SMARTCAR_CONNECT_ORIGIN", "http://me:2"),
        ];
        assert_eq!(with(both).connect, "http://me:2");
        assert_eq!(with(both).auth, Origins::default().auth);
        let crates = &[
            ("SMARTCAR_API_ORIGIN", "http://cars:1"),
            ("SMARTCAR_CONNECT_URL", "http://me:3"),
        ];
        assert_eq!(with(crates).connect, "http://me:3");
    }

    #[test]
    fn the_token_endpoint_takes_both_spellings_of_the_variable() {
        for auth in [
            "http://cars:1",
            "http://cars:1/",
            "http://cars:1/oauth/token",
            "http://cars:1/oauth/token/",
        ] {
            let origins = Origins {
                auth: auth.to_owned(),
                ..Origins::default()
            };
            assert_eq!(origins.token_endpoint(), "http://cars:1/oauth/token");
        }
    }
}

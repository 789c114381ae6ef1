//! The version segment. Source: contract rest-v2, 1.1.

/// Path under which requests for a version that does not exist are answered.
pub const UNKNOWN_VERSION: &str = "/v-unknown";

/// The path under which a request is served, or `None` to leave it as it is.
///
/// Any version of the form digits, dot, digits is served like v2.0, as SDK suites expect
/// (docs/quirks.md#any-numeric-version); 1.0 and anything else is unknown. `/v2` and `/v3` are not
/// of this API.
#[must_use]
pub fn rewrite(path: &str) -> Option<String> {
    let rest = path.strip_prefix("/v")?;
    let (version, tail) = match rest.split_once('/') {
        Some((version, tail)) => (version, tail),
        None => (rest, ""),
    };
    match version {
        "2.0" | "2" | "3" => None,
        "1.0" => Some(format!("{UNKNOWN_VERSION}/{tail}")),
        _ if is_numeric(version) => Some(format!("/v2.0/{tail}")),
        _ => Some(format!("{UNKNOWN_VERSION}/{tail}")),
    }
}

fn is_numeric(version: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    version
        .split_once('.')
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_versions_are_served_and_words_are_not() {
        assert_eq!(rewrite("/v2.0/user"), None);
        assert_eq!(rewrite("/v99999999.99/user").as_deref(), Some("/v2.0/user"));
        assert_eq!(
            rewrite("/vJohnny%20Appleseed/user").as_deref(),
            Some("/v-unknown/user")
        );
        assert_eq!(rewrite("/v1.0/user").as_deref(), Some("/v-unknown/user"));
        assert_eq!(rewrite("/v2.0.1/user").as_deref(), Some("/v-unknown/user"));
        assert_eq!(rewrite("/v").as_deref(), Some("/v-unknown/"));
        assert_eq!(rewrite("/v2/redirect"), None);
        assert_eq!(rewrite("/oauth/token"), None);
    }
}

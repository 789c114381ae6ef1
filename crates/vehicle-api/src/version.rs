//! The version segment. Source: contract rest-v2, 1.1.

/// Path under which requests for a version that does not exist are answered.
pub const UNKNOWN_VERSION: &str = "/v-unknown";

pub use carport_web::envelope::OldVersion;

/// Where a request is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Path and, where it came out of the path, query.
    pub path: String,
    /// Whether it is marked as [`OldVersion`].
    pub is_old: bool,
}

/// Where a request is served, or `None` to leave it as it is.
///
/// Any version of the form digits, dot, digits is served like v2.0, as SDK suites expect
/// (docs/quirks.md#any-numeric-version), and so is 1.0 but for its errors; anything else is
/// unknown. `/v2` and `/v3` are not of this API.
///
/// The Java SDK escapes the question mark of one query (docs/quirks.md#service-history).
#[must_use]
pub fn rewrite(path: &str) -> Option<Served> {
    let rest = path.strip_prefix("/v")?;
    let (version, tail) = match rest.split_once('/') {
        Some((version, tail)) => (version, tail),
        None => (rest, ""),
    };
    let known = match version {
        "2" | "3" => return None,
        "2.0" | "1.0" => true,
        _ => is_numeric(version),
    };
    if !known {
        return Some(Served {
            path: format!("{UNKNOWN_VERSION}/{tail}"),
            is_old: false,
        });
    }
    let escaped = tail.split_once(ESCAPED_QUERY);
    if version == "2.0" && escaped.is_none() {
        return None;
    }
    let path = match escaped {
        Some((head, query)) => format!("/v2.0/{head}{HISTORY}?{query}"),
        None => format!("/v2.0/{tail}"),
    };
    Some(Served {
        path,
        is_old: version == "1.0",
    })
}

const HISTORY: &str = "/service/history";
const ESCAPED_QUERY: &str = "/service/history%3F";

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
        let served = |path| rewrite(path).map(|served| (served.path, served.is_old));
        let at = |path: &str| Some((path.to_owned(), false));
        assert_eq!(served("/v2.0/user"), None);
        assert_eq!(served("/v99999999.99/user"), at("/v2.0/user"));
        assert_eq!(served("/vJohnny%20Appleseed/user"), at("/v-unknown/user"));
        assert_eq!(served("/v1.0/user"), Some(("/v2.0/user".to_owned(), true)));
        assert_eq!(served("/v2.0.1/user"), at("/v-unknown/user"));
        assert_eq!(served("/v"), at("/v-unknown/"));
        assert_eq!(served("/v2/redirect"), None);
        assert_eq!(served("/oauth/token"), None);
    }

    #[test]
    fn an_escaped_query_is_a_query() {
        let sent = "/v2.0/vehicles/x/service/history%3Fstart_date=2026-01-01&end_date=2026-02-01";
        let meant = "/v2.0/vehicles/x/service/history?start_date=2026-01-01&end_date=2026-02-01";
        assert_eq!(rewrite(sent).unwrap().path, meant);
    }
}

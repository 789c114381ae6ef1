//! The query of `/oauth/authorize`, read as SDKs write it. Nothing is judged here but repeats.
//! Source: contract connect-oauth, A.2.

use carport_model::country::Country;
use carport_model::run::{ExternalId, Flags};
use carport_web::Pairs;

/// Every parameter with a meaning, decoded. An empty value counts as absent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// `client_id`.
    pub client_id: Option<String>,
    /// `application_id`: the same value under its newer name.
    pub application_id: Option<String>,
    /// `response_type`.
    pub response_type: Option<String>,
    /// `redirect_uri`, decoded once.
    pub redirect_uri: Option<String>,
    /// `scope`.
    pub scope: Option<String>,
    /// `state`, with the `+` of raw base64 kept.
    pub state: Option<String>,
    /// `approval_prompt`.
    pub approval_prompt: Option<String>,
    /// `mode`, or `test` when only `test_mode=true` was sent.
    pub mode: Option<String>,
    /// `make`.
    pub make: Option<String>,
    /// `single_select`.
    pub single_select: Option<String>,
    /// `single_select_vin`.
    pub single_select_vin: Option<String>,
    /// Known flags; the others are dropped.
    pub flags: Flags,
    /// `user`.
    pub user: Option<String>,
    /// `external_id`.
    pub external_id: ExternalId,
    /// `app_origin`.
    pub app_origin: Option<String>,
    /// `sdk_platform`.
    pub sdk_platform: Option<String>,
    /// `sdk_version`.
    pub sdk_version: Option<String>,
    /// `code_challenge`.
    pub code_challenge: Option<String>,
    /// `code_challenge_method`.
    pub code_challenge_method: Option<String>,
    /// Parameters that were sent twice with different values; they count as absent above.
    pub conflicts: Vec<&'static str>,
}

/// Reads the parameters. Unknown ones are ignored.
#[must_use]
pub fn parse(query: &Pairs) -> Parsed {
    let mut conflicts = Vec::new();
    let mut one = |name: &'static str| single(query, name, &mut conflicts);
    let mut parsed = Parsed {
        client_id: one("client_id"),
        application_id: one("application_id"),
        response_type: one("response_type"),
        redirect_uri: one("redirect_uri"),
        scope: one("scope"),
        state: one("state"),
        approval_prompt: one("approval_prompt"),
        mode: one("mode"),
        make: one("make"),
        single_select: one("single_select"),
        single_select_vin: one("single_select_vin"),
        flags: flags(one("flags").as_deref().unwrap_or_default()),
        user: short(one("user")),
        external_id: external_id(one("external_id")),
        app_origin: short(one("app_origin")),
        sdk_platform: short(one("sdk_platform")),
        sdk_version: short(one("sdk_version")),
        code_challenge: one("code_challenge"),
        code_challenge_method: one("code_challenge_method"),
        conflicts: Vec::new(),
    };
    let test_mode = ["test_mode", "testmode"]
        .into_iter()
        .any(|name| one(name).is_some_and(|value| value.eq_ignore_ascii_case("true")));
    if parsed.mode.is_none() && test_mode && !conflicts.contains(&"mode") {
        parsed.mode = Some("test".to_owned());
    }
    parsed.conflicts = conflicts;
    parsed
}

/// The one value of a parameter. Java's SDK repeats `single_select=true`, so equal repeats are
/// fine; different ones are noted.
pub(crate) fn single(
    query: &Pairs,
    name: &'static str,
    conflicts: &mut Vec<&'static str>,
) -> Option<String> {
    let mut values = query
        .of(name)
        .filter(|pair| !pair.value.is_empty())
        .map(|pair| match name {
            "state" => state(&pair.raw, &pair.value),
            _ => pair.value.clone(),
        });
    let first = values.next()?;
    if values.any(|other| other != first) {
        conflicts.push(name);
        return None;
    }
    Some(first)
}

/// The browser SDK appends base64 without percent-encoding, so its `+` is no space (parsing
/// rule 4).
fn state(raw: &str, decoded: &str) -> String {
    let body = raw.trim_end_matches('=');
    let is_base64 = raw.len().is_multiple_of(4)
        && raw.len() - body.len() <= 2
        && body.contains('+')
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    if is_base64 { raw } else { decoded }.to_owned()
}

/// `name:value` items; source: contract connect-oauth, A.5. Unknown ones are never an error.
fn flags(text: &str) -> Flags {
    let mut flags = Flags::default();
    for (name, value) in text.split(' ').filter_map(|item| item.split_once(':')) {
        match name {
            "country" => flags.country = Country::find(value).map(|found| found.code.to_owned()),
            "color" if value.len() == 6 && value.bytes().all(|b| b.is_ascii_hexdigit()) => {
                flags.color = Some(value.to_ascii_lowercase());
            }
            // Older Python writes `True`.
            "account_sync" => flags.account_sync = value.eq_ignore_ascii_case("true"),
            _ => {}
        }
    }
    flags
}

/// Values on which no grant depends are dropped when they are long: anyone can write a link, and
/// runs are kept.
fn short(value: Option<String>) -> Option<String> {
    value.filter(|value| value.len() <= 512)
}

/// 1 to 256 printable characters, or the literal `null`; anything else is ignored.
fn external_id(value: Option<String>) -> ExternalId {
    match value {
        Some(null) if null == "null" => ExternalId::Clear,
        Some(id) if id.chars().count() <= 256 && !id.chars().any(char::is_control) => {
            ExternalId::Set(id)
        }
        _ => ExternalId::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> Parsed {
        parse(&Pairs::parse(query).unwrap())
    }

    #[test]
    fn as_sdks_spell_it() {
        // Ruby and Python write a space as `+`, the others as `%20`; Java repeats single_select.
        let ruby = read("client_id=a&scope=read_vin+read_odometer&single_select=true");
        let java = read(
            "client_id=a&scope=read_vin%20read_odometer&single_select=true&single_select=true",
        );
        assert!(ruby == java);
        let ios = read("redirect_uri=sc123://exchange&application_id=b&mode=");
        assert_eq!(ios.redirect_uri.as_deref(), Some("sc123://exchange"));
        assert_eq!(ios.mode, None);
    }

    #[test]
    fn conflicts_are_named_and_count_as_absent() {
        let parsed = read("mode=test&mode=live&mode=&make=KIA&make=KIA&test_mode=true");
        assert_eq!(parsed.conflicts, ["mode"]);
        assert_eq!((parsed.mode, parsed.make.as_deref()), (None, Some("KIA")));
    }

    #[test]
    fn raw_base64_keeps_its_plus() {
        for (sent, kept) in [
            ("ab+/cd==", "ab+/cd=="),
            ("ab+c", "ab+c"),
            ("ab%2Bc", "ab+c"),
            ("a+b", "a b"),
            ("abcd", "abcd"),
            ("ab+===c=", "ab ===c="),
            ("a+%20b+c", "a  b c"),
            ("a+==", "a+=="),
        ] {
            let state = read(&format!("state={sent}")).state;
            assert_eq!(state.as_deref(), Some(kept), "{sent}");
        }
    }

    #[test]
    fn flags_and_aliases() {
        let parsed = read("flags=country:de+color:00819D+pizza:pasta+account_sync:True+flag:a:b+x");
        assert_eq!(parsed.flags.country.as_deref(), Some("DE"));
        assert_eq!(parsed.flags.color.as_deref(), Some("00819d"));
        assert!(parsed.flags.account_sync);
        assert_eq!(read("flags=country:XX+color:zz").flags, Flags::default());
        assert_eq!(read("testmode=true").mode.as_deref(), Some("test"));
        assert_eq!(
            read("test_mode=true&mode=live").mode.as_deref(),
            Some("live")
        );
        assert_eq!(read("test_mode=false").mode, None);
    }

    #[test]
    fn external_ids() {
        assert_eq!(read("").external_id, ExternalId::Keep);
        assert_eq!(read("external_id=null").external_id, ExternalId::Clear);
        let set = ExternalId::Set("fleet 7".into());
        assert_eq!(read("external_id=fleet+7").external_id, set);
        let long = format!("external_id={}", "x".repeat(257));
        assert_eq!(read(&long).external_id, ExternalId::Keep);
        assert_eq!(read("external_id=a%0Ab").external_id, ExternalId::Keep);
    }

    proptest! {
        #[test]
        fn never_panics(query in "(state|flags|mode|external_id|[a-z]{0,3})=\\PC{0,40}(&(state|flags|mode)=\\PC{0,20}){0,3}") {
            if let Ok(pairs) = Pairs::parse(&query) {
                let _ = parse(&pairs);
            }
        }
    }
}

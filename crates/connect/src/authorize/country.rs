//! The country an owner finds preset. Source: contract connect-oauth, A.5.

use axum::http::{HeaderMap, header};
use carport_model::country::Country;
use carport_model::run::Flags;

/// `flags=country`, else the first listed region of `Accept-Language`, else `default`. Addresses
/// are not looked up: Carport has no geolocation.
pub(crate) fn preset(flags: &Flags, headers: &HeaderMap, default: &Country) -> String {
    let flagged = flags.country.as_deref().and_then(Country::find);
    let country = flagged.or_else(|| spoken(headers)).unwrap_or(default);
    country.code.to_owned()
}

fn spoken(headers: &HeaderMap) -> Option<&'static Country> {
    let languages = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    languages
        .split(',')
        .filter_map(|item| item.split(';').next()?.trim().rsplit_once('-'))
        .find_map(|(_, region)| Country::find(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn flag_then_language_then_default() {
        let us = Country::find("US").unwrap();
        let mut headers = HeaderMap::new();
        let none = Flags::default();
        assert_eq!(preset(&none, &headers, us), "US");
        let spoken = HeaderValue::from_static("en, zh-Hant-TW;q=0.9, de-AT;q=0.8, fr-FR");
        headers.insert(header::ACCEPT_LANGUAGE, spoken);
        assert_eq!(preset(&none, &headers, us), "AT");
        let flags = Flags {
            country: Some("GB".into()),
            ..Flags::default()
        };
        assert_eq!(preset(&flags, &headers, us), "GB");
    }
}

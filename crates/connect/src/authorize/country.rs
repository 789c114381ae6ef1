//! The country an owner finds preset. Source: contract connect-oauth, A.5.

use axum::http::{HeaderMap, header};
use carport_model::ConnectSettings;
use carport_model::country::Country;
use carport_model::run::Flags;

/// `flags=country`, else the application's own default, else the first listed region of
/// `Accept-Language`, else `default`; of these the first that the application has enabled, or any
/// that it has. Addresses are not looked up: Carport has no geolocation.
pub(crate) fn preset(
    flags: &Flags,
    settings: &ConnectSettings,
    headers: &HeaderMap,
    default: &'static Country,
) -> String {
    let flagged = flags.country.as_deref().and_then(Country::find);
    let mut asked = flagged
        .into_iter()
        .chain(settings.preset_country())
        .chain(spoken(headers))
        .chain([default]);
    let enabled = asked.find(|country| settings.is_enabled(country));
    let country = enabled.or_else(|| settings.enabled_countries().next());
    country.unwrap_or(default).code.to_owned()
}

fn spoken(headers: &HeaderMap) -> impl Iterator<Item = &'static Country> {
    let languages = headers.get(header::ACCEPT_LANGUAGE);
    let languages = languages.and_then(|languages| languages.to_str().ok());
    languages
        .unwrap_or_default()
        .split(',')
        .filter_map(|item| item.split(';').next()?.trim().rsplit_once('-'))
        .filter_map(|(_, region)| Country::find(region))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn flag_then_application_then_language_then_default() {
        let us = Country::find("US").unwrap();
        let mut headers = HeaderMap::new();
        let none = Flags::default();
        let mut settings = ConnectSettings::default();
        assert_eq!(preset(&none, &settings, &headers, us), "US");
        let spoken = HeaderValue::from_static("en, zh-Hant-TW;q=0.9, de-AT;q=0.8, fr-FR");
        headers.insert(header::ACCEPT_LANGUAGE, spoken);
        assert_eq!(preset(&none, &settings, &headers, us), "AT");
        let flags = Flags {
            country: Some("GB".into()),
            ..Flags::default()
        };
        assert_eq!(preset(&flags, &settings, &headers, us), "GB");
        settings.default_country = Some("DE".into());
        assert_eq!(preset(&none, &settings, &headers, us), "DE");
        assert_eq!(preset(&flags, &settings, &headers, us), "GB");
        settings.countries = vec!["FR".into(), "BE".into()];
        assert_eq!(preset(&flags, &settings, &headers, us), "FR");
        settings.countries = vec!["NL".into(), "BE".into()];
        assert_eq!(preset(&flags, &settings, &headers, us), "BE");
    }
}

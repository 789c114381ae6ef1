//! Where a sign-in leads back to: pages of the Dashboard and nowhere else.

/// The page to go to; the first one for addresses of strangers.
pub(crate) fn safe(next: Option<&str>) -> &str {
    let is_ours = |next: &&str| {
        let rest = next.strip_prefix("/dashboard");
        let is_below =
            rest.is_some_and(|rest| matches!(rest.chars().next(), None | Some('/' | '?')));
        // Browsers read a backslash as a slash, and drop control characters.
        is_below && !next.contains("//") && !next.contains(|c: char| c == '\\' || c.is_control())
    };
    let is_entrance = |next: &&str| next.starts_with("/dashboard/sign-in");
    let next = next.filter(is_ours).filter(|next| !is_entrance(next));
    next.unwrap_or("/dashboard")
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn only_pages_of_the_dashboard() {
        for own in [
            "/dashboard",
            "/dashboard/team",
            "/dashboard?sdk=go",
            "/dashboard/audit?actor=a",
        ] {
            assert_eq!(safe(Some(own)), own);
        }
        for strange in [
            "https://evil.example",
            "//evil.example",
            "/dashboard.evil.example",
            "/dashboard//evil.example",
            "/\\evil.example",
            "/dashboard/\\evil",
            "/dashboard/\r\nset-cookie: a=b",
            "/oauth/authorize",
            "javascript:alert(1)",
            "",
            "/dashboard/sign-in?next=/dashboard",
        ] {
            assert_eq!(safe(Some(strange)), "/dashboard", "{strange}");
        }
        assert_eq!(safe(None), "/dashboard");
    }
}

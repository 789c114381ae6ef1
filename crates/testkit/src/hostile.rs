//! Forty texts that pages, tables and logs have broken on, for every field that is shown again.

/// The texts. Each is what somebody could paste into a form.
#[must_use]
pub fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| (*text).to_owned()).collect();
    texts.push("x".repeat(10_240));
    texts.push("<b>".repeat(3_414));
    texts
}

const TEXTS: [&str; 38] = [
    // Out of text, attributes, comments and raw text of HTML.
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "--><script>alert(1)</script><!--",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<style>*{display:none}</style>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=refresh content=0>",
    "<form action=\"https://evil.example/\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "`><img src=x onerror=alert(1)>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    // Addresses that do something.
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://ladebaer.test",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "https://evil.example\\@ladebaer.test",
    // Templates, shells, databases, spreadsheets.
    "{{ 7 * 7 }}{% raw %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "$(touch /tmp/x)`id`; rm -rf /",
    "'; DROP TABLE applications; --",
    "\" OR 1=1 --",
    "%_\\%\\_100%",
    "=HYPERLINK(\"https://evil.example\")",
    "../../../../etc/passwd",
    "%00%0d%0aset-cookie:%20x=1",
    // Characters that are not seen, or change what is.
    "nul\0byte",
    "line\r\nset-cookie: x=1\r\n\r\n<b>",
    "\u{202e}txt.exe\u{2066}",
    "\u{feff}zero\u{200b}width\u{ad}\u{2028}\u{2029}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} e\u{301}\u{1ab0}\u{361}\u{489}",
    "\u{0}\u{7}\u{8}\u{1b}[31m",
];

/// The text as a page may show it in text or in a quoted attribute: with none of the characters
/// by which it could leave its place.
///
/// # Panics
/// When `html` holds a tag, a quote or a comment of `text` as it is.
pub fn assert_escaped(html: &str, text: &str) {
    let is_harmless = !text.contains(['<', '>', '"', '\'']);
    assert!(
        is_harmless || !html.contains(text),
        "the page shows it as it is: {:.60}",
        text.escape_debug()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_forty_and_no_two_are_alike() {
        let mut texts = hostile();
        assert_eq!(texts.len(), 40);
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 40);
    }

    #[test]
    #[should_panic(expected = "as it is")]
    fn what_is_not_escaped_is_told() {
        assert_escaped("<p><b></p>", "<b>");
    }
}

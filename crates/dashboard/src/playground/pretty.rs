//! JSON with line breaks: its members stay in the order and its numbers in the form in which they
//! came, which a value that is read and written again would lose.

/// `json` with a line for each member.
pub(super) fn pretty(json: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(json.len() * 2), 0_usize);
    let mut rest = json.trim().chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => {
                out.push('"');
                string(&mut rest, &mut out);
            }
            '{' | '[' => {
                out.push(c);
                skip_space(&mut rest);
                if rest.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(rest.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// The rest of a string, its closing quote included.
fn string(rest: &mut Rest<'_>, out: &mut String) {
    while let Some(c) = rest.next() {
        out.push(c);
        match c {
            '\\' => out.extend(rest.next()),
            '"' => return,
            _ => {}
        }
    }
}

fn skip_space(rest: &mut Rest<'_>) {
    while rest.next_if(char::is_ascii_whitespace).is_some() {}
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    // A body may be nothing but brackets.
    (0..depth.min(20)).for_each(|_| out.push_str("  "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_numbers_stay() {
        let json = r#"{"z":275.0,"a":[1,{"t":"a,\"{b\\"}],"e":{ },"n":[]}"#;
        let told = "{\n  \"z\": 275.0,\n  \"a\": [\n    1,\n    {\n      \"t\": \"a,\\\"{b\\\\\"\n    }\n  ],\n  \"e\": {},\n  \"n\": []\n}";
        assert_eq!(pretty(json), told);
        assert_eq!(pretty(told), told);
        assert_eq!(pretty("\"no end"), "\"no end");
        assert!(pretty(&"[".repeat(10_000)).len() < 1_000_000);
    }
}

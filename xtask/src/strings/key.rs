//! Keys: reading them from source, and what must be put into them.

/// A literal in the source: its value, and what is behind it.
pub(super) fn literal(source: &str) -> Option<(String, &str)> {
    let mut chars = source.strip_prefix('"')?.char_indices();
    let mut value = String::new();
    while let Some((at, character)) = chars.next() {
        match character {
            '"' => return Some((value, &source[at + 2..])),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                // The line goes on with the next word.
                '\n' => {
                    let rest = chars.as_str();
                    let spaces = rest.len() - rest.trim_start().len();
                    for _ in 0..spaces {
                        chars.next();
                    }
                }
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

/// Whether `word` stands at the start, as a whole; what is behind it.
pub(super) fn after_word<'a>(source: &'a str, word: &str) -> Option<&'a str> {
    let rest = source.strip_prefix(word)?;
    let next = rest.chars().next();
    let is_whole = next.is_none_or(|next| !next.is_alphanumeric() && next != '_');
    is_whole.then_some(rest)
}

/// What is wrong with the values that a chain of `with("name", …)` puts into a key, if anything.
/// `joint` is what stands before each.
pub(super) fn wrong_values(key: &str, mut chain: &str, joint: char) -> Option<String> {
    let mut given = Vec::new();
    while let Some((name, rest)) = with(chain, joint) {
        given.push(name);
        chain = rest;
    }
    given.sort();
    let wanted = places(key);
    (given != wanted).then(|| format!("{key:?} wants {wanted:?} and is given {given:?}"))
}

fn with(source: &str, joint: char) -> Option<(String, &str)> {
    let rest = source.trim_start().strip_prefix(joint)?.trim_start();
    let rest = rest.strip_prefix("with(")?.trim_start();
    let (name, mut rest) = literal(rest)?;
    let mut depth = 1;
    loop {
        if let Some((_, behind)) = literal(rest) {
            rest = behind;
            continue;
        }
        let next = rest.chars().next()?;
        rest = &rest[next.len_utf8()..];
        match next {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((name, rest));
        }
    }
}

/// Names of the values of a key, as `carport_web::words` reads them.
fn places(key: &str) -> Vec<String> {
    let starts = key.match_indices('{').map(|(at, _)| &key[at + 1..]);
    let names = starts.filter_map(|rest| Some(rest.split_once('}')?.0));
    let is_name = |name: &&str| {
        let mut bytes = name.bytes();
        !name.is_empty()
            && bytes.all(|it| it.is_ascii_lowercase() || it == b'_' || it.is_ascii_digit())
    };
    let mut names: Vec<String> = names.filter(is_name).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// A key as TOML writes it.
pub(super) fn quoted(key: &str) -> String {
    let mut text = String::from('"');
    for character in key.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read() {
        assert_eq!(literal(r#""a \"b\"" c"#), Some(("a \"b\"".into(), " c")));
        assert_eq!(literal("\"a \\\n    b\")"), Some(("a b".into(), ")")));
        assert_eq!(literal("a"), None);
        assert_eq!(literal("\"a"), None);
    }

    #[test]
    fn values_are_compared() {
        let chain = r#"|with("b", f(")", 1))|with("a", a.len()) }}"#;
        assert_eq!(wrong_values("{a} of {b}", chain, '|'), None);
        assert_eq!(
            wrong_values("{a} of {b}", ".with(\"a\", 1)\n  .with(\"b\", 2)", '.'),
            None
        );
        let wrong = wrong_values("{a} of {Not this}", "", '|').unwrap();
        assert_eq!(wrong, r#""{a} of {Not this}" wants ["a"] and is given []"#);
    }
}

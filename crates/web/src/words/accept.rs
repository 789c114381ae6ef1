//! `Accept-Language`: what readers would like.

use std::sync::Arc;

use super::catalogue::Catalogue;
use super::choice::ENGLISH;

/// Ranges that are looked at: browsers send a handful.
const MOST: usize = 32;

/// The best of the catalogues for a header; none for English. A range that nothing matches is looked
/// for without its last part, the best liked first.
///
/// Source: RFC 9110, 12.5.4; RFC 4647, 3.4.
pub(super) fn choose<'a>(
    header: &str,
    catalogues: &'a [Arc<Catalogue>],
) -> Option<&'a Arc<Catalogue>> {
    let ranges = header.split(',').take(MOST).filter_map(range);
    let mut ranges: Vec<(String, f32)> = ranges.filter(|(_, quality)| *quality > 0.0).collect();
    ranges.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    for (range, _) in &ranges {
        let mut range = range.as_str();
        loop {
            if let Some(found) = catalogues.iter().find(|it| it.language() == range) {
                return Some(found);
            }
            if range == ENGLISH {
                return None;
            }
            match range.rsplit_once('-') {
                Some((shorter, _)) => range = shorter,
                None => break,
            }
        }
    }
    None
}

/// A range and how much it is liked, from 0 to 1.
fn range(text: &str) -> Option<(String, f32)> {
    let (range, quality) = match text.split_once(';') {
        Some((range, weight)) => {
            let quality = weight.trim().strip_prefix("q=")?;
            (range, quality.parse().ok()?)
        }
        None => (text, 1.0),
    };
    let range = range.trim().to_ascii_lowercase();
    Some((range, quality)).filter(|(range, _)| !range.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::Catalogues;
    use super::*;

    #[test]
    fn the_best_liked_that_there_is() {
        let files = ["sv.toml", "pt-br.toml", "de.toml", "en-gb.toml"];
        let files = files.map(|name| (name.to_owned(), String::new()));
        let catalogues = Catalogues::read(&files).unwrap();
        let chosen = |header| choose(header, &catalogues.0).map(|it| it.language().to_owned());
        for (header, best) in [
            ("sv", Some("sv")),
            ("sv-SE, en;q=0.8", Some("sv")),
            ("fr, de;q=0.5, sv;q=0.9", Some("sv")),
            ("pt-BR", Some("pt-br")),
            ("pt", None),
            ("en-US, sv;q=0.9", None),
            ("en-GB, sv;q=0.9", Some("en-gb")),
            ("fr, *;q=0.1", None),
            ("sv;q=0, de; q=0.1", Some("de")),
            ("sv;q=x, , ;q=1", None),
            ("de-Latn-CH-1996", Some("de")),
            ("", None),
        ] {
            assert_eq!(chosen(header).as_deref(), best, "{header}");
        }
    }
}

//! SVG: read as XML and written anew from lists of elements, attributes and ways to write a value.
//! Whatever is on no list is left out with all that is in it.
//!
//! Nothing points out of the file: addresses are names within it (`#name`), styles call no function
//! but those of colours and transforms, and entities other than XML's own five are refused.

use quick_xml::XmlVersion;
use quick_xml::escape::{escape, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::LogoError;
use crate::words::{Sentence, t};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// Elements, sorted.
const ELEMENTS: [&str; 20] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "mask",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "text",
    "title",
    "tspan",
];
/// Elements that hold text.
const TEXTS: [&str; 5] = ["desc", "style", "text", "title", "tspan"];
/// Attributes without an address in them, sorted.
const ATTRIBUTES: [&str; 69] = [
    "class",
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "cx",
    "cy",
    "d",
    "display",
    "dominant-baseline",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "fr",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "id",
    "letter-spacing",
    "mask",
    "mask-type",
    "maskContentUnits",
    "maskUnits",
    "offset",
    "opacity",
    "overflow",
    "paint-order",
    "pathLength",
    "points",
    "preserveAspectRatio",
    "r",
    "rx",
    "ry",
    "shape-rendering",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "style",
    "text-anchor",
    "textLength",
    "transform",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "width",
    "word-spacing",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];
/// Functions that a value may call, in lower case.
const FUNCTIONS: [&str; 12] = [
    "hsl",
    "hsla",
    "matrix",
    "rgb",
    "rgba",
    "rotate",
    "scale",
    "skewx",
    "skewy",
    "translate",
    "translatex",
    "translatey",
];
/// How deep elements may lie, and how many events a file may have: no honest logo comes near.
const DEEPEST: usize = 40;
const MOST: usize = 30_000;

/// The file, and how many parts of it were left out.
pub(super) fn cleaned(text: &str) -> Result<(String, usize), LogoError> {
    let mut cleaning = Cleaning::default();
    let mut reader = NsReader::from_str(text);
    for _ in 0..MOST {
        let (namespace, event) = reader.read_resolved_event().map_err(damaged)?;
        let is_svg = namespace == ResolveResult::Bound(Namespace(SVG));
        match event {
            Event::Start(tag) => cleaning.open(&reader, &tag, is_svg)?,
            Event::Empty(tag) => {
                cleaning.open(&reader, &tag, is_svg)?;
                cleaning.close();
            }
            Event::End(_) => cleaning.close(),
            Event::Text(text) => cleaning.text(&text.xml10_content())?,
            Event::CData(text) => cleaning.text(&text.xml10_content())?,
            Event::GeneralRef(named) => cleaning.text(&meant(&named)?)?,
            // A document type brings entities, which are refused where they are used.
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => return cleaning.end(),
        }
    }
    Err(wrong(t("it has too many parts")))
}

/// What the reader of XML says.
fn damaged(error: impl std::fmt::Display) -> LogoError {
    wrong(error.to_string())
}

fn wrong(what: impl Into<Sentence>) -> LogoError {
    LogoError::DamagedSvg(what.into())
}

/// The letter that `&name;` stands for.
fn meant(named: &quick_xml::events::BytesRef<'_>) -> Result<String, LogoError> {
    if let Some(letter) = named.resolve_char_ref().map_err(damaged)? {
        return Ok(letter.to_string());
    }
    let known = resolve_xml_entity(named).map(str::to_owned);
    known.ok_or_else(|| wrong(t("it uses the entity &{name}; of its own").with("name", &**named)))
}

/// How far a file has been written anew.
#[derive(Default)]
struct Cleaning {
    written: String,
    /// The elements that are open and kept.
    open: Vec<&'static str>,
    /// How deep inside an element that is left out.
    outside: usize,
    left_out: usize,
    /// The text of a `style` element, which is looked at as a whole.
    style: String,
    is_over: bool,
}

impl Cleaning {
    fn open(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        is_svg: bool,
    ) -> Result<(), LogoError> {
        let name = tag.local_name();
        let name = if is_svg {
            listed(&ELEMENTS, name.as_ref())
        } else {
            None
        };
        let is_root = self.open.is_empty() && self.outside == 0;
        if self.is_over || (is_root && name != Some("svg")) {
            return Err(wrong(t("its outermost element is not an svg")));
        }
        if self.open.len() + self.outside >= DEEPEST {
            return Err(wrong(t("its parts lie too deep in one another")));
        }
        // A style holds text only.
        let Some(name) = name.filter(|_| self.outside == 0 && self.open.last() != Some(&"style"))
        else {
            let is_loss = is_svg && self.outside == 0 && tag.local_name().as_ref() != "metadata";
            self.left_out += usize::from(is_loss);
            self.outside += 1;
            return Ok(());
        };
        let attributes = self.attributes(reader, tag, is_root)?;
        self.open.push(name);
        if name == "style" {
            return Ok(());
        }
        self.written.push('<');
        self.written.push_str(name);
        if is_root {
            self.written.push_str(&format!(" xmlns=\"{SVG}\""));
        }
        self.written.push_str(&attributes);
        self.written.push('>');
        Ok(())
    }

    /// The attributes that are kept, written.
    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        is_root: bool,
    ) -> Result<String, LogoError> {
        let mut written = String::new();
        let mut size = (None, None, false);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(damaged)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(damaged)?;
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            let local: &str = local.as_ref();
            let name = match namespace {
                ResolveResult::Unbound | ResolveResult::Bound(Namespace(XLINK))
                    if local == "href" =>
                {
                    Some("href")
                }
                ResolveResult::Unbound => listed(&ATTRIBUTES, local),
                _ => None,
            };
            let Some(name) = name.filter(|name| is_harmless(name, &value)) else {
                // What drawing programs note for themselves is no loss.
                let acts = local
                    .get(..2)
                    .is_some_and(|start| start.eq_ignore_ascii_case("on"));
                self.left_out += usize::from(acts || name.is_some());
                continue;
            };
            match name {
                "width" => size.0 = value.trim_end_matches("px").parse::<f64>().ok(),
                "height" => size.1 = value.trim_end_matches("px").parse::<f64>().ok(),
                "viewBox" => size.2 = true,
                _ => {}
            }
            written.push_str(&format!(" {name}=\"{}\"", escape(&*value)));
        }
        // Without it a picture is cut instead of being made smaller.
        if let (true, (Some(width), Some(height), false)) = (is_root, size) {
            written.push_str(&format!(" viewBox=\"0 0 {width} {height}\""));
        }
        Ok(written)
    }

    fn close(&mut self) {
        if self.outside > 0 {
            self.outside -= 1;
            return;
        }
        let Some(name) = self.open.pop() else { return };
        if name == "style" {
            let style = std::mem::take(&mut self.style);
            if is_plain(&style, false) {
                self.written
                    .push_str(&format!("<style>{}</style>", escape(style.as_str())));
            } else {
                self.left_out += 1;
            }
            return;
        }
        self.written.push_str(&format!("</{name}>"));
        self.is_over = self.open.is_empty();
    }

    fn text(&mut self, text: &str) -> Result<(), LogoError> {
        if self.outside > 0 {
            return Ok(());
        }
        let Some(name) = self.open.last() else {
            let is_blank = text.trim().is_empty();
            return is_blank
                .then_some(())
                .ok_or_else(|| wrong(t("there is text outside of its elements")));
        };
        if text.chars().any(is_control) {
            return Err(wrong(t("it holds control characters")));
        }
        if *name == "style" {
            self.style.push_str(text);
        } else if TEXTS.contains(name) {
            self.written.push_str(&escape(text));
        }
        Ok(())
    }

    fn end(self) -> Result<(String, usize), LogoError> {
        if self.is_over && self.outside == 0 {
            Ok((self.written, self.left_out))
        } else {
            Err(wrong(t("it ends too early")))
        }
    }
}

/// The word of a list that this is.
fn listed(list: &[&'static str], word: &str) -> Option<&'static str> {
    list.binary_search(&word).ok().map(|place| list[place])
}

fn is_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

/// Whether an attribute may have a value.
fn is_harmless(name: &str, value: &str) -> bool {
    let value = value.trim();
    match name {
        "href" => value.strip_prefix('#').is_some_and(is_name),
        "id" => is_name(value),
        "class" => value.split_whitespace().all(is_name),
        "fill" | "stroke" | "clip-path" | "mask" => is_plain(value, true),
        _ => is_plain(value, false),
    }
}

fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_-.:".contains(letter);
    (1..=100).contains(&text.len()) && text.chars().all(is_letter)
}

/// Whether a value or a style sheet calls nothing but listed functions, imports nothing and hides
/// nothing behind escapes; with `local`, it may name a part of the file: `url(#name)`.
fn is_plain(text: &str, local: bool) -> bool {
    if text.contains(['@', '\\', '<']) || text.chars().any(is_control) {
        return false;
    }
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let start = before.trim_end_matches(is_letter).len();
        let function = before[start..].to_ascii_lowercase();
        let Some((argument, behind)) = after.split_once(')') else {
            return false;
        };
        let named = argument.trim().trim_matches(['"', '\'']).strip_prefix('#');
        let is_local = local && function == "url" && named.is_some_and(is_name);
        if !is_local && !FUNCTIONS.contains(&function.as_str()) {
            return false;
        }
        if argument.contains('(') {
            return false;
        }
        rest = behind;
    }
    !text.to_ascii_lowercase().contains("javascript:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(ELEMENTS.is_sorted() && ATTRIBUTES.is_sorted() && FUNCTIONS.is_sorted());
    }

    #[test]
    fn values() {
        for plain in [
            "#fff",
            "rgb(1, 2, 3)",
            "rotate(45 1 1) scale(2)",
            "M0 0h1z",
            ".a{fill:red}",
        ] {
            assert!(is_plain(plain, false), "{plain}");
        }
        assert!(is_plain("url(#a)", true) && is_plain("url( '#a-1' ) none", true));
        for wrong in [
            "url(#a)",
            "url (x)",
            "var(--a)",
            "expression(1)",
            "@import 'x'",
            "u\\72l(x)",
        ] {
            assert!(!is_plain(wrong, false), "{wrong}");
        }
        for wrong in [
            "url(a.svg#b)",
            "url(//x)",
            "url(",
            "rgb(url(x))",
            "image-set('x')",
        ] {
            assert!(!is_plain(wrong, true), "{wrong}");
        }
    }
}

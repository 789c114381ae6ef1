//! What pages say: a text by its English wording, and the values put into it.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;

use super::language;
use super::markup;

/// What a template says, in the language of the request that it is written for. It is HTML: its own
/// text may hold tags and is trusted, values are escaped.
///
/// Written as `{:#}` it is plain, for a message that it is a value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<V = ()> {
    text: &'static str,
    values: V,
}

/// What Rust says, to pages and in errors. It is plain: a template escapes it like any other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<V = ()>(Message<V>);

/// The text whose English wording is `text`. `cargo xtask strings` finds it by this call, so it stands
/// in it as it is. A `{name}` in it is put in by [`Text::with`].
///
/// It looks itself up when it is written, not before.
#[must_use]
pub const fn t(text: &'static str) -> Text {
    Text(Message::new(text))
}

/// The text of a table elsewhere, which marks it with `carport_model::worded`.
#[must_use]
pub const fn say(text: &'static str) -> Text {
    t(text)
}

/// What is put into a message.
pub trait Values {
    /// The value of this name.
    fn find(&self, name: &str) -> Option<&dyn Display>;

    /// Shows each with its name.
    fn each(&self, take: &mut dyn FnMut(&'static str, &dyn Display));
}

impl Values for () {
    fn find(&self, _: &str) -> Option<&dyn Display> {
        None
    }

    fn each(&self, _: &mut dyn FnMut(&'static str, &dyn Display)) {}
}

/// One more value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct And<V, T> {
    others: V,
    name: &'static str,
    value: T,
}

impl<V: Values, T: Display> Values for And<V, T> {
    fn find(&self, name: &str) -> Option<&dyn Display> {
        if self.name == name {
            return Some(&self.value);
        }
        self.others.find(name)
    }

    fn each(&self, take: &mut dyn FnMut(&'static str, &dyn Display)) {
        self.others.each(take);
        take(self.name, &self.value);
    }
}

impl Message {
    /// The message whose English wording is `text`. Attributes of its tags are quoted with `'`, which
    /// needs no backslash in templates and catalogues, and are written with `"`.
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, values: () }
    }
}

impl<V: Values> Message<V> {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// With `value` in the place of `{name}`. The value may be a message, too.
    #[must_use]
    pub fn with<T: Display>(self, name: &'static str, value: T) -> Message<And<V, T>> {
        Message {
            text: self.text,
            values: And {
                others: self.values,
                name,
                value,
            },
        }
    }
}

impl<V: Values> Text<V> {
    /// With `value` in the place of `{name}`. The value may be a text, too.
    #[must_use]
    pub fn with<T: Display>(self, name: &'static str, value: T) -> Text<And<V, T>> {
        Text(self.0.with(name, value))
    }

    /// With its values kept in another way.
    pub(super) fn keeping<W: Values>(&self, keep: impl FnOnce(&V) -> W) -> Text<W> {
        Text(Message {
            text: self.0.text,
            values: keep(&self.0.values),
        })
    }

    /// It in the language of this moment, for fields that hold ready strings.
    #[must_use]
    pub fn plain(&self) -> String {
        self.to_string()
    }
}

impl<V: Values> Display for Message<V> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        language::translated(self.text, |text| {
            markup::write(f, text, &|name| self.values.find(name))
        })
    }
}

/// Its own text is ours or the operator's, and values are escaped.
impl<V: Values> HtmlSafe for Message<V> {}

impl<V: Values> Display for Text<V> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl<V: Values> From<Text<V>> for String {
    fn from(text: Text<V>) -> Self {
        text.to_string()
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::super::filters;
    use super::*;

    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{%- macro field(label) -%}<label>{{ label }}</label>{%- endmacro -%}
{{ "It's <b class='x'>{name}</b>, {days} days"|t|with("name", name)|with("days", days.len()) }}
{% call field("Name of {who}"|t|with("who", name.trim())) %}{% endcall %}
{{ ready }} {{ title }} <a title="{{ "Go"|t }}">"#
    )]
    struct Sample<'a> {
        name: &'a str,
        days: Vec<u8>,
        ready: String,
        title: Text,
    }

    #[test]
    fn its_own_text_is_trusted_and_values_are_escaped() {
        let page = Sample {
            name: "<i>\"",
            days: vec![1, 2],
            ready: t("{a} & {b}").with("a", "<").with("b", t("b")).into(),
            title: t("A & a title"),
        };
        insta::assert_snapshot!(page.render().unwrap(), @r#"
        It's <b class="x">&#60;i&#62;&#34;</b>, 2 days
        <label>Name of &#60;i&#62;&#34;</label>
        &#60; &#38; b A &#38; a title <a title="Go">
        "#);
    }

    #[test]
    fn a_message_within_a_message_is_escaped_once() {
        let inner = Message::new("{x}'s").with("x", "<");
        let outer = Message::new("[{y}]").with("y", inner);
        assert_eq!(outer.to_string(), "[&#60;&#39;s]");
        let inner = t("{x}'s").with("x", "<");
        let outer = Message::new("[{y}]").with("y", inner);
        assert_eq!(outer.to_string(), "[&#60;&#39;s]");
        assert_eq!(t("[{y}]").with("y", inner).plain(), "[<'s]");
    }
}

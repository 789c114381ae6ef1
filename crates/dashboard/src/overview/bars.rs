//! Numbers of hours or days as drawings: a bar for each.

use super::figures::{Bin, Span};
use crate::when::{grouped, took};
use carport_web::words::{Text, t};

/// Edges of a drawing's field.
const LEFT: f64 = 4.0;
const RIGHT: f64 = 476.0;
const TOP: f64 = 4.0;
const BOTTOM: f64 = 96.0;
/// A bar that stands for anything at all is this high.
const LEAST: f64 = 1.5;

/// A drawing.
#[derive(Debug, PartialEq)]
pub(crate) struct Plot {
    pub id: &'static str,
    pub title: Text,
    /// For those who do not see it.
    pub label: String,
    /// The highest bar in words.
    pub most: String,
    pub bars: Vec<Bar>,
    /// Words below it: the first bin, one between, the last.
    pub marks: Vec<String>,
}

/// A bar.
#[derive(Debug, PartialEq)]
pub(crate) struct Bar {
    pub class: &'static str,
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// What it says when it is pointed at.
    pub says: String,
}

/// The four drawings of the overview.
pub(super) fn plots(span: Span, bins: &[Bin]) -> Vec<Plot> {
    let count = |number: u64| grouped(number);
    let micros = |number: u64| took(u32::try_from(number).unwrap_or(u32::MAX));
    let good = "plot-bar";
    vec![
        plot(
            span,
            bins,
            ("requests", t("Requests"), good),
            count,
            |bin| bin.counts.requests,
        ),
        plot(
            span,
            bins,
            ("errors", t("Errors"), "plot-bar-bad"),
            count,
            |bin| bin.counts.errors(),
        ),
        plot(
            span,
            bins,
            ("slowest", t("Slowest 5 % of answers"), good),
            micros,
            |bin| bin.counts.slow_micros().unwrap_or_default().into(),
        ),
        plot(
            span,
            bins,
            ("connections", t("Connections"), good),
            count,
            |bin| bin.cars.unwrap_or_default().unsigned_abs(),
        ),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "a drawing needs no more")]
fn plot(
    span: Span,
    bins: &[Bin],
    (id, title, class): (&'static str, Text, &'static str),
    written: impl Fn(u64) -> String,
    value: impl Fn(&Bin) -> u64,
) -> Plot {
    let most = bins.iter().map(&value).max().unwrap_or_default();
    let step = (RIGHT - LEFT) / bins.len().max(1) as f64;
    let bar = |(place, bin): (usize, &Bin)| {
        let number = value(bin);
        if number == 0 {
            return None;
        }
        let height = (number as f64 / most as f64 * (BOTTOM - TOP)).max(LEAST);
        Some(Bar {
            class,
            x: tenth(LEFT + step * place as f64 + 1.0),
            y: tenth(BOTTOM - height),
            width: tenth(step - 2.0),
            height: tenth(height),
            says: format!("{}: {}", span.label(bin.at), written(number)),
        })
    };
    let label = match (bins.first(), bins.last()) {
        (Some(first), Some(last)) => t("{title} from {first} to {last}, at most {most}")
            .with("title", title)
            .with("first", span.label(first.at))
            .with("last", span.label(last.at))
            .with("most", written(most))
            .plain(),
        _ => title.plain(),
    };
    Plot {
        id,
        title,
        label,
        most: written(most),
        bars: bins.iter().enumerate().filter_map(bar).collect(),
        marks: marks(span, bins),
    }
}

/// The first and the last bin, and one between.
fn marks(span: Span, bins: &[Bin]) -> Vec<String> {
    let marks = [bins.first(), bins.get(bins.len() / 2), bins.last()];
    let marks = marks.into_iter().flatten();
    marks.map(|bin| span.label(bin.at)).collect()
}

fn tenth(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

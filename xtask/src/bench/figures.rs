//! The figures of a run: printed as tables, held against their bounds.

use crate::bench::wrk::Load;
use crate::run::{Failure, Tally};

/// What a figure must reach (`hold`), and where it should be (`aim`).
#[derive(Clone, Copy)]
pub struct Bound {
    hold: f64,
    aim: f64,
    more_is_better: bool,
}

impl Bound {
    /// For figures that should be large.
    pub const fn at_least(hold: f64, aim: f64) -> Self {
        Self {
            hold,
            aim,
            more_is_better: true,
        }
    }

    /// For figures that should be small.
    pub const fn at_most(hold: f64, aim: f64) -> Self {
        Self {
            hold,
            aim,
            more_is_better: false,
        }
    }

    fn met(self, figure: f64, bound: f64) -> bool {
        if self.more_is_better {
            figure >= bound
        } else {
            figure <= bound
        }
    }

    fn verdict(self, figure: f64) -> &'static str {
        if self.met(figure, self.aim) {
            "aim"
        } else if self.met(figure, self.hold) {
            "hold"
        } else {
            "under hold"
        }
    }
}

/// Everything that was measured, in the order of measuring.
#[derive(Default)]
pub struct Figures {
    rates: Vec<String>,
    bounds: Vec<String>,
    notes: Vec<String>,
    pages: Vec<String>,
    under_hold: Vec<String>,
}

impl Figures {
    /// A rate, as such and beside the bare server's.
    pub fn rate(&mut self, what: &str, load: &Load, bare: &Load) {
        self.rates.push(format!(
            "| {what} | {:.0} | {:.3} | {:.1} | {:.1} |",
            load.rate,
            load.rate / bare.rate,
            load.p99_ms,
            load.cpu_us,
        ));
    }

    /// A figure that has a bound.
    pub fn bound(&mut self, what: &str, figure: f64, unit: &str, bound: Bound) {
        let verdict = bound.verdict(figure);
        if verdict == "under hold" {
            self.under_hold.push(format!("{what}: {figure:.3} {unit}"));
        }
        self.bounds.push(format!(
            "| {what} | {} | {} | {} | {verdict} |",
            legible(figure, unit),
            legible(bound.hold, unit),
            legible(bound.aim, unit),
        ));
    }

    /// A figure that is only told.
    pub fn note(&mut self, what: &str, figure: f64, unit: &str) {
        self.notes
            .push(format!("| {what} | {} |", legible(figure, unit)));
    }

    /// Milliseconds that a page took: the first load, the median, the 95th percentile.
    pub fn page(&mut self, what: &str, [first, median, p95]: [f64; 3]) {
        let row = format!("| {what} | {first:.1} | {median:.1} | {p95:.1} |");
        self.pages.push(row);
    }

    /// Prints the tables in Markdown.
    pub fn print(&self) {
        println!("\n| figure | measured | hold | aim | reaches |");
        println!(
            "| --- | ---: | ---: | ---: | --- |\n{}",
            self.bounds.join("\n")
        );
        if !self.pages.is_empty() {
            println!("\n| page | first | median | p95 |");
            println!("| --- | ---: | ---: | ---: |\n{}\n", self.pages.join("\n"));
            return;
        }
        println!("\n| load | requests/s | to bare axum | p99 in ms | CPU in us |");
        println!(
            "| --- | ---: | ---: | ---: | ---: |\n{}",
            self.rates.join("\n")
        );
        println!(
            "\n| what | figure |\n| --- | ---: |\n{}\n",
            self.notes.join("\n")
        );
    }

    /// Counts a failure for each figure under its hold.
    pub fn judge(&self, tally: &mut Tally) {
        for figure in &self.under_hold {
            tally.failed += 1;
            tally.failures.push(Failure {
                step: format!("under hold: {figure}"),
                last: Vec::new(),
            });
        }
    }
}

fn legible(figure: f64, unit: &str) -> String {
    let digits = match figure.abs() {
        small if small < 1.0 => 3,
        ratio if unit.is_empty() && ratio < 10.0 => 2,
        middle if middle < 100.0 => 1,
        _ => 0,
    };
    format!("{figure:.digits$} {unit}").trim_end().to_owned()
}

/// A count as a number to calculate with; counts here are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_figure_under_its_hold_fails() {
        let mut figures = Figures::default();
        figures.bound("ratio", 0.3, "", Bound::at_least(0.25, 0.45));
        figures.bound("memory", 15.0, "MiB", Bound::at_most(40.0, 15.0));
        let mut tally = Tally::default();
        figures.judge(&mut tally);
        assert_eq!(tally, Tally::default());
        assert_eq!(
            figures.bounds[0],
            "| ratio | 0.300 | 0.250 | 0.450 | hold |"
        );
        assert!(figures.bounds[1].ends_with("| aim |"));
        figures.bound("p99", 11.0, "ms", Bound::at_most(10.0, 3.0));
        figures.judge(&mut tally);
        assert_eq!(tally.failed, 1);
    }
}

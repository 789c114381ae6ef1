//! Lines of the drawing: as few points as show the same, and how much of one a car has driven.

use super::frame::Point;

/// A point nearer to the last one is left out.
const NEAR: f64 = 2.5;
/// How far from its line a car may seem to be: roads are drawn with fewer points than it drives.
const BESIDE: f64 = 6.0;

/// A coordinate as it is written: one decimal at most.
pub(crate) fn coordinate(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// The line without points that nobody could tell apart; its ends stay.
pub(crate) fn thinned(points: impl IntoIterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut last = None;
    for point in points {
        last = Some(point);
        if kept.last().is_none_or(|before| gap(*before, point) >= NEAR) {
            kept.push(point);
        }
    }
    if let Some(last) = last
        && kept.last() != Some(&last)
    {
        kept.push(last);
    }
    kept
}

/// The line as a path.
pub(crate) fn path(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{} {}", coordinate(*x), coordinate(*y)));
    }
    path
}

/// Which share of the line lies behind a car at `point`. A line may come by the same place twice:
/// of those the one nearest to `about`, the share of the way, is meant.
pub(crate) fn share_behind(points: &[Point], point: Point, about: f64) -> f64 {
    let whole: f64 = points.windows(2).map(|pair| gap(pair[0], pair[1])).sum();
    if whole <= 0.0 {
        return about;
    }
    let mut behind = 0.0;
    let mut found: Option<f64> = None;
    for pair in points.windows(2) {
        let length = gap(pair[0], pair[1]);
        let (along, beside) = foot(pair[0], pair[1], point);
        let share = (behind + along * length) / whole;
        let is_nearer = found.is_none_or(|found| (share - about).abs() < (found - about).abs());
        if beside <= BESIDE && is_nearer {
            found = Some(share);
        }
        behind += length;
    }
    found.unwrap_or(about).clamp(0.0, 1.0)
}

/// Where between `from` and `to` a point is nearest to them, as a share, and how far beside.
fn foot(from: Point, to: Point, point: Point) -> (f64, f64) {
    let (east, south) = (to.0 - from.0, to.1 - from.1);
    let square = east * east + south * south;
    let along = if square > 0.0 {
        ((point.0 - from.0) * east + (point.1 - from.1) * south) / square
    } else {
        0.0
    };
    let along = along.clamp(0.0, 1.0);
    let nearest = (from.0 + along * east, from.1 + along * south);
    (along, gap(nearest, point))
}

fn gap(from: Point, to: Point) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_short() {
        let points = thinned([(0.0, 0.0), (0.4, 2.3), (10.04, 5.0), (10.5, 5.2)]);
        assert_eq!(path(&points), "M0 0L10 5L10.5 5.2");
        assert_eq!(coordinate(-0.04), "0");
        assert_eq!(thinned([]), []);
        assert_eq!(thinned([(1.0, 1.0)]), [(1.0, 1.0)]);
    }

    #[test]
    fn a_car_is_where_its_way_says_also_when_the_line_comes_back() {
        let there_and_back = [(0.0, 0.0), (100.0, 0.0), (0.0, 2.0)];
        let share = |about| share_behind(&there_and_back, (50.0, 1.0), about);
        assert!((share(0.2) - 0.25).abs() < 0.01, "{}", share(0.2));
        assert!((share(0.8) - 0.75).abs() < 0.01, "{}", share(0.8));
        // Nowhere near: what the way says.
        assert!((share_behind(&there_and_back, (50.0, 90.0), 0.4) - 0.4).abs() < 1e-9);
        assert!((share_behind(&[(1.0, 1.0)], (1.0, 1.0), 0.7) - 0.7).abs() < 1e-9);
    }
}

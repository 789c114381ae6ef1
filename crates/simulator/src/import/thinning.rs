//! Leaves out the points of a line that matter least to its shape.
//!
//! Source: Visvalingam and Whyatt, "Line generalisation by repeated elimination of points", 1993:
//! again and again, the point goes whose triangle with its neighbours is the smallest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::track::TrackPoint;
use crate::world::geometry::way;

/// Most points of a route.
pub(super) const MOST_KEPT: usize = 2000;

/// A point that may go. Whole square centimetres, so that they can be compared.
type Candidate = Reverse<(u64, usize)>;

/// Indices of the points that stay, in order; the first and the last always do. Points with a
/// triangle below `least`, in square metres, go even when there are few.
pub(super) fn kept(points: &[TrackPoint], least: f64) -> Vec<usize> {
    let count = points.len();
    if count < 3 {
        return (0..count).collect();
    }
    let least = square_centimetres(least);
    let mut before: Vec<usize> = (0..count).map(|index| index.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (1..=count).collect();
    let mut areas = vec![0; count];
    let mut gone = vec![false; count];
    let mut heap: BinaryHeap<Candidate> = BinaryHeap::with_capacity(count);
    for (index, own) in areas.iter_mut().enumerate().take(count - 1).skip(1) {
        *own = area(points, index - 1, index, index + 1);
        heap.push(Reverse((*own, index)));
    }
    let mut left = count;
    while let Some(Reverse((area_then, index))) = heap.pop() {
        if left <= MOST_KEPT && area_then >= least {
            break;
        }
        // A candidate whose neighbours have changed since stands further up with its new area.
        if gone[index] || areas[index] != area_then {
            continue;
        }
        gone[index] = true;
        left -= 1;
        let (previous, next) = (before[index], after[index]);
        after[previous] = next;
        before[next] = previous;
        for neighbour in [previous, next] {
            if neighbour != 0 && neighbour != count - 1 {
                let now = area(points, before[neighbour], neighbour, after[neighbour]);
                // Never below what went already, or one bend would be eaten up from one end.
                areas[neighbour] = now.max(area_then);
                heap.push(Reverse((areas[neighbour], neighbour)));
            }
        }
    }
    (0..count).filter(|index| !gone[*index]).collect()
}

/// Area of a triangle as it lies on the map, and of the same as it stands over its longest side,
/// so that the top of a straight hill matters too.
fn area(points: &[TrackPoint], a: usize, b: usize, c: usize) -> u64 {
    let (east, north) = way(points[a].position, points[b].position);
    let (other_east, other_north) = way(points[a].position, points[c].position);
    let lying = (east * other_north - north * other_east).abs();
    let base = (other_east * other_east + other_north * other_north).sqrt();
    let gone = (east * east + north * north).sqrt();
    let up = |index: usize| points[index].elevation.unwrap_or_default();
    let standing = ((up(b) - up(a)) * base - (up(c) - up(a)) * gone).abs();
    square_centimetres(f64::midpoint(lying, standing))
}

fn square_centimetres(square_metres: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; no triangle on earth comes near 2^64 square centimetres"
    )]
    let area = (square_metres * 1e4) as u64;
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(north: f64, east: f64) -> TrackPoint {
        TrackPoint {
            position: (north, east),
            elevation: None,
            time: None,
        }
    }

    #[test]
    fn a_corner_stays_and_straight_stretches_go() {
        let count: u32 = 3000;
        let points: Vec<TrackPoint> = (0..count)
            .map(|index| {
                let along = f64::from(index) * 1e-4;
                if index < 1500 {
                    at(along, 0.0)
                } else {
                    at(0.15, along - 0.15)
                }
            })
            .collect();
        let kept = kept(&points, 0.0);
        assert_eq!(kept.len(), MOST_KEPT);
        assert_eq!((kept[0], kept[MOST_KEPT - 1]), (0, 2999));
        assert!(kept.contains(&1500));
        assert!(kept.is_sorted());
    }

    #[test]
    fn a_short_line_stays_as_it_is() {
        let points: Vec<TrackPoint> = (0..5).map(|index| at(f64::from(index), 0.0)).collect();
        assert_eq!(kept(&points, 0.0), [0, 1, 2, 3, 4]);
        assert_eq!(kept(&points, 1.0), [0, 4]);
        assert_eq!(kept(&points[..1], 1.0), [0]);
    }

    #[test]
    fn the_top_of_a_straight_hill_stays() {
        let mut points: Vec<TrackPoint> = (0..5)
            .map(|index| at(f64::from(index) * 1e-2, 0.0))
            .collect();
        points[2].elevation = Some(30.0);
        assert_eq!(kept(&points, 20.0), [0, 1, 2, 3, 4]);
        points[2].elevation = None;
        assert_eq!(kept(&points, 20.0), [0, 4]);
    }
}

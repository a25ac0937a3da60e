//! Curves through points of which some are wrong.

/// The highest power of a curve, plus one.
const TERMS: usize = 4;

/// A polynomial in a variable that is scaled to about -1 to 1 over the points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    middle: f32,
    reach: f32,
    factors: [f64; TERMS],
}

impl Curve {
    /// The curve of `terms` terms (1 to 4) that most points of `points` lie near; `near` is how far a point may lie
    /// and still count.
    pub(super) fn through(points: &[(f32, f32)], terms: usize, near: f32) -> Option<Self> {
        let terms = terms.min(TERMS);
        if points.len() < terms.max(2) {
            return None;
        }
        let low = points.iter().map(|p| p.0).fold(f32::INFINITY, f32::min);
        let high = points.iter().map(|p| p.0).fold(f32::NEG_INFINITY, f32::max);
        let mut curve = Self {
            middle: (low + high) / 2.0,
            reach: ((high - low) / 2.0).max(1.0),
            factors: [0.0; TERMS],
        };
        let mut weights = vec![1.0; points.len()];
        // From all points to those near the curve, closing in.
        for round in 0..6_u8 {
            curve.factors = curve.solved(points, &weights, terms)?;
            let tolerance = f64::from(near) * f64::from(6 - round.min(5));
            for (weight, point) in weights.iter_mut().zip(points) {
                let off = f64::from(point.1 - curve.at(point.0)) / tolerance;
                *weight = if off.abs() < 1.0 {
                    (1.0 - off * off).powi(2)
                } else {
                    1e-6
                };
            }
        }
        Some(curve)
    }

    #[expect(clippy::cast_possible_truncation, reason = "positions in a picture")]
    pub(super) fn at(&self, x: f32) -> f32 {
        let x = f64::from((x - self.middle) / self.reach);
        self.factors
            .iter()
            .rev()
            .fold(0.0, |sum, factor| sum * x + factor) as f32
    }

    /// How fast it rises.
    pub(super) fn slope(&self, x: f32) -> f32 {
        self.at(x + 0.5) - self.at(x - 0.5)
    }

    /// Weighted least squares by elimination with pivots.
    fn solved(&self, points: &[(f32, f32)], weights: &[f64], terms: usize) -> Option<[f64; TERMS]> {
        let mut rows = [[0.0_f64; TERMS + 1]; TERMS];
        for (point, weight) in points.iter().zip(weights) {
            let x = f64::from((point.0 - self.middle) / self.reach);
            let powers = [1.0, x, x * x, x * x * x];
            for row in 0..terms {
                for column in 0..terms {
                    rows[row][column] += weight * powers[row] * powers[column];
                }
                rows[row][TERMS] += weight * powers[row] * f64::from(point.1);
            }
        }
        for at in 0..terms {
            let pivot = (at..terms).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
            rows.swap(at, pivot);
            if rows[at][at].abs() < 1e-9 {
                return None;
            }
            let lead = rows[at];
            for row in rows.iter_mut().take(terms).skip(at + 1) {
                let share = row[at] / lead[at];
                for (value, above) in row.iter_mut().zip(lead) {
                    *value -= share * above;
                }
            }
        }
        let mut factors = [0.0; TERMS];
        for at in (0..terms).rev() {
            let known: f64 = (at + 1..terms)
                .map(|column| rows[at][column] * factors[column])
                .sum();
            factors[at] = (rows[at][TERMS] - known) / rows[at][at];
        }
        Some(factors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_wrong_points_do_not_bend_a_curve() {
        let at = |n: u8| {
            (
                f32::from(n),
                3.0 + 2.0 * f32::from(n) - 0.01 * f32::from(n).powi(2),
            )
        };
        let mut points: Vec<(f32, f32)> = (0..40).map(at).collect();
        for wrong in [3, 17, 31] {
            points[wrong].1 += 40.0;
        }
        let curve = Curve::through(&points, 3, 1.0).unwrap();
        for n in 0..40 {
            let (x, y) = at(n);
            assert!((curve.at(x) - y).abs() < 0.3, "{n}: {} {y}", curve.at(x));
        }
    }

    #[test]
    fn points_that_fix_no_curve_have_none() {
        assert!(Curve::through(&[(1.0, 1.0)], 2, 1.0).is_none());
        assert!(Curve::through(&[(1.0, 1.0); 9], 3, 1.0).is_none());
    }
}

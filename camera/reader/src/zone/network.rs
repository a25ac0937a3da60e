//! The network that names one character: three convolutions and two matrices, trained by `camera/reader/training`.
//!
//! It sees one cell of the zone as 32 × 24 brightnesses, 20 to a pitch, and answers the logarithm of the probability
//! of each of the 37 characters and of "no character of a zone".

use std::sync::LazyLock;

/// Rows and columns of a cell.
pub(super) const ROWS: usize = 32;
pub(super) const COLUMNS: usize = 24;
/// Pixels of a cell to one pitch.
pub(super) const PITCH: f32 = 20.0;
/// The classes in the order of the training: letters, digits, filler, and none of them.
pub(super) const CLASSES: &[u8; 38] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<\0";

/// Channels between the convolutions; each is followed by a halving of both sides.
const FIRST: usize = 16;
const SECOND: usize = 24;
const THIRD: usize = 48;
const FLAT: usize = (ROWS / 8) * (COLUMNS / 8) * THIRD;
const HIDDEN: usize = 96;

/// Little-endian `f32`, in the order that `train.py` writes.
static WEIGHTS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let (numbers, _) = include_bytes!("weights.bin").as_chunks::<4>();
    numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
});

/// The logarithms of probabilities, in the order of [`CLASSES`].
pub(super) type Scores = [f32; CLASSES.len()];

/// Names the character of one cell.
pub(super) fn name(cell: &[f32; ROWS * COLUMNS]) -> Scores {
    let mut rest = WEIGHTS.as_slice();
    let mut take = |count: usize| {
        let (taken, after) = rest.split_at(count);
        rest = after;
        taken
    };
    let one = halved::<FIRST>(
        &convolved::<1, FIRST>(cell, ROWS, COLUMNS, take(9 * FIRST), take(FIRST)),
        COLUMNS,
    );
    let (rows, columns) = (ROWS / 2, COLUMNS / 2);
    let two = convolved::<FIRST, SECOND>(&one, rows, columns, take(9 * FIRST * SECOND), take(SECOND));
    let two = halved::<SECOND>(&two, columns);
    let (rows, columns) = (rows / 2, columns / 2);
    let three = convolved::<SECOND, THIRD>(&two, rows, columns, take(9 * SECOND * THIRD), take(THIRD));
    let three = halved::<THIRD>(&three, columns);
    let mut hidden = product::<HIDDEN>(&three, take(FLAT * HIDDEN), take(HIDDEN));
    for value in &mut hidden {
        *value = value.max(0.0);
    }
    let scores = product::<{ CLASSES.len() }>(&hidden, take(HIDDEN * CLASSES.len()), take(CLASSES.len()));
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = scores.iter().map(|score| (score - most).exp()).sum();
    scores.map(|score| score - most - sum.ln())
}

/// A 3 × 3 convolution with zeros around, and what is below zero cut off; the channels of a pixel lie together.
fn convolved<const FROM: usize, const TO: usize>(
    pixels: &[f32],
    rows: usize,
    columns: usize,
    weights: &[f32],
    biases: &[f32],
) -> Vec<f32> {
    let mut out = vec![0.0; rows * columns * TO];
    let (pixels, _) = pixels.as_chunks::<FROM>();
    let (taps, _) = weights.as_chunks::<TO>();
    for (at, to) in out.chunks_exact_mut(TO).enumerate() {
        let (row, column) = (at / columns, at % columns);
        let mut sums = [0.0_f32; TO];
        sums.copy_from_slice(biases);
        for down in 0..3 {
            let Some(y) = (row + down).checked_sub(1).filter(|y| *y < rows) else {
                continue;
            };
            for right in 0..3 {
                let Some(x) = (column + right).checked_sub(1).filter(|x| *x < columns) else {
                    continue;
                };
                let tap = &taps[(down * 3 + right) * FROM..][..FROM];
                for (value, row) in pixels[y * columns + x].iter().zip(tap) {
                    for (sum, weight) in sums.iter_mut().zip(row) {
                        *sum += value * weight;
                    }
                }
            }
        }
        to.copy_from_slice(&sums.map(|sum| sum.max(0.0)));
    }
    out
}

/// The largest of each four pixels.
fn halved<const CHANNELS: usize>(pixels: &[f32], columns: usize) -> Vec<f32> {
    let (pixels, _) = pixels.as_chunks::<CHANNELS>();
    let mut out = Vec::with_capacity(pixels.len() * CHANNELS / 4);
    for rows in pixels.chunks_exact(2 * columns) {
        for x in (0..columns).step_by(2) {
            let four = [rows[x], rows[x + 1], rows[columns + x], rows[columns + x + 1]];
            out.extend((0..CHANNELS).map(|c| four.iter().fold(0.0_f32, |most, pixel| most.max(pixel[c]))));
        }
    }
    out
}

fn product<const TO: usize>(from: &[f32], weights: &[f32], biases: &[f32]) -> [f32; TO] {
    let mut sums = [0.0; TO];
    sums.copy_from_slice(biases);
    let (rows, _) = weights.as_chunks::<TO>();
    for (value, row) in from.iter().zip(rows).filter(|(value, _)| **value != 0.0) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += value * weight;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_as_many_as_the_network_has() {
        let layers = [
            (9, FIRST),
            (9 * FIRST, SECOND),
            (9 * SECOND, THIRD),
            (FLAT, HIDDEN),
            (HIDDEN, CLASSES.len()),
        ];
        let count: usize = layers.iter().map(|(from, to)| (from + 1) * to).sum();
        assert_eq!(WEIGHTS.len(), count);
        assert!(WEIGHTS.iter().all(|weight| weight.is_finite()));
    }

    #[test]
    fn probabilities_sum_up_to_one_and_an_empty_cell_is_no_character() {
        let scores = name(&[0.0; ROWS * COLUMNS]);
        let sum: f32 = scores.iter().map(|score| score.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        let best = (0..CLASSES.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        assert_eq!(best.map(|class| CLASSES[class]), Some(b'\0'));
    }
}

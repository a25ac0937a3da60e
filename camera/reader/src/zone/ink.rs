//! Dark marks on lighter ground: what is darker than its surroundings, in connected pieces.

use super::level::Level;

/// The side of the square that a pixel is held against, in pixels.
const AROUND: usize = 33;
/// Heights of the marks that may be characters, in pixels; larger ones are found on a coarser level.
const HEIGHTS: std::ops::RangeInclusive<usize> = 6..=32;
const WIDEST: usize = 34;
/// More marks than a page of print has; a level with more is noise.
const MOST: usize = 40_000;

/// A connected mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// The middle of its box.
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// The marks of one level that have the size of characters, from left to right.
pub(super) fn marks(level: &Level) -> Vec<Mark> {
    let dark = dark(level);
    let mut marks = pieces(&dark, level.width());
    if marks.len() > MOST {
        return Vec::new();
    }
    marks.sort_by(|a, b| a.x.total_cmp(&b.x));
    marks
}

/// Darker than the mean around by a share of the mean deviation around.
fn dark(level: &Level) -> Vec<bool> {
    let (width, height) = (level.width(), level.height());
    let smooth = smoothed(level);
    let mean = mean(&smooth, width, height);
    let deviation: Vec<u8> = smooth
        .iter()
        .zip(&mean)
        .map(|(pixel, mean)| pixel.abs_diff(*mean))
        .collect();
    let deviation = self::mean(&deviation, width, height);
    let is_dark = |((pixel, mean), deviation): ((&u8, &u8), &u8)| {
        u16::from(*pixel) * 5 + u16::from(*deviation).max(6) * 3 < u16::from(*mean) * 5
    };
    smooth.iter().zip(&mean).zip(&deviation).map(is_dark).collect()
}

/// One, two, one in both directions: single pixels of noise go.
fn smoothed(level: &Level) -> Vec<u8> {
    let (width, height) = (level.width(), level.height());
    let pixels = level.pixels();
    let mut across = vec![0_u16; pixels.len()];
    for (from, to) in pixels.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for x in 0..width {
            let (left, right) = (from[x.saturating_sub(1)], from[(x + 1).min(width - 1)]);
            to[x] = u16::from(left) + 2 * u16::from(from[x]) + u16::from(right);
        }
    }
    let mut out = Vec::with_capacity(pixels.len());
    for y in 0..height {
        let row = |y: usize| &across[y * width..][..width];
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        let pixel = |x: usize| u8::try_from((above[x] + 2 * here[x] + below[x]) / 16).unwrap_or(u8::MAX);
        out.extend((0..width).map(pixel));
    }
    out
}

/// The mean of the square around each pixel, as far as it lies in the picture.
fn mean(pixels: &[u8], width: usize, height: usize) -> Vec<u8> {
    let wide = width + 1;
    // A level has at most 12 million pixels, whose sum fits.
    let mut sums = vec![0_u32; wide * (height + 1)];
    for y in 0..height {
        let mut row = 0_u32;
        for x in 0..width {
            row += u32::from(pixels[y * width + x]);
            sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1] + row;
        }
    }
    let reach = AROUND / 2;
    let mut out = Vec::with_capacity(pixels.len());
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let plus = sums[bottom * wide + right].wrapping_add(sums[top * wide + left]);
            let minus = sums[top * wide + right].wrapping_add(sums[bottom * wide + left]);
            let area = ((bottom - top) * (right - left)).max(1);
            let mean = plus.wrapping_sub(minus) as usize / area;
            out.push(u8::try_from(mean).unwrap_or(u8::MAX));
        }
    }
    out
}

/// The box of a piece: left, top, right, bottom, and its pixels.
#[derive(Clone, Copy)]
struct Piece {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    area: usize,
}

/// A stretch of dark pixels in one row.
struct Run {
    left: usize,
    right: usize,
    piece: usize,
}

/// Pieces that touch by side or corner, of the size of characters.
fn pieces(dark: &[bool], width: usize) -> Vec<Mark> {
    let mut parents: Vec<usize> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut above: Vec<Run> = Vec::new();
    for (y, row) in dark.chunks_exact(width).enumerate() {
        let mut here: Vec<Run> = Vec::new();
        let mut passed = 0;
        let mut x = 0;
        while x < width {
            if !row[x] {
                x += 1;
                continue;
            }
            let left = x;
            while x < width && row[x] {
                x += 1;
            }
            let piece = parents.len();
            parents.push(piece);
            pieces.push(Piece {
                left,
                top: y,
                right: x - 1,
                bottom: y,
                area: x - left,
            });
            while passed < above.len() && above[passed].right + 1 < left {
                passed += 1;
            }
            for run in above[passed..].iter().take_while(|run| run.left <= x) {
                join(&mut parents, run.piece, piece);
            }
            here.push(Run {
                left,
                right: x - 1,
                piece,
            });
        }
        above = here;
    }
    let mut whole: Vec<Option<Piece>> = vec![None; pieces.len()];
    for (index, piece) in pieces.iter().enumerate() {
        let root = root(&mut parents, index);
        whole[root] = Some(whole[root].map_or(*piece, |sum| Piece {
            left: sum.left.min(piece.left),
            top: sum.top.min(piece.top),
            right: sum.right.max(piece.right),
            bottom: sum.bottom.max(piece.bottom),
            area: sum.area + piece.area,
        }));
    }
    whole
        .into_iter()
        .flatten()
        .filter_map(|piece| mark(&piece))
        .collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn join(parents: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parents, one), root(parents, other));
    parents[one.max(other)] = one.min(other);
}

#[expect(clippy::cast_precision_loss, reason = "sides are below 10 000")]
fn mark(piece: &Piece) -> Option<Mark> {
    let (width, height) = (piece.right - piece.left + 1, piece.bottom - piece.top + 1);
    let is_character = HEIGHTS.contains(&height)
        && (2..=WIDEST).contains(&width)
        && width <= 2 * height
        && piece.area >= height
        && piece.area * 10 <= width * height * 9 + 20;
    is_character.then_some(Mark {
        x: (piece.left + piece.right) as f32 / 2.0,
        y: (piece.top + piece.bottom) as f32 / 2.0,
        width: width as f32,
        height: height as f32,
    })
}

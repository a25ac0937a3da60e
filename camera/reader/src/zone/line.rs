//! Lines of characters at one pitch: marks in a row, numbered by columns, and the curve on which they stand.

use super::fit::Curve;
use super::ink::Mark;
use super::level::Level;
use super::network::{self, COLUMNS, PITCH, ROWS, Scores};

/// Marks that follow each other make the beginning of a line.
const BEGINNING: usize = 6;
/// Marks without which no line of 30 is believed.
const FEWEST: usize = 16;
/// More lines than a document has.
const MOST_LINES: usize = 24;
/// More columns than any line has, damage and neighbours included.
const MOST_COLUMNS: f32 = 70.0;
/// What the height of a mark is to the pitch, in the mean over OCR-B.
const HEIGHT: f32 = 1.0;

/// A point or a direction, in pixels of its level.
pub(super) type Point = (f32, f32);

/// A line: for each column the middle of its cell, counted from the first mark.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The direction of the line, of length 1.
    along: Point,
    /// How far along and across the columns are.
    reach: Curve,
    rise: Curve,
    /// The pitch that the heights of the marks stand for.
    tall: f32,
    /// The marks by column, with their heights.
    marks: Vec<(i32, f32)>,
    /// Where the columns of one line stand over those of the next, as a direction down; upright without.
    down: Option<Point>,
}

/// The lines among the marks of a level, which come from left to right; the longest first.
pub(super) fn lines(marks: &[Mark]) -> Vec<Line> {
    let mut used = vec![false; marks.len()];
    let mut found = Vec::new();
    for chain in chains(marks) {
        if found.len() == MOST_LINES {
            break;
        }
        if chain.iter().any(|index| used[*index]) {
            continue;
        }
        let members = gathered(marks, &chain, &used);
        if members.len() < FEWEST {
            continue;
        }
        if let Some(line) = Line::through(marks, &members) {
            for index in &members {
                used[*index] = true;
            }
            found.push(line);
        }
    }
    found
}

/// Marks that are each other's nearest to the right and to the left, in long rows.
fn chains(marks: &[Mark]) -> Vec<Vec<usize>> {
    let mut right: Vec<Option<usize>> = vec![None; marks.len()];
    let mut left: Vec<Option<(usize, f32)>> = vec![None; marks.len()];
    for (index, mark) in marks.iter().enumerate() {
        let mut best: Option<(usize, f32)> = None;
        for (other, next) in marks.iter().enumerate().skip(index + 1) {
            let (dx, dy) = (next.x - mark.x, next.y - mark.y);
            if dx > 3.2 * mark.height {
                break;
            }
            let ratio = next.height / mark.height;
            let fits = dx > 0.6 * mark.height && dy.abs() < 0.4 * dx && (0.62..1.6).contains(&ratio);
            let far = dx * dx + 9.0 * dy * dy;
            if fits && best.is_none_or(|(_, least)| far < least) {
                best = Some((other, far));
            }
        }
        if let Some((other, far)) = best {
            right[index] = Some(other);
            if left[other].is_none_or(|(_, least)| far < least) {
                left[other] = Some((index, far));
            }
        }
    }
    let is_link = |from: usize, to: usize| left[to].is_some_and(|(back, _)| back == from);
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for (start, before) in left.iter().enumerate() {
        if before.is_some_and(|(back, _)| right[back] == Some(start)) {
            continue;
        }
        let mut chain = vec![start];
        let mut at = start;
        while let Some(next) = right[at].filter(|next| is_link(at, *next)) {
            chain.push(next);
            at = next;
        }
        if chain.len() >= BEGINNING {
            chains.push(chain);
        }
    }
    chains.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
    chains
}

/// The marks on the line of a chain, from left to right, over gaps too.
fn gathered(marks: &[Mark], chain: &[usize], used: &[bool]) -> Vec<usize> {
    let mut members = chain.to_vec();
    for terms in [2, 2, 3] {
        let points: Vec<Point> = members
            .iter()
            .map(|index| (marks[*index].x, marks[*index].y))
            .collect();
        let height = median(members.iter().map(|index| marks[*index].height));
        let Some(curve) = Curve::through(&points, terms, 0.15 * height) else {
            return Vec::new();
        };
        let (first, last) = (points[0].0, points[points.len() - 1].0);
        let far = 9.0 * height;
        members = (0..marks.len())
            .filter(|index| {
                let mark = marks[*index];
                !used[*index]
                    && mark.x > first - far
                    && mark.x < last + far
                    && (0.6..1.45).contains(&(mark.height / height))
                    && (mark.y - curve.at(mark.x)).abs() < 0.4 * height
            })
            .collect();
        if members.len() < BEGINNING {
            return Vec::new();
        }
    }
    members
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    quantile(values, 0.5)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a length"
)]
fn quantile(values: impl Iterator<Item = f32>, share: f32) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    let at = (values.len().saturating_sub(1)) as f32 * share;
    values.get(at.round() as usize).copied().unwrap_or_default()
}

impl Line {
    fn through(marks: &[Mark], members: &[usize]) -> Option<Self> {
        let points: Vec<Point> = members
            .iter()
            .map(|index| (marks[*index].x, marks[*index].y))
            .collect();
        let heights = || members.iter().map(|index| marks[*index].height);
        let level = Curve::through(&points, 2, 0.15 * median(heights()))?;
        let (first, last) = (points.first()?.0, points.last()?.0);
        let direction = (last - first, level.at(last) - level.at(first));
        let length = direction.0.hypot(direction.1);
        let along = (direction.0 / length, direction.1 / length);
        let turned = |p: Point| (p.0 * along.0 + p.1 * along.1, p.1 * along.0 - p.0 * along.1);
        let mut placed: Vec<(Point, f32)> = members
            .iter()
            .map(|index| {
                let mark = marks[*index];
                // The box of a turned mark is higher than the mark.
                let height = (mark.height - along.1.abs() * mark.width) / along.0.max(0.5);
                (turned((mark.x, mark.y)), height.max(1.0))
            })
            .collect();
        placed.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
        let height = quantile(placed.iter().map(|mark| mark.1), 0.6);
        let gaps = placed.windows(2).map(|two| two[1].0.0 - two[0].0.0);
        let pitch = median(gaps.filter(|gap| (0.75 * height..1.6 * height).contains(gap)));
        if pitch <= 0.0 {
            return None;
        }
        let ways = [1.0, 0.93, 1.07]
            .into_iter()
            .filter_map(|share| columns(&placed, pitch, share));
        let (reach, columns, _) = ways.max_by(|a, b| a.2.total_cmp(&b.2))?;
        let pairs: Vec<Point> = columns
            .iter()
            .map(|(column, at)| (*column, placed[*at].0.1))
            .collect();
        let rise = Curve::through(&pairs, 3, 0.1 * pitch)?;
        let heights = columns.iter().map(|(_, at)| placed[*at].1);
        Some(Self {
            along,
            reach,
            rise,
            tall: quantile(heights, 0.6) / HEIGHT,
            marks: columns
                .iter()
                .map(|(column, at)| (whole(*column), placed[*at].1))
                .collect(),
            down: None,
        })
    }

    /// The columns of the first and the last mark.
    pub(super) fn columns(&self) -> (i32, i32) {
        let all = self.marks.iter().map(|mark| mark.0);
        (all.clone().min().unwrap_or(0), all.max().unwrap_or(0))
    }

    /// The middle of a cell.
    #[expect(clippy::cast_precision_loss, reason = "a column is below 100")]
    pub(super) fn middle(&self, column: i32) -> Point {
        let column = column as f32;
        let (s, t) = (self.reach.at(column), self.rise.at(column));
        (
            s * self.along.0 - t * self.along.1,
            s * self.along.1 + t * self.along.0,
        )
    }

    /// From one cell to the next.
    #[expect(clippy::cast_precision_loss, reason = "a column is below 100")]
    pub(super) fn step(&self, column: i32) -> Point {
        let column = column as f32;
        let (s, t) = (self.reach.slope(column), self.rise.slope(column));
        (
            s * self.along.0 - t * self.along.1,
            s * self.along.1 + t * self.along.0,
        )
    }

    /// The same line with the slant that the lines of a zone have over each other.
    pub(super) fn leaning(mut self, down: Point) -> Self {
        let length = down.0.hypot(down.1);
        if length > 0.0 {
            self.down = Some((down.0 / length, down.1 / length));
        }
        self
    }

    /// The same line as high as its marks are for the characters that they were read as.
    pub(super) fn fitted(mut self, named: impl Fn(i32) -> Option<u8>) -> Self {
        let ratios: Vec<f32> = self
            .marks
            .iter()
            .filter_map(|(column, height)| {
                let share = match named(*column)? {
                    b'<' => 0.87,
                    b'0'..=b'9' => 1.085,
                    _ => 1.0,
                };
                Some(height / share)
            })
            .collect();
        if ratios.len() >= 8 {
            self.tall = median(ratios.into_iter());
        }
        self
    }

    /// What stands in a column.
    #[expect(clippy::cast_precision_loss, reason = "a cell is a few pixels wide")]
    pub(super) fn named(&self, level: &Level, column: i32) -> Scores {
        let (middle, step) = (self.middle(column), self.step(column));
        let pitch = step.0.hypot(step.1).max(1.0);
        let upright = (-step.1 / pitch, step.0 / pitch);
        let down = self.down.unwrap_or(upright);
        // A slanted stroke is as high over the line as an upright one.
        let over = (down.0 * upright.0 + down.1 * upright.1).max(0.7);
        let down = (down.0 * self.tall / over, down.1 * self.tall / over);
        let mut cell = [0.0; ROWS * COLUMNS];
        for (at, pixel) in cell.iter_mut().enumerate() {
            let right = ((at % COLUMNS) as f32 + 0.5 - COLUMNS as f32 / 2.0) / PITCH;
            let below = ((at / COLUMNS) as f32 + 0.5 - ROWS as f32 / 2.0) / PITCH;
            let x = middle.0 + right * step.0 + below * down.0;
            let y = middle.1 + right * step.1 + below * down.1;
            *pixel = level.at(x, y);
        }
        let mean = cell.iter().sum::<f32>() / cell.len() as f32;
        let variance = cell.iter().map(|pixel| (pixel - mean).powi(2)).sum::<f32>() / cell.len() as f32;
        let deviation = variance.sqrt() + 4.0;
        network::name(&cell.map(|pixel| (pixel - mean) / deviation))
    }
}

/// Marks by column.
type Columns = Vec<(f32, usize)>;

/// The columns of marks by the curve that they stand on, and how many stand well on it; the pitch to walk at may be a
/// share of what the gaps say.
fn columns(placed: &[(Point, f32)], pitch: f32, share: f32) -> Option<(Curve, Columns, f32)> {
    let mut columns = numbered(placed, pitch, share)?;
    let mut last = None;
    // A straight start would count columns wrong where perspective bends the pitch.
    for (terms, near) in [(3, 0.25), (4, 0.15), (4, 0.1)] {
        let pairs: Vec<Point> = columns
            .iter()
            .map(|(column, at)| (*column, placed[*at].0.0))
            .collect();
        let reach = Curve::through(&pairs, terms, near * pitch)?;
        columns = renumbered(placed, &reach);
        if columns.len() < FEWEST {
            return None;
        }
        last = Some(reach);
    }
    let reach = last?;
    let off = |(column, at): &(f32, usize)| (placed[*at].0.0 - reach.at(*column)) / (0.24 * pitch);
    let well = columns.iter().map(|one| 1.0 - off(one).powi(2).min(1.0)).sum();
    Some((reach, columns, well))
}

/// Marks by column, walking from the first to the last at the pitch of the gaps around.
fn numbered(placed: &[(Point, f32)], pitch: f32, share: f32) -> Option<Columns> {
    let gaps: Vec<f32> = placed.windows(2).map(|two| two[1].0.0 - two[0].0.0).collect();
    let around = |at: usize| {
        let near = &gaps[at.saturating_sub(8)..(at + 8).min(gaps.len())];
        let single = near
            .iter()
            .copied()
            .filter(|gap| (0.7 * pitch..1.4 * pitch).contains(gap));
        let here = median(single);
        if here > 0.0 { here * share } else { pitch * share }
    };
    let mut columns = vec![(0.0, 0)];
    for at in 1..placed.len() {
        let (column, last) = *columns.last()?;
        let steps = ((placed[at].0.0 - placed[last].0.0) / around(at)).round();
        if steps >= 1.0 {
            columns.push((column + steps, at));
        }
    }
    let (last, _) = *columns.last()?;
    (last < MOST_COLUMNS).then_some(columns)
}

/// Each mark in the column whose cell it is nearest to, if it is near; of two in one cell the nearer.
fn renumbered(placed: &[(Point, f32)], reach: &Curve) -> Columns {
    let mut columns: Vec<(f32, usize, f32)> = Vec::new();
    for (at, (point, _)) in placed.iter().enumerate() {
        let Some(column) = column_of(point.0, reach) else {
            continue;
        };
        let nearest = column.round();
        let off = (column - nearest).abs();
        if off > 0.24 {
            continue;
        }
        match columns.last_mut() {
            Some(last) if last.0 == nearest => {
                if off < last.2 {
                    *last = (nearest, at, off);
                }
            }
            _ => columns.push((nearest, at, off)),
        }
    }
    columns.into_iter().map(|(column, at, _)| (column, at)).collect()
}

/// Where the curve reaches `s`, by Newton's steps.
fn column_of(s: f32, reach: &Curve) -> Option<f32> {
    let mut column = 20.0;
    for _ in 0..8 {
        let slope = reach.slope(column);
        if slope <= 0.5 {
            return None;
        }
        column = (column + (s - reach.at(column)) / slope).clamp(-10.0, MOST_COLUMNS + 10.0);
    }
    Some(column)
}

#[expect(clippy::cast_possible_truncation, reason = "a rounded column, below 100")]
const fn whole(column: f32) -> i32 {
    column as i32
}

//! Machine-readable zones in pictures: found, straightened, read character by character, and weighed as a whole.
//!
//! Nothing is corrected in silence: a reading holds what each cell looked like beside what it was taken for.

mod fit;
mod ink;
mod level;
mod line;
mod network;
mod sighting;
mod trellis;

use self::level::Level;
use self::line::{Line, Point};
use self::network::{CLASSES, Scores};
pub use self::sighting::{Zone, ZoneText};
use crate::Luma;

/// How far a line may go on beyond the marks that were found of it, in columns.
const BEYOND: i32 = 4;
/// A zone is less sure than this only when it is none, or beyond reading.
const SUREST: f32 = 0.6;
/// The mean logarithm of the probability that a cell of a zone holds a character.
const CHARACTERS: f32 = -0.5;
/// The score of a line's ends below which nothing more of it is looked at.
const LINE: f32 = -12.0;
/// By so much the score of a width beats that of another, or a line may have been cut short.
const SETTLED: f32 = 6.0;
/// The distance of two lines of a zone, in pitches; ICAO 9303 prints 2.5.
const APART: std::ops::Range<f32> = 1.4..3.8;

/// Every zone in the picture, upright to about ten degrees, the best first; none is an empty list.
pub fn zones(picture: &Luma) -> Vec<Zone> {
    let mut found: Vec<(Zone, Place)> = Vec::new();
    for level in Level::all(picture) {
        let lines = line::lines(&ink::marks(&level));
        let mut used = vec![false; lines.len()];
        for stack in stacks(&lines) {
            if stack.iter().any(|index| used[*index]) {
                continue;
            }
            let these: Vec<&Line> = stack.iter().map(|index| &lines[*index]).collect();
            if let Some(zone) = seen(&level, &these) {
                stack.iter().for_each(|index| used[*index] = true);
                found.push(zone);
            }
        }
    }
    // A line of a zone that was found whole is no zone of its own.
    let order = |zone: &Zone| (zone.cells(), zone.sureness());
    found.sort_by(|a, b| {
        order(&b.0)
            .partial_cmp(&order(&a.0))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut zones: Vec<(Zone, Place)> = Vec::new();
    for (zone, place) in found {
        if !zones.iter().any(|(_, other)| other.meets(&place)) {
            zones.push((zone, place));
        }
    }
    zones.into_iter().map(|(zone, _)| zone).collect()
}

/// Where a zone lies in the picture: the box around its four outer characters.
struct Place {
    least: Point,
    most: Point,
}

impl Place {
    fn around(corners: [Point; 4], scale: f32) -> Self {
        let of = |pick: fn(f32, f32) -> f32, start: f32| {
            let fold =
                |sum: Point, corner: &Point| (pick(sum.0, corner.0 * scale), pick(sum.1, corner.1 * scale));
            corners.iter().fold((start, start), fold)
        };
        Self {
            least: of(f32::min, f32::INFINITY),
            most: of(f32::max, f32::NEG_INFINITY),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        let apart = |low: f32, high: f32| low > high;
        !(apart(self.least.0, other.most.0)
            || apart(other.least.0, self.most.0)
            || apart(self.least.1, other.most.1)
            || apart(other.least.1, self.most.1))
    }
}

/// Lines that may be one zone: first three, then two, then one, by their places among the lines.
fn stacks(lines: &[Line]) -> Vec<Vec<usize>> {
    let below = |upper: &Line| -> Option<usize> {
        let (first, last) = upper.columns();
        let middle = upper.middle((first + last) / 2);
        let step = upper.step((first + last) / 2);
        let pitch = step.0.hypot(step.1);
        let mut best: Option<(usize, f32)> = None;
        for (index, lower) in lines.iter().enumerate() {
            let (from, to) = lower.columns();
            let other = lower.middle((from + to) / 2);
            let next = lower.step((from + to) / 2);
            let (dx, dy) = (other.0 - middle.0, other.1 - middle.1);
            let apart = (dy * step.0 - dx * step.1) / pitch / pitch;
            let beside = (dx * step.0 + dy * step.1) / pitch / pitch;
            let alike = (0.8..1.25).contains(&(next.0.hypot(next.1) / pitch));
            let parallel = (step.0 * next.1 - step.1 * next.0).abs() < 0.12 * pitch * pitch;
            let fits = APART.contains(&apart) && beside.abs() < 15.0 && alike && parallel;
            if fits && best.is_none_or(|(_, least)| apart < least) {
                best = Some((index, apart));
            }
        }
        best.map(|(index, _)| index)
    };
    let mut stacks = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let second = below(line);
        let third = second.and_then(|second| below(&lines[second]));
        stacks.extend(
            second
                .zip(third)
                .map(|(second, third)| vec![first, second, third]),
        );
        stacks.extend(second.map(|second| vec![first, second]));
        stacks.push(vec![first]);
    }
    stacks.sort_by_key(|stack| std::cmp::Reverse(stack.len()));
    stacks
}

/// A line with the scores of the columns that were looked at.
struct Sight<'a> {
    level: &'a Level,
    line: &'a Line,
    from: i32,
    scores: Vec<Option<Scores>>,
}

impl<'a> Sight<'a> {
    fn of(level: &'a Level, line: &'a Line) -> Self {
        let (first, last) = line.columns();
        let from = first - BEYOND - 2;
        let count = usize::try_from(last - first + 1 + 2 * (BEYOND + 2)).unwrap_or(0);
        Self {
            level,
            line,
            from,
            scores: vec![None; count],
        }
    }

    fn at(&mut self, column: i32) -> Option<&Scores> {
        let index = usize::try_from(column - self.from).ok()?;
        let score = self.scores.get_mut(index)?;
        Some(score.get_or_insert_with(|| self.line.named(self.level, column)))
    }

    /// The logarithm of the probability that a column holds a character, or that it holds none.
    fn holds(&mut self, column: i32, holds: bool) -> f32 {
        let none = self.at(column).map_or(0.0, |scores| scores[CLASSES.len() - 1]);
        let chance = if holds {
            (1.0 - none.exp()).max(1e-6).ln()
        } else {
            none
        };
        chance.max(-3.0)
    }

    /// The columns in which a line of `width` may begin, each with its score.
    fn starts(&mut self, width: i32) -> Vec<(i32, f32)> {
        let (first, last) = self.line.columns();
        let length = last - first + 1;
        if length > width + 2 * BEYOND + 4 || length < width - 2 * BEYOND {
            return Vec::new();
        }
        // The numbers of a visa of 36 columns stand where those of one of 44 do: only what stands beyond tells them apart.
        let outside = if width == 36 { 44 - width } else { 2 };
        let mut scored = Vec::new();
        for start in first - BEYOND..=last + BEYOND - width + 1 {
            // Columns between are the same for every start.
            let inner = [0, 1, 2, 3, width - 4, width - 3, width - 2, width - 1];
            let mut score: f32 = inner.iter().map(|column| self.holds(start + column, true)).sum();
            let beside = start - outside..start;
            for outer in beside.chain(start + width..start + width + outside) {
                score += self.holds(outer, false);
            }
            scored.push((start, score));
        }
        scored
    }
}

/// The first columns of all lines that score best together: they stand under each other.
fn aligned(stack: &[&Line], starts: &[Vec<(i32, f32)>]) -> Option<(Vec<i32>, f32)> {
    let mut ways: Vec<(Vec<i32>, f32)> = vec![(Vec::new(), 0.0)];
    for (index, starts) in starts.iter().enumerate() {
        let mut longer = Vec::new();
        for (way, score) in &ways {
            for (start, more) in starts {
                let beside = way.last().map_or(0.0, |above| {
                    let (upper, lower) = (stack[index - 1].middle(*above), stack[index].middle(*start));
                    let step = stack[index - 1].step(*above);
                    let down = (lower.0 - upper.0, lower.1 - upper.1);
                    (down.0 * step.0 + down.1 * step.1) / (step.0.powi(2) + step.1.powi(2))
                });
                let off = (beside.abs() - 0.3).max(0.0);
                if off < 0.9 {
                    longer.push(([way.as_slice(), &[*start]].concat(), score + more - 8.0 * off));
                }
            }
        }
        ways = longer;
    }
    ways.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The zone that lines are, and its place in the picture.
fn seen(level: &Level, stack: &[&Line]) -> Option<(Zone, Place)> {
    let widths: &[i32] = match stack.len() {
        2 => &[44, 36],
        _ => &[30],
    };
    let mut sights: Vec<Sight<'_>> = stack.iter().map(|line| Sight::of(level, line)).collect();
    let mut best: Option<(i32, Vec<i32>, f32)> = None;
    let mut rival = f32::NEG_INFINITY;
    for width in widths {
        let starts: Vec<Vec<(i32, f32)>> = sights.iter_mut().map(|sight| sight.starts(*width)).collect();
        let Some((starts, score)) = aligned(stack, &starts) else {
            continue;
        };
        if best.as_ref().is_none_or(|(_, _, most)| score > *most) {
            rival = best.map_or(rival, |(_, _, score)| score);
            best = Some((*width, starts, score));
        } else {
            rival = score;
        }
    }
    let (width, starts, score) = best?;
    #[expect(clippy::cast_precision_loss, reason = "at most three lines")]
    if score < LINE * stack.len() as f32 {
        return None;
    }
    let (upper, first) = (*stack.first()?, *starts.first()?);
    let (lower, start) = (*stack.last()?, *starts.last()?);
    let (head, foot) = (upper.middle(first), lower.middle(start));
    let (tail, toe) = (upper.middle(first + width - 1), lower.middle(start + width - 1));
    let down = (
        (foot.0 - head.0 + toe.0 - tail.0) / 2.0,
        (foot.1 - head.1 + toe.1 - tail.1) / 2.0,
    );
    let mut scores = Vec::new();
    for (line, start) in stack.iter().zip(&starts) {
        let line = (*line).clone();
        let line = if stack.len() > 1 { line.leaning(down) } else { line };
        let first: Vec<Scores> = (0..width)
            .map(|column| line.named(level, start + column))
            .collect();
        let named = |column: i32| {
            usize::try_from(column - start)
                .ok()
                .and_then(|at| first.get(at))
                .and_then(named)
        };
        let line = line.fitted(named);
        scores.extend((0..width).map(|column| line.named(level, start + column)));
    }
    let holds = |scores: &Scores| (1.0 - scores[CLASSES.len() - 1].exp()).max(1e-6).ln();
    #[expect(clippy::cast_precision_loss, reason = "a zone has at most 90 cells")]
    let characters = scores.iter().map(holds).sum::<f32>() / scores.len() as f32;
    let zone = Zone::seen(stack.len(), &scores, score - rival >= SETTLED);
    if characters < CHARACTERS || zone.sureness() < SUREST || !zone.is_regular() {
        return None;
    }
    Some((zone, Place::around([head, foot, tail, toe], level.scale())))
}

/// The character that a cell most looks like, if it looks like one.
fn named(scores: &Scores) -> Option<u8> {
    let best = (0..CLASSES.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    Some(CLASSES[best]).filter(|class| *class != b'\0')
}

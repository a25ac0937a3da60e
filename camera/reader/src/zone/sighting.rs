//! A zone as it was seen, once or over several frames, and the reading of it.

use std::fmt;

use domain::Sensitive;
use domain::identity::cells::{ALPHABET, Form};
use domain::identity::{Layout, Sight};

use super::network::{CLASSES, Scores};
use super::trellis::{Chances, Weighed, allowed, unproven, weigh};

/// The network is surer than it is right on print that it was not trained on: its logarithms are flattened.
const FLATTENING: f32 = 0.8;
/// Of all texts that fit the kinds of cells, those with agreeing digits must be so many; else the digits that are
/// printed do not agree, and nothing is taken for what it does not look like.
const AGREEING: f64 = 1e-3;
/// Beyond this a text is the only one.
const CERTAIN: f64 = 1.0 - 1e-3;
/// The mean logarithm of the probability that the characters are of the kinds that a layout has in their cells.
const REGULAR: f64 = -0.35;
/// Two sightings of one zone differ in fewer of their characters than one in this.
const ALIKE: usize = 5;

/// What every cell of one zone looked like.
#[derive(Clone, PartialEq)]
pub struct Zone {
    lines: usize,
    chances: Vec<Chances>,
    frames: u16,
    /// No other width was nearly as likely, in one frame at least.
    settled: bool,
}

/// The characters are about a person and stay out of logs.
impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.chances.len() / self.lines.max(1);
        write!(f, "{} × {width} characters in {} frames", self.lines, self.frames)
    }
}

/// A zone, read: what it looked like, what it was taken for, and whether that is the only text that fits.
///
/// `domain::identity::read_seen` turns it into a document and says which digits prove each correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneText {
    pub layout: Layout,
    /// The best character of each cell alone, lines joined by a line feed.
    pub raw: Sensitive<String>,
    /// The most likely text under the rules of the layout, lines joined by a line feed.
    pub text: Sensitive<String>,
    pub sight: Sight,
}

impl Zone {
    /// `lines` lines of equal width, one after the other; `settled` where no other width was nearly as likely.
    pub(super) fn seen(lines: usize, scores: &[Scores], settled: bool) -> Self {
        Self {
            lines,
            chances: scores.iter().map(chances).collect(),
            frames: 1,
            settled,
        }
    }

    pub(super) fn cells(&self) -> usize {
        self.chances.len()
    }

    /// Whether some layout allows what the cells look like.
    #[expect(clippy::cast_precision_loss, reason = "a zone has at most 90 cells")]
    pub(super) fn is_regular(&self) -> bool {
        let least = REGULAR * self.chances.len() as f64;
        let forms = Form::all(self.lines, self.chances.len() / self.lines);
        forms.iter().any(|form| allowed(&self.chances, form) >= least)
    }

    /// How sure the cells are, each alone, from 0 to 1: the mean probability of the best character.
    #[expect(clippy::cast_precision_loss, reason = "a zone has at most 90 cells")]
    pub(super) fn sureness(&self) -> f32 {
        let best = |chances: &Chances| chances.iter().copied().fold(f32::NEG_INFINITY, f32::max).exp();
        self.chances.iter().map(best).sum::<f32>() / self.chances.len() as f32
    }

    /// How many frames it was seen in.
    pub const fn frames(&self) -> u16 {
        self.frames
    }

    /// Adds another frame of the same zone; refused, and given back, when it is another zone.
    pub fn add(&mut self, other: Self) -> Result<(), Self> {
        let (ours, theirs) = (self.best(), other.best());
        let differing = ours
            .iter()
            .zip(&theirs)
            .filter(|(one, other)| one != other)
            .count();
        if (self.lines, ours.len()) != (other.lines, theirs.len()) || differing * ALIKE > ours.len() {
            return Err(other);
        }
        for (sums, more) in self.chances.iter_mut().zip(&other.chances) {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
        self.frames = self.frames.saturating_add(other.frames);
        self.settled |= other.settled;
        Ok(())
    }

    /// Reads the zone under the layout that fits best; none when no layout has this shape or fits at all.
    pub fn read(&self) -> Option<ZoneText> {
        let width = self.chances.len() / self.lines;
        // Frames of one document err alike: n of them count as the square root of n.
        let spread = f32::from(self.frames).sqrt();
        let chances: Vec<Chances> = self
            .chances
            .iter()
            .map(|cell| normal(cell.map(|chance| chance / spread)))
            .collect();
        let forms = Form::all(self.lines, width);
        let weighed: Vec<(Form, Weighed)> = forms
            .into_iter()
            .map(|form| {
                let weighed = weigh(&chances, &form);
                (form, weighed)
            })
            .collect();
        let all: f64 = weighed.iter().map(|(_, one)| one.agreeing.exp()).sum();
        let (form, best) = weighed
            .into_iter()
            .max_by(|a, b| a.1.agreeing.total_cmp(&b.1.agreeing))?;
        let (text, certainty) = if best.share >= AGREEING && best.agreeing > f64::NEG_INFINITY {
            let among_forms = if all > 0.0 { best.agreeing.exp() / all } else { 1.0 };
            (best.text, best.certainty * among_forms)
        } else {
            unproven(&chances, &form)
        };
        let sight = if certainty >= CERTAIN && self.settled {
            Sight::Clear
        } else {
            Sight::Ambiguous
        };
        Some(ZoneText {
            layout: form.layout(),
            raw: Sensitive::new(written(&self.best(), width)),
            text: Sensitive::new(written(&text, width)),
            sight,
        })
    }

    fn best(&self) -> Vec<u8> {
        let best = |chances: &Chances| {
            (0..ALPHABET.len())
                .max_by(|a, b| chances[*a].total_cmp(&chances[*b]))
                .map_or(b'<', |at| ALPHABET[at])
        };
        self.chances.iter().map(best).collect()
    }
}

fn written(zone: &[u8], width: usize) -> String {
    let lines: Vec<String> = zone
        .chunks(width)
        .map(|line| line.iter().copied().map(char::from).collect())
        .collect();
    lines.join("\n")
}

/// Flattened, without the class of no character.
fn chances(scores: &Scores) -> Chances {
    let of = |character: u8| {
        let class = CLASSES.iter().position(|class| *class == character);
        class.map_or(f32::NEG_INFINITY, |class| scores[class] * FLATTENING)
    };
    normal(ALPHABET.map(of))
}

/// The logarithms of probabilities that sum up to one.
fn normal(chances: Chances) -> Chances {
    let most = chances.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = chances.iter().map(|chance| (chance - most).exp()).sum();
    chances.map(|chance| chance - most - sum.ln())
}

#[cfg(test)]
mod tests;

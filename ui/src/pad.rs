//! The hand on the pad: points with their timing, the ink that follows them, and the signature that they make.

use std::time::Instant;

use domain::hand::{NotASignature, Point, Strokes};
use slint::{Model, ModelRc, SharedString, VecModel};

/// What was drawn since the pad was last empty. Positions in logical pixels, moments in milliseconds since the first
/// touch.
#[derive(Default)]
pub(crate) struct Pad {
    first_touch: Option<Instant>,
    size: (u16, u16),
    strokes: Vec<Vec<Point>>,
    ink: ModelRc<SharedString>,
}

impl Pad {
    /// The ink so far, one line of SVG path commands for each stroke; it follows the hand.
    pub(crate) fn ink(&self) -> ModelRc<SharedString> {
        self.ink.clone()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self {
            ink: ModelRc::new(VecModel::default()),
            ..Self::default()
        };
    }

    /// The hand comes down at `(x, y)` of a pad of `(width, height)`; a pad that has turned since is empty again.
    pub(crate) fn down(&mut self, (x, y): (f32, f32), (width, height): (f32, f32)) {
        let size = (whole(width), whole(height));
        if size != self.size {
            self.clear();
            self.size = size;
        }
        let point = self.point(x, y);
        self.strokes.push(vec![point]);
        if let Some(ink) = self.ink.as_any().downcast_ref::<VecModel<SharedString>>() {
            ink.push(dot(point).into());
        }
    }

    /// The hand moves without leaving the pad.
    pub(crate) fn moved(&mut self, (x, y): (f32, f32)) {
        let point = self.point(x, y);
        let Some(stroke) = self.strokes.last_mut() else {
            return;
        };
        if stroke
            .last()
            .is_some_and(|last| (last.x, last.y) == (point.x, point.y))
        {
            return;
        }
        stroke.push(point);
        if let Some(row) = self.ink.row_count().checked_sub(1) {
            self.ink.set_row_data(row, drawn(stroke).into());
        }
    }

    /// What was drawn as a signature.
    pub(crate) fn strokes(&self) -> Result<Strokes, NotASignature> {
        Strokes::new(self.size.0, self.size.1, self.strokes.clone())
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the timing of a hand is measured where it is felt, and belongs to no act's clock"
    )]
    fn point(&mut self, x: f32, y: f32) -> Point {
        let since = self.first_touch.get_or_insert_with(Instant::now).elapsed();
        Point {
            x: whole(x).min(self.size.0.saturating_sub(1)),
            y: whole(y).min(self.size.1.saturating_sub(1)),
            ms: u32::try_from(since.as_millis()).unwrap_or(u32::MAX),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a screen has; a cast of a float saturates"
)]
fn whole(length: f32) -> u16 {
    length.clamp(0.0, f32::from(u16::MAX)) as u16
}

fn dot(point: Point) -> String {
    format!("M {0} {1} L {0} {1}", point.x, point.y)
}

/// Curves through the middles of the segments, because a finger is felt less often than it moves.
fn drawn(stroke: &[Point]) -> String {
    let [first, .., last] = stroke else {
        return stroke.first().map(|point| dot(*point)).unwrap_or_default();
    };
    let mut path = format!("M {} {}", first.x, first.y);
    for pair in stroke.windows(2).skip(1) {
        let [from, to] = pair else { continue };
        let middle = |one: u16, other: u16| (f32::from(one) + f32::from(other)) / 2.0;
        let (x, y) = (middle(from.x, to.x), middle(from.y, to.y));
        path.push_str(&format!(" Q {} {} {x} {y}", from.x, from.y));
    }
    path.push_str(&format!(" L {} {}", last.x, last.y));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hand_leaves_ink_stroke_by_stroke_and_a_signature_with_its_timing() {
        let mut pad = Pad::default();
        pad.clear();
        for y in [20.0, 60.0] {
            pad.down((10.0, y), (320.0, 140.0));
            for step in 1..6_u8 {
                pad.moved((10.0 + f32::from(step) * 20.0, y));
            }
        }
        assert_eq!(pad.ink().row_count(), 2);
        assert!(
            pad.ink()
                .row_data(1)
                .unwrap()
                .starts_with("M 10 60 Q 30 60 40 60")
        );
        let signature = pad.strokes().unwrap();
        assert_eq!(signature.pad(), (320, 140));
        assert_eq!(
            signature.strokes().iter().map(Vec::len).collect::<Vec<_>>(),
            [6, 6]
        );
    }

    #[test]
    fn a_point_beyond_the_edge_stays_on_the_pad_and_a_turned_pad_is_empty() {
        let mut pad = Pad::default();
        pad.clear();
        pad.down((10.0, 10.0), (320.0, 140.0));
        for step in 0..10_u8 {
            pad.moved((300.0 + 10.0 * f32::from(step), -5.0));
        }
        let points = pad.strokes().unwrap();
        assert!(
            points.strokes()[0]
                .iter()
                .all(|point| point.x < 320 && point.y < 140)
        );
        pad.down((10.0, 10.0), (640.0, 140.0));
        assert_eq!(
            (pad.strokes(), pad.ink().row_count()),
            (Err(NotASignature::TooShort), 1)
        );
    }
}

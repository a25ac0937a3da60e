//! The picture of a signature by hand: what the finger drew, in black on white, joined to smooth lines.
//!
//! Plain arithmetic, so that the same strokes give the same picture on every processor.

use domain::hand::{MIN_PAD, Point, Strokes};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// Pixels of the picture for one of the pad, where that stays within [`LONGEST`].
const SCALE: f64 = 2.0;
/// Longest side of a picture, in pixels, unless the pad itself is so narrow that the other side needs more.
const LONGEST: f64 = 1600.0;
/// Of the shorter side of the picture, half the width of the line.
const HALF_LINE: f64 = 1.0 / 90.0;
/// Distance between two places of a curve, in pixels of the picture.
const STEP: f64 = 1.5;

type Place = (f64, f64);

/// A PNG of 8 bits of grey: at least as large as the smallest pad (A.53-3 CPP, version 2011), of the pad's shape.
pub fn picture(strokes: &Strokes) -> Vec<u8> {
    let (across, down) = strokes.pad();
    let (across, down) = (f64::from(across), f64::from(down));
    let least = (f64::from(MIN_PAD.0) / across).max(f64::from(MIN_PAD.1) / down);
    let scale = SCALE.min(LONGEST / across.max(down)).max(least);
    let (width, height) = (pixels(across * scale), pixels(down * scale));
    let mut paper = Paper::new(width, height, (down.min(across) * scale * HALF_LINE).max(1.2));
    for stroke in strokes.strokes() {
        let places: Vec<Place> = stroke.iter().map(|point| place(point, scale)).collect();
        paper.draw(&places);
    }
    paper.png()
}

fn place(point: &Point, scale: f64) -> Place {
    (
        (f64::from(point.x) + 0.5) * scale,
        (f64::from(point.y) + 0.5) * scale,
    )
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side is positive and no longer than a pad's 65535 pixels times the scale of its smallest picture"
)]
fn pixels(length: f64) -> u32 {
    length.ceil() as u32
}

/// What is drawn so far: 255 where the paper is white.
struct Paper {
    width: u32,
    height: u32,
    half_line: f64,
    grey: Vec<u8>,
}

impl Paper {
    fn new(width: u32, height: u32, half_line: f64) -> Self {
        let size = usize::try_from(u64::from(width) * u64::from(height)).unwrap_or(usize::MAX);
        Self {
            width,
            height,
            half_line,
            grey: vec![255; size],
        }
    }

    /// One stroke: from the middle of two points to the middle of the next two, bent towards the point between.
    fn draw(&mut self, places: &[Place]) {
        match places {
            [] => {}
            [alone] => self.line(*alone, *alone),
            [first, .., last] => {
                let mut from = *first;
                for pair in places.windows(2).skip(1) {
                    let to = middle(pair[0], pair[1]);
                    self.curve(from, pair[0], to);
                    from = to;
                }
                self.line(from, *last);
            }
        }
    }

    fn curve(&mut self, from: Place, towards: Place, to: Place) {
        let length = distance(from, towards) + distance(towards, to);
        let steps = (length / STEP).ceil().max(1.0);
        let (mut at, mut step) = (from, 1.0);
        while step <= steps {
            let t = step / steps;
            let mix =
                |a: f64, b: f64, c: f64| (1.0 - t) * ((1.0 - t) * a + t * b) + t * ((1.0 - t) * b + t * c);
            let next = (mix(from.0, towards.0, to.0), mix(from.1, towards.1, to.1));
            self.line(at, next);
            at = next;
            step += 1.0;
        }
    }

    /// Each pixel near the line as dark as the line covers it.
    fn line(&mut self, from: Place, to: Place) {
        let reach = self.half_line + 1.0;
        let columns = span(from.0.min(to.0) - reach, from.0.max(to.0) + reach, self.width);
        for row in span(from.1.min(to.1) - reach, from.1.max(to.1) + reach, self.height) {
            for column in columns.clone() {
                let centre = (f64::from(column) + 0.5, f64::from(row) + 0.5);
                let covered = (self.half_line + 0.5 - to_segment(centre, from, to)).clamp(0.0, 1.0);
                self.darken(column, row, covered);
            }
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of 255 fits a byte"
    )]
    fn darken(&mut self, column: u32, row: u32, covered: f64) {
        let grey = (255.0 * (1.0 - covered)).round() as u8;
        let at = usize::try_from(u64::from(row) * u64::from(self.width) + u64::from(column));
        if let Some(pixel) = at.ok().and_then(|at| self.grey.get_mut(at)) {
            *pixel = grey.min(*pixel);
        }
    }

    fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes)
            .write_image(&self.grey, self.width, self.height, ExtendedColorType::L8)
            .expect("the buffer has the size of the picture, and memory takes every byte");
        bytes
    }
}

/// The pixels between two places, within the picture.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture"
)]
fn span(from: f64, to: f64, side: u32) -> std::ops::Range<u32> {
    let within = |place: f64| place.clamp(0.0, f64::from(side)) as u32;
    within(from.floor())..within(to.ceil())
}

fn middle(one: Place, other: Place) -> Place {
    ((one.0 + other.0) / 2.0, (one.1 + other.1) / 2.0)
}

fn distance(one: Place, other: Place) -> f64 {
    let (x, y) = (other.0 - one.0, other.1 - one.1);
    (x * x + y * y).sqrt()
}

fn to_segment(from: Place, one: Place, other: Place) -> f64 {
    let (x, y) = (other.0 - one.0, other.1 - one.1);
    let squared = x * x + y * y;
    if squared == 0.0 {
        return distance(from, one);
    }
    let along = ((from.0 - one.0) * x + (from.1 - one.1) * y) / squared;
    let along = along.clamp(0.0, 1.0);
    distance(from, (one.0 + along * x, one.1 + along * y))
}

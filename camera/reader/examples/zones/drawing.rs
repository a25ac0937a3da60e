//! Pictures of documents as a phone takes them: a card on a table, printed grounds, perspective, blur, noise, glare.
//!
//! The characters are of the sharp OCR-B (OCRBS of Debian's `fonts-ocr-b`), and the grounds are rings, dots and clouds
//! of several grains: the network was trained on neither.

use reader::Luma;

use crate::documents::{Dice, Printed};

const ATLAS: &[u8] = include_bytes!("characters.png");
/// The order of the atlas.
const ORDER: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
/// Pixels of one pitch in the atlas.
const FINE: usize = 56;
/// The distance of lines, in pitches (ICAO 9303).
const APART: f32 = 2.5;

/// The drawn characters.
pub(crate) struct Atlas {
    width: usize,
    height: usize,
    ink: Vec<u8>,
}

/// How a picture was taken.
pub(crate) struct Shot {
    pub(crate) picture: Luma,
    /// Pixels of a capital's height, which is the pitch.
    pub(crate) height: f32,
}

impl Atlas {
    pub(crate) fn new() -> Self {
        let picture = reader::decode_image(ATLAS).expect("the atlas is a picture");
        Self {
            width: picture.width() as usize,
            height: picture.height() as usize,
            ink: picture.pixels().to_vec(),
        }
    }

    /// How much ink lies at a place of a cell, from 0 to 1; both run from -0.5 in pitches around the middle.
    fn ink(&self, character: u8, x: f32, y: f32) -> f32 {
        let Some(index) = ORDER.iter().position(|one| *one == character) else {
            return 0.0;
        };
        let fine = FINE as f32;
        let (x, y) = ((x + 0.5) * fine, y * fine + self.height as f32 / 2.0);
        if x < 0.0 || x >= fine || y < 0.0 || y >= self.height as f32 {
            return 0.0;
        }
        f32::from(self.ink[y as usize * self.width + index * FINE + x as usize]) / 255.0
    }
}

/// Smooth chance: one value a grain, from -1 to 1.
struct Clouds {
    side: usize,
    values: Vec<f32>,
}

impl Clouds {
    fn new(dice: &mut Dice) -> Self {
        let side = 24;
        Self {
            side,
            values: (0..side * side).map(|_| dice.between(-1.0, 1.0)).collect(),
        }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let value = |x: f32, y: f32| {
            let wrapped = |v: f32| v.rem_euclid(self.side as f32) as usize % self.side;
            self.values[wrapped(y) * self.side + wrapped(x)]
        };
        let (left, top) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (dx, dy) = (ease(x - left), ease(y - top));
        let above = value(left, top) * (1.0 - dx) + value(left + 1.0, top) * dx;
        let below = value(left, top + 1.0) * (1.0 - dx) + value(left + 1.0, top + 1.0) * dx;
        above * (1.0 - dy) + below * dy
    }
}

/// The document as it lies: brightness at a place in pitches, from the first character's middle.
struct Sheet<'a> {
    atlas: &'a Atlas,
    lines: Vec<&'a [u8]>,
    above: Vec<(f32, f32, Vec<u8>)>,
    clouds: Clouds,
    ground: f32,
    contrast: f32,
    pattern: f32,
    kind: usize,
    grain: f32,
    center: (f32, f32),
    shift: (f32, f32),
    wear: f32,
    margin: f32,
    photo: f32,
}

impl Sheet<'_> {
    fn at(&self, x: f32, y: f32) -> f32 {
        let width = self.lines[0].len() as f32;
        let last = (self.lines.len() - 1) as f32 * APART;
        let beyond = (-self.margin - x)
            .max(x - width - self.margin + 1.0)
            .max(y - last - self.margin);
        if beyond > 0.0 {
            // The table.
            return self.ground * 0.45 + self.clouds.at(x / 3.0, y / 3.0) * 22.0;
        }
        let (dx, dy) = (x - self.center.0, y - self.center.1);
        let pattern = match self.kind {
            0 => (dx.hypot(dy) * std::f32::consts::TAU / self.grain).sin(),
            1 => {
                let (x, y) = (x / self.grain, y / self.grain);
                let (x, y) = (x - x.round(), y - y.round());
                if x.hypot(y) < 0.3 { 1.0 } else { -0.4 }
            }
            _ => {
                let (x, y) = (x / self.grain, y / self.grain);
                self.clouds.at(x, y) * 0.6 + self.clouds.at(x * 2.7, y * 2.7) * 0.4
            }
        };
        let wear = 1.0 - self.wear * self.clouds.at(x * 1.7 + 5.0, y * 1.7).max(0.0);
        self.ground + pattern * self.pattern * self.contrast - self.ink(x, y) * wear * self.contrast
    }

    fn ink(&self, x: f32, y: f32) -> f32 {
        let (u, v) = (x + self.shift.0, y + self.shift.1);
        let row = (v / APART).round();
        if row >= 0.0 && (row as usize) < self.lines.len() {
            let column = u.round();
            if column < 0.0 || column as usize >= self.lines[row as usize].len() {
                return 0.0;
            }
            return self.atlas.ink(
                self.lines[row as usize][column as usize],
                u - column,
                v - row * APART,
            );
        }
        if y < -3.0 && x < self.photo && y > -16.0 && x > 0.0 {
            return 0.5 + 0.5 * self.clouds.at(x * 0.9, y * 0.9);
        }
        for (at, size, words) in &self.above {
            let (line, column) = ((y - at) / size, (x - self.photo - 1.0) / (size * 0.86));
            if line.abs() < 0.8 && column > -0.5 && (column.round() as usize) < words.len() {
                return self
                    .atlas
                    .ink(words[column.round() as usize], column - column.round(), line);
            }
        }
        0.0
    }
}

/// Takes one picture of a zone.
pub(crate) fn taken(dice: &mut Dice, atlas: &Atlas, printed: &Printed) -> Shot {
    // As many small as large, by the logarithm.
    let height = 12.0 * 5.0_f32.powf(dice.between(0.0, 1.0));
    let words = |dice: &mut Dice| (0..4 + dice.below(14)).map(|_| ORDER[dice.below(37)]).collect();
    let above: Vec<_> = (0..1 + dice.below(4))
        .map(|n| (-4.5 - 2.4 * n as f32, dice.between(0.6, 1.3), words(dice)))
        .collect();
    let ground = dice.between(110.0, 240.0);
    let contrast = ground * dice.between(0.35, 0.9);
    let sheet = Sheet {
        atlas,
        lines: printed.lines().collect(),
        above,
        clouds: Clouds::new(dice),
        ground,
        contrast,
        pattern: dice.between(0.0, 0.18),
        kind: dice.below(3),
        grain: dice.between(0.35, 2.5),
        center: (dice.between(-10.0, 40.0), dice.between(-20.0, 10.0)),
        shift: (0.0, 0.0),
        wear: dice.between(0.0, 0.35),
        margin: dice.between(1.2, 4.0),
        photo: dice.between(0.0, 12.0),
    };
    let (columns, rows) = (
        sheet.lines[0].len() as f32,
        (sheet.lines.len() - 1) as f32 * APART,
    );
    let turn = dice.between(-10.0, 10.0).to_radians();
    let (tilt_x, tilt_y) = (
        dice.between(-0.13, 0.13) / columns,
        dice.between(-0.5, 0.5) / columns,
    );
    let slant = dice.between(-0.06, 0.06);
    let (middle_x, middle_y) = ((columns - 1.0) / 2.0, rows / 2.0);
    // From pixels around the middle of the picture to pitches on the sheet.
    let on_sheet = |px: f32, py: f32| {
        let (x, y) = (px / height, py / height);
        let (x, y) = (x * turn.cos() + y * turn.sin(), y * turn.cos() - x * turn.sin());
        let far = 1.0 - tilt_x * x - tilt_y * y;
        (x / far + slant * y / far + middle_x, y / far + middle_y)
    };
    let wide = (columns + 2.0 * dice.between(2.0, 4.0)) * height * (1.0 + 0.07);
    let tall = ((columns + 4.0) * turn.sin().abs() + rows + dice.between(7.0, 16.0)) * height;
    let (width, depth) = (wide as usize, tall as usize);
    let samples = if height < 30.0 { 2 } else { 1 };
    let mut light = vec![0.0_f32; width * depth];
    for y in 0..depth {
        for x in 0..width {
            let mut sum = 0.0;
            for part in 0..samples * samples {
                let (right, below) = ((part % samples) as f32 + 0.5, (part / samples) as f32 + 0.5);
                let px = x as f32 + right / samples as f32 - width as f32 / 2.0;
                let py = y as f32 + below / samples as f32 - depth as f32 / 2.0;
                let (u, v) = on_sheet(px, py);
                sum += sheet.at(u, v);
            }
            light[y * width + x] = sum / (samples * samples) as f32;
        }
    }
    glare(dice, &mut light, width);
    let focus = dice.between(0.0, 0.07) * height;
    blurred(&mut light, width, focus.max(0.35));
    if dice.one_in(4) {
        moved(dice, &mut light, width, dice_length(height));
    }
    let noise = dice.between(1.0, 10.0);
    let pixels = light.iter().map(|value| {
        let bell = (0..4).map(|_| dice.between(-1.0, 1.0)).sum::<f32>() * 0.87;
        (value + bell * noise).round().clamp(0.0, 255.0) as u8
    });
    let pixels: Vec<u8> = pixels.collect();
    let side = |length: usize| u32::try_from(length).expect("a few thousand pixels");
    Shot {
        picture: Luma::new(side(width), side(depth), pixels).expect("one byte for each pixel"),
        height,
    }
}

const fn dice_length(height: f32) -> f32 {
    height * 0.12
}

/// A slope of light, and in one picture of eight a bright spot.
fn glare(dice: &mut Dice, light: &mut [f32], width: usize) {
    let (across, down) = (dice.between(-0.2, 0.2), dice.between(-0.2, 0.2));
    let depth = light.len() / width;
    let spot = dice.one_in(8).then(|| {
        let (x, y) = (dice.below(width) as f32, dice.below(depth) as f32);
        (
            x,
            y,
            dice.between(0.03, 0.2) * width as f32,
            dice.between(40.0, 150.0),
        )
    });
    for (at, value) in light.iter_mut().enumerate() {
        let (x, y) = ((at % width) as f32, (at / width) as f32);
        *value *= 1.0 + across * (x / width as f32 - 0.5) + down * (y / depth as f32 - 0.5);
        if let Some((cx, cy, reach, bright)) = spot {
            *value += bright * (-((x - cx).powi(2) + (y - cy).powi(2)) / (reach * reach)).exp();
        }
    }
}

/// A Gaussian blur.
fn blurred(light: &mut Vec<f32>, width: usize, sigma: f32) {
    let reach = (2.5 * sigma).ceil() as isize;
    let kernel: Vec<f32> = (-reach..=reach)
        .map(|at| (-0.5 * (at as f32 / sigma).powi(2)).exp())
        .collect();
    let steps: Vec<(isize, f32)> = (-reach..=reach).zip(kernel).collect();
    let across: Vec<(isize, isize, f32)> = steps.iter().map(|(at, weight)| (*at, 0, *weight)).collect();
    let down: Vec<(isize, isize, f32)> = steps.iter().map(|(at, weight)| (0, *at, *weight)).collect();
    *light = weighted(light, width, &across);
    *light = weighted(light, width, &down);
}

/// The hand moved while the picture was taken.
fn moved(dice: &mut Dice, light: &mut Vec<f32>, width: usize, longest: f32) {
    let (turn, length) = (
        dice.between(0.0, std::f32::consts::PI),
        dice.between(0.0, longest),
    );
    let count = length.ceil() as isize;
    let path: Vec<(isize, isize, f32)> = (-count..=count)
        .map(|step| {
            let at = step as f32 / (2 * count.max(1)) as f32 * length;
            (
                (at * turn.cos()).round() as isize,
                (at * turn.sin()).round() as isize,
                1.0,
            )
        })
        .collect();
    *light = weighted(light, width, &path);
}

fn weighted(light: &[f32], width: usize, taps: &[(isize, isize, f32)]) -> Vec<f32> {
    let total: f32 = taps.iter().map(|tap| tap.2).sum();
    let (wide, deep) = (width as isize, (light.len() / width) as isize);
    let at = |x: isize, y: isize| light[(y.clamp(0, deep - 1) * wide + x.clamp(0, wide - 1)) as usize];
    let value = |index: isize| {
        let (x, y) = (index % wide, index / wide);
        taps.iter()
            .map(|(right, below, weight)| at(x + right, y + below) * weight)
            .sum::<f32>()
            / total
    };
    (0..light.len() as isize).map(value).collect()
}

//! A DataMatrix on a sheet, as a camera of 1080 lines sees it: turned, blurred, noisy, in perspective, of low contrast.

use std::error::Error;

use datamatrix::{DataMatrix, SymbolList};
use reader::Luma;

pub(crate) const WIDTH: u32 = 1920;
pub(crate) const HEIGHT: u32 = 1080;

/// What is wrong with a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Degraded {
    Rotation,
    Blur,
    Noise,
    Perspective,
    LowContrast,
    /// All of them, each by half.
    Everything,
}

impl Degraded {
    pub(crate) const ALL: [Self; 6] = [
        Self::Rotation,
        Self::Blur,
        Self::Noise,
        Self::Perspective,
        Self::LowContrast,
        Self::Everything,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rotation => "turned",
            Self::Blur => "blurred",
            Self::Noise => "noisy",
            Self::Perspective => "in perspective",
            Self::LowContrast => "of low contrast",
            Self::Everything => "all at once, by half",
        }
    }

    /// How much of `kind` there is, from 0 to 1.
    fn share(self, kind: Self) -> f32 {
        if self == kind {
            1.0
        } else if self == Self::Everything {
            0.5
        } else {
            0.0
        }
    }
}

/// Numbers that follow from the seed (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.bits() >> 40) as f32 / (1 << 24) as f32
    }
}

/// Draws `content` into a whole frame.
pub(crate) fn frame(dice: &mut Dice, content: &[u8], degraded: Degraded) -> Result<Luma, Box<dyn Error>> {
    let code = DataMatrix::encode(content, SymbolList::default()).map_err(|error| format!("{error:?}"))?;
    let code = code.bitmap();
    let (columns, rows) = (code.width(), code.height());
    let module = dice.between(3.0, 7.0);
    let turned = dice.between(-180.0, 180.0) * degraded.share(Degraded::Rotation);
    let (sin, cos) = turned.to_radians().sin_cos();
    let tilt = degraded.share(Degraded::Perspective) / (columns as f32 * module);
    let (tilt_x, tilt_y) = (dice.between(-0.5, 0.5) * tilt, dice.between(-0.5, 0.5) * tilt);
    let paper = dice.between(150.0, 235.0);
    let contrast = 1.0 - degraded.share(Degraded::LowContrast) * dice.between(0.6, 0.85);
    let ink = paper - (paper - 35.0) * contrast;
    let middle = (
        WIDTH as f32 / 2.0 + dice.between(-300.0, 300.0),
        HEIGHT as f32 / 2.0 + dice.between(-150.0, 150.0),
    );
    let is_dark = |x: f32, y: f32| {
        let (dx, dy) = (x - middle.0, y - middle.1);
        let depth = 1.0 + dx * tilt_x + dy * tilt_y;
        if depth < 0.2 {
            return false;
        }
        let (dx, dy) = (dx / depth, dy / depth);
        let column = (dx * cos + dy * sin) / module + columns as f32 / 2.0;
        let row = (dy * cos - dx * sin) / module + rows as f32 / 2.0;
        if column < 0.0 || row < 0.0 || column >= columns as f32 || row >= rows as f32 {
            return false;
        }
        code.bits()[row as usize * columns + column as usize]
    };
    let mut light: Vec<f32> = (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| (x as f32, y as f32)))
        .map(|(x, y)| if is_dark(x, y) { ink } else { paper })
        .collect();
    let blur = degraded.share(Degraded::Blur) * module * dice.between(0.3, 0.7);
    for _ in 0..2 {
        soften(&mut light, blur);
    }
    let noise = degraded.share(Degraded::Noise) * dice.between(15.0, 45.0);
    let pixels = light
        .into_iter()
        .map(|value| (value + dice.between(-noise, noise)).clamp(0.0, 255.0) as u8)
        .collect();
    Ok(Luma::new(WIDTH, HEIGHT, pixels)?)
}

/// A box of `radius` pixels along rows and columns.
fn soften(light: &mut [f32], radius: f32) {
    let reach = radius.round() as usize;
    if reach == 0 {
        return;
    }
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    let mut line = Vec::new();
    let mut along = |light: &mut [f32], start: usize, step: usize, length: usize| {
        line.clear();
        line.extend((0..length).map(|n| light[start + n * step]));
        for n in 0..length {
            let window = &line[n.saturating_sub(reach)..(n + reach + 1).min(length)];
            light[start + n * step] = window.iter().sum::<f32>() / window.len() as f32;
        }
    };
    (0..height).for_each(|y| along(light, y * width, 1, width));
    (0..width).for_each(|x| along(light, x, width, height));
}

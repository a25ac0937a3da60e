//! A picture in halved sizes, so that characters of every size are small somewhere.

use crate::Luma;

/// The largest level that is searched, in pixels.
const MOST: usize = 12_000_000;
/// No zone fits into a level with a longer side below this.
const LEAST: usize = 300;

/// One size of a picture.
#[derive(Debug)]
pub(super) struct Level {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// How often both sides were halved.
    halved: u32,
}

impl Level {
    /// The sizes that are worth searching, the largest first.
    pub(super) fn all(picture: &Luma) -> Vec<Self> {
        let mut next = Self {
            width: picture.width() as usize,
            height: picture.height() as usize,
            pixels: picture.pixels().to_vec(),
            halved: 0,
        };
        let mut levels = Vec::new();
        while next.width.max(next.height) >= LEAST {
            let half = next.half();
            if next.pixels.len() <= MOST {
                levels.push(next);
            }
            let Some(half) = half else { break };
            next = half;
        }
        levels
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    pub(super) const fn height(&self) -> usize {
        self.height
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Pixels of the whole picture to one of this level.
    pub(super) fn scale(&self) -> f32 {
        2.0_f32.powi(self.halved.cast_signed())
    }

    /// The brightness between pixels, whose middles are whole numbers; the border goes on outside.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to the sides of the level, which are below 10 000"
    )]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let x = x.max(0.0).min((self.width - 1) as f32);
        let y = y.max(0.0).min((self.height - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (dx, dy) = (x - left as f32, y - top as f32);
        let pixel = |x: usize, y: usize| f32::from(self.pixels[y * self.width + x]);
        let above = pixel(left, top) * (1.0 - dx) + pixel(right, top) * dx;
        let below = pixel(left, bottom) * (1.0 - dx) + pixel(right, bottom) * dx;
        above * (1.0 - dy) + below * dy
    }

    /// Each four pixels as their mean; none when a side has one pixel.
    fn half(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = &self.pixels[2 * y * self.width..][..2 * self.width];
            let (above, below) = rows.split_at(self.width);
            let four = |x: usize| {
                let sum = [above[2 * x], above[2 * x + 1], below[2 * x], below[2 * x + 1]]
                    .map(u16::from)
                    .iter()
                    .sum::<u16>();
                u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)
            };
            pixels.extend((0..width).map(four));
        }
        (width > 0 && height > 0).then_some(Self {
            width,
            height,
            pixels,
            halved: self.halved + 1,
        })
    }
}

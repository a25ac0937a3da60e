//! Hands that sign: strokes with their timing, the same for the same signer.

use domain::hand::{Point, Strokes};

/// A signature that looks like one, another for each signer.
pub fn flourish(signer: u8) -> Strokes {
    /// A quarter of a wave, in pixels.
    const WAVE: [u16; 8] = [0, 6, 11, 16, 20, 23, 25, 26];
    let height = |n: u16| {
        let step = usize::from(n % 8);
        let (rise, fall) = (WAVE[step], WAVE[7 - step]);
        match n / 8 % 4 {
            0 => 70 - rise,
            1 => 70 - fall,
            2 => 70 + rise,
            _ => 70 + fall,
        }
    };
    let wave = (0_u16..90).map(|n| Point {
        x: 20 + n * 3,
        y: height(n + u16::from(signer) * 5),
        ms: u32::from(n) * 12,
    });
    let line = (0_u16..40).map(|n| Point {
        x: 40 + n * 6,
        y: 112 - n / 4,
        ms: 1_300 + u32::from(n) * 8,
    });
    Strokes::new(320, 140, vec![wave.collect(), line.collect()]).expect("the flourish stays on its pad")
}

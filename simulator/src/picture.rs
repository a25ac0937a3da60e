//! What a simulated camera sees: a PNG of the size of a telephone's photograph, the same for the same words, and a street
//! that moves a little, as in a hand.

use camera::still::{Exposure, Layout};
use domain::Digest;
use domain::photo::Picture;

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// A picture of about 3.5 MB; other words, another picture.
pub fn picture(seed: u64, name: &str) -> Picture {
    grainy(seed, name, WIDTH, HEIGHT)
}

/// A picture of some kilobytes, as a telephone keeps of a message.
pub fn thumbnail(seed: u64, name: &str) -> Picture {
    grainy(seed, name, 32, 24)
}

fn grainy(seed: u64, name: &str, width: u32, height: u32) -> Picture {
    let digest = Digest::of(&[&seed.to_be_bytes()[..], b"picture/", name.as_bytes()].concat());
    let (word, _) = digest.as_bytes().split_at(8);
    let mut state = u64::from_be_bytes(word.try_into().unwrap_or_default());
    let mut rows = Vec::new();
    for y in 0..height {
        // Filter type 0: the bytes are the colours.
        rows.push(0);
        for x in 0..width {
            // SplitMix64 (Steele, Lea, Flood 2014): grain over a slope of grey, which no compression would shrink.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut grain = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            grain = (grain ^ (grain >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let slope = u64::from(x * 96 / width + y * 96 / height);
            rows.extend((0..3).map(|colour| (slope + (grain >> (8 * colour) & 0x3f)).to_le_bytes()[0]));
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(&mut png, b"IHDR", &[size.as_slice(), &[8, 2, 0, 0, 0]].concat());
    chunk(&mut png, b"tEXt", format!("Comment\0{name}").as_bytes());
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", b"");
    Picture(png)
}

/// Of the street, even in both directions.
const LIVE: (u32, u32) = (960, 720);

/// Rows of five dots, from the left, for each sign of a plate.
const GLYPHS: [(char, [u8; 7]); 8] = [
    (
        'G',
        [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01110],
    ),
    (
        'A',
        [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
    ),
    (
        '2',
        [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
    ),
    (
        '8',
        [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    ),
    (
        '4',
        [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    ),
    (
        'K',
        [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
    ),
    (
        'T',
        [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
    ),
    ('-', [0, 0, 0, 0b11111, 0, 0, 0]),
];

/// The back of a parked car, in the layout of a webcam; `number` counts the pictures of one look.
pub fn street(seed: u64, number: u32) -> Exposure {
    let (width, height) = LIVE;
    // A hand moves by some pixels and comes back.
    let sway = i64::from(number % 24).abs_diff(12);
    let sway = i64::try_from(sway).unwrap_or(0) - 6;
    let paint = [(110, 118), (90, 200), (170, 90), (128, 128)][usize::try_from(seed % 4).unwrap_or(0)];
    let mut bytes = Vec::new();
    for y in 0..i64::from(height) {
        for x in 0..i64::from(width) / 2 {
            let (luma, blue, red) = dot(2 * x + sway, y + sway / 2, paint);
            let (second, ..) = dot(2 * x + 1 + sway, y + sway / 2, paint);
            bytes.extend([luma, blue, second, red]);
        }
    }
    Exposure {
        width,
        height,
        layout: Layout::Yuyv,
        bytes,
    }
}

/// Luma and differences of one dot of the street.
fn dot(x: i64, y: i64, paint: (u8, u8)) -> (u8, u8, u8) {
    const PLATE: &str = "GA-284-KT";
    // Dots of a sign, in pixels.
    const DOT: i64 = 5;
    let within = |left: i64, top: i64, right: i64, bottom: i64| {
        (left..right).contains(&x) && (top..bottom).contains(&y)
    };
    // Narrower to the top, on both sides.
    let leaning = |left: i64, top: i64, right: i64, bottom: i64| {
        let inset = (bottom - y) / 3;
        (top..bottom).contains(&y) && (left + inset..right - inset).contains(&x)
    };
    let grey = |luma: u8| (luma, 128, 128);
    let (left, top) = (345, 468);
    if within(left, top, left + 270, top + 35) {
        let (column, row) = ((x - left) / DOT, (y - top) / DOT);
        let sign = PLATE.chars().nth(usize::try_from(column / 6).unwrap_or(0));
        let rows = GLYPHS.iter().find(|(glyph, _)| Some(*glyph) == sign);
        let line = rows.map_or(0, |(_, rows)| rows[usize::try_from(row).unwrap_or(0).min(6)]);
        let inked = column % 6 < 5 && line >> (4 - column % 6) & 1 == 1;
        return grey(if inked { 24 } else { 230 });
    }
    if within(330, 456, 630, 515) {
        return grey(230);
    }
    if within(210, 430, 270, 470) || within(690, 430, 750, 470) {
        return (90, 100, 210);
    }
    if leaning(270, 210, 690, 330) {
        return (60, 134, 122);
    }
    if leaning(220, 180, 740, 350) || within(190, 350, 770, 560) {
        return (126, paint.0, paint.1);
    }
    if within(220, 560, 330, 620) || within(630, 560, 740, 620) {
        return grey(28);
    }
    if y < 300 {
        return (u8::try_from(190 - y / 6).unwrap_or(190), 134, 124);
    }
    grey(if y < 318 {
        170
    } else {
        u8::try_from(84 + (y - 300) / 12).unwrap_or(84)
    })
}

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    png.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(content);
    let table: [u32; 256] = std::array::from_fn(|byte| {
        (0..8).fold(u32::try_from(byte).unwrap_or(0), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    });
    let crc = png[start..].iter().fold(u32::MAX, |crc, byte| {
        crc >> 8 ^ table[usize::from(crc.to_le_bytes()[0] ^ byte)]
    });
    png.extend((!crc).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use domain::UnixMs;
    use domain::photo::Photo;

    use super::*;

    #[test]
    fn a_picture_is_a_photograph_of_its_own() {
        let (plate, car) = (picture(1, "plaque"), picture(1, "véhicule"));
        assert_eq!(plate, picture(1, "plaque"));
        assert!(plate != car && plate != picture(2, "plaque"));
        let photo = Photo::of("plaque", &plate.0, UnixMs(0)).unwrap();
        assert!((3_000_000..4_000_000).contains(&photo.bytes), "{}", photo.bytes);
    }
}

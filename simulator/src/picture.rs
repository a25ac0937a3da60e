//! What the simulated terminal's camera sees: a PNG of the size of a telephone's photograph, the same for the same words.

use domain::Digest;
use domain::photo::Picture;

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 900;

/// A picture of about 3.5 MB; other words, another picture.
pub fn picture(seed: u64, name: &str) -> Picture {
    let digest = Digest::of(&[&seed.to_be_bytes()[..], b"picture/", name.as_bytes()].concat());
    let (word, _) = digest.as_bytes().split_at(8);
    let mut state = u64::from_be_bytes(word.try_into().unwrap_or_default());
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // Filter type 0: the bytes are the colours.
        rows.push(0);
        for x in 0..WIDTH {
            // SplitMix64 (Steele, Lea, Flood 2014): grain over a slope of grey, which no compression would shrink.
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut grain = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            grain = (grain ^ (grain >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let slope = u64::from(x * 96 / WIDTH + y * 96 / HEIGHT);
            rows.extend((0..3).map(|colour| (slope + (grain >> (8 * colour) & 0x3f)).to_le_bytes()[0]));
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    chunk(&mut png, b"IHDR", &[size.as_slice(), &[8, 2, 0, 0, 0]].concat());
    chunk(&mut png, b"tEXt", format!("Comment\0{name}").as_bytes());
    chunk(&mut png, b"IDAT", &stored(&rows));
    chunk(&mut png, b"IEND", b"");
    Picture(png)
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

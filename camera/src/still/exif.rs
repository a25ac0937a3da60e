//! What a live photograph says about itself: when, with which camera, how large. Neither where nor by whom.

use domain::Timestamp;

/// CIPA DC-008 (Exif 2.32) over TIFF 6.0, little endian.
const VERSION: &[u8; 4] = b"0232";

/// Longest name of a camera, in bytes.
const MAX_MODEL: usize = 60;

/// A TIFF of two directories, as it stands in a JPEG behind `Exif\0\0`.
pub(super) fn of(model: &str, (width, height): (u32, u32), at: Timestamp) -> Vec<u8> {
    let civil = at.utc.civil(at.offset_min);
    let moment = ascii(&civil.strftime("%Y:%m:%d %H:%M:%S").to_string());
    let (sign, offset) = (
        if at.offset_min < 0 { '-' } else { '+' },
        at.offset_min.unsigned_abs(),
    );
    let offset = ascii(&format!("{sign}{:02}:{:02}", offset / 60, offset % 60));
    let milliseconds = ascii(&format!("{:03}", civil.millisecond()));
    let picture = [
        Entry(0x9000, UNDEFINED, VERSION.to_vec()),
        Entry(0x9003, ASCII, moment.clone()),
        Entry(0x9011, ASCII, offset),
        Entry(0x9291, ASCII, milliseconds),
        Entry(0xa002, LONG, width.to_le_bytes().to_vec()),
        Entry(0xa003, LONG, height.to_le_bytes().to_vec()),
    ];
    let upright = 1u16.to_le_bytes().to_vec();
    let mut main = vec![
        Entry(0x0110, ASCII, ascii(model)),
        Entry(0x0112, SHORT, upright),
        Entry(0x0132, ASCII, moment),
        Entry(0x8769, LONG, vec![0; 4]),
    ];
    const HEADER: usize = 8;
    let second = HEADER + directory(&main, HEADER).len();
    if let Some(pointer) = main.last_mut() {
        pointer.2 = offset_of(second).to_vec();
    }
    [
        b"II\x2a\0\x08\0\0\0".to_vec(),
        directory(&main, HEADER),
        directory(&picture, second),
    ]
    .concat()
}

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const UNDEFINED: u16 = 7;

/// Tag, type and value; in ascending order of tags.
struct Entry(u16, u16, Vec<u8>);

/// A directory that begins at `start`, with the values that do not fit in it behind it.
fn directory(entries: &[Entry], start: usize) -> Vec<u8> {
    const ENTRY: usize = 12;
    let mut values = Vec::new();
    let mut bytes = u16::try_from(entries.len())
        .unwrap_or(u16::MAX)
        .to_le_bytes()
        .to_vec();
    let behind = start + 2 + ENTRY * entries.len() + 4;
    for Entry(tag, kind, value) in entries {
        let size = match *kind {
            SHORT => 2,
            LONG => 4,
            _ => 1,
        };
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(offset_of(value.len() / size));
        if value.len() <= 4 {
            bytes.extend(value);
            bytes.extend(std::iter::repeat_n(0, 4 - value.len()));
        } else {
            bytes.extend(offset_of(behind + values.len()));
            values.extend(value);
            // Values begin on even offsets.
            values.extend(std::iter::repeat_n(0, value.len() % 2));
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(values);
    bytes
}

fn offset_of(place: usize) -> [u8; 4] {
    u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes()
}

/// Printable ASCII with its end; what else a driver calls its camera is left out.
fn ascii(text: &str) -> Vec<u8> {
    let plain = text.bytes().filter(|byte| (0x20..0x7f).contains(byte));
    plain.take(MAX_MODEL).chain([0]).collect()
}

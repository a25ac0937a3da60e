//! Writes pictures into files.

use super::{Codec, Frame};

/// How a film lies in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Classic,
    /// The index in front of the pictures, offsets of 64 bits, three pictures a chunk, zeros behind the units.
    Fast,
    /// With so many pictures a fragment.
    Fragments(usize),
    Stream,
}

pub(crate) const FORMS: [Form; 4] = [Form::Classic, Form::Fast, Form::Fragments(3), Form::Stream];

/// The file.
pub(crate) fn write(codec: Codec, frames: &[Frame], form: Form) -> Vec<u8> {
    match form {
        Form::Stream => frames
            .iter()
            .flat_map(|frame| &frame.0)
            .flat_map(|unit| [&[0, 0, 0, 1], unit.as_slice()].concat())
            .collect(),
        Form::Classic => classic(codec, frames),
        Form::Fast => fast(codec, frames),
        Form::Fragments(pictures) => fragments(codec, frames, pictures),
    }
}

fn one(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&size, kind.as_slice(), content].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn u32_of(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

/// The units of a picture behind their lengths.
fn sample(frame: &Frame, zeros: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for unit in &frame.0 {
        bytes.extend(u32_of(unit.len() + zeros).to_be_bytes());
        bytes.extend(unit);
        bytes.extend(vec![0; zeros]);
    }
    bytes
}

fn classic(codec: Codec, frames: &[Frame]) -> Vec<u8> {
    let samples: Vec<Vec<u8>> = frames.iter().map(|frame| sample(frame, 0)).collect();
    let start = one(b"ftyp", b"isom\0\0\0\0");
    let media = one(b"mdat", &samples.concat());
    let sizes: Vec<u32> = samples.iter().map(|sample| u32_of(sample.len())).collect();
    let stsz = one(
        b"stsz",
        &words(&[[0, 0, u32_of(sizes.len())].as_slice(), &sizes].concat()),
    );
    let stsc = one(b"stsc", &words(&[0, 1, 1, u32_of(sizes.len()), 1]));
    let stco = one(b"stco", &words(&[0, 1, u32_of(start.len() + 8)]));
    let stts = one(b"stts", &words(&[0, 1, u32_of(sizes.len()), 40]));
    let index = index(codec, &[stts, stsc, stsz, stco], &[]);
    [start, media, index].concat()
}

fn fast(codec: Codec, frames: &[Frame]) -> Vec<u8> {
    let samples: Vec<Vec<u8>> = frames.iter().map(|frame| sample(frame, 2)).collect();
    let sizes: Vec<u32> = samples.iter().map(|sample| u32_of(sample.len())).collect();
    let stsz = one(
        b"stsz",
        &words(&[[0, 0, u32_of(sizes.len())].as_slice(), &sizes].concat()),
    );
    let full = samples.len() / 3;
    let rest = samples.len() % 3;
    let mut runs = if full > 0 { vec![1, 3, 1] } else { Vec::new() };
    if rest > 0 {
        runs.extend([u32_of(full + 1), u32_of(rest), 1]);
    }
    let stsc = one(
        b"stsc",
        &words(&[[0, u32_of(runs.len() / 3)].as_slice(), &runs].concat()),
    );
    let stts = one(b"stts", &words(&[0, 1, u32_of(sizes.len()), 40]));
    let make = |base: usize| {
        let mut offsets = vec![0, u32_of(samples.len().div_ceil(3))];
        let mut at = base;
        for chunk in samples.chunks(3) {
            offsets.extend([0, u32_of(at)]);
            at += chunk.iter().map(Vec::len).sum::<usize>();
        }
        let co64 = one(b"co64", &words(&offsets));
        index(codec, &[stts.clone(), stsc.clone(), stsz.clone(), co64], &[])
    };
    let start = one(b"ftyp", b"isom\0\0\0\0");
    let base = start.len() + make(0).len() + 16;
    let media = samples.concat();
    let mut long = words(&[1]);
    long.extend(b"mdat");
    long.extend((media.len() as u64 + 16).to_be_bytes());
    [start, make(base), long, media].concat()
}

fn fragments(codec: Codec, frames: &[Frame], pictures: usize) -> Vec<u8> {
    let empty = [
        one(b"stts", &words(&[0, 0])),
        one(b"stsc", &words(&[0, 0])),
        one(b"stsz", &words(&[0, 0, 0])),
        one(b"stco", &words(&[0, 0])),
    ];
    let trex = one(b"trex", &words(&[0, 1, 1, 40, 0, 0]));
    let mut file = [
        one(b"ftyp", b"iso5\0\0\0\0"),
        index(codec, &empty, &one(b"mvex", &trex)),
    ]
    .concat();
    let mut clock = 0_u64;
    for (number, chunk) in (1..).zip(frames.chunks(pictures)) {
        let samples: Vec<Vec<u8>> = chunk.iter().map(|frame| sample(frame, 0)).collect();
        let moof = |offset: usize| {
            let sizes: Vec<u32> = samples.iter().map(|sample| u32_of(sample.len())).collect();
            let trun = one(
                b"trun",
                &words(&[[0x201, u32_of(samples.len()), u32_of(offset)].as_slice(), &sizes].concat()),
            );
            let tfdt = one(
                b"tfdt",
                &[words(&[0x0100_0000]), clock.to_be_bytes().to_vec()].concat(),
            );
            let tfhd = one(b"tfhd", &words(&[0x2_0000, 1]));
            let traf = one(b"traf", &[tfhd, tfdt, trun].concat());
            one(b"moof", &[one(b"mfhd", &words(&[0, number])), traf].concat())
        };
        let offset = moof(0).len() + 8;
        file.extend(moof(offset));
        file.extend(one(b"mdat", &samples.concat()));
        clock += 40 * chunk.len() as u64;
    }
    file
}

/// The index of a file with one track of pictures, 1000 units a second.
fn index(codec: Codec, tables: &[Vec<u8>], more: &[u8]) -> Vec<u8> {
    let (entry, configuration) = match codec {
        Codec::H264 => (b"avc1", one(b"avcC", &[1, 0x42, 0xc0, 0x1e, 0xff, 0xe0, 0])),
        Codec::H265 => {
            let mut record = vec![0; 23];
            record[0] = 1;
            record[21] = 0x0f;
            (b"hvc1", one(b"hvcC", &record))
        }
    };
    let entry = one(entry, &[vec![0; 78], configuration].concat());
    let stsd = one(b"stsd", &[words(&[0, 1]), entry].concat());
    let stbl = one(b"stbl", &[stsd, tables.concat()].concat());
    let url = one(b"url ", &words(&[1]));
    let dinf = one(b"dinf", &one(b"dref", &[words(&[0, 1]), url].concat()));
    let minf = one(b"minf", &[one(b"vmhd", &words(&[1, 0, 0])), dinf, stbl].concat());
    let hdlr = one(b"hdlr", &[words(&[0, 0]), b"vide".to_vec(), vec![0; 13]].concat());
    let mdhd = one(b"mdhd", &words(&[0, 0, 0, 1000, 0, 0]));
    let mdia = one(b"mdia", &[mdhd, hdlr, minf].concat());
    let tkhd = one(b"tkhd", &[words(&[3, 0, 0, 1]), vec![0; 68]].concat());
    let trak = one(b"trak", &[tkhd, mdia].concat());
    one(b"moov", &[one(b"mvhd", &[0; 100]), trak, more.to_vec()].concat())
}

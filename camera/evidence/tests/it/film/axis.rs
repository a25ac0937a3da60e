//! Signs as a camera with Axis Signed Video does: version 3, and the ones before it, whose groups end with the first
//! picture of the next.

use super::{Camera, Codec, Frame, digest, escaped, is_key, is_slice, user_data};

const IDENTIFIER: &[u8; 16] = b"Signed Video...0";
/// 2026-11-21T12:00:00Z in microseconds.
const NOON: i64 = 1_795_262_400_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// With a list of hashes, the last of which is that of the next first picture.
    Listed,
    /// Without, the signature over a chain of hashes.
    Chained,
    /// Version 3.
    Linked,
}

/// What comes with the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    Key,
    Certificates,
    Both,
}

/// The film with its signatures, and the key of the camera, with or without certificates.
pub(crate) fn sign(
    codec: Codec,
    frames: &[Frame],
    camera: &Camera,
    version: Version,
    identity: Identity,
) -> Vec<Frame> {
    let mut list: Vec<Vec<u8>> = Vec::new();
    let mut anchor = Vec::new();
    let mut links = [vec![0; 32], vec![0; 32]];
    let mut counter = 0_u32;
    let mut signed = Vec::new();
    for frame in frames {
        let mut units = Vec::new();
        for unit in &frame.0 {
            if is_slice(codec, unit) {
                let own = digest(&[unit]);
                if is_key(codec, unit) {
                    let next = if anchor.is_empty() {
                        own.clone()
                    } else {
                        digest(&[&anchor, &own])
                    };
                    let group = match version {
                        Version::Linked => list.clone(),
                        Version::Listed | Version::Chained => [list.clone(), vec![next]].concat(),
                    };
                    if version != Version::Linked || !list.is_empty() {
                        counter += 1;
                        units.push(message(
                            codec, camera, version, identity, counter, &group, &links[0],
                        ));
                    }
                    links = [links[1].clone(), own.clone()];
                    anchor.clone_from(&own);
                    list = vec![own];
                } else {
                    list.push(digest(&[&anchor, &own]));
                }
            }
            units.push(unit.clone());
        }
        signed.push(Frame(units));
    }
    signed
}

fn message(
    codec: Codec,
    camera: &Camera,
    version: Version,
    identity: Identity,
    counter: u32,
    group: &[Vec<u8>],
    link: &[u8],
) -> Vec<u8> {
    let hashes: Vec<&[u8]> = group.iter().map(Vec::as_slice).collect();
    let mut general = vec![if version == Version::Linked { 3 } else { 2 }];
    general.extend(counter.to_be_bytes());
    general.extend(u16::try_from(group.len()).unwrap().to_be_bytes());
    general.extend([2, 1, 0, 1]);
    general.extend((NOON + i64::from(counter) * 1_000_000).to_be_bytes());
    if version == Version::Linked {
        general.extend(link);
        general.extend(digest(&hashes));
    }
    let spki = camera.key.public().spki_der();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        base64(&spki)
    );
    let mut tags = short(1, &general);
    if identity != Identity::Key {
        tags.extend(long(129, &[&[1, 0], camera.pem().as_bytes()].concat()));
    }
    if identity != Identity::Certificates {
        tags.extend(long(2, &[&[2], pem.as_bytes()].concat()));
    }
    tags.extend(long(3, b"\x01\x01\0\x041.0\0\x07SER-42\0\x05Axis\0\x01\0"));
    if version != Version::Chained {
        tags.extend(long(4, &[vec![1], hashes.concat()].concat()));
    }
    let behind = 3 + 3 + 72 + usize::from(version != Version::Linked) + 1;
    let mut unit = user_data(codec, IDENTIFIER, 1 + tags.len() + behind);
    unit.push(0x80);
    unit.extend(&tags);
    let document = escaped(&unit);
    let signature = if version == Version::Chained {
        let chain = hashes
            .iter()
            .fold(digest(&[&[1]]), |chain, hash| digest(&[&chain, hash]));
        camera.key.sign_der(&[chain, digest(&[&document])].concat())
    } else {
        camera.key.sign_der(&document)
    };
    let mut value = match version {
        Version::Linked => vec![2, 0],
        Version::Listed => vec![1, 0, 1],
        Version::Chained => vec![1, 0, 0],
    };
    value.extend(u16::try_from(signature.len()).unwrap().to_be_bytes());
    value.extend(&signature);
    value.resize(value.len() + 72 - signature.len(), 1);
    unit.extend(long(5, &value));
    unit.push(0x80);
    escaped(&unit)
}

fn short(number: u8, value: &[u8]) -> Vec<u8> {
    [&[number, u8::try_from(value.len()).unwrap()], value].concat()
}

fn long(number: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[number], length.as_slice(), value].concat()
}

/// One line, as long as it takes.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (number, three) in bytes.chunks(3).enumerate() {
        if number > 0 && number % 16 == 0 {
            text.push('\n');
        }
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let index = usize::try_from((bits >> (18 - 6 * place)) & 63).unwrap();
            text.push(if place <= three.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
    }
    text
}

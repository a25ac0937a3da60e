//! Signs as a camera with ONVIF Media Signing does.

use trust::keys::{KeyKind, SigningKey};
use trust::maker::Hash;

use super::{Camera, Codec, Frame, escaped, is_key, is_slice, user_data};

const IDENTIFIER: [u8; 16] = [
    0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a, 0x6f,
];
/// 2026-11-21T12:00:00Z in 100 ns since 1601.
pub(crate) const NOON: i64 = (1_795_262_400_000 + 11_644_473_600_000) * 10_000;
const SECOND: i64 = 10_000_000;

/// What of the emulation prevention is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Applied before hashing, and said so.
    Before,
    /// Applied after hashing.
    After,
    /// Not applied at all.
    Never,
}

/// How a camera signs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) escape: Escape,
    /// With the list of hashes; without it, the bit rate is low.
    pub(crate) list: bool,
    /// Pictures after which a part of a group is signed.
    pub(crate) partial: Option<usize>,
    /// Certificates and algorithms in a message of their own, sent once.
    pub(crate) once: bool,
    /// Of the general tag: 1 has no time of the end.
    pub(crate) version: u8,
    /// In 100 ns since 1601.
    pub(crate) start: i64,
    /// Pictures by which a signature comes late.
    pub(crate) delay: usize,
    /// The last group is signed at the end of the stream, with the general tag's hash of the group before.
    pub(crate) end: bool,
    /// Groups of which one is signed; the others have messages without signature.
    pub(crate) every: usize,
    /// With another one than SHA-256, an Ed25519 key signs.
    pub(crate) hash: Hash,
}

pub(crate) const PLAN: Plan = Plan {
    escape: Escape::After,
    list: true,
    partial: None,
    once: false,
    version: 2,
    start: NOON,
    delay: 0,
    end: false,
    every: 1,
    hash: Hash::Sha256,
};

struct Signer<'a> {
    codec: Codec,
    camera: &'a Camera,
    plan: Plan,
    list: Vec<Vec<u8>>,
    anchor: Vec<u8>,
    /// First hashes of the part before and of the present one.
    links: [Vec<u8>; 2],
    counter: u32,
    hash: Vec<u8>,
    count: u16,
    /// Pictures of the present part.
    pictures: usize,
}

/// The film with its signatures in front of the slices of its pictures.
pub(crate) fn sign(codec: Codec, frames: &[Frame], camera: &Camera, plan: Plan) -> Vec<Frame> {
    let mut signer = Signer {
        codec,
        camera,
        plan,
        list: Vec::new(),
        anchor: Vec::new(),
        links: [vec![0; plan.hash.length()], vec![0; plan.hash.length()]],
        counter: 1,
        hash: vec![0; plan.hash.length()],
        count: 0,
        pictures: 0,
    };
    let mut waiting: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut signed = Vec::new();
    if plan.once {
        waiting.push((0, signer.certificates()));
    }
    for (number, frame) in frames.iter().enumerate() {
        signer.pictures += 1;
        for (position, unit) in frame.0.iter().enumerate() {
            if !is_slice(codec, unit) {
                continue;
            }
            let first_slice = !frame.0[..position].iter().any(|unit| is_slice(codec, unit));
            let full = plan.partial.is_some_and(|limit| signer.pictures > limit) && first_slice;
            if !signer.list.is_empty() && (is_key(codec, unit) || full) {
                let message = signer.close(!is_key(codec, unit), true);
                waiting.push((number + plan.delay, message));
                signer.pictures = 1;
            }
            signer.take(unit);
        }
        let mut units = frame.0.clone();
        let at = units.iter().position(|unit| is_slice(codec, unit)).unwrap();
        let due = waiting
            .iter()
            .filter(|(when, _)| *when <= number)
            .map(|(_, message)| message.clone());
        units.splice(at..at, due.collect::<Vec<_>>());
        waiting.retain(|(when, _)| *when > number);
        signed.push(Frame(units));
    }
    let late = waiting.into_iter().map(|(_, message)| message);
    signed.last_mut().unwrap().0.extend(late);
    if plan.end {
        let message = signer.close(false, false);
        signed.last_mut().unwrap().0.push(message);
    }
    signed
}

impl Signer<'_> {
    fn digest(&self, pieces: &[&[u8]]) -> Vec<u8> {
        self.plan.hash.of(pieces).as_bytes().to_vec()
    }

    fn take(&mut self, unit: &[u8]) {
        let own = self.digest(&[unit]);
        let hash = if is_key(self.codec, unit) {
            self.anchor.clone_from(&own);
            own
        } else {
            self.digest(&[&self.anchor, &own])
        };
        if self.list.is_empty() {
            let [_, present] = std::mem::take(&mut self.links);
            self.links = [present, hash.clone()];
        }
        self.list.push(hash);
    }

    /// The message over the present part; at the end of a stream without a new hash of the part.
    fn close(&mut self, partial: bool, fresh: bool) -> Vec<u8> {
        if fresh {
            self.hash = self.digest(&self.list.iter().map(Vec::as_slice).collect::<Vec<_>>());
            self.count = u16::try_from(self.list.len()).unwrap();
        }
        let started = self.plan.start + i64::from(self.counter - 1) * SECOND;
        let mut general = vec![self.plan.version, 26, 6, 0, u8::from(partial)];
        general.extend(started.to_be_bytes());
        if self.plan.version >= 2 {
            general.extend((started + SECOND).to_be_bytes());
        }
        general.extend(self.counter.to_be_bytes());
        general.extend(self.count.to_be_bytes());
        general.extend(&self.hash);
        general.extend(&self.links[0]);
        let mut tags = if self.plan.once {
            Vec::new()
        } else {
            self.about_the_camera()
        };
        tags.extend(tag(1, &general));
        if self.plan.list {
            tags.extend(tag(2, &[vec![1], self.list.concat()].concat()));
        }
        // What a maker adds behind the tags of the specification.
        tags.extend(tag(0xe0, b"of the maker"));
        tags.extend(tag(7, &[1, 0, 0, 0, 0, 0, 1, 0, 0, 3, 9]));
        let signed = self
            .counter
            .is_multiple_of(u32::try_from(self.plan.every).unwrap());
        let message = self.message(0, &tags, signed);
        if !signed {
            // It is in the stream before the next part is signed, and belongs to it.
            let seen = if self.plan.escape == Escape::Before {
                message.clone()
            } else {
                unescape(&message)
            };
            self.list = vec![self.digest(&[&seen])];
            self.links = [self.links[1].clone(), self.list[0].clone()];
        } else {
            self.list.clear();
        }
        self.counter += 1;
        message
    }

    fn certificates(&self) -> Vec<u8> {
        self.message(0x80, &self.about_the_camera(), true)
    }

    /// Algorithms, maker and certificates.
    fn about_the_camera(&self) -> Vec<u8> {
        let last = match self.plan.hash {
            Hash::Sha256 => 1,
            Hash::Sha384 => 2,
            Hash::Sha512 => 3,
        };
        let hash = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last];
        let signature: &[u8] = match self.camera.key {
            SigningKey::Ed25519(_) => &[0x06, 0x03, 0x2b, 0x65, 0x70],
            SigningKey::Es256(_) | SigningKey::Es384(_) => &[],
        };
        let mut algorithms = vec![1, 11];
        algorithms.extend(hash);
        algorithms.push(u8::try_from(signature.len()).unwrap());
        algorithms.extend(signature);
        algorithms.extend([0, 0]);
        let maker = [b"\x01\x041.02\x06SER-42\x05Maker".as_slice()].concat();
        let chain = [&[1, 0], self.camera.pem().as_bytes()].concat();
        [tag(4, &algorithms), tag(5, &maker), tag(6, &chain)].concat()
    }

    fn message(&self, flags: u8, tags: &[u8], signed: bool) -> Vec<u8> {
        let longest = if self.camera.key.public().kind() == KeyKind::Ed25519 {
            64
        } else {
            72
        };
        let behind = if signed { 3 + 3 + longest } else { 0 };
        let escape = self.plan.escape == Escape::Before;
        let mut unit = user_data(self.codec, &IDENTIFIER, 1 + tags.len() + behind);
        unit.push(flags | if escape { 0x40 } else { 0 });
        unit.extend(tags);
        if signed {
            let document = if escape { escaped(&unit) } else { unit.clone() };
            let mut signature = match self.camera.key {
                SigningKey::Ed25519(_) => self.camera.key.sign(&self.digest(&[&document])),
                SigningKey::Es256(_) | SigningKey::Es384(_) => self.camera.key.sign_der(&document),
            };
            let mut value = vec![1];
            value.extend(u16::try_from(signature.len()).unwrap().to_be_bytes());
            signature.resize(longest, 1);
            value.extend(signature);
            unit.extend(tag(3, &value));
        }
        unit.push(0x80);
        if self.plan.escape == Escape::Never {
            unit
        } else {
            escaped(&unit)
        }
    }
}

fn tag(number: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[number], length.as_slice(), value].concat()
}

fn unescape(unit: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut zeros = 0;
    for byte in unit {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        out.push(*byte);
    }
    out
}

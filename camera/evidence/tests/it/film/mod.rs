//! A camera that films, signs and writes files: a second implementation of the schemes and of the containers, written
//! from their descriptions for these tests alone. It shares hashes, keys and certificates with what it tests, and no
//! more.

pub(crate) mod axis;
pub(crate) mod container;
pub(crate) mod onvif;

use trust::cert::{Certificate, Claims, Holder, Profile};
use trust::keys::{KeyKind, SigningKey};

use crate::fixture::pki::{Authority, Leaf};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    H264,
    H265,
}

/// One picture: its NAL units, SEI in front of slices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) Vec<Vec<u8>>);

/// What is filmed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) codec: Codec,
    pub(crate) groups: usize,
    /// Pictures of a group.
    pub(crate) length: usize,
    /// Slices of a picture.
    pub(crate) slices: usize,
}

pub(crate) const SCENE: Scene = Scene {
    codec: Codec::H264,
    groups: 4,
    length: 5,
    slices: 1,
};

/// A camera with a maker's root above it.
pub(crate) struct Camera {
    pub(crate) root: Certificate,
    pub(crate) key: SigningKey,
    /// Leaf and authority, without the root.
    pub(crate) chain: Vec<Certificate>,
}

impl Camera {
    pub(crate) fn new() -> Self {
        Self::of(Profile::Device, KeyKind::P256)
    }

    pub(crate) fn of(profile: Profile, kind: KeyKind) -> Self {
        let root = Authority::root("maker-root");
        let issuing = root.issuing("maker-issuing");
        let (holder, claims) = if profile == Profile::Camera {
            let claims = Claims {
                noise_key: Some([9; 32]),
                ..Claims::default()
            };
            (Holder::Camera("cam-9".to_owned()), claims)
        } else {
            let claims = Claims {
                key_protection: Some(trust::keys::KeyProtection::File),
                age_recipient: Some([7; 32]),
                ..Claims::default()
            };
            (Holder::Device("neo-000007".to_owned()), claims)
        };
        let Leaf { key, certificate } = issuing.leaf(profile, kind, holder, claims);
        Self {
            root: root.certificate,
            key,
            chain: vec![certificate, issuing.certificate],
        }
    }

    pub(crate) fn pem(&self) -> String {
        self.chain.iter().map(Certificate::to_pem).collect()
    }

    pub(crate) fn roots(&self) -> Vec<trust::maker::Certificate> {
        vec![trust::maker::Certificate::from_der(self.root.der()).unwrap()]
    }
}

/// Pictures of the scene, unsigned. No two units are the same.
pub(crate) fn pictures(scene: Scene) -> Vec<Frame> {
    let mut random = 7_u64;
    let mut frames = Vec::new();
    for group in 0..scene.groups {
        for picture in 0..scene.length {
            let key = picture == 0;
            let mut units = Vec::new();
            if key {
                units.extend(parameters(scene.codec));
            }
            for slice in 0..scene.slices {
                let length = 60 + (group * 37 + picture * 11 + slice * 5) % 90;
                units.push(slice_unit(scene.codec, key, slice == 0, length, &mut random));
            }
            frames.push(Frame(units));
        }
    }
    frames
}

fn parameters(codec: Codec) -> Vec<Vec<u8>> {
    match codec {
        Codec::H264 => vec![vec![0x67, 0x42, 0xc0, 0x1e, 0x80], vec![0x68, 0xce, 0x80]],
        Codec::H265 => vec![
            vec![0x40, 0x01, 0x0c, 0x80],
            vec![0x42, 0x01, 0x01, 0x80],
            vec![0x44, 0x01, 0xc0, 0x80],
        ],
    }
}

fn slice_unit(codec: Codec, key: bool, first: bool, length: usize, random: &mut u64) -> Vec<u8> {
    let mut payload = vec![if first { 0x88 } else { 0x48 }];
    for _ in 0..length {
        *random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Many zeros, so that emulation has to be prevented.
        let byte = u8::try_from(*random >> 56).unwrap();
        payload.push(if byte < 60 { 0 } else { byte });
    }
    payload.push(0x80);
    let header: &[u8] = match (codec, key) {
        (Codec::H264, true) => &[0x65],
        (Codec::H264, false) => &[0x41],
        (Codec::H265, true) => &[0x26, 0x01],
        (Codec::H265, false) => &[0x02, 0x01],
    };
    escaped(&[header, &payload].concat())
}

pub(crate) fn is_slice(codec: Codec, unit: &[u8]) -> bool {
    match codec {
        Codec::H264 => matches!(unit[0] & 0x1f, 1 | 5),
        Codec::H265 => matches!(unit[0] >> 1, 0 | 1 | 16..=21),
    }
}

pub(crate) fn is_key(codec: Codec, unit: &[u8]) -> bool {
    let header = match codec {
        Codec::H264 => unit[0] & 0x1f == 5,
        Codec::H265 => matches!(unit[0] >> 1, 16..=21),
    };
    let at = if codec == Codec::H264 { 1 } else { 2 };
    header && unit[at] & 0x80 != 0
}

pub(crate) fn is_sei(codec: Codec, unit: &[u8]) -> bool {
    match codec {
        Codec::H264 => unit[0] == 6,
        Codec::H265 => unit[0] == 0x4e,
    }
}

/// With a 3 wherever a start code could be seen.
pub(crate) fn escaped(unit: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for byte in unit {
        if *byte <= 3 && out.ends_with(&[0, 0]) {
            out.push(3);
        }
        out.push(*byte);
    }
    out
}

pub(crate) fn digest(pieces: &[&[u8]]) -> Vec<u8> {
    trust::sha256(&pieces.concat()).as_bytes().to_vec()
}

/// An SEI with user data of 16 bytes of identifier and the content behind it, as far as the signature.
pub(crate) fn user_data(codec: Codec, identifier: &[u8; 16], length: usize) -> Vec<u8> {
    let mut unit = match codec {
        Codec::H264 => vec![0x06, 0x05],
        Codec::H265 => vec![0x4e, 0x01, 0x05],
    };
    let mut left = length + 16;
    while left >= 255 {
        unit.push(255);
        left -= 255;
    }
    unit.push(u8::try_from(left).unwrap());
    unit.extend(identifier);
    unit
}

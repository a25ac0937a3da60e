//! What a terminal and a camera say to each other once they have met; every message fits one Noise message.
//!
//! The two directions are two closed sets of words: a terminal has no word that stops a camera or deletes a recording.

use domain::canonical::{self, NotCanonical};
use domain::footage::{ClipListing, Gap, TriggerCause};
use domain::officer::Matricule;
use domain::{ClipId, Digest, UnixMs};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use thiserror::Error;

/// The largest message before encryption: a Noise message has 65 535 bytes, of which 16 are its tag.
pub const MAX_MESSAGE: usize = 65_519;
/// The largest piece of a segment in one message, in bytes.
pub const MAX_PIECE: usize = 32 * 1024;
/// Recordings in one listing; a camera lists its oldest first.
pub const MAX_CLIPS: usize = 512;
/// Events in one answer; a camera gives the oldest first.
pub const MAX_EVENTS: usize = 32;

/// What a terminal may say.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FromTerminal {
    #[n(0)]
    ListClips,
    /// Asks for the opening message of a recording's chain.
    #[n(1)]
    Open {
        #[n(0)]
        clip: ClipId,
    },
    /// Asks for one segment, or for the end of the chain when `index` is the number of segments.
    #[n(2)]
    Pull {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        index: u32,
    },
    /// The recording's manifest is committed on the terminal: it may be overwritten when the camera is full.
    #[n(3)]
    Taken {
        #[n(0)]
        clip: ClipId,
        /// Merkle root of the manifest.
        #[n(1)]
        root: Digest,
    },
    /// HQ holds every byte: the camera checks the receipt itself and may then delete the recording.
    #[n(4)]
    Received {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        root: Digest,
        /// HQ's receipt, a COSE_Sign1 (namespace `receipt`).
        #[cbor(n(2), with = "minicbor::bytes")]
        receipt: Vec<u8>,
        /// The receipt's signer and the authorities above it (DER), the signer first.
        #[n(3)]
        signer: Vec<ByteVec>,
    },
    /// Asks for what the camera signed of itself behind this counter.
    #[n(5)]
    Events {
        #[n(0)]
        after: u64,
    },
    /// Asks the camera to record; it decides. The counter is the terminal's, and each counts once.
    #[n(6)]
    Trigger {
        #[n(0)]
        cause: TriggerCause,
        #[n(1)]
        counter: u64,
    },
    /// The camera is this officer's from now on; nobody's when there is none.
    #[n(7)]
    Assign {
        #[n(0)]
        to: Option<Matricule>,
    },
}

/// What a camera may say.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FromCamera {
    /// Said after each meeting, and when nothing else was said for some seconds.
    #[n(0)]
    Status(#[n(0)] Status),
    #[n(1)]
    Clips(#[n(0)] Vec<ClipListing>),
    /// The opening message of a chain.
    #[n(2)]
    Init {
        #[n(0)]
        clip: ClipId,
        #[cbor(n(1), with = "minicbor::bytes")]
        message: Vec<u8>,
    },
    /// The next bytes of the segment that was asked for.
    #[n(3)]
    Data {
        #[cbor(n(0), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// The segment is complete; its message in the chain.
    #[n(4)]
    SegmentEnd {
        #[cbor(n(0), with = "minicbor::bytes")]
        message: Vec<u8>,
    },
    /// There are no more segments; the closing message, when the recording was closed.
    #[n(5)]
    End {
        #[n(0)]
        message: Option<ByteVec>,
    },
    /// What the terminal said of a recording is remembered.
    #[n(6)]
    Noted {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        custody: Custody,
    },
    /// The camera has no such recording.
    #[n(7)]
    NoSuchClip {
        #[n(0)]
        clip: ClipId,
    },
    /// The receipt proves nothing to the camera, which keeps the recording.
    #[n(8)]
    NotProven {
        #[n(0)]
        clip: ClipId,
    },
    /// The first word of a meeting: by what the camera is found from now on ([`crate::beacon`]).
    #[n(9)]
    Beacon {
        #[cbor(n(0), with = "minicbor::bytes")]
        key: [u8; 32],
    },
    /// What it signed of itself, oldest first; said when it is asked, and of itself when something happens.
    #[n(10)]
    Events(#[n(0)] Vec<ByteVec>),
    /// It took a trigger of this counter before, or a later one.
    #[n(11)]
    NotTriggered {
        #[n(0)]
        counter: u64,
    },
}

/// How the camera is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Status {
    /// Charge in percent.
    #[n(0)]
    pub battery: u8,
    /// Free bytes for recordings.
    #[n(1)]
    pub free: u64,
    #[n(2)]
    pub recording: bool,
    /// Its clock when it said so; absent from cameras that do not say, as what follows.
    #[n(3)]
    pub clock: Option<UnixMs>,
    /// It holds the last seconds in its buffer, of which nothing is kept unless a recording begins.
    #[n(4)]
    pub buffering: Option<bool>,
    #[n(5)]
    pub firmware: Option<Firmware>,
    /// The last stretch of which it has nothing.
    #[n(6)]
    pub gap: Option<Gap>,
    /// Whose it is.
    #[n(7)]
    pub assigned: Option<Matricule>,
    /// Counter of the newest event that it signed; absent from cameras that sign none.
    #[n(8)]
    pub events: Option<u64>,
}

/// What a camera runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Firmware {
    #[n(0)]
    pub major: u8,
    #[n(1)]
    pub minor: u8,
    #[n(2)]
    pub patch: u8,
}

/// Who has a recording, as far as its camera knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Custody {
    #[n(0)]
    CameraOnly,
    #[n(1)]
    Taken,
    #[n(2)]
    Received,
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAMessage {
    #[error("the message is longer than a Noise message")]
    TooLong,
    #[error("the message cannot be read: {0}")]
    Unreadable(NotCanonical),
    #[error("the message holds more than it may")]
    TooMuch,
}

impl FromTerminal {
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::encode(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAMessage> {
        read(bytes)
    }
}

impl FromCamera {
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::encode(self)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAMessage> {
        let message: Self = read(bytes)?;
        let fits = match &message {
            Self::Clips(clips) => clips.len() <= MAX_CLIPS,
            Self::Data { bytes } => (1..=MAX_PIECE).contains(&bytes.len()),
            Self::Events(messages) => {
                messages.len() <= MAX_EVENTS
                    && messages
                        .iter()
                        .all(|message| message.len() <= evidence::log::MAX_MESSAGE)
            }
            Self::Status(_)
            | Self::Init { .. }
            | Self::SegmentEnd { .. }
            | Self::End { .. }
            | Self::Noted { .. }
            | Self::NoSuchClip { .. }
            | Self::Beacon { .. }
            | Self::NotTriggered { .. }
            | Self::NotProven { .. } => true,
        };
        if fits {
            Ok(message)
        } else {
            Err(NotAMessage::TooMuch)
        }
    }
}

fn read<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8]) -> Result<T, NotAMessage> {
    if bytes.len() > MAX_MESSAGE {
        return Err(NotAMessage::TooLong);
    }
    canonical::decode(bytes).map_err(NotAMessage::Unreadable)
}

#[cfg(test)]
mod tests {
    use domain::footage::GapCause;
    use domain::officer::Corps;
    use proptest::prelude::*;

    use super::*;

    const CLIP: ClipId = ClipId::from_bytes([1; 16]);

    fn hex(bytes: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(bytes)
    }

    #[test]
    fn the_words_of_the_terminal_have_their_published_bytes() {
        let root = Digest::from_bytes([2; 32]);
        let clip = "01".repeat(16);
        let root_hex = "02".repeat(32);
        let words = [
            (FromTerminal::ListClips, "820080".to_owned()),
            (FromTerminal::Open { clip: CLIP }, format!("82018150{clip}")),
            (
                FromTerminal::Pull { clip: CLIP, index: 3 },
                format!("82028250{clip}03"),
            ),
            (
                FromTerminal::Taken { clip: CLIP, root },
                format!("82038250{clip}5820{root_hex}"),
            ),
            (
                FromTerminal::Received {
                    clip: CLIP,
                    root,
                    receipt: vec![0xd2],
                    signer: vec![vec![0x30].into()],
                },
                format!("82048450{clip}5820{root_hex}41d2814130"),
            ),
            (FromTerminal::Events { after: 9 }, "82058109".to_owned()),
            (
                FromTerminal::Trigger {
                    cause: TriggerCause::VehicleLights,
                    counter: 3,
                },
                "8206820103".to_owned(),
            ),
            (FromTerminal::Assign { to: None }, "820780".to_owned()),
        ];
        for (word, expected) in words {
            assert_eq!(hex(&word.to_bytes()), expected);
            assert_eq!(FromTerminal::from_bytes(&word.to_bytes()), Ok(word));
        }
    }

    #[test]
    fn the_words_of_the_camera_read_back() {
        let listing = ClipListing {
            clip: CLIP,
            started: UnixMs(5),
            ended: UnixMs(9),
            bytes: 70_000,
            segments: 2,
        };
        let words = [
            FromCamera::Status(Status {
                battery: 80,
                free: 1 << 40,
                recording: true,
                clock: None,
                buffering: None,
                firmware: None,
                gap: None,
                assigned: None,
                events: None,
            }),
            FromCamera::Status(Status {
                battery: 4,
                free: 0,
                recording: false,
                clock: Some(UnixMs(6)),
                buffering: Some(true),
                firmware: Some(Firmware {
                    major: 2,
                    minor: 7,
                    patch: 1,
                }),
                gap: Some(Gap {
                    from: UnixMs(1),
                    until: UnixMs(5),
                    cause: GapCause::Full,
                }),
                assigned: Some(Matricule::parse(Corps::PoliceNationale, "1234567").unwrap()),
                events: Some(4),
            }),
            FromCamera::Clips(vec![listing.clone(); 3]),
            FromCamera::Init {
                clip: CLIP,
                message: vec![1, 2],
            },
            FromCamera::Data {
                bytes: vec![7; MAX_PIECE],
            },
            FromCamera::SegmentEnd { message: vec![] },
            FromCamera::End {
                message: Some(vec![3].into()),
            },
            FromCamera::End { message: None },
            FromCamera::Noted {
                clip: CLIP,
                custody: Custody::Taken,
            },
            FromCamera::NoSuchClip { clip: CLIP },
            FromCamera::NotProven { clip: CLIP },
            FromCamera::Beacon { key: [9; 32] },
            FromCamera::Events(vec![vec![1; 1024].into(); MAX_EVENTS]),
            FromCamera::NotTriggered { counter: 3 },
        ];
        for word in words {
            assert_eq!(FromCamera::from_bytes(&word.to_bytes()), Ok(word));
        }
        let full = FromCamera::Clips(vec![listing.clone(); MAX_CLIPS]);
        assert!(full.to_bytes().len() <= MAX_MESSAGE);
        let more = FromCamera::Clips(vec![listing; MAX_CLIPS + 1]);
        assert_eq!(
            FromCamera::from_bytes(&more.to_bytes()),
            Err(NotAMessage::TooMuch)
        );
        let more = FromCamera::Events(vec![vec![1; 10].into(); MAX_EVENTS + 1]);
        assert_eq!(
            FromCamera::from_bytes(&more.to_bytes()),
            Err(NotAMessage::TooMuch)
        );
        let more = FromCamera::Data {
            bytes: vec![0; MAX_PIECE + 1],
        };
        assert_eq!(
            FromCamera::from_bytes(&more.to_bytes()),
            Err(NotAMessage::TooMuch)
        );
    }

    proptest! {
        #[test]
        fn random_bytes_are_refused_or_read_in_their_one_form(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = FromCamera::from_bytes(&bytes) {
                prop_assert_eq!(message.to_bytes(), bytes.clone());
            }
            if let Ok(message) = FromTerminal::from_bytes(&bytes) {
                prop_assert_eq!(message.to_bytes(), bytes);
            }
        }
    }
}

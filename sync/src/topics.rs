//! The topics of the wire, typed: what is published where, and nothing else is accepted.
//!
//! The device stands in its own level, equal to its certificate's CN, so that a broker's access list can pin it;
//! nothing personal is in a topic. A hello goes up beside queries, its answer and every other reply down on `dn/a`;
//! the namespace of the COSE message tells them apart.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use domain::envelope::Lane;
use domain::{ClipId, DeviceId, Digest, EnvelopeId};
use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

/// The text is not a topic of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a known topic")]
pub struct NotATopic;

/// Every topic of a terminal, and the one of all terminals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// `np/d/{dev}/up/…`, terminal to HQ.
    Up(DeviceId, UpLane),
    /// `np/d/{dev}/dn/…`, HQ to terminal.
    Down(DeviceId, DownLane),
    /// `np/d/{dev}/st`: birth and will.
    State(DeviceId),
    /// `np/bc/ref`: retained hint that newer reference data exists.
    Broadcast,
    /// `np/f/{dev}/{file}/…`: bulk, on a connection of its own.
    File(DeviceId, FileId, FileVerb),
    /// `np/b/{visit}/…`: at the bootstrap listener, by who has no certificate that counts.
    Bootstrap(VisitId, Way),
}

/// One connection at the bootstrap listener, by a number drawn for it; also its client id, which an access list pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId([u8; 16]);

/// Last level of a topic of the bootstrap listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    Up,
    Down,
}

/// Last level of a topic that goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpLane {
    /// Urgent envelopes.
    U,
    /// Queries and hellos.
    Q,
    /// Procedures.
    Pv,
    /// Events.
    Ev,
    /// Telemetry.
    Tel,
}

/// Last level of a topic that comes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DownLane {
    /// Receipts.
    Rcpt,
    /// Orders.
    Cmd,
    /// Reference data.
    Ref,
    /// Answers: to a hello, to a query, to a `stat`.
    A,
}

/// One encrypted file: a segment of a clip, or a part of an act; its text is `<uuid without dashes>-<index, 8 digits>`.
///
/// The uuid is the clip's or the envelope's. Which of them, its announcement says and the signed manifest or envelope
/// proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    clip: ClipId,
    index: u32,
}

/// What is done to a file: the grammar of EMQX file transfer, and `stat`, which asks for the missing ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileVerb {
    /// Payload: [`crate::wire::v1::FileInit`].
    Init,
    /// Payload: the bytes at `offset`, whose SHA-256 is in the topic.
    Chunk { offset: u64, sha256: Digest },
    /// Empty payload: everything was sent.
    Fin { size: u64, sha256: Digest },
    /// Empty payload: what is missing?
    Stat,
}

impl UpLane {
    const ALL: [Self; 5] = [Self::U, Self::Q, Self::Pv, Self::Ev, Self::Tel];

    const fn level(self) -> &'static str {
        match self {
            Self::U => Lane::Urgent.topic_level(),
            Self::Q => "q",
            Self::Pv => Lane::Procedures.topic_level(),
            Self::Ev => Lane::Events.topic_level(),
            Self::Tel => Lane::Telemetry.topic_level(),
        }
    }
}

impl From<Lane> for UpLane {
    fn from(lane: Lane) -> Self {
        match lane {
            Lane::Urgent => Self::U,
            Lane::Procedures => Self::Pv,
            Lane::Events => Self::Ev,
            Lane::Telemetry => Self::Tel,
        }
    }
}

impl DownLane {
    const ALL: [Self; 4] = [Self::Rcpt, Self::Cmd, Self::Ref, Self::A];

    const fn level(self) -> &'static str {
        match self {
            Self::Rcpt => "rcpt",
            Self::Cmd => "cmd",
            Self::Ref => "ref",
            Self::A => "a",
        }
    }
}

impl VisitId {
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for VisitId {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let bytes: [u8; 16] = HEXLOWER
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(NotATopic)?;
        Ok(Self(bytes))
    }
}

impl Way {
    const fn level(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "dn",
        }
    }
}

impl FileId {
    /// The largest index that eight digits hold.
    pub const MAX_INDEX: u32 = 99_999_999;

    /// None when `index` has more than eight digits.
    pub const fn new(clip: ClipId, index: u32) -> Option<Self> {
        if index <= Self::MAX_INDEX {
            Some(Self { clip, index })
        } else {
            None
        }
    }

    /// A part of the act in `envelope`; none when `index` has more than eight digits.
    pub const fn of_part(envelope: EnvelopeId, index: u32) -> Option<Self> {
        Self::new(ClipId::from_bytes(*envelope.as_bytes()), index)
    }

    /// The clip, of a segment.
    pub const fn clip(&self) -> ClipId {
        self.clip
    }

    /// The envelope, of a part.
    pub const fn envelope(&self) -> EnvelopeId {
        EnvelopeId::from_bytes(*self.clip.as_bytes())
    }

    pub const fn index(&self) -> u32 {
        self.index
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.clip
            .as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, "-{:08}", self.index)
    }
}

impl FromStr for FileId {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let (clip, index) = text.split_once('-').ok_or(NotATopic)?;
        if clip.len() != 32 || index.len() != 8 || !clip.is_ascii() {
            return Err(NotATopic);
        }
        let dashed = [
            &clip[..8],
            &clip[8..12],
            &clip[12..16],
            &clip[16..20],
            &clip[20..],
        ]
        .join("-");
        let clip = dashed.parse().map_err(|_| NotATopic)?;
        let file = Self::new(clip, index.parse().map_err(|_| NotATopic)?).ok_or(NotATopic)?;
        // `+0000001` parses as a number and is not the one text of a file.
        if file.to_string() == text {
            Ok(file)
        } else {
            Err(NotATopic)
        }
    }
}

impl<C> Encode<C> for FileId {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for FileId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        d.str()?
            .parse()
            .map_err(|_| DecodeError::message("not a file id"))
    }
}

impl Topic {
    /// What a terminal subscribes to.
    pub fn terminal_filters(device: &DeviceId) -> Vec<String> {
        vec![format!("np/d/{device}/dn/#"), "np/bc/ref".to_owned()]
    }

    /// What HQ subscribes to on the connection of records.
    pub fn hq_filters() -> Vec<String> {
        ["np/d/+/up/#", "np/d/+/st", "np/b/+/up"]
            .map(str::to_owned)
            .to_vec()
    }

    /// What HQ subscribes to on the connection of bulk.
    pub fn hq_bulk_filters() -> Vec<String> {
        vec!["np/f/#".to_owned()]
    }

    /// The terminal that the topic belongs to.
    pub const fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::Up(device, _) | Self::Down(device, _) | Self::State(device) | Self::File(device, _, _) => {
                Some(device)
            }
            Self::Broadcast | Self::Bootstrap(..) => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Up(device, lane) => write!(f, "np/d/{device}/up/{}", lane.level()),
            Self::Down(device, lane) => write!(f, "np/d/{device}/dn/{}", lane.level()),
            Self::State(device) => write!(f, "np/d/{device}/st"),
            Self::Broadcast => f.write_str("np/bc/ref"),
            Self::Bootstrap(visit, way) => write!(f, "np/b/{visit}/{}", way.level()),
            Self::File(device, file, verb) => {
                write!(f, "np/f/{device}/{file}/")?;
                match verb {
                    FileVerb::Init => f.write_str("init"),
                    FileVerb::Chunk { offset, sha256 } => write!(f, "{offset}/{sha256}"),
                    FileVerb::Fin { size, sha256 } => write!(f, "fin/{size}/{sha256}"),
                    FileVerb::Stat => f.write_str("stat"),
                }
            }
        }
    }
}

impl FromStr for Topic {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let levels: Vec<&str> = text.splitn(8, '/').collect();
        let device = |text| DeviceId::parse(text).map_err(|_| NotATopic);
        match levels.as_slice() {
            ["np", "bc", "ref"] => Ok(Self::Broadcast),
            ["np", "b", visit, "up"] => Ok(Self::Bootstrap(visit.parse()?, Way::Up)),
            ["np", "b", visit, "dn"] => Ok(Self::Bootstrap(visit.parse()?, Way::Down)),
            ["np", "d", dev, "st"] => Ok(Self::State(device(dev)?)),
            ["np", "d", dev, "up", level] => {
                let lane = UpLane::ALL
                    .into_iter()
                    .find(|lane| lane.level() == *level)
                    .ok_or(NotATopic)?;
                Ok(Self::Up(device(dev)?, lane))
            }
            ["np", "d", dev, "dn", level] => {
                let lane = DownLane::ALL
                    .into_iter()
                    .find(|lane| lane.level() == *level)
                    .ok_or(NotATopic)?;
                Ok(Self::Down(device(dev)?, lane))
            }
            ["np", "f", dev, file, verb @ ..] => {
                Ok(Self::File(device(dev)?, file.parse()?, file_verb(verb)?))
            }
            _ => Err(NotATopic),
        }
    }
}

fn file_verb(levels: &[&str]) -> Result<FileVerb, NotATopic> {
    let sha256 = |text| Digest::from_hex(text).ok_or(NotATopic);
    match levels {
        ["init"] => Ok(FileVerb::Init),
        ["stat"] => Ok(FileVerb::Stat),
        ["fin", size, digest] => Ok(FileVerb::Fin {
            size: decimal(size)?,
            sha256: sha256(digest)?,
        }),
        [offset, digest] => Ok(FileVerb::Chunk {
            offset: decimal(offset)?,
            sha256: sha256(digest)?,
        }),
        _ => Err(NotATopic),
    }
}

/// A number in its one spelling: no sign, no leading zero.
fn decimal(text: &str) -> Result<u64, NotATopic> {
    let number: u64 = text.parse().map_err(|_| NotATopic)?;
    if number.to_string() == text {
        Ok(number)
    } else {
        Err(NotATopic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn every_topic() -> Vec<Topic> {
        let device = DeviceId::parse("neo-000007").unwrap();
        let file = FileId::new(ClipId::from_bytes([0xab; 16]), 12).unwrap();
        let sha256 = Digest::of(b"bytes");
        let verbs = [
            FileVerb::Init,
            FileVerb::Chunk {
                offset: 65_536,
                sha256,
            },
            FileVerb::Fin { size: 70_000, sha256 },
            FileVerb::Stat,
        ];
        let up = UpLane::ALL.map(|lane| Topic::Up(device.clone(), lane));
        let down = DownLane::ALL.map(|lane| Topic::Down(device.clone(), lane));
        let files = verbs.map(|verb| Topic::File(device.clone(), file, verb));
        let mut all = vec![Topic::State(device), Topic::Broadcast];
        let visit = VisitId::from_bytes([0x5a; 16]);
        all.extend([Way::Up, Way::Down].map(|way| Topic::Bootstrap(visit, way)));
        all.extend(up);
        all.extend(down);
        all.extend(files);
        all
    }

    #[test]
    fn every_topic_reads_back_from_its_text() {
        for topic in every_topic() {
            assert_eq!(topic.to_string().parse(), Ok(topic.clone()), "{topic}");
        }
    }

    #[test]
    fn the_texts_are_those_of_the_design() {
        let texts: Vec<String> = every_topic().iter().map(ToString::to_string).collect();
        let sha = Digest::of(b"bytes");
        let file = "np/f/neo-000007/abababababababababababababababab-00000012";
        for text in [
            "np/d/neo-000007/up/u".to_owned(),
            "np/d/neo-000007/up/q".to_owned(),
            "np/d/neo-000007/dn/rcpt".to_owned(),
            "np/d/neo-000007/st".to_owned(),
            "np/bc/ref".to_owned(),
            "np/b/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a/up".to_owned(),
            "np/b/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a/dn".to_owned(),
            format!("{file}/init"),
            format!("{file}/65536/{sha}"),
            format!("{file}/fin/70000/{sha}"),
            format!("{file}/stat"),
        ] {
            assert!(texts.contains(&text), "{text}");
        }
    }

    #[test]
    fn a_second_spelling_of_a_topic_is_refused() {
        let sha = Digest::of(b"bytes");
        let file = "np/f/neo-000007/abababababababababababababababab-00000012";
        for text in [
            "np/d/neo-000007/up/u/".to_owned(),
            "/np/d/neo-000007/up/u".to_owned(),
            "np/d/NEO-000007/up/u".to_owned(),
            "np/d/neo-000007/up/zz".to_owned(),
            "np/d/+/up/u".to_owned(),
            "np/b/5A5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a/up".to_owned(),
            "np/b/5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a/up".to_owned(),
            "np/b/+/up".to_owned(),
            "np/d/neo-000007/dn/#".to_owned(),
            format!("{file}/065536/{sha}"),
            format!("{file}/+65536/{sha}"),
            format!("{file}/65536/{}", sha.to_string().to_uppercase()),
            format!("{file}/stat/1"),
            file.replace("-00000012", "-0000012") + "/stat",
            file.replace("-00000012", "-+0000012") + "/stat",
            file.replace("abababab", "é") + "/stat",
        ] {
            assert_eq!(text.parse::<Topic>(), Err(NotATopic), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_parses_is_the_text_of_what_was_parsed(text in "(np/[dfb]/)?[a-z0-9/+#-]{0,60}") {
            if let Ok(topic) = text.parse::<Topic>() {
                prop_assert_eq!(topic.to_string(), text);
            }
        }
    }
}

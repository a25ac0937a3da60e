//! Lists of what is sought, for checks without network: vehicles and documents, and persons under a signed policy alone
//! ([`crate::profile::PersonsPolicy`]).
//!
//! A list holds no plate, number or name: [`Hotlist`] is a filter over digests under a key of its own, which each terminal
//! gets sealed to itself. What a filter says is "perhaps" or "not on this list", never "clean".

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::time::UnixMs;
use crate::vehicle::Plate;

mod person;

pub use person::{NotSought, Person};

/// A list older than this says nothing any more.
pub const TOO_OLD: i64 = 7 * UnixMs::DAY;
/// A list older than this is shown with a warning.
pub const STALE: i64 = UnixMs::DAY;
/// Questions to the lists that a terminal answers in one hour: a filter can be searched by trying every plate.
pub const HOURLY: u32 = 300;
/// The most entries of one filter; what travels is bounded by its bytes as well.
pub const MAX_ENTRIES: u32 = 16_000_000;
/// The most changes of one list since its snapshot, each way.
pub const MAX_CHANGES: usize = 200_000;
/// The most subjects of one list.
const MAX_SUBJECTS: usize = 8;
/// Length of one digest in [`Changes`], in bytes.
const DIGEST: usize = 8;

/// What a list is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Subject {
    /// Stolen and sought vehicles, by plate.
    #[n(0)]
    Vehicle,
    /// Lost, stolen and invalidated documents, by number.
    #[n(1)]
    Document,
    /// Sought persons, by name and birth.
    #[n(2)]
    Person,
}

impl Subject {
    pub const ALL: [Self; 3] = [Self::Vehicle, Self::Document, Self::Person];

    /// The name in stores and on command lines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vehicle => "vehicles",
            Self::Document => "documents",
            Self::Person => "persons",
        }
    }

    pub const fn catalogue(self) -> Catalogue {
        match self {
            Self::Vehicle | Self::Document => Catalogue::Things,
            Self::Person => Catalogue::Persons,
        }
    }
}

/// Lists that travel together, under one key: who may have the one gets nothing of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Catalogue {
    /// Vehicles and documents, for every terminal.
    #[default]
    #[n(0)]
    Things,
    /// Persons, for terminals whose profile names the text that allows it.
    #[n(1)]
    Persons,
}

impl Catalogue {
    pub const ALL: [Self; 2] = [Self::Things, Self::Persons];

    /// The name in stores.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Things => "things",
            Self::Persons => "persons",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|catalogue| catalogue.code() == code)
    }

    /// What its lists are about.
    pub fn subjects(self) -> impl Iterator<Item = Subject> {
        Subject::ALL
            .into_iter()
            .filter(move |subject| subject.catalogue() == self)
    }

    pub const fn is_of_things(&self) -> bool {
        matches!(self, Self::Things)
    }
}

/// The number of an identity document, as lists are searched: 5 to 20 capitals and digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentNumber(String);

impl DocumentNumber {
    /// Reads a number whatever its case, spaces and dashes; none where the text is no number.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect::<String>()
            .to_ascii_uppercase();
        let fits = (5..=20).contains(&plain.len())
            && plain.bytes().all(|b| b.is_ascii_alphanumeric())
            && plain.bytes().any(|b| b.is_ascii_digit());
        fits.then_some(Self(plain))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// One question to the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    Vehicle(Plate),
    Document(DocumentNumber),
    Person(Person),
}

impl Sought {
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Vehicle(_) => Subject::Vehicle,
            Self::Document(_) => Subject::Document,
            Self::Person(_) => Subject::Person,
        }
    }

    /// What is digested: the subject's name, a zero, and the letters and digits alone; of a person
    /// "SURNAME<<GIVEN<YYYYMMDD".
    pub fn key(&self) -> Vec<u8> {
        let text = match self {
            Self::Vehicle(plate) => plate.key(),
            Self::Document(number) => number.as_str().to_owned(),
            Self::Person(person) => person.key(),
        };
        [self.subject().code().as_bytes(), b"\0", text.as_bytes()].concat()
    }
}

/// A whole list at one moment, which later [`Changes`] refer to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hotlist {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Names the key of the digests; strictly ascending.
    #[n(1)]
    pub epoch: u64,
    /// How old the data is.
    #[n(2)]
    pub as_of: UnixMs,
    #[cbor(n(3), decode_with = "few_filters")]
    pub filters: Vec<Filter>,
}

/// A binary fuse filter with fingerprints of 16 bits (Graf and Lemire 2022, arity 3).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Filter {
    #[n(0)]
    pub subject: Subject,
    /// How many entries it was built from; at most [`MAX_ENTRIES`].
    #[n(1)]
    pub entries: u32,
    #[n(2)]
    pub seed: u64,
    /// Length of a segment in fingerprints, a power of two.
    #[n(3)]
    pub segment_length: u32,
    /// Length of all segments but the last two, in fingerprints.
    #[n(4)]
    pub segment_count_length: u32,
    /// Fingerprints of two bytes, the low one first.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub fingerprints: Vec<u8>,
}

/// Everything that changed since the list of the same epoch: one such set replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HotlistChanges {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub epoch: u64,
    /// How old the data is, changes included.
    #[n(2)]
    pub as_of: UnixMs,
    #[cbor(n(3), decode_with = "few_changes")]
    pub changes: Vec<Changes>,
}

/// What came and went of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Changes {
    #[n(0)]
    pub subject: Subject,
    #[cbor(n(1), encode_with = "encode_digests", decode_with = "digests")]
    pub added: Vec<u64>,
    #[cbor(n(2), encode_with = "encode_digests", decode_with = "digests")]
    pub removed: Vec<u64>,
}

fn few_filters<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Vec<Filter>, DecodeError> {
    few(d, ctx)
}

fn few_changes<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Vec<Changes>, DecodeError> {
    few(d, ctx)
}

fn few<'b, C, T: Decode<'b, C>>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<T>, DecodeError> {
    let mut items = Vec::new();
    for item in d.array_iter_with(ctx)? {
        if items.len() == MAX_SUBJECTS {
            return Err(DecodeError::message("too many subjects"));
        }
        items.push(item?);
    }
    Ok(items)
}

/// Ascending digests of eight bytes each, the high one first, in one byte string.
fn encode_digests<C, W: minicbor::encode::Write>(
    digests: &[u64],
    e: &mut minicbor::Encoder<W>,
    _: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    let bytes: Vec<u8> = digests.iter().flat_map(|digest| digest.to_be_bytes()).collect();
    e.bytes(&bytes)?.ok()
}

fn digests<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u64>, DecodeError> {
    let bytes = d.bytes()?;
    let (chunks, rest) = bytes.as_chunks::<DIGEST>();
    if !rest.is_empty() || chunks.len() > MAX_CHANGES {
        return Err(DecodeError::message("not a list of digests"));
    }
    let digests: Vec<u64> = chunks.iter().map(|chunk| u64::from_be_bytes(*chunk)).collect();
    if !digests.is_sorted_by(|a, b| a < b) {
        return Err(DecodeError::message("the digests do not ascend"));
    }
    Ok(digests)
}

/// What the lists on a terminal say of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    /// On the list of that date, as far as a filter can tell; to be confirmed.
    #[n(0)]
    Listed {
        #[n(0)]
        as_of: UnixMs,
    },
    /// Not on the list of that date; it is no clean record.
    #[n(1)]
    NotFound {
        #[n(0)]
        as_of: UnixMs,
    },
    /// The list is past [`TOO_OLD`], and was not asked.
    #[n(2)]
    TooOld {
        #[n(0)]
        as_of: UnixMs,
    },
    /// There is no list of this subject here, or no key to it.
    #[n(3)]
    NoList,
    /// More than [`HOURLY`] questions in this hour: nothing was looked up.
    #[n(4)]
    TooMany,
    /// The draft does not say enough of the person: nothing was looked up.
    #[n(5)]
    NotAsked(#[n(0)] NotSought),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::{decode, encode};

    #[test]
    fn a_document_number_has_letters_and_digits_whatever_its_spelling() {
        let number = DocumentNumber::parse(" x4rt-bpfw 4 ").unwrap();
        assert_eq!(number.as_str(), "X4RTBPFW4");
        for text in ["", "1234", "ABCDEFGH", "12345é", "123456789012345678901"] {
            assert_eq!(DocumentNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn changes_that_do_not_ascend_or_do_not_divide_are_refused() {
        let changes = |added| Changes {
            subject: Subject::Vehicle,
            added,
            removed: Vec::new(),
        };
        let sound = changes(vec![1, 2, u64::MAX]);
        assert_eq!(decode::<Changes>(&encode(&sound)), Ok(sound));
        for added in [vec![2, 1], vec![1, 1]] {
            assert!(decode::<Changes>(&encode(&changes(added))).is_err());
        }
        let mut short = encode(&changes(vec![1]));
        // The byte string of eight becomes one of seven.
        let at = short.iter().position(|byte| *byte == 0x48).unwrap();
        short[at] = 0x47;
        short.remove(at + 1);
        assert!(decode::<Changes>(&short).is_err());
    }
}

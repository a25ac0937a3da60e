//! What a signature's message says, whichever scheme wrote it.

use domain::UnixMs;
use trust::maker::{Hash, Scheme as Algorithm, Value};

/// One message.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    pub(super) signed: Option<Signed>,
    pub(super) group: Option<Group>,
    /// Hashes of the units, one after the other; empty when the message has no list.
    pub(super) list: Vec<u8>,
    pub(super) algorithms: Option<Algorithms>,
    /// PEM, leaf first, without the root.
    pub(super) chain: Option<Vec<u8>>,
    /// PEM of a key that came without certificate.
    pub(super) key: Option<Vec<u8>>,
    /// A statement of the maker about the key, which only the maker's own means can judge.
    pub(super) attested: bool,
    pub(super) device: Option<Device>,
    /// Something in it is of a version that is not known here.
    pub(super) newer: bool,
    /// The unit as a later message hashes it; of a message without signature alone.
    pub(super) whole: Vec<u8>,
}

/// What was signed, and how.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) document: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// Not the document alone, but all units of the group in a chain that ends with it.
    pub(super) over_group: bool,
}

/// What the message says of the units that it covers.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) counter: u32,
    /// Units that were hashed.
    pub(super) count: u16,
    /// Camera's claim; `None` where the message has no time.
    pub(super) started: Option<UnixMs>,
    pub(super) ended: Option<UnixMs>,
    /// The hash over all hashes; none in messages of Axis before version 3.
    pub(super) hash: Option<Value>,
    /// The first hash of the group before.
    pub(super) link: Option<Value>,
    /// The list ends with the first picture of the next group.
    pub(super) with_next: bool,
}

/// Which algorithms hashed and signed; `None` for one that is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithms {
    pub(super) hash: Option<Hash>,
    pub(super) signature: Option<Algorithm>,
}

/// What the camera says of itself; only its certificate can vouch for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    pub firmware: String,
    pub serial: String,
    pub manufacturer: String,
}

/// Reads the fields of a value from its front.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn chunk<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        self.take(LENGTH)?.try_into().ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let [byte] = self.chunk()?;
        Some(byte)
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        self.chunk().map(u16::from_be_bytes)
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        self.chunk().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Option<i64> {
        self.chunk().map(i64::from_be_bytes)
    }

    /// What is left, as two hashes of the same length.
    pub(super) fn two_hashes(self) -> Option<[Value; 2]> {
        let (first, second) = self.0.split_at_checked(self.0.len() / 2)?;
        if first.len() != second.len() || first.is_empty() {
            return None;
        }
        Some([Value::new(first)?, Value::new(second)?])
    }

    /// A text behind its length of one byte.
    pub(super) fn text(&mut self) -> Option<String> {
        let length = usize::from(self.byte()?);
        let text = self.take(length)?;
        let text = String::from_utf8_lossy(text);
        let printable = text.chars().filter(|character| !character.is_control());
        Some(printable.collect())
    }
}

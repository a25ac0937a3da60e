//! What is read of a file before anything is judged: its units as hashes, its messages, and the key that they name.

use trust::maker::{Certificate, Hash, Held, Key, Scheme as Algorithm, Value};

use super::cover::{Role, Unit};
use super::message::{Message, Signed};
use super::sei::{self, Scheme};
use crate::video::{self, Bytes, Kind, Refusal, Video};

/// Units of a recording.
const MAX_UNITS: usize = 1 << 22;
/// Messages of a recording: more than one a picture of an hour.
const MAX_MESSAGES: usize = 1 << 18;
/// Bytes of all messages together.
const MAX_MESSAGE_BYTES: usize = 256 << 20;

/// A message and where it stands.
pub(super) struct Found {
    scheme: Scheme,
    pub(super) unit: usize,
    pub(super) frame: u32,
    /// `None`: it does not read.
    pub(super) message: Option<Message>,
}

pub(super) struct Reading {
    pub(super) video: Video,
    pub(super) units: Vec<Unit>,
    pub(super) found: Vec<Found>,
    pub(super) scheme: Option<Scheme>,
    /// `None`: one of the two is not known here.
    pub(super) algorithms: Option<(Hash, Algorithm)>,
    pub(super) signer: Signer,
}

/// Whose key it is, as the file says.
#[derive(Default)]
pub(super) struct Signer {
    pub(super) chain: Vec<Certificate>,
    pub(super) key: Option<Key>,
    pub(super) attested: bool,
    /// Pictures from which on another key signs.
    pub(super) changed: Vec<u32>,
}

/// Reads the file, once for each hash that it turns out to use.
pub(super) fn read(source: &dyn Bytes) -> Result<Reading, Refusal> {
    let mut reading = collect(source, Hash::default())?;
    if let Some((hash, _)) = reading.algorithms.filter(|(hash, _)| *hash != Hash::default()) {
        reading = collect(source, hash)?;
    }
    Ok(reading)
}

fn collect(source: &dyn Bytes, hash: Hash) -> Result<Reading, Refusal> {
    let mut units = Vec::new();
    let mut found: Vec<Found> = Vec::new();
    let mut bytes = 0_usize;
    let mut full = false;
    let video = video::read(source, &mut |unit| {
        if full {
            return;
        }
        let role = match unit.header.kind {
            Kind::Key if unit.header.first => Role::Key,
            Kind::Key | Kind::Picture => Role::Slice,
            Kind::Uncovered => Role::Uncovered,
            Kind::Sei => {
                let Some((scheme, message)) = sei::read(unit.bytes, unit.header.length) else {
                    return;
                };
                let vouched = message.as_ref().filter(|message| message.signed.is_none());
                let whole = vouched.map(|message| hash.of(&[&message.whole]));
                bytes = bytes.saturating_add(unit.bytes.len());
                full |= found.len() == MAX_MESSAGES || bytes > MAX_MESSAGE_BYTES;
                found.push(Found {
                    scheme,
                    unit: units.len(),
                    frame: unit.frame,
                    message,
                });
                units.push(Unit {
                    role: whole.map_or(Role::Message, |_| Role::Vouched),
                    frame: unit.frame,
                    hash: whole.unwrap_or_else(|| hash.of(&[])),
                });
                return;
            }
            Kind::ParameterSet | Kind::Delimiter | Kind::Other => return,
        };
        full |= units.len() >= MAX_UNITS;
        units.push(Unit {
            role,
            frame: unit.frame,
            hash: hash.of(&[unit.bytes]),
        });
    })?;
    if full {
        return Err(Refusal::TooLarge);
    }
    // A maker's camera may hand over from its own scheme to that of the field.
    let scheme = [Scheme::Onvif, Scheme::Axis]
        .into_iter()
        .find(|scheme| found.iter().any(|found| found.scheme == *scheme));
    found.retain(|found| Some(found.scheme) == scheme);
    Ok(Reading {
        algorithms: algorithms(&found),
        signer: signer(&found),
        video,
        units,
        found,
        scheme,
    })
}

fn algorithms(found: &[Found]) -> Option<(Hash, Algorithm)> {
    let stated = found
        .iter()
        .filter_map(|found| found.message.as_ref()?.algorithms)
        .next();
    let Some(stated) = stated else {
        return Some((Hash::default(), Algorithm::default()));
    };
    Some((stated.hash?, stated.signature?))
}

/// The first key that the messages bring, and where they bring another.
fn signer(found: &[Found]) -> Signer {
    let mut signer = Signer::default();
    for found in found {
        let Some(message) = &found.message else { continue };
        signer.attested |= message.attested;
        let chain = message
            .chain
            .as_ref()
            .and_then(|chain| Certificate::parse_pem_chain(chain));
        let bare = message.key.as_ref().and_then(|key| Key::from_pem(key));
        // Where a maker states something about a key of its own, the certificates are those of who states it. Otherwise
        // they are the signer's, and a key beside them that is not theirs would borrow their name.
        let certified = chain
            .as_ref()
            .filter(|_| !message.attested)
            .and_then(|chain| chain.first())
            .map(Certificate::key);
        let Some(key) = certified.or(bare) else { continue };
        match &signer.key {
            None => signer.key = Some(key),
            Some(known) if *known != key => signer.changed.push(found.frame),
            Some(_) => {}
        }
        if let (true, Some(chain)) = (signer.chain.is_empty(), chain) {
            signer.chain = chain;
        }
    }
    signer
}

impl Reading {
    /// Holds a signature against its document; not those over a whole group.
    pub(super) fn held(&self, signed: &Signed, document: &[u8]) -> Held {
        match (&self.signer.key, self.algorithms) {
            (Some(key), Some((hash, algorithm))) => {
                key.verifies(algorithm, hash, document, &signed.signature)
            }
            (None, _) | (_, None) => Held::Unknown,
        }
    }

    pub(super) fn hash(&self) -> Hash {
        self.algorithms.map(|(hash, _)| hash).unwrap_or_default()
    }

    /// The hashes of a list; `None` when it is not made of hashes.
    pub(super) fn hashes(&self, message: &Message) -> Option<Vec<Value>> {
        let chunks = message.list.chunks_exact(self.hash().length());
        if !chunks.remainder().is_empty() {
            return None;
        }
        chunks.map(Value::new).collect()
    }
}

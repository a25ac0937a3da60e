//! The KeyDescription of a key attestation: a schema of its own with tags that common certificates do not use.

use crate::Digest;

/// Who keeps a key, from weak to strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Software,
    TrustedEnvironment,
    StrongBox,
}

/// How a phone started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boot {
    /// Locked, and with its maker's system.
    Verified,
    /// Anything else.
    Open,
}

pub(super) struct Described {
    pub(super) challenge: Vec<u8>,
    pub(super) level: Level,
    pub(super) boot: Option<Boot>,
    pub(super) patch: Option<u32>,
    pub(super) signers: Vec<Digest>,
    pub(super) generated: bool,
}

/// Tags of an AuthorizationList.
const ORIGIN: u32 = 702;
const ROOT_OF_TRUST: u32 = 704;
const OS_PATCH_LEVEL: u32 = 706;
const APPLICATION_ID: u32 = 709;

/// The first octet of an identifier without its number.
const CLASS_AND_FORM: u8 = 0xe0;
const EXPLICIT: u8 = 0xa0;

/// One element: the first octet's class and form, the tag's number, and the content.
struct Element<'a> {
    class: u8,
    number: u32,
    content: &'a [u8],
}

impl Element<'_> {
    fn is(&self, universal: u8) -> bool {
        (self.class, self.number) == (universal & CLASS_AND_FORM, u32::from(universal & !CLASS_AND_FORM))
    }
}

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

pub(super) fn read(der: &[u8]) -> Option<Described> {
    let [whole] = elements(der)?.try_into().ok()?;
    if !whole.is(SEQUENCE) {
        return None;
    }
    let fields: [Element<'_>; 8] = elements(whole.content)?.try_into().ok()?;
    let [_, attested, _, kept, challenge, _, software, hardware] = fields;
    let shapes = [&attested, &kept].iter().all(|level| level.is(ENUMERATED))
        && challenge.is(OCTET_STRING)
        && software.is(SEQUENCE)
        && hardware.is(SEQUENCE);
    if !shapes {
        return None;
    }
    let (software, hardware) = (elements(software.content)?, elements(hardware.content)?);
    let boot = match explicit(&hardware, ROOT_OF_TRUST)? {
        Some(root) => Some(boot(&root)?),
        None => None,
    };
    let patch = match explicit(&hardware, OS_PATCH_LEVEL)? {
        Some(patch) => Some(number(&patch, INTEGER)?),
        None => None,
    };
    let generated = match explicit(&hardware, ORIGIN)? {
        Some(origin) => number(&origin, INTEGER)? == 0,
        None => false,
    };
    // The system knows who asks, and no hardware does: it counts because the system itself was verified.
    let signers = match explicit(&software, APPLICATION_ID)? {
        Some(id) if id.is(OCTET_STRING) => signers(id.content)?,
        Some(_) => return None,
        None => Vec::new(),
    };
    Some(Described {
        challenge: challenge.content.to_vec(),
        level: level(&attested)?.min(level(&kept)?),
        boot,
        patch,
        signers,
        generated,
    })
}

fn level(element: &Element<'_>) -> Option<Level> {
    match element.content {
        [0] => Some(Level::Software),
        [1] => Some(Level::TrustedEnvironment),
        [2] => Some(Level::StrongBox),
        _ => None,
    }
}

/// RootOfTrust: the key of the verified system, whether the boot loader is locked, the state, and from version 3 on a hash.
fn boot(root: &Element<'_>) -> Option<Boot> {
    if !root.is(SEQUENCE) {
        return None;
    }
    let fields = elements(root.content)?;
    let [key, locked, state, ..] = fields.as_slice() else {
        return None;
    };
    if !key.is(OCTET_STRING) || !locked.is(BOOLEAN) || !state.is(ENUMERATED) {
        return None;
    }
    let verified = locked.content == [0xff] && state.content == [0];
    Some(if verified { Boot::Verified } else { Boot::Open })
}

/// AttestationApplicationId: packages, and the digests of those who signed them.
fn signers(der: &[u8]) -> Option<Vec<Digest>> {
    let [whole] = elements(der)?.try_into().ok()?;
    let fields: [Element<'_>; 2] = elements(whole.content)?.try_into().ok()?;
    let [packages, digests] = fields;
    if !whole.is(SEQUENCE) || !packages.is(SET) || !digests.is(SET) {
        return None;
    }
    let digest = |element: &Element<'_>| {
        let bytes = <[u8; 32]>::try_from(element.content).ok()?;
        element.is(OCTET_STRING).then_some(Digest(bytes))
    };
    elements(digests.content)?.iter().map(digest).collect()
}

fn number(element: &Element<'_>, kind: u8) -> Option<u32> {
    let bytes = element.content;
    if !element.is(kind) || bytes.is_empty() || bytes[0] & 0x80 != 0 {
        return None;
    }
    bytes.iter().try_fold(0_u32, |number, byte| {
        number.checked_mul(256)?.checked_add(u32::from(*byte))
    })
}

/// The element inside the one with this tag; the outer none is a list that does not read, one that has it twice too.
fn explicit<'a>(list: &[Element<'a>], tag: u32) -> Option<Option<Element<'a>>> {
    let mut found = list
        .iter()
        .filter(|element| element.class == EXPLICIT && element.number == tag);
    let (first, second) = (found.next(), found.next());
    match (first, second) {
        (None, _) => Some(None),
        (Some(element), None) => {
            let [inner] = elements(element.content)?.try_into().ok()?;
            Some(Some(inner))
        }
        (Some(_), Some(_)) => None,
    }
}

/// The DER elements that `bytes` consists of; tags of more than one octet included (X.690 §8.1.2.4).
fn elements(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while let Some((first, rest)) = bytes.split_first() {
        let (number, rest) = match first & !CLASS_AND_FORM {
            0x1f => long_number(rest)?,
            short => (u32::from(short), rest),
        };
        let (length, rest) = length(rest)?;
        let (content, rest) = rest.split_at_checked(length)?;
        found.push(Element {
            class: first & CLASS_AND_FORM,
            number,
            content,
        });
        bytes = rest;
    }
    Some(found)
}

fn long_number(mut bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0_u32;
    loop {
        let (octet, rest) = bytes.split_first()?;
        // Neither a leading zero nor a number that one octet holds.
        if number == 0 && *octet == 0x80 {
            return None;
        }
        number = number.checked_mul(128)? | u32::from(octet & 0x7f);
        bytes = rest;
        if octet & 0x80 == 0 {
            return (number >= 0x1f).then_some((number, bytes));
        }
    }
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match first {
        short @ 0..=0x7f => Some((usize::from(*short), rest)),
        0x81 => {
            let (length, rest) = rest.split_first()?;
            (*length >= 0x80).then_some((usize::from(*length), rest))
        }
        0x82 => {
            let (octets, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*octets));
            (length >= 0x100).then_some((length, rest))
        }
        _ => None,
    }
}

//! The messages of Axis Signed Video: version 3, which chains groups as ONVIF does, and the two before it, whose groups
//! end with the first picture of the next one.

use domain::UnixMs;
use trust::maker::{Hash, Scheme as Algorithm};

use super::message::{Algorithms, Device, Fields, Group, Message, Signed};
use super::sei::{Payload, Tags};

const GENERAL: u8 = 1;
const KEY: u8 = 2;
const LIST: u8 = 4;
const SIGNATURE: u8 = 5;
const CRYPTOGRAPHY: u8 = 7;
const VENDOR: u8 = 129;
const HAS_TIME: u8 = 1;

/// Two tags have a length of one byte.
const fn width(tag: u8) -> usize {
    if matches!(tag, GENERAL | CRYPTOGRAPHY) {
        1
    } else {
        2
    }
}

/// Reads every tag; the signature is the last.
pub(super) fn read(payload: &Payload) -> Option<Message> {
    let mut message = Message::default();
    let mut tags = Tags::of(payload, width);
    while let Some(tag) = tags.take() {
        let tag = tag?;
        if message.signed.is_some() {
            return None;
        }
        let mut fields = Fields(tag.value);
        let version = fields.byte()?;
        match (tag.tag, version) {
            (_, 0) => return None,
            (GENERAL, 4..) | (SIGNATURE | KEY, 3..) | (LIST | CRYPTOGRAPHY, 2..) => message.newer = true,
            (GENERAL, _) => message.group = Some(group(version, fields)?),
            (KEY, _) => {
                if version == 1 {
                    fields.byte()?;
                }
                message.key = Some(fields.0.to_vec());
            }
            (3, _) => message.device = Some(device(fields)?),
            (LIST, _) => message.list = fields.0.to_vec(),
            (SIGNATURE, _) => message.signed = Some(signed(version, fields, payload.signed(tag.at))?),
            (CRYPTOGRAPHY, _) => {
                let length = usize::from(fields.byte()?);
                message.algorithms = Some(Algorithms {
                    hash: Hash::from_oid(fields.take(length)?),
                    signature: Some(Algorithm::OfTheKey),
                });
            }
            (VENDOR, _) => {
                let length = usize::from(fields.byte()?);
                message.attested = !fields.take(length)?.is_empty();
                message.chain = Some(fields.0.to_vec());
            }
            _ => {}
        }
    }
    Some(message)
}

fn group(version: u8, mut fields: Fields<'_>) -> Option<Group> {
    let counter = fields.word()?;
    let count = fields.short()?;
    // The version of the signer's program.
    fields.take(3)?;
    let timed = version >= 2 && fields.byte()? & HAS_TIME != 0;
    // Microseconds since 1970.
    let time = if timed {
        Some(UnixMs(fields.long()?.div_euclid(1000)))
    } else {
        None
    };
    let (hash, link) = match version {
        1 | 2 if fields.0.is_empty() => (None, None),
        3 => {
            let [link, hash] = fields.two_hashes()?;
            (Some(hash), Some(link))
        }
        _ => return None,
    };
    Some(Group {
        counter,
        count,
        started: time,
        ended: time,
        hash,
        link,
        with_next: version < 3,
    })
}

/// Version 1 says whether the document was signed, or the chain of all units in front of it.
fn signed(version: u8, mut fields: Fields<'_>, document: &[u8]) -> Option<Signed> {
    fields.byte()?;
    let over_group = version == 1 && fields.byte()? == 0;
    let length = usize::from(fields.short()?);
    Some(Signed {
        document: document.to_vec(),
        signature: fields.0.get(..length)?.to_vec(),
        over_group,
    })
}

fn device(mut fields: Fields<'_>) -> Option<Device> {
    let _hardware = fields.text()?;
    Some(Device {
        firmware: fields.text()?,
        serial: fields.text()?,
        manufacturer: fields.text()?,
    })
}

//! The messages of ONVIF Media Signing.
//!
//! Numbers are big-endian in files, whatever the text of the specification says of them.

use domain::UnixMs;
use trust::maker::{Hash, Scheme as Algorithm};

use super::message::{Algorithms, Device, Fields, Group, Message, Signed};
use super::sei::{Payload, Tags};

/// 1 January 1601 in 100 ns before 1 January 1970.
const EPOCH_1601: i64 = 116_444_736_000_000_000;
const TICKS_PER_MS: i64 = 10_000;
/// Every length has two bytes.
const fn width(_: u8) -> usize {
    2
}

/// The newest version of each tag that is known here; tags behind them are another's and are passed over.
const NEWEST: [u8; 7] = [2, 1, 1, 1, 1, 1, 1];

/// Reads every tag; none of them twice, the signature last.
pub(super) fn read(payload: &Payload) -> Option<Message> {
    let mut message = Message::default();
    let mut tags = Tags::of(payload, width);
    let mut seen = 0_u32;
    while let Some(tag) = tags.take() {
        let tag = tag?;
        if message.signed.is_some() {
            return None;
        }
        let Some(newest) = usize::from(tag.tag).checked_sub(1).and_then(|at| NEWEST.get(at)) else {
            continue;
        };
        let bit = 1_u32 << tag.tag;
        if seen & bit != 0 {
            return None;
        }
        seen |= bit;
        let mut fields = Fields(tag.value);
        let version = fields.byte()?;
        if version == 0 {
            return None;
        }
        if version > *newest {
            message.newer = true;
            continue;
        }
        match tag.tag {
            1 => message.group = Some(group(version, fields)?),
            2 => message.list = fields.0.to_vec(),
            3 => message.signed = Some(signed(fields, payload.signed(tag.at))?),
            4 => message.algorithms = Some(algorithms(fields)?),
            5 => message.device = Some(device(fields)?),
            6 => {
                fields.byte()?;
                message.chain = Some(fields.0.to_vec());
            }
            _ => {}
        }
    }
    Some(message)
}

/// Version 1, of older files, has no time of the end.
fn group(version: u8, mut fields: Fields<'_>) -> Option<Group> {
    // The version of the signer's program.
    fields.take(3)?;
    let _partial = fields.byte()?;
    let started = moment(fields.long()?);
    let ended = if version == 1 {
        started
    } else {
        moment(fields.long()?)
    };
    let counter = fields.word()?;
    let count = fields.short()?;
    let [hash, link] = fields.two_hashes()?;
    Some(Group {
        counter,
        count,
        started: Some(started),
        ended: Some(ended),
        hash: Some(hash),
        link: Some(link),
        with_next: false,
    })
}

fn moment(ticks: i64) -> UnixMs {
    UnixMs(ticks.saturating_sub(EPOCH_1601).div_euclid(TICKS_PER_MS))
}

/// The field is as long as the longest signature of the key, and says how much of it counts.
fn signed(mut fields: Fields<'_>, document: &[u8]) -> Option<Signed> {
    let length = usize::from(fields.short()?);
    let signature = fields.0.get(..length)?;
    Some(Signed {
        document: document.to_vec(),
        signature: signature.to_vec(),
        over_group: false,
    })
}

fn algorithms(mut fields: Fields<'_>) -> Option<Algorithms> {
    let length = usize::from(fields.byte()?);
    let hash = fields.take(length)?;
    let length = usize::from(fields.byte()?);
    let signature = fields.take(length)?;
    Some(Algorithms {
        hash: Hash::from_oid(hash),
        signature: Algorithm::from_oid(signature),
    })
}

fn device(mut fields: Fields<'_>) -> Option<Device> {
    Some(Device {
        firmware: fields.text()?,
        serial: fields.text()?,
        manufacturer: fields.text()?,
    })
}

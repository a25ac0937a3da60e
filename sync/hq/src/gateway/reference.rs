//! Reference data on its way to terminals: the newest set of each kind to whoever says that theirs is older, and a hint
//! for all.

use std::collections::BTreeMap;

use domain::{DeviceId, encode};
use sync::wire::v1::{
    Hello, PART, ReferenceHint, ReferenceMessage, ReferencePart, ReferencePending, SetKind, SetSerial,
    SignedHead,
};
use sync::{DownLane, Topic};

use super::{Gateway, GatewayError, Outgoing};
use crate::store::StoreError;

/// The newest set of each kind as it is sent, read from the store once.
pub(super) type Newest = BTreeMap<SetKind, Ready>;

/// One set, in messages.
pub(super) struct Ready {
    serial: u64,
    head: Vec<u8>,
    parts: Vec<Vec<u8>>,
}

impl Ready {
    /// What a terminal lacks that has `pending` of it.
    fn lacking(&self, pending: Option<&ReferencePending>) -> Vec<&Vec<u8>> {
        let pending = pending.filter(|pending| pending.serial == self.serial);
        let head = pending.is_none().then_some(&self.head);
        let wanted = (0..).zip(&self.parts).filter_map(|(index, part)| {
            let have = pending.is_some_and(|pending| pending.have.contains(index));
            (!have).then_some(part)
        });
        head.into_iter().chain(wanted).collect()
    }
}

impl Gateway {
    /// What the terminal lacks of the newest sets; nothing of a kind that its program does not take, and of lists of
    /// persons nothing unless it may have them.
    pub(super) fn reference_for(
        &mut self,
        device: &DeviceId,
        hello: &Hello,
        persons: bool,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let law = hello
            .reference
            .map(|serial| (SetKind::Law, serial, hello.pending.as_ref()));
        let beside = hello
            .sets
            .iter()
            .map(|held| (held.kind, held.serial, held.pending.as_ref()));
        let mut outgoing = Vec::new();
        let wanted = law.into_iter().chain(beside);
        for (kind, held, pending) in wanted.filter(|(kind, ..)| persons || !kind.is_of_persons()) {
            let Some(newest) = self.newest(kind)?.filter(|newest| newest.serial > held) else {
                continue;
            };
            let payloads = newest.lacking(pending);
            let (serial, messages) = (newest.serial, payloads.len());
            tracing::info!(%device, kind = kind.code(), serial, messages, "reference data sent");
            outgoing.extend(payloads.into_iter().map(|payload| Outgoing {
                topic: Topic::Down(device.clone(), DownLane::Ref),
                payload: payload.clone(),
            }));
        }
        Ok(outgoing)
    }

    /// The newest serials, and the message, to be retained, that tells all terminals of them.
    pub fn reference_hint(&mut self) -> Result<Option<(ReferenceHint, Outgoing)>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut others = Vec::new();
        for kind in SetKind::BESIDE_LAW {
            let serial = transaction.newest_set(kind)?;
            if serial > 0 {
                others.push(SetSerial { kind, serial });
            }
        }
        let hint = ReferenceHint {
            version: 1,
            serial: transaction.newest_reference()?,
            others,
        };
        if hint.serial == 0 && hint.others.is_empty() {
            return Ok(None);
        }
        let outgoing = Outgoing {
            topic: Topic::Broadcast,
            payload: encode(&hint),
        };
        Ok(Some((hint, outgoing)))
    }

    /// Another program publishes: the serial is looked up each time, the bytes when it has changed.
    fn newest(&mut self, kind: SetKind) -> Result<Option<&Ready>, GatewayError> {
        let transaction = self.store.begin()?;
        let serial = transaction.newest_set(kind)?;
        if serial == 0 {
            return Ok(None);
        }
        if self.newest.get(&kind).is_none_or(|ready| ready.serial != serial) {
            let corrupt = StoreError::Corrupt {
                what: "reference set",
            };
            let publication = transaction.publication(kind, serial)?.ok_or(corrupt)?;
            let head = ReferenceMessage::Head(SignedHead {
                certificate: publication.certificate,
                head: publication.head,
            });
            let parts = (0..).zip(publication.packed.chunks(PART)).map(|(index, bytes)| {
                encode(&ReferenceMessage::Part(ReferencePart {
                    serial,
                    index,
                    bytes: bytes.to_vec(),
                    kind,
                }))
            });
            let ready = Ready {
                serial,
                head: encode(&head),
                parts: parts.collect(),
            };
            self.newest.insert(kind, ready);
        }
        Ok(self.newest.get(&kind))
    }
}

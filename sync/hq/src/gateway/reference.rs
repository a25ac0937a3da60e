//! Reference data on its way to terminals: the newest set to whoever says that theirs is older, and a hint for all.

use domain::{DeviceId, encode};
use sync::wire::v1::{Hello, PART, ReferenceHint, ReferenceMessage, ReferencePart, SignedHead};
use sync::{DownLane, Topic};

use super::{Gateway, GatewayError, Outgoing};
use crate::store::StoreError;

/// The newest set as it is sent, read from the store once.
pub(super) struct Newest {
    serial: u64,
    head: Vec<u8>,
    parts: Vec<Vec<u8>>,
}

impl Gateway {
    /// What the terminal lacks of the newest set; nothing for a program that takes none.
    pub(super) fn reference_for(
        &mut self,
        device: &DeviceId,
        hello: &Hello,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let Some(held) = hello.reference else {
            return Ok(Vec::new());
        };
        let Some(newest) = self.newest()?.filter(|newest| newest.serial > held) else {
            return Ok(Vec::new());
        };
        let pending = hello
            .pending
            .as_ref()
            .filter(|pending| pending.serial == newest.serial);
        let head = pending.is_none().then_some(&newest.head);
        let wanted = (0..).zip(&newest.parts).filter_map(|(index, part)| {
            let have = pending.is_some_and(|pending| pending.have.contains(index));
            (!have).then_some(part)
        });
        let payloads: Vec<&Vec<u8>> = head.into_iter().chain(wanted).collect();
        tracing::info!(%device, serial = newest.serial, messages = payloads.len(), "reference data sent");
        Ok(payloads
            .into_iter()
            .map(|payload| Outgoing {
                topic: Topic::Down(device.clone(), DownLane::Ref),
                payload: payload.clone(),
            })
            .collect())
    }

    /// The serial of the newest published set, and the message, to be retained, that tells all terminals of it.
    pub fn reference_hint(&mut self) -> Result<Option<(u64, Outgoing)>, GatewayError> {
        let serial = self.store.begin()?.newest_reference()?;
        Ok((serial > 0).then(|| {
            let hint = Outgoing {
                topic: Topic::Broadcast,
                payload: encode(&ReferenceHint { version: 1, serial }),
            };
            (serial, hint)
        }))
    }

    /// Another program publishes: the serial is looked up each time, the bytes when it has changed.
    fn newest(&mut self) -> Result<Option<&Newest>, GatewayError> {
        let transaction = self.store.begin()?;
        let serial = transaction.newest_reference()?;
        if serial == 0 {
            return Ok(None);
        }
        if self.newest.as_ref().is_none_or(|newest| newest.serial != serial) {
            let corrupt = StoreError::Corrupt {
                what: "reference set",
            };
            let publication = transaction.publication(serial)?.ok_or(corrupt)?;
            let head = ReferenceMessage::Head(SignedHead {
                certificate: publication.certificate,
                head: publication.head,
            });
            let parts = (0..).zip(publication.packed.chunks(PART)).map(|(index, bytes)| {
                encode(&ReferenceMessage::Part(ReferencePart {
                    serial,
                    index,
                    bytes: bytes.to_vec(),
                }))
            });
            self.newest = Some(Newest {
                serial,
                head: encode(&head),
                parts: parts.collect(),
            });
        }
        Ok(self.newest.as_ref())
    }
}

//! Somebody on the network who kept a message and sends it again: the broker is an untrusted pipe.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use domain::envelope::{Receipt, ReceiptStatus};
use domain::{DeviceId, EnvelopeId};
use hq::Pki;
use hq::serve::Address;
use sync::mqtt::{Link, LinkCommand, LinkConfig, LinkEvent, Publish, Security, tls_client};
use sync::wire::v1::ReceiptBatch;
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};

/// HQ answers what it knows at once.
const PATIENCE: Duration = Duration::from_secs(15);

/// A message as it went up once.
pub(super) struct Captured {
    pub(super) device: DeviceId,
    pub(super) lane: UpLane,
    pub(super) envelope: EnvelopeId,
    pub(super) bytes: Vec<u8>,
}

impl Captured {
    /// Sends it again, and hears what HQ signs for it; nothing when HQ says nothing.
    pub(super) fn send_again(self, broker: &Address, pki: &Pki) -> anyhow::Result<Option<ReceiptStatus>> {
        let identity = pki.gateway_tls()?;
        let tls = tls_client(pki.root().der(), &identity.chain, &identity.key)?;
        let (inbox, events) = channel();
        let receipts = Topic::Down(self.device.clone(), DownLane::Rcpt).to_string();
        let config = LinkConfig {
            subscriptions: vec![receipts.clone()],
            ..LinkConfig::new(&broker.host, broker.port, "ecoute", Security::Tls(tls))
        };
        let link = Link::spawn(
            config,
            Box::new(move |event| {
                // Whoever listened has heard enough.
                let _ = inbox.send(event);
            }),
        )?;
        link.send(LinkCommand::Connect)?;
        let mut message = Some(Publish::new(1, Topic::Up(self.device, self.lane), self.bytes));
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(event) = events.recv_timeout(left) else {
                return Ok(None);
            };
            match event {
                LinkEvent::Up { .. } => {
                    if let Some(message) = message.take() {
                        link.send(LinkCommand::Publish(message))?;
                    }
                }
                LinkEvent::Down { reason } => bail!("the broker is not reached: {reason:?}"),
                LinkEvent::Acked { .. } => {}
                LinkEvent::Message { topic, payload, ack } => {
                    if let Some(ack) = ack {
                        link.send(LinkCommand::Ack(ack))?;
                    }
                    if topic != receipts || message.is_some() {
                        continue;
                    }
                    if let Some(status) = answer(&payload, self.envelope, pki)? {
                        return Ok(Some(status));
                    }
                }
            }
        }
    }
}

/// What HQ signed of this envelope, if anything.
fn answer(payload: &[u8], envelope: EnvelopeId, pki: &Pki) -> anyhow::Result<Option<ReceiptStatus>> {
    let batch: ReceiptBatch = domain::decode(payload).context("HQ's receipts do not decode")?;
    for bytes in batch.iter() {
        let signed = cose::parse(bytes)?;
        cose::verify(&signed, Namespace::Receipt, pki.receipt().certificate())
            .context("a receipt is not HQ's")?;
        let receipt = Receipt::from_bytes(&signed.payload).context("a receipt does not decode")?;
        if receipt.envelope == envelope {
            return Ok(Some(receipt.status));
        }
    }
    Ok(None)
}

//! HQ's signed answers: the only thing that empties the outbox, and nothing else does.

use domain::canonical;
use domain::dialogue::Notice;
use domain::envelope::{Receipt, ReceiptStatus};
use domain::record::ActKind;
use sync::session::Input;
use sync::wire::v1::ReceiptBatch;
use trust::cose::{self, Namespace};

use crate::engine::{CommitPoint, Engine};
use crate::store::{OutboxRow, ReceiptEffect, StoreError};

impl Engine {
    pub(crate) fn receipts(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let Ok(batch) = canonical::decode::<ReceiptBatch>(payload) else {
            tracing::warn!(bytes = payload.len(), "a receipt batch does not read");
            return Ok(());
        };
        for cose in batch.iter() {
            self.receipt(cose)?;
        }
        Ok(())
    }

    /// Takes one receipt: signed by HQ's receipt key, about bytes that this terminal sent, or nothing happens.
    fn receipt(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(receipt) = self.verified_receipt(bytes) else {
            tracing::warn!(
                bytes = bytes.len(),
                "a receipt that HQ did not sign for this terminal was dropped"
            );
            return Ok(());
        };
        let Some(row) = self.device.act_of(receipt.envelope)? else {
            return Ok(());
        };
        let _span = tracing::info_span!("record", act = %row.act, envelope = %row.envelope).entered();
        if !self.is_about(&receipt, &row)? {
            tracing::warn!("a receipt about other bytes was dropped");
            return Ok(());
        }
        let effect =
            self.device
                .store_receipt(receipt.envelope, receipt.status, receipt.at, bytes, self.now)?;
        if effect != ReceiptEffect::Nothing {
            self.passed(CommitPoint::ReceiptStored);
            tracing::info!("receipt stored");
            self.stale.home = true;
            self.stale.deliveries = true;
            self.attempts.remove(&receipt.envelope);
        }
        if let ReceiptEffect::Refused(code) = effect {
            self.notice(Notice::Refused { act: row.act, code });
            self.open_correctives()?;
        }
        // A manifest that HQ stored may still turn out to name other bytes than those uploaded.
        if let (ReceiptEffect::Nothing, ReceiptStatus::Refused(code)) = (effect, receipt.status)
            && row.kind == ActKind::Footage
        {
            self.notice(Notice::Refused { act: row.act, code });
        }
        if let (ReceiptStatus::Stored, Some(root)) = (receipt.status, receipt.footage_root) {
            self.footage_received(row.act, root, bytes)?;
        }
        self.session_input(Input::Receipted { id: receipt.envelope })
    }

    fn verified_receipt(&self, bytes: &[u8]) -> Option<Receipt> {
        let signed = cose::parse(bytes).ok()?;
        cose::verify(&signed, Namespace::Receipt, &self.anchors.receipt).ok()?;
        let receipt = Receipt::from_bytes(&signed.payload).ok()?;
        (receipt.device == self.enrolment.terminal.device).then_some(receipt)
    }

    fn is_about(&self, receipt: &Receipt, row: &OutboxRow) -> Result<bool, StoreError> {
        let envelope = self.device.envelope_digest(row.envelope)? == Some(receipt.envelope_digest);
        let record = match receipt.status {
            ReceiptStatus::Stored => receipt.record_digest == Some(row.record),
            // What HQ cannot open it cannot name.
            ReceiptStatus::Refused(_) => receipt.record_digest.is_none_or(|digest| digest == row.record),
        };
        Ok(envelope && record)
    }
}

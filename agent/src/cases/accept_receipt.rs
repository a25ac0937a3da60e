//! HQ's signed answers: the only thing that empties the outbox, and nothing else does.

use domain::canonical;
use domain::dialogue::Notice;
use domain::envelope::{Receipt, ReceiptStatus, RefusalCode};
use domain::record::ActKind;
use sync::session::Input;
use sync::wire::v1::ReceiptBatch;
use trust::cose::{self, Namespace};

use crate::engine::{CommitPoint, Engine};
use crate::store::{Answer, OutboxRow, ReceiptEffect, StoreError};

/// A receipt that HQ signed, the act that it is about, and its bytes.
struct Answered<'a> {
    receipt: Receipt,
    row: OutboxRow,
    cose: &'a [u8],
}

impl Engine {
    /// Takes the receipts that are signed by HQ's receipt key and about bytes that this terminal sent, in one commit.
    pub(crate) fn receipts(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let Ok(batch) = canonical::decode::<ReceiptBatch>(payload) else {
            tracing::warn!(bytes = payload.len(), "a receipt batch does not read");
            return Ok(());
        };
        let mut answered = Vec::new();
        for cose in batch.iter() {
            answered.extend(self.answered(cose)?);
        }
        let answers: Vec<Answer<'_>> = answered
            .iter()
            .map(|one| Answer {
                envelope: one.row.envelope,
                status: one.receipt.status,
                at: one.receipt.at,
                cose: one.cose,
            })
            .collect();
        let effects = self.device.store_receipts(&answers, self.now)?;
        if effects.iter().any(|effect| *effect != ReceiptEffect::Nothing) {
            self.passed(CommitPoint::ReceiptStored);
            self.stale.home = true;
            self.stale.deliveries = true;
        }
        for (one, effect) in answered.iter().zip(effects) {
            self.follow(one, effect)?;
        }
        Ok(())
    }

    fn answered<'a>(&self, cose: &'a [u8]) -> Result<Option<Answered<'a>>, StoreError> {
        let Some(receipt) = self.verified_receipt(cose) else {
            tracing::warn!(
                bytes = cose.len(),
                "a receipt that HQ did not sign for this terminal was dropped"
            );
            return Ok(None);
        };
        let row = self.device.act_sent_as(receipt.envelope_digest)?;
        let Some(row) = row.filter(|row| is_about(&receipt, row)) else {
            tracing::warn!(envelope = %receipt.envelope, "a receipt about other bytes was dropped");
            return Ok(None);
        };
        Ok(Some(Answered { receipt, row, cose }))
    }

    /// What a stored receipt leads to.
    fn follow(&mut self, answered: &Answered<'_>, effect: ReceiptEffect) -> Result<(), StoreError> {
        let Answered { receipt, row, cose } = answered;
        let _span = tracing::info_span!("record", act = %row.act, envelope = %row.envelope).entered();
        if effect != ReceiptEffect::Nothing {
            tracing::info!("receipt stored");
            self.attempts.remove(&row.envelope);
        }
        self.parts_answered(row.act, row.envelope)?;
        self.offer_behind(row.act)?;
        if matches!(effect, ReceiptEffect::Refused(_)) && row.kind == ActKind::Custody {
            // What follows it is chained to the last one that counts.
            self.custody_signed(row.act)?;
        }
        if effect == ReceiptEffect::Stored && row.kind.keeps_photos() {
            self.forget_files()?;
        }
        if let ReceiptEffect::Refused(code) = effect {
            self.notice(Notice::Refused { act: row.act, code });
            self.open_correctives()?;
        }
        if let (ReceiptStatus::Refused(code), ActKind::Footage) = (receipt.status, row.kind) {
            // A manifest that HQ stored may still turn out to name other bytes than those uploaded.
            if self.footage_refused(row.act)? && effect == ReceiptEffect::Nothing {
                self.notice(Notice::Refused { act: row.act, code });
            }
        }
        if let (ReceiptStatus::Stored, Some(root)) = (receipt.status, receipt.footage_root) {
            self.footage_received(row.act, root, cose)?;
        }
        self.session_input(Input::Receipted { id: row.envelope })
    }

    fn verified_receipt(&self, bytes: &[u8]) -> Option<Receipt> {
        let signed = cose::parse(bytes).ok()?;
        if !self.signed_by(&signed, Namespace::Receipt, &self.anchors.receipt) {
            return None;
        }
        let receipt = Receipt::from_bytes(&signed.payload).ok()?;
        (receipt.device == self.enrolment.terminal.device).then_some(receipt)
    }
}

/// Whether a receipt over the envelope of `row` also names its id and record, as far as HQ can read them.
fn is_about(receipt: &Receipt, row: &OutboxRow) -> bool {
    let same_id = receipt.envelope == row.envelope;
    match receipt.status {
        ReceiptStatus::Stored => same_id && receipt.record_digest == Some(row.record),
        // An id that HQ cannot read it cannot repeat.
        ReceiptStatus::Refused(RefusalCode::Unreadable) => true,
        ReceiptStatus::Refused(_) => {
            same_id && receipt.record_digest.is_none_or(|digest| digest == row.record)
        }
    }
}

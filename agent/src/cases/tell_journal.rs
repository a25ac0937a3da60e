//! The journal on its way to HQ: bounded pieces behind everything else, each under a signed head, until HQ has countersigned
//! the newest.

use domain::journal::{HEAD, Head, HeadReceipt};
use domain::{Digest, canonical};
use minicbor::bytes::ByteVec;
use sync::UpLane;
use sync::session::Input;
use sync::wire::v1::{
    JournalEntries, JournalHave, JournalPiece, MAX_ENTRIES, MAX_ENTRY_BYTES, SignedJournalHead,
};
use trust::cose::{Namespace, Signed};
use trust::seal;

use super::deliver::Sent;
use crate::engine::Engine;
use crate::store::{JournalReceipt, StoreError};

/// How long new entries wait for others, in milliseconds.
const GATHER: u64 = 2_000;
/// How long a receipt is waited for before the piece is sent again, in milliseconds.
const PATIENCE: u64 = 30_000;

/// How far HQ is.
#[derive(Debug, Default)]
pub(crate) struct Telling {
    /// How many entries HQ has; none while it takes no pieces.
    have: Option<u64>,
    /// When the next piece may be offered, on the device's clock.
    not_before: u64,
}

impl Engine {
    /// The newest head, signed; none when it cannot be signed, which a hello survives.
    pub(crate) fn signed_head(&self) -> Result<Option<SignedJournalHead>, StoreError> {
        let size = self.device.journal_size()?;
        Ok(self
            .head_at(size, None)?
            .map(|head| SignedJournalHead(head.into())))
    }

    fn head_at(&self, size: u64, piece: Option<Digest>) -> Result<Option<Vec<u8>>, StoreError> {
        let (root, last) = self.device.journal_head(size)?;
        let head = Head {
            version: 1,
            journal: self.enrolment.journal,
            size,
            root,
            last,
            epoch: self.epoch,
            at: self.now,
            piece,
        };
        Ok(self.device_signed(Namespace::Journal, HEAD, &canonical::encode(&head)))
    }

    /// HQ has answered a hello: from where it goes on.
    pub(crate) const fn tell_journal_from(&mut self, have: Option<JournalHave>) {
        self.telling = Telling {
            have: match have {
                Some(have) => Some(have.size),
                None => None,
            },
            not_before: 0,
        };
    }

    pub(crate) fn stop_telling(&mut self) {
        self.telling = Telling::default();
    }

    pub(crate) fn journal_wakeup(&self) -> Option<u64> {
        let have = self.telling.have?;
        let size = self.device.journal_size().ok()?;
        (size > have).then_some(self.telling.not_before)
    }

    pub(crate) fn wake_journal(&mut self) -> Result<(), StoreError> {
        if self.journal_wakeup().is_none_or(|at| at > self.now.mono_ms) {
            return Ok(());
        }
        self.telling.not_before = self.now.mono_ms.saturating_add(PATIENCE);
        self.session_input(Input::JournalOffered)
    }

    pub(crate) fn publish_journal(&mut self) -> Result<(), StoreError> {
        match self.next_piece()? {
            Some(piece) => {
                self.send(Sent::Journal, UpLane::Tel, canonical::encode(&piece));
                Ok(())
            }
            None => self.session_input(Input::JournalAcked),
        }
    }

    fn next_piece(&self) -> Result<Option<JournalPiece>, StoreError> {
        let Some(first) = self.telling.have else {
            return Ok(None);
        };
        let entries = self
            .device
            .journal_entries(first, MAX_ENTRIES as u64, MAX_ENTRY_BYTES)?;
        if entries.is_empty() {
            return Ok(None);
        }
        let size = first.saturating_add(entries.len() as u64);
        let entries = JournalEntries(entries.into_iter().map(ByteVec::from).collect());
        let sealed = seal::seal(&[self.anchors.recipient], &canonical::encode(&entries));
        let Ok(sealed) = sealed else {
            tracing::error!("a piece of the journal could not be sealed");
            return Ok(None);
        };
        let Some(head) = self.head_at(size, Some(Digest::of(&sealed)))? else {
            tracing::error!("a piece of the journal could not be signed");
            return Ok(None);
        };
        Ok(Some(JournalPiece {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            head: SignedJournalHead(head.into()),
            sealed,
        }))
    }

    /// HQ's countersignature, if it is about this very journal; any other changes nothing.
    pub(crate) fn journal_received(&mut self, signed: &Signed, cose: &[u8]) -> Result<(), StoreError> {
        if !self.signed_by(signed, Namespace::JournalReceipt, &self.anchors.receipt) {
            return Ok(());
        }
        let Ok(receipt) = canonical::decode::<HeadReceipt>(&signed.payload) else {
            return Ok(());
        };
        let mine = receipt.device == self.enrolment.terminal.device
            && receipt.journal == self.enrolment.journal
            && (1..=self.device.journal_size()?).contains(&receipt.size)
            && self.device.journal_head(receipt.size)?.0 == receipt.root;
        if !mine {
            tracing::error!(
                size = receipt.size,
                "HQ countersigned another journal than this one"
            );
            return Ok(());
        }
        let newest = self.device.journal_receipt()?.map_or(0, |kept| kept.size);
        if receipt.size > newest {
            self.device.keep_journal_receipt(&JournalReceipt {
                size: receipt.size,
                receipt: cose.to_vec(),
            })?;
        }
        if let Some(have) = self.telling.have
            && receipt.size > have
        {
            let left = self.device.journal_size()?.saturating_sub(receipt.size);
            let gather = if left < MAX_ENTRIES as u64 { GATHER } else { 0 };
            self.telling = Telling {
                have: Some(receipt.size),
                not_before: self.now.mono_ms.saturating_add(gather),
            };
        }
        Ok(())
    }
}

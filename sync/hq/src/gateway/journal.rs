//! Journals: what comes is held against what is there, kept, and only then countersigned.
//!
//! HQ never signs for a tree that does not extend the one that it has. Two heads of a terminal that contradict each other
//! are kept for good and quarantine it; its records are still taken, since evidence is never refused for that.

use domain::journal::{Entry, HEAD, HEAD_RECEIPT, Head, HeadReceipt};
use domain::{DeviceId, Digest, UnixMs, decode, encode};
use sync::wire::v1::{JournalEntries, JournalHave, JournalPiece, SignedJournalHead};
use sync::{DownLane, Topic};
use trust::cose::{self, Namespace};
use trust::seal;

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};
use crate::store::{Fork, SeenHead, StoreError};

/// Of the entries of one piece, with room for their framing.
const MAX_PLAIN: usize = 64 * 1024;

/// What became of a piece.
enum Told {
    /// Everything up to here is HQ's; its receipt goes out, again where it went before.
    Held(SeenHead),
    /// Not the next one, or nothing that the terminal signed.
    Nothing,
}

impl Gateway {
    pub(super) fn receive_journal(
        &mut self,
        device: &DeviceId,
        piece: &JournalPiece,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let told = desk.take_piece(piece)?;
        transaction.commit()?;
        Ok(match told {
            Told::Held(seen) => vec![Outgoing {
                topic: Topic::Down(device.clone(), DownLane::A),
                payload: seen.receipt,
            }],
            Told::Nothing => Vec::new(),
        })
    }
}

impl Desk<'_> {
    /// What a hello's answer says of the journal: none for a terminal that is in quarantine.
    pub(super) fn settle_journal(
        &mut self,
        told: &SignedJournalHead,
    ) -> Result<Option<JournalHave>, StoreError> {
        let Some(head) = self.journal_head(told)? else {
            return Ok(None);
        };
        self.hold_against_ours(&head, told)?;
        if self.transaction.quarantined_at(self.device)?.is_some() {
            return Ok(None);
        }
        let size = self.transaction.journal_size(head.journal)?;
        Ok(Some(JournalHave { size }))
    }

    /// The head, if this terminal signed it and it is of a journal that the terminal was given.
    fn journal_head(&mut self, told: &SignedJournalHead) -> Result<Option<Head>, StoreError> {
        let signed = cose::parse(&told.0)
            .ok()
            .filter(|signed| signed.content_type == HEAD);
        let Some(signed) = signed else { return Ok(None) };
        let head = decode::<Head>(&signed.payload)
            .ok()
            .filter(|head| head.version == 1 && head.size > 0);
        let Some(head) = head else { return Ok(None) };
        let signer = self.by_device(&signed, Namespace::Journal, head.at.utc)?;
        let given =
            signer.is_some() && self.transaction.journal_holder(head.journal)?.as_ref() == Some(self.device);
        if !given {
            tracing::warn!(device = %self.device, "a journal head refused");
        }
        Ok(given.then_some(head))
    }

    /// Whether `head`, as far as HQ can tell, is of the journal that HQ has; a contradiction is kept.
    fn hold_against_ours(&self, head: &Head, told: &SignedJournalHead) -> Result<bool, StoreError> {
        let have = self.transaction.journal_size(head.journal)?;
        let newest = self.transaction.newest_journal_head(head.journal)?;
        let ours = newest.as_ref().and_then(|seen| read(&seen.head));
        let differs = head.size <= have
            && self.transaction.journal_root(head.journal, head.size)? != (head.root, head.last);
        if differs || ours.is_some_and(|ours| head.contradicts(&ours)) {
            self.keep_fork(told, newest)?;
            return Ok(false);
        }
        Ok(true)
    }

    fn keep_fork(&self, told: &SignedJournalHead, held: Option<SeenHead>) -> Result<(), StoreError> {
        tracing::error!(device = %self.device, "two heads of a journal contradict each other; the terminal is in quarantine");
        self.transaction.keep_fork(&Fork {
            device: self.device.clone(),
            told: told.0.to_vec(),
            held: held.map(|seen| seen.head),
            found_at: self.now,
        })
    }

    fn take_piece(&mut self, piece: &JournalPiece) -> Result<Told, StoreError> {
        if piece.version != 1 || piece.device != *self.device {
            return Ok(Told::Nothing);
        }
        let Some(head) = self.journal_head(&piece.head)? else {
            return Ok(Told::Nothing);
        };
        // The head states the seal, so that entries of somebody else never pass for the terminal's.
        if head.piece != Some(Digest::of(&piece.sealed)) {
            tracing::warn!(device = %self.device, "entries that are not the head's dropped");
            return Ok(Told::Nothing);
        }
        if !self.hold_against_ours(&head, &piece.head)?
            || self.transaction.quarantined_at(self.device)?.is_some()
        {
            return Ok(Told::Nothing);
        }
        let have = self.transaction.journal_size(head.journal)?;
        if head.size <= have {
            let newest = self.transaction.newest_journal_head(head.journal)?;
            return Ok(newest.map_or(Told::Nothing, Told::Held));
        }
        let opened = seal::open(self.pki.identity(), &piece.sealed, MAX_PLAIN).ok();
        let entries = opened.and_then(|opened| decode::<JournalEntries>(&opened).ok());
        let Some(JournalEntries(entries)) = entries else {
            tracing::warn!(device = %self.device, "entries of a journal that do not open dropped");
            return Ok(Told::Nothing);
        };
        let first = head.size.checked_sub(entries.len() as u64);
        let Some(known) = first.and_then(|first| have.checked_sub(first)) else {
            // What comes between is still on its way, or is asked for at the next hello.
            return Ok(Told::Nothing);
        };
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        let new: Vec<&[u8]> = entries.iter().skip(known).map(|entry| entry.as_slice()).collect();
        if self.extend(&head, have, &new)? {
            return Ok(Told::Held(self.countersign(&head, &piece.head)?));
        }
        let newest = self.transaction.newest_journal_head(head.journal)?;
        self.keep_fork(&piece.head, newest)?;
        Ok(Told::Nothing)
    }

    /// Adds `new` to the journal, when with them it is the one that `head` states; otherwise nothing stays.
    fn extend(&self, head: &Head, have: u64, new: &[&[u8]]) -> Result<bool, StoreError> {
        let mut previous = match have {
            0 => domain::journal::GENESIS,
            _ => self.transaction.journal_root(head.journal, have)?.1,
        };
        let mark = self.transaction.mark()?;
        for (index, bytes) in (have..).zip(new) {
            let follows = decode::<Entry>(bytes).is_ok_and(|entry| {
                entry.journal == head.journal && entry.index == index && entry.previous == previous
            });
            if !follows {
                return mark.undo().map(|()| false);
            }
            previous = Digest::of(bytes);
            self.transaction
                .insert_journal_entry(head.journal, index, bytes)?;
        }
        if self.transaction.journal_root(head.journal, head.size)? != (head.root, head.last) {
            return mark.undo().map(|()| false);
        }
        mark.keep()?;
        Ok(true)
    }

    fn countersign(&self, head: &Head, told: &SignedJournalHead) -> Result<SeenHead, StoreError> {
        let receipt = HeadReceipt {
            version: 1,
            device: self.device.clone(),
            journal: head.journal,
            size: head.size,
            root: head.root,
            head: Digest::of(&told.0),
            at: self.now,
        };
        let seen = SeenHead {
            size: head.size,
            head: told.0.to_vec(),
            receipt: self
                .pki
                .receipt()
                .sign(Namespace::JournalReceipt, HEAD_RECEIPT, &encode(&receipt)),
        };
        self.transaction.keep_journal_head(head.journal, &seen)?;
        tracing::info!(device = %self.device, size = head.size, "journal countersigned");
        Ok(seen)
    }
}

fn read(head: &[u8]) -> Option<Head> {
    decode(&cose::parse(head).ok()?.payload).ok()
}

//! A terminal's journal as it is handed out, for whoever inspects it offline: entries, signed heads, HQ's countersignatures.
//!
//! Everything is checked against the bytes as they are, and nothing in a file goes unchecked: what no signature covers, and
//! a certificate that nothing needs, are faults.

mod fault;
mod proof;
mod signers;
mod walk;

use domain::journal::{HEAD, HEAD_RECEIPT, Head, HeadReceipt};
use domain::{DeviceId, Digest, JournalId, UnixMs, decode};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Namespace, Signed};

pub use fault::{Broken, Fault};
pub use proof::{JournalProof, Proven, verify_proof};
pub use walk::Jump;

use self::signers::Signers;
use self::walk::Walk;
use crate::report::Outcome;

/// A journal as HQ hands it out (`docs/formats/journal.cddl`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JournalFile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub journal: JournalId,
    /// Each as the terminal wrote it, from the first.
    #[n(3)]
    pub entries: Vec<ByteVec>,
    /// By size, ascending; the last is over every entry.
    #[n(4)]
    pub heads: Vec<SeenHead>,
    /// DER of every signer and authority that a check needs, but the root; each once.
    #[n(5)]
    pub certificates: Vec<ByteVec>,
}

/// A head and HQ's word on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SeenHead {
    /// COSE_Sign1 of a [`Head`].
    #[n(0)]
    pub head: ByteVec,
    /// COSE_Sign1 of a [`HeadReceipt`].
    #[n(1)]
    pub receipt: ByteVec,
}

/// What was found out about one journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// How many entries, heads and countersignatures were checked.
    pub entries: u64,
    pub heads: u64,
    pub receipts: u64,
    /// Countersignatures from elsewhere that the journal was held against.
    pub held: u64,
    /// Tree head over every entry.
    pub root: Digest,
    /// HQ's clock at the last countersignature.
    pub received_at: Option<UnixMs>,
    /// The wall clock was set: told, and no fault.
    pub jumps: Vec<Jump>,
    /// The first thing that does not hold.
    pub fault: Option<Fault>,
}

impl Verification {
    /// Ok only when there was something to check, and all of it holds.
    pub fn outcome(&self) -> Outcome {
        match &self.fault {
            Some(fault) => fault.outcome(),
            None if self.entries == 0 || self.heads == 0 || self.receipts == 0 => Outcome::Incomplete,
            None => Outcome::Ok,
        }
    }
}

/// Checks a journal up to `anchors`. `held` are countersignatures that were kept elsewhere, such as the terminal's own: a
/// journal that was cut back to an earlier state is found by them alone.
pub fn verify(file: &JournalFile, anchors: &[Certificate], held: &[Vec<u8>]) -> Verification {
    let mut found = Verification {
        entries: 0,
        heads: 0,
        receipts: 0,
        held: 0,
        root: Digest::of(b""),
        received_at: None,
        jumps: Vec::new(),
        fault: None,
    };
    found.fault = found.walk(file, anchors, held).err();
    found
}

impl Verification {
    /// The cheap questions first: no signature makes up for an entry that does not follow.
    fn walk(&mut self, file: &JournalFile, anchors: &[Certificate], held: &[Vec<u8>]) -> Result<(), Fault> {
        if file.version != 1 {
            return Err(Fault::Version);
        }
        let heads = in_order(file)?;
        let outside: Vec<ReadReceipt> = held
            .iter()
            .map(|bytes| ReadReceipt::of(bytes).filter(|read| read.receipt.journal == file.journal))
            .collect::<Option<_>>()
            .ok_or(Fault::HeldReceipt)?;
        let mut walk = Walk::new(file.journal);
        let mut next = heads.iter().peekable();
        for bytes in &file.entries {
            walk.take(bytes)?;
            if let Some(ReadHead { head, .. }) = next.next_if(|read| read.head.size == walk.size())
                && (head.root != walk.root() || head.last != walk.last())
            {
                return Err(Fault::Root { size: head.size });
            }
            for read in outside.iter().filter(|read| read.receipt.size == walk.size()) {
                if read.receipt.root != walk.root() {
                    return Err(Fault::Held {
                        size: read.receipt.size,
                    });
                }
            }
        }
        let (from, root) = (walk.size(), walk.root());
        let signed = next.next().map(|read| read.head.size);
        let received = outside
            .iter()
            .map(|read| read.receipt.size)
            .find(|size| *size > from);
        if let Some(size) = signed.or(received) {
            return Err(Fault::Missing { from, size });
        }
        let covered = heads.last().map_or(0, |read| read.head.size);
        if covered < from {
            return Err(Fault::Unsigned { from: covered });
        }
        let mut signers = Signers::read(&file.certificates, anchors)?;
        for read in &heads {
            signers.head(read, &file.device)?;
        }
        if !outside.iter().all(|read| signers.receipt(read)) {
            return Err(Fault::HeldReceipt);
        }
        signers.all_used()?;
        let counted = heads.len() as u64;
        *self = Self {
            entries: from,
            heads: counted,
            receipts: counted,
            held: outside.len() as u64,
            root,
            received_at: heads.last().map(|read| read.received.receipt.at),
            jumps: walk.into_jumps(),
            fault: None,
        };
        Ok(())
    }
}

/// The heads of a file, each larger than the one before and none against it.
fn in_order(file: &JournalFile) -> Result<Vec<ReadHead>, Fault> {
    let mut heads: Vec<ReadHead> = Vec::with_capacity(file.heads.len());
    for (number, seen) in file.heads.iter().enumerate() {
        let read = ReadHead::of(number, seen, &file.device)?;
        if read.head.journal != file.journal {
            return Err(Fault::HeadOfAnotherJournal { number });
        }
        if let Some(ReadHead { head: before, .. }) = heads.last() {
            if read.head.size <= before.size {
                return Err(Fault::HeadsOutOfOrder { number });
            }
            if read.head.contradicts(before) {
                let (size, other) = (read.head.size, before.size);
                return Err(Fault::Fork { size, other });
            }
        }
        heads.push(read);
    }
    Ok(heads)
}

/// A head and its countersignature that belong to each other; no signature is checked yet.
struct ReadHead {
    head: Head,
    signed: Signed,
    received: ReadReceipt,
}

struct ReadReceipt {
    receipt: HeadReceipt,
    signed: Signed,
}

impl ReadHead {
    fn of(number: usize, seen: &SeenHead, device: &DeviceId) -> Result<Self, Fault> {
        let unreadable = Fault::HeadUnreadable { number };
        let signed = cose::parse(&seen.head).map_err(|_| unreadable)?;
        let head: Head = decode(&signed.payload).map_err(|_| unreadable)?;
        if head.version != 1 || head.size == 0 || signed.content_type != HEAD {
            return Err(unreadable);
        }
        let size = head.size;
        let received = ReadReceipt::of(&seen.receipt).ok_or(Fault::ReceiptSignature { size })?;
        let HeadReceipt {
            device: whose,
            journal,
            root,
            head: digest,
            ..
        } = &received.receipt;
        let about_it = whose == device
            && *journal == head.journal
            && received.receipt.size == size
            && *root == head.root
            && *digest == Digest::of(&seen.head);
        if !about_it {
            return Err(Fault::ReceiptDiffers { size });
        }
        Ok(Self {
            head,
            signed,
            received,
        })
    }
}

impl ReadReceipt {
    fn of(bytes: &[u8]) -> Option<Self> {
        let signed = cose::parse(bytes).ok()?;
        let receipt: HeadReceipt = decode(&signed.payload).ok()?;
        let readable = receipt.version == 1 && signed.content_type == HEAD_RECEIPT;
        readable.then_some(Self { receipt, signed })
    }
}

impl Signers<'_> {
    fn head(&mut self, read: &ReadHead, device: &DeviceId) -> Result<(), Fault> {
        let size = read.head.size;
        if !self.receipt(&read.received) {
            return Err(Fault::ReceiptSignature { size });
        }
        let holder = Holder::Device(device.to_string());
        // HQ took it by either clock: the terminal's may be wrong, and a certificate may have ended on the way.
        let made = [read.received.receipt.at, read.head.at.utc]
            .into_iter()
            .any(|moment| {
                self.made(
                    &read.signed,
                    Namespace::Journal,
                    Profile::Device,
                    Some(&holder),
                    moment,
                )
            });
        if made {
            Ok(())
        } else {
            Err(Fault::HeadSignature { size })
        }
    }

    fn receipt(&mut self, read: &ReadReceipt) -> bool {
        self.made(
            &read.signed,
            Namespace::JournalReceipt,
            Profile::HqReceipt,
            None,
            read.receipt.at,
        )
    }
}

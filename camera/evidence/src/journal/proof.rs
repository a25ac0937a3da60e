//! The proof that one entry is in a journal, without the others (RFC 9162 §2.1.3).

use domain::journal::{Entry, Head};
use domain::{DeviceId, Digest, UnixMs, decode};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trust::cert::Certificate;
use trust::merkle;

use super::signers::Signers;
use super::{Broken, Fault, JournalFile, ReadHead, SeenHead};

/// One entry, and its way to a head that HQ countersigned (`docs/formats/journal.cddl`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JournalProof {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// As the terminal wrote it.
    #[n(2)]
    pub entry: ByteVec,
    #[n(3)]
    pub path: Vec<Digest>,
    #[n(4)]
    pub seen: SeenHead,
    /// As in a [`JournalFile`].
    #[n(5)]
    pub certificates: Vec<ByteVec>,
}

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub entry: Entry,
    pub head: Head,
    /// HQ's clock at the countersignature.
    pub received_at: UnixMs,
}

impl JournalProof {
    /// The proof of entry `index` under the newest head; none when there is no such entry, or no head over all.
    pub fn of(file: &JournalFile, index: u64) -> Option<Self> {
        let place = usize::try_from(index).ok()?;
        let entry = file.entries.get(place)?.clone();
        let leaves: Vec<_> = file.entries.iter().map(|entry| merkle::leaf(entry)).collect();
        let path = merkle::inclusion_proof(&leaves, place)?;
        Some(Self {
            version: 1,
            device: file.device.clone(),
            entry,
            path: path.into_iter().map(|hash| Digest::from_bytes(hash.0)).collect(),
            seen: file.heads.last()?.clone(),
            certificates: file.certificates.clone(),
        })
    }
}

/// Checks a proof up to `anchors`.
pub fn verify_proof(proof: &JournalProof, anchors: &[Certificate]) -> Result<Proven, Fault> {
    if proof.version != 1 {
        return Err(Fault::Version);
    }
    let read = ReadHead::of(0, &proof.seen, &proof.device)?;
    let mut signers = Signers::read(&proof.certificates, anchors)?;
    signers.head(&read, &proof.device)?;
    signers.all_used()?;
    let ReadHead { head, received, .. } = read;
    let unreadable = Fault::Entry {
        index: 0,
        why: Broken::Unreadable,
    };
    let entry: Entry = decode(&proof.entry).map_err(|_| unreadable)?;
    let index = entry.index;
    if entry.journal != head.journal {
        return Err(Fault::Entry {
            index,
            why: Broken::OtherJournal,
        });
    }
    let path: Vec<trust::Digest> = proof
        .path
        .iter()
        .map(|hash| trust::Digest(*hash.as_bytes()))
        .collect();
    let root = trust::Digest(*head.root.as_bytes());
    let leaf = merkle::leaf(&proof.entry);
    if !merkle::verify_inclusion(&leaf, index, head.size, &path, &root) {
        return Err(Fault::Path { index });
    }
    Ok(Proven {
        entry,
        head,
        received_at: received.receipt.at,
    })
}

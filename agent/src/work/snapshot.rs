//! Sealing drafts for headquarters.

use domain::recovery::{Recoverable, RecoveryKeys};
use domain::{ActId, Digest, OfficerId, canonical};
use zeroize::Zeroizing;

use crate::cases::keep_drafts::sealed_to;

pub struct SnapshotJob {
    pub officer: OfficerId,
    pub keys: RecoveryKeys,
    /// Each with its content.
    pub drafts: Vec<(ActId, Vec<u8>)>,
}

pub struct SealedDraft {
    pub draft: ActId,
    /// SHA-256 of what was sealed.
    pub content: Digest,
    pub sealed: Vec<u8>,
}

impl SnapshotJob {
    pub(super) fn run(self) -> Vec<SealedDraft> {
        let (officer, keys) = (self.officer, self.keys);
        let seal = |(draft, content): (ActId, Vec<u8>)| {
            let digest = Digest::of(&content);
            let plain = Zeroizing::new(canonical::encode(&Recoverable {
                officer,
                draft,
                content,
            }));
            let sealed = sealed_to(&keys, &plain)?;
            Some(SealedDraft {
                draft,
                content: digest,
                sealed,
            })
        };
        self.drafts.into_iter().filter_map(seal).collect()
    }
}

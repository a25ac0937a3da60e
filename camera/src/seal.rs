//! What happens to the bytes of a recording on their way to the disk, in one pass: hash, structure, encryption.
//!
//! Each segment becomes one age file for HQ alone; the terminal cannot open what it stores.

use domain::canonical::Digest;
use domain::footage::Segment;
use evidence::chain::{BLOCK, SegmentClaim};
use evidence::mp4::{Mp4, Refusal, Walker};
use minicbor::{Decode, Encode};
use sha2::digest::common::hazmat::SerializableState;
use sha2::{Digest as _, Sha256};
use trust::seal::{Recipient, SealError, seal};

/// One encrypted segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub record: Segment,
    /// The age file.
    pub file: Vec<u8>,
}

/// Encrypts the bytes of a segment that the camera's chain was checked for.
pub fn seal_segment(
    recipients: &[Recipient],
    claim: &SegmentClaim,
    plain: &[u8],
) -> Result<Sealed, SealError> {
    let file = seal(recipients, plain)?;
    let too_long = SealError::TooLong {
        max: u32::MAX as usize,
    };
    let record = Segment {
        index: claim.index,
        offset: claim.offset,
        length: claim.length,
        plain: claim.plain,
        cipher: Digest::of(&file),
        cipher_length: u32::try_from(file.len()).map_err(|_| too_long)?,
    };
    Ok(Sealed { record, file })
}

/// Everything that is known of a recording as a whole while its segments arrive.
#[derive(Clone)]
pub struct Whole {
    hash: Hash,
    walker: Walker,
}

#[derive(Clone)]
enum Hash {
    Running(Sha256),
    /// A short segment came, after which there is nothing more to hash.
    Complete(Digest),
}

/// A [`Whole`] between two segments, in a form that can be stored: it holds no byte of the media.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Checkpoint {
    #[n(0)]
    hash: HashState,
    #[n(1)]
    walker: Walker,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
enum HashState {
    #[n(0)]
    Running(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    #[n(1)]
    Complete(#[n(0)] Digest),
}

impl Default for Whole {
    fn default() -> Self {
        Self {
            hash: Hash::Running(Sha256::new()),
            walker: Walker::default(),
        }
    }
}

impl Whole {
    /// Takes the next bytes: follows the file's structure through them and hashes them.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if let Hash::Running(hash) = &mut self.hash {
            hash.update(bytes);
        }
        self.walker.push(bytes)
    }

    /// A segment of this length ends here; false when the one before was a short one, which nothing may follow.
    #[must_use]
    pub fn end_segment(&mut self, length: usize) -> bool {
        match self.hash {
            Hash::Running(_) => {
                if !length.is_multiple_of(BLOCK as usize) {
                    self.hash = Hash::Complete(self.digest());
                }
                true
            }
            Hash::Complete(_) => false,
        }
    }

    /// SHA-256 of the segments so far.
    pub fn digest(&self) -> Digest {
        match &self.hash {
            Hash::Running(hash) => Digest::from_bytes(hash.clone().finalize().into()),
            Hash::Complete(digest) => *digest,
        }
    }

    /// The file's structure, when all bytes were walked.
    pub fn structure(&self) -> Result<Mp4, Refusal> {
        self.walker.clone().finish()
    }

    pub fn checkpoint(&self) -> Checkpoint {
        let hash = match &self.hash {
            Hash::Running(hash) => HashState::Running(hash.serialize().to_vec()),
            Hash::Complete(digest) => HashState::Complete(*digest),
        };
        Checkpoint {
            hash,
            walker: self.walker.clone(),
        }
    }

    /// Goes on from a checkpoint; `None` when it is not one that [`Whole::checkpoint`] made.
    pub fn resume(checkpoint: &Checkpoint) -> Option<Self> {
        let hash = match &checkpoint.hash {
            HashState::Running(state) => {
                let state = state.as_slice().try_into().ok()?;
                Hash::Running(Sha256::deserialize(&state).ok()?)
            }
            HashState::Complete(digest) => Hash::Complete(*digest),
        };
        Some(Self {
            hash,
            walker: checkpoint.walker.clone(),
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_checkpoint_between_segments_changes_no_digest_and_holds_no_content() {
        let segments = [vec![0x5a; 128], vec![0x5b; 192], vec![0x5c; 61]];
        let mut whole = Whole::default();
        for segment in &segments {
            // The walker refuses what is no video; the hash goes on.
            let _ = whole.push(segment);
            assert!(whole.end_segment(segment.len()));
            let stored = domain::encode(&whole.checkpoint());
            assert!(
                !stored
                    .windows(4)
                    .any(|four| matches!(four, [0x5a..=0x5c, b, c, d] if b == c && c == d))
            );
            whole = Whole::resume(&domain::decode(&stored).unwrap()).unwrap();
        }
        assert_eq!(whole.digest(), Digest::of(&segments.concat()));
        assert!(!whole.end_segment(64));
    }

    proptest! {
        #[test]
        fn a_damaged_checkpoint_never_panics(state in prop::collection::vec(any::<u8>(), 0..200)) {
            let checkpoint = Checkpoint { hash: HashState::Running(state), walker: Walker::default() };
            if let Some(mut whole) = Whole::resume(&checkpoint) {
                let _ = whole.push(&[0; 64]);
                let _ = whole.end_segment(64);
            }
        }
    }
}

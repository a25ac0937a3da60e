//! A recording that was taken in: its manifest, its camera's chain, and its encrypted segments.

use std::fs;
use std::path::{Path, PathBuf};

use domain::canonical::Digest;
use domain::footage::Manifest;
use evidence::chain::{Messages, join};

use super::{SEGMENTS, VaultError, failed, segment_name};
use crate::ingest::{KeptSegment, Opening};

/// Read-only until it is disposed of.
#[derive(Debug)]
pub struct Held {
    folder: PathBuf,
    opening: Opening,
    messages: Vec<Vec<u8>>,
    manifest: Manifest,
    end: Option<Vec<u8>>,
}

impl Held {
    pub(super) fn new(
        folder: PathBuf,
        opening: Opening,
        stored: impl IntoIterator<Item = KeptSegment>,
        manifest: Manifest,
        end: Option<Vec<u8>>,
    ) -> Self {
        let messages = stored.into_iter().map(|stored| stored.message).collect();
        Self {
            folder,
            opening,
            messages,
            manifest,
            end,
        }
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The camera's certificate (DER), as it was judged at the meeting.
    pub fn camera_certificate(&self) -> &[u8] {
        &self.opening.certificate
    }

    /// The bytes of `camera.cose`, whose digest is in the manifest.
    pub fn chain_file(&self) -> Vec<u8> {
        join(&Messages {
            init: &self.opening.init,
            segments: self.messages.iter().map(Vec::as_slice).collect(),
            end: self.end.as_deref(),
        })
    }

    /// Where the age file of a segment lies.
    pub fn segment_path(&self, index: u32) -> PathBuf {
        Path::new(&self.folder).join(SEGMENTS).join(segment_name(index))
    }

    /// The age file of a segment, exactly as the manifest names it.
    pub fn read_segment(&self, index: u32) -> Result<Vec<u8>, VaultError> {
        let wanted = self
            .manifest
            .segments
            .iter()
            .find(|segment| segment.index == index);
        let wanted = wanted.ok_or(VaultError::OtherRecording)?;
        let path = self.segment_path(index);
        let file = fs::read(&path).map_err(failed("read", &path))?;
        if Digest::of(&file) == wanted.cipher {
            Ok(file)
        } else {
            Err(VaultError::Damaged { path })
        }
    }
}

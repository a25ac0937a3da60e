//! The receiving side of one file: which bytes are stored, and whether the whole is what was announced.
//!
//! Nothing is marked before its bytes are stored, and a complete file is never written again.

use domain::Digest;
use domain::footage::MAX_SEGMENT;

use crate::spans::{Span, Spans};
use crate::wire::v1::{FileHave, FileInit, FileRefusal, MAX_PACKET};

/// What to do with a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// Write it at the span's start, make it durable, then call [`Assembly::stored`].
    Write(Span),
    /// Every byte of it is stored already.
    Known,
}

/// Why a chunk is not taken; the sender learns it from the next `stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChunkRefusal {
    #[error("the bytes do not have the digest that the topic states")]
    Digest,
    #[error("the chunk is empty, too long, or reaches over the end of the file")]
    OutsideFile,
    #[error("the file would have too many holes")]
    TooFragmented,
}

/// What `fin` leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Bytes are missing, or `fin` names another file; answer with [`Assembly::have`].
    Unfinished,
    /// Every byte is stored: compute the digest of the whole and call [`Assembly::judged`].
    Judge,
    /// It was judged before.
    Complete,
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    init: FileInit,
    stored: Spans,
    complete: bool,
}

impl Assembly {
    /// The largest age file of a segment: 64 KiB beyond the plain bytes cover header and tags.
    pub const MAX_SIZE: u64 = MAX_SEGMENT as u64 + 64 * 1024;

    /// Accepts an announcement; whether it is in the manifest is the caller's to check.
    pub fn announce(init: FileInit) -> Result<Self, FileRefusal> {
        Self::resume(init, Spans::new(), false)
    }

    /// Takes up what was stored by an earlier run.
    pub fn resume(init: FileInit, stored: Spans, complete: bool) -> Result<Self, FileRefusal> {
        match (init.version, init.size) {
            (1, 1..=Self::MAX_SIZE) => Ok(Self {
                init,
                stored,
                complete,
            }),
            (1, 1..) => Err(FileRefusal::TooLarge),
            _ => Err(FileRefusal::Unreadable),
        }
    }

    /// A repeated announcement must be the same one.
    pub fn announced_again(&self, init: &FileInit) -> Result<(), FileRefusal> {
        if *init == self.init {
            Ok(())
        } else {
            Err(FileRefusal::Reannounced)
        }
    }

    pub const fn init(&self) -> &FileInit {
        &self.init
    }

    /// Checks the bytes that arrived for `offset`.
    pub fn chunk(&self, offset: u64, sha256: Digest, bytes: &[u8]) -> Result<Chunk, ChunkRefusal> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let end = offset.checked_add(length).filter(|end| *end <= self.init.size);
        let span = end
            .and_then(|end| Span::new(offset, end))
            .ok_or(ChunkRefusal::OutsideFile)?;
        if length > u64::from(MAX_PACKET) {
            return Err(ChunkRefusal::OutsideFile);
        }
        if self.complete || self.stored.covers(span) {
            return Ok(Chunk::Known);
        }
        if Digest::of(bytes) != sha256 {
            return Err(ChunkRefusal::Digest);
        }
        let mut with = self.stored.clone();
        with.insert(span).map_err(|_| ChunkRefusal::TooFragmented)?;
        Ok(Chunk::Write(span))
    }

    /// The bytes of a [`Chunk::Write`] are durable.
    pub fn stored(&mut self, span: Span) {
        // `chunk` refuses what would not fit.
        let _ = self.stored.insert(span);
    }

    pub fn finish(&self, size: u64, sha256: Digest) -> Finish {
        if (size, sha256) != (self.init.size, self.init.sha256) {
            return Finish::Unfinished;
        }
        let whole = Span::new(0, self.init.size);
        match (
            self.complete,
            whole.is_some_and(|whole| self.stored.covers(whole)),
        ) {
            (true, _) => Finish::Complete,
            (false, true) => Finish::Judge,
            (false, false) => Finish::Unfinished,
        }
    }

    /// The digest of the whole stored file; when it is not the announced one, every byte counts as missing again.
    pub fn judged(&mut self, sha256: Digest) -> FileHave {
        if sha256 == self.init.sha256 {
            self.complete = true;
        } else {
            self.stored = Spans::new();
        }
        self.have()
    }

    /// The answer to `stat`.
    pub fn have(&self) -> FileHave {
        if self.complete {
            FileHave::Complete
        } else {
            FileHave::Ranges(self.stored.clone())
        }
    }
}

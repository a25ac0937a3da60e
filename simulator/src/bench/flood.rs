//! What a terminal's memory grows by while a recording of many gigabytes comes in, in a process of its own.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use camera::source::{Request, Source, Word};
use camera::taking::{self, Shelf};
use camera::vault::Vault;
use domain::ClipId;
use evidence::chain::Recorder;
use trust::seal::Identity;

use super::figures::{Measure, Samples, Target};
use super::footage::{CLIP, PIECE, SEGMENT, check_taken, opened};
use super::{Options, memory};

const NAME: &str = "memory that a recording of 8 GB takes while it comes in, in MiB";
const TARGET: Target = Target::AtMost(16.0);
const SMALL: u64 = 10_000_000;
const LARGE: u64 = 8_000_000_000;
const MIB: f64 = 1024.0 * 1024.0;

/// What the child takes in, and where.
#[derive(Debug, Clone)]
pub struct Flood {
    pub dir: PathBuf,
    pub bytes: u64,
}

pub(super) fn measure(options: &Options, scratch: &Path) -> anyhow::Result<Measure> {
    let mut samples = Samples::default();
    let small = grown(options, scratch, SMALL)?;
    let large = grown(options, scratch, LARGE)?;
    samples.add("grown by a recording of 10 MB", "MiB", small);
    samples.add("grown by a recording of 8 GB", "MiB", large);
    Ok(samples.measure(NAME.to_owned(), TARGET, vec![large]))
}

fn grown(options: &Options, scratch: &Path, bytes: u64) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir_in(scratch)?;
    let said = Command::new(&options.program)
        .arg("bench-flood")
        .arg("--dir")
        .arg(folder.path())
        .arg("--bytes")
        .arg(bytes.to_string())
        .output()
        .context("could not start a process to measure")?;
    let text = String::from_utf8(said.stdout).context("a process to measure says no text")?;
    let grown: u64 = text.trim().parse().with_context(|| {
        format!(
            "a process to measure failed: {}",
            String::from_utf8_lossy(&said.stderr)
        )
    })?;
    Ok(grown as f64 / MIB)
}

/// Takes the recording in; gives the peak of resident memory above what it was before, in bytes.
pub fn flood(flood: &Flood) -> anyhow::Result<u64> {
    let identity = Identity::generate();
    let vault = Vault::open(&flood.dir, flood.bytes.saturating_mul(2))?;
    let (peer, recorder, init) = opened()?;
    let mut film = Generated {
        recorder,
        init: Some(init),
        left: flood.bytes,
        total: flood.bytes,
        // The camera's memory, which is there before it is counted.
        segment: vec![0xa5; SEGMENT],
        said: 0,
        message: None,
        ended: false,
        state: 0x9e37_79b9_7f4a_7c15,
    };
    let before = memory::of_this("VmRSS:")?;
    let shelf = Shelf {
        vault: &vault,
        recipients: &[identity.recipient()],
    };
    let Ok(outcome) = taking::take_in(&mut film, shelf, &peer, CLIP, |_, _| {});
    check_taken(outcome)?;
    Ok(memory::of_this("VmHWM:")?.saturating_sub(before))
}

/// A recording that is made as it is asked for, one segment after the other.
struct Generated {
    recorder: Recorder,
    init: Option<Vec<u8>>,
    left: u64,
    total: u64,
    segment: Vec<u8>,
    /// Bytes of the segment that were said.
    said: usize,
    message: Option<Vec<u8>>,
    ended: bool,
    state: u64,
}

impl Generated {
    /// Makes the next segment in the place of the one before.
    fn go_on(&mut self, index: u32) {
        let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(SEGMENT);
        self.segment.clear();
        if self.left == self.total {
            self.segment.extend(include_bytes!("../../clips/patrol.mp4"));
            let media = self.total - self.segment.len() as u64;
            self.segment.extend([0, 0, 0, 1]);
            self.segment.extend(b"mdat");
            self.segment.extend(media.to_be_bytes());
        }
        while self.segment.len() < length {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            let word = self.state.to_be_bytes();
            let more = word.len().min(length - self.segment.len());
            self.segment.extend(word.into_iter().take(more));
        }
        self.left -= length as u64;
        self.said = 0;
        self.message = self.recorder.segment(&self.segment, u64::from(index) * 1000).ok();
    }
}

impl Source for Generated {
    type Gone = Infallible;

    fn ask(&mut self, _: ClipId, request: Request) -> Result<(), Infallible> {
        match request {
            Request::Opening => {}
            Request::Segment(index) if self.left > 0 => self.go_on(index),
            Request::Segment(_) => self.ended = true,
        }
        Ok(())
    }

    fn hear(&mut self) -> Result<Word, Infallible> {
        if let Some(message) = self.init.take() {
            let message = Some(message);
            return Ok(Word::Opening { clip: CLIP, message });
        }
        if self.ended {
            return Ok(Word::End { message: None });
        }
        let rest = self.segment.get(self.said..).unwrap_or_default();
        if rest.is_empty() {
            let message = self.message.take();
            return Ok(Word::SegmentEnd { message });
        }
        let piece = rest.get(..PIECE.min(rest.len())).unwrap_or_default().to_vec();
        self.said += piece.len();
        Ok(Word::Data(piece))
    }
}

//! The speed at which footage is taken in and sealed, held against the same passes over memory: hashes of segment,
//! file and ciphertext, and encryption.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use camera::ingest::{IN_FLIGHT, Peer};
use camera::source::{Request, Source, Word};
use camera::taking::{self, Outcome, Shelf};
use camera::vault::Vault;
use domain::{CameraId, ClipId, Digest, UnixMs};
use evidence::chain::Recorder;
use trust::cert::{random_serial, self_signed_root};
use trust::keys::{KeyKind, SigningKey};
use trust::seal::{Identity as AgeIdentity, Recipient, SealError, seal};

use super::figures::{Measure, Samples, Target};
use crate::camera::Identity;

/// Media of the recording, in bytes: about two minutes at 8 Mb/s.
const MEDIA: u32 = 128 * 1024 * 1024;
/// What a real camera cuts into.
pub(super) const SEGMENT: usize = 2 * 1024 * 1024;
/// Bytes of one message of the camera.
pub(super) const PIECE: usize = 32 * 1024;
pub(super) const CLIP: ClipId = ClipId::from_bytes([7; 16]);
/// 2026-11-21T12:00:00Z.
const NOON: UnixMs = UnixMs(1_795_262_400_000);

/// A recording with its camera's signatures.
struct Recording {
    peer: Peer,
    init: Vec<u8>,
    segments: Vec<(Vec<u8>, Vec<u8>)>,
    end: Vec<u8>,
}

pub(super) fn measure(scratch: &Path, repetitions: usize) -> anyhow::Result<[Measure; 2]> {
    let recording = Recording::make()?;
    let identity = AgeIdentity::generate();
    let recipients = [identity.recipient()];
    let megabytes = recording
        .segments
        .iter()
        .map(|(bytes, _)| bytes.len())
        .sum::<usize>() as f64
        / 1e6;
    let mut samples = Samples::default();
    let mut ratios = Vec::new();
    let (mut by_hand, mut faster) = (Samples::default(), Vec::new());
    let memory = Path::new("/dev/shm");
    for repetition in 0..repetitions {
        let disk = tempfile::tempdir_in(scratch)?;
        let took = take_in(&recording, &recipients, disk.path())?;
        drop(disk);
        let passes = same_passes(&recording, &recipients)?;
        ratios.push(passes.as_secs_f64() / took.as_secs_f64());
        samples.add(
            "taken in, checked, sealed and durable on disk",
            "MB/s",
            megabytes / took.as_secs_f64(),
        );
        samples.add(
            "the same passes in memory",
            "MB/s",
            megabytes / passes.as_secs_f64(),
        );
        if memory.is_dir() {
            let folder = tempfile::tempdir_in(memory).context("could not use the memory file system")?;
            let took = take_in(&recording, &recipients, folder.path())?;
            samples.add(
                "taken in, with the vault in memory",
                "MB/s",
                megabytes / took.as_secs_f64(),
            );
            samples.add(
                "ratio with the vault in memory",
                "",
                passes.as_secs_f64() / took.as_secs_f64(),
            );
            if let Some(tools) = one_after_the_other(&recording, &recipients, folder.path())? {
                by_hand.add(
                    "`sha256sum`, then `age`, in memory",
                    "MB/s",
                    megabytes / tools.as_secs_f64(),
                );
                by_hand.add(
                    "taken in, with the vault in memory",
                    "MB/s",
                    megabytes / took.as_secs_f64(),
                );
                faster.push(tools.as_secs_f64() / took.as_secs_f64());
            }
        }
        for (name, flush) in [
            ("plain write, one flush a segment", Flush::EachSegment),
            ("plain write, one flush", Flush::Once),
        ] {
            let folder = tempfile::tempdir_in(scratch)?;
            let wrote = plain_write(&recording, folder.path(), flush)?;
            samples.add(name, "MB/s", megabytes / wrote.as_secs_f64());
        }
        if repetition == 0 {
            samples.add("recording", "MB", megabytes);
        }
    }
    let sealed = samples.measure(
        "footage sealed ÷ the same passes in memory".to_owned(),
        Target::AtLeast(0.8),
        ratios,
    );
    let name = "`sha256sum`, then `age` ÷ footage sealed, all in memory".to_owned();
    let target = Target::AtLeast(2.0);
    let tools = if faster.is_empty() {
        Measure::unmeasured(name, target, "needs `/dev/shm`, `sha256sum` and `age`".to_owned())
    } else {
        by_hand.measure(name, target, faster)
    };
    Ok([sealed, tools])
}

impl Recording {
    /// The built-in clip with more media behind it, so that it stays a whole MP4 file.
    fn make() -> anyhow::Result<Self> {
        let mut file = include_bytes!("../../clips/patrol.mp4").to_vec();
        file.extend((MEDIA + 8).to_be_bytes());
        file.extend(b"mdat");
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..MEDIA / 8 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            file.extend(state.to_be_bytes());
        }
        let (peer, mut recorder, init) = opened()?;
        let mut segments = Vec::new();
        for (index, bytes) in (1..).zip(file.chunks(SEGMENT)) {
            segments.push((bytes.to_vec(), recorder.segment(bytes, index * 1000)?));
        }
        let end = recorder.end(segments.len() as u64 * 1000)?;
        Ok(Self {
            peer,
            init,
            segments,
            end,
        })
    }
}

/// A camera that was met, and the beginning of its recording.
pub(super) fn opened() -> anyhow::Result<(Peer, Recorder, Vec<u8>)> {
    let root_key = SigningKey::generate(KeyKind::P256);
    let validity = (NOON.plus(-UnixMs::DAY).0, NOON.plus(UnixMs::DAY).0);
    let root = self_signed_root("bench", &root_key, &random_serial(), validity.0, validity.1)?;
    let camera = CameraId::parse("cam-bench")?;
    let identity = Identity::issue(camera.clone(), &root_key, &root, validity)?;
    let certificate = identity
        .pairing
        .certificates
        .first()
        .context("the camera has no certificate")?
        .clone();
    let session = SigningKey::generate(KeyKind::Ed25519);
    let (recorder, init) = Recorder::open(CLIP, camera.clone(), &identity.key, &certificate, session, NOON)?;
    let peer = Peer {
        camera,
        certificate,
        pairing: Digest::from_bytes([0; 32]),
    };
    Ok((peer, recorder, init))
}

/// What somebody would do by hand: hash the file, then encrypt it. None where a tool is missing.
fn one_after_the_other(
    recording: &Recording,
    recipients: &[Recipient],
    folder: &Path,
) -> anyhow::Result<Option<Duration>> {
    let path = folder.join("original.mp4");
    let mut file = File::create(&path)?;
    for (bytes, _) in &recording.segments {
        file.write_all(bytes)?;
    }
    drop(file);
    let mut age = Command::new("age");
    for recipient in recipients {
        age.arg("-r").arg(recipient.to_string());
    }
    age.arg("-o").arg(folder.join("original.age")).arg(&path);
    let mut sum = Command::new("sha256sum");
    sum.arg(&path);
    let began = Instant::now();
    for tool in [&mut sum, &mut age] {
        match tool.stdout(Stdio::null()).status() {
            Ok(status) if status.success() => {}
            Ok(_) | Err(_) => return Ok(None),
        }
    }
    Ok(Some(began.elapsed()))
}

/// The product's own way, from the camera's words to a durable manifest: one thread receives and checks, as in a meeting,
/// and the vault's own seals and waits for the disk.
fn take_in(recording: &Recording, recipients: &[Recipient], folder: &Path) -> anyhow::Result<Duration> {
    let vault = Vault::open(folder, u64::from(MEDIA) * 2)?;
    let shelf = Shelf {
        vault: &vault,
        recipients,
    };
    let mut memory = Memory {
        recording,
        words: VecDeque::new(),
    };
    let began = Instant::now();
    let Ok(outcome) = taking::take_in(&mut memory, shelf, &recording.peer, CLIP, |_, _| {});
    let took = began.elapsed();
    check_taken(outcome)?;
    Ok(took)
}

/// Whether the whole recording is in the vault.
pub(super) fn check_taken(outcome: Outcome) -> anyhow::Result<()> {
    match outcome {
        Outcome::Finished(_) => Ok(()),
        Outcome::VaultFailed(error) => Err(error.into()),
        Outcome::Refused { fault, .. } => {
            Err(anyhow!(fault).context("the recording of the bench is refused"))
        }
        Outcome::Absent => bail!("the recording of the bench was not taken in"),
    }
}

/// A camera without a radio between.
struct Memory<'a> {
    recording: &'a Recording,
    words: VecDeque<Word>,
}

impl Source for Memory<'_> {
    type Gone = Infallible;

    fn ask(&mut self, clip: ClipId, request: Request) -> Result<(), Infallible> {
        match request {
            Request::Opening => {
                let message = Some(self.recording.init.clone());
                self.words.push_back(Word::Opening { clip, message });
            }
            Request::Segment(index) => {
                let segment = usize::try_from(index).ok();
                let segment = segment.and_then(|index| self.recording.segments.get(index));
                let Some((bytes, message)) = segment else {
                    let message = Some(self.recording.end.clone());
                    self.words.push_back(Word::End { message });
                    return Ok(());
                };
                let pieces = bytes.chunks(PIECE).map(|piece| Word::Data(piece.to_vec()));
                self.words.extend(pieces);
                let message = Some(message.clone());
                self.words.push_back(Word::SegmentEnd { message });
            }
        }
        Ok(())
    }

    fn hear(&mut self) -> Result<Word, Infallible> {
        Ok(self.words.pop_front().unwrap_or(Word::Absent))
    }
}

/// What the disk can do with as many bytes in one file, flushed after every segment or once at the end.
fn plain_write(recording: &Recording, folder: &Path, flush: Flush) -> anyhow::Result<Duration> {
    let mut file = File::create(folder.join("plain"))?;
    let began = Instant::now();
    for (bytes, _) in &recording.segments {
        file.write_all(bytes)?;
        match flush {
            Flush::EachSegment => file.sync_data()?,
            Flush::Once => {}
        }
    }
    file.sync_all()?;
    Ok(began.elapsed())
}

#[derive(Clone, Copy)]
enum Flush {
    EachSegment,
    Once,
}

/// What every byte goes through and nothing else, on as many threads as the product's: one hashes, one seals.
fn same_passes(recording: &Recording, recipients: &[Recipient]) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut whole = trust::Hasher::new();
    thread::scope(|scope| {
        let (hand, inbox) = sync_channel::<&[u8]>(IN_FLIGHT);
        let sealing = scope.spawn(move || {
            for bytes in inbox {
                let file = seal(recipients, bytes)?;
                std::hint::black_box(Digest::of(&file));
            }
            Ok::<_, SealError>(())
        });
        for (bytes, _) in &recording.segments {
            std::hint::black_box(Digest::of(bytes));
            whole.update(bytes);
            // A thread that failed is asked below.
            let _ = hand.send(bytes);
        }
        drop(hand);
        sealing
            .join()
            .map_err(|_| anyhow!("the thread that seals panicked"))?
            .context("could not seal a segment of the bench")
    })?;
    std::hint::black_box(whole.finish());
    Ok(began.elapsed())
}

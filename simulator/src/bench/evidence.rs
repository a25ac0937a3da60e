//! Verifying a recording's evidence, held against the three hashes that each of its bytes goes through, and one segment
//! by its proof.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use domain::Digest;
use domain::record::Record;
use evidence::folder::{Files, SegmentEvidence, segment_folder};
use evidence::report::{Outcome, verify};
use trust::cert::Certificate;

use super::Options;
use super::figures::{Measure, Samples, Target};
use crate::patrol::invariants::manifest_of;

const WHOLE: &str = "a recording's evidence verified ÷ its passes: SHA-256 by segment and of the film";
const PROOF: &str = "one segment of it verified by its proof, in milliseconds";
const WHOLE_TARGET: Target = Target::AtMost(1.25);
const PROOF_TARGET: Target = Target::AtMost(5.0);
/// By segment, and of the whole film, which is the file that `SHA256SUMS` lists.
const PASSES: usize = 2;
/// Media behind the built-in clip, in bytes.
const MEDIA: u32 = 32 * 1024 * 1024;

pub(super) fn measure(options: &Options, scratch: &Path) -> anyhow::Result<[Measure; 2]> {
    let (files, root) = played(options, scratch)?;
    let anchors = std::slice::from_ref(&root);
    let clip = files.get("clip.mp4").context("the evidence has no film")?;
    let segment = one_segment(&files, clip)?;
    let (mut whole, mut ratios) = (Samples::default(), Vec::new());
    let (mut single, mut times) = (Samples::default(), Vec::new());
    for _ in 0..options.repetitions {
        let began = Instant::now();
        let report = verify(&files, anchors, anchors);
        let verified = began.elapsed();
        ensure!(
            report.outcome() == Outcome::Ok,
            "the evidence of the bench does not hold"
        );
        let began = Instant::now();
        for _ in 0..PASSES {
            black_box(Digest::of(clip));
        }
        let passes = began.elapsed();
        ratios.push(verified.as_secs_f64() / passes.as_secs_f64());
        let megabytes = clip.len() as f64 / 1e6;
        whole.add("verified", "MB/s", megabytes / verified.as_secs_f64());
        whole.add("SHA-256, twice", "MB/s", megabytes / passes.as_secs_f64());
        let began = Instant::now();
        let report = verify(&segment, anchors, anchors);
        let verified = began.elapsed();
        ensure!(
            report.outcome() == Outcome::Ok,
            "the segment of the bench does not hold"
        );
        times.push(verified.as_secs_f64() * 1e3);
        single.add("one segment", "ms", verified.as_secs_f64() * 1e3);
    }
    Ok([
        whole.measure(WHOLE.to_owned(), WHOLE_TARGET, ratios),
        single.measure(PROOF.to_owned(), PROOF_TARGET, times),
    ])
}

/// The evidence of a recording that went through a whole patrol, and the root of everything in it.
fn played(options: &Options, scratch: &Path) -> anyhow::Result<(Files, Certificate)> {
    let (film, out) = (scratch.join("film.mp4"), scratch.join("patrol"));
    fs::write(&film, long()).context("could not write the film")?;
    let status = Command::new(&options.program)
        .arg("patrol")
        .arg("--clip")
        .arg(&film)
        .arg("--out")
        .arg(&out)
        .stdout(Stdio::null())
        .status()
        .context("could not start a patrol")?;
    ensure!(status.success(), "the patrol of the bench fails");
    let root = fs::read_to_string(out.join("anchors/root.pem"))?;
    let root = Certificate::parse_pem(&root)?;
    for entry in fs::read_dir(out.join("evidence"))? {
        let folder = entry?.path();
        if folder.join("clip.mp4").is_file() {
            let mut files = Files::new();
            gather(&folder, "", &mut files)?;
            return Ok((files, root));
        }
    }
    anyhow::bail!("the patrol of the bench has no recording")
}

fn gather(folder: &Path, prefix: &str, files: &mut Files) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), fs::read(&path)?);
        }
    }
    Ok(())
}

/// The built-in clip with more media behind it, so that it stays a whole MP4 file.
fn long() -> Vec<u8> {
    let mut file = include_bytes!("../../clips/patrol.mp4").to_vec();
    file.extend((MEDIA + 8).to_be_bytes());
    file.extend(b"mdat");
    file.extend((0..MEDIA).map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1]));
    file
}

/// The segment in the middle, with nothing of the others.
fn one_segment(files: &Files, clip: &[u8]) -> anyhow::Result<Files> {
    let file = |name: &str| {
        files
            .get(name)
            .with_context(|| format!("the evidence has no `{name}`"))
    };
    let record: Record = domain::decode(file("record.cbor")?)?;
    let manifest = manifest_of(&record).context("the evidence is of no recording")?;
    let place = manifest.segments.len() / 2;
    let segment = manifest
        .segments
        .get(place)
        .context("the recording has no segment")?;
    let start = usize::try_from(segment.offset)?;
    let plain = clip.get(start..start + usize::try_from(segment.length)?);
    let signer = certificate(file("receipt-signer.pem")?)?;
    let issuing = certificate(file("issuing.pem")?)?;
    Ok(segment_folder(&SegmentEvidence {
        manifest,
        index: segment.index,
        plain: plain.context("the film is shorter than its manifest says")?,
        receipt: file("receipt.cose")?,
        receipt_signer: signer.der(),
        authorities: &[issuing.der()],
    })?)
}

fn certificate(pem: &[u8]) -> anyhow::Result<Certificate> {
    Ok(Certificate::parse_pem(std::str::from_utf8(pem)?)?)
}

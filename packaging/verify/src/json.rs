//! The report for programs. `schema_version` changes when a field changes its meaning or goes; new fields may come.

use std::error::Error;

use domain::UnixMs;
use evidence::report::{
    Check, Claims, Fault, FootageClaims, RecordClaims, Report, SegmentState, Verdict, VideoClaims, WipeClaims,
};
use evidence::signed_video::{FrameState, Scheme};
use serde::Serialize;

use crate::events::EventLine;

const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    subject: &'static str,
    outcome: &'static str,
    exit_code: u8,
    checks: Vec<CheckLine>,
    /// What was not looked at, whatever the outcome.
    not_checked: Vec<&'static str>,
    claims: ClaimLines,
}

#[derive(Serialize)]
struct CheckLine {
    question: &'static str,
    /// `ok`, `failed` or `not_checked`.
    verdict: &'static str,
    faults: Vec<FaultLine>,
}

#[derive(Serialize)]
struct FaultLine {
    code: &'static str,
    outcome: &'static str,
    text: String,
    /// First and last picture that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    frames: Option<[u32; 2]>,
    /// Milliseconds from the first picture to that one, by the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_ms: Option<u64>,
}

#[derive(Serialize)]
struct ClaimLines {
    record: Option<RecordLine>,
    received_at: Option<String>,
    stamped_at: Option<String>,
    footage: Option<FootageLine>,
    /// One character a segment: `.` ok, `N` changed, `M` missing.
    segments: String,
    /// Statements on the recording that follow each other from its manifest on.
    #[serde(skip_serializing_if = "Option::is_none")]
    custody: Option<u32>,
    /// What the camera signed of itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<EventLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wipe: Option<WipeLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<VideoLine>,
}

#[derive(Serialize)]
struct VideoLine {
    scheme: Option<&'static str>,
    codec: &'static str,
    container: &'static str,
    frames: u32,
    /// One character a picture in the order of the file: `.` ok, `N` changed, added or moved, `U` unsigned, `P` behind
    /// the last signature, `_` nothing to show; and `M` for each unit that is missing between two.
    map: String,
    /// Signatures that hold.
    signatures: u32,
    signer: Option<String>,
    /// By the camera's clock.
    started: Option<String>,
    ended: Option<String>,
    firmware: Option<String>,
    serial: Option<String>,
    manufacturer: Option<String>,
}

#[derive(Serialize)]
struct WipeLine {
    device: String,
    order: u64,
    command: &'static str,
    stated_at: String,
    /// Officers whose keys and databases were destroyed.
    officers: u32,
    /// Signed acts that were kept for the headquarters.
    kept: u32,
    /// Signed acts that were destroyed before the headquarters had them.
    acts: u32,
    /// SHA-256 of these acts, as far as the statement names them.
    named: Vec<String>,
    clips: u32,
    approvers: Vec<String>,
}

#[derive(Serialize)]
struct RecordLine {
    act: String,
    kind: &'static str,
    number: Option<String>,
    device: String,
    officer: String,
    signed_at: String,
    sha256: String,
}

#[derive(Serialize)]
struct FootageLine {
    clip: String,
    camera: String,
    started: String,
    ended: String,
    bytes: u64,
    sha256: String,
    root: String,
    /// Whose the camera was, by its own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned: Option<String>,
}

/// One line of JSON.
pub(crate) fn render(report: &Report) -> serde_json::Result<String> {
    let outcome = report.outcome();
    let document = Document {
        schema_version: SCHEMA_VERSION,
        subject: report.subject.code(),
        outcome: outcome.code(),
        exit_code: outcome.exit_code(),
        checks: report
            .checks
            .iter()
            .map(|one| check(one, &report.claims))
            .collect(),
        not_checked: report.limits.iter().map(|limit| limit.code()).collect(),
        claims: claims(&report.claims),
    };
    let mut text = serde_json::to_string(&document)?;
    text.push('\n');
    Ok(text)
}

/// The segments as one character each.
pub(crate) fn map(states: &[SegmentState]) -> String {
    let letter = |state: &SegmentState| match state {
        SegmentState::Ok => '.',
        SegmentState::Changed => 'N',
        SegmentState::Missing => 'M',
    };
    states.iter().map(letter).collect()
}

/// A fault and its causes, in English.
pub(crate) fn with_causes(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn check(check: &Check, claims: &Claims) -> CheckLine {
    let (verdict, faults) = match &check.verdict {
        Verdict::Ok => ("ok", [].as_slice()),
        Verdict::Failed(faults) => ("failed", faults.as_slice()),
        Verdict::NotChecked => ("not_checked", [].as_slice()),
    };
    let faults = faults.iter().map(|fault| FaultLine {
        code: fault.code(),
        outcome: fault.outcome().code(),
        text: with_causes(fault),
        frames: frames(fault).map(|(first, last)| [first, last]),
        at_ms: frames(fault).and_then(|(first, _)| moment(claims, first)),
    });
    CheckLine {
        question: check.question.code(),
        verdict,
        faults: faults.collect(),
    }
}

fn claims(claims: &Claims) -> ClaimLines {
    ClaimLines {
        record: claims.record.as_ref().map(record),
        received_at: claims.received_at.map(utc),
        stamped_at: claims.stamped_at.map(utc),
        footage: claims.footage.as_ref().map(footage),
        segments: map(&claims.map),
        custody: (claims.custody > 0).then_some(claims.custody),
        events: claims.events.iter().map(EventLine::of).collect(),
        wipe: claims.wipe.as_ref().map(wipe),
        video: claims.video.as_ref().map(video),
    }
}

fn video(video: &VideoClaims) -> VideoLine {
    let device = video.device.as_ref();
    VideoLine {
        scheme: video.scheme.map(Scheme::code),
        codec: video.codec.code(),
        container: video.container.code(),
        frames: video.frames,
        map: frame_map(&video.map),
        signatures: video.signatures,
        signer: video.signer.clone(),
        started: video.clock.map(|clock| utc(clock.started)),
        ended: video.clock.map(|clock| utc(clock.ended)),
        firmware: device.map(|device| device.firmware.clone()),
        serial: device.map(|device| device.serial.clone()),
        manufacturer: device.map(|device| device.manufacturer.clone()),
    }
}

/// The pictures as one character each.
pub(crate) fn frame_map(states: &[FrameState]) -> String {
    states.iter().map(|state| state.letter()).collect()
}

/// First and last picture that a fault is about.
pub(crate) fn frames(fault: &Fault) -> Option<(u32, u32)> {
    if let Fault::Video(damage) = fault {
        damage.frames()
    } else {
        None
    }
}

/// When a picture is shown, in milliseconds from the first, by the container.
pub(crate) fn moment(claims: &Claims, frame: u32) -> Option<u64> {
    let times = &claims.video.as_ref()?.times;
    times.get(usize::try_from(frame).ok()?).copied()
}

fn record(record: &RecordClaims) -> RecordLine {
    RecordLine {
        act: record.act.to_string(),
        kind: record.kind.code(),
        number: record.number.map(|number| number.to_string()),
        device: record.device.to_string(),
        officer: record.officer.to_string(),
        signed_at: utc(record.signed_at.utc),
        sha256: record.sha256.to_string(),
    }
}

fn wipe(wipe: &WipeClaims) -> WipeLine {
    let destroyed = &wipe.destroyed;
    WipeLine {
        device: wipe.device.to_string(),
        order: wipe.sequence,
        command: wipe.command.code(),
        stated_at: utc(wipe.at.utc),
        officers: destroyed.officers,
        kept: destroyed.kept,
        acts: destroyed.acts,
        named: destroyed.named.iter().map(ToString::to_string).collect(),
        clips: destroyed.clips,
        approvers: wipe.approvers.clone(),
    }
}

fn footage(footage: &FootageClaims) -> FootageLine {
    FootageLine {
        clip: footage.clip.to_string(),
        camera: footage.camera.to_string(),
        started: utc(footage.started),
        ended: utc(footage.ended),
        bytes: footage.bytes,
        sha256: footage.whole.to_string(),
        root: footage.root.to_string(),
        assigned: footage.assigned.as_ref().map(ToString::to_string),
    }
}

/// RFC 3339 in UTC.
pub(crate) fn utc(at: UnixMs) -> String {
    format!("{}Z", at.civil(0))
}

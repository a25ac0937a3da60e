//! The check of a video that came by itself: its container, its pictures, the signatures inside it, their signer, its time.

use domain::UnixMs;
use trust::cert::{Certificate, Profile};
use trust::maker::{self, PathFault, path};

use super::findings::Findings;
use super::{Fault, Limit, Question, Report, Subject};
use crate::signed_video::{self, Clock, Device, FrameState, Scheme, SignedVideo};
use crate::video::{Bytes, Codec, Container, Refusal, check_whole};

/// 1 January 2020: no camera signed video before, so that an earlier time is that of a clock which counts from 1601, 1970
/// or 2000.
const FIRST_SIGNED: UnixMs = UnixMs(1_577_836_800_000);

/// What a video by itself is, and says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoClaims {
    pub codec: Codec,
    pub container: Container,
    pub frames: u32,
    /// One entry a picture, and one for each unit that is missing between two; empty when nothing was signed.
    pub map: Vec<FrameState>,
    /// Milliseconds from the first picture to each, as the container states.
    pub times: Vec<u64>,
    pub scheme: Option<Scheme>,
    /// Signatures that hold.
    pub signatures: u32,
    /// Common name of the signer's certificate.
    pub signer: Option<String>,
    /// The camera's clock.
    pub clock: Option<Clock>,
    pub device: Option<Device>,
}

pub(super) fn verify(
    source: &dyn Bytes,
    anchors: &[Certificate],
    camera_anchors: &[maker::Certificate],
) -> Report {
    let mut findings = Findings::new(&[
        Question::Video,
        Question::Frames,
        Question::VideoSignature,
        Question::VideoSigner,
        Question::VideoTime,
    ]);
    findings.limit(Limit::UncoveredParts);
    findings.limit(Limit::Truth);
    match check_whole(source) {
        Ok(()) => findings.held(Question::Video),
        Err(Refusal::NotWhole(refusal)) => {
            findings.fault(Question::Video, Fault::NotAVideo(refusal));
            return findings.report(Subject::Video);
        }
        Err(refusal) => {
            findings.fault(Question::Video, Fault::VideoUnread(refusal));
            return findings.report(Subject::Video);
        }
    }
    let found = signed_video::check(source).map_err(Fault::VideoUnread);
    if let Some(found) = findings.take(Question::Frames, found) {
        if found.scheme.is_some() {
            frames(&mut findings, &found);
            signatures(&mut findings, &found);
            let path = signer(&mut findings, &found, anchors, camera_anchors);
            time(&mut findings, found.clock, path.as_deref());
        } else {
            findings.fault(Question::VideoSignature, Fault::VideoNotSigned);
        }
        findings.claims.video = Some(claims(found));
    }
    findings.report(Subject::Video)
}

/// Nothing but a picture that a signature covers makes this good.
fn frames(findings: &mut Findings, found: &SignedVideo) {
    let tracks = found.video.tracks;
    findings.check(Question::Frames, tracks <= 1, Fault::VideoTracks { tracks });
    for damage in found.damages.iter().filter(|damage| !damage.is_of_signature()) {
        findings.fault(Question::Frames, Fault::Video(*damage));
    }
    if found.map.contains(&FrameState::Ok) {
        findings.held(Question::Frames);
    }
    // No scheme has a mark for the end of a recording.
    findings.limit(Limit::OpenEnded);
    if found.began_before {
        findings.limit(Limit::BeganBefore);
    }
}

fn signatures(findings: &mut Findings, found: &SignedVideo) {
    for damage in found.damages.iter().filter(|damage| damage.is_of_signature()) {
        findings.fault(Question::VideoSignature, Fault::Video(*damage));
    }
    if found.unchecked > 0 {
        findings.limit(Limit::Algorithms);
    } else if found.held > 0 {
        findings.held(Question::VideoSignature);
    }
}

/// Judges whose key it is; gives the certificates up to the anchor that vouches for it.
fn signer(
    findings: &mut Findings,
    found: &SignedVideo,
    anchors: &[Certificate],
    camera_anchors: &[maker::Certificate],
) -> Option<Vec<maker::Certificate>> {
    if found.attested {
        findings.limit(Limit::Attestation);
    }
    if found.bare_key {
        findings.limit(Limit::BareKey);
        return None;
    }
    let (leaf, others) = found.chain.split_first()?;
    let own: Vec<maker::Certificate> = anchors
        .iter()
        .filter_map(|anchor| maker::Certificate::from_der(anchor.der()))
        .collect();
    let vouched = path(leaf, others, camera_anchors).or_else(|fault| {
        path(leaf, others, &own).map_err(|own| match own {
            PathFault::UnknownIssuer { .. } => fault,
            PathFault::BadSignature { .. }
            | PathFault::Algorithm { .. }
            | PathFault::NoAuthority { .. }
            | PathFault::TooLong => own,
        })
    });
    let vouched = findings.take(Question::VideoSigner, vouched.map_err(Fault::VideoSigner))?;
    // Below a root of the project, an officer or a terminal has a certificate too.
    let foreign = vouched
        .last()
        .is_some_and(|anchor| camera_anchors.contains(anchor));
    let camera = || {
        let leaf = Certificate::from_der(leaf.der());
        leaf.is_ok_and(|leaf| leaf.check_profile(Profile::Camera).is_ok())
    };
    if !foreign && !camera() {
        findings.fault(Question::VideoSigner, Fault::VideoSignerProfile);
        return None;
    }
    findings.held(Question::VideoSigner);
    Some(vouched)
}

/// A claim that cannot be true, or that nothing is known of, leaves the question open: it is never held against today.
fn time(findings: &mut Findings, clock: Option<Clock>, path: Option<&[maker::Certificate]>) {
    let Some(clock) = clock else {
        findings.limit(Limit::NoClock);
        return;
    };
    if clock.started < FIRST_SIGNED || clock.ended < FIRST_SIGNED {
        findings.limit(Limit::ClockUnset);
    } else if !clock.steady {
        findings.limit(Limit::ClockUnsteady);
    } else if let Some(path) = path {
        let in_date = path.iter().all(|certificate| {
            let (first, last) = certificate.validity_unix_ms();
            first <= clock.started.0 && clock.ended.0 <= last
        });
        if in_date {
            findings.limit(Limit::CameraClock);
            findings.held(Question::VideoTime);
        } else {
            findings.limit(Limit::ClaimOutsideValidity);
        }
    } else {
        findings.limit(Limit::CameraClock);
    }
}

fn claims(found: SignedVideo) -> VideoClaims {
    let signed = found.scheme.is_some();
    VideoClaims {
        codec: found.video.codec,
        container: found.video.container,
        frames: found.video.frames,
        map: if signed { found.map } else { Vec::new() },
        times: found.video.times,
        scheme: found.scheme,
        signatures: found.held,
        signer: found.chain.first().map(|leaf| leaf.name().to_owned()),
        clock: found.clock,
        device: found.device,
    }
}

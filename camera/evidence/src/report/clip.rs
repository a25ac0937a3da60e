//! The footage of a clip: its original bytes against the manifest, and the camera's chain against both.

use std::collections::BTreeMap;

use domain::canonical::Digest;
use domain::envelope::Receipt;
use domain::footage::{CameraChain, CameraSaid, MAX_SEGMENT, Manifest};
use trust::cert::{Certificate, Holder};

use super::findings::Findings;
use super::folder::{Expected, Folder};
use super::original::Original;
use super::signers;
use super::{Fault, FootageClaims, Limit, Link, Question, SegmentState};
use crate::folder::{CAMERA, CAMERA_CHAIN, CAMERA_EVENTS, Files};
use crate::{chain, log, proof};

/// Checks the manifest against itself, HQ's receipt over its root, and the original bytes; gives the digest of each file
/// that it read.
pub(super) fn check(
    folder: Folder<'_>,
    findings: &mut Findings,
    expected: &mut Expected,
    manifest: &Manifest,
    receipt: Option<&Receipt>,
) -> BTreeMap<String, Digest> {
    findings.ask(&[Question::Footage, Question::Video]);
    findings.limit(Limit::Pictures);
    if let Some(receipt) = receipt {
        let root = receipt.footage_root;
        findings.check(Question::Links, root.is_some(), Fault::FootageNotReceived);
        let same = root.is_none_or(|root| root == manifest.root);
        findings.check(Question::Links, same, Fault::Link(Link::ReceiptRoot));
    }
    let seen = Original::find(folder, expected, manifest).read(manifest);
    let changed = (0..)
        .zip(&seen.map)
        .filter(|(_, state)| **state == SegmentState::Changed);
    let mut faults: Vec<Fault> = changed
        .map(|(index, _)| Fault::SegmentChanged { index })
        .collect();
    faults.extend(seen.lost.into_iter().map(|file| Fault::Unreadable { file }));
    if !is_consistent(manifest) {
        faults.push(Fault::ManifestInconsistent);
    }
    if let Some((digest, video)) = seen.whole {
        if digest != manifest.whole {
            faults.push(Fault::FootageChanged);
        }
        if faults.is_empty() {
            findings.held(Question::Footage);
            // The structure of bytes that nobody recorded would say nothing.
            if findings
                .take(Question::Video, video.map_err(Fault::NotAVideo))
                .is_some()
            {
                findings.held(Question::Video);
            }
        }
    }
    for fault in faults {
        findings.fault(Question::Footage, fault);
    }
    findings.claims.map = seen.map;
    findings.claims.footage = Some(FootageClaims {
        clip: manifest.clip,
        camera: manifest.camera.clone(),
        started: manifest.started,
        ended: manifest.ended,
        bytes: manifest.bytes,
        whole: manifest.whole,
        root: manifest.root,
        video: manifest.video,
        assigned: manifest.assigned.as_ref().map(|assigned| assigned.to.clone()),
    });
    seen.sums
}

/// Checks the camera's chain against the manifest; gives the certificate, which is not judged here.
pub(super) fn check_camera(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    manifest: &Manifest,
) -> Option<Certificate> {
    let question = Question::CameraChain;
    findings.ask(&[question, Question::CameraSigner]);
    expected.needed.extend([CAMERA_CHAIN, CAMERA].map(str::to_owned));
    let file = files.get(CAMERA_CHAIN);
    if let Some(file) = file {
        let same = Digest::of(file) == manifest.chain_digest;
        findings.check(question, same, Fault::Link(Link::CameraChainFile));
    }
    let camera = signers::read(files, findings, Question::CameraSigner, CAMERA)?;
    let same = camera.fingerprint().as_bytes() == manifest.camera_certificate.as_bytes();
    findings.check(question, same, Fault::Link(Link::CameraCertificate));
    let holder = Holder::Camera(manifest.camera.to_string());
    findings.check(
        question,
        camera.holder() == Some(&holder),
        Fault::Link(Link::CameraHolder),
    );
    if let Some(file) = file {
        let checked = chain::check_file(file, &camera, manifest).map_err(Fault::CameraChain);
        if let Some(found) = findings.take(question, checked) {
            findings.check(
                question,
                found == manifest.chain,
                Fault::Link(Link::CameraChainEnd),
            );
            if found == CameraChain::OpenEnded {
                findings.limit(Limit::OpenEnded);
            }
            findings.held(question);
        }
    }
    check_events(files, findings, expected, manifest, &camera);
    Some(camera)
}

/// Checks what the camera signed of itself against the manifest that carries it.
fn check_events(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    manifest: &Manifest,
    camera: &Certificate,
) {
    let Some(carried) = &manifest.events else { return };
    let question = Question::CameraEvents;
    findings.ask(&[question]);
    expected.needed.insert(CAMERA_EVENTS.to_owned());
    let Some(file) = files.get(CAMERA_EVENTS) else {
        return;
    };
    let checked = log::check_file(file, camera, carried, manifest).map_err(Fault::CameraEvents);
    let Some(events) = findings.take(question, checked) else {
        return;
    };
    // Of an assignment that an earlier manifest carried, only its digest is here.
    let messages = log::split(file).unwrap_or_default();
    let here = manifest.assigned.as_ref().and_then(|assigned| {
        let mut stated = events.iter().zip(&messages);
        let found = stated.find(|(event, _)| event.counter == assigned.counter)?;
        Some((assigned, found))
    });
    let same = here.is_none_or(|(assigned, (event, message))| {
        let named = matches!(&event.said, CameraSaid::Assigned { to: Some(to), .. } if *to == assigned.to);
        named && Digest::of(message) == assigned.event
    });
    findings.check(question, same, Fault::Link(Link::CameraAssigned));
    findings.held(question);
    findings.claims.events = events;
}

/// Whether the segments follow each other without gap, add up to the clip, and hash to the root.
fn is_consistent(manifest: &Manifest) -> bool {
    let mut offset = 0_u64;
    for (index, segment) in (0..).zip(&manifest.segments) {
        let possible = (1..=MAX_SEGMENT).contains(&segment.length);
        if segment.index != index || segment.offset != offset || !possible {
            return false;
        }
        let Some(next) = offset.checked_add(u64::from(segment.length)) else {
            return false;
        };
        offset = next;
    }
    offset > 0 && offset == manifest.bytes && proof::root(manifest) == manifest.root
}

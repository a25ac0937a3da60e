//! `evidence export` on a headquarters that received a clip: what a court gets, and what is never handed out.

use std::fs;

use domain::{ClipId, Digest};
use evidence::report::Outcome;
use serde_json::Value;

use crate::scene::{Scene, VIDEO, files};
use crate::{error, json};

#[test]
fn a_received_clip_becomes_a_folder_that_verifies_under_the_root() {
    let scene = Scene::received();
    let output = scene.export(scene.clip(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let answer: &Value = &json(&output)["evidence"];
    assert_eq!(answer["outcome"], "ok");
    assert_eq!(answer["sha256"], Digest::of(VIDEO).to_string());
    assert_eq!(answer["merkle_root"], scene.manifest().root.to_string());
    assert_eq!(scene.outcome(), Outcome::Ok);
    assert_eq!(answer["files"], files(&scene.folder()).len());
    assert_eq!(fs::read(scene.folder().join("clip.mp4")).unwrap(), VIDEO);
    assert_eq!(scene.left(), ["evidence"]);
}

#[test]
fn c2pa_stands_beside_the_folder_and_names_the_original() {
    let scene = Scene::received();
    let output = scene.export(scene.clip(), &["--c2pa"]);
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    assert_eq!(scene.left(), ["evidence", "evidence.c2pa", "evidence.c2pa.mp4"]);
    assert_eq!(scene.outcome(), Outcome::Ok);
    let answer = &json(&output)["evidence"];
    assert_eq!(answer["c2pa_verdicts"]["issuer_trusted"], "proven");
    assert_eq!(answer["c2pa_verdicts"]["status_known"], "not_checked");

    let anchors = [scene.root()];
    let read = |name: &str| fs::read(scene.out().join(name)).unwrap();
    let copy = c2pa_export::read_copy(&read("evidence.c2pa.mp4"), &anchors);
    assert_eq!(copy.outcome(), Outcome::Ok);
    let original = copy.original.unwrap();
    assert_eq!(original.sha256, Digest::of(VIDEO).to_string());
    assert_eq!(original.merkle_root, scene.manifest().root.to_string());
    let clip = read("evidence/clip.mp4");
    let sidecar = c2pa_export::read_sidecar(&read("evidence.c2pa"), &clip, &anchors);
    assert_eq!(sidecar.outcome(), Outcome::Ok);
}

#[test]
fn nothing_is_overwritten() {
    let scene = Scene::received();
    assert_eq!(scene.export(scene.clip(), &[]).status.code(), Some(0));
    let again = scene.export(scene.clip(), &[]);
    assert_eq!(again.status.code(), Some(4));
    assert!(error(&again).contains("already there"));
    assert_eq!(scene.outcome(), Outcome::Ok);
}

#[test]
fn a_clip_that_is_unknown_or_has_not_arrived_exits_3_and_leaves_nothing() {
    let mut scene = Scene::new();
    let unknown = scene.export(ClipId::from_bytes([2; 16]), &[]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(error(&unknown).contains("check its id"));
    scene.send_manifest();
    let partly = scene.export(scene.clip(), &["--c2pa"]);
    assert_eq!(partly.status.code(), Some(3));
    assert!(error(&partly).contains("has not arrived whole"));
    assert_eq!(scene.left(), [""; 0]);
}

#[test]
fn footage_that_changed_on_headquarters_disk_is_not_handed_out() {
    let scene = Scene::received();
    let path = scene.hq().join(format!("clips/{}.mp4", Digest::of(VIDEO)));
    let mut bytes = fs::read(&path).unwrap();
    bytes[1000] ^= 1;
    fs::write(&path, bytes).unwrap();
    let output = scene.export(scene.clip(), &["--c2pa"]);
    assert_eq!(output.status.code(), Some(8));
    assert!(error(&output).contains("tampered"));
    assert_eq!(scene.left(), [""; 0]);
}

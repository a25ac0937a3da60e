//! A signed act handed over by cable: on the officer's tap, in the journal first, whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::dialogue::{Intent, Notice, View};
use domain::journal::Operation;
use domain::record::ActKind;
use domain::{Digest, Secret};
use serde_json::Value;
use simulator::world::Action;
use tempfile::TempDir;
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::watched::Watched;

use crate::programs::{assert_success, ours};

/// A file system in memory that is not the terminal's disk: what a stick is to a phone.
const ELSEWHERE: &str = "/dev/shm";

fn stick() -> TempDir {
    tempfile::tempdir_in(ELSEWHERE).unwrap()
}

/// A terminal with one signed act of `kind`, unlocked, that hands over into `folder`.
fn terminal(seed: u64, kind: ActKind, folder: Option<PathBuf>) -> (Watched, Bare) {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), kind));
    watched.act(Action::Kill);
    let mut bare = Bare::open_with(watched.world.layout(), watched.world.now(), folder);
    let code = Secret::new(watched.world.scenario().officer.code.clone());
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work().unwrap();
    assert!(bare.engine.is_unlocked());
    (watched, bare)
}

fn hand_over(bare: &mut Bare) {
    bare.intent(Intent::HandOver { act: act_id(1) }).unwrap();
}

fn told(bare: &Bare, notice: Notice) -> bool {
    bare.views
        .iter()
        .any(|view| matches!(view, View::Notice(told) if *told == notice))
}

fn journalled(bare: &Bare) -> Vec<Digest> {
    let journal = bare.engine.device().journal().unwrap();
    let records = journal.iter().filter_map(|entry| {
        if let Operation::HandedOver { record } = entry.operation {
            assert!(entry.officer.is_some(), "an officer asked for it");
            Some(record)
        } else {
            None
        }
    });
    records.collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn led_art_25_the_journal_has_the_hand_over_before_the_first_file_appears() {
    let stick = stick();
    let (_watched, mut bare) = terminal(500, ActKind::Pv, Some(stick.path().to_owned()));
    assert!(journalled(&bare).is_empty());
    hand_over(&mut bare);
    let row = bare.engine.device().row_of(act_id(1)).unwrap().unwrap();
    assert_eq!(journalled(&bare), [row.record]);
    assert!(names(stick.path()).is_empty());
    bare.work().unwrap();
    assert!(told(&bare, Notice::HandedOver { act: act_id(1) }));
    let number = row.number.unwrap();
    let stem = format!("{}-{:06}", number.year, number.serial);
    let files = ["cose", "json", "pdf"].map(|extension| format!("{stem}.{extension}"));
    assert_eq!(names(stick.path()), files);
    let [cose, json, pdf] = files.map(|name| fs::read(stick.path().join(name)).unwrap());
    assert_eq!(Digest::of(&cose), row.record);
    let act: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(act["numero"], number.to_string());
    let signed = usize::try_from(act["document"]["octets"].as_u64().unwrap()).unwrap();
    assert_eq!(act["document"]["sha256"], Digest::of(&pdf[..signed]).to_string());
}

#[test]
fn every_kind_that_an_officer_signs_is_handed_over() {
    for (seed, kind) in (501..).zip(acts::KINDS) {
        let stick = stick();
        let (_watched, mut bare) = terminal(seed, kind, Some(stick.path().to_owned()));
        hand_over(&mut bare);
        bare.work().unwrap();
        assert_eq!(names(stick.path()).len(), 3, "{kind:?}");
    }
}

#[test]
fn an_act_handed_over_again_is_the_same_three_files() {
    let stick = stick();
    let (_watched, mut bare) = terminal(510, ActKind::Pv, Some(stick.path().to_owned()));
    for _ in 0..2 {
        hand_over(&mut bare);
        bare.work().unwrap();
    }
    assert_eq!(names(stick.path()).len(), 3);
    assert_eq!(journalled(&bare).len(), 2);
}

#[test]
fn without_a_mounted_folder_nothing_is_written_and_nothing_journalled() {
    let on_the_phones_disk = tempfile::tempdir().unwrap();
    let missing = Path::new(ELSEWHERE).join("neo-nothing-is-here");
    for (seed, folder) in (511..).zip([None, Some(missing), Some(on_the_phones_disk.path().to_owned())]) {
        let (_watched, mut bare) = terminal(seed, ActKind::Pv, folder);
        hand_over(&mut bare);
        assert!(told(&bare, Notice::NowhereToHandOver));
        assert!(bare.jobs.is_empty() && journalled(&bare).is_empty());
    }
    assert!(names(on_the_phones_disk.path()).is_empty());
}

#[test]
fn a_folder_that_takes_no_file_is_told() {
    // A folder of another file system in which nobody can make a file.
    let (_watched, mut bare) = terminal(515, ActKind::Pv, Some(PathBuf::from("/proc/self/task")));
    hand_over(&mut bare);
    bare.work().unwrap();
    assert!(told(&bare, Notice::HandOverFailed));
    assert!(!told(&bare, Notice::HandedOver { act: act_id(1) }));
}

#[test]
fn a_locked_terminal_hands_nothing_over() {
    let stick = stick();
    let (_watched, mut bare) = terminal(516, ActKind::Pv, Some(stick.path().to_owned()));
    bare.intent(Intent::Lock).unwrap();
    hand_over(&mut bare);
    assert!(bare.jobs.is_empty() && journalled(&bare).is_empty());
    assert!(names(stick.path()).is_empty());
}

#[test]
fn an_act_that_is_not_here_is_told() {
    let stick = stick();
    let (_watched, mut bare) = terminal(517, ActKind::Pv, Some(stick.path().to_owned()));
    bare.intent(Intent::HandOver { act: act_id(9) }).unwrap();
    assert!(told(&bare, Notice::ActNotReadable { act: act_id(9) }));
}

/// `neoctl act export` of `act` from the headquarters of `watched`.
fn export(watched: &Watched, act: &str, out: &Path) -> Output {
    let layout = watched.world.layout();
    Command::new(ours("neoctl"))
        .args(["--json", "act", "export", act, "--dir"])
        .arg(layout.hq())
        .arg("--pki")
        .arg(layout.pki())
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
}

#[test]
fn headquarters_exports_the_very_files_that_the_terminal_hands_over() {
    let mut watched = Watched::on_duty(518);
    watched.play(acts::drawn_up(act_id(1), ActKind::Plainte));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(1)));
    let engine = watched.world.engine().unwrap();
    let row = engine.device().row_of(act_id(1)).unwrap().unwrap();
    let station = tempfile::tempdir().unwrap();
    let by_number = station.path().join("number");
    let by_envelope = station.path().join("envelope");
    assert_success(&export(&watched, &row.number.unwrap().to_string(), &by_number));
    assert_success(&export(&watched, &row.envelope.to_string(), &by_envelope));
    let again = export(&watched, &row.envelope.to_string(), &by_envelope);
    assert_eq!(again.status.code(), Some(4), "nothing is overwritten");
    let unknown = export(&watched, "2026/999999", &station.path().join("none"));
    assert_eq!(unknown.status.code(), Some(3));

    let stick = stick();
    watched.act(Action::Kill);
    let mut bare = Bare::open_with(
        watched.world.layout(),
        watched.world.now(),
        Some(stick.path().to_owned()),
    );
    let code = Secret::new(watched.world.scenario().officer.code.clone());
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work().unwrap();
    hand_over(&mut bare);
    bare.work().unwrap();
    assert_eq!(names(stick.path()).len(), 3);
    for folder in [&by_number, &by_envelope] {
        assert_eq!(names(folder), names(stick.path()));
        for name in names(folder) {
            assert!(
                fs::read(folder.join(&name)).unwrap() == fs::read(stick.path().join(&name)).unwrap(),
                "{name} differs"
            );
        }
    }
}

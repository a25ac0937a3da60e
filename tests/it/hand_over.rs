//! A signed act handed over by cable: on the officer's tap, in the journal first, whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::dialogue::{Intent, Notice, View};
use domain::journal::Operation;
use domain::natinf::{Natinf, Reference, ReferenceSet};
use domain::record::ActKind;
use domain::{ActId, Digest, Secret};
use hq::Publication;
use serde_json::Value;
use simulator::enrol;
use simulator::world::Action;
use tempfile::TempDir;
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::watched::Watched;

use crate::programs::{assert_success, ours};
use crate::reference::{forge, head_of, imported, publish, reconnect, serial_of};

/// A file system in memory that is not the terminal's disk: what a stick is to a phone.
const ELSEWHERE: &str = "/dev/shm";

fn stick() -> TempDir {
    tempfile::tempdir_in(ELSEWHERE).unwrap()
}

/// A terminal with one signed act of `kind`, unlocked, that hands over into `folder`.
fn terminal(seed: u64, kind: ActKind, folder: Option<PathBuf>) -> (Watched, Bare) {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), kind));
    let bare = in_hand(&mut watched, folder);
    (watched, bare)
}

/// The terminal of `watched`, ended there and unlocked here.
fn in_hand(watched: &mut Watched, folder: Option<PathBuf>) -> Bare {
    watched.act(Action::Kill);
    let mut bare = Bare::open_with(watched.world.layout(), watched.world.now(), folder);
    let code = Secret::new(watched.world.scenario().officer.code.clone());
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work().unwrap();
    assert!(bare.engine.is_unlocked());
    bare
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
        if let Operation::HandedOver { record, .. } = entry.operation {
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
    let mut bare = in_hand(&mut watched, Some(stick.path().to_owned()));
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

/// The offence of [`acts::texts`] for a PV, and what a set says of it.
const TELEPHONE: &str = "23800";

/// A set in which the offence has this label.
fn saying(name: &str, label: &str) -> Reference {
    let telephone = Natinf::parse(TELEPHONE).unwrap();
    let mut reference = imported(name, 200);
    let versions = reference.offences.iter_mut();
    let mut changed = 0;
    for offence in versions.filter(|offence| offence.natinf == telephone) {
        label.clone_into(&mut offence.label);
        changed += 1;
    }
    assert!(changed > 0);
    reference
}

/// The structured file of the act among the files of `folder`.
fn act_in(folder: &Path, act: ActId) -> Value {
    let files = names(folder).into_iter().filter(|name| name.ends_with(".json"));
    let acts =
        files.map(|name| -> Value { serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap() });
    acts.into_iter()
        .find(|json| json["identifiant"] == act.to_string())
        .unwrap()
}

#[test]
fn an_act_is_handed_over_with_the_labels_of_its_own_law_however_old_it_is() {
    let mut watched = Watched::on_duty(519);
    let [embedded, old, new] = [1, 2, 3].map(act_id);
    watched.play(acts::drawn_up(embedded, ActKind::Pv));
    publish(&mut watched, &saying("natinf-a", "ANCIEN LIBELLE"));
    reconnect(&mut watched);
    watched.play(acts::drawn_up(old, ActKind::Pv));
    publish(&mut watched, &saying("natinf-b", "NOUVEAU LIBELLE"));
    reconnect(&mut watched);
    watched.play(acts::drawn_up(new, ActKind::Pv));
    watched.act(Action::Advance(60_000));
    let station = tempfile::tempdir().unwrap();
    let engine = watched.world.engine().unwrap();
    let envelope = |act| engine.device().row_of(act).unwrap().unwrap().envelope.to_string();
    let envelopes = [embedded, old, new].map(envelope);

    let stick = stick();
    let mut bare = in_hand(&mut watched, Some(stick.path().to_owned()));
    let telephone = ReferenceSet::embedded()
        .find(Natinf::parse(TELEPHONE).unwrap())
        .unwrap()
        .label
        .clone();
    for ((act, label), envelope) in [
        (embedded, telephone.as_str()),
        (old, "ANCIEN LIBELLE"),
        (new, "NOUVEAU LIBELLE"),
    ]
    .into_iter()
    .zip(envelopes)
    {
        bare.intent(Intent::HandOver { act }).unwrap();
        bare.work().unwrap();
        let by_cable = act_in(stick.path(), act);
        assert_eq!(by_cable["pv"]["infractions"][0]["libelle"], label);
        let exported = export(&watched, &envelope, station.path());
        assert_success(&exported);
        let told: Value = serde_json::from_slice(&exported.stdout).unwrap();
        assert_eq!(told["act"]["reference_held"], true);
        assert_eq!(told["act"]["reference"], by_cable["referentiel"]);
        assert_eq!(act_in(station.path(), act), by_cable);
    }
}

#[test]
fn headquarters_without_the_set_of_an_act_exports_it_without_labels_and_says_so() {
    let mut watched = Watched::on_duty(520);
    let act = act_id(1);
    // Signed by this HQ and never put into its store, which was restored from an older copy.
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let reference = saying("natinf-lost", "LIBELLE PERDU");
    let publication =
        Publication::sign(&pki, &sync::reference::Contents::Law(reference.clone()), 0, now).unwrap();
    forge(
        &mut watched,
        &head_of(&publication),
        serial_of(&publication),
        &publication.packed,
    );
    watched.act(Action::Advance(10_000));
    watched.play(acts::drawn_up(act, ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act));
    let engine = watched.world.engine().unwrap();
    let envelope = engine.device().row_of(act).unwrap().unwrap().envelope;
    let station = tempfile::tempdir().unwrap();
    let exported = export(&watched, &envelope.to_string(), station.path());
    assert_success(&exported);
    let told: Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(told["act"]["reference_held"], false);
    let json = act_in(station.path(), act);
    assert_eq!(json["referentiel"], "natinf-lost");
    assert_eq!(json["referentiel_inconnu"], true);
    assert_eq!(
        json["pv"]["infractions"][0],
        serde_json::json!({ "natinf": 23800 })
    );
}

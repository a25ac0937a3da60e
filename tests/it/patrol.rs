//! The whole patrol as a user runs it: processes, brokers, files, kills, and evidence that a stranger can check.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use domain::plainte::Language;
use serde_json::Value;
use tests::dice::Dice;
use tests::spread::Spread;

use crate::mosquitto::{Mosquitto, three_free_ports};
use crate::programs::{assert_success, foreign_clip, kills, ours, patrol, tell, told_of, verify};
use crate::street::scenario;

fn report(out: &Path) -> Value {
    serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap()
}

fn list<'a>(report: &'a Value, name: &str) -> &'a [Value] {
    report[name].as_array().unwrap()
}

/// Over how much this invariant was checked.
fn checked(report: &Value, invariant: &str) -> Option<u64> {
    let named = list(report, "invariants").iter();
    named
        .filter(|one| one["name"] == invariant)
        .find_map(|one| one["checked"].as_u64())
}

/// The report says that everything holds, over something.
#[track_caller]
fn assert_holds(out: &Path) {
    let report = report(out);
    assert_eq!(report["schema_version"], 1);
    let invariants = list(&report, "invariants");
    assert!(!invariants.is_empty());
    for invariant in invariants {
        assert_eq!(invariant["ok"], true, "{invariant}");
        assert!(invariant["checked"].as_u64().unwrap() > 0, "{invariant}");
    }
    assert!(list(&report["canaries"], "found").is_empty());
    assert_hq_holds_the_signed_set(out, &report);
}

/// The files of HQ are the records that were signed and not refused, byte for byte.
#[track_caller]
fn assert_hq_holds_the_signed_set(out: &Path, report: &Value) {
    let mut signed = BTreeSet::new();
    for record in list(report, "records") {
        if record["receipt"]["status"] == "refused" {
            continue;
        }
        let id = record["envelope_id"].as_str().unwrap().to_owned();
        let cose = fs::read(out.join(format!("hq/records/{id}.record.cose"))).unwrap();
        assert_eq!(
            domain::Digest::of(&cose).to_string(),
            record["sha256"].as_str().unwrap()
        );
        signed.insert(id);
    }
    let held: BTreeSet<String> = names(&out.join("hq/records"))
        .iter()
        .filter_map(|name| name.strip_suffix(".record.cose").map(str::to_owned))
        .collect();
    assert!(!signed.is_empty());
    assert_eq!(held, signed);
    for clip in list(report, "clips") {
        let sha256 = clip["sha256"].as_str().unwrap();
        let bytes = fs::read(out.join(format!("hq/clips/{sha256}.mp4"))).unwrap();
        assert_eq!(domain::Digest::of(&bytes).to_string(), sha256);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn evidence(out: &Path) -> Vec<PathBuf> {
    let root = out.join("evidence");
    names(&root).into_iter().map(|name| root.join(name)).collect()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in names(folder) {
        let path = folder.join(name);
        if path.is_dir() {
            found.extend(files(&path))
        } else {
            found.push(path)
        }
    }
    found
}

/// `neo-verify` accepts every folder.
#[track_caller]
fn assert_evidence_verifies(out: &Path) {
    let folders = evidence(out);
    assert!(!folders.is_empty());
    for folder in &folders {
        assert_success(&verify(out, folder));
    }
}

/// The first terminal's journal, as `neoctl audit show` prints it.
fn shown_journal(out: &Path) -> String {
    let listed = neoctl(out, &["audit", "show", "neo-000007", "--json"]);
    assert_success(&listed);
    String::from_utf8(listed.stdout).unwrap()
}

#[test]
fn a_patrol_leaves_a_report_in_which_everything_holds_and_evidence_that_verifies() {
    let out = tempfile::tempdir().unwrap();
    assert_success(&patrol(out.path(), &[]).output().unwrap());
    assert_holds(out.path());
    assert_evidence_verifies(out.path());
    assert_tampering_is_seen(out.path());
    assert!(!names(&out.path().join("documents")).is_empty());
    // The same folder again: nothing is left to do, and everything still holds.
    assert_success(&patrol(out.path(), &[]).output().unwrap());
    assert_holds(out.path());
}

/// One bit in any file of the evidence, or one file more or less, is never accepted; in what is signed it is called
/// tampered with.
#[track_caller]
fn assert_tampering_is_seen(out: &Path) {
    let mut tampered = 0;
    for folder in evidence(out) {
        for file in files(&folder) {
            let whole = fs::read(&file).unwrap();
            let mut flipped = whole.clone();
            let middle = flipped.len() / 2;
            flipped[middle] ^= 1;
            fs::write(&file, flipped).unwrap();
            let verdict = verify(out, &folder).status.code();
            fs::write(&file, whole).unwrap();
            assert!(matches!(verdict, Some(1..=4)), "{}: {verdict:?}", file.display());
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".pdf") || name.ends_with(".mp4") {
                assert_eq!(verdict, Some(1), "{}", file.display());
                tampered += 1;
            }
        }
        fs::write(folder.join("extra"), b"x").unwrap();
        assert_eq!(verify(out, &folder).status.code(), Some(2), "an extra file");
        fs::remove_file(folder.join("extra")).unwrap();
    }
    assert!(tampered > 0, "no document and no clip was tampered with");
    assert_evidence_verifies(out);
}

#[test]
fn a_patrol_takes_in_a_recording_of_another_make() {
    let folder = tempfile::tempdir().unwrap();
    let (clip, out) = (folder.path().join("clip.mp4"), folder.path().join("out"));
    foreign_clip(&clip);
    assert_success(
        &patrol(&out, &["--clip", clip.to_str().unwrap()])
            .output()
            .unwrap(),
    );
    assert_holds(&out);
    assert_evidence_verifies(&out);
    let sha256 = domain::Digest::of(&fs::read(&clip).unwrap()).to_string();
    assert!(
        list(&report(&out), "clips")
            .iter()
            .any(|line| line["sha256"] == sha256.as_str())
    );
}

#[test]
fn a_patrol_runs_over_mosquitto() {
    let folder = tempfile::tempdir().unwrap();
    let (pki, out) = (folder.path().join("pki"), folder.path().join("out"));
    let port = three_free_ports();
    let made = Command::new(ours("neo-sim"))
        .args(["pki", "--port", &port.to_string(), "--out"])
        .arg(&pki)
        .output()
        .unwrap();
    assert_success(&made);
    let _mosquitto = Mosquitto::start(&pki.join("mosquitto.conf"));
    let broker = format!("mqtts://localhost:{port}");
    assert_success(
        &patrol(&out, &["--broker", &broker, "--pki", pki.to_str().unwrap()])
            .output()
            .unwrap(),
    );
    assert_holds(&out);
    assert_evidence_verifies(&out);
}

#[test]
fn a_patrol_survives_a_kill_at_any_moment() {
    let mut dice = Dice::new(20);
    let mut spread = Spread::default();
    let steps = scenario().steps.len() as u64;
    let count = kills(20);
    let mut done = 0;
    while done < count {
        let out = tempfile::tempdir().unwrap();
        // Several deaths in one folder, each in a later part of the patrol: a run goes on where the one before ended.
        for death in 0..DEATHS_A_FOLDER.min(count - done) {
            done += 1;
            let parts = u64::from(DEATHS_A_FOLDER);
            let aim = (u64::from(death) * (steps + 1) + dice.below(steps + 1)) / parts;
            let aim = usize::try_from(aim).unwrap();
            let over = !die_in(out.path(), aim, Duration::from_millis(dice.below(ONE_STEP)));
            spread.note(if over { OVER.to_owned() } else { place(out.path()) });
        }
        assert_success(&patrol(out.path(), &[]).output().unwrap());
        assert_holds(out.path());
        assert_evidence_verifies(out.path());
    }
    tell("kills of the patrol, by where they landed", &spread);
    assert!(spread.at(OVER) < count, "every patrol was over before its kill");
    assert!(
        count < 20 || spread.places() > 5,
        "the kills fell together:\n{spread}"
    );
}

const DEATHS_A_FOLDER: u32 = 5;
/// Milliseconds after its step was reached within which a patrol is killed.
const ONE_STEP: u64 = 200;
const OVER: &str = "after the end";

/// How many steps of a patrol are over; nothing before the first.
fn steps_done(out: &Path) -> Option<usize> {
    let progress: Value = serde_json::from_slice(&fs::read(out.join("patrol.json")).ok()?).unwrap();
    usize::try_from(progress["done"].as_u64()?).ok()
}

/// Where a patrol was.
fn place(out: &Path) -> String {
    let Some(done) = steps_done(out) else {
        return "step  1, or enrolment".to_owned();
    };
    let Some(step) = scenario().steps.get(done).map(|step| format!("{step:?}")) else {
        return "while the evidence is checked and written".to_owned();
    };
    let name: String = step
        .chars()
        .take_while(|letter| letter.is_alphanumeric())
        .collect();
    format!("step {:>2}: {name}", done + 1)
}

/// Kills a patrol so long after it has done `aim` steps; false if it was over by then.
fn die_in(out: &Path, aim: usize, delay: Duration) -> bool {
    let mut child = patrol(out, &[]).spawn().unwrap();
    // The patrol says nothing until it is over, so that its closed output is its end.
    let mut output = child.stdout.take().unwrap();
    let (sender, over) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let _ = std::io::copy(&mut output, &mut std::io::sink());
        let _ = sender.send(());
    });
    let mut ended = false;
    while !ended && steps_done(out).unwrap_or(0) < aim {
        ended = over.recv_timeout(LOOK).is_ok();
    }
    let ended = ended || over.recv_timeout(delay).is_ok();
    let _ = child.kill();
    let status = child.wait().unwrap();
    drop(reader);
    assert!(!ended || status.success(), "a patrol that was not killed failed");
    !ended
}

/// How often the patrol's progress is looked at.
const LOOK: Duration = Duration::from_millis(5);

#[test]
fn an_act_with_a_dozen_photographs_signed_offline_reaches_hq_bit_exact() {
    let out = tempfile::tempdir().unwrap();
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../simulator/scenarios/photographs.toml");
    let mut played = patrol(out.path(), &["--scenario", scenario.to_str().unwrap()]);
    assert_success(&played.output().unwrap());
    assert_holds(out.path());
    let report = report(out.path());
    let photos = list(&report, "invariants")
        .iter()
        .find(|invariant| invariant["name"] == "photos-are-bit-exact");
    assert_eq!(photos.unwrap()["checked"], 12);
    let drawn = list(&report, "invariants")
        .iter()
        .find(|invariant| invariant["name"] == "what-was-drawn-is-at-hq-and-in-no-file");
    assert_eq!(drawn.unwrap()["checked"], 1);
    assert_evidence_verifies(out.path());
    let folder = &evidence(out.path())[0];
    assert_eq!(names(&folder.join("photos")).len(), 12);
    let text = text_of(&folder.join("document.pdf"));
    assert_eq!(
        text.matches("Annotations de l’agent, absentes du fichier d’origine.")
            .count(),
        1
    );
    // One photograph less, and the evidence is incomplete.
    fs::remove_file(folder.join("photos/plaque.png")).unwrap();
    assert_eq!(verify(out.path(), folder).status.code(), Some(2));
    // Nothing of the sealed act is left on the terminal.
    assert_eq!(names(&out.path().join("terminal/parts")), Vec::<String>::new());
}

/// An OPJ on a second terminal approves one act and sends the other back; both visas are evidence like any act.
#[test]
fn a_visa_goes_between_two_terminals_through_hq_and_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/../simulator/scenarios/visa.toml");
    assert_success(&patrol(out, &["--scenario", scenario]).output().unwrap());
    assert_holds(out);
    assert_evidence_verifies(out);
    let report = report(out);
    let kinds: Vec<&str> = list(&report, "records")
        .iter()
        .map(|record| record["kind"].as_str().unwrap())
        .collect();
    for (kind, count) in [("pv", 3), ("visa-request", 2), ("visa", 2)] {
        assert_eq!(
            kinds.iter().filter(|one| **one == kind).count(),
            count,
            "{kinds:?}"
        );
    }
    let checked = list(&report, "invariants");
    for name in [
        "visas-answer-their-requests",
        "nothing-is-readable-on-the-second-terminal",
    ] {
        assert!(
            checked.iter().any(|invariant| invariant["name"] == name),
            "{name}"
        );
    }
}

#[test]
fn two_officers_share_a_terminal_and_the_one_who_forgot_the_code_is_let_in_and_signs() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "shared");
    let mut store = hq::Store::open(&out.join("hq")).unwrap();
    let transaction = store.begin().unwrap();
    assert_eq!(
        transaction.envelopes().unwrap().len(),
        3,
        "two by the first, one by the second"
    );
    let given = transaction.readmissions(&simulator::enrol::device_id()).unwrap();
    assert_eq!(given.len(), 1);
    let left = std::fs::read_dir(out.join("terminal")).unwrap();
    let aside = left.filter(|file| {
        let name = file.as_ref().unwrap().file_name().to_string_lossy().into_owned();
        name.contains(".db.aside-")
    });
    assert!(aside.count() > 0, "the database of before is kept");
}

#[test]
fn a_lost_terminal_is_locked_given_back_rotated_and_wiped_with_its_word_at_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "lost");
    let officers = std::fs::read_dir(out.join("terminal/officers")).unwrap();
    for officer in officers {
        assert!(
            !officer.unwrap().path().join("slot.cbor").exists(),
            "a slot is left"
        );
    }
    let left = std::fs::read_dir(out.join("terminal")).unwrap();
    for file in left {
        let name = file.unwrap().file_name().to_string_lossy().into_owned();
        assert!(!name.starts_with("officer-"), "`{name}` is left");
    }
    let mut store = hq::Store::open(&out.join("hq")).unwrap();
    let transaction = store.begin().unwrap();
    let orders = transaction.orders(&simulator::enrol::device_id()).unwrap();
    let told: Vec<(&str, &str)> = orders
        .iter()
        .map(|order| (order.command.code(), order.outcome.as_ref().unwrap().0.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("lock", "done"),
            ("locate", "done"),
            ("unlock", "done"),
            ("rotate-keys", "done"),
            ("pull-logs", "done"),
            ("locate", "done"),
            ("wipe", "done")
        ]
    );
    assert!(orders.iter().all(|order| order.proof.is_some()));
    let checked = list(&report(out), "invariants").to_vec();
    let proven = checked
        .iter()
        .find(|invariant| invariant["name"] == "orders-are-proven");
    assert_eq!(proven.unwrap()["checked"], 7);
    // The fleet manager sees where it was, reads its log, and hands the proof out.
    drop(transaction);
    let shown = neoctl(out, &["command", "status", "neo-000007", "--json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let orders = list(&shown, "orders");
    assert_eq!(orders[1]["position"], "48.936200, 2.357400");
    assert_eq!(orders[5]["position"], "48.930150, 2.348825");
    assert!(orders[1]["position_age_s"].as_u64().unwrap() < 600);
    assert_eq!(
        (&orders[6]["officers_destroyed"], &orders[6]["acts_destroyed"]),
        (&1.into(), &0.into())
    );
    let log = out.join("terminal.jsonl");
    let written = [
        "command",
        "logs",
        "neo-000007",
        "5",
        "--out",
        log.to_str().unwrap(),
    ];
    assert_success(&neoctl(out, &written));
    assert!(fs::read_to_string(&log).unwrap().contains("order taken"));
    let handed = out.join("preuve");
    let path = handed.to_str().unwrap();
    let proven = ["command", "proof", "neo-000007", "7", "--out", path];
    assert_success(&neoctl(out, &proven));
    assert_success(&verify(out, &handed));
    assert_eq!(
        neoctl(out, &proven).status.code(),
        Some(4),
        "nothing is overwritten"
    );
    let of_a_lock = ["command", "proof", "neo-000007", "1", "--out", path];
    assert_eq!(neoctl(out, &of_a_lock).status.code(), Some(3));

    // A stranger checks the proof of the wipe, and sees a changed byte.
    let proof = out.join("proofs/order-7");
    assert_success(&verify(out, &proof));
    let file = proof.join("statement.cose");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(verify(out, &proof).status.code(), Some(1));
}

/// What `neoctl` lists of the headquarters of a patrol, which needs no keys.
fn listed(out: &Path, words: &[&str]) -> Value {
    told_of(&out.join("hq"), words)
}

/// `neoctl` on the headquarters of a patrol.
fn neoctl(out: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(ours("neoctl"));
    command.args(words).arg("--dir").arg(out.join("hq"));
    command.arg("--pki").arg(out.join("pki")).output().unwrap()
}

#[test]
fn a_terminal_follows_a_profile_at_once_and_asks_for_the_code_that_it_wants() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "configuration");
    assert!(report(out)["codes_asked"].as_u64().unwrap() > 0);
    let mut store = hq::Store::open(&out.join("hq")).unwrap();
    let transaction = store.begin().unwrap();
    let rollouts = transaction.rollouts(None).unwrap();
    let told: Vec<(&str, u64)> = rollouts
        .iter()
        .map(|rollout| (rollout.state.code(), rollout.took))
        .collect();
    assert_eq!(told, [("done", 1), ("done", 1)]);
    let said = transaction.said_profile(&simulator::enrol::device_id()).unwrap();
    assert_eq!(said.unwrap().serial, rollouts[0].serial);
}

/// A document is scanned and a car is sought without network; HQ holds the reading and what the file said later.
#[test]
fn a_dead_zone_still_says_that_a_car_is_perhaps_stolen() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "hors-reseau");
    let folders = evidence(out);
    assert_eq!(folders.len(), 2);
    assert_evidence_verifies(out);
    let journal = shown_journal(out);
    assert!(journal.matches("consulted_list").count() >= 2, "{journal}");
}

/// What a scanner types over the screens, wherever the focus is, is in the record as the camera's reading is.
#[test]
fn a_document_and_a_plate_that_a_scanner_types_reach_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "lecteur");
    let folders = evidence(out);
    assert_eq!(folders.len(), 1);
    assert_evidence_verifies(out);
    let record = agent::work::record_of(&fs::read(folders[0].join("record.cose")).unwrap()).unwrap();
    let domain::record::Act::IdentityCheck(check) = record.act else {
        panic!("an identity check")
    };
    let document = check.document.unwrap();
    assert_eq!(document.surname.reveal(), "ERIKSSON");
    assert_eq!(document.verdicts.read, domain::identity::Verdict::Proven);
    assert_eq!(check.plate.unwrap().to_string(), "AB-123-CD");
}

/// Without a policy there is no list of persons; under one it is asked, names nobody under surveillance, and goes with it.
#[test]
fn lil_31_89_a_list_of_persons_comes_and_goes_with_its_policy() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "liste-personnes");
    assert_evidence_verifies(out);
    let journal = shown_journal(out);
    assert!(journal.matches("consulted_list").count() >= 2, "{journal}");
}

/// Six acts of five kinds of places, without network; HQ proves each, and the grid is in the record and in no document.
#[test]
fn complaints_outside_the_station_reach_hq_with_all_that_stands_around_them() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "plaintes");
    let folders = evidence(out);
    assert_eq!(folders.len(), 6);
    let (mut without, mut grids, mut losses) = (0, 0, 0);
    for folder in &folders {
        assert_success(&verify(out, folder));
        let record = agent::work::record_of(&fs::read(folder.join("record.cose")).unwrap()).unwrap();
        let domain::record::Act::Plainte(plainte) = record.act else {
            panic!("a complaint")
        };
        without += usize::from(!plainte.deposit.is_plainte());
        grids += usize::from(plainte.danger.is_some());
        losses += plainte.facts.losses.len();
        let text = text_of(&folder.join("document.pdf")).to_lowercase();
        assert!(!text.contains("grille"), "{text}");
    }
    assert_eq!((without, grids, losses), (1, 2, 4));
    let documents = out.join("documents");
    let asked: Vec<String> = names(&documents)
        .into_iter()
        .filter(|name| name.starts_with("requisition-"))
        .collect();
    let [requisition] = &asked[..] else {
        panic!("{asked:?}")
    };
    let text = text_of(&documents.join(requisition));
    assert!(
        text.contains("article 60") && text.contains("CANARI-CROSSE"),
        "{text}"
    );
    assert!(text.contains("RIO 7654321"), "under whose control: {text}");
    let grids = names(&documents)
        .into_iter()
        .filter(|name| name.starts_with("grille-"));
    assert_eq!(grids.count(), 2);
    assert_safe_contact_stays_apart(out);
}

/// The same kinds of complaints, each taken by labels on the screens, one of them through a kill: nothing reaches the
/// terminal but what a hand touched.
#[test]
fn a_night_shift_drawn_up_by_touching_the_screens_reaches_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "nuit-au-doigt");
    let (mut kinds, mut handed, mut languages) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for folder in evidence(out) {
        assert_success(&verify(out, &folder));
        let record = agent::work::record_of(&fs::read(folder.join("record.cose")).unwrap()).unwrap();
        let text = text_of(&folder.join("document.pdf"));
        if let domain::record::Act::Pv(pv) = record.act {
            kinds.insert(pv.kind);
            assert!(text.contains("TV CANARI 12 · GA-412-CN"), "{text}");
            match &pv.measure {
                Some(domain::pv::Measure::Handover(handover)) => {
                    languages.extend(handover.notice.as_ref().map(|notice| notice.language.clone()));
                    handed.push(handover.restraint.handcuffs.is_some());
                    let handcuffed = text.contains("CANARI-MENOTTES") && text.contains("CANARI-PALPATION");
                    let driver = text.contains("CANARI-CONDUCTEUR");
                    assert!(handcuffed != driver, "{text}");
                }
                Some(domain::pv::Measure::Licence(retention)) => assert_eq!(retention.hours, 120),
                Some(domain::pv::Measure::CompteRendu(_)) => {
                    assert!(
                        text.contains("CIC-2026-0911") && text.contains("Mise à disposition n°"),
                        "{text}"
                    );
                }
                Some(domain::pv::Measure::Papers(owed)) => {
                    assert_eq!(owed.papers.len(), 2);
                    assert!(text.contains("Commissariat de Saint-Denis"), "{text}");
                }
                Some(domain::pv::Measure::HomeCall(call)) => assert_eq!(call.present.len(), 3),
                Some(_) | None => {}
            }
        }
    }
    assert_eq!(kinds.len(), 11, "{kinds:?}");
    handed.sort_unstable();
    assert_eq!(handed, [false, true], "the driver, and whom the crew handcuffed");
    let told = ["français", "polonais"].map(str::to_owned);
    assert_eq!(languages, told.into(), "one by word of mouth, one by the sheet");
}

#[test]
fn complaints_taken_by_touching_the_screens_reach_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "plaintes-au-doigt");
    let folders = evidence(out);
    assert_eq!(
        folders.len(),
        7,
        "five complaints, an alert, and the call before one of them"
    );
    let mut plaintes = Vec::new();
    for folder in &folders {
        assert_success(&verify(out, folder));
        let record = agent::work::record_of(&fs::read(folder.join("record.cose")).unwrap()).unwrap();
        if let domain::record::Act::Plainte(plainte) = record.act {
            plaintes.push((plainte, text_of(&folder.join("document.pdf"))));
        }
    }
    let of = |name: &str| {
        let named = |(plainte, _): &&(Box<domain::plainte::Plainte>, String)| {
            plainte.victim.identity.brief().surname.reveal() == name
        };
        plaintes
            .iter()
            .find(named)
            .unwrap_or_else(|| panic!("no complaint of {name}"))
    };
    let (farm, text) = of("CANARI-FERMIERE");
    assert_eq!(
        (farm.facts.losses.len(), farm.facts.worth_cents()),
        (2, Some(1_004_050))
    );
    assert_eq!(farm.filed.as_ref().unwrap().number, "CANARI-PP-4412");
    assert!(
        text.contains("CANARI-HANGAR") && text.contains("732829320"),
        "{text}"
    );
    let (couple, text) = of("CANARI-VICTIME");
    assert!(couple.danger.as_ref().unwrap().is_danger());
    assert_eq!(couple.protocol.len(), 4);
    assert!(
        text.contains("M. CANARI-INTERPRETE") && text.contains("en langue arabe"),
        "{text}"
    );
    assert!(
        text.contains("CANARI-AUTEUR Karim"),
        "typed in the call alone: {text}"
    );
    assert!(
        !text.contains("CANARI-REFUGE") && !text.contains("CANARI-SOEUR"),
        "{text}"
    );
    let (mayor, text) = of("CANARI-MAIRE");
    assert_eq!(
        mayor.reception.mandate.as_deref(),
        Some("maire de la commune, CANARI-MANDAT")
    );
    assert!(
        text.contains("Me CANARI-AVOCAT") && text.contains("CANARI-QUESTION"),
        "{text}"
    );
    let (minor, text) = of("CANARI-MINEUR");
    assert_eq!(minor.signers.len(), 2, "the child and the mother");
    assert!(text.contains("CANARI-MERE Paule"), "{text}");
    let (patient, _) = of("CANARI-PATIENTE");
    assert!(patient.directed.is_empty() && patient.evaluation.vulnerability.is_some());
    // The farmer's papers left as a message; those of the victim with another safe contact did not.
    let given = names(&out.join("remis"));
    assert_eq!(given, ["document-2026-000001.eml"]);
}

/// Headquarters reads the sheet before anybody calls, and nothing that leaves it says where the victim is.
fn assert_safe_contact_stays_apart(out: &Path) {
    let documents = out.join("documents");
    let number = names(&documents)
        .into_iter()
        .filter(|name| name.starts_with("grille-"))
        .find_map(|name| {
            let text = text_of(&documents.join(&name));
            let number = name.trim_start_matches("grille-").trim_end_matches(".pdf");
            text.contains("CANARI-VICTIME").then(|| number.replace('-', "/"))
        })
        .unwrap();
    let shown = Command::new(ours("neoctl"))
        .args(["plainte", "contact", &number, "--dir"])
        .arg(out.join("hq"))
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    for said in [
        "CANARI-SOEUR Nadia",
        "Canari-Refuge",
        "CANARI-BEAUMERE",
        "personne de confiance",
    ] {
        assert!(shown.contains(said), "`{said}` is not in: {shown}");
    }
    for name in names(&documents) {
        let text = text_of(&documents.join(&name)).to_lowercase();
        for secret in ["canari-refuge", "canari-soeur", "canari-beaumere", "0605040303"] {
            assert!(!text.contains(secret), "`{secret}` is in `{name}`");
        }
    }
    for folder in evidence(out) {
        let record = fs::read(folder.join("record.cose")).unwrap();
        for secret in ["Canari-Refuge", "CANARI-SOEUR", "CANARI-BEAUMERE"] {
            let found = record
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "`{secret}` is in {}", folder.display());
        }
    }
}

/// What the operations centre reads on its console, and what is proven of it.
#[test]
fn an_alert_is_a_persons_or_told_by_radio_and_its_record_is_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "alerte");
    assert_eq!(evidence(out).len(), 4);
    assert_evidence_verifies(out);
    let refusals: Vec<String> = evidence(out)
        .iter()
        .filter_map(|folder| agent::work::record_of(&fs::read(folder.join("record.cose")).ok()?))
        .filter_map(|record| {
            let domain::record::Act::Plainte(plainte) = record.act else {
                return None;
            };
            Some(plainte.protocol)
        })
        .flatten()
        .filter(|one| one.outcome.code() == "REFUS")
        .filter_map(|one| one.outcome.words().map(str::to_owned))
        .collect();
    assert_eq!(refusals, ["CANARI-NON : je ne suis pas blessée"]);
    let journal = shown_journal(out);
    assert_eq!(
        (
            journal.matches("alert_taken").count(),
            journal.matches("alert_told").count()
        ),
        (1, 1),
        "{journal}"
    );
    let listed = listed(out, &["alert", "list"]);
    let [untaken, taken] = listed["alerts"].as_array().unwrap().as_slice() else {
        panic!("{listed}")
    };
    assert_eq!(untaken["taken_by"], serde_json::Value::Null);
    assert_eq!(untaken["grounds"], serde_json::json!(["menace-de-mort"]));
    assert_eq!(taken["taken_by"], "adjudant CANARI-CORG, CORG 93");
    assert_eq!(
        taken["grounds"],
        serde_json::json!(["danger", "menace-de-mort", "arme", "enfant"])
    );
    assert_eq!(taken["position"]["accuracy_m"], 12);
    // Neither a name nor a word of the account.
    for canary in ["CANARI-EPOUX", "CANARI-CUISINE", "CANARI-VOISIN"] {
        assert!(!listed.to_string().contains(canary), "{canary}");
    }
}

/// Both checks are proven; HQ's log knows that one question was asked in urgency, and so does the journal.
#[test]
fn the_legal_frame_comes_first_and_urgency_is_completed_and_proven() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "cadre");
    let folders = evidence(out);
    assert_eq!(folders.len(), 2);
    assert_evidence_verifies(out);
    let journal = shown_journal(out);
    assert_eq!(journal.matches("urgent_frame").count(), 1, "{journal}");
}

#[test]
fn every_answer_of_a_file_finds_its_officer_and_curiosity_is_seen_at_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "queries");
    let report = report(out);
    let [alarm] = report["alarms"].as_array().unwrap().as_slice() else {
        panic!("{}", report["alarms"])
    };
    assert_eq!(
        (&alarm["kind"], &alarm["device"]),
        (&"own_name".into(), &"neo-000007".into())
    );
    let listed = listed(out, &["audit", "alarms"]);
    assert_eq!(listed["alarms"][0]["kind"], "own_name");
    assert_eq!(listed["alarms"][0]["officer"], alarm["officer"]);
}

/// The camera is assigned by touches, to somebody else and back; what it signed of itself is evidence at a court.
#[test]
fn a_camera_is_assigned_on_the_screens_and_what_it_signed_is_proven() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "camera");
    assert_evidence_verifies(out);
    let clip = evidence(out)
        .into_iter()
        .find(|folder| folder.join("events.cose").exists())
        .expect("the camera's events are evidence");
    let said: Value = serde_json::from_slice(&verify(out, &clip).stdout).unwrap();
    let claims = &said["claims"];
    assert_eq!(claims["footage"]["assigned"], "RIO 1234567");
    let events = claims["events"].as_array().unwrap();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["began", "assigned", "began", "assigned", "assigned"]);
    assert_eq!(
        (
            &events[2]["cause"],
            &events[2]["trigger"],
            &events[2]["buffered_ms"]
        ),
        (&"terminal".into(), &1.into(), &30_000.into())
    );
    assert_eq!(events[3]["to"], "RIO 7777777");
    let journal = shown_journal(out);
    // To the officer, to another, and back; that the end of the shift gives it back may come too late for HQ.
    let assigned = journal.matches("camera_assigned").count();
    assert!(assigned >= 3, "{journal}");
    let listed = listed(out, &["footage", "list"]);
    assert_eq!(
        listed["recordings"][0]["program"], "unknown",
        "nobody released it: {listed}"
    );
}

/// Plays a scenario of the tree into `out`; everything holds.
fn play(out: &Path, scenario: &str) {
    run(out, scenario);
    assert_holds(out);
}

fn run(out: &Path, scenario: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../simulator/scenarios/{scenario}.toml"));
    let played = patrol(out, &["--scenario", file.to_str().unwrap()]).output();
    assert_success(&played.unwrap());
}

/// Every kind of general PV, an AFD allowed and one refused, a rectification and an annulation, with their readings.
#[test]
fn every_proces_verbal_of_street_work_reaches_hq_with_its_hands_and_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "procedures");
    let folders = evidence(out);
    assert_eq!(folders.len(), 12);
    let mut signed_by_hand = 0;
    for folder in &folders {
        assert_success(&verify(out, folder));
        let hands = folder.join("hands");
        if !hands.exists() {
            continue;
        }
        signed_by_hand += 1;
        // The picture of a signature is no other than the one that was signed for.
        let picture = hands.join("signature-1.png");
        if picture.exists() {
            let mut bytes = fs::read(&picture).unwrap();
            let last = bytes.len() - 20;
            bytes[last] ^= 1;
            fs::write(&picture, bytes).unwrap();
            assert_eq!(verify(out, folder).status.code(), Some(1));
        }
    }
    assert_eq!(signed_by_hand, 4, "witness, suspect, inventory and AFD");
    let sealed = folders.iter().find_map(|folder| {
        let record = agent::work::record_of(&fs::read(folder.join("record.cose")).ok()?)?;
        let domain::record::Act::Pv(pv) = record.act else {
            return None;
        };
        (pv.kind == domain::pv::PvKind::Inventaire).then(|| (pv, text_of(&folder.join("document.pdf"))))
    });
    let (pv, text) = sealed.unwrap();
    let shows: Vec<Option<u16>> = pv.photos.iter().map(|photo| photo.shows).collect();
    assert_eq!(shows, [Some(1), Some(2)]);
    assert!(
        text.contains("Trouvé : CANARI-DOUBLURE") && text.contains("Photographie n° 2, SHA-256"),
        "{text}"
    );
    for pdf in names(&out.join("documents")) {
        let path = out.join("documents").join(&pdf);
        let checked = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
        assert_success(&checked);
        let text = text_of(&path);
        assert!(text.contains("Signé électroniquement par RIO 1234567"), "{pdf}");
    }
}

/// A note reaches HQ with its term and without a document; the PV drawn up after it holds none of its words.
#[test]
fn gendnotes_a_brigades_note_keeps_its_term_and_feeds_no_act() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "brigade");
    assert_evidence_verifies(out);
    let report = report(out);
    let kinds: Vec<&str> = list(&report, "records")
        .iter()
        .filter_map(|record| record["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["note", "pv"]);
    let documents = names(&out.join("documents"));
    assert_eq!(documents.len(), 1, "the PV alone has a document: {documents:?}");
    let text = text_of(&out.join("documents").join(&documents[0]));
    assert!(
        text.contains("NIGEND 123456") && text.contains("Direction générale de la gendarmerie"),
        "{text}"
    );
    assert!(
        text.contains("CANARI-BRIGADE") && !text.contains("CANARI-NOTE"),
        "{text}"
    );
}

/// Somebody is held and free to go; six months later nothing of it is left on either side but a proof, while the one that
/// a procedure follows stays at HQ (article 78-3 CPP).
#[test]
fn cpp_78_3_a_patrol_holds_somebody_and_six_months_later_nothing_of_it_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    run(out, "verification");
    let report = report(out);
    let holds = list(&report, "invariants");
    assert!(holds.iter().all(|invariant| invariant["ok"] == true));
    assert_eq!(
        checked(&report, "what-is-past-its-term-is-destroyed"),
        Some(3),
        "the check, its vérification, and the one that stays"
    );
    assert_eq!(report["destructions"], 2);
    let destroyed: Vec<(&str, bool)> = list(&report, "records")
        .iter()
        .map(|record| (record["kind"].as_str().unwrap(), record["destroyed"] == true))
        .collect();
    assert_eq!(
        destroyed,
        [
            ("controle", true),
            ("verification", true),
            ("verification", false)
        ]
    );
    assert_eq!(names(&out.join("proofs")).len(), 2);
    let documents = names(&out.join("documents"));
    assert_eq!(documents.len(), 1, "{documents:?}");
    let text = text_of(&out.join("documents").join(&documents[0]));
    assert!(
        text.contains("VÉRIFICATION D’IDENTITÉ") && text.contains("CANARI-SUIVI"),
        "{text}"
    );
    for path in files(&out.join("hq")) {
        let bytes = fs::read(&path).unwrap();
        for gone in ["CANARI-MOTIF", "CANARI-VOISINE", "CANARI-REFUS"] {
            let found = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
            assert!(!found, "`{gone}` is still in `{}`", path.display());
        }
    }
    assert_evidence_verifies(out);
}

/// A complaint that HQ says something of, there, away, locked and killed: the officer reads every step, once, in order, and
/// no step tells anything of what was told (article 40-2 CPP).
#[test]
fn cpp_40_2_a_patrol_reads_what_became_of_a_complaint() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "suivi-plainte");
    let report = report(out);
    assert_eq!(
        checked(&report, "what-became-of-complaints-is-what-hq-signed"),
        Some(7)
    );
    // Nobody chose how the récépissé goes with a victim of violence in a couple: at a glance it says nothing.
    let documents = out.join("documents");
    let drawn = names(&documents);
    let receipts: Vec<_> = drawn
        .iter()
        .filter(|name| name.starts_with("recepisse-"))
        .collect();
    let [receipt] = receipts.as_slice() else {
        panic!("{drawn:?}")
    };
    let text = text_of(&documents.join(receipt));
    assert!(
        text.contains("Document à conserver") && !text.contains("Récépissé de dépôt"),
        "{text}"
    );
    assert_evidence_verifies(out);
}

/// A call taken by one touch, its steps told to HQ over a cut and kills, one declined, and a reading of a plate that becomes
/// a check: every act hangs from an intervention that the operations centre proposed.
#[test]
fn an_evening_of_calls_is_proposed_taken_and_heard_of_at_hq() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "intervention");
    assert_evidence_verifies(out);
    assert_eq!(evidence(out).len(), 2);
    let report = report(out);
    assert!(report["kills"].as_u64().unwrap() >= 2, "{}", report["kills"]);
}

/// Rights read in Arabic and in Russian, one signed and one left unsigned; both sheets are evidence, and one that was
/// changed is not.
#[test]
fn cpp_10_2_a_victim_who_reads_arabic_signs_the_sheet_once_and_it_is_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "plainte-arabe");
    assert_evidence_verifies(out);
    let mut signed = 0;
    for folder in evidence(out) {
        let hands = folder.join("hands");
        let sheet = hands.join("droits.pdf");
        let is_signed = hands.join("droits.png").exists();
        assert_eq!(hands.join("droits.strokes.cbor").exists(), is_signed);
        let text = text_of(&sheet);
        let language = match is_signed {
            true => Language::Arabic,
            false => Language::Russian,
        };
        assert!(
            text.contains("Vous avez le droit") && text.contains("10-2"),
            "{text}"
        );
        let told = text_of(&folder.join("document.pdf"));
        if is_signed {
            signed += 1;
            assert!(
                told.contains("informée en langue arabe") && told.contains("signe cette fiche"),
                "{told}"
            );
        } else {
            assert!(
                told.contains("informée en langue russe") && told.contains("CANARI-REFUS"),
                "{told}"
            );
            assert!(text.contains(language.text().title), "{text}");
        }
        assert!(told.contains("possibilité d’y recourir à tout moment"), "{told}");
        let mut bytes = fs::read(&sheet).unwrap();
        let last = bytes.len() - 20;
        bytes[last] ^= 1;
        fs::write(&sheet, bytes).unwrap();
        assert_eq!(verify(out, &folder).status.code(), Some(1));
        fs::remove_file(&sheet).unwrap();
        assert_eq!(verify(out, &folder).status.code(), Some(2));
    }
    assert_eq!(signed, 1);
}

/// What a victim brings comes in over a kill, travels in parts, and is evidence; a piece that was changed is not.
#[test]
fn what_a_victim_brings_is_evidence_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "plainte-pieces");
    let report = report(out);
    let checked = list(&report, "invariants")
        .iter()
        .find(|one| one["name"] == "pieces-are-bit-exact")
        .map(|one| one["checked"].clone());
    // Six files that were handed in, and what the terminal's own camera took.
    assert_eq!(checked, Some(7.into()));
    assert!(report["kills"].as_u64().unwrap() >= 2, "{}", report["kills"]);
    assert_evidence_verifies(out);
    let [folder] = &evidence(out)[..] else {
        panic!("one act was signed")
    };
    let told = text_of(&folder.join("document.pdf"));
    for said in [
        "Pièces jointes",
        "CANARI-appel reçu le 12 novembre",
        "13,0 Mo",
        "QUESTION",
        "CANARI-REPONSE",
    ] {
        assert!(told.contains(said), "`{said}` is not in: {told}");
    }
    let pieces = folder.join("pieces");
    assert_eq!(
        names(&pieces),
        [
            "piece-canari-appel-du-12-novembre.wav",
            "piece-canari-bail.pdf",
            "piece-canari-message.m4a",
            "piece-canari-note.ogg",
            "piece-canari-repondeur.mp3",
        ]
    );
    let piece = pieces.join("piece-canari-bail.pdf");
    let mut bytes = fs::read(&piece).unwrap();
    assert!(
        told.contains(&domain::Digest::of(&bytes).to_string()[..16]),
        "{told}"
    );
    bytes[100] ^= 1;
    fs::write(&piece, bytes).unwrap();
    assert_eq!(verify(out, folder).status.code(), Some(1));
    fs::remove_file(&piece).unwrap();
    assert_eq!(verify(out, folder).status.code(), Some(2));
}

/// What an APJA saw reaches HQ as a rapport; a hearing is refused before it has a number (articles 20 and 21 CPP).
#[test]
fn cpp_21_what_an_apja_saw_reaches_hq_as_a_rapport() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "rapport");
    assert_evidence_verifies(out);
    let documents = names(&out.join("documents"));
    assert_eq!(documents, ["pv-2026-000001.pdf"]);
    let text = text_of(&out.join("documents").join(&documents[0]));
    assert!(text.contains("RAPPORT n° 2026/000001"), "{text}");
    assert!(
        text.contains("Dont rapport, clos") && !text.contains("PROCÈS-VERBAL"),
        "{text}"
    );
}

/// The words of a document in the order of reading, one space between them.
fn text_of(pdf: &Path) -> String {
    let text = Command::new("pdftotext").arg(pdf).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Taken in, put in a category, marked and linked by touching the screens, through an end of the terminal: HQ has the whole
/// chain, and a stranger follows it beside the recording.
#[test]
fn what_is_said_of_a_recording_on_the_screens_is_in_its_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "enregistrement");
    assert_eq!(
        checked(&report(out), "what-was-said-of-recordings-is-one-chain"),
        Some(4)
    );
    let mut clips = 0;
    for folder in evidence(out) {
        assert_success(&verify(out, &folder));
        if folder.join("clip.mp4").exists() {
            clips += 1;
            let statements = fs::read_dir(folder.join("custody")).unwrap();
            assert_eq!(statements.count(), 8, "four statements, each with its signer");
        }
    }
    assert_eq!(clips, 1);
}

/// A recording waits for a charger, for a network and for the battery floor, each time with its reason on the screen, and
/// leaves once it may: HQ has its bytes, and the order in the terminal's own word.
#[test]
fn a_recording_that_waits_says_why_on_the_screens_and_leaves_when_the_charger_is_plugged() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path();
    play(out, "envoi");
    let orders = listed(out, &["command", "status", "neo-000007"]);
    assert_eq!(orders["orders"][0]["command"], "send-footage");
    assert_eq!(orders["orders"][0]["outcome"], "done");
    let clips: Vec<_> = evidence(out)
        .into_iter()
        .filter(|folder| folder.join("clip.mp4").exists())
        .collect();
    assert_eq!(clips.len(), 1);
    assert_success(&verify(out, &clips[0]));
}

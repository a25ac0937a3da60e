//! Journals: they reach HQ whole, a phone that is put back to an earlier state is caught, and no mutation passes.

use std::fs;
use std::path::{Path, PathBuf};

use domain::journal::{Entry, HEAD, HEAD_RECEIPT, Head, HeadReceipt, Operation};
use domain::record::ActKind;
use domain::{Digest, JournalId, decode, encode};
use evidence::journal::{Fault, JournalFile, JournalProof, SeenHead, verify, verify_proof};
use evidence::report::Outcome;
use minicbor::bytes::ByteVec;
use simulator::enrol;
use simulator::world::{Action, Weather, World};
use tests::acts::{self, act_id};
use tests::dice::{Dice, Storm};
use tests::journals::{at_hq, hq_has_the_whole, nobody_is_suspected, pki, reread};
use tests::watched::Watched;
use trust::cert::{Certificate, Holder};
use trust::cose::{self, Namespace};
use trust::merkle::{self, Peaks};

use crate::programs::{mutations, tell};

/// Long enough for everything that was told to have its answer.
const A_WHILE: Action = Action::Advance(60_000);

#[test]
fn what_a_terminal_writes_is_at_hq_soon_after_and_countersigned() {
    let mut watched = Watched::on_duty(1_010);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(A_WHILE);
    let some = hq_has_the_whole(&mut watched.world).unwrap();
    assert!(some > 5, "{some}");
    watched.play([Action::Cut, Action::Advance(60_000)]);
    for n in 2..40 {
        let opened = acts::on_duty().into_iter().take(1);
        watched.play(opened.chain([Action::Intent(simulator::world::Said::Lock)]));
        watched.act(Action::Advance(n));
    }
    watched.play([Action::Restore, Action::Advance(700_000)]);
    let more = hq_has_the_whole(&mut watched.world).unwrap();
    assert!(more > some + 64, "more than one piece: {some} then {more}");
    watched.play([Action::Kill, Action::Start, Action::RestartHq, Action::Unlock]);
    watched.play([A_WHILE, A_WHILE]);
    assert!(hq_has_the_whole(&mut watched.world).unwrap() > more);
    watched.finish();
}

#[test]
fn no_storm_nor_crash_makes_an_honest_terminal_suspect() {
    for seed in 1_020..1_026 {
        let mut watched = Watched::new(seed, Weather::STORM);
        let mut storm = Storm::new(seed);
        for _ in 0..60 {
            let action = storm.next(watched.world.is_running());
            watched.act(action);
        }
        watched.settle();
        for _ in 0..40 {
            if hq_has_the_whole(&mut watched.world).is_ok() {
                break;
            }
            watched.act(A_WHILE);
        }
        if let Err(error) = hq_has_the_whole(&mut watched.world) {
            watched.fail(&format!("{error:#}"));
        }
    }
}

#[test]
fn a_journal_that_an_older_program_wrote_gets_its_tree_at_the_next_start() {
    let folder = crate::formats::shipped("v1");
    let site = agent::site::Site::new(folder.path());
    let keys = agent::enrol::vault(&site).unwrap();
    let key = agent::engine::device_db_key(keys.as_ref()).unwrap();
    let mut device = agent::store::DeviceStore::open(&site.device_db(), &key, domain::UnixMs(0)).unwrap();
    let written = device.journal().unwrap();
    assert!(written.len() > 5);
    device.next_epoch(written.last().unwrap().at).unwrap();
    let mut peaks = Peaks::default();
    for (size, bytes) in (1..).zip(device.journal_entries(0, u64::MAX, usize::MAX).unwrap()) {
        peaks.push(merkle::leaf(&bytes));
        let expected = (Digest::from_bytes(peaks.root().0), Digest::of(&bytes));
        assert_eq!(device.journal_head(size).unwrap(), expected);
    }
    assert_eq!(peaks.size(), written.len() as u64 + 1);
}

/// The files of the device's database, as a copy of the phone has them.
fn image(terminal: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(terminal).unwrap().map(|entry| entry.unwrap().path());
    let database = |path: &PathBuf| {
        path.file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("device.db")
    };
    let files = files.filter(database);
    files
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

fn put_back(terminal: &Path, image: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in self::image(terminal) {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in image {
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn an_old_image_of_the_phone_put_back_is_caught_at_the_next_hello_and_its_acts_are_still_taken() {
    let mut watched = Watched::on_duty(1_030);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(A_WHILE);
    let terminal = watched.world.layout().terminal();
    watched.act(Action::Kill);
    let image = image(&terminal);
    assert!(!image.is_empty());
    watched.play([Action::Start, Action::Unlock, A_WHILE]);
    let before = hq_has_the_whole(&mut watched.world).unwrap();
    watched.act(Action::Kill);
    put_back(&terminal, &image);
    watched.act(Action::Start);
    let world = &mut watched.world;
    world.act(Action::Unlock).unwrap();
    world.act(Action::Advance(10_000)).unwrap();
    let device = enrol::device_id();
    let store = world.gateway().store().begin().unwrap();
    let forks = store.forks().unwrap();
    assert_eq!(forks.len(), 1);
    assert_eq!(forks[0].device, device);
    assert!(store.quarantined_at(&device).unwrap().is_some());
    drop(store);
    // Both heads are the terminal's own words, against each other.
    let certificate = device_certificate(world);
    let read = |cose: &[u8]| -> Head {
        let signed = cose::parse(cose).unwrap();
        cose::verify(&signed, Namespace::Journal, &certificate).unwrap();
        decode(&signed.payload).unwrap()
    };
    let (told, held) = (read(&forks[0].told), read(forks[0].held.as_ref().unwrap()));
    assert_eq!(held.size, before as u64);
    assert!(
        told.size <= held.size && told.root != held.root,
        "{told:?} {held:?}"
    );
    // HQ countersigns nothing more of it, and takes what is drawn up.
    for action in acts::drawn_up(act_id(2), ActKind::Pv) {
        world.act(action).unwrap();
    }
    world.act(A_WHILE).unwrap();
    assert_eq!(at_hq(world).unwrap().unwrap().entries.len(), before);
    assert!(watched.is_received(act_id(2)));
}

#[test]
fn an_old_image_that_grew_longer_than_what_hq_has_is_caught_too() {
    let mut watched = Watched::on_duty(1_031);
    watched.play([A_WHILE, Action::Kill]);
    let terminal = watched.world.layout().terminal();
    let image = image(&terminal);
    watched.play([Action::Start, Action::Unlock, A_WHILE, Action::Kill]);
    put_back(&terminal, &image);
    let world = &mut watched.world;
    world.act(Action::Cut).unwrap();
    world.act(Action::Start).unwrap();
    for _ in 0..20 {
        world.act(Action::Unlock).unwrap();
        world.act(Action::Intent(simulator::world::Said::Lock)).unwrap();
    }
    nobody_is_suspected(world).unwrap();
    world.act(Action::Restore).unwrap();
    world.act(Action::Advance(700_000)).unwrap();
    assert_eq!(world.gateway().store().begin().unwrap().forks().unwrap().len(), 1);
}

fn device_certificate(world: &mut World) -> Certificate {
    let store = world.gateway().store().begin().unwrap();
    let holder = Holder::Device(enrol::device_id().to_string());
    store.latest_certificate(&holder).unwrap().unwrap()
}

/// A terminal's journal as HQ exports it, and everything that a forger could have.
struct Export {
    file: JournalFile,
    /// The terminal's own countersignature.
    held: Vec<u8>,
    root: Certificate,
    world: World,
    certificate: Certificate,
    _folder: tempfile::TempDir,
}

impl Export {
    /// Several heads, as they were the newest one after the other.
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scenario = simulator::patrol::scenario::Scenario::parse(simulator::patrol::scenario::DEFAULT);
        let mut world = World::new(folder.path(), seed, scenario.unwrap(), Weather::CLEAR).unwrap();
        let mut heads: Vec<SeenHead> = Vec::new();
        for action in acts::on_duty() {
            world.act(action).unwrap();
        }
        for round in 0..4_u8 {
            for action in acts::drawn_up(act_id(round + 1), ActKind::IdentityCheck) {
                world.act(action).unwrap();
            }
            for _ in 0..3 {
                world.act(Action::Intent(simulator::world::Said::Lock)).unwrap();
                world.act(Action::Unlock).unwrap();
            }
            world.act(A_WHILE).unwrap();
            let newest = at_hq(&mut world).unwrap().unwrap().heads.pop().unwrap();
            if heads.last() != Some(&newest) {
                heads.push(newest);
            }
        }
        assert!(hq_has_the_whole(&mut world).unwrap() > 20);
        let mut file = at_hq(&mut world).unwrap().unwrap();
        file.heads = heads;
        assert!(file.heads.len() > 2);
        let device = world.engine().unwrap().device();
        let held = device.journal_receipt().unwrap().unwrap().receipt;
        let root = pki(&world).unwrap().root().clone();
        let certificate = device_certificate(&mut world);
        Self {
            file,
            held,
            root,
            world,
            certificate,
            _folder: folder,
        }
    }

    fn outcome(&self, file: &JournalFile) -> Outcome {
        // A forger hands out bytes.
        let Some(file) = reread(file) else {
            return Outcome::Unreadable;
        };
        let anchors = std::slice::from_ref(&self.root);
        verify(&file, anchors, std::slice::from_ref(&self.held)).outcome()
    }

    /// A head of `entries` by the terminal's own key, and HQ's word on it when HQ is in it too.
    fn sign(&self, entries: &[ByteVec], model: &SeenHead, hq_too: bool) -> SeenHead {
        let head: Head = decode(&cose::parse(&model.head).unwrap().payload).unwrap();
        let mut peaks = Peaks::default();
        entries.iter().for_each(|entry| peaks.push(merkle::leaf(entry)));
        let head = Head {
            size: entries.len() as u64,
            root: Digest::from_bytes(peaks.root().0),
            last: entries.last().map_or(head.last, |entry| Digest::of(entry)),
            ..head
        };
        let site = agent::site::Site::new(self.world.layout().terminal());
        let keys = agent::enrol::vault(&site).unwrap();
        let signed = agent::keys::device_signed(
            keys.as_ref(),
            Namespace::Journal,
            &self.certificate,
            HEAD,
            &encode(&head),
        )
        .unwrap();
        let receipt: HeadReceipt = decode(&cose::parse(&model.receipt).unwrap().payload).unwrap();
        let receipt = HeadReceipt {
            size: head.size,
            root: head.root,
            head: Digest::of(&signed),
            ..receipt
        };
        let pki = pki(&self.world).unwrap();
        let received = pki
            .receipt()
            .sign(Namespace::JournalReceipt, HEAD_RECEIPT, &encode(&receipt));
        SeenHead {
            head: signed.into(),
            receipt: if hq_too {
                received.into()
            } else {
                model.receipt.clone()
            },
        }
    }
}

fn entry(bytes: &ByteVec) -> Entry {
    decode(bytes).unwrap()
}

/// Numbers and links made good from `from` on, as a forger does who knows the format.
fn rechain(file: &mut JournalFile, from: usize) {
    for index in from.max(1)..file.entries.len() {
        let previous = Digest::of(&file.entries[index - 1]);
        let changed = Entry {
            index: index as u64,
            previous,
            journal: file.journal,
            ..entry(&file.entries[index])
        };
        file.entries[index] = encode(&changed).into();
    }
}

/// The kinds of the security reference, each in several strengths.
const KINDS: [&str; 7] = ["edit", "delete", "truncate", "reorder", "splice", "fork", "flip"];

/// One mutation of kind `kind`; none when the dice changed nothing.
fn mutate(own: &Export, other: &Export, kind: &str, dice: &mut Dice) -> Option<JournalFile> {
    let mut file = own.file.clone();
    let count = file.entries.len();
    let any = |dice: &mut Dice| usize::try_from(dice.below(count as u64)).unwrap();
    match kind {
        "edit" => {
            let at = any(dice);
            let mut changed = entry(&file.entries[at]);
            match dice.below(4) {
                0 => changed.operation = Operation::Locked,
                1 => changed.officer = None,
                2 => changed.at.utc.0 += 1 + i64::try_from(dice.below(1_000_000)).unwrap(),
                _ => {
                    changed.operation = Operation::Signed {
                        record: Digest::of(b"other"),
                    }
                }
            }
            file.entries[at] = encode(&changed).into();
            if dice.below(2) == 0 {
                rechain(&mut file, at + 1);
            }
        }
        "delete" => {
            let at = any(dice);
            file.entries.remove(at);
            if dice.below(2) == 0 {
                rechain(&mut file, at);
            }
        }
        "truncate" => {
            let to = any(dice);
            file.entries.truncate(to);
            if dice.below(2) == 0 {
                // The file of an earlier day, whole in itself.
                let size = |seen: &SeenHead| {
                    let head: Head = decode(&cose::parse(&seen.head).unwrap().payload).unwrap();
                    usize::try_from(head.size).unwrap()
                };
                file.heads.retain(|seen| size(seen) <= to);
                file.entries.truncate(file.heads.last().map_or(0, size));
            }
        }
        "reorder" => {
            let (one, two) = (any(dice), any(dice));
            file.entries.swap(one, two);
            if dice.below(2) == 0 {
                rechain(&mut file, one.min(two));
            }
        }
        "splice" => {
            let at = any(dice);
            file.entries.truncate(at);
            file.entries.extend(other.file.entries.iter().skip(at).cloned());
            if dice.below(2) == 0 {
                rechain(&mut file, at);
            }
            if dice.below(2) == 0 {
                file.heads.clone_from(&other.file.heads);
            }
        }
        "fork" => {
            let at = any(dice);
            let mut changed = entry(&file.entries[at]);
            changed.operation = Operation::Signed {
                record: Digest::of(&dice.below(u64::MAX).to_be_bytes()),
            };
            file.entries[at] = encode(&changed).into();
            rechain(&mut file, at + 1);
            // With the terminal's key, and even with HQ's: the terminal's copy of the countersignature is left.
            let last = file.heads.pop().unwrap();
            let hq_too = dice.below(2) == 0;
            file.heads = vec![own.sign(&file.entries, &last, hq_too)];
        }
        _ => {
            let mut bytes = encode(&file);
            let bit = usize::try_from(dice.below(bytes.len() as u64 * 8)).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            // What does not even read is found.
            file = match decode::<JournalFile>(&bytes) {
                Ok(file) => file,
                Err(_) => JournalFile {
                    version: 0,
                    ..own.file.clone()
                },
            };
        }
    }
    (file != own.file).then_some(file)
}

#[test]
fn every_mutation_of_a_journal_is_found_and_no_clean_one_is_suspected() {
    let exports = [Export::new(1_040), Export::new(1_041)];
    let mut dice = Dice::new(1_042);
    let (mut made, mut clean) = ([0_u32; KINDS.len()], 0_u32);
    let wanted = mutations(20_000);
    while made.iter().sum::<u32>() < wanted {
        let turn = made.iter().sum::<u32>() as usize;
        let (own, other) = (&exports[turn % 2], &exports[1 - turn % 2]);
        // Forging with real keys costs a signature each: fewer of them, and no fewer than hundreds.
        let kind = if turn.is_multiple_of(40) {
            5
        } else {
            [0, 1, 2, 3, 4, 6][turn % 6]
        };
        let Some(mutant) = mutate(own, other, KINDS[kind], &mut dice) else {
            // Drawn again: the dice have moved on.
            continue;
        };
        assert_ne!(own.outcome(&mutant), Outcome::Ok, "{}: {mutant:?}", KINDS[kind]);
        made[kind] += 1;
        if turn.is_multiple_of(100) {
            assert_eq!(own.outcome(&own.file), Outcome::Ok);
            clean += 1;
        }
    }
    assert!(made.iter().all(|count| *count > 0), "{made:?}");
    assert!(clean > 0);
    let seen: Vec<String> = KINDS
        .iter()
        .zip(made)
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    tell(
        "mutations of journals, all found",
        &format!("{}; clean {clean}", seen.join(", ")),
    );
}

#[test]
fn a_proof_shows_one_entry_and_no_bit_of_it_can_change() {
    let export = Export::new(1_043);
    let anchors = std::slice::from_ref(&export.root);
    for index in 0..export.file.entries.len() as u64 {
        let mut file = export.file.clone();
        file.heads.drain(..file.heads.len() - 1);
        let proof = JournalProof::of(&file, index).unwrap();
        let proven = verify_proof(&proof, anchors).unwrap();
        assert_eq!(proven.entry.index, index);
    }
    let proof = JournalProof::of(&export.file, 3).unwrap();
    let bytes = encode(&proof);
    for bit in (0..bytes.len() * 8).step_by(3) {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let passes =
            decode::<JournalProof>(&changed).is_ok_and(|proof| verify_proof(&proof, anchors).is_ok());
        assert!(!passes, "bit {bit}");
    }
    assert!(JournalProof::of(&export.file, export.file.entries.len() as u64).is_none());
}

#[test]
fn a_journal_is_good_only_under_its_own_root_and_with_something_to_check() {
    let export = Export::new(1_044);
    let other = Export::new(1_045);
    let held: [Vec<u8>; 0] = [];
    let strange = verify(&export.file, std::slice::from_ref(&other.root), &held);
    assert_eq!(strange.outcome(), Outcome::Untrusted);
    let mut bare = export.file.clone();
    bare.heads.clear();
    bare.certificates.clear();
    let unsigned = verify(&bare, std::slice::from_ref(&export.root), &held);
    assert_eq!(unsigned.fault, Some(Fault::Unsigned { from: 0 }));
    bare.entries.clear();
    let nothing = verify(&bare, std::slice::from_ref(&export.root), &held);
    assert_eq!((nothing.fault, nothing.outcome()), (None, Outcome::Incomplete));
    let mut foreign = export.file.clone();
    foreign.journal = JournalId::from_bytes([9; 16]);
    assert_eq!(export.outcome(&foreign), Outcome::Tampered);
}

//! What HQ lets go, at the end of a legal term or when a terminal sends too much that is refused: a line stays, and
//! nothing is taken in a second time.

use domain::UnixMs;
use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use domain::record::Retention;
use domain::retention::Term;
use hq::purge::Purged;
use sync::wire::v1::{FileHave, FileRefusal};

use crate::clip::Scene;
use crate::world::{Hq, NOON};

const UNTIL: UnixMs = UnixMs(NOON.0 + UnixMs::DAY);

#[test]
fn cpp_78_3_a_check_is_destroyed_once_its_term_has_ended_and_not_before() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Opj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let check = terminal.check(&officer, 0, UNTIL);
    let pv = terminal.pv(&officer, 1);
    let bytes = check.bytes();
    let receipt = hq.receipt(&terminal, &bytes);
    hq.receipt(&terminal, &pv.bytes());
    hq.gateway.export().unwrap();
    assert_eq!(hq.gateway.purge(UNTIL).unwrap(), Purged::default());
    assert!(hq.is_in_store(b"place Bellecour"));

    let purged = hq.gateway.purge(UNTIL.plus(1)).unwrap();
    assert_eq!((purged.records, purged.clips, purged.refused), (1, 0, 0));
    assert!(!hq.is_in_store(b"place Bellecour") && !hq.is_in_store(&bytes[bytes.len() - 64..]));
    let exported = std::fs::read_dir(hq.path("records")).unwrap();
    let names: Vec<String> = exported
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().all(|name| name.starts_with(&pv.id.to_string())));
    let transaction = hq.gateway.store().begin().unwrap();
    assert_eq!(transaction.record(check.id).unwrap(), None);
    assert_eq!(transaction.envelopes().unwrap(), [pv.id]);
    let counts = transaction.counts().unwrap();
    assert_eq!((counts.records, counts.purged), (1, 1));
    drop(transaction);

    let mut hq = hq.restarted();
    assert_eq!(hq.receipt(&terminal, &bytes), receipt);
    let mut again = terminal.check(&officer, 2, UNTIL);
    again.id = check.id;
    assert_eq!(hq.refusal(&terminal, &again.bytes()), RefusalCode::IdReused);
    let mut same_number = terminal.check(&officer, 3, UNTIL);
    same_number.record.number = check.record.number;
    assert_eq!(
        hq.refusal(&terminal, &same_number.bytes()),
        RefusalCode::NumberOutsideRange
    );
    assert_eq!(hq.gateway.purge(UNTIL.plus(1)).unwrap().records, 0);
}

#[test]
fn a_refused_act_is_kept_no_longer_than_an_accepted_one() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::ApjaPolicierAdjoint);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = terminal.check(&officer, 0, UNTIL).bytes();
    assert_eq!(hq.refusal(&terminal, &bytes), RefusalCode::QualityNotEmpowered);
    assert!(hq.is_in_store(b"place Bellecour"));
    assert_eq!(hq.gateway.purge(UNTIL.plus(1)).unwrap().refused, 1);
    assert!(!hq.is_in_store(b"place Bellecour"));
    assert_eq!(hq.refusal(&terminal, &bytes), RefusalCode::QualityNotEmpowered);
}

/// A clip whose manifest states a term.
fn footage() -> Scene {
    let mut scene = Scene::new();
    let mut manifest = scene.manifest();
    manifest.record.retention = Some(Retention {
        term: Term::Footage,
        until: UNTIL,
    });
    let bytes = manifest.bytes();
    let receipt = scene.hq.receipt(&scene.terminal, &bytes);
    assert_eq!(receipt.status, ReceiptStatus::Stored);
    scene
}

fn files(scene: &Scene) -> usize {
    let folder = scene.hq.path("files").join(scene.terminal.device.as_str());
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn csi_r241_4_footage_goes_with_its_encrypted_files_and_is_not_taken_again() {
    let mut scene = footage();
    let receipt = (0..3).map(|index| scene.upload(index)).last().unwrap();
    assert!(scene.stored_clip().is_some());
    assert_eq!(files(&scene), 3);
    let purged = scene.hq.gateway.purge(UNTIL.plus(1)).unwrap();
    assert_eq!((purged.records, purged.clips), (1, 1));
    assert_eq!(scene.stored_clip(), None);
    assert_eq!(files(&scene), 0);
    assert_eq!(scene.announce(0), FileHave::Refused(FileRefusal::NotInManifest));
    // The receipt over the root is still the answer about the manifest.
    let root = scene.root_receipt(&receipt).unwrap().footage_root;
    assert_eq!(root, Some(scene.clip.manifest.root));
}

#[test]
fn footage_that_never_arrived_whole_goes_too() {
    let mut scene = footage();
    scene.announce(1);
    scene.chunk(1, 0);
    assert_eq!(files(&scene), 1);
    assert_eq!(scene.hq.gateway.purge(UNTIL.plus(1)).unwrap().clips, 1);
    assert_eq!(files(&scene), 0);
    let scene = Scene {
        hq: scene.hq.restarted(),
        ..scene
    };
    assert_eq!(scene.stored_clip(), None);
}

#[test]
fn a_clip_that_was_being_put_together_when_its_run_ended_leaves_nothing() {
    let mut scene = footage();
    let last = (0..3).map(|index| scene.upload(index)).last();
    assert!(last.is_some());
    let draft = scene.hq.path("clips").join("draft.mp4.1.tmp");
    std::fs::write(&draft, b"half a film").unwrap();
    scene.hq.gateway.purge(NOON).unwrap();
    assert!(!draft.exists() && scene.stored_clip().is_some());
}

#[test]
fn a_clip_that_another_record_still_needs_stays() {
    let mut scene = footage();
    for index in 0..3 {
        scene.upload(index);
    }
    let mut twin = scene.manifest();
    let domain::record::Act::Footage(manifest) = &mut twin.record.act else {
        panic!()
    };
    manifest.clip = domain::ClipId::from_bytes([0xc2; 16]);
    twin.id = domain::EnvelopeId::from_bytes([9; 16]);
    twin.sequence = 2;
    let bytes = twin.bytes();
    assert_eq!(
        scene.hq.receipt(&scene.terminal, &bytes).status,
        ReceiptStatus::Stored
    );
    scene.hq.gateway.purge(UNTIL.plus(1)).unwrap();
    assert!(scene.stored_clip().is_some());
    assert_eq!(files(&scene), 0);
}

/// How many refused envelopes HQ has lines of, and how many of them as they came.
fn refused_and_kept(hq: &Hq) -> (i64, i64) {
    let outside = hq.outside();
    (
        outside.number("SELECT count(*) FROM refused"),
        outside.number("SELECT count(envelope_cose) FROM refused"),
    )
}

#[test]
fn the_oldest_refused_envelopes_leave_a_line_and_what_could_be_read_stays_longest() {
    let mut scene = Scene::new();
    let mut readable = scene.terminal.pv(&scene.officer, 0);
    readable.record.number = None;
    let readable = readable.bytes();
    scene.hq.refusal(&scene.terminal, &readable);
    let garbage = |n: u32| n.to_be_bytes().to_vec();
    for n in 0..300 {
        let at = NOON.plus(i64::from(n));
        scene.hq.send_at(&scene.terminal, &garbage(n), at);
    }
    assert_eq!(refused_and_kept(&scene.hq), (301, 256));
    assert!(scene.hq.is_in_store(b"12 rue de la Part-Dieu"));
    // The answer does not change with what is kept.
    let again = scene.hq.receipt(&scene.terminal, &garbage(0));
    assert_eq!(again.at, NOON);
    assert_eq!(refused_and_kept(&scene.hq), (301, 256));
}

#[test]
fn refused_envelopes_are_bounded_by_their_size_for_each_terminal_alone() {
    let mut scene = Scene::new();
    let other = scene.hq.terminal("neo-000002", &[]);
    for n in 0..70_u8 {
        let mut huge = vec![n; 256 * 1024];
        scene.hq.send_at(&scene.terminal, &huge, NOON.plus(i64::from(n)));
        huge.truncate(100);
        scene.hq.send(&other, &huge);
    }
    assert_eq!(refused_and_kept(&scene.hq), (140, 64 + 70));
}

//! Statements on recordings at headquarters: one chain for each whatever order they come in, by the officer who took it in,
//! and holds that keep a recording beyond its month until two persons end them.

use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::footage::custody::{Category, ClipNote, Custody, Life, Procedure, Said};
use domain::officer::Quality;
use domain::record::{Act, Record, Retention};
use domain::retention::Term;
use domain::{ActId, ClipId, DeviceId, Digest, EnvelopeId, UnixMs};
use hq::hold::{HoldError, hold};
use proptest::prelude::*;

use crate::clip::Scene;
use crate::parcel::Parcel;
use crate::world::{Agent, NOON, Terminal};

const UNTIL: UnixMs = UnixMs(NOON.0 + UnixMs::DAY);
const CLIP: ClipId = ClipId::from_bytes([0xc1; 16]);

/// A scene whose manifest states a term, and the SHA-256 of its record.
fn taken_in() -> (Scene, Digest) {
    let mut scene = Scene::new();
    let mut manifest = scene.manifest();
    manifest.record.retention = Some(Retention {
        term: Term::Footage,
        until: UNTIL,
    });
    // The signature is random: the bytes that are sent are those that statements refer to.
    let record = manifest.record_bytes();
    let digest = Digest::of(&record);
    let bundle = domain::envelope::Bundle {
        record,
        attachments: Vec::new(),
    };
    let sealed = trust::seal::seal(&[scene.terminal.hq], &domain::encode(&bundle)).unwrap();
    let bytes = manifest.wrap(digest, sealed);
    let receipt = scene.hq.receipt(&scene.terminal, &bytes);
    assert_eq!(receipt.status, ReceiptStatus::Stored);
    (scene, digest)
}

fn said() -> Vec<Said> {
    vec![
        Said::Category(Category::Check),
        Said::Note(ClipNote::parse("sort du hall en courant").unwrap()),
        Said::Bookmark(65),
        Said::Category(Category::Arrest),
        Said::Withdrawn(3),
        Said::Hold(Procedure::parse("2026/000412").unwrap()),
    ]
}

fn parcel<'a>(terminal: &'a Terminal, author: &'a Agent, custody: Custody) -> Parcel<'a> {
    let place = u8::try_from(custody.place).unwrap();
    let mut parcel = terminal.parcel(author, 0x40 + place, Act::Custody(Box::new(custody)));
    parcel.record = Record {
        number: None,
        ..parcel.record
    };
    parcel
}

/// An envelope of each statement, in the order of the chain, with the SHA-256 of its record.
fn chained(scene: &Scene, manifest: Digest, said: &[Said]) -> Vec<(Vec<u8>, Digest)> {
    let mut previous = manifest;
    (1..)
        .zip(said)
        .map(|(place, said)| {
            let custody = Custody {
                clip: CLIP,
                root: scene.clip.manifest.root,
                place,
                previous,
                said: said.clone(),
            };
            let parcel = parcel(&scene.terminal, &scene.officer, custody);
            let record = parcel.record_bytes();
            previous = Digest::of(&record);
            let bundle = domain::envelope::Bundle {
                record,
                attachments: Vec::new(),
            };
            let sealed = trust::seal::seal(&[parcel.recipient], &domain::encode(&bundle)).unwrap();
            (parcel.wrap(previous, sealed), previous)
        })
        .collect()
}

fn life(scene: &mut Scene) -> (Life, usize) {
    let transaction = scene.hq.gateway.store().begin().unwrap();
    let statements = transaction.statements(CLIP).unwrap();
    let known = transaction.life(CLIP).unwrap().unwrap();
    assert!(transaction.custody_chain(&known).unwrap().is_some());
    let said = statements
        .iter()
        .map(|one| (one.custody.place, &one.custody.said));
    (Life::of(said), statements.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// What terminals send comes twice, late and in any order; what HQ knows in the end is the same.
    #[test]
    fn any_order_and_any_number_of_deliveries_ends_with_the_same_life(
        deliveries in prop::collection::vec(0_usize..6, 0..40),
    ) {
        let (mut scene, manifest) = taken_in();
        let envelopes = chained(&scene, manifest, &said());
        for index in deliveries {
            scene.hq.send(&scene.terminal, &envelopes[index].0);
        }
        // What was not answered is sent again, as a terminal does.
        for (bytes, _) in &envelopes {
            let receipt = scene.hq.receipt(&scene.terminal, bytes);
            prop_assert_eq!(receipt.status, ReceiptStatus::Stored);
        }
        let (known, count) = life(&mut scene);
        prop_assert_eq!(count, 6);
        prop_assert_eq!(known.category, Some(Category::Arrest));
        prop_assert!(known.bookmarks.is_empty());
        let kept = known.hold.unwrap();
        prop_assert_eq!(kept.as_str(), "2026/000412");
    }
}

#[test]
fn a_statement_that_comes_before_the_one_it_follows_is_answered_once_that_is_there() {
    let (mut scene, manifest) = taken_in();
    let envelopes = chained(&scene, manifest, &said()[..2]);
    assert_eq!(scene.hq.send(&scene.terminal, &envelopes[1].0), []);
    for (bytes, _) in &envelopes {
        assert_eq!(
            scene.hq.receipt(&scene.terminal, bytes).status,
            ReceiptStatus::Stored
        );
    }
    assert_eq!(life(&mut scene).1, 2);
}

#[test]
fn a_broken_chain_an_unknown_recording_and_another_officers_are_refused() {
    let (mut scene, manifest) = taken_in();
    let other = scene.hq.officer(2, Quality::Apj);
    let beside = scene.hq.terminal("neo-000002", &[&other]);
    let whole = Custody {
        clip: CLIP,
        root: scene.clip.manifest.root,
        place: 1,
        previous: manifest,
        said: Said::Category(Category::Check),
    };
    let by_another = parcel(&beside, &other, whole.clone()).bytes();
    assert_eq!(
        scene.hq.refusal(&beside, &by_another),
        RefusalCode::RecordingUnknown
    );
    let mut place = 0x60;
    let mut refused = |scene: &mut Scene, custody: Custody| {
        place += 1;
        let mut parcel = parcel(&scene.terminal, &scene.officer, custody);
        parcel.record.id = ActId::from_bytes([place; 16]);
        parcel.id = EnvelopeId::from_bytes([place; 16]);
        parcel.sequence = u64::from(place);
        let bytes = parcel.bytes();
        scene.hq.refusal(&scene.terminal, &bytes)
    };
    let unknown = Custody {
        clip: ClipId::from_bytes([0xc2; 16]),
        ..whole.clone()
    };
    assert_eq!(refused(&mut scene, unknown), RefusalCode::RecordingUnknown);
    for broken in [
        Custody {
            previous: Digest::of(b"another"),
            ..whole.clone()
        },
        Custody {
            root: Digest::of(b"another"),
            ..whole.clone()
        },
        Custody {
            said: Said::Withdrawn(1),
            ..whole
        },
    ] {
        assert_eq!(refused(&mut scene, broken), RefusalCode::CustodyBroken);
    }
    assert_eq!(life(&mut scene).1, 0);
}

#[test]
fn csi_r241_4_only_a_hold_keeps_a_recording_at_headquarters_beyond_its_month() {
    for (said, erased) in [(vec![Said::Category(Category::Arrest)], 1), (said(), 0)] {
        let (mut scene, manifest) = taken_in();
        for (bytes, _) in chained(&scene, manifest, &said) {
            scene.hq.receipt(&scene.terminal, &bytes);
        }
        (0..3).for_each(|index| drop(scene.upload(index)));
        assert!(scene.stored_clip().is_some());
        let purged = scene.hq.gateway.purge(UNTIL.plus(1)).unwrap();
        assert_eq!(purged.clips, erased, "{said:?}");
        assert_eq!(scene.stored_clip().is_none(), erased == 1);
        let transaction = scene.hq.gateway.store().begin().unwrap();
        // What was said outlives it, and so does a signed line about its end.
        assert_eq!(transaction.statements(CLIP).unwrap().len(), said.len());
        assert_eq!(transaction.erased_at(CLIP).unwrap().is_some(), erased == 1);
        let tombstones = transaction.tombstones().unwrap();
        assert_eq!(u64::try_from(tombstones.len()).unwrap(), erased);
        assert!(tombstones.iter().all(|one| one.proof.is_some()));
    }
}

#[test]
fn csi_r241_2_hq_knows_day_hours_officer_and_camera_of_a_recording_and_the_procedure() {
    let (mut scene, manifest) = taken_in();
    for (bytes, _) in chained(&scene, manifest, &said()) {
        scene.hq.receipt(&scene.terminal, &bytes);
    }
    // The same before and after the recording itself is gone.
    for erased in [false, true] {
        let store = scene.hq.gateway.store();
        if erased {
            let transaction = store.begin().unwrap();
            let envelope = transaction.clip(CLIP).unwrap().unwrap().envelope;
            transaction.purge_record(envelope, UNTIL.plus(1)).unwrap();
            transaction.commit().unwrap();
        }
        let transaction = store.begin().unwrap();
        let life = transaction.life(CLIP).unwrap().unwrap();
        assert_eq!((life.started, life.ended), (NOON, NOON.plus(6000)));
        assert_eq!(life.author, scene.officer.officer.id);
        assert_eq!(life.matricule, scene.officer.officer.matricule.to_string());
        assert_eq!((life.camera.as_str(), life.until), ("cam-000001", Some(UNTIL)));
        let held = transaction.clip_hold(CLIP).unwrap().unwrap();
        assert_eq!(held.hold.procedure.as_str(), "2026/000412");
        assert_eq!(held.hold.by, scene.officer.officer.matricule);
        assert_eq!(transaction.erased_at(CLIP).unwrap().is_some(), erased);
    }
}

#[test]
fn csi_r241_4_a_hold_that_is_made_after_the_month_keeps_nothing() {
    let (mut scene, manifest) = taken_in();
    let custody = Custody {
        clip: CLIP,
        root: scene.clip.manifest.root,
        place: 1,
        previous: manifest,
        said: Said::Hold(Procedure::parse("2026/000412").unwrap()),
    };
    let mut late = parcel(&scene.terminal, &scene.officer, custody);
    late.record.signed_at.utc = UNTIL.plus(60_000);
    let bytes = late.bytes();
    assert_eq!(
        scene.hq.receipt(&scene.terminal, &bytes).status,
        ReceiptStatus::Stored
    );
    assert_eq!(scene.hq.gateway.purge(UNTIL.plus(60_000)).unwrap().clips, 1);
}

#[test]
fn headquarters_holds_within_the_month_in_an_officers_name_and_once() {
    let (mut scene, _) = taken_in();
    let officer = scene.officer.officer.id;
    let procedure = || Procedure::parse("2026/000412").unwrap();
    let store = scene.hq.gateway.store();
    let minute = 60_000;
    assert!(matches!(
        hold(store, CLIP, procedure(), officer, UNTIL.plus(minute)),
        Err(HoldError::PastTerm { .. })
    ));
    let held = hold(store, CLIP, procedure(), officer, UNTIL.plus(-minute)).unwrap();
    assert_eq!(held.at, UNTIL.plus(-minute));
    assert!(matches!(
        hold(store, CLIP, procedure(), officer, UNTIL.plus(-minute)),
        Err(HoldError::Held { .. })
    ));
    let transaction = store.begin().unwrap();
    let kept = transaction.clip_hold(CLIP).unwrap().unwrap();
    assert_eq!(kept.device, DeviceId::parse("neo-000001").unwrap());
    assert_eq!((kept.act, kept.released_at), (None, None));
    drop(transaction);
    assert_eq!(scene.hq.gateway.purge(UNTIL.plus(minute)).unwrap().clips, 0);
}

//! Footage: encrypted files in any order, and a receipt over the root once the clip is whole on HQ's disk.

use domain::enrolment::KeyProtection;
use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::footage::Program;
use domain::{CameraId, Digest, UnixMs, encode};
use sync::wire::v1::{FileHave, FileRefusal};
use sync::{FileVerb, Topic};

use crate::clip::{CHUNK, Clip, Scene, file, have};
use crate::world::NOON;

#[test]
fn a_clip_is_receipted_over_its_root_when_it_is_whole_on_disk() {
    let mut scene = Scene::new();
    let first = scene.send_manifest();
    assert_eq!((first.status, first.footage_root), (ReceiptStatus::Stored, None));
    let mut last = Vec::new();
    for index in [2, 0, 1] {
        assert_eq!(scene.stored_clip(), None);
        last = scene.upload(index);
        assert_eq!(have(&last), FileHave::Complete);
    }
    let receipt = scene.root_receipt(&last).unwrap();
    assert_eq!(receipt.footage_root, Some(scene.clip.manifest.root));
    assert_eq!(
        (receipt.envelope, receipt.envelope_digest),
        (first.envelope, first.envelope_digest)
    );
    assert_eq!(scene.stored_clip(), Some(scene.clip.original.clone()));
}

#[test]
fn files_may_arrive_before_their_manifest() {
    let mut scene = Scene::new();
    for index in 0..3 {
        scene.upload(index);
    }
    let bytes = scene.manifest().bytes();
    let outgoing = scene.hq.send(&scene.terminal, &bytes);
    let receipts = scene.hq.verified(&outgoing, &scene.terminal);
    let roots: Vec<_> = receipts.iter().map(|receipt| receipt.footage_root).collect();
    assert_eq!(roots, [None, Some(scene.clip.manifest.root)]);
    let again = scene.hq.send(&scene.terminal, &bytes);
    assert_eq!(scene.hq.verified(&again, &scene.terminal), receipts);
}

#[test]
fn an_upload_goes_on_where_hq_was_when_it_stopped() {
    let mut scene = Scene::new();
    scene.send_manifest();
    scene.announce(0);
    scene.chunk(0, 0);
    scene.chunk(0, 2);
    let mut scene = Scene {
        hq: scene.hq.restarted(),
        ..scene
    };
    let FileHave::Ranges(stored) = have(&scene.say(0, FileVerb::Stat, b"")) else {
        panic!()
    };
    let missing = sync::Span::new(0, scene.clip.init(0).size)
        .map(|whole| stored.gaps(whole))
        .unwrap();
    assert_eq!(missing.len(), 1);
    assert!(matches!(have(&scene.finish(0)), FileHave::Ranges(_)));
    scene.chunk(0, 1);
    assert_eq!(have(&scene.finish(0)), FileHave::Complete);
}

#[test]
fn the_receipt_is_given_again_to_who_asks_for_the_file() {
    let mut scene = Scene::new();
    scene.send_manifest();
    let last = (0..3).map(|index| scene.upload(index)).last().unwrap();
    let mut scene = Scene {
        hq: scene.hq.restarted(),
        ..scene
    };
    assert_eq!(scene.say(1, FileVerb::Stat, b""), {
        let mut expected = last.clone();
        expected[0] = scene.say(1, FileVerb::Stat, b"")[0].clone();
        expected
    });
}

#[test]
fn a_chunk_that_is_not_what_its_topic_says_is_not_stored() {
    let mut scene = Scene::new();
    scene.announce(0);
    let verb = FileVerb::Chunk {
        offset: 0,
        sha256: Digest::of(b"something else"),
    };
    let bytes = scene.clip.sealed[0][..CHUNK].to_vec();
    scene.say(0, verb, &bytes);
    let FileHave::Ranges(stored) = have(&scene.say(0, FileVerb::Stat, b"")) else {
        panic!()
    };
    assert!(stored.is_empty());
}

#[test]
fn a_file_with_another_digest_in_the_end_is_asked_for_again() {
    let mut scene = Scene::new();
    scene.announce(0);
    let mut spoiled = scene.clip.sealed[0].clone();
    spoiled[50_000] ^= 1;
    for (number, bytes) in spoiled.chunks(CHUNK).enumerate() {
        let verb = FileVerb::Chunk {
            offset: u64::try_from(number * CHUNK).unwrap(),
            sha256: Digest::of(bytes),
        };
        scene.say(0, verb, bytes);
    }
    let FileHave::Ranges(stored) = have(&scene.finish(0)) else {
        panic!()
    };
    assert!(stored.is_empty());
    assert_eq!(have(&scene.upload(0)), FileHave::Complete);
}

#[test]
fn a_segment_that_is_not_in_the_manifest_is_refused() {
    let mut scene = Scene::new();
    scene.send_manifest();
    scene.clip.sealed[1][300] ^= 1;
    assert_eq!(scene.announce(1), FileHave::Refused(FileRefusal::NotInManifest));
    scene.clip.sealed.push(vec![1; 10]);
    assert_eq!(scene.announce(3), FileHave::Refused(FileRefusal::NotInManifest));
    assert_eq!(scene.stored_clip(), None);
}

#[test]
fn a_wrong_announcement_before_the_manifest_gives_way_to_the_right_one() {
    let mut scene = Scene::new();
    scene.clip.sealed[0].push(0);
    scene.upload(0);
    scene.clip.sealed[0].pop();
    assert_eq!(scene.announce(0), FileHave::Refused(FileRefusal::Reannounced));
    scene.send_manifest();
    assert_eq!(
        have(&scene.say(0, FileVerb::Stat, b"")),
        FileHave::Refused(FileRefusal::NotInManifest)
    );
    let last = (0..3).map(|index| scene.upload(index)).last().unwrap();
    assert_eq!(
        scene.root_receipt(&last).unwrap().footage_root,
        Some(scene.clip.manifest.root)
    );
}

#[test]
fn a_segment_whose_content_is_not_the_manifests_is_refused_with_a_receipt() {
    let mut scene = Scene::new();
    scene.clip.manifest.segments[1].plain = Digest::of(b"another film");
    scene.clip.plant_root();
    scene.send_manifest();
    let last = (0..3).map(|index| scene.upload(index)).last().unwrap();
    let receipt = scene.root_receipt(&last).unwrap();
    assert_eq!(
        receipt.status,
        ReceiptStatus::Refused(RefusalCode::DocumentMismatch)
    );
    assert_eq!(receipt.footage_root, None);
    assert_eq!(scene.stored_clip(), None);
}

#[test]
fn a_file_damaged_on_hqs_disk_is_asked_for_again() {
    let mut scene = Scene::new();
    scene.send_manifest();
    scene.upload(0);
    scene.upload(1);
    let path = scene
        .hq
        .path(&format!("files/{}/{}.age", scene.terminal.device, file(0)));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let outgoing = scene.upload(2);
    assert_eq!(scene.root_receipt(&outgoing), None);
    let outgoing = scene.upload(0);
    assert_eq!(
        scene.root_receipt(&outgoing).unwrap().footage_root,
        Some(scene.clip.manifest.root)
    );
}

#[test]
fn a_manifest_that_contradicts_itself_is_refused() {
    let spoil: [fn(&mut Clip); 4] = [
        |clip| clip.manifest.root = Digest::of(b"another"),
        |clip| clip.manifest.bytes += 1,
        |clip| {
            clip.manifest.segments.swap(0, 1);
            clip.plant_root();
        },
        |clip| {
            clip.manifest.segments.clear();
            clip.plant_root();
        },
    ];
    for spoil in spoil {
        let mut scene = Scene::new();
        spoil(&mut scene.clip);
        assert_eq!(
            scene.send_manifest().status,
            ReceiptStatus::Refused(RefusalCode::DocumentMismatch)
        );
    }
}

/// What HQ says of a manifest from a camera that `spoil` has changed.
#[track_caller]
fn check_camera(spoil: impl FnOnce(&mut Scene), expected: Result<(), RefusalCode>) {
    let mut scene = Scene::new();
    spoil(&mut scene);
    let said = match scene.send_manifest().status {
        ReceiptStatus::Stored => Ok(()),
        ReceiptStatus::Refused(code) => Err(code),
    };
    assert_eq!(said, expected);
}

#[test]
fn footage_of_a_camera_that_is_not_in_the_registry_is_refused() {
    let unknown = Err(RefusalCode::UnknownCamera);
    check_camera(
        |scene| scene.clip.manifest.camera_certificate = Digest::of(b"another certificate"),
        unknown,
    );
    check_camera(
        |scene| scene.clip.manifest.camera = CameraId::parse("cam-000002").unwrap(),
        unknown,
    );
    let of_the_terminal = |scene: &mut Scene| {
        scene.clip.manifest.camera_certificate = Digest::of(scene.terminal.certificate.der());
    };
    check_camera(of_the_terminal, unknown);
}

#[test]
fn footage_recorded_before_its_camera_was_withdrawn_is_accepted_and_later_one_is_not() {
    let withdraw = |scene: &mut Scene, after: i64| {
        let since = scene.clip.manifest.ended.plus(after);
        let camera = CameraId::parse("cam-000001").unwrap();
        scene.hq.registry.revoke_camera(&camera, since).unwrap();
        assert!(scene.hq.registry.revoke_camera(&camera, since).is_err());
    };
    check_camera(|scene| withdraw(scene, 1), Ok(()));
    check_camera(|scene| withdraw(scene, 0), Err(RefusalCode::UnknownCamera));
}

#[test]
fn footage_signed_by_an_officer_is_refused() {
    let mut scene = Scene::new();
    let mut parcel = scene.manifest();
    parcel.author = (&scene.officer.key, &scene.officer.certificate);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::DeviceSignature
    );
}

#[test]
fn a_stranger_uploads_nothing() {
    let mut scene = Scene::new();
    let stranger = domain::DeviceId::parse("neo-999999").unwrap();
    let topic = Topic::File(stranger, file(0), FileVerb::Init);
    let init = encode(&scene.clip.init(0));
    assert_eq!(scene.hq.gateway.receive(&topic, &init, NOON).unwrap(), []);
}

#[test]
fn t15_what_took_a_recording_in_is_judged_by_what_was_released() {
    let program = |version: &str| Program {
        version: version.to_owned(),
        build: Digest::of(b"the program's file"),
    };
    let standing = |prepare: &dyn Fn(&mut Scene)| {
        let mut scene = Scene::new();
        prepare(&mut scene);
        assert_eq!(scene.send_manifest().status, ReceiptStatus::Stored);
        let clip = scene.clip.manifest.clip;
        let transaction = scene.hq.gateway.store().begin().unwrap();
        transaction.clip_program(clip).unwrap().code()
    };
    let released = |scene: &mut Scene, withdrawn: Option<UnixMs>| {
        let transaction = scene.hq.gateway.store().begin().unwrap();
        assert!(transaction.release_program(&program("1.2.0"), NOON).unwrap());
        assert!(
            !transaction.release_program(&program("1.2.1"), NOON).unwrap(),
            "twice"
        );
        if let Some(at) = withdrawn {
            assert!(transaction.withdraw_program(&program("1.2.0").build, at).unwrap());
            assert!(!transaction.withdraw_program(&program("1.2.0").build, at).unwrap());
        }
        transaction.commit().unwrap();
    };
    let says = |scene: &mut Scene, version: &str| scene.clip.manifest.program = Some(program(version));
    assert_eq!(standing(&|scene| released(scene, None)), "untold");
    assert_eq!(standing(&|scene| says(scene, "1.2.0")), "unknown");
    let good = |scene: &mut Scene| {
        released(scene, None);
        says(scene, "1.2.0");
    };
    assert_eq!(standing(&good), "released");
    // The file is known under another version: whoever says so runs another program.
    let renamed = |scene: &mut Scene| {
        released(scene, None);
        says(scene, "9.9.9");
    };
    assert_eq!(standing(&renamed), "unknown");
    let signed = NOON;
    for (after, code) in [(1_i64 << 40, "released"), (-(1_i64 << 40), "withdrawn")] {
        let withdrawn = |scene: &mut Scene| {
            released(scene, Some(signed.plus(after)));
            says(scene, "1.2.0");
        };
        assert_eq!(standing(&withdrawn), code);
    }
}

#[test]
fn t15_a_manifest_cannot_say_that_its_key_lies_elsewhere_than_was_attested() {
    let mut scene = Scene::new();
    let mut parcel = scene.manifest();
    let attested = parcel.record.context.protection;
    parcel.record.context.protection = match attested {
        KeyProtection::File => KeyProtection::Hardware,
        KeyProtection::Hardware => KeyProtection::File,
    };
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::DeviceSignature
    );
}

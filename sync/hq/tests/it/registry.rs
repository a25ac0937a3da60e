//! Enrolment: what a terminal gets, and numbers that no two terminals share.

use domain::decode;
use domain::enrolment::{Enrolment, KeyProtection};
use domain::officer::Quality;
use domain::{CameraId, DeviceId, UnixMs};
use hq::enrolment::{Allotment, EnrolmentError};
use hq::pki::{CameraRequest, DeviceRequest};
use hq::store::{Store, StoreError};
use trust::cert::{Certificate, Profile, verify_chain};
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, SigningKey};

use crate::place::{self, Outside};
use crate::world::{Hq, NOON};

const NUMBERS: Allotment = Allotment {
    year: 2026,
    count: 10,
};

#[test]
fn a_bundle_carries_chains_that_hold_under_the_root() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Opj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = hq
        .registry
        .enrolment_bundle(&terminal.device, &[officer.officer.id], NUMBERS, NOON)
        .unwrap();
    let signed = cose::parse(&bytes).unwrap();
    let bundle: Enrolment = decode(&signed.payload).unwrap();
    let parse = |der: &domain::enrolment::Der| Certificate::from_der(&der.0).unwrap();
    let root = [parse(&bundle.root)];
    let command = parse(&bundle.command_certificate);
    cose::verify(&signed, Namespace::Order, &command).unwrap();
    let issuing = [parse(&bundle.device_chain[1])];
    let checks = [
        (command, Profile::HqCommand, &[][..]),
        (
            parse(&bundle.receipt_certificate),
            Profile::HqReceipt,
            &issuing[..],
        ),
        (parse(&bundle.device_chain[0]), Profile::Device, &issuing[..]),
        (
            parse(&bundle.officers[0].certificate),
            Profile::Officer,
            &issuing[..],
        ),
    ];
    for (leaf, profile, intermediates) in checks {
        let verdict = verify_chain(&leaf, intermediates, &root, profile, NOON.0);
        assert!(verdict.all_ok(), "{profile:?} {verdict:?}");
    }
    assert_eq!(bundle.terminal.protection, KeyProtection::File);
    assert_eq!(bundle.officers[0].officer, officer.officer);
    assert_eq!(bundle.hq_recipient, *hq.pki().recipient().as_bytes());
}

#[test]
fn number_ranges_never_overlap_and_are_given_once() {
    let mut hq = Hq::new();
    let mut last = 0;
    for name in ["neo-000001", "neo-000002", "neo-000003"] {
        let numbers = hq.terminal(name, &[]).numbers;
        assert_eq!(numbers.first, last + 1);
        last = numbers.last;
    }
    let device = DeviceId::parse("neo-000002").unwrap();
    let again = hq.registry.enrolment_bundle(&device, &[], NUMBERS, NOON).unwrap();
    let again: Enrolment = decode(&cose::parse(&again).unwrap().payload).unwrap();
    assert_eq!((again.numbers.first, again.numbers.last), (101, 200));
}

#[test]
fn a_terminal_enrolled_again_keeps_its_journal_and_one_with_new_keys_begins_another() {
    let mut hq = Hq::new();
    let request = |key: &SigningKey| DeviceRequest {
        device: DeviceId::parse("neo-000001").unwrap(),
        model: "banc d'essai".to_owned(),
        spki: key.public().spki_der(),
        recipient: [7; 32],
        protection: KeyProtection::File,
    };
    let mut journal = |key| {
        let request = request(key);
        hq.registry.enrol_device(&request, NOON).unwrap();
        let bundle = hq
            .registry
            .enrolment_bundle(&request.device, &[], NUMBERS, NOON)
            .unwrap();
        let bundle: Enrolment = decode(&cose::parse(&bundle).unwrap().payload).unwrap();
        bundle.journal
    };
    let (first, second) = (
        SigningKey::generate(KeyKind::P256),
        SigningKey::generate(KeyKind::P256),
    );
    let before = journal(&first);
    assert_eq!(journal(&first), before);
    // New keys are a new device database, with a journal of its own.
    assert_ne!(journal(&second), before);
}

#[test]
fn nobody_unknown_gets_into_a_bundle() {
    let mut hq = Hq::new();
    let device = DeviceId::parse("neo-000001").unwrap();
    let unknown = hq.registry.enrolment_bundle(&device, &[], NUMBERS, NOON);
    assert!(matches!(unknown, Err(EnrolmentError::UnknownDevice { .. })));
    let terminal = hq.terminal("neo-000001", &[]);
    let nobody = domain::OfficerId::from_bytes([9; 16]);
    let unknown = hq
        .registry
        .enrolment_bundle(&terminal.device, &[nobody], NUMBERS, NOON);
    assert!(matches!(unknown, Err(EnrolmentError::UnknownOfficer { .. })));
}

#[test]
fn a_camera_gets_a_certificate_with_its_pairing_key() {
    let mut hq = Hq::new();
    let key = SigningKey::generate(KeyKind::Ed25519);
    let request = CameraRequest {
        camera: CameraId::parse("cam-000001").unwrap(),
        spki: key.public().spki_der(),
        noise: [5; 32],
        signed_video: false,
    };
    let camera = hq.registry.enrol_camera(&request, NOON).unwrap();
    assert_eq!(camera.noise_key(), Some(&[5; 32]));
    let issuing = [hq.pki().issuing().clone()];
    let root = [hq.pki().root().clone()];
    let later = NOON.plus(400 * UnixMs::DAY).0;
    assert!(verify_chain(&camera, &issuing, &root, Profile::Camera, later).all_ok());
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    place::ready(dir.path());
    drop(Store::open(dir.path()).unwrap());
    Outside::of(dir.path()).set_version(99);
    assert!(matches!(
        Store::open(dir.path()),
        Err(StoreError::Newer { found: 99, .. })
    ));
}

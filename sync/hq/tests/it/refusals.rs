//! Envelopes that HQ refuses for good, each with its reason and a signed receipt that says so.

use domain::enrolment::KeyProtection;
use domain::envelope::{Attachment, ReceiptStatus, RefusalCode};
use domain::officer::{Corps, Matricule, Quality};
use domain::person::{BriefIdentity, Identity, IdentitySource, Person};
use domain::place::Place;
use domain::plainte::{
    Deposit, Evaluation, Facts, Language, Plainte, Reception, RightsNotice, Suspect, Venue,
};
use domain::record::{Act, Record};
use domain::{ActNumber, DeviceId, Digest, EnvelopeId};
use hq::pki::DeviceRequest;
use proptest::prelude::*;
use trust::keys::{KeyKind, SigningKey};
use trust::seal;

use crate::parcel::{PHOTO, Parcel, pdf, photographed, signed_inside};
use crate::world::{Agent, Hq, NOON, Terminal, moment};

struct Scene {
    hq: Hq,
    officer: Agent,
    terminal: Terminal,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Apj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        Self {
            hq,
            officer,
            terminal,
        }
    }

    /// What HQ says of a PV that `spoil` has changed before signing.
    #[track_caller]
    fn check(&mut self, spoil: impl FnOnce(&mut Parcel<'_>), expected: RefusalCode) {
        let mut parcel = self.terminal.pv(&self.officer, 0);
        spoil(&mut parcel);
        let bytes = parcel.bytes();
        assert_eq!(self.hq.refusal(&self.terminal, &bytes), expected);
    }
}

#[test]
fn every_flipped_bit_of_an_envelope_is_refused() {
    let mut scene = Scene::new();
    let bytes = scene.terminal.pv(&scene.officer, 0).bytes();
    // Each refusal costs a commit, so that only the edges are tried densely.
    let edges = (0..64)
        .chain(bytes.len() - 70..bytes.len())
        .flat_map(|at| [0, 7].map(|bit| (at, bit)));
    let middle = (64..bytes.len() - 70).step_by(160).map(|at| (at, at % 8));
    for (at, bit) in edges.chain(middle) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        let code = scene.hq.refusal(&scene.terminal, &flipped);
        assert!(
            matches!(code, RefusalCode::Unreadable | RefusalCode::DeviceSignature),
            "{at} {bit} {code:?}"
        );
    }
    assert_eq!(
        scene.hq.receipt(&scene.terminal, &bytes).status,
        ReceiptStatus::Stored
    );
}

#[test]
fn cut_and_oversized_envelopes_are_unreadable() {
    let mut scene = Scene::new();
    let bytes = scene.terminal.pv(&scene.officer, 0).bytes();
    for cut in [0, 1, 40, bytes.len() - 1] {
        assert_eq!(
            scene.hq.refusal(&scene.terminal, &bytes[..cut]),
            RefusalCode::Unreadable,
            "{cut}"
        );
    }
    let huge = vec![0; 300 * 1024];
    assert_eq!(scene.hq.refusal(&scene.terminal, &huge), RefusalCode::Unreadable);
}

#[test]
fn a_device_signature_by_another_key_is_refused() {
    let mut scene = Scene::new();
    let other = scene.hq.terminal("neo-000002", &[]);
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.sender = (&other.key, &other.certificate);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::DeviceSignature
    );
}

#[test]
fn a_certificate_that_hq_did_not_register_proves_nothing() {
    let mut scene = Scene::new();
    let key = SigningKey::generate(KeyKind::P256);
    let request = DeviceRequest {
        device: scene.terminal.device.clone(),
        model: "copie".to_owned(),
        spki: key.public().spki_der(),
        recipient: [9; 32],
        protection: KeyProtection::File,
    };
    let chain = scene.hq.pki().enrol_device(&request, NOON).unwrap();
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.sender = (&key, &chain[0]);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::DeviceSignature
    );
}

#[test]
fn a_terminal_that_is_not_enrolled_is_unknown() {
    let mut scene = Scene::new();
    let bytes = scene.terminal.pv(&scene.officer, 0).bytes();
    let Terminal {
        key,
        certificate,
        identity,
        numbers,
        hq,
        ..
    } = scene.terminal;
    let stranger = Terminal {
        device: DeviceId::parse("neo-999999").unwrap(),
        key,
        certificate,
        identity,
        numbers,
        hq,
    };
    assert_eq!(scene.hq.refusal(&stranger, &bytes), RefusalCode::UnknownDevice);
}

#[test]
fn an_officer_signature_by_another_key_is_refused() {
    let mut scene = Scene::new();
    let other = scene.hq.officer(2, Quality::Apj);
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.author = (&other.key, &other.certificate);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::OfficerSignature
    );
}

#[test]
fn the_device_does_not_sign_acts_for_officers() {
    let mut scene = Scene::new();
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.author = (&scene.terminal.key, &scene.terminal.certificate);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::OfficerSignature
    );
}

#[test]
fn an_officer_who_does_not_work_with_the_terminal_is_unknown() {
    let mut scene = Scene::new();
    let elsewhere = scene.hq.officer(2, Quality::Opj);
    let bytes = scene.terminal.pv(&elsewhere, 0).bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::UnknownOfficer
    );
}

#[test]
fn an_act_that_hides_its_training_mark_is_refused() {
    Scene::new().check(
        |parcel| parcel.record.context.formation = false,
        RefusalCode::OfficerSignature,
    );
}

#[test]
fn a_seal_for_somebody_else_cannot_be_opened() {
    let somebody = seal::Identity::generate().recipient();
    Scene::new().check(|parcel| parcel.recipient = somebody, RefusalCode::Seal);
}

#[test]
fn a_seal_around_something_else_is_unreadable() {
    let mut scene = Scene::new();
    let parcel = scene.terminal.pv(&scene.officer, 0);
    let sealed = seal::seal(&[scene.terminal.hq], b"not a bundle").unwrap();
    let bytes = parcel.wrap(Digest::of(b"anything"), sealed);
    assert_eq!(scene.hq.refusal(&scene.terminal, &bytes), RefusalCode::Unreadable);
}

#[test]
fn a_record_drawn_up_on_another_terminal_is_refused() {
    let other = DeviceId::parse("neo-000002").unwrap();
    Scene::new().check(
        |parcel| parcel.record.context.device = other,
        RefusalCode::DeviceSignature,
    );
}

#[test]
fn a_number_outside_the_range_used_twice_or_missing_is_refused() {
    let mut scene = Scene::new();
    let outside = ActNumber {
        year: 2026,
        serial: scene.terminal.numbers.last + 1,
    };
    scene.check(
        |parcel| parcel.record.number = Some(outside),
        RefusalCode::NumberOutsideRange,
    );
    let mut scene = Scene::new();
    let of_another_year = ActNumber {
        year: 2025,
        serial: scene.terminal.numbers.first,
    };
    scene.check(
        |parcel| parcel.record.number = Some(of_another_year),
        RefusalCode::NumberOutsideRange,
    );
    let mut scene = Scene::new();
    scene.check(
        |parcel| parcel.record.number = None,
        RefusalCode::NumberOutsideRange,
    );

    let mut scene = Scene::new();
    let first = scene.terminal.pv(&scene.officer, 0);
    scene.hq.receipt(&scene.terminal, &first.bytes());
    let mut twice = scene.terminal.pv(&scene.officer, 1);
    twice.record.number = first.record.number;
    let bytes = twice.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::NumberOutsideRange
    );
}

#[test]
fn a_pv_or_a_complaint_without_its_document_is_refused() {
    let missing = RefusalCode::DocumentMissing;
    Scene::new().check(|parcel| parcel.attachments.clear(), missing);
    Scene::new().check(
        |parcel| {
            parcel.attachments.clear();
            parcel.record.document = None;
        },
        missing,
    );
    let plainte = Plainte {
        venue: Venue::Mairie,
        place: Place::parse("place Bellecour").unwrap(),
        victim: Person {
            identity: Identity::Brief(BriefIdentity {
                surname: "INVENTÉE".into(),
                given_names: "Personne".into(),
                born: None,
            }),
            source: IdentitySource::Declaree,
        },
        offences: Vec::new(),
        when: "hier".to_owned(),
        paragraphs: Vec::new(),
        suspect: Suspect::Unknown,
        rights: RightsNotice {
            language: Language::French,
            at: moment(NOON),
            sheet: None,
        },
        receipt_handed: false,
        started: moment(NOON),
        renvois: Vec::new(),
        signers: Vec::new(),
        deposit: Deposit::Plainte,
        reception: Reception::default(),
        facts: Facts::default(),
        evaluation: Evaluation::default(),
        danger: None,
        protocol: Vec::new(),
        receipt: None,
        photos: Vec::new(),
        pieces: Vec::new(),
        exchanges: Vec::new(),
        native_name: None,
        filed: None,
        directed: Vec::new(),
    };
    Scene::new().check(
        |parcel| {
            parcel.attachments.clear();
            parcel.record.document = None;
            parcel.record.act = Act::Plainte(Box::new(plainte));
        },
        missing,
    );
}

#[test]
fn a_document_that_is_not_the_signed_one_is_refused() {
    let mismatch = RefusalCode::DocumentMismatch;
    Scene::new().check(|parcel| parcel.attachments[0].content[3] ^= 1, mismatch);
    Scene::new().check(|parcel| parcel.attachments[0].content.truncate(10), mismatch);
    Scene::new().check(|parcel| parcel.record.document = None, mismatch);
}

#[test]
fn a_document_without_the_authors_own_signature_inside_is_refused() {
    let refused = RefusalCode::DocumentSignature;
    Scene::new().check(|parcel| parcel.attachments[0].content = pdf(), refused);
    Scene::new().check(|parcel| parcel.attachments[0].content.push(b'\n'), refused);
    Scene::new().check(
        |parcel| {
            let content = &mut parcel.attachments[0].content;
            let place = content
                .windows(9)
                .rposition(|bytes| bytes == b"/Contents")
                .unwrap();
            content[place + 200] ^= 1;
        },
        refused,
    );
    let mut scene = Scene::new();
    let other = scene.hq.officer(2, Quality::Apj);
    scene.check(
        |parcel| parcel.attachments[0].content = signed_inside(&pdf(), (&other.key, &other.certificate)),
        refused,
    );
}

#[test]
fn what_cannot_be_read_is_answered_by_the_digest_of_what_came() {
    let mut scene = Scene::new();
    let bytes = scene.terminal.pv(&scene.officer, 0).bytes();
    let receipt = scene.hq.receipt(&scene.terminal, &bytes[..100]);
    assert_eq!(receipt.status, ReceiptStatus::Refused(RefusalCode::Unreadable));
    assert_eq!(receipt.envelope, EnvelopeId::from_bytes([0; 16]));
    assert_eq!(receipt.envelope_digest, Digest::of(&bytes[..100]));
}

#[test]
fn every_photograph_of_a_record_comes_with_it_byte_for_byte_and_nothing_else_does() {
    let missing = Err(RefusalCode::AttachmentMissing);
    let named = ("photo-1.jpg", PHOTO);
    let spoiled: &[u8] = &[0xff, 0xd8, 0xff, 0xe1];
    for (files, expected) in [
        (&[named][..], Ok(())),
        (&[], missing),
        (&[("photo-2.jpg", PHOTO)], missing),
        (&[("photo-1.jpg", spoiled)], missing),
        (&[("photo-1.jpg", &PHOTO[..3])], missing),
        (&[named, ("photo-2.jpg", PHOTO)], missing),
        (&[named, ("recepisse.pdf", b"%PDF")], missing),
    ] {
        let mut scene = Scene::new();
        let mut parcel = scene.terminal.parcel(&scene.officer, 0, photographed());
        parcel.draw();
        files
            .iter()
            .for_each(|(name, content)| parcel.attach(name, content));
        let bytes = parcel.bytes();
        let said = match scene.hq.receipt(&scene.terminal, &bytes).status {
            ReceiptStatus::Stored => Ok(()),
            ReceiptStatus::Refused(code) => Err(code),
        };
        assert_eq!(said, expected, "{files:?}");
    }
    let mut scene = Scene::new();
    let mut parcel = scene.terminal.pv(&scene.officer, 0);
    parcel.attach("photo-1.jpg", PHOTO);
    let bytes = parcel.bytes();
    assert_eq!(
        scene.hq.refusal(&scene.terminal, &bytes),
        RefusalCode::AttachmentMissing
    );
}

#[test]
fn an_attachment_whose_name_is_a_path_is_unreadable() {
    let with = |name: &str| Attachment {
        name: name.to_owned(),
        content: Vec::new(),
    };
    for name in ["../clips/x", "", ".hidden", "document.pdf", "É.pdf"] {
        Scene::new().check(
            |parcel| parcel.attachments.push(with(name)),
            RefusalCode::Unreadable,
        );
    }
}

#[test]
fn cpp_78_2_a_check_by_a_quality_without_the_power_is_refused() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::ApjaPolicierAdjoint);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let parcel = terminal.check(&officer, 0, NOON);
    assert_eq!(
        hq.refusal(&terminal, &parcel.bytes()),
        RefusalCode::QualityNotEmpowered
    );
}

/// A vérification that the terminal would not let become an act.
#[test]
fn cpp_78_3_hq_takes_no_verification_without_an_opj() {
    let sent = |quality, own: bool| {
        let mut hq = Hq::new();
        let officer = hq.officer(1, quality);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-verification.cbor");
        let mut act = domain::decode::<Record>(vector).unwrap().act;
        let Act::Verification(verification) = &mut act else {
            panic!()
        };
        verification.check.on_order_of = Some(verification.decision.opj.clone());
        verification.decision.opj = if own {
            officer.officer.matricule.clone()
        } else {
            Matricule::parse(Corps::PoliceNationale, "9999999").unwrap()
        };
        let mut parcel = terminal.parcel(&officer, 0, act);
        parcel.draw();
        hq.receipt(&terminal, &parcel.bytes()).status
    };
    let refused = ReceiptStatus::Refused(RefusalCode::QualityNotEmpowered);
    assert_eq!(sent(Quality::Opj, true), ReceiptStatus::Stored);
    assert_eq!(sent(Quality::Apj, false), ReceiptStatus::Stored);
    assert_eq!(sent(Quality::Apj, true), refused);
    assert_eq!(sent(Quality::Apja, false), refused);
}

#[test]
fn a_quality_that_the_registry_does_not_give_is_refused() {
    Scene::new().check(
        |parcel| parcel.record.context.author.quality = Quality::Opj,
        RefusalCode::QualityNotEmpowered,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn random_bytes_are_refused_and_never_panic(payload in prop::collection::vec(any::<u8>(), 0..400)) {
        thread_local! {
            static SCENE: std::cell::RefCell<Scene> = std::cell::RefCell::new(Scene::new());
        }
        SCENE.with_borrow_mut(|scene| {
            assert_eq!(scene.hq.refusal(&scene.terminal, &payload), RefusalCode::Unreadable);
        });
    }
}

#[test]
fn cpp_15_3_hq_takes_no_complaint_of_an_apja() {
    let sent = |quality| {
        let mut hq = Hq::new();
        let officer = hq.officer(1, quality);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-plainte.cbor");
        let act = domain::decode::<Record>(vector).unwrap().act;
        let mut parcel = terminal.parcel(&officer, 0, act);
        parcel.draw();
        hq.receipt(&terminal, &parcel.bytes()).status
    };
    for quality in Quality::ALL {
        let expected = match quality {
            Quality::Opj | Quality::Apj => ReceiptStatus::Stored,
            Quality::Apja
            | Quality::ApjaReserviste
            | Quality::ApjaPolicierAdjoint
            | Quality::ApjaPoliceMunicipale => ReceiptStatus::Refused(RefusalCode::QualityNotEmpowered),
        };
        assert_eq!(sent(quality), expected, "{quality:?}");
    }
}

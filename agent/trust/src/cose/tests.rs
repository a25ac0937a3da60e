//! Messages as they are signed, read, verified and damaged.

use proptest::prelude::*;

use super::*;
use crate::cert::Profile;
use crate::fixture::{Leaf, Pki, bit_flips};

const TYPE: &str = "application/neo-pv+cbor;v=1";

fn sign_as(leaf: &Leaf, namespace: Namespace, payload: &[u8]) -> Vec<u8> {
    let protection = leaf.certificate.key_protection();
    sign(namespace, &leaf.key, &leaf.certificate, TYPE, payload, protection).unwrap()
}

#[test]
fn a_signed_message_is_read_back_and_verifies() {
    let pki = Pki::new();
    let officer = pki.leaf(Profile::Officer);
    let signed = parse(&sign_as(&officer, Namespace::Record, b"act")).unwrap();
    assert_eq!(signed.namespace, Namespace::Record);
    assert_eq!(signed.algorithm, Algorithm::Es256);
    assert_eq!(signed.content_type, TYPE);
    assert_eq!(signed.kid, officer.key.public().key_id());
    assert_eq!(signed.x5t, Some(officer.certificate.fingerprint()));
    assert_eq!(signed.protection, Some(KeyProtection::Hardware));
    assert!(signed.formation);
    assert_eq!(signed.payload, b"act");
    assert_eq!(verify(&signed, Namespace::Record, &officer.certificate), Ok(()));
    let hq = pki.leaf(Profile::HqReceipt);
    let receipt = parse(&sign_as(&hq, Namespace::Receipt, b"")).unwrap();
    assert_eq!(
        (receipt.algorithm, receipt.protection, receipt.formation),
        (Algorithm::EdDsa, None, false)
    );
    assert_eq!(verify(&receipt, Namespace::Receipt, &hq.certificate), Ok(()));
}

#[test]
fn the_encoding_is_the_one_that_the_format_fixes() {
    let key = SigningKey::from_secret(KeyKind::Ed25519, &[1; 32]).unwrap();
    let message = sign_bare(Namespace::CameraSegment, &key, "application/x", b"abc").unwrap();
    let mut expected = vec![0xd2, 0x84, 0x58, 0x25, 0xa4];
    expected.extend([0x01, 0x27]);
    expected.extend([0x03, 0x6d]);
    expected.extend(b"application/x");
    expected.extend([0x04, 0x48]);
    expected.extend(key.public().key_id());
    expected.extend([0x3a, 0x00, 0x01, 0x11, 0x70, 0x0c]);
    expected[3] = u8::try_from(expected.len() - 4).unwrap();
    expected.extend([0xa0, 0x43]);
    expected.extend(b"abc");
    expected.extend([0x58, 0x40]);
    assert_eq!(message[..message.len() - 64], expected);
    assert_eq!(
        message,
        sign_bare(Namespace::CameraSegment, &key, "application/x", b"abc").unwrap()
    );
}

#[test]
fn a_signature_holds_in_its_own_namespace_only() {
    let pki = Pki::new();
    let device = pki.leaf(Profile::Device);
    let signed = parse(&sign_as(&device, Namespace::Envelope, b"x")).unwrap();
    let refusal = SignatureRefusal::WrongNamespace {
        expected: Namespace::Hello,
        found: Namespace::Envelope,
    };
    assert_eq!(
        verify(&signed, Namespace::Hello, &device.certificate),
        Err(refusal)
    );
    // The number in the header changed as well: the signed text still differs.
    let mut bytes = sign_as(&device, Namespace::Envelope, b"x");
    let label = bytes
        .windows(5)
        .position(|window| window == [0x3a, 0x00, 0x01, 0x11, 0x70])
        .unwrap();
    bytes[label + 5] = 4;
    let changed = parse(&bytes).unwrap();
    assert_eq!(changed.namespace, Namespace::Hello);
    assert_eq!(
        verify(&changed, Namespace::Hello, &device.certificate),
        Err(SignatureRefusal::BadSignature)
    );
}

#[test]
fn another_certificate_even_of_the_same_key_is_refused() {
    let pki = Pki::new();
    let (officer, other) = (pki.leaf(Profile::Officer), pki.leaf(Profile::Officer));
    let signed = parse(&sign_as(&officer, Namespace::Record, b"x")).unwrap();
    assert_eq!(
        verify(&signed, Namespace::Record, &other.certificate),
        Err(SignatureRefusal::WrongCertificate)
    );
    let public = officer.key.public();
    let mut forged = signed.clone();
    forged.x5t = Some(other.certificate.fingerprint());
    assert_eq!(
        verify(&forged, Namespace::Record, &other.certificate),
        Err(SignatureRefusal::WrongCertificate)
    );
    assert_eq!(
        verify_bare(&signed, Namespace::Record, &public),
        Err(SignatureRefusal::WrongCertificate)
    );
    let same_key = sign(
        Namespace::Record,
        &officer.key,
        &other.certificate,
        TYPE,
        b"x",
        None,
    );
    assert_eq!(same_key, Err(SigningRefusal::WrongKey));
}

#[test]
fn the_algorithm_is_fixed_by_the_key() {
    let pki = Pki::new();
    let hq = pki.leaf(Profile::HqReceipt);
    let mut signed = parse(&sign_as(&hq, Namespace::Receipt, b"x")).unwrap();
    signed.algorithm = Algorithm::Es256;
    assert_eq!(
        verify(&signed, Namespace::Receipt, &hq.certificate),
        Err(SignatureRefusal::WrongAlgorithm)
    );
    let root = sign(Namespace::Receipt, &pki.root_key, &pki.root, TYPE, b"x", None);
    assert_eq!(root, Err(SigningRefusal::Algorithm));
}

#[test]
fn protection_and_training_must_be_what_the_certificate_states() {
    let pki = Pki::new();
    let device = pki.leaf(Profile::Device);
    for claimed in [None, Some(KeyProtection::Hardware)] {
        let made = sign(
            Namespace::Hello,
            &device.key,
            &device.certificate,
            TYPE,
            b"x",
            claimed,
        );
        assert_eq!(made, Err(SigningRefusal::Protection));
    }
    let mut signed = parse(&sign_as(&device, Namespace::Hello, b"x")).unwrap();
    signed.protection = Some(KeyProtection::Hardware);
    assert_eq!(
        verify(&signed, Namespace::Hello, &device.certificate),
        Err(SignatureRefusal::Protection)
    );
    signed.protection = Some(KeyProtection::File);
    signed.formation = true;
    assert_eq!(
        verify(&signed, Namespace::Hello, &device.certificate),
        Err(SignatureRefusal::Formation)
    );
}

#[test]
fn a_card_signs_in_two_steps_with_either_s() {
    let pki = Pki::new();
    let officer = pki.leaf(Profile::Officer);
    let unsigned = || {
        to_be_signed(
            Namespace::Record,
            &officer.certificate,
            TYPE,
            b"act",
            Some(KeyProtection::Hardware),
        )
        .unwrap()
    };
    let low = officer.key.sign(unsigned().sig_structure());
    let signature = p256::ecdsa::Signature::from_slice(&low).unwrap();
    let high = p256::ecdsa::Signature::from_scalars(*signature.r(), -*signature.s()).unwrap();
    let one_step = sign_as(&officer, Namespace::Record, b"act");
    assert_eq!(unsigned().assemble(&low).unwrap(), one_step);
    assert_eq!(unsigned().assemble(&high.to_bytes()).unwrap(), one_step);
    assert_eq!(
        unsigned().assemble(&officer.key.sign(b"other")),
        Err(SigningRefusal::BadSignature)
    );
    assert_eq!(unsigned().assemble(b"short"), Err(SigningRefusal::BadSignature));
    assert_eq!(
        parse(&one_step).unwrap().to_be_signed(),
        unsigned().sig_structure()
    );
}

#[test]
fn a_key_without_certificate_signs_and_verifies() {
    let session = SigningKey::generate(KeyKind::Ed25519);
    let bytes = sign_bare(Namespace::CameraSegment, &session, TYPE, b"segment").unwrap();
    let signed = parse(&bytes).unwrap();
    assert_eq!(signed.x5t, None);
    assert_eq!(
        verify_bare(&signed, Namespace::CameraSegment, &session.public()),
        Ok(())
    );
    let other = SigningKey::generate(KeyKind::Ed25519).public();
    assert_eq!(
        verify_bare(&signed, Namespace::CameraSegment, &other),
        Err(SignatureRefusal::WrongCertificate)
    );
}

#[test]
fn a_content_type_that_is_none_is_refused() {
    let key = SigningKey::generate(KeyKind::Ed25519);
    for text in [
        "",
        "x",
        "a/b/c",
        "a/ b",
        "/b",
        "a/",
        "é/x",
        &format!("a/{}", "b".repeat(100)),
    ] {
        assert_eq!(
            sign_bare(Namespace::Hello, &key, text, b""),
            Err(SigningRefusal::ContentType),
            "{text}"
        );
    }
}

#[test]
fn the_largest_message_is_read_and_a_larger_one_is_never_made() {
    let key = SigningKey::generate(KeyKind::Ed25519);
    let largest = vec![0; MAX_MESSAGE - header::MAX_ENCODED];
    let message = sign_bare(
        Namespace::Manifest,
        &key,
        &format!("a/{}", "b".repeat(98)),
        &largest,
    )
    .unwrap();
    assert!(parse(&message).is_ok());
    let larger = vec![0; largest.len() + 1];
    assert_eq!(
        sign_bare(Namespace::Manifest, &key, TYPE, &larger),
        Err(SigningRefusal::TooLong)
    );
    assert_eq!(parse(&vec![0; MAX_MESSAGE + 1]), Err(CoseError::TooLong));
}

#[test]
fn no_bit_of_a_signed_message_of_any_kind_can_change() {
    let pki = Pki::new();
    let leaves = [Profile::Officer, Profile::Device, Profile::HqReceipt].map(|profile| pki.leaf(profile));
    let mut vectors = 0;
    for leaf in &leaves {
        for namespace in Namespace::ALL {
            let message = sign_as(leaf, namespace, b"payload");
            let holds = |bytes: &[u8]| {
                parse(bytes).is_ok_and(|signed| verify(&signed, namespace, &leaf.certificate).is_ok())
            };
            assert!(holds(&message));
            assert!(
                bit_flips(&message).all(|changed| !holds(&changed)),
                "{namespace:?}"
            );
            vectors += 1;
        }
    }
    assert!(vectors >= 50, "{vectors}");
}

#[test]
fn other_spellings_of_a_message_are_refused() {
    let key = SigningKey::generate(KeyKind::Ed25519);
    let message = sign_bare(Namespace::Hello, &key, "a/b", b"p").unwrap();
    let mut trailing = message.clone();
    trailing.push(0);
    assert_eq!(parse(&trailing), Err(CoseError::Malformed));
    assert_eq!(parse(&message[1..]), Err(CoseError::Malformed), "without its tag");
    assert_eq!(parse(&message[..message.len() - 1]), Err(CoseError::Malformed));
    let payload = message
        .windows(2)
        .position(|window| window == [0xa0, 0x41])
        .unwrap()
        + 1;
    let mut long_head = message.clone();
    long_head.splice(payload..=payload, [0x58, 0x01]);
    assert_eq!(parse(&long_head), Err(CoseError::NotCanonical));
    let mut detached = message.clone();
    detached.splice(payload..payload + 2, [0xf6]);
    assert_eq!(parse(&detached), Err(CoseError::Malformed));
    let mut unprotected = message.clone();
    unprotected.splice(payload - 1..payload, [0xa1, 0x01, 0x27]);
    assert_eq!(parse(&unprotected), Err(CoseError::Malformed));
    // The same four labels with the first two swapped.
    let header = &message[4..message.len() - 66 - 3];
    assert_eq!(header[..4], [0xa4, 0x01, 0x27, 0x03]);
    let mut swapped = message.clone();
    let body = [&[0x03, 0x63], b"a/b".as_slice(), &[0x01, 0x27]].concat();
    swapped[5..5 + body.len()].copy_from_slice(&body);
    assert_eq!(parse(&swapped), Err(CoseError::Header));
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(parse(&bytes).is_err());
        prop_assert!(parse(&[&PREFIX, bytes.as_slice()].concat()).is_err());
        let framed = encode(bytes, vec![], vec![0; SIGNATURE_LENGTH]);
        prop_assert!(parse(&framed).is_err());
    }

    #[test]
    fn any_payload_survives(payload in prop::collection::vec(any::<u8>(), 0..2000)) {
        let key = SigningKey::from_secret(KeyKind::Ed25519, &[3; 32]).unwrap();
        let signed = parse(&sign_bare(Namespace::Hello, &key, TYPE, &payload).unwrap()).unwrap();
        prop_assert_eq!(&signed.payload, &payload);
        prop_assert_eq!(verify_bare(&signed, Namespace::Hello, &key.public()), Ok(()));
    }
}

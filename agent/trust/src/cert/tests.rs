//! Certificates as they are issued, read, judged and damaged.

use proptest::prelude::*;

use super::*;
use crate::Verdict;
use crate::fixture::{DAY, NOON, Pki, bit_flips, claims};

pub(super) const LEAVES: [Profile; 10] = [
    Profile::Device,
    Profile::Officer,
    Profile::HqReceipt,
    Profile::HqCommand,
    Profile::HqReference,
    Profile::Camera,
    Profile::TlsServer,
    Profile::Gateway,
    Profile::BulkDevice,
    Profile::Approver,
];

fn judge(pki: &Pki, leaf: &Certificate, profile: Profile, at: i64) -> ChainVerdict {
    verify_chain(
        leaf,
        std::slice::from_ref(&pki.issuing),
        std::slice::from_ref(&pki.root),
        profile,
        at,
    )
}

#[test]
fn every_issued_leaf_is_accepted_as_its_own_profile_and_no_other() {
    let pki = Pki::new();
    for issued in LEAVES {
        let leaf = pki.leaf(issued).certificate;
        for asked in LEAVES {
            let verdict = judge(&pki, &leaf, asked, NOON);
            assert_eq!(
                verdict.all_ok(),
                issued == asked,
                "{issued:?} as {asked:?}: {verdict:?}"
            );
            assert!(verdict.signature.is_ok() && verdict.trusted.is_ok() && verdict.in_date.is_ok());
        }
        assert!(!judge(&pki, &leaf, Profile::Issuing, NOON).all_ok());
    }
}

#[test]
fn what_the_issuer_vouches_for_is_read_back() {
    let pki = Pki::new();
    let device = pki.leaf(Profile::Device).certificate;
    assert_eq!(device.holder(), Some(&Holder::Device("T-0001".into())));
    assert_eq!(device.common_name(), "T-0001");
    assert_eq!(device.claims(), &claims(Profile::Device));
    assert_eq!(device.age_recipient(), Some(&[7; 32]));
    assert!(!device.formation());
    let officer = pki.leaf(Profile::Officer).certificate;
    assert_eq!(officer.key_protection(), Some(KeyProtection::Hardware));
    assert!(officer.formation());
    assert_eq!(pki.leaf(Profile::Camera).certificate.noise_key(), Some(&[9; 32]));
    assert_eq!(device.validity_unix_ms(), (NOON, NOON + 90 * DAY + 999));
    assert_eq!(device.serial().len(), 16);
}

#[test]
fn a_certificate_that_would_lack_its_profile_is_not_issued() {
    let pki = Pki::new();
    let refuse = |profile, kind, change: fn(&mut Request<'_>)| pki.leaf_with(profile, kind, change).err();
    let p256 = KeyKind::P256;
    assert_eq!(
        refuse(Profile::Device, KeyKind::Ed25519, |_| {}),
        Some(IssueError::Profile(ProfileFault::KeyKind))
    );
    assert_eq!(
        refuse(Profile::Officer, KeyKind::P384, |_| {}),
        Some(IssueError::Profile(ProfileFault::KeyKind))
    );
    assert_eq!(
        refuse(Profile::Device, p256, |request| request.names = &[]),
        Some(IssueError::Profile(ProfileFault::Holder))
    );
    assert_eq!(
        refuse(Profile::Device, p256, |request| request.common_name = "T-0002"),
        Some(IssueError::Profile(ProfileFault::Holder))
    );
    assert_eq!(
        refuse(Profile::TlsServer, p256, |request| request.names = &[]),
        Some(IssueError::Profile(ProfileFault::NoServerName))
    );
    static BARE: Claims = Claims {
        age_recipient: None,
        key_protection: None,
        formation: false,
        noise_key: None,
        signed_video: false,
    };
    static TRAINING: Claims = Claims {
        formation: true,
        ..BARE
    };
    assert_eq!(
        refuse(Profile::Device, p256, |request| request.claims = &BARE),
        Some(IssueError::Profile(ProfileFault::AgeRecipient))
    );
    assert_eq!(
        refuse(Profile::Officer, p256, |request| request.claims = &BARE),
        Some(IssueError::Profile(ProfileFault::KeyProtection))
    );
    assert_eq!(
        refuse(Profile::Camera, p256, |request| request.claims = &BARE),
        Some(IssueError::Profile(ProfileFault::NoiseKey))
    );
    assert_eq!(
        refuse(Profile::Gateway, p256, |request| request.claims = &TRAINING),
        Some(IssueError::Profile(ProfileFault::Formation))
    );
    assert_eq!(refuse(Profile::Root, p256, |_| {}), Some(IssueError::Issuer));
    assert_eq!(refuse(Profile::Issuing, p256, |_| {}), Some(IssueError::Issuer));
    let with_comma = |request: &mut Request<'_>| request.common_name = "T-0001,O=x";
    assert_eq!(
        refuse(Profile::Device, p256, with_comma),
        Some(IssueError::CommonName)
    );
    assert_eq!(
        refuse(Profile::Device, p256, |request| request.serial = &[1; 7]),
        Some(IssueError::Serial)
    );
    assert_eq!(
        refuse(Profile::Device, p256, |request| request.serial = &[0; 16]),
        Some(IssueError::Serial)
    );
    let backwards = |request: &mut Request<'_>| request.not_after_unix_ms = request.not_before_unix_ms - 1;
    assert_eq!(
        refuse(Profile::Device, p256, backwards),
        Some(IssueError::Validity)
    );
    let before_1970 = |request: &mut Request<'_>| request.not_before_unix_ms = -1;
    assert_eq!(
        refuse(Profile::Device, p256, before_1970),
        Some(IssueError::Validity)
    );
}

#[test]
fn only_the_key_of_an_authority_issues() {
    let pki = Pki::new();
    let device = pki.leaf(Profile::Device);
    let request = Request {
        profile: Profile::Gateway,
        common_name: "hq-1",
        public_key: &device.key.public(),
        names: &[SubjectName::Holder(Holder::Hq("hq-1".into()))],
        claims: &Claims::default(),
        serial: &random_serial(),
        not_before_unix_ms: NOON,
        not_after_unix_ms: NOON + DAY,
    };
    assert_eq!(
        issue(&request, &device.key, &device.certificate),
        Err(IssueError::Issuer)
    );
    assert_eq!(
        issue(&request, &device.key, &pki.issuing),
        Err(IssueError::IssuerKey)
    );
    assert!(issue(&request, &pki.root_key, &pki.root).is_ok());
}

#[test]
fn an_unknown_anchor_is_untrusted_and_not_forged() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    let leaf = stranger.leaf(Profile::Device).certificate;
    // The stranger's authority has the same names as ours, and other keys.
    let verdict = verify_chain(
        &leaf,
        std::slice::from_ref(&stranger.issuing),
        &[pki.root],
        Profile::Device,
        NOON,
    );
    assert_eq!(
        verdict.trusted,
        Verdict::Failed(ChainFault::UnknownIssuer { depth: 1 })
    );
    assert_eq!(verdict.signature, Verdict::NotChecked);
    assert_eq!((verdict.in_date, verdict.profile), (Verdict::Ok, Verdict::Ok));
    let with_its_root = [stranger.issuing.clone(), stranger.root.clone()];
    let verdict = verify_chain(&leaf, &with_its_root, &[pki.issuing], Profile::Device, NOON);
    assert_eq!(
        verdict.trusted,
        Verdict::Failed(ChainFault::UnknownIssuer { depth: 2 })
    );
    let verdict = verify_chain(&leaf, &[], &[], Profile::Device, NOON);
    assert_eq!(
        verdict.trusted,
        Verdict::Failed(ChainFault::UnknownIssuer { depth: 0 })
    );
    assert!(!verdict.all_ok());
}

#[test]
fn a_forged_signature_is_forged_and_its_trust_is_not_checked() {
    let pki = Pki::new();
    let leaf = pki.leaf(Profile::Device).certificate;
    let mut der = leaf.der().to_vec();
    let place = der.windows(6).position(|window| window == b"T-0001").unwrap();
    der[place + 5] = b'2';
    let forged = Certificate::from_der(&der).unwrap();
    let verdict = judge(&pki, &forged, Profile::Device, NOON);
    assert_eq!(
        verdict.signature,
        Verdict::Failed(ChainFault::BadSignature { depth: 0 })
    );
    assert_eq!(verdict.trusted, Verdict::NotChecked);
}

#[test]
fn dates_are_judged_at_the_given_moment_along_the_whole_path() {
    let pki = Pki::new();
    let leaf = pki.leaf(Profile::Device).certificate;
    let in_date = |at| judge(&pki, &leaf, Profile::Device, at).in_date;
    assert_eq!(
        in_date(NOON - 1),
        Verdict::Failed(ChainFault::NotYetValid { depth: 0 })
    );
    assert_eq!(in_date(NOON), Verdict::Ok);
    assert_eq!(in_date(NOON + 90 * DAY + 999), Verdict::Ok);
    assert_eq!(
        in_date(NOON + 90 * DAY + 1000),
        Verdict::Failed(ChainFault::Expired { depth: 0 })
    );
    let eternal = pki
        .leaf_with(Profile::Device, KeyKind::P256, |request| {
            request.not_after_unix_ms = NOON + 9000 * DAY
        })
        .unwrap()
        .certificate;
    let late = judge(&pki, &eternal, Profile::Device, NOON + 701 * DAY);
    assert_eq!(late.in_date, Verdict::Failed(ChainFault::Expired { depth: 1 }));
    assert!(late.signature.is_ok() && late.trusted.is_ok());
}

#[test]
fn validity_beyond_2049_is_written_and_read() {
    let pki = Pki::new();
    let end = 2_556_144_000_000; // 2051-01-01
    let leaf = pki
        .leaf_with(Profile::Device, KeyKind::P256, |request| {
            request.not_after_unix_ms = end
        })
        .unwrap();
    assert_eq!(leaf.certificate.validity_unix_ms().1, end + 999);
}

#[test]
fn a_leaf_never_vouches_for_another() {
    let pki = Pki::new();
    let device = pki.leaf(Profile::Device);
    let named = |common_name: &str| {
        let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(
            rcgen::DnType::CommonName,
            rcgen::DnValue::Utf8String(common_name.into()),
        );
        params
    };
    let key = rcgen::KeyPair::from_pem(&device.key.to_pkcs8_pem()).unwrap();
    let issuer = rcgen::Issuer::new(named("T-0001"), key);
    let forged = named("T-0002")
        .signed_by(&rcgen::KeyPair::generate().unwrap(), &issuer)
        .unwrap();
    let forged = Certificate::from_der(forged.der()).unwrap();
    let verdict = verify_chain(
        &forged,
        &[device.certificate, pki.issuing],
        &[pki.root],
        Profile::Device,
        NOON,
    );
    assert!(!verdict.all_ok());
    assert_eq!(verdict.trusted, Verdict::Failed(ChainFault::TooLong));
}

#[test]
fn an_anchor_that_is_the_leaf_is_judged_by_its_own_signature_if_it_made_it() {
    let pki = Pki::new();
    let anchors = [pki.root.clone()];
    assert!(verify_chain(&pki.root, &[], &anchors, Profile::Root, NOON).all_ok());
    assert!(verify_chain(&pki.issuing, &[], &anchors, Profile::Issuing, NOON).all_ok());
    let pinned = std::slice::from_ref(&pki.issuing);
    let verdict = verify_chain(&pki.issuing, &[], pinned, Profile::Issuing, NOON);
    assert_eq!(
        (verdict.signature, verdict.trusted),
        (Verdict::NotChecked, Verdict::Ok)
    );
    assert!(!verdict.all_ok() && verdict.first_fault().is_none());
}

#[test]
fn no_single_bit_flip_of_a_certificate_is_accepted() {
    let pki = Pki::new();
    for profile in [Profile::Device, Profile::HqReceipt] {
        let leaf = pki.leaf(profile).certificate;
        for changed in bit_flips(leaf.der()) {
            let Ok(changed) = Certificate::from_der(&changed) else {
                continue;
            };
            assert_ne!(changed.fingerprint(), leaf.fingerprint());
            let verdict = judge(&pki, &changed, profile, NOON);
            assert!(!verdict.signature.is_ok() && !verdict.all_ok(), "{verdict:?}");
        }
    }
}

#[test]
fn trailing_bytes_and_oversized_input_are_refused() {
    let mut der = Pki::new().root.der().to_vec();
    der.push(0);
    assert_eq!(Certificate::from_der(&der), Err(CertificateError::Malformed));
    assert_eq!(
        Certificate::from_der(&vec![0x30; 20_000]),
        Err(CertificateError::TooLong)
    );
}

#[test]
fn pem_has_one_accepted_spelling() {
    let pki = Pki::new();
    let pem = pki.issuing.to_pem();
    assert_eq!(Certificate::parse_pem(&pem).as_ref(), Ok(&pki.issuing));
    let spellings = [
        pem.trim_end().to_owned(),
        format!("{pem}\n"),
        format!("comment\n{pem}"),
        pem.replace('\n', "\r\n"),
        pem.replace("CERTIFICATE", "X509 CERTIFICATE"),
    ];
    for spelling in spellings {
        assert!(Certificate::parse_pem(&spelling).is_err(), "{spelling}");
        assert!(Certificate::parse_pem_chain(&spelling).is_err(), "{spelling}");
    }
    let chain = format!("{pem}{}", pki.root.to_pem());
    assert_eq!(
        Certificate::parse_pem_chain(&chain).unwrap(),
        [pki.issuing, pki.root]
    );
    assert!(Certificate::parse_pem_chain("").is_err());
}

#[test]
fn a_foreign_certificate_with_an_unknown_critical_extension_is_refused() {
    let mut params = rcgen::CertificateParams::new(vec!["a.example".into()]).unwrap();
    let mut extension = rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    extension.set_criticality(true);
    params.custom_extensions.push(extension);
    let key = rcgen::KeyPair::generate().unwrap();
    let foreign = params.self_signed(&key).unwrap();
    assert_eq!(
        Certificate::from_der(foreign.der()),
        Err(CertificateError::UnknownCritical)
    );
}

#[test]
fn a_false_training_mark_or_an_unknown_protection_is_refused() {
    let refuse = |arc: &[u64], content: Vec<u8>| {
        let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
        let oid = [&[1, 3, 6, 1, 4, 1, 62999, 1], arc].concat();
        params
            .custom_extensions
            .push(rcgen::CustomExtension::from_oid_content(&oid, content));
        let der = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        Certificate::from_der(der.der()).err()
    };
    assert_eq!(
        refuse(&[3], vec![0x01, 0x01, 0x00]),
        Some(CertificateError::Extension)
    );
    assert_eq!(refuse(&[3], vec![0x01, 0x01, 0xff]), None);
    assert_eq!(
        refuse(&[2], vec![0x02, 0x01, 0x03]),
        Some(CertificateError::Extension)
    );
    assert_eq!(refuse(&[2], vec![0x02, 0x01, 0x02]), None);
    assert_eq!(
        refuse(&[1], vec![0x04, 0x01, 0x00]),
        Some(CertificateError::Extension)
    );
}

#[test]
fn urns_are_read_back_and_others_are_refused() {
    let holder = Holder::Agent("a7f3-0_9.z".into());
    assert_eq!(holder.to_urn(), "urn:neo2:agent:a7f3-0_9.z");
    assert_eq!(Holder::from_urn(&holder.to_urn()), Some(holder));
    for urn in [
        "urn:neo2:dev:",
        "urn:neo2:dog:x",
        "urn:neo2:dev:a b",
        "urn:neo2:dev:é",
        "neo2:dev:x",
        "urn:neo2:dev",
    ] {
        assert_eq!(Holder::from_urn(urn), None, "{urn}");
    }
    assert_eq!(
        Holder::from_urn(&format!("urn:neo2:dev:{}", "x".repeat(65))),
        None
    );
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), text in ".{0,200}") {
        prop_assert!(Certificate::from_der(&bytes).is_err());
        prop_assert!(Certificate::parse_pem(&text).is_err());
    }

    #[test]
    fn a_certificate_with_a_piece_replaced_never_panics(at in 0_usize..900, piece in prop::collection::vec(any::<u8>(), 1..9)) {
        thread_local! {
            static DER: Vec<u8> = Pki::new().leaf(Profile::Device).certificate.der().to_vec();
        }
        let mut der = DER.with(Vec::clone);
        let at = at % (der.len() - piece.len());
        der[at..at + piece.len()].copy_from_slice(&piece);
        let _ = Certificate::from_der(&der);
    }
}

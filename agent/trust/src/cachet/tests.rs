//! Seals held against signers: every flipped bit, every reason to refuse.

mod fixture;
mod published;

use data_encoding::{BASE32_NOPAD, BASE64, HEXLOWER};
use domain::enrolment::Der;
use domain::identity::cachet::Revocations;
use proptest::prelude::*;

use super::*;

use fixture::{HEADER, Issuer, KINDS, Key, Kind, MESSAGE, World, sealed, tsl_moment};
pub(super) use fixture::{NOON, against, verdicts};

#[test]
fn a_seal_on_each_curve_is_proven_with_its_signer_and_nothing_is_said_of_its_status() {
    for kind in KINDS {
        let world = World::new(kind);
        let reading = world.read(&world.seal());
        assert_eq!(verdicts(&reading), [Verdict::Proven; 4]);
        assert_eq!(reading.faults, []);
        let signer = reading.signer.unwrap();
        assert_eq!(
            (signer.name.as_str(), signer.authority.as_str()),
            ("ORGANISME SPECIMEN", "FR99")
        );
        assert_eq!(signer.validity.1, CivilDate::new(2027, 12, 31).unwrap());
        assert_eq!(reading.list.unwrap().age_days, 0);
    }
}

#[test]
fn every_flipped_bit_of_what_is_signed_and_of_the_signature_is_refused() {
    for kind in KINDS {
        let world = World::new(kind);
        let seal = world.seal();
        let mut refuted = 0;
        for bit in 0..seal.len() * 8 {
            let mut flipped = seal.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let Some(reading) = read(&flipped, Carrier::DataMatrix, against(Some(&world.list))) else {
                continue;
            };
            assert_ne!(reading.verdicts.signature, Verdict::Proven, "bit {bit}");
            refuted += usize::from(reading.verdicts.signature == Verdict::Refuted);
        }
        // A changed header may name nobody that is known, or be none.
        assert!(refuted >= (seal.len() - HEADER.len()) * 8, "{refuted}");
    }
}

#[test]
fn fields_that_nobody_can_read_do_not_touch_the_signature() {
    let world = World::new(Kind::P256);
    let signed = format!("{HEADER}??\u{1d}69AAAAAAAA");
    let signature = BASE32_NOPAD.encode(&world.signer.sign(signed.as_bytes()));
    let reading = world.read(format!("{signed}\u{1f}{signature}").as_bytes());
    assert_eq!(verdicts(&reading)[..2], [Verdict::NotChecked, Verdict::Proven]);
    assert_eq!(reading.faults, [Fault::ContentNotWhole]);
}

#[test]
fn an_annex_may_say_anything_and_stays_unsigned() {
    let world = World::new(Kind::P256);
    let mut seal = world.seal();
    seal.extend(b"\x1d62AUTRE");
    let reading = world.read(&seal);
    assert_eq!(reading.verdicts.signature, Verdict::Proven);
    assert_eq!(reading.annex[0].value.reveal(), "AUTRE");
    assert!(reading.fields.iter().all(|field| field.value.reveal() != "AUTRE"));
}

#[test]
fn without_a_list_or_in_an_unknown_one_nothing_is_checked() {
    let world = World::new(Kind::P256);
    let none = read(&world.seal(), Carrier::Other, against(None)).unwrap();
    assert_eq!(verdicts(&none)[1..], [Verdict::NotChecked; 3]);
    assert_eq!(none.faults, [Fault::NoList]);
    assert_eq!(none.list, None);
    let other = world.read(&sealed(&world.signer, &HEADER.replace("AB01", "AB02")));
    assert_eq!(verdicts(&other)[1..], [Verdict::NotChecked; 3]);
    assert_eq!(other.faults, [Fault::SignerUnknown]);
}

#[test]
fn a_certificate_that_only_claims_its_authority_is_refused_although_its_signature_holds() {
    let mut world = World::new(Kind::P256);
    let forger = Issuer::new("FR99", Kind::P256);
    let leaf = forger.issue("AB01", &world.signer.spki(), 7, false);
    world.list.signers[0].certificate = Der(leaf);
    let reading = world.read(&world.seal());
    assert_eq!(verdicts(&reading)[1..3], [Verdict::Proven, Verdict::Refuted]);
    assert_eq!(reading.faults, [Fault::NotIssuedByAuthority]);
    world.list.authorities.clear();
    let reading = world.read(&world.seal());
    assert_eq!(verdicts(&reading)[1..3], [Verdict::Proven, Verdict::NotChecked]);
    assert_eq!(reading.faults, [Fault::AuthorityUnknown]);
}

#[test]
fn a_signer_does_not_issue_certificates() {
    let mut world = World::new(Kind::P256);
    let second = Key::new(Kind::P256);
    let signer = Issuer {
        name: "FR99",
        key: Key::new(Kind::P256),
    };
    let leaf = signer.issue("FR99", &signer.key.spki(), 3, false);
    world.list.authorities[0].certificate = Der(leaf);
    world.list.signers[0].certificate = Der(signer.issue("AB01", &second.spki(), 7, false));
    let reading = world.read(&sealed(&second, HEADER));
    assert_eq!(verdicts(&reading)[1..3], [Verdict::Proven, Verdict::NotChecked]);
    assert_eq!(reading.faults, [Fault::AuthorityUnknown]);
}

#[test]
fn a_revoked_signer_is_refused_whatever_the_date() {
    let mut world = World::new(Kind::P384);
    let mut gathering = Gathering::default();
    gathering.certificate(&world.issuer.certificate()).unwrap();
    gathering
        .certificate(&world.list.signers[0].certificate.0)
        .unwrap();
    gathering.revocations(world.issuer.revokes(&[9]));
    gathering.revocations(world.issuer.revokes(&[9, 7]));
    let same_day = gathering.list("test", NOON).unwrap();
    assert_eq!(
        same_day.authorities[0].revocations.as_ref().unwrap().serials,
        ["9"]
    );
    world.list.authorities[0].revocations = Some(Revocations {
        serials: vec!["7".to_owned(), "9".to_owned()],
        ..same_day.authorities[0].revocations.clone().unwrap()
    });
    let reading = world.read(&world.seal());
    assert_eq!(verdicts(&reading)[1..3], [Verdict::Proven, Verdict::Refuted]);
    assert_eq!(reading.faults, [Fault::SignerRevoked]);
}

#[test]
fn a_list_of_revoked_certificates_of_a_stranger_is_not_taken() {
    let world = World::new(Kind::P256);
    let mut gathering = Gathering::default();
    gathering.certificate(&world.issuer.certificate()).unwrap();
    gathering.revocations(Issuer::new("FR99", Kind::P256).revokes(&[7]));
    let refused = gathering.list("test", NOON);
    let expected = GatheringError::Revocations {
        position: 0,
        source: OutsideError::StrangeCrl,
    };
    assert_eq!(refused, Err(expected));
}

#[test]
fn what_nobody_knows_of_revocations_is_said() {
    let mut world = World::new(Kind::P256);
    world.list.authorities[0].revocations = None;
    let reading = world.read(&world.seal());
    assert_eq!(reading.faults, [Fault::RevocationUnknown]);
    assert_eq!(reading.verdicts.issuer_trusted, Verdict::Proven);
}

#[test]
fn the_standing_of_an_authority_counts_at_the_day_of_the_signature() {
    let mut world = World::new(Kind::P256);
    let seal = world.seal();
    let day = |text: &str| Some(tsl_moment(text));
    for (standing, since, verdict, fault) in [
        (
            Standing::Withdrawn,
            day("2025-11-29T00:00:00Z"),
            Verdict::Proven,
            None,
        ),
        (
            Standing::Withdrawn,
            day("2025-11-28T00:00:00Z"),
            Verdict::Refuted,
            Some(Fault::AuthorityWithdrawn),
        ),
        (
            Standing::Withdrawn,
            None,
            Verdict::Refuted,
            Some(Fault::AuthorityWithdrawn),
        ),
        (
            Standing::Revoked,
            day("2025-11-29T00:00:00Z"),
            Verdict::Refuted,
            Some(Fault::AuthorityRevoked),
        ),
        (
            Standing::Unstated,
            None,
            Verdict::Proven,
            Some(Fault::AuthorityUnstated),
        ),
    ] {
        world.list.authorities[0].standing = standing;
        world.list.authorities[0].since = since;
        let reading = world.read(&seal);
        assert_eq!(reading.verdicts.issuer_trusted, verdict, "{standing:?}");
        assert_eq!(reading.faults, fault.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_seal_made_outside_the_validity_of_its_certificate_is_out_of_date() {
    let world = World::new(Kind::P256);
    for (day, verdict, fault) in [
        ("23AB", Verdict::Refuted, Some(Fault::SignerOutOfDate)),
        ("23AC", Verdict::Proven, None),
        ("27F2", Verdict::Proven, None),
        ("27F3", Verdict::Refuted, Some(Fault::SignerOutOfDate)),
        ("FFFF", Verdict::NotChecked, Some(Fault::SignatureUndated)),
    ] {
        let reading = world.read(&sealed(&world.signer, &HEADER.replace("24F7", day)));
        assert_eq!(
            verdicts(&reading)[1..],
            [Verdict::Proven, Verdict::Proven, verdict],
            "{day}"
        );
        assert_eq!(reading.faults, fault.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_document_past_its_end_is_out_of_date_and_signed_all_the_same() {
    let world = World::new(Kind::P256);
    let seal = |end: &str| {
        let signed = format!("{}6O{end}", HEADER.replace("0701FR", "1301FR"));
        let signature = BASE32_NOPAD.encode(&world.signer.sign(signed.as_bytes()));
        world.read(format!("{signed}\u{1f}{signature}").as_bytes())
    };
    assert_eq!(verdicts(&seal("21112026")), [Verdict::Proven; 4]);
    let ended = seal("20112026");
    assert_eq!(
        verdicts(&ended),
        [
            Verdict::Proven,
            Verdict::Proven,
            Verdict::Proven,
            Verdict::Refuted
        ]
    );
    assert_eq!(ended.faults, [Fault::DocumentExpired]);
}

#[test]
fn an_old_list_and_one_that_nobody_verified_say_so() {
    let mut world = World::new(Kind::P256);
    world.list.issued = UnixMs(NOON.0 - 400 * UnixMs::DAY);
    world.list.next_update = Some(UnixMs(NOON.0 - 200 * UnixMs::DAY));
    world.list.signature = Verdict::NotChecked;
    let reading = world.read(&world.seal());
    assert_eq!(reading.faults, [Fault::ListOutdated, Fault::ListUnverified]);
    let list = reading.list.unwrap();
    assert_eq!((list.age_days, list.is_outdated), (400, true));
}

#[test]
fn a_missing_or_unreadable_signature_is_refuted_when_its_signer_is_known() {
    let world = World::new(Kind::P256);
    for (behind, fault) in [
        ("", Fault::SignatureMissing),
        ("\u{1f}", Fault::SignatureMissing),
        ("\u{1f}SIGNATURE", Fault::SignatureMalformed),
        ("\u{1f}AAAAAAAA", Fault::SignatureWrong),
    ] {
        let reading = world.read(format!("{HEADER}{MESSAGE}{behind}").as_bytes());
        assert_eq!(reading.verdicts.signature, Verdict::Refuted);
        assert_eq!(reading.faults, [fault]);
    }
}

/// The specification's example of page 197, and the public key of the certificate FR00/0001 that signed it.
const SPECIMEN: &[u8] = b"DC03FR0000011823180BA201AHABC1234567890DEF\x1dAI30112019\x1fGS6BVV7JXCKKTTYIX2WH5IX4IXQCH3TKMEKYQ3LTXQGCH4JFTX566VJ5IKBTHGKQ6QVHQQF6COXUPAIADDWFNDEJSEHFJIX77K6IVXQ";
const SPECIMEN_KEY: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004a98f0d7ccd62808893bec4d436e79d1834a1d6e001d70f1c4cdccd9d9e2fe229f7240514e8ddc0ca98d0c7440c9cc492849a0fbda73fc392f4da0ae07f84c23c";

#[test]
fn a_specimen_verifies_in_tests_alone() {
    let issuer = Issuer::new("FR00", Kind::P256);
    let spki = HEXLOWER.decode(SPECIMEN_KEY.as_bytes()).unwrap();
    let mut gathering = Gathering::default();
    gathering.certificate(&issuer.certificate()).unwrap();
    gathering
        .certificate(&issuer.issue("0001", &spki, 7, false))
        .unwrap();
    let list = gathering.list("test", NOON).unwrap();
    let real = read(SPECIMEN, Carrier::Other, against(Some(&list))).unwrap();
    assert_eq!(verdicts(&real)[1..3], [Verdict::NotChecked, Verdict::Refuted]);
    assert_eq!(real.faults, [Fault::TestSigner]);
    let tests = Against {
        authorities: Authorities::WithTests,
        ..against(Some(&list))
    };
    let reading = read(SPECIMEN, Carrier::Other, tests).unwrap();
    assert_eq!(reading.verdicts.signature, Verdict::Proven);
}

/// A certificate of permanent residence and its signer's certificate (brainpoolP256r1), as vdstools publishes them.
const RESIDENCE: &[u8] = b"RDB1BNK6ADJL2PECXOABAHIMWCFMCAYQDQM3TI2XIGCCZ5EQDQM3TNUSIMAIQP5AIZJ6II7FQTQ2UNWUMTMXIXETVCSSXKBK7RFWGXX3JBLHXTPV26M2GBN42UWTEQB45P4C4X7JK5WI2VQW5IBV3YNDPHELTYIU54PQ4P4";
const RESIDENCE_SIGNER: &str = "MIIBuDCCAT6gAwIBAgIBWzAKBggqhkjOPQQDAjA+MQswCQYDVQQGEwJVVDEQMA4GA1UEChMHdHNlbmdlcjEQMA4GA1UECxMHc2VhbGdlbjELMAkGA1UEAxMCVFMwHhcNMjAwNjEwMDcxNTAwWhcNMzAwNjEwMDcxNTAwWjA+MQswCQYDVQQGEwJVVDEQMA4GA1UEChMHdHNlbmdlcjEQMA4GA1UECxMHc2VhbGdlbjELMAkGA1UEAxMCVFMwWjAUBgcqhkjOPQIBBgkrJAMDAggBAQcDQgAECBMqckOzzMKcJxCXCByWpynu+465NjDlNkmOm3zhztJdaKeJ2TvvOcBHFcWtORXSgcB1TswIUIv2ZofvxjDfiKMsMCowCQYDVR0TBAIwADAdBgNVHQ4EFgQUrca6/HbUmqLZL/rOk9cQM4MsbpYwCgYIKoZIzj0EAwIDaAAwZQIxAIf4XIqjMmWe1+wwuLYWUzUxWPXuaEHEXDuY/R8U8DZiA8k0E2x0RDmPf+01kwAgNAIwepUJBSY1wPrO64OwCtVtNFpI6a+bfifBMBtcR8NHqR5GQiNVEXTfup+FvtojUPRS";

#[test]
fn a_barcode_of_the_icao_on_a_brainpool_curve_verifies_and_no_flipped_bit_does() {
    let mut gathering = Gathering::default();
    gathering
        .certificate(&BASE64.decode(RESIDENCE_SIGNER.as_bytes()).unwrap())
        .unwrap();
    let list = gathering.list("test", NOON).unwrap();
    let reading = read(RESIDENCE, Carrier::Other, against(Some(&list))).unwrap();
    assert_eq!(
        verdicts(&reading)[..3],
        [Verdict::Proven, Verdict::Proven, Verdict::NotChecked]
    );
    let payload = BASE32_NOPAD.decode(&RESIDENCE[5..]).unwrap();
    let mut looked_at = 0;
    for bit in 0..payload.len() * 8 {
        let mut flipped = payload.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let text = format!("RDB1B{}", BASE32_NOPAD.encode(&flipped));
        if let Some(reading) = read(text.as_bytes(), Carrier::Other, against(Some(&list))) {
            looked_at += 1;
            assert_ne!(reading.verdicts.signature, Verdict::Proven, "bit {bit}");
        }
    }
    assert!(looked_at > payload.len() * 6, "{looked_at}");
}

#[test]
fn a_visible_digital_seal_is_held_against_the_certificate_of_its_serial_number() {
    let issuer = Issuer::new("ZZ", Kind::P256);
    let signer = Key::new(Kind::P256);
    let mut gathering = Gathering::default();
    gathering.certificate(&issuer.certificate()).unwrap();
    gathering
        .certificate(&issuer.issue("DETS", &signer.spki(), 0x32, false))
        .unwrap();
    let mut list = gathering.list("test", NOON).unwrap();
    // The certificate names no country, so its name alone is the signer.
    assert_eq!(
        (list.signers[0].authority.as_str(), list.signers[0].id.as_str()),
        ("DETS", "32")
    );
    list.authorities[0].standing = Standing::Recognised;
    list.signature = Verdict::Proven;
    // D<<, DETS, 00032, twice 28 November 2025, residence permit, passport number.
    let mut seal = HEXLOWER.decode(b"dc026abc6d32c8a51a1f").unwrap();
    let date = 11_282_025_u32.to_be_bytes();
    seal.extend(&date[1..]);
    seal.extend(&date[1..]);
    seal.extend([0xfb, 0x06, 0x03, 0x06, 0xd7, 0x95, 0x19, 0xa6, 0x53, 0x06]);
    let signature = signer.sign(&seal);
    seal.extend([0xff, 64]);
    seal.extend(signature);
    let reading = read(&seal, Carrier::DataMatrix, against(Some(&list))).unwrap();
    assert_eq!(
        (reading.authority.as_str(), reading.certificate.as_str()),
        ("DETS", "32")
    );
    assert_eq!(verdicts(&reading), [Verdict::Proven; 4], "{:?}", reading.faults);
    for bit in 0..seal.len() * 8 {
        let mut flipped = seal.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Some(reading) = read(&flipped, Carrier::DataMatrix, against(Some(&list))) {
            assert_ne!(reading.verdicts.signature, Verdict::Proven, "bit {bit}");
        }
    }
}

#[test]
fn the_seal_of_an_identity_card_is_neither_valid_nor_false() {
    let world = World::new(Kind::P256);
    let reading = world.read(&[b'7'; 200]);
    assert_eq!(reading.kind, CachetKind::Cnie);
    assert_eq!(verdicts(&reading), [Verdict::NotChecked; 4]);
    assert_eq!(reading.faults, [Fault::NotVerifiableHere]);
}

proptest! {
    #[test]
    fn any_bytes_against_any_list_are_judged_without_a_panic(
        start in prop_oneof![Just(HEADER.to_owned()), Just("RDB1B".to_owned()), Just(String::new())],
        rest in prop::collection::vec(any::<u8>(), 0..200),
        certificate in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let list = TrustList {
            origin: String::new(),
            issued: NOON,
            next_update: None,
            sequence: 0,
            signature: Verdict::NotChecked,
            authorities: Vec::new(),
            signers: vec![domain::identity::cachet::Signer {
                authority: "FR99".to_owned(),
                id: "AB01".to_owned(),
                certificate: Der(certificate.clone()),
            }],
        };
        let bytes: Vec<u8> = start.bytes().chain(rest).collect();
        if let Some(reading) = read(&bytes, Carrier::DataMatrix, against(Some(&list))) {
            prop_assert_ne!(reading.verdicts.signature, Verdict::Proven);
            prop_assert_ne!(reading.verdicts.issuer_trusted, Verdict::Proven);
        }
        let _ = Gathering::default().certificate(&certificate);
        let _ = tsl::read(&String::from_utf8_lossy(&bytes));
    }
}

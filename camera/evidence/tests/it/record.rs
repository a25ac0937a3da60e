//! The folder of an act: good, spoiled, and put together from parts that do not belong together.

use domain::UnixMs;
use domain::canonical::Digest;
use domain::enrolment::KeyProtection;
use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::id::{DeviceId, EnvelopeId, OfficerId};
use domain::record::DocumentDigest;
use evidence::folder::Files;
use evidence::report::{Fault, Limit, Link, Outcome, Question, Report, Subject, Verdict, verify};
use proptest::prelude::*;

use crate::fixture::{Changes, DAY, NONE, NOON, World, document, with_new_sums};
use crate::flips;

fn report(world: &World, files: &Files) -> Report {
    verify(files, std::slice::from_ref(&world.root), &[])
}

fn outcome(world: &World, files: &Files) -> Outcome {
    report(world, files).outcome()
}

#[track_caller]
fn failed_with(report: &Report, question: Question, fault: &Fault) {
    let faults = match report.verdict(question) {
        Some(Verdict::Failed(faults)) => faults.as_slice(),
        Some(Verdict::Ok | Verdict::NotChecked) | None => &[],
    };
    assert!(faults.contains(fault), "{question:?}: {faults:?}");
}

#[test]
fn a_good_folder_is_ok_and_says_what_it_did_not_look_at() {
    let world = World::new();
    let report = report(&world, &world.act(&NONE));
    assert_eq!(report.outcome(), Outcome::Ok);
    assert_eq!(report.subject, Subject::Record);
    assert_eq!(report.checks.len(), 12);
    assert!(report.checks.iter().all(|check| check.verdict == Verdict::Ok));
    for limit in [
        Limit::Revocation,
        Limit::TerminalClock,
        Limit::SealedCopy,
        Limit::Truth,
    ] {
        assert!(report.limits.contains(&limit));
    }
    let record = report.claims.record.unwrap();
    assert_eq!(record.number.unwrap().to_string(), "2026/000123");
    assert_eq!(record.protection, KeyProtection::File);
}

#[test]
fn no_flipped_bit_is_accepted_even_when_the_sums_are_made_anew() {
    let world = World::new();
    let step = |name: &str| match name {
        "document.pdf" => 101,
        "record.cose" | "receipt.cose" => 1,
        name if name.ends_with(".cose") || name.ends_with(".pem") => 5,
        _ => 16,
    };
    let flips = flips::check(&world, &world.act(&NONE), step);
    assert!(flips > 1500, "{flips}");
}

#[test]
fn a_time_stamp_is_held_against_record_authority_and_receipt_and_its_absence_is_told() {
    const HOUR: i64 = 3_600_000;
    let world = World::new();
    let bare = world.act(&NONE);
    let told = report(&world, &bare);
    assert_eq!(told.outcome(), Outcome::Ok);
    assert!(told.limits.contains(&Limit::NoStamp));
    assert_eq!(told.verdict(Question::Stamp), None);
    let with = |response: Vec<u8>| {
        let mut files = bare.clone();
        files.insert("stamp.tsr".to_owned(), response);
        with_new_sums(files)
    };
    let record = bare["record.cose"].clone();
    let stamped = with(world.stamp(&record, HOUR));
    let good = report(&world, &stamped);
    assert_eq!(good.outcome(), Outcome::Ok, "{good:?}");
    assert_eq!(good.verdict(Question::Stamp), Some(&Verdict::Ok));
    assert!(!good.limits.contains(&Limit::NoStamp));
    assert_eq!(good.claims.stamped_at.map(|at| at.0), Some(NOON + HOUR));
    let stranger = World::new();
    for (response, outcome) in [
        (world.stamp(b"another record", HOUR), Outcome::Tampered),
        (world.stamp(&record, -HOUR), Outcome::Untrusted),
        (world.stamp(&record, 3 * HOUR), Outcome::Untrusted),
        (stranger.stamp(&record, HOUR), Outcome::Untrusted),
        (record.clone(), Outcome::Unreadable),
    ] {
        let found = report(&world, &with(response));
        assert_eq!(found.outcome(), outcome, "{:?}", found.verdict(Question::Stamp));
    }
    let flips = flips::check(&world, &stamped, |name| if name == "stamp.tsr" { 1 } else { 400 });
    assert!(flips > 900, "{flips}");
}

#[test]
fn a_changed_copy_or_document_is_tampered_and_named() {
    let world = World::new();
    let good = world.act(&NONE);
    let names = [
        "record.cbor",
        "record.tbs",
        "receipt.sig",
        "envelope.sig.der",
        "document.pdf",
    ];
    for name in names {
        let mut files = good.clone();
        files.get_mut(name).unwrap()[5] ^= 1;
        let file = name.to_owned();
        let sums_as_they_were = report(&world, &files);
        assert_eq!(sums_as_they_were.outcome(), Outcome::Tampered, "{name}");
        failed_with(
            &sums_as_they_were,
            Question::Copies,
            &Fault::SumDiffers { file: file.clone() },
        );
        let new_sums = report(&world, &with_new_sums(files));
        assert_eq!(new_sums.outcome(), Outcome::Tampered, "{name}");
        if name == "document.pdf" {
            failed_with(&new_sums, Question::Document, &Fault::DocumentChanged);
        } else {
            failed_with(&new_sums, Question::Copies, &Fault::FileChanged { file });
        }
    }
}

#[test]
fn the_list_of_sums_has_every_file_once_in_order_and_nothing_else() {
    let world = World::new();
    let good = world.act(&NONE);
    let list = String::from_utf8(good["SHA256SUMS"].clone()).unwrap();
    let (first, rest) = list.split_once('\n').unwrap();
    let lists = [
        format!("{list}junk\n"),
        format!("{list}\n"),
        format!("{list}{}  record.txt\n", "0".repeat(64)),
        format!("{list}{first}\n"),
        format!("{rest}{first}\n"),
        rest.to_owned(),
        list.trim_end().to_owned(),
        list.replace("  ", " *"),
        String::new(),
    ];
    for list in lists {
        let mut files = good.clone();
        files.insert("SHA256SUMS".to_owned(), list.clone().into_bytes());
        assert_eq!(outcome(&world, &files), Outcome::Tampered, "{list}");
    }
}

#[test]
fn a_missing_file_is_incomplete_whichever_it_is() {
    let world = World::new();
    let good = world.act(&NONE);
    for name in good.keys() {
        let mut files = good.clone();
        files.remove(name);
        let report = report(&world, &files);
        assert_eq!(report.outcome(), Outcome::Incomplete, "{name}");
        failed_with(
            &report,
            Question::Files,
            &Fault::FileMissing { file: name.clone() },
        );
        if name != "SHA256SUMS" {
            assert_eq!(
                outcome(&world, &with_new_sums(files)),
                Outcome::Incomplete,
                "{name}, new sums"
            );
        }
    }
    assert_eq!(outcome(&world, &Files::new()), Outcome::Incomplete);
}

#[test]
fn an_extra_file_is_incomplete_whether_the_sums_list_it_or_not() {
    let world = World::new();
    for name in [
        "notes.txt",
        "seg/00000000.bin",
        "receipt.sig.der",
        "record.cose ",
        "clip.mp4",
    ] {
        let mut files = world.act(&NONE);
        files.insert(name.to_owned(), b"x".to_vec());
        let report = report(&world, &files);
        assert_eq!(report.outcome(), Outcome::Incomplete, "{name}");
        failed_with(
            &report,
            Question::Files,
            &Fault::FileUnexpected {
                file: name.to_owned(),
            },
        );
        assert_eq!(
            outcome(&world, &with_new_sums(files)),
            Outcome::Incomplete,
            "{name}, new sums"
        );
    }
}

#[test]
fn a_cut_file_is_unreadable_or_tampered() {
    let world = World::new();
    let good = world.act(&NONE);
    for (name, bytes) in &good {
        for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            let mut files = good.clone();
            files.insert(name.clone(), bytes[..length].to_vec());
            let outcome = outcome(&world, &files);
            assert!(
                matches!(outcome, Outcome::Tampered | Outcome::Unreadable),
                "{name} cut to {length}: {outcome:?}"
            );
        }
    }
}

#[test]
fn other_anchors_even_of_the_same_name_and_none_at_all_are_untrusted() {
    let world = World::new();
    let files = world.act(&NONE);
    let other = World::new();
    for anchors in [
        vec![],
        vec![other.root.clone()],
        vec![other.root, other.camera_root],
    ] {
        assert_eq!(verify(&files, &anchors, &[]).outcome(), Outcome::Untrusted);
    }
    let as_camera_root = verify(&files, &[], std::slice::from_ref(&world.root));
    assert_eq!(as_camera_root.outcome(), Outcome::Untrusted);
}

#[test]
fn certificates_are_judged_when_they_signed_and_never_today() {
    let world = World::new();
    let at_the_end = Changes {
        record: |record| record.signed_at.utc = UnixMs(NOON + 89 * DAY),
        envelope: |envelope| envelope.created.utc = UnixMs(NOON + 89 * DAY),
        receipt: |receipt| receipt.at = UnixMs(NOON + 89 * DAY),
    };
    assert_eq!(outcome(&world, &world.act(&at_the_end)), Outcome::Ok);
    let too_late = Changes {
        record: |record| record.signed_at.utc = UnixMs(NOON + 91 * DAY),
        envelope: |envelope| envelope.created.utc = UnixMs(NOON + 89 * DAY),
        receipt: |receipt| receipt.at = UnixMs(NOON + 91 * DAY),
    };
    let too_early = Changes {
        record: |record| record.signed_at.utc = UnixMs(NOON - 2 * DAY),
        ..NONE
    };
    let received_before = Changes {
        receipt: |receipt| receipt.at = UnixMs(NOON - DAY / 2),
        ..NONE
    };
    for changes in [too_late, too_early, received_before] {
        let report = report(&world, &world.act(&changes));
        assert_eq!(report.outcome(), Outcome::Untrusted);
        assert!(matches!(
            report.verdict(Question::Dates),
            Some(Verdict::Failed(_))
        ));
    }
}

#[test]
fn a_terminal_clock_somewhat_ahead_of_hq_is_no_fault() {
    let world = World::new();
    let changes = Changes {
        receipt: |receipt| receipt.at = UnixMs(NOON - 60_000),
        ..NONE
    };
    assert_eq!(outcome(&world, &world.act(&changes)), Outcome::Ok);
}

#[test]
fn parts_that_are_not_about_each_other_are_tampered() {
    let world = World::new();
    let table = [
        (
            Changes {
                envelope: |e| e.record = Digest::of(b"another"),
                ..NONE
            },
            Link::EnvelopeRecord,
        ),
        (
            Changes {
                record: |r| r.context.device = DeviceId::parse("neo-8").unwrap(),
                ..NONE
            },
            Link::EnvelopeDevice,
        ),
        (
            Changes {
                receipt: |r| r.envelope = EnvelopeId::from_bytes([9; 16]),
                ..NONE
            },
            Link::ReceiptEnvelope,
        ),
        (
            Changes {
                receipt: |r| r.envelope_digest = Digest::of(b"another"),
                ..NONE
            },
            Link::ReceiptEnvelope,
        ),
        (
            Changes {
                receipt: |r| r.record_digest = Some(Digest::of(b"another")),
                ..NONE
            },
            Link::ReceiptRecord,
        ),
        (
            Changes {
                receipt: |r| r.record_digest = None,
                ..NONE
            },
            Link::ReceiptRecord,
        ),
        (
            Changes {
                receipt: |r| r.device = DeviceId::parse("neo-8").unwrap(),
                ..NONE
            },
            Link::ReceiptDevice,
        ),
        (
            Changes {
                record: |r| r.context.author.id = OfficerId::from_bytes([7; 16]),
                ..NONE
            },
            Link::RecordHolder,
        ),
        (
            Changes {
                envelope: |e| e.device = DeviceId::parse("neo-8").unwrap(),
                ..NONE
            },
            Link::EnvelopeHolder,
        ),
        (
            Changes {
                record: |r| r.context.formation = true,
                ..NONE
            },
            Link::Formation,
        ),
    ];
    for (changes, link) in table {
        let report = report(&world, &world.act(&changes));
        assert_eq!(report.outcome(), Outcome::Tampered, "{link:?}");
        failed_with(&report, Question::Links, &Fault::Link(link));
    }
}

#[test]
fn a_file_of_another_folder_does_not_fit() {
    let world = World::new();
    let (good, another) = (world.act(&NONE), World::new().act(&NONE));
    for (name, bytes) in another
        .iter()
        .filter(|(name, _)| *name != "SHA256SUMS" && !name.ends_with(".sig.der"))
    {
        let mut files = good.clone();
        files.insert(name.clone(), bytes.clone());
        if files == good {
            continue;
        }
        let outcome = outcome(&world, &with_new_sums(files));
        let refused =
            matches!(outcome, Outcome::Tampered) || (name == "issuing.pem" && outcome == Outcome::Untrusted);
        assert!(refused, "{name}: {outcome:?}");
    }
}

#[test]
fn a_record_that_hq_refused_is_incomplete() {
    let world = World::new();
    let status =
        |r: &mut domain::envelope::Receipt| r.status = ReceiptStatus::Refused(RefusalCode::CorrectionAsked);
    let report = report(
        &world,
        &world.act(&Changes {
            receipt: status,
            ..NONE
        }),
    );
    assert_eq!(report.outcome(), Outcome::Incomplete);
    failed_with(&report, Question::Links, &Fault::Refused);
}

#[test]
fn a_format_version_from_the_future_is_unreadable() {
    let world = World::new();
    for changes in [
        Changes {
            record: |record| record.version = 2,
            ..NONE
        },
        Changes {
            envelope: |envelope| envelope.version = 2,
            ..NONE
        },
        Changes {
            receipt: |receipt| receipt.version = 2,
            ..NONE
        },
    ] {
        assert_eq!(outcome(&world, &world.act(&changes)), Outcome::Unreadable);
    }
}

#[test]
fn the_document_is_the_named_one_with_or_without_its_own_signature() {
    let world = World::new();
    let good = world.act(&NONE);
    let mut unsigned = good.clone();
    unsigned.insert("document.pdf".to_owned(), document());
    let unsigned = report(&world, &with_new_sums(unsigned));
    assert_eq!(unsigned.outcome(), Outcome::Ok);
    assert!(unsigned.limits.contains(&Limit::DocumentUnsigned));

    let tails: [(Vec<u8>, Fault); 2] = [
        ([document(), b"\nmore".to_vec()].concat(), Fault::DocumentTail),
        (World::new().signed_document(), Fault::DocumentSigner),
    ];
    for (pdf, fault) in tails {
        let mut files = good.clone();
        files.insert("document.pdf".to_owned(), pdf);
        let report = report(&world, &with_new_sums(files));
        assert_eq!(report.outcome(), Outcome::Tampered);
        failed_with(&report, Question::DocumentSignature, &fault);
    }

    let elsewhere = Changes {
        record: |r| {
            r.document = Some(DocumentDigest {
                sha256: Digest::of(b"another"),
                bytes: u64::MAX,
            })
        },
        ..NONE
    };
    assert_eq!(outcome(&world, &world.act(&elsewhere)), Outcome::Tampered);
    let nowhere = Changes {
        record: |r| r.document = None,
        ..NONE
    };
    assert_eq!(
        outcome(&world, &world.act(&nowhere)),
        Outcome::Incomplete,
        "an unnamed document is one too many"
    );
}

#[test]
fn an_authority_that_vouches_for_nobody_is_noticed() {
    let world = World::new();
    let mut files = world.act(&NONE);
    let stranger = World::new().act(&NONE)["issuing.pem"].clone();
    files.get_mut("issuing.pem").unwrap().extend(stranger);
    let report = report(&world, &with_new_sums(files));
    assert_eq!(report.outcome(), Outcome::Untrusted);
    failed_with(
        &report,
        Question::RecordSigner,
        &Fault::IdleAuthority {
            file: "issuing.pem".to_owned(),
        },
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn random_files_never_panic_and_are_never_ok(
        contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 22)
    ) {
        const NAMES: [&str; 22] = [
            "record.cose", "record.cbor", "record.tbs", "record.sig.der", "envelope.cose", "envelope.cbor",
            "envelope.tbs", "envelope.sig.der", "receipt.cose", "receipt.cbor", "receipt.tbs", "receipt.sig",
            "signer.pem", "device.pem", "receipt-signer.pem", "issuing.pem", "SHA256SUMS", "document.pdf",
            "camera.cose", "camera.pem", "clip.mp4", "proof.cbor",
        ];
        let files: Files = NAMES.iter().map(|name| (*name).to_owned()).zip(contents).collect();
        prop_assert_eq!(verify(&files, &[], &[]).outcome(), Outcome::Unreadable);
    }
}

#[test]
fn every_photograph_that_the_record_names_is_there_and_is_the_one() {
    let world = World::new();
    let photo: &[u8] = &[0xff, 0xd8, 0xff, 0xe0];
    let file = || "photos/photo-1.jpg".to_owned();
    let good = report(&world, &world.photographed(&[("photo-1.jpg", photo)]));
    assert_eq!(good.outcome(), Outcome::Ok);
    assert_eq!(good.verdict(Question::Enclosed), Some(&Verdict::Ok));

    let missing = report(&world, &world.photographed(&[]));
    assert_eq!(missing.outcome(), Outcome::Incomplete);
    assert_eq!(missing.verdict(Question::Enclosed), Some(&Verdict::NotChecked));
    failed_with(&missing, Question::Files, &Fault::FileMissing { file: file() });

    let extra = world.photographed(&[("photo-1.jpg", photo), ("photo-2.jpg", photo)]);
    let extra = report(&world, &extra);
    assert_eq!(extra.outcome(), Outcome::Incomplete);
    let unexpected = "photos/photo-2.jpg".to_owned();
    failed_with(
        &extra,
        Question::Files,
        &Fault::FileUnexpected { file: unexpected },
    );

    let changed = report(
        &world,
        &world.photographed(&[("photo-1.jpg", &[0xff, 0xd8, 0xff, 0xe1])]),
    );
    assert_eq!(changed.outcome(), Outcome::Tampered);
    failed_with(
        &changed,
        Question::Enclosed,
        &Fault::EnclosureChanged { file: file() },
    );
}

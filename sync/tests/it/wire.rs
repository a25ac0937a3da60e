//! Golden bytes of every message of version 1, written by hand from `docs/formats/wire.cddl`, and bounds on decode.

use data_encoding::HEXLOWER;
use domain::alert::{Taken, Taker};
use domain::enrolment::{Der, EnrolmentRefusal, FleetToken, NumberRange, Token};
use domain::envelope::Lane;
use domain::hotlist::Catalogue;
use domain::natinf::ReferenceVersion;
use domain::orders::{OrderOutcome, OrderTaken};
use domain::profile::{ProfileHeld, ProfileRefusal, ProfileRefused};
use domain::query::ShareFate;
use domain::{
    ActId, ActNumber, BootId, ClipId, DeviceId, Digest, EnvelopeId, InterventionId, QueryId, Timestamp,
    UnixMs, Zone,
};
use minicbor::{Decode, Encode};
use proptest::prelude::*;
use sync::wire::v1::{
    AlertTaken, AnswerEnvelope, CrewKept, CrewMessage, DispatchMessage, EnrolRequest, FileHave, FileInit,
    FileRefusal, Hello, HelloAnswer, JournalEntries, JournalHave, JournalPiece, Knock, KnockAnswer,
    KnockOutcome, LaneCursor, LaneHave, MAX_ENTRIES, MAX_HEAD, MAX_NOTES, MAX_PARTS, MAX_RECEIPTS,
    NumberNote, NumberNotes, NumbersHeld, OrdersTaken, PART, Presence, ProfileGiven, ProgressKept,
    QueryEnvelope, ReceiptBatch, ReferenceHead, ReferenceHint, ReferenceMessage, ReferencePart,
    ReferencePending, RenewRequest, Renewal, Reply, ReportKept, RevocationList, RevocationLists,
    SealedHotlistKey, SetHeld, SetKind, SetSerial, ShareTold, SignedHead, SignedJournalHead, SignedProfile,
    SnapshotKept, StatAnswer, SuiviMessage, VisaMessage, VisasHeld,
};
use sync::{FileId, Span, Spans};

const DEVICE: &str = "6a6e656f2d303030303037";
const EIGHTS: &str = "5008080808080808080808080808080808";

fn device() -> DeviceId {
    DeviceId::parse("neo-000007").unwrap()
}

fn file() -> FileId {
    FileId::new(ClipId::from_bytes([0xab; 16]), 3).unwrap()
}

/// The text of [`file`] as a CBOR text string of 41 bytes.
fn file_hex() -> String {
    format!(
        "7829{}",
        HEXLOWER.encode(b"abababababababababababababababab-00000003")
    )
}

fn sha256_hex() -> String {
    format!("5820{}", "11".repeat(32))
}

#[track_caller]
fn check<T>(value: &T, hex: &str)
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    assert_eq!(HEXLOWER.encode(&domain::encode(value)), hex);
    let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
    assert_eq!(domain::decode::<T>(&bytes).as_ref(), Ok(value));
}

fn hello() -> Hello {
    Hello {
        version: 1,
        device: device(),
        epoch: 2,
        boot: BootId::from_bytes([8; 16]),
        lanes: vec![
            LaneCursor {
                lane: Lane::Urgent,
                receipted: 0,
                oldest: None,
                queued: 0,
            },
            LaneCursor {
                lane: Lane::Procedures,
                receipted: 24,
                oldest: Some(25),
                queued: 3,
            },
        ],
        agent: "neo-agent 0.1.0".to_owned(),
        sent: Timestamp {
            utc: UnixMs(1_795_262_400_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([8; 16]),
            mono_ms: 1_000,
        },
        reference: None,
        pending: None,
        numbers: None,
        visas: None,
        orders: None,
        journal: None,
        bundle: None,
        profile: None,
        sets: Vec::new(),
        hotlist_key: None,
        persons_key: None,
        suivi: None,
        dispatch: None,
        crew: None,
    }
}

fn hello_answer() -> HelloAnswer {
    let missing = Spans::of([Span::new(3, 5).unwrap(), Span::new(9, 10).unwrap()]);
    HelloAnswer {
        version: 1,
        device: device(),
        hello: Digest::from_bytes([0x11; 32]),
        lanes: vec![LaneHave {
            lane: Lane::Procedures,
            highest: 12,
            missing,
        }],
        retry_window_ms: 600_000,
        window: 30,
        time: UnixMs(1_795_262_400_000),
        orders_up_to: 0,
        journal: None,
    }
}

#[test]
fn a_hello_has_these_bytes() {
    let sent = format!("a5001b000001a1fdfa4600010002183c03{EIGHTS}041903e8");
    let lanes = "82a3000001000300a4000101181802181903 03".replace(' ', "");
    let agent = format!("6f{}", HEXLOWER.encode(b"neo-agent 0.1.0"));
    check(
        &hello(),
        &format!("a7000101{DEVICE}020203{EIGHTS}04{lanes}05{agent}06{sent}"),
    );
}

#[test]
fn a_hello_under_a_policy_names_the_newest_key_of_a_list_of_persons_and_no_other_does() {
    let allowed = Hello {
        persons_key: Some(3),
        ..hello()
    };
    let (bare, allowed) = (domain::encode(&hello()), domain::encode(&allowed));
    // One more entry of the map: 20 => 3.
    assert_eq!(allowed[0], bare[0] + 1);
    assert_eq!(allowed[1..bare.len()], bare[1..]);
    assert_eq!(allowed[bare.len()..], [0x14, 0x03]);
}

#[test]
fn a_key_of_a_list_says_of_which_catalogue_it_is_unless_of_things() {
    let given = |catalogue| {
        Reply::HotlistKey(SealedHotlistKey {
            device: device(),
            epoch: 7,
            sealed: vec![0xee; 2],
            catalogue,
        })
    };
    check(
        &given(Catalogue::Things),
        &format!("820f81a3 00{DEVICE} 0107 0242eeee").replace(' ', ""),
    );
    check(
        &given(Catalogue::Persons),
        &format!("820f81a4 00{DEVICE} 0107 0242eeee 0301").replace(' ', ""),
    );
}

const RANGE: NumberRange = NumberRange {
    year: 2026,
    first: 3,
    last: 4,
};

#[test]
fn a_hello_that_tells_of_law_and_numbers_has_these_bytes_behind_the_others() {
    let mut have = Spans::new();
    have.insert(Span::new(0, 2).unwrap()).unwrap();
    let hello = Hello {
        reference: Some(7),
        pending: Some(ReferencePending { serial: 8, have }),
        numbers: Some(NumbersHeld {
            notes: 1,
            year: 2026,
            left: 50,
            unused: vec![RANGE],
        }),
        ..hello()
    };
    let sent = format!("a5001b000001a1fdfa4600010002183c03{EIGHTS}041903e8");
    let lanes = "82a3000001000300a4000101181802181903 03".replace(' ', "");
    let agent = format!("6f{}", HEXLOWER.encode(b"neo-agent 0.1.0"));
    let news = "0707 08a200080181820002 09a40001011907ea0218320381a3001907ea01030204".replace(' ', "");
    check(
        &hello,
        &format!("aa000101{DEVICE}020203{EIGHTS}04{lanes}05{agent}06{sent}{news}"),
    );
}

#[test]
fn what_is_said_about_certificates_has_these_bytes() {
    let sixteen = |byte: &str| format!("50{}", byte.repeat(16));
    let knock = Knock::Enrol(EnrolRequest {
        version: 1,
        token: Token::from_bytes([0x22; 16]),
        request: vec![0x30],
        attestation: None,
    });
    check(&knock, &format!("820081a3000101{}024130", sixteen("22")));
    let knock = Knock::Enrol(EnrolRequest {
        version: 1,
        token: Token::from_bytes([0x22; 16]),
        request: vec![0x30],
        attestation: Some(vec![Der(vec![0x30, 0x00])]),
    });
    check(
        &knock,
        &format!("820081a4000101{}0241300c81423000", sixteen("22")),
    );
    let knock = Knock::Renew(RenewRequest {
        version: 1,
        fleet: FleetToken::from_bytes([0x44; 16]),
        renewal: vec![0xd2],
    });
    check(&knock, &format!("820181a3000101{}0241d2", sixteen("44")));
    let sent = format!("a5001b000001a1fdfa4600010002183c03{EIGHTS}041903e8");
    let renewal = Renewal {
        version: 1,
        device: device(),
        request: vec![0x30],
        sent: hello().sent,
    };
    check(&renewal, &format!("a4000101{DEVICE}02413003{sent}"));
    let answer = |outcome| KnockAnswer {
        version: 1,
        knock: Digest::from_bytes([0x11; 32]),
        outcome,
    };
    check(
        &answer(KnockOutcome::Enrolled(vec![0xd2])),
        &format!("a3000101{}02820081 41d2", sha256_hex()).replace(' ', ""),
    );
    check(
        &answer(KnockOutcome::Refused(EnrolmentRefusal::TakenByAnother)),
        &format!("a3000101{}0282018103", sha256_hex()),
    );
}

#[test]
fn a_hello_that_tells_of_its_bundle_has_the_moment_behind_the_others() {
    let told = domain::encode(&Hello {
        bundle: Some(UnixMs(1_000)),
        ..hello()
    });
    let silent = domain::encode(&hello());
    assert_eq!(told[0], silent[0] + 1);
    assert_eq!(told[1..silent.len()], silent[1..]);
    assert_eq!(HEXLOWER.encode(&told[silent.len()..]), "0d1903e8");
}

#[test]
fn a_hello_that_tells_of_profiles_and_a_profile_that_is_given_have_these_bytes() {
    let refused = ProfileRefused {
        serial: 8,
        reason: ProfileRefusal::Unreadable,
    };
    for (refused, bytes) in [(None, "0fa10007"), (Some(refused), "0fa2000701a200080101")] {
        let told = domain::encode(&Hello {
            profile: Some(ProfileHeld { serial: 7, refused }),
            ..hello()
        });
        let silent = domain::encode(&hello());
        assert_eq!(told[0], silent[0] + 1);
        assert_eq!(HEXLOWER.encode(&told[silent.len()..]), bytes);
    }
    let given = ProfileGiven {
        version: 1,
        device: device(),
        serial: 7,
        profile: SignedProfile {
            certificate: b"der".to_vec(),
            profile: b"cose".to_vec(),
        },
    };
    check(&given, &format!("a4000101{DEVICE}020703a200436465720144636f7365"));
    let mut long = given;
    long.profile.profile = vec![0; 8 * 1024 + 1];
    assert!(domain::decode::<ProfileGiven>(&domain::encode(&long)).is_err());
}

#[test]
fn a_hello_that_tells_of_orders_has_these_bytes_behind_the_others() {
    let hello = Hello {
        orders: Some(OrdersTaken {
            up_to: 4,
            latest: vec![
                OrderTaken {
                    sequence: 3,
                    outcome: OrderOutcome::Done,
                    at: UnixMs(1_000),
                },
                OrderTaken {
                    sequence: 4,
                    outcome: OrderOutcome::Expired,
                    at: UnixMs(2_000),
                },
            ],
        }),
        ..hello()
    };
    let sent = format!("a5001b000001a1fdfa4600010002183c03{EIGHTS}041903e8");
    let lanes = "82a3000001000300a4000101181802181903 03".replace(' ', "");
    let agent = format!("6f{}", HEXLOWER.encode(b"neo-agent 0.1.0"));
    let news = "0b a2 0004 0182 a3 0003 0100 02 1903e8 a3 0004 0101 02 1907d0".replace(' ', "");
    check(
        &hello,
        &format!("a8000101{DEVICE}020203{EIGHTS}04{lanes}05{agent}06{sent}{news}"),
    );
}

#[test]
fn what_is_said_of_a_journal_has_these_bytes() {
    let head = SignedJournalHead(b"head".to_vec().into());
    let hello = Hello {
        journal: Some(head.clone()),
        ..hello()
    };
    let sent = format!("a5001b000001a1fdfa4600010002183c03{EIGHTS}041903e8");
    let lanes = "82a3000001000300a4000101181802181903 03".replace(' ', "");
    let agent = format!("6f{}", HEXLOWER.encode(b"neo-agent 0.1.0"));
    check(
        &hello,
        &format!("a8000101{DEVICE}020203{EIGHTS}04{lanes}05{agent}06{sent}0c4468656164"),
    );
    let answer = HelloAnswer {
        journal: Some(JournalHave { size: 24 }),
        ..hello_answer()
    };
    let bytes = HEXLOWER.encode(&domain::encode(&answer));
    assert!(
        bytes.starts_with("a9") && bytes.ends_with("07000ca1001818"),
        "{bytes}"
    );
    let piece = JournalPiece {
        version: 1,
        device: device(),
        head,
        sealed: b"age".to_vec(),
    };
    check(&piece, &format!("a4000101{DEVICE}0244686561640343616765"));
    let entries = JournalEntries(vec![b"one".to_vec().into(), b"two".to_vec().into()]);
    check(&entries, "82436f6e654374776f");
    let many = JournalEntries(vec![b"".to_vec().into(); MAX_ENTRIES + 1]);
    assert!(domain::decode::<JournalEntries>(&domain::encode(&many)).is_err());
    let long = SignedJournalHead(vec![0; MAX_HEAD + 1].into());
    assert!(domain::decode::<SignedJournalHead>(&domain::encode(&long)).is_err());
}

#[test]
fn notes_on_numbers_have_these_bytes() {
    let notes = NumberNotes {
        version: 1,
        device: device(),
        first: 5,
        notes: vec![
            NumberNote::Granted(RANGE),
            NumberNote::Missing(RANGE),
            NumberNote::Twice(ActNumber {
                year: 2026,
                serial: 3,
            }),
        ],
    };
    let range = "a3001907ea01030204";
    check(
        &notes,
        &format!("a4000101{DEVICE}0205038382008 1{range}82018 1{range}820281a2001907ea0103").replace(' ', ""),
    );
}

#[test]
fn a_visa_message_and_a_hello_that_tells_of_visas_have_these_bytes() {
    let message = VisaMessage {
        version: 1,
        device: device(),
        after: 1,
        sequence: 2,
        sealed: b"age".to_vec(),
    };
    check(
        &message,
        &format!("a5000101{DEVICE}02010302044361 6765").replace(' ', ""),
    );
    let held = VisasHeld { notes: 5 };
    check(&held, "a10005");
    let told = domain::encode(&Hello {
        visas: Some(held),
        ..hello()
    });
    assert!(HEXLOWER.encode(&told).ends_with("0aa10005"));
    assert_eq!(domain::decode::<Hello>(&told).unwrap().visas, Some(held));
    // Nobody counts so far.
    let far = VisaMessage {
        sequence: (1 << 53) + 1,
        ..message
    };
    assert!(domain::decode::<VisaMessage>(&domain::encode(&far)).is_err());
}

#[test]
fn a_note_on_a_complaint_and_a_hello_that_tells_of_them_have_these_bytes() {
    let message = SuiviMessage {
        device: device(),
        after: 1,
        sequence: 2,
        sealed: b"age".to_vec(),
    };
    check(
        &Reply::Suivi(message.clone()),
        &format!("821281a400{DEVICE}010102020343616765"),
    );
    let told = domain::encode(&Hello {
        suivi: Some(5),
        ..hello()
    });
    assert!(HEXLOWER.encode(&told).ends_with("1505"));
    assert_eq!(domain::decode::<Hello>(&told).unwrap().suivi, Some(5));
    // Nobody counts so far.
    let far = SuiviMessage {
        sequence: (1 << 53) + 1,
        ..message
    };
    assert!(domain::decode::<SuiviMessage>(&domain::encode(&far)).is_err());
}

#[test]
fn a_proposal_and_what_a_crew_told_of_it_have_these_bytes() {
    let message = DispatchMessage {
        device: device(),
        after: 1,
        sequence: 2,
        sealed: b"age".to_vec(),
    };
    check(
        &Reply::Dispatch(message.clone()),
        &format!("821581a400{DEVICE}010102020343616765"),
    );
    let told = domain::encode(&Hello {
        dispatch: Some(5),
        crew: None,
        ..hello()
    });
    assert!(HEXLOWER.encode(&told).ends_with("1605"));
    assert_eq!(domain::decode::<Hello>(&told).unwrap().dispatch, Some(5));
    let far = DispatchMessage {
        sequence: (1 << 53) + 1,
        ..message
    };
    assert!(domain::decode::<DispatchMessage>(&domain::encode(&far)).is_err());
    let kept = ProgressKept {
        device: device(),
        intervention: InterventionId::from_bytes([8; 16]),
        sequence: 7,
    };
    check(
        &Reply::Progress(kept),
        &format!("821681a300{DEVICE}01{EIGHTS}0207"),
    );
}

#[test]
fn what_a_crew_shares_has_these_bytes() {
    let message = CrewMessage {
        device: device(),
        after: 1,
        sequence: 2,
        sealed: b"age".to_vec(),
    };
    check(
        &Reply::Crew(message.clone()),
        &format!("82181981a400{DEVICE}010102020343616765"),
    );
    let far = CrewMessage {
        after: (1 << 53) + 1,
        ..message
    };
    assert!(domain::decode::<CrewMessage>(&domain::encode(&far)).is_err());
    let told = domain::encode(&Hello {
        crew: Some(5),
        ..hello()
    });
    assert!(HEXLOWER.encode(&told).ends_with("181905"));
    assert_eq!(domain::decode::<Hello>(&told).unwrap().crew, Some(5));
    let kept = |reached| CrewKept {
        device: device(),
        sequence: 7,
        reached,
    };
    check(
        &Reply::CrewKept(kept(Some(1))),
        &format!("82181a81a300{DEVICE}01070201"),
    );
    check(&Reply::CrewKept(kept(None)), &format!("82181a81a200{DEVICE}0107"));
}

#[test]
fn reference_data_has_these_bytes() {
    let head = ReferenceHead {
        version: 1,
        serial: 7,
        reference: ReferenceVersion("n".to_owned()),
        published: UnixMs(1_795_262_400_000),
        length: 10,
        packed: 9,
        parts: vec![Digest::from_bytes([0x11; 32])],
        kind: SetKind::Law,
    };
    let sha256 = sha256_hex();
    check(
        &head,
        &format!("a700010107 02616e 031b000001a1fdfa4600 040a 0509 0681{sha256}").replace(' ', ""),
    );
    let signed = SignedHead {
        certificate: vec![1],
        head: vec![2],
    };
    check(
        &ReferenceMessage::Head(signed),
        "820081a20041010 14102".replace(' ', "").as_str(),
    );
    let part = ReferencePart {
        serial: 7,
        index: 3,
        bytes: vec![0xff],
        kind: SetKind::Law,
    };
    check(&ReferenceMessage::Part(part), "820181a3000701030241ff");
    check(
        &ReferenceHint {
            version: 1,
            serial: 7,
            others: Vec::new(),
        },
        "a200010107",
    );
}

#[test]
fn sets_beside_the_law_have_these_bytes() {
    let part = ReferencePart {
        serial: 7,
        index: 3,
        bytes: vec![0xff],
        kind: SetKind::Revocations,
    };
    check(&ReferenceMessage::Part(part), "820181a4000701030241ff0301");
    let hint = ReferenceHint {
        version: 1,
        serial: 0,
        others: vec![SetSerial {
            kind: SetKind::Revocations,
            serial: 9,
        }],
    };
    check(&hint, "a30001010002 81a200010109".replace(' ', "").as_str());
    let lists = RevocationLists {
        version: 1,
        lists: vec![RevocationList {
            authority: vec![1],
            list: vec![2, 3],
        }],
    };
    check(&lists, "a200010181a2004101 01420203".replace(' ', "").as_str());
    let held = SetHeld {
        kind: SetKind::Revocations,
        serial: 9,
        pending: None,
    };
    check(&held, "a200010109");
}

#[test]
fn a_hello_answer_has_these_bytes() {
    let lanes = "81a30001010c02828203058209 0a".replace(' ', "");
    let sha256 = sha256_hex();
    check(
        &hello_answer(),
        &format!("a8000101{DEVICE}02{sha256}03{lanes}041a000927c005181e061b000001a1fdfa46000700"),
    );
}

#[test]
fn receipts_travel_as_a_plain_array_of_byte_strings() {
    let batch = ReceiptBatch::pack([vec![1, 2], vec![3]]).remove(0);
    check(&batch, "824201024103");
}

#[test]
fn queries_and_replies_have_these_bytes() {
    let query = QueryEnvelope {
        version: 1,
        device: device(),
        id: QueryId::from_bytes([8; 16]),
        sealed: vec![0xff],
        expires: UnixMs(1_795_262_400_000),
    };
    check(
        &query,
        &format!("a5000101{DEVICE}02{EIGHTS}0341ff041b000001a1fdfa4600"),
    );
    let answer = AnswerEnvelope {
        version: 1,
        device: device(),
        query: QueryId::from_bytes([8; 16]),
        sealed: vec![0xff],
    };
    check(
        &Reply::Query(answer),
        &format!("820081a4000101{DEVICE}02{EIGHTS}0341ff"),
    );
    let shared = AnswerEnvelope {
        version: 1,
        device: device(),
        query: QueryId::from_bytes([8; 16]),
        sealed: vec![0xff],
    };
    check(
        &Reply::SharedAnswer(shared),
        &format!("821181a4000101{DEVICE}02{EIGHTS}0341ff"),
    );
    let told = Reply::Shared(ShareTold {
        device: device(),
        share: QueryId::from_bytes([8; 16]),
        fates: vec![ShareFate::Sent, ShareFate::NotHabilitated],
    });
    check(&told, &format!("821081a300{DEVICE}01{EIGHTS}02820002"));
    let taken = Reply::AlertTaken(AlertTaken {
        device: device(),
        alert: ActId::from_bytes([8; 16]),
        taken: Taken {
            by: Taker::parse("Morel").unwrap(),
            at: UnixMs(1_795_262_400_000),
        },
    });
    check(
        &taken,
        &format!("821481a300{DEVICE}01{EIGHTS}02a200654d6f72656c011b000001a1fdfa4600"),
    );
    let kept = Reply::Snapshot(SnapshotKept {
        device: device(),
        draft: ActId::from_bytes([0x0a; 16]),
        sequence: 7,
    });
    check(&kept, &format!("820281a300{DEVICE}0150{}0207", "0a".repeat(16)));
    let kept = Reply::Report(ReportKept {
        device: device(),
        sequence: 7,
        part: 2,
    });
    check(&kept, &format!("820e81a300{DEVICE}01070202"));
    let stat = |have| {
        Reply::Stat(StatAnswer {
            version: 1,
            device: device(),
            file: file(),
            have,
        })
    };
    let head = format!("820181a4000101{DEVICE}02{}03", file_hex());
    let half = Spans::of([Span::new(0, 65_536).unwrap()]);
    check(&stat(FileHave::Unknown), &format!("{head}820080"));
    check(
        &stat(FileHave::Ranges(half)),
        &format!("{head}82018181 82001a00010000").replace(' ', ""),
    );
    check(&stat(FileHave::Complete), &format!("{head}820280"));
    check(
        &stat(FileHave::Refused(FileRefusal::TooLarge)),
        &format!("{head}82038101"),
    );
}

#[test]
fn files_and_presence_have_these_bytes() {
    let init = FileInit {
        version: 1,
        file: file(),
        manifest: EnvelopeId::from_bytes([8; 16]),
        size: 4_194_304,
        sha256: Digest::from_bytes([0x11; 32]),
    };
    let (file, sha256) = (file_hex(), sha256_hex());
    check(&init, &format!("a5000101{file}02{EIGHTS}031a0040000004{sha256}"));
    check(
        &Presence {
            version: 1,
            epoch: 2,
            online: true,
        },
        "a30001010202f5",
    );
}

#[test]
fn more_entries_than_the_format_allows_are_refused() {
    let mut many = hello();
    many.lanes = vec![many.lanes[0]; 5];
    assert!(domain::decode::<Hello>(&domain::encode(&many)).is_err());
    let mut long = hello();
    long.agent = "a".repeat(65);
    assert!(domain::decode::<Hello>(&domain::encode(&long)).is_err());
    let mut many = hello();
    many.numbers = Some(NumbersHeld {
        notes: 0,
        year: 2026,
        left: 0,
        unused: vec![RANGE; MAX_NOTES + 1],
    });
    assert!(domain::decode::<Hello>(&domain::encode(&many)).is_err());
    let notes = NumberNotes {
        version: 1,
        device: device(),
        first: 1,
        notes: vec![NumberNote::Granted(RANGE); MAX_NOTES + 1],
    };
    assert!(domain::decode::<NumberNotes>(&domain::encode(&notes)).is_err());
    let head = ReferenceHead {
        version: 1,
        serial: 7,
        reference: ReferenceVersion("n".repeat(64)),
        published: UnixMs(0),
        length: 10,
        packed: 9,
        parts: vec![Digest::from_bytes([0x11; 32]); MAX_PARTS],
        kind: SetKind::Law,
    };
    assert!(domain::decode::<ReferenceHead>(&domain::encode(&head)).is_ok());
    let mut many = head.clone();
    many.parts.push(Digest::from_bytes([0x11; 32]));
    assert!(domain::decode::<ReferenceHead>(&domain::encode(&many)).is_err());
    let mut long = head;
    long.reference = ReferenceVersion("n".repeat(65));
    assert!(domain::decode::<ReferenceHead>(&domain::encode(&long)).is_err());
    for (length, fits) in [(PART, true), (PART + 1, false)] {
        let part = ReferenceMessage::Part(ReferencePart {
            serial: 7,
            index: 0,
            bytes: vec![0; length],
            kind: SetKind::Law,
        });
        assert_eq!(
            domain::decode::<ReferenceMessage>(&domain::encode(&part)).is_ok(),
            fits
        );
    }
    let receipts = vec![minicbor::bytes::ByteVec::from(vec![1]); MAX_RECEIPTS + 1];
    assert!(domain::decode::<ReceiptBatch>(&domain::encode(&receipts)).is_err());
}

#[test]
fn receipts_are_packed_so_that_each_batch_fits_a_packet() {
    let receipts: Vec<Vec<u8>> = (0..300_u16).map(|n| vec![0; usize::from(n) * 10 + 1]).collect();
    let batches = ReceiptBatch::pack(receipts.clone());
    let unpacked: Vec<Vec<u8>> = batches
        .iter()
        .flat_map(|batch| batch.iter().map(<[u8]>::to_vec).collect::<Vec<_>>())
        .collect();
    assert_eq!(unpacked, receipts);
    for batch in batches {
        let bytes = domain::encode(&batch);
        assert!(bytes.len() < 220 * 1024);
        assert!(domain::decode::<ReceiptBatch>(&bytes).is_ok());
    }
}

#[test]
fn what_hq_has_is_everything_up_to_the_highest_but_the_gaps() {
    let answer = hello_answer();
    let have: Vec<u64> = (1..=15)
        .filter(|sequence| answer.lanes[0].has(*sequence))
        .collect();
    assert_eq!(have, [1, 2, 5, 6, 7, 8, 10, 11, 12]);
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = domain::decode::<Hello>(&bytes);
        let _ = domain::decode::<HelloAnswer>(&bytes);
        let _ = domain::decode::<ReceiptBatch>(&bytes);
        let _ = domain::decode::<Reply>(&bytes);
        let _ = domain::decode::<FileInit>(&bytes);
        let _ = domain::decode::<ReferenceMessage>(&bytes);
        let _ = domain::decode::<NumberNotes>(&bytes);
        let _ = domain::decode::<JournalPiece>(&bytes);
    }

    #[test]
    fn a_changed_bit_is_refused_or_means_something_else(bit in 0_usize..8 * 120) {
        let bytes = domain::encode(&hello_answer());
        let mut changed = bytes.clone();
        let at = bit % (bytes.len() * 8);
        changed[at / 8] ^= 1 << (at % 8);
        prop_assert_ne!(domain::decode::<HelloAnswer>(&changed), Ok(hello_answer()));
    }
}

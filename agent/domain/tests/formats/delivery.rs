//! What goes to HQ and comes back: envelopes, bundles, receipts, orders, and the bundle that enrols a terminal.

use domain::enrolment::{
    Address, Der, EnrolledOfficer, Enrolment, FleetToken, KeyProtection, NumberRange, Terminal, Ticket, Token,
};
use domain::envelope::{
    Attachment, Bundle, Envelope, Lane, MAX_PART, Part, Receipt, ReceiptStatus, RefusalCode,
};
use domain::footage::leaving::{BatteryFloor, LeavingPolicy, UploadRate};
use domain::id::{ClipId, EnvelopeId, JournalId, OfficerId};
use domain::identity::CivilDate;
use domain::officer::Quality;
use domain::orders::{
    Approvals, Command, Destroyed, Found, Located, OneClip, Order, OrderReport, SignedApproval,
};
use domain::place::{Fix, Position};
use domain::profile::{LegalText, PersonsPolicy, Profile, ProfileName, Settings};
use domain::recovery::{Recoverable, RecoveryKeys, Snapshot};
use domain::{Digest, UnixMs};

use crate::identity::{ACT, EVENING, at, device, officer};
use crate::schema::Schema;
use crate::vector::Vector;

const ENVELOPE: EnvelopeId = EnvelopeId::from_bytes([0x0e; 16]);

fn envelope() -> Envelope {
    Envelope {
        version: 1,
        id: ENVELOPE,
        device: device(),
        lane: Lane::Procedures,
        sequence: 42,
        created: at(25),
        record: Digest::of(b"record"),
        sealed: b"age-encryption.org/v1\nspecimen".to_vec(),
        parts: Vec::new(),
    }
}

/// An act too large for its envelope.
fn envelope_in_parts() -> Envelope {
    let part = |bytes, content: &[u8]| Part {
        bytes,
        sha256: Digest::of(content),
    };
    Envelope {
        sealed: Vec::new(),
        parts: vec![part(MAX_PART as u64, b"first part"), part(70_000, b"last part")],
        ..envelope()
    }
}

fn bundle() -> Bundle {
    let attachment = |name: &str| Attachment {
        name: name.to_owned(),
        content: b"%PDF-specimen".to_vec(),
    };
    Bundle {
        record: b"specimen of a COSE_Sign1".to_vec(),
        attachments: vec![attachment("document.pdf"), attachment("recepisse.pdf")],
    }
}

fn receipt(status: ReceiptStatus, record_digest: Option<Digest>, footage_root: Option<Digest>) -> Receipt {
    Receipt {
        version: 1,
        device: device(),
        envelope: ENVELOPE,
        envelope_digest: Digest::of(b"envelope"),
        record_digest,
        status,
        at: at(26).utc,
        footage_root,
    }
}

fn enrolment() -> Enrolment {
    let der = |text: &str| Der(format!("specimen of a {text} certificate").into_bytes());
    Enrolment {
        terminal: Terminal {
            device: device(),
            model: "NEO 2".to_owned(),
            protection: KeyProtection::Hardware,
        },
        journal: JournalId::from_bytes([0x07; 16]),
        numbers: NumberRange {
            year: 2026,
            first: 1,
            last: 1000,
        },
        officers: vec![EnrolledOfficer {
            officer: officer(Quality::Apj),
            certificate: der("officer's"),
        }],
        hq_recipient: [0x19; 32],
        device_chain: vec![der("device's"), der("issuing")],
        receipt_certificate: der("receipt"),
        command_certificate: der("command"),
        root: der("root"),
        issued: UnixMs(EVENING).plus(-UnixMs::DAY),
        recovery: None,
        fleet: None,
        readmission: None,
    }
}

fn ticket() -> Ticket {
    Ticket {
        broker: Address::parse("mqtts://localhost:8885").unwrap(),
        root: Digest::from_bytes([0x11; 32]),
        token: Token::from_bytes([0x22; 16]),
        device: device(),
        expires: UnixMs(EVENING),
        recipient: [0x19; 32],
    }
}

fn order(command: Command) -> Order {
    Order {
        device: device(),
        sequence: 3,
        not_after: at(60).utc,
        command,
        body: None,
    }
}

fn order_report(part: u16, parts: u16, found: Found) -> OrderReport {
    OrderReport {
        version: 1,
        device: device(),
        sequence: 3,
        order: Digest::of(b"order"),
        at: at(61),
        part,
        parts,
        found,
    }
}

fn one_clip() -> OneClip {
    OneClip {
        clip: ClipId::from_bytes([0x0c; 16]),
    }
}

fn approvals() -> Approvals {
    let signed = [b"first", b"other"].map(|name| SignedApproval {
        certificate: name.to_vec(),
        approval: b"COSE_Sign1".to_vec(),
    });
    Approvals {
        signed: signed.to_vec(),
    }
}

fn snapshot(sealed: Vec<u8>) -> Snapshot {
    Snapshot {
        version: 1,
        device: device(),
        officer: OfficerId::from_bytes([0x0f; 16]),
        draft: ACT,
        sequence: 7,
        at: at(5),
        sealed,
    }
}

fn profile() -> Profile {
    Profile {
        version: 1,
        serial: 1_795_262_400,
        name: ProfileName::parse("Été 2026").unwrap(),
        issued: UnixMs(1_795_262_400_000),
        settings: Settings::EMBEDDED,
    }
}

/// Under which a list of persons may be on terminals.
fn profile_with_persons() -> Profile {
    let policy = PersonsPolicy {
        text: LegalText::parse("décret n° 2026-000, article 3").unwrap(),
        until: CivilDate::new(2027, 3, 31).unwrap(),
    };
    Profile {
        settings: Settings {
            persons: Some(policy),
            ..Settings::EMBEDDED
        },
        ..profile()
    }
}

/// Under which footage leaves on battery and over the cellular network.
fn profile_of_footage() -> Profile {
    let policy = LeavingPolicy {
        on_battery: true,
        on_cellular: true,
        floor: BatteryFloor::new(50).unwrap(),
        rate: UploadRate::new(250).unwrap(),
    };
    Profile {
        settings: Settings {
            leaving: Some(policy),
            ..Settings::EMBEDDED
        },
        ..profile()
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let record = Some(Digest::of(b"record"));
    let refused = ReceiptStatus::Refused(RefusalCode::Seal);
    let wire = Schema::Wire;
    vec![
        Vector::of("envelope", wire, "envelope", envelope()),
        Vector::of("envelope-in-parts", wire, "envelope", envelope_in_parts()),
        Vector::of("bundle", wire, "bundle", bundle()),
        Vector::of(
            "receipt-stored",
            wire,
            "receipt",
            receipt(ReceiptStatus::Stored, record, None),
        ),
        Vector::of(
            "receipt-footage",
            wire,
            "receipt",
            receipt(ReceiptStatus::Stored, record, Some(Digest::of(b"root"))),
        ),
        Vector::of("receipt-refused", wire, "receipt", receipt(refused, None, None)),
        Vector::of("order-lock", wire, "order", order(Command::Lock)),
        Vector::of("order-wipe", wire, "order", order(Command::Wipe)),
        Vector::of("profile", wire, "profile", profile()),
        Vector::of("profile-persons", wire, "profile", profile_with_persons()),
        Vector::of("profile-footage", wire, "profile", profile_of_footage()),
        Vector::of("enrolment", Schema::Kept, "enrolment", enrolment()),
        Vector::of(
            "enrolment-fleet",
            Schema::Kept,
            "enrolment",
            Enrolment {
                fleet: Some(FleetToken::from_bytes([0x44; 16])),
                ..enrolment()
            },
        ),
        Vector::of(
            "enrolment-with-readmission",
            Schema::Kept,
            "enrolment",
            Enrolment {
                readmission: Some(b"age file".to_vec()),
                ..enrolment()
            },
        ),
        Vector::of("ticket", Schema::Kept, "ticket", ticket()),
        Vector::of(
            "enrolment-with-recovery",
            Schema::Kept,
            "enrolment",
            Enrolment {
                recovery: Some(RecoveryKeys {
                    first: [0x1f; 32],
                    second: [0x2f; 32],
                }),
                ..enrolment()
            },
        ),
        Vector::of(
            "order-restore",
            wire,
            "order",
            Order {
                body: Some(b"age file".to_vec()),
                ..order(Command::Restore)
            },
        ),
        Vector::of("order-locate", wire, "order", order(Command::Locate)),
        Vector::of("order-pull-logs", wire, "order", order(Command::PullLogs)),
        Vector::of("order-wipe-all", wire, "order", order(Command::WipeAll)),
        Vector::of("order-send-footage", wire, "order", order(Command::SendFootage)),
        Vector::of(
            "order-send-clip",
            wire,
            "order",
            Order {
                body: Some(domain::encode(&one_clip())),
                ..order(Command::SendFootage)
            },
        ),
        Vector::of("one-clip", wire, "one-clip", one_clip()),
        Vector::of("approvals", wire, "approvals", approvals()),
        Vector::of(
            "order-report-wiped",
            wire,
            "order-report",
            order_report(
                0,
                1,
                Found::Destroyed(Destroyed {
                    officers: 2,
                    kept: 3,
                    acts: 0,
                    named: Vec::new(),
                    clips: 0,
                }),
            ),
        ),
        Vector::of(
            "order-report-wiped-all",
            wire,
            "order-report",
            order_report(
                0,
                1,
                Found::Destroyed(Destroyed {
                    officers: 2,
                    kept: 0,
                    acts: 1,
                    named: vec![Digest::of(b"record")],
                    clips: 1,
                }),
            ),
        ),
        Vector::of(
            "order-report-located",
            wire,
            "order-report",
            order_report(0, 1, Found::Located(b"age file".to_vec())),
        ),
        Vector::of(
            "order-report-logs",
            wire,
            "order-report",
            order_report(1, 3, Found::Logs(b"a piece".to_vec())),
        ),
        Vector::of(
            "located",
            wire,
            "located",
            Located {
                fix: Some(Fix {
                    position: Position::parse("48.9362 -2.3574 12").unwrap(),
                    at: at(50),
                }),
            },
        ),
        Vector::of("located-nowhere", wire, "located", Located { fix: None }),
        Vector::of("snapshot", wire, "snapshot", snapshot(b"age file".to_vec())),
        Vector::of("snapshot-gone", wire, "snapshot", snapshot(Vec::new())),
        Vector::of(
            "recoverable",
            wire,
            "recoverable",
            Recoverable {
                officer: OfficerId::from_bytes([0x0f; 16]),
                draft: ACT,
                content: b"draft".to_vec(),
            },
        ),
    ]
}

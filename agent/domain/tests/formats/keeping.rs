//! What the terminal keeps: the journal, drafts, and the shift around them.

use domain::dialogue::{Appearance, ClipRefusal, TextSize, Theme, Thumb};
use domain::draft::{Draft, Field};
use domain::footage::custody::Procedure;
use domain::footage::{Gap, GapCause, Purpose};
use domain::hotlist::Subject;
use domain::id::{ActId, CameraId, ClipId, DeviceId, JournalId, OfficerId, QueryId};
use domain::identity::CivilDate;
use domain::identity::crosscheck::{Claim, Day, Fact, Footing, Name, SealSeen, Sex, Source, Value};
use domain::intervention::{Intervention, OperationsNumber, Outcome};
use domain::journal::{Entry, GENESIS, Head, HeadReceipt, Operation, Recipient};
use domain::legal_basis::{BasisTable, CheckBasis};
use domain::officer::FileKind;
use domain::orders::{OrderOutcome, Told};
use domain::person::{Identity, IdentitySource};
use domain::printing::{PrintFailure, PrintState, PrinterTrouble};
use domain::pve::OffenderSignature;
use domain::readmission::Closure;
use domain::record::ActKind;
use domain::requisition::Circle;
use domain::service::{
    CameraCheck, CardPresence, Checks, ClockCheck, PatrolVehicle, Service, StandingRequisition, TypedVehicle,
};
use domain::{Digest, UnixMs};

use crate::acts::{correction, seal_trace, traces};
use crate::identity::{ACT, EVENING, INTERVENTION, SERVICE, at, brief, matricule, person, place};
use crate::schema::Schema;
use crate::vector::Vector;

/// A journal with one entry of every operation.
pub(crate) fn journal() -> Vec<Entry> {
    let record = Digest::of(b"record");
    let operations = [
        Operation::Opened,
        Operation::UnlockRefused { left: 9 },
        Operation::Unlocked,
        Operation::ServiceStarted,
        Operation::Consulted {
            file: FileKind::Fpr,
            term: Digest::of(b"keyed term"),
            motive: Digest::of(b"keyed motive"),
            query: None,
            act: None,
        },
        Operation::Signed { record },
        Operation::ReceiptStored { record },
        Operation::Refused { record },
        Operation::NumberUnused {
            year: 2026,
            serial: 124,
        },
        Operation::CameraPaired {
            transcript: Digest::of(b"pairing transcript"),
        },
        Operation::FootageDisposed {
            root: Digest::of(b"root"),
        },
        Operation::Purged { record },
        Operation::ServiceEnded,
        Operation::Locked,
        Operation::Printed { record, to: None },
        Operation::HandedOver { record, to: None },
        Operation::DraftDiscarded,
        Operation::Ordered {
            sequence: 3,
            outcome: OrderOutcome::Expired,
        },
        Operation::Started { epoch: 7 },
        Operation::Consulted {
            file: FileKind::Siv,
            term: Digest::of(b"keyed term"),
            motive: Digest::of(b"keyed motive"),
            query: Some(QueryId::from_bytes([0x09; 16])),
            act: Some(ACT),
        },
        Operation::Printed {
            record,
            to: Some(Recipient::Printer(Digest::of(b"ipp://imprimante:631/ipp/print"))),
        },
        Operation::HandedOver {
            record,
            to: Some(Recipient::DraftingSystem),
        },
        Operation::CodeChanged,
        Operation::KeyRotated,
        Operation::DraftRestored,
        Operation::Certified {
            certificate: Digest::of(b"certificate"),
        },
        Operation::OfficerAdmitted,
        Operation::ToldByOrder {
            sequence: 4,
            what: Told::Position { known: true },
        },
        Operation::ToldByOrder {
            sequence: 5,
            what: Told::Logs {
                bytes: 70_000,
                sha256: Digest::of(b"log"),
            },
        },
        Operation::EvidenceDestroyed { record, sequence: 6 },
        Operation::Configured {
            serial: 1_795_262_400,
            profile: Digest::of(b"profile"),
        },
        Operation::CodeChosen,
        Operation::Readmission {
            why: Closure::CounterClosed,
            granted: false,
        },
        Operation::Readmission {
            why: Closure::SlotDestroyed,
            granted: true,
        },
        Operation::ConsultedList {
            subject: Subject::Vehicle,
            term: Digest::of(b"term"),
            motive: Digest::of(b"motive"),
            as_of: UnixMs(1_795_262_400_000),
            act: ACT,
        },
        Operation::AnswerShown {
            file: FileKind::Fpr,
            query: QueryId::from_bytes([0x09; 16]),
            answer: Digest::of(b"keyed answer"),
        },
        Operation::AnswerShared {
            file: FileKind::Fpr,
            query: QueryId::from_bytes([0x09; 16]),
            share: QueryId::from_bytes([0x0a; 16]),
            with: vec![matricule("2345678")],
        },
        Operation::SharedAnswerShown {
            file: FileKind::Fpr,
            query: QueryId::from_bytes([0x09; 16]),
            share: QueryId::from_bytes([0x0a; 16]),
            by: matricule("1234567"),
        },
        Operation::UrgentFrame { act: ACT },
        Operation::AlertTold { alert: ACT },
        Operation::AlertTaken {
            alert: ACT,
            at: UnixMs(1_795_262_400_000),
        },
        Operation::DispatchShown {
            dispatch: INTERVENTION,
            hit: true,
        },
        Operation::DispatchTaken {
            dispatch: INTERVENTION,
        },
        Operation::DispatchDeclined {
            dispatch: INTERVENTION,
        },
        Operation::ServiceChecked { checks: checks() },
        Operation::BriefingRead {
            dispatch: INTERVENTION,
        },
        Operation::CrewCardRead {
            officer: OfficerId::from_bytes([0x1f; 16]),
        },
        Operation::CrewSheetShown {
            intervention: INTERVENTION,
            by: matricule("7654321"),
        },
        Operation::CrewSheetJoined {
            intervention: INTERVENTION,
        },
        Operation::FootageExpired {
            root: Digest::of(b"root"),
            until: UnixMs(1_797_894_000_000),
        },
        Operation::FootageHeld {
            root: Digest::of(b"root"),
        },
        Operation::FootageReleased {
            root: Digest::of(b"root"),
        },
        Operation::FootageNotTaken {
            clip: ClipId::from_bytes([4; 16]),
            camera: CameraId::parse("cam-000042").unwrap(),
            why: ClipRefusal::Unsigned,
        },
        Operation::CameraGap {
            camera: CameraId::parse("cam-000042").unwrap(),
            counter: 4,
            event: Digest::of(b"event"),
            gap: Gap {
                from: UnixMs(1_797_890_000_000),
                until: UnixMs(1_797_894_000_000),
                cause: GapCause::BatteryEmpty,
            },
        },
        Operation::CameraAssigned {
            camera: CameraId::parse("cam-000042").unwrap(),
            counter: 5,
            event: Digest::of(b"event"),
            to: None,
        },
        Operation::FootageViewed {
            root: Digest::of(b"root"),
            purpose: Purpose::Rescue,
            procedure: Procedure::parse("2026/000412").ok(),
        },
    ];
    let mut previous = GENESIS;
    (0..)
        .zip(operations)
        .map(|(index, operation)| {
            let officer = (index > 1).then_some(OfficerId::from_bytes([0x0f; 16]));
            let at = at(i64::try_from(index).unwrap());
            let entry = Entry {
                journal: JournalId::from_bytes([0x07; 16]),
                index,
                previous,
                at,
                officer,
                operation,
            };
            previous = entry.digest();
            entry
        })
        .collect()
}

fn head(piece: Option<Digest>) -> Head {
    Head {
        version: 1,
        journal: JournalId::from_bytes([0x07; 16]),
        size: 18,
        root: Digest::of(b"root"),
        last: Digest::of(b"last"),
        epoch: 7,
        at: at(20),
        piece,
    }
}

fn head_receipt() -> HeadReceipt {
    HeadReceipt {
        version: 1,
        device: DeviceId::parse("neo-000007").unwrap(),
        journal: JournalId::from_bytes([0x07; 16]),
        size: 18,
        root: Digest::of(b"root"),
        head: Digest::of(b"head"),
        at: UnixMs(1_795_285_500_000),
    }
}

/// The vector of each operation; a new operation does not compile without one.
const fn name(operation: &Operation) -> &'static str {
    match operation {
        Operation::Opened => "entry-opened",
        Operation::Unlocked => "entry-unlocked",
        Operation::Locked => "entry-locked",
        Operation::UnlockRefused { .. } => "entry-unlock-refused",
        Operation::ServiceStarted => "entry-service-started",
        Operation::ServiceEnded => "entry-service-ended",
        Operation::Signed { .. } => "entry-signed",
        Operation::Consulted { query: None, .. } => "entry-consulted",
        Operation::Consulted { .. } => "entry-consulted-for-an-act",
        Operation::ConsultedList { .. } => "entry-consulted-list",
        Operation::ReceiptStored { .. } => "entry-receipt-stored",
        Operation::Refused { .. } => "entry-refused",
        Operation::NumberUnused { .. } => "entry-number-unused",
        Operation::CameraPaired { .. } => "entry-camera-paired",
        Operation::FootageDisposed { .. } => "entry-footage-disposed",
        Operation::FootageExpired { .. } => "entry-footage-expired",
        Operation::FootageHeld { .. } => "entry-footage-held",
        Operation::FootageReleased { .. } => "entry-footage-released",
        Operation::FootageViewed { .. } => "entry-footage-viewed",
        Operation::FootageNotTaken { .. } => "entry-footage-not-taken",
        Operation::CameraGap { .. } => "entry-camera-gap",
        Operation::CameraAssigned { .. } => "entry-camera-assigned",
        Operation::Purged { .. } => "entry-purged",
        Operation::DraftDiscarded => "entry-draft-discarded",
        Operation::Ordered { .. } => "entry-ordered",
        Operation::CodeChanged => "entry-code-changed",
        Operation::KeyRotated => "entry-key-rotated",
        Operation::DraftRestored => "entry-draft-restored",
        Operation::Printed { to: None, .. } => "entry-printed",
        Operation::Printed { .. } => "entry-printed-by",
        Operation::HandedOver { to: None, .. } => "entry-handed-over",
        Operation::HandedOver { .. } => "entry-handed-over-to",
        Operation::Started { .. } => "entry-started",
        Operation::Certified { .. } => "entry-certified",
        Operation::OfficerAdmitted => "entry-officer-admitted",
        Operation::ToldByOrder {
            what: Told::Position { .. },
            ..
        } => "entry-told-position",
        Operation::ToldByOrder { .. } => "entry-told-logs",
        Operation::EvidenceDestroyed { .. } => "entry-evidence-destroyed",
        Operation::Configured { .. } => "entry-configured",
        Operation::CodeChosen => "entry-code-chosen",
        Operation::Readmission { granted: false, .. } => "entry-readmission-refused",
        Operation::Readmission { granted: true, .. } => "entry-readmission",
        Operation::AnswerShown { .. } => "entry-answer-shown",
        Operation::AnswerShared { .. } => "entry-answer-shared",
        Operation::SharedAnswerShown { .. } => "entry-shared-answer-shown",
        Operation::UrgentFrame { .. } => "entry-urgent-frame",
        Operation::AlertTold { .. } => "entry-alert-told",
        Operation::AlertTaken { .. } => "entry-alert-taken",
        Operation::DispatchShown { .. } => "entry-dispatch-shown",
        Operation::DispatchTaken { .. } => "entry-dispatch-taken",
        Operation::DispatchDeclined { .. } => "entry-dispatch-declined",
        Operation::ServiceChecked { .. } => "entry-service-checked",
        Operation::BriefingRead { .. } => "entry-briefing-read",
        Operation::CrewCardRead { .. } => "entry-crew-card-read",
        Operation::CrewSheetShown { .. } => "entry-crew-sheet-shown",
        Operation::CrewSheetJoined { .. } => "entry-crew-sheet-joined",
    }
}

/// A draft with a seal, and everything that a seal can state.
fn sealed_draft() -> Draft {
    let name = Name::read("DURAND").unwrap().also("PETIT").cut();
    let values = [
        (Fact::Surname, Value::Name(name)),
        (Fact::Born, Value::day(CivilDate::new(1974, 8, 12).unwrap())),
        (
            Fact::Expiry,
            Value::day(Day::of_zone("3108<<", |two| 2000 + two).unwrap()),
        ),
        (Fact::Sex, Value::Sex(Sex::Other)),
        (Fact::Number, Value::code("D2H6862M2").unwrap()),
        (Fact::Nationality, Value::Country("FRA".to_owned())),
    ];
    let claims = values.map(|(fact, value)| Claim {
        fact,
        source: Source::Seal,
        footing: Footing::ShownOnly,
        value,
    });
    let seal = SealSeen {
        trace: seal_trace(),
        claims: claims.to_vec(),
    };
    let mut draft = draft();
    draft.keep_seals(vec![seal]).unwrap();
    draft
}

fn draft() -> Draft {
    let mut draft = Draft::new(ACT, ActKind::Plainte, at(0), Some(INTERVENTION));
    for (field, text) in [
        (Field::Venue, "MAIRIE"),
        (Field::Place, "12 rue des Lilas"),
        (Field::Surname, "  Eriksson "),
        (Field::BirthDate, "12/08"),
        (Field::Account, "On m'a pris mon vélo.\n\nIl était"),
        (Field::RightsLanguage, "fr"),
    ] {
        draft.fill(field, text, at(3)).unwrap();
    }
    draft.files = traces();
    draft
}

fn corrective() -> Draft {
    draft().corrective(ActId::from_bytes([0x1a; 16]), at(30), correction())
}

fn signed_draft() -> Draft {
    let mut draft = Draft::new(ACT, ActKind::Pve, at(0), None);
    draft.fill(Field::Interception, "INTERCEPTE", at(1)).unwrap();
    draft.fill(Field::Quantity, "3,5", at(1)).unwrap();
    draft.attach(crate::road::photo()).unwrap();
    draft.set_signature(OffenderSignature::Signed(crate::road::pad()));
    draft
}

fn marked_draft() -> Draft {
    let mut draft = Draft::new(ACT, ActKind::Afd, at(0), None);
    let marked = crate::road::marked_photo();
    draft.attach(crate::road::photo()).unwrap();
    draft.mark_photo(marked.sha256, &marked.marks).unwrap();
    draft
}

/// As programs kept it before a place could be held against it.
fn older_requisition() -> StandingRequisition {
    StandingRequisition {
        reference: "REQ-2026-14".to_owned(),
        places: "gare d'Exempleville".to_owned(),
        from: UnixMs(EVENING),
        until: UnixMs(EVENING).plus(UnixMs::DAY),
        basis: None,
        communes: Vec::new(),
        circle: None,
    }
}

/// With everything that a réquisition of today says.
pub(crate) fn requisition() -> StandingRequisition {
    StandingRequisition {
        basis: Some(CheckBasis::CiReqV),
        communes: vec!["93066".to_owned(), "2A004".to_owned()],
        circle: Some(Circle {
            latitude_e6: 48_935_630,
            longitude_e6: 2_353_870,
            radius_m: 800,
        }),
        ..older_requisition()
    }
}

/// Rows that say everything that rows can, and one that says the least.
fn bases() -> BasisTable {
    let file = "edition\tessai-1\nissued\t2026-11-27\n\
        CI-9\t2017-11-01\t2030-12-31\topj apja\tapja\tcircumstances 30\t-\t720\tone-place alinea=9-17 precedes unverified\tBande\tarticle 78-2 alinéa {alinéa}\tmotif\tlimites\n\
        CI-REQ-V\t-\t-\topj pm\t-\tfacts 10\t24 hours\t-\t-\tRéquisitions\tarticle 78-2-2\tmotif\tlimites\n\
        CI-PRO\t-\t-\topj\t-\texternal 30\t1 months\t-\tfollows\tLieux\tarticle 78-2-1\tmotif\tlimites\n\
        MANIF\t-\t-\topj\t-\t-\tunbounded\t-\t-\tAbords\tarticle 78-2-5\tmotif\tlimites\n";
    BasisTable::from_file(file).unwrap()
}

fn urgent_draft() -> Draft {
    let mut draft = Draft::new(ACT, ActKind::IdentityCheck, at(0), None);
    draft.fill(Field::PriorBasis, "CI-2", at(1)).unwrap();
    draft.fill(Field::Alinea, "9", at(1)).unwrap();
    draft.set_urgent(at(2));
    draft
}

/// A shift of today: its text, and an operation in one place that began.
fn framed_service() -> Service {
    let mut service = Service {
        basis: Some(CheckBasis::Route),
        ..service_with(vec![older_requisition(), requisition()])
    };
    service.begin_operation(CheckBasis::Etr1, at(3));
    service
}

fn service() -> Service {
    service_with(vec![older_requisition()])
}

fn service_with(requisitions: Vec<StandingRequisition>) -> Service {
    Service {
        id: SERVICE,
        crew: vec![matricule("1234567"), matricule("2345678")],
        opj: Some(matricule("7654321")),
        requisitions,
        camera: CameraId::parse("cam-000042").ok(),
        card: CardPresence::Card,
        started: at(0),
        ended: Some(at(480)),
        basis: None,
        operations: Vec::new(),
        vehicle: None,
        checks: None,
    }
}

fn checks() -> Checks {
    Checks {
        clock: ClockCheck::Off(-90_000),
        room: true,
        lists_of: Some(UnixMs(1_795_262_400_000)),
        waiting: 2,
        camera: CameraCheck::Met {
            camera: CameraId::parse("cam-000042").unwrap(),
            battery: 87,
            free: 48_000_000_000,
        },
        unread: 1,
    }
}

/// A shift in a vehicle whose terminal and camera were looked at.
fn checked_service() -> Service {
    let typed = TypedVehicle {
        call_sign: "TV ALPHA 12".into(),
        plate: "AB-123-CD".into(),
    };
    Service {
        vehicle: PatrolVehicle::read(&typed).unwrap(),
        checks: Some(checks()),
        ..service()
    }
}

fn open_service() -> Service {
    Service {
        opj: None,
        requisitions: Vec::new(),
        camera: None,
        card: CardPresence::Formation,
        ended: None,
        ..service()
    }
}

fn intervention() -> Intervention {
    Intervention {
        id: INTERVENTION,
        service: SERVICE,
        number: OperationsNumber::parse("CIC-2026-77").ok(),
        place: place(),
        opened: at(0),
        on_scene: Some(at(9)),
        closed: Some(at(40)),
        people: vec![person(Identity::Brief(brief()), IdentitySource::Declaree)],
        outcome: Some(Outcome::ActsDrawnUp),
        ..Intervention::new(INTERVENTION, SERVICE, place(), at(0))
    }
}

fn print_states() -> [(&'static str, PrintState); 6] {
    let trouble = Some(PrinterTrouble::NeedsAttention);
    [
        ("print-waiting", PrintState::Waiting { trouble: None }),
        ("print-sending", PrintState::Sending),
        ("print-printing", PrintState::Printing { job: 77, trouble }),
        ("print-printed", PrintState::Printed),
        ("print-failed", PrintState::Failed(PrintFailure::NoPdf)),
        ("print-in-doubt", PrintState::InDoubt),
    ]
}

const fn appearance() -> Appearance {
    Appearance {
        theme: Theme::Night,
        text: TextSize::Largest,
        thumb: Thumb::Left,
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let mut vectors = vec![
        Vector::of("draft", kept, "draft", draft()),
        Vector::of("draft-sealed", kept, "draft", sealed_draft()),
        Vector::of("draft-corrective", kept, "draft", corrective()),
        Vector::of("draft-signed", kept, "draft", signed_draft()),
        Vector::of("journal-head", kept, "journal-head", head(None)),
        Vector::of(
            "journal-head-of-a-piece",
            kept,
            "journal-head",
            head(Some(Digest::of(b"sealed entries"))),
        ),
        Vector::of("journal-receipt", kept, "journal-receipt", head_receipt()),
        Vector::of("service", kept, "service", service()),
        Vector::of("service-framed", kept, "service", framed_service()),
        Vector::of("bases", kept, "basis-table", bases()),
        Vector::of("draft-urgent", kept, "draft", urgent_draft()),
        Vector::of("draft-marked", kept, "draft", marked_draft()),
        Vector::of("service-checked", kept, "service", checked_service()),
        Vector::of("service-open", kept, "service", open_service()),
        Vector::of("intervention", kept, "intervention", intervention()),
        Vector::of("appearance", kept, "appearance", appearance()),
    ];
    let states = print_states().into_iter();
    vectors.extend(states.map(|(name, state)| Vector::of(name, kept, "print-state", state)));
    let entries = journal().into_iter();
    vectors.extend(entries.map(|entry| Vector::of(name(&entry.operation), kept, "entry", entry)));
    vectors
}

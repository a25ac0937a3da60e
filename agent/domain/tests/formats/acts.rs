//! Records of each kind of act, the manifest of a clip, and the questions and answers around them.

use domain::enrolment::KeyProtection;
use domain::envelope::RefusalCode;
use domain::footage::{
    Assignment, CameraChain, CameraEvent, CameraSaid, CarriedEvents, ClipListing, Gap, GapCause, Manifest,
    Program, Segment, Trigger, TriggerCause, VideoCheck,
};
use domain::hand::HandOutcome;
use domain::id::{ActId, ActNumber, CameraId, ClipId, OfficerId, QueryId};
use domain::identity::cachet::{CachetKind, Fault};
use domain::identity::crosscheck::{
    Claim, Compared, Fact, Footing, ListVersion, Name, SealTrace, Source, Value, crosscheck,
};
use domain::identity::{CheckOutcome, CivilDate, FileTrace, IdentityCheck, TraceResult, Verdict, Verdicts};
use domain::legal_basis::{BasisTable, CheckBasis, CheckFrame, PvFrame, QueryFrame, Situation};
use domain::natinf::{Natinf, ReferenceVersion};
use domain::officer::{FileKind, Matricule, Quality};
use domain::person::{Identity, IdentitySource};
use domain::plainte::{
    Deposit, Evaluation, Facts, HandedOver, Language, Plainte, Receipt, Reception, RightsNotice, RightsSheet,
    Suspect, Venue,
};
use domain::pv::{Closing, Pv, PvKind};
use domain::query::{
    Answer, Card, DocumentKind, Ground, Homonym, NotAnswered, Outcome, Query, Registered, ReplyKey,
    SHOWN_FOR, Share, SharedAnswer, Term,
};
use domain::record::{Act, ActKind, Context, Correction, DocumentDigest, Record, Retention};
use domain::requisition::Whereabouts;
use domain::vehicle::Plate;
use domain::{Digest, UnixMs, retention};

use crate::identity::{
    ACT, EVENING, INTERVENTION, SERVICE, at, brief, device, document, habilitation, matricule, officer,
    person, place, short,
};
use crate::schema::Schema;
use crate::vector::Vector;

const CLIP: ClipId = ClipId::from_bytes([0x0c; 16]);
const QUERY: QueryId = QueryId::from_bytes([0x09; 16]);

pub(crate) fn plate() -> Plate {
    Plate::parse("AB-123-CD").unwrap()
}

pub(crate) fn context(quality: Quality, formation: bool) -> Context {
    Context {
        device: device(),
        protection: KeyProtection::File,
        formation,
        author: officer(quality).author(),
        service: SERVICE,
        intervention: Some(INTERVENTION),
    }
}

pub(crate) fn record(act: Act, context: Context) -> Record {
    Record {
        version: 1,
        id: ACT,
        number: Some(ActNumber {
            year: 2026,
            serial: 123,
        }),
        context,
        signed_at: at(25),
        reference: ReferenceVersion("embedded-2026-11".to_owned()),
        document: Some(DocumentDigest {
            sha256: Digest::of(b"document"),
            bytes: 48_213,
        }),
        corrects: None,
        retention: None,
        act,
    }
}

fn natinf(code: &str) -> Natinf {
    Natinf::parse(code).unwrap()
}

pub(crate) fn traces() -> Vec<FileTrace> {
    let answered = Some(at(4).utc);
    vec![
        FileTrace {
            file: FileKind::Fpr,
            result: TraceResult::NothingFound,
            answered,
        },
        FileTrace {
            file: FileKind::Siv,
            result: TraceResult::NotAnswered,
            answered: None,
        },
    ]
}

pub(crate) fn correction() -> Correction {
    let refused = ActId::from_bytes([0x0d; 16]);
    Correction::of_refused(
        refused,
        Digest::of(b"refused record"),
        RefusalCode::CorrectionAsked,
    )
}

/// As programs wrote it before there were editions of the bases.
pub(crate) fn old_frame(basis: CheckBasis, opj: Option<Matricule>, grounds: &str) -> CheckFrame {
    CheckFrame {
        basis,
        on_order_of: opj,
        grounds: grounds.to_owned(),
        requisition: None,
        edition: None,
        cited: None,
        held: None,
        place: None,
        prior: None,
        urgent: None,
    }
}

/// Everything that a frame of today says, evaluated by the edition of the program.
fn framed_check() -> IdentityCheck {
    let opj = matricule("7654321");
    let held = [crate::keeping::requisition()];
    let situation = Situation {
        quality: Quality::Apj,
        opj: Some(&opj),
        grounds: "quai n° 2, un sac abandonné",
        requisition: "req-2026-14",
        alinea: None,
        prior: None,
        held: &held,
        whereabouts: Whereabouts {
            commune: Some("93066"),
            fix: None,
        },
        at: at(0),
        urgent: Some(at(1).utc),
    };
    let frame = BasisTable::built_in()
        .frame(CheckBasis::CiReqV, &situation)
        .unwrap();
    IdentityCheck {
        frame,
        ..identity_check()
    }
}

fn identity_check() -> IdentityCheck {
    let grounds = "sort en courant du magasin, un sac sous le bras";
    let opj = Some(matricule("7654321"));
    IdentityCheck {
        frame: old_frame(CheckBasis::Ci2, opj, grounds),
        place: place(),
        person: Some(person(Identity::Brief(brief()), IdentitySource::Presentee)),
        document: Some(document()),
        plate: Some(plate()),
        files: traces(),
        outcome: CheckOutcome::Established,
        started: at(0),
        compared: Vec::new(),
        seals: Vec::new(),
    }
}

pub(crate) fn pv() -> Pv {
    Pv {
        frame: PvFrame::Flagrance,
        subject: "Conduite, téléphone tenu en main".to_owned(),
        place: place(),
        offences: vec![natinf("23800"), natinf("227")],
        plates: vec![plate(), Plate::foreign("BMW1234").unwrap()],
        paragraphs: vec![
            "Sommes en patrouille pédestre.".to_owned(),
            "Constatons « le téléphone » en main.".to_owned(),
        ],
        started: at(1),
        closing: Closing::AuthorOnly,
        kind: PvKind::Constatations,
        origin: None,
        dress: None,
        under: None,
        assistants: Vec::new(),
        hearing: None,
        person: None,
        inventory: Vec::new(),
        authority: None,
        addressee: None,
        mentions: Vec::new(),
        annexes: Vec::new(),
        photos: Vec::new(),
        renvois: Vec::new(),
        signers: Vec::new(),
        measure: None,
        aboard: None,
    }
}

pub(crate) fn plainte() -> Plainte {
    Plainte {
        venue: Venue::Mairie,
        place: place(),
        victim: person(Identity::Short(Box::new(short())), IdentitySource::Declaree),
        offences: Vec::new(),
        when: "hier soir vers 22 heures".to_owned(),
        paragraphs: vec!["On m'a pris mon vélo.".into(), "Il était attaché.".into()],
        suspect: Suspect::Named("un voisin".into()),
        rights: RightsNotice {
            language: Language::EasyFrench,
            at: at(3),
            sheet: None,
        },
        receipt_handed: true,
        started: at(2),
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
    }
}

/// With a récépissé whose title does not say what it is.
fn neutral() -> Record {
    let plainte = Plainte {
        receipt: Some(Receipt::Neutral),
        ..plainte()
    };
    record(Act::Plainte(Box::new(plainte)), context(Quality::Opj, false))
}

/// With the sheet of rights that the victim signed, and took away on paper.
fn with_rights() -> Record {
    let mut signed = plainte();
    signed.rights = RightsNotice {
        language: Language::Arabic,
        at: at(3),
        sheet: Some(RightsSheet {
            sha256: Digest::of(b"sheet"),
            handed: HandedOver::Paper,
            outcome: HandOutcome::Signed(crate::road::pad()),
        }),
    };
    record(Act::Plainte(Box::new(signed)), context(Quality::Opj, true))
}

pub(crate) fn segment(index: u32) -> Segment {
    let bytes = index.to_be_bytes();
    Segment {
        index,
        offset: u64::from(index) * 4_194_304,
        length: 4_194_304,
        plain: Digest::of(&[b"plain".as_slice(), &bytes].concat()),
        cipher: Digest::of(&[b"cipher".as_slice(), &bytes].concat()),
        cipher_length: 4_195_544,
    }
}

fn manifest() -> Manifest {
    Manifest {
        clip: CLIP,
        camera: CameraId::parse("cam-000042").unwrap(),
        camera_certificate: Digest::of(b"camera certificate"),
        pairing: Digest::of(b"pairing transcript"),
        started: at(5).utc,
        ended: at(7).utc,
        bytes: 8_388_608,
        whole: Digest::of(b"whole"),
        root: Digest::of(b"root"),
        segments: vec![segment(0), segment(1)],
        chain: CameraChain::OpenEnded,
        chain_digest: Digest::of(b"chain"),
        video: None,
        events: None,
        assigned: None,
        program: None,
    }
}

/// The fourth statement of a camera.
fn event(said: CameraSaid) -> CameraEvent {
    CameraEvent {
        version: 1,
        camera: CameraId::parse("cam-000042").unwrap(),
        certificate: Digest::of(b"camera certificate"),
        counter: 4,
        previous: Digest::of(b"third"),
        at: at(5).utc,
        said,
    }
}

fn gap() -> Gap {
    Gap {
        from: at(3).utc,
        until: at(4).utc,
        cause: GapCause::ClockJumped,
    }
}

const LIGHTS: Trigger = Trigger {
    cause: TriggerCause::VehicleLights,
    counter: Some(9),
};

const BUTTON: Trigger = Trigger {
    cause: TriggerCause::Button,
    counter: None,
};

fn listing() -> ClipListing {
    ClipListing {
        clip: CLIP,
        started: at(5).utc,
        ended: at(7).utc,
        bytes: 8_388_608,
        segments: 2,
    }
}

const SHARE: QueryId = QueryId::from_bytes([0x0a; 16]);

fn query(file: FileKind, term: Term) -> Query {
    let author = officer(Quality::Apj).author();
    let ground = Ground {
        motive: "contrôle en cours",
        purpose: ActKind::IdentityCheck,
        frame: None,
    };
    let mut query = Query::new(
        QUERY,
        file,
        term,
        ground,
        author,
        Some(&habilitation(file)),
        Some(SERVICE),
        at(3),
    )
    .unwrap();
    // As older programs ask.
    query.purpose = None;
    query
}

/// With everything that a question of today says.
fn framed(frame: QueryFrame, term: Term) -> Query {
    let mut query = query(FileKind::Docverif, term);
    query.purpose = Some(ActKind::IdentityCheck);
    query.frame = Some(frame);
    query
}

fn title() -> Term {
    Term::Document {
        kind: DocumentKind::Cni,
        number: "880692310285".into(),
    }
}

fn answer(outcome: Outcome) -> Answer {
    let dataset = UnixMs(EVENING).plus(-UnixMs::DAY);
    Answer {
        query: QUERY,
        file: FileKind::Fpr,
        outcome,
        dataset,
        answered: at(4).utc,
    }
}

fn card() -> Card {
    Card {
        title: "FICHE SPÉCIMEN".into(),
        lines: vec!["Personne de l'exemple".into()],
        instruction: Some("Aviser le service demandeur.".into()),
        dangerous: true,
        number: None,
        homonym: None,
        surveillance: false,
        registered: None,
    }
}

fn numbered() -> Card {
    Card {
        number: Some("0000003".into()),
        homonym: Some(Homonym::BirthDiffers),
        surveillance: true,
        ..card()
    }
}

fn registered() -> Card {
    Card {
        registered: Some(Registered {
            surname: Some("ERIKSSON".into()),
            given_names: Some("ANNA MARIA".into()),
            born: Some(CivilDate::new(1974, 8, 12).unwrap().into()),
            number: Some("T66000128".into()),
            expires: CivilDate::new(2031, 3, 1).ok(),
            nationality: Some("SWE".to_owned()),
            plate: Some("AB-123-CD".into()),
            vin: Some("VF3ABCDEF12345678".into()),
            make: Some("PEUGEOT".to_owned()),
        }),
        ..card()
    }
}

/// A check whose seal differs from what was typed.
fn compared_check() -> Record {
    let name = |text| Value::Name(Name::read(text).unwrap());
    let claim = |source, footing, value| Claim {
        fact: Fact::Surname,
        source,
        footing,
        value,
    };
    let claims = [
        claim(Source::Zone, Footing::Counts, name("MARTIN")),
        claim(Source::Typed, Footing::Counts, name("MARTEN")),
        claim(Source::Seal, Footing::ShownOnly, name("MARTIN")),
        claim(Source::File(FileKind::Snpc), Footing::Counts, name("MARTIN")),
    ];
    let check = IdentityCheck {
        compared: crosscheck(&claims).into_iter().map(Compared::kept).collect(),
        seals: vec![seal_trace()],
        ..identity_check()
    };
    record(Act::IdentityCheck(Box::new(check)), context(Quality::Apj, false))
}

pub(crate) fn seal_trace() -> SealTrace {
    SealTrace {
        kind: CachetKind::TwoDDoc,
        document: "Titre d’identité".to_owned(),
        signer: "Autorité d’essai".to_owned(),
        certificate: "FR05/0001".to_owned(),
        verdicts: Verdicts {
            read: Verdict::Proven,
            signature: Verdict::Proven,
            issuer_trusted: Verdict::NotChecked,
            in_date: Verdict::Proven,
            status_known: Verdict::NotChecked,
        },
        faults: vec![Fault::ListOutdated, Fault::RevocationUnknown],
        list: Some(ListVersion {
            sequence: 22,
            issued: at(0).utc,
        }),
    }
}

fn records() -> [Record; 4] {
    let check = record(
        Act::IdentityCheck(Box::new(identity_check())),
        context(Quality::Apj, false),
    );
    let check = Record {
        corrects: Some(correction()),
        ..check
    };
    let until = retention::Term::Footage.deadline(&at(5));
    let footage = Record {
        number: None,
        document: None,
        retention: Some(Retention {
            term: retention::Term::Footage,
            until,
        }),
        ..record(Act::Footage(Box::new(manifest())), context(Quality::Apj, false))
    };
    [
        check,
        record(Act::Pv(Box::new(pv())), context(Quality::Opj, false)),
        record(Act::Plainte(Box::new(plainte())), context(Quality::Opj, true)),
        footage,
    ]
}

pub(crate) fn vectors() -> Vec<Vector> {
    let [check, pv, plainte, footage] = records();
    let brief = brief();
    let person = Term::Person {
        surname: brief.surname,
        given_name: brief.given_names,
        born: brief.born,
    };
    let unborn = Term::Person {
        surname: "ERIKSSON".into(),
        given_name: "ANNA".into(),
        born: None,
    };
    let kept = Schema::Kept;
    vec![
        Vector::of("record-identity-check", kept, "record", check),
        Vector::of("record-identity-check-compared", kept, "record", compared_check()),
        Vector::of("check-framed", kept, "identity-check", framed_check()),
        Vector::of("record-pv", kept, "record", pv),
        Vector::of("record-plainte", kept, "record", plainte),
        Vector::of("record-plainte-rights", kept, "record", with_rights()),
        Vector::of("record-plainte-neutral", kept, "record", neutral()),
        Vector::of("record-footage", kept, "record", footage),
        Vector::of("context", kept, "context", context(Quality::Apj, false)),
        Vector::of("manifest", kept, "manifest", manifest()),
        Vector::of(
            "camera-event-gap",
            kept,
            "camera-event",
            event(CameraSaid::Gap(gap())),
        ),
        Vector::of(
            "camera-event-began",
            kept,
            "camera-event",
            event(CameraSaid::Began {
                clip: CLIP,
                trigger: LIGHTS,
                buffered_ms: 30_000,
            }),
        ),
        Vector::of(
            "camera-event-passed",
            kept,
            "camera-event",
            event(CameraSaid::Passed(BUTTON)),
        ),
        Vector::of(
            "camera-event-assigned",
            kept,
            "camera-event",
            event(CameraSaid::Assigned {
                to: Some(officer(Quality::Apj).matricule),
                by: device(),
            }),
        ),
        Vector::of(
            "camera-event-returned",
            kept,
            "camera-event",
            event(CameraSaid::Assigned {
                to: None,
                by: device(),
            }),
        ),
        Vector::of(
            "manifest-carrying",
            kept,
            "manifest",
            Manifest {
                video: Some(VideoCheck::Held {
                    signatures: 12,
                    frames: 300,
                }),
                events: Some(CarriedEvents {
                    file: Digest::of(b"events"),
                    first: 4,
                    last: 7,
                }),
                assigned: Some(Assignment {
                    to: officer(Quality::Apj).matricule,
                    counter: 3,
                    event: Digest::of(b"event"),
                }),
                program: Some(Program {
                    version: "0.1.0".to_owned(),
                    build: Digest::of(b"program"),
                }),
                ..manifest()
            },
        ),
        Vector::of("segment", kept, "segment", segment(1)),
        Vector::of("clip-listing", Schema::Camera, "clip-listing", listing()),
        Vector::of("query-person", kept, "question", query(FileKind::Fpr, person)),
        Vector::of(
            "query-person-without-birth",
            kept,
            "question",
            query(FileKind::Snpc, unborn),
        ),
        Vector::of(
            "query-vehicle",
            kept,
            "question",
            query(FileKind::Siv, Term::Vehicle { plate: plate() }),
        ),
        Vector::of(
            "query-document",
            kept,
            "question",
            framed(QueryFrame::Check(CheckBasis::Ci2), title()),
        ),
        Vector::of(
            "query-document-of-a-procedure",
            kept,
            "question",
            framed(QueryFrame::Procedure(PvFrame::Flagrance), title()),
        ),
        Vector::of(
            "query-document-in-urgency",
            kept,
            "question",
            framed(QueryFrame::Urgent, title()),
        ),
        Vector::of(
            "query-with-reply-key",
            kept,
            "question",
            framed(QueryFrame::Check(CheckBasis::Ci2), title()).answered_to(ReplyKey([0x0d; 32])),
        ),
        Vector::of(
            "answer-found-numbered",
            kept,
            "file-answer",
            answer(Outcome::Found(vec![numbered()])),
        ),
        Vector::of(
            "answer-nothing-found",
            kept,
            "file-answer",
            answer(Outcome::NothingFound),
        ),
        Vector::of(
            "answer-found",
            kept,
            "file-answer",
            answer(Outcome::Found(vec![card()])),
        ),
        Vector::of(
            "answer-found-registered",
            kept,
            "file-answer",
            answer(Outcome::Found(vec![registered()])),
        ),
        Vector::of(
            "answer-not-answered",
            kept,
            "file-answer",
            answer(Outcome::NotAnswered(NotAnswered::Expired)),
        ),
        Vector::of(
            "share",
            kept,
            "share",
            Share {
                id: SHARE,
                author: officer(Quality::Apj).author(),
                service: SERVICE,
                with: vec![matricule("2345678")],
                term: title(),
                answer: answer(Outcome::Found(vec![card()])),
                shared: at(5),
            },
        ),
        Vector::of(
            "shared-answer",
            kept,
            "shared-answer",
            SharedAnswer {
                share: SHARE,
                officer: OfficerId::from_bytes([0x0e; 16]),
                by: matricule("1234567"),
                term: title(),
                answer: answer(Outcome::Found(vec![card()])),
                until: at(5).utc.plus(SHOWN_FOR),
            },
        ),
    ]
}

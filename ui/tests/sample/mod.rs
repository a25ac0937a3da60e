//! Views of one evening in Montreuil, for the frames and for the tests of the screens.

use domain::delivery::Delivery;
use domain::dialogue::{
    AnswerLine, AnswerState, BasisLine, Began, BudgetView, CameraActivity, CameraHolder, CameraState,
    CameraStatus, CameraView, ClipLine, ClipRefusal, ClipState, DeliveryLine, DraftLine, DraftState,
    DraftView, EnrolmentView, FieldText, Flow, FlowLine, FooterView, FormulaLine, Gauges, HomeView,
    InterventionLine, ListLine, LockState, LockView, Network, OffenceLine, PagesView, ProfileLine,
    ReadingView, RenvoiLine, RetentionLine, SendingState, SendingView, ServiceLine, SignedEvents, SignerLine,
    SignerState, TemplateLine, View, VisaLine, VisaStanding,
};
use domain::draft::{Field, Problem, Reason, Warning};
use domain::envelope::RefusalCode;
use domain::footage::leaving::{Bearer, Charge, LeavingPolicy, Power, Supply};
use domain::footage::{ClipListing, Gap, GapCause, TriggerCause};
use domain::hand::SignerRole;
use domain::hotlist::{Standing, Subject};
use domain::identity::{CivilDate, Verdict, read_mrz};
use domain::intervention::Origin;
use domain::legal_basis::BasisTable;
use domain::natinf::{Amounts, Confidence, Natinf, Nature};
use domain::officer::FileKind;
use domain::printing::{
    Paper, PrintFailure, PrintLine, PrintState, PrinterAddress, PrinterLine, PrinterTrouble, PrintingView,
};
use domain::pv::PvKind;
use domain::pve::{Hint, Ruled, Ruling};
use domain::query::{Answer, Card, Outcome};
use domain::record::ActKind;
use domain::service::ClockCheck;
use domain::verification::Stage;
use domain::{
    ActId, ActNumber, BootId, CameraId, ClipId, Digest, InterventionId, QueryId, Sensitive, Timestamp,
    UnixMs, Zone,
};

use super::Screen;

/// 12/03/2026 at 21 h 40 in Paris.
pub(crate) const EVENING: UnixMs = UnixMs(1_773_348_000_000);

pub(crate) const SPECIMEN: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: EVENING.plus(minutes * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([7; 16]),
        mono_ms: 1,
    }
}

pub(crate) fn act(number: u8) -> ActId {
    ActId::from_bytes([number; 16])
}

pub(crate) fn locked() -> LockView {
    LockView {
        state: LockState::Locked { left: 5, wait_ms: 0 },
        card_present: true,
        hardware_backed: true,
        officer: "RIO 1234567 · gardien de la paix".to_owned(),
        formation: false,
        device: "neo-000007".to_owned(),
        answers: 0,
    }
}

pub(crate) fn home() -> HomeView {
    HomeView {
        service: Some(ServiceLine {
            started: at(-150),
            crew: vec!["RIO 1234567".to_owned(), "RIO 2345678".to_owned()],
            opj: Some("RIO 7654321".to_owned()),
            requisitions: Vec::new(),
            basis: None,
            vehicle: Some("TV ALPHA 12 · AB-123-CD".to_owned()),
        }),
        dispatches: Vec::new(),
        checks: None,
        crew_by_card: Vec::new(),
        awaits_card: false,
        crew: Vec::new(),
        recordings: Vec::new(),
        link_offer: None,
        intervention: Some(InterventionLine {
            id: InterventionId::from_bytes([9; 16]),
            number: Some("CIC-2026-4411".to_owned()),
            place: "12 rue de la République, Montreuil".into(),
            opened: at(0),
            on_scene: Some(at(12)),
            en_route: Some(at(2)),
            origin: Origin::OwnInitiative,
            matter: "tapage".into(),
            account: Sensitive::default(),
            plates: Vec::new(),
            people: Vec::new(),
            doubts: Vec::new(),
        }),
        drafts: vec![DraftLine {
            draft: act(3),
            kind: ActKind::Pv,
            started: at(20),
            title: "Vol à l’étalage, GIFI Montreuil".into(),
            days: Some(0),
            pv: Some(PvKind::Constatations),
        }],
        network: Network::Offline,
        waiting: 3,
        received: 12,
        refused: 1,
        last_received: Some(EVENING.plus(-3_600_000)),
        offset_min: 60,
        templates: Vec::new(),
        notes: Some(false),
        profile: Some(ProfileLine {
            serial: 1_795_262_400,
            name: "Été 2026".to_owned(),
            issued: EVENING,
        }),
        profile_refused: None,
        revocations: None,
        trust_list: None,
        hotlist: None,
        persons: None,
        retentions: Vec::new(),
        shared: Vec::new(),
        fruitless: 0,
        suivi: Vec::new(),
        answers: Vec::new(),
        confirmations: 0,
        frames_open: Vec::new(),
    }
}

pub(crate) fn draft(kind: ActKind, texts: &[(Field, &str)]) -> DraftView {
    DraftView {
        draft: act(1),
        kind,
        texts: texts
            .iter()
            .map(|(field, text)| FieldText {
                field: *field,
                text: (*text).into(),
            })
            .collect(),
        problems: Vec::new(),
        document: None,
        document_problem: None,
        answers: Vec::new(),
        lists: Vec::new(),
        state: DraftState::Editing,
        corrects: None,
        ruling: None,
        photos: Vec::new(),
        reading: None,
        warnings: Vec::new(),
        signers: Vec::new(),
        scan: None,
        retention: None,
        compared: Vec::new(),
        frame_open: false,
        bases: if kind == ActKind::IdentityCheck {
            BasisTable::built_in()
                .rows()
                .iter()
                .map(|row| BasisLine::of(row, None))
                .collect()
        } else {
            Vec::new()
        },
        limit: None,
        blocked: None,
        rights: None,
        suivi: Vec::new(),
        pieces: Vec::new(),
        brought: None,
        resumed: None,
        coming: Vec::new(),
    }
}

pub(crate) fn answered(file: FileKind, outcome: Outcome) -> AnswerLine {
    AnswerLine {
        file,
        state: AnswerState::Answered(Box::new(Answer {
            query: QueryId::from_bytes([5; 16]),
            file,
            outcome,
            dataset: EVENING.plus(-UnixMs::DAY),
            answered: EVENING,
        })),
    }
}

pub(crate) fn wanted() -> Card {
    Card {
        title: "ERIKSSON Anna Maria, née le 12/08/1974".into(),
        lines: vec![
            "Mandat de recherche".into(),
            "Tribunal judiciaire de Bobigny".into(),
        ],
        instruction: Some(
            "Interpeller, aviser l’OPJ de permanence. Individu dangereux, peut être armé.".into(),
        ),
        dangerous: true,
        number: Some("2025-118204".into()),
        homonym: None,
        surveillance: false,
        registered: None,
    }
}

pub(crate) fn identity_check() -> DraftView {
    DraftView {
        document: read_mrz(SPECIMEN, CivilDate::new(2026, 3, 12).expect("a date")).ok(),
        answers: vec![
            answered(FileKind::Foves, Outcome::NothingFound),
            answered(FileKind::Fpr, Outcome::Found(vec![wanted()])),
            AnswerLine {
                file: FileKind::Snpc,
                state: AnswerState::NoAnswer,
            },
        ],
        lists: vec![ListLine {
            subject: Subject::Vehicle,
            about: "GA-284-KT".into(),
            standing: Standing::NotFound { as_of: EVENING },
        }],
        problems: vec![
            Problem::new(Field::CheckBasis, Reason::Missing),
            Problem::new(Field::Grounds, Reason::GroundsMissing),
        ],
        ..draft(
            ActKind::IdentityCheck,
            &[
                (Field::Mrz, SPECIMEN),
                (Field::Plate, "GA-284-KT"),
                (Field::Place, "12 rue de la République, Montreuil"),
            ],
        )
    }
}

pub(crate) fn pv() -> DraftView {
    draft(
        ActKind::Pv,
        &[
            (Field::PvFrame, "FLAGRANCE"),
            (Field::Subject, "Saisine, transport et constatations"),
            (Field::Place, "12 rue de la République, Montreuil"),
            (Field::Offences, "7151"),
            (Field::Account, "Nous nous présentons sur les lieux à 21 h 52."),
        ],
    )
}

/// A gendarme's morning: an old draft, templates, and notes.
pub(crate) fn busy_home() -> HomeView {
    let line = |number, kind, pv, title: &str, days| DraftLine {
        draft: act(number),
        kind,
        started: at(20),
        title: title.into(),
        days: Some(days),
        pv,
    };
    HomeView {
        drafts: vec![
            line(
                4,
                ActKind::Pv,
                Some(PvKind::Audition),
                "Audition de Mme ERIKSSON Anna Maria, témoin du vol à l’étalage",
                3,
            ),
            line(5, ActKind::Pve, None, "GA-284-KT", 1),
        ],
        templates: vec![TemplateLine {
            template: 2,
            kind: ActKind::Pv,
            title: "Tapage nocturne".to_owned(),
        }],
        notes: Some(true),
        ..home()
    }
}

/// A witness who became a suspect: told the rights, with an interpreter who is a neighbour.
pub(crate) fn hearing() -> DraftView {
    DraftView {
        draft: act(6),
        problems: vec![
            Problem::new(Field::InterpreterOath, Reason::OathMissing),
            Problem::new(Field::Account, Reason::QuestionUnanswered),
        ],
        warnings: vec![Warning::InterpreterIsClose, Warning::OutsideCompetence],
        signers: signers([SignerState::Awaited; 2]),
        ..draft(
            ActKind::Pv,
            &[
                (Field::PvKind, "AUDITION"),
                (Field::PvFrame, "PRELIMINAIRE"),
                (Field::Origin, "APPEL"),
                (Field::Dress, "TENUE"),
                (Field::Assistants, "Gardien de la paix MARTIN, RIO 2345678"),
                (Field::Subject, "Audition de Mme ERIKSSON"),
                (Field::Place, "12 rue de la République, Montreuil"),
                (Field::Commune, "93048"),
                (Field::Surname, "Eriksson"),
                (Field::GivenNames, "Anna Maria"),
                (Field::BirthDate, "12/08/1974"),
                (Field::BirthPlace, "Uppsala, Suède"),
                (Field::IdentityMode, "PRESENTEE"),
                (Field::HeardAs, "SUSPECT"),
                (Field::Constraint, "non"),
                (Field::Offences, "7151"),
                (Field::NoticeLanguage, "en"),
                (Field::Counsel, "RENONCE"),
                (Field::Interpreter, "Sven Larsson"),
                (Field::InterpreterLanguage, "suédois"),
                (Field::InterpreterLink, "VOISIN"),
                (
                    Field::Account,
                    "J’habite l’immeuble depuis dix ans.\nQ : Où étiez-vous à 21 h ?\nR : Chez moi.\nQ : Avec qui ?",
                ),
                (Field::Mentions, "De même suite, avisons l’OPJ de permanence."),
                (Field::OtherSigners, "AVOCAT ; Maître Durand"),
            ],
        )
    }
}

pub(crate) fn signers(states: [SignerState; 2]) -> Vec<SignerLine> {
    vec![
        SignerLine {
            role: SignerRole::Person,
            name: "Anna Maria ERIKSSON".into(),
            state: states[0],
        },
        SignerLine {
            role: SignerRole::Interpreter,
            name: "Sven LARSSON".into(),
            state: states[1],
        },
    ]
}

/// The same hearing, read to both.
pub(crate) fn read_back(states: [SignerState; 2]) -> DraftView {
    let open = states.contains(&SignerState::Awaited);
    DraftView {
        problems: open
            .then_some(Problem::new(Field::OtherSigners, Reason::NotAsked))
            .into_iter()
            .collect(),
        reading: Some(ReadingView {
            at: at(40),
            shown: true,
            locked: true,
            renvois: vec![RenvoiLine {
                place: "Page 1, 3e paragraphe".into(),
                text: "Lire « 22 h » au lieu de « 21 h ».".into(),
            }],
        }),
        signers: signers(states),
        ..hearing()
    }
}

/// Two objects of which one lacks its seal.
pub(crate) fn inventory() -> DraftView {
    DraftView {
        problems: vec![Problem::new(Field::Inventory, Reason::SealMissing)],
        ..draft(
            ActKind::Pv,
            &[
                (Field::PvKind, "INVENTAIRE"),
                (
                    Field::Inventory,
                    "12,3 g ; herbe de cannabis ; UN ; SAISI\n1 ; couteau ; ; SAISI",
                ),
            ],
        )
    }
}

pub(crate) fn note() -> DraftView {
    draft(
        ActKind::Note,
        &[
            (Field::NotePurpose, "PREVENTION"),
            (Field::Subject, "Rodéos motorisés"),
            (Field::Account, "Les riverains signalent des passages vers 23 h."),
        ],
    )
}

/// Somebody is held; the rights are still to be told.
pub(crate) fn verification() -> DraftView {
    DraftView {
        problems: vec![
            Problem::new(Field::RetentionNotice, Reason::RightsNotTold),
            Problem::new(Field::DecidingOpj, Reason::OpjDecides),
        ],
        warnings: vec![Warning::RetentionTooLong],
        retention: Some(retention(-5, Stage::Over)),
        ..draft(
            ActKind::Verification,
            &[
                (Field::CheckBasis, "CI-2"),
                (Field::Grounds, "Quitte le magasin en courant."),
                (Field::VerificationGround, "REFUS"),
                (Field::VerificationReasons, "Ne montre aucun titre."),
                (Field::RelativeWish, "oui"),
                (Field::PrintsAuthority, "AUCUNE"),
                (Field::FollowUp, "EN-ATTENTE"),
            ],
        )
    }
}

pub(crate) fn retention(left_min: i32, stage: Stage) -> RetentionLine {
    RetentionLine {
        draft: act(6),
        from: EVENING.plus(-3_600_000),
        until: EVENING.plus(3 * 3_600_000),
        left_min,
        stage,
        clock_set: false,
        counted: domain::verification::Counted::Verification,
    }
}

pub(crate) fn formulas() -> Vec<FormulaLine> {
    let line = |title: &str, text: &str| FormulaLine {
        title: title.to_owned(),
        text: text.to_owned(),
    };
    vec![
        line(
            "Avis à l’OPJ",
            "Avisons l’officier de police judiciaire de permanence, qui nous prescrit de …",
        ),
        line(
            "Avis parquet",
            "Avisons le magistrat de permanence du parquet de …",
        ),
    ]
}

pub(crate) fn footer() -> FooterView {
    FooterView {
        number: ActNumber {
            year: 2026,
            serial: 123,
        },
        act: Digest::from_bytes([0xa5; 32]),
        signed_at: EVENING,
        signer: "RIO 1234567".to_owned(),
        signature: Verdict::Proven,
        issuer_trusted: Verdict::NotChecked,
        in_date: Verdict::Refuted,
        formation: true,
        offset_min: 60,
    }
}

/// Pages of `act`: ruled paper in the proportions of A4.
pub(crate) fn pages(number: u8, count: usize) -> PagesView {
    let (width, height) = (210_u32, 297_u32);
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let ink = |row: u32| if row.is_multiple_of(12) { 90 } else { 255 };
    let bytes: Vec<u8> = (0..height)
        .flat_map(|row| (0..width).map(move |column| if column % 40 < 4 { 255 } else { ink(row) }))
        .collect();
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&bytes));
    assert!(written.is_ok());
    PagesView {
        act: act(number),
        pages: vec![picture.into(); count],
        rights: None,
        leaflet: None,
    }
}

pub(crate) fn plainte() -> DraftView {
    DraftView {
        problems: vec![Problem::new(Field::RightsLanguage, Reason::RightsNotNotified)],
        ..draft(
            ActKind::Plainte,
            &[
                (Field::Surname, "Eriksson"),
                (Field::GivenNames, "Anna Maria"),
                (Field::BirthDate, "12/08/1974"),
                (Field::Venue, "DOMICILE"),
            ],
        )
    }
}

/// A telephone held at the wheel, seen by an interception; the speed of another offence is still to be typed.
pub(crate) fn pve() -> DraftView {
    DraftView {
        problems: vec![
            Problem::new(Field::SpeedLimit, Reason::Missing),
            Problem::new(Field::RoadPoint, Reason::NotARoadPoint),
        ],
        ruling: Some(Ruling {
            offences: vec![Ruled {
                natinf: Natinf::parse("23800").expect("a code"),
                nature: Nature::C4,
                amounts: Amounts {
                    forfaitaire: 13_500,
                    minoree: Some(9_000),
                    majoree: 37_500,
                },
                maximum: 75_000,
                points: Some(3),
                confidence: Confidence::C,
            }],
            points: 3,
            hints: vec![Hint::RetentionOfLicence],
        }),
        ..draft(
            ActKind::Pve,
            &[
                (Field::Plate, "GA-284-KT"),
                (Field::Registration, "LUE"),
                (Field::Make, "Renault"),
                (Field::Genre, "VP"),
                (Field::Offences, "23800"),
                (Field::Interception, "INTERCEPTE"),
                (Field::Place, "12 rue de la République, Montreuil"),
                (Field::RoadPoint, "douze"),
                (Field::Agglomeration, "oui"),
                (Field::Moment, "12/03/2026 21:35"),
                (Field::Surname, "Eriksson"),
                (Field::GivenNames, "Anna Maria"),
                (Field::BirthDate, "12/08/1974"),
                (Field::LicenceStatus, "VALIDE"),
                (
                    Field::Account,
                    "La conductrice tient son téléphone à l’oreille, à l’arrêt au feu.",
                ),
            ],
        )
    }
}

/// Two questions answered, one against the law, the others open.
pub(crate) fn afd() -> DraftView {
    let open = |field, reason| Problem::new(field, reason);
    DraftView {
        problems: vec![
            open(Field::Quantity, Reason::Missing),
            open(Field::NoRecidive, Reason::NotMet),
            open(Field::SeenOnTheSpot, Reason::Missing),
            open(Field::AddressConfirmed, Reason::Missing),
            open(Field::Destruction, Reason::Missing),
            open(Field::Acknowledged, Reason::NotSigned),
        ],
        ..draft(
            ActKind::Afd,
            &[
                (Field::Surname, "Eriksson"),
                (Field::BirthDate, "12/08/1974"),
                (Field::TajQueried, "oui"),
                (Field::Offences, "23800"),
                (Field::Understands, "oui"),
                (Field::NoRecidive, "non"),
                (Field::Place, "12 rue de la République, Montreuil"),
            ],
        )
    }
}

pub(crate) fn deliveries() -> Vec<DeliveryLine> {
    let line = |number: u8, kind, delivery| DeliveryLine {
        act: act(number),
        kind,
        number: (kind != ActKind::Footage).then_some(ActNumber {
            year: 2026,
            serial: 120 + u32::from(number),
        }),
        signed_at: at(-30 * i64::from(number)),
        delivery,
        corrected_by: None,
        visa: None,
    };
    vec![
        line(1, ActKind::Plainte, Delivery::Waiting { attempts: 2 }),
        line(2, ActKind::IdentityCheck, Delivery::Received { at: EVENING }),
        line(
            3,
            ActKind::Pv,
            Delivery::Refused {
                at: EVENING,
                code: RefusalCode::DocumentMismatch,
            },
        ),
        line(4, ActKind::Footage, Delivery::Waiting { attempts: 0 }),
    ]
}

/// Two acts of colleagues that wait for a visa; the second came without its document.
pub(crate) fn visas() -> Vec<VisaLine> {
    let line = |number: u8, kind, shown| VisaLine {
        request: act(40 + number),
        act: act(20 + number),
        kind,
        number: Some(ActNumber {
            year: 2026,
            serial: 300 + u32::from(number),
        }),
        signed_at: at(-90),
        author: "RIO 2345678".to_owned(),
        asked_at: at(-60),
        shown,
    };
    vec![line(1, ActKind::Pv, true), line(2, ActKind::Plainte, false)]
}

/// The lines of acts whose visa is asked for, refused, given and given back.
pub(crate) fn visa_lines() -> Vec<DeliveryLine> {
    let opj = || "RIO 7654321".to_owned();
    let standings = [
        None,
        Some(VisaStanding::Asked { opj: opj() }),
        Some(VisaStanding::NotAsked {
            opj: opj(),
            code: RefusalCode::NotTheOpj,
        }),
        Some(VisaStanding::Given {
            opj: opj(),
            at: at(-10),
            observations: Some("Joindre les images du magasin.".into()),
        }),
        Some(VisaStanding::Returned {
            opj: opj(),
            at: at(-5),
            reason: "Préciser l’heure de fin des recherches.".into(),
        }),
    ];
    let line = |(number, visa): (u8, Option<VisaStanding>)| DeliveryLine {
        act: act(number),
        kind: ActKind::Pv,
        number: Some(ActNumber {
            year: 2026,
            serial: 130 + u32::from(number),
        }),
        signed_at: at(-120),
        delivery: Delivery::Received { at: EVENING },
        corrected_by: None,
        visa,
    };
    (11..).zip(standings).map(line).collect()
}

pub(crate) fn offences() -> Vec<OffenceLine> {
    let line = |code, label: &str, nature: &str, amount| OffenceLine {
        code,
        label: label.to_owned(),
        nature: nature.to_owned(),
        amount,
    };
    vec![
        line(7151, "VOL SIMPLE", "délit", None),
        line(7154, "VOL DANS UN LOCAL D'HABITATION", "délit", None),
        line(
            23800,
            "USAGE D'UN TELEPHONE TENU EN MAIN PAR LE CONDUCTEUR D'UN VEHICULE EN CIRCULATION",
            "C4",
            Some(13_500),
        ),
    ]
}

pub(crate) fn camera() -> CameraView {
    let clip = |number: u8, state| ClipLine {
        listing: ClipListing {
            clip: ClipId::from_bytes([number; 16]),
            started: EVENING.plus(i64::from(number) * 600_000),
            ended: EVENING.plus(i64::from(number) * 600_000 + 252_000),
            bytes: 38_400_000 * u64::from(number),
            segments: 10,
        },
        state,
    };
    CameraView {
        state: CameraState::Paired(CameraId::parse("cam-0042").expect("a camera")),
        clips: vec![
            clip(1, ClipState::Received),
            clip(2, ClipState::Taking { done: 4, of: 10 }),
            clip(3, ClipState::OnCamera),
            clip(4, ClipState::Unusable(ClipRefusal::ChainBroken)),
            clip(5, ClipState::Taken),
        ],
        status: Some(CameraStatus {
            battery: 31,
            free: 52_000_000_000,
            activity: CameraActivity::Buffering,
            clock: ClockCheck::Off(-95_000),
            firmware: Some("2.7.1".to_owned()),
            gap: Some(Gap {
                from: EVENING,
                until: EVENING.plus(540_000),
                cause: GapCause::Full,
            }),
            holder: CameraHolder::Nobody,
            signed: Some(SignedEvents {
                counter: 12,
                gap: None,
                began: Some(Began {
                    cause: TriggerCause::VehicleLights,
                    counter: Some(3),
                    buffered_ms: 30_000,
                }),
            }),
        }),
        sending: Some(SendingView {
            sent: 34_200_000,
            of: 120_000_000,
            state: SendingState::Going(Some(347)),
            ordered_until: Some(EVENING.plus(7_200_000)),
            supply: Supply {
                power: Power::Battery(Charge::new(64).ok()),
                bearer: Bearer::Cellular,
            },
        }),
    }
}

/// Everything that a terminal shows in the middle of a shift, with `draft` open.
pub(crate) fn shift(draft: DraftView) -> Vec<View> {
    vec![
        View::Lock(LockView {
            state: LockState::Unlocked,
            ..locked()
        }),
        View::Home(Box::new(home())),
        View::Draft(Box::new(draft)),
        View::Offences(offences()),
        View::Deliveries(deliveries()),
        View::Camera(camera()),
        View::Printing(printing()),
        View::Visas(visas()),
    ]
}

pub(crate) fn printer(address: &str, name: &str) -> PrinterLine {
    PrinterLine {
        address: PrinterAddress::parse(address).unwrap(),
        name: name.to_owned(),
    }
}

/// Two printers, and a job in every state that an officer has to understand.
pub(crate) fn printing() -> PrintingView {
    let printers = vec![
        printer("10.0.3.7", "Accueil, laser"),
        printer("imprimante-portable.local", ""),
    ];
    let states = [
        (5, ActKind::Pv, Paper::Act, 0, PrintState::InDoubt),
        (1, ActKind::Plainte, Paper::Recepisse, 0, PrintState::Sending),
        (
            1,
            ActKind::Plainte,
            Paper::Act,
            1,
            PrintState::Waiting {
                trouble: Some(PrinterTrouble::Unreachable),
            },
        ),
        (
            6,
            ActKind::Pve,
            Paper::Act,
            1,
            PrintState::Failed(PrintFailure::NoPdf),
        ),
        (7, ActKind::Pv, Paper::Act, 0, PrintState::Printed),
    ];
    let jobs = states.map(|(number, kind, paper, printer, state)| PrintLine {
        act: act(number),
        paper,
        printer: printers[printer].address.clone(),
        kind,
        number: Some(ActNumber {
            year: 2026,
            serial: 120 + u32::from(number),
        }),
        asked: at(2),
        state,
    });
    PrintingView {
        printers,
        jobs: jobs.to_vec(),
    }
}

/// A busy month on battery, with a little of everything.
pub(crate) fn budget() -> BudgetView {
    let flows = [
        (Flow::Urgent, 0, 812),
        (Flow::Queries, 48_210, 1_203_400),
        (Flow::Procedures, 1_284_000, 24_120_000),
        (Flow::Telemetry, 33_900, 640_200),
        (Flow::Parts, 0, 52_400_000),
        (Flow::Footage, 0, 4_812_000_000),
        (Flow::Receipts, 9_420, 212_000),
        (Flow::Answers, 61_500, 1_902_000),
        (Flow::Orders, 1_310, 18_400),
        (Flow::Reference, 0, 38_900_000),
    ];
    BudgetView {
        supply: Supply {
            power: Power::Battery(Charge::new(64).ok()),
            bearer: Bearer::Cellular,
        },
        flows: flows
            .map(|(flow, today, month)| FlowLine { flow, today, month })
            .to_vec(),
        gauges: Some(Gauges {
            store: 41_800_000,
            footage: 2_310_000_000,
            free: Some(17_400_000_000),
            celsius: Some(38),
        }),
        leaving: LeavingPolicy::EMBEDDED,
        footage_leaves: true,
        ordered_until: None,
        profile: Some("Printemps".to_owned()),
        offset_min: 60,
    }
}

/// What a screen shows on that evening.
pub(crate) fn evening(screen: Screen) -> Vec<View> {
    match screen {
        Screen::Enrolment => vec![View::Enrolment(EnrolmentView::NotReached)],
        Screen::Unlock => vec![View::Lock(locked())],
        Screen::IdentityCheck => shift(identity_check()),
        Screen::Plainte => shift(plainte()),
        Screen::Pve => shift(pve()),
        Screen::Afd => shift(afd()),
        Screen::Note => shift(note()),
        Screen::Verification => shift(verification()),
        Screen::Signing => reading(),
        Screen::Budget => {
            let mut views = shift(pv());
            views.push(View::Budget(Box::new(budget())));
            views
        }
        Screen::Service
        | Screen::Home
        | Screen::Intervention
        | Screen::Pv
        | Screen::Camera
        | Screen::Deliveries
        | Screen::Printing
        | Screen::Visas
        | Screen::About
        | Screen::Appearance
        | Screen::StyleGuide => shift(pv()),
    }
}

/// The act is read, one has signed.
pub(crate) fn reading() -> Vec<View> {
    let mut views = shift(read_back([SignerState::Signed, SignerState::Awaited]));
    views.push(View::Pages(pages(6, 2)));
    views
}

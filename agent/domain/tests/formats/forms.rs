//! From typed text to an act: nothing typed is lost, nothing panics, and what is finished can be signed.

use domain::Digest;
use domain::draft::{Draft, Field, FillRefusal, MAX_FIELD, Problem, Reason, RightsRefusal, Surroundings};
use domain::enrolment::KeyProtection;
use domain::hand::{Certainty, HandOutcome, Point, Strokes};
use domain::id::{ActId, ActNumber};
use domain::legal_basis::{CheckBasis, PvFrame};
use domain::licence::LicenceStatus;
use domain::natinf::ReferenceSet;
use domain::note::NotePurpose;
use domain::officer::Quality;
use domain::person::IdentitySource;
use domain::plainte::{Discrimination, HandedOver, Language, SuspectLink, Venue};
use domain::pv::{Dress, Link, Origin, PvKind};
use domain::pve::Interception;
use domain::record::{Act, ActKind, Record};
use domain::service::{CardPresence, Service};
use domain::signed::ToSign;
use domain::vehicle::Genre;
use domain::verification::{Finding, FollowUp, Ground, HandedCopy, Magistrate, NO_PRINTS, Presented};
use proptest::prelude::*;
use proptest::sample::select;

use crate::acts::correction;
use crate::identity::{ACT, INTERVENTION, SERVICE, at, device, document, matricule, officer};

/// The kinds of act that a form leads to.
const KINDS: [ActKind; 7] = [
    ActKind::IdentityCheck,
    ActKind::Pv,
    ActKind::Plainte,
    ActKind::Pve,
    ActKind::Afd,
    ActKind::Note,
    ActKind::Verification,
];

const QUALITIES: [Quality; 6] = [
    Quality::Opj,
    Quality::Apj,
    Quality::Apja,
    Quality::ApjaReserviste,
    Quality::ApjaPolicierAdjoint,
    Quality::ApjaPoliceMunicipale,
];

pub(crate) fn blank(kind: ActKind) -> Draft {
    Draft::new(ACT, kind, at(0), Some(INTERVENTION))
}

pub(crate) fn filled(kind: ActKind, texts: &[(Field, String)]) -> Draft {
    let mut draft = blank(kind);
    for (field, text) in texts {
        draft.fill(*field, text, at(2)).unwrap();
    }
    acknowledge(&mut draft, 2);
    draft
}

/// The victim signs the sheet of the language that is chosen, where one is.
pub(crate) fn acknowledge(draft: &mut Draft, minute: i64) {
    let language = Language::from_code(draft.text(Field::RightsLanguage).trim());
    if let Some(language) = language.filter(|_| draft.kind == ActKind::Plainte) {
        draft.show_rights(language, Digest::of(b"sheet")).unwrap();
        let image = Digest::of(b"picture");
        draft.sign_rights(strokes(), image, at(minute)).unwrap();
    }
}

fn strokes() -> Strokes {
    let point = |n: u16| Point {
        x: 20 + n,
        y: 40,
        ms: u32::from(n) * 8,
    };
    Strokes::new(320, 140, vec![(0..40).map(point).collect()]).unwrap()
}

pub(crate) fn finish(draft: &Draft, quality: Quality, opj: bool) -> Result<ToSign, Vec<Problem>> {
    let (device, officer, reference) = (device(), officer(quality), ReferenceSet::embedded());
    let service = Service {
        id: SERVICE,
        crew: vec![matricule("1234567")],
        opj: opj.then(|| matricule("7654321")),
        requisitions: Vec::new(),
        camera: None,
        card: CardPresence::Card,
        started: at(0),
        ended: None,
        basis: None,
        operations: Vec::new(),
        vehicle: None,
        checks: None,
    };
    let around = Surroundings {
        answers: &[],
        device: &device,
        protection: KeyProtection::File,
        officer: &officer,
        service: &service,
        reference: &reference,
        bases: domain::legal_basis::BasisTable::built_in(),
        fix: None,
    };
    read_and_signed(draft).finish(around, at(25))
}

/// The draft after everybody named in it was asked to sign.
fn read_and_signed(draft: &Draft) -> Draft {
    let mut read = draft.clone();
    let signers = read.signers(at(25));
    let read_once = [ActKind::Pv, ActKind::Plainte, ActKind::Verification].contains(&draft.kind);
    if read_once && !signers.is_empty() {
        read.show(Digest::of(b"shown"), at(20));
        for (index, _) in (0_u8..).zip(signers) {
            let reason = "ne souhaite pas signer".to_owned();
            read.leave_unsigned(index, HandOutcome::Refuses { reason })
                .unwrap();
        }
    }
    read
}

/// A text with which `field` is no problem.
fn good(field: Field) -> BoxedStrategy<String> {
    let one = |text: String| Just(text).boxed();
    match field {
        Field::CheckStart
        | Field::DecisionMoment
        | Field::PresentationMoment
        | Field::ProsecutorMoment
        | Field::RelativeMoment
        | Field::PrintsMoment => one("21/11/2026 19:10".to_owned()),
        Field::RetentionEnd => one("21/11/2026 19:25".to_owned()),
        Field::DecidingOpj => one("7654321".to_owned()),
        Field::VerificationGround => {
            select(Ground::ALL.map(|ground| ground.code().to_owned()).to_vec()).boxed()
        }
        Field::Presentation => select(Presented::ALL.map(|how| how.code().to_owned()).to_vec()).boxed(),
        Field::PrintsAuthority => {
            let magistrates = Magistrate::ALL.map(|magistrate| magistrate.code().to_owned());
            select([&[NO_PRINTS.to_owned()], &magistrates[..]].concat()).boxed()
        }
        Field::Finding => select(Finding::ALL.map(|finding| finding.code().to_owned()).to_vec()).boxed(),
        Field::FollowUp => select(FollowUp::CODES.map(str::to_owned).to_vec()).boxed(),
        Field::HandedCopy => select(HandedCopy::ALL.map(|copy| copy.code().to_owned()).to_vec()).boxed(),
        Field::ProsecutorWish | Field::RelativeWish | Field::Minority => {
            select(vec!["oui".to_owned(), "neutre".to_owned(), "non".to_owned()]).boxed()
        }
        Field::RetentionNotice => one("fr".to_owned()),
        Field::ArrestMoment
        | Field::CustodyNotice
        | Field::Departure
        | Field::HandedMoment
        | Field::ScreeningMoment
        | Field::BlowMoment
        | Field::SampleMoment
        | Field::RetentionFrom
        | Field::MeasureMoment
        | Field::DoctorMoment
        | Field::PlacedMoment
        | Field::OpenedMoment
        | Field::OnSceneMoment
        | Field::OverMoment => one("21/11/2026 19:10".to_owned()),
        Field::SummonsMoment => one("21/12/2026 19:10".to_owned()),
        Field::DeviceVerified => one("21/06/2026".to_owned()),
        Field::Present => one("Anne Petit ; victime ; 12/08/1974".to_owned()),
        Field::LinkedPve => one("2026/000123".to_owned()),
        Field::OperationsNumber => one("CIC-2026-0588".to_owned()),
        Field::ForceUsed
        | Field::PalpationDone
        | Field::PalpationApart
        | Field::SecondOffered
        | Field::Reserve
        | Field::CertificateKept
        | Field::DoctorFit
        | Field::Apart
        | Field::CardHanded
        | Field::OwedLicence
        | Field::OwedRegistration
        | Field::OwedTrailer
        | Field::OwedCompanion
        | Field::OwedTraining
        | Field::OwedInterlock
        | Field::OwedInsurance => select(["oui", "non"].map(str::to_owned).to_vec()).boxed(),
        Field::HandcuffGround => select(
            ["non", "DANGER-AUTRUI", "DANGER-SOI", "FUITE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::NoticeGiver => select(["PATROUILLE", "OPJ"].map(str::to_owned).to_vec()).boxed(),
        Field::CustodySheet => select(["REMIS", "DIFFERE", "REFUSE"].map(str::to_owned).to_vec()).boxed(),
        Field::ScreeningGround => select(
            [
                "ACCIDENT-CORPOREL",
                "ACCIDENT-MATERIEL",
                "INFRACTION",
                "INITIATIVE",
                "REQUISITION",
            ]
            .map(str::to_owned)
            .to_vec(),
        )
        .boxed(),
        Field::ScreeningResult => select(
            ["NEGATIF", "POSITIF", "REFUS", "IMPOSSIBLE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::AlcoholProof => select(["SOUFFLE", "SANG", "REFUS"].map(str::to_owned).to_vec()).boxed(),
        Field::Blood => select(["PRELEVE", "RESERVE", "REFUS"].map(str::to_owned).to_vec()).boxed(),
        Field::DrugProof => select(["SALIVE", "SANG", "REFUS"].map(str::to_owned).to_vec()).boxed(),
        Field::RetentionGround => select(
            [
                "ALCOOL-PRESUME",
                "ALCOOL-ETABLI",
                "STUPEFIANTS",
                "REFUS",
                "VITESSE",
                "TELEPHONE",
                "ACCIDENT",
            ]
            .map(str::to_owned)
            .to_vec(),
        )
        .boxed(),
        Field::LicenceState => select(
            ["REMIS", "NON-PRESENTE", "DEMATERIALISE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::VehicleMeasure => select(
            ["IMMOBILISATION", "FOURRIERE", "MAINLEVEE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::DrunkOutcome => select(["CHAMBRE", "TIERS", "HOPITAL"].map(str::to_owned).to_vec()).boxed(),
        Field::Parent => select(["MERE", "PERE", "TUTEUR", "MANDATE"].map(str::to_owned).to_vec()).boxed(),
        Field::Door => select(["OUVERT", "PERSONNE", "FORCE"].map(str::to_owned).to_vec()).boxed(),
        Field::GridDone => select(["FAITE", "REFUSEE", "DIFFEREE"].map(str::to_owned).to_vec()).boxed(),
        Field::Wish => select(["PLAINTE", "MAIN-COURANTE", "AUCUNE"].map(str::to_owned).to_vec()).boxed(),
        Field::Outcome => select(["RIEN", "ACTES", "REMISE"].map(str::to_owned).to_vec()).boxed(),
        Field::VerificationReasons
        | Field::ForceReasons
        | Field::HandcuffReasons
        | Field::PalpationReasons
        | Field::CustodyLanguage
        | Field::NoticeDelay
        | Field::Property
        | Field::Station
        | Field::Device
        | Field::Doctor
        | Field::Signs
        | Field::DrugFamilies
        | Field::MeasureGround
        | Field::VehicleState
        | Field::VehicleContents
        | Field::Keys
        | Field::Pound
        | Field::EntrustedTo
        | Field::ParentName
        | Field::MinorState
        | Field::Relative
        | Field::RelativeObstacle
        | Field::Representative
        | Field::RepresentativeObstacle
        | Field::PrintsMagistrate
        | Field::PrintsReasons
        | Field::VerificationMeans
        | Field::FollowUpProcedure => "[\\PC\n]{12,40}[a-zé]".boxed(),
        Field::PriorBasis => one("CI-2".to_owned()),
        Field::Alinea => one("9".to_owned()),
        Field::Deposit => select(vec![
            String::new(),
            "PLAINTE".to_owned(),
            "MAIN-COURANTE".to_owned(),
        ])
        .boxed(),
        Field::Violence
        | Field::Confidential
        | Field::Electronic
        | Field::SexualOffence
        | Field::GridRaised => select(vec!["oui".to_owned(), "non".to_owned()]).boxed(),
        Field::ProsecutorTold | Field::FactsFrom | Field::ExaminationMoment => {
            one("21/11/2026 18:30".to_owned())
        }
        Field::FactsTo => one("21/11/2026 18:50".to_owned()),
        Field::Complainant => select(
            ["VICTIME", "REPRESENTANT", "PERSONNE-MORALE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::Siren => one("732 829 320".to_owned()),
        Field::Companions => one("AVOCAT ; Me Durand\nMAJEUR ; Anne Petit".to_owned()),
        Field::Domicile => select(
            ["PERSONNELLE", "TIERS", "PROFESSIONNELLE"]
                .map(str::to_owned)
                .to_vec(),
        )
        .boxed(),
        Field::Discrimination => select(
            Discrimination::ALL
                .map(|motive| motive.code().to_owned())
                .to_vec(),
        )
        .boxed(),
        Field::SuspectLink => select(SuspectLink::ALL.map(|link| link.code().to_owned()).to_vec()).boxed(),
        Field::Losses => one("téléphone ; Pixel 8 ; 490154203237518 ; 450 ; MAIF\nvélo".to_owned()),
        Field::Itt => one("8".to_owned()),
        Field::Examination => select(["SANS", "REQUIS", "REFUSE"].map(str::to_owned).to_vec()).boxed(),
        Field::Grid => one("ONSONSONSONSONSONSONSON".to_owned()),
        Field::FactsPlace => one("3 rue des Lilas".to_owned()),
        Field::Protocol => one("PARQUET ; FAIT\nUMJ ; REFUS ; « non »".to_owned()),
        Field::NativeName => one("阮文安".to_owned()),
        Field::ExaminationFrame => select(vec!["FLAGRANCE".to_owned(), "PRELIMINAIRE".to_owned()]).boxed(),
        Field::ExaminationUnit => one("UMJ de Bobigny".to_owned()),
        Field::ExaminationMission => one("Dire si la plaie vient d'un couteau.".to_owned()),
        Field::ContactChannel => one("TELEPHONE".to_owned()),
        Field::ContactAt => one("06 12 34 56 78".to_owned()),
        Field::ContactHours => one("de 9 h à 11 h".to_owned()),
        Field::ContactNever => one("sa mère".to_owned()),
        Field::Refuge => one("14 rue des Acacias".to_owned()),
        Field::FiledOnline => select(vec!["PRE-PLAINTE".to_owned(), "THESEE".to_owned()]).boxed(),
        Field::FiledNumber => one("2026-93-004412".to_owned()),
        Field::FiledReread => one("oui".to_owned()),
        Field::Directed => one("PERCEVAL PHAROS".to_owned()),
        Field::Refusal
        | Field::ToldMagistrate
        | Field::Host
        | Field::ComplainantName
        | Field::ComplainantQuality
        | Field::LawyerWords
        | Field::DomicileConsent
        | Field::Mandate
        | Field::FilmedBy
        | Field::Modus
        | Field::Weapon
        | Field::Witnesses
        | Field::Injuries
        | Field::ExaminationAuthority
        | Field::ExaminationRefusal
        | Field::Harm
        | Field::HarmCircumstances
        | Field::Vulnerability
        | Field::Reprisals
        | Field::Measures => "[\\PC\n]{1,40}[a-zé]".boxed(),
        Field::DocumentNumber => one("L898902C3".to_owned()),
        Field::DocumentExpiry => one("15/04/2012".to_owned()),
        Field::CheckBasis => select(CheckBasis::ALL.map(|basis| basis.code().to_owned()).to_vec()).boxed(),
        Field::PvFrame => select(PvFrame::ALL.map(|frame| frame.code().to_owned()).to_vec()).boxed(),
        Field::Venue => select(Venue::ALL.map(|venue| venue.code().to_owned()).to_vec()).boxed(),
        Field::RightsLanguage => {
            select(Language::ALL.map(|language| language.code().to_owned()).to_vec()).boxed()
        }
        Field::SheetHanded => select(HandedOver::ALL.map(|how| how.code().to_owned()).to_vec()).boxed(),
        Field::HandReceipt => select(vec!["oui".to_owned(), "non".to_owned()]).boxed(),
        Field::Mrz => one(document().raw.into_inner()),
        Field::BirthDate => one("12/08/1974".to_owned()),
        Field::Plate => one("ab 123 cd".to_owned()),
        Field::Offences => select(vec![
            "23800, 227".to_owned(),
            "23800".to_owned(),
            "180".to_owned(),
        ])
        .boxed(),
        Field::Grounds => one("sort en courant du magasin".to_owned()),
        Field::Place => one("12 rue des Lilas".to_owned()),
        Field::Interception => select(Interception::ALL.map(|how| how.code().to_owned()).to_vec()).boxed(),
        Field::Genre => select(Genre::ALL.map(|genre| genre.code().to_owned()).to_vec()).boxed(),
        Field::LicenceStatus => {
            select(LicenceStatus::ALL.map(|status| status.code().to_owned()).to_vec()).boxed()
        }
        Field::SpeedDevice => select(vec!["FIXE".to_owned(), "MAIN".to_owned(), "MOBILE".to_owned()]).boxed(),
        Field::Registration => one("LUE".to_owned()),
        Field::Moment => one("21/11/2026 19:00".to_owned()),
        Field::Road => one("D 907".to_owned()),
        Field::RoadPoint => one("12+300".to_owned()),
        Field::Commune => one("75056".to_owned()),
        Field::PlateCountry => one("FR".to_owned()),
        Field::LicenceDate => one("01/02/2003".to_owned()),
        Field::DocumentsDue => one("26/11/2026".to_owned()),
        Field::SpeedLimit => one("50".to_owned()),
        Field::SpeedMeasured => one("73".to_owned()),
        Field::AlcoholFirst | Field::AlcoholSecond => one("0,33".to_owned()),
        Field::Simultaneous => one("210".to_owned()),
        Field::Substance => one("cannabis".to_owned()),
        Field::Quantity => one("3,5".to_owned()),
        Field::Agglomeration
        | Field::Understands
        | Field::TajQueried
        | Field::NoRecidive
        | Field::SeenOnTheSpot
        | Field::AddressConfirmed
        | Field::Acknowledged
        | Field::Destruction
        | Field::SingleProduct
        | Field::Returned
        | Field::NotDriving
        | Field::NotPublicAgent
        | Field::InsuranceChecked => one("oui".to_owned()),
        Field::PvKind => select(PvKind::ALL.map(|kind| kind.code().to_owned()).to_vec()).boxed(),
        Field::Origin => select(Origin::ALL.map(|origin| origin.code().to_owned()).to_vec()).boxed(),
        Field::Dress => select(Dress::ALL.map(|dress| dress.code().to_owned()).to_vec()).boxed(),
        Field::HeardAs => select(vec![
            "TEMOIN".to_owned(),
            "VICTIME".to_owned(),
            "SUSPECT".to_owned(),
        ])
        .boxed(),
        Field::NoticeLanguage => one("fr".to_owned()),
        Field::Counsel => select(vec!["RENONCE".to_owned(), "PRESENT".to_owned()]).boxed(),
        Field::Constraint => one("non".to_owned()),
        Field::InterpreterOath | Field::InterpreterPhone => one("oui".to_owned()),
        Field::InterpreterLink => select(Link::ALL.map(|link| link.code().to_owned()).to_vec()).boxed(),
        Field::Inventory => one("1 ; herbe de cannabis ; UN ; SAISI".to_owned()),
        Field::IdentityMode => {
            select(IdentitySource::ALL.map(|mode| mode.code().to_owned()).to_vec()).boxed()
        }
        Field::Certainty => select(
            Certainty::ALL
                .map(|certainty| certainty.code().to_owned())
                .to_vec(),
        )
        .boxed(),
        Field::NotePurpose => {
            select(NotePurpose::ALL.map(|purpose| purpose.code().to_owned()).to_vec()).boxed()
        }
        Field::Position => one("48.93563 2.35387 12".to_owned()),
        Field::OtherSigners => one("ASSISTANT ; RIO 2345678".to_owned()),
        Field::Assistants
        | Field::CounselName
        | Field::Interpreter
        | Field::InterpreterLanguage
        | Field::Mentions
        | Field::Annexes
        | Field::Addressee
        | Field::Authority
        | Field::BirthPlace
        | Field::Nationality
        | Field::Profession
        | Field::Father
        | Field::Mother
        | Field::FamilySituation
        | Field::Employer
        | Field::Requisition
        | Field::Direction
        | Field::Make
        | Field::Model
        | Field::Colour
        | Field::Email
        | Field::LicenceNumber
        | Field::LicenceCategories
        | Field::LicenceAuthority
        | Field::Surname
        | Field::GivenNames
        | Field::Address
        | Field::Phone
        | Field::Subject
        | Field::Account
        | Field::When
        | Field::Suspect => "[\\PC\n]{1,40}[a-zé]".boxed(),
    }
}

/// Any text: other scripts, controls, text longer than the form is wide.
fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,40}",
        "[A-Z0-9<\n]{0,100}",
        "[ \t\n\u{a0}\u{202e}]{0,8}"
    ]
}

/// A text for every field, mostly good ones.
fn texts() -> impl Strategy<Value = Vec<(Field, String)>> {
    let text = |field: Field| {
        prop_oneof![12 => good(field), 1 => wild(), 1 => Just(String::new())]
            .prop_map(move |text| (field, text))
    };
    Field::ALL.map(text).to_vec()
}

/// Any text in any order, a field more than once.
fn keystrokes() -> impl Strategy<Value = Vec<(Field, String)>> {
    prop::collection::vec((select(Field::ALL.to_vec()), wild()), 0..30)
}

pub(crate) fn record_of(to_sign: &ToSign) -> Record {
    to_sign.record(Some(ActNumber {
        year: 2026,
        serial: 7,
    }))
}

#[test]
fn a_form_with_what_it_needs_becomes_an_act_of_its_kind() {
    let needed: [(ActKind, &[(Field, &str)]); 4] = [
        (
            ActKind::IdentityCheck,
            &[
                (Field::CheckBasis, "CI-2"),
                (Field::Grounds, "sort en courant du magasin"),
                (Field::Place, "12 rue des Lilas"),
            ],
        ),
        (
            ActKind::Pv,
            &[
                (Field::PvFrame, "FLAGRANCE"),
                (Field::Subject, "Téléphone"),
                (Field::Place, "12 rue des Lilas"),
                (Field::Account, "Constatons."),
            ],
        ),
        (
            ActKind::Plainte,
            &[
                (Field::Venue, "MAIRIE"),
                (Field::Place, "12 rue des Lilas"),
                (Field::Surname, "Eriksson"),
                (Field::When, "hier"),
                (Field::Account, "On m'a pris mon vélo."),
                (Field::RightsLanguage, "fr"),
                (Field::SheetHanded, "PAPIER"),
            ],
        ),
        (
            ActKind::Pve,
            &[
                (Field::Offences, "23800"),
                (Field::Place, "12 rue des Lilas"),
                (Field::Surname, "Eriksson"),
                (Field::BirthDate, "12/08/1974"),
            ],
        ),
    ];
    for (kind, fields) in needed {
        let texts: Vec<(Field, String)> = fields
            .iter()
            .map(|(field, text)| (*field, (*text).to_owned()))
            .collect();
        assert_eq!(
            finish(&filled(kind, &texts), Quality::Opj, true).unwrap().kind(),
            kind
        );
        for missing in 0..texts.len() {
            let mut fewer = texts.clone();
            let (field, _) = fewer.remove(missing);
            // Whoever a PVe names was stopped, so one that names nobody has to say whether somebody was.
            let asked = match (kind, field) {
                (ActKind::Pve, Field::Surname) => Field::Interception,
                _ => field,
            };
            let problems = finish(&filled(kind, &fewer), Quality::Opj, true).unwrap_err();
            let fields: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
            assert_eq!(fields, [asked], "without {field:?}: {problems:?}");
        }
    }
}

#[test]
fn a_text_longer_than_a_field_holds_leaves_what_was_there() {
    let mut draft = blank(ActKind::Pv);
    let longest = "é".repeat(MAX_FIELD / 2);
    draft.fill(Field::Account, &longest, at(1)).unwrap();
    let refused = draft.fill(Field::Account, &format!("{longest}."), at(2));
    assert_eq!(refused, Err(FillRefusal::TooLong { limit: MAX_FIELD }));
    assert_eq!(draft.text(Field::Account), longest);
}

#[test]
fn cpp_10_2_the_notice_names_the_language_the_hour_and_the_sheet_of_its_one_signature() {
    let fields = [
        (Field::Venue, "MAIRIE"),
        (Field::Place, "12 rue des Lilas"),
        (Field::Surname, "Eriksson"),
        (Field::When, "hier"),
        (Field::Account, "On m'a pris mon vélo."),
        (Field::SheetHanded, "FICHIER"),
    ];
    let mut draft = blank(ActKind::Plainte);
    for (field, text) in fields {
        draft.fill(field, text, at(2)).unwrap();
    }
    let sheet = Digest::of(b"the sheet in Arabic");
    draft.show_rights(Language::Arabic, sheet).unwrap();
    let problems = finish(&draft, Quality::Apj, false).unwrap_err();
    assert_eq!(
        problems,
        [Problem::new(Field::RightsLanguage, Reason::RightsNotNotified)],
        "a sheet that is shown is not acknowledged"
    );
    draft
        .sign_rights(strokes(), Digest::of(b"picture"), at(5))
        .unwrap();
    // The same sheet, looked at again, is the one that was signed.
    draft.show_rights(Language::Arabic, sheet).unwrap();
    draft.fill(Field::RightsLanguage, "ar", at(9)).unwrap();
    let Act::Plainte(plainte) = record_of(&finish(&draft, Quality::Apj, false).unwrap()).act else {
        panic!("a complaint")
    };
    assert_eq!(
        (plainte.rights.language, plainte.rights.at),
        (Language::Arabic, at(5))
    );
    let proof = plainte.rights.sheet.unwrap();
    assert_eq!((proof.sha256, proof.handed), (sheet, HandedOver::File));
    let pad = proof.outcome.pad().unwrap();
    assert_eq!(
        (pad.shown, pad.strokes),
        (sheet, Digest::of(&domain::encode(&strokes())))
    );
}

#[test]
fn cpp_10_2_another_language_or_another_sheet_is_not_signed() {
    let mut draft = filled(ActKind::Plainte, &[(Field::RightsLanguage, "en".to_owned())]);
    let awaited = |draft: &Draft| draft.rights().is_none_or(|shown| shown.outcome().is_none());
    assert!(!awaited(&draft));
    let mut other = draft.clone();
    other
        .show_rights(Language::English, Digest::of(b"another sheet"))
        .unwrap();
    assert!(awaited(&other));
    let mut other = draft.clone();
    other.fill(Field::RightsLanguage, "pl", at(6)).unwrap();
    assert!(awaited(&other));
    draft.fill(Field::RightsLanguage, "", at(6)).unwrap();
    assert!(awaited(&draft) && draft.rights_acknowledged().is_none());
    assert_eq!(
        draft.sign_rights(strokes(), Digest::of(b"picture"), at(7)),
        Err(RightsRefusal::NotShown)
    );
}

#[test]
fn cpp_10_2_who_does_not_sign_is_recorded_with_the_reason_and_the_notice_stands() {
    let mut draft = filled(
        ActKind::Plainte,
        &[
            (Field::Venue, "MAIRIE".to_owned()),
            (Field::Place, "12 rue des Lilas".to_owned()),
            (Field::Surname, "Eriksson".to_owned()),
            (Field::When, "hier".to_owned()),
            (Field::Account, "On m'a pris mon vélo.".to_owned()),
            (Field::SheetHanded, "REFUSEE".to_owned()),
        ],
    );
    draft
        .show_rights(Language::Turkish, Digest::of(b"sheet"))
        .unwrap();
    let refuses = HandOutcome::Refuses {
        reason: "ne souhaite rien signer".to_owned(),
    };
    draft.leave_rights_unsigned(refuses.clone(), at(4)).unwrap();
    let Act::Plainte(plainte) = record_of(&finish(&draft, Quality::Apj, false).unwrap()).act else {
        panic!("a complaint")
    };
    assert_eq!(
        (plainte.rights.language, plainte.rights.at),
        (Language::Turkish, at(4))
    );
    let proof = plainte.rights.sheet.unwrap();
    assert_eq!((proof.handed, proof.outcome), (HandedOver::Declined, refuses));
}

proptest! {
    #[test]
    fn a_form_becomes_a_record_that_reads_back_or_names_its_problems(
        kind in select(KINDS.to_vec()),
        quality in select(QUALITIES.to_vec()),
        opj in any::<bool>(),
        texts in texts(),
    ) {
        let draft = filled(kind, &texts);
        match finish(&draft, quality, opj) {
            Ok(to_sign) => {
                let record = record_of(&to_sign);
                prop_assert_eq!((record.id, record.act.kind()), (draft.id, kind));
                prop_assert_eq!(record.context.intervention, draft.intervention);
                let bytes = domain::encode(&record);
                prop_assert_eq!(domain::decode::<Record>(&bytes), Ok(record));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.is_sorted());
            }
        }
    }

    #[test]
    fn any_keystrokes_finish_or_not_without_a_panic(
        kind in select(KINDS.to_vec()),
        quality in select(QUALITIES.to_vec()),
        typed in keystrokes(),
    ) {
        let draft = filled(kind, &typed);
        let finished = finish(&draft, quality, true);
        let _ = (draft.document(at(25)), draft.person(at(25)));
        prop_assert_eq!(finished, finish(&draft, quality, true));
    }

    #[test]
    fn a_complaint_is_finished_only_with_the_rights_and_a_quality_that_takes_it(
        quality in select(QUALITIES.to_vec()),
        texts in texts(),
    ) {
        let draft = filled(ActKind::Plainte, &texts);
        if finish(&draft, quality, true).is_ok() {
            prop_assert!(quality.takes_complaints());
            prop_assert!(Language::from_code(draft.text(Field::RightsLanguage).trim()).is_some());
        }
    }

    #[test]
    fn each_field_keeps_the_last_text_typed_into_it_letter_for_letter(typed in keystrokes()) {
        let draft = filled(ActKind::Pv, &typed);
        let bytes = domain::encode(&draft);
        let read: Draft = domain::decode(&bytes).unwrap();
        prop_assert_eq!(&read, &draft);
        for field in Field::ALL {
            let last = typed.iter().rev().find(|(typed, _)| *typed == field);
            prop_assert_eq!(read.text(field), last.map_or("", |(_, text)| text));
        }
    }

    #[test]
    fn reuse_fills_empty_shared_fields_and_touches_nothing_else(mine in keystrokes(), theirs in keystrokes()) {
        let before = filled(ActKind::Plainte, &mine);
        let other = filled(ActKind::IdentityCheck, &theirs);
        let mut after = before.clone();
        after.reuse(&other);
        for field in Field::ALL {
            let open = Field::SHARED.contains(&field) && before.text(field).is_empty();
            let expected = if open { other.text(field) } else { before.text(field) };
            prop_assert_eq!(after.text(field), expected);
        }
    }

    #[test]
    fn a_corrective_draft_says_everything_that_the_refused_one_said(typed in keystrokes()) {
        let refused = filled(ActKind::Plainte, &typed);
        let id = ActId::from_bytes([0x1a; 16]);
        let corrective = refused.corrective(id, at(30), correction());
        prop_assert_eq!((corrective.id, corrective.corrects), (id, Some(correction())));
        for field in Field::ALL {
            prop_assert_eq!(corrective.text(field), refused.text(field));
        }
    }
}

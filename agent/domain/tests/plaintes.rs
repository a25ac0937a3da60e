//! Complaints taken outside the station: what the law asks for, and what never turns a victim away.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

use domain::draft::{Draft, Field, Problem, Reason, Surroundings, Warning};
use domain::enrolment::KeyProtection;
use domain::hand::HandOutcome;
use domain::legal_basis::BasisTable;
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::plainte::protocol::Task;
use domain::plainte::{
    Complainant, Deposit, Domicile, Evaluation, Examination, Filed, GridAnswer, Language, Mark,
    OnlineService, Plainte, Receipt, RequisitionFrame,
};
use domain::pv::{Interpreter, Link};
use domain::record::{Act, ActKind};
use domain::service::{CardPresence, Service};
use domain::{ActId, BootId, DeviceId, Digest, OfficerId, ServiceId, Timestamp, UnixMs, Zone};

/// 21 November 2026, 19:05 in Paris.
fn now() -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_284_300_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 1,
    }
}

/// A complaint of a theft, with everything that any complaint needs.
const THEFT: [(Field, &str); 7] = [
    (Field::Venue, "MAIRIE"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Surname, "Durand"),
    (Field::When, "hier soir"),
    (Field::Account, "On m'a pris mon vélo."),
    (Field::RightsLanguage, "fr"),
    (Field::SheetHanded, "PAPIER"),
];

fn draft(corps: Corps, more: &[(Field, &str)]) -> (Result<Plainte, Vec<Problem>>, Vec<Warning>) {
    let mut draft = Draft::new(ActId::from_bytes([3; 16]), ActKind::Plainte, now(), None);
    for (field, text) in THEFT.iter().chain(more) {
        draft.fill(*field, text, now()).unwrap();
    }
    let number = match corps {
        Corps::PoliceNationale => "1234567",
        Corps::GendarmerieNationale => "123456",
    };
    let matricule = Matricule::parse(corps, number).unwrap();
    let officer = Officer {
        id: OfficerId::from_bytes([2; 16]),
        matricule: matricule.clone(),
        name: "MARTIN".into(),
        rank: "gardien de la paix".to_owned(),
        quality: Quality::Apj,
        unit: "CSP".to_owned(),
        habilitations: Vec::new(),
        departments: vec!["93".to_owned()],
    };
    let service = Service {
        id: ServiceId::from_bytes([4; 16]),
        crew: vec![matricule],
        opj: None,
        requisitions: Vec::new(),
        camera: None,
        card: CardPresence::Card,
        started: now(),
        ended: None,
        basis: None,
        operations: Vec::new(),
        vehicle: None,
        checks: None,
    };
    let device = DeviceId::parse("neo-000001").unwrap();
    let reference = ReferenceSet::embedded();
    let around = Surroundings {
        answers: &[],
        device: &device,
        protection: KeyProtection::File,
        officer: &officer,
        service: &service,
        reference: &reference,
        bases: BasisTable::built_in(),
        fix: None,
    };
    let warnings = draft.warnings(around, now());
    let refuses = || HandOutcome::Refuses {
        reason: "ne souhaite pas signer".to_owned(),
    };
    draft.show_rights(Language::French, Digest::of(b"sheet")).unwrap();
    draft.leave_rights_unsigned(refuses(), now()).unwrap();
    draft.show(Digest::of(b"shown"), now());
    for index in 0..u8::try_from(draft.signers(now()).len()).unwrap() {
        let reason = "ne souhaite pas signer".to_owned();
        draft
            .leave_unsigned(index, HandOutcome::Refuses { reason })
            .unwrap();
    }
    let signed = draft.finish(around, now()).map(|signed| {
        let Act::Plainte(plainte) = signed.record(None).act else {
            panic!("a complaint")
        };
        *plainte
    });
    (signed, warnings)
}

fn signed(more: &[(Field, &str)]) -> Plainte {
    draft(Corps::PoliceNationale, more).0.unwrap()
}

fn refused(more: &[(Field, &str)]) -> Vec<Problem> {
    draft(Corps::PoliceNationale, more).0.unwrap_err()
}

fn warned(more: &[(Field, &str)], warning: Warning) -> bool {
    draft(Corps::PoliceNationale, more).1.contains(&warning)
}

#[test]
fn cpp_15_3_neither_papers_nor_a_certificate_nor_competence_is_a_condition() {
    let elsewhere = [(Field::Commune, "13055"), (Field::Injuries, "un bleu au bras")];
    let plainte = signed(&elsewhere);
    assert_eq!(plainte.deposit, Deposit::Plainte);
    assert_eq!(plainte.victim.source, domain::person::IdentitySource::Declaree);
    assert_eq!(plainte.facts.injuries.unwrap().examination, Examination::NotAsked);
}

#[test]
fn cpp_15_3_without_a_complaint_an_offence_needs_the_victims_own_refusal() {
    let without = [(Field::Deposit, "MAIN-COURANTE"), (Field::Offences, "7151")];
    assert_eq!(
        refused(&without),
        [Problem::new(Field::Refusal, Reason::RefusalMissing)]
    );
    let words = [&without[..], &[(Field::Refusal, "Je ne veux pas d'histoires.")]].concat();
    let Deposit::MainCourante(without) = signed(&words).deposit else {
        panic!("a main courante")
    };
    assert_eq!(without.refusal.unwrap().reveal(), "Je ne veux pas d'histoires.");
    // What is no offence is kept without a refusal.
    assert!(matches!(
        signed(&[(Field::Deposit, "MAIN-COURANTE")]).deposit,
        Deposit::MainCourante(_)
    ));
}

#[test]
fn violence_without_a_complaint_needs_the_refusal_the_grid_and_the_prosecutor() {
    let couple = [
        (Field::Deposit, "MAIN-COURANTE"),
        (Field::Violence, "oui"),
        (Field::SuspectLink, "CONJOINT"),
    ];
    assert_eq!(
        refused(&couple),
        [
            Problem::new(Field::Refusal, Reason::RefusalMissing),
            Problem::new(Field::ProsecutorTold, Reason::ProsecutorUntold),
            Problem::new(Field::Grid, Reason::GridOpen),
        ]
    );
    let justified = [
        &couple[..],
        &[
            (Field::Refusal, "Il va se calmer."),
            (Field::ProsecutorTold, "21/11/2026 18:40"),
            (Field::ToldMagistrate, "permanence de Bobigny"),
            (Field::Grid, "NNONNNNNNNNNNNNNNNNNNNS"),
        ],
    ]
    .concat();
    let plainte = signed(&justified);
    assert!(!plainte.danger.unwrap().is_danger());
    let Deposit::MainCourante(without) = plainte.deposit else {
        panic!("a main courante")
    };
    assert_eq!(without.violence.unwrap().magistrate, "permanence de Bobigny");
}

#[test]
fn each_force_keeps_its_own_statements() {
    let other = [(Field::Deposit, "RENSEIGNEMENT")];
    assert_eq!(
        refused(&other),
        [Problem::new(Field::Deposit, Reason::OtherCorps)]
    );
    let kept = draft(Corps::GendarmerieNationale, &other).0.unwrap();
    assert!(matches!(kept.deposit, Deposit::RenseignementJudiciaire(_)));
}

#[test]
fn cpp_10_2_9_whoever_lends_an_address_consents_by_name() {
    let lent = [(Field::Domicile, "TIERS"), (Field::Address, "4 rue du Pont")];
    assert_eq!(
        refused(&lent),
        [Problem::new(Field::DomicileConsent, Reason::ConsentMissing)]
    );
    let consents = [&lent[..], &[(Field::DomicileConsent, "Anne Petit")]].concat();
    assert_eq!(
        signed(&consents).reception.domicile,
        Domicile::ThirdParty("Anne Petit".into())
    );
}

#[test]
fn cpp_10_3_a_close_interpreter_is_warned_of_and_stands_in_the_act() {
    let interpreted = [
        (Field::Interpreter, "Samir Haddad"),
        (Field::InterpreterLanguage, "ar"),
        (Field::InterpreterOath, "oui"),
        (Field::InterpreterLink, "VOISIN"),
    ];
    assert!(warned(&interpreted, Warning::InterpreterIsClose));
    let interpreter = signed(&interpreted).reception.interpreter.unwrap();
    assert_eq!((interpreter.language.as_str(), interpreter.sworn), ("ar", true));
}

#[test]
fn cpp_10_4_who_is_beside_the_victim_and_what_the_lawyer_says_stand_in_the_act() {
    let beside = [
        (Field::Companions, "AVOCAT ; Me Durand\nMAJEUR ; Anne Petit"),
        (Field::LawyerWords, "Depuis quand ?\n\nObservations remises."),
    ];
    let reception = signed(&beside).reception;
    assert_eq!((reception.companions.len(), reception.lawyer.len()), (2, 2));
    assert_eq!(
        refused(&[(Field::Companions, "Anne Petit")]),
        [Problem::new(Field::Companions, Reason::NotACompanion)]
    );
}

#[test]
fn cpp_10_5_and_d1_3_the_four_criteria_stand_in_the_act_and_are_missed_when_they_do_not() {
    assert!(warned(&[], Warning::EvaluationOpen));
    let evaluated = [
        (Field::Harm, "grave"),
        (Field::HarmCircumstances, "voisin"),
        (Field::Vulnerability, "enceinte"),
        (Field::Reprisals, "craint son retour"),
    ];
    assert!(!warned(&evaluated, Warning::EvaluationOpen));
    let evaluation = signed(&evaluated).evaluation;
    assert_eq!(evaluation.vulnerability.unwrap().reveal(), "enceinte");
}

const MINOR: [(Field, &str); 1] = [(Field::BirthDate, "01/03/2014")];

#[test]
fn cpp_706_53_a_minor_may_complain_alone_and_the_officer_is_told_who_is_missing() {
    assert!(warned(&MINOR, Warning::RepresentativeMissing));
    signed(&MINOR);
    let represented = [
        &MINOR[..],
        &[
            (Field::Complainant, "REPRESENTANT"),
            (Field::ComplainantName, "Paule Durand"),
            (Field::ComplainantQuality, "mère"),
        ],
    ]
    .concat();
    assert!(!warned(&represented, Warning::RepresentativeMissing));
    assert!(matches!(
        signed(&represented).reception.complainant,
        Complainant::Representative(_)
    ));
}

#[test]
fn cpp_706_50_a_suspect_of_the_family_calls_for_an_ad_hoc_administrator() {
    let family = [&MINOR[..], &[(Field::SuspectLink, "FAMILLE")]].concat();
    assert!(warned(&family, Warning::AdHocDue));
    let named = [&family[..], &[(Field::Companions, "ADMINISTRATEUR ; Me Roux")]].concat();
    assert!(!warned(&named, Warning::AdHocDue));
}

#[test]
fn cpp_706_52_a_minor_who_tells_of_a_sexual_offence_is_handed_over_to_a_filmed_hearing() {
    let told = [&MINOR[..], &[(Field::SexualOffence, "oui")]].concat();
    assert_eq!(
        refused(&told),
        [Problem::new(Field::FilmedBy, Reason::FilmedHearingDue)]
    );
    let handed = [
        &told[..],
        &[(Field::FilmedBy, "brigade des mineurs, le 22 à 9 h")],
    ]
    .concat();
    assert!(signed(&handed).reception.filmed_by.is_some());
    // An adult is heard.
    signed(&[(Field::SexualOffence, "oui")]);
}

#[test]
fn cpp_803_1_electronic_means_are_agreed_to_or_not_used() {
    assert_eq!(signed(&[]).reception.electronic, None);
    assert_eq!(
        signed(&[(Field::Electronic, "non")]).reception.electronic,
        Some(false)
    );
}

#[test]
fn cpp_60_an_apj_requires_in_flagrance_under_an_opj_and_otherwise_on_the_prosecutors_word() {
    let asked = |frame: &'static str| {
        [
            (Field::Injuries, "côte cassée"),
            (Field::Examination, "REQUIS"),
            (Field::ExaminationAuthority, "Mme Roux, substitut"),
            (Field::ExaminationMoment, "21/11/2026 18:00"),
            (Field::ExaminationFrame, frame),
            (
                Field::ExaminationMission,
                "Dire si la plaie est ancienne.\n\nDire avec quoi.",
            ),
        ]
    };
    // No OPJ is on duty with this crew.
    assert_eq!(
        refused(&asked("FLAGRANCE")),
        [Problem::new(Field::ExaminationFrame, Reason::OpjMissing)]
    );
    assert_eq!(
        refused(&asked("PLUS-TARD")),
        [Problem::new(Field::ExaminationFrame, Reason::NotAChoice)]
    );
    let plainte = signed(&asked("PRELIMINAIRE"));
    let (_, requisition, frame) = plainte.requisition().unwrap();
    assert_eq!((frame, &requisition.opj), (RequisitionFrame::Preliminary, &None));
    assert_eq!(requisition.mission.len(), 2);
    // Without a frame the examination is recorded and no paper is drawn up.
    let plainte = signed(&asked("FLAGRANCE")[..4]);
    assert!(plainte.requisition().is_none());
}

#[test]
fn cpp_60_and_77_1_an_examination_has_its_authority_and_hour_or_its_refusal_in_words() {
    let hurt = [(Field::Injuries, "côte cassée"), (Field::Itt, "12")];
    assert!(warned(&hurt, Warning::ExaminationOpen));
    let required = [&hurt[..], &[(Field::Examination, "REQUIS")]].concat();
    assert_eq!(
        refused(&required),
        [
            Problem::new(Field::ExaminationAuthority, Reason::Missing),
            Problem::new(Field::ExaminationMoment, Reason::Missing),
        ]
    );
    let refusing = [
        &hurt[..],
        &[
            (Field::Examination, "REFUSE"),
            (Field::ExaminationRefusal, "Pas aujourd'hui."),
        ],
    ]
    .concat();
    assert!(!warned(&refusing, Warning::ExaminationOpen));
    let injuries = signed(&refusing).facts.injuries.unwrap();
    assert_eq!(injuries.itt_days, Some(12));
    assert_eq!(
        injuries.examination,
        Examination::Refused("Pas aujourd'hui.".into())
    );
}

#[test]
fn losses_facts_and_legal_persons_are_read_whole_or_named() {
    let whole = [
        (Field::Complainant, "PERSONNE-MORALE"),
        (Field::ComplainantName, "GAEC du Canari"),
        (Field::ComplainantQuality, "gérant"),
        (Field::Siren, "732 829 320"),
        (Field::FactsFrom, "20/11/2026 22:00"),
        (Field::FactsTo, "21/11/2026 06:30"),
        (
            Field::Losses,
            "tracteur ; Canari 300 ; VIN-1 ; 42 000 ; Groupama\nGPS ; ; 490154203237518 ; 900",
        ),
        (Field::Witnesses, "Paul Noir, 0601020304"),
    ];
    let plainte = signed(&whole);
    assert_eq!(plainte.facts.worth_cents(), Some(4_290_000));
    assert_eq!(
        plainte.facts.losses[1].mark,
        Some(Mark::Imei("490154203237518".to_owned()))
    );
    let wrong = [
        (Field::Losses, "GPS ; ; 490154203237519"),
        (Field::FactsFrom, "21/11/2026 06:30"),
        (Field::FactsTo, "20/11/2026 22:00"),
    ];
    assert_eq!(
        refused(&wrong),
        [
            Problem::new(Field::FactsTo, Reason::EndsBeforeItBegins),
            Problem::new(Field::Losses, Reason::ImeiRefuted),
        ]
    );
}

#[test]
fn the_danger_grid_warns_and_never_says_that_there_is_none() {
    assert!(warned(
        &[(Field::Grid, "NNONNNONNNNNNNNNNNNNNNN")],
        Warning::DangerInGrid
    ));
    assert!(warned(&[(Field::GridRaised, "oui")], Warning::DangerInGrid));
    let couple = [(Field::Violence, "oui"), (Field::SuspectLink, "EX-CONJOINT")];
    assert!(warned(&couple, Warning::GridOpen));
    // A complaint waits for no grid.
    assert_eq!(signed(&couple).danger, None);
}

#[test]
fn protocol_danger_with_open_tasks_warns_and_stops_nothing() {
    let danger = (Field::GridRaised, "oui");
    let refused_umj = (Field::Protocol, "UMJ ; REFUS ; je veux rentrer\nPARQUET ; FAIT");
    assert!(warned(&[danger], Warning::ProtocolOpen));
    assert!(warned(&[danger, refused_umj], Warning::ProtocolOpen));
    assert!(!warned(&[refused_umj], Warning::ProtocolOpen));
    let kept = signed(&[danger, refused_umj]).protocol;
    assert_eq!(
        (kept.len(), kept[1].outcome.words()),
        (2, Some("je veux rentrer"))
    );
    let all: Vec<String> = Task::ALL
        .iter()
        .map(|task| format!("{} ; FAIT", task.code()))
        .collect();
    assert!(!warned(
        &[danger, (Field::Protocol, &all.join("\n"))],
        Warning::ProtocolOpen
    ));
    assert_eq!(
        refused(&[(Field::Protocol, "PARQUET ; REFUS ; non")]),
        [Problem::new(Field::Protocol, Reason::NotAProtocol)]
    );
}

#[test]
fn cpp_15_3_where_somebody_may_find_it_the_recepisse_is_neutral_unless_the_victim_chooses() {
    let couple = [(Field::Violence, "oui"), (Field::SuspectLink, "CONJOINT")];
    let grid = [(Field::Grid, "NNNNNNNNNNNNNNNNNNNNNNN")];
    let hidden = [
        (Field::Domicile, "TIERS"),
        (Field::DomicileConsent, "MARTIN Anne"),
        (Field::Address, "2 rue des Lilas, Lyon"),
    ];
    for discreet in [&couple[..], &grid, &hidden] {
        let by_default = signed(discreet);
        assert_eq!(by_default.receipt, Some(Receipt::Neutral), "{discreet:?}");
        assert!(by_default.receipt_handed);
        assert!(warned(discreet, Warning::ReceiptNeutral));
        let plain: Vec<_> = discreet
            .iter()
            .copied()
            .chain([(Field::HandReceipt, "oui")])
            .collect();
        assert_eq!(signed(&plain).receipt, None);
        assert!(warned(&plain, Warning::ReceiptNamesComplaint));
        let kept: Vec<_> = discreet
            .iter()
            .copied()
            .chain([(Field::HandReceipt, "non")])
            .collect();
        let kept = signed(&kept);
        assert_eq!((kept.receipt, kept.receipt_handed), (Some(Receipt::Kept), false));
    }
    let theft = signed(&[]);
    assert_eq!((theft.receipt, theft.receipt_handed), (None, true));
    assert!(!warned(&[], Warning::ReceiptNeutral));
    let problems = refused(&[(Field::HandReceipt, "peut-être")]);
    assert_eq!(problems, [Problem::new(Field::HandReceipt, Reason::NotAChoice)]);
}

#[test]
fn victim_safety_what_the_sheet_says_is_in_no_field_that_the_other_side_reads() {
    let sheet = [
        (Field::ContactChannel, "TELEPHONE"),
        (Field::ContactAt, "06 12 34 56 78"),
        (Field::ContactNever, "06 99 88 77 66\nsa mère"),
        (Field::Refuge, "14 rue des Acacias"),
    ];
    let with = |more: &[(Field, &'static str)]| -> Vec<(Field, &'static str)> {
        sheet.iter().copied().chain(more.iter().copied()).collect()
    };
    let plainte = signed(&sheet);
    let bytes = domain::encode(&Act::Plainte(Box::new(plainte.clone())));
    for secret in ["06 12 34 56 78", "Acacias", "06 99 88 77 66"] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "`{secret}` is in the act");
    }
    // Somebody watches over the mail: the récépissé says nothing by its title.
    assert_eq!(plainte.receipt, Some(Receipt::Neutral));
    for (field, text, reason) in [
        (Field::Phone, "+33 6 12 34 56 78", Reason::StaysApart),
        (
            Field::Address,
            "chez Anne, 14, rue des ACACIAS",
            Reason::StaysApart,
        ),
        (Field::Host, "foyer du 14 rue des acacias", Reason::StaysApart),
        (Field::Phone, "0699887766", Reason::NeverContact),
    ] {
        assert_eq!(
            refused(&with(&[(field, text)])),
            [Problem::new(field, reason)],
            "{text}"
        );
    }
    assert_eq!(
        refused(&[(Field::Refuge, "14 rue des Acacias")]),
        [Problem::new(Field::ContactChannel, Reason::Missing)]
    );
    assert_eq!(
        refused(&[(Field::ContactChannel, "COURRIEL")]),
        [Problem::new(Field::ContactAt, Reason::Missing)]
    );
    let couple = [(Field::Violence, "oui"), (Field::SuspectLink, "CONJOINT")];
    assert!(warned(&couple, Warning::ContactOpen));
    let asked: Vec<_> = couple
        .iter()
        .copied()
        .chain([(Field::ContactChannel, "PERSONNE")])
        .collect();
    assert!(!warned(&asked, Warning::ContactOpen));
}

#[test]
fn cpp_15_3_1_what_was_filed_online_is_read_again_or_completed_and_never_filed_twice() {
    let begun = [
        (Field::FiledOnline, "PRE-PLAINTE"),
        (Field::FiledNumber, "2026-93-004412"),
    ];
    assert_eq!(
        refused(&begun),
        [Problem::new(Field::FiledReread, Reason::NotReread)]
    );
    let reread: Vec<_> = begun
        .iter()
        .copied()
        .chain([(Field::FiledReread, "oui")])
        .collect();
    let filed = signed(&reread).filed.unwrap();
    assert_eq!(
        (filed.filed, filed.number.as_str()),
        (Filed::PreComplaint, "2026-93-004412")
    );
    assert!(!warned(&reread, Warning::AlreadyFiled));
    let thesee = [(Field::FiledOnline, "THESEE"), (Field::FiledNumber, "T-1")];
    assert!(warned(&thesee, Warning::AlreadyFiled));
    assert_eq!(signed(&thesee).filed.map(|one| one.filed), Some(Filed::Thesee));
    assert_eq!(
        refused(&[(Field::FiledOnline, "THESEE")]),
        [Problem::new(Field::FiledNumber, Reason::Missing)]
    );
}

#[test]
fn cpp_15_3_1_1_a_complaint_by_video_is_offered_and_never_for_a_sexual_offence() {
    assert_eq!(signed(&[]).directed, []);
    let directed = [(Field::Directed, "VISIOPLAINTE PERCEVAL VISIOPLAINTE")];
    assert_eq!(
        signed(&directed).directed,
        [OnlineService::Perceval, OnlineService::Visioplainte]
    );
    let sexual = [(Field::SexualOffence, "oui"), (Field::Directed, "VISIOPLAINTE")];
    assert_eq!(
        refused(&sexual),
        [Problem::new(Field::Directed, Reason::InPersonDue)]
    );
    assert_eq!(
        refused(&[(Field::Directed, "MINITEL")]),
        [Problem::new(Field::Directed, Reason::NotAChoice)]
    );
}

#[test]
fn cpp_10_5_and_d1_3_each_criterion_stands_in_the_act_under_its_own_name() {
    let evaluated = [
        (Field::Harm, "grave"),
        (Field::HarmCircumstances, "voisin"),
        (Field::Vulnerability, "enceinte"),
        (Field::Reprisals, "craint son retour"),
        (Field::Measures, "même enquêtrice"),
    ];
    // Equality and not text: a sensitive value prints as nothing.
    assert!(
        signed(&evaluated).evaluation
            == Evaluation {
                harm: Some("grave".into()),
                circumstances: Some("voisin".into()),
                vulnerability: Some("enceinte".into()),
                reprisals: Some("craint son retour".into()),
                measures: Some("même enquêtrice".into()),
            }
    );
}

#[test]
fn cpp_10_3_an_interpreter_has_a_language_and_an_oath_and_only_a_close_one_is_warned_of() {
    let by = |link: &'static str| {
        [
            (Field::Interpreter, "Samir Haddad"),
            (Field::InterpreterLanguage, "ar"),
            (Field::InterpreterOath, "oui"),
            (Field::InterpreterLink, link),
            (Field::InterpreterPhone, "oui"),
        ]
    };
    assert_eq!(
        refused(&by("AUCUN")[..1]),
        [
            Problem::new(Field::InterpreterLanguage, Reason::Missing),
            Problem::new(Field::InterpreterOath, Reason::OathMissing),
        ]
    );
    for link in Link::ALL {
        let fields = by(link.code());
        let close = link != Link::None;
        assert_eq!(warned(&fields, Warning::InterpreterIsClose), close, "{link:?}");
        assert_eq!(
            signed(&fields).reception.interpreter,
            Some(Interpreter {
                name: "Samir Haddad".into(),
                language: "ar".to_owned(),
                sworn: true,
                link,
                by_telephone: true,
            })
        );
    }
}

#[test]
fn cpp_706_53_minority_ends_on_the_eighteenth_birthday_and_who_represents_may_be_beside() {
    for (born, minor) in [("22/11/2008", true), ("21/11/2008", false)] {
        let victim = [(Field::BirthDate, born)];
        assert_eq!(warned(&victim, Warning::RepresentativeMissing), minor, "{born}");
    }
    for (beside, missing) in [
        ("REPRESENTANT ; Paule Durand", false),
        ("ADMINISTRATEUR ; Me Roux", false),
        ("MAJEUR ; Anne Petit", true),
        ("AVOCAT ; Me Durand", true),
    ] {
        let victim = [MINOR[0], (Field::Companions, beside)];
        assert_eq!(
            warned(&victim, Warning::RepresentativeMissing),
            missing,
            "{beside}"
        );
    }
}

#[test]
fn cpp_803_1_an_agreement_stands_in_the_act() {
    let agreed = signed(&[(Field::Electronic, "oui")]);
    assert_eq!(agreed.reception.electronic, Some(true));
}

#[test]
fn cpp_10_2_9_a_professional_address_needs_nobodys_consent() {
    let work = signed(&[(Field::Domicile, "PROFESSIONNELLE")]);
    assert_eq!(work.reception.domicile, Domicile::Professional);
}

#[test]
fn danger_grid_the_officers_no_lowers_nothing_that_the_answers_say() {
    for raised in ["", "non", "oui"] {
        let red = [
            (Field::Grid, "NNONNNONNNNNNNNNNNNNNNN"),
            (Field::GridRaised, raised),
        ];
        assert!(warned(&red, Warning::DangerInGrid), "`{raised}`");
        assert!(signed(&red).danger.unwrap().is_danger(), "`{raised}`");
    }
    let calm = (Field::Grid, "NNNNNNNNNNNNNNNNNNNNNNN");
    assert!(!warned(&[calm], Warning::DangerInGrid));
    let raised = signed(&[calm, (Field::GridRaised, "oui")]).danger.unwrap();
    assert!(raised.is_danger() && raised.is_raised());
}

#[test]
fn danger_grid_a_danger_is_signed_though_questions_were_not_asked() {
    let red = signed(&[(Field::Grid, "......O.............O..")])
        .danger
        .unwrap();
    assert!(red.is_danger() && !red.is_raised());
    let open = red.lines().filter(|(_, answer)| *answer == GridAnswer::NotAsked);
    assert_eq!(open.count(), 21);
    let raised = signed(&[(Field::GridRaised, "oui")]).danger.unwrap();
    assert!(raised.is_danger() && raised.is_raised());
    let begun = signed(&[(Field::Grid, "O......................")]);
    assert_eq!(begun.danger, None, "it says nothing yet");
}

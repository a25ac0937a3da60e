//! The composer of general PVs: the status gate of a hearing, the reading with its renvois, objects, corrections,
//! notes, formulas and templates.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

#[path = "pve/desk.rs"]
#[expect(dead_code, reason = "the desk of the PVe has more on it")]
mod desk;

use domain::draft::{Draft, Field, FillRefusal, ReadingRefusal, Reason, Warning};
use domain::formula;
use domain::hand::{Certainty, HandOutcome, Point, SignerRole, Strokes};
use domain::id::ActId;
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Quality};
use domain::pv::{Closing, Counsel, Fate, HeardAs, Pv, PvKind};
use domain::record::{Act, ActKind, Correction, Record};
use domain::retention::Term;
use domain::{Digest, UnixMs};

use desk::{at, draft, finish, record, refused, with};

const WITNESS: [(Field, &str); 8] = [
    (Field::PvKind, "AUDITION"),
    (Field::PvFrame, "FLAGRANCE"),
    (Field::Subject, "Audition de témoin"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Surname, "Eriksson"),
    (Field::BirthDate, "12/08/1974"),
    (Field::HeardAs, "TEMOIN"),
    (
        Field::Account,
        "J'étais à ma fenêtre.\nQ : Qu'avez-vous vu ?\nR : Une voiture.",
    ),
];

/// A suspect, noticed before the first word.
fn suspect(more: &[(Field, &str)]) -> Draft {
    let mut draft = draft(
        ActKind::Pv,
        &[
            (Field::PvKind, "AUDITION"),
            (Field::PvFrame, "FLAGRANCE"),
            (Field::Subject, "Audition"),
            (Field::Place, "12 rue des Lilas"),
            (Field::Surname, "Eriksson"),
            (Field::BirthDate, "12/08/1974"),
            (Field::HeardAs, "SUSPECT"),
            (Field::Constraint, "non"),
            (Field::Offences, "7151"),
            (Field::Counsel, "RENONCE"),
            (Field::NoticeLanguage, "fr"),
        ],
    );
    draft
        .fill(Field::Account, "Q : Que faisiez-vous ?\nR : Rien.", at(3))
        .unwrap();
    for (field, text) in more {
        draft.fill(*field, text, at(4)).unwrap();
    }
    draft
}

fn strokes() -> Strokes {
    let points = (0..20).map(|n| Point {
        x: 10 + n * 5,
        y: 50,
        ms: u32::from(n) * 10,
    });
    Strokes::new(320, 140, vec![points.collect()]).unwrap()
}

/// Read to everybody, who all sign.
fn signed(draft: &Draft) -> Draft {
    let mut read = draft.clone();
    read.show(Digest::of(b"shown"), at(6));
    for (index, _) in (0_u8..).zip(read.signers(at(7))) {
        read.sign_by_hand(index, strokes(), Digest::of(b"image")).unwrap();
    }
    read
}

fn pv(draft: &Draft) -> Pv {
    let record = record(draft);
    assert_eq!(
        domain::decode::<Record>(&domain::encode(&record)).as_ref(),
        Ok(&record)
    );
    let Act::Pv(pv) = record.act else { panic!("a pv") };
    *pv
}

/// What stands against `draft` once everybody has signed.
#[track_caller]
fn gate(draft: &Draft, expected: &[(Field, Reason)]) {
    refused(&signed(draft), expected);
}

#[test]
fn cpp_62_a_witness_is_heard_freely_and_what_was_said_and_asked_stands_apart() {
    let pv = pv(&signed(&draft(ActKind::Pv, &WITNESS)));
    let hearing = pv.hearing.unwrap();
    assert_eq!(hearing.heard_as, HeardAs::Witness);
    assert_eq!((hearing.statement.len(), hearing.exchanges.len()), (1, 1));
    assert_eq!(pv.closing, Closing::ReadAndSigned);
    assert_eq!(pv.signers.len(), 1);
    assert_eq!(pv.signers[0].signer.role, SignerRole::Person);
}

#[test]
fn cpp_61_1_a_suspect_is_told_the_rights_before_the_first_word() {
    let heard = pv(&signed(&suspect(&[])));
    let HeardAs::Suspect(notice) = heard.hearing.unwrap().heard_as else {
        panic!("a suspect")
    };
    assert_eq!((notice.at, notice.counsel), (at(1), Counsel::Waived));
    gate(
        &suspect(&[(Field::NoticeLanguage, "")]),
        &[(Field::NoticeLanguage, Reason::NoticeMissing)],
    );
    // Told again after the first word is told too late.
    gate(
        &suspect(&[(Field::NoticeLanguage, "en")]),
        &[(Field::NoticeLanguage, Reason::NoticeTooLate)],
    );
}

#[test]
fn cpp_61_1_a_suspect_is_free_to_go_and_a_lawyer_asked_for_is_awaited() {
    gate(
        &suspect(&[(Field::Constraint, "oui")]),
        &[(Field::Constraint, Reason::Constrained)],
    );
    gate(
        &suspect(&[(Field::Counsel, "DEMANDE")]),
        &[(Field::Counsel, Reason::CounselAbsent)],
    );
    let present = suspect(&[(Field::Counsel, "PRESENT"), (Field::CounselName, "Me Spécimen")]);
    let HeardAs::Suspect(notice) = pv(&signed(&present)).hearing.unwrap().heard_as else {
        panic!("a suspect")
    };
    assert_eq!(notice.counsel, Counsel::Present("Me Spécimen".into()));
}

#[test]
fn cpp_63_custody_is_the_opjs_and_no_terminal_hears_it() {
    gate(
        &suspect(&[(Field::HeardAs, "GARDE-A-VUE")]),
        &[(Field::HeardAs, Reason::Custody)],
    );
}

#[test]
fn cjpm_a_minor_suspect_is_never_heard_with_a_terminal() {
    gate(
        &suspect(&[(Field::BirthDate, "22/11/2008")]),
        &[(Field::HeardAs, Reason::MinorSuspect)],
    );
    gate(
        &suspect(&[(Field::BirthDate, "")]),
        &[(Field::BirthDate, Reason::Missing)],
    );
    assert!(finish(&signed(&suspect(&[(Field::BirthDate, "21/11/2008")]))).is_ok());
}

#[test]
fn cpp_429_a_suspects_hearing_has_questions_and_each_has_its_answer() {
    gate(
        &suspect(&[(Field::Account, "Je n'ai rien fait.")]),
        &[(Field::Account, Reason::NoQuestion)],
    );
    gate(
        &suspect(&[(Field::Account, "Q : Où étiez-vous ?")]),
        &[(Field::Account, Reason::QuestionUnanswered)],
    );
}

#[test]
fn cpp_20_21_an_apja_hears_nobody_and_reports_what_was_seen() {
    let heard = signed(&draft(ActKind::Pv, &WITNESS));
    let problems = with(Quality::ApjaReserviste, |around| heard.finish(around, at(10))).unwrap_err();
    assert_eq!(
        (problems[0].field, problems[0].reason),
        (Field::PvKind, Reason::QualityNotEmpowered)
    );
    let seen = draft(ActKind::Pv, &SEEN);
    assert!(with(Quality::ApjaReserviste, |around| seen.finish(around, at(10))).is_ok());
}

const SEEN: [(Field, &str); 4] = [
    (Field::PvFrame, "FLAGRANCE"),
    (Field::Subject, "Constatations"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Account, "Constatons une porte forcée."),
];

#[test]
fn cpp_75_an_apj_in_a_preliminaire_names_the_opj_who_controls() {
    let mut draft = draft(ActKind::Pv, &SEEN);
    draft.fill(Field::PvFrame, "PRELIMINAIRE", at(2)).unwrap();
    refused(&draft, &[(Field::PvFrame, Reason::OpjMissing)]);
    let opj = Matricule::parse(Corps::PoliceNationale, "7654321").unwrap();
    let named = with(Quality::Apj, |around| {
        let mut service = around.service.clone();
        service.opj = Some(opj.clone());
        let around = domain::draft::Surroundings {
            answers: &[],
            service: &service,
            ..around
        };
        draft.finish(around, at(10))
    });
    let Act::Pv(pv) = named.unwrap().record(None).act else {
        panic!("a pv")
    };
    assert_eq!(pv.under, Some(opj));
}

#[test]
fn cpp_107_what_was_read_is_corrected_by_renvois_and_never_edited() {
    let mut draft = draft(ActKind::Pv, &WITNESS);
    draft.show(Digest::of(b"first"), at(6));
    let edited = draft.fill(Field::Account, "Q : Autre ?\nR : Non.", at(7));
    assert_eq!(edited, Err(FillRefusal::Read));
    assert!(draft.text(Field::Account).starts_with("J'étais"));
    draft.sign_by_hand(0, strokes(), Digest::of(b"image")).unwrap();
    draft
        .add_renvoi("page 1", "lire « camion » au lieu de « voiture »")
        .unwrap();
    // Who had signed signs what is drawn again.
    refused(&draft, &[(Field::OtherSigners, Reason::NotAsked)]);
    assert_eq!(
        draft.sign_by_hand(0, strokes(), Digest::of(b"image")),
        Err(ReadingRefusal::NotShown)
    );
    draft.show(Digest::of(b"second"), at(8));
    draft.sign_by_hand(0, strokes(), Digest::of(b"image")).unwrap();
    let pv = pv(&draft);
    assert!(pv.renvois[0].approved);
    let HandOutcome::Signed(pad) = &pv.signers[0].outcome else {
        panic!("signed")
    };
    assert_eq!(pad.shown, Digest::of(b"second"));
}

#[test]
fn cpp_107_a_renvoi_that_the_person_does_not_approve_is_void() {
    let mut draft = draft(ActKind::Pv, &WITNESS);
    draft.show(Digest::of(b"first"), at(6));
    draft.add_renvoi("page 1", "lire « camion »").unwrap();
    draft.show(Digest::of(b"second"), at(8));
    let reason = "n'a pas dit cela".to_owned();
    draft.leave_unsigned(0, HandOutcome::Refuses { reason }).unwrap();
    let pv = pv(&draft);
    assert!(!pv.renvois[0].approved);
    assert_eq!(pv.renvois[0].text, "lire « camion »");
}

#[test]
fn a_renvoi_says_where_and_what_and_needs_a_reading() {
    let mut draft = draft(ActKind::Pv, &WITNESS);
    assert_eq!(draft.add_renvoi("page 1", "x"), Err(ReadingRefusal::NotShown));
    draft.show(Digest::of(b"first"), at(6));
    assert_eq!(draft.add_renvoi(" ", "x"), Err(ReadingRefusal::Empty));
    assert_eq!(draft.add_renvoi("page 1", " "), Err(ReadingRefusal::Empty));
    assert!(draft.reading().unwrap().renvois().is_empty());
}

#[test]
fn cpp_a53_4_nobody_signs_under_a_surer_name_than_the_document_that_was_shown() {
    let mut declared = draft(ActKind::Pv, &WITNESS);
    declared.fill(Field::Certainty, "ETABLIE", at(2)).unwrap();
    assert_eq!(declared.signers(at(3))[0].certainty, Certainty::Presumed);
    declared.fill(Field::Certainty, "INCONNUE", at(2)).unwrap();
    assert_eq!(declared.signers(at(3))[0].certainty, Certainty::Unknown);
}

#[test]
fn everybody_named_to_sign_is_asked_and_an_unknown_role_is_named() {
    let mut draft = draft(ActKind::Pv, &WITNESS);
    draft
        .fill(Field::OtherSigners, "AVOCAT ; Me Spécimen\nRIO 2345678", at(2))
        .unwrap();
    let roles: Vec<SignerRole> = draft.signers(at(3)).iter().map(|signer| signer.role).collect();
    assert_eq!(
        roles,
        [SignerRole::Person, SignerRole::Counsel, SignerRole::Assistant]
    );
    refused(&draft, &[(Field::OtherSigners, Reason::NotRead)]);
    draft
        .fill(Field::OtherSigners, "MAIRE ; Spécimen", at(2))
        .unwrap();
    gate(&draft, &[(Field::OtherSigners, Reason::NotASigner)]);
}

#[test]
fn objects_are_listed_and_destroyed_on_somebodys_decision() {
    let objects = [
        (Field::PvKind, "INVENTAIRE"),
        (Field::PvFrame, "FLAGRANCE"),
        (Field::Subject, "Saisie"),
        (Field::Place, "12 rue des Lilas"),
        (
            Field::Inventory,
            "2 ; sachets d'herbe ; UN ; SAISI\n1 ; pipe ; ; DETRUIT",
        ),
    ];
    let mut draft = draft(ActKind::Pv, &objects);
    refused(&draft, &[(Field::Authority, Reason::AuthorityMissing)]);
    draft
        .fill(Field::Authority, "le procureur de la République", at(2))
        .unwrap();
    let fates: Vec<Fate> = pv(&draft).inventory.iter().map(|item| item.fate).collect();
    assert_eq!(fates, [Fate::Seized, Fate::Destroyed]);
    draft
        .fill(Field::Inventory, "2 ; sachets ; ; SAISI\nherbe", at(3))
        .unwrap();
    refused(
        &draft,
        &[
            (Field::Inventory, Reason::NotAnItem),
            (Field::Inventory, Reason::SealMissing),
        ],
    );
}

#[test]
fn a_mistake_after_the_signature_is_a_new_act_with_its_reasons() {
    let signed_act = draft(ActKind::Pv, &SEEN);
    let correction = Correction {
        act: signed_act.id,
        record: Digest::of(b"signed"),
        refusal: None,
    };
    let id = ActId::from_bytes([9; 16]);
    let mut pv = signed_act.about_signed(
        id,
        at(1),
        PvKind::Rectification,
        correction,
        "du PV n° 2026/000007",
    );
    assert_eq!(pv.text(Field::Subject), "Rectification du PV n° 2026/000007");
    assert_eq!(pv.text(Field::Place), "12 rue des Lilas");
    refused(&pv, &[(Field::Account, Reason::Missing)]);
    pv.fill(Field::Account, "erreur", at(2)).unwrap();
    refused(&pv, &[(Field::Account, Reason::ReasonsMissing)]);
    pv.fill(Field::Account, "Disons lire 12 au lieu de 14.", at(3))
        .unwrap();
    assert_eq!(record(&pv).corrects, Some(correction));
    let alone = draft(
        ActKind::Pv,
        &[&SEEN[..], &[(Field::PvKind, "ANNULATION")]].concat(),
    );
    refused(&alone, &[(Field::PvKind, Reason::NothingCorrected)]);
}

#[test]
fn an_interpreter_takes_the_oath_and_a_relative_raises_a_warning() {
    let mut draft = draft(ActKind::Pv, &WITNESS);
    draft.fill(Field::Interpreter, "Mme Spécimen", at(2)).unwrap();
    gate(
        &draft,
        &[
            (Field::InterpreterLanguage, Reason::Missing),
            (Field::InterpreterOath, Reason::OathMissing),
        ],
    );
    for (field, text) in [
        (Field::InterpreterLanguage, "suédois"),
        (Field::InterpreterOath, "oui"),
        (Field::InterpreterLink, "ENFANT"),
    ] {
        draft.fill(field, text, at(2)).unwrap();
    }
    let warnings = with(Quality::Apj, |around| draft.warnings(around, at(3)));
    assert_eq!(warnings, [Warning::InterpreterIsClose]);
    assert!(finish(&signed(&draft)).is_ok());
}

#[test]
fn a_place_outside_the_competence_warns_and_does_not_block() {
    let draft = draft(ActKind::Pv, &[&SEEN[..], &[(Field::Commune, "75056")]].concat());
    let (warnings, finished) = with(Quality::Apj, |around| {
        let officer = domain::officer::Officer {
            departments: vec!["93".to_owned()],
            ..around.officer.clone()
        };
        let around = domain::draft::Surroundings {
            answers: &[],
            officer: &officer,
            ..around
        };
        (draft.warnings(around, at(3)), draft.finish(around, at(3)))
    });
    assert_eq!(warnings, [Warning::OutsideCompetence]);
    assert!(finished.is_ok());
}

const NOTE: [(Field, &str); 4] = [
    (Field::NotePurpose, "PREVENTION"),
    (Field::Subject, "sujet"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Account, "Spécimen de note."),
];

#[test]
fn gendnotes_a_note_is_off_for_the_police_and_goes_after_three_months() {
    let note = draft(ActKind::Note, &NOTE);
    refused(&note, &[(Field::NotePurpose, Reason::NotesOff)]);
    let finished = with(Quality::Apj, |around| {
        let officer = domain::officer::Officer {
            matricule: Matricule::parse(Corps::GendarmerieNationale, "123456").unwrap(),
            ..around.officer.clone()
        };
        let around = domain::draft::Surroundings {
            answers: &[],
            officer: &officer,
            ..around
        };
        note.finish(around, at(10))
    });
    let retention = finished.unwrap().record(None).retention.unwrap();
    assert_eq!(retention.term, Term::Note);
    // The end of 21 February 2027 in Paris.
    assert_eq!(retention.until, UnixMs(1_803_250_799_999));
}

#[test]
fn gendnotes_nothing_of_a_note_is_taken_into_another_act() {
    let note = draft(
        ActKind::Note,
        &[
            &NOTE[..],
            &[(Field::Surname, "Eriksson"), (Field::Plate, "AB-123-CD")],
        ]
        .concat(),
    );
    let mut other = draft(ActKind::Pv, &[]);
    other.reuse(&note);
    assert_eq!((other.text(Field::Surname), other.text(Field::Place)), ("", ""));
    let mut back = draft(ActKind::Note, &[]);
    back.reuse(&draft(ActKind::Pv, &SEEN));
    assert_eq!(back.text(Field::Place), "");
}

#[test]
fn formulas_are_found_by_their_first_words_and_only_for_their_act() {
    let set = ReferenceSet::embedded();
    let titles = |text: &str, kind| -> Vec<String> {
        let found = formula::search(&set.formulas, text, kind, 5);
        found.into_iter().map(|formula| formula.title.clone()).collect()
    };
    assert_eq!(titles("menot", PvKind::Interpellation), ["Menottage"]);
    assert_eq!(titles("menot", PvKind::Audition), Vec::<String>::new());
    assert_eq!(titles("avis parq", PvKind::Transport), ["Avis parquet"]);
    assert!(titles("", PvKind::Audition).len() == 5);
}

#[test]
fn a_template_fills_what_is_empty_and_leaves_what_is_typed() {
    let set = ReferenceSet::embedded();
    let template = set
        .templates
        .iter()
        .find(|template| template.title.contains("Tapage"));
    let mut draft = draft(ActKind::Pv, &[(Field::Subject, "Fête")]);
    draft.prefill(template.unwrap());
    assert_eq!(draft.text(Field::Subject), "Fête");
    assert_eq!(draft.text(Field::Origin), "APPEL");
}

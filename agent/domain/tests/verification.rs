//! The vérification d'identité of 78-3 CPP: who decides, what is told, what the act must say, and how long it stays.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

#[path = "pve/desk.rs"]
#[expect(dead_code, reason = "the desk of the PVe has more on it")]
mod desk;

use domain::draft::{Draft, Field, Problem, Reason, Warning};
use domain::hand::{Certainty, HandOutcome, SignerRole};
use domain::id::{ActId, BootId};
use domain::officer::Quality;
use domain::record::{Act, ActKind};
use domain::retention::Term;
use domain::signed::ToSign;
use domain::verification::{Finding, FollowUp, HandedCopy, Relative, Representative, Stage, Verification};
use domain::{Digest, Timestamp, UnixMs};

use desk::{at, draft, with};

/// Begun at 19:05; checked, decided and ended between 19:05 and 20:35.
const COMPLETE: [(Field, &str); 24] = [
    (Field::CheckBasis, "CI-2"),
    (Field::Grounds, "sort en courant du magasin"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Commune, "93066"),
    (Field::VerificationGround, "REFUS"),
    (
        Field::VerificationReasons,
        "refuse de dire son nom et ne montre aucun titre",
    ),
    (Field::Presentation, "LOCAUX"),
    (Field::PresentationMoment, "21/11/2026 19:20"),
    (Field::DecidingOpj, "7654321"),
    (Field::DecisionMoment, "21/11/2026 19:25"),
    (Field::ProsecutorWish, "non"),
    (Field::RelativeWish, "oui"),
    (Field::Relative, "Mme Lind, voisine"),
    (Field::RelativeMoment, "21/11/2026 19:40"),
    (Field::Minority, "non"),
    (Field::PrintsAuthority, "AUCUNE"),
    (Field::Finding, "NON-ETABLIE"),
    (
        Field::VerificationMeans,
        "appel à l'employeur déclaré, sans réponse",
    ),
    (Field::RetentionEnd, "21/11/2026 20:35"),
    (Field::FollowUp, "AUCUNE"),
    (Field::HandedCopy, "REMISE"),
    (Field::RetentionNotice, "fr"),
    (Field::OtherSigners, ""),
    (Field::Position, ""),
];

/// 20:45.
const SIGNED: i64 = 100;

fn form(changes: &[(Field, &str)]) -> Draft {
    let mut form = draft(ActKind::Verification, &[]);
    for (field, text) in COMPLETE {
        let changed = changes.iter().find(|(other, _)| *other == field);
        form.fill(field, changed.map_or(text, |(_, text)| text), at(20))
            .unwrap();
    }
    for (field, text) in changes {
        form.fill(*field, text, at(20)).unwrap();
    }
    form
}

/// Read, and signed or refused by everybody who is asked.
fn read(mut draft: Draft) -> Draft {
    draft.show(Digest::of(b"shown"), at(95));
    for (place, _) in (0..).zip(draft.signers(at(95))) {
        let reason = "ne veut rien signer".to_owned();
        draft
            .leave_unsigned(place, HandOutcome::Refuses { reason })
            .unwrap();
    }
    draft
}

fn signed_by(quality: Quality, draft: Draft) -> Result<ToSign, Vec<Problem>> {
    let draft = read(draft);
    with(quality, |around| draft.finish(around, at(SIGNED)))
}

fn act(to_sign: ToSign) -> Verification {
    let Act::Verification(verification) = to_sign.record(None).act else {
        panic!("another kind of act")
    };
    *verification
}

fn complete(changes: &[(Field, &str)]) -> Verification {
    act(signed_by(Quality::Opj, form(changes)).unwrap())
}

#[track_caller]
fn refused(quality: Quality, changes: &[(Field, &str)], expected: &[(Field, Reason)]) {
    let problems = signed_by(quality, form(changes)).unwrap_err();
    let named: Vec<(Field, Reason)> = problems.iter().map(|p| (p.field, p.reason)).collect();
    assert_eq!(named, expected);
}

fn utc(minutes: i64) -> UnixMs {
    at(minutes).utc
}

#[test]
fn cpp_78_3_an_opj_decides_and_an_apj_names_who_did() {
    let opj = |text| complete(&[(Field::DecidingOpj, text)]).decision.opj;
    assert_eq!(opj("7654321").number(), "7654321");
    // An OPJ who draws it up has decided.
    assert_eq!(opj("").number(), "1234567");
    let nobody = [(Field::DecidingOpj, "")];
    let by_order = Reason::OpjMissing;
    refused(
        Quality::Apj,
        &nobody,
        &[
            (Field::CheckBasis, by_order),
            (Field::DecidingOpj, Reason::OpjDecides),
        ],
    );
    // Nor may an APJ decide alone.
    refused(
        Quality::Apj,
        &[(Field::CheckBasis, "ROUTE"), (Field::DecidingOpj, "1234567")],
        &[(Field::DecidingOpj, Reason::OpjDecides)],
    );
    let named = signed_by(Quality::Apj, form(&[(Field::CheckBasis, "ROUTE")])).unwrap();
    assert_eq!(act(named).decision.opj.number(), "7654321");
    refused(
        Quality::Opj,
        &[(Field::DecisionMoment, "")],
        &[(Field::DecisionMoment, Reason::Missing)],
    );
}

#[test]
fn cpp_78_3_an_apja_draws_up_none() {
    for quality in [
        Quality::Apja,
        Quality::ApjaPolicierAdjoint,
        Quality::ApjaReserviste,
    ] {
        refused(
            quality,
            &[(Field::CheckBasis, "ROUTE")],
            &[(Field::DecidingOpj, Reason::QualityNotEmpowered)],
        );
    }
}

#[test]
fn cpp_78_3_the_act_says_the_hours_and_how_long_it_was() {
    let verification = complete(&[]);
    let held = verification.held;
    assert_eq!((held.from, held.until), (utc(0), utc(90)));
    assert_eq!((held.minutes(), held.limit_min, held.excess()), (90, 240, None));
    assert_eq!(verification.decision.at, utc(20));
    assert_eq!(verification.decision.presented_at, utc(15));
    refused(
        Quality::Opj,
        &[(Field::RetentionEnd, "")],
        &[(Field::RetentionEnd, Reason::Missing)],
    );
}

#[test]
fn cpp_78_3_what_happened_outside_the_retention_is_no_part_of_it() {
    for (field, text) in [
        (Field::DecisionMoment, "21/11/2026 19:04"),
        (Field::PresentationMoment, "21/11/2026 20:36"),
        (Field::RelativeMoment, "20/11/2026 19:40"),
    ] {
        refused(Quality::Opj, &[(field, text)], &[(field, Reason::OutOfOrder)]);
    }
    refused(
        Quality::Opj,
        &[(Field::RetentionEnd, "21/11/2026 20:46")],
        &[(Field::RetentionEnd, Reason::InTheFuture)],
    );
}

#[test]
fn cpp_78_3_a_retention_that_was_too_long_is_stated_and_not_hidden() {
    let mut long = form(&[(Field::CheckStart, "21/11/2026 16:30")]);
    long = read(long);
    with(Quality::Opj, |around| {
        assert!(
            long.warnings(around, at(SIGNED))
                .contains(&Warning::RetentionTooLong)
        );
        let held = act(long.finish(around, at(SIGNED)).unwrap()).held;
        assert_eq!((held.minutes(), held.excess()), (245, Some(5)));
    });
    // Eight hours in Mayotte.
    let there = [(Field::CheckStart, "21/11/2026 16:30"), (Field::Commune, "97608")];
    let held = complete(&there).held;
    assert_eq!((held.limit_min, held.excess()), (480, None));
}

#[test]
fn cpp_78_3_the_rights_are_told_and_the_moment_is_the_terminals_own() {
    let rights = complete(&[]).rights;
    assert_eq!((rights.told, rights.language.as_str()), (at(20), "fr"));
    refused(
        Quality::Opj,
        &[(Field::RetentionNotice, "")],
        &[(Field::RetentionNotice, Reason::RightsNotTold)],
    );
    refused(
        Quality::Opj,
        &[(Field::ProsecutorWish, "")],
        &[(Field::ProsecutorWish, Reason::Missing)],
    );
}

#[test]
fn cpp_78_3_a_prosecutor_who_was_asked_for_is_told() {
    let asked = (Field::ProsecutorWish, "oui");
    refused(
        Quality::Opj,
        &[asked],
        &[(Field::ProsecutorMoment, Reason::ProsecutorNotTold)],
    );
    let rights = complete(&[asked, (Field::ProsecutorMoment, "21/11/2026 19:30")]).rights;
    assert_eq!(
        (rights.prosecutor_asked, rights.prosecutor_told),
        (true, Some(utc(25)))
    );
}

#[test]
fn cpp_78_3_whoever_the_person_names_is_told_or_it_is_said_why_not() {
    refused(
        Quality::Opj,
        &[(Field::RelativeMoment, "")],
        &[(Field::RelativeMoment, Reason::RelativeNotTold)],
    );
    let relative = |changes: &[(Field, &str)]| complete(changes).rights.relative;
    let told = relative(&[]);
    assert!(
        matches!(told, Relative::Told { who, at } if who.reveal() == "Mme Lind, voisine" && at == utc(35))
    );
    let obstacle = relative(&[
        (Field::RelativeObstacle, "numéro inconnu"),
        (Field::RelativeMoment, ""),
    ]);
    assert!(matches!(obstacle, Relative::NotTold { why, .. } if why == "numéro inconnu"));
    assert_eq!(relative(&[(Field::RelativeWish, "non")]), Relative::NotAsked);
}

#[test]
fn cpp_78_3_the_prosecutor_hears_of_a_minor_and_who_represents_assists() {
    let minor = [
        (Field::Minority, "oui"),
        (Field::ProsecutorMoment, "21/11/2026 19:10"),
    ];
    let with_minor = |more: &[(Field, &'static str)]| [&minor[..], more].concat();
    refused(
        Quality::Opj,
        &[(Field::Minority, "oui")],
        &[
            (Field::ProsecutorMoment, Reason::ProsecutorNotTold),
            (Field::Representative, Reason::RepresentativeMissing),
        ],
    );
    let assisted = form(&with_minor(&[(Field::Representative, "M. Lind, père")]));
    let roles: Vec<SignerRole> = assisted
        .signers(at(95))
        .iter()
        .map(|signer| signer.role)
        .collect();
    assert_eq!(roles, [SignerRole::Person, SignerRole::Representative]);
    let rights = act(signed_by(Quality::Opj, assisted).unwrap()).rights;
    assert!(
        matches!(rights.representative, Some(Representative::Assists(name)) if name.reveal() == "M. Lind, père")
    );
    let rights = complete(&with_minor(&[(Field::RepresentativeObstacle, "à l'étranger")])).rights;
    assert_eq!(
        rights.representative,
        Some(Representative::Impossible("à l'étranger".to_owned()))
    );
    // A birth that is known is believed, whatever is answered.
    let born = [
        (Field::Surname, "Lind"),
        (Field::BirthDate, "01/02/2012"),
        (Field::Minority, "non"),
    ];
    let problems = signed_by(Quality::Opj, form(&born)).unwrap_err();
    assert!(problems.contains(&Problem::new(
        Field::Representative,
        Reason::RepresentativeMissing
    )));
}

#[test]
fn cpp_78_3_prints_are_authorised_and_have_reasons_of_their_own() {
    let taken = (Field::PrintsAuthority, "PROCUREUR");
    refused(
        Quality::Opj,
        &[taken],
        &[
            (Field::PrintsMagistrate, Reason::Missing),
            (Field::PrintsMoment, Reason::Missing),
            (Field::PrintsReasons, Reason::Missing),
        ],
    );
    let prints = complete(&[
        taken,
        (Field::PrintsMagistrate, "Mme Arvid"),
        (Field::PrintsMoment, "21/11/2026 20:00"),
        (Field::PrintsReasons, "aucun titre, aucun témoin, aucun fichier"),
    ])
    .prints;
    assert_eq!(prints.unwrap().at, utc(55));
    assert_eq!(complete(&[]).prints, None);
    refused(
        Quality::Opj,
        &[(Field::PrintsAuthority, "")],
        &[(Field::PrintsAuthority, Reason::Missing)],
    );
}

#[test]
fn cpp_78_3_who_says_no_name_is_asked_to_sign_and_the_refusal_has_its_reason() {
    let nobody = form(&[]);
    let signers = nobody.signers(at(95));
    assert_eq!(
        (signers[0].name.reveal().as_str(), signers[0].certainty),
        ("X", Certainty::Unknown)
    );
    let unread = with(Quality::Opj, |around| nobody.finish(around, at(SIGNED)));
    assert_eq!(
        unread.unwrap_err(),
        [Problem::new(Field::OtherSigners, Reason::NotRead)]
    );
    let verification = complete(&[]);
    assert_eq!(verification.finding, Finding::NotEstablished);
    assert_eq!(verification.person, None);
    assert!(
        matches!(&verification.signers[0].outcome, HandOutcome::Refuses { reason } if reason == "ne veut rien signer")
    );
    refused(
        Quality::Opj,
        &[(Field::Finding, "ETABLIE")],
        &[(Field::Surname, Reason::Missing)],
    );
}

#[test]
fn cpp_78_3_without_a_follow_up_a_copy_is_due_and_the_act_goes_six_months_after_the_end() {
    for follow_up in ["AUCUNE", "EN-ATTENTE"] {
        let change = (Field::FollowUp, follow_up);
        refused(
            Quality::Opj,
            &[change, (Field::HandedCopy, "")],
            &[(Field::HandedCopy, Reason::CopyNotHanded)],
        );
        let record = signed_by(Quality::Opj, form(&[change])).unwrap().record(None);
        let retention = record.retention.unwrap();
        assert_eq!(retention.term, Term::IdentityVerification);
        assert_eq!(retention.until.civil(60).date().to_string(), "2027-05-21");
    }
    assert_eq!(complete(&[]).copy, Some(HandedCopy::Handed));
    refused(
        Quality::Opj,
        &[(Field::FollowUp, "OUI")],
        &[(Field::FollowUpProcedure, Reason::Missing)],
    );
    let followed = [
        (Field::FollowUp, "OUI"),
        (Field::FollowUpProcedure, "2026/004512"),
        (Field::HandedCopy, ""),
    ];
    let to_sign = signed_by(Quality::Opj, form(&followed)).unwrap();
    let record = to_sign.record(None);
    assert_eq!(record.retention, None, "what follows has terms of its own");
    let Act::Verification(verification) = record.act else {
        panic!()
    };
    let procedure = "2026/004512".to_owned();
    assert_eq!(verification.follow_up, FollowUp::Recorded { procedure });
}

#[test]
fn cpp_78_3_nothing_that_the_check_says_is_typed_again() {
    let check = draft(
        ActKind::IdentityCheck,
        &[
            (Field::CheckBasis, "CI-2"),
            (Field::Grounds, "sort en courant du magasin"),
            (Field::Place, "12 rue des Lilas"),
            (Field::Surname, "Lind"),
            (Field::Plate, "AB-123-CD"),
        ],
    );
    let follows = check.verification(Verification::act_id(check.id), at(12));
    for (field, text) in [
        (Field::CheckBasis, "CI-2"),
        (Field::Grounds, "sort en courant du magasin"),
        (Field::Place, "12 rue des Lilas"),
        (Field::Surname, "Lind"),
        (Field::Plate, ""),
    ] {
        assert_eq!(follows.text(field), text, "{field:?}");
    }
    // The hours count from the start of the check, not of this form.
    let clock = follows.retention(&at(12)).unwrap();
    assert_eq!((clock.from, clock.noted), (at(0).utc, at(0)));
    assert_eq!(clock.limit_min, 240);
    assert_eq!(Verification::act_id(check.id), Verification::act_id(check.id));
}

#[test]
fn cpp_78_3_the_clock_runs_until_the_end_is_written_down() {
    let later = |boot, minutes: i64, mono: i64| Timestamp {
        boot: BootId::from_bytes([boot; 16]),
        mono_ms: 3_600_000 + u64::try_from(mono * 60_000).unwrap(),
        ..at(minutes)
    };
    let mut running = draft(ActKind::Verification, &[(Field::Commune, "97608")]);
    let clock = running.retention(&at(10)).unwrap();
    assert_eq!(clock.stage(&later(1, 419, 419)), Stage::Running);
    assert_eq!(clock.stage(&later(1, 450, 450)), Stage::HalfHour);
    // A wall clock that is set back gives nobody more time.
    let set_back = later(1, 30, 481);
    assert_eq!(
        (clock.stage(&set_back), clock.was_set(&set_back)),
        (Stage::Over, true)
    );
    running
        .fill(Field::RetentionEnd, "21/11/2026 20:35", at(95))
        .unwrap();
    assert_eq!(running.retention(&at(95)), None);
    assert_eq!(draft(ActKind::Pv, &[]).retention(&at(0)), None);
}

#[test]
fn cpp_78_3_no_field_describes_a_person() {
    for field in Field::form(ActKind::Verification) {
        let code = field.code();
        for word in ["ethni", "religi", "physi", "skin", "appearance", "colour"] {
            assert!(!code.contains(word), "{code}");
        }
    }
}

#[test]
fn an_act_is_named_by_its_check_alone() {
    let (one, other) = (ActId::from_bytes([1; 16]), ActId::from_bytes([2; 16]));
    assert_ne!(Verification::act_id(one), Verification::act_id(other));
}

//! From the form to the AFD, or to the general PV that takes its place.

use domain::afd::{Condition, Obstacle};
use domain::draft::{Draft, Field, Problem, Reason, Surroundings};
use domain::id::ActId;
use domain::identity::CivilDate;
use domain::natinf::{Natinf, ReferenceSet};
use domain::officer::Quality;
use domain::pve::OffenderSignature;
use domain::record::{Act, ActKind, Record};

use crate::desk::{ZONE, at, draft, finish, record, refused, with};
use crate::eligibility::pad;

fn afd(offences: &str, more: &[(Field, &str)]) -> Draft {
    let mut fields = vec![
        (Field::Mrz, ZONE),
        (Field::Place, "12 rue des Lilas"),
        (Field::Offences, offences),
        (Field::Account, "Observations."),
    ];
    let answers = Condition::ALL.map(|condition| (Field::answering(condition), "oui"));
    fields.extend(answers);
    fields.extend(more);
    let mut draft = draft(ActKind::Afd, &fields);
    draft.set_signature(OffenderSignature::Signed(pad()));
    draft
}

#[test]
fn an_afd_is_signed_with_its_checklist_and_its_amounts() {
    let found = [(Field::Substance, "Cannabis"), (Field::Quantity, "3,5")];
    let record = record(&afd("180", &found));
    assert_eq!(
        domain::decode::<Record>(&domain::encode(&record)).as_ref(),
        Ok(&record)
    );
    let Act::Afd(afd) = record.act else {
        panic!("an afd")
    };
    let offence = &afd.eligible.offences()[0];
    assert_eq!(offence.amounts.forfaitaire, 20_000);
    assert_eq!(offence.quantity.as_ref().unwrap().amount, 3_500);
    let theft = finish(&afd_of_theft("120")).unwrap();
    assert_eq!(theft.kind(), ActKind::Afd);
    refused(
        &afd_of_theft("300,01"),
        &[(Field::Quantity, Reason::OverThreshold)],
    );
}

fn afd_of_theft(euros: &str) -> Draft {
    afd("7151", &[(Field::Quantity, euros)])
}

#[test]
fn an_afd_is_refused_with_every_reason_and_becomes_a_general_pv() {
    let mut refused_draft = afd(
        "6163",
        &[
            (Field::TajQueried, "non"),
            (Field::Understands, ""),
            (Field::Simultaneous, "7536 23800"),
            (Field::Plate, "AB-123-CD"),
        ],
    );
    refused_draft.set_signature(OffenderSignature::Declined);
    refused(
        &refused_draft,
        &[
            (Field::Offences, Reason::NotTogether),
            (Field::Understands, Reason::Missing),
            (Field::TajQueried, Reason::NotMet),
            (Field::Acknowledged, Reason::NotSigned),
        ],
    );
    let obstacles = with(Quality::Apj, |around| refused_draft.eligibility(around, at(10)))
        .unwrap()
        .unwrap_err();
    assert!(obstacles.contains(&Obstacle::NotAsked(Condition::Understands)));
    let mut pv = refused_draft.turn_into_pv(ActId::from_bytes([9; 16]), &ReferenceSet::embedded());
    assert_eq!(pv.text(Field::Offences), "6163 7536 23800");
    assert_eq!(pv.text(Field::Mrz), ZONE);
    pv.fill(Field::PvFrame, "FLAGRANCE", at(5)).unwrap();
    let Act::Pv(pv) = record(&pv).act else {
        panic!("a pv")
    };
    assert_eq!(
        (pv.offences.len(), pv.plates.len(), pv.paragraphs.len()),
        (3, 1, 1)
    );
    assert!(pv.subject.starts_with("CIRCULATION AVEC UN VEHICULE"));
}

#[test]
fn a_code_that_is_over_is_refused_with_the_one_that_replaces_it() {
    let natinf = |code| Natinf::parse(code).unwrap();
    let mut reference = ReferenceSet::embedded().reference();
    for offence in &mut reference.offences {
        if offence.natinf == natinf("180") {
            offence.validity.until = CivilDate::new(2026, 1, 1).ok();
            offence.successor = Some(natinf("7151"));
        }
    }
    let reference = ReferenceSet::from(reference);
    let draft = afd("180", &[]);
    let problems = with(Quality::Apj, |around| {
        let around = Surroundings {
            answers: &[],
            reference: &reference,
            ..around
        };
        draft.finish(around, at(10)).unwrap_err()
    });
    assert!(
        problems.contains(&Problem::outdated(Some(natinf("7151")))),
        "{problems:?}"
    );
}

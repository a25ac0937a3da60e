//! The checklist of the AFD: what it lets through, and each obstacle with its reason.

use domain::Digest;
use domain::afd::{Answered, Case, Checklist, Claim, Condition, Eligible, Obstacle, Quantity};
use domain::identity::CivilDate;
use domain::natinf::{Natinf, Reference, ReferenceSet, Threshold};
use domain::officer::Quality;
use domain::person::{BriefIdentity, Identity, IdentitySource, Person};
use domain::pve::{OffenderSignature, SignedPad};

use crate::table::natinf;

struct Scene {
    set: ReferenceSet,
    claims: Vec<Claim>,
    simultaneous: Vec<Natinf>,
    born: Option<&'static str>,
    source: IdentitySource,
    signature: OffenderSignature,
    quality: Quality,
    ressort: Option<&'static str>,
    answers: Checklist,
    day: &'static str,
}

pub(crate) fn pad() -> SignedPad {
    SignedPad {
        strokes: Digest::of(b"strokes"),
        image: Digest::of(b"image"),
        shown: Digest::of(b"summary"),
    }
}

/// An adult who signs, every question answered with yes.
fn scene(codes: &[&str]) -> Scene {
    let mut answers = Checklist::default();
    for condition in Condition::ALL {
        answers.answer(condition, true);
    }
    Scene {
        set: ReferenceSet::embedded(),
        claims: codes.iter().map(|code| claim(code)).collect(),
        simultaneous: Vec::new(),
        born: Some("12/08/1974"),
        source: IdentitySource::Presentee,
        signature: OffenderSignature::Signed(pad()),
        quality: Quality::Apj,
        ressort: None,
        answers,
        day: "21/11/2026",
    }
}

fn claim(code: &str) -> Claim {
    let quantity = |what: &str, amount| {
        let what = what.to_owned();
        Some(Quantity { what, amount })
    };
    Claim {
        natinf: natinf(code),
        quantity: match code {
            "180" => quantity("cannabis", 3_000),
            "7151" => quantity("valeur", 12_000),
            _ => None,
        },
    }
}

impl Scene {
    fn decide(&self) -> Result<Eligible, Vec<Obstacle>> {
        let born = self.born.map(|born| CivilDate::parse(born).unwrap().into());
        let person = Person {
            identity: Identity::Brief(BriefIdentity {
                surname: "ERIKSSON".into(),
                given_names: "ANNA".into(),
                born,
            }),
            source: self.source,
        };
        self.answers.decide(Case {
            claims: &self.claims,
            simultaneous: &self.simultaneous,
            person: &person,
            signature: self.signature,
            quality: self.quality,
            ressort: self.ressort,
            law: self.set.at(CivilDate::parse(self.day).unwrap()),
        })
    }

    #[track_caller]
    fn refused(&self, obstacles: &[Obstacle]) {
        assert_eq!(self.decide(), Err(obstacles.to_vec()));
    }
}

#[test]
fn cpp_495_17_an_afd_carries_the_amounts_of_its_tariff_and_the_surcharge_of_the_fgao() {
    for (code, minoree, forfaitaire, majoree) in [
        ("180", 15_000, 20_000, 45_000),
        ("6163", 60_000, 75_000, 150_000),
        ("7536", 64_000, 80_000, 160_000),
        ("22872", 64_000, 80_000, 160_000),
        ("2271", 64_000, 80_000, 160_000),
        ("23861", 15_000, 20_000, 45_000),
        ("7151", 25_000, 30_000, 60_000),
        ("90", 40_000, 50_000, 100_000),
    ] {
        let eligible = scene(&[code]).decide().unwrap();
        let [offence] = eligible.offences() else {
            panic!("one offence")
        };
        let amounts = offence.amounts;
        assert_eq!(
            (amounts.minoree, amounts.forfaitaire, amounts.majoree),
            (Some(minoree), forfaitaire, majoree),
            "{code}"
        );
    }
}

#[test]
fn cpp_495_17_a_question_that_was_not_asked_is_an_obstacle_for_every_condition() {
    for code in ["180", "6163", "7151", "2271"] {
        let full = scene(&[code]);
        let law = full.set.at(CivilDate::parse("21/11/2026").unwrap());
        let asked = Checklist::asked(&full.claims, law);
        assert!(Condition::ALWAYS.iter().all(|always| asked.contains(always)));
        for open in asked.iter().copied() {
            let mut answers = Checklist::default();
            for condition in asked.iter().copied().filter(|condition| *condition != open) {
                answers.answer(condition, true);
            }
            Scene {
                answers,
                ..scene(&[code])
            }
            .refused(&[Obstacle::NotAsked(open)]);
        }
    }
    let nothing = Scene {
        answers: Checklist::default(),
        ..scene(&["2271"])
    };
    nothing.refused(&Condition::ALWAYS.map(Obstacle::NotAsked));
}

#[test]
fn cpp_495_17_a_condition_that_is_not_met_is_named() {
    for condition in Condition::ALWAYS {
        let mut scene = scene(&["7536"]);
        scene.answers.answer(condition, false);
        scene.refused(&[Obstacle::NotMet(condition)]);
    }
}

#[test]
fn cpp_495_17_no_afd_for_a_minor_nor_without_a_formal_identity() {
    let minor = Scene {
        born: Some("22/11/2008"),
        ..scene(&["7536"])
    };
    minor.refused(&[Obstacle::Minor]);
    let adult = Scene {
        born: Some("21/11/2008"),
        ..scene(&["7536"])
    };
    assert!(adult.decide().is_ok());
    let unknown = Scene {
        born: None,
        source: IdentitySource::Declaree,
        ..scene(&["7536"])
    };
    unknown.refused(&[Obstacle::IdentityNotFormal, Obstacle::AgeUnknown]);
}

#[test]
fn cpp_495_17_the_person_signs_or_there_is_no_afd() {
    for signature in [OffenderSignature::Declined, OffenderSignature::Absent] {
        let scene = Scene {
            signature,
            ..scene(&["7536"])
        };
        scene.refused(&[Obstacle::NotSigned]);
    }
}

#[test]
fn cpp_495_17_an_apja_proposes_no_afd() {
    for quality in [
        Quality::Apja,
        Quality::ApjaReserviste,
        Quality::ApjaPolicierAdjoint,
        Quality::ApjaPoliceMunicipale,
    ] {
        let scene = Scene {
            quality,
            ..scene(&["7536"])
        };
        scene.refused(&[Obstacle::QualityNotEmpowered]);
    }
}

#[test]
fn cpp_495_17_recidive_is_an_obstacle_unless_the_tariff_allows_it() {
    for (code, allowed) in [("7536", false), ("180", false), ("7151", true), ("23861", true)] {
        let mut scene = scene(&[code]);
        scene.answers.answer(Condition::NoRecidive, false);
        assert_eq!(scene.decide().is_ok(), allowed, "{code}");
    }
    let mut both = scene(&["7151", "7536"]);
    both.answers.answer(Condition::NoRecidive, false);
    both.refused(&[Obstacle::NotMet(Condition::NoRecidive)]);
}

#[test]
fn cpp_495_17_one_offence_without_afd_stops_the_others() {
    scene(&["7536", "42"]).refused(&[Obstacle::NotEligible(natinf("42"))]);
    scene(&["23800"]).refused(&[Obstacle::NotEligible(natinf("23800"))]);
    scene(&["99999"]).refused(&[Obstacle::UnknownNatinf(natinf("99999"))]);
    scene(&["6166"]).refused(&[Obstacle::NotInForce(natinf("6166"))]);
    scene(&[]).refused(&[Obstacle::NoOffence]);
    let beside = |code| Scene {
        simultaneous: vec![natinf(code)],
        ..scene(&["7536"])
    };
    beside("42").refused(&[Obstacle::Simultaneous(natinf("42"))]);
    beside("227").refused(&[Obstacle::Simultaneous(natinf("227"))]);
    assert!(beside("23800").decide().is_ok());
}

#[test]
fn route_l221_2_licence_and_insurance_are_never_settled_together() {
    let together = Obstacle::NotTogether(natinf("6163"), natinf("7536"));
    scene(&["6163", "7536"]).refused(&[together]);
    scene(&["7536", "6163"]).refused(&[together]);
    let beside = Scene {
        simultaneous: vec![natinf("6163")],
        ..scene(&["7536"])
    };
    beside.refused(&[together]);
    assert!(scene(&["6163", "2271"]).decide().is_ok());
}

#[test]
fn drugs_are_settled_alone_under_the_threshold_of_the_prosecutors_office() {
    let found = |what: &str, amount| {
        let quantity = Some(Quantity {
            what: what.to_owned(),
            amount,
        });
        let natinf = natinf("180");
        Scene {
            claims: vec![Claim { natinf, quantity }],
            ..scene(&[])
        }
    };
    let over = Obstacle::OverThreshold(natinf("180"));
    assert!(found("cannabis", 50_000).decide().is_ok());
    found("cannabis", 50_001).refused(&[over]);
    assert!(found("cocaine", 5_000).decide().is_ok());
    found("cocaine", 5_001).refused(&[over]);
    found("heroine", 1).refused(&[over]);
    let none = Claim {
        natinf: natinf("180"),
        quantity: None,
    };
    let unweighed = Scene {
        claims: vec![none],
        ..scene(&[])
    };
    unweighed.refused(&[Obstacle::QuantityMissing(natinf("180"))]);
    let together = Obstacle::NotTogether(natinf("180"), natinf("2271"));
    scene(&["180", "2271"]).refused(&[together]);
    let mut reference: Reference = ReferenceSet::embedded().reference();
    let stricter = Threshold {
        ressort: Some("TJ EXEMPLEVILLE".to_owned()),
        what: "cannabis".to_owned(),
        most: 20_000,
    };
    let tariffs = reference.afd.iter_mut();
    let drugs = tariffs.filter(|tariff| tariff.key.as_str() == "usage-stupefiants");
    drugs.for_each(|tariff| tariff.thresholds.push(stricter.clone()));
    let here = |ressort, amount| Scene {
        set: ReferenceSet::from(reference.clone()),
        ressort,
        ..found("cannabis", amount)
    };
    here(Some("TJ EXEMPLEVILLE"), 20_001).refused(&[over]);
    assert!(here(Some("TJ AILLEURS"), 20_001).decide().is_ok());
    assert!(here(Some("TJ EXEMPLEVILLE"), 20_000).decide().is_ok());
}

#[test]
fn a_tariff_is_not_proposed_before_its_law() {
    let before = Scene {
        day: "10/07/2023",
        ..scene(&["7151"])
    };
    before.refused(&[Obstacle::NotEligible(natinf("7151"))]);
}

#[test]
fn an_eligible_case_keeps_the_answers_that_were_asked_and_no_other() {
    let eligible = scene(&["7536"]).decide().unwrap();
    assert_eq!(eligible.checklist().of(Condition::TajQueried), Answered::Met);
    assert_eq!(
        eligible.checklist().of(Condition::Destruction),
        Answered::NotAsked
    );
}

/// A record that was written by somebody else's program is no way around the checklist.
#[test]
fn cpp_495_17_bytes_with_an_open_condition_are_no_eligible_case() {
    let bytes = domain::encode(&scene(&["7536"]).decide().unwrap());
    assert!(domain::decode::<Eligible>(&bytes).is_ok());
    // The answers are the map at the end: condition, answer, in ascending order; 1 is "met".
    let last = bytes.len();
    for position in (last - 12..last).filter(|position| (last - position) % 2 == 1) {
        for answer in [0, 2] {
            let mut open = bytes.clone();
            assert_eq!(open[position], 1);
            open[position] = answer;
            let recidive = answer == 2 && open[position - 1] == 2;
            assert_eq!(domain::decode::<Eligible>(&open).is_ok(), recidive);
        }
    }
}

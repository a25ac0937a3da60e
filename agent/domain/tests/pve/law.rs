//! The articles, one test each; the table has their cases.

use domain::identity::CivilDate;
use domain::licence::LicenceStatus;
use domain::natinf::{Holder, ReferenceSet};
use domain::officer::Quality;
use domain::pve::{Bar, Barred, Facts, Interception, Known, Noted, Ruling, Way, rule};
use domain::vehicle::Genre;

use crate::table::natinf;

fn seen(codes: &[&str], interception: Interception, age: u8) -> Result<Ruling, Vec<Barred>> {
    let offences: Vec<Noted> = codes
        .iter()
        .map(|code| Noted {
            natinf: natinf(code),
            parameter: None,
        })
        .collect();
    let set = ReferenceSet::embedded();
    let facts = Facts {
        offences: &offences,
        simultaneous: &[],
        interception,
        person: (interception == Interception::Intercepted).then_some(Known {
            age: Some(age),
            licence: LicenceStatus::Valid,
        }),
        genre: Some(Genre::Vp),
        registration: None,
        quality: Quality::Apj,
    };
    rule(facts, set.at(CivilDate::parse("21/11/2026").unwrap()))
}

fn stopped(codes: &[&str]) -> Result<Ruling, Vec<Barred>> {
    seen(codes, Interception::Intercepted, 35)
}

#[test]
fn cpp_529_an_offence_for_the_court_stops_the_forfait_of_every_other_one() {
    let bars = stopped(&["23800", "210", "227"]).unwrap_err();
    let with = natinf("227");
    for code in ["23800", "210"] {
        let offence = Some(natinf(code));
        let bar = Bar::Simultaneous { with };
        assert!(bars.contains(&Barred { offence, bar }), "{code}");
    }
    assert!(bars.iter().all(|barred| barred.bar.way() == Way::GeneralPv));
}

#[test]
fn cpp_529_older_than_thirteen_or_no_forfait() {
    assert!(seen(&["210"], Interception::Intercepted, 14).is_ok());
    let bars = seen(&["210"], Interception::Intercepted, 13).unwrap_err();
    assert_eq!(bars[0].bar, Bar::Child);
}

#[test]
fn cpp_r48_1_class_5_has_a_forfait_only_where_it_is_listed() {
    let amounts = stopped(&["98"]).unwrap().offences[0].amounts;
    assert_eq!((amounts.forfaitaire, amounts.majoree), (20_000, 45_000));
    assert_eq!(stopped(&["23"]).unwrap_err()[0].bar, Bar::Class5NotListed);
}

#[test]
fn cpp_r48_1_what_nobody_checked_has_no_forfait() {
    assert_eq!(stopped(&["254"]).unwrap_err()[0].bar, Bar::Unchecked);
}

/// Every offence of the set: nobody answers for one that the texts do not list, and nobody loses a point.
#[test]
fn route_r121_6_without_interception_the_holder_answers_only_for_listed_offences_and_loses_no_points() {
    let set = ReferenceSet::embedded();
    let mut listed = 0;
    for offence in set.reference().offences {
        let code = offence.natinf.to_string();
        match (seen(&[&code], Interception::NotIntercepted, 0), offence.holder) {
            (Ok(_), Holder::NotLiable) => panic!("{code} without interception"),
            (Ok(ruling), Holder::Listed | Holder::ParkingOrToll) => {
                listed += 1;
                assert_eq!(ruling.points, 0);
                assert!(ruling.offences.iter().all(|ruled| ruled.points.is_none()));
            }
            (Err(_), _) => {}
        }
    }
    assert!(listed > 20);
}

#[test]
fn route_l121_2_the_holder_answers_for_parking_and_toll() {
    for code in ["7587", "21200", "6194"] {
        assert!(seen(&[code], Interception::Stationary, 0).is_ok(), "{code}");
    }
    assert!(seen(&["207"], Interception::Stationary, 0).is_err());
}

#[test]
fn points_seen_together_never_exceed_eight() {
    assert_eq!(stopped(&["202", "210", "203"]).unwrap().points, 8);
    assert_eq!(stopped(&["12929", "11326"]).unwrap().points, 4);
}

#[test]
fn an_outdated_code_leads_to_its_successor() {
    let successor = Some(natinf("23800"));
    assert_eq!(Bar::Outdated { successor }.way(), Way::Use(natinf("23800")));
}

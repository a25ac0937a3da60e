//! The sheet of an intervention that a crew shares: copies merge to the same in whatever order they meet, and every version
//! stands or is named by one that replaced it.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

use std::collections::{BTreeMap, BTreeSet};

use domain::intervention::{
    Account, CrewSheet, EditId, Fact, Intervention, Matter, OperationsNumber, Outcome, Pen, Point, Step,
    Version,
};
use domain::officer::{Corps, Matricule};
use domain::place::Place;
use domain::{BootId, CopyId, InterventionId, ServiceId, Timestamp, UnixMs, Zone, decode, encode};
use proptest::prelude::*;

const CREW: usize = 3;
const START: i64 = 1_795_284_300_000;

/// Each terminal has a clock of its own, and none of them is right.
fn at(who: usize, utc_min: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(START + utc_min * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([u8::try_from(who).unwrap(); 16]),
        mono_ms: 0,
    }
}

fn pen(who: usize, utc_min: i64) -> Pen {
    let digit = u8::try_from(who).unwrap() + 1;
    Pen {
        copy: CopyId::from_bytes([digit; 16]),
        by: Matricule::parse(Corps::PoliceNationale, &format!("100000{digit}")).unwrap(),
        now: at(who, utc_min),
    }
}

fn begun() -> Intervention {
    Intervention::new(
        InterventionId::from_bytes([9; 16]),
        ServiceId::from_bytes([8; 16]),
        Place::parse("12 rue des Lilas").unwrap(),
        at(0, 0),
    )
}

/// One officer's terminal: their own intervention, and their copy of the sheet.
#[derive(Clone)]
struct Officer {
    who: usize,
    own: Intervention,
    sheet: CrewSheet,
}

#[derive(Debug, Clone)]
enum Doing {
    Write {
        who: usize,
        point: usize,
        text: u8,
        clock: i64,
    },
    Step {
        who: usize,
        step: usize,
        clock: i64,
    },
    Choose {
        who: usize,
        which: usize,
        clock: i64,
    },
    KeepAccounts {
        who: usize,
        clock: i64,
    },
    Meet {
        from: usize,
        to: usize,
    },
}

fn doing() -> impl Strategy<Value = Doing> {
    let who = || 0..CREW;
    let clock = || -600_i64..600;
    prop_oneof![
        4 => (who(), 0..Point::ALL.len(), 0..4_u8, clock())
            .prop_map(|(who, point, text, clock)| Doing::Write { who, point, text, clock }),
        1 => (who(), 0..3_usize, clock()).prop_map(|(who, step, clock)| Doing::Step { who, step, clock }),
        2 => (who(), 0..8_usize, clock()).prop_map(|(who, which, clock)| Doing::Choose { who, which, clock }),
        1 => (who(), clock()).prop_map(|(who, clock)| Doing::KeepAccounts { who, clock }),
        3 => (who(), who()).prop_map(|(from, to)| Doing::Meet { from, to }),
    ]
}

/// A crew of which the first began the intervention and the others joined it.
fn crew() -> Vec<Officer> {
    let own = begun();
    let sheet = CrewSheet::begin(&own, &pen(0, 0));
    let mut crew = vec![Officer { who: 0, own, sheet }];
    for who in 1..CREW {
        let mut sheet = crew[0].sheet.clone();
        let pen = pen(who, 0);
        sheet.join(&pen);
        let own = sheet.joined(ServiceId::from_bytes([8; 16]), pen.copy).unwrap();
        crew.push(Officer { who, own, sheet });
    }
    crew
}

fn written(own: &Intervention, point: Point, text: u8) -> Intervention {
    let mut after = own.clone();
    match point {
        Point::Number => after.number = OperationsNumber::parse(&format!("CORG-{text}")).ok(),
        Point::Place => after.place = Place::parse(&format!("{text} rue des Lilas")).unwrap(),
        Point::Matter => after.matter = Matter::parse(&format!("tapage {text}")).ok(),
        Point::Outcome => {
            let outcomes = [
                Outcome::NothingToReport,
                Outcome::ActsDrawnUp,
                Outcome::HandedOver,
            ];
            after.outcome = outcomes.get(usize::from(text)).copied();
        }
        Point::Account => after.account = Account::parse(&format!("note {text}")).unwrap(),
    }
    after
}

fn play(crew: &mut [Officer], doings: &[Doing], ever: &mut BTreeMap<EditId, Version>) {
    for doing in doings {
        match *doing {
            Doing::Write {
                who,
                point,
                text,
                clock,
            } => {
                let officer = &mut crew[who];
                let after = written(&officer.own, Point::ALL[point], text);
                officer.sheet.follow(&officer.own, &after, &[], &pen(who, clock));
                officer.own = after;
            }
            Doing::Step { who, step, clock } => {
                let officer = &mut crew[who];
                let mut after = officer.own.clone();
                let now = at(who, clock);
                let _ = match step {
                    0 => after.set_out(now),
                    1 => after.arrive(now),
                    _ => after.close(Outcome::NothingToReport, now),
                };
                officer.sheet.follow(&officer.own, &after, &[], &pen(who, clock));
                officer.own = after;
            }
            Doing::Choose { who, which, clock } => {
                let officer = &mut crew[who];
                let standing = officer.sheet.versions();
                let chosen = standing[which % standing.len()].id;
                officer.sheet.choose(chosen, &pen(who, clock)).unwrap();
            }
            Doing::KeepAccounts { who, clock } => {
                let officer = &mut crew[who];
                if officer.sheet.standing(Point::Account).count() > 1 {
                    assert!(officer.sheet.keep_accounts(&pen(who, clock)));
                }
            }
            Doing::Meet { from, to } => {
                let theirs = crew[from].sheet.clone();
                crew[to].sheet.merge(&theirs);
            }
        }
        for officer in &mut *crew {
            assert!(officer.sheet.is_whole(), "{doing:?}");
            let copy = pen(officer.who, 0).copy;
            officer.sheet.write(&mut officer.own, copy);
            let versions = officer.sheet.versions().iter();
            ever.extend(versions.map(|version| (version.id, version.clone())));
        }
    }
}

fn merged(one: &CrewSheet, other: &CrewSheet) -> CrewSheet {
    let mut sheet = one.clone();
    sheet.merge(other);
    sheet
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn copies_merge_to_the_same_whichever_comes_first(doings in prop::collection::vec(doing(), 0..40)) {
        let mut crew = crew();
        play(&mut crew, &doings, &mut BTreeMap::new());
        let [a, b, c] = [&crew[0].sheet, &crew[1].sheet, &crew[2].sheet];
        prop_assert_eq!(merged(a, b), merged(b, a));
        prop_assert_eq!(&merged(a, a), a);
        prop_assert_eq!(merged(&merged(a, b), b), merged(a, b));
        prop_assert_eq!(merged(&merged(a, b), c), merged(a, &merged(b, c)));
        let whole = merged(&merged(a, b), c);
        prop_assert!(whole.is_whole());
        prop_assert_eq!(&decode::<CrewSheet>(&encode(&whole)).unwrap(), &whole);
    }

    #[test]
    fn every_version_stands_or_is_named_by_what_replaced_it(doings in prop::collection::vec(doing(), 0..40)) {
        let mut crew = crew();
        let mut ever = BTreeMap::new();
        play(&mut crew, &[], &mut ever);
        for officer in &crew {
            ever.extend(officer.sheet.versions().iter().map(|version| (version.id, version.clone())));
        }
        play(&mut crew, &doings, &mut ever);
        let all = crew.iter().map(|officer| officer.sheet.clone());
        let whole = all.reduce(|one, other| merged(&one, &other)).unwrap();
        let named: BTreeSet<EditId> = ever.values().flat_map(|version| version.replaces.clone()).collect();
        for (id, version) in &ever {
            let stands = whole.versions().iter().any(|standing| standing == version);
            prop_assert!(stands || named.contains(id), "{version:?} is lost");
            prop_assert!(!(stands && named.contains(id)), "{version:?} stands though it was replaced");
        }
    }

    #[test]
    fn one_choice_for_each_point_leaves_nothing_to_choose(doings in prop::collection::vec(doing(), 0..40)) {
        let mut crew = crew();
        play(&mut crew, &doings, &mut BTreeMap::new());
        let all = crew.iter().map(|officer| officer.sheet.clone());
        let mut whole = all.reduce(|one, other| merged(&one, &other)).unwrap();
        for point in whole.differing() {
            let chosen = whole.standing(point).last().unwrap().id;
            whole.choose(chosen, &pen(1, 0)).unwrap();
        }
        prop_assert_eq!(whole.differing(), Vec::new());
        // It is the same on every other terminal, whatever it had.
        for officer in &crew {
            prop_assert_eq!(&merged(&officer.sheet, &whole), &whole);
        }
    }
}

#[test]
fn what_one_changed_reaches_the_other_and_what_both_changed_stands_beside_each_other() {
    let mut crew = crew();
    let ever = &mut BTreeMap::new();
    let write = |who, point, text| Doing::Write {
        who,
        point,
        text,
        clock: 5,
    };
    let meet = |from, to| Doing::Meet { from, to };
    // Only one changed it: nothing is to be chosen.
    play(&mut crew, &[write(0, 2, 1), meet(0, 1)], ever);
    assert_eq!(crew[1].own.matter, Matter::parse("tapage 1").ok());
    assert_eq!(crew[1].sheet.differing(), []);
    // Both changed the place: each keeps theirs, and both see both.
    play(
        &mut crew,
        &[write(0, 1, 1), write(1, 1, 2), meet(0, 1), meet(1, 0)],
        ever,
    );
    assert_eq!(crew[0].own.place.address, "1 rue des Lilas");
    assert_eq!(crew[1].own.place.address, "2 rue des Lilas");
    for officer in &crew[..2] {
        assert_eq!(officer.sheet.differing(), [Point::Place]);
    }
    let theirs = crew[1]
        .sheet
        .standing(Point::Place)
        .find(|version| version.by == pen(0, 0).by);
    let chosen = theirs.unwrap().id;
    crew[1].sheet.choose(chosen, &pen(1, 6)).unwrap();
    play(&mut crew, &[meet(1, 0)], ever);
    for officer in &crew[..2] {
        assert_eq!(officer.own.place.address, "1 rue des Lilas");
        assert_eq!(officer.sheet.differing(), []);
    }
    // The same written twice is no difference.
    play(&mut crew, &[write(0, 2, 3), write(1, 2, 3), meet(0, 1)], ever);
    assert_eq!(crew[1].sheet.differing(), []);
}

#[test]
fn what_came_in_while_the_officer_wrote_is_not_written_over() {
    let mut crew = crew();
    let ever = &mut BTreeMap::new();
    let seen = Fact::of(&crew[1].own, Point::Place);
    let change = Doing::Write {
        who: 0,
        point: 1,
        text: 1,
        clock: 0,
    };
    play(&mut crew, &[change, Doing::Meet { from: 0, to: 1 }], ever);
    let officer = &mut crew[1];
    assert_eq!(officer.own.place.address, "1 rue des Lilas");
    let after = written(&officer.own, Point::Place, 2);
    officer.sheet.follow(&officer.own, &after, &[seen], &pen(1, 0));
    assert_eq!(officer.sheet.differing(), [Point::Place]);
}

#[test]
fn the_first_time_of_a_step_stays_and_an_end_elsewhere_closes_nothing_here() {
    let mut crew = crew();
    let ever = &mut BTreeMap::new();
    let step = |who, step, clock| Doing::Step { who, step, clock };
    let meet = |from, to| Doing::Meet { from, to };
    play(
        &mut crew,
        &[step(0, 1, 9), step(1, 1, 7), meet(0, 1), meet(1, 0)],
        ever,
    );
    for officer in &crew[..2] {
        assert_eq!(officer.own.on_scene, Some(at(1, 7)));
        let times = officer
            .sheet
            .said()
            .iter()
            .filter(|said| said.step == Step::OnScene);
        assert_eq!(times.count(), 2);
    }
    play(&mut crew, &[step(0, 2, 20), meet(0, 1)], ever);
    assert!(crew[0].own.closed.is_some() && crew[0].sheet.is_over());
    assert!(crew[1].sheet.is_over());
    assert_eq!((crew[1].own.closed, crew[1].own.outcome), (None, None));
    // Nothing that the other does opens it again.
    play(
        &mut crew,
        &[
            Doing::Write {
                who: 1,
                point: 4,
                text: 1,
                clock: 0,
            },
            meet(1, 0),
        ],
        ever,
    );
    assert!(crew[0].own.closed.is_some());
    play(&mut crew, &[step(1, 2, 30), meet(1, 0)], ever);
    assert_eq!(crew[1].own.closed, Some(at(0, 20)));
    assert_eq!(crew[0].sheet, crew[1].sheet);
}

#[test]
fn accounts_stay_one_after_the_other_unless_they_are_too_long_together() {
    let mut crew = crew();
    let ever = &mut BTreeMap::new();
    let write = |who, text| Doing::Write {
        who,
        point: 4,
        text,
        clock: 0,
    };
    play(
        &mut crew,
        &[write(0, 1), write(1, 2), Doing::Meet { from: 0, to: 1 }],
        ever,
    );
    assert!(crew[1].sheet.keep_accounts(&pen(1, 0)));
    play(&mut crew, &[Doing::Meet { from: 1, to: 0 }], ever);
    assert_eq!(crew[0].own.account.as_str(), "note 1\nnote 2");
    let long = |who: usize, crew: &mut [Officer]| {
        let mut after = crew[who].own.clone();
        after.account = Account::parse(&format!("{who}").repeat(3_000)).unwrap();
        let own = crew[who].own.clone();
        crew[who].sheet.follow(&own, &after, &[], &pen(who, 0));
    };
    long(0, &mut crew);
    long(1, &mut crew);
    play(&mut crew, &[Doing::Meet { from: 0, to: 1 }], ever);
    let before = crew[1].sheet.clone();
    assert!(!crew[1].sheet.keep_accounts(&pen(1, 0)));
    assert_eq!(crew[1].sheet, before);
}

#[test]
fn a_sheet_that_does_not_hold_together_is_not_whole() {
    let sheet = crew().remove(0).sheet;
    assert!(sheet.is_whole());
    let mut bytes = encode(&sheet);
    // The count of the only copy is the last number of its map: a version that was never counted is no version.
    let copy = encode(&sheet.copies()[0]);
    let place = bytes
        .windows(copy.len())
        .position(|window| window == copy)
        .unwrap();
    bytes[place + copy.len() - 1] = 0;
    assert!(!decode::<CrewSheet>(&bytes).unwrap().is_whole());
}

//! Ends of the process at every commit, storms of accidents, and kills of the storage in the middle of its writes.

use std::process::Command;
use std::time::Duration;

use agent::engine::CommitPoint;
use domain::Secret;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, View};
use domain::journal::Operation;
use domain::record::ActKind;
use simulator::world::{Action, Said, Weather};
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::dice::{Dice, Storm};
use tests::invariants::{self, Looked};
use tests::kill::{Stage, Stores, acknowledged};
use tests::spread::Spread;
use tests::watched::Watched;

use crate::programs::{kills, tell, worlds};
use crate::victim::Victim;

/// Every commit point, one after the other, for one kind of act: at the end each act is at HQ once, and a number
/// that was promised and lost is reported.
fn every_point(seed: u64, kind: ActKind) {
    let mut watched = Watched::on_duty(seed);
    for (n, point) in (1u8..).zip(CommitPoint::ALL) {
        let act = act_id(n);
        watched.act(Action::CrashAt(point));
        watched.play(acts::drawn_up(act, kind));
        watched.act(Action::Advance(5_000));
        assert!(
            !watched.world.is_running(),
            "{point:?}: the terminal did not end there"
        );
        watched.play([Action::Start, Action::Unlock]);
        let exists = watched.delivery(act).is_some();
        assert_eq!(exists, point != CommitPoint::Reserved, "{point:?}");
        if !exists {
            // The draft is whole: one tap signs it.
            watched.act(Said::Sign { draft: act }.into());
        }
        watched.act(Action::Advance(60_000));
        assert!(watched.is_received(act), "{point:?}");
        assert_eq!(watched.count_at_hq(), usize::from(n), "{point:?}");
    }
    let unused = invariants::unused_numbers(&watched.world).unwrap();
    // What is read has its number already, and keeps it whatever happens before the signature.
    let lost = usize::from(kind != ActKind::Plainte);
    assert_eq!(
        unused.len(),
        lost,
        "numbers that were promised and lost: {unused:?}"
    );
    assert_eq!(watched.world.crashes, 5);
    watched.finish();
}

#[test]
fn a_check_survives_an_end_at_every_commit() {
    every_point(100, ActKind::IdentityCheck);
}

#[test]
fn a_pv_survives_an_end_at_every_commit() {
    every_point(101, ActKind::Pv);
}

#[test]
fn a_complaint_survives_an_end_at_every_commit() {
    every_point(102, ActKind::Plainte);
}

/// Actions of one stormy night.
const NIGHT: usize = 60;

/// What can be told apart from outside after one action.
fn trace(watched: &mut Watched) -> String {
    let at_hq = watched.count_at_hq();
    let board = &watched.world.board;
    let lines: Vec<_> = board
        .deliveries
        .iter()
        .map(|line| (line.act, line.number, line.delivery, line.signed_at.mono_ms))
        .collect();
    let home = board
        .home
        .as_ref()
        .map(|home| (home.waiting, home.received, home.refused, home.network));
    format!("{} {at_hq} {home:?} {lines:?}", watched.world.is_running())
}

fn night(seed: u64) -> (Watched, Vec<String>) {
    let mut watched = Watched::new(seed, Weather::STORM);
    let mut storm = Storm::new(seed);
    let mut traces = Vec::new();
    for _ in 0..NIGHT {
        let action = storm.next(watched.world.is_running());
        watched.act(action);
        traces.push(trace(&mut watched));
    }
    (watched, traces)
}

#[test]
fn everything_signed_in_a_storm_arrives_once() {
    let (mut signed, mut sent_back, mut deaths) = (0, 0, 0);
    let mut looked = Looked::default();
    for seed in 0..u64::from(worlds(40)) {
        let (mut watched, _) = night(seed);
        watched.settle();
        let rows = invariants::acts(&watched.world).unwrap();
        let refused = rows
            .iter()
            .filter(|row| matches!(row.delivery, Delivery::Refused { .. }))
            .count();
        if watched.count_at_hq() + refused != rows.len() {
            watched.fail("HQ's set is not the signed set");
        }
        signed += rows.len();
        sent_back += refused;
        deaths += watched.world.crashes;
        looked.add(watched.looked());
        if let Err(error) = invariants::every_gap_is_reported(&watched.world) {
            watched.fail(&format!("{error:#}"));
        }
    }
    looked.verdict().unwrap();
    assert!(
        signed > 0 && sent_back > 0 && deaths > 0,
        "{signed} signed, {sent_back} sent back, {deaths} deaths"
    );
}

#[test]
fn a_night_plays_again_from_its_log() {
    for seed in [3, 11] {
        let (first, traces) = night(seed);
        let text: String = first
            .world
            .log()
            .iter()
            .map(|action| format!("{action}\n"))
            .collect();
        let actions = Action::parse_log(&text).unwrap();
        let mut again = Watched::new(seed, Weather::STORM);
        for (step, (action, expected)) in actions.into_iter().zip(&traces).enumerate() {
            let line = action.to_string();
            again.act(action);
            assert_eq!(trace(&mut again), *expected, "seed {seed}, step {step}: `{line}`");
        }
    }
}

#[test]
fn a_night_plays_again_from_its_seed() {
    let (first, second) = (night(5), night(5));
    assert_eq!(first.0.world.log(), second.0.world.log());
    assert_eq!(first.1, second.1);
}

/// A terminal whose officer has just asked for a signature that is not done yet.
fn signing(seed: u64) -> (Watched, Bare, Secret) {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drafted(act_id(1), ActKind::Pv));
    watched.act(Action::Kill);
    let code = watched.world.scenario().officer.code.clone();
    let mut bare = Bare::open(watched.world.layout(), watched.world.now());
    bare.intent(Intent::Unlock {
        code: Secret::new(code.clone()),
    })
    .unwrap();
    bare.work().unwrap();
    bare.intent(Intent::Sign { draft: act_id(1) }).unwrap();
    assert_eq!(bare.jobs.len(), 1);
    (watched, bare, Secret::new(code))
}

/// The numbers that were used, and those reported as unused.
fn numbers(bare: &Bare) -> (Vec<u32>, Vec<u32>) {
    let rows = bare.engine.device().acts().unwrap();
    let used = rows
        .iter()
        .filter_map(|row| row.number)
        .map(|number| number.serial)
        .collect();
    let journal = bare.engine.device().journal().unwrap();
    let unused = journal.iter().filter_map(|entry| {
        if let Operation::NumberUnused { serial, .. } = entry.operation {
            Some(serial)
        } else {
            None
        }
    });
    (used, unused.collect())
}

#[test]
fn a_signature_that_is_done_after_a_lock_leaves_the_draft_and_no_act() {
    let (_watched, mut bare, _) = signing(200);
    bare.intent(Intent::Lock).unwrap();
    bare.work().unwrap();
    assert!(bare.engine.device().acts().unwrap().is_empty());
}

#[test]
fn a_signature_from_before_a_lock_never_uses_a_number_reported_as_unused() {
    let (_watched, mut bare, code) = signing(201);
    bare.intent(Intent::Lock).unwrap();
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work_last().unwrap();
    assert!(bare.engine.is_unlocked());
    bare.work().unwrap();
    let (used, unused) = numbers(&bare);
    assert!(
        used.iter().all(|serial| !unused.contains(serial)),
        "used {used:?}, unused {unused:?}"
    );
}

#[test]
fn a_signature_from_before_a_lock_does_not_disturb_the_one_asked_for_after() {
    let (_watched, mut bare, code) = signing(202);
    bare.intent(Intent::Lock).unwrap();
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work_last().unwrap();
    bare.intent(Intent::Sign { draft: act_id(1) }).unwrap();
    bare.work().unwrap();
    bare.work().unwrap();
    let (used, unused) = numbers(&bare);
    assert_eq!(used.len(), 1, "one act exists once");
    assert!(
        used.iter().all(|serial| !unused.contains(serial)),
        "used {used:?}, unused {unused:?}"
    );
    let signed = bare.views.iter().rev().find_map(|view| {
        if let View::Deliveries(lines) = view {
            Some(lines.len())
        } else {
            None
        }
    });
    assert_eq!(signed, Some(1));
}

/// A folder takes this many deaths before a fresh one is begun, so that opening stays quick.
const DEATHS_A_FOLDER: u32 = 20;

/// No commit of the victim lasts this long.
const ONE_COMMIT: u64 = 4_000;

/// How a victim dies.
#[derive(Clone, Copy)]
enum Death {
    /// So many microseconds after its start, while it opens its databases.
    Opening(u64),
    /// So many microseconds after it began this commit of its `act`-th act.
    Within { stage: Stage, act: u32, after: u64 },
}

impl Death {
    /// Each death aims at another commit, and every seventh at none.
    fn planned(number: u32, dice: &mut Dice) -> Self {
        let aim = usize::try_from(number).unwrap() % (Stage::ALL.len() + 1);
        let after = dice.below(ONE_COMMIT);
        Stage::ALL
            .get(aim)
            .map_or(Self::Opening(after * 4), |stage| Self::Within {
                stage: *stage,
                act: 1 + u32::try_from(dice.below(4)).unwrap(),
                after,
            })
    }
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_committed() {
    let mut dice = Dice::new(7);
    let mut folder = tempfile::tempdir().unwrap();
    let (mut acknowledgements, mut acts) = (0, 0);
    let mut spread = Spread::default();
    let deaths = kills(500);
    for number in 0..deaths {
        if number % DEATHS_A_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        let said = die(folder.path(), Death::planned(number, &mut dice));
        let said: Vec<_> = said.iter().filter_map(|line| acknowledged(line)).collect();
        spread.note(
            said.last()
                .map_or(OPENING.to_owned(), |(stage, _)| within(stage.next())),
        );
        let mut stores =
            Stores::open(folder.path()).unwrap_or_else(|error| panic!("death {number}: {error:#}"));
        for (stage, n) in said {
            assert!(
                stores.holds(stage, n).unwrap(),
                "death {number}: {stage:?} of act {n} is gone"
            );
            acknowledgements += 1;
        }
        stores
            .check()
            .unwrap_or_else(|error| panic!("death {number}: {error:#}"));
        stores.roll_forward().unwrap();
        acts += stores.check().unwrap();
    }
    tell("kills of the storage, by where they landed", &spread);
    assert!(acknowledgements > 0 && acts > 0);
    if deaths >= 100 {
        for place in Stage::ALL.map(within) {
            assert!(spread.at(&place) > 0, "no kill landed {place}:\n{spread}");
        }
        assert!(spread.at(OPENING) > 0, "no kill landed {OPENING}:\n{spread}");
    }
}

const OPENING: &str = "before the first commit";

fn within(stage: Stage) -> String {
    format!("within {stage:?}")
}

/// Runs the victim until its death, and gives the lines that it got out.
fn die(folder: &std::path::Path, death: Death) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_victim"));
    let mut victim = Victim::start(program.arg(folder));
    let after = match death {
        Death::Opening(after) => after,
        Death::Within { stage, act, after } => {
            let mut begun = 0;
            while begun < act {
                let line = victim.next();
                begun += u32::from(acknowledged(line).is_some_and(|(done, _)| done.next() == stage));
            }
            after
        }
    };
    victim.kill_after(Duration::from_micros(after))
}

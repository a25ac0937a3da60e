//! The officer's code through the engine: changed, guessed at, and given up after ten tries.

use agent::keys::TRIES;
use domain::Secret;
use domain::dialogue::{Intent, LockState, Notice};
use domain::journal::Operation;
use domain::readmission::Closure;
use domain::record::ActKind;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

fn state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

fn secret(code: &str) -> Secret {
    Secret::new(code.to_owned())
}

fn unlock(watched: &mut Watched, code: &str) {
    watched.intent(Intent::Unlock { code: secret(code) });
}

fn change(watched: &mut Watched, current: &str, new: &str) {
    watched.intent(Intent::ChangeCode {
        current: secret(current),
        new: secret(new),
    });
}

fn told(watched: &Watched) -> Option<Notice> {
    watched.world.board.notices.last().copied()
}

#[test]
fn a_new_code_opens_the_terminal_and_the_old_one_no_longer_does() {
    let mut watched = Watched::on_duty(1_000);
    change(&mut watched, "271828", "314159");
    assert_eq!(told(&watched), Some(Notice::CodeChanged));
    watched.act(Said::Lock.into());
    unlock(&mut watched, "271828");
    assert_eq!(told(&watched), Some(Notice::WrongCode { left: TRIES - 1 }));
    unlock(&mut watched, "314159");
    assert_eq!(state(&watched), LockState::Unlocked);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(1)));
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let changes = journal
        .iter()
        .filter(|entry| entry.operation == Operation::CodeChanged);
    assert_eq!(changes.count(), 1);
    watched.finish();
}

#[test]
fn a_weak_code_costs_no_try_and_a_wrong_one_locks() {
    let mut watched = Watched::on_duty(1_001);
    for weak in ["123456", "000000", "1234567", "121212"] {
        change(&mut watched, "271828", weak);
        assert_eq!(told(&watched), Some(Notice::CodeTooWeak), "{weak}");
        assert_eq!(state(&watched), LockState::Unlocked);
    }
    change(&mut watched, "000111", "314159");
    assert_eq!(told(&watched), Some(Notice::WrongCode { left: TRIES - 1 }));
    let locked = matches!(state(&watched), LockState::Locked { left, .. } if left == TRIES - 1);
    assert!(
        locked,
        "whoever does not know the code is not left with an open terminal"
    );
    unlock(&mut watched, "271828");
    assert_eq!(state(&watched), LockState::Unlocked);
}

/// Restarts, waits, a change of code and the lock in any order never give an eleventh try.
#[test]
fn ten_wrong_codes_end_the_slot_however_they_are_spread() {
    let mut watched = Watched::on_duty(1_002);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    watched.act(Said::Lock.into());
    let mut wrong = 0;
    let mut turns = 0;
    while !watched.world.board.notices.contains(&Notice::SlotDestroyed) {
        let before = watched.world.board.notices.len();
        unlock(&mut watched, "000111");
        wrong += usize::from(watched.world.board.notices.len() > before);
        turns += 1;
        match turns % 3 {
            0 => watched.play([Action::Kill, Action::Start]),
            1 => watched.act(Action::Advance(3_700_000)),
            _ => {}
        }
        assert!(turns < 200, "the slot outlives {wrong} wrong codes");
    }
    assert!(wrong <= usize::from(TRIES), "{wrong} wrong codes were tried");
    unlock(&mut watched, "271828");
    let why = Closure::SlotDestroyed;
    assert!(matches!(state(&watched), LockState::Closed { why: found, .. } if found == why));
    assert!(watched.is_received(act_id(1)), "what was signed is at HQ");
}

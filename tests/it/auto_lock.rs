//! The terminal that nobody holds locks itself, and what was typed is there after.

use domain::dialogue::{Intent, LockState, Notice};
use domain::draft::Field;
use domain::record::ActKind;
use simulator::world::{Action, Said};
use tests::acts::act_id;
use tests::watched::Watched;

const MINUTE: u64 = 60_000;

/// On duty with a draft on screen, at a terminal that locks after a minute and a half.
fn at_work(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.world.idle_ms = agent::engine::IDLE;
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.play([
        Said::StartDraft {
            id: act_id(1),
            kind: ActKind::Pv,
        }
        .into(),
        typed("vol à l'étalage"),
    ]);
    assert!(is_open(&watched));
    watched
}

fn typed(text: &str) -> Action {
    Said::Fill {
        draft: act_id(1),
        field: Field::Subject,
        text: text.to_owned(),
    }
    .into()
}

fn is_open(watched: &Watched) -> bool {
    watched.world.board.lock.as_ref().unwrap().state == LockState::Unlocked
}

/// The subject of the draft after the officer is back.
fn subject(watched: &mut Watched) -> String {
    watched.act(Action::Unlock);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    let draft = watched.world.board.draft.as_ref().unwrap();
    let texts = draft.texts.iter();
    let subject = texts.filter(|line| line.field == Field::Subject);
    subject.map(|line| line.text.reveal().clone()).collect()
}

#[test]
fn a_terminal_that_nobody_touches_locks_after_ninety_seconds_and_loses_nothing() {
    let mut watched = at_work(980);
    watched.act(Action::Advance(89_000));
    assert!(is_open(&watched));
    watched.act(Action::Advance(2_000));
    assert!(!is_open(&watched));
    assert_eq!(subject(&mut watched), "vol à l'étalage");
}

#[test]
fn a_hand_that_only_reads_keeps_the_terminal_open() {
    let mut watched = at_work(981);
    for _ in 0..10 {
        watched.act(Action::Advance(MINUTE));
        watched.intent(Intent::Alive);
    }
    assert!(is_open(&watched));
    watched.act(Action::Advance(2 * MINUTE));
    assert!(!is_open(&watched));
    watched.intent(Intent::Alive);
    assert!(!is_open(&watched), "a hand is no code");
}

#[test]
fn sleep_locks_before_anything_is_made_of_the_first_touch() {
    let mut watched = at_work(982);
    watched.act(Action::Sleep(5_000));
    assert!(!is_open(&watched));
    watched.act(typed("par un voleur"));
    assert_eq!(subject(&mut watched), "vol à l'étalage");
}

#[test]
fn a_clock_that_jumps_either_way_locks_and_says_so_and_one_that_is_corrected_does_not() {
    for (jump, locks) in [
        (600_000, true),
        (-600_000, true),
        (20_000, false),
        (-20_000, false),
    ] {
        let mut watched = at_work(983);
        let at = watched.world.now().utc.plus(jump);
        watched.world.set_clock(at);
        watched.intent(Intent::Alive);
        assert_eq!(is_open(&watched), !locks, "{jump}");
        let told = watched.world.board.notices.contains(&Notice::ClockJumped);
        assert_eq!(told, locks, "{jump}");
        assert_eq!(subject(&mut watched), "vol à l'étalage");
    }
}

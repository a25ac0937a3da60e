//! Legal terms that run while nobody unlocks the terminal.

use domain::UnixMs;
use domain::dialogue::Intent;
use domain::journal::Operation;
use domain::record::ActKind;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::invariants;
use tests::watched::Watched;

const HOUR: u64 = 3_600_000;

/// How many purges the terminal's journal tells of.
fn purges(watched: &Watched) -> usize {
    let engine = watched.world.engine().unwrap();
    let journal = engine.device().journal().unwrap();
    journal
        .iter()
        .filter(|entry| matches!(entry.operation, Operation::Purged { .. }))
        .count()
}

#[test]
fn cpp_78_3_after_six_months_a_check_is_unreadable_even_if_nobody_unlocks() {
    let mut watched = Watched::on_duty(700);
    let (check, pv) = (act_id(1), act_id(2));
    watched.play(acts::drawn_up(check, ActKind::IdentityCheck));
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    watched.act(Action::Advance(10_000));
    assert!(watched.is_received(check));
    watched.intent(Intent::ShowDocument { act: check });
    assert!(
        watched.document().is_some(),
        "before its term the officer reads it"
    );
    watched.act(Said::Lock.into());

    let signed = watched.world.now().utc;
    watched.world.set_clock(signed.plus(170 * UnixMs::DAY));
    watched.act(Action::Advance(2 * HOUR));
    assert_eq!(purges(&watched), 0, "before the term nothing goes");
    watched.world.set_clock(signed.plus(190 * UnixMs::DAY));
    watched.act(Action::Advance(2 * HOUR));
    assert_eq!(
        purges(&watched),
        1,
        "the check's key goes while the terminal is locked, the PV stays"
    );

    watched.act(Action::Kill);
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    watched.intent(Intent::ShowDocument { act: check });
    assert_eq!(watched.document(), None);
    watched.intent(Intent::ShowDocument { act: pv });
    assert!(watched.document().is_some());
    assert_eq!(
        invariants::acts(&watched.world).unwrap().len(),
        2,
        "what stays names no one"
    );
}

//! HQ's sealing key rolls over: whoever was away loses nothing, and everything that HQ keeps still opens.

use domain::envelope::Envelope;
use domain::record::ActKind;
use domain::{ActId, decode};
use simulator::world::Action;
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose;
use trust::seal::{self, Identity, SealError};

fn rotate(watched: &Watched) -> [u8; 32] {
    let (recipient, _) = hq::pki::rotate(&watched.world.layout().pki()).unwrap();
    *recipient.as_bytes()
}

/// To whom the terminal seals.
fn recipient(watched: &Watched) -> [u8; 32] {
    watched.world.engine().unwrap().enrolment().hq_recipient
}

/// How many of HQ's keys, from the newest on, it takes to open the act.
fn keys_needed(watched: &mut Watched, act: ActId) -> usize {
    let text = std::fs::read_to_string(watched.world.layout().pki().join("identity.age")).unwrap();
    let keys: Vec<Identity> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| Identity::from_text(line).unwrap())
        .collect();
    let row = watched
        .world
        .engine()
        .unwrap()
        .device()
        .row_of(act)
        .unwrap()
        .unwrap();
    let store = watched.world.gateway().store();
    let stored = store.begin().unwrap().record(row.envelope).unwrap().unwrap();
    let envelope = cose::parse(&stored.envelope_cose).unwrap();
    let envelope: Envelope = decode(&envelope.payload).unwrap();
    let opens = |key: &Identity| match seal::open(key, &envelope.sealed, 1 << 20) {
        Ok(_) => true,
        Err(SealError::NotForThisIdentity) => false,
        Err(error) => panic!("{error}"),
    };
    keys.iter().position(opens).unwrap() + 1
}

#[test]
fn a_terminal_that_was_away_over_two_rollovers_loses_nothing_and_then_seals_to_the_newest_key() {
    let mut watched = Watched::on_duty(1_120);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(act_id(1)));
    let first = recipient(&watched);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    let second = rotate(&watched);
    watched.play(acts::drawn_up(act_id(3), ActKind::Pv));
    let third = rotate(&watched);
    assert!(first != second && second != third);
    assert_eq!(recipient(&watched), first, "it has not heard of it");
    watched.play([Action::Restore, Action::Advance(700_000), Action::Unlock]);
    assert!(watched.is_received(act_id(2)) && watched.is_received(act_id(3)));
    assert_eq!(recipient(&watched), third);
    watched.play(acts::drawn_up(act_id(4), ActKind::Pv));
    watched.play([Action::Kill, Action::Start, Action::Advance(700_000)]);
    watched.play([Action::RestartHq, Action::Unlock, Action::Advance(700_000)]);
    watched.play(acts::drawn_up(act_id(5), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert_eq!(recipient(&watched), third, "a start remembers it");
    for (number, keys) in [(1, 3), (2, 3), (3, 3), (4, 1), (5, 1)] {
        let act = act_id(number);
        assert!(watched.is_received(act), "{number}");
        assert_eq!(keys_needed(&mut watched, act), keys, "{number}");
        let pdf = watched.at_hq(act, "document.pdf").unwrap();
        assert!(pdf.starts_with(b"%PDF"), "{number}");
    }
    watched.finish();
}

#[test]
fn a_file_of_keys_that_does_not_read_stops_no_terminal() {
    let mut watched = Watched::on_duty(1_121);
    let path = watched.world.layout().pki().join("identity.age");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, b"half a fi").unwrap();
    assert!(
        hq::pki::rotate(&watched.world.layout().pki()).is_err(),
        "nothing is built on it"
    );
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(act_id(1)));
    std::fs::write(&path, whole).unwrap();
    watched.finish();
}

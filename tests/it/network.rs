//! What lies between terminal and HQ may lose, repeat, refuse and pretend: the outbox keeps what is signed.

use domain::delivery::Delivery;
use domain::dialogue::Notice;
use domain::footage::leaving::{Bearer, Power, Supply};
use domain::record::ActKind;
use domain::{BootId, Timestamp, UnixMs, Zone};
use simulator::broker;
use simulator::enrol::{self, Layout};
use simulator::world::{Action, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

use crate::street::{Street, scenario};

/// A night that draws up one act of each kind under `weather`.
fn under(weather: Weather, seed: u64) -> Watched {
    let mut watched = Watched::new(seed, weather);
    watched.play(acts::on_duty());
    for (n, kind) in (1..).zip(acts::KINDS) {
        watched.play(acts::drawn_up(act_id(n), kind));
    }
    watched
}

#[test]
fn a_terminal_whose_platform_finds_a_network_again_does_not_wait_out_its_pause() {
    let supply = |bearer| {
        let power = Power::Charging(None);
        Action::Supply(Supply { power, bearer })
    };
    let mut watched = Watched::on_duty(303);
    watched.play([Action::Cut, supply(Bearer::None)]);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    // Long enough for the pauses between attempts to have grown to minutes.
    watched.act(Action::Advance(1_200_000));
    watched.play([Action::Restore, supply(Bearer::Cellular), Action::Advance(5_000)]);
    assert!(watched.is_received(act_id(1)));
    watched.finish();
}

#[test]
fn a_broker_that_loses_two_messages_in_five_only_delays() {
    let mut watched = under(
        Weather {
            lost: 400,
            repeated: 0,
            delay_ms: (20, 500),
        },
        300,
    );
    watched.settle();
    assert_eq!(watched.count_at_hq(), acts::KINDS.len());
    watched.finish();
}

#[test]
fn a_broker_that_repeats_everything_makes_nothing_count_twice() {
    let mut watched = under(
        Weather {
            lost: 0,
            repeated: 1000,
            delay_ms: (10, 3_000),
        },
        301,
    );
    watched.settle();
    assert_eq!(watched.count_at_hq(), acts::KINDS.len());
    watched.finish();
}

#[test]
fn an_hq_that_restarts_between_all_messages_counts_each_act_once() {
    let mut watched = under(
        Weather {
            lost: 100,
            repeated: 300,
            delay_ms: (10, 1_000),
        },
        302,
    );
    for _ in 0..20 {
        watched.play([Action::RestartHq, Action::Advance(700)]);
    }
    watched.settle();
    assert_eq!(watched.count_at_hq(), acts::KINDS.len());
    watched.finish();
}

#[test]
fn a_network_that_flaps_delivers_everything_once_it_stays() {
    let mut watched = under(Weather::STORM, 303);
    for round in 0..20 {
        watched.play([
            Action::Cut,
            Action::Advance(400),
            Action::Restore,
            Action::Advance(300 * round),
        ]);
    }
    watched.settle();
    assert_eq!(watched.count_at_hq(), acts::KINDS.len());
    watched.finish();
}

/// Signs a PV with the handset's present broker, and expects the officer to be told that nobody trusts nobody.
fn signs_but_is_not_trusted(street: &mut Street) {
    street.on_duty();
    street.draw_up(act_id(1), ActKind::Pv);
    street.wait("the notice", |board| {
        board.notices.contains(&Notice::NotTrustedByHq)
    });
    let line = street.phone.board.delivery(act_id(1)).unwrap();
    assert!(
        matches!(line.delivery, Delivery::Waiting { .. }),
        "the act stays in the outbox"
    );
    assert_eq!(street.phone.board.home.as_ref().unwrap().waiting, 1);
}

#[test]
fn a_broker_under_another_root_is_refused_and_the_outbox_is_kept() {
    let mut street = Street::new(None);
    let foreign = street.folder.path().join("foreign-pki");
    enrol::pki(&foreign, street.ground.clock.now().utc).unwrap();
    let pretender = broker::start(&foreign).unwrap().mutual;
    street.take(street.handset_at(pretender.port()));
    signs_but_is_not_trusted(&mut street);
    street.take(street.handset());
    street.wait("the receipt", |board| {
        board
            .delivery(act_id(1))
            .is_some_and(|line| matches!(line.delivery, Delivery::Received { .. }))
    });
}

#[test]
fn a_terminal_whose_certificate_has_expired_gets_another_and_its_act_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::new(folder.path());
    let today = agent::clock::Clock::new(Zone::Paris).now();
    let then = Timestamp {
        utc: today.utc.plus(-100 * UnixMs::DAY),
        boot: BootId::from_bytes([1; 16]),
        ..today
    };
    enrol::pki(&layout.pki(), then.utc).unwrap();
    enrol::terminal(
        &layout,
        &layout.pki(),
        &scenario().officer,
        then,
        enrol::Way::Direct,
    )
    .unwrap();
    let mut street = Street::on(folder, None);
    street.on_duty();
    street.draw_up(act_id(1), ActKind::Pv);
    street.wait("the receipt", |board| {
        board
            .delivery(act_id(1))
            .is_some_and(|line| matches!(line.delivery, Delivery::Received { .. }))
    });
}

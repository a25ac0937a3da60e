//! Rollouts of profiles: a ring at a time by what terminals say, stopped by refusals, and never to a terminal out of its
//! ring or of another channel.

use domain::profile::{ProfileHeld, ProfileName, ProfileRefusal, ProfileRefused, Settings};
use domain::{UnixMs, decode, encode};
use hq::profile::{ProfileError, publish, sign, verify};
use hq::rollout::{
    Channel, Rings, Rollout, RolloutError, State, Thresholds, abort, advance, create, is_within, pause,
    resume, start, supersede,
};
use hq::{Outgoing, Pki};
use sync::wire::v1::{HELLO, Hello, PROFILE_GIVEN, Presence, ProfileGiven};
use sync::{DownLane, Topic};
use trust::cose::{self, Namespace};

use crate::world::{Hq, NOON, Terminal};

const THRESHOLDS: Thresholds = Thresholds {
    success: 75,
    errors: 10,
};

fn published(hq: &mut Hq, channel: Channel) -> u64 {
    let name = ProfileName::parse("essai").unwrap();
    let newest = hq.gateway.store().begin().unwrap().newest_profile().unwrap();
    let signed = sign(hq.registry.pki(), name, Settings::EMBEDDED, newest, NOON).unwrap();
    let root = hq.registry.pki().root().clone();
    let published = publish(hq.gateway.store(), &root, channel, &signed, NOON).unwrap();
    published.profile.serial
}

/// Started, over two rings.
fn begun(hq: &mut Hq) -> u64 {
    let serial = published(hq, Channel::Stable);
    let rings: Rings = "30,100".parse().unwrap();
    create(hq.gateway.store(), serial, rings, THRESHOLDS, NOON).unwrap();
    start(hq.gateway.store(), serial, NOON).unwrap();
    serial
}

fn fleet(hq: &mut Hq) -> Vec<Terminal> {
    (1..=20)
        .map(|number| hq.terminal(&format!("neo-{number:06}"), &[]))
        .collect()
}

/// The versions that `outgoing` gives, each held against everything that a terminal holds it against.
fn given(hq: &Hq, outgoing: &[Outgoing], terminal: &Terminal) -> Vec<u64> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Cmd);
    let messages = outgoing.iter().filter(|message| message.topic == topic);
    let mut serials = Vec::new();
    for message in messages {
        let signed = cose::parse(&message.payload).unwrap();
        if signed.content_type != PROFILE_GIVEN {
            continue;
        }
        cose::verify(&signed, Namespace::Order, hq.pki().command().certificate()).unwrap();
        let given: ProfileGiven = decode(&signed.payload).unwrap();
        assert_eq!(given.device, terminal.device);
        let profile = verify(&given.profile, hq.pki().root(), NOON).unwrap();
        assert_eq!(profile.serial, given.serial);
        serials.push(given.serial);
    }
    serials
}

fn says(hq: &mut Hq, terminal: &Terminal, serial: u64, refused: Option<u64>) -> Vec<u64> {
    let reason = ProfileRefusal::Unreadable;
    let hello = Hello {
        profile: Some(ProfileHeld {
            serial,
            refused: refused.map(|serial| ProfileRefused { serial, reason }),
        }),
        ..terminal.bare_hello()
    };
    let hello = terminal.sign(Namespace::Hello, HELLO, &encode(&hello));
    let outgoing = hq.send(terminal, &hello);
    given(hq, &outgoing, terminal)
}

fn rollout(hq: &mut Hq, serial: u64) -> Rollout {
    let store = hq.gateway.store();
    store.begin().unwrap().rollout(serial).unwrap().unwrap()
}

fn events(hq: &mut Hq, serial: u64) -> Vec<String> {
    let events = hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .rollout_events(serial)
        .unwrap();
    events.into_iter().map(|event| event.what).collect()
}

/// Those of the first ring, and the others.
fn parted(fleet: &[Terminal], serial: u64) -> (Vec<&Terminal>, Vec<&Terminal>) {
    fleet
        .iter()
        .partition(|terminal| is_within(serial, &terminal.device, 30))
}

#[test]
fn a_ring_begins_when_enough_of_the_one_before_follow() {
    let mut hq = Hq::new();
    let fleet = fleet(&mut hq);
    let serial = begun(&mut hq);
    let (first, others) = parted(&fleet, serial);
    assert!(first.len() >= 2 && others.len() >= 5, "the hash is what it was");
    assert_eq!(rollout(&mut hq, serial).members, first.len() as u64);
    for terminal in &others {
        assert!(says(&mut hq, terminal, 0, None).is_empty());
    }
    // A program that follows none is given none.
    let bare = encode(&first[0].bare_hello());
    let bare = first[0].sign(Namespace::Hello, HELLO, &bare);
    let outgoing = hq.send(first[0], &bare);
    assert!(given(&hq, &outgoing, first[0]).is_empty());
    let enough = (first.len() * 3).div_ceil(4);
    for (number, terminal) in first.iter().enumerate() {
        if number < enough {
            assert_eq!(rollout(&mut hq, serial).percent(), 30, "{number}");
            assert!(says(&mut hq, others[0], 0, None).is_empty());
        }
        assert_eq!(says(&mut hq, terminal, 0, None), [serial]);
        assert!(says(&mut hq, terminal, serial, None).is_empty());
        // Said twice, counted once.
        says(&mut hq, terminal, serial, None);
        assert_eq!(rollout(&mut hq, serial).took, number as u64 + 1);
    }
    let reached = rollout(&mut hq, serial);
    assert_eq!(
        (reached.state, reached.percent(), reached.members),
        (State::Running, 100, 20)
    );
    for terminal in &others {
        says(&mut hq, terminal, serial, None);
    }
    assert_eq!(rollout(&mut hq, serial).state, State::Done);
    assert_eq!(
        events(&mut hq, serial),
        ["created", "started", "ring", "ring", "done"]
    );
    let late = hq.terminal("neo-000099", &[]);
    assert_eq!(
        says(&mut hq, &late, 0, None),
        [serial],
        "whoever comes later gets it too"
    );
}

#[test]
fn refusals_stop_a_rollout_until_a_person_goes_on_or_back() {
    let mut hq = Hq::new();
    let fleet = fleet(&mut hq);
    let old = begun(&mut hq);
    for terminal in &fleet {
        says(&mut hq, terminal, old, None);
    }
    assert_eq!(rollout(&mut hq, old).state, State::Done);
    let serial = begun(&mut hq);
    let (first, _) = parted(&fleet, serial);
    assert_eq!(says(&mut hq, first[0], old, None), [serial]);
    says(&mut hq, first[0], serial, None);
    assert!(
        says(&mut hq, first[1], old, Some(serial)).is_empty(),
        "not given again"
    );
    let stopped = rollout(&mut hq, serial);
    assert_eq!((stopped.state, stopped.refused), (State::Stopped, 1));
    let refusals = hq.gateway.store().begin().unwrap().refusals(serial).unwrap();
    assert_eq!(refusals[0].device, first[1].device);
    assert_eq!(refusals[0].reason.as_deref(), Some("unreadable"));
    for terminal in &first[2..] {
        assert!(says(&mut hq, terminal, old, None).is_empty());
    }
    assert!(matches!(
        start(hq.gateway.store(), serial, NOON),
        Err(RolloutError::State { .. })
    ));
    resume(hq.gateway.store(), serial, NOON).unwrap();
    pause(hq.gateway.store(), serial, NOON).unwrap();
    let other = published(&mut hq, Channel::Stable);
    let busy = create(hq.gateway.store(), other, Rings::default(), THRESHOLDS, NOON);
    assert!(matches!(busy, Err(RolloutError::Busy { other, .. }) if other == serial));
    // Back: a version above all, for every terminal at once.
    let back = published(&mut hq, Channel::Stable);
    supersede(hq.gateway.store(), back, NOON).unwrap();
    assert_eq!(rollout(&mut hq, serial).state, State::Aborted);
    assert_eq!(says(&mut hq, first[0], serial, None), [back]);
    assert_eq!(says(&mut hq, first[1], old, Some(serial)), [back]);
    let what = events(&mut hq, serial);
    assert_eq!(
        what,
        [
            "created", "started", "ring", "stopped", "resumed", "paused", "aborted"
        ]
    );
    assert!(matches!(
        abort(hq.gateway.store(), serial, NOON),
        Err(RolloutError::State { .. })
    ));
}

#[test]
fn terminals_on_the_network_get_the_next_ring_without_a_hello() {
    let mut hq = Hq::new();
    let fleet = fleet(&mut hq);
    for terminal in &fleet {
        says(&mut hq, terminal, 0, None);
    }
    let here = Presence {
        version: 1,
        epoch: 1,
        online: true,
    };
    for terminal in &fleet[..10] {
        let topic = Topic::State(terminal.device.clone());
        hq.gateway.receive(&topic, &encode(&here), NOON).unwrap();
    }
    assert!(hq.gateway.profiles_out().unwrap().is_empty());
    let serial = begun(&mut hq);
    let reached = |hq: &mut Hq| -> usize {
        let outgoing = hq.gateway.profiles_out().unwrap();
        fleet
            .iter()
            .filter(|terminal| given(hq, &outgoing, terminal) == [serial])
            .count()
    };
    let online = fleet[..10].iter();
    let ring = online
        .filter(|terminal| is_within(serial, &terminal.device, 30))
        .count();
    assert_eq!(reached(&mut hq), ring);
    assert_eq!(reached(&mut hq), 0, "once");
    advance(hq.gateway.store(), serial, NOON).unwrap();
    assert_eq!(reached(&mut hq), 10);
    advance(hq.gateway.store(), serial, NOON).unwrap();
    assert_eq!(rollout(&mut hq, serial).state, State::Done);
}

#[test]
fn a_channel_gets_its_own_profiles_and_an_empty_one_has_nothing_to_wait_for() {
    let mut hq = Hq::new();
    let (pilot, stable) = (hq.terminal("neo-000001", &[]), hq.terminal("neo-000002", &[]));
    let transaction = hq.gateway.store().begin().unwrap();
    transaction.set_channel(&pilot.device, Channel::Pilot).unwrap();
    transaction.commit().unwrap();
    for (channel, empty) in [(Channel::Pilot, false), (Channel::Test, true)] {
        let serial = published(&mut hq, channel);
        create(hq.gateway.store(), serial, Rings::default(), THRESHOLDS, NOON).unwrap();
        start(hq.gateway.store(), serial, NOON).unwrap();
        assert_eq!(rollout(&mut hq, serial).state == State::Done, empty);
        assert!(says(&mut hq, &stable, 0, None).is_empty());
        if !empty {
            assert_eq!(rollout(&mut hq, serial).members, 1);
            assert_eq!(says(&mut hq, &pilot, 0, None), [serial]);
        }
    }
}

#[test]
fn a_profile_of_another_signer_or_of_an_old_version_is_not_published() {
    let mut hq = Hq::new();
    let first = published(&mut hq, Channel::Stable);
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = Pki::create(&elsewhere.path().join("pki"), NOON).unwrap();
    let name = || ProfileName::parse("essai").unwrap();
    let root = hq.registry.pki().root().clone();
    let foreign = sign(&stranger, name(), Settings::EMBEDDED, first, NOON).unwrap();
    let refused = publish(hq.gateway.store(), &root, Channel::Stable, &foreign, NOON);
    assert!(matches!(refused, Err(ProfileError::Untrusted)));
    let older = sign(
        hq.registry.pki(),
        name(),
        Settings::EMBEDDED,
        0,
        NOON.plus(-UnixMs::DAY),
    )
    .unwrap();
    let refused = publish(hq.gateway.store(), &root, Channel::Stable, &older, NOON);
    assert!(matches!(refused, Err(ProfileError::NotNewer { newest, .. }) if newest == first));
    let mut broken = sign(hq.registry.pki(), name(), Settings::EMBEDDED, first, NOON).unwrap();
    let middle = broken.profile.len() / 2;
    broken.profile[middle] ^= 1;
    assert!(publish(hq.gateway.store(), &root, Channel::Stable, &broken, NOON).is_err());
}

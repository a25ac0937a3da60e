//! Each defect of the client library that `docs/adr/0010-mqtt-client.md` names by its letter: shown on the library
//! as its guide uses it, then shown harmless on our link.

use std::time::Duration;

use rumqttc::Outgoing;
use rumqttc::v5::mqttbytes::v5::Packet as Incoming;
use rumqttc::v5::{Event, MqttOptions};
use sync::mqtt::{DownReason, Security, Timeouts};
use sync::{Ack, LinkConfig, LinkEvent};

use crate::broker::{Broker, ConnAck, Peer};
use crate::clients::{Bare, Ours, PATIENT, Polled, config, ours_with, topic};

type Tcp = Peer<std::net::TcpStream>;

const SESSION_KEPT: ConnAck = ConnAck {
    session_present: true,
    code: 0,
    receive_max: Some(3),
};
const SESSION_LOST: ConnAck = ConnAck {
    session_present: false,
    code: 0,
    receive_max: Some(3),
};

fn is_connected(polled: &Polled) -> bool {
    matches!(polled.event, Ok(Event::Incoming(Incoming::ConnAck(_))))
}

fn waits_for_ack(polled: &Polled) -> bool {
    matches!(polled.event, Ok(Event::Outgoing(Outgoing::AwaitAck(_))))
}

/// Reads and acknowledges publishes up to `last`.
fn bodies_until(peer: &mut Tcp, last: &str) -> Vec<String> {
    let mut bodies = Vec::new();
    loop {
        let (id, body) = peer.publish();
        peer.ack(id);
        bodies.push(body);
        if bodies.last().is_some_and(|body| body == last) {
            return bodies;
        }
    }
}

#[test]
fn a_the_library_loses_a_publish_when_a_session_resumes() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let mut peer = broker.welcome(ConnAck::room_for(3));
    (1..=5).for_each(|number| bare.publish(number));
    for _ in 1..=3 {
        peer.publish();
    }
    peer.vanish();
    let mut peer = broker.welcome(SESSION_KEPT);
    let replayed: Vec<(u16, String)> = (1..=3).map(|_| peer.publish()).collect();
    bare.until(waits_for_ack);
    bare.until(waits_for_ack);
    bare.publish(6);
    replayed.iter().for_each(|(id, _)| peer.ack(*id));
    let later = bodies_until(&mut peer, "6");
    assert!(
        !later.contains(&"4".to_owned()) && !replayed.iter().any(|(_, body)| body == "4"),
        "{later:?}"
    );
}

#[test]
fn a_our_link_loses_nothing_when_a_session_resumes() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let peer = ours_with(&broker, &ours, ConnAck::room_for(3), 1..=5);
    peer.vanish();
    assert_eq!(ours.is_down(), DownReason::Lost);
    let mut peer = ours_with(&broker, &ours, SESSION_KEPT, 1..=5);
    assert_eq!(bodies_until(&mut peer, "5"), ["1", "2", "3", "4", "5"]);
    let acked: Vec<(u64, Ack)> = (1..=5).map(|_| ours.is_acked()).collect();
    assert_eq!(
        acked,
        (1..=5).map(|token| (token, Ack::Taken)).collect::<Vec<_>>()
    );
}

#[test]
fn b_the_library_replays_in_the_order_of_packet_ids() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let mut peer = broker.welcome(ConnAck::room_for(3));
    (1..=5).for_each(|number| bare.publish(number));
    for _ in 1..=2 {
        let (id, _) = peer.publish();
        peer.ack(id);
    }
    assert_eq!([(); 3].map(|()| peer.publish().1), ["3", "4", "5"]);
    peer.vanish();
    let mut peer = broker.welcome(SESSION_KEPT);
    assert_eq!([(); 3].map(|()| peer.publish().1), ["4", "5", "3"]);
}

#[test]
fn b_our_link_replays_nothing() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let peer = ours_with(&broker, &ours, ConnAck::room_for(8), 1..=5);
    peer.vanish();
    ours.is_down();
    let mut peer = ours_with(&broker, &ours, SESSION_KEPT, [9]);
    assert_eq!(peer.publish(), (1, "9".to_owned()));
}

/// Three publishes up, the second acknowledged first, so that the fourth meets the first under one packet id.
fn collided(broker: &Broker, bare: &Bare) -> Tcp {
    let mut peer = broker.welcome(ConnAck::room_for(3));
    (1..=3).for_each(|number| bare.publish(number));
    let ids = [(); 3].map(|()| peer.publish().0);
    bare.publish(4);
    peer.ack(ids[1]);
    bare.until(waits_for_ack);
    peer
}

#[test]
fn c_the_library_stays_stuck_after_the_session_of_a_collision_is_lost() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    collided(&broker, &bare).vanish();
    let _peer = broker.welcome(SESSION_LOST);
    let connected = bare.until(is_connected);
    // While this holds, the library takes no request at all.
    assert!(connected.collision);
}

#[test]
fn c_our_link_never_reuses_a_packet_id_and_starts_afresh() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::room_for(3), 1..=4);
    let (first, second) = (peer.publish(), peer.publish());
    peer.ack(second.0);
    assert_eq!(ours.is_acked(), (2, Ack::Taken));
    peer.ack(first.0);
    let third = peer.publish();
    assert_ne!(third.0, second.0);
    peer.vanish();
    assert_eq!(ours.is_acked(), (1, Ack::Taken));
    ours.is_down();
    let mut peer = ours_with(&broker, &ours, SESSION_LOST, 3..=4);
    assert_eq!(bodies_until(&mut peer, "4"), ["3", "4"]);
}

#[test]
fn d_the_library_drops_what_it_never_sent_when_the_session_is_lost() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let mut peer = broker.welcome(ConnAck::room_for(1));
    (1..=3).for_each(|number| bare.publish(number));
    peer.publish();
    peer.vanish();
    let mut peer = broker.welcome(SESSION_LOST);
    bare.until(is_connected);
    bare.publish(4);
    assert_eq!(peer.publish().1, "4");
}

#[test]
fn d_our_link_subscribes_at_each_connection_before_anything_is_published() {
    let broker = Broker::start();
    let mut config = config(broker.port);
    config.subscriptions = vec!["np/d/neo-000007/dn/#".to_owned(), "np/bc/ref".to_owned()];
    let ours = Ours::new(config);
    for hello in [ConnAck::room_for(3), SESSION_LOST, SESSION_KEPT] {
        ours.connect();
        let mut peer = broker.welcome(hello);
        peer.grant(2, 1);
        ours.is_up();
        ours.publish(1);
        assert_eq!(peer.publish().1, "1");
        peer.vanish();
        ours.is_down();
    }
}

#[test]
fn e_the_library_forgets_the_stashed_publish_when_the_first_is_refused() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let mut peer = collided(&broker, &bare);
    peer.ack_with(1, 0x97);
    let refused = bare.until(|polled| matches!(polled.event, Ok(Event::Incoming(Incoming::PubAck(_)))));
    assert!(refused.collision);
}

#[test]
fn e_our_link_reports_a_refusal_and_goes_on() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::room_for(3), 1..=7);
    let codes = [0x97, 0x10, 0x87, 0x83, 0x80, 0x00];
    for code in codes {
        let (id, _) = peer.publish();
        peer.ack_with(id, code);
    }
    assert_eq!(peer.publish().1, "7");
    let acks = codes.map(|_| ours.is_acked().1);
    let expected = [
        Ack::QuotaExceeded,
        Ack::NobodyListens,
        Ack::NotAuthorized,
        Ack::Refused,
        Ack::Refused,
        Ack::Taken,
    ];
    assert_eq!(acks, expected);
}

/// More than loopback sockets hold.
const FLOOD: u64 = 62;
const BODY: usize = 250 * 1024;

#[test]
fn i_the_library_hangs_when_the_broker_stops_reading() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let _peer = broker.welcome(ConnAck::default());
    for _ in 0..FLOOD {
        let body = vec![0; BODY];
        bare.client
            .try_publish(
                topic().to_string(),
                rumqttc::v5::mqttbytes::QoS::AtLeastOnce,
                false,
                body,
            )
            .unwrap();
    }
    let mut flushed = 0;
    while let Some(polled) = bare.polled_within(Duration::from_millis(300)) {
        flushed += u64::from(matches!(polled.event, Ok(Event::Outgoing(Outgoing::Publish(_)))));
    }
    assert!(flushed < FLOOD);
}

#[test]
fn i_our_link_gives_up_a_broker_that_stops_reading() {
    let broker = Broker::start();
    let mut config = config(broker.port);
    config.timeouts = Timeouts {
        write: Duration::from_millis(200),
        ..PATIENT
    };
    let ours = Ours::new(config);
    ours.connect();
    let _peer = broker.welcome(ConnAck::default());
    ours.is_up();
    for number in 0..FLOOD {
        ours.publish_bytes(number, vec![0; BODY]);
    }
    assert_eq!(ours.is_down(), DownReason::TimedOut);
}

#[test]
fn i_our_link_gives_up_a_broker_that_falls_silent() {
    let broker = Broker::start();
    let mut config = config(broker.port);
    config.timeouts = Timeouts {
        silence: Duration::from_millis(200),
        ..PATIENT
    };
    let ours = Ours::new(config);
    ours.connect();
    let _peer = broker.welcome(ConnAck::default());
    ours.is_up();
    assert_eq!(ours.is_down(), DownReason::TimedOut);
}

#[test]
fn k_a_flood_in_both_directions_does_not_lock_our_link() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), 0..500);
    let (mut delivered, mut acknowledged) = (0_u16, 0);
    while delivered < 60 || acknowledged < 500 {
        if delivered < 60 {
            delivered += 1;
            peer.deliver(delivered, "np/d/neo-000007/dn/cmd", &[0; 10_000]);
        }
        if acknowledged < 500 {
            let (id, _) = peer.publish();
            peer.ack(id);
            acknowledged += 1;
        }
    }
    let (mut acks, mut messages) = (0, 0);
    while acks < 500 || messages < 60 {
        match ours.event() {
            LinkEvent::Acked { ack: Ack::Taken, .. } => acks += 1,
            LinkEvent::Message { .. } => messages += 1,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn l_the_library_connects_again_without_pause() {
    let broker = Broker::start();
    let _bare = Bare::new(Bare::options(broker.port));
    for _ in 0..50 {
        broker.accept().vanish();
    }
}

#[test]
fn l_our_link_connects_once_each_time_it_is_told() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    for _ in 0..3 {
        ours.connect();
        broker.accept().vanish();
        assert_eq!(ours.is_down(), DownReason::ConnectFailed);
        assert!(!broker.has_caller());
    }
}

#[test]
fn m_the_library_allows_five_seconds_where_our_link_allows_the_field() {
    assert_eq!(MqttOptions::new("a", "localhost", 1).connection_timeout(), 5);
    let field = LinkConfig::new("localhost", 1, "a", Security::Plain).timeouts;
    assert_eq!(field.connect, Duration::from_secs(45));

    let broker = Broker::start();
    let mut config = config(broker.port);
    config.timeouts = Timeouts {
        connect: Duration::from_millis(200),
        ..PATIENT
    };
    let ours = Ours::new(config);
    ours.connect();
    let _peer = broker.accept();
    assert_eq!(ours.is_down(), DownReason::TimedOut);
}

#[test]
fn n_the_library_breaks_over_a_message_of_twelve_kilobytes() {
    let broker = Broker::start();
    let bare = Bare::new(Bare::options(broker.port));
    let mut peer = broker.welcome(ConnAck::default());
    peer.deliver(1, "np/d/neo-000007/dn/ref", &[7; 12 * 1024]);
    assert!(bare.until(|polled| !is_connected(polled)).event.is_err());
}

#[test]
fn n_our_link_takes_messages_up_to_its_stated_limit_and_sends_none_beyond() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    peer.deliver(1, "np/d/neo-000007/dn/ref", &[7; 240 * 1024]);
    let event = ours.event();
    assert!(matches!(&event, LinkEvent::Message { payload, .. } if payload.len() == 240 * 1024));
    ours.publish_bytes(1, vec![0; 256 * 1024]);
    assert_eq!(ours.is_acked(), (1, Ack::NotSent));
    ours.publish(2);
    assert_eq!(peer.publish().1, "2");
}

#[test]
fn t_the_library_runs_past_its_ring_when_the_next_broker_has_less_room() {
    let broker = Broker::start();
    let mut options = Bare::options(broker.port);
    options.set_outgoing_inflight_upper_limit(16);
    let bare = Bare::new(options);
    let mut peer = broker.welcome(ConnAck::room_for(16));
    (1..=10).for_each(|number| bare.publish(number));
    bodies_until(&mut peer, "10");
    for _ in 1..=10 {
        bare.until(|polled| matches!(polled.event, Ok(Event::Incoming(Incoming::PubAck(_)))));
    }
    peer.vanish();
    let mut peer = broker.welcome(ConnAck::room_for(5));
    bare.until(is_connected);
    (11..=16).for_each(|number| bare.publish(number));
    bodies_until(&mut peer, "16");
    bare.publish(17);
    assert!(bare.until(|polled| polled.event.is_err()).event.is_err());
}

#[test]
fn t_our_link_counts_packet_ids_anew_for_each_broker() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    for room in [16, 5, 64, 1] {
        let mut peer = ours_with(&broker, &ours, ConnAck::room_for(room), 1..=70);
        for number in 1..=70 {
            let (id, body) = peer.publish();
            assert_eq!(body, number.to_string());
            peer.ack(id);
            assert_eq!(ours.is_acked(), (number, Ack::Taken));
        }
        peer.vanish();
        ours.is_down();
    }
}

//! What a link promises its owner, beyond surviving the library.

use proptest::prelude::*;
use sync::mqtt::{DownReason, Publish};
use sync::{Ack, LinkCommand, LinkEvent};

use crate::broker::{Broker, ConnAck, Packet};
use crate::clients::{Ours, config, ours_with, topic};

#[test]
fn a_message_is_acknowledged_to_the_broker_when_its_effect_is_committed_and_not_before() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    peer.deliver(7, "np/d/neo-000007/dn/cmd", b"order");
    let LinkEvent::Message {
        topic,
        payload,
        ack: Some(ack),
    } = ours.event()
    else {
        panic!("no message")
    };
    assert_eq!(
        (topic.as_str(), payload.as_slice()),
        ("np/d/neo-000007/dn/cmd", b"order".as_slice())
    );
    ours.publish(1);
    assert_eq!(peer.publish().1, "1");
    ours.link.send(LinkCommand::Ack(ack)).unwrap();
    assert_eq!(peer.read(), Packet::PubAck { id: 7 });
    peer.vanish();
    ours.is_down();
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    ours.link.send(LinkCommand::Ack(ack)).unwrap();
    ours.publish(2);
    assert_eq!(peer.publish().1, "2");
}

#[test]
fn nothing_is_taken_for_sent_while_no_connection_stands() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    ours.publish(1);
    assert_eq!(ours.is_acked(), (1, Ack::NotSent));
    ours.connect();
    let peer = broker.accept();
    ours.publish(2);
    assert_eq!(ours.is_acked(), (2, Ack::NotSent));
    peer.vanish();
    assert_eq!(ours.is_down(), DownReason::ConnectFailed);
}

#[test]
fn a_retained_or_expiring_publish_is_acknowledged_like_any_other() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    let mut publish = Publish::new(5, topic(), b"hint".to_vec());
    (publish.expiry_s, publish.retain) = (Some(20), true);
    ours.link.send(LinkCommand::Publish(publish)).unwrap();
    let (id, body) = peer.publish();
    assert_eq!(body, "hint");
    peer.ack(id);
    assert_eq!(ours.is_acked(), (5, Ack::Taken));
}

#[test]
fn a_link_says_goodbye_when_told_and_when_dropped() {
    let broker = Broker::start();
    let ours = Ours::new(config(broker.port));
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    ours.link.send(LinkCommand::Disconnect).unwrap();
    assert_eq!(peer.read(), Packet::Disconnect);
    assert_eq!(ours.is_down(), DownReason::Closed);
    let mut peer = ours_with(&broker, &ours, ConnAck::default(), []);
    drop(ours);
    assert_eq!(peer.read(), Packet::Disconnect);
}

/// Bytes of a packet of `kind` whose stated length is that of `body`.
fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind, u8::try_from(body.len()).unwrap()];
    bytes.extend(body);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_of_a_broker_end_more_than_the_connection(
        greeted: bool,
        kind in prop_oneof![any::<u8>(), prop::sample::select(vec![0x20_u8, 0x30, 0x32, 0x40, 0x50, 0x62, 0x90, 0xe0])],
        body in prop::collection::vec(prop_oneof![any::<u8>(), 0_u8..8], 0..40),
    ) {
        let broker = Broker::start();
        let ours = Ours::new(config(broker.port));
        ours.connect();
        let mut peer = broker.accept();
        if greeted {
            peer.accept_client(ConnAck::default());
            ours.is_up();
        }
        peer.send(&packet(kind, &body));
        peer.vanish();
        while !matches!(ours.event(), LinkEvent::Down { .. }) {}
        ours.connect();
        let mut peer = broker.welcome(ConnAck::default());
        ours.is_up();
        ours.publish(1);
        prop_assert_eq!(peer.publish().1, "1");
    }
}

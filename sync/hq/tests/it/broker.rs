//! Mosquitto under the configuration that HQ writes: who may say what, and a gateway that survives its broker.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, SystemTime};

use domain::officer::Quality;
use domain::{ClipId, DeviceId, UnixMs};
use hq::Pki;
use hq::pki::Ports;
use hq::serve::{Address, Brokers, Group};
use hq::tokens::{self, Grant};
use sync::mqtt::{
    ClientConfig, LinkCommand, LinkConfig, LinkEvent, Publish, Security, tls_client, tls_pinned,
};
use sync::wire::v1::{KnockOutcome, ReferenceHint, ReferenceMessage};
use sync::{Ack, DownLane, FileId, FileVerb, Link, Topic, UpLane, VisitId, Way};
use trust::keys::SigningKey;

use crate::enrolment;
use crate::mosquitto::{Mosquitto, three_free_ports};
use crate::reference;
use crate::world::{Hq, Terminal, receipt_bytes};

/// A bound on a hang, never on a success.
const PATIENCE: Duration = Duration::from_secs(60);

/// Certificates are judged by the broker's own clock.
pub(crate) fn today() -> UnixMs {
    #[expect(
        clippy::disallowed_methods,
        reason = "a broker in its own process reads the real clock"
    )]
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UnixMs(i64::try_from(since.as_millis()).unwrap())
}

/// Starts a broker on `ports`, under the configuration that HQ writes for them.
pub(crate) fn mosquitto(pki: &Pki, ports: Ports) -> Mosquitto {
    Mosquitto::start(&pki.mosquitto(ports).unwrap().configuration)
}

/// Three ports that are free for it.
pub(crate) fn ports() -> Ports {
    Ports::from(three_free_ports()).unwrap()
}

/// A client of the broker and what it hears.
pub(crate) struct Peer {
    pub(crate) link: Link,
    events: Receiver<LinkEvent>,
}

impl Peer {
    pub(crate) fn new(
        hq: &Hq,
        port: u16,
        client_id: &str,
        chain: &[Vec<u8>],
        key: &[u8],
        filters: &[&str],
    ) -> Self {
        let tls = tls_client(hq.pki().root().der(), chain, key).unwrap();
        Self::with(tls, port, client_id, filters)
    }

    fn with(tls: Arc<ClientConfig>, port: u16, client_id: &str, filters: &[&str]) -> Self {
        let mut config = LinkConfig::new("localhost", port, client_id, Security::Tls(tls));
        config.subscriptions = filters.iter().map(|&filter| filter.to_owned()).collect();
        let (report, events) = mpsc::channel();
        let link = Link::spawn(config, Box::new(move |event| drop(report.send(event)))).unwrap();
        Self { link, events }
    }

    /// A connection that shows the terminal's certificate.
    pub(crate) fn of(hq: &Hq, terminal: &Terminal, port: u16, client_id: &str, filters: &[&str]) -> Self {
        let chain = [
            terminal.certificate.der().to_vec(),
            hq.pki().issuing().der().to_vec(),
        ];
        let key = SigningKey::to_pkcs8_der(&terminal.key);
        let peer = Self::new(hq, port, client_id, &chain, &key, filters);
        peer.connect();
        peer
    }

    pub(crate) fn gateway(hq: &Hq, port: u16) -> Self {
        Self::with_gateway(hq, port, &["np/d/+/up/#", "np/d/+/st", "np/f/#"])
    }

    fn with_gateway(hq: &Hq, port: u16, filters: &[&str]) -> Self {
        let tls = hq.pki().gateway_tls().unwrap();
        let peer = Self::new(hq, port, "any", &tls.chain, &tls.key, filters);
        peer.connect();
        peer
    }

    /// Tries until the broker takes the connection.
    fn connect(&self) {
        loop {
            self.link.send(LinkCommand::Connect).unwrap();
            match self.next() {
                LinkEvent::Up { .. } => return,
                LinkEvent::Down { .. } => {}
                LinkEvent::Acked { .. } | LinkEvent::Message { .. } => {
                    panic!("an event without a connection")
                }
            }
        }
    }

    pub(crate) fn next(&self) -> LinkEvent {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    /// Publishes, and gives the broker's answer; messages that arrive before it are lost.
    fn publish(&self, topic: Topic, payload: &[u8]) -> Ack {
        let publish = Publish::new(1, topic, payload.to_vec());
        self.link.send(LinkCommand::Publish(publish)).unwrap();
        loop {
            if let LinkEvent::Acked { ack, .. } = self.next() {
                return ack;
            }
        }
    }

    /// The next message, acknowledged.
    fn message(&self) -> (String, Vec<u8>) {
        loop {
            if let LinkEvent::Message { topic, payload, ack } = self.next() {
                if let Some(ack) = ack {
                    self.link.send(LinkCommand::Ack(ack)).unwrap();
                }
                return (topic, payload);
            }
        }
    }
}

fn file(device: &DeviceId) -> Topic {
    let file = FileId::new(ClipId::from_bytes([7; 16]), 0).unwrap();
    Topic::File(device.clone(), file, FileVerb::Stat)
}

#[test]
fn a_terminal_neither_writes_nor_reads_anothers_topics() {
    let mut hq = Hq::at(today());
    let (a, b) = (hq.terminal("neo-00000a", &[]), hq.terminal("neo-00000b", &[]));
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    let gateway = Peer::gateway(&hq, ports.control);

    for (port, client_id) in [(ports.control, "neo-00000b"), (ports.bulk, "neo-00000b-bulk")] {
        // The client id claims to be the other terminal, and the filters ask for everything.
        let filters = [
            "#",
            "np/d/+/dn/#",
            "np/d/neo-00000b/dn/#",
            "$share/x/np/d/+/up/pv",
        ];
        let peer = Peer::of(&hq, &a, port, client_id, &filters);
        let of_b = &b.device;
        for topic in [
            Topic::Up(of_b.clone(), UpLane::Pv),
            Topic::Up(of_b.clone(), UpLane::Q),
            Topic::State(of_b.clone()),
            Topic::Down(of_b.clone(), DownLane::Cmd),
            Topic::Down(a.device.clone(), DownLane::Rcpt),
            Topic::Broadcast,
            file(of_b),
        ] {
            assert_eq!(
                peer.publish(topic.clone(), b"forged"),
                Ack::NotAuthorized,
                "{topic}"
            );
        }
        for topic in [
            Topic::Up(a.device.clone(), UpLane::Pv),
            Topic::State(a.device.clone()),
            file(&a.device),
        ] {
            assert_eq!(peer.publish(topic.clone(), b"own"), Ack::Taken, "{topic}");
            // One forged message would have come before.
            assert_eq!(gateway.message(), (topic.to_string(), b"own".to_vec()));
        }
        let other = Peer::of(&hq, &b, ports.control, "any", &[]);
        assert_eq!(
            other.publish(Topic::Up(b.device.clone(), UpLane::Pv), b"of b"),
            Ack::Taken
        );
        assert_eq!(gateway.message().1, b"of b");
        let receipt = |device: &DeviceId| Topic::Down(device.clone(), DownLane::Rcpt);
        gateway.publish(receipt(&b.device), b"for b");
        gateway.publish(receipt(&a.device), b"for a");
        assert_eq!(
            peer.message(),
            (receipt(&a.device).to_string(), b"for a".to_vec())
        );
    }
}

#[test]
fn who_has_no_certificate_says_one_thing_and_hears_one_answer() {
    let mut hq = Hq::at(today());
    let terminal = hq.terminal("neo-00000a", &[]);
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    let root = hq.pki().root().public_key().fingerprint().0;
    let stranger = |visit: &str, filters: &[&str]| {
        let peer = Peer::with(tls_pinned(&root).unwrap(), ports.bootstrap, visit, filters);
        peer.connect();
        peer
    };
    let gateway = Peer::with_gateway(&hq, ports.control, &["np/#"]);
    let [mine, other] = [[1; 16], [2; 16]].map(VisitId::from_bytes);
    let filters = [
        "#",
        "np/#",
        "np/b/+/dn",
        "np/b/+/up",
        "$SYS/#",
        "np/d/neo-00000a/dn/#",
    ];
    let eavesdropper = stranger(&other.to_string(), &filters);
    let phone = stranger(
        &mine.to_string(),
        &[&Topic::Bootstrap(mine, Way::Down).to_string()],
    );
    for topic in [
        Topic::Bootstrap(other, Way::Up),
        Topic::Bootstrap(mine, Way::Down),
        Topic::Up(terminal.device.clone(), UpLane::Q),
        Topic::Down(terminal.device.clone(), DownLane::Cmd),
        Topic::State(terminal.device.clone()),
        Topic::Broadcast,
        file(&terminal.device),
    ] {
        assert_eq!(
            phone.publish(topic.clone(), b"forged"),
            Ack::NotAuthorized,
            "{topic}"
        );
    }
    let up = Topic::Bootstrap(mine, Way::Up);
    assert_eq!(phone.publish(up.clone(), b"knock"), Ack::Taken);
    // One forged message would have come before.
    assert_eq!(gateway.message(), (up.to_string(), b"knock".to_vec()));
    let answer = |visit| Topic::Bootstrap(visit, Way::Down);
    gateway.publish(answer(mine), b"for mine");
    gateway.publish(answer(other), b"for other");
    assert_eq!(phone.message(), (answer(mine).to_string(), b"for mine".to_vec()));
    assert_eq!(
        eavesdropper.message(),
        (answer(other).to_string(), b"for other".to_vec())
    );

    // A phone of another force does not believe the listener.
    let elsewhere = Peer::with(tls_pinned(&[9; 32]).unwrap(), ports.bootstrap, "any", &[]);
    elsewhere.link.send(LinkCommand::Connect).unwrap();
    assert!(matches!(elsewhere.next(), LinkEvent::Down { .. }));
    // And nobody comes in elsewhere without a certificate.
    for port in [ports.control, ports.bulk] {
        let uncertified = Peer::with(tls_pinned(&root).unwrap(), port, "any", &[]);
        uncertified.link.send(LinkCommand::Connect).unwrap();
        assert!(matches!(uncertified.next(), LinkEvent::Down { .. }));
    }
}

#[test]
fn a_phone_enrols_at_the_bootstrap_listener() {
    let mut hq = Hq::at(today());
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    let address = |port| Address {
        host: "localhost".to_owned(),
        port,
    };
    let brokers = Brokers {
        control: address(ports.control),
        bulk: address(ports.bulk),
    };
    let running = hq::serve::spawn(hq.another_gateway(), &brokers).unwrap();
    assert!(running.is_connected_within(PATIENCE));
    let grant = Grant {
        device: DeviceId::parse("neo-00000a").unwrap(),
        model: "NEO 2".to_owned(),
        officers: Vec::new(),
        numbers: 10,
    };
    let (token, _) = tokens::issue(hq.registry.store(), &grant, tokens::LASTING, today()).unwrap();
    let phone = enrolment::PhoneKeys::new();
    let (knock, sealed) = enrolment::knock(&hq, &phone, "neo-00000a", &token);
    let root = hq.pki().root().public_key().fingerprint().0;
    let ask = |visit| {
        let tls = tls_pinned(&root).unwrap();
        let visit = VisitId::from_bytes([visit; 16]);
        sync::mqtt::visit(&address(ports.bootstrap), tls, visit, sealed.clone(), PATIENCE).unwrap()
    };
    let [first, again] = [1, 2].map(|visit| enrolment::outcome(&phone.identity, &knock, &ask(visit)));
    assert!(matches!(first, KnockOutcome::Enrolled(_)));
    assert_eq!(first, again);
    running.stop().unwrap();
}

#[test]
fn nobody_connects_with_a_certificate_of_another_authority() {
    let mut hq = Hq::at(today());
    let mut strangers = Hq::at(today());
    let (terminal, stranger) = (
        hq.terminal("neo-00000a", &[]),
        strangers.terminal("neo-00000a", &[]),
    );
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    let chain = [
        stranger.certificate.der().to_vec(),
        strangers.pki().issuing().der().to_vec(),
    ];
    let peer = Peer::new(
        &hq,
        ports.control,
        "neo-00000a",
        &chain,
        &stranger.key.to_pkcs8_der(),
        &[],
    );
    peer.link.send(LinkCommand::Connect).unwrap();
    assert!(matches!(peer.next(), LinkEvent::Down { .. }));
    Peer::of(&hq, &terminal, ports.control, "neo-00000a", &[]);
}

#[test]
fn a_record_is_receipted_through_a_broker_and_again_after_the_broker_died() {
    let mut hq = Hq::at(today());
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-00000a", &[&officer]);
    let ports = ports();
    let broker = mosquitto(hq.pki(), ports);
    let address = |port| Address {
        host: "localhost".to_owned(),
        port,
    };
    let brokers = Brokers {
        control: address(ports.control),
        bulk: address(ports.bulk),
    };
    let running = hq::serve::spawn(hq.another_gateway(), &brokers).unwrap();
    assert!(running.is_connected_within(PATIENCE));

    let bytes = terminal.pv(&officer, 0).bytes();
    let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
    let phone = Peer::of(&hq, &terminal, ports.control, "any", &["np/d/neo-00000a/dn/#"]);
    assert_eq!(phone.publish(topic.clone(), &bytes), Ack::Taken);
    let (_, first) = phone.message();

    drop(broker);
    assert!(matches!(phone.next(), LinkEvent::Down { .. }));
    let _broker = mosquitto(hq.pki(), ports);
    phone.connect();
    assert!(running.is_connected_within(PATIENCE));
    assert_eq!(phone.publish(topic, &bytes), Ack::Taken);
    assert_eq!(phone.message().1, first);

    let mut gateway = running.stop().unwrap();
    assert_eq!(gateway.store().begin().unwrap().counts().unwrap().records, 1);
    let sent = [hq::Outgoing {
        topic: Topic::Down(terminal.device.clone(), DownLane::Rcpt),
        payload: first,
    }];
    assert_eq!(hq.verified(&sent, &terminal).len(), 1);
    assert_eq!(receipt_bytes(&sent, &terminal).len(), 1);
    let exported = std::fs::read_dir(hq.path("records")).unwrap().count();
    assert_eq!(exported, 2);
}

#[test]
fn a_hint_waits_at_the_broker_and_the_whole_list_comes_down_on_a_hello() {
    let mut hq = Hq::at(today());
    let terminal = hq.terminal("neo-00000a", &[]);
    let published = reference::publish_at(&mut hq, &reference::set("natinf-test", 17_000), today());
    let (head, set) = published.read().unwrap();
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    let address = |port| Address {
        host: "localhost".to_owned(),
        port,
    };
    let brokers = Brokers {
        control: address(ports.control),
        bulk: address(ports.bulk),
    };
    let running = hq::serve::spawn(hq.another_gateway(), &brokers).unwrap();
    assert!(running.is_connected_within(PATIENCE));
    // Answered: the gateway has told the hint before.
    let officer = hq.officer(1, Quality::Apj);
    let other = hq.terminal("neo-00000b", &[&officer]);
    let early = Peer::of(&hq, &other, ports.control, "any", &["np/d/neo-00000b/dn/#"]);
    let act = other.pv(&officer, 0).bytes();
    early.publish(Topic::Up(other.device.clone(), UpLane::Pv), &act);
    early.message();

    let filters = ["np/bc/ref", "np/d/neo-00000a/dn/#"];
    let phone = Peer::of(&hq, &terminal, ports.control, "any", &filters);
    let (topic, hint) = phone.message();
    assert_eq!(topic, "np/bc/ref");
    let hint: ReferenceHint = domain::decode(&hint).unwrap();
    assert_eq!(hint.serial, head.serial);
    let hello = reference::hello(&terminal, Some(0), None);
    let publish = Publish::new(1, Topic::Up(terminal.device.clone(), UpLane::Q), hello);
    phone.link.send(LinkCommand::Publish(publish)).unwrap();
    let mut packed = Vec::new();
    let mut heads = 0;
    while packed.len() < published.packed.len() {
        let (topic, payload) = phone.message();
        if topic != "np/d/neo-00000a/dn/ref" {
            continue;
        }
        match domain::decode(&payload).unwrap() {
            ReferenceMessage::Head(_) => heads += 1,
            ReferenceMessage::Part(part) => {
                assert!(head.is_part(part.index, &part.bytes));
                packed.extend(part.bytes);
            }
        }
    }
    assert_eq!((heads, head.unpack(&packed)), (1, Ok(set)));
    running.stop().unwrap();
}

#[test]
fn gateways_of_one_group_share_the_work_and_answer_once() {
    let mut hq = Hq::at(today());
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-00000a", &[&officer]);
    let ports = ports();
    let _broker = mosquitto(hq.pki(), ports);
    // The listener for records gives every connection of one certificate the same client id.
    let address = Address {
        host: "localhost".to_owned(),
        port: ports.bulk,
    };
    let brokers = Brokers {
        control: address.clone(),
        bulk: address,
    };
    let group = Group::parse("hq").unwrap();
    let mut members: Vec<_> = (0..2)
        .map(|_| hq::serve::spawn_in_group(hq.another_gateway(), &brokers, &group).unwrap())
        .collect();
    assert!(members.iter().all(|member| member.is_connected_within(PATIENCE)));

    let phone = Peer::of(&hq, &terminal, ports.control, "any", &["np/d/neo-00000a/dn/#"]);
    let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
    let send = |serial| {
        let publish = Publish::new(1, topic.clone(), terminal.pv(&officer, serial).bytes());
        phone.link.send(LinkCommand::Publish(publish)).unwrap();
    };
    (0..8).for_each(send);
    let mut receipts = Vec::new();
    while receipts.len() < 8 {
        receipts.extend(receipts_in(phone.message().1, &terminal));
    }
    receipts.sort();
    receipts.dedup();
    assert_eq!(receipts.len(), 8);

    // The one that stays gets everything.
    members.pop().unwrap().stop().unwrap();
    send(8);
    // A second answer to one of the first eight would have come before.
    let last = receipts_in(phone.message().1, &terminal);
    assert_eq!(last.len(), 1);
    assert!(!receipts.contains(&last[0]));
    let mut gateway = members.pop().unwrap().stop().unwrap();
    assert_eq!(gateway.store().begin().unwrap().counts().unwrap().records, 9);
}

fn receipts_in(payload: Vec<u8>, terminal: &Terminal) -> Vec<Vec<u8>> {
    let sent = hq::Outgoing {
        topic: Topic::Down(terminal.device.clone(), DownLane::Rcpt),
        payload,
    };
    receipt_bytes(&[sent], terminal)
}

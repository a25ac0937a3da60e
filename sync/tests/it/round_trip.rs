//! A terminal and HQ over the embedded broker of the simulator, with mutual TLS.

use std::collections::HashMap;
use std::net::TcpListener;
use std::path::Path;

use domain::DeviceId;
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings, TlsConfig};
use sync::mqtt::{DownReason, Publish, Security};
use sync::{Ack, DownLane, LinkCommand, LinkEvent, Topic, UpLane};

use crate::clients::{Ours, config};
use crate::pki::Authority;

fn serve(port: u16, dir: &Path, authority: &Authority) {
    let leaf = authority.leaf("broker", 2090);
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let files = [
        ("ca.pem", authority.pem.clone()),
        ("broker.pem", leaf.pem.clone()),
        ("broker.key", leaf.key.serialize_pem()),
    ];
    for (name, content) in &files {
        std::fs::write(dir.join(name), content).unwrap();
    }
    let settings = ServerSettings {
        name: "test".to_owned(),
        listen: ([127, 0, 0, 1], port).into(),
        tls: Some(TlsConfig::Rustls {
            capath: Some(path("ca.pem")),
            certpath: path("broker.pem"),
            keypath: path("broker.key"),
        }),
        next_connection_delay_ms: 1,
        connections: ConnectionSettings {
            connection_timeout_ms: 20_000,
            max_payload_size: 256 * 1024,
            max_inflight_count: 100,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    };
    let config = Config {
        router: RouterConfig {
            max_connections: 10,
            max_outgoing_packet_count: 200,
            max_segment_size: 1024 * 1024,
            max_segment_count: 10,
            ..RouterConfig::default()
        },
        v5: Some(HashMap::from([("1".to_owned(), settings)])),
        ..Config::default()
    };
    std::thread::spawn(move || Broker::new(config).start().unwrap());
}

fn link(port: u16, authority: &Authority, name: &str, subscriptions: Vec<String>) -> Ours {
    let mut config = config(port);
    config.client_id = name.to_owned();
    config.subscriptions = subscriptions;
    config.security = Security::Tls(authority.client(&authority.leaf(name, 2090)));
    let ours = Ours::new(config);
    // The broker's thread may not listen yet.
    loop {
        ours.connect();
        match ours.event() {
            LinkEvent::Down {
                reason: DownReason::ConnectFailed,
            } => {}
            LinkEvent::Up { .. } => return ours,
            other => panic!("{other:?}"),
        }
    }
}

#[track_caller]
fn message(ours: &Ours) -> (Topic, Vec<u8>) {
    loop {
        match ours.event() {
            LinkEvent::Message { topic, payload, ack } => {
                ours.link.send(LinkCommand::Ack(ack.unwrap())).unwrap();
                return (topic.parse().unwrap(), payload);
            }
            LinkEvent::Acked { ack: Ack::Taken, .. } => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_a_terminal_publishes_reaches_hq_and_the_receipt_comes_back() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (dir, authority) = (tempfile::tempdir().unwrap(), Authority::new("neo"));
    serve(port, dir.path(), &authority);
    let device = DeviceId::parse("neo-000007").unwrap();
    let hq = link(port, &authority, "hq-1", Topic::hq_filters());
    let terminal = link(port, &authority, "neo-000007", Topic::terminal_filters(&device));

    let up = Topic::Up(device.clone(), UpLane::Pv);
    let down = Topic::Down(device, DownLane::Rcpt);
    for number in 0..20_u64 {
        let envelope = vec![u8::try_from(number).unwrap(); 20_000];
        terminal
            .link
            .send(LinkCommand::Publish(Publish::new(
                number,
                up.clone(),
                envelope.clone(),
            )))
            .unwrap();
        assert_eq!(message(&hq), (up.clone(), envelope));
        let receipt = number.to_be_bytes().to_vec();
        hq.link
            .send(LinkCommand::Publish(Publish::new(
                number,
                down.clone(),
                receipt.clone(),
            )))
            .unwrap();
        assert_eq!(message(&terminal), (down.clone(), receipt));
    }
}

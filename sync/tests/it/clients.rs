//! The two clients that the fault tests compare: this package's link, and the client library as its guide uses it.

use std::net::TcpStream;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use domain::DeviceId;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::{AsyncClient, ConnectionError, Event, MqttOptions};
use sync::mqtt::{DownReason, Publish, Security, Timeouts};
use sync::{Ack, Link, LinkCommand, LinkConfig, LinkEvent, Topic, UpLane};

use crate::broker::{Broker, ConnAck, PATIENCE, Peer};

pub(crate) fn topic() -> Topic {
    Topic::Up(DeviceId::parse("neo-000007").unwrap(), UpLane::Pv)
}

/// Long enough never to fire in a test that does not want it to.
pub(crate) const PATIENT: Timeouts = Timeouts {
    connect: PATIENCE,
    write: PATIENCE,
    silence: PATIENCE,
};

pub(crate) fn config(port: u16) -> LinkConfig {
    let mut config = LinkConfig::new("127.0.0.1", port, "neo-000007", Security::Plain);
    config.timeouts = PATIENT;
    config
}

/// A link and what it reported.
pub(crate) struct Ours {
    pub(crate) link: Link,
    events: Receiver<LinkEvent>,
}

impl Ours {
    pub(crate) fn new(config: LinkConfig) -> Self {
        let (report, events) = mpsc::channel();
        let on_event = Box::new(move |event| drop(report.send(event)));
        Self {
            link: Link::spawn(config, on_event).unwrap(),
            events,
        }
    }

    pub(crate) fn connect(&self) {
        self.link.send(LinkCommand::Connect).unwrap();
    }

    /// Publishes with the number as token and as payload.
    pub(crate) fn publish(&self, number: u64) {
        self.publish_bytes(number, number.to_string().into_bytes());
    }

    pub(crate) fn publish_bytes(&self, token: u64, payload: Vec<u8>) {
        self.link
            .send(LinkCommand::Publish(Publish::new(token, topic(), payload)))
            .unwrap();
    }

    pub(crate) fn event(&self) -> LinkEvent {
        self.events
            .recv_timeout(PATIENCE)
            .expect("the link reports something")
    }

    /// Up, after whatever came too late for the connection before.
    #[track_caller]
    pub(crate) fn is_up(&self) {
        loop {
            match self.event() {
                LinkEvent::Acked {
                    ack: Ack::NotSent, ..
                } => {}
                LinkEvent::Up { .. } => return,
                other => panic!("{other:?}"),
            }
        }
    }

    #[track_caller]
    pub(crate) fn is_down(&self) -> DownReason {
        match self.event() {
            LinkEvent::Down { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn is_acked(&self) -> (u64, Ack) {
        match self.event() {
            LinkEvent::Acked { token, ack } => (token, ack),
            other => panic!("{other:?}"),
        }
    }
}

/// Connects our link and sends `numbers`; gives the broker's end with everything unread.
pub(crate) fn ours_with(
    broker: &Broker,
    ours: &Ours,
    hello: ConnAck,
    numbers: impl IntoIterator<Item = u64>,
) -> Peer<TcpStream> {
    ours.connect();
    let peer = broker.welcome(hello);
    ours.is_up();
    for number in numbers {
        ours.publish(number);
    }
    peer
}

/// What the library's loop reports after each poll.
pub(crate) struct Polled {
    pub(crate) event: Result<Event, ConnectionError>,
    /// A publish is stashed because its packet id was taken.
    pub(crate) collision: bool,
}

/// The library, polled for ever on a thread of its own.
pub(crate) struct Bare {
    pub(crate) client: AsyncClient,
    polled: Receiver<Polled>,
}

impl Bare {
    pub(crate) fn new(options: MqttOptions) -> Self {
        let (client, mut event_loop) = AsyncClient::new(options, 100);
        let (report, polled) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                loop {
                    let event = event_loop.poll().await;
                    let collision = event_loop.state.collision.is_some();
                    if report.send(Polled { event, collision }).is_err() {
                        return;
                    }
                }
            });
        });
        Self { client, polled }
    }

    pub(crate) fn options(port: u16) -> MqttOptions {
        let mut options = MqttOptions::new("neo-000007", "127.0.0.1", port);
        options.set_clean_start(false);
        options
    }

    pub(crate) fn publish(&self, number: u64) {
        let payload = number.to_string().into_bytes();
        self.client
            .try_publish(topic().to_string(), QoS::AtLeastOnce, false, payload)
            .unwrap();
    }

    pub(crate) fn polled(&self) -> Polled {
        self.polled
            .recv_timeout(PATIENCE)
            .expect("the library's loop goes on")
    }

    pub(crate) fn polled_within(&self, wait: Duration) -> Option<Polled> {
        self.polled.recv_timeout(wait).ok()
    }

    /// Goes on to the first poll that `wanted` says yes to.
    pub(crate) fn until(&self, wanted: impl Fn(&Polled) -> bool) -> Polled {
        loop {
            let polled = self.polled();
            if wanted(&polled) {
                return polled;
            }
        }
    }
}

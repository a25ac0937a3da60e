//! One connection, from the attempt to its end, with a client library that lives no longer than it.
//!
//! The library's `poll` is owned here, runs to its end, and is dropped with everything else as soon as a limit is
//! passed; it is never resumed after that, and nothing here waits on the library's own channel.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;

use rumqttc::Outgoing;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{
    ConnAck, Filter, Packet, PubAck, PubAckReason, Publish as Packed, PublishProperties, SubAck,
    SubscribeReasonCode,
};
use rumqttc::v5::{AsyncClient, Event, EventLoop};
use rustls::ClientConfig;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Duration, Instant, sleep_until};

use super::ledger::{Handed, Ledger};
use super::options::options;
use super::{AckToken, DownReason, LinkCommand, LinkConfig, LinkEvent, OnEvent, Publish, Refusal};
use crate::ack::Ack;
use crate::wire::v1::MAX_PACKET;

/// Publishes that may wait for the window; one more is not sent.
const BACKLOG: usize = 1_024;
/// Messages that may arrive before the subscriptions stand.
const EARLY: usize = 256;
/// Capacity of the library's channel, and how much of it is ever used.
const CHANNEL: usize = 256;
/// Topic, properties and framing of a publish take less.
const FRAMING: usize = 512;

pub(super) enum Ended {
    Down(DownReason),
    /// The owner dropped the link.
    Dropped,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Subscribing,
    Up,
    /// Goodbye is handed over.
    Closing(Instant),
}

pub(super) struct Connection<'a> {
    config: &'a LinkConfig,
    number: u64,
    on_event: &'a OnEvent,
    /// What the next connection shows, when it is not what this one does.
    renewed: &'a mut Option<Arc<ClientConfig>>,
    client: AsyncClient,
    phase: Phase,
    began: Instant,
    heard: Instant,
    silence: Duration,
    session_present: bool,
    max_packet: usize,
    backlog: VecDeque<Publish>,
    acks: VecDeque<u16>,
    early: VecDeque<LinkEvent>,
    ledger: Ledger,
    /// The owner dropped the link, so that this connection is the last.
    dropped: bool,
}

impl<'a> Connection<'a> {
    pub(super) async fn run(
        config: &'a LinkConfig,
        number: u64,
        commands: &mut Receiver<LinkCommand>,
        renewed: &'a mut Option<Arc<ClientConfig>>,
        on_event: &'a OnEvent,
    ) -> Ended {
        let (client, event_loop) = AsyncClient::new(options(config), CHANNEL);
        let now = Instant::now();
        let mut connection = Self {
            config,
            number,
            on_event,
            renewed,
            client,
            phase: Phase::Connecting,
            began: now,
            heard: now,
            silence: config.timeouts.silence,
            session_present: false,
            max_packet: MAX_PACKET as usize,
            backlog: VecDeque::new(),
            acks: VecDeque::new(),
            early: VecDeque::new(),
            ledger: Ledger::new(),
            dropped: false,
        };
        let reason = connection.live(event_loop, commands).await;
        if connection.dropped {
            Ended::Dropped
        } else {
            Ended::Down(reason)
        }
    }

    async fn live(&mut self, mut event_loop: EventLoop, commands: &mut Receiver<LinkCommand>) -> DownReason {
        loop {
            let polled = {
                let mut poll = pin!(event_loop.poll());
                loop {
                    tokio::select! {
                        polled = &mut poll => break polled,
                        command = commands.recv(), if !self.dropped => {
                            if let Some(reason) = self.command(command) {
                                return reason;
                            }
                        }
                        () = sleep_until(self.deadline()) => return DownReason::TimedOut,
                    }
                }
            };
            let ended = match polled {
                Ok(Event::Incoming(packet)) => self.incoming(packet),
                Ok(Event::Outgoing(outgoing)) => self.flushed(&outgoing),
                Err(error) => Some(DownReason::of(&error, self.phase != Phase::Connecting)),
            };
            match (ended, self.phase) {
                (Some(_), Phase::Closing(_)) => return DownReason::Closed,
                (Some(reason), _) => return reason,
                (None, _) => self.hand_over(),
            }
        }
    }

    /// When patience ends.
    fn deadline(&self) -> Instant {
        let timeouts = self.config.timeouts;
        let phase = match self.phase {
            Phase::Connecting | Phase::Subscribing => self.began + timeouts.connect,
            Phase::Up => self.heard + self.silence,
            Phase::Closing(since) => since + timeouts.write,
        };
        self.ledger
            .oldest_unflushed()
            .map_or(phase, |since| phase.min(since + timeouts.write))
    }

    fn command(&mut self, command: Option<LinkCommand>) -> Option<DownReason> {
        match command {
            Some(LinkCommand::Connect) => {}
            Some(LinkCommand::Publish(publish)) => self.publish(publish),
            Some(LinkCommand::Ack(token)) => {
                if token.connection == self.number {
                    self.acks.push_back(token.packet);
                }
            }
            Some(LinkCommand::Disconnect) => return self.say_goodbye(),
            Some(LinkCommand::Identify(tls)) => *self.renewed = Some(tls),
            None => {
                self.dropped = true;
                return self.say_goodbye();
            }
        }
        self.hand_over();
        None
    }

    fn say_goodbye(&mut self) -> Option<DownReason> {
        match self.phase {
            Phase::Up | Phase::Subscribing => {
                self.phase = Phase::Closing(Instant::now());
                // A full channel means a stalled connection, which ends without goodbye.
                self.client.try_disconnect().err().map(|_| DownReason::Closed)
            }
            Phase::Connecting => Some(DownReason::Closed),
            Phase::Closing(_) => None,
        }
    }

    fn publish(&mut self, publish: Publish) {
        // The library would end the connection over a packet that is too long for the broker.
        let too_long = publish.payload.len() + FRAMING > self.max_packet;
        if self.phase != Phase::Up || too_long || self.backlog.len() >= BACKLOG {
            (self.on_event)(LinkEvent::Acked {
                token: publish.token,
                ack: Ack::NotSent,
            });
        } else {
            self.backlog.push_back(publish);
        }
    }

    /// Gives the library what it has room for.
    fn hand_over(&mut self) {
        if self.phase != Phase::Up {
            return;
        }
        while self.ledger.unflushed() < CHANNEL / 2 {
            let now = Instant::now();
            if let Some(packet) = self.acks.pop_front() {
                let mut publish = Packed::new("", QoS::AtLeastOnce, Vec::new(), None);
                publish.pkid = packet;
                if self.client.try_ack(&publish).is_ok() {
                    self.ledger.handed(Handed::Other, now);
                }
            } else if self.ledger.has_room()
                && let Some(publish) = self.backlog.pop_front()
            {
                let token = publish.token;
                if self.give(publish) {
                    self.ledger.handed(Handed::Publish { token }, now);
                } else {
                    (self.on_event)(LinkEvent::Acked {
                        token,
                        ack: Ack::NotSent,
                    });
                }
            } else {
                return;
            }
        }
    }

    fn give(&self, publish: Publish) -> bool {
        let topic = publish.topic.to_string();
        let given = match publish.expiry_s {
            Some(seconds) => {
                let properties = PublishProperties {
                    message_expiry_interval: Some(seconds),
                    ..PublishProperties::default()
                };
                self.client.try_publish_with_properties(
                    topic,
                    QoS::AtLeastOnce,
                    publish.retain,
                    publish.payload,
                    properties,
                )
            }
            None => self
                .client
                .try_publish(topic, QoS::AtLeastOnce, publish.retain, publish.payload),
        };
        given.is_ok()
    }

    fn incoming(&mut self, packet: Packet) -> Option<DownReason> {
        self.heard = Instant::now();
        if let Packet::ConnAck(acknowledged) = packet {
            return self.connected(&acknowledged);
        }
        if let Packet::SubAck(acknowledged) = packet {
            return self.subscribed(&acknowledged);
        }
        if let Packet::PubAck(acknowledged) = packet {
            self.acknowledged(&acknowledged);
        } else if let Packet::Publish(publish) = packet {
            self.received(publish);
        }
        None
    }

    fn connected(&mut self, acknowledged: &ConnAck) -> Option<DownReason> {
        self.session_present = acknowledged.session_present;
        if let Some(properties) = &acknowledged.properties {
            self.ledger.set_receive_max(properties.receive_max);
            let limit = properties
                .max_packet_size
                .and_then(|limit| usize::try_from(limit).ok());
            self.max_packet = self.max_packet.min(limit.unwrap_or(usize::MAX));
            // The library pings at the broker's pace when it states one.
            let pace = properties
                .server_keep_alive
                .map(|seconds| Duration::from_secs(seconds.into()));
            self.silence = self.silence.max(pace.unwrap_or_default() * 3 / 2);
        }
        if self.config.subscriptions.is_empty() {
            self.up();
            return None;
        }
        // Before any publish: the library checks no packet id of a subscription against those of publishes.
        let filters = self
            .config
            .subscriptions
            .iter()
            .map(|filter| Filter::new(filter, QoS::AtLeastOnce));
        if self.client.try_subscribe_many(filters).is_err() {
            return Some(DownReason::Refused(Refusal::Subscription));
        }
        self.phase = Phase::Subscribing;
        self.ledger.handed(Handed::Other, Instant::now());
        None
    }

    fn subscribed(&mut self, acknowledged: &SubAck) -> Option<DownReason> {
        let granted = |code: &SubscribeReasonCode| matches!(code, SubscribeReasonCode::Success(_));
        if !acknowledged.return_codes.iter().all(granted) {
            return Some(DownReason::Refused(Refusal::Subscription));
        }
        if self.phase == Phase::Subscribing {
            self.up();
        }
        None
    }

    fn up(&mut self) {
        self.phase = Phase::Up;
        let (session_present, receive_max) = (self.session_present, self.ledger.receive_max());
        tracing::info!(connection = self.number, receive_max, "link up");
        (self.on_event)(LinkEvent::Up {
            session_present,
            receive_max,
        });
        for message in self.early.drain(..) {
            (self.on_event)(message);
        }
    }

    fn acknowledged(&mut self, acknowledged: &PubAck) {
        let Some(token) = self.ledger.acknowledged(acknowledged.pkid) else {
            return;
        };
        let ack = match acknowledged.reason {
            PubAckReason::Success => Ack::Taken,
            PubAckReason::NoMatchingSubscribers => Ack::NobodyListens,
            PubAckReason::NotAuthorized => Ack::NotAuthorized,
            PubAckReason::QuotaExceeded => Ack::QuotaExceeded,
            PubAckReason::UnspecifiedError
            | PubAckReason::ImplementationSpecificError
            | PubAckReason::TopicNameInvalid
            | PubAckReason::PacketIdentifierInUse
            | PubAckReason::PayloadFormatInvalid => Ack::Refused,
        };
        (self.on_event)(LinkEvent::Acked { token, ack });
    }

    fn received(&mut self, publish: Packed) {
        let needs_ack = publish.qos == QoS::AtLeastOnce;
        let token = AckToken {
            connection: self.number,
            packet: publish.pkid,
        };
        let Ok(topic) = String::from_utf8(publish.topic.to_vec()) else {
            // No topic of ours: taken, so that the broker does not send it again for ever.
            if needs_ack {
                self.acks.push_back(publish.pkid);
            }
            return;
        };
        let ack = needs_ack.then_some(token);
        let message = LinkEvent::Message {
            topic,
            payload: publish.payload.to_vec(),
            ack,
        };
        if self.phase == Phase::Up {
            (self.on_event)(message);
        } else if self.early.len() < EARLY {
            self.early.push_back(message);
        } else {
            // Without acknowledgement the broker keeps it for the next connection.
            tracing::warn!(
                connection = self.number,
                "a message came before the subscriptions and was left"
            );
        }
    }

    /// The library has flushed a packet, in the order in which it took them.
    fn flushed(&mut self, outgoing: &Outgoing) -> Option<DownReason> {
        match outgoing {
            Outgoing::Publish(packet) => {
                self.ledger.flushed(Some(*packet));
                None
            }
            Outgoing::Subscribe(_) | Outgoing::PubAck(_) => {
                self.ledger.flushed(None);
                None
            }
            Outgoing::Disconnect => Some(DownReason::Closed),
            // The library is about to overwrite a publish; the window makes this impossible.
            Outgoing::AwaitAck(_) => {
                tracing::error!(connection = self.number, "two publishes met under one packet id");
                Some(DownReason::Lost)
            }
            Outgoing::Unsubscribe(_)
            | Outgoing::PubRec(_)
            | Outgoing::PubRel(_)
            | Outgoing::PubComp(_)
            | Outgoing::PingReq
            | Outgoing::PingResp => None,
        }
    }
}

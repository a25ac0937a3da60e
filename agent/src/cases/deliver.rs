//! Delivery: the outbox feeds the session, HQ's signed receipts and nothing else empty it.

use domain::delivery::Delivery;
use domain::dialogue::{Network, Notice};
use domain::envelope::Lane;
use domain::hotlist::Catalogue;
use domain::{ActId, Digest, EnvelopeId, QueryId, canonical};
use sync::mqtt::{AckToken, DownReason, LinkCommand, LinkEvent, Publish};
use sync::session::{Action, Config, Input, Session};
use sync::wire::v1::{
    self, BUNDLE, Hello, HelloAnswer, LaneCursor, NUMBERS, ORDER, PROFILE_GIVEN, Presence, Reply, SetKind,
    VISA,
};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};

use super::take_dispatch::HqClock;
use crate::engine::{Effect, Engine};
use crate::keys::device_signed;
use crate::store::{OutboxRow, StoreError};
use crate::traffic::flow_up;

/// What a token of the records connection stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Record(EnvelopeId),
    Query(QueryId),
    Hello,
    Snapshot,
    Report,
    Progress,
    Crew,
    Journal,
    Renewal,
}

/// A clock that differs from HQ's by more than this is told to the officer, in milliseconds.
const CLOCK_TOLERANCE: i64 = 24 * 3_600_000;

/// `window_ms` is HQ's last word on how widely returns after a loss are spread.
pub(crate) fn new_session(seed: u64, window_ms: Option<u32>) -> Session {
    let config = Config::default();
    let retry_window_ms = window_ms.map_or(config.retry_window_ms, u64::from);
    Session::new(
        Config {
            retry_window_ms,
            ..config
        },
        seed,
    )
}

impl Engine {
    /// Offers every row that waits: after a start this is all that is needed.
    pub(crate) fn offer_outbox(&mut self) -> Result<(), StoreError> {
        for row in self.device.waiting()? {
            self.offer_row(&row)?;
        }
        Ok(())
    }

    pub(crate) fn offer(&mut self, envelope: EnvelopeId) -> Result<(), StoreError> {
        match self.device.act_of(envelope)? {
            Some(row) if matches!(row.delivery, Delivery::Waiting { .. }) => self.offer_row(&row),
            Some(_) | None => Ok(()),
        }
    }

    fn offer_row(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        if let Some(act) = row.behind
            && let Some(first) = self.device.row_of(act)?
            && matches!(first.delivery, Delivery::Waiting { .. })
        {
            return Ok(());
        }
        let bytes = u32::try_from(row.bytes).unwrap_or(u32::MAX);
        let input = Input::Offer {
            id: row.envelope,
            lane: row.lane,
            sequence: row.sequence,
            bytes,
        };
        self.session_input(input)
    }

    /// HQ has answered for `act`: what is about it leaves.
    pub(crate) fn offer_behind(&mut self, act: ActId) -> Result<(), StoreError> {
        for row in self.device.behind(act)? {
            self.offer(row.envelope)?;
        }
        Ok(())
    }

    pub(crate) fn session_input(&mut self, input: Input) -> Result<(), StoreError> {
        let actions = self.session.handle(input, self.now.mono_ms);
        self.run_actions(actions)
    }

    pub(crate) fn wake_session(&mut self) -> Result<(), StoreError> {
        self.session_input(Input::Wake)
    }

    fn run_actions(&mut self, actions: Vec<Action>) -> Result<(), StoreError> {
        for action in actions {
            match action {
                Action::Connect => self.connect(),
                Action::Disconnect => self.out.push(Effect::Link(LinkCommand::Disconnect)),
                Action::SendHello => self.send_hello()?,
                Action::Publish { id } => self.publish(id)?,
                Action::PublishQuery { id } => self.publish_query(id),
                Action::PublishJournal => self.publish_journal()?,
                Action::QueryExpired { id } => self.query_expired(id),
                Action::BulkAllowed(allowed) => self.bulk_allowed(allowed)?,
            }
        }
        Ok(())
    }

    fn publish(&mut self, id: EnvelopeId) -> Result<(), StoreError> {
        let _span = tracing::info_span!("record", envelope = %id).entered();
        match self.device.to_send(id)? {
            Some((lane, bytes)) => {
                let attempts = self.attempts.entry(id).or_default();
                *attempts += 1;
                tracing::info!(attempt = *attempts, bytes = bytes.len(), "sent");
                self.stale.deliveries = true;
                self.send(Sent::Record(id), lane.into(), bytes);
                Ok(())
            }
            None => self.session_input(Input::Withdrawn { id }),
        }
    }

    pub(crate) fn send(&mut self, sent: Sent, lane: UpLane, payload: Vec<u8>) {
        let topic = Topic::Up(self.enrolment.terminal.device.clone(), lane);
        let token = self.publish_to(topic, payload);
        self.sent.insert(token, sent);
    }

    /// Gives the token under which the broker's acknowledgement comes back.
    fn publish_to(&mut self, topic: Topic, payload: Vec<u8>) -> u64 {
        let token = self.next_token;
        self.next_token += 1;
        let flow = flow_up(&topic);
        let publish = Publish::new(token, topic, payload);
        if let Some(flow) = flow {
            self.traffic.sent(flow, &publish);
        }
        self.out.push(Effect::Link(LinkCommand::Publish(publish)));
        token
    }

    /// The counterpart of the will: HQ sees the terminal come back.
    fn publish_birth(&mut self) {
        let here = Presence {
            version: 1,
            epoch: self.epoch,
            online: true,
        };
        let topic = Topic::State(self.enrolment.terminal.device.clone());
        self.publish_to(topic, canonical::encode(&here));
    }

    pub(crate) fn send_hello(&mut self) -> Result<(), StoreError> {
        let rows = self.device.acts()?;
        let lanes = Lane::ALL.into_iter().map(|lane| cursor(&rows, lane)).collect();
        let law = self.set_held(SetKind::Law);
        let beside = SetKind::BESIDE_LAW.into_iter().filter(|kind| self.takes(*kind));
        let sets = beside.map(|kind| self.set_held(kind)).collect();
        let persons_key = match self.persons_policy() {
            Some(_) => Some(self.device.newest_hotlist_key(Catalogue::Persons)?),
            None => None,
        };
        let hello = Hello {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            epoch: self.epoch,
            boot: self.now.boot,
            lanes,
            agent: env!("CARGO_PKG_VERSION").to_owned(),
            sent: self.now,
            reference: Some(law.serial),
            pending: law.pending,
            numbers: Some(self.numbers_held()?),
            visas: Some(self.visas_held()?),
            orders: Some(self.orders_taken()?),
            journal: self.signed_head()?,
            bundle: Some(self.enrolment.issued),
            profile: Some(self.profiles.held()),
            sets,
            hotlist_key: Some(self.device.newest_hotlist_key(Catalogue::Things)?),
            persons_key,
            suivi: Some(self.device.last_suivi_note()?),
            dispatch: Some(self.device.last_dispatch()?),
            crew: Some(self.device.last_crew_note()?),
        };
        match self.device_signed(Namespace::Hello, v1::HELLO, &canonical::encode(&hello)) {
            Some(cose) => {
                self.greeting = Some(Digest::of(&cose));
                self.send(Sent::Hello, UpLane::Q, cose);
            }
            None => tracing::error!("a hello could not be signed"),
        }
        Ok(())
    }

    /// A COSE_Sign1 by the device's key.
    pub(crate) fn device_signed(
        &self,
        namespace: Namespace,
        content_type: &str,
        payload: &[u8],
    ) -> Option<Vec<u8>> {
        let certificate = &self.anchors.device;
        device_signed(self.keys.as_ref(), namespace, certificate, content_type, payload)
            .inspect_err(|error| {
                tracing::error!(error = error as &dyn std::error::Error, "the device did not sign");
            })
            .ok()
    }

    pub(crate) fn link(&mut self, event: LinkEvent) -> Result<(), StoreError> {
        match event {
            LinkEvent::Up { receive_max, .. } => {
                self.publish_birth();
                self.session_input(Input::LinkUp { receive_max })
            }
            LinkEvent::Down { reason } => {
                self.sent.clear();
                self.stop_telling();
                self.set_network(Network::Offline);
                self.tell_distrust(reason);
                self.session_input(Input::LinkDown)
            }
            LinkEvent::Acked { token, ack } => match self.sent.remove(&token) {
                Some(Sent::Record(id)) => self.session_input(Input::Acked { id, ack }),
                Some(Sent::Query(id)) => self.session_input(Input::QueryAcked { id, ack }),
                Some(Sent::Journal) => self.session_input(Input::JournalAcked),
                Some(
                    Sent::Hello | Sent::Snapshot | Sent::Report | Sent::Progress | Sent::Crew | Sent::Renewal,
                )
                | None => Ok(()),
            },
            LinkEvent::Message { topic, payload, ack } => {
                self.message(&topic, &payload)?;
                self.acknowledge(ack);
                Ok(())
            }
        }
    }

    /// After its effect is committed a message needs not come again.
    fn acknowledge(&mut self, ack: Option<AckToken>) {
        self.out
            .extend(ack.map(|token| Effect::Link(LinkCommand::Ack(token))));
    }

    fn message(&mut self, topic: &str, payload: &[u8]) -> Result<(), StoreError> {
        let topic = topic.parse();
        if let Ok(topic) = &topic {
            self.traffic.received(topic, payload.len());
        }
        let mine = &self.enrolment.terminal.device;
        match topic {
            Ok(Topic::Down(device, lane)) if device == *mine => match lane {
                DownLane::Rcpt => self.receipts(payload),
                DownLane::A => self.answer_or_hello(payload),
                DownLane::Cmd => self.order(payload),
                DownLane::Ref => self.reference_message(payload),
            },
            Ok(Topic::Broadcast) => self.reference_hint(payload),
            Ok(_) | Err(_) => {
                tracing::warn!("a message on a topic that is not ours was dropped");
                Ok(())
            }
        }
    }

    /// What came on the topic of orders; HQ's command key alone signs for it.
    fn order(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let signed = cose::parse(payload)
            .ok()
            .filter(|signed| self.signed_by(signed, Namespace::Order, &self.anchors.command));
        match signed {
            Some(signed) if signed.content_type == NUMBERS => self.number_notes(&signed.payload),
            Some(signed) if signed.content_type == VISA => self.visa_message(&signed.payload),
            Some(signed) if signed.content_type == ORDER => self.obey(&signed.payload, payload),
            Some(signed) if signed.content_type == BUNDLE => self.bundle_message(&signed.payload),
            Some(signed) if signed.content_type == PROFILE_GIVEN => self.profile_given(&signed.payload),
            Some(_) | None => {
                tracing::warn!("an order that HQ did not give, or that is not known here, was dropped");
                Ok(())
            }
        }
    }

    fn answer_or_hello(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let Ok(signed) = cose::parse(payload) else {
            return Ok(());
        };
        match signed.namespace {
            Namespace::HelloAnswer => {
                if self.signed_by(&signed, Namespace::HelloAnswer, &self.anchors.receipt)
                    && let Ok(answer) = canonical::decode::<HelloAnswer>(&signed.payload)
                    && answer.device == self.enrolment.terminal.device
                {
                    self.hello_answered(answer)?;
                }
                Ok(())
            }
            Namespace::Answer => {
                if self.signed_by(&signed, Namespace::Answer, &self.anchors.receipt)
                    && let Ok(reply) = canonical::decode::<Reply>(&signed.payload)
                {
                    match reply {
                        Reply::Query(answer) => self.query_answered(&answer)?,
                        Reply::Stat(stat) => self.stat_answered(&stat)?,
                        Reply::Snapshot(kept) => self.snapshot_kept(&kept)?,
                        Reply::Report(kept) => self.report_kept(&kept)?,
                        Reply::HotlistKey(given) => self.hotlist_key_given(&given)?,
                        Reply::Shared(told) => self.share_told(&told)?,
                        Reply::SharedAnswer(answer) => self.answer_shared(&answer)?,
                        Reply::AlertTaken(told) => self.alert_taken(&told)?,
                        Reply::Footage(word) => self.footage_word(&word)?,
                        Reply::Suivi(message) => self.suivi_message(&message)?,
                        Reply::Dispatch(message) => self.dispatch_message(&message)?,
                        Reply::Progress(kept) => self.progress_kept(&kept)?,
                        Reply::Crew(message) => self.crew_message(&message)?,
                        Reply::CrewKept(kept) => self.crew_word_kept(&kept)?,
                    }
                }
                Ok(())
            }
            Namespace::JournalReceipt => self.journal_received(&signed, payload),
            Namespace::Record
            | Namespace::Envelope
            | Namespace::Receipt
            | Namespace::Hello
            | Namespace::Query
            | Namespace::Order
            | Namespace::Reference
            | Namespace::Journal
            | Namespace::Manifest
            | Namespace::CameraSegment
            | Namespace::CameraInit
            | Namespace::CameraEnd
            | Namespace::Custody
            | Namespace::EnrolmentRequest
            | Namespace::Enrolment
            | Namespace::Footer
            | Namespace::Snapshot
            | Namespace::Approval
            | Namespace::OrderReport
            | Namespace::Destruction
            | Namespace::Suivi
            | Namespace::Dispatch
            | Namespace::Progress
            | Namespace::CrewTold
            | Namespace::CrewHanded
            | Namespace::CameraEvent
            | Namespace::Profile => {
                tracing::warn!("an unexpected signed message was dropped");
                Ok(())
            }
        }
    }

    /// Only the answer to the last hello counts: an old one repeated would say what HQ no longer knows.
    fn hello_answered(&mut self, answer: HelloAnswer) -> Result<(), StoreError> {
        if self.greeting != Some(answer.hello) {
            return Ok(());
        }
        self.device.keep_retry_window(answer.retry_window_ms)?;
        self.hq_clock = Some(HqClock::told(answer.time, &self.now));
        let apart = answer.time.0.saturating_sub(self.now.utc.0).saturating_abs();
        if apart > CLOCK_TOLERANCE && !self.told_clock {
            self.told_clock = true;
            self.notice(Notice::ClockWrong);
        }
        self.set_network(Network::Online);
        self.send_progress()?;
        self.send_crew_words()?;
        self.renew_when_due();
        self.resume_parts()?;
        self.await_reference();
        self.ask_for_clip_receipts()?;
        self.send_snapshots()?;
        self.send_reports()?;
        self.tell_journal_from(answer.journal);
        self.session_input(Input::HelloAnswered(answer))?;
        self.send_confirmations()
    }

    pub(crate) fn set_network(&mut self, network: Network) {
        if self.network != network {
            self.network = network;
            self.stale.home = true;
        }
    }

    fn tell_distrust(&mut self, reason: DownReason) {
        let distrust = match reason {
            DownReason::TlsRefused(_) | DownReason::OwnCertificateRefused(_) | DownReason::Refused(_) => true,
            DownReason::ConnectFailed | DownReason::Lost | DownReason::TimedOut | DownReason::Closed => false,
        };
        if distrust {
            self.tell_untrusted();
        } else {
            self.told_untrusted = false;
        }
    }

    pub(crate) fn tell_untrusted(&mut self) {
        if !self.told_untrusted {
            self.told_untrusted = true;
            self.notice(Notice::NotTrustedByHq);
        }
    }
}

fn cursor(rows: &[OutboxRow], lane: Lane) -> LaneCursor {
    let mut receipted = 0;
    let mut oldest = None;
    let mut queued = 0;
    for row in rows.iter().filter(|row| row.lane == lane) {
        match row.delivery {
            Delivery::Waiting { .. } => {
                queued += 1;
                oldest = oldest.or(Some(row.sequence));
            }
            Delivery::Received { .. } | Delivery::Refused { .. } if row.sequence == receipted + 1 => {
                receipted += 1;
            }
            Delivery::Received { .. } | Delivery::Refused { .. } => {}
        }
    }
    LaneCursor {
        lane,
        receipted,
        oldest,
        queued,
    }
}

//! Bytes on the two connections to HQ, counted by flow where they leave the engine and come to it.
//!
//! What is handed to a connection that stands counts, even where it dies with it: nobody here knows how far it came. What
//! carries the packets (TLS, TCP, pings and acknowledgements) and the rare visits at the bootstrap listener do not count.

use std::collections::BTreeMap;

use domain::dialogue::{Flow, FlowLine};
use sync::mqtt::{Publish, packet_bytes};
use sync::{DownLane, Topic, UpLane};

/// What one turn of the engine carried, until it is in the database; longer while the disk is full.
#[derive(Debug, Default)]
pub(crate) struct Traffic(BTreeMap<Flow, u64>);

impl Traffic {
    pub(crate) fn sent(&mut self, flow: Flow, publish: &Publish) {
        self.add(flow, publish.packet_bytes());
    }

    pub(crate) fn received(&mut self, topic: &Topic, payload: usize) {
        if let Some(flow) = flow_down(topic) {
            self.add(flow, packet_bytes(&topic.to_string(), payload));
        }
    }

    fn add(&mut self, flow: Flow, bytes: u64) {
        let sum = self.0.entry(flow).or_default();
        *sum = sum.saturating_add(bytes);
    }

    pub(crate) const fn unsaved(&self) -> &BTreeMap<Flow, u64> {
        &self.0
    }

    pub(crate) fn saved(&mut self) {
        self.0.clear();
    }

    /// What is in the database, and what is not yet.
    pub(crate) fn with(&self, saved: Vec<FlowLine>) -> Vec<FlowLine> {
        let mut lines: BTreeMap<Flow, FlowLine> = saved.into_iter().map(|line| (line.flow, line)).collect();
        for (flow, bytes) in &self.0 {
            let line = lines.entry(*flow).or_insert(FlowLine {
                flow: *flow,
                today: 0,
                month: 0,
            });
            line.today = line.today.saturating_add(*bytes);
            line.month = line.month.saturating_add(*bytes);
        }
        lines.into_values().collect()
    }
}

/// None for files, whose flow their announcement tells, and for what others say.
pub(crate) const fn flow_up(topic: &Topic) -> Option<Flow> {
    match topic {
        Topic::Up(_, UpLane::U) => Some(Flow::Urgent),
        Topic::Up(_, UpLane::Q) | Topic::State(_) => Some(Flow::Queries),
        Topic::Up(_, UpLane::Pv) => Some(Flow::Procedures),
        Topic::Up(_, UpLane::Ev) => Some(Flow::Events),
        Topic::Up(_, UpLane::Tel) => Some(Flow::Telemetry),
        Topic::Down(..) | Topic::Broadcast | Topic::File(..) | Topic::Bootstrap(..) => None,
    }
}

const fn flow_down(topic: &Topic) -> Option<Flow> {
    match topic {
        Topic::Down(_, DownLane::Rcpt) => Some(Flow::Receipts),
        Topic::Down(_, DownLane::A) => Some(Flow::Answers),
        Topic::Down(_, DownLane::Cmd) => Some(Flow::Orders),
        Topic::Down(_, DownLane::Ref) | Topic::Broadcast => Some(Flow::Reference),
        Topic::Up(..) | Topic::State(_) | Topic::File(..) | Topic::Bootstrap(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::DeviceId;

    use super::*;

    fn publish(payload: usize) -> Publish {
        let device = DeviceId::parse("neo-000007").unwrap();
        Publish::new(1, Topic::Up(device, UpLane::Pv), vec![0; payload])
    }

    #[test]
    fn a_packet_counts_as_mqtt_writes_it() {
        // One byte of kind, the length, then two bytes, a topic of 21, two bytes and one.
        assert_eq!(publish(0).packet_bytes(), 1 + 1 + 26);
        assert_eq!(publish(101).packet_bytes(), 1 + 1 + 127);
        assert_eq!(publish(102).packet_bytes(), 1 + 2 + 128);
        assert_eq!(publish(20_000).packet_bytes(), 1 + 3 + 26 + 20_000);
    }

    #[test]
    fn what_is_not_in_the_database_yet_is_of_today() {
        let mut traffic = Traffic::default();
        traffic.sent(Flow::Procedures, &publish(101));
        traffic.sent(Flow::Procedures, &publish(101));
        let line = |today, month| FlowLine {
            flow: Flow::Procedures,
            today,
            month,
        };
        assert_eq!(traffic.with(Vec::new()), [line(258, 258)]);
        assert_eq!(traffic.with(vec![line(1, 2)]), [line(259, 260)]);
        traffic.saved();
        assert_eq!(traffic.with(vec![line(1, 2)]), [line(1, 2)]);
    }
}

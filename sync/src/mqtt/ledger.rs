//! What the library was given and what became of it: flushed, then acknowledged.
//!
//! The library neither says under which packet id a publish leaves nor keeps two publishes from sharing one; it
//! flushes in the order in which it is given, so that counting is enough.

use std::collections::{BTreeMap, VecDeque};

use tokio::time::Instant;

use super::options::MAX_IN_FLIGHT;

/// A packet given to the library.
pub(super) enum Handed {
    Publish {
        token: u64,
    },
    /// A subscription or an acknowledgement.
    Other,
}

pub(super) struct Ledger {
    receive_max: u16,
    /// Given and not flushed; the number of a publish.
    unflushed: VecDeque<(Option<u64>, Instant)>,
    /// Publishes given in the life of the connection.
    published: u64,
    /// Number of a publish → token, until the broker acknowledges it.
    unacknowledged: BTreeMap<u64, u64>,
    /// Packet id → number of a publish.
    packets: BTreeMap<u16, u64>,
}

impl Ledger {
    pub(super) const fn new() -> Self {
        Self {
            receive_max: u16::MAX,
            unflushed: VecDeque::new(),
            published: 0,
            unacknowledged: BTreeMap::new(),
            packets: BTreeMap::new(),
        }
    }

    /// What the broker states; without a statement it takes 65 535 (MQTT 5 §3.2.2.3.3).
    pub(super) fn set_receive_max(&mut self, stated: Option<u16>) {
        self.receive_max = stated.unwrap_or(u16::MAX).max(1);
    }

    pub(super) const fn receive_max(&self) -> u16 {
        self.receive_max
    }

    /// Whether one more publish finds its packet id free.
    ///
    /// Packet ids come from a ring, so that the window slides on the oldest publish. One place of the ring stays
    /// free, because a full library sends no acknowledgement either.
    pub(super) fn has_room(&self) -> bool {
        let ring = u64::from(self.receive_max.min(MAX_IN_FLIGHT));
        let oldest = self
            .unacknowledged
            .keys()
            .next()
            .copied()
            .unwrap_or(self.published);
        self.published - oldest < ring.saturating_sub(1).max(1)
    }

    pub(super) fn unflushed(&self) -> usize {
        self.unflushed.len()
    }

    pub(super) fn oldest_unflushed(&self) -> Option<Instant> {
        self.unflushed.front().map(|(_, since)| *since)
    }

    pub(super) fn handed(&mut self, handed: Handed, now: Instant) {
        let number = match handed {
            Handed::Publish { token } => {
                let number = self.published;
                self.unacknowledged.insert(number, token);
                self.published += 1;
                Some(number)
            }
            Handed::Other => None,
        };
        self.unflushed.push_back((number, now));
    }

    /// The oldest packet is flushed, a publish under this packet id.
    pub(super) fn flushed(&mut self, packet: Option<u16>) {
        if let (Some((Some(number), _)), Some(packet)) = (self.unflushed.pop_front(), packet) {
            self.packets.insert(packet, number);
        }
    }

    /// The token of the publish that the broker acknowledges.
    pub(super) fn acknowledged(&mut self, packet: u16) -> Option<u64> {
        let number = self.packets.remove(&packet)?;
        self.unacknowledged.remove(&number)
    }
}

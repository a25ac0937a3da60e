//! What the terminal lives on and uses up, as its officer sees it; asked for, and true until asked again.

use minicbor::{Decode, Encode};

use crate::footage::leaving::{LeavingPolicy, Supply};
use crate::time::UnixMs;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BudgetView {
    #[n(0)]
    pub supply: Supply,
    /// In the order of [`Flow::ALL`]; those that carried nothing this month are absent.
    #[n(1)]
    pub flows: Vec<FlowLine>,
    /// Absent while the disk is looked at.
    #[n(2)]
    pub gauges: Option<Gauges>,
    /// When recordings leave; parts of acts always do.
    #[n(3)]
    pub leaving: LeavingPolicy,
    /// Recordings leave over the network at all.
    #[n(4)]
    pub footage_leaves: bool,
    /// Until then HQ's order lets them leave at once.
    #[n(5)]
    pub ordered_until: Option<UnixMs>,
    /// Of the profile that says so; absent for the one of the program.
    #[n(6)]
    pub profile: Option<String>,
    /// For showing the moment in local time.
    #[n(7)]
    pub offset_min: i16,
}

impl BudgetView {
    /// Bytes up, today and this month.
    pub fn sent(&self) -> (u64, u64) {
        self.sum(Flow::goes_up)
    }

    /// Bytes down, today and this month.
    pub fn received(&self) -> (u64, u64) {
        self.sum(|flow| !flow.goes_up())
    }

    fn sum(&self, wanted: impl Fn(Flow) -> bool) -> (u64, u64) {
        let lines = self.flows.iter().filter(|line| wanted(line.flow));
        lines.fold((0, 0), |(today, month), line| {
            (today.saturating_add(line.today), month.saturating_add(line.month))
        })
    }
}

/// Bytes of one flow: topics, payloads and the heads of their packets, each time that they were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FlowLine {
    #[n(0)]
    pub flow: Flow,
    /// The civil day where the terminal is.
    #[n(1)]
    pub today: u64,
    /// The civil month, today included.
    #[n(2)]
    pub month: u64,
}

/// What the disk and the device say when they are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Gauges {
    /// Encrypted databases, acts and pieces, in bytes.
    #[n(0)]
    pub store: u64,
    /// The vault of recordings.
    #[n(1)]
    pub footage: u64,
    /// Absent where the system does not say.
    #[n(2)]
    pub free: Option<u64>,
    /// Of the warmest sensor, in degrees Celsius; absent where the device has none.
    #[n(3)]
    pub celsius: Option<i16>,
}

/// What is counted apart of the two connections to HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Flow {
    /// Up, on the lane before all others.
    #[n(0)]
    Urgent,
    /// Up: questions, hellos, and that the terminal is there.
    #[n(1)]
    Queries,
    #[n(2)]
    Procedures,
    #[n(3)]
    Events,
    /// Up: the journal, drafts kept at HQ, reports on orders.
    #[n(4)]
    Telemetry,
    /// Up, over the bulk connection: parts of acts that their envelope does not hold.
    #[n(5)]
    Parts,
    /// Up, over the bulk connection.
    #[n(6)]
    Footage,
    /// Down.
    #[n(7)]
    Receipts,
    #[n(8)]
    Answers,
    #[n(9)]
    Orders,
    /// Down: law, lists, numbers' ranges and what else the fleet is told.
    #[n(10)]
    Reference,
}

impl Flow {
    pub const ALL: [Self; 11] = [
        Self::Urgent,
        Self::Queries,
        Self::Procedures,
        Self::Events,
        Self::Telemetry,
        Self::Parts,
        Self::Footage,
        Self::Receipts,
        Self::Answers,
        Self::Orders,
        Self::Reference,
    ];

    /// The name in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Queries => "queries",
            Self::Procedures => "procedures",
            Self::Events => "events",
            Self::Telemetry => "telemetry",
            Self::Parts => "parts",
            Self::Footage => "footage",
            Self::Receipts => "receipts",
            Self::Answers => "answers",
            Self::Orders => "orders",
            Self::Reference => "reference",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.code() == code)
    }

    /// From the terminal to HQ.
    pub const fn goes_up(self) -> bool {
        match self {
            Self::Urgent
            | Self::Queries
            | Self::Procedures
            | Self::Events
            | Self::Telemetry
            | Self::Parts
            | Self::Footage => true,
            Self::Receipts | Self::Answers | Self::Orders | Self::Reference => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_has_a_code_of_its_own_and_both_directions_are_summed_apart() {
        for flow in Flow::ALL {
            assert_eq!(Flow::from_code(flow.code()), Some(flow));
        }
        assert_eq!(Flow::from_code("bulk"), None);
        let flows = Flow::ALL.map(|flow| FlowLine {
            flow,
            today: 1,
            month: 10,
        });
        let view = BudgetView {
            supply: Supply::default(),
            flows: flows.to_vec(),
            gauges: None,
            leaving: LeavingPolicy::EMBEDDED,
            footage_leaves: true,
            ordered_until: None,
            profile: None,
            offset_min: 60,
        };
        assert_eq!((view.sent(), view.received()), ((7, 70), (4, 40)));
        assert_eq!(crate::decode(&crate::encode(&view)), Ok(view));
    }
}

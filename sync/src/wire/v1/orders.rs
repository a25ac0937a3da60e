//! Orders between HQ and a terminal: the content type of an order, and what a hello says of those that came.

use domain::DeviceId;
pub use domain::orders::ORDER;
use domain::orders::OrderTaken;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::at_most;

/// The most orders that one hello speaks of.
pub const MAX_ORDERS: usize = 16;

/// What a terminal says of the orders that it took.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrdersTaken {
    /// The highest sequence taken; 0 before the first.
    #[n(0)]
    pub up_to: u64,
    /// The latest that were carried out or found too late, the oldest first: at most [`MAX_ORDERS`].
    #[cbor(n(1), decode_with = "few")]
    pub latest: Vec<OrderTaken>,
}

/// HQ keeps this report on an order ([`domain::orders::OrderReport`]).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReportKept {
    #[n(0)]
    pub device: DeviceId,
    /// Of the order.
    #[n(1)]
    pub sequence: u64,
    #[n(2)]
    pub part: u16,
}

fn few<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<OrderTaken>, DecodeError> {
    at_most(MAX_ORDERS, d, ctx)
}

//! What an order brought to light: the terminal's signed statement, kept by HQ as a proof.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::canonical::Digest;
use crate::id::DeviceId;
use crate::place::Fix;
use crate::time::Timestamp;

/// Content type of a report.
pub const ORDER_REPORT: &str = "application/neo-order-report+cbor;v=1";
/// The most reports on one order.
pub const MAX_REPORTS: u16 = 16;
/// The largest sealed content of one report, in bytes.
pub const MAX_SEALED: usize = 192 * 1024;
/// The most acts that a statement names; the journal names every one.
pub const MAX_NAMED: usize = 4096;

/// Payload of a COSE_Sign1 by the device (namespace `order-report`), made when the order is carried out and kept until
/// HQ has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderReport {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// Of the order.
    #[n(2)]
    pub sequence: u64,
    /// SHA-256 of the order's COSE_Sign1, as it was taken.
    #[n(3)]
    pub order: Digest,
    #[n(4)]
    pub at: Timestamp,
    /// From 0; below `parts`.
    #[n(5)]
    pub part: u16,
    /// At least 1, at most [`MAX_REPORTS`].
    #[cbor(n(6), decode_with = "some_parts")]
    pub parts: u16,
    #[n(7)]
    pub found: Found,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Found {
    /// Of a wipe of either kind.
    #[n(0)]
    Destroyed(#[n(0)] Destroyed),
    /// age file (X25519, HQ's sealing key) holding a [`Located`].
    #[n(1)]
    Located(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// A piece of an age file (X25519, HQ's sealing key) holding the log's newest lines, at most one MiB, JSON a line.
    #[n(2)]
    Logs(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

/// What a wipe destroys, counted before anything is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Destroyed {
    /// Officers who had a slot or a database here.
    #[n(0)]
    pub officers: u32,
    /// Signed acts that were kept, because HQ has not answered for them.
    #[n(1)]
    pub kept: u32,
    /// Signed acts that were destroyed before HQ had them.
    #[n(2)]
    pub acts: u32,
    /// SHA-256 of the COSE_Sign1 of these acts, as far as they fit.
    #[cbor(n(3), decode_with = "some_digests")]
    pub named: Vec<Digest>,
    /// Recordings that were destroyed on the terminal, whether HQ had them or not.
    #[n(4)]
    pub clips: u32,
}

/// What a terminal knows of where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Located {
    /// The last position; absent when none is known, or none may be.
    #[n(0)]
    pub fix: Option<Fix>,
}

/// What left the terminal by an order, as its journal names it: nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Told {
    #[n(0)]
    Position {
        #[n(0)]
        known: bool,
    },
    /// Log lines: how many bytes, and their SHA-256.
    #[n(1)]
    Logs {
        #[n(0)]
        bytes: u64,
        #[n(1)]
        sha256: Digest,
    },
}

fn some_parts<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u16, DecodeError> {
    let parts = d.u16()?;
    if (1..=MAX_REPORTS).contains(&parts) {
        Ok(parts)
    } else {
        Err(DecodeError::message(
            "an order has between one and sixteen reports",
        ))
    }
}

fn some_digests<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Digest>, DecodeError> {
    let mut named = Vec::new();
    for one in d.array_iter_with(ctx)? {
        if named.len() == MAX_NAMED {
            return Err(DecodeError::message("more acts than a statement names"));
        }
        named.push(one?);
    }
    Ok(named)
}

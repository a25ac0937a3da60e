//! The journal on its way to HQ: what a hello says of it, what HQ has, and the entries between, sealed.

use minicbor::bytes::ByteVec;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use domain::DeviceId;

use super::at_most;

/// The most entries in one piece.
pub const MAX_ENTRIES: usize = 64;
/// The most bytes that the entries of one piece take together, before sealing.
pub const MAX_ENTRY_BYTES: usize = 32 * 1024;
/// The largest signed head, in bytes.
pub const MAX_HEAD: usize = 1024;

/// What HQ has of the terminal's journal. A hello's answer has none of it for a terminal that told HQ of no journal,
/// and for one whose journal HQ takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JournalHave {
    /// How many entries, from the first.
    #[n(0)]
    pub size: u64,
}

/// A signed head, as it is in a hello and in a piece.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct SignedJournalHead(#[cbor(n(0), decode_with = "head")] pub ByteVec);

/// Entries in sequence, and the head that ends with the last of them; not signed itself, since the head states all of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct JournalPiece {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// States the digest of `sealed`.
    #[n(2)]
    pub head: SignedJournalHead,
    /// age file (X25519, HQ's sealing key) holding [`JournalEntries`]: they name officers.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// The bytes of entries as the terminal keeps them: at most [`MAX_ENTRIES`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct JournalEntries(#[cbor(n(0), decode_with = "entries")] pub Vec<ByteVec>);

fn entries<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<ByteVec>, DecodeError> {
    at_most(MAX_ENTRIES, d, ctx)
}

fn head<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<ByteVec, DecodeError> {
    let bytes = d.bytes()?;
    if bytes.len() > MAX_HEAD {
        return Err(DecodeError::message("a signed head is not so long"));
    }
    Ok(bytes.to_vec().into())
}

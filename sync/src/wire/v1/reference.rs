//! Reference data on its way down: a signed head, the parts that it names, and a hint for everybody.

use domain::natinf::ReferenceVersion;
use domain::{Digest, UnixMs};
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::at_most;
use crate::spans::Spans;

/// Content type of [`ReferenceHead`].
pub const REFERENCE: &str = "application/neo-reference+cbor;v=1";
/// Length of every part but the last, in bytes: with its frame it stays well below [`super::MAX_PACKET`].
pub const PART: usize = 128 * 1024;
/// The most parts of one set.
pub const MAX_PARTS: usize = 64;
/// The longest text of a version, in bytes.
pub const MAX_VERSION: usize = 64;
/// The longest certificate beside a head, in bytes.
const MAX_CERTIFICATE: usize = 4 * 1024;
/// The longest signed head, in bytes.
const MAX_HEAD: usize = 8 * 1024;

/// Names one published set and every byte of it; payload of a COSE_Sign1 by HQ's reference key (namespace
/// `reference`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferenceHead {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Strictly ascending from one publication to the next; a terminal never goes back.
    #[n(1)]
    pub serial: u64,
    /// The version that is in the set, and in the records drawn up under it.
    #[cbor(n(2), decode_with = "short_version")]
    pub reference: ReferenceVersion,
    /// HQ's clock when it was signed.
    #[n(3)]
    pub published: UnixMs,
    /// Length of the set (deterministic CBOR), in bytes.
    #[n(4)]
    pub length: u32,
    /// Length of the compressed set (zlib, RFC 1950), in bytes.
    #[n(5)]
    pub packed: u32,
    /// SHA-256 of each part of the compressed set, in order: of [`PART`] bytes, the last of at most as many.
    #[cbor(n(6), decode_with = "few_parts")]
    pub parts: Vec<Digest>,
}

/// What comes down on the topic of reference data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReferenceMessage {
    #[n(0)]
    Head(#[n(0)] SignedHead),
    /// Not signed: the head names its digest.
    #[n(1)]
    Part(#[n(0)] ReferencePart),
}

/// A head and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedHead {
    /// DER of the signer's certificate, which stands directly under the root.
    #[cbor(
        n(0),
        decode_with = "short_certificate",
        encode_with = "minicbor::bytes::encode"
    )]
    pub certificate: Vec<u8>,
    /// COSE_Sign1 of a [`ReferenceHead`].
    #[cbor(n(1), decode_with = "short_head", encode_with = "minicbor::bytes::encode")]
    pub head: Vec<u8>,
}

/// One part of a compressed set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferencePart {
    #[n(0)]
    pub serial: u64,
    /// From 0.
    #[n(1)]
    pub index: u32,
    #[cbor(n(2), decode_with = "short_part", encode_with = "minicbor::bytes::encode")]
    pub bytes: Vec<u8>,
}

/// Retained for all terminals: there is a set of this serial. A hint that nothing relies on, so it is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferenceHint {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub serial: u64,
}

/// A set that a terminal has in part.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferencePending {
    #[n(0)]
    pub serial: u64,
    /// Indices of the parts that are stored.
    #[n(1)]
    pub have: Spans,
}

fn few_parts<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Digest>, DecodeError> {
    at_most(MAX_PARTS, d, ctx)
}

fn short_version<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<ReferenceVersion, DecodeError> {
    let text = d.str()?;
    if text.len() > MAX_VERSION {
        return Err(DecodeError::message("the version's text is too long"));
    }
    Ok(ReferenceVersion(text.to_owned()))
}

fn short_certificate<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_CERTIFICATE, d)
}

fn short_head<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_HEAD, d)
}

fn short_part<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(PART, d)
}

fn short_bytes(limit: usize, d: &mut Decoder<'_>) -> Result<Vec<u8>, DecodeError> {
    let bytes = d.bytes()?;
    if bytes.len() > limit {
        return Err(DecodeError::message("too many bytes"));
    }
    Ok(bytes.to_vec())
}

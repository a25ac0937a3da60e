//! A configuration profile on its way down: what the reference signer signed, assigned to one terminal by the command key.

use domain::DeviceId;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

/// Content type of [`ProfileGiven`].
pub const PROFILE_GIVEN: &str = "application/neo-profile-given+cbor;v=1";
/// The longest certificate beside a profile, in bytes.
const MAX_CERTIFICATE: usize = 4 * 1024;
/// The longest signed profile, in bytes.
const MAX_PROFILE: usize = 8 * 1024;

/// Payload of a COSE_Sign1 by HQ's command key (namespace `order`): this terminal is of the ring that gets the profile,
/// so that a broker can hand it to no other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileGiven {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// That of the profile, which a terminal names even when it cannot read it.
    #[n(2)]
    pub serial: u64,
    #[n(3)]
    pub profile: SignedProfile,
}

/// A profile and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedProfile {
    /// DER of the reference signer's certificate, which stands directly under the root.
    #[cbor(
        n(0),
        decode_with = "short_certificate",
        encode_with = "minicbor::bytes::encode"
    )]
    pub certificate: Vec<u8>,
    /// COSE_Sign1 of a [`domain::profile::Profile`].
    #[cbor(n(1), decode_with = "short_profile", encode_with = "minicbor::bytes::encode")]
    pub profile: Vec<u8>,
}

fn short_certificate<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_CERTIFICATE, d)
}

fn short_profile<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_PROFILE, d)
}

fn short_bytes(limit: usize, d: &mut Decoder<'_>) -> Result<Vec<u8>, DecodeError> {
    let bytes = d.bytes()?;
    if bytes.len() > limit {
        return Err(DecodeError::message("too many bytes"));
    }
    Ok(bytes.to_vec())
}

//! Two persons' word on an order that destroys evidence, which the terminal checks itself.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

/// Content type of an approval: a COSE_Sign1 (namespace `approval`) by an approver's key, whose payload is the very
/// order, without its body.
pub const APPROVAL: &str = "application/neo-approval+cbor;v=1";
/// How many persons approve.
pub const APPROVERS: usize = 2;
/// The largest certificate or approval that is read, in bytes.
pub const MAX_APPROVAL: usize = 4096;

/// Body of a [`super::Command::WipeAll`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approvals {
    /// At most [`APPROVERS`]; fewer approve nothing.
    #[cbor(n(0), decode_with = "few")]
    pub signed: Vec<SignedApproval>,
}

/// One person's word, with the certificate that the root gave them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedApproval {
    /// DER; directly under the root, so that no key of HQ's servers makes an approver.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub certificate: Vec<u8>,
    /// COSE_Sign1 over the order.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub approval: Vec<u8>,
}

fn few<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<SignedApproval>, DecodeError> {
    let mut signed = Vec::new();
    for one in d.array_iter_with(ctx)? {
        let one: SignedApproval = one?;
        if signed.len() == APPROVERS || one.certificate.len().max(one.approval.len()) > MAX_APPROVAL {
            return Err(DecodeError::message("more than two persons' word, or too long"));
        }
        signed.push(one);
    }
    Ok(signed)
}

//! How a terminal gets and renews its certificate: the request at the bootstrap listener, and the one on its own topic.

use domain::enrolment::{Der, EnrolmentRefusal, FleetToken, Token};
use domain::{DeviceId, Digest, Timestamp};
use minicbor::{Decode, Encode};

/// Content type of a [`Renewal`].
pub const RENEWAL: &str = "application/neo-renewal+cbor;v=1";
/// Content type of an order whose payload is an age file (X25519, the terminal's certified recipient) that holds an
/// enrolment bundle.
pub const BUNDLE: &str = "application/neo-enrolment+age;v=1";

/// The most bytes of a sealed [`Knock`].
pub const MAX_KNOCK: usize = 16 * 1024;
/// The most bytes of an enrolment bundle.
pub const MAX_BUNDLE: usize = 128 * 1024;

/// What is asked at the bootstrap listener; inside an age file (X25519, HQ's sealing key).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Knock {
    /// By a phone with a ticket.
    #[n(0)]
    Enrol(#[n(0)] EnrolRequest),
    /// By a terminal whose certificate expired while it was away.
    #[n(1)]
    Renew(#[n(0)] RenewRequest),
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolRequest {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub token: Token,
    /// PKCS#10 (RFC 2986), signed by the device's key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub request: Vec<u8>,
    /// What the phone's keystore says of the key, as certificates, leaf first; its challenge is
    /// [`Token::challenge`].
    #[n(12)]
    pub attestation: Option<Vec<Der>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RenewRequest {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub fleet: FleetToken,
    /// COSE_Sign1 of a [`Renewal`] by the key of the expired certificate.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub renewal: Vec<u8>,
}

/// A terminal's wish for a certificate that lasts longer; payload of a COSE_Sign1 by the device (namespace
/// `enrolment-request`), on its topic of queries or inside a [`Knock`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Renewal {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// PKCS#10 (RFC 2986) for the key and the extensions of the certificate in use.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub request: Vec<u8>,
    #[n(3)]
    pub sent: Timestamp,
}

/// HQ's reply to a [`Knock`]; inside an age file (X25519, the recipient that the request names).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KnockAnswer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// SHA-256 of the knock's bytes before they were sealed: only who could open it can say so.
    #[n(1)]
    pub knock: Digest,
    #[n(2)]
    pub outcome: KnockOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum KnockOutcome {
    /// The enrolment bundle: a COSE_Sign1 by HQ's command key.
    #[n(0)]
    Enrolled(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    #[n(1)]
    Refused(#[n(0)] EnrolmentRefusal),
}

//! What a terminal and `neoctl` say of a seal: its words, five verdicts, the reasons, and how old the list is.

use minicbor::{Decode, Encode};

use super::field::Field;
use super::{CachetKind, CivilDate, Header};
use crate::identity::{Verdict, Verdicts};
use crate::time::UnixMs;

/// Why a verdict is not good, or what it does not cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Fault {
    /// There is no list of signers.
    #[n(0)]
    NoList,
    /// The list is past its next update.
    #[n(1)]
    ListOutdated,
    /// Nobody checked the signature that the list's author put under it.
    #[n(2)]
    ListUnverified,
    /// The format cannot be verified here, whatever is on the seal.
    #[n(3)]
    NotVerifiableHere,
    /// The signer signs specimens alone.
    #[n(4)]
    TestSigner,
    /// The certificate is not in the list.
    #[n(5)]
    SignerUnknown,
    /// The authority's certificate is not in the list.
    #[n(6)]
    AuthorityUnknown,
    /// The seal carries no signature.
    #[n(7)]
    SignatureMissing,
    /// The signature is not in the encoding that the format demands.
    #[n(8)]
    SignatureMalformed,
    /// The signature is not that of these bytes by this key.
    #[n(9)]
    SignatureWrong,
    /// The key or the signature is of a kind that is not verified here.
    #[n(10)]
    AlgorithmUnknown,
    /// The authority did not sign the certificate that bears its name.
    #[n(11)]
    NotIssuedByAuthority,
    #[n(12)]
    SignerRevoked,
    /// No list of revoked certificates of the authority is known, or only one that is past its end.
    #[n(13)]
    RevocationUnknown,
    #[n(14)]
    AuthorityRevoked,
    /// The authority was withdrawn before the seal was made.
    #[n(15)]
    AuthorityWithdrawn,
    /// Nobody says whether the authority is still recognised.
    #[n(16)]
    AuthorityUnstated,
    /// The seal says not when it was made.
    #[n(17)]
    SignatureUndated,
    /// The seal was made outside the validity of its certificate.
    #[n(18)]
    SignerOutOfDate,
    /// The document is past its end.
    #[n(19)]
    DocumentExpired,
    /// A part of the content was not recognised.
    #[n(20)]
    ContentNotWhole,
}

impl Fault {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoList => "no_list",
            Self::ListOutdated => "list_outdated",
            Self::ListUnverified => "list_unverified",
            Self::NotVerifiableHere => "not_verifiable_here",
            Self::TestSigner => "test_signer",
            Self::SignerUnknown => "signer_unknown",
            Self::AuthorityUnknown => "authority_unknown",
            Self::SignatureMissing => "signature_missing",
            Self::SignatureMalformed => "signature_malformed",
            Self::SignatureWrong => "signature_wrong",
            Self::AlgorithmUnknown => "algorithm_unknown",
            Self::NotIssuedByAuthority => "not_issued_by_authority",
            Self::SignerRevoked => "signer_revoked",
            Self::RevocationUnknown => "revocation_unknown",
            Self::AuthorityRevoked => "authority_revoked",
            Self::AuthorityWithdrawn => "authority_withdrawn",
            Self::AuthorityUnstated => "authority_unstated",
            Self::SignatureUndated => "signature_undated",
            Self::SignerOutOfDate => "signer_out_of_date",
            Self::DocumentExpired => "document_expired",
            Self::ContentNotWhole => "content_not_whole",
        }
    }
}

/// The certificate that the seal was held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerShown {
    /// The organisation that it was issued to; empty when it names none.
    pub name: String,
    pub authority: String,
    pub certificate: String,
    /// First and last day of its validity (UTC).
    pub validity: (CivilDate, CivilDate),
}

/// What the list says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAge {
    pub origin: String,
    pub sequence: u64,
    pub issued: UnixMs,
    pub next_update: Option<UnixMs>,
    pub age_days: u32,
    pub is_outdated: bool,
    /// The author's own signature over the list.
    pub signature: Verdict,
}

/// A seal with everything that was found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachetReading {
    pub kind: CachetKind,
    pub header: Header,
    /// Whom the seal names, as written; empty when nobody.
    pub authority: String,
    pub certificate: String,
    pub fields: Vec<Field>,
    /// Covered by no signature.
    pub annex: Vec<Field>,
    pub expires: Option<CivilDate>,
    /// `read`: every part of the content was recognised. `signature`: the key of the named certificate made it.
    /// `issuer_trusted`: a recognised authority issued that certificate and has not revoked it. `in_date`: the seal was
    /// made while the certificate was valid, and no end that the document states is past. `status_known`: never,
    /// offline.
    pub verdicts: Verdicts,
    /// In the order of the enum, none twice.
    pub faults: Vec<Fault>,
    pub signer: Option<SignerShown>,
    pub list: Option<ListAge>,
}

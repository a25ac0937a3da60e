//! A document in a picture, or in the keys of a scanner: what its seals say, and why nothing was read of it.

use minicbor::{Decode, Encode};

use crate::identity::Verdicts;
use crate::identity::cachet::{CachetKind, CachetReading, Fault, Field};
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// The last picture of a document that was read for a draft. Its zone is in the draft itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ScanView {
    /// A worker is at it.
    #[n(0)]
    Reading,
    #[n(1)]
    Unread(#[n(0)] ScanProblem),
    /// A zone, seals, or both; a zone alone leaves the list empty.
    #[n(2)]
    Read(#[n(0)] Vec<CachetCard>),
}

/// Why a picture or a scanner gives nothing, or not all that is on the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ScanProblem {
    /// Neither a zone nor a seal is in it.
    #[n(0)]
    NothingFound,
    /// It is no picture, or one that is too large.
    #[n(1)]
    NotAPicture,
    /// A zone is there, and more than one text fits it.
    #[n(2)]
    Ambiguous,
    /// A worker died over it.
    #[n(3)]
    Failed,
    /// A scanner typed a zone or a seal that has a wrong or missing character.
    #[n(4)]
    Misread,
    /// A scanner typed the first lines of a zone, and no others.
    #[n(5)]
    Unfinished,
    /// A scanner typed what is neither a document nor a plate.
    #[n(6)]
    Foreign,
}

/// A visible seal, with each question about it apart.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CachetCard {
    #[n(0)]
    pub kind: CachetKind,
    /// What the document is, in French; its code where no table knows it.
    #[n(1)]
    pub document: String,
    /// Whom the certificate was issued to; empty when it is not known.
    #[n(2)]
    pub signer: String,
    /// Covered by the signature.
    #[n(3)]
    pub fields: Vec<CachetLine>,
    /// Covered by nothing.
    #[n(4)]
    pub annex: Vec<CachetLine>,
    #[n(5)]
    pub verdicts: Verdicts,
    #[n(6)]
    pub faults: Vec<Fault>,
    /// When the list of signers was issued; none without a list.
    #[n(7)]
    pub list: Option<UnixMs>,
}

/// One value of a seal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CachetLine {
    #[n(0)]
    pub label: String,
    #[n(1)]
    pub value: Sensitive<String>,
}

impl From<CachetReading> for CachetCard {
    fn from(reading: CachetReading) -> Self {
        let header = reading.header;
        let lines = |fields: Vec<Field>| fields.into_iter().map(CachetLine::from).collect();
        Self {
            kind: reading.kind,
            document: header.label.or(header.document).unwrap_or_default(),
            signer: reading.signer.map(|signer| signer.name).unwrap_or_default(),
            fields: lines(reading.fields),
            annex: lines(reading.annex),
            verdicts: reading.verdicts,
            faults: reading.faults,
            list: reading.list.map(|list| list.issued),
        }
    }
}

impl From<Field> for CachetLine {
    fn from(field: Field) -> Self {
        let label = if field.label.is_empty() {
            field.code
        } else {
            field.label.to_owned()
        };
        Self {
            label,
            value: field.value,
        }
    }
}

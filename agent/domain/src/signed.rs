//! The three states that the law tells apart: a draft is the officer's, what is to be signed is complete, what is
//! signed never changes.

use crate::canonical::Digest;
use crate::id::{ActId, ActNumber};
use crate::natinf::ReferenceVersion;
use crate::photo::Photo;
use crate::piece::Piece;
use crate::record::{Act, ActKind, Context, Correction, DocumentDigest, Record, Retention};
use crate::retention::Term;
use crate::time::Timestamp;

/// A complete act, before its number and its document exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    pub(crate) id: ActId,
    pub(crate) context: Context,
    pub(crate) signed_at: Timestamp,
    pub(crate) reference: ReferenceVersion,
    pub(crate) corrects: Option<Correction>,
    pub(crate) retention: Option<Retention>,
    pub(crate) act: Act,
}

impl ToSign {
    /// A complete act that needs no form: footage taken in by the terminal.
    pub fn footage(
        id: ActId,
        context: Context,
        signed_at: Timestamp,
        reference: ReferenceVersion,
        retention: Retention,
        manifest: crate::footage::Manifest,
    ) -> Self {
        let act = Act::Footage(Box::new(manifest));
        Self {
            id,
            context,
            signed_at,
            reference,
            corrects: None,
            retention: Some(retention),
            act,
        }
    }

    /// A statement on a recording, which outlives it by the term of what is noted of its use (CSI R.241-5).
    pub fn custody(
        id: ActId,
        context: Context,
        signed_at: Timestamp,
        reference: ReferenceVersion,
        custody: crate::footage::custody::Custody,
    ) -> Self {
        let term = Term::ConsultationLog;
        Self {
            id,
            context,
            signed_at,
            reference,
            corrects: None,
            retention: Some(Retention {
                term,
                until: term.deadline(&signed_at),
            }),
            act: Act::Custody(Box::new(custody)),
        }
    }

    pub const fn id(&self) -> ActId {
        self.id
    }

    pub const fn kind(&self) -> ActKind {
        self.act.kind()
    }

    /// The photographs that travel with the act.
    pub fn photos(&self) -> &[Photo] {
        self.act.photos()
    }

    /// What a victim brought to the act.
    pub fn pieces(&self) -> &[Piece] {
        self.act.pieces()
    }

    /// The record to serialise, with the number reserved for it and without a document.
    pub fn record(&self, number: Option<ActNumber>) -> Record {
        Record {
            version: 1,
            id: self.id,
            number,
            context: self.context.clone(),
            signed_at: self.signed_at,
            reference: self.reference.clone(),
            document: None,
            corrects: self.corrects,
            retention: self.retention,
            act: self.act.clone(),
        }
    }
}

impl Record {
    /// The same record, bound to the document drawn from it.
    pub fn with_document(self, document: DocumentDigest) -> Self {
        Self {
            document: Some(document),
            ..self
        }
    }
}

/// A signed act: the bytes of its COSE_Sign1, and what lists show of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    id: ActId,
    kind: ActKind,
    number: Option<ActNumber>,
    signed_at: Timestamp,
    cose: Vec<u8>,
}

impl Signed {
    /// `cose` is the COSE_Sign1 over the deterministic bytes of `record`.
    pub const fn new(record: &Record, cose: Vec<u8>) -> Self {
        Self {
            id: record.id,
            kind: record.act.kind(),
            number: record.number,
            signed_at: record.signed_at,
            cose,
        }
    }

    pub const fn id(&self) -> ActId {
        self.id
    }

    pub const fn kind(&self) -> ActKind {
        self.kind
    }

    pub const fn number(&self) -> Option<ActNumber> {
        self.number
    }

    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    pub fn cose(&self) -> &[u8] {
        &self.cose
    }

    /// What journals, receipts and corrections name it by.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.cose)
    }
}

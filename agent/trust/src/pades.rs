//! PDF signatures that plain PDF readers show (ETSI EN 319 142-1, PAdES baseline B), for the acts that an officer
//! signs.
//!
//! The signature is an incremental update, so that the bytes that were shown and hashed stay as they are. The update
//! has exactly one form: verification rebuilds it from its parts and accepts nothing else, before it or after it.

mod cms;
mod pdf;
mod texts;
mod update;

use crate::cert::Certificate;
use crate::keys::{KeyKind, SigningKey};
use crate::{Digest, Hasher, Verdict};

use self::cms::Cms;
use self::texts::Texts;
use self::update::Layout;

/// The largest document that is signed or read, in bytes.
pub const MAX_PDF: usize = 64 * 1024 * 1024;
/// Signer, issuing authority, root, and one to spare.
const MAX_CHAIN: usize = 4;

/// Why a document is not signed, or not read as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PadesError {
    #[error("the document is larger than {MAX_PDF} bytes")]
    TooLong,
    #[error("the document is not a readable PDF with a classic cross-reference table")]
    NotAPdf,
    #[error("the document has a cross-reference stream; write it with a classic table")]
    CrossReferenceStream,
    #[error("the document is encrypted")]
    Encrypted,
    #[error("the document already has a form or a signature")]
    HasForm,
    #[error("the signing time is not a PDF date such as `D:20261121130000+01'00'`")]
    SigningTime,
    #[error("the reason or place is empty or longer than 200 characters")]
    Text,
    #[error(
        "the certificate chain is empty, longer than {MAX_CHAIN}, too large, or does not begin with a P-256 key"
    )]
    Chain,
    #[error("the signature does not verify under the certificate; ask the card again")]
    BadSignature,
    #[error("the document has no signature of this project's form")]
    NotSigned,
    #[error("the document was changed after it was signed")]
    ChangedAfterSigning,
}

/// What the signature states besides the document; never a name.
#[derive(Debug, Clone, Copy)]
pub struct SignatureMeta<'a> {
    pub reason: Option<&'a str>,
    pub location: Option<&'a str>,
    /// A PDF date (ISO 32000-1 §7.9.4), `D:20261121130000+01'00'` or with `Z`: the signer's claim.
    pub signing_time: &'a str,
    /// The signer's certificate, then those of its issuers.
    pub chain: &'a [Certificate],
}

/// A document that waits for its signature.
pub struct Prepared {
    layout: Layout,
    chain: Vec<Certificate>,
    attributes: Vec<u8>,
    message_digest: Digest,
}

/// Lays out the signature of `pdf`.
pub fn prepare(pdf: &[u8], meta: &SignatureMeta<'_>) -> Result<Prepared, PadesError> {
    let signer_fits = meta
        .chain
        .first()
        .is_some_and(|one| one.public_key().kind() == KeyKind::P256);
    if !signer_fits || meta.chain.len() > MAX_CHAIN {
        return Err(PadesError::Chain);
    }
    let texts = Texts::new(meta.signing_time, meta.reason, meta.location)?;
    let layout = Layout::new(pdf, &texts)?;
    let message_digest = digest(layout.covered());
    let attributes = cms::signed_attributes(&message_digest, meta.chain);
    Ok(Prepared {
        layout,
        chain: meta.chain.to_vec(),
        attributes,
        message_digest,
    })
}

impl Prepared {
    /// The signed attributes in DER: the bytes to sign with ECDSA over their SHA-256.
    pub fn to_be_signed(&self) -> &[u8] {
        &self.attributes
    }

    /// SHA-256 of everything in the signed file but the signature itself.
    pub fn message_digest(&self) -> Digest {
        self.message_digest
    }

    /// Puts in the DER signature, which must verify, and gives the signed document.
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, PadesError> {
        let signer = self.chain.first().ok_or(PadesError::Chain)?;
        if !signer.public_key().verifies_der(&self.attributes, signature) {
            return Err(PadesError::BadSignature);
        }
        let cms = Cms {
            chain: self.chain,
            message_digest: self.message_digest,
            signature: signature.to_vec(),
        };
        self.layout.with_signature(&cms.encode()).ok_or(PadesError::Chain)
    }
}

/// Signs `pdf` with a key held in memory.
pub fn sign(pdf: &[u8], meta: &SignatureMeta<'_>, key: &SigningKey) -> Result<Vec<u8>, PadesError> {
    let prepared = prepare(pdf, meta)?;
    let signature = key.sign_der(prepared.to_be_signed());
    prepared.finish(&signature)
}

/// What is wrong with a signed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PadesFault {
    #[error("the file has bytes that the signature does not cover")]
    NotCovered,
    #[error("the file is not the one that was signed")]
    Altered,
    #[error("the signed update changes more than the signature")]
    MoreThanASignature,
    #[error("the signature is not that of the certificate's key")]
    BadSignature,
}

/// What a signed document shows; the certificates themselves are not judged.
#[derive(Debug, Clone)]
pub struct PadesReport {
    /// Length of the document that was signed, the first bytes of the file; means nothing unless `integrity` holds.
    pub base_len: usize,
    pub covers_whole_file: bool,
    /// The signer's certificate.
    pub certificate: Certificate,
    /// The certificates of its issuers, nearest first, as the signer listed them.
    pub issuers: Vec<Certificate>,
    /// The signer's claim, as a PDF date.
    pub signing_time: String,
    /// Every byte of the file is the one that was signed, and the update is only a signature.
    pub integrity: Verdict<PadesFault>,
    /// The certificate's key signed the digest that the signature holds.
    pub signature: Verdict<PadesFault>,
}

/// Reads a signed document and checks it against its own certificate.
pub fn verify(pdf: &[u8]) -> Result<PadesReport, PadesError> {
    let found = update::find(pdf)?;
    let cms = Cms::decode(&found.contents).ok_or(PadesError::NotSigned)?;
    let (certificate, issuers) = cms.chain.split_first().ok_or(PadesError::NotSigned)?;
    let covers_whole_file = found.end == pdf.len();
    let integrity = if !covers_whole_file {
        Verdict::Failed(PadesFault::NotCovered)
    } else if digest(found.covered(pdf)) != cms.message_digest {
        Verdict::Failed(PadesFault::Altered)
    } else if !found.is_only_a_signature(pdf) {
        Verdict::Failed(PadesFault::MoreThanASignature)
    } else {
        Verdict::Ok
    };
    let attributes = cms::signed_attributes(&cms.message_digest, &cms.chain);
    let signed = certificate.public_key().verifies_der(&attributes, &cms.signature);
    Ok(PadesReport {
        base_len: found.base_len,
        covers_whole_file,
        certificate: certificate.clone(),
        issuers: issuers.to_vec(),
        signing_time: found.texts.signing_time().to_owned(),
        integrity,
        signature: if signed {
            Verdict::Ok
        } else {
            Verdict::Failed(PadesFault::BadSignature)
        },
    })
}

fn digest(pieces: [&[u8]; 2]) -> Digest {
    let mut hasher = Hasher::new();
    pieces.into_iter().for_each(|piece| hasher.update(piece));
    hasher.finish()
}

#[cfg(test)]
mod interop;
#[cfg(test)]
mod tests;

//! What becomes of complaints: a step is signed by the command key, kept for good, and told to the terminal that took
//! the complaint.

use domain::plainte::{Stage, Suivi};
use domain::record::{Act, Record};
use domain::{ActId, Digest, EnvelopeId, OfficerId, UnixMs, decode, encode};
use thiserror::Error;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

use crate::pki::Pki;
use crate::store::{NewSuivi, Store, StoreError, Transaction};

/// Why no step was kept.
#[derive(Debug, Error)]
pub enum SuiviError {
    #[error("headquarters holds no complaint in the envelope `{envelope}`; check its number")]
    NotHeld { envelope: EnvelopeId },
    #[error("the act `{act}` is no complaint; only a complaint opens a procedure that is followed")]
    NotAComplaint { act: ActId },
    #[error("the officer `{officer}` is not registered; `neoctl officer list` names those who are")]
    Nobody { officer: OfficerId },
    #[error("a complaint is `received` first, and once; this one cannot be `{stage}` now")]
    OutOfOrder { stage: &'static str },
    #[error("what became of the complaint does not read as it was signed; restore the store from its backup")]
    Refuted,
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// Signs that the complaint in `envelope` is at `stage`, and keeps it for every gateway on this store.
pub fn tell(
    store: &mut Store,
    pki: &Pki,
    envelope: EnvelopeId,
    stage: Stage,
    said_by: OfficerId,
    now: UnixMs,
) -> Result<Suivi, SuiviError> {
    let transaction = store.begin()?;
    let (digest, record) = held(&transaction, envelope)?;
    let is_complaint = matches!(&record.act, Act::Plainte(plainte) if plainte.deposit.is_plainte());
    if !is_complaint {
        return Err(SuiviError::NotAComplaint { act: record.id });
    }
    if transaction.officer(said_by)?.is_none() {
        return Err(SuiviError::Nobody { officer: said_by });
    }
    let before = transaction.suivi_of(record.id)?;
    let last = match before.last() {
        None => None,
        Some(row) => Some(verify(&row.cose, pki.command().certificate()).ok_or(SuiviError::Refuted)?),
    };
    if !stage.may_follow(last.as_ref().map(|last| &last.stage)) {
        return Err(SuiviError::OutOfOrder { stage: stage.code() });
    }
    let device = transaction
        .sender(envelope)?
        .ok_or(SuiviError::NotHeld { envelope })?;
    let suivi = Suivi {
        version: 1,
        act: record.id,
        record: digest,
        sequence: last.map_or(0, |last| last.sequence) + 1,
        at: now,
        stage,
    };
    let cose = pki
        .command()
        .sign(Namespace::Suivi, Suivi::CONTENT_TYPE, &encode(&suivi));
    transaction.insert_suivi(&NewSuivi {
        suivi: &suivi,
        cose: &cose,
        envelope,
        said_by,
        device: &device,
        officer: record.context.author.id,
    })?;
    transaction.commit()?;
    Ok(suivi)
}

/// What `cose` says, if the holder of `signer` signed it as a step.
pub fn verify(cose: &[u8], signer: &Certificate) -> Option<Suivi> {
    let signed = cose::parse(cose).ok()?;
    cose::verify(&signed, Namespace::Suivi, signer).ok()?;
    if signed.content_type != Suivi::CONTENT_TYPE {
        return None;
    }
    decode(&signed.payload)
        .ok()
        .filter(|suivi: &Suivi| suivi.version == 1)
}

fn held(transaction: &Transaction<'_>, envelope: EnvelopeId) -> Result<(Digest, Record), SuiviError> {
    let stored = transaction
        .record(envelope)?
        .ok_or(SuiviError::NotHeld { envelope })?;
    let record = cose::parse(&stored.record_cose)
        .ok()
        .and_then(|signed| decode::<Record>(&signed.payload).ok())
        .ok_or(StoreError::Corrupt { what: "record" })?;
    Ok((Digest::of(&stored.record_cose), record))
}

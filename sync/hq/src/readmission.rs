//! An officer whose code opens nothing any more is let in by telephone: HQ answers the number on their screen.
//!
//! The answer is worth nothing but for that officer, on that terminal, against that number, and the answer is written
//! down before it is given.

use domain::readmission::{Readmission, Spoken};
use domain::{DeviceId, OfficerId, UnixMs, encode};
use thiserror::Error;
use trust::cert::{Certificate, Holder};
use trust::readmission::ReadmissionKey;
use trust::seal::{Recipient, SealError, seal};

use crate::fleet::Standing;
use crate::store::{Store, StoreError, Transaction};

/// Why nobody is let in.
#[derive(Debug, Error)]
pub enum ReadmissionError {
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("the terminal `{device}` is not enrolled; check its name on the officer's screen")]
    UnknownDevice { device: DeviceId },
    #[error("the terminal `{device}` is retired; enrol another one for the officer")]
    Retired { device: DeviceId },
    #[error("the officer `{officer}` does not work with `{device}`; bind them first, if they should")]
    NotBound { officer: OfficerId, device: DeviceId },
    #[error("the officer `{officer}` is suspended; lift the suspension first, if it is over")]
    Suspended { officer: OfficerId },
    #[error("a reason is needed: who called, and what happened")]
    NoReason,
}

/// Who answers, and why.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub reason: &'a str,
    /// The context that the answer is given in.
    pub by: &'a str,
}

/// The answer to read out for `asked`, written down with its reason; asked again it is the same.
pub fn answer(
    store: &mut Store,
    asked: &Readmission,
    given: Given<'_>,
    now: UnixMs,
) -> Result<Spoken, ReadmissionError> {
    if given.reason.trim().is_empty() {
        return Err(ReadmissionError::NoReason);
    }
    let transaction = store.begin()?;
    let (device, officer) = (&asked.device, asked.officer);
    let unknown = || ReadmissionError::UnknownDevice {
        device: device.clone(),
    };
    let certificate = certificate(&transaction, device)?.ok_or_else(unknown)?;
    if transaction.standing(device)?.0 == Standing::Retired {
        let device = device.clone();
        return Err(ReadmissionError::Retired { device });
    }
    if !transaction.is_assigned(device, officer)? {
        let device = device.clone();
        return Err(ReadmissionError::NotBound { officer, device });
    }
    if transaction.suspended(officer)?.is_some_and(|since| since <= now) {
        return Err(ReadmissionError::Suspended { officer });
    }
    let key = key(&transaction, device, &certificate)?;
    transaction.note_readmission(asked, given.reason, given.by, now)?;
    transaction.commit()?;
    Ok(Spoken::from_bytes(key.response(&encode(asked))))
}

/// The terminal's readmission key, sealed to the terminal for its bundle; none for a certificate that names no recipient.
pub(crate) fn sealed_key(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    certificate: &Certificate,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(recipient) = certificate.age_recipient() else {
        return Ok(None);
    };
    let key = key(transaction, device, certificate)?;
    let sealed: Result<Vec<u8>, SealError> = seal(&[Recipient::from_bytes(*recipient)], key.bytes());
    Ok(sealed.ok())
}

fn key(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    certificate: &Certificate,
) -> Result<ReadmissionKey, StoreError> {
    let secret = transaction.readmission_secret()?;
    let spki = certificate.public_key().spki_der();
    Ok(ReadmissionKey::derive(&secret, device.as_str(), &spki))
}

fn certificate(transaction: &Transaction<'_>, device: &DeviceId) -> Result<Option<Certificate>, StoreError> {
    transaction.latest_certificate(&Holder::Device(device.to_string()))
}

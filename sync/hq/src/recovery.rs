//! Drafts of a lost or broken phone, given to another: two persons open what neither opens alone.
//!
//! The second person takes the outer seal off and hands the rest to the first, who takes off the inner one; what comes
//! out is sealed to the officer's new terminal at once.

use domain::orders::Command;
use domain::recovery::{MAX_SEALED, Recoverable};
use domain::{ActId, DeviceId, OfficerId, UnixMs, decode, encode};
use minicbor::{Decode, Encode};
use thiserror::Error;
use trust::cert::Holder;
use trust::seal::{self, Identity, Recipient};

use crate::orders::{OrderError, issue_with};
use crate::pki::Pki;
use crate::store::{KeptDraft, Store, StoreError};

/// Why a draft does not come back.
#[derive(Debug, Error)]
pub enum RecoveryError {
    #[error(
        "the draft `{draft}` is not sealed to this key; it needs the other person's, or another headquarters'"
    )]
    OtherKey { draft: ActId },
    #[error(
        "the draft `{draft}` does not read once it is opened; ask the terminal's program for its version"
    )]
    Unreadable { draft: ActId },
    #[error("the terminal `{device}` is not enrolled; enrol it for the officer first")]
    UnknownDevice { device: DeviceId },
    #[error("the officer `{officer}` is not enrolled on `{device}`; bind them first")]
    NotAssigned { officer: OfficerId, device: DeviceId },
    #[error("the order to give the draft back was not given")]
    Order(#[from] OrderError),
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// A draft without its outer seal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Peeled {
    #[n(0)]
    pub officer: OfficerId,
    #[n(1)]
    pub draft: ActId,
    /// age file to the first person.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub inner: Vec<u8>,
}

/// Takes the outer seal off, with the second person's key.
pub fn peel(kept: &[KeptDraft], second: &Identity) -> Result<Vec<Peeled>, RecoveryError> {
    let peel = |one: &KeptDraft| {
        let draft = one.draft;
        let inner = seal::open(second, &one.sealed, MAX_SEALED);
        Ok(Peeled {
            officer: one.officer,
            draft,
            inner: inner.map_err(|_| RecoveryError::OtherKey { draft })?,
        })
    };
    kept.iter().map(peel).collect()
}

/// Opens what was peeled with the first person's key and orders `device` to give it back; how many drafts that was.
/// Nothing is ordered unless every draft opens.
pub fn restore(
    store: &mut Store,
    pki: &Pki,
    peeled: &[Peeled],
    first: &Identity,
    device: &DeviceId,
    not_after: UnixMs,
    now: UnixMs,
) -> Result<usize, RecoveryError> {
    let recipient = recipient(store, device)?;
    let mut bodies = Vec::with_capacity(peeled.len());
    for Peeled {
        officer,
        draft,
        inner,
    } in peeled
    {
        let draft = *draft;
        let plain = seal::open(first, inner, MAX_SEALED).map_err(|_| RecoveryError::OtherKey { draft })?;
        let recoverable: Recoverable = decode(&plain).map_err(|_| RecoveryError::Unreadable { draft })?;
        if recoverable.officer != *officer || recoverable.draft != draft {
            return Err(RecoveryError::Unreadable { draft });
        }
        if !store.begin()?.is_assigned(device, *officer)? {
            let (officer, device) = (*officer, device.clone());
            return Err(RecoveryError::NotAssigned { officer, device });
        }
        let sealed = seal::seal(&[recipient], &encode(&recoverable));
        bodies.push(sealed.map_err(|_| RecoveryError::Unreadable { draft })?);
    }
    for body in bodies {
        issue_with(store, pki, device, (Command::Restore, Some(body)), not_after, now)?;
    }
    Ok(peeled.len())
}

fn recipient(store: &mut Store, device: &DeviceId) -> Result<Recipient, RecoveryError> {
    let holder = Holder::Device(device.to_string());
    let certificate = store.begin()?.latest_certificate(&holder)?;
    certificate
        .as_ref()
        .and_then(|certificate| certificate.age_recipient())
        .map(|recipient| Recipient::from_bytes(*recipient))
        .ok_or_else(|| RecoveryError::UnknownDevice {
            device: device.clone(),
        })
}

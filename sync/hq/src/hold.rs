//! What keeps a recording beyond its term (CSI R.241-4): an officer or headquarters within the month, and two persons to
//! end it.

use domain::footage::custody::{Hold, Procedure, Release};
use domain::officer::Matricule;
use domain::orders::{APPROVERS, SignedApproval};
use domain::{ClipId, OfficerId, UnixMs, encode};
use thiserror::Error;
use trust::approval::{self, NotApproved};
use trust::cert::Holder;
use trust::cose::Namespace;

use crate::pki::{Pki, PkiError, Signer};
use crate::store::{ReleaseWord, Store, StoreError};

/// Why nothing was held or released.
#[derive(Debug, Error)]
pub enum HoldError {
    #[error("headquarters has no recording `{clip}`; `neoctl footage list` names those that it has")]
    NotFound { clip: ClipId },
    #[error("the officer `{officer}` is not registered; `neoctl officer list` names those who are")]
    Nobody { officer: OfficerId },
    #[error("the term of the recording `{clip}` is over (CSI R.241-4); nothing keeps it any more")]
    PastTerm { clip: ClipId },
    #[error("the procedure `{procedure}` keeps this recording already")]
    Held { procedure: String },
    #[error("no procedure keeps the recording `{clip}`")]
    NotHeld { clip: ClipId },
    #[error("`{name}` has released this recording before; it takes another person")]
    Twice { name: String },
    #[error("this key approves nothing; its certificate comes from the root, by `neoctl ca sign`")]
    NotAnApprover(#[source] NotApproved),
    #[error("the root has revoked this key; another person releases")]
    Revoked,
    #[error("the words of the two persons do not hold")]
    Forged(#[source] NotApproved),
    #[error("headquarters' keys cannot be read")]
    Pki(#[from] PkiError),
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// How far a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// Another person is missing.
    Waits,
    /// The recording goes at its term, or with the next purge where that is over.
    Done,
}

/// Headquarters keeps a recording for a procedure, in the name of an officer and within its month.
pub fn hold(
    store: &mut Store,
    clip: ClipId,
    procedure: Procedure,
    officer: OfficerId,
    now: UnixMs,
) -> Result<Hold, HoldError> {
    let transaction = store.begin()?;
    let found = transaction.clip(clip)?.ok_or(HoldError::NotFound { clip })?;
    let by: Matricule = transaction
        .officer(officer)?
        .map(|officer| officer.matricule)
        .ok_or(HoldError::Nobody { officer })?;
    let life = transaction.life(clip)?.ok_or(HoldError::PastTerm { clip })?;
    let is_over = life.until.is_some_and(|until| now > until) || transaction.erased_at(clip)?.is_some();
    if is_over {
        return Err(HoldError::PastTerm { clip });
    }
    let hold = Hold {
        procedure,
        by,
        at: now,
    };
    if !transaction.hold_clip((clip, &found.device), &hold, None, now)? {
        let known = transaction.clip_hold(clip)?;
        return Err(HoldError::Held {
            procedure: known
                .map(|known| known.hold.procedure.as_str().to_owned())
                .unwrap_or_default(),
        });
    }
    transaction.commit()?;
    Ok(hold)
}

/// One person signs that the hold ends; with the second one it does.
pub fn release(
    store: &mut Store,
    pki: &Pki,
    clip: ClipId,
    person: &Signer,
    now: UnixMs,
) -> Result<Released, HoldError> {
    let certificate = person.certificate();
    approval::vouched(certificate, pki.root(), now.0).map_err(HoldError::NotAnApprover)?;
    let revoked = pki.root_crl()?;
    if revoked.is_some_and(|list| list.find(certificate.serial()).is_some()) {
        return Err(HoldError::Revoked);
    }
    let Some(Holder::Hq(name)) = certificate.holder() else {
        return Err(HoldError::NotAnApprover(NotApproved::Unreadable));
    };
    let name = name.clone();
    let transaction = store.begin()?;
    let life = transaction.life(clip)?.ok_or(HoldError::NotFound { clip })?;
    let held = transaction
        .clip_hold(clip)?
        .filter(|held| held.released_at.is_none())
        .ok_or(HoldError::NotHeld { clip })?;
    let before = transaction.releases(clip)?;
    if before.iter().any(|word| word.name == name) {
        return Err(HoldError::Twice { name });
    }
    let payload = encode(&Release {
        version: 1,
        clip,
        root: life.root,
        hold: held.hold,
    });
    let signed = SignedApproval {
        certificate: certificate.der().to_vec(),
        approval: person.sign(Namespace::Approval, Release::CONTENT_TYPE, &payload),
    };
    let word = ReleaseWord {
        name,
        at: now,
        signed,
    };
    transaction.keep_release(clip, &word)?;
    let words: Vec<ReleaseWord> = before.into_iter().chain([word]).collect();
    if words.len() < APPROVERS {
        transaction.commit()?;
        return Ok(Released::Waits);
    }
    let pairs = words.iter().map(|word| {
        (
            word.signed.certificate.as_slice(),
            word.signed.approval.as_slice(),
        )
    });
    approval::approvers(&payload, Release::CONTENT_TYPE, pairs, pki.root(), now.0)
        .map_err(HoldError::Forged)?;
    transaction.release_clip(clip, now)?;
    transaction.commit()?;
    Ok(Released::Done)
}

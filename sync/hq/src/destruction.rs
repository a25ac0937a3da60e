//! The proof of a destruction under 78-3 CPP or CSI R.241-4: HQ signs that a record is gone, and says of which only to who holds it.

use domain::record::{Record, Retention};
use domain::retention::{Destruction, Term};
use domain::{Digest, EnvelopeId, UnixMs, decode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

use crate::pki::Pki;
use crate::store::{Store, StoreError, Transaction};

/// Signed in one transaction.
const AT_ONCE: u32 = 256;

/// What a tombstone is about: HMAC-SHA-256 under `salt` of the SHA-256 of a record's COSE_Sign1.
pub fn commitment(salt: &[u8], record: &Digest) -> Digest {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes a key of any length");
    mac.update(record.as_bytes());
    Digest::from_bytes(mac.finalize().into_bytes().into())
}

/// Leaves a tombstone of the record that came in `envelope`, where 78-3 CPP is why it goes, or the month of footage.
pub(crate) fn bury(
    transaction: &Transaction<'_>,
    envelope: EnvelopeId,
    now: UnixMs,
) -> Result<(), StoreError> {
    let Some(stored) = transaction.record(envelope)? else {
        return Ok(());
    };
    let signed = cose::parse(&stored.record_cose).ok();
    let record = signed.and_then(|signed| decode::<Record>(&signed.payload).ok());
    let Some(Retention {
        term: term @ (Term::IdentityVerification | Term::Footage),
        until,
    }) = record.and_then(|record| record.retention)
    else {
        return Ok(());
    };
    let mut salt = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(salt.as_mut_slice()).expect("the operating system has randomness");
    let destruction = Destruction {
        version: 1,
        commitment: commitment(salt.as_slice(), &Digest::of(&stored.record_cose)),
        term,
        until,
        at: now,
    };
    transaction.insert_tombstone(&destruction, &salt)
}

/// Signs what was destroyed by a program that had no key at hand, or just now; how many it signed.
pub fn sign_proofs(store: &mut Store, pki: &Pki) -> Result<usize, StoreError> {
    let mut signed = 0;
    loop {
        let transaction = store.begin()?;
        let unsigned = transaction.unsigned_tombstones(AT_ONCE)?;
        if unsigned.is_empty() {
            return Ok(signed);
        }
        for (commitment, statement) in &unsigned {
            let proof = pki
                .receipt()
                .sign(Namespace::Destruction, Destruction::CONTENT_TYPE, statement);
            transaction.set_proof(*commitment, &proof)?;
        }
        transaction.commit()?;
        signed += unsigned.len();
    }
}

/// What `proof` says, if the holder of `signer` signed it.
pub fn verify(proof: &[u8], signer: &Certificate) -> Option<Destruction> {
    let signed = cose::parse(proof).ok()?;
    cose::verify(&signed, Namespace::Destruction, signer).ok()?;
    if signed.content_type != Destruction::CONTENT_TYPE {
        return None;
    }
    decode(&signed.payload)
        .ok()
        .filter(|stated: &Destruction| stated.version == 1)
}

//! What comes to the bootstrap listener, sealed, and what is answered there.

use domain::enrolment::{EnrolmentRefusal, KeyProtection};
use domain::{DeviceId, Digest, UnixMs, decode, encode};
use sync::wire::v1::{EnrolRequest, Knock, KnockAnswer, KnockOutcome, MAX_KNOCK};
use trust::cert::SigningRequest;
use trust::seal::{self, Recipient, SealError};

use crate::enrolment::EnrolmentError;
use crate::pki::{DeviceRequest, Pki};
use crate::store::{Store, StoreError};
use crate::tokens;

/// A bundle or a refusal, and to whom it is sealed.
pub(crate) type Decided = (Recipient, Result<Vec<u8>, EnrolmentRefusal>);

/// The knock in `sealed` and its digest; none when it is not for this HQ, or of another version.
pub(crate) fn opened(pki: &Pki, sealed: &[u8]) -> Option<(Knock, Digest)> {
    let bytes = seal::open(pki.identity(), sealed, MAX_KNOCK).ok()?;
    let knock: Knock = decode(&bytes).ok()?;
    let version = match &knock {
        Knock::Enrol(asked) => asked.version,
        Knock::Renew(asked) => asked.version,
    };
    (version == 1).then(|| (knock, Digest::of(&bytes)))
}

/// The answer to the knock of this digest.
pub(crate) fn answer((recipient, decided): Decided, knock: Digest) -> Result<Vec<u8>, SealError> {
    let answer = KnockAnswer {
        version: 1,
        knock,
        outcome: decided.map_or_else(KnockOutcome::Refused, KnockOutcome::Enrolled),
    };
    seal::seal(&[recipient], &encode(&answer))
}

/// Takes the token of a phone; none when nobody could be answered.
pub(crate) fn enrol(
    store: &mut Store,
    pki: &Pki,
    asked: &EnrolRequest,
    now: UnixMs,
) -> Result<Option<Decided>, StoreError> {
    let Some(request) = device_request(&asked.request) else {
        tracing::warn!("a phone asks with a request that does not hold");
        return Ok(None);
    };
    let policy = store.begin()?.key_policy()?;
    let decided = match policy.judge(&request, asked, now) {
        Ok(()) => or_refused(tokens::take(store, pki, &asked.token, &request, now))?.flatten(),
        Err(refusal) => Err(refusal),
    };
    match &decided {
        Ok(_) => tracing::info!(device = %request.device, "enrolled"),
        Err(refusal) => tracing::warn!(device = %request.device, %refusal, "not enrolled"),
    }
    Ok(Some((Recipient::from_bytes(request.recipient), decided)))
}

/// What a PKCS#10 request asks for; the model is HQ's own word.
pub(crate) fn device_request(der: &[u8]) -> Option<DeviceRequest> {
    let asked = SigningRequest::from_der(der).ok()?;
    Some(DeviceRequest {
        device: DeviceId::parse(&asked.common_name).ok()?,
        model: String::new(),
        spki: asked.public_key.spki_der(),
        recipient: asked.claims.age_recipient?,
        protection: match asked.claims.key_protection? {
            trust::keys::KeyProtection::Hardware => KeyProtection::Hardware,
            trust::keys::KeyProtection::File => KeyProtection::File,
        },
    })
}

/// A store that fails is HQ's affair; everything else is told to the terminal.
pub(crate) fn or_refused<T>(
    done: Result<T, EnrolmentError>,
) -> Result<Result<T, EnrolmentRefusal>, StoreError> {
    let refusal = match done {
        Ok(done) => return Ok(Ok(done)),
        Err(EnrolmentError::Store(error)) => return Err(error),
        Err(EnrolmentError::Pki(error)) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "no certificate was issued"
            );
            EnrolmentRefusal::BadRequest
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "no bundle was made");
            EnrolmentRefusal::HqCannot
        }
    };
    Ok(Err(refusal))
}

//! A phone with a ticket becomes a terminal: it asks HQ for its bundle, as often as it takes, with the same keys.
//!
//! The ticket is kept beside the vault until the bundle is installed, so that whatever ends the phone in between, its
//! next start goes on; HQ gives one certificate for one token, whoever was cut off.

use std::convert::Infallible;

use domain::enrolment::{Enrolment, EnrolmentRefusal, Ticket};
use domain::{Digest, Timestamp, canonical};
use sync::wire::v1::{EnrolRequest, Knock, KnockAnswer, KnockOutcome, MAX_BUNDLE};
use trust::cert::{Certificate, Claims, RequestError, UnsignedRequest};
use trust::cose;
use trust::keys::{KeyProtection, ecdsa_to_der};
use trust::seal::{self, Recipient};

use super::{EnrolError, install};
use crate::keys::{Keys, durable};
use crate::site::Site;

/// What a phone asks with its ticket, and how it knows the answer.
pub struct Asked {
    root: Digest,
    knock: Digest,
    sealed: Vec<u8>,
}

/// Makes the request of `ticket` for the keys of the vault.
pub fn ask(keys: &dyn Keys, ticket: &Ticket) -> Result<Asked, EnrolError> {
    // First: a keystore makes its key for the attestation.
    let attestation = keys.attestation(&ticket.token.challenge())?;
    let request = signing_request(keys, ticket.device.as_str())?;
    let knock = canonical::encode(&Knock::Enrol(EnrolRequest {
        version: 1,
        token: ticket.token.clone(),
        request,
        attestation: Some(attestation).filter(|chain| !chain.is_empty()),
    }));
    let hq = Recipient::from_bytes(ticket.recipient);
    Ok(Asked {
        root: ticket.root,
        knock: Digest::of(&knock),
        sealed: seal::seal(&[hq], &knock).map_err(|_| EnrolError::Unsealed)?,
    })
}

impl Asked {
    /// What goes to the bootstrap listener: nobody but HQ reads it.
    pub fn request(&self) -> &[u8] {
        &self.sealed
    }

    /// HQ's bundle in `answer`, and the root that the ticket pins; installing checks the rest.
    pub fn bundle(&self, keys: &dyn Keys, answer: &[u8]) -> Result<(Vec<u8>, Certificate), EnrolError> {
        let bundle = answered(keys, &self.knock, answer).ok_or(EnrolError::Unreadable)??;
        let signed = cose::parse(&bundle).map_err(|_| EnrolError::Unreadable)?;
        let enrolment: Enrolment = canonical::decode(&signed.payload).map_err(|_| EnrolError::Unreadable)?;
        let root = Certificate::from_der(&enrolment.root.0).map_err(|_| EnrolError::Unreadable)?;
        if root.public_key().fingerprint().0 == *self.root.as_bytes() {
            Ok((bundle, root))
        } else {
            Err(EnrolError::NotFromHq)
        }
    }
}

/// Why a phone does not join: the way to HQ, or what came over it.
#[derive(Debug, thiserror::Error)]
pub enum JoinError<E: std::error::Error + 'static = Infallible> {
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    #[error("HQ was not reached")]
    Exchange(#[source] E),
}

/// Enrols the terminal of `site` with `ticket`; `exchange` takes the request to HQ and brings the answer.
pub fn join<E: std::error::Error>(
    site: &Site,
    keys: &dyn Keys,
    ticket: &Ticket,
    now: Timestamp,
    exchange: impl FnOnce(&Ticket, &[u8]) -> Result<Vec<u8>, E>,
) -> Result<Enrolment, JoinError<E>> {
    durable::replace(&site.ticket(), ticket.to_text().as_bytes()).map_err(EnrolError::Keys)?;
    let asked = ask(keys, ticket)?;
    let answer = exchange(ticket, asked.request()).map_err(JoinError::Exchange)?;
    let read = asked.bundle(keys, &answer);
    if let Err(EnrolError::Refused(refusal)) = &read
        && *refusal != EnrolmentRefusal::HqCannot
    {
        // No later try with it goes better.
        forget_ticket(site)?;
    }
    let (bundle, root) = read?;
    let enrolment = install(site, keys, &bundle, &root, now)?;
    forget_ticket(site)?;
    Ok(enrolment)
}

/// The ticket with which an enrolment was begun and not finished.
pub fn kept_ticket(site: &Site) -> Option<Ticket> {
    let bytes = durable::read(&site.ticket()).ok()?;
    Ticket::parse(std::str::from_utf8(&bytes).ok()?).ok()
}

/// The ticket is of no more use.
pub fn forget_ticket(site: &Site) -> Result<(), EnrolError> {
    Ok(durable::remove(&site.ticket())?)
}

/// The PKCS#10 request for the vault's device key under the name `device`.
pub(crate) fn signing_request(keys: &dyn Keys, device: &str) -> Result<Vec<u8>, EnrolError> {
    let claims = Claims {
        age_recipient: Some(*keys.identity().recipient().as_bytes()),
        key_protection: Some(match keys.protection() {
            domain::enrolment::KeyProtection::Hardware => KeyProtection::Hardware,
            domain::enrolment::KeyProtection::File => KeyProtection::File,
        }),
        ..Claims::default()
    };
    let unsigned = UnsignedRequest::new(&keys.public_key(), device, &claims)?;
    let signature = keys.sign(unsigned.to_be_signed())?;
    let signature = ecdsa_to_der(&signature).map_err(|_| RequestError::Signature)?;
    Ok(unsigned.assemble(&signature)?)
}

/// The outcome in an answer to the knock of this digest; none for anything else.
pub(crate) fn answered(
    keys: &dyn Keys,
    knock: &Digest,
    answer: &[u8],
) -> Option<Result<Vec<u8>, EnrolError>> {
    let opened = seal::open(keys.identity(), answer, MAX_BUNDLE).ok()?;
    let answer: KnockAnswer = canonical::decode(&opened).ok()?;
    if answer.version != 1 || answer.knock != *knock {
        return None;
    }
    Some(match answer.outcome {
        KnockOutcome::Enrolled(bundle) => Ok(bundle),
        KnockOutcome::Refused(refusal) => Err(EnrolError::Refused(refusal)),
    })
}

//! One-time enrolment tokens: issued for one terminal, handed over as a ticket, taken once.
//!
//! A terminal has at most one token that counts. Taking it, issuing the certificate and keeping the answer are one
//! commit, so that a lost answer is given again to the same key and a second certificate never exists.

use domain::enrolment::{Address, EnrolmentRefusal, Ticket, Token};
use domain::{DeviceId, Digest, OfficerId, UnixMs};
use minicbor::{Decode, Encode};
use trust::cert::Holder;

use crate::enrolment::{self, Allotment, EnrolmentError};
use crate::pki::{DeviceRequest, Pki};
use crate::store::{Claim, Store, Transaction};

/// How long a token counts unless its issuer says otherwise, in milliseconds.
pub const LASTING: i64 = UnixMs::DAY;

/// What a token entitles to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    #[n(0)]
    pub device: DeviceId,
    /// What people call the hardware.
    #[n(1)]
    pub model: String,
    /// Enrolled officers who will work with the terminal, besides those who do already.
    #[n(2)]
    pub officers: Vec<OfficerId>,
    /// How many act numbers the terminal begins with.
    #[n(3)]
    pub numbers: u32,
}

/// A token as HQ remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    pub digest: Digest,
    pub device: DeviceId,
    pub issued: UnixMs,
    pub expires: UnixMs,
    pub standing: Standing,
    /// How often another key tried to take it.
    pub disputes: u32,
}

/// What became of a token. One that is open counts until it expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    Taken(UnixMs),
    Revoked(UnixMs),
}

/// Draws a token for the grant's terminal, valid for `lasting_ms`; its earlier ones that nobody took are withdrawn.
pub fn issue(
    store: &mut Store,
    grant: &Grant,
    lasting_ms: i64,
    now: UnixMs,
) -> Result<(Token, UnixMs), EnrolmentError> {
    let transaction = store.begin()?;
    let drawn = issue_in(&transaction, grant, lasting_ms, now)?;
    transaction.commit()?;
    Ok(drawn)
}

/// [`issue`] as a part of a larger commit.
pub fn issue_in(
    transaction: &Transaction<'_>,
    grant: &Grant,
    lasting_ms: i64,
    now: UnixMs,
) -> Result<(Token, UnixMs), EnrolmentError> {
    for &officer in &grant.officers {
        let certificate = transaction.latest_certificate(&Holder::Agent(officer.to_string()))?;
        if certificate.is_none() || transaction.officer(officer)?.is_none() {
            return Err(EnrolmentError::UnknownOfficer { officer });
        }
    }
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    let token = Token::from_bytes(bytes);
    let expires = now.plus(lasting_ms);
    transaction.revoke_tokens(&grant.device, now)?;
    transaction.insert_token(&token, grant, expires, now)?;
    Ok((token, expires))
}

/// What the terminal is handed, as a QR code or as text.
pub fn ticket(pki: &Pki, broker: Address, device: DeviceId, token: Token, expires: UnixMs) -> Ticket {
    Ticket {
        broker,
        root: Digest::from_bytes(pki.root().public_key().fingerprint().0),
        token,
        device,
        expires,
        recipient: *pki.recipient().as_bytes(),
    }
}

/// Withdraws the tokens of `device` that nobody took; how many there were.
pub fn revoke(store: &mut Store, device: &DeviceId, now: UnixMs) -> Result<u64, EnrolmentError> {
    let transaction = store.begin()?;
    let revoked = transaction.revoke_tokens(device, now)?;
    transaction.commit()?;
    Ok(revoked)
}

/// Takes `token` for the keys of `request`: the terminal's signed bundle, the same each time for the same key.
///
/// The certificate, the registry, the numbers and the answer are one commit.
pub fn take(
    store: &mut Store,
    pki: &Pki,
    token: &Token,
    request: &DeviceRequest,
    now: UnixMs,
) -> Result<Result<Vec<u8>, EnrolmentRefusal>, EnrolmentError> {
    let key = Digest::of(&request.spki);
    let transaction = store.begin()?;
    let answer = match transaction.claim_token(token, &key, now)? {
        Claim::Answered(bundle) => Ok(bundle),
        Claim::Refused(refusal) => Err(refusal),
        Claim::Open(grant) if grant.device != request.device => Err(EnrolmentRefusal::OtherDevice),
        Claim::Open(grant) => {
            let request = DeviceRequest {
                model: grant.model.clone(),
                ..request.clone()
            };
            enrolment::certify(&transaction, pki, &request, now)?;
            let numbers = Allotment {
                year: year(now),
                count: grant.numbers,
            };
            let bundle = enrolment::bundle(&transaction, pki, &grant.device, &grant.officers, numbers, now)?;
            transaction.take_token(token, &key, &bundle, now)?;
            Ok(bundle)
        }
    };
    if answer == Err(EnrolmentRefusal::TakenByAnother) {
        tracing::warn!(device = %request.device, "another key shows a token that was taken");
    }
    transaction.commit()?;
    Ok(answer)
}

/// The year of act numbers: that of Paris.
fn year(now: UnixMs) -> u16 {
    let moment = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    let paris = jiff::tz::TimeZone::get("Europe/Paris").unwrap_or(jiff::tz::TimeZone::UTC);
    u16::try_from(moment.to_zoned(paris).year()).unwrap_or_default()
}

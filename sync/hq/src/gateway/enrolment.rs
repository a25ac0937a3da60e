//! Certificates over the wire: a phone's first, a terminal's next, and bundles that came to be out of date.
//!
//! A certificate is issued in the commit that answers for it, and only when the one before nears its end: whoever asks
//! again gets the same again.

use domain::enrolment::EnrolmentRefusal;
use domain::{DeviceId, UnixMs, decode};
use sync::wire::v1::{BUNDLE, Knock, RenewRequest, Renewal};
use sync::{DownLane, Topic, VisitId, Way};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Namespace, Signed};
use trust::seal::{self, Recipient};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};
use crate::enrolment;
use crate::knock::{self, Decided, device_request, or_refused};
use crate::pki::{DeviceRequest, Pki};
use crate::store::Transaction;

/// A certificate is followed by another when it lasts no longer than this, in milliseconds.
const RENEWED_BEFORE: i64 = 30 * UnixMs::DAY;

impl Gateway {
    /// A message of the bootstrap listener. Who sent it is known when it is opened, or never.
    pub(super) fn receive_knock(
        &mut self,
        visit: VisitId,
        sealed: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let Some((knock, digest)) = knock::opened(&self.pki, sealed) else {
            tracing::warn!("a knock that cannot be opened was dropped");
            return Ok(Vec::new());
        };
        let decided = match knock {
            Knock::Enrol(asked) => knock::enrol(&mut self.store, &self.pki, &asked, now)?,
            Knock::Renew(asked) => self.renew_late(&asked, now)?,
        };
        let Some(decided) = decided else {
            return Ok(Vec::new());
        };
        let topic = Topic::Bootstrap(visit, Way::Down);
        let payload = knock::answer(decided, digest).map_err(GatewayError::Seal)?;
        Ok(vec![Outgoing { topic, payload }])
    }

    /// A terminal whose certificate expired: the signature counts whatever the date, as long as nobody revoked it.
    fn renew_late(&mut self, asked: &RenewRequest, now: UnixMs) -> Result<Option<Decided>, GatewayError> {
        let transaction = self.store.begin()?;
        let signed = cose::parse(&asked.renewal).ok();
        let renewal = signed.and_then(|signed| Some((decode::<Renewal>(&signed.payload).ok()?, signed)));
        let Some((renewal, signed)) = renewal else {
            return Ok(None);
        };
        if asked.fleet != transaction.fleet_token()? {
            tracing::warn!(device = %renewal.device, "a stranger asks for a renewal");
            return Ok(None);
        }
        let fingerprint = signed.x5t;
        let signer = match fingerprint {
            Some(fingerprint) => self
                .signers
                .find(&self.pki, &transaction, &fingerprint, Profile::Device)?,
            None => None,
        };
        let holder = Holder::Device(renewal.device.to_string());
        let signer = signer
            .map(|signer| signer.certificate.clone())
            .filter(|certificate| certificate.holder() == Some(&holder))
            .filter(|certificate| cose::verify(&signed, Namespace::EnrolmentRequest, certificate).is_ok());
        let Some(signer) = signer else {
            tracing::warn!(device = %renewal.device, "a late renewal that nobody vouches for was dropped");
            return Ok(None);
        };
        let Some(recipient) = signer.age_recipient().copied().map(Recipient::from_bytes) else {
            return Ok(None);
        };
        let decided = renew(&transaction, &self.pki, &renewal, &signer, now)?;
        transaction.commit()?;
        Ok(Some((recipient, decided)))
    }

    /// A terminal on the network whose certificate nears its end.
    pub(super) fn receive_renewal(
        &mut self,
        device: &DeviceId,
        signed: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let Ok(renewal) = decode::<Renewal>(&signed.payload) else {
            return Ok(Vec::new());
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let signer = desk
            .by_device(signed, Namespace::EnrolmentRequest, renewal.sent.utc)?
            .cloned();
        let Some(signer) = signer.filter(|_| renewal.device == *device && renewal.version == 1) else {
            tracing::warn!(%device, "renewal refused");
            return Ok(Vec::new());
        };
        let decided = renew(&transaction, &self.pki, &renewal, &signer, now)?;
        transaction.commit()?;
        match decided {
            Ok(bundle) => Ok(vec![told(&self.pki, device, &signer, &bundle)?]),
            Err(refusal) => {
                tracing::warn!(%device, %refusal, "not renewed");
                Ok(Vec::new())
            }
        }
    }
}

impl Desk<'_> {
    /// The terminal's bundle, when the one that it has was issued before something changed. `signer` is the
    /// certificate that it says hello with.
    pub(super) fn bundle_after(
        &self,
        issued: UnixMs,
        signer: &Certificate,
    ) -> Result<Option<Outgoing>, GatewayError> {
        if issued >= self.transaction.bundle_due(self.device)? {
            return Ok(None);
        }
        // A terminal that was enrolled again with other keys has its own.
        if !is_latest_key(self.transaction, self.device, signer)? {
            return Ok(None);
        }
        match or_refused(enrolment::renewed_bundle(
            self.transaction,
            self.pki,
            self.device,
            self.now,
        ))? {
            Ok(bundle) => Ok(Some(told(self.pki, self.device, signer, &bundle)?)),
            Err(_) => Ok(None),
        }
    }
}

/// Another certificate for the key and the claims of `signer`; the last one again while it lasts.
fn renew(
    transaction: &Transaction<'_>,
    pki: &Pki,
    renewal: &Renewal,
    signer: &Certificate,
    now: UnixMs,
) -> Result<Result<Vec<u8>, EnrolmentRefusal>, GatewayError> {
    let Some(request) = device_request(&renewal.request) else {
        return Ok(Err(EnrolmentRefusal::BadRequest));
    };
    let same = request.device == renewal.device
        && request.spki == signer.public_key().spki_der()
        && Some(&request.recipient) == signer.age_recipient();
    if !same {
        return Ok(Err(EnrolmentRefusal::BadRequest));
    }
    let holder = Holder::Device(renewal.device.to_string());
    let Some(latest) = transaction.latest_certificate(&holder)? else {
        return Ok(Err(EnrolmentRefusal::NotVouched));
    };
    let revoked = transaction.revoked_at(&latest.fingerprint())?.is_some();
    if revoked || latest.public_key() != signer.public_key() {
        return Ok(Err(EnrolmentRefusal::NotVouched));
    }
    let device = &renewal.device;
    let (_, last) = latest.validity_unix_ms();
    if last <= now.plus(RENEWED_BEFORE).0 {
        let Some((terminal, _)) = transaction.device(device)? else {
            return Ok(Err(EnrolmentRefusal::NotVouched));
        };
        let request = DeviceRequest {
            model: terminal.model,
            protection: terminal.protection,
            ..request
        };
        if let Err(refusal) = or_refused(enrolment::certify(transaction, pki, &request, now))? {
            return Ok(Err(refusal));
        }
        // An answer that is lost is given again at the next hello.
        transaction.outdate_bundle(device, now)?;
        tracing::info!(%device, "certificate renewed");
    }
    Ok(or_refused(enrolment::renewed_bundle(
        transaction,
        pki,
        device,
        now,
    ))?)
}

fn is_latest_key(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    certificate: &Certificate,
) -> Result<bool, GatewayError> {
    let latest = transaction.latest_certificate(&Holder::Device(device.to_string()))?;
    Ok(latest.is_some_and(|latest| latest.public_key() == certificate.public_key()))
}

/// The message that carries a bundle to a terminal that knows HQ.
fn told(
    pki: &Pki,
    device: &DeviceId,
    certificate: &Certificate,
    bundle: &[u8],
) -> Result<Outgoing, GatewayError> {
    let recipients = certificate.age_recipient().copied().map(Recipient::from_bytes);
    let sealed = seal::seal(recipients.as_slice(), bundle).map_err(GatewayError::Seal)?;
    Ok(Outgoing {
        topic: Topic::Down(device.clone(), DownLane::Cmd),
        payload: pki.command().sign(Namespace::Order, BUNDLE, &sealed),
    })
}

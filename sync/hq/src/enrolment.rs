//! Enrolment: certificates go out and are remembered, numbers are allotted, and a terminal gets its bundle.
//!
//! Whatever a certificate is issued for is in the store before the certificate leaves.

use std::path::Path;

use domain::enrolment::{Der, EnrolledOfficer, Enrolment, NumberRange, Terminal};
use domain::officer::Officer;
use domain::{CameraId, DeviceId, JournalId, OfficerId, UnixMs, encode};
use sync::wire::v1::Knock;
use thiserror::Error;
use trust::cert::{Certificate, Holder};
use trust::cose::Namespace;
use trust::seal::SealError;

use crate::knock;
use crate::pki::{CameraRequest, DeviceRequest, OfficerRequest, Pki, PkiError};
use crate::readmission;
use crate::store::{Store, StoreError, Transaction};

/// Content type of an enrolment bundle's COSE_Sign1.
pub const CONTENT_TYPE: &str = "application/neo-enrolment+cbor;v=1";

/// Why somebody or something is not enrolled.
#[derive(Debug, Error)]
pub enum EnrolmentError {
    #[error("cannot issue the certificate")]
    Pki(#[from] PkiError),
    #[error("cannot write the registry")]
    Store(#[from] StoreError),
    #[error("the terminal `{device}` is not enrolled; enrol it first")]
    UnknownDevice { device: DeviceId },
    #[error("the officer `{officer}` is not enrolled; enrol them first")]
    UnknownOfficer { officer: OfficerId },
    #[error("the camera `{camera}` is not enrolled, or is revoked already")]
    UnknownCamera { camera: CameraId },
    #[error("the request is for `{asked}` and the officer is `{officer}`")]
    OtherOfficer { asked: OfficerId, officer: OfficerId },
    #[error("cannot seal the answer")]
    Seal(#[source] SealError),
    #[error("no {count} act numbers are left for {year}")]
    NumbersExhausted { year: u16, count: u32 },
}

/// How many numbers a terminal gets, for which year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allotment {
    pub year: u16,
    pub count: u32,
}

/// The registry of one HQ; it may work while the gateway does.
pub struct Registry {
    pki: Pki,
    store: Store,
}

impl Registry {
    /// `dir` is the gateway's folder.
    pub fn open(pki: Pki, dir: &Path) -> Result<Self, EnrolmentError> {
        let store = Store::open(dir)?.with_key(pki.identity().clone());
        Ok(Self { pki, store })
    }

    pub const fn pki(&self) -> &Pki {
        &self.pki
    }

    pub const fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// The terminal's chain, leaf first; asked again, it gets a new certificate and keeps its numbers.
    pub fn enrol_device(
        &mut self,
        request: &DeviceRequest,
        now: UnixMs,
    ) -> Result<Vec<Certificate>, EnrolmentError> {
        let transaction = self.store.begin()?;
        let chain = certify(&transaction, &self.pki, request, now)?;
        transaction.commit()?;
        Ok(chain)
    }

    /// Answers what a phone with a ticket asks, as a gateway does at the bootstrap listener; none for anything else.
    pub fn knock(&mut self, sealed: &[u8], now: UnixMs) -> Result<Option<Vec<u8>>, EnrolmentError> {
        let Some((Knock::Enrol(asked), digest)) = knock::opened(&self.pki, sealed) else {
            return Ok(None);
        };
        let decided = knock::enrol(&mut self.store, &self.pki, &asked, now)?;
        let answer = decided.map(|decided| knock::answer(decided, digest));
        answer.transpose().map_err(EnrolmentError::Seal)
    }

    pub fn enrol_officer(
        &mut self,
        officer: &Officer,
        request: &OfficerRequest,
        now: UnixMs,
    ) -> Result<Certificate, EnrolmentError> {
        if officer.id != request.officer {
            return Err(EnrolmentError::OtherOfficer {
                asked: request.officer,
                officer: officer.id,
            });
        }
        let certificate = self.pki.enrol_officer(request, now)?;
        let transaction = self.store.begin()?;
        transaction.put_officer(officer)?;
        transaction.insert_certificate(&certificate, now)?;
        transaction.commit()?;
        Ok(certificate)
    }

    pub fn enrol_camera(
        &mut self,
        request: &CameraRequest,
        now: UnixMs,
    ) -> Result<Certificate, EnrolmentError> {
        let certificate = self.pki.enrol_camera(request, now)?;
        let transaction = self.store.begin()?;
        transaction.insert_certificate(&certificate, now)?;
        transaction.commit()?;
        Ok(certificate)
    }

    /// From `now` on the camera's footage is refused; what it recorded before stays acceptable.
    pub fn revoke_camera(&mut self, camera: &CameraId, now: UnixMs) -> Result<(), EnrolmentError> {
        let transaction = self.store.begin()?;
        if !transaction.revoke(&Holder::Camera(camera.to_string()), now)? {
            let camera = camera.clone();
            return Err(EnrolmentError::UnknownCamera { camera });
        }
        Ok(transaction.commit()?)
    }

    /// The bundle of an enrolled terminal: a COSE_Sign1 by the command key (namespace `order`) of an
    /// [`Enrolment`]. The officers are assigned to the terminal, besides those who are already; numbers are allotted
    /// once a year.
    pub fn enrolment_bundle(
        &mut self,
        device: &DeviceId,
        officers: &[OfficerId],
        numbers: Allotment,
        now: UnixMs,
    ) -> Result<Vec<u8>, EnrolmentError> {
        let transaction = self.store.begin()?;
        let bundle = bundle(&transaction, &self.pki, device, officers, numbers, now)?;
        transaction.commit()?;
        Ok(bundle)
    }

    /// Lets an enrolled officer work with an enrolled terminal, which is given another bundle at its next hello.
    pub fn assign(
        &mut self,
        device: &DeviceId,
        officer: OfficerId,
        now: UnixMs,
    ) -> Result<(), EnrolmentError> {
        let transaction = self.store.begin()?;
        if !transaction.is_device(device)? {
            let device = device.clone();
            return Err(EnrolmentError::UnknownDevice { device });
        }
        enrolled(&transaction, officer)?;
        transaction.assign(device, officer)?;
        transaction.outdate_bundle(device, now)?;
        Ok(transaction.commit()?)
    }
}

/// Issues a terminal's certificate and registers both: the chain, leaf first.
pub(crate) fn certify(
    transaction: &Transaction<'_>,
    pki: &Pki,
    request: &DeviceRequest,
    now: UnixMs,
) -> Result<Vec<Certificate>, EnrolmentError> {
    let chain = pki.enrol_device(request, now)?;
    let terminal = Terminal {
        device: request.device.clone(),
        model: request.model.clone(),
        protection: request.protection,
    };
    let before = transaction.latest_certificate(&Holder::Device(request.device.to_string()))?;
    let journal = JournalId::from_bytes(draw_id(now));
    transaction.insert_device(&terminal, journal, now)?;
    // New keys are a new device database: the journal in it begins anew.
    if before.is_some_and(|before| before.public_key().spki_der() != request.spki) {
        transaction.renew_journal(&request.device, journal, now)?;
        transaction.forget_duty(&request.device)?;
    }
    if let Some(leaf) = chain.first() {
        transaction.insert_certificate(leaf, now)?;
    }
    Ok(chain)
}

/// The bundle of a terminal that begins to work: `officers` are assigned to it, and it has numbers.
pub(crate) fn bundle(
    transaction: &Transaction<'_>,
    pki: &Pki,
    device: &DeviceId,
    officers: &[OfficerId],
    numbers: Allotment,
    now: UnixMs,
) -> Result<Vec<u8>, EnrolmentError> {
    if !transaction.is_device(device)? {
        let device = device.clone();
        return Err(EnrolmentError::UnknownDevice { device });
    }
    for &officer in officers {
        enrolled(transaction, officer)?;
        transaction.assign(device, officer)?;
    }
    let Allotment { year, count } = numbers;
    let numbers = transaction
        .allot(device, year, count)?
        .ok_or(EnrolmentError::NumbersExhausted { year, count })?;
    written(transaction, pki, device, numbers, now)
}

/// The bundle of a terminal that works: what is true of it at `now`. Its numbers are those that it has.
pub(crate) fn renewed_bundle(
    transaction: &Transaction<'_>,
    pki: &Pki,
    device: &DeviceId,
    now: UnixMs,
) -> Result<Vec<u8>, EnrolmentError> {
    let numbers = transaction.latest_range(device)?;
    let numbers = numbers.ok_or_else(|| EnrolmentError::UnknownDevice {
        device: device.clone(),
    })?;
    written(transaction, pki, device, numbers, now)
}

fn written(
    transaction: &Transaction<'_>,
    pki: &Pki,
    device: &DeviceId,
    numbers: NumberRange,
    now: UnixMs,
) -> Result<Vec<u8>, EnrolmentError> {
    let unknown = || EnrolmentError::UnknownDevice {
        device: device.clone(),
    };
    let (terminal, journal) = transaction.device(device)?.ok_or_else(unknown)?;
    let leaf = transaction
        .latest_certificate(&Holder::Device(device.to_string()))?
        .ok_or_else(unknown)?;
    let officers = transaction.assigned(device)?;
    let officers = officers.into_iter().map(|officer| enrolled(transaction, officer));
    let bundle = Enrolment {
        terminal,
        journal,
        numbers,
        officers: officers.collect::<Result<_, _>>()?,
        hq_recipient: *pki.recipient().as_bytes(),
        device_chain: vec![der(&leaf), der(pki.issuing())],
        receipt_certificate: der(pki.receipt().certificate()),
        command_certificate: der(pki.command().certificate()),
        root: der(pki.root()),
        issued: now,
        fleet: Some(transaction.fleet_token()?),
        recovery: pki.recovery(),
        readmission: readmission::sealed_key(transaction, device, &leaf)?,
    };
    Ok(pki
        .command()
        .sign(Namespace::Order, CONTENT_TYPE, &encode(&bundle)))
}

fn enrolled(transaction: &Transaction<'_>, officer: OfficerId) -> Result<EnrolledOfficer, EnrolmentError> {
    let certificate = transaction.latest_certificate(&Holder::Agent(officer.to_string()))?;
    let (Some(known), Some(certificate)) = (transaction.officer(officer)?, certificate) else {
        return Err(EnrolmentError::UnknownOfficer { officer });
    };
    Ok(EnrolledOfficer {
        officer: known,
        certificate: der(&certificate),
    })
}

fn der(certificate: &Certificate) -> Der {
    Der(certificate.der().to_vec())
}

/// A UUID of version 7 (RFC 9562 §5.7).
pub(crate) fn draw_id(now: UnixMs) -> [u8; 16] {
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("the operating system has randomness");
    id[..6].copy_from_slice(&now.0.to_be_bytes()[2..]);
    id[6] = id[6] & 0x0f | 0x70;
    id[8] = id[8] & 0x3f | 0x80;
    id
}

//! Enrolment: certificates go out and are remembered, numbers are allotted, and a terminal gets its bundle.
//!
//! Whatever a certificate is issued for is in the store before the certificate leaves.

use std::path::Path;

use domain::enrolment::{Der, EnrolledOfficer, Enrolment, Terminal};
use domain::officer::Officer;
use domain::{CameraId, DeviceId, JournalId, OfficerId, UnixMs, encode};
use thiserror::Error;
use trust::cert::{Certificate, Holder};
use trust::cose::Namespace;

use crate::pki::{CameraRequest, DeviceRequest, OfficerRequest, Pki, PkiError};
use crate::store::{Store, StoreError};

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
        let chain = self.pki.enrol_device(request, now)?;
        let terminal = Terminal {
            device: request.device.clone(),
            model: request.model.clone(),
            protection: request.protection,
        };
        let transaction = self.store.begin()?;
        let before = transaction.latest_certificate(&Holder::Device(request.device.to_string()))?;
        let journal = JournalId::from_bytes(draw_id(now));
        transaction.insert_device(&terminal, journal, now)?;
        // New keys are a new device database: the journal in it begins anew.
        if before.is_some_and(|before| before.public_key().spki_der() != request.spki) {
            transaction.renew_journal(&request.device, journal, now)?;
        }
        if let Some(leaf) = chain.first() {
            transaction.insert_certificate(leaf, now)?;
        }
        transaction.commit()?;
        Ok(chain)
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
    /// [`Enrolment`]. The officers are assigned to the terminal; numbers are allotted once a year.
    pub fn enrolment_bundle(
        &mut self,
        device: &DeviceId,
        officers: &[OfficerId],
        numbers: Allotment,
        now: UnixMs,
    ) -> Result<Vec<u8>, EnrolmentError> {
        let unknown = || EnrolmentError::UnknownDevice {
            device: device.clone(),
        };
        let transaction = self.store.begin()?;
        let (terminal, journal) = transaction.device(device)?.ok_or_else(unknown)?;
        let leaf = transaction
            .latest_certificate(&Holder::Device(device.to_string()))?
            .ok_or_else(unknown)?;
        let numbers = transaction.allot(device, numbers.year, numbers.count)?.ok_or(
            EnrolmentError::NumbersExhausted {
                year: numbers.year,
                count: numbers.count,
            },
        )?;
        let mut enrolled = Vec::with_capacity(officers.len());
        for &officer in officers {
            let unknown = EnrolmentError::UnknownOfficer { officer };
            let certificate = transaction.latest_certificate(&Holder::Agent(officer.to_string()))?;
            let (Some(known), Some(certificate)) = (transaction.officer(officer)?, certificate) else {
                return Err(unknown);
            };
            transaction.assign(device, officer)?;
            enrolled.push(EnrolledOfficer {
                officer: known,
                certificate: der(&certificate),
            });
        }
        transaction.commit()?;
        let bundle = Enrolment {
            terminal,
            journal,
            numbers,
            officers: enrolled,
            hq_recipient: *self.pki.recipient().as_bytes(),
            device_chain: vec![der(&leaf), der(self.pki.issuing())],
            receipt_certificate: der(self.pki.receipt().certificate()),
            command_certificate: der(self.pki.command().certificate()),
            root: der(self.pki.root()),
            issued: now,
            recovery: self.pki.recovery(),
        };
        Ok(self
            .pki
            .command()
            .sign(Namespace::Order, CONTENT_TYPE, &encode(&bundle)))
    }
}

fn der(certificate: &Certificate) -> Der {
    Der(certificate.der().to_vec())
}

/// A UUID of version 7 (RFC 9562 §5.7).
fn draw_id(now: UnixMs) -> [u8; 16] {
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("the operating system has randomness");
    id[..6].copy_from_slice(&now.0.to_be_bytes()[2..]);
    id[6] = id[6] & 0x0f | 0x70;
    id[8] = id[8] & 0x3f | 0x80;
    id
}

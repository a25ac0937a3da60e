//! The first hour of a terminal: fresh keys, HQ's signed bundle checked against the root in hand.

pub mod bootstrap;
pub mod desk;
pub mod joining;

use std::sync::Arc;

use domain::enrolment::{Enrolment, EnrolmentRefusal};
use domain::{Timestamp, UnixMs, canonical};
use thiserror::Error;
use trust::cert::{Certificate, Profile, RequestError, verify_chain};
use trust::cose::{self, Namespace};

use crate::engine::device_db_key;
use crate::keys::{self, Keys, KeysError, VaultKind};
use crate::site::Site;
use crate::store::{DeviceStore, OpenError};

/// Why a terminal is not enrolled.
#[derive(Debug, Error)]
pub enum EnrolError {
    #[error("could not make the terminal's folder")]
    Folder(#[source] std::io::Error),
    #[error("could not open the terminal's keys")]
    Keys(#[from] KeysError),
    #[error("the enrolment bundle does not read")]
    Unreadable,
    #[error("the enrolment bundle is not signed by an HQ under the given root")]
    NotFromHq,
    #[error("the enrolment bundle is for another terminal's keys")]
    NotOurs,
    #[error("could not write the request for a certificate")]
    Request(#[from] RequestError),
    #[error("could not seal the request for a certificate; scan the enrolment code again")]
    Unsealed,
    #[error("HQ does not enrol this terminal: {0}")]
    Refused(EnrolmentRefusal),
    #[error("could not create the terminal's database")]
    Database(#[from] OpenError),
}

/// The vault of `site`; a file, made at first use, where there is none.
pub fn vault(site: &Site) -> Result<Arc<dyn Keys>, EnrolError> {
    vault_in(site, None)
}

/// The same, made as `wanted` at first use.
pub fn vault_in(site: &Site, wanted: Option<&VaultKind>) -> Result<Arc<dyn Keys>, EnrolError> {
    std::fs::create_dir_all(site.root()).map_err(EnrolError::Folder)?;
    Ok(keys::open(site.root(), wanted)?)
}

/// True once a bundle was installed. A database that is newer or damaged is enrolled too: it is never made anew.
pub fn is_enrolled(site: &Site, keys: &dyn Keys) -> Result<bool, KeysError> {
    let key = device_db_key(keys)?;
    Ok(!matches!(
        DeviceStore::open(&site.device_db(), &key, UnixMs(0)),
        Err(OpenError::Missing { .. })
    ))
}

/// Checks HQ's bundle against `root` and creates the device's database from it.
pub fn install(
    site: &Site,
    keys: &dyn Keys,
    bundle: &[u8],
    root: &Certificate,
    now: Timestamp,
) -> Result<Enrolment, EnrolError> {
    let enrolment = read(keys, bundle, root, Some(now.utc))?;
    DeviceStore::create(
        &site.device_db(),
        &device_db_key(keys)?,
        bundle,
        enrolment.journal,
        now,
    )?;
    Ok(enrolment)
}

/// Reads a bundle for the keys of this vault that an HQ under `root` signed. Its certificates are judged at `at`, at its
/// own moment of issue when there is none: a terminal's clock may be wrong.
pub(crate) fn read(
    keys: &dyn Keys,
    bundle: &[u8],
    root: &Certificate,
    at: Option<UnixMs>,
) -> Result<Enrolment, EnrolError> {
    let signed = cose::parse(bundle).map_err(|_| EnrolError::Unreadable)?;
    let enrolment: Enrolment = canonical::decode(&signed.payload).map_err(|_| EnrolError::Unreadable)?;
    let certificate = |der: &[u8]| Certificate::from_der(der).map_err(|_| EnrolError::Unreadable);
    let command = certificate(&enrolment.command_certificate.0)?;
    let receipt = certificate(&enrolment.receipt_certificate.0)?;
    let [leaf, issuing, ..] = enrolment.device_chain.as_slice() else {
        return Err(EnrolError::Unreadable);
    };
    let (leaf, issuing) = (certificate(&leaf.0)?, certificate(&issuing.0)?);
    let at = at.unwrap_or(enrolment.issued);
    let roots = std::slice::from_ref(root);
    let authorities = std::slice::from_ref(&issuing);
    for (certificate, profile) in [
        (&command, Profile::HqCommand),
        (&receipt, Profile::HqReceipt),
        (&leaf, Profile::Device),
    ] {
        if !verify_chain(certificate, authorities, roots, profile, at.0).all_ok() {
            return Err(EnrolError::NotFromHq);
        }
    }
    cose::verify(&signed, Namespace::Order, &command).map_err(|_| EnrolError::NotFromHq)?;
    let ours = *leaf.public_key() == keys.public_key()
        && leaf.age_recipient() == Some(keys.identity().recipient().as_bytes());
    if ours {
        Ok(enrolment)
    } else {
        Err(EnrolError::NotOurs)
    }
}

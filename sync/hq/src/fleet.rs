//! Decisions of a fleet manager on terminals, officers and certificates, each one commit with a line of its history.

use domain::natinf::ReferenceVersion;
use domain::{DeviceId, OfficerId, UnixMs};
use sync::reference::Contents;
use sync::wire::v1::SetKind;
use thiserror::Error;
use trust::cert::{Crl, Holder, Reason, Revoked};

use crate::pki::{Pki, PkiError};
use crate::reference::{Publication, PublicationError};
use crate::store::{Published, Store, StoreError};

/// Whether a terminal serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    InService,
    /// Its acts are taken, and its questions to police files are not answered.
    Quarantined,
    /// Its certificates are revoked for good.
    Retired,
}

impl Standing {
    pub const ALL: [Self; 3] = [Self::InService, Self::Quarantined, Self::Retired];

    /// The name on command lines and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InService => "in-service",
            Self::Quarantined => "quarantined",
            Self::Retired => "retired",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }
}

/// Why a decision changes nothing.
#[derive(Debug, Error)]
pub enum FleetError {
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("the terminal `{device}` is not enrolled; check its name")]
    UnknownDevice { device: DeviceId },
    #[error("the officer `{officer}` is not registered; `neoctl officer list` names those who are")]
    UnknownOfficer { officer: OfficerId },
    #[error("the terminal `{device}` is {} already", standing.code())]
    Already { device: DeviceId, standing: Standing },
    #[error("the terminal `{device}` is retired for good; enrol it anew under another name")]
    Retired { device: DeviceId },
    #[error("the officer `{officer}` does not work with `{device}`")]
    NotBound { officer: OfficerId, device: DeviceId },
    #[error("the officer `{officer}` is not suspended")]
    NotSuspended { officer: OfficerId },
    #[error("there is no certificate of `{name}` that still vouches for anything")]
    NoCertificate { name: String },
}

/// A new officer's pseudonym.
pub fn draw_officer() -> OfficerId {
    let mut id = [0; 16];
    getrandom::fill(&mut id).expect("the operating system has randomness");
    // A UUID of version 4 (RFC 9562 §5.4), which says nothing of when the officer came.
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    OfficerId::from_bytes(id)
}

/// Puts a terminal out of service, or back; retiring revokes its certificates and withdraws its tokens.
pub fn set_standing(
    store: &mut Store,
    device: &DeviceId,
    standing: Standing,
    now: UnixMs,
) -> Result<(), FleetError> {
    let transaction = store.begin()?;
    if !transaction.is_device(device)? {
        return Err(FleetError::UnknownDevice {
            device: device.clone(),
        });
    }
    let device = device.clone();
    match transaction.standing(&device)?.0 {
        Standing::Retired if standing != Standing::Retired => return Err(FleetError::Retired { device }),
        present if present == standing => return Err(FleetError::Already { device, standing }),
        Standing::InService | Standing::Quarantined | Standing::Retired => {}
    }
    if standing == Standing::Retired {
        let holder = Holder::Device(device.to_string());
        transaction.revoke_for(&holder, Reason::CessationOfOperation, now)?;
        transaction.revoke_tokens(&device, now)?;
    }
    transaction.set_standing(&device, standing, now)?;
    transaction.note_event(&device, standing.code(), "", now)?;
    Ok(transaction.commit()?)
}

/// Gives a terminal to a unit.
pub fn set_unit(store: &mut Store, device: &DeviceId, unit: &str, now: UnixMs) -> Result<(), FleetError> {
    let transaction = store.begin()?;
    if !transaction.is_device(device)? {
        return Err(FleetError::UnknownDevice {
            device: device.clone(),
        });
    }
    transaction.set_unit(device, unit, now)?;
    transaction.note_event(device, "unit", unit, now)?;
    Ok(transaction.commit()?)
}

/// Takes a terminal from an officer, who signs nothing more with it that is taken.
pub fn unbind(
    store: &mut Store,
    device: &DeviceId,
    officer: OfficerId,
    now: UnixMs,
) -> Result<(), FleetError> {
    let transaction = store.begin()?;
    if !transaction.unassign(device, officer, now)? {
        let device = device.clone();
        return Err(FleetError::NotBound { officer, device });
    }
    transaction.outdate_bundle(device, now)?;
    transaction.note_event(device, "unbound", &officer.to_string(), now)?;
    Ok(transaction.commit()?)
}

/// From `now` on nothing that the officer signs is taken, and no question of theirs answered.
pub fn suspend(store: &mut Store, officer: OfficerId, now: UnixMs) -> Result<(), FleetError> {
    let transaction = store.begin()?;
    if transaction.officer(officer)?.is_none() {
        return Err(FleetError::UnknownOfficer { officer });
    }
    transaction.suspend(officer, now)?;
    Ok(transaction.commit()?)
}

/// Ends a suspension.
pub fn reinstate(store: &mut Store, officer: OfficerId) -> Result<(), FleetError> {
    let transaction = store.begin()?;
    if !transaction.reinstate(officer)? {
        return Err(FleetError::NotSuspended { officer });
    }
    Ok(transaction.commit()?)
}

/// Revokes every certificate of `holder`; how many there were.
pub fn revoke(store: &mut Store, holder: &Holder, reason: Reason, now: UnixMs) -> Result<u64, FleetError> {
    let transaction = store.begin()?;
    let revoked = transaction.revoke_for(holder, reason, now)?;
    if revoked == 0 {
        return Err(FleetError::NoCertificate {
            name: holder.to_urn(),
        });
    }
    if let Holder::Device(name) = holder
        && let Ok(device) = DeviceId::parse(name)
    {
        transaction.note_event(&device, "revoked", reason.code(), now)?;
    }
    transaction.commit()?;
    Ok(revoked)
}

/// Signs what terminals are told of revocations, `crl` and the root's list, and publishes it to them.
///
/// It goes to every terminal at once: a ring that waits would meet whom the others refuse.
pub fn publish_revocations(
    store: &mut Store,
    pki: &Pki,
    crl: &Crl,
    now: UnixMs,
) -> Result<Published, PublicationError> {
    let contents = Contents::Revocations {
        name: ReferenceVersion(format!("crl-{}", crl.number)),
        lists: pki.revocation_lists(crl)?,
    };
    let newest = store.begin()?.newest_set(SetKind::Revocations)?;
    Publication::sign(pki, &contents, newest, now)?.publish(store, pki.root(), now)
}

/// Signs the next revocation list: every certificate of the issuing authority that is revoked and not long expired.
pub fn build_crl(store: &mut Store, pki: &Pki, now: UnixMs) -> Result<Crl, FleetError> {
    let transaction = store.begin()?;
    let mut revoked: Vec<Revoked> = Vec::new();
    for issued in transaction.certificates(None)? {
        let (_, last) = issued.certificate.validity_unix_ms();
        // A list that comes late still refuses what expired since the list before.
        let is_needed = last >= now.plus(-crate::pki::CRL_DAYS * UnixMs::DAY).0;
        if let Some((at, reason)) = issued.revoked.filter(|_| is_needed) {
            revoked.push(Revoked {
                serial: issued.certificate.serial().to_vec(),
                at_unix_ms: at.0,
                reason,
            });
        }
    }
    revoked.sort_by(|one, other| one.serial.cmp(&other.serial));
    let published = match pki.crl() {
        Ok(crl) => crl.number,
        Err(PkiError::NoCrl { .. }) => 0,
        Err(error) => return Err(error.into()),
    };
    let number = transaction.newest_crl()?.max(published) + 1;
    let crl = pki.sign_crl(number, &revoked, now)?;
    transaction.insert_crl(number, crl.der(), now)?;
    transaction.commit()?;
    Ok(crl)
}

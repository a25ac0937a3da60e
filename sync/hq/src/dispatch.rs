//! What the operations centre tells crews: signed by the command key, kept until its term, and told to one terminal, to
//! those of one officer or to those of a unit.

use domain::intervention::{About, Dispatch, LONGEST_TERM};
use domain::{DeviceId, InterventionId, OfficerId, UnixMs, decode, encode};
use thiserror::Error;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

use crate::enrolment::draw_id;
use crate::pki::Pki;
use crate::store::{NewDispatch, Store, StoreError};

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Whoever works with this terminal.
    Terminal(DeviceId),
    /// This officer, on each of their terminals.
    Officer(OfficerId),
    /// Whoever works with a terminal of this unit.
    Unit(String),
}

/// Why nothing was proposed.
#[derive(Debug, Error)]
pub enum DispatchError {
    #[error("the terminal `{device}` is not registered; `neoctl device list` names those that are")]
    NoTerminal { device: DeviceId },
    #[error("the officer `{officer}` works with no terminal; `neoctl officer list` names those who do")]
    Nobody { officer: OfficerId },
    #[error("no terminal belongs to the unit `{unit}`; `neoctl device list` names the unit of each")]
    NoUnit { unit: String },
    #[error(
        "nothing is proposed for {minutes} minutes; give 1 to {most}",
        most = LONGEST_TERM / 60_000
    )]
    Term { minutes: i64 },
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// Signs the proposal, and keeps it for every gateway on this store; gives it with the terminals that are told.
pub fn propose(
    store: &mut Store,
    pki: &Pki,
    whom: &Whom,
    about: About,
    minutes: i64,
    now: UnixMs,
) -> Result<(Dispatch, Vec<DeviceId>), DispatchError> {
    let term = minutes.saturating_mul(60_000);
    if term <= 0 || term > LONGEST_TERM {
        return Err(DispatchError::Term { minutes });
    }
    let transaction = store.begin()?;
    let (devices, officer) = match whom {
        Whom::Terminal(device) => {
            if transaction.device(device)?.is_none() {
                return Err(DispatchError::NoTerminal {
                    device: device.clone(),
                });
            }
            (vec![device.clone()], None)
        }
        Whom::Officer(officer) => (transaction.devices_of(*officer)?, Some(*officer)),
        Whom::Unit(unit) => {
            let devices = transaction.devices_in(unit)?;
            if devices.is_empty() {
                return Err(DispatchError::NoUnit { unit: unit.clone() });
            }
            (devices, None)
        }
    };
    if let (true, Some(officer)) = (devices.is_empty(), officer) {
        return Err(DispatchError::Nobody { officer });
    }
    let dispatch = Dispatch {
        version: 1,
        id: InterventionId::from_bytes(draw_id(now)),
        at: now,
        until: now.plus(term),
        about,
    };
    let cose = pki
        .command()
        .sign(Namespace::Dispatch, Dispatch::CONTENT_TYPE, &encode(&dispatch));
    for device in &devices {
        transaction.insert_dispatch(&NewDispatch {
            dispatch: &dispatch,
            cose: &cose,
            device,
            officer,
        })?;
    }
    transaction.commit()?;
    Ok((dispatch, devices))
}

/// What `cose` says, if the holder of `signer` signed it as a proposal.
pub fn verify(cose: &[u8], signer: &Certificate) -> Option<Dispatch> {
    let signed = cose::parse(cose).ok()?;
    cose::verify(&signed, Namespace::Dispatch, signer).ok()?;
    if signed.content_type != Dispatch::CONTENT_TYPE {
        return None;
    }
    decode(&signed.payload)
        .ok()
        .filter(|dispatch: &Dispatch| dispatch.version == 1)
}

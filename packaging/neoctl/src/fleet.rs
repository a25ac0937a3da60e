//! `device` and `fleet`: what HQ's store says, read beside a working gateway.
//!
//! A folder without a store is refused, never filled with a new one.

use std::io;
use std::path::{Path, PathBuf};

use domain::enrolment::KeyProtection;
use domain::officer::{Corps, Officer, Quality};
use domain::{DeviceId, UnixMs};
use hq::Store;
use hq::store::StoreError;
use serde_json::Value;
use thiserror::Error;
use trust::cert::Holder;

use crate::Exit;
use crate::answer::Rows;

/// Why HQ's store says nothing.
#[derive(Debug, Error)]
pub(crate) enum Unknown {
    #[error("there is no HQ store in `{}`; give the folder of `neo-hq --dir`", dir.display())]
    NoStore { dir: PathBuf },
    #[error("cannot look into `{}`", dir.display())]
    Folder {
        dir: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("the terminal `{device}` is not enrolled; check its name")]
    Device { device: DeviceId },
}

impl Unknown {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoStore { .. } | Self::Device { .. } => Exit::NotFound,
            Self::Folder { source, .. } => Exit::of(source),
            Self::Store(_) => Exit::Failed,
        }
    }
}

pub(crate) fn show(dir: &Path, device: &DeviceId) -> Result<Rows, Unknown> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    let (terminal, journal) = transaction.device(device)?.ok_or_else(|| Unknown::Device {
        device: device.clone(),
    })?;
    let certificate = transaction.latest_certificate(&Holder::Device(device.to_string()))?;
    let (fingerprint, expires) = certificate.map_or((Value::Null, Value::Null), |certificate| {
        let (_, not_after) = certificate.validity_unix_ms();
        let expires = format!("{}Z", UnixMs(not_after).civil(0));
        (certificate.fingerprint().to_string().into(), expires.into())
    });
    Ok(Rows(vec![
        ("id", device.as_str().into()),
        ("model", terminal.model.into()),
        ("keys", keys(terminal.protection).into()),
        ("online", transaction.is_online(device)?.into()),
        ("journal", journal.to_string().into()),
        ("journal_entries", transaction.journal_size(journal)?.into()),
        (
            "quarantined_at",
            transaction
                .quarantined_at(device)?
                .map(|at| format!("{}Z", at.civil(0)))
                .into(),
        ),
        ("certificate_sha256", fingerprint),
        ("certificate_expires", expires),
    ]))
}

pub(crate) fn devices(dir: &Path) -> Result<Vec<Rows>, Unknown> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    let mut list = Vec::new();
    for terminal in transaction.devices()? {
        let is_online = transaction.is_online(&terminal.device)?;
        let is_quarantined = transaction.quarantined_at(&terminal.device)?.is_some();
        list.push(Rows(vec![
            ("id", terminal.device.as_str().into()),
            ("model", terminal.model.into()),
            ("keys", keys(terminal.protection).into()),
            ("online", is_online.into()),
            ("quarantined", is_quarantined.into()),
        ]));
    }
    Ok(list)
}

/// Officers by number, never by name (article 15-4 CPP).
pub(crate) fn officers(dir: &Path) -> Result<Vec<Rows>, Unknown> {
    let officers = open(dir)?.begin()?.officers()?;
    Ok(officers.iter().map(officer).collect())
}

fn officer(officer: &Officer) -> Rows {
    let corps = match officer.matricule.corps() {
        Corps::PoliceNationale => "police_nationale",
        Corps::GendarmerieNationale => "gendarmerie_nationale",
    };
    let quality = match officer.quality {
        Quality::Opj => "opj",
        Quality::Apj => "apj",
        Quality::Apja => "apja",
        Quality::ApjaReserviste => "apja_reserviste",
        Quality::ApjaPolicierAdjoint => "apja_policier_adjoint",
        Quality::ApjaPoliceMunicipale => "apja_police_municipale",
    };
    Rows(vec![
        ("id", officer.id.to_string().into()),
        ("corps", corps.into()),
        ("matricule", officer.matricule.number().into()),
        ("rank", officer.rank.as_str().into()),
        ("quality", quality.into()),
        ("unit", officer.unit.as_str().into()),
    ])
}

const fn keys(protection: KeyProtection) -> &'static str {
    match protection {
        KeyProtection::Hardware => "hardware",
        KeyProtection::File => "file",
    }
}

pub(crate) fn summary(dir: &Path) -> Result<Rows, Unknown> {
    let counts = open(dir)?.begin()?.counts()?;
    let rows = counts.rows().map(|(name, count)| (name, count.into()));
    Ok(Rows(rows.to_vec()))
}

pub(crate) fn open(dir: &Path) -> Result<Store, Unknown> {
    let is_there = dir.join("hq.db").try_exists().map_err(|source| Unknown::Folder {
        dir: dir.to_owned(),
        source,
    })?;
    if is_there {
        Ok(Store::open(dir)?)
    } else {
        Err(Unknown::NoStore { dir: dir.to_owned() })
    }
}

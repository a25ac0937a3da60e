//! `device` and `fleet`: what HQ's store says, read beside a working gateway.
//!
//! A folder without a store is refused, never filled with a new one.

use std::io;
use std::path::{Path, PathBuf};

use domain::enrolment::KeyProtection;
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
    let keys = match terminal.protection {
        KeyProtection::Hardware => "hardware",
        KeyProtection::File => "file",
    };
    Ok(Rows(vec![
        ("id", device.as_str().into()),
        ("model", terminal.model.into()),
        ("keys", keys.into()),
        ("online", transaction.is_online(device)?.into()),
        ("journal", journal.to_string().into()),
        ("certificate_sha256", fingerprint),
        ("certificate_expires", expires),
    ]))
}

pub(crate) fn summary(dir: &Path) -> Result<Rows, Unknown> {
    let counts = open(dir)?.begin()?.counts()?;
    let rows = counts.rows().map(|(name, count)| (name, count.into()));
    Ok(Rows(rows.to_vec()))
}

fn open(dir: &Path) -> Result<Store, Unknown> {
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

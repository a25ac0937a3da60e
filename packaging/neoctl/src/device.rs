//! `device`: what headquarters knows of its terminals.

use std::path::Path;

use clap::Subcommand;
use domain::enrolment::KeyProtection;
use domain::{DeviceId, UnixMs};
use serde_json::Value;
use trust::cert::Holder;

use crate::answer::{Answer, Rows};
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the terminals by name.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows what is registered of one terminal.
    Show {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unknown> {
        Ok(match self {
            Self::List { hq } => Answer::many("device", "devices", list(session.hq(hq)?)?),
            Self::Show { device, hq } => Answer::one("device", show(session.hq(hq)?, device)?),
        })
    }
}

fn show(dir: &Path, device: &DeviceId) -> Result<Rows, Unknown> {
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
        ("certificate_sha256", fingerprint),
        ("certificate_expires", expires),
    ]))
}

fn list(dir: &Path) -> Result<Vec<Rows>, Unknown> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    let mut list = Vec::new();
    for terminal in transaction.devices()? {
        let is_online = transaction.is_online(&terminal.device)?;
        list.push(Rows(vec![
            ("id", terminal.device.as_str().into()),
            ("model", terminal.model.into()),
            ("keys", keys(terminal.protection).into()),
            ("online", is_online.into()),
        ]));
    }
    Ok(list)
}

const fn keys(protection: KeyProtection) -> &'static str {
    match protection {
        KeyProtection::Hardware => "hardware",
        KeyProtection::File => "file",
    }
}

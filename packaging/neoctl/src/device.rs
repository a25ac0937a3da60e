//! `device`: what headquarters knows of its terminals.

use std::path::Path;

use clap::Subcommand;
use domain::enrolment::KeyProtection;
use domain::{DeviceId, UnixMs};
use hq::fleet::{self as decisions, FleetError, Standing};
use hq::reference::SetKind;
use hq::store::StoreError;
use serde_json::Value;
use thiserror::Error;
use trust::cert::Holder;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::cert::decided;
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, Session, Unready};
use crate::{Exit, diagnosis};

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
    /// Gives a terminal to a unit.
    SetUnit {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
        unit: String,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Answers none of a terminal's questions to police files any more. Its acts are taken, for they are evidence.
    Quarantine {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Ends a quarantine.
    Release {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Takes a terminal out of service for good: its certificates are revoked and its codes withdrawn.
    Retire {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Looks for what keeps a terminal from its work, and says what to do.
    Diagnose {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Lists what was done with a terminal: certificates, decisions, orders; the oldest first.
    History {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
}

/// Why nothing was done with a terminal.
#[derive(Debug, Error)]
pub(crate) enum Undecided {
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Decision(#[from] FleetError),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
}

impl Undecided {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Hq(unknown) => unknown.exit(),
            Self::Unready(unready) => unready.exit(),
            Self::Decision(error) => decided(error),
            Self::Store(_) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } | Self::Diagnose { .. } | Self::History { .. } => {
                Effect::Reads
            }
            Self::SetUnit { .. } | Self::Quarantine { .. } | Self::Release { .. } => Effect::Writes,
            Self::Retire { device, .. } => Effect::Destroys(device.as_str()),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Undecided> {
        let now = session.now;
        let (device, hq, standing) = match self {
            Self::List { hq } => return Ok(Answer::many("device", "devices", list(session.hq(hq)?)?)),
            Self::Diagnose { device, hq } => return Ok(diagnosis::diagnose(session.hq(hq)?, device, now)?),
            Self::History { device, hq } => {
                return Ok(Answer::many("event", "events", history(session.hq(hq)?, device)?));
            }
            Self::Show { device, hq } => (device, hq, None),
            Self::SetUnit { device, unit, hq } => {
                decisions::set_unit(&mut open(session.hq(hq)?)?, device, unit, now)?;
                (device, hq, None)
            }
            Self::Quarantine { device, hq } => (device, hq, Some(Standing::Quarantined)),
            Self::Release { device, hq } => (device, hq, Some(Standing::InService)),
            Self::Retire { device, hq } => (device, hq, Some(Standing::Retired)),
        };
        let hq = session.hq(hq)?;
        if let Some(standing) = standing {
            decisions::set_standing(&mut open(hq)?, device, standing, now)?;
        }
        Ok(Answer::one("device", show(hq, device)?))
    }
}

/// Certificates, decisions, answers by telephone and orders in one list.
fn history(dir: &Path, device: &DeviceId) -> Result<Vec<Rows>, Undecided> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    if transaction.device(device)?.is_none() {
        return Err(Unknown::Device {
            device: device.clone(),
        }
        .into());
    }
    let mut events: Vec<(UnixMs, String, String)> = Vec::new();
    for issued in transaction.certificates(Some(&Holder::Device(device.to_string())))? {
        let fingerprint = issued.certificate.fingerprint().to_string();
        events.push((issued.issued, "certificate".to_owned(), fingerprint));
    }
    for event in transaction.events(device)? {
        events.push((event.at, event.what, event.detail));
    }
    for given in transaction.readmissions(device)? {
        let detail = format!(
            "{} {}: {} ({})",
            given.officer, given.challenge, given.reason, given.given_by
        );
        events.push((given.at, "readmission".to_owned(), detail));
    }
    for order in transaction.orders(device)? {
        events.push((
            order.issued_at,
            "order".to_owned(),
            order.command.code().to_owned(),
        ));
        if let Some((outcome, at)) = order.outcome {
            events.push((at, format!("{} {}", order.command.code(), outcome), String::new()));
        }
    }
    events.sort_by_key(|(at, ..)| *at);
    let line = |(at, what, detail): (UnixMs, String, String)| {
        Rows(vec![
            ("at", moment(at)),
            ("what", what.into()),
            ("detail", detail.into()),
        ])
    };
    Ok(events.into_iter().map(line).collect())
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
        ("standing", transaction.standing(device)?.0.code().into()),
        ("unit", transaction.unit(device)?.into()),
        (
            "officers",
            transaction
                .assigned(device)?
                .iter()
                .map(|officer| Value::from(officer.to_string()))
                .collect(),
        ),
        ("journal", journal.to_string().into()),
        ("journal_entries", transaction.journal_size(journal)?.into()),
        // Two journals by one terminal: a quarantine of its own, which new keys alone end.
        (
            "quarantined_at",
            transaction.quarantined_at(device)?.map(moment).into(),
        ),
        // Of the revocation lists that it has; none from a program that takes none.
        (
            "revocations",
            transaction.said_set(device, SetKind::Revocations)?.into(),
        ),
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
            (
                "standing",
                transaction.standing(&terminal.device)?.0.code().into(),
            ),
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

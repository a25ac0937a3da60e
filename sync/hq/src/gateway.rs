//! The gateway: takes what a broker or an in-memory link delivers, and says what to publish in return.
//!
//! One call is one transaction, committed before it returns. An error means that nothing was decided: no receipt
//! leaves, the message is not acknowledged, and the terminal's next sending is judged afresh.

mod bulk;
mod desk;
mod footage;
mod hello;
mod intake;
mod query;
mod signers;

use std::io;
use std::path::{Path, PathBuf};

use domain::{DeviceId, UnixMs};
use sync::wire::v1::{Presence, ReceiptBatch};
use sync::{DownLane, Topic};
use thiserror::Error;
use trust::cose::{self, Namespace};
use trust::seal::SealError;

use self::signers::Signers;
use crate::disk;
use crate::files::PoliceFiles;
use crate::pki::Pki;
use crate::store::{Policy, Store, StoreError};

/// Why nothing was decided.
#[derive(Debug, Error)]
pub enum GatewayError {
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("cannot write or read `{}`", path.display())]
    Disk {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot seal an answer")]
    Seal(#[source] SealError),
}

/// A message to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub topic: Topic,
    pub payload: Vec<u8>,
}

/// One gateway on one folder: `hq.db`, `records/`, `files/` (encrypted segments), `clips/`.
pub struct Gateway {
    dir: PathBuf,
    pki: Pki,
    store: Store,
    signers: Signers,
    files: PoliceFiles,
    retry_window_ms: u32,
}

impl Gateway {
    /// Opens or creates the folder, and finishes what an earlier run left unfinished.
    pub fn open(dir: &Path, pki: Pki, files: PoliceFiles, now: UnixMs) -> Result<Self, GatewayError> {
        let mut gateway = Self {
            dir: dir.to_owned(),
            pki,
            store: Store::open(dir)?,
            signers: Signers::default(),
            files,
            retry_window_ms: hello::RETRY_WINDOW_MS,
        };
        gateway.export()?;
        gateway.decide_waiting_clips(now)?;
        Ok(gateway)
    }

    /// The window, in milliseconds, over which terminals spread their return after a loss.
    pub fn with_retry_window(self, retry_window_ms: u32) -> Self {
        Self {
            retry_window_ms,
            ..self
        }
    }

    /// Takes one message of `topic`, as it came; a message that means nothing here changes nothing.
    pub fn receive(
        &mut self,
        topic: &Topic,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        match topic {
            Topic::Up(device, _) => self.receive_up(device, payload, now),
            Topic::State(device) => self.receive_presence(device, payload, now),
            Topic::File(device, file, verb) => self.receive_file(device, *file, *verb, payload, now),
            Topic::Down(..) | Topic::Broadcast => Ok(Vec::new()),
        }
    }

    /// The store in use, for settings and reports.
    pub const fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    pub const fn pki(&self) -> &Pki {
        &self.pki
    }

    pub fn set_policy(&mut self, policy: &Policy) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        transaction.set_policy(policy)?;
        Ok(transaction.commit()?)
    }

    /// Writes `records/<envelope-id>.{envelope,record}.cose` for every record without them; called when idle.
    pub fn export(&mut self) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        let waiting = transaction.to_export()?;
        for id in waiting {
            let Some(stored) = transaction.record(id)? else {
                continue;
            };
            let records = self.dir.join("records");
            write(records.join(format!("{id}.envelope.cose")), &stored.envelope_cose)?;
            write(records.join(format!("{id}.record.cose")), &stored.record_cose)?;
            transaction.set_exported(id)?;
        }
        Ok(transaction.commit()?)
    }

    fn receive_up(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        match cose::parse(payload) {
            Ok(signed) if signed.namespace == Namespace::Hello => {
                self.receive_hello(device, payload, &signed, now)
            }
            Ok(signed) if signed.namespace == Namespace::Query => {
                self.receive_query(device, payload, &signed, now)
            }
            Ok(_) | Err(_) => self.receive_envelope(device, payload, now),
        }
    }

    fn receive_presence(
        &mut self,
        device: &DeviceId,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        if let Ok(presence) = domain::decode::<Presence>(payload) {
            let transaction = self.store.begin()?;
            transaction.set_presence(device, presence.epoch, presence.online, now)?;
            transaction.commit()?;
        }
        Ok(Vec::new())
    }
}

/// The messages that carry these receipts to `device`.
fn receipts(device: &DeviceId, receipts: impl IntoIterator<Item = Vec<u8>>) -> Vec<Outgoing> {
    let batches = ReceiptBatch::pack(receipts);
    let outgoing = batches.iter().map(|batch| Outgoing {
        topic: Topic::Down(device.clone(), DownLane::Rcpt),
        payload: domain::encode(batch),
    });
    outgoing.collect()
}

fn write(path: PathBuf, bytes: &[u8]) -> Result<(), GatewayError> {
    disk::write(&path, bytes).map_err(|source| GatewayError::Disk { path, source })
}

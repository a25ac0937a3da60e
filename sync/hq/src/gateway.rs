//! The gateway: takes what a broker or an in-memory link delivers, and says what to publish in return.
//!
//! What is decided is committed before a call returns. After an error no receipt leaves and no message is
//! acknowledged: the terminal's next sending is judged afresh, or answered in the words that were committed.

mod alerts;
mod bulk;
mod crew;
mod custody;
mod desk;
mod dispatches;
mod document;
mod enrolment;
mod footage;
mod hello;
mod hotlists;
mod intake;
mod journal;
mod judge;
mod numbers;
mod orders;
mod parts;
mod profiles;
mod query;
mod reference;
mod reports;
mod shares;
mod signers;
mod snapshots;
mod suivi;
mod visas;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{DeviceId, UnixMs};
use sync::wire::v1::{JournalPiece, Presence, ReceiptBatch, SHARE};
use sync::{DownLane, FileId, FileVerb, Topic, UpLane, VisitId, Way};
use thiserror::Error;
use trust::cose::{self, Namespace, Signed};
use trust::seal::SealError;

use self::crew::Handed;
use self::dispatches::Proposed;
use self::intake::Arrived;
use self::profiles::Handing;
use self::reference::Newest;
use self::signers::Signers;
use self::suivi::Told;
use crate::files::PoliceFiles;
use crate::pattern::Pattern;
use crate::pki::{Pki, PkiError};
use crate::purge::{self, PurgeError, Purged};
use crate::store::{Policy, Store, StoreError};
use crate::{destruction, disk};

/// Records exported at a time.
const EXPORT_AT_ONCE: u32 = 64;

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
    #[error("cannot make the key for time-stamps")]
    Pki(#[source] PkiError),
    #[error("cannot seal an answer")]
    Seal(#[source] SealError),
}

/// A message to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub topic: Topic,
    pub payload: Vec<u8>,
}

/// A message as it came.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'m> {
    pub topic: &'m Topic,
    pub payload: &'m [u8],
}

/// One gateway on one folder: `hq.db`, `records/`, `files/` (encrypted segments), `clips/`.
pub struct Gateway {
    dir: PathBuf,
    pki: Pki,
    store: Store,
    signers: Signers,
    files: PoliceFiles,
    pattern: Pattern,
    newest: Newest,
    handing: Handing,
    told: Told,
    proposed: Proposed,
    handed: Handed,
    retry_window_ms: u32,
    clock: Clock,
}

/// What time headquarters believes it is.
pub type Clock = Arc<dyn Fn() -> UnixMs + Send + Sync>;

impl Gateway {
    /// Opens or creates the folder, and finishes what an earlier run left unfinished.
    pub fn open(dir: &Path, pki: Pki, files: PoliceFiles, now: UnixMs) -> Result<Self, GatewayError> {
        let pki = pki.with_stamp(now).map_err(GatewayError::Pki)?;
        let mut gateway = Self {
            dir: dir.to_owned(),
            store: Store::open(dir)?.with_key(pki.identity().clone()),
            pki,
            signers: Signers::default(),
            files,
            pattern: Pattern::FIELD,
            newest: Newest::new(),
            handing: Handing::default(),
            told: Told::new(),
            proposed: Proposed::new(),
            handed: Handed::new(),
            retry_window_ms: hello::RETRY_WINDOW_MS,
            clock: Arc::new(crate::serve::wall_clock),
        };
        gateway.tell_recipient(now)?;
        gateway.export()?;
        gateway.decide_waiting_acts(now)?;
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

    /// Another clock than this computer's, for whoever lets time pass by hand; the thread that serves the gateway reads it.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub(crate) fn now(&self) -> UnixMs {
        (self.clock)()
    }

    /// Where questions to police files are out of pattern.
    pub fn with_pattern(self, pattern: Pattern) -> Self {
        Self { pattern, ..self }
    }

    /// Takes one message of `topic`, as it came; a message that means nothing here changes nothing.
    pub fn receive(
        &mut self,
        topic: &Topic,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        self.receive_all(&[Incoming { topic, payload }], now)
    }

    /// Takes messages in the order in which they came; envelopes that follow each other share one commit.
    pub fn receive_all(
        &mut self,
        messages: &[Incoming<'_>],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        self.follow_sealing_key(now)?;
        let mut outgoing = Vec::new();
        let mut envelopes = Vec::new();
        for &Incoming { topic, payload } in messages {
            let said = said(topic, payload);
            if !matches!(said, Said::Envelope(_)) {
                outgoing.extend(self.receive_envelopes(std::mem::take(&mut envelopes), now)?);
            }
            outgoing.extend(match said {
                Said::Envelope(arrived) => {
                    envelopes.push(arrived);
                    Vec::new()
                }
                Said::Hello(device, signed) => self.receive_hello(device, payload, &signed, now)?,
                Said::Renewal(device, signed) => self.receive_renewal(device, &signed, now)?,
                Said::Knock(visit) => self.receive_knock(visit, payload, now)?,
                Said::Query(device, signed) => self.receive_query(device, payload, &signed, now)?,
                Said::Share(device, signed) => self.receive_share(device, &signed, now)?,
                Said::Snapshot(device, signed) => self.receive_snapshot(device, &signed, now)?,
                Said::Report(device, signed) => self.receive_report(device, payload, &signed, now)?,
                Said::Progress(device, signed) => self.receive_progress(device, &signed, now)?,
                Said::Crew(device, signed) => self.receive_crew(device, &signed, now)?,
                Said::Journal(device, piece) => self.receive_journal(device, &piece, now)?,
                Said::Presence(device) => self.receive_presence(device, payload, now)?,
                Said::File(device, file, verb) => self.receive_file(device, file, verb, payload, now)?,
                Said::Nothing => Vec::new(),
            });
        }
        outgoing.extend(self.receive_envelopes(envelopes, now)?);
        Ok(outgoing)
    }

    /// A sealing key that another program drew opens before anything that may be sealed to it is read.
    fn follow_sealing_key(&mut self, now: UnixMs) -> Result<(), GatewayError> {
        match self.pki.refresh() {
            Ok(false) => Ok(()),
            Ok(true) => {
                self.store.set_key(self.pki.identity().clone());
                self.tell_recipient(now)
            }
            // What was read before still opens what was sealed before.
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the sealing keys do not read"
                );
                Ok(())
            }
        }
    }

    /// Terminals learn of another recipient by their next bundle.
    fn tell_recipient(&mut self, now: UnixMs) -> Result<(), GatewayError> {
        let recipient = self.pki.recipient();
        let transaction = self.store.begin()?;
        let told = transaction.sealing()?;
        if told == Some(recipient) {
            return Ok(());
        }
        if told.is_some() {
            transaction.outdate_bundles(now)?;
            tracing::info!(%recipient, "terminals are told of another sealing key");
        }
        transaction.set_sealing(&recipient)?;
        Ok(transaction.commit()?)
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

    /// Destroys what is past its legal term at `now`, and signs what 78-3 CPP had destroyed.
    pub fn purge(&mut self, now: UnixMs) -> Result<Purged, PurgeError> {
        let purged = purge::purge(&mut self.store, &self.dir, now)?;
        destruction::sign_proofs(&mut self.store, &self.pki)?;
        Ok(purged)
    }

    /// Writes `records/<envelope-id>.{envelope,record}.cose` for every record without them.
    pub fn export(&mut self) -> Result<(), GatewayError> {
        while self.export_some()? {}
        Ok(())
    }

    /// Exports a few records, for a gateway that is idle and may be so no longer; whether others wait.
    pub fn export_some(&mut self) -> Result<bool, GatewayError> {
        // The transaction is held while files are written, so that no purge comes between.
        let transaction = self.store.begin()?;
        let waiting = transaction.to_export(EXPORT_AT_ONCE)?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let folder = self.dir.join("records");
        for &id in &waiting {
            let stored = transaction.record(id)?;
            let stored = stored.ok_or(StoreError::Corrupt { what: "record" })?;
            write(folder.join(format!("{id}.envelope.cose")), &stored.envelope_cose)?;
            write(folder.join(format!("{id}.record.cose")), &stored.record_cose)?;
            transaction.set_exported(id)?;
        }
        disk::sync_dir(&folder).map_err(|source| GatewayError::Disk {
            path: folder.clone(),
            source,
        })?;
        transaction.commit()?;
        Ok(waiting.len() == EXPORT_AT_ONCE as usize)
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

/// What a message is about, before anything of it is believed.
enum Said<'m> {
    Envelope(Arrived<'m>),
    Hello(&'m DeviceId, Signed),
    Query(&'m DeviceId, Signed),
    Share(&'m DeviceId, Signed),
    Snapshot(&'m DeviceId, Signed),
    Report(&'m DeviceId, Signed),
    Progress(&'m DeviceId, Signed),
    Crew(&'m DeviceId, Signed),
    Journal(&'m DeviceId, JournalPiece),
    Renewal(&'m DeviceId, Signed),
    Knock(VisitId),
    Presence(&'m DeviceId),
    File(&'m DeviceId, FileId, FileVerb),
    /// HQ's own topics.
    Nothing,
}

fn said<'m>(topic: &'m Topic, payload: &'m [u8]) -> Said<'m> {
    match topic {
        Topic::Up(device, lane) => match cose::parse(payload).ok() {
            None if *lane == UpLane::Tel => match domain::decode(payload) {
                Ok(piece) => Said::Journal(device, piece),
                Err(_) => Said::Envelope(Arrived {
                    device,
                    payload,
                    signed: None,
                }),
            },
            Some(signed) if signed.namespace == Namespace::Hello => Said::Hello(device, signed),
            Some(signed) if signed.namespace == Namespace::Query && signed.content_type == SHARE => {
                Said::Share(device, signed)
            }
            Some(signed) if signed.namespace == Namespace::Query => Said::Query(device, signed),
            Some(signed) if signed.namespace == Namespace::Snapshot => Said::Snapshot(device, signed),
            Some(signed) if signed.namespace == Namespace::OrderReport => Said::Report(device, signed),
            Some(signed) if signed.namespace == Namespace::Progress => Said::Progress(device, signed),
            Some(signed) if signed.namespace == Namespace::CrewTold => Said::Crew(device, signed),
            Some(signed) if signed.namespace == Namespace::EnrolmentRequest => Said::Renewal(device, signed),
            signed => Said::Envelope(Arrived {
                device,
                payload,
                signed,
            }),
        },
        Topic::State(device) => Said::Presence(device),
        Topic::File(device, file, verb) => Said::File(device, *file, *verb),
        Topic::Bootstrap(visit, Way::Up) => Said::Knock(*visit),
        Topic::Down(..) | Topic::Broadcast | Topic::Bootstrap(_, Way::Down) => Said::Nothing,
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
    disk::write_unnamed(&path, bytes).map_err(|source| GatewayError::Disk { path, source })
}

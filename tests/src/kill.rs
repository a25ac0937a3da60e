//! What the victim of the kill tests writes, and what must be there however it died.

use std::path::Path;

use agent::store::{Answer, DeviceStore, IntentTerm, OfficerStore, RawKey, SigningIntent, StoredRecord};
use anyhow::{Context, ensure};
use domain::draft::{Draft, Field};
use domain::enrolment::NumberRange;
use domain::envelope::{Lane, ReceiptStatus};
use domain::journal::{Operation, verify_chain};
use domain::record::ActKind;
use domain::{ActId, BootId, Digest, EnvelopeId, JournalId, OfficerId, Timestamp, UnixMs, Zone};

/// One commit of an act's life, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Drafted,
    Reserved,
    Intended,
    Committed,
    Promoted,
    Receipted,
}

impl Stage {
    pub const ALL: [Self; 6] = [
        Self::Drafted,
        Self::Reserved,
        Self::Intended,
        Self::Committed,
        Self::Promoted,
        Self::Receipted,
    ];

    /// The commit that the victim goes on to.
    pub fn next(self) -> Self {
        match self {
            Self::Drafted => Self::Reserved,
            Self::Reserved => Self::Intended,
            Self::Intended => Self::Committed,
            Self::Committed => Self::Promoted,
            Self::Promoted => Self::Receipted,
            Self::Receipted => Self::Drafted,
        }
    }
}

/// The line by which the victim says that a stage is committed.
pub fn line(stage: Stage, n: u32) -> String {
    format!("ACK {stage:?} {n}")
}

/// Reads such a line; one that the kill cut short says nothing.
pub fn acknowledged(line: &str) -> Option<(Stage, u32)> {
    let (name, n) = line.strip_prefix("ACK ")?.split_once(' ')?;
    let stage = Stage::ALL
        .into_iter()
        .find(|stage| format!("{stage:?}") == name)?;
    Some((stage, n.parse().ok()?))
}

const OFFICER: OfficerId = OfficerId::from_bytes([2; 16]);
const NUMBERS: NumberRange = NumberRange {
    year: 2026,
    first: 1,
    last: 1_000_000,
};

/// Both databases of a terminal, under keys that the test knows.
pub struct Stores {
    device: DeviceStore,
    officer: OfficerStore,
}

impl Stores {
    /// Opens the databases of `folder`, or makes them; opening checks every page.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let journal = JournalId::from_bytes([7; 16]);
        let (device, officer) = (folder.join("device.db"), folder.join("officer.db"));
        let key = |byte| RawKey::of([byte; 32]);
        let store = DeviceStore::create(&device, &key(3), b"enrolment", journal, now(0))?;
        ensure!(
            DeviceStore::is_sound(&device, &key(3)) == Some(true),
            "a page of the device database is damaged"
        );
        Ok(Self {
            device: store,
            officer: OfficerStore::open(&officer, &key(4), true, now(0).utc)?,
        })
    }

    /// As at an unlock: what is intended comes to exist, promises that nothing will use are given up.
    pub fn roll_forward(&mut self) -> anyhow::Result<()> {
        for intent in self.officer.intents()? {
            self.device.commit_act(&intent.new_act(), Some(OFFICER), now(0))?;
            self.officer.promote(&intent)?;
        }
        self.device.release(Some(OFFICER), now(0))?;
        Ok(())
    }

    /// The first act that was never begun.
    pub fn next_act(&self) -> anyhow::Result<u32> {
        let begun = |n: &u32| -> anyhow::Result<bool> {
            Ok(self.device.row_of(act(*n))?.is_some() || self.officer.draft(act(*n))?.is_some())
        };
        for n in 1.. {
            if !begun(&n)? {
                return Ok(n);
            }
        }
        Ok(u32::MAX)
    }

    pub fn commit(&mut self, stage: Stage, n: u32) -> anyhow::Result<()> {
        let at = now(n);
        match stage {
            Stage::Drafted => {
                let mut draft = Draft::new(act(n), ActKind::Pv, at, None);
                ensure!(draft.fill(Field::Account, &text(n), at).is_ok(), "the text fits");
                self.officer.save_draft(&draft, at)?;
            }
            Stage::Reserved => {
                self.device
                    .reserve(act(n), Some(OFFICER), Lane::Procedures, Some(NUMBERS))?;
            }
            Stage::Intended => {
                let intent = self.intent(n)?;
                self.officer.write_intent(&intent)?;
            }
            Stage::Committed => {
                let intent = self.intended(n)?;
                self.device.commit_act(&intent.new_act(), Some(OFFICER), at)?;
            }
            Stage::Promoted => {
                let intent = self.intended(n)?;
                self.officer.promote(&intent)?;
            }
            Stage::Receipted => {
                let receipt = text(n).into_bytes();
                let answer = Answer {
                    envelope: envelope(n),
                    status: ReceiptStatus::Stored,
                    at: at.utc,
                    cose: &receipt,
                };
                self.device.store_receipts(&[answer], at)?;
            }
        }
        Ok(())
    }

    fn intended(&self, n: u32) -> anyhow::Result<SigningIntent> {
        let intent = self
            .officer
            .intents()?
            .into_iter()
            .find(|intent| intent.act == act(n));
        intent.context("the intent was written before")
    }

    fn intent(&mut self, n: u32) -> anyhow::Result<SigningIntent> {
        let promise = self
            .device
            .reserve(act(n), Some(OFFICER), Lane::Procedures, Some(NUMBERS))?;
        let bytes = text(n).into_bytes();
        Ok(SigningIntent {
            act: act(n),
            kind: ActKind::Pv,
            lane: promise.lane,
            sequence: promise.sequence,
            number: promise.number,
            envelope: envelope(n),
            record: Digest::of(&bytes),
            envelope_cose: bytes.clone(),
            signed_at: now(n),
            term: Some(IntentTerm {
                key: [9; 32],
                until: UnixMs(i64::MAX),
            }),
            corrects: None,
            readable: StoredRecord {
                sealed: false,
                cose: bytes.clone(),
                document: Some(bytes.clone()),
                recepisse: None,
                draft: bytes,
                rights: None,
                requisition: None,
            },
            behind: None,
        })
    }

    /// True when what `stage` of act `n` committed is there, or what a later stage made of it.
    pub fn holds(&self, stage: Stage, n: u32) -> anyhow::Result<bool> {
        let (act, row) = (act(n), self.device.row_of(act(n))?);
        let intended = self.officer.intended()?.contains(&act);
        let readable = self.officer.record(act)?;
        let whole = readable
            .as_ref()
            .is_none_or(|record| record.cose == text(n).as_bytes());
        Ok(whole
            && match stage {
                Stage::Drafted => self.officer.draft(act)?.is_some() || readable.is_some(),
                // A promise may be given up, but only with a line that says so.
                Stage::Reserved => true,
                Stage::Intended => intended || readable.is_some(),
                Stage::Committed => row.is_some_and(|row| row.record == Digest::of(text(n).as_bytes())),
                Stage::Promoted => readable.is_some() && !intended,
                Stage::Receipted => self.device.receipt(act)? == Some(text(n).into_bytes()),
            })
    }

    /// What holds after any death: one unbroken journal with every act in it once, no act without its bytes, and
    /// no number or place used twice. Gives the number of acts.
    pub fn check(&self) -> anyhow::Result<usize> {
        let journal = self.device.journal()?;
        verify_chain(&journal).map_err(|broken| anyhow::anyhow!("the journal is broken: {broken:?}"))?;
        let intended = self.officer.intended()?;
        let rows = self.device.acts()?;
        for row in &rows {
            let signed = Operation::Signed { record: row.record };
            let times = journal.iter().filter(|entry| entry.operation == signed).count();
            ensure!(times == 1, "{} is {times} times in the journal", row.act);
            let has_bytes = intended.contains(&row.act) || self.officer.has_record(row.act)?;
            ensure!(has_bytes, "{} exists without its bytes", row.act);
        }
        let numbers: std::collections::BTreeSet<_> = rows.iter().map(|row| row.number).collect();
        ensure!(numbers.len() == rows.len(), "a number is used twice");
        Ok(rows.len())
    }
}

fn act(n: u32) -> ActId {
    ActId::from_bytes(sixteen(1, n))
}

fn envelope(n: u32) -> EnvelopeId {
    EnvelopeId::from_bytes(sixteen(2, n))
}

fn sixteen(tag: u8, n: u32) -> [u8; 16] {
    let mut id = [tag; 16];
    id[12..].copy_from_slice(&n.to_be_bytes());
    id
}

/// Long enough to fill pages, different for each act.
fn text(n: u32) -> String {
    format!("acte {n} ").repeat(400)
}

fn now(n: u32) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_284_300_000 + i64::from(n)),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: u64::from(n),
    }
}

//! Entry by entry: the chain, the tree, and what time may not do.

use std::collections::BTreeSet;

use domain::journal::{Entry, GENESIS, Operation};
use domain::{BootId, Digest, JournalId, Timestamp};
use minicbor::Decoder;
use trust::merkle::{self, Peaks};

use super::{Broken, Fault};

/// Clocks drift; more than this between two entries is a clock that was set, in milliseconds.
const DRIFT: i64 = 120_000;

/// The wall clock was set between two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jump {
    /// The entry after it.
    pub index: u64,
    /// By how much, in milliseconds; what passed while the device was off counts only when it is less than nothing.
    pub ms: i64,
}

pub(super) struct Walk {
    journal: JournalId,
    peaks: Peaks,
    last: Digest,
    at: Option<Timestamp>,
    /// Starts of the device that are over.
    boots: BTreeSet<BootId>,
    epoch: u64,
    jumps: Vec<Jump>,
}

impl Walk {
    pub(super) fn new(journal: JournalId) -> Self {
        Self {
            journal,
            peaks: Peaks::default(),
            last: GENESIS,
            at: None,
            boots: BTreeSet::new(),
            epoch: 0,
            jumps: Vec::new(),
        }
    }

    pub(super) const fn size(&self) -> u64 {
        self.peaks.size()
    }

    pub(super) fn root(&self) -> Digest {
        Digest::from_bytes(self.peaks.root().0)
    }

    pub(super) const fn last(&self) -> Digest {
        self.last
    }

    pub(super) fn into_jumps(self) -> Vec<Jump> {
        self.jumps
    }

    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let index = self.size();
        let broken = |why| Fault::Entry { index, why };
        let mut decoder = Decoder::new(bytes);
        let entry: Entry = decoder.decode().map_err(|_| broken(Broken::Unreadable))?;
        if decoder.position() != bytes.len() {
            return Err(broken(Broken::Unreadable));
        }
        if entry.index != index {
            return Err(broken(Broken::Index { found: entry.index }));
        }
        if entry.journal != self.journal {
            return Err(broken(Broken::OtherJournal));
        }
        if entry.previous != self.last {
            return Err(broken(Broken::Link));
        }
        self.pass_time(index, &entry.at)?;
        if let Operation::Started { epoch } = entry.operation {
            if epoch <= self.epoch {
                return Err(broken(Broken::Epoch));
            }
            self.epoch = epoch;
        }
        self.last = Digest::of(bytes);
        self.peaks.push(merkle::leaf(bytes));
        Ok(())
    }

    fn pass_time(&mut self, index: u64, at: &Timestamp) -> Result<(), Fault> {
        let broken = |why| Err(Fault::Entry { index, why });
        if let Some(before) = self.at.replace(*at) {
            let passed = at.utc.0.saturating_sub(before.utc.0);
            if before.boot == at.boot {
                if at.mono_ms < before.mono_ms {
                    return broken(Broken::Time);
                }
                let truly = i64::try_from(at.mono_ms - before.mono_ms).unwrap_or(i64::MAX);
                let ms = passed.saturating_sub(truly);
                if ms.saturating_abs() > DRIFT {
                    self.jumps.push(Jump { index, ms });
                }
            } else {
                self.boots.insert(before.boot);
                if self.boots.contains(&at.boot) {
                    return broken(Broken::Boot);
                }
                if passed < -DRIFT {
                    self.jumps.push(Jump { index, ms: passed });
                }
            }
        }
        Ok(())
    }
}

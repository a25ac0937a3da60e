//! Unpacking a reference set: thousands of rows and the index of their words.

use std::sync::Arc;

use domain::canonical;
use domain::natinf::{Reference, ReferenceSet};
use sync::reference::NotTheSet;
use sync::wire::v1::ReferenceHead;
use thiserror::Error;

/// A set to unpack.
#[derive(Debug, Clone)]
pub struct ReferenceJob {
    pub serial: u64,
    /// COSE_Sign1, whose signature was verified before.
    pub head: Vec<u8>,
    pub packed: Vec<u8>,
    pub arrival: Arrival,
}

/// Where a set comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// From the terminal's own store, after a start.
    Stored,
    /// From HQ, just now.
    New,
}

/// A set that was unpacked, or why it was not.
pub struct Unpacked {
    pub serial: u64,
    pub arrival: Arrival,
    pub result: Result<Arc<ReferenceSet>, ReferenceFailure>,
}

/// Why a set cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReferenceFailure {
    #[error("the head does not read")]
    Head,
    #[error("the set does not unpack")]
    Set(#[source] NotTheSet),
    #[error("the worker died")]
    Died,
}

impl ReferenceJob {
    pub(super) fn run(&self) -> Unpacked {
        self.unpacked(unpack(&self.head, &self.packed))
    }

    pub(super) fn lost(&self) -> Unpacked {
        self.unpacked(Err(ReferenceFailure::Died))
    }

    fn unpacked(&self, result: Result<Arc<ReferenceSet>, ReferenceFailure>) -> Unpacked {
        Unpacked {
            serial: self.serial,
            arrival: self.arrival,
            result,
        }
    }
}

/// The set that a signed head and its compressed bytes hold.
pub fn unpack(head: &[u8], packed: &[u8]) -> Result<Arc<ReferenceSet>, ReferenceFailure> {
    let signed = trust::cose::parse(head).map_err(|_| ReferenceFailure::Head)?;
    let head: ReferenceHead = canonical::decode(&signed.payload).map_err(|_| ReferenceFailure::Head)?;
    let reference: Reference = head.unpack(packed).map_err(ReferenceFailure::Set)?;
    Ok(Arc::new(reference.into()))
}

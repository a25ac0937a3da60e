//! Unpacking a reference set: thousands of rows and the index of their words, or lists whose signatures are verified.

use std::sync::Arc;

use domain::canonical;
use domain::hotlist::{Catalogue, HotlistChanges};
use domain::identity::cachet::TrustList;
use domain::legal_basis::BasisTable;
use domain::natinf::ReferenceSet;
use sync::reference::{Contents, NotTheSet};
use sync::wire::v1::{ReferenceHead, SetKind};
use thiserror::Error;
use trust::cert::{Certificate, Revocations, RevocationsError};
use trust::hotlist::{Filters, Unsound};

/// A set to unpack.
#[derive(Debug, Clone)]
pub struct ReferenceJob {
    pub kind: SetKind,
    pub serial: u64,
    /// COSE_Sign1, whose signature was verified before.
    pub head: Vec<u8>,
    pub packed: Vec<u8>,
    pub arrival: Arrival,
    /// Whom the authorities of lists have to be vouched for by.
    pub root: Certificate,
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
    pub kind: SetKind,
    pub serial: u64,
    pub arrival: Arrival,
    pub result: Result<Set, ReferenceFailure>,
}

/// A set as it is used.
#[derive(Debug, Clone)]
pub enum Set {
    Law(Arc<ReferenceSet>),
    Beside(Beside),
}

/// One of the kinds that no record names.
#[derive(Debug, Clone)]
pub enum Beside {
    Revocations(Arc<Revocations>),
    TrustList(Arc<TrustList>),
    Hotlist(Catalogue, Arc<Filters>),
    HotlistChanges(Catalogue, Arc<HotlistChanges>),
    Bases(Arc<BasisTable>),
}

/// Why a set cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReferenceFailure {
    #[error("the head does not read")]
    Head,
    #[error("the set does not unpack")]
    Set(#[source] NotTheSet),
    #[error("the lists in the set do not hold")]
    Lists(#[source] RevocationsError),
    #[error("the list of what is sought does not hold")]
    Hotlist(#[source] Unsound),
    #[error("the set is not of the kind that was asked for")]
    Kind,
    #[error("the worker died")]
    Died,
}

impl ReferenceJob {
    pub(super) fn run(&self) -> Unpacked {
        self.unpacked(self.set())
    }

    pub(super) fn lost(&self) -> Unpacked {
        self.unpacked(Err(ReferenceFailure::Died))
    }

    fn set(&self) -> Result<Set, ReferenceFailure> {
        match contents(&self.head, &self.packed)? {
            Contents::Law(reference) => Ok(Set::Law(Arc::new(reference.into()))),
            Contents::Revocations { lists, .. } => {
                let entries = lists
                    .lists
                    .iter()
                    .map(|one| (one.authority.as_slice(), one.list.as_slice()));
                let revocations =
                    Revocations::verify(entries, &self.root).map_err(ReferenceFailure::Lists)?;
                Ok(Set::Beside(Beside::Revocations(Arc::new(revocations))))
            }
            Contents::TrustList { list, .. } => Ok(Set::Beside(Beside::TrustList(Arc::new(list)))),
            Contents::Hotlist { catalogue, list, .. } => {
                let filters = Filters::read(&list).map_err(ReferenceFailure::Hotlist)?;
                Ok(Set::Beside(Beside::Hotlist(catalogue, Arc::new(filters))))
            }
            Contents::HotlistChanges {
                catalogue, changes, ..
            } => Ok(Set::Beside(Beside::HotlistChanges(catalogue, Arc::new(changes)))),
            Contents::Bases { table, .. } => Ok(Set::Beside(Beside::Bases(Arc::new(table)))),
        }
    }

    fn unpacked(&self, result: Result<Set, ReferenceFailure>) -> Unpacked {
        Unpacked {
            kind: self.kind,
            serial: self.serial,
            arrival: self.arrival,
            result,
        }
    }
}

fn contents(head: &[u8], packed: &[u8]) -> Result<Contents, ReferenceFailure> {
    let signed = trust::cose::parse(head).map_err(|_| ReferenceFailure::Head)?;
    let head: ReferenceHead = canonical::decode(&signed.payload).map_err(|_| ReferenceFailure::Head)?;
    head.unpack(packed).map_err(ReferenceFailure::Set)
}

/// The law that a signed head and its compressed bytes hold.
pub fn unpack_law(head: &[u8], packed: &[u8]) -> Result<Arc<ReferenceSet>, ReferenceFailure> {
    match contents(head, packed)? {
        Contents::Law(reference) => Ok(Arc::new(reference.into())),
        Contents::Revocations { .. }
        | Contents::TrustList { .. }
        | Contents::Hotlist { .. }
        | Contents::HotlistChanges { .. }
        | Contents::Bases { .. } => Err(ReferenceFailure::Kind),
    }
}

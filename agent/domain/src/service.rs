//! The prise de service: what every act of a shift inherits.

mod checks;
mod vehicle;

use minicbor::{Decode, Encode};

use crate::id::{CameraId, ServiceId};
use crate::legal_basis::CheckBasis;
use crate::officer::Matricule;
pub use crate::requisition::StandingRequisition;
use crate::time::Timestamp;

pub use checks::{CHARGED, CameraCheck, Checks, ClockCheck, ROOM};
pub use vehicle::{CallSign, NotAPatrolVehicle, PatrolVehicle, TypedVehicle};

/// How the officer's signature is made during the shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CardPresence {
    /// The agent card signs.
    #[n(0)]
    Card,
    /// No card: everything is marked "formation".
    #[n(1)]
    Formation,
}

/// One shift of a crew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Service {
    #[n(0)]
    pub id: ServiceId,
    #[n(1)]
    pub crew: Vec<Matricule>,
    /// The OPJ on duty, on whose order APJ and APJA act.
    #[n(2)]
    pub opj: Option<Matricule>,
    #[n(3)]
    pub requisitions: Vec<StandingRequisition>,
    #[n(4)]
    pub camera: Option<CameraId>,
    #[n(5)]
    pub card: CardPresence,
    #[n(6)]
    pub started: Timestamp,
    #[n(7)]
    pub ended: Option<Timestamp>,
    /// The text under which the crew checks, until an act names another.
    #[n(8)]
    pub basis: Option<CheckBasis>,
    /// The operations in one place that were begun, whose time counts from their first check.
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// Absent for a crew on foot.
    #[n(10)]
    pub vehicle: Option<PatrolVehicle>,
    /// How terminal and camera were when the shift began.
    #[n(11)]
    pub checks: Option<Checks>,
}

/// Checks under one text in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Operation {
    #[n(0)]
    pub basis: CheckBasis,
    /// When the first of them began.
    #[n(1)]
    pub since: Timestamp,
}

impl Service {
    /// Notes that a check under `basis` began; the first of an operation is what its time counts from.
    pub fn begin_operation(&mut self, basis: CheckBasis, at: Timestamp) {
        if !self.operations.iter().any(|one| one.basis == basis) {
            self.operations.push(Operation { basis, since: at });
        }
    }

    /// The crew goes to another place: every operation is over.
    pub fn leave_place(&mut self) {
        self.operations.clear();
    }

    /// The text and the réquisition that a check begun at `at` starts from: of the one réquisition that runs, else of the
    /// shift.
    pub fn inherited(&self, at: crate::time::UnixMs) -> (Option<CheckBasis>, Option<&StandingRequisition>) {
        let mut running = self.requisitions.iter().filter(|one| one.runs_at(at));
        match (running.next(), running.next()) {
            (Some(only), None) => (Some(only.basis()), Some(only)),
            (Some(_), Some(_)) | (None, _) => (self.basis, None),
        }
    }
}

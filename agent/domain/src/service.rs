//! The prise de service: what every act of a shift inherits.

use minicbor::{Decode, Encode};

use crate::id::{CameraId, ServiceId};
use crate::officer::Matricule;
use crate::time::Timestamp;

/// A standing réquisition of the prosecutor (78-2 al. 7, 78-2-2 CPP): where and when it allows checks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StandingRequisition {
    #[n(0)]
    pub reference: String,
    #[n(1)]
    pub places: String,
    #[n(2)]
    pub from: crate::time::UnixMs,
    #[n(3)]
    pub until: crate::time::UnixMs,
}

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
}

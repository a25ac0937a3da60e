//! The evaluation of a text on one occasion: every reason why it cannot carry the check, before the check, and the frame
//! that the act keeps.

use minicbor::{Decode, Encode};

use super::{BasisRow, BasisTable, CheckBasis, Grounds};
use crate::identity::CivilDate;
use crate::officer::{Matricule, Quality};
pub use crate::requisition::PlaceVerdict;
use crate::requisition::{StandingRequisition, Whereabouts};
use crate::time::{Timestamp, UnixMs};

/// Why a basis cannot carry this check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisRefusal {
    /// No row of the edition holds on the day of the check.
    NotInForce,
    /// The officer's quality has no power under this text.
    QualityNotEmpowered,
    /// An APJ or APJA acts "sur l'ordre et sous la responsabilité" of an OPJ, who must be named.
    OpjMissing,
    /// The text opens an act of its own (78-3 CPP).
    AnotherAct,
    RequisitionMissing,
    /// No réquisition of the service bears this reference: nobody can say where and when it allows checks.
    RequisitionUnknown,
    /// The check began before its first moment or after its last.
    RequisitionOutside,
    /// It runs longer than its text allows.
    RequisitionTooLong,
    /// Objective grounds must be written: a mere formula is void.
    GroundsMissing,
    /// Objective circumstances of place and time must be.
    CircumstancesMissing,
    /// Elements external to the person must be.
    ExternalElementsMissing,
    AlineaMissing,
    /// The check that this one follows is none that opens it.
    PriorMissing,
}

impl BasisRefusal {
    /// Whether the power itself is missing, so that nothing may be asked or done under the text. What is only to be
    /// written may be written until the signature.
    pub const fn is_of_power(self) -> bool {
        match self {
            Self::NotInForce
            | Self::QualityNotEmpowered
            | Self::OpjMissing
            | Self::AnotherAct
            | Self::RequisitionMissing
            | Self::RequisitionUnknown
            | Self::RequisitionOutside
            | Self::RequisitionTooLong => true,
            Self::GroundsMissing
            | Self::CircumstancesMissing
            | Self::ExternalElementsMissing
            | Self::AlineaMissing
            | Self::PriorMissing => false,
        }
    }
}

/// What a check is held against its text with.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    pub quality: Quality,
    pub opj: Option<&'a Matricule>,
    /// In the officer's words.
    pub grounds: &'a str,
    /// Reference of a réquisition; empty for none.
    pub requisition: &'a str,
    pub alinea: Option<u8>,
    /// The text of the check that this one follows.
    pub prior: Option<CheckBasis>,
    /// The réquisitions of the service.
    pub held: &'a [StandingRequisition],
    pub whereabouts: Whereabouts<'a>,
    /// When the check began.
    pub at: Timestamp,
    /// When files were asked in urgency, before the text was named.
    pub urgent: Option<UnixMs>,
}

/// A basis with everything its text asks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CheckFrame {
    #[n(0)]
    pub basis: CheckBasis,
    /// The OPJ "sur l'ordre et sous la responsabilité" of whom an APJ or APJA acts.
    #[n(1)]
    pub on_order_of: Option<Matricule>,
    /// The objective circumstances, in the officer's words.
    #[n(2)]
    pub grounds: String,
    /// Reference of the réquisition.
    #[n(3)]
    pub requisition: Option<String>,
    /// The edition of the bases; absent from acts of before there were editions.
    #[n(4)]
    pub edition: Option<String>,
    /// The text as the edition cites and explains it: what the document prints, whatever later editions say.
    #[n(5)]
    pub cited: Option<Cited>,
    /// The réquisition as it stood for the service.
    #[n(6)]
    pub held: Option<StandingRequisition>,
    /// Where the check was, held against the réquisition's places.
    #[n(7)]
    pub place: Option<PlaceVerdict>,
    /// The text of the check that this one followed.
    #[n(8)]
    pub prior: Option<CheckBasis>,
    /// Files were asked in urgency, and the text was named afterwards.
    #[n(9)]
    pub urgent: Option<UnixMs>,
}

/// The words of an act for its text.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cited {
    /// "article …".
    #[n(0)]
    pub citation: String,
    #[n(1)]
    pub motive: String,
}

impl CheckFrame {
    /// The words for its text: its own, or, of an act of before there were editions, those of the program on `day`.
    pub fn words(&self, day: CivilDate) -> Cited {
        self.cited.clone().unwrap_or_else(|| {
            let row = BasisTable::built_in().in_force(self.basis, day);
            let said = |text: fn(&BasisRow) -> String| row.map(text).unwrap_or_default();
            Cited {
                citation: said(|row| row.cited(None)),
                motive: said(|row| row.motive.clone()),
            }
        })
    }
}

impl BasisTable {
    /// The frame of a check under `basis`, complete and allowed, or every reason why not.
    pub fn frame(
        &self,
        basis: CheckBasis,
        situation: &Situation<'_>,
    ) -> Result<CheckFrame, Vec<BasisRefusal>> {
        let day = CivilDate::from(situation.at.local().date());
        let Some(row) = self.in_force(basis, day) else {
            return Err(vec![BasisRefusal::NotInForce]);
        };
        let mut refusals = Vec::new();
        if !row.is_open_to(situation.quality) {
            refusals.push(BasisRefusal::QualityNotEmpowered);
        }
        if row.needs_order(situation.quality) && situation.opj.is_none() {
            refusals.push(BasisRefusal::OpjMissing);
        }
        if basis == CheckBasis::Verif {
            refusals.push(BasisRefusal::AnotherAct);
        }
        let held = row.requisition(situation).unwrap_or_else(|refusal| {
            refusals.push(refusal);
            None
        });
        let grounds = situation.grounds.trim();
        refusals.extend(row.grounds.and_then(|wanted| wanted.missing_in(grounds)));
        let alinea = situation.alinea.filter(|alinea| row.has_alinea(*alinea));
        if row.alineas.is_some() && alinea.is_none() {
            refusals.push(BasisRefusal::AlineaMissing);
        }
        let opens = |prior: &CheckBasis| self.in_force(*prior, day).is_some_and(|row| row.precedes);
        let prior = situation.prior.filter(|_| row.follows).filter(opens);
        if row.follows && prior.is_none() {
            refusals.push(BasisRefusal::PriorMissing);
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let at = situation.at.utc;
        Ok(CheckFrame {
            basis,
            on_order_of: situation
                .opj
                .filter(|_| row.needs_order(situation.quality))
                .cloned(),
            grounds: grounds.to_owned(),
            requisition: held.map(|held| held.reference.clone()),
            edition: Some(self.edition().to_owned()),
            cited: Some(Cited {
                citation: row.cited(alinea),
                motive: row.motive.clone(),
            }),
            held: held.cloned(),
            place: held.map(|held| held.covers(at, situation.whereabouts)),
            prior,
            urgent: situation.urgent,
        })
    }
}

impl BasisRow {
    fn has_alinea(&self, alinea: u8) -> bool {
        self.alineas
            .is_some_and(|(first, last)| (first..=last).contains(&alinea))
    }

    /// The réquisition that the text needs, of those of the service; none where it needs none.
    fn requisition<'a>(
        &self,
        situation: &Situation<'a>,
    ) -> Result<Option<&'a StandingRequisition>, BasisRefusal> {
        let Some(longest) = self.requisition else {
            return Ok(None);
        };
        if situation.requisition.trim().is_empty() {
            return Err(BasisRefusal::RequisitionMissing);
        }
        let called =
            |held: &&StandingRequisition| held.basis() == self.basis && held.is_called(situation.requisition);
        let held = situation
            .held
            .iter()
            .find(called)
            .ok_or(BasisRefusal::RequisitionUnknown)?;
        if held.is_longer_than(longest, &situation.at) {
            return Err(BasisRefusal::RequisitionTooLong);
        }
        if !held.runs_at(situation.at.utc) {
            return Err(BasisRefusal::RequisitionOutside);
        }
        Ok(Some(held))
    }
}

impl Grounds {
    fn missing_in(self, words: &str) -> Option<BasisRefusal> {
        let (least, missing) = match self {
            Self::Facts(least) => (least, BasisRefusal::GroundsMissing),
            Self::Circumstances(least) => (least, BasisRefusal::CircumstancesMissing),
            Self::External(least) => (least, BasisRefusal::ExternalElementsMissing),
        };
        (words.chars().count() < usize::from(least)).then_some(missing)
    }
}

//! A reference set, and the law of one day in it.

use minicbor::{Decode, Encode};

use super::code::{Natinf, ReferenceVersion};
use super::margin::{self, Instrument, Margin};
use super::measure::{AlcoholLimit, Measure};
use super::offence::{Forfait, Offence};
use super::scale::{Amounts, Scale, ScaleClass};
use super::search::Index;
use super::table;
use super::tariff::{AfdKey, Tariff};
use crate::formula::{Formula, Template};
use crate::identity::CivilDate;
use crate::note::NotePolicy;

/// What HQ signs and distributes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reference {
    #[n(0)]
    pub version: ReferenceVersion,
    #[n(1)]
    pub issued: CivilDate,
    #[n(2)]
    pub offences: Vec<Offence>,
    #[n(3)]
    pub scales: Vec<Scale>,
    #[n(4)]
    pub afd: Vec<Tariff>,
    #[n(5)]
    pub margins: Vec<Margin>,
    #[cbor(n(6), default, skip_if = "Vec::is_empty")]
    pub formulas: Vec<Formula>,
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    pub templates: Vec<Template>,
    /// Absent for the policy of the decree.
    #[n(8)]
    pub notes: Option<NotePolicy>,
}

/// A reference set ready for use: its offences ascending by code and date, and the index of their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceSet {
    pub version: ReferenceVersion,
    issued: CivilDate,
    offences: Vec<Offence>,
    scales: Vec<Scale>,
    afd: Vec<Tariff>,
    margins: Vec<Margin>,
    pub formulas: Vec<Formula>,
    pub templates: Vec<Template>,
    notes: Option<NotePolicy>,
    index: Index,
}

impl From<Reference> for ReferenceSet {
    fn from(reference: Reference) -> Self {
        let Reference {
            version,
            issued,
            mut offences,
            scales,
            afd,
            margins,
            formulas,
            templates,
            notes,
        } = reference;
        offences.sort_by_key(|offence| (offence.natinf, offence.validity.from));
        let index = Index::of(&offences);
        Self {
            version,
            issued,
            offences,
            scales,
            afd,
            margins,
            formulas,
            templates,
            notes,
            index,
        }
    }
}

impl ReferenceSet {
    /// The set compiled into the program.
    pub fn embedded() -> Self {
        table::embedded().into()
    }

    /// What it was made from, its offences in order.
    pub fn reference(&self) -> Reference {
        Reference {
            version: self.version.clone(),
            issued: self.issued,
            offences: self.offences.clone(),
            scales: self.scales.clone(),
            afd: self.afd.clone(),
            margins: self.margins.clone(),
            formulas: self.formulas.clone(),
            templates: self.templates.clone(),
            notes: self.notes.clone(),
        }
    }

    /// Who may take notes and how long they stay.
    pub fn notes(&self) -> NotePolicy {
        self.notes.clone().unwrap_or_default()
    }

    /// The latest that `natinf` was or is, in force or not: the label that an act prints.
    pub fn find(&self, natinf: Natinf) -> Option<&Offence> {
        self.versions(natinf).last()
    }

    /// The law of `day`.
    pub const fn at(&self, day: CivilDate) -> InForce<'_> {
        InForce { set: self, day }
    }

    pub const fn len(&self) -> usize {
        self.offences.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.offences.is_empty()
    }

    fn versions(&self, natinf: Natinf) -> &[Offence] {
        let start = self.offences.partition_point(|offence| offence.natinf < natinf);
        let end = self.offences.partition_point(|offence| offence.natinf <= natinf);
        self.offences.get(start..end).unwrap_or_default()
    }
}

/// Why a code may not be used on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotInForce {
    Unknown,
    NotYet { from: CivilDate },
    Outdated { successor: Option<Natinf> },
}

/// A reference set on one day.
#[derive(Debug, Clone, Copy)]
pub struct InForce<'a> {
    set: &'a ReferenceSet,
    day: CivilDate,
}

impl<'a> InForce<'a> {
    pub const fn day(self) -> CivilDate {
        self.day
    }

    pub fn find(self, natinf: Natinf) -> Result<&'a Offence, NotInForce> {
        let versions = self.set.versions(natinf);
        if let Some(offence) = versions
            .iter()
            .rev()
            .find(|offence| offence.validity.holds(self.day))
        {
            return Ok(offence);
        }
        let past = versions
            .iter()
            .rev()
            .find(|offence| offence.validity.is_over(self.day));
        if let Some(past) = past {
            return Err(NotInForce::Outdated {
                successor: past.successor,
            });
        }
        let first = versions.iter().find_map(|offence| offence.validity.from);
        Err(first.map_or(NotInForce::Unknown, |from| NotInForce::NotYet { from }))
    }

    /// The day from which `natinf` is a délit, where it was a contravention before.
    pub(crate) fn delit_since(self, natinf: Natinf) -> Option<CivilDate> {
        let versions = self.set.versions(natinf);
        let was = versions
            .iter()
            .any(|offence| offence.nature.is_contravention() && offence.validity.until.is_some());
        was.then(|| self.find(natinf).ok()?.validity.from).flatten()
    }

    /// The row of the scale for a contravention that is listed in R.48-1 CPP.
    pub fn scale(self, offence: &Offence) -> Option<&'a Scale> {
        let Forfait::Listed { pedestrian, .. } = offence.forfait else {
            return None;
        };
        let class = ScaleClass::of(offence.nature, pedestrian)?;
        let holds = |scale: &&Scale| scale.class == class && scale.validity.holds(self.day);
        self.set.scales.iter().find(holds)
    }

    /// The amounts of an offence: from its class, or from its tariff; none where a court alone decides.
    pub fn amounts(self, offence: &Offence) -> Option<Amounts> {
        match &offence.forfait {
            Forfait::Listed { minoree, .. } => Some(self.scale(offence)?.amounts(*minoree)),
            Forfait::Delictuelle(key) => Some(self.tariff(key)?.amounts()),
            Forfait::Unchecked | Forfait::Court => None,
        }
    }

    pub fn tariff(self, key: &AfdKey) -> Option<&'a Tariff> {
        let holds = |tariff: &&Tariff| tariff.key == *key && tariff.validity.holds(self.day);
        self.set.afd.iter().find(holds)
    }

    /// What is retained of a reading, margin taken off; none when the margin is not known.
    pub fn retained(self, instrument: Instrument, reading: u32) -> Option<u32> {
        margin::retained(&self.set.margins, instrument, reading, self.day)
    }

    /// The speed offence of an excess over a limit, both in km/h; none without excess.
    pub fn speed_offence(self, limit: u16, excess: u16) -> Option<&'a Offence> {
        let is = |measure: Measure| measure.is_speed(limit, excess);
        self.measured(is)
    }

    /// The offence of a retained rate, in micrograms per litre of air, under one of the three limits.
    pub fn alcohol_offence(self, limit: AlcoholLimit, retained: u32) -> Option<&'a Offence> {
        let is = |own: AlcoholLimit| {
            move |measure: Measure| measure.is_alcohol(retained) && measure.limit() == Some(own)
        };
        self.measured(is(limit))
            .or_else(|| self.measured(is(AlcoholLimit::General)))
    }

    fn measured(self, is: impl Fn(Measure) -> bool) -> Option<&'a Offence> {
        let holds = |offence: &&Offence| offence.validity.holds(self.day);
        let mut offences = self.set.offences.iter().filter(holds);
        offences.find(|offence| offence.measure.is_some_and(&is))
    }

    /// Offences in force that have every word of `text`, as a word's beginning, a code's or an article's.
    ///
    /// At most `limit`: the exact code, then `frequent` in its order, then what everyday words call just so, then
    /// what somebody has checked; by code.
    pub fn search(self, text: &str, frequent: &[Natinf], limit: usize) -> Vec<&'a Offence> {
        let day = self.day;
        self.set
            .index
            .search(&self.set.offences, text, frequent, limit, |offence| {
                offence.validity.holds(day)
            })
    }
}

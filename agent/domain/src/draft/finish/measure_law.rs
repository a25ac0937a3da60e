//! What no measure may say, whoever wrote it: a terminal lets none of it be signed, and headquarters takes none of it.

use super::super::{Field, Problem, Reason};
use crate::identity::CivilDate;
use crate::natinf::ReferenceSet;
use crate::officer::{Author, Matricule, Quality};
use crate::pv::{
    AlcoholCheck, AlcoholProof, Door, DrugCheck, DrugProof, DrunkOutcome, Handover, HomeCall, Immobilisation,
    Ivresse, Justification, Measure, Pv, PvKind, Restraint, RoadPaper, ScreeningResult, VehicleMeasure,
};
use crate::time::{Timestamp, UnixMs};
use crate::verification::{MINUTE, Representative};

/// Fewer characters than reasons take.
const REASONS: usize = 10;

/// Each hour of a measure with one that it follows, and what is said where it does not.
const ORDER: [(Field, Field, Reason); 11] = [
    (Field::ArrestMoment, Field::CustodyNotice, Reason::HoursCross),
    (Field::CustodyNotice, Field::HandedMoment, Reason::HoursCross),
    (Field::ArrestMoment, Field::Departure, Reason::HoursCross),
    (Field::Departure, Field::HandedMoment, Reason::HoursCross),
    (Field::ScreeningMoment, Field::BlowMoment, Reason::HoursCross),
    (Field::ScreeningMoment, Field::SampleMoment, Reason::HoursCross),
    (Field::MeasureMoment, Field::DoctorMoment, Reason::HoursCross),
    (Field::DoctorMoment, Field::PlacedMoment, Reason::DoctorFirst),
    (Field::OpenedMoment, Field::OnSceneMoment, Reason::HoursCross),
    (Field::OpenedMoment, Field::OverMoment, Reason::HoursCross),
    (Field::OnSceneMoment, Field::OverMoment, Reason::HoursCross),
];

/// The hours among `hours` that come before one that they follow.
pub(super) fn crossed(hours: &[(Field, UnixMs)]) -> impl Iterator<Item = Problem> {
    let minute = |wanted: Field| {
        let of = hours.iter().find(|(field, _)| *field == wanted);
        of.map(|(_, at)| at.0.div_euclid(MINUTE))
    };
    ORDER.into_iter().filter_map(move |(before, after, reason)| {
        let (earlier, later) = (minute(before)?, minute(after)?);
        (later < earlier).then_some(Problem::new(after, reason))
    })
}

/// Whether `text` is long enough to say why.
pub(super) fn is_reasoned(text: &str) -> bool {
    text.trim().chars().count() >= REASONS
}

/// Whether `opj` may decide on what `author` draws up: nobody but an OPJ decides alone.
pub(super) fn may_decide(opj: &Matricule, author: &Matricule, quality: Quality) -> bool {
    opj != author || quality == Quality::Opj
}

/// What the age of the person forbids or asks for.
pub(super) fn by_age(kind: PvKind, age: Option<u8>) -> Option<Problem> {
    let reason = match (kind, age?) {
        (PvKind::Ivresse | PvKind::Convocation, ..18) => Reason::NotForMinors,
        (PvKind::Remise, 18..) => Reason::NotAMinor,
        _ => return None,
    };
    Some(Problem::new(Field::BirthDate, reason))
}

/// Without a certificate of non-admission the hospital alone is left.
pub(super) fn by_the_doctor(fit: bool, to_hospital: bool) -> Option<Problem> {
    (!fit && !to_hospital).then_some(Problem::new(Field::DrunkOutcome, Reason::DoctorSaysHospital))
}

impl Pv {
    /// What keeps the measure of this PV from being signed, as `author` drew it up and signed it. The margin of a
    /// measured rate is not judged where the law of the day is not given.
    pub fn unlawful(
        &self,
        author: &Author,
        signed_at: Timestamp,
        law: Option<&ReferenceSet>,
    ) -> Vec<Problem> {
        let mut judge = Judge {
            pv: self,
            author,
            signed_at,
            law,
            problems: Vec::new(),
        };
        judge.judge();
        judge.problems.sort_unstable();
        judge.problems.dedup();
        judge.problems
    }
}

struct Judge<'a> {
    pv: &'a Pv,
    author: &'a Author,
    signed_at: Timestamp,
    law: Option<&'a ReferenceSet>,
    problems: Vec<Problem>,
}

impl Judge<'_> {
    fn say(&mut self, field: Field, reason: Reason) {
        self.problems.push(Problem::new(field, reason));
    }

    fn unless(&mut self, holds: bool, field: Field, reason: Reason) {
        if !holds {
            self.say(field, reason);
        }
    }

    fn said(&mut self, field: Field, text: &str) {
        self.unless(!text.trim().is_empty(), field, Reason::Missing);
    }

    fn reasoned(&mut self, field: Field, text: &str) {
        self.unless(is_reasoned(text), field, Reason::GroundsMissing);
    }

    fn decided_by(&mut self, opj: &Matricule) {
        let may = may_decide(opj, &self.author.matricule, self.author.quality);
        self.unless(may, Field::DecidingOpj, Reason::OpjMissing);
    }

    fn age(&self) -> Option<u8> {
        let born = self.pv.person.as_ref()?.identity.brief().born.as_ref()?;
        born.reveal()
            .age_on(CivilDate::from(self.signed_at.local().date()))
    }

    fn judge(&mut self) {
        let kind = self.pv.kind;
        let Some(measure) = &self.pv.measure else {
            let owed = kind.is_measure() && kind != PvKind::Temoignage;
            self.unless(!owed, Field::PvKind, Reason::Missing);
            return;
        };
        self.unless(measure.kind() == kind, Field::PvKind, Reason::NotAChoice);
        let hours = measure.hours();
        self.problems.extend(crossed(&hours));
        for (field, at) in hours {
            self.unless(at <= self.signed_at.utc, field, Reason::InTheFuture);
        }
        self.problems.extend(by_age(kind, self.age()));
        match measure {
            Measure::Arrest(arrest) => self.restraint(&arrest.restraint),
            Measure::Handover(handover) => self.handover(handover),
            Measure::Alcohol(check) => self.alcohol(check),
            Measure::Drugs(check) => self.drugs(check),
            Measure::Licence(retention) => {
                let hours = retention.ground.hours();
                self.unless(
                    retention.hours == hours,
                    Field::RetentionGround,
                    Reason::OutsideMeasure,
                );
            }
            Measure::Vehicle(sheet) => self.vehicle(sheet),
            Measure::Ivresse(ivresse) => self.ivresse(ivresse),
            Measure::Remise(remise) => {
                self.said(Field::ParentName, remise.to.reveal());
                self.said(Field::MinorState, &remise.state);
            }
            Measure::Convocation(summons) => {
                let ahead = summons.at > self.signed_at.utc;
                self.unless(ahead, Field::SummonsMoment, Reason::InThePast);
                self.said(Field::Station, &summons.station);
                let named = !self.pv.offences.is_empty();
                self.unless(named, Field::Offences, Reason::Missing);
            }
            Measure::HomeCall(call) => self.home(call),
            Measure::CompteRendu(_) => {}
            Measure::Papers(owed) => self.papers(owed),
        }
    }

    fn restraint(&mut self, restraint: &Restraint) {
        if let Some(force) = &restraint.force {
            self.reasoned(Field::ForceReasons, &force.circumstances);
        }
        if let Some(cuffs) = &restraint.handcuffs {
            self.reasoned(Field::HandcuffReasons, &cuffs.circumstances);
        }
        if let Some(palpation) = &restraint.palpation {
            self.reasoned(Field::PalpationReasons, &palpation.reasons);
        }
    }

    fn handover(&mut self, handover: &Handover) {
        self.restraint(&handover.restraint);
        if let Some(notice) = &handover.notice {
            self.said(Field::CustodyLanguage, &notice.language);
        }
        let minor = self.age().is_some_and(|age| age < 18);
        let told = match &handover.minor {
            None => !minor,
            Some(Representative::Assists(name)) => !name.reveal().trim().is_empty(),
            Some(Representative::Impossible(why)) => !why.trim().is_empty(),
        };
        self.unless(told, Field::Representative, Reason::RepresentativeMissing);
        let counted = !handover.property.is_empty();
        self.unless(counted, Field::Property, Reason::Missing);
        self.decided_by(&handover.opj);
        self.said(Field::Station, &handover.station);
    }

    /// What is negative is verified by nothing, and nothing else is left unverified (L.234-4 and L.235-2 C. route).
    fn alcohol(&mut self, check: &AlcoholCheck) {
        let negative = check.screening.result == ScreeningResult::Negative;
        let unverified = check.proof == AlcoholProof::None;
        self.unless(negative == unverified, Field::AlcoholProof, Reason::Missing);
        match &check.proof {
            AlcoholProof::None | AlcoholProof::Refused => {}
            AlcoholProof::Breath(breath) => {
                self.said(Field::Device, &breath.device);
                let today = CivilDate::from(self.signed_at.local().date());
                self.unless(
                    breath.verified <= today,
                    Field::DeviceVerified,
                    Reason::InTheFuture,
                );
                let offered = breath.offered || breath.reading.second.is_none();
                self.unless(offered, Field::SecondOffered, Reason::NotAChoice);
                if let Some(law) = self.law {
                    let day = CivilDate::from(breath.at.civil(self.signed_at.offset_min).date());
                    let holds = breath.reading.holds(law.at(day));
                    self.unless(holds, Field::AlcoholFirst, Reason::OutsideMeasure);
                }
            }
            AlcoholProof::Blood(_, physician) => self.said(Field::Doctor, physician),
        }
    }

    fn drugs(&mut self, check: &DrugCheck) {
        let result = check.screening.result;
        let unverified = check.proof == DrugProof::None;
        let negative = result == ScreeningResult::Negative;
        self.unless(negative == unverified, Field::DrugProof, Reason::Missing);
        let positive = result == ScreeningResult::Positive;
        let shown = !check.families.is_empty();
        self.unless(positive == shown, Field::DrugFamilies, Reason::Missing);
        if let DrugProof::Blood(_, physician) = &check.proof {
            self.said(Field::Doctor, physician);
        }
    }

    fn vehicle(&mut self, sheet: &Immobilisation) {
        self.said(Field::MeasureGround, &sheet.ground);
        let lifted = sheet.measure == VehicleMeasure::Lifted;
        let impounded = sheet.measure == VehicleMeasure::Impounded;
        if !lifted {
            self.said(Field::VehicleState, &sheet.state);
            self.said(Field::Keys, &sheet.keys);
        }
        let placed = sheet.pound.as_ref().is_some_and(|pound| !pound.trim().is_empty());
        self.unless(placed == impounded, Field::Pound, Reason::Missing);
        let ordered = sheet.opj.is_some();
        self.unless(
            ordered == (lifted || impounded),
            Field::DecidingOpj,
            Reason::OpjMissing,
        );
        if let Some(opj) = &sheet.opj {
            self.decided_by(opj);
        }
    }

    fn ivresse(&mut self, ivresse: &Ivresse) {
        self.reasoned(Field::Signs, &ivresse.signs);
        self.said(Field::Doctor, &ivresse.doctor.name);
        let to_hospital = matches!(ivresse.outcome, DrunkOutcome::Hospital(_));
        self.problems
            .extend(by_the_doctor(ivresse.doctor.fit, to_hospital));
        match &ivresse.outcome {
            DrunkOutcome::Cell(_) => {}
            DrunkOutcome::Entrusted(to) => self.said(Field::EntrustedTo, to.reveal()),
            DrunkOutcome::Hospital(to) => self.said(Field::EntrustedTo, to),
        }
    }

    /// Five days, for papers that the text names, and none that the insurers' file replaces.
    fn papers(&mut self, owed: &Justification) {
        let ascending = owed.papers.is_sorted_by(|before, after| before < after);
        let named = !owed.papers.is_empty() && ascending;
        self.unless(named, Field::OwedLicence, Reason::Missing);
        let registered = owed.owes_no_insurance() || !self.pv.plates.is_empty();
        let insured = owed.papers.contains(&RoadPaper::Insurance) && registered;
        self.unless(!insured, Field::OwedInsurance, Reason::RegisteredVehicle);
        let day = CivilDate::from(owed.at.civil(self.signed_at.offset_min).date());
        let last = Justification::last_day(day) == Some(owed.until);
        self.unless(last, Field::MeasureMoment, Reason::OutsideMeasure);
        self.said(Field::Station, &owed.station);
    }

    /// Where nobody opens nothing is said of who is inside; else each question has its answer.
    fn home(&mut self, call: &HomeCall) {
        let closed = call.door == Door::Closed;
        self.unless(call.apart.is_none() == closed, Field::Apart, Reason::Missing);
        self.unless(call.present.is_empty() == closed, Field::Present, Reason::Missing);
        self.unless(call.grid.is_none() == closed, Field::GridDone, Reason::Missing);
        self.unless(call.card.is_none() == closed, Field::CardHanded, Reason::Missing);
        self.unless(call.wish.is_none() == closed, Field::Wish, Reason::Missing);
        if !closed {
            self.said(Field::Signs, &call.signs);
        }
    }
}

impl Measure {
    /// The act that establishes it.
    pub const fn kind(&self) -> PvKind {
        match self {
            Self::Arrest(_) => PvKind::Interpellation,
            Self::Handover(_) => PvKind::MiseADisposition,
            Self::Alcohol(_) => PvKind::Alcoolemie,
            Self::Drugs(_) => PvKind::Stupefiants,
            Self::Licence(_) => PvKind::Retention,
            Self::Vehicle(_) => PvKind::Immobilisation,
            Self::Ivresse(_) => PvKind::Ivresse,
            Self::Remise(_) => PvKind::Remise,
            Self::Convocation(_) => PvKind::Convocation,
            Self::HomeCall(_) => PvKind::Domicile,
            Self::CompteRendu(_) => PvKind::CompteRendu,
            Self::Papers(_) => PvKind::Justification,
        }
    }

    /// Every hour of what was done, by the field that asks for it.
    fn hours(&self) -> Vec<(Field, UnixMs)> {
        let hours: Vec<(Field, Option<UnixMs>)> = match self {
            Self::Arrest(arrest) => vec![(Field::ArrestMoment, Some(arrest.at))],
            Self::Handover(handover) => vec![
                (Field::ArrestMoment, Some(handover.arrested)),
                (
                    Field::CustodyNotice,
                    handover.notice.as_ref().map(|notice| notice.at),
                ),
                (Field::Departure, Some(handover.left)),
                (Field::HandedMoment, Some(handover.handed)),
            ],
            Self::Alcohol(check) => {
                let blown = match &check.proof {
                    AlcoholProof::Breath(breath) => Some(breath.at),
                    AlcoholProof::None | AlcoholProof::Blood(..) | AlcoholProof::Refused => None,
                };
                vec![
                    (Field::ScreeningMoment, Some(check.screening.at)),
                    (Field::BlowMoment, blown),
                ]
            }
            Self::Drugs(check) => {
                let taken = match &check.proof {
                    DrugProof::Saliva { at, .. } => Some(*at),
                    DrugProof::None | DrugProof::Blood(..) | DrugProof::Refused => None,
                };
                vec![
                    (Field::ScreeningMoment, Some(check.screening.at)),
                    (Field::SampleMoment, taken),
                ]
            }
            Self::Licence(retention) => vec![(Field::RetentionFrom, Some(retention.from))],
            Self::Vehicle(sheet) => vec![(Field::MeasureMoment, Some(sheet.at))],
            Self::Ivresse(ivresse) => {
                let placed = match &ivresse.outcome {
                    DrunkOutcome::Cell(at) => Some(*at),
                    DrunkOutcome::Entrusted(_) | DrunkOutcome::Hospital(_) => None,
                };
                vec![
                    (Field::MeasureMoment, Some(ivresse.found)),
                    (Field::DoctorMoment, Some(ivresse.doctor.at)),
                    (Field::PlacedMoment, placed),
                ]
            }
            Self::Remise(remise) => vec![(Field::MeasureMoment, Some(remise.at))],
            Self::Convocation(_) => Vec::new(),
            Self::HomeCall(call) => vec![(Field::MeasureMoment, Some(call.arrived))],
            Self::Papers(owed) => vec![(Field::MeasureMoment, Some(owed.at))],
            Self::CompteRendu(report) => vec![
                (Field::OpenedMoment, Some(report.opened)),
                (Field::OnSceneMoment, report.on_scene),
                (Field::OverMoment, Some(report.over)),
            ],
        };
        hours
            .into_iter()
            .filter_map(|(field, at)| Some((field, at?)))
            .collect()
    }
}

//! From the form of a roadside PV to its measure: alcohol, drugs, the licence, the vehicle.

use super::super::{Field, Reason};
use super::road::decimal;
use super::{Form, lines};
use crate::id::ActNumber;
use crate::identity::CivilDate;
use crate::pv::{
    AlcoholCheck, AlcoholProof, Blood, Breath, DrugCheck, DrugProof, Immobilisation, Justification,
    LicenceRetention, LicenceState, PvKind, RetentionGround, RoadPaper, Screening, ScreeningGround,
    ScreeningResult, VehicleMeasure,
};
use crate::pve::AlcoholReading;

/// Each paper with the field that asks for it.
pub(in crate::draft) const OWED: [(Field, RoadPaper); 7] = [
    (Field::OwedLicence, RoadPaper::Licence),
    (Field::OwedRegistration, RoadPaper::Registration),
    (Field::OwedTrailer, RoadPaper::Trailer),
    (Field::OwedCompanion, RoadPaper::Companion),
    (Field::OwedTraining, RoadPaper::Training),
    (Field::OwedInterlock, RoadPaper::Interlock),
    (Field::OwedInsurance, RoadPaper::Insurance),
];

impl Form<'_> {
    fn screening(&mut self) -> Option<Screening> {
        let ground = self.choice(Field::ScreeningGround, ScreeningGround::from_code);
        let at = self.hour(Field::ScreeningMoment);
        let result = self.choice(Field::ScreeningResult, ScreeningResult::from_code);
        Some(Screening {
            ground: ground?,
            at: at?,
            result: result?,
        })
    }

    fn signs(&self) -> Option<String> {
        self.typed(Field::Signs).map(str::to_owned)
    }

    /// A screening that is not negative is followed by a verification (L.234-4 C. route).
    pub(super) fn alcohol_check(&mut self) -> Option<AlcoholCheck> {
        let screening = self.screening();
        let negative = screening.is_some_and(|one| one.result == ScreeningResult::Negative);
        let proof = if negative {
            Some(AlcoholProof::None)
        } else {
            match self.needed(Field::AlcoholProof) {
                Some("SOUFFLE") => self.breath().map(|it| AlcoholProof::Breath(Box::new(it))),
                Some("SANG") => self
                    .blood()
                    .map(|(blood, physician)| AlcoholProof::Blood(blood, physician)),
                Some("REFUS") => Some(AlcoholProof::Refused),
                Some(_) => {
                    self.problem(Field::AlcoholProof, Reason::NotAChoice);
                    None
                }
                None => None,
            }
        };
        Some(AlcoholCheck {
            screening: screening?,
            proof: proof?,
            signs: self.signs(),
        })
    }

    fn breath(&mut self) -> Option<Breath> {
        let device = self.needed(Field::Device);
        let verified = self.read(Field::DeviceVerified, Reason::NotADate, CivilDate::parse);
        let at = self.hour(Field::BlowMoment);
        let micrograms = |text: &str| decimal(text, 3).ok_or(());
        let first = self.read(Field::AlcoholFirst, Reason::NotANumber, micrograms);
        let second = self.maybe(Field::AlcoholSecond, Reason::NotANumber, micrograms);
        let offered = self.asked(Field::SecondOffered);
        let law = self.law(at?);
        let reading = AlcoholReading::new(first?, second, law);
        if reading.is_none() {
            self.problem(Field::AlcoholFirst, Reason::OutsideMeasure);
        }
        Some(Breath {
            device: device?.to_owned(),
            verified: verified?,
            at: at?,
            reading: reading?,
            offered: offered?,
        })
    }

    fn blood(&mut self) -> Option<(Blood, String)> {
        let blood = self.choice(Field::Blood, Blood::from_code);
        let physician = self.needed(Field::Doctor);
        Some((blood?, physician?.to_owned()))
    }

    pub(super) fn drug_check(&mut self) -> Option<DrugCheck> {
        let screening = self.screening();
        let negative = screening.is_some_and(|one| one.result == ScreeningResult::Negative);
        let positive = screening.is_some_and(|one| one.result == ScreeningResult::Positive);
        let families = if positive {
            self.needed(Field::DrugFamilies).map(lines).unwrap_or_default()
        } else {
            Vec::new()
        };
        let proof = if negative {
            Some(DrugProof::None)
        } else {
            match self.needed(Field::DrugProof) {
                Some("SALIVE") => {
                    let at = self.hour(Field::SampleMoment);
                    let reserve = self.asked(Field::Reserve);
                    at.zip(reserve)
                        .map(|(at, reserve)| DrugProof::Saliva { at, reserve })
                }
                Some("SANG") => self
                    .blood()
                    .map(|(blood, physician)| DrugProof::Blood(blood, physician)),
                Some("REFUS") => Some(DrugProof::Refused),
                Some(_) => {
                    self.problem(Field::DrugProof, Reason::NotAChoice);
                    None
                }
                None => None,
            }
        };
        Some(DrugCheck {
            screening: screening?,
            families,
            proof: proof?,
            signs: self.signs(),
        })
    }

    pub(super) fn licence_retention(&mut self) -> Option<LicenceRetention> {
        let ground = self.choice(Field::RetentionGround, RetentionGround::from_code);
        let from = self.hour(Field::RetentionFrom);
        let state = self.choice(Field::LicenceState, LicenceState::from_code);
        let licence = self.licence();
        Some(LicenceRetention {
            ground: ground?,
            from: from?,
            hours: ground?.hours(),
            state: state?,
            licence,
        })
    }

    /// What is to be shown, where, and by which day (R.233-1 C. route).
    pub(super) fn papers_owed(&mut self) -> Option<Justification> {
        let at = self.hour(Field::MeasureMoment);
        let mut papers = Vec::new();
        for (field, paper) in OWED {
            if self.yes_or_no(field) == Some(true) {
                papers.push(paper);
            }
        }
        let station = self.needed(Field::Station);
        let pve = self.maybe(Field::LinkedPve, Reason::NotANumber, ActNumber::parse);
        let vehicle = self.vehicle();
        let day = CivilDate::from(at?.civil(self.now.offset_min).date());
        Some(Justification {
            at: at?,
            papers,
            until: Justification::last_day(day)?,
            station: station?.to_owned(),
            pve,
            vehicle,
        })
    }

    /// The pound and the end of a measure are an OPJ's to order.
    pub(super) fn immobilisation(&mut self) -> Option<Immobilisation> {
        let measure = self.choice(Field::VehicleMeasure, VehicleMeasure::from_code);
        let lifted = measure == Some(VehicleMeasure::Lifted);
        let at = self.hour(Field::MeasureMoment);
        let ground = self.needed(Field::MeasureGround);
        let vehicle = self.vehicle();
        if vehicle.is_none() {
            self.problem(Field::Plate, Reason::Missing);
        }
        let needed = |form: &mut Self, field| {
            if lifted {
                form.typed(field)
            } else {
                form.needed(field)
            }
            .unwrap_or_default()
            .to_owned()
        };
        let state = needed(self, Field::VehicleState);
        let keys = needed(self, Field::Keys);
        let certificate_kept = if lifted {
            false
        } else {
            self.asked(Field::CertificateKept)?
        };
        let pound = if measure == Some(VehicleMeasure::Impounded) {
            self.needed(Field::Pound).map(str::to_owned)
        } else {
            None
        };
        let opj = match measure {
            Some(VehicleMeasure::Impounded | VehicleMeasure::Lifted) => {
                Some(self.opj_who_decides(Reason::OpjMissing)?)
            }
            Some(VehicleMeasure::Immobilised) | None => None,
        };
        Some(Immobilisation {
            measure: measure?,
            at: at?,
            ground: ground?.to_owned(),
            vehicle: vehicle?,
            state,
            contents: self.typed(Field::VehicleContents).map(lines).unwrap_or_default(),
            keys,
            certificate_kept,
            pound,
            opj,
        })
    }

    /// An éthylomètre is verified every year.
    pub(super) fn device_is_out_of_date(&self) -> bool {
        let verified = self
            .typed(Field::DeviceVerified)
            .and_then(|text| CivilDate::parse(text).ok());
        let today = CivilDate::from(self.now.local().date());
        self.draft.pv_kind() == PvKind::Alcoolemie
            && verified
                .and_then(|day| day.date().checked_add(jiff::Span::new().years(1)).ok())
                .is_some_and(|end| end < today.date())
    }
}

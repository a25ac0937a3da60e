//! From the form of a PVe to the act (R.49-1, A.37-15 to A.37-20 CPP).

use super::super::{Draft, Field, Problem, Reason};
use super::road::decimal;
use super::{Form, Surroundings};
use crate::licence::{Licence, LicenceStatus};
use crate::natinf::{InForce, Instrument, Measure, Natinf};
use crate::person::Person;
use crate::pve::{
    AlcoholReading, Barred, Facts, Interception, Known, Noted, Offender, Parameter, Pve, Ruling,
    SpeedReading, rule,
};
use crate::time::Timestamp;
use crate::vehicle::{Registration, Vehicle};

impl Draft {
    /// What the rules say of the form as it stands: amounts for the screen, or each bar with its code.
    pub fn ruling(&self, around: Surroundings<'_>, now: Timestamp) -> Option<Result<Ruling, Vec<Barred>>> {
        let mut form = Form::of(self, around, now);
        let at = form.moment()?;
        let law = form.law(at);
        Some(form.seen(law)?.ruled(&form, law))
    }
}

/// What a form says was seen.
struct Seen {
    interception: Interception,
    offences: Vec<Noted>,
    simultaneous: Vec<Natinf>,
    person: Option<Person>,
    vehicle: Option<Vehicle>,
    licence: Option<Licence>,
}

impl Seen {
    fn ruled(&self, form: &Form<'_>, law: InForce<'_>) -> Result<Ruling, Vec<Barred>> {
        let born = |person: &Person| person.identity.brief().born.clone();
        let licence = self.licence.as_ref().map(|licence| licence.status);
        let known = self.person.as_ref().map(|person| Known {
            age: born(person).and_then(|born| born.reveal().age_on(law.day())),
            licence: licence.unwrap_or(LicenceStatus::Unknown),
        });
        let facts = Facts {
            offences: &self.offences,
            simultaneous: &self.simultaneous,
            interception: self.interception,
            person: known,
            genre: self.vehicle.as_ref().and_then(|vehicle| vehicle.genre),
            registration: self.vehicle.as_ref().map(|vehicle| &vehicle.registration),
            quality: form.around.officer.quality,
        };
        rule(facts, law)
    }
}

impl Form<'_> {
    pub(super) fn pve(&mut self) -> Option<Pve> {
        let place = self.road_place();
        let at = self.moment();
        let law = self.law(at.unwrap_or(self.draft.started.utc));
        let seen = self.seen(law)?;
        let ruling = match seen.ruled(self, law) {
            Ok(ruling) => Some(ruling),
            Err(bars) => {
                self.problems.extend(bars.into_iter().filter_map(Problem::of_bar));
                None
            }
        };
        let offender = match (seen.interception, seen.person) {
            (Interception::Intercepted, Some(person)) => Some(Offender::Intercepted(Box::new(person))),
            (Interception::Intercepted, None) => None,
            (Interception::NotIntercepted | Interception::Stationary, _) => {
                self.need_a_plate(seen.vehicle.as_ref());
                Some(Offender::Holder)
            }
        };
        Some(Pve {
            interception: seen.interception,
            place: place?,
            at: at?,
            vehicle: seen.vehicle,
            offender: offender?,
            licence: seen.licence,
            offences: seen.offences,
            simultaneous: seen.simultaneous,
            observations: self.observations(),
            photos: self.draft.photos().to_vec(),
            ruling: ruling?,
            signature: self.draft.signature(),
            started: self.draft.started,
        })
    }

    /// Without a plate that was read there is no holder.
    fn need_a_plate(&mut self, vehicle: Option<&Vehicle>) {
        let read = vehicle.is_some_and(|vehicle| match vehicle.registration {
            Registration::Read { .. } => true,
            Registration::None | Registration::NotReadable => false,
        });
        if !read {
            self.problem(Field::Plate, Reason::Missing);
        }
    }

    fn seen(&mut self, law: InForce<'_>) -> Option<Seen> {
        let interception = self.choice(Field::Interception, Interception::from_code);
        let codes = self.codes(Field::Offences);
        let simultaneous = self.codes(Field::Simultaneous);
        let vehicle = self.vehicle();
        let licence = self.licence();
        let offences = codes
            .into_iter()
            .map(|natinf| Noted {
                natinf,
                parameter: self.parameter(natinf, law),
            })
            .collect();
        let Some(interception) = interception else {
            // No rule is applied yet, which would name this too.
            if self.typed(Field::Offences).is_none() {
                self.problem(Field::Offences, Reason::Missing);
            }
            return None;
        };
        let person = match interception {
            Interception::Intercepted => {
                self.refuse_unborn();
                self.short_person()
            }
            Interception::NotIntercepted | Interception::Stationary => None,
        };
        Some(Seen {
            interception,
            offences,
            simultaneous,
            person,
            vehicle,
            licence,
        })
    }

    /// What the offence must be noted with, read from its fields.
    fn parameter(&mut self, natinf: Natinf, law: InForce<'_>) -> Option<Parameter> {
        match law.find(natinf).ok()?.measure? {
            Measure::Speed { .. } => {
                let number = |text: &str| text.parse::<u16>().map_err(|_| ());
                let limit = self.read(Field::SpeedLimit, Reason::NotANumber, number);
                let measured = self.read(Field::SpeedMeasured, Reason::NotANumber, number);
                let device = self.choice(Field::SpeedDevice, Instrument::from_code);
                let reading = SpeedReading::new(limit?, measured?, device?, law);
                if reading.is_none() {
                    self.problem(Field::SpeedDevice, Reason::NotAChoice);
                }
                reading.map(Parameter::Speed)
            }
            Measure::Alcohol { .. } => {
                let micrograms = |text: &str| decimal(text, 3).ok_or(());
                let first = self.read(Field::AlcoholFirst, Reason::NotANumber, micrograms);
                let second = self.maybe(Field::AlcoholSecond, Reason::NotANumber, micrograms);
                AlcoholReading::new(first?, second, law).map(Parameter::Alcohol)
            }
            Measure::Documents { days } => {
                let parse = crate::identity::CivilDate::parse;
                let due = match self.typed(Field::DocumentsDue) {
                    None => law.day().plus_days(days),
                    Some(_) => self.maybe(Field::DocumentsDue, Reason::NotADate, parse),
                };
                due.map(|due| Parameter::Documents { due })
            }
        }
    }
}

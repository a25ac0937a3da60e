//! What the forms of the road share: the place, the moment, the vehicle, the licence.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::super::{Field, Reason};
use super::Form;
use crate::identity::CivilDate;
use crate::licence::{Licence, LicenceStatus};
use crate::natinf::InForce;
use crate::place::{RoadPlace, RoadPoint};
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::{Country, Genre, Plate, Registration, Vehicle};

impl<'a> Form<'a> {
    pub(super) fn road_place(&mut self) -> Option<RoadPlace> {
        let road = self.maybe(Field::Road, Reason::NotARoad, RoadPoint::parse);
        let metres = self.maybe(Field::RoadPoint, Reason::NotARoadPoint, RoadPoint::metres);
        if metres.is_some() && self.typed(Field::Road).is_none() {
            self.problem(Field::Road, Reason::Missing);
        }
        let agglomeration = self.yes_or_no(Field::Agglomeration);
        Some(RoadPlace {
            place: self.place_with_commune()?,
            point: road.map(|road| road.at(metres)),
            direction: self.typed(Field::Direction).map(str::to_owned),
            agglomeration,
        })
    }

    /// When the offence was seen: as typed, in the terminal's zone, else when the draft was begun.
    pub(super) fn moment(&mut self) -> Option<UnixMs> {
        let (now, started) = (self.now, self.draft.started);
        let read = |text: &str| moment(text, &now).ok_or(());
        let at = match self.typed(Field::Moment) {
            None => started.utc,
            Some(_) => self.maybe(Field::Moment, Reason::NotADate, read)?,
        };
        if at > now.utc && started.utc <= now.utc {
            self.problem(Field::Moment, Reason::InTheFuture);
        }
        Some(at)
    }

    /// The law of the day on which the offence was seen.
    pub(super) fn law(&self, at: UnixMs) -> InForce<'a> {
        let day = CivilDate::from(at.civil(self.now.offset_min).date());
        self.around.reference.at(day)
    }

    /// None when nothing of a vehicle was given: a pedestrian.
    pub(super) fn vehicle(&mut self) -> Option<Vehicle> {
        let country = self.maybe(Field::PlateCountry, Reason::NotACountry, Country::parse);
        let plate = match &country {
            // No country is France, where a plate fits one of two grammars.
            None if self.typed(Field::PlateCountry).is_none() => self.french_plate(),
            Some(country) if *country == Country::france() => self.french_plate(),
            None | Some(_) => self.plate(),
        };
        let genre = self.maybe(Field::Genre, Reason::NotAChoice, |code| {
            Genre::from_code(code).ok_or(())
        });
        let registration = match (self.typed(Field::Registration), plate) {
            (None | Some("LUE"), Some(plate)) => Some(Registration::Read {
                plate,
                country: country.unwrap_or_else(Country::france),
            }),
            (Some("LUE"), None) => {
                if self.typed(Field::Plate).is_none() {
                    self.problem(Field::Plate, Reason::Missing);
                }
                None
            }
            (Some("AUCUNE"), _) => Some(Registration::None),
            (Some("ILLISIBLE"), _) => Some(Registration::NotReadable),
            (Some(_), _) => {
                self.problem(Field::Registration, Reason::NotAChoice);
                None
            }
            (None, None) => None,
        };
        let words = |field| self.typed(field).map(str::to_owned);
        let (make, model, colour) = (words(Field::Make), words(Field::Model), words(Field::Colour));
        let seen = registration.is_some() || genre.is_some() || make.is_some() || model.is_some();
        (seen || colour.is_some()).then(|| Vehicle {
            registration: registration.unwrap_or(Registration::NotReadable),
            genre,
            make,
            model,
            colour,
        })
    }

    fn french_plate(&mut self) -> Option<Plate> {
        self.maybe(Field::Plate, Reason::NotAPlate, Plate::parse)
    }

    pub(super) fn licence(&mut self) -> Option<Licence> {
        let status = self.maybe(Field::LicenceStatus, Reason::NotAChoice, |code| {
            LicenceStatus::from_code(code).ok_or(())
        });
        let issued = self.maybe(Field::LicenceDate, Reason::NotADate, CivilDate::parse);
        let today = CivilDate::from(self.now.local().date());
        if issued.is_some_and(|issued| issued > today) {
            self.problem(Field::LicenceDate, Reason::InTheFuture);
        }
        let number = self.typed(Field::LicenceNumber).map(Sensitive::from);
        let categories: Vec<String> = self
            .typed(Field::LicenceCategories)
            .into_iter()
            .flat_map(|text| text.split([' ', ',']))
            .filter(|category| !category.is_empty())
            .map(str::to_owned)
            .collect();
        let authority = self.typed(Field::LicenceAuthority).map(str::to_owned);
        let given = status.is_some() || issued.is_some() || number.is_some();
        (given || !categories.is_empty() || authority.is_some()).then(|| Licence {
            status: status.unwrap_or(LicenceStatus::Unknown),
            number,
            categories,
            issued,
            authority,
        })
    }

    /// Circumstances, which may be none.
    pub(super) fn observations(&self) -> Vec<String> {
        self.typed(Field::Account)
            .map(super::paragraphs)
            .unwrap_or_default()
    }

    /// A birth date is a day that has been.
    pub(super) fn refuse_unborn(&mut self) {
        let today = CivilDate::from(self.now.local().date());
        let born = CivilDate::parse(self.draft.text(Field::BirthDate).trim());
        if born.is_ok_and(|born| born > today) {
            self.problem(Field::BirthDate, Reason::InTheFuture);
        }
    }
}

/// `JJ/MM/AAAA HH:MM`, also `14h05`, where the terminal is at `now`: an hour of the summer stays one after the clocks changed.
/// Of an hour that came twice it is the first, which gives nobody more time.
pub(crate) fn moment(text: &str, now: &Timestamp) -> Option<UnixMs> {
    let (day, hour) = text.rsplit_once(' ')?;
    let day: Date = CivilDate::parse(day.trim()).ok()?.date();
    let (hour, minute) = hour.split_once([':', 'h', 'H'])?;
    let number = |text: &str| {
        let short = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        short.then(|| text.parse::<i8>().ok()).flatten()
    };
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    let civil = day.to_datetime(time);
    let at = match TimeZone::get(now.zone.iana()) {
        Ok(rules) => rules.to_timestamp(civil).ok()?,
        Err(_) => {
            let offset = Offset::from_seconds(i32::from(now.offset_min) * 60).ok()?;
            offset.to_timestamp(civil).ok()?
        }
    };
    Some(UnixMs(at.as_millisecond()))
}

/// A number with at most `decimals` decimals, in units of the last one: `0,52` with three is 520.
pub(super) fn decimal(text: &str, decimals: usize) -> Option<u32> {
    let (whole, rest) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || rest.len() > decimals || !digits(whole) || !digits(rest) {
        return None;
    }
    format!("{whole}{rest:0<decimals$}").parse().ok()
}

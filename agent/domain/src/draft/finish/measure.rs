//! From the form of a PV to the measure that it establishes; what is missing or cannot be is named at its field.

use super::super::{Draft, Field, Reason};
use super::measure_law::{by_age, by_the_doctor, crossed, may_decide};
use super::road::moment;
use super::{Form, lines};
use crate::intervention::OperationsNumber;
use crate::officer::{Matricule, Quality};
use crate::person::Person;
use crate::pv::{
    Arrest, CompteRendu, Convocation, CustodyNotice, Doctor, Door, DrunkOutcome, Force, GridState,
    HandcuffGround, Handcuffs, Handover, HomeCall, Ivresse, Measure, NoticeGiver, Palpation, Parent, Present,
    PvKind, Remise, Restraint, RetentionGround, SheetGiven, Wish,
};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;
use crate::verification::{Clock, Counted, MINUTE};

/// Minutes after an arrest past which a notice of rights is no more "at once", and its delay is explained.
const AT_ONCE_MIN: u16 = 30;
/// The longest custody without a decision to prolong it (63 II CPP).
const CUSTODY_MIN: u16 = 24 * 60;

impl Draft {
    /// The hours that a measure starts: of a licence, and of somebody who is arrested and not yet with an OPJ.
    pub(super) fn measure_clock(&self, now: &Timestamp) -> Option<Clock> {
        if self.kind != ActKind::Pv {
            return None;
        }
        let at = |field| moment(self.text(field).trim(), now);
        let kind = self.pv_kind();
        let (from, limit_min, counted) = if kind == PvKind::Retention {
            let ground = RetentionGround::from_code(self.text(Field::RetentionGround).trim())?;
            (at(Field::RetentionFrom)?, ground.hours() * 60, Counted::Licence)
        } else if kind == PvKind::MiseADisposition && at(Field::HandedMoment).is_none() {
            let from = at(Field::ArrestMoment)?;
            if at(Field::CustodyNotice).is_some() {
                (from, CUSTODY_MIN, Counted::Custody)
            } else {
                (from, AT_ONCE_MIN, Counted::CustodyNotice)
            }
        } else {
            return None;
        };
        Some(Clock {
            from,
            noted: self.started,
            limit_min,
            counted,
        })
    }
}

impl<'a> Form<'a> {
    /// None within where the kind has no measure, or an interpellation says nothing of force.
    pub(super) fn measure(&mut self, kind: PvKind, person: Option<&Person>) -> Option<Option<Measure>> {
        let measure = match kind {
            PvKind::Interpellation => {
                let told = Field::measured(kind)
                    .iter()
                    .any(|field| self.typed(*field).is_some());
                if !told {
                    return Some(None);
                }
                self.arrest().map(|arrest| Measure::Arrest(Box::new(arrest)))
            }
            PvKind::MiseADisposition => self.handover(person).map(|it| Measure::Handover(Box::new(it))),
            PvKind::Alcoolemie => self.alcohol_check().map(|it| Measure::Alcohol(Box::new(it))),
            PvKind::Stupefiants => self.drug_check().map(|it| Measure::Drugs(Box::new(it))),
            PvKind::Retention => self.licence_retention().map(|it| Measure::Licence(Box::new(it))),
            PvKind::Immobilisation => self.immobilisation().map(|it| Measure::Vehicle(Box::new(it))),
            PvKind::Ivresse => self.ivresse(person).map(|it| Measure::Ivresse(Box::new(it))),
            PvKind::Remise => self.remise(person).map(|it| Measure::Remise(Box::new(it))),
            PvKind::Convocation => self
                .convocation(person)
                .map(|it| Measure::Convocation(Box::new(it))),
            PvKind::Domicile => self.home_call().map(|it| Measure::HomeCall(Box::new(it))),
            PvKind::CompteRendu => self.compte_rendu().map(|it| Measure::CompteRendu(Box::new(it))),
            PvKind::Justification => self.papers_owed().map(|it| Measure::Papers(Box::new(it))),
            PvKind::Constatations
            | PvKind::Audition
            | PvKind::Transport
            | PvKind::Notification
            | PvKind::Inventaire
            | PvKind::Bordereau
            | PvKind::Rectification
            | PvKind::Annulation
            | PvKind::Temoignage => return Some(None),
        };
        self.problems.extend(crossed(&self.hours));
        measure.map(Some)
    }

    fn arrest(&mut self) -> Option<Arrest> {
        let at = self.hour(Field::ArrestMoment);
        let restraint = self.restraint();
        Some(Arrest {
            at: at?,
            restraint: restraint?,
        })
    }

    /// Force, handcuffs and palpation, each with its grounds (803 CPP, R.434-16 and R.434-18 CSI).
    fn restraint(&mut self) -> Option<Restraint> {
        let forced = self.asked(Field::ForceUsed);
        let force = match forced {
            Some(true) => self.reasons(Field::ForceReasons).map(|circumstances| Force {
                circumstances: circumstances.to_owned(),
            }),
            Some(false) | None => None,
        };
        let cuffed = self.needed(Field::HandcuffGround).filter(|code| *code != "non");
        let handcuffs = match cuffed {
            Some(code) => {
                let ground = HandcuffGround::from_code(code);
                if ground.is_none() {
                    self.problem(Field::HandcuffGround, Reason::NotAChoice);
                }
                let circumstances = self.reasons(Field::HandcuffReasons);
                ground
                    .zip(circumstances)
                    .map(|(ground, circumstances)| Handcuffs {
                        ground,
                        circumstances: circumstances.to_owned(),
                    })
            }
            None => None,
        };
        let palpation = match self.asked(Field::PalpationDone)? {
            true => {
                let reasons = self.reasons(Field::PalpationReasons);
                let apart = self.asked(Field::PalpationApart);
                reasons.zip(apart).map(|(reasons, apart)| Palpation {
                    reasons: reasons.to_owned(),
                    apart,
                })
            }
            false => None,
        };
        forced.map(|_| Restraint {
            force,
            handcuffs,
            palpation,
        })
    }

    fn handover(&mut self, person: Option<&Person>) -> Option<Handover> {
        let arrested = self.hour(Field::ArrestMoment);
        let restraint = self.restraint();
        let giver = self.choice(Field::NoticeGiver, NoticeGiver::from_code);
        let notice = match giver {
            Some(NoticeGiver::Patrol) => self.custody_notice(),
            Some(NoticeGiver::Opj) | None => None,
        };
        let minor = match self.is_minor(person) {
            Some(true) => self.representative(),
            Some(false) | None => None,
        };
        let property: Vec<Sensitive<String>> = self
            .needed(Field::Property)
            .map(lines)
            .unwrap_or_default()
            .into_iter()
            .map(Sensitive::new)
            .collect();
        let left = self.hour(Field::Departure);
        let handed = self.hour(Field::HandedMoment);
        let opj = self.opj_who_decides(Reason::OpjMissing);
        let station = self.needed(Field::Station);
        Some(Handover {
            arrested: arrested?,
            restraint: restraint?,
            notice,
            minor,
            property,
            left: left?,
            handed: handed?,
            opj: opj?,
            station: station?.to_owned(),
        })
    }

    fn custody_notice(&mut self) -> Option<CustodyNotice> {
        let at = self.hour(Field::CustodyNotice);
        let language = self.needed(Field::CustodyLanguage);
        let sheet = self.choice(Field::CustodySheet, SheetGiven::from_code);
        Some(CustodyNotice {
            at: at?,
            language: language?.to_owned(),
            sheet: sheet?,
            delay: self.typed(Field::NoticeDelay).map(str::to_owned),
        })
    }

    /// The OPJ who is named, else the author where they are one, else the one on duty; `missing` where nobody is.
    pub(super) fn opj_who_decides(&mut self, missing: Reason) -> Option<Matricule> {
        let officer = self.around.officer;
        let corps = officer.matricule.corps();
        let named = self.maybe(Field::DecidingOpj, Reason::NotAMatricule, |text| {
            Matricule::parse(corps, text)
        });
        let opj = match (named, officer.quality) {
            (Some(named), _) => Some(named),
            (None, Quality::Opj) => Some(officer.matricule.clone()),
            (None, _) => self.around.service.opj.clone(),
        };
        let may = |opj: &Matricule| may_decide(opj, &officer.matricule, officer.quality);
        if !opj.as_ref().is_some_and(may) {
            self.problem(Field::DecidingOpj, missing);
        }
        opj
    }

    /// A measure that the law keeps from minors, or that is for them alone.
    fn refuse_by_age(&mut self, kind: PvKind, person: Option<&Person>) {
        let age = self.age(person.map(|person| person.identity.brief()));
        self.problems.extend(by_age(kind, age));
    }

    /// Nobody is placed in a cell before a physician said that no hospital is needed (L.3341-1 CSP).
    fn ivresse(&mut self, person: Option<&Person>) -> Option<Ivresse> {
        self.refuse_by_age(PvKind::Ivresse, person);
        let found = self.hour(Field::MeasureMoment);
        let signs = self.reasons(Field::Signs);
        let name = self.needed(Field::Doctor);
        let seen = self.hour(Field::DoctorMoment);
        let fit = self.asked(Field::DoctorFit);
        let [cell, entrusted, hospital] = DrunkOutcome::CODES;
        let code = self.needed(Field::DrunkOutcome);
        if let Some((fit, code)) = fit.zip(code) {
            self.problems.extend(by_the_doctor(fit, code == hospital));
        }
        let outcome = match code {
            Some(code) if code == cell => {
                let placed = self.hour(Field::PlacedMoment);
                placed.map(DrunkOutcome::Cell)
            }
            Some(code) if code == entrusted => {
                let to = self.needed(Field::EntrustedTo);
                to.map(|to| DrunkOutcome::Entrusted(to.into()))
            }
            Some(code) if code == hospital => {
                let to = self.needed(Field::EntrustedTo);
                to.map(|to| DrunkOutcome::Hospital(to.to_owned()))
            }
            Some(_) => {
                self.problem(Field::DrunkOutcome, Reason::NotAChoice);
                None
            }
            None => None,
        };
        Some(Ivresse {
            signs: signs?.to_owned(),
            found: found?,
            doctor: Doctor {
                name: name?.to_owned(),
                at: seen?,
                fit: fit?,
            },
            outcome: outcome?,
        })
    }

    fn remise(&mut self, person: Option<&Person>) -> Option<Remise> {
        self.refuse_by_age(PvKind::Remise, person);
        let at = self.hour(Field::MeasureMoment);
        let to = self.needed(Field::ParentName);
        let parent = self.choice(Field::Parent, Parent::from_code);
        let state = self.needed(Field::MinorState);
        Some(Remise {
            at: at?,
            to: to?.into(),
            parent: parent?,
            state: state?.to_owned(),
        })
    }

    /// The offence is named in it (61-1 CPP); a minor is not summoned from a street.
    fn convocation(&mut self, person: Option<&Person>) -> Option<Convocation> {
        self.refuse_by_age(PvKind::Convocation, person);
        if self.typed(Field::Offences).is_none() {
            self.problem(Field::Offences, Reason::Missing);
        }
        let now = self.now;
        let at = self.read(Field::SummonsMoment, Reason::NotADate, |text| {
            moment(text, &now).ok_or(())
        });
        if at.is_some_and(|at| at <= self.now.utc) {
            self.problem(Field::SummonsMoment, Reason::InThePast);
        }
        let station = self.needed(Field::Station);
        Some(Convocation {
            at: at?,
            station: station?.to_owned(),
        })
    }

    /// Everybody is identified, children too, and heard apart; what is seen is written even when nobody opens.
    fn home_call(&mut self) -> Option<HomeCall> {
        let arrived = self.hour(Field::MeasureMoment);
        let door = self.choice(Field::Door, Door::from_code);
        if door == Some(Door::Closed) {
            return Some(HomeCall {
                arrived: arrived?,
                door: Door::Closed,
                apart: None,
                present: Vec::new(),
                signs: self.typed(Field::Signs).unwrap_or_default().to_owned(),
                grid: None,
                card: None,
                wish: None,
            });
        }
        let apart = self.asked(Field::Apart);
        let present = self.people_present();
        let signs = self.needed(Field::Signs);
        let grid = self.choice(Field::GridDone, GridState::from_code);
        let card = self.asked(Field::CardHanded);
        let wish = self.choice(Field::Wish, Wish::from_code);
        Some(HomeCall {
            arrived: arrived?,
            door: door?,
            apart,
            present,
            signs: signs?.to_owned(),
            grid,
            card,
            wish,
        })
    }

    fn people_present(&mut self) -> Vec<Present> {
        let mut people = Vec::new();
        for line in self.needed(Field::Present).map(lines).unwrap_or_default() {
            match Present::parse(&line) {
                Some(person) => people.push(person),
                None => self.problem(Field::Present, Reason::NotAPresent),
            }
        }
        people
    }

    fn compte_rendu(&mut self) -> Option<CompteRendu> {
        let number = self.maybe(
            Field::OperationsNumber,
            Reason::NotAnOperationsNumber,
            OperationsNumber::parse,
        );
        let opened = self.hour(Field::OpenedMoment);
        let on_scene = match self.typed(Field::OnSceneMoment) {
            Some(_) => self.hour(Field::OnSceneMoment),
            None => None,
        };
        let over = self.hour(Field::OverMoment);
        let outcome = self.choice(Field::Outcome, CompteRendu::outcome);
        Some(CompteRendu {
            number,
            opened: opened?,
            on_scene,
            over: over?,
            outcome: outcome?,
        })
    }
}

impl Form<'_> {
    /// Whether the notice of custody rights came late and nothing says why (63-1 CPP), and whether the device was not
    /// verified within the year.
    pub(super) fn measure_warnings(&self) -> (bool, bool) {
        if self.draft.kind != ActKind::Pv {
            return (false, false);
        }
        let at = |field| self.typed(field).and_then(|text| moment(text, &self.now));
        let late = match (at(Field::ArrestMoment), at(Field::CustodyNotice)) {
            (Some(arrested), Some(told)) => {
                told.0 - arrested.0 > i64::from(AT_ONCE_MIN) * MINUTE
                    && self.typed(Field::NoticeDelay).is_none()
            }
            (Some(_) | None, _) => false,
        };
        (
            late && self.draft.pv_kind() == PvKind::MiseADisposition,
            self.device_is_out_of_date(),
        )
    }
}

//! From the form of a vérification d'identité to the act (78-3 CPP): what is missing or cannot be is named at its field;
//! a retention that was too long is stated as it was.

use super::super::{Field, Reason};
use super::Form;
use super::measure_law::is_reasoned;
use super::road::moment;
use crate::draft::Draft;
use crate::person::Person;
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};
use crate::verification::{
    Clock, Counted, Decision, Finding, FollowUp, Ground, HandedCopy, Held, MINUTE, Magistrate, NO_PRINTS,
    Presented, Prints, Relative, Representative, Rights, Verification, limit_min,
};

impl Draft {
    /// The hours that run by what the form says; none once their end is written down.
    pub fn retention(&self, now: &Timestamp) -> Option<Clock> {
        let is_verification = self.kind == crate::record::ActKind::Verification;
        if !is_verification {
            return self.measure_clock(now);
        }
        let over = moment(self.text(Field::RetentionEnd), now).is_some();
        (!over).then(|| {
            let (from, noted) = self.check_begun(now);
            let commune = Some(self.text(Field::Commune).trim()).filter(|code| !code.is_empty());
            Clock {
                from,
                noted,
                limit_min: limit_min(commune, self.started.zone),
                counted: Counted::Verification,
            }
        })
    }

    /// When the check began, in whole minutes, and the moment that the terminal noted for it: as typed, else as the
    /// check that this follows was begun, else as this was.
    fn check_begun(&self, now: &Timestamp) -> (UnixMs, Timestamp) {
        let noted = self.follows.map_or(self.started, |follows| follows.started);
        let typed = moment(self.text(Field::CheckStart).trim(), now);
        (whole_minutes(typed.unwrap_or(noted.utc)), noted)
    }
}

const fn whole_minutes(at: UnixMs) -> UnixMs {
    UnixMs(at.0 - at.0.rem_euclid(MINUTE))
}

/// The hours between which everything of a retention happened.
#[derive(Clone, Copy)]
struct Span {
    from: UnixMs,
    until: Option<UnixMs>,
}

impl<'a> Form<'a> {
    pub(super) fn verification(&mut self) -> Option<Verification> {
        let check = self.check_frame();
        let place = self.place_with_commune();
        let document = self.document();
        let finding = self.choice(Field::Finding, Finding::from_code);
        let person = self.person_held(finding);
        let ground = self.choice(Field::VerificationGround, Ground::from_code);
        let reasons = self.reasons(Field::VerificationReasons);
        let held = self.held();
        let span = self.span(held);
        let decision = self.decision(span);
        let minor = self.is_minor(person.as_ref());
        let rights = self.rights(span, minor);
        let prints = self.prints(span);
        let means = self.needed(Field::VerificationMeans);
        let follow_up = self.follow_up();
        let copy = self.copy(follow_up.as_ref());
        let interpreter = self.interpreter();
        let signers = self.signed_by_hand();
        Some(Verification {
            check: check?,
            follows: self.draft.follows.map(|follows| follows.act),
            place: place?,
            person,
            document,
            files: self.draft.files.clone(),
            ground: ground?,
            reasons: reasons?.into(),
            decision: decision?,
            rights: rights?,
            prints: prints?,
            finding: finding?,
            means: means?.into(),
            held: held?,
            copy,
            follow_up: follow_up?,
            interpreter,
            started: self.draft.started,
            renvois: self.renvois(),
            signers,
        })
    }

    /// Nobody need be known; whose identity is established is named.
    fn person_held(&mut self, finding: Option<Finding>) -> Option<Person> {
        let known = self.typed(Field::Surname).is_some() || self.typed(Field::Mrz).is_some();
        if known || finding == Some(Finding::Established) {
            self.short_person()
        } else {
            None
        }
    }

    pub(super) fn reasons(&mut self, field: Field) -> Option<&'a str> {
        let reasons = self.needed(field)?;
        if !is_reasoned(reasons) {
            self.problem(field, Reason::GroundsMissing);
        }
        Some(reasons)
    }

    /// A moment of today or before.
    pub(super) fn hour(&mut self, field: Field) -> Option<UnixMs> {
        let now = self.now;
        let at = self.read(field, Reason::NotADate, |text| moment(text, &now).ok_or(()))?;
        if at > now.utc {
            self.problem(field, Reason::InTheFuture);
        }
        self.hours.push((field, at));
        Some(at)
    }

    /// An hour of the retention.
    fn hour_within(&mut self, field: Field, span: Span) -> Option<UnixMs> {
        let at = self.hour(field)?;
        self.within(field, at, span);
        Some(at)
    }

    fn within(&mut self, field: Field, at: UnixMs, span: Span) {
        let at = whole_minutes(at);
        if at < span.from || span.until.is_some_and(|until| until < at) {
            self.problem(field, Reason::OutOfOrder);
        }
    }

    fn held(&mut self) -> Option<Held> {
        let (from, _) = self.draft.check_begun(&self.now);
        if self.typed(Field::CheckStart).is_some() {
            self.hour(Field::CheckStart)?;
        }
        let until = self.hour(Field::RetentionEnd)?;
        if until < from {
            self.problem(Field::RetentionEnd, Reason::OutOfOrder);
        }
        Some(Held {
            from,
            until,
            limit_min: limit_min(self.typed(Field::Commune), self.draft.started.zone),
        })
    }

    fn span(&self, held: Option<Held>) -> Span {
        let (from, _) = self.draft.check_begun(&self.now);
        Span {
            from,
            until: held.map(|held| held.until),
        }
    }

    /// It starts on an OPJ's decision alone: an OPJ who draws it up decided, an APJ names who did, and no other quality
    /// draws it up.
    fn decision(&mut self, span: Span) -> Option<Decision> {
        let officer = self.around.officer;
        if !officer.quality.takes_complaints() {
            self.problem(Field::DecidingOpj, Reason::QualityNotEmpowered);
        }
        let opj = self.opj_who_decides(Reason::OpjDecides);
        let at = self.hour_within(Field::DecisionMoment, span);
        let presented = self.choice(Field::Presentation, Presented::from_code);
        let presented_at = self.hour_within(Field::PresentationMoment, span);
        Some(Decision {
            opj: opj?,
            at: at?,
            presented: presented?,
            presented_at: presented_at?,
        })
    }

    /// By the birth where it is known, else as the officer says.
    pub(super) fn is_minor(&mut self, person: Option<&Person>) -> Option<bool> {
        match self.age(person.map(|person| person.identity.brief())) {
            Some(age) => Some(age < 18),
            None => {
                self.needed(Field::Minority)?;
                self.yes_or_no(Field::Minority)
            }
        }
    }

    fn rights(&mut self, span: Span, minor: Option<bool>) -> Option<Rights> {
        let told = self.draft.noticed.zip(self.typed(Field::RetentionNotice));
        match told {
            Some((at, _)) => self.within(Field::RetentionNotice, at.utc, span),
            None => self.problem(Field::RetentionNotice, Reason::RightsNotTold),
        }
        let asked = self.asked(Field::ProsecutorWish);
        let prosecutor_told = match self.typed(Field::ProsecutorMoment) {
            Some(_) => self.hour_within(Field::ProsecutorMoment, span),
            None => {
                if asked == Some(true) || minor == Some(true) {
                    self.problem(Field::ProsecutorMoment, Reason::ProsecutorNotTold);
                }
                None
            }
        };
        let relative = self.relative(span);
        let representative = match minor {
            Some(true) => self.representative(),
            Some(false) | None => None,
        };
        let (told, language) = told?;
        Some(Rights {
            told,
            language: language.to_owned(),
            prosecutor_asked: asked?,
            prosecutor_told,
            relative: relative?,
            representative,
        })
    }

    /// A question that is answered one way or the other.
    pub(super) fn asked(&mut self, field: Field) -> Option<bool> {
        self.needed(field)?;
        self.yes_or_no(field)
    }

    fn relative(&mut self, span: Span) -> Option<Relative> {
        if !self.asked(Field::RelativeWish)? {
            return Some(Relative::NotAsked);
        }
        let who = self.typed(Field::Relative).map(Sensitive::from);
        if let Some(why) = self.typed(Field::RelativeObstacle) {
            return Some(Relative::NotTold {
                who,
                why: why.to_owned(),
            });
        }
        if who.is_none() {
            self.problem(Field::Relative, Reason::Missing);
        }
        if self.typed(Field::RelativeMoment).is_none() {
            self.problem(Field::RelativeMoment, Reason::RelativeNotTold);
            return None;
        }
        let at = self.hour_within(Field::RelativeMoment, span);
        Some(Relative::Told { who: who?, at: at? })
    }

    /// A minor is assisted by who represents them, unless that is impossible.
    pub(super) fn representative(&mut self) -> Option<Representative> {
        if let Some(name) = self.typed(Field::Representative) {
            return Some(Representative::Assists(name.into()));
        }
        match self.typed(Field::RepresentativeObstacle) {
            Some(why) => Some(Representative::Impossible(why.to_owned())),
            None => {
                self.problem(Field::Representative, Reason::RepresentativeMissing);
                None
            }
        }
    }

    /// None within where nothing was taken.
    fn prints(&mut self, span: Span) -> Option<Option<Prints>> {
        let authority = self.needed(Field::PrintsAuthority)?;
        if authority == NO_PRINTS {
            return Some(None);
        }
        let Some(authorised_by) = Magistrate::from_code(authority) else {
            self.problem(Field::PrintsAuthority, Reason::NotAChoice);
            return None;
        };
        let name = self.needed(Field::PrintsMagistrate);
        let at = self.hour_within(Field::PrintsMoment, span);
        let reasons = self.reasons(Field::PrintsReasons);
        Some(Some(Prints {
            authorised_by,
            name: name?.to_owned(),
            at: at?,
            reasons: reasons?.to_owned(),
        }))
    }

    fn follow_up(&mut self) -> Option<FollowUp> {
        let [none, awaited, recorded] = FollowUp::CODES;
        let code = self.needed(Field::FollowUp)?;
        if code == none {
            Some(FollowUp::None)
        } else if code == awaited {
            Some(FollowUp::Awaited)
        } else if code == recorded {
            let procedure = self.needed(Field::FollowUpProcedure)?.to_owned();
            Some(FollowUp::Recorded { procedure })
        } else {
            self.problem(Field::FollowUp, Reason::NotAChoice);
            None
        }
    }

    /// Where nothing follows the person is due a copy.
    fn copy(&mut self, follow_up: Option<&FollowUp>) -> Option<HandedCopy> {
        let copy = self.maybe(Field::HandedCopy, Reason::NotAChoice, |code| {
            HandedCopy::from_code(code).ok_or(())
        });
        let due = follow_up.is_some_and(FollowUp::is_destroyed);
        if due && self.typed(Field::HandedCopy).is_none() {
            self.problem(Field::HandedCopy, Reason::CopyNotHanded);
        }
        copy
    }
}

impl Form<'_> {
    /// Whether the retention was longer than the law allows, and whether the clock was set while it ran.
    pub(super) fn retention_warnings(&self) -> (bool, bool) {
        if self.draft.kind != crate::record::ActKind::Verification {
            return (false, false);
        }
        let (from, noted) = self.draft.check_begun(&self.now);
        let limit_min = limit_min(self.typed(Field::Commune), self.draft.started.zone);
        let clock = Clock {
            from,
            noted,
            limit_min,
            counted: Counted::Verification,
        };
        let until = self
            .typed(Field::RetentionEnd)
            .and_then(|text| moment(text, &self.now));
        let too_long = match until {
            Some(until) => Held {
                from,
                until,
                limit_min,
            }
            .excess()
            .is_some(),
            None => clock.left_ms(&self.now) < 0,
        };
        (too_long, clock.was_set(&self.now))
    }
}

//! From the form of an identity check to the act (78-2, 78-6 CPP; R.233-1 Code de la route).

use super::super::{Draft, Field, Problem, Reason};
use super::{Form, Surroundings, Warning};
use crate::identity::crosscheck::Compared;
use crate::identity::{CheckOutcome, CivilDate, IdentityCheck};
use crate::legal_basis::{
    BasisRefusal, BasisRow, CheckBasis, CheckFrame, PlaceVerdict, QueryFrame, Situation,
};
use crate::person::{Identity, IdentitySource, Person};
use crate::place::{Fix, Position, commune};
use crate::record::ActKind;
use crate::requisition::Whereabouts;
use crate::time::Timestamp;
use crate::verification::{Clock, Counted};

impl Form<'_> {
    pub(super) fn identity_check(&mut self) -> Option<IdentityCheck> {
        let place = self.place_with_commune();
        let document = self.document();
        let person = match (self.typed(Field::Surname), &document) {
            (None, None) => None,
            (Some(_), _) | (_, Some(_)) => self.brief(),
        };
        let plate = self.plate();
        let frame = self.check_frame();
        let outcome = match &person {
            Some((_, IdentitySource::Presentee | IdentitySource::Verifiee)) => CheckOutcome::Established,
            Some((_, IdentitySource::Declaree)) => CheckOutcome::Declared,
            None => CheckOutcome::NotEstablished,
        };
        let _ = self.maybe(Field::DocumentExpiry, Reason::NotADate, CivilDate::parse);
        let answers = self.around.answers.iter();
        let answers = answers.filter_map(|line| line.state.answer());
        let compared = self.draft.crosscheck(answers, self.now);
        Some(IdentityCheck {
            frame: frame?,
            place: place?,
            person: person.map(|(brief, source)| Person {
                identity: Identity::Brief(brief),
                source,
            }),
            document,
            plate,
            files: self.draft.files.clone(),
            outcome,
            started: self.draft.started,
            compared: compared.into_iter().map(Compared::kept).collect(),
            seals: self.draft.seal_traces(),
        })
    }

    /// The text of a check, with everything that it asks for.
    pub(super) fn check_frame(&mut self) -> Option<CheckFrame> {
        let basis = self.choice(Field::CheckBasis, CheckBasis::from_code)?;
        let alinea = self.maybe(Field::Alinea, Reason::NotANumber, str::parse::<u8>);
        let prior = self.maybe(Field::PriorBasis, Reason::NotAChoice, |code| {
            CheckBasis::from_code(code).ok_or(())
        });
        let commune = self.maybe(Field::Commune, Reason::NotACommune, commune);
        let framed = self.framed(basis, alinea, prior, commune.as_deref());
        framed
            .map_err(|refusals| self.problems.extend(refusals.into_iter().map(Problem::from)))
            .ok()
    }

    fn framed(
        &self,
        basis: CheckBasis,
        alinea: Option<u8>,
        prior: Option<CheckBasis>,
        commune: Option<&str>,
    ) -> Result<CheckFrame, Vec<BasisRefusal>> {
        let typed_fix = self
            .typed(Field::Position)
            .and_then(|text| Position::parse(text).ok());
        let at = self.draft.begun_at();
        let typed_fix = typed_fix.map(|position| Fix { position, at });
        let situation = Situation {
            quality: self.around.officer.quality,
            opj: self.around.service.opj.as_ref(),
            grounds: self.typed(Field::Grounds).unwrap_or_default(),
            requisition: self.typed(Field::Requisition).unwrap_or_default(),
            alinea,
            prior,
            held: &self.around.service.requisitions,
            whereabouts: Whereabouts {
                commune,
                fix: typed_fix.as_ref().or(self.around.fix.as_ref()),
            },
            at,
            urgent: self.draft.urgent.map(|at| at.utc),
        };
        self.around.bases.frame(basis, &situation)
    }

    /// The basis as it is chosen and what stands against it, without touching the form's problems.
    fn basis_now(&self) -> Option<(CheckBasis, Result<CheckFrame, Vec<BasisRefusal>>)> {
        let basis = CheckBasis::from_code(self.typed(Field::CheckBasis)?)?;
        let alinea = self.typed(Field::Alinea).and_then(|text| text.parse().ok());
        let prior = self.typed(Field::PriorBasis).and_then(CheckBasis::from_code);
        let commune = self.typed(Field::Commune).and_then(|text| commune(text).ok());
        Some((basis, self.framed(basis, alinea, prior, commune.as_deref())))
    }

    fn row(&self) -> Option<&BasisRow> {
        let basis = CheckBasis::from_code(self.typed(Field::CheckBasis)?)?;
        let day = CivilDate::from(self.draft.begun_at().local().date());
        self.around.bases.in_force(basis, day)
    }

    /// What to know of the text of a check before it is signed, or files are asked.
    pub(super) fn basis_warnings(&self) -> Vec<Warning> {
        let place = self.place_verdict();
        let limit = self.draft.limit(self.around, &self.now);
        let left = limit.map(|limit| limit.clock.left_min(&self.now));
        [
            (place == Some(PlaceVerdict::Outside), Warning::OutsideRequisition),
            (place == Some(PlaceVerdict::Unknown), Warning::PlaceUnknown),
            (
                self.row().is_some_and(|row| row.unverified),
                Warning::BasisUnverified,
            ),
            (
                left.is_some_and(|left| (0..=NEAR_MIN).contains(&left)),
                Warning::LimitNears,
            ),
            (left.is_some_and(|left| left < 0), Warning::LimitOver),
        ]
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
        .collect()
    }

    /// Where the check is by the réquisition that it names, whatever else is missing.
    fn place_verdict(&self) -> Option<PlaceVerdict> {
        self.row()?.requisition?;
        let reference = self.typed(Field::Requisition)?;
        let held = self
            .around
            .service
            .requisitions
            .iter()
            .find(|held| held.is_called(reference))?;
        let commune = self.typed(Field::Commune).and_then(|text| commune(text).ok());
        let at = self.draft.begun_at();
        let typed = self
            .typed(Field::Position)
            .and_then(|text| Position::parse(text).ok());
        let typed = typed.map(|position| Fix { position, at });
        let whereabouts = Whereabouts {
            commune: commune.as_deref(),
            fix: typed.as_ref().or(self.around.fix.as_ref()),
        };
        Some(held.covers(at.utc, whereabouts))
    }
}

/// From how many minutes on an end is near.
const NEAR_MIN: i64 = 10;

/// Whether files may be asked for a draft, and in which frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// In this frame; none where the act needs no text for it.
    Ready(Option<QueryFrame>),
    /// Not before this is put right, or the officer says that it is urgent.
    Blocked(Problem),
}

/// The time that a text allows, as it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitView {
    pub clock: Clock,
    /// It is of the operation in one place, not of this check alone.
    pub in_one_place: bool,
}

impl Draft {
    /// When the check began: the one that a vérification follows, or this.
    fn begun_at(&self) -> Timestamp {
        self.follows.map_or(self.started, |follows| follows.started)
    }

    /// Whether the text of a check allows to ask files, which is known before any question leaves.
    pub fn readiness(&self, around: Surroundings<'_>, now: Timestamp) -> Readiness {
        if self.kind != ActKind::IdentityCheck {
            return Readiness::Ready(QueryFrame::of(self));
        }
        let form = Form::of(self, around, now);
        let refused = match form.basis_now() {
            None => Problem::new(Field::CheckBasis, Reason::Missing),
            Some((basis, Ok(_))) => return Readiness::Ready(Some(QueryFrame::Check(basis))),
            Some((basis, Err(refusals))) => match refusals.into_iter().find(|one| one.is_of_power()) {
                None => return Readiness::Ready(Some(QueryFrame::Check(basis))),
                Some(refusal) => Problem::from(refusal),
            },
        };
        match self.urgent {
            Some(_) => Readiness::Ready(Some(QueryFrame::Urgent)),
            None => Readiness::Blocked(refused),
        }
    }

    /// Whether files were, or may be, asked in urgency and the text of the check is still to be completed.
    pub fn is_frame_open(&self, around: Surroundings<'_>, now: Timestamp) -> bool {
        let complete = || {
            Form::of(self, around, now)
                .basis_now()
                .is_some_and(|(_, framed)| framed.is_ok())
        };
        self.urgent.is_some() && !complete()
    }

    /// The time that runs for the check, or for the operation that it is part of; a retention has a clock of its own.
    pub fn limit(&self, around: Surroundings<'_>, now: &Timestamp) -> Option<LimitView> {
        if self.kind != ActKind::IdentityCheck {
            return None;
        }
        let form = Form::of(self, around, *now);
        let row = form.row()?;
        let limit_min = row.longest_min?;
        let operation = around
            .service
            .operations
            .iter()
            .find(|one| one.basis == row.basis && row.in_one_place);
        let noted = operation.map_or(self.started, |operation| operation.since);
        Some(LimitView {
            clock: Clock {
                from: noted.utc,
                noted,
                limit_min,
                counted: Counted::Verification,
            },
            in_one_place: row.in_one_place,
        })
    }
}

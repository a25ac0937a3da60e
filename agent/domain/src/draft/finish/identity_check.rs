//! From the form of an identity check to the act (78-2, 78-6 CPP; R.233-1 Code de la route).

use super::super::{Field, Problem};
use super::Form;
use crate::identity::crosscheck::Compared;
use crate::identity::{CheckOutcome, IdentityCheck};
use crate::legal_basis::{CheckBasis, CheckFrame};
use crate::person::{Identity, IdentitySource, Person};

impl Form<'_> {
    pub(super) fn identity_check(&mut self) -> Option<IdentityCheck> {
        let place = self.place();
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
        let basis = self.choice(Field::CheckBasis, CheckBasis::from_code);
        let grounds = self.typed(Field::Grounds).unwrap_or_default();
        let requisition = self.typed(Field::Requisition).map(str::to_owned);
        let opj = self.around.service.opj.clone();
        match basis?.frame(self.around.officer.quality, opj, grounds, requisition) {
            Ok(frame) => Some(frame),
            Err(refusals) => {
                self.problems.extend(refusals.into_iter().map(Problem::from));
                None
            }
        }
    }
}

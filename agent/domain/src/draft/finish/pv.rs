//! From the form of a general PV to the act (429 CPP).

use super::super::{Field, Problem, Reason};
use super::Form;
use crate::identity::CivilDate;
use crate::legal_basis::PvFrame;
use crate::natinf::{Natinf, NotInForce};
use crate::pv::{Closing, Pv};

impl Form<'_> {
    pub(super) fn pv(&mut self) -> Option<Pv> {
        let frame = self.choice(Field::PvFrame, PvFrame::from_code);
        let subject = self.needed(Field::Subject);
        let place = self.place();
        let offences = self.codes(Field::Offences);
        self.refuse_outdated(&offences);
        let plate = self.plate();
        let paragraphs = self.paragraphs();
        Some(Pv {
            frame: frame?,
            subject: subject?.to_owned(),
            place: place?,
            offences,
            plates: plate.into_iter().collect(),
            paragraphs,
            started: self.draft.started,
            closing: Closing::AuthorOnly,
        })
    }

    /// What is seen today is no offence of a code that is over.
    fn refuse_outdated(&mut self, offences: &[Natinf]) {
        let law = self.around.reference.at(CivilDate::from(self.now.local().date()));
        for natinf in offences {
            match law.find(*natinf) {
                Ok(_) | Err(NotInForce::Unknown) => {}
                Err(NotInForce::NotYet { .. }) => self.problem(Field::Offences, Reason::NatinfNotYetInForce),
                Err(NotInForce::Outdated { successor }) => self.problems.push(Problem::outdated(successor)),
            }
        }
    }
}

//! From the form of a note to the act: a purpose, and the policy that allows it.

use super::super::{Field, Reason};
use super::Form;
use crate::note::{Note, NotePurpose};
use crate::sensitive::Sensitive;

impl Form<'_> {
    pub(super) fn note(&mut self) -> Option<Note> {
        let corps = self.around.officer.matricule.corps();
        if !self.around.reference.notes().allows(corps) {
            self.problem(Field::NotePurpose, Reason::NotesOff);
        }
        let purpose = self.choice(Field::NotePurpose, NotePurpose::from_code);
        let subject = self.needed(Field::Subject);
        let place = self.place_with_commune();
        let paragraphs = self.paragraphs().into_iter().map(Sensitive::new).collect();
        Some(Note {
            purpose: purpose?,
            subject: subject?.into(),
            place: place?,
            paragraphs,
            started: self.draft.started,
        })
    }
}

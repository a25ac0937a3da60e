//! The draft that a lock, a call or a stop took out of the officer's hands comes back where it was.

use domain::ActId;
use domain::dialogue::Resumed;
use domain::draft::Field;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// Keeps which step of which draft is open.
    pub(crate) fn look_at(&mut self, draft: ActId, field: Option<Field>) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.take_in_hand(draft, field)
    }

    /// Opens a draft that has much already where it lacks something.
    pub(crate) fn resume_at_first_missing(&mut self, draft: ActId) -> Result<(), StoreError> {
        let problems = self.problems_of(draft)?;
        let field = problems.first().map(|problem| problem.field);
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.take_in_hand(draft, field)?;
        self.resume_at(field)
    }

    fn resume_at(&mut self, field: Option<Field>) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.resumed = Some(Resumed { field });
        if field == Some(Field::Offences) {
            self.search_offences("")?;
        }
        Ok(())
    }

    pub(crate) fn put_away(&mut self) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.put_away()
    }

    /// Shows the draft in hand again, to whoever has just unlocked.
    pub(crate) fn resume_in_hand(&mut self) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some((draft, field)) = desk.store.in_hand()? else {
            return Ok(());
        };
        if !self.is_there(draft)? {
            return self.put_away();
        }
        if let Some(desk) = self.desk() {
            desk.current = Some(draft);
        }
        self.stale.draft = true;
        self.resume_at(field)
    }
}

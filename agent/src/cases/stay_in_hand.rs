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

    pub(crate) fn put_away(&mut self) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.put_away()
    }

    /// Shows the draft in hand again, to whoever has just unlocked.
    pub(crate) fn resume_in_hand(&mut self) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        if let Some((draft, field)) = desk.store.in_hand()? {
            desk.current = Some(draft);
            desk.resumed = Some(Resumed { field });
            self.stale.draft = true;
        }
        Ok(())
    }
}

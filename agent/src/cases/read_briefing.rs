//! What a crew is told before it goes out: each officer reads it, HQ hears that they did, and it stays until its term.

use domain::InterventionId;
use domain::intervention::Standing;
use domain::journal::Operation;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn read_briefing(&mut self, id: InterventionId) -> Result<(), StoreError> {
        self.wake_dispatches()?;
        let (now, officer) = (self.now, self.officer_id());
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(until) = desk
            .proposed
            .get(&id)
            .filter(|dispatch| dispatch.about.is_briefing() && !desk.read.contains(&id))
            .map(|dispatch| dispatch.until)
        else {
            return Ok(());
        };
        self.device
            .log(now, officer, Operation::BriefingRead { dispatch: id })?;
        // Told first: a stop in between makes it unread here, and never unread at HQ alone.
        if !self.state_progress(Standing::Read { id, at: now })? {
            return Ok(());
        }
        if let Some(desk) = self.desk() {
            desk.store.note_briefing_read(id, until)?;
            desk.read.insert(id);
        }
        self.stale.home = true;
        self.send_progress()
    }
}

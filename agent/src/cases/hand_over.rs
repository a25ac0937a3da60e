//! Handing a signed act over to the drafting system of the station.

use domain::ActId;
use domain::dialogue::Notice;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn hand_over(&mut self, _act: ActId) -> Result<(), StoreError> {
        self.notice(Notice::NowhereToHandOver);
        Ok(())
    }
}

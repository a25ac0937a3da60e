//! Theme, size of the text, and the thumb that touches: the screens follow, today and after every restart.

use domain::dialogue::Appearance;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn set_appearance(&mut self, chosen: Appearance) -> Result<(), StoreError> {
        self.device.keep_appearance(chosen)?;
        self.stale.appearance = true;
        Ok(())
    }
}

//! Legal terms, held while locked: at the deadline the key goes, and with it the reading.

use domain::Timestamp;

use crate::cases::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn purge(&mut self) -> Result<(), StoreError> {
        let purged = self.device.purge(self.now)?;
        if !purged.is_empty() {
            tracing::info!(acts = purged.len(), "terms reached, keys destroyed");
            if let Desk::Open(desk) = &mut self.desk {
                desk.store.forget(&purged)?;
            }
            self.stale.deliveries = true;
        }
        self.purge_footage()
    }

    /// The next deadline, as time since the device's start; the wall clock may be wrong, so it is looked at again
    /// at least every hour.
    pub(crate) fn term_wakeup(&self) -> Option<u64> {
        const HOUR: u64 = 3_600_000;
        let Timestamp { utc, mono_ms, .. } = self.now;
        let until = self.device.next_deadline().ok().flatten()?;
        let left = u64::try_from(until.0.saturating_sub(utc.0)).unwrap_or(0);
        Some(mono_ms + left.min(HOUR) + 1)
    }
}

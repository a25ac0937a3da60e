//! Legal terms, held while locked: at the deadline the key goes, and with it the reading.

use crate::cases::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

impl Engine {
    pub(crate) fn purge(&mut self) -> Result<(), StoreError> {
        // Looked at again in a minute at the earliest, even when this time fails.
        self.terms_checked = self.now.mono_ms;
        let purged = self.device.purge(self.now)?;
        if !purged.is_empty() {
            tracing::info!(acts = purged.len(), "terms reached, keys destroyed");
            if let Desk::Open(desk) = &mut self.desk {
                desk.store.forget(&purged)?;
                desk.queue.forget(&purged);
                self.stale.printing = true;
            }
            // Who was met in them goes with them.
            self.count_met()?;
            self.stale.deliveries = true;
        }
        self.forget_persons_unless_allowed()?;
        self.drop_old_confirmations()?;
        self.forget_old_answers()?;
        if self.device.forget_shared(self.now)? > 0 {
            self.stale.lock = true;
        }
        self.purge_footage()
    }

    /// When deadlines are looked at next; the wall clock may be wrong or set, so at least every hour.
    pub(crate) fn term_wakeup(&self) -> Option<u64> {
        let next = self.device.next_deadline().ok().flatten();
        let left = next.map_or(HOUR, |until| {
            u64::try_from(until.0.saturating_sub(self.now.utc.0)).unwrap_or(0)
        });
        Some(self.terms_checked.saturating_add(left.clamp(MINUTE, HOUR)))
    }
}

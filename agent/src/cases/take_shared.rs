//! What others of the crew show: journalled before it is opened, and gone after a quarter of an hour, whatever the clock
//! is set to.

use domain::dialogue::{Haptic, Notice, SharedLine, View};
use domain::journal::Operation;
use domain::query::{SHOWN_FOR, SharedAnswer};
use domain::{OfficerId, QueryId, canonical};
use sync::wire::v1::AnswerEnvelope;
use trust::seal;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

/// The largest answer with its term, in bytes.
const MAX_SHARED: usize = 160 * 1024;

/// What is on the screen, until the device's clock says so.
pub(crate) struct OnShow {
    pub(crate) line: SharedLine,
    gone_at: u64,
}

impl Engine {
    /// HQ's signature was checked; what it sealed is opened for the one officer whom it names.
    pub(crate) fn answer_shared(&mut self, envelope: &AnswerEnvelope) -> Result<(), StoreError> {
        let Some(shared) = self.open_shared(&envelope.sealed) else {
            tracing::warn!(share = %envelope.query, "a shared answer does not open");
            return Ok(());
        };
        let is_ours = envelope.device == self.enrolment.terminal.device && shared.share == envelope.query;
        let left = self.left_of(&shared);
        if !is_ours || left == 0 {
            tracing::info!(share = %envelope.query, "a shared answer came too late");
            return Ok(());
        }
        let (share, officer) = (shared.share, shared.officer);
        if !self
            .device
            .keep_shared(self.now, share, officer, &envelope.sealed, left)?
        {
            return Ok(());
        }
        self.stale.lock = true;
        if self.officer_id() == Some(shared.officer) {
            self.show_shared(shared, self.now.mono_ms + left)
        } else {
            self.show(View::Haptic(Haptic::Neutral));
            Ok(())
        }
    }

    /// Shows `officer` what came while they were away.
    pub(crate) fn take_shared(&mut self, officer: OfficerId) -> Result<(), StoreError> {
        self.device.forget_shared(self.now)?;
        for row in self.device.shared_with(self.now, officer)? {
            match self.open_shared(&row.sealed) {
                Some(shared) => self.show_shared(shared, row.gone_at)?,
                None => self.device.put_shared_away(row.share)?,
            }
        }
        Ok(())
    }

    fn open_shared(&self, sealed: &[u8]) -> Option<SharedAnswer> {
        let plain = seal::open(self.keys.identity(), sealed, MAX_SHARED).ok()?;
        canonical::decode(&plain).ok()
    }

    /// Milliseconds for which it may be shown from now on; a clock that is behind gives no more than the whole.
    fn left_of(&self, shared: &SharedAnswer) -> u64 {
        let left = shared.until.0.saturating_sub(self.now.utc.0).min(SHOWN_FOR);
        u64::try_from(left).unwrap_or(0)
    }

    fn show_shared(&mut self, shared: SharedAnswer, gone_at: u64) -> Result<(), StoreError> {
        let answer = shared.answer;
        let (file, dangerous, hit) = (answer.file, answer.is_dangerous(), answer.is_hit());
        let shown = Operation::SharedAnswerShown {
            file,
            query: answer.query,
            share: shared.share,
            by: shared.by.clone(),
        };
        self.device.log(self.now, Some(shared.officer), shown)?;
        let line = SharedLine {
            share: shared.share,
            by: shared.by.to_string(),
            about: shared.term.spoken(),
            answer,
            until: shared.until,
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.shared.insert(shared.share, OnShow { line, gone_at });
        self.stale.home = true;
        self.show(View::Haptic(if dangerous {
            Haptic::Dangerous
        } else if hit {
            Haptic::Hit
        } else {
            Haptic::Neutral
        }));
        self.notice(Notice::AnswerShared { file, dangerous });
        Ok(())
    }

    /// The officer puts it away before its time.
    pub(crate) fn shared_seen(&mut self, share: QueryId) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.shared.remove(&share).is_some() {
            self.device.put_shared_away(share)?;
            self.stale.home = true;
            self.stale.lock = true;
        }
        Ok(())
    }

    /// Takes off the screen and the disk what may be shown no longer.
    pub(crate) fn wake_shared(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let over: Vec<QueryId> = desk
            .shared
            .iter()
            .filter(|(_, on_show)| on_show.gone_at <= now.mono_ms)
            .map(|(share, _)| *share)
            .collect();
        for share in over {
            self.shared_seen(share)?;
        }
        Ok(())
    }

    pub(crate) fn shared_wakeup(&self) -> Option<u64> {
        let Desk::Open(desk) = &self.desk else {
            return None;
        };
        desk.shared.values().map(|on_show| on_show.gone_at).min()
    }
}

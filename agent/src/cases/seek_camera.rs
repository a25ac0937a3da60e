//! A camera that was lost is looked for until it is back: what was on its way in goes on by itself.

use super::take_footage::Meeting;
use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

/// Milliseconds before each look for a lost camera; the last holds for every later one.
const PAUSES: [u64; 5] = [5_000, 10_000, 20_000, 40_000, 60_000];

/// The looks for a lost camera.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// When the next is due, by the clock that never jumps, in milliseconds.
    next: Option<u64>,
    /// How many came to nothing.
    vain: usize,
    /// The officer asked while one was under way: it is made again should it come to nothing.
    asked: bool,
}

impl Engine {
    pub(crate) const fn camera_wakeup(&self) -> Option<u64> {
        self.footage.search.next
    }

    pub(crate) fn wake_camera(&mut self) -> Result<(), StoreError> {
        if self
            .footage
            .search
            .next
            .is_none_or(|next| next > self.now.mono_ms)
        {
            return Ok(());
        }
        self.footage.search.next = None;
        if matches!(self.footage.meeting, Meeting::None) && self.is_camera_wanted()? {
            self.meet_known(Meeting::Seeking)?;
        }
        Ok(())
    }

    /// It went out of reach, and nobody sent it away.
    pub(crate) fn camera_lost(&mut self) {
        let search = &mut self.footage.search;
        let pause = PAUSES.get(search.vain).or(PAUSES.last());
        search.vain = search.vain.saturating_add(1);
        search.next = pause.map(|pause| self.now.mono_ms + pause);
    }

    /// The officer waits for the look that is under way.
    pub(crate) const fn wait_for_look(&mut self) {
        self.footage.search.asked = true;
    }

    /// The look that came to nothing may have begun before the camera was back.
    pub(crate) fn look_again_if_asked(&mut self) -> Result<(), StoreError> {
        if std::mem::take(&mut self.footage.search.asked) && matches!(self.footage.meeting, Meeting::None) {
            self.meet_known(Meeting::Reaching)?;
        }
        Ok(())
    }

    /// It is there, or is not to be looked for.
    pub(crate) fn end_camera_search(&mut self) {
        self.footage.search = Search::default();
    }

    /// During a service, and as long as a recording is on its way in.
    fn is_camera_wanted(&self) -> Result<bool, StoreError> {
        let on_duty = matches!(&self.desk, Desk::Open(desk) if desk.service.is_some());
        Ok(on_duty || self.device.clips()?.iter().any(|row| row.root.is_none()))
    }
}

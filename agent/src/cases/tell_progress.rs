//! What the crew tells the operations centre of its interventions: durable, sealed, and the last word alone.

use domain::canonical;
use domain::dialogue::Network;
use domain::intervention::{Progress, ProgressTold, Standing};
use sync::UpLane;
use sync::wire::v1::ProgressKept;
use trust::cose::Namespace;
use trust::seal;

use super::deliver::Sent;
use super::unlock::Desk;
use crate::engine::{CommitPoint, Engine};
use crate::store::StoreError;

/// Statements on their way at a time.
const AT_ONCE: u32 = 8;
/// How long HQ's word on a statement is waited for before it is sent again, in milliseconds.
const PATIENCE: u64 = 30_000;

impl Engine {
    /// Tells the centre how every intervention stands that it was not told of; what a stop cut off is told at the unlock.
    pub(crate) fn tell_progress(&mut self) -> Result<(), StoreError> {
        let untold = match &self.desk {
            Desk::Open(desk) => desk.store.untold_interventions()?,
            Desk::Locked | Desk::Unlocking { .. } => return Ok(()),
        };
        for intervention in untold {
            let told = Standing::Taken(Box::new(intervention.for_the_centre()));
            if self.state_progress(told)?
                && let Some(desk) = self.desk()
            {
                desk.store.note_told(intervention.id)?;
            }
        }
        self.tell_sheets()?;
        self.send_progress()
    }

    /// Keeps the signed statement; false where the device did not sign or seal it, and it is tried again.
    pub(crate) fn state_progress(&mut self, standing: Standing) -> Result<bool, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(false);
        };
        let (intervention, answers) = (standing.intervention(), standing.answers());
        let author = desk.officer.author();
        let officer = author.id;
        let crew = desk.service.as_ref().map(|service| service.crew.clone());
        let progress = Progress {
            author,
            crew: crew.unwrap_or_default(),
            standing,
            stand: desk
                .crew
                .sheets
                .get(&intervention)
                .map(|row| row.sheet.standing_at()),
        };
        let Ok(sealed) = seal::seal(&[self.anchors.recipient], &canonical::encode(&progress)) else {
            tracing::error!(%intervention, "a statement on an intervention could not be sealed");
            return Ok(false);
        };
        let sequence = self.device.next_progress()?;
        let told = ProgressTold {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            officer,
            intervention,
            sequence,
            at: self.now,
            sealed,
        };
        let payload = canonical::encode(&told);
        let Some(cose) = self.device_signed(Namespace::Progress, ProgressTold::CONTENT_TYPE, &payload) else {
            return Ok(false);
        };
        self.device
            .keep_progress(intervention, sequence, &cose, answers)?;
        self.passed(CommitPoint::ProgressKept);
        Ok(true)
    }

    /// Sends what HQ has not; what is lost on the air goes again.
    pub(crate) fn send_progress(&mut self) -> Result<(), StoreError> {
        self.progress_again = None;
        if self.network != Network::Online {
            return Ok(());
        }
        for cose in self.device.progress_to_send(AT_ONCE)? {
            self.progress_again = Some(self.now.mono_ms.saturating_add(PATIENCE));
            self.send(Sent::Progress, UpLane::U, cose);
        }
        Ok(())
    }

    pub(crate) fn wake_progress(&mut self) -> Result<(), StoreError> {
        if self.progress_again.is_some_and(|again| again <= self.now.mono_ms) {
            return self.send_progress();
        }
        Ok(())
    }

    /// HQ has it: the next ones follow.
    pub(crate) fn progress_kept(&mut self, kept: &ProgressKept) -> Result<(), StoreError> {
        let ours = kept.device == self.enrolment.terminal.device;
        if ours && self.device.progress_kept(kept.intervention, kept.sequence)? {
            self.send_progress()?;
        }
        Ok(())
    }
}

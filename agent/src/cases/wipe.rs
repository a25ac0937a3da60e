//! A wipe, step by step: what is to go is counted and kept first, keys go before what they open, and a step that was
//! done is done again without harm.

use domain::UnixMs;
use domain::delivery::Delivery;
use domain::orders::{Destroyed, MAX_NAMED};

use crate::engine::{CommitPoint, Engine};
use crate::keys::{KeysError, destroy_slot, remove};
use crate::store::{StoreError, with_its_log};

impl Engine {
    /// Destroys what officers can read, and with `all` what is sealed to HQ and not there yet. None while a file
    /// withstands: the next start tries again.
    pub(crate) fn wipe(&mut self, sequence: u64, all: bool) -> Result<Option<Destroyed>, StoreError> {
        // Nobody unlocks between the decision and its end.
        self.ban = Some(domain::orders::Ban::Wiped);
        self.lock()?;
        let destroyed = match self.device.planned_destruction(sequence)? {
            Some(planned) => planned,
            None => match self.counted(all)? {
                Some(counted) => {
                    self.device.plan_destruction(sequence, &counted)?;
                    counted
                }
                None => return Ok(None),
            },
        };
        self.passed(CommitPoint::WipePlanned);
        if let Err(error) = self.destroy_what_officers_read() {
            tracing::error!(error = &error as &dyn std::error::Error, "a wipe is not finished");
            return Ok(None);
        }
        self.device.forget_drafts_to_restore()?;
        self.device.forget_questions(UnixMs(i64::MAX))?;
        self.forget_position()?;
        if all && !self.destroy_evidence(sequence)? {
            return Ok(None);
        }
        self.passed(CommitPoint::Wiped);
        Ok(Some(destroyed))
    }

    /// None when a folder does not read.
    fn counted(&self, all: bool) -> Result<Option<Destroyed>, StoreError> {
        let Ok(officers) = self.site.officers() else {
            tracing::error!("the terminal's folder does not read");
            return Ok(None);
        };
        let waiting = self.device.waiting()?;
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let mut counted = Destroyed {
            officers: count(officers.len()),
            ..Destroyed::default()
        };
        if all {
            counted.acts = count(waiting.len());
            counted.named = waiting.iter().take(MAX_NAMED).map(|row| row.record).collect();
            counted.clips = count(self.footage.clips().len());
        } else {
            counted.kept = count(waiting.len());
        }
        Ok(Some(counted))
    }

    /// Keys first: without its slot a database is noise, whatever its file system keeps of it. Officers who are no
    /// longer enrolled here are not forgotten.
    fn destroy_what_officers_read(&mut self) -> Result<(), KeysError> {
        let listed = self.site.officers().map_err(|source| KeysError::File {
            name: "officers".to_owned(),
            source,
        })?;
        for &officer in &listed {
            destroy_slot(&self.site.officer_dir(officer))?;
        }
        self.passed(CommitPoint::SlotsDestroyed);
        for officer in listed {
            let database = self.site.officer_db(officer);
            for file in with_its_log(&database)
                .into_iter()
                .chain(with_its_log(&database.with_extension("next")))
            {
                remove(&file)?;
            }
        }
        crate::pieces::remove_all(&self.site.pieces()).map_err(|source| KeysError::File {
            name: "pieces".to_owned(),
            source,
        })?;
        self.passed(CommitPoint::DatabasesRemoved);
        Ok(())
    }

    /// Each act leaves a line in the journal, in the commit that takes its bytes; files follow. False while one
    /// withstands.
    fn destroy_evidence(&mut self, sequence: u64) -> Result<bool, StoreError> {
        let waiting: Vec<_> = self
            .device
            .acts()?
            .into_iter()
            .filter(|row| matches!(row.delivery, Delivery::Waiting { .. }))
            .collect();
        for row in &waiting {
            self.drop_parts(row.envelope)?;
            self.session_input(sync::session::Input::Withdrawn { id: row.envelope })?;
        }
        self.device.destroy_evidence(sequence, self.now)?;
        self.passed(CommitPoint::EvidenceDestroyed);
        let Some(order) = self.device.order_digest(sequence)? else {
            return Ok(true);
        };
        for clip in self.footage.clips() {
            self.drop_upload(clip)?;
        }
        if let Err(error) = self.footage.destroy(&self.site.footage(), order) {
            tracing::error!(error = &error as &dyn std::error::Error, "a wipe is not finished");
            return Ok(false);
        }
        if let Err(error) = self.parts.remove_all() {
            tracing::error!(%error, "a wipe is not finished");
            return Ok(false);
        }
        self.passed(CommitPoint::FilesRemoved);
        self.stale.deliveries = true;
        self.stale.camera = true;
        self.stale.home = true;
        Ok(true)
    }
}

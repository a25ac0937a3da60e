//! What HQ says became of complaints: taken once each while the terminal is in the pocket, checked and kept for the
//! officer who took the complaint when they are there. Nothing of it is heard, and what is told names no act.

use domain::dialogue::{Notice, SuiviLine, SuiviStep};
use domain::plainte::{Suivi, SuiviNote};
use domain::record::ActKind;
use domain::{ActId, canonical};
use sync::wire::v1::{MAX_SUIVI_NOTE, SuiviMessage};
use trust::cose::{self, Namespace};
use trust::seal;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// HQ's signature on the message was checked; the note stays sealed until its officer unlocks.
    pub(crate) fn suivi_message(&mut self, message: &SuiviMessage) -> Result<(), StoreError> {
        if message.device != self.enrolment.terminal.device {
            tracing::warn!("a note on a complaint that is not for this terminal was dropped");
            return Ok(());
        }
        let taken = self.device.last_suivi_note()?;
        if !self.is_next("a note on a complaint", taken, message.after, message.sequence) {
            return Ok(());
        }
        let Some(note) = self.open_suivi(&message.sealed) else {
            tracing::error!(sequence = message.sequence, "a note on a complaint does not open");
            return Ok(());
        };
        self.device
            .take_suivi_note(message.sequence, note.officer, &message.sealed)?;
        tracing::info!(sequence = message.sequence, "note on a complaint taken");
        self.read_suivi_notes()
    }

    fn open_suivi(&self, sealed: &[u8]) -> Option<SuiviNote> {
        let plain = seal::open(self.keys.identity(), sealed, MAX_SUIVI_NOTE).ok()?;
        canonical::decode(&plain).ok()
    }

    /// Hands the notes that came in the pocket to the officer who is there. Each is in the officer's database before it
    /// leaves the device's.
    pub(crate) fn read_suivi_notes(&mut self) -> Result<(), StoreError> {
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        let mut news = false;
        for sealed in self.device.suivi_notes(officer)? {
            let Some(note) = self.open_suivi(&sealed.sealed) else {
                tracing::error!(
                    sequence = sealed.sequence,
                    "a kept note on a complaint does not open"
                );
                continue;
            };
            match self.checked(&note.suivi)? {
                Some(suivi) => {
                    let Some(desk) = self.desk() else { return Ok(()) };
                    news |= desk.store.keep_suivi(&suivi, &note.suivi)?;
                }
                None => tracing::error!(
                    sequence = sealed.sequence,
                    "a step that HQ did not sign, or of no complaint of this officer, was dropped"
                ),
            }
            self.device.drop_suivi_note(sealed.sequence)?;
        }
        // Told once, however many came in the pocket.
        if news {
            self.stale.home = true;
            self.stale.draft = true;
            self.notice(Notice::SuiviCame);
        }
        Ok(())
    }

    /// What a step says, if HQ's command key signed it about the very complaint that this officer signed here.
    fn checked(&mut self, cose: &[u8]) -> Result<Option<Suivi>, StoreError> {
        let Some(signed) = cose::parse(cose)
            .ok()
            .filter(|signed| self.signed_by(signed, Namespace::Suivi, &self.anchors.command))
            .filter(|signed| signed.content_type == Suivi::CONTENT_TYPE)
        else {
            return Ok(None);
        };
        let Some(suivi) = canonical::decode::<Suivi>(&signed.payload)
            .ok()
            .filter(|suivi| suivi.version == 1)
        else {
            return Ok(None);
        };
        let Some(row) = self.device.row_of(suivi.act)? else {
            return Ok(None);
        };
        let Some(desk) = self.desk() else { return Ok(None) };
        let is_theirs = row.kind == ActKind::Plainte
            && row.record == suivi.record
            && desk.store.record(suivi.act)?.is_some();
        Ok(is_theirs.then_some(suivi))
    }

    /// The complaints of the officer at work of which there is something new.
    pub(crate) fn suivi_lines(&self) -> Result<Vec<SuiviLine>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let mut lines = Vec::new();
        for act in desk.store.unseen_suivi()? {
            if let Some(row) = self.device.row_of(act)? {
                lines.push(SuiviLine {
                    act,
                    number: row.number,
                });
            }
        }
        Ok(lines)
    }

    /// The steps of a complaint, the oldest first.
    pub(crate) fn suivi_steps(&self, act: ActId) -> Result<Vec<SuiviStep>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let mut steps = Vec::new();
        for cose in desk.store.suivi_of(act)? {
            let suivi = cose::parse(&cose)
                .ok()
                .and_then(|signed| canonical::decode::<Suivi>(&signed.payload).ok())
                .ok_or(StoreError::Unreadable {
                    what: "step of a complaint",
                })?;
            steps.push(SuiviStep {
                at: suivi.at,
                stage: suivi.stage,
            });
        }
        Ok(steps)
    }

    /// The officer looks at the page of an act: what is new on it is seen.
    pub(crate) fn see_suivi(&mut self, act: ActId) -> Result<(), StoreError> {
        match self.desk() {
            Some(desk) => desk.store.see_suivi(act),
            None => Ok(()),
        }
    }
}

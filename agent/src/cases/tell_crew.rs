//! What HQ is told for the crew: whom the officer is in service with, and each sheet as they have it. Durable, sealed,
//! and the last word alone; without a crew nothing is said.

use domain::canonical;
use domain::dialogue::Network;
use domain::intervention::{CrewTold, CrewWord};
use domain::officer::Matricule;
use domain::query::MOST_OF_A_CREW;
use domain::service::Service;
use domain::{InterventionId, ServiceId};
use sync::UpLane;
use sync::wire::v1::CrewKept;
use trust::cose::Namespace;
use trust::seal;

use super::deliver::Sent;
use super::unlock::Desk;
use crate::engine::{CommitPoint, Engine};
use crate::store::StoreError;

/// Words on their way at a time.
const AT_ONCE: u32 = 8;
/// How long HQ's word on one is waited for before it is sent again, in milliseconds.
const PATIENCE: u64 = 30_000;

/// Whether somebody rides with `officer`.
pub(crate) fn has_others(service: &Service, officer: &Matricule) -> bool {
    service.crew.iter().any(|member| member != officer)
}

impl Engine {
    /// Tells HQ whom the officer is in service with, where it was told of another service or of none.
    pub(crate) fn tell_duty(&mut self) -> Result<(), StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(());
        };
        let author = desk.officer.author();
        let service = desk.service.as_ref();
        let service = service.filter(|service| has_others(service, &author.matricule));
        let id = service.map(|service| service.id);
        if self.device.told_duty()? != id {
            let crew = service.map(named).unwrap_or_default();
            self.keep_crew_word(None, id, &CrewWord::Duty { author, crew })?;
        }
        self.send_crew_words()
    }

    /// Tells the crew how every sheet stands that it was not told of; what a stop cut off is told at the unlock. A sheet
    /// belongs to the crew with which it was begun: another is told nothing of it.
    pub(crate) fn tell_sheets(&mut self) -> Result<(), StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(());
        };
        let Some(service) = &desk.service else {
            return Ok(());
        };
        let author = desk.officer.author();
        let (id, crew) = (service.id, named(service));
        let untold: Vec<CrewWord> = desk
            .crew
            .sheets
            .values()
            .filter(|row| row.untold && row.service == id)
            .map(|row| CrewWord::Sheet {
                author: author.clone(),
                crew: crew.clone(),
                sheet: Box::new(row.sheet.clone()),
            })
            .collect();
        for word in untold {
            let CrewWord::Sheet { sheet, .. } = &word else {
                continue;
            };
            let intervention = sheet.id;
            if self.keep_crew_word(Some(intervention), Some(id), &word)?
                && let Some(desk) = self.desk()
            {
                desk.store.note_sheet_told(intervention)?;
                if let Some(row) = desk.crew.sheets.get_mut(&intervention) {
                    row.untold = false;
                }
            }
        }
        self.send_crew_words()
    }

    /// Keeps the signed word; false where the device did not sign or seal it, and it is tried again.
    fn keep_crew_word(
        &mut self,
        subject: Option<InterventionId>,
        service: Option<ServiceId>,
        word: &CrewWord,
    ) -> Result<bool, StoreError> {
        let Ok(sealed) = seal::seal(&[self.anchors.recipient], &canonical::encode(word)) else {
            tracing::error!("a word for the crew could not be sealed");
            return Ok(false);
        };
        if sealed.len() > CrewTold::MAX_SEALED {
            tracing::error!(bytes = sealed.len(), "a word for the crew is too long");
            return Ok(false);
        }
        let sequence = self.device.next_crew_word()?;
        let told = CrewTold {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            officer: word.author().id,
            sequence,
            at: self.now,
            sealed,
        };
        let payload = canonical::encode(&told);
        let Some(cose) = self.device_signed(Namespace::CrewTold, CrewTold::CONTENT_TYPE, &payload) else {
            return Ok(false);
        };
        self.device.keep_crew_word(subject, service, sequence, &cose)?;
        self.passed(CommitPoint::CrewWordKept);
        Ok(true)
    }

    /// Sends what HQ has not; what is lost on the air goes again.
    pub(crate) fn send_crew_words(&mut self) -> Result<(), StoreError> {
        self.crew_words_again = None;
        if self.network != Network::Online {
            return Ok(());
        }
        for cose in self.device.crew_words_to_send(AT_ONCE)? {
            self.crew_words_again = Some(self.now.mono_ms.saturating_add(PATIENCE));
            self.send(Sent::Crew, UpLane::U, cose);
        }
        Ok(())
    }

    pub(crate) fn wake_crew_words(&mut self) -> Result<(), StoreError> {
        if self
            .crew_words_again
            .is_some_and(|again| again <= self.now.mono_ms)
        {
            return self.send_crew_words();
        }
        Ok(())
    }

    /// HQ has it: the next ones follow.
    pub(crate) fn crew_word_kept(&mut self, kept: &CrewKept) -> Result<(), StoreError> {
        if kept.device != self.enrolment.terminal.device {
            return Ok(());
        }
        if let Some(reached) = kept.reached {
            self.crew_notes.reached = Some(reached);
            self.stale.home = true;
        }
        if self.device.crew_word_kept(kept.sequence)? {
            self.send_crew_words()?;
        }
        Ok(())
    }
}

/// The service numbers of the crew, the officer's own first.
fn named(service: &Service) -> Vec<Matricule> {
    service.crew.iter().take(MOST_OF_A_CREW + 1).cloned().collect()
}

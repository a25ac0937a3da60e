//! Drafts: every keystroke is committed before it is shown as saved.

use domain::delivery::Delivery;
use domain::dialogue::{AnswerLine, Notice};
use domain::draft::{Draft, Field, FillRefusal, Surroundings};
use domain::record::{ActKind, Correction};
use domain::{ActId, InterventionId, canonical};

use super::check_identity::drop_answers_about_others;
use crate::engine::Engine;
use crate::store::{StoreError, StoredRecord};
use crate::work;

impl Engine {
    pub(crate) fn start_draft(&mut self, id: Option<ActId>, kind: ActKind) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        if !self.is_there(id)? {
            let Some(mut draft) = self.draft_from_here(id, kind)? else {
                return Ok(());
            };
            if let Some(desk) = self.desk() {
                if let Some(service) = &desk.service {
                    draft.inherit(service);
                }
                desk.store.save_draft(&draft, now)?;
            }
            self.watch_retention(&draft)?;
            self.watch_operation(&draft)?;
        }
        self.open_draft(id)
    }

    /// A draft, not kept yet, with what the current intervention knows; none without a service.
    pub(crate) fn draft_from_here(&mut self, id: ActId, kind: ActKind) -> Result<Option<Draft>, StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(None) };
        if desk.service.is_none() {
            self.notice(Notice::NoService);
            return Ok(None);
        }
        let intervention = desk.intervention.clone();
        let mut draft = Draft::new(id, kind, now, intervention.as_ref().map(|i| i.id));
        if let Some(intervention) = intervention {
            for other in self.drafts_of(intervention.id)? {
                draft.reuse(&other);
            }
            if draft.text(Field::Place).is_empty() {
                let _ = draft.fill(Field::Place, &intervention.place.address, now);
            }
            Self::bring_plate(&mut draft, &intervention, now);
        }
        Ok(Some(draft))
    }

    /// Everything typed during an intervention, signed or not: nothing is typed twice.
    fn drafts_of(&mut self, intervention: InterventionId) -> Result<Vec<Draft>, StoreError> {
        let Some(desk) = self.desk() else {
            return Ok(Vec::new());
        };
        let mut drafts = desk.store.drafts()?;
        drafts.retain(|draft| draft.intervention == Some(intervention));
        drafts.extend(self.signed_drafts_of(intervention)?);
        Ok(drafts)
    }

    /// What was typed for the latest acts of an intervention that exist and may still be read.
    pub(crate) fn signed_drafts_of(
        &mut self,
        intervention: InterventionId,
    ) -> Result<Vec<Draft>, StoreError> {
        let Some(desk) = self.desk() else {
            return Ok(Vec::new());
        };
        let mut drafts = Vec::new();
        for act in desk.store.latest_acts()? {
            if let Some(readable) = self.readable(act)? {
                drafts.extend(canonical::decode::<Draft>(&readable.draft));
            }
        }
        drafts.retain(|draft| draft.intervention == Some(intervention));
        Ok(drafts)
    }

    /// What is there no more, as a check that went with its service, leaves in hand what was.
    pub(crate) fn open_draft(&mut self, draft: ActId) -> Result<(), StoreError> {
        let there = self.is_there(draft)?;
        if let Some(desk) = self.desk() {
            if there {
                desk.current = Some(draft);
                desk.store.take_in_hand(draft, None)?;
            }
            self.stale.draft |= there;
            self.stale.home = true;
        }
        if !there {
            return Ok(());
        }
        self.see_suivi(draft)?;
        self.look_at_limit()
    }

    /// True of a draft that is kept and of an act that is signed.
    pub(crate) fn is_there(&mut self, draft: ActId) -> Result<bool, StoreError> {
        let signed = self.device.row_of(draft)?.is_some();
        Ok(match self.desk() {
            Some(desk) => signed || desk.store.draft(draft)?.is_some(),
            None => signed,
        })
    }

    pub(crate) fn fill(&mut self, id: ActId, field: Field, text: &str) -> Result<(), StoreError> {
        let now = self.now;
        if self.device.row_of(id)?.is_some() {
            return self.finish_promotion(id);
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut draft) = desk.store.draft(id)? else {
            return Ok(());
        };
        if desk.signing.contains_key(&id) {
            return Ok(());
        }
        let before = draft.clone();
        match draft.fill(field, text, now) {
            Ok(()) => {
                drop_answers_about_others(desk, &before, &mut draft, now);
                desk.store.save_draft(&draft, now)?;
                self.watch_retention(&draft)?;
                self.watch_operation(&draft)?;
            }
            Err(FillRefusal::TooLong { limit }) => {
                let limit = u32::try_from(limit).unwrap_or(u32::MAX);
                self.notice(Notice::FieldTooLong { limit });
            }
            Err(FillRefusal::Read) => self.notice(Notice::AlreadyRead { draft: id }),
        }
        self.stale.draft = true;
        self.stale.home = true;
        self.look_at_limit()
    }

    /// Opens the act that corrects one HQ refused; it starts with everything the refused one said.
    pub(crate) fn correct(&mut self, act: ActId, id: Option<ActId>) -> Result<(), StoreError> {
        let now = self.now;
        let Some(row) = self.device.row_of(act)? else {
            return Ok(());
        };
        let Delivery::Refused { code, .. } = row.delivery else {
            return Ok(());
        };
        if !row.kind.has_form() {
            return Ok(());
        }
        // One corrective for a refusal, whoever asks first.
        let own = Correction::act_id(act);
        let begun = match self.desk() {
            Some(desk) => desk.store.draft(own)?.is_some(),
            None => false,
        };
        let id = row.corrected_by.or(id).filter(|_| !begun).unwrap_or(own);
        if self.device.row_of(id)?.is_some() {
            return self.open_draft(id);
        }
        let Some(readable) = self.readable(act)? else {
            return Ok(());
        };
        let refused: Draft = canonical::decode(&readable.draft).map_err(|_| StoreError::Unreadable {
            what: "draft of a refused act",
        })?;
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.store.draft(id)?.is_none() {
            let correction = Correction::of_refused(act, row.record, code);
            let draft = refused.corrective(id, now, correction);
            // The victim's rights were notified once, under the sheet that was signed then.
            match &readable.rights {
                Some(sheet) => desk.store.save_rights(&draft, sheet, now)?,
                None => desk.store.save_draft(&draft, now)?,
            }
        }
        self.open_draft(id)
    }

    /// Opens the corrective act of every refusal that has none yet.
    pub(crate) fn open_correctives(&mut self) -> Result<(), StoreError> {
        for row in self.device.acts()? {
            let refused = matches!(row.delivery, Delivery::Refused { .. });
            if refused && row.corrected_by.is_none() && row.kind.has_form() {
                let Some(desk) = self.desk() else { return Ok(()) };
                let (current, in_hand) = (desk.current, desk.store.in_hand()?);
                self.correct(row.act, None)?;
                if let Some(desk) = self.desk() {
                    desk.current = current;
                    match in_hand {
                        Some((draft, field)) => desk.store.take_in_hand(draft, field)?,
                        None => desk.store.put_away()?,
                    }
                }
            }
        }
        Ok(())
    }

    /// The readable bytes of a signed act, unwrapped while its term allows.
    pub(crate) fn readable(&mut self, act: ActId) -> Result<Option<StoredRecord>, StoreError> {
        let Some(stored) = self
            .desk()
            .map(|desk| desk.store.record(act))
            .transpose()?
            .flatten()
        else {
            return Ok(None);
        };
        if !stored.sealed {
            return Ok(Some(stored));
        }
        let Some(key) = self.device.term_key_bytes(act)? else {
            return Ok(None);
        };
        work::unwrap(stored, act, &key)
            .map(Some)
            .ok_or(StoreError::Unreadable { what: "wrapped act" })
    }

    /// What surrounds `draft` when it is finished, with what files answered about it; none without a service.
    pub(crate) fn surroundings_of(&self, draft: ActId) -> Option<Surroundings<'_>> {
        let super::unlock::Desk::Open(desk) = &self.desk else {
            return None;
        };
        let answers = desk
            .answers
            .get(&draft)
            .map_or(&[] as &[AnswerLine], Vec::as_slice);
        Some(Surroundings {
            answers,
            ..self.surroundings()?
        })
    }

    /// What surrounds an act; none without a service.
    pub(crate) fn surroundings(&self) -> Option<Surroundings<'_>> {
        let super::unlock::Desk::Open(desk) = &self.desk else {
            return None;
        };
        Some(Surroundings {
            device: &self.enrolment.terminal.device,
            protection: self.enrolment.terminal.protection,
            officer: &desk.officer,
            service: desk.service.as_ref()?,
            reference: &self.reference,
            answers: &[],
            bases: &self.bases,
            fix: self.whereabouts.last(),
        })
    }
}

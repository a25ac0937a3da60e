//! The rights of a victim (10-2 CPP): the sheet is put before them, and signed once or left unsigned with the reason.

use domain::dialogue::{Notice, Unsigned as Why};
use domain::draft::{Draft, RightsRefusal};
use domain::hand::Strokes;
use domain::plainte::Language;
use domain::record::ActKind;
use domain::{ActId, Digest};

use super::read_back::drawn_from;
use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{DrawJob, Drawing, Job, SheetOfRights, Source};

impl Engine {
    /// Draws the sheet; one that is signed is shown again in its own bytes.
    pub(crate) fn show_rights(&mut self, id: ActId, language: Language) -> Result<(), StoreError> {
        let Some(draft) = self
            .draft_at_rest(id)?
            .filter(|draft| draft.kind == ActKind::Plainte)
        else {
            return Ok(());
        };
        let settled = draft
            .rights()
            .is_some_and(|shown| shown.language() == language && shown.outcome().is_some());
        if draft.is_read() && !settled {
            self.notice(Notice::AlreadyRead { draft: id });
            return Ok(());
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        let kept = match settled {
            true => desk.store.rights(id)?,
            false => None,
        };
        let drawing = Drawing::Rights(language);
        if desk.drawing.insert((id, drawing), drawn_from(&draft)).is_some() {
            return Ok(());
        }
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act: id,
            drawing,
            source: kept.map_or(Source::Rights(language), Source::Kept),
        })));
        Ok(())
    }

    /// Keeps what the victim has before them; false where the draft takes no sheet any more.
    pub(super) fn rights_drawn(
        &mut self,
        id: ActId,
        language: Language,
        pdf: &[u8],
    ) -> Result<bool, StoreError> {
        let now = self.now;
        let Some(mut draft) = self.draft_at_rest(id)? else {
            return Ok(false);
        };
        if let Err(refusal) = draft.show_rights(language, Digest::of(pdf)) {
            self.rights_refused(id, refusal);
            return Ok(false);
        }
        if let Some(desk) = self.desk() {
            desk.store.save_rights(&draft, pdf, now)?;
        }
        Ok(true)
    }

    pub(crate) fn sign_rights(&mut self, id: ActId, strokes: Strokes) -> Result<(), StoreError> {
        let now = self.now;
        let image = Digest::of(&documents::picture(&strokes));
        self.change_rights(id, |draft| draft.sign_rights(strokes, image, now))
    }

    pub(crate) fn leave_rights_unsigned(
        &mut self,
        id: ActId,
        why: Why,
        reason: &str,
    ) -> Result<(), StoreError> {
        let now = self.now;
        match self.unsigned(why, reason) {
            Some(outcome) => self.change_rights(id, |draft| draft.leave_rights_unsigned(outcome, now)),
            None => Ok(()),
        }
    }

    fn change_rights(
        &mut self,
        id: ActId,
        change: impl FnOnce(&mut Draft) -> Result<(), RightsRefusal>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(mut draft) = self.draft_at_rest(id)? else {
            return Ok(());
        };
        self.stale.draft = true;
        if let Err(refusal) = change(&mut draft) {
            self.rights_refused(id, refusal);
            return Ok(());
        }
        match self.desk() {
            Some(desk) => desk.store.save_draft(&draft, now),
            None => Ok(()),
        }
    }

    fn rights_refused(&mut self, draft: ActId, refusal: RightsRefusal) {
        match refusal {
            RightsRefusal::NotShown => self.notice(Notice::RightsNotShown),
            RightsRefusal::Read => self.notice(Notice::AlreadyRead { draft }),
            RightsRefusal::NotAPlainte => {}
        }
    }

    /// What leaves with the act of the sheet that was shown.
    pub(super) fn sheet_of_rights(&mut self, draft: &Draft) -> Result<Option<SheetOfRights>, StoreError> {
        let (Some(shown), Some(desk)) = (draft.rights(), self.desk()) else {
            return Ok(None);
        };
        Ok(Some(SheetOfRights {
            language: shown.language(),
            pdf: desk.store.rights(draft.id)?,
            strokes: shown.strokes().cloned(),
        }))
    }
}

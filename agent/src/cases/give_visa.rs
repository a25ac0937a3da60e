//! Giving a visa, or sending an act back: an OPJ's own record over the exact act that was before them.

use domain::dialogue::{Intent, Notice, VisaLine};
use domain::officer::Quality;
use domain::visa::{Choice, Decision, Visa};
use domain::{ActId, Digest};

use super::unlock::Desk;
use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{DrawJob, Drawing, Job, Source};

impl Engine {
    /// The acts that wait for this officer's visa and that no signed visa of theirs answers.
    pub(crate) fn visa_lines(&self) -> Result<Vec<VisaLine>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let mut lines = Vec::new();
        for asked in desk.store.asked()? {
            if self.device.row_of(Visa::act_id(asked.line.request))?.is_none() {
                lines.push(asked.line);
            }
        }
        Ok(lines)
    }

    /// The pages of the act that `request` is about.
    pub(crate) fn show_for_visa(&mut self, request: ActId) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(asked) = desk.store.asked_by(request)? else {
            return Ok(());
        };
        let Some(pdf) = desk.store.asked_document(request)? else {
            self.notice(Notice::ActNotShown);
            return Ok(());
        };
        let act = asked.line.act;
        desk.drawing.insert((act, Drawing::Signed), Digest::of(&pdf));
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act,
            drawing: Drawing::Signed,
            source: Source::Kept(pdf),
        })));
        Ok(())
    }

    pub(crate) fn give_visa(
        &mut self,
        request: ActId,
        choice: Choice,
        words: &str,
    ) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(asked) = desk.store.asked_by(request)? else {
            return Ok(());
        };
        if desk.officer.quality != Quality::Opj {
            self.notice(Notice::NotAnOpj);
            return Ok(());
        }
        let Ok(decision) = Decision::parse(choice, words) else {
            self.notice(Notice::NotADecision);
            return Ok(());
        };
        // Nobody approves what they have not had before them.
        if !asked.line.shown && !matches!(decision, Decision::Returned(_)) {
            self.notice(Notice::ActNotShown);
            return Ok(());
        }
        if self.device.row_of(Visa::act_id(request))?.is_some() {
            return Ok(());
        }
        let again = Intent::GiveVisa {
            request,
            choice,
            words: words.to_owned(),
        };
        if !self.code_counts_for(again) {
            return Ok(());
        }
        let Some(around) = self.surroundings() else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let visa = Visa {
            request,
            act: asked.line.act,
            record: asked.sha256,
            decision,
        };
        let to_sign = around.visa(visa, self.now);
        self.sign_without_form(to_sign, None)
    }
}

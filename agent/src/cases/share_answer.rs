//! Showing an answer to the rest of the crew: journalled with who is shown it before it leaves.

use domain::dialogue::Notice;
use domain::journal::Operation;
use domain::officer::Matricule;
use domain::query::{MOST_OF_A_CREW, Share, ShareFate, Term};
use domain::{ActId, QueryId, canonical};
use sync::session::Input;
use sync::wire::v1::{self, ShareTold};

use super::check_identity::PATIENCE;
use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn share_answer(&mut self, draft: ActId, query: QueryId) -> Result<(), StoreError> {
        let now = self.now;
        let id = QueryId::from_bytes(self.mint.id(now.utc));
        let Some(form) = self.draft_at_work(draft)? else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let lines = desk.answers.get(&draft).into_iter().flatten();
        let answer = lines
            .filter_map(|line| line.state.answer())
            .find(|answer| answer.query == query && !answer.cards().is_empty());
        let Some(answer) = answer.cloned() else {
            return Ok(());
        };
        let Some(term) = Term::of(&form, answer.file, now) else {
            return Ok(());
        };
        let Some(service) = &desk.service else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let author = desk.officer.author();
        let others = service.crew.iter().filter(|member| **member != author.matricule);
        let with: Vec<Matricule> = others.take(MOST_OF_A_CREW).cloned().collect();
        if with.is_empty() {
            self.notice(Notice::NobodyToShareWith);
            return Ok(());
        }
        let shared = Operation::AnswerShared {
            file: answer.file,
            query,
            share: id,
            with: with.clone(),
        };
        let share = Share {
            id,
            service: service.id,
            with,
            term,
            answer,
            shared: now,
            author,
        };
        let officer = share.author.id;
        self.device.log(now, Some(officer), shared)?;
        self.send_share(&share)
    }

    fn send_share(&mut self, share: &Share) -> Result<(), StoreError> {
        let now = self.now;
        let expires = now.utc.plus(i64::from(PATIENCE));
        let plain = canonical::encode(share);
        let Some(cose) = self.sealed_to_hq(share.id, v1::SHARE, &plain, expires) else {
            self.notice(Notice::NotShared);
            return Ok(());
        };
        let bytes = u32::try_from(cose.len()).unwrap_or(u32::MAX);
        self.questions.show(share.id, cose);
        self.session_input(Input::QueryOffered {
            id: share.id,
            bytes,
            expires_at: now.mono_ms + u64::from(PATIENCE),
        })
    }

    /// HQ says who was reached.
    pub(crate) fn share_told(&mut self, told: &ShareTold) -> Result<(), StoreError> {
        if told.device != self.enrolment.terminal.device || !self.questions.settle_share(told.share) {
            return Ok(());
        }
        self.session_input(Input::QueryAnswered { id: told.share })?;
        let count = |fate| {
            let those = told.fates.iter().filter(|told| **told == fate).count();
            u8::try_from(those).unwrap_or(u8::MAX)
        };
        let (sent, away) = (count(ShareFate::Sent), count(ShareFate::Away));
        let not_habilitated = count(ShareFate::NotHabilitated);
        self.notice(
            if u16::from(sent) + u16::from(away) + u16::from(not_habilitated) == 0 {
                Notice::NotShared
            } else {
                Notice::Shared {
                    sent,
                    away,
                    not_habilitated,
                }
            },
        );
        Ok(())
    }
}

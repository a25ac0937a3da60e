//! An enrolled officer chooses their code on a terminal where they have none: at first, or after a supervisor let them in.

use domain::Secret;
use domain::dialogue::Notice;

use crate::cases::unlock::Desk;
use crate::engine::{Effect, Engine};
use crate::keys::{CodePolicy, Standing};
use crate::store::StoreError;
use crate::work::{ChooseCodeJob, Job};

impl Engine {
    pub(crate) fn choose_code(&mut self, code: Secret) -> Result<(), StoreError> {
        if !matches!(self.desk, Desk::Locked) || self.ban.is_some() {
            return Ok(());
        }
        let Some((officer, _)) = self.card_holder() else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        let (id, matricule) = (officer.id, officer.matricule.number().to_owned());
        let Some(card) = self.card.as_ref().map(|present| present.card.clone()) else {
            return Ok(());
        };
        if self.standing(id)? != Standing::NoCode {
            return Ok(());
        }
        if !CodePolicy.accepts(code.expose(), &matricule) {
            self.notice(Notice::CodeTooWeak);
            self.stale.lock = true;
            return Ok(());
        }
        self.desk = Desk::Unlocking { given_up: false };
        self.stale.lock = true;
        self.out.push(Effect::Work(Job::ChooseCode(ChooseCodeJob {
            officer: id,
            matricule,
            code,
            place: self.site.place(id),
            database: self.site.officer_db(id),
            cost: self.cost,
            keys: self.keys.clone(),
            card,
            now: self.now,
        })));
        Ok(())
    }
}

//! A first code: a slot under it, and an empty database.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use domain::readmission::Closure;
use domain::{OfficerId, Secret, Timestamp};

use super::rotate::rotation_file;
use super::unlock::{Opening, UnlockOutcome, Unlocking};
use crate::keys::{Card, Cost, Keys, KeysError, OfficerKeys, Owner, Place, Slot, Tries, reopen};
use crate::store::{OfficerStore, with_its_log};

pub struct ChooseCodeJob {
    pub officer: OfficerId,
    /// Service number, which no code may repeat.
    pub matricule: String,
    pub code: Secret,
    pub place: Place,
    pub database: PathBuf,
    /// How dear a try becomes; none to find out what this device bears.
    pub cost: Option<Cost>,
    pub keys: Arc<dyn Keys>,
    pub card: Arc<Mutex<dyn Card>>,
    pub now: Timestamp,
}

impl ChooseCodeJob {
    pub(super) fn run(self) -> UnlockOutcome {
        UnlockOutcome {
            officer: self.officer,
            result: self.make(),
        }
    }

    pub(super) const fn lost(&self) -> UnlockOutcome {
        UnlockOutcome {
            officer: self.officer,
            result: Unlocking::Lost,
        }
    }

    fn make(&self) -> Unlocking {
        let Ok(mut card) = self.card.lock() else {
            return Unlocking::NoCard;
        };
        let shown = card.show_code(self.code.expose().as_bytes());
        let keys = match shown.and_then(|()| self.slot(&mut *card)) {
            Ok(keys) => keys,
            Err(KeysError::NoCard) => return Unlocking::NoCard,
            Err(KeysError::CardPin) => return Unlocking::CardRefuses,
            Err(error) => return Unlocking::Failed(error),
        };
        match OfficerStore::open(&self.database, &keys.database, true, self.now.utc) {
            Ok(store) => Unlocking::Opened {
                store: Box::new(store),
                how: Opening::FirstCode,
            },
            Err(error) => Unlocking::Database(error),
        }
    }

    fn slot(&self, card: &mut dyn Card) -> Result<OfficerKeys, KeysError> {
        let (keys, boot, folder) = (self.keys.as_ref(), self.now.boot, self.place.officer());
        std::fs::create_dir_all(folder).map_err(named("officers"))?;
        // Where a slot was destroyed a supervisor has answered for the officer.
        if Tries::exist(folder, self.officer) {
            reopen(&self.place, self.officer, Closure::SlotDestroyed, keys, boot)?;
        }
        self.set_aside()?;
        let cost = self.cost.map_or_else(Cost::calibrated, Ok)?;
        let owner = Owner {
            id: self.officer,
            matricule: &self.matricule,
        };
        Slot::create(&self.place, owner, &self.code, cost, keys, card, boot)
    }

    /// What an earlier code opened keeps its bytes under another name: nobody has a key to it, and nobody deletes it.
    fn set_aside(&self) -> Result<(), KeysError> {
        let [wal, index, database] = with_its_log(&self.database);
        let next = with_its_log(&self.database.with_extension("next"));
        let rotation = rotation_file(self.place.officer());
        // The database first: without its name the rest is never taken for a whole one.
        let files = [database, wal, index, rotation].into_iter().chain(next);
        for file in files.filter(|file| file.exists()) {
            let mut aside = file.clone().into_os_string();
            aside.push(format!(".aside-{}", self.now.utc.0));
            std::fs::rename(&file, aside).map_err(named("officer database"))?;
        }
        Ok(())
    }
}

fn named(name: &str) -> impl Fn(std::io::Error) -> KeysError + '_ {
    move |source| KeysError::File {
        name: name.to_owned(),
        source,
    }
}

//! Card in, code right: the officer's database opens and what a crash left unfinished is finished. Lock closes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use domain::dialogue::{AnswerLine, Notice};
use domain::intervention::Intervention;
use domain::journal::Operation;
use domain::officer::Officer;
use domain::service::Service;
use domain::{ActId, OfficerId, Secret};
use trust::cert::Certificate;

use crate::engine::{Engine, PresentCard};
use crate::keys::{Card, OfficerKeys, TRIES, standing};
use crate::store::{OfficerStore, OpenError, StoreError};
use crate::work::{Job, UnlockJob, UnlockOutcome};

/// The officer's side of the terminal.
pub(crate) enum Desk {
    Locked,
    Unlocking,
    Open(Box<OpenDesk>),
}

/// What is in memory while an officer is at work; dropped whole by a lock.
pub(crate) struct OpenDesk {
    pub(crate) officer: Officer,
    pub(crate) certificate: Arc<Certificate>,
    pub(crate) store: OfficerStore,
    pub(crate) service: Option<Service>,
    pub(crate) intervention: Option<Intervention>,
    /// The draft on screen.
    pub(crate) current: Option<ActId>,
    pub(crate) signing: BTreeSet<ActId>,
    pub(crate) answers: BTreeMap<ActId, Vec<AnswerLine>>,
}

impl Engine {
    pub(crate) fn card_inserted(
        &mut self,
        card: Arc<Mutex<dyn Card>>,
        certificate: &[u8],
    ) -> Result<(), StoreError> {
        if let Ok(certificate) = Certificate::from_der(certificate) {
            self.card = Some(PresentCard {
                card,
                certificate: Arc::new(certificate),
            });
        }
        self.stale.lock = true;
        Ok(())
    }

    /// Card removed means locked.
    pub(crate) fn card_removed(&mut self) -> Result<(), StoreError> {
        self.card = None;
        self.lock()
    }

    /// The enrolled officer whose certificate is on the card.
    pub(crate) fn card_holder(&self) -> Option<(&Officer, &Arc<Certificate>)> {
        let certificate = &self.card.as_ref()?.certificate;
        let enrolled = self
            .enrolment
            .officers
            .iter()
            .find(|officer| officer.certificate.0 == certificate.der())?;
        Some((&enrolled.officer, certificate))
    }

    /// Tries left and time to wait for the officer whose card is present.
    pub(crate) fn standing(&self) -> (u8, u64) {
        let Some((officer, _)) = self.card_holder() else {
            return (TRIES, 0);
        };
        let dir = self.site.officer_dir(officer.id);
        standing(
            &dir,
            officer.id,
            self.keys.as_ref(),
            self.now.boot,
            self.now.mono_ms,
        )
    }

    pub(crate) fn try_code(&mut self, code: Secret) -> Result<(), StoreError> {
        if !matches!(self.desk, Desk::Locked) {
            return Ok(());
        }
        let Some((officer, card)) = self
            .card_holder()
            .map(|(officer, _)| officer.id)
            .zip(self.card.as_ref().map(|present| present.card.clone()))
        else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        self.desk = Desk::Unlocking;
        self.stale.lock = true;
        self.out.push(crate::engine::Effect::Work(Job::Unlock(UnlockJob {
            officer,
            code,
            dir: self.site.officer_dir(officer),
            keys: self.keys.clone(),
            card,
            boot: self.now.boot,
            mono_ms: self.now.mono_ms,
        })));
        Ok(())
    }

    pub(crate) fn unlocked(&mut self, outcome: UnlockOutcome) -> Result<(), StoreError> {
        self.stale.lock = true;
        self.desk = Desk::Locked;
        match outcome {
            UnlockOutcome::Opened { officer, keys } => self.open_desk(officer, &keys),
            UnlockOutcome::WrongCode { left } => {
                let officer = self.card_holder().map(|(officer, _)| officer.id);
                self.device
                    .log(self.now, officer, Operation::UnlockRefused { left })?;
                self.notice(Notice::WrongCode { left });
                Ok(())
            }
            UnlockOutcome::Wait { left, .. } => {
                self.notice(Notice::WrongCode { left });
                Ok(())
            }
            UnlockOutcome::Destroyed => {
                self.notice(Notice::SlotDestroyed);
                Ok(())
            }
            UnlockOutcome::NoCard => {
                self.notice(Notice::CardMissing);
                Ok(())
            }
            UnlockOutcome::Failed(error) => {
                tracing::error!(%error, "unlock failed");
                Err(StoreError::Unreadable { what: "slot" })
            }
        }
    }

    fn open_desk(&mut self, id: OfficerId, keys: &OfficerKeys) -> Result<(), StoreError> {
        // The card may have gone while the code was being tried.
        let Some((officer, certificate)) = self
            .card_holder()
            .filter(|(officer, _)| officer.id == id)
            .map(|(o, c)| (o.clone(), c.clone()))
        else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        let path = self.site.officer_db(id);
        let first = !self.device.has_opened(id)?;
        let mut store = OfficerStore::open(&path, &keys.database, first, self.now.utc).map_err(|error| {
            tracing::error!(%error, "the officer's database does not open");
            match error {
                OpenError::Sqlite { source, .. } => StoreError::Sqlite {
                    what: "officer database",
                    source,
                },
                OpenError::Missing { .. }
                | OpenError::Newer { .. }
                | OpenError::Quarantined { .. }
                | OpenError::WrongLibrary
                | OpenError::Aside { .. } => StoreError::Unreadable {
                    what: "officer database",
                },
            }
        })?;
        self.device.note_opened(id)?;
        self.roll_forward(&mut store, id)?;
        store.forget(&self.device.purged()?)?;
        let service = store.open_service()?;
        let intervention = store.open_intervention()?;
        self.device.log(self.now, Some(id), Operation::Unlocked)?;
        self.desk = Desk::Open(Box::new(OpenDesk {
            officer,
            certificate,
            store,
            service,
            intervention,
            current: None,
            signing: BTreeSet::new(),
            answers: BTreeMap::new(),
        }));
        self.open_correctives()?;
        self.stale.home = true;
        self.stale.deliveries = true;
        self.stale.camera = true;
        Ok(())
    }

    /// Finishes what a crash left between the two databases: an intent without outbox row becomes an act, an act
    /// without readable record gets it, and promises that nothing will use are given up.
    fn roll_forward(&mut self, store: &mut OfficerStore, officer: OfficerId) -> Result<(), StoreError> {
        let intents = store.intents()?;
        for intent in &intents {
            self.device
                .commit_act(&intent.new_act(), Some(officer), self.now)?;
            store.promote(intent)?;
            self.offer(intent.envelope)?;
        }
        let released = self.device.release(|_| false, Some(officer), self.now)?;
        if !intents.is_empty() || released > 0 {
            tracing::info!(
                rolled_forward = intents.len(),
                released,
                "unfinished signings settled"
            );
        }
        Ok(())
    }

    /// Forgets everything of the officer's; keys and pages are zeroed as they drop.
    pub(crate) fn lock(&mut self) -> Result<(), StoreError> {
        if let Desk::Open(desk) = &self.desk {
            let officer = desk.officer.id;
            self.device.log(self.now, Some(officer), Operation::Locked)?;
        }
        self.desk = Desk::Locked;
        self.stale.lock = true;
        self.stale.home = true;
        self.stale.deliveries = true;
        Ok(())
    }

    pub(crate) fn desk(&mut self) -> Option<&mut OpenDesk> {
        match &mut self.desk {
            Desk::Open(desk) => Some(desk),
            Desk::Locked | Desk::Unlocking => None,
        }
    }

    pub(crate) fn officer_id(&self) -> Option<OfficerId> {
        match &self.desk {
            Desk::Open(desk) => Some(desk.officer.id),
            Desk::Locked | Desk::Unlocking => None,
        }
    }
}

//! Card in, code right: the officer's database opens and what a crash left unfinished is finished. Lock closes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use domain::dialogue::{AnswerLine, ListLine, Notice, Resumed, ScanView};
use domain::draft::Draft;
use domain::hotlist;
use domain::intervention::{Dispatch, Intervention};
use domain::journal::Operation;
use domain::natinf::Natinf;
use domain::officer::Officer;
use domain::service::Service;
use domain::{ActId, Digest, EnvelopeId, InterventionId, OfficerId, QueryId, Secret};
use trust::cert::Certificate;
use trust::seal::Identity;

use super::give_code::LastCode;
use super::intervene::Met;
use super::prepare_service::CrewCards;
use super::show_budget::Budget;
use super::take_crew::Crew;
use super::take_in::Brought;
use super::take_shared::OnShow;
use super::view_recording::OnFilm;
use crate::engine::{Engine, PresentCard};
use crate::keys::{Card, Standing};
use crate::print::JobKey;
use crate::print::queue::Queue;
use crate::store::{OfficerStore, StoreError};
use crate::work::{Drawing, Job, Opening, UnlockJob, UnlockOutcome, Unlocking};

/// The officer's side of the terminal.
pub(crate) enum Desk {
    Locked,
    /// A code is being tried; given up when a lock came in between.
    Unlocking {
        given_up: bool,
    },
    Open(Box<OpenDesk>),
}

/// What is in memory while an officer is at work; dropped whole by a lock.
pub(crate) struct OpenDesk {
    pub(crate) officer: Officer,
    pub(crate) certificate: Arc<Certificate>,
    pub(crate) store: OfficerStore,
    /// Opens the answers that this officer asked for.
    pub(crate) reply_key: Identity,
    pub(crate) service: Option<Service>,
    pub(crate) intervention: Option<Intervention>,
    /// Whom and what its acts are about.
    pub(crate) met: Met,
    /// What the operations centre proposes.
    pub(crate) proposed: BTreeMap<InterventionId, Dispatch>,
    /// Items of the briefing that the officer has read.
    pub(crate) read: BTreeSet<InterventionId>,
    pub(crate) crew_cards: CrewCards,
    /// What the crew shares.
    pub(crate) crew: Crew,
    /// The draft on screen.
    pub(crate) current: Option<ActId>,
    /// Where the officer was in it before a lock or a stop, until the screen was told.
    pub(crate) resumed: Option<Resumed>,
    /// The envelope that each signing under way will leave in.
    pub(crate) signing: BTreeMap<ActId, EnvelopeId>,
    pub(crate) answers: BTreeMap<ActId, Vec<AnswerLine>>,
    /// What the lists said, for each draft.
    pub(crate) lists: BTreeMap<ActId, Vec<ListLine>>,
    /// Hits and surveillances, until the officer says that they were read.
    pub(crate) alerts: BTreeMap<QueryId, AnswerLine>,
    /// What others of the crew show.
    pub(crate) shared: BTreeMap<QueryId, OnShow>,
    /// What the last picture of a document gave, for each draft.
    pub(crate) scans: BTreeMap<ActId, ScanView>,
    /// What victims brought, and what of it is coming in.
    pub(crate) brought: Brought,
    /// The offences that this officer notes most often, first the most frequent.
    pub(crate) frequent: Vec<Natinf>,
    /// The documents that a worker is drawing, each with the digest of what it draws.
    pub(crate) drawing: BTreeMap<(ActId, Drawing), Digest>,
    pub(crate) queue: Queue,
    pub(crate) code: LastCode,
    /// The act that was signed last, while its officer has not said whether recordings belong to it.
    pub(crate) link_offer: Option<ActId>,
    /// The recording that the officer looks at.
    pub(crate) film: Option<Box<OnFilm>>,
}

impl OpenDesk {
    /// What is open is the current intervention; what is over is it no more.
    pub(crate) fn set_current(&mut self, intervention: &Intervention) {
        let is_current = self
            .intervention
            .as_ref()
            .is_some_and(|one| one.id == intervention.id);
        if intervention.closed.is_none() {
            self.intervention = Some(intervention.clone());
        } else if is_current {
            self.intervention = None;
        }
    }

    /// Whether the draft is a check of which neither a file nor a list found anything, and that nobody signs.
    pub(crate) fn is_fruitless(&self, draft: &Draft) -> bool {
        let lines = self.lists.get(&draft.id);
        let listed = |line: &ListLine| matches!(line.standing, hotlist::Standing::Listed { .. });
        draft.is_fruitless_check()
            && !self.signing.contains_key(&draft.id)
            && !lines.into_iter().flatten().any(listed)
    }

    pub(crate) fn forget_print(&mut self, key: &JobKey) -> Result<(), StoreError> {
        self.store.forget_print_job(key)?;
        self.queue.drop_job(key);
        Ok(())
    }
}

impl Engine {
    pub(crate) fn card_inserted(
        &mut self,
        card: Arc<Mutex<dyn Card>>,
        certificate: &[u8],
    ) -> Result<(), StoreError> {
        let certificate = Certificate::from_der(certificate).ok().map(Arc::new);
        if let Some(certificate) = &certificate
            && self.crew_card(&card, certificate)?
        {
            return Ok(());
        }
        let same = match (&self.desk, &certificate) {
            (Desk::Open(desk), Some(certificate)) => desk.certificate.der() == certificate.der(),
            (Desk::Open(_), None) => false,
            (Desk::Locked | Desk::Unlocking { .. }, _) => true,
        };
        self.card = certificate.map(|certificate| PresentCard { card, certificate });
        self.stale.lock = true;
        // Another officer's card ends this officer's turn.
        if same { Ok(()) } else { self.lock() }
    }

    /// Card removed means locked.
    pub(crate) fn card_removed(&mut self) -> Result<(), StoreError> {
        if self.spares_card() {
            return Ok(());
        }
        self.card = None;
        self.lock()?;
        self.begin_training()
    }

    /// The training key stands in for a card once HQ has certified it for training, and for nothing else.
    pub(crate) fn begin_training(&mut self) -> Result<(), StoreError> {
        let Some((card, key)) = self.training.clone().filter(|_| self.card.is_none()) else {
            return Ok(());
        };
        let certified = self.enrolment.officers.iter().find_map(|enrolled| {
            let certificate = Certificate::from_der(&enrolled.certificate.0).ok()?;
            (certificate.formation() && *certificate.public_key() == key).then(|| certificate.der().to_vec())
        });
        match certified {
            Some(certificate) => self.card_inserted(card, &certificate),
            None => Ok(()),
        }
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

    pub(crate) fn try_code(&mut self, code: Secret) -> Result<(), StoreError> {
        if !matches!(self.desk, Desk::Locked) || self.ban.is_some() {
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
        // The lock says what else leads in.
        if !matches!(self.standing(officer)?, Standing::Ready { .. }) {
            self.stale.lock = true;
            return Ok(());
        }
        // A slot that was made anew and whose database was not, because the terminal died in between.
        let made_anew = self.is_let_in(officer)?;
        self.desk = Desk::Unlocking { given_up: false };
        self.stale.lock = true;
        self.out.push(crate::engine::Effect::Work(Job::Unlock(UnlockJob {
            officer,
            code,
            place: self.site.place(officer),
            database: self.site.officer_db(officer),
            first: made_anew || !self.device.has_opened(officer)?,
            rotate: self.device.awaits_rotation(officer)?,
            keys: self.keys.clone(),
            card,
            now: self.now,
        })));
        Ok(())
    }

    pub(crate) fn unlocked(&mut self, outcome: UnlockOutcome) -> Result<(), StoreError> {
        self.stale.lock = true;
        let given_up = match std::mem::replace(&mut self.desk, Desk::Locked) {
            Desk::Unlocking { given_up } => given_up,
            desk @ (Desk::Open(_) | Desk::Locked) => {
                self.desk = desk;
                return Ok(());
            }
        };
        let notice = match outcome.result {
            Unlocking::Opened { store, how } => {
                let officer = outcome.officer;
                // One that died before it was noted is noted with the unlock after.
                let is_new = how == Opening::FirstCode || !self.device.has_opened(officer)?;
                if is_new || self.is_let_in(officer)? {
                    self.device.note_code_chosen(officer, self.now)?;
                }
                self.device.forget_readmission(officer)?;
                if how == Opening::Rotated {
                    self.device.note_rotation(officer, self.now)?;
                }
                return if given_up {
                    Ok(())
                } else {
                    self.open_desk(outcome.officer, *store)
                };
            }
            Unlocking::WrongCode { left } => {
                let refused = Operation::UnlockRefused { left };
                self.device.log(self.now, Some(outcome.officer), refused)?;
                Notice::WrongCode { left }
            }
            // The lock's own view tells how long, or whom to call.
            Unlocking::Wait { .. } | Unlocking::Closed => return Ok(()),
            Unlocking::Destroyed => {
                self.device.forget_readmission(outcome.officer)?;
                Notice::SlotDestroyed
            }
            Unlocking::CardRefuses => Notice::CardRefusesCode,
            Unlocking::NoCard => Notice::CardMissing,
            Unlocking::Failed(error) => {
                tracing::error!(%error, "a slot cannot be used");
                Notice::OfficerDataUnusable
            }
            Unlocking::Rotation(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a rotation cannot be settled"
                );
                Notice::OfficerDataUnusable
            }
            Unlocking::Database(error) => {
                tracing::error!(%error, "an officer's database does not open");
                Notice::OfficerDataUnusable
            }
            Unlocking::Lost => Notice::OfficerDataUnusable,
        };
        self.notice(notice);
        Ok(())
    }

    fn open_desk(&mut self, id: OfficerId, mut store: OfficerStore) -> Result<(), StoreError> {
        // The card may have gone while the code was being tried.
        let Some((officer, certificate)) = self
            .card_holder()
            .filter(|(officer, _)| officer.id == id)
            .map(|(o, c)| (o.clone(), c.clone()))
        else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        self.roll_forward(&mut store, id)?;
        store.forget(&self.device.purged()?)?;
        let service = store.open_service()?;
        if service.is_some() {
            self.device.set_on_duty(true)?;
        }
        let intervention = store.open_intervention()?;
        let queue = self.open_queue(&store)?;
        let reply_key = store.reply_key()?;
        self.device.log(self.now, Some(id), Operation::Unlocked)?;
        self.hand.touch(self.now);
        self.desk = Desk::Open(Box::new(OpenDesk {
            officer,
            certificate,
            store,
            reply_key,
            service,
            intervention,
            met: Met::default(),
            proposed: BTreeMap::new(),
            read: BTreeSet::new(),
            crew_cards: CrewCards::default(),
            crew: Crew::default(),
            current: None,
            resumed: None,
            signing: BTreeMap::new(),
            answers: BTreeMap::new(),
            lists: BTreeMap::new(),
            alerts: BTreeMap::new(),
            shared: BTreeMap::new(),
            scans: BTreeMap::new(),
            brought: Brought::default(),
            frequent: Vec::new(),
            drawing: BTreeMap::new(),
            queue,
            code: LastCode::given(self.now.mono_ms),
            link_offer: None,
            film: None,
        }));
        self.count_frequent()?;
        self.open_correctives()?;
        self.forget_files()?;
        self.resume_pieces()?;
        self.resume_contacts()?;
        self.resume_alerts()?;
        self.resume_custody()?;
        self.read_visa_notes()?;
        self.read_suivi_notes()?;
        self.read_dispatches()?;
        self.open_sheets()?;
        self.count_met()?;
        self.tell_progress()?;
        self.resume_printing()?;
        self.take_restored()?;
        self.take_answers(id)?;
        self.take_shared(id)?;
        self.tell_located()?;
        self.look_at_drafts()?;
        self.resume_in_hand()?;
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
        let read: Vec<ActId> = store
            .drafts()?
            .iter()
            .filter(|draft| draft.reading().is_some())
            .map(|draft| draft.id)
            .collect();
        let released = self.device.release_but(Some(officer), &read, self.now)?;
        self.resume_parts()?;
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
        let officer = self.officer_id();
        // Locked first: a journal that cannot be written must not keep the terminal open.
        self.desk = match self.desk {
            Desk::Unlocking { .. } => Desk::Unlocking { given_up: true },
            Desk::Open(_) | Desk::Locked => Desk::Locked,
        };
        self.hotlists.drop_keys();
        // Nobody reads it in the pocket.
        self.budget = Budget::default();
        self.stale.lock = true;
        self.stale.home = true;
        self.stale.deliveries = true;
        self.stale.printing = true;
        self.stale.film = true;
        match officer {
            Some(officer) => self.device.log(self.now, Some(officer), Operation::Locked),
            None => Ok(()),
        }
    }

    pub(crate) fn desk(&mut self) -> Option<&mut OpenDesk> {
        match &mut self.desk {
            Desk::Open(desk) => Some(desk),
            Desk::Locked | Desk::Unlocking { .. } => None,
        }
    }

    pub(crate) fn officer_id(&self) -> Option<OfficerId> {
        match &self.desk {
            Desk::Open(desk) => Some(desk.officer.id),
            Desk::Locked | Desk::Unlocking { .. } => None,
        }
    }
}

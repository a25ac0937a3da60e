//! Signing: reserve, render and sign in a worker, write the intent, commit, promote. One commit makes the act exist.

use domain::dialogue::Notice;
use domain::draft::Draft;
use domain::envelope::{Attachment, Lane};
use domain::signed::ToSign;
use domain::{ActId, EnvelopeId, canonical};
use zeroize::Zeroizing;

use crate::engine::{CommitPoint, Effect, Engine, PresentCard};
use crate::store::{SigningIntent, StoreError};
use crate::work::{Job, SignFailure, SignJob, Signer};

impl Engine {
    pub(crate) fn sign(&mut self, id: ActId) -> Result<(), StoreError> {
        self.stale.draft = true;
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.current = Some(id);
        if desk.signing.contains(&id) {
            return Ok(());
        }
        let Some(draft) = desk.store.draft(id)? else {
            return Ok(());
        };
        let Some(around) = self.surroundings() else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let Ok(to_sign) = draft.finish(around, self.now) else {
            self.notice(Notice::NotSigned { draft: id });
            return Ok(());
        };
        let Some(PresentCard { card, certificate }) = self.card.clone() else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        self.start_signing(to_sign, &draft, Signer::Officer { card, certificate })?;
        if let Some(desk) = self.desk() {
            desk.signing.insert(id);
        }
        Ok(())
    }

    fn start_signing(&mut self, to_sign: ToSign, draft: &Draft, signer: Signer) -> Result<(), StoreError> {
        let numbers = Some(self.enrolment.numbers);
        let job = self.sign_job(to_sign, numbers, canonical::encode(draft), Vec::new(), signer)?;
        self.out.push(Effect::Work(Job::Sign(Box::new(job))));
        Ok(())
    }

    /// Promises the act its place and gathers everything that a worker needs.
    pub(crate) fn sign_job(
        &mut self,
        to_sign: ToSign,
        numbers: Option<domain::enrolment::NumberRange>,
        draft: Vec<u8>,
        attachments: Vec<Attachment>,
        signer: Signer,
    ) -> Result<SignJob, StoreError> {
        let reservation = self.device.reserve(to_sign.id(), Lane::Procedures, numbers)?;
        self.passed(CommitPoint::Reserved);
        let leaf = match &signer {
            Signer::Officer { certificate, .. } => certificate.clone(),
            Signer::Device => self.anchors.device.clone(),
        };
        Ok(SignJob {
            envelope: EnvelopeId::from_bytes(self.mint.id(self.now.utc)),
            to_sign,
            reservation,
            signer,
            keys: self.keys.clone(),
            device: self.enrolment.terminal.device.clone(),
            device_certificate: self.anchors.device.clone(),
            chain: vec![leaf, self.anchors.issuing.clone()],
            recipient: self.anchors.recipient,
            reference: self.reference.clone(),
            draft,
            attachments,
            term_key: Zeroizing::new(self.mint.random::<32>()),
        })
    }

    pub(crate) fn signed(
        &mut self,
        act: ActId,
        result: Result<Box<SigningIntent>, SignFailure>,
    ) -> Result<(), StoreError> {
        if self.footage.is_manifest(act) {
            return self.manifest_signed(act, result);
        }
        self.stale.draft = true;
        let Some(desk) = self.desk() else {
            tracing::info!(%act, "locked before the signature was committed; the draft stays");
            return Ok(());
        };
        desk.signing.remove(&act);
        let intent = match result {
            Ok(intent) => intent,
            Err(SignFailure::NoCard) => {
                self.notice(Notice::CardMissing);
                return Ok(());
            }
            Err(error) => {
                tracing::error!(%act, %error, "an act could not be signed");
                self.notice(Notice::NotSigned { draft: act });
                return Ok(());
            }
        };
        self.commit(&intent)
    }

    /// Intent, commit, promote: after the second the act exists, whatever happens next.
    fn commit(&mut self, intent: &SigningIntent) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let officer = desk.officer.id;
        desk.store.write_intent(intent)?;
        self.passed(CommitPoint::IntentWritten);
        self.device.commit_act(&intent.new_act(), Some(officer), now)?;
        self.passed(CommitPoint::ActCommitted);
        if let Some(desk) = self.desk() {
            desk.store.promote(intent)?;
        }
        self.passed(CommitPoint::Promoted);
        tracing::info!(act = %intent.act, envelope = %intent.envelope, "signed");
        self.stale.home = true;
        self.stale.deliveries = true;
        self.offer(intent.envelope)
    }
}

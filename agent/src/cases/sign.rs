//! Signing: reserve, render and sign in a worker, write the intent, commit, promote. One commit makes the act exist.

use domain::dialogue::{Intent, Notice};
use domain::draft::{Draft, Field, Problem, Reason};
use domain::envelope::{Attachment, Lane};
use domain::record::ActKind;
use domain::signed::ToSign;
use domain::{ActId, EnvelopeId, canonical};
use zeroize::Zeroizing;

use super::unlock::OpenDesk;
use crate::engine::{CommitPoint, Effect, Engine, PresentCard};
use crate::store::{SigningIntent, StoreError};
use crate::work::{Hands, Job, SignFailure, SignJob, Signer};

/// The fields whose text no document can show as typed.
pub(crate) fn unprintable(draft: &Draft) -> Vec<Problem> {
    let cannot = |field: &Field| documents::unprintable(draft.text(*field)).is_some();
    let has_another_field = draft.kind == ActKind::Plainte;
    let reason = |field| {
        if has_another_field && matches!(field, Field::Surname | Field::GivenNames) {
            Reason::LatinLetters
        } else {
            Reason::Unprintable
        }
    };
    Field::ALL
        .into_iter()
        // It is kept as it is written, and printed where a font has it.
        .filter(|field| *field != Field::NativeName)
        .filter(cannot)
        .map(|field| Problem::new(field, reason(field)))
        .collect()
}

impl Engine {
    pub(crate) fn sign(&mut self, id: ActId) -> Result<(), StoreError> {
        let _span = tracing::info_span!("record", act = %id).entered();
        self.stale.draft = true;
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.current = Some(id);
        if desk.signing.contains_key(&id) {
            return Ok(());
        }
        if self.device.row_of(id)?.is_some() {
            return self.finish_promotion(id);
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(draft) = desk.store.draft(id)? else {
            return Ok(());
        };
        let Some(around) = self.surroundings_of(id) else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let to_sign = match (draft.finish(around, self.now), unprintable(&draft).as_slice()) {
            (Ok(to_sign), []) => to_sign,
            (Err(problems), _) if problems.iter().any(|one| one.reason == Reason::ClockBackwards) => {
                self.notice(Notice::ClockBehind);
                return Ok(());
            }
            (Ok(_) | Err(_), _) => {
                self.notice(Notice::NotSigned { draft: id });
                return Ok(());
            }
        };
        let Some(PresentCard { card, certificate }) = self.card.clone() else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        if !self.code_counts_for(Intent::Sign { draft: id }) {
            return Ok(());
        }
        let Some(photos) = self.photo_files(to_sign.photos())? else {
            tracing::error!(act = %id, "a photograph of the draft is gone");
            self.notice(Notice::NotSigned { draft: id });
            return Ok(());
        };
        if self.desk().is_some_and(|desk| desk.brought.is_coming(id)) {
            self.notice(Notice::PieceComing);
            return Ok(());
        }
        let Some(pieces) = self.piece_files(to_sign.pieces())? else {
            self.notice(Notice::PieceGone { draft: id });
            return Ok(());
        };
        let Some(hands) = self.hands(&draft)? else {
            tracing::error!(act = %id, "the document that was read is gone");
            self.notice(Notice::NotRead);
            return Ok(());
        };
        let numbers = match draft.kind.is_numbered() {
            true => Some(self.number_range()?),
            false => None,
        };
        let left = self.numbers_left()?;
        self.keep_reference_in_use()?;
        // First: whoever reads the complaint at headquarters finds the sheet there.
        self.sign_contact(&draft)?;
        let signer = Signer::Officer { card, certificate };
        let mut job = self.sign_job(to_sign, numbers, canonical::encode(&draft), photos, signer)?;
        job.hands = hands;
        job.pieces = pieces;
        job.rights = self.sheet_of_rights(&draft)?;
        self.tell_low_numbers(left)?;
        if let Some(desk) = self.desk() {
            desk.signing.insert(id, job.envelope);
        }
        self.out.push(Effect::Work(Job::Sign(Box::new(job))));
        Ok(())
    }

    /// Signs what is complete without a form; it leaves once HQ has answered for `behind`.
    pub(crate) fn sign_without_form(
        &mut self,
        to_sign: ToSign,
        behind: Option<ActId>,
    ) -> Result<(), StoreError> {
        let id = to_sign.id();
        if self.desk().is_none_or(|desk| desk.signing.contains_key(&id)) {
            return Ok(());
        }
        let Some(PresentCard { card, certificate }) = self.card.clone() else {
            self.notice(Notice::CardMissing);
            return Ok(());
        };
        self.keep_reference_in_use()?;
        let signer = Signer::Officer { card, certificate };
        let mut job = self.sign_job(to_sign, None, Vec::new(), Vec::new(), signer)?;
        job.behind = behind;
        if let Some(desk) = self.desk() {
            desk.signing.insert(id, job.envelope);
        }
        self.out.push(Effect::Work(Job::Sign(Box::new(job))));
        Ok(())
    }

    /// The signatures by hand, and the document under which they were made; none when that document is gone.
    fn hands(&mut self, draft: &Draft) -> Result<Option<Hands>, StoreError> {
        let strokes = draft.reading().map(|reading| reading.strokes().clone());
        let strokes = strokes.unwrap_or_default();
        if strokes.is_empty() {
            return Ok(Some(Hands::default()));
        }
        let Some(desk) = self.desk() else { return Ok(None) };
        let shown = desk.store.shown(draft.id)?;
        Ok(shown.map(|shown| Hands {
            strokes,
            shown: Some(shown),
        }))
    }

    /// The act exists and its readable record may not, after a disk that was full in between.
    pub(crate) fn finish_promotion(&mut self, act: ActId) -> Result<(), StoreError> {
        if let Some(desk) = self.desk()
            && let Some(intent) = desk.store.intents()?.into_iter().find(|intent| intent.act == act)
        {
            desk.store.promote(&intent)?;
        }
        self.open_draft(act)
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
        let owner = match &signer {
            Signer::Officer { .. } => self.officer_id(),
            Signer::Device => None,
        };
        let lane = match to_sign.kind() {
            ActKind::Alert => Lane::Urgent,
            ActKind::IdentityCheck
            | ActKind::Pv
            | ActKind::Plainte
            | ActKind::Footage
            | ActKind::Pve
            | ActKind::Afd
            | ActKind::Note
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::SafeContact
            | ActKind::Custody
            | ActKind::Verification => Lane::Procedures,
        };
        let reservation = self.device.reserve(to_sign.id(), owner, lane, numbers)?;
        self.passed(CommitPoint::Reserved);
        tracing::info!(sequence = reservation.sequence, "place promised");
        let leaf = match &signer {
            Signer::Officer { certificate, .. } => certificate.clone(),
            Signer::Device => self.anchors.device.clone(),
        };
        Ok(SignJob {
            envelope: EnvelopeId::from_bytes(self.mint.id(self.now.utc)),
            parts: self.parts.clone(),
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
            pieces: Vec::new(),
            hands: Hands::default(),
            rights: None,
            behind: None,
            term_key: Zeroizing::new(self.mint.random::<32>()),
        })
    }

    pub(crate) fn signed(
        &mut self,
        act: ActId,
        envelope: EnvelopeId,
        result: Result<Box<SigningIntent>, SignFailure>,
    ) -> Result<(), StoreError> {
        let _span = tracing::info_span!("record", %act, %envelope).entered();
        if self.footage.is_manifest(act) {
            return self.manifest_signed(act, result);
        }
        self.stale.draft = true;
        let asked_here = |desk: &mut OpenDesk| desk.signing.get(&act) == Some(&envelope);
        if !self.desk().is_some_and(asked_here) {
            tracing::info!(%act, "a signature from before a lock is dropped; the draft stays");
            return Ok(());
        }
        if let Some(desk) = self.desk() {
            desk.signing.remove(&act);
        }
        let intent = match result {
            Ok(intent) => intent,
            Err(SignFailure::NoCard) => {
                self.notice(Notice::CardMissing);
                return Ok(());
            }
            Err(SignFailure::SheetGone) => {
                self.notice(Notice::RightsNotShown);
                return Ok(());
            }
            Err(SignFailure::PieceGone) => {
                self.notice(Notice::PieceGone { draft: act });
                return Ok(());
            }
            Err(SignFailure::DiskFull) => {
                self.notice(Notice::DiskFull);
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
        // It exists: it leaves even if the rest of this turn fails.
        self.offer(intent.envelope)?;
        self.queue_parts(intent.act, intent.envelope)?;
        if let Some(desk) = self.desk() {
            desk.store.promote(intent)?;
        }
        self.passed(CommitPoint::Promoted);
        self.count_met()?;
        self.sign_retention(intent.act)?;
        self.offer_link(intent.act, intent.kind)?;
        self.custody_signed(intent.act)?;
        tracing::info!("signed");
        self.stale.home = true;
        self.stale.deliveries = true;
        Ok(())
    }
}

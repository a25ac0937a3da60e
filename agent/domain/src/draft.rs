//! The draft: exactly what the officer typed, field by field, until it parses into an act.
//!
//! A draft holds any text, so that nothing typed is ever lost; `finish` is the one place where text becomes an act.

mod crosscheck;
mod field;
mod finish;
mod from_call;
mod measured;
mod order;
mod reading;
mod reason;
mod rights;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::envelope::RefusalCode;
use crate::formula::{Prefilled, Template};
use crate::id::{ActId, InterventionId};
use crate::identity::crosscheck::SealSeen;
use crate::identity::{FileTrace, TraceResult};
use crate::natinf::{Natinf, ReferenceSet};
use crate::photo::{Marks, Photo};
use crate::piece::{self, Piece};
use crate::pv::{PvKind, RoadPaper};
use crate::pve::{Interception, OffenderSignature};
use crate::record::{ActKind, Correction};
use crate::service::Service;
use crate::time::Timestamp;

pub use field::Field;
use finish::OWED;
pub use finish::{CONTACT, LimitView, Readiness, Surroundings, Warning};
pub(crate) use finish::{hides_or_turns, moment};
pub use reading::{Correction as PendingRenvoi, Reading, ReadingRefusal};
pub use reason::{Problem, Reason};
pub use rights::{RightsRefusal, ShownRights};

/// Longest text that one field holds, in bytes.
pub const MAX_FIELD: usize = 1024 * 1024;

/// What names a person.
const NAMES: [Field; 2] = [Field::Mrz, Field::Surname];

/// An act being drawn up.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Draft {
    #[n(0)]
    pub id: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub started: Timestamp,
    #[n(3)]
    pub intervention: Option<InterventionId>,
    #[n(4)]
    pub corrects: Option<Correction>,
    #[n(5)]
    texts: BTreeMap<Field, String>,
    /// Set with the language, and when the victim acknowledges the rights notice.
    #[n(6)]
    rights_at: Option<Timestamp>,
    #[n(7)]
    pub files: Vec<crate::identity::FileTrace>,
    #[cbor(n(8), skip_if = "Vec::is_empty")]
    photos: Vec<Photo>,
    /// What the offender did with the locked summary of a PVe or an AFD.
    #[n(9)]
    signature: Option<OffenderSignature>,
    #[n(10)]
    reading: Option<Reading>,
    /// When the first word of the account was written down.
    #[n(11)]
    begun: Option<Timestamp>,
    /// When the suspect was told the rights of 61-1 CPP, or who is held those of 78-3.
    #[n(12)]
    noticed: Option<Timestamp>,
    /// The check that a vérification d'identité follows.
    #[n(18)]
    follows: Option<Followed>,
    /// Of the last picture that held any.
    #[cbor(n(21), default, skip_if = "Vec::is_empty")]
    seals: Vec<SealSeen>,
    /// "Urgence, à compléter": files are asked before the text of the check is named.
    #[n(19)]
    urgent: Option<Timestamp>,
    /// The sheet of rights that the victim has before them.
    #[n(22)]
    rights: Option<ShownRights>,
    /// What the victim brought, in the order in which it came.
    #[cbor(n(27), default, skip_if = "Vec::is_empty")]
    pieces: Vec<Piece>,
}

/// A check, and when it began: the hours of what follows count from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Followed {
    #[n(0)]
    pub(crate) act: ActId,
    #[n(1)]
    pub(crate) started: Timestamp,
}

impl Draft {
    pub const fn new(
        id: ActId,
        kind: ActKind,
        started: Timestamp,
        intervention: Option<InterventionId>,
    ) -> Self {
        Self {
            id,
            kind,
            started,
            intervention,
            corrects: None,
            texts: BTreeMap::new(),
            rights_at: None,
            files: Vec::new(),
            photos: Vec::new(),
            signature: None,
            reading: None,
            begun: None,
            noticed: None,
            follows: None,
            seals: Vec::new(),
            urgent: None,
            rights: None,
            pieces: Vec::new(),
        }
    }

    /// A new draft with everything that `self` says, to correct a signed act after HQ refused it.
    pub fn corrective(&self, id: ActId, now: Timestamp, correction: Correction) -> Self {
        Self {
            id,
            started: now,
            corrects: Some(correction),
            signature: None,
            reading: None,
            ..self.clone()
        }
    }

    /// An empty PV that rectifies or withdraws a signed act; the act stays as it is, and its reasons are the officer's
    /// to write.
    pub fn about_signed(
        &self,
        id: ActId,
        now: Timestamp,
        kind: PvKind,
        correction: Correction,
        named: &str,
    ) -> Self {
        let mut pv = Self::new(id, ActKind::Pv, now, self.intervention);
        pv.corrects = Some(correction);
        pv.texts.insert(Field::PvKind, kind.code().to_owned());
        pv.texts
            .insert(Field::Subject, format!("{} {named}", kind.title()));
        for field in [Field::Place, Field::Commune, Field::PvFrame] {
            if !self.text(field).is_empty() {
                pv.texts.insert(field, self.text(field).to_owned());
            }
        }
        pv
    }

    /// The same facts as a general PV, for what has no forfait: every text is kept, the codes of both acts stand
    /// together, and the labels are proposed as the subject. The legal frame is the officer's to choose.
    pub fn turn_into_pv(&self, id: ActId, reference: &ReferenceSet) -> Self {
        let mut pv = Self {
            id,
            kind: ActKind::Pv,
            corrects: None,
            signature: None,
            reading: None,
            ..self.clone()
        };
        let mut codes: Vec<&str> = Vec::new();
        for code in [Field::Offences, Field::Simultaneous]
            .into_iter()
            .flat_map(|field| listed(self.text(field)))
        {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let known = codes.iter().filter_map(|code| Natinf::parse(code).ok());
        let labels: Vec<&str> = known
            .filter_map(|natinf| reference.find(natinf))
            .map(|offence| offence.label.as_str())
            .collect();
        let codes = codes.join(" ");
        pv.texts.remove(&Field::Simultaneous);
        pv.texts
            .insert(Field::PvKind, PvKind::Constatations.code().to_owned());
        if !codes.is_empty() {
            pv.texts.insert(Field::Offences, codes);
        }
        if pv.text(Field::Subject).is_empty() && !labels.is_empty() {
            pv.texts.insert(Field::Subject, labels.join(" ; "));
        }
        pv
    }

    /// The vérification d'identité of whoever was checked: the person, the place, the grounds and the files go along, and
    /// the hours count from the start of the check.
    pub fn verification(&self, id: ActId, now: Timestamp) -> Self {
        let mut draft = Self::new(id, ActKind::Verification, now, self.intervention);
        for field in Field::form(ActKind::Verification) {
            if let Some(text) = self.texts.get(field) {
                draft.texts.insert(*field, text.clone());
            }
        }
        draft.files.clone_from(&self.files);
        draft.follows = Some(Followed {
            act: self.id,
            started: self.started,
        });
        draft
    }

    /// Whether it is a check that found nothing and is about to be no act: nobody may keep who was checked
    /// (CSI R.434-16; 78-3 CPP). What was asked in urgency stays until its text is named.
    pub fn is_fruitless_check(&self) -> bool {
        let found = |trace: &FileTrace| trace.result == TraceResult::Found;
        self.kind == ActKind::IdentityCheck
            && self.corrects.is_none()
            && self.urgent.is_none()
            && !self.is_read()
            && !self.files.iter().any(found)
    }

    /// An act of `kind` about whoever, whatever and wherever this one is about; nothing is typed twice.
    pub fn follow_up(&self, id: ActId, kind: ActKind, now: Timestamp) -> Self {
        let mut draft = Self::new(id, kind, now, self.intervention);
        if self.is_a_home_call() && kind == ActKind::Plainte {
            draft.take(self, &Field::OF_A_PLACE);
            self.hand_over_call(&mut draft);
        } else {
            draft.take(self, &Field::SHARED);
        }
        draft
    }

    /// A PV of `kind`, under its name; of whoever `self` is about.
    pub fn measure(&self, id: ActId, kind: PvKind, now: Timestamp) -> Self {
        let mut draft = self.follow_up(id, ActKind::Pv, now);
        if self.kind == ActKind::Pv || self.kind == ActKind::Pve {
            draft.take(self, &Field::CARRIED);
        }
        draft.become_measure(kind);
        if kind == PvKind::Justification {
            draft.owe_what_was_noted();
        }
        draft
    }

    /// The papers that the offences say were not shown are those to justify.
    fn owe_what_was_noted(&mut self) {
        let noted: Vec<RoadPaper> = listed(self.text(Field::Offences))
            .filter_map(|code| Natinf::parse(code).ok())
            .filter_map(RoadPaper::of_offence)
            .collect();
        for (field, paper) in OWED {
            if noted.contains(&paper) {
                self.propose(field, "oui");
            }
        }
    }

    /// A PV of `kind` where `self` is, about nobody yet.
    pub fn measure_there(&self, id: ActId, kind: PvKind, now: Timestamp) -> Self {
        let mut draft = Self::new(id, ActKind::Pv, now, self.intervention);
        draft.take(self, &Field::OF_A_PLACE);
        draft.become_measure(kind);
        draft
    }

    /// Takes the kind, its name and the frame in which it is usually drawn up, where nothing was typed.
    pub fn become_measure(&mut self, kind: PvKind) {
        self.texts.insert(Field::PvKind, kind.code().to_owned());
        let usual = [
            (Field::Subject, kind.title()),
            (Field::PvFrame, kind.usual_frame().code()),
        ];
        for (field, text) in usual {
            if self.text(field).is_empty() {
                self.texts.insert(field, text.to_owned());
            }
        }
    }

    /// Fills `field` where nothing was typed.
    pub fn propose(&mut self, field: Field, text: &str) {
        let fits = !text.is_empty() && text.len() <= MAX_FIELD;
        if self.text(field).is_empty() && fits && !self.is_read() {
            self.texts.insert(field, text.to_owned());
        }
    }

    /// Files may be asked before the text of the check is named; the first time counts.
    pub fn set_urgent(&mut self, now: Timestamp) {
        if self.kind == ActKind::IdentityCheck {
            self.urgent.get_or_insert(now);
        }
    }

    pub const fn urgent(&self) -> Option<Timestamp> {
        self.urgent
    }

    /// Takes from the shift what a check begins with: its text and its réquisition, where nothing was typed.
    pub fn inherit(&mut self, service: &Service) {
        if self.kind != ActKind::IdentityCheck {
            return;
        }
        let (basis, requisition) = service.inherited(self.started.utc);
        let inherited = [
            (Field::CheckBasis, basis.map(|basis| basis.code().to_owned())),
            (Field::Requisition, requisition.map(|one| one.reference.clone())),
        ];
        for (field, text) in inherited {
            if let Some(text) = text
                && self.text(field).is_empty()
            {
                self.texts.insert(field, text);
            }
        }
    }

    /// Keeps a photograph beside the texts, once.
    pub fn attach(&mut self, photo: Photo) -> Result<(), FillRefusal> {
        self.may_change()?;
        if !self.photos.iter().any(|kept| kept.sha256 == photo.sha256) {
            let photo = photo.named_apart(|name| self.photos.iter().any(|kept| kept.name == name));
            self.photos.push(photo);
        }
        Ok(())
    }

    /// Lets a photograph go; one that is not here is gone already.
    pub fn detach(&mut self, sha256: Digest) -> Result<(), FillRefusal> {
        self.may_change()?;
        self.photos.retain(|photo| photo.sha256 != sha256);
        Ok(())
    }

    /// Says which object of the inventory a photograph shows; none, that it shows no object.
    pub fn show_object(&mut self, sha256: Digest, object: Option<u16>) -> Result<(), FillRefusal> {
        self.may_change()?;
        let objects = self.objects().count();
        let known = object.filter(|object| (1..=objects).contains(&usize::from(*object)));
        for photo in &mut self.photos {
            if photo.sha256 == sha256 {
                photo.shows = known;
            }
        }
        Ok(())
    }

    /// Draws these over a photograph, in the place of those that were there; its bytes and its digest stay.
    pub fn mark_photo(&mut self, sha256: Digest, marks: &Marks) -> Result<(), FillRefusal> {
        self.may_change()?;
        for photo in &mut self.photos {
            if photo.sha256 == sha256 {
                photo.marks.clone_from(marks);
            }
        }
        Ok(())
    }

    /// The lines of the inventory, complete or not.
    fn objects(&self) -> impl Iterator<Item = &str> {
        let lines = self.text(Field::Inventory).lines();
        lines.filter(|line| !line.trim().is_empty())
    }

    /// Photographs follow their object when the inventory around it changes, and lose one that is gone.
    fn follow_objects(&mut self, before: &[String]) {
        let after: Vec<String> = self.objects().map(str::to_owned).collect();
        let moved = |object: u16| {
            let index = usize::from(object).checked_sub(1)?;
            let line = before.get(index)?;
            if after.len() == before.len() && !after.contains(line) {
                return Some(object);
            }
            let at = after.iter().position(|other| other == line)?;
            u16::try_from(at + 1).ok()
        };
        for photo in &mut self.photos {
            photo.shows = photo.shows.and_then(moved);
        }
    }

    pub fn photos(&self) -> &[Photo] {
        &self.photos
    }

    /// Keeps a piece, once; false where it is here already.
    pub fn take_in(&mut self, piece: Piece) -> Result<bool, FillRefusal> {
        self.may_change()?;
        if self.pieces.iter().any(|kept| kept.sha256 == piece.sha256) {
            return Ok(false);
        }
        let piece = piece.named_apart(|name| self.pieces.iter().any(|kept| kept.name == name));
        self.pieces.push(piece);
        Ok(true)
    }

    /// Says what a piece is; one that is not here is gone already, and an empty label changes nothing.
    pub fn label_piece(&mut self, sha256: Digest, label: &str) -> Result<(), FillRefusal> {
        let label = piece::label(label);
        let known = |piece: &Piece| piece.sha256 == sha256 && piece.label != label;
        if label.is_empty() || !self.pieces.iter().any(known) {
            return Ok(());
        }
        self.may_change()?;
        for piece in self.pieces.iter_mut().filter(|piece| piece.sha256 == sha256) {
            piece.label.clone_from(&label);
        }
        Ok(())
    }

    /// Gives a piece back; one that is not here is gone already.
    pub fn give_back(&mut self, sha256: Digest) -> Result<(), FillRefusal> {
        self.may_change()?;
        self.pieces.retain(|piece| piece.sha256 != sha256);
        Ok(())
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether one more piece of so many bytes has a place with those that are here.
    pub fn has_room_for(&self, bytes: u64) -> bool {
        let together = self
            .pieces
            .iter()
            .map(|piece| piece.bytes)
            .fold(bytes, u64::saturating_add);
        self.pieces.len() < piece::MAX_PIECES && together <= piece::MAX_TOGETHER
    }

    /// What the person did with the locked summary; the next change of anything forgets it.
    pub const fn set_signature(&mut self, signature: OffenderSignature) {
        self.signature = Some(signature);
    }

    /// What the offender did with the locked summary of what the draft says.
    pub fn signature(&self) -> OffenderSignature {
        self.signature.unwrap_or_default()
    }

    /// Keeps `text` as typed; an empty text clears the field. What was read is not edited any more.
    pub fn fill(&mut self, field: Field, text: &str, now: Timestamp) -> Result<(), FillRefusal> {
        if text.len() > MAX_FIELD {
            return Err(FillRefusal::TooLong { limit: MAX_FIELD });
        }
        if text == self.text(field) {
            return Ok(());
        }
        self.may_change()?;
        let set = (!text.is_empty()).then_some(now);
        if field == Field::RightsLanguage {
            self.rights_at = set;
            self.drop_rights_but_in(text);
        } else if field == Field::NoticeLanguage || field == Field::RetentionNotice {
            self.noticed = set;
        } else if field == Field::Account && self.kind == ActKind::Pv && self.begun.is_none() {
            self.begun = set;
        }
        let objects: Vec<String> = if field == Field::Inventory {
            self.objects().map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        if text.is_empty() {
            self.texts.remove(&field);
        } else {
            self.texts.insert(field, text.to_owned());
        }
        if field == Field::Inventory {
            self.follow_objects(&objects);
        }
        if NAMES.contains(&field) {
            self.stop_whom_it_names();
        }
        Ok(())
    }

    /// Whoever a PVe names was stopped, unless the officer says otherwise.
    fn stop_whom_it_names(&mut self) {
        let names = NAMES.iter().any(|field| !self.text(*field).is_empty());
        if self.kind == ActKind::Pve && names {
            self.propose(Field::Interception, Interception::Intercepted.code());
        }
    }

    /// A locked summary that changes is no longer what was shown; an act that was read is not changed at all.
    fn may_change(&mut self) -> Result<(), FillRefusal> {
        if self.is_read() {
            return Err(FillRefusal::Read);
        }
        self.unlock();
        Ok(())
    }

    fn unlock(&mut self) {
        self.reading = None;
        self.signature = None;
    }

    /// The text of `field`, empty when nothing was typed.
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }

    /// Copies into empty fields what another act of the same intervention already knows; a note gives nothing away.
    ///
    /// A check takes the place alone: files must never be asked about whoever was stopped before. Nor does a complaint
    /// name anybody but who was checked: whoever complains is seldom who was accused.
    pub fn reuse(&mut self, other: &Self) {
        let about_the_same = match self.kind {
            ActKind::IdentityCheck => false,
            ActKind::Plainte => other.kind == ActKind::IdentityCheck,
            ActKind::Pv
            | ActKind::Pve
            | ActKind::Afd
            | ActKind::Note
            | ActKind::Verification
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => true,
        };
        if about_the_same {
            self.take(other, &Field::SHARED);
        } else {
            self.take(other, &Field::OF_A_PLACE);
        }
    }

    fn take(&mut self, other: &Self, wanted: &[Field]) {
        if other.kind == ActKind::Note || self.kind == ActKind::Note || self.is_read() {
            return;
        }
        for field in wanted.iter().copied() {
            if self.text(field).is_empty() && !other.text(field).is_empty() {
                self.unlock();
                self.texts.insert(field, other.text(field).to_owned());
            }
        }
        self.stop_whom_it_names();
    }

    /// Fills the fields that a template of the unit prepares, where nothing was typed.
    pub fn prefill(&mut self, template: &Template) {
        for Prefilled { field, text } in &template.fields {
            if self.text(*field).is_empty() && text.len() <= MAX_FIELD && !self.is_read() {
                self.texts.insert(*field, text.clone());
            }
        }
    }

    /// As a report names the act.
    pub fn called(&self) -> &'static str {
        match self.kind {
            ActKind::Pv => self.pv_kind().title(),
            ActKind::IdentityCheck => "Contrôle d’identité",
            ActKind::Plainte => "Plainte",
            ActKind::Pve => "PVe",
            ActKind::Afd => "AFD",
            ActKind::Verification => "Vérification d’identité",
            ActKind::Note => "Recueil de renseignements",
            ActKind::Alert => "Alerte",
            ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::SafeContact
            | ActKind::Custody => "Pièce",
        }
    }

    /// What kind of PV the draft is about to be.
    pub fn pv_kind(&self) -> PvKind {
        PvKind::from_code(self.text(Field::PvKind)).unwrap_or_default()
    }
}

impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Draft {{ {}, {:?}, {} fields }}",
            self.id,
            self.kind,
            self.texts.len()
        )
    }
}

/// Why a text was not kept; the draft is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillRefusal {
    TooLong {
        limit: usize,
    },
    /// The act was read to somebody: a renvoi corrects it.
    Read,
}

/// Codes as they are typed: separated by spaces, commas or semicolons.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', ';', '\n']).filter(|code| !code.is_empty())
}

/// The correction that answers a refusal.
impl Correction {
    pub const fn of_refused(act: ActId, record: crate::canonical::Digest, code: RefusalCode) -> Self {
        Self {
            act,
            record,
            refusal: Some(code),
        }
    }
}

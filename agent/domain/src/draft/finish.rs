//! From a draft's texts to a complete act, or to every problem at once.

mod afd;
mod complaint;
mod contact;
mod hearing;
mod identity_check;
mod measure;
mod measure_law;
mod note;
mod person;
mod plainte;
mod pv;
mod pve;
mod road;
mod roadside;
mod signers;
mod verification;
mod warning;

use super::{Draft, Field, Problem, Reason, listed};
use crate::alert::Alert;
use crate::dialogue::AnswerLine;
use crate::enrolment::KeyProtection;
use crate::id::{ActId, DeviceId, InterventionId};
use crate::identity::{CivilDate, DocumentReading, read_mrz};
use crate::legal_basis::BasisTable;
use crate::natinf::{Natinf, ReferenceSet};
use crate::officer::Officer;
use crate::person::{BriefIdentity, IdentitySource};
use crate::place::{Fix, Place, Position, commune};
use crate::plainte::contact::SafeContact;
use crate::record::{Act, ActKind, Context, Retention};
use crate::retention::{Term, months_after};
use crate::service::{CardPresence, Service};
use crate::signed::ToSign;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::Plate;
use crate::visa::{Visa, VisaRequest};
use person::brief_of;

pub use contact::CONTACT;
pub use identity_check::{LimitView, Readiness};
pub(crate) use road::moment;
pub(super) use roadside::OWED;
pub use warning::Warning;

/// What surrounds a draft when it is finished.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    pub device: &'a DeviceId,
    pub protection: KeyProtection,
    pub officer: &'a Officer,
    pub service: &'a Service,
    pub reference: &'a ReferenceSet,
    /// What files answered about the draft.
    pub answers: &'a [AnswerLine],
    pub bases: &'a BasisTable,
    /// Where the terminal was last; absent where it does not know.
    pub fix: Option<Fix>,
}

impl Surroundings<'_> {
    /// The request of `officer` for a visa, complete as it is.
    pub fn visa_request(self, request: VisaRequest, now: Timestamp) -> ToSign {
        let id = VisaRequest::act_id(request.act, &request.opj);
        self.complete(id, None, Act::VisaRequest(Box::new(request)), now)
    }

    /// The visa of `officer`, complete as it is.
    pub fn visa(self, visa: Visa, now: Timestamp) -> ToSign {
        self.complete(Visa::act_id(visa.request), None, Act::Visa(Box::new(visa)), now)
    }

    /// The alert of `officer`, complete as it is.
    pub fn alert(
        self,
        id: ActId,
        intervention: Option<InterventionId>,
        alert: Alert,
        now: Timestamp,
    ) -> ToSign {
        self.complete(id, intervention, Act::Alert(Box::new(alert)), now)
    }

    /// The sheet of a complaint of `officer`, complete as it is.
    pub fn safe_contact(self, id: ActId, sheet: SafeContact, now: Timestamp) -> ToSign {
        self.complete(id, None, Act::SafeContact(Box::new(sheet)), now)
    }

    fn complete(self, id: ActId, intervention: Option<InterventionId>, act: Act, now: Timestamp) -> ToSign {
        ToSign {
            id,
            context: Context {
                device: self.device.clone(),
                protection: self.protection,
                formation: self.service.card == CardPresence::Formation,
                author: self.officer.author(),
                service: self.service.id,
                intervention,
            },
            signed_at: now,
            reference: self.reference.version.clone(),
            corrects: None,
            retention: retention(&act, now, self.reference),
            act,
        }
    }
}

impl Draft {
    /// The complete act, or all that is missing or wrong.
    pub fn finish(&self, around: Surroundings<'_>, now: Timestamp) -> Result<ToSign, Vec<Problem>> {
        Form::of(self, around, now).finish()
    }

    /// The act as it is read to those who sign it by hand: complete but for their signatures.
    pub fn read_back(&self, around: Surroundings<'_>, now: Timestamp) -> Result<ToSign, Vec<Problem>> {
        let mut form = Form::of(self, around, now);
        form.stage = Stage::Reading;
        form.finish()
    }

    /// The zone of the draft as read today, for the screen.
    pub fn document(&self, now: Timestamp) -> Option<Result<DocumentReading, Reason>> {
        let zone = self.text(Field::Mrz);
        let today = CivilDate::from(now.local().date());
        (!zone.trim().is_empty()).then(|| read_mrz(zone, today).map_err(Reason::from))
    }

    /// The identity that the draft holds: typed where typed, else from the zone.
    pub fn person(&self, now: Timestamp) -> Option<BriefIdentity> {
        brief_of(self, now, &mut Vec::new()).map(|(brief, _)| brief)
    }
}

/// For what an act is put together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody has signed by hand yet.
    Reading,
    Signing,
}

struct Form<'a> {
    draft: &'a Draft,
    around: Surroundings<'a>,
    now: Timestamp,
    stage: Stage,
    problems: Vec<Problem>,
    /// Every hour that was read, by its field.
    hours: Vec<(Field, UnixMs)>,
}

impl<'a> Form<'a> {
    const fn of(draft: &'a Draft, around: Surroundings<'a>, now: Timestamp) -> Self {
        Self {
            draft,
            around,
            now,
            stage: Stage::Signing,
            problems: Vec::new(),
            hours: Vec::new(),
        }
    }

    fn finish(mut self) -> Result<ToSign, Vec<Problem>> {
        self.refuse_hidden_characters();
        self.refuse_a_clock_that_went_back();
        let act = match self.draft.kind {
            ActKind::IdentityCheck => self.identity_check().map(|act| Act::IdentityCheck(Box::new(act))),
            ActKind::Pv => self.pv().map(|act| Act::Pv(Box::new(act))),
            ActKind::Plainte => self.plainte().map(|act| Act::Plainte(Box::new(act))),
            ActKind::Pve => self.pve().map(|act| Act::Pve(Box::new(act))),
            ActKind::Afd => self.afd().map(|act| Act::Afd(Box::new(act))),
            ActKind::Note => self.note().map(|act| Act::Note(Box::new(act))),
            ActKind::Verification => self.verification().map(|act| Act::Verification(Box::new(act))),
            ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => None,
        };
        self.problems.sort_unstable();
        self.problems.dedup();
        let act = match act {
            Some(act) if self.problems.is_empty() => act,
            Some(_) | None => return Err(self.problems),
        };
        Ok(ToSign {
            corrects: self.draft.corrects,
            ..self
                .around
                .complete(self.draft.id, self.draft.intervention, act, self.now)
        })
    }

    fn refuse_hidden_characters(&mut self) {
        for field in Field::ALL {
            if self.draft.text(field).contains(hides_or_turns) {
                self.problem(field, Reason::ControlCharacters);
            }
        }
    }

    /// No act is signed before what it says was done.
    fn refuse_a_clock_that_went_back(&mut self) {
        let draft = self.draft;
        let read = draft.reading().map(super::Reading::at);
        let noted = [
            Some(draft.started),
            draft.begun,
            draft.rights_at,
            draft.noticed,
            read,
        ];
        if noted.into_iter().flatten().any(|at| self.now.utc < at.utc) {
            self.problem(Field::Moment, Reason::ClockBackwards);
        }
    }

    fn problem(&mut self, field: Field, reason: Reason) {
        self.problems.push(Problem::new(field, reason));
    }

    fn typed(&self, field: Field) -> Option<&'a str> {
        let text = self.draft.text(field).trim();
        (!text.is_empty()).then_some(text)
    }

    fn needed(&mut self, field: Field) -> Option<&'a str> {
        let text = self.typed(field);
        if text.is_none() {
            self.problem(field, Reason::Missing);
        }
        text
    }

    fn read<T, E>(
        &mut self,
        field: Field,
        reason: Reason,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = parse(self.needed(field)?);
        if value.is_err() {
            self.problem(field, reason);
        }
        value.ok()
    }

    fn choice<T>(&mut self, field: Field, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.read(field, Reason::NotAChoice, |code| from_code(code).ok_or(()))
    }

    fn place(&mut self) -> Option<Place> {
        self.read(Field::Place, Reason::NotAPlace, Place::parse)
    }

    /// The place with what the form adds to it: the commune and where the terminal stood.
    fn place_with_commune(&mut self) -> Option<Place> {
        let commune = self.maybe(Field::Commune, Reason::NotACommune, commune);
        let position = self.maybe(Field::Position, Reason::NotAPosition, Position::parse);
        let place = self.place()?;
        Some(Place {
            commune,
            position,
            ..place
        })
    }

    fn document(&mut self) -> Option<DocumentReading> {
        match self.draft.document(self.now)? {
            Ok(reading) => Some(reading),
            Err(reason) => {
                self.problem(Field::Mrz, reason);
                None
            }
        }
    }

    /// The short identity: names typed, or taken from a zone whose digits agree.
    fn brief(&mut self) -> Option<(BriefIdentity, IdentitySource)> {
        brief_of(self.draft, self.now, &mut self.problems)
    }

    /// The codes of `field`, in the order typed; what is no code or unknown is named.
    fn codes(&mut self, field: Field) -> Vec<Natinf> {
        let Some(text) = self.typed(field) else {
            return Vec::new();
        };
        let mut codes = Vec::new();
        for code in listed(text) {
            match Natinf::parse(code) {
                Ok(natinf) if self.around.reference.find(natinf).is_some() => codes.push(natinf),
                Ok(_) => self.problem(field, Reason::UnknownNatinf),
                Err(_) => self.problem(field, Reason::NotANatinf),
            }
        }
        codes
    }

    /// None when nothing was answered.
    fn yes_or_no(&mut self, field: Field) -> Option<bool> {
        match self.typed(field)? {
            "oui" => Some(true),
            "non" => Some(false),
            _ => {
                self.problem(field, Reason::NotAChoice);
                None
            }
        }
    }

    /// A field that may be empty, and must parse when it is not.
    fn maybe<T, E>(
        &mut self,
        field: Field,
        reason: Reason,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let parsed = parse(self.typed(field)?);
        if parsed.is_err() {
            self.problem(field, reason);
        }
        parsed.ok()
    }

    fn paragraphs(&mut self) -> Vec<String> {
        self.needed(Field::Account).map(paragraphs).unwrap_or_default()
    }

    /// A plate whose country the form does not ask for.
    fn plate(&mut self) -> Option<Plate> {
        self.maybe(Field::Plate, Reason::NotAPlate, Plate::read)
    }
}

/// What no keyboard types and a reader does not see: controls but line ends and tabs, and marks that turn the
/// direction of the text (Unicode bidirectional algorithm, section 2).
pub(crate) fn hides_or_turns(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    }
}

/// A check without judicial follow-up is kept no longer than its verification (78-3 CPP), which goes six months after
/// the person was free to go; a note as long as the signed policy says.
fn retention(act: &Act, now: Timestamp, reference: &ReferenceSet) -> Option<Retention> {
    match act {
        Act::IdentityCheck(_) => {
            let term = Term::IdentityVerification;
            let until = term.deadline(&now);
            Some(Retention { term, until })
        }
        Act::Note(_) => Some(Retention {
            term: Term::Note,
            until: months_after(&now, reference.notes().months().into()),
        }),
        // What follows is a procedure with terms of its own.
        Act::Verification(verification) => verification.follow_up.is_destroyed().then(|| {
            let term = Term::IdentityVerification;
            let ended = Timestamp {
                utc: verification.held.until,
                ..now
            };
            let until = term.deadline(&ended);
            Retention { term, until }
        }),
        Act::Pv(_)
        | Act::Plainte(_)
        | Act::Footage(_)
        | Act::Pve(_)
        | Act::Afd(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => None,
    }
}

/// What stands one a line.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;

//! From the form of a general PV to the act (429 CPP; one act, one PV in flagrance: D.10 CPP).

use super::super::{Field, Problem, Reason};
use super::{Form, lines};
use crate::hand::HandOutcome;
use crate::identity::CivilDate;
use crate::legal_basis::PvFrame;
use crate::natinf::{Natinf, NotInForce};
use crate::officer::{Matricule, Quality};
use crate::person::Person;
use crate::photo::Photo;
use crate::pv::{Closing, Dress, Fate, Item, NotAnItem, Origin, Pv, PvKind, Renvoi};

impl<'a> Form<'a> {
    pub(super) fn pv(&mut self) -> Option<Pv> {
        let kind = self.maybe(Field::PvKind, Reason::NotAChoice, |code| {
            PvKind::from_code(code).ok_or(())
        });
        let kind = kind.unwrap_or_default();
        if !kind.open_to(self.around.officer.quality) {
            self.problem(Field::PvKind, Reason::QualityNotEmpowered);
        }
        self.refuse_empty_correction(kind);
        let frame = self.choice(Field::PvFrame, PvFrame::from_code);
        let origin = self.maybe(Field::Origin, Reason::NotAChoice, |code| {
            Origin::from_code(code).ok_or(())
        });
        let dress = self.maybe(Field::Dress, Reason::NotAChoice, |code| {
            Dress::from_code(code).ok_or(())
        });
        let subject = self.needed(Field::Subject);
        let place = self.place_with_commune();
        let offences = self.codes(Field::Offences);
        self.refuse_outdated(&offences);
        let plate = self.plate();
        let under = self.under(frame);
        let hearing = (kind == PvKind::Audition).then(|| self.hearing()).flatten();
        let person = self.concerned(kind);
        let paragraphs = match kind {
            PvKind::Audition => Vec::new(),
            PvKind::Bordereau
            | PvKind::Inventaire
            | PvKind::MiseADisposition
            | PvKind::Alcoolemie
            | PvKind::Stupefiants
            | PvKind::Retention
            | PvKind::Immobilisation
            | PvKind::Ivresse
            | PvKind::Remise
            | PvKind::Convocation
            | PvKind::Justification => self.observations(),
            PvKind::Constatations
            | PvKind::Interpellation
            | PvKind::Transport
            | PvKind::Notification
            | PvKind::Rectification
            | PvKind::Annulation
            | PvKind::Temoignage
            | PvKind::Domicile
            | PvKind::CompteRendu => self.paragraphs(),
        };
        let inventory = self.inventory(kind);
        let authority = self.authority(&inventory);
        let photos = self.photos_of(&inventory);
        let addressee = if kind == PvKind::Bordereau {
            self.needed(Field::Addressee)
        } else {
            None
        };
        let measure = self.measure(kind, person.as_ref());
        let signers = self.signed_by_hand();
        let closing = if self.draft.signers(self.now).is_empty() {
            Closing::AuthorOnly
        } else {
            Closing::ReadAndSigned
        };
        if kind == PvKind::Audition && hearing.is_none() {
            return None;
        }
        let pv = Pv {
            frame: frame?,
            subject: subject?.to_owned(),
            place: place?,
            offences,
            plates: plate.into_iter().collect(),
            paragraphs,
            started: self.draft.started,
            closing,
            kind,
            origin,
            dress,
            under,
            assistants: self.typed(Field::Assistants).map(lines).unwrap_or_default(),
            hearing: hearing.map(Box::new),
            person: person.map(Box::new),
            inventory,
            authority: authority.map(str::to_owned),
            addressee: addressee.map(str::to_owned),
            mentions: self
                .typed(Field::Mentions)
                .map(super::paragraphs)
                .unwrap_or_default(),
            annexes: self.typed(Field::Annexes).map(lines).unwrap_or_default(),
            photos,
            renvois: self.renvois(),
            signers,
            measure: measure?,
            aboard: self.around.service.vehicle.clone(),
        };
        let law = Some(self.around.reference);
        self.problems
            .extend(pv.unlawful(&self.around.officer.author(), self.now, law));
        Some(pv)
    }

    /// Renvois, approved when everybody who signs has signed after them; void otherwise (107 CPP).
    pub(super) fn renvois(&self) -> Vec<Renvoi> {
        let Some(reading) = self.draft.reading() else {
            return Vec::new();
        };
        let signers = self.draft.signers(self.now);
        let signed = |index: usize| {
            let outcome = u8::try_from(index).ok().and_then(|index| reading.outcome(index));
            matches!(outcome, Some(HandOutcome::Signed(_)))
        };
        let approved = (0..signers.len()).all(signed);
        let renvoi = |pending: &super::super::PendingRenvoi| Renvoi {
            place: pending.place.clone(),
            text: pending.text.clone(),
            approved,
        };
        reading.renvois().iter().map(renvoi).collect()
    }

    /// A rectification or an annulation is of a signed act, and says why.
    fn refuse_empty_correction(&mut self, kind: PvKind) {
        if !matches!(kind, PvKind::Rectification | PvKind::Annulation) {
            return;
        }
        if self.draft.corrects.is_none() {
            self.problem(Field::PvKind, Reason::NothingCorrected);
        }
        let reasons = self.typed(Field::Account).unwrap_or_default();
        if !reasons.is_empty() && reasons.chars().count() < 10 {
            self.problem(Field::Account, Reason::ReasonsMissing);
        }
    }

    /// The OPJ under whose control an APJ acts: needed in a préliminaire (75 CPP), named where there is one.
    fn under(&mut self, frame: Option<PvFrame>) -> Option<Matricule> {
        let opj = self.around.service.opj.clone();
        match self.around.officer.quality {
            Quality::Opj => None,
            Quality::Apj => {
                if opj.is_none() && frame == Some(PvFrame::Preliminaire) {
                    self.problem(Field::PvFrame, Reason::OpjMissing);
                }
                opj
            }
            Quality::Apja
            | Quality::ApjaReserviste
            | Quality::ApjaPolicierAdjoint
            | Quality::ApjaPoliceMunicipale => opj,
        }
    }

    /// Who is notified, arrested or concerned, where the act has somebody and hears nobody.
    fn concerned(&mut self, kind: PvKind) -> Option<Person> {
        let named = self.typed(Field::Surname).is_some() || self.typed(Field::Mrz).is_some();
        let maybe = matches!(
            kind,
            PvKind::Interpellation | PvKind::Inventaire | PvKind::Immobilisation
        );
        (kind.concerns_a_person() || (maybe && named))
            .then(|| self.short_person())
            .flatten()
    }

    fn inventory(&mut self, kind: PvKind) -> Vec<Item> {
        let text = match kind {
            PvKind::Inventaire => self.needed(Field::Inventory),
            PvKind::Interpellation | PvKind::MiseADisposition => self.typed(Field::Inventory),
            PvKind::Constatations
            | PvKind::Audition
            | PvKind::Transport
            | PvKind::Notification
            | PvKind::Bordereau
            | PvKind::Rectification
            | PvKind::Annulation
            | PvKind::Alcoolemie
            | PvKind::Stupefiants
            | PvKind::Retention
            | PvKind::Immobilisation
            | PvKind::Ivresse
            | PvKind::Remise
            | PvKind::Convocation
            | PvKind::Temoignage
            | PvKind::Domicile
            | PvKind::CompteRendu
            | PvKind::Justification => None,
        };
        let mut items = Vec::new();
        for line in text.map(lines).unwrap_or_default() {
            match Item::parse(&line) {
                Ok(item) => items.push(item),
                Err(NotAnItem::SealMissing) => self.problem(Field::Inventory, Reason::SealMissing),
                Err(NotAnItem::Parts | NotAnItem::Empty | NotAnItem::Fate) => {
                    self.problem(Field::Inventory, Reason::NotAnItem);
                }
            }
        }
        items
    }

    /// The photographs, each with the object that it shows where the act has it.
    fn photos_of(&self, inventory: &[Item]) -> Vec<Photo> {
        let has = |object: &u16| usize::from(*object) <= inventory.len();
        let photos = self.draft.photos().iter().cloned();
        photos
            .map(|photo| Photo {
                shows: photo.shows.filter(has),
                ..photo
            })
            .collect()
    }

    fn authority(&mut self, inventory: &[Item]) -> Option<&'a str> {
        let authority = self.typed(Field::Authority);
        if authority.is_none() && inventory.iter().any(|item| item.fate == Fate::Destroyed) {
            self.problem(Field::Authority, Reason::AuthorityMissing);
        }
        authority
    }

    /// What is seen today is no offence of a code that is over.
    fn refuse_outdated(&mut self, offences: &[Natinf]) {
        let law = self.around.reference.at(CivilDate::from(self.now.local().date()));
        for natinf in offences {
            match law.find(*natinf) {
                Ok(_) | Err(NotInForce::Unknown) => {}
                Err(NotInForce::NotYet { .. }) => self.problem(Field::Offences, Reason::NatinfNotYetInForce),
                Err(NotInForce::Outdated { successor }) => self.problems.push(Problem::outdated(successor)),
            }
        }
    }
}

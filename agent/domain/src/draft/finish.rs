//! From a draft's texts to a complete act, or to every problem at once.

use super::{Draft, Field, Problem, Reason};
use crate::enrolment::KeyProtection;
use crate::id::DeviceId;
use crate::identity::{CheckOutcome, CivilDate, DocumentReading, IdentityCheck, Verdict, read_mrz};
use crate::legal_basis::{CheckBasis, PvFrame};
use crate::natinf::{Natinf, ReferenceSet};
use crate::officer::Officer;
use crate::person::{BriefIdentity, Identity, IdentitySource, Person, ShortIdentity};
use crate::place::Place;
use crate::plainte::{Language, Plainte, RightsNotice, Suspect, Venue};
use crate::pv::{Closing, Pv};
use crate::record::{Act, ActKind, Context, Retention};
use crate::retention::Term;
use crate::sensitive::Sensitive;
use crate::service::{CardPresence, Service};
use crate::signed::ToSign;
use crate::time::Timestamp;
use crate::vehicle::Plate;

/// What surrounds a draft when it is finished.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    pub device: &'a DeviceId,
    pub protection: KeyProtection,
    pub officer: &'a Officer,
    pub service: &'a Service,
    pub reference: &'a ReferenceSet,
}

impl Draft {
    /// The complete act, or all that is missing or wrong.
    pub fn finish(&self, around: Surroundings<'_>, now: Timestamp) -> Result<ToSign, Vec<Problem>> {
        let mut form = Form {
            draft: self,
            around,
            now,
            problems: Vec::new(),
        };
        let act = match self.kind {
            ActKind::IdentityCheck => form.identity_check().map(|act| Act::IdentityCheck(Box::new(act))),
            ActKind::Pv => form.pv().map(|act| Act::Pv(Box::new(act))),
            ActKind::Plainte => form.plainte().map(|act| Act::Plainte(Box::new(act))),
            ActKind::Footage => None,
        };
        form.problems.sort_unstable();
        form.problems.dedup();
        let act = match act {
            Some(act) if form.problems.is_empty() => act,
            Some(_) | None => return Err(form.problems),
        };
        Ok(ToSign {
            id: self.id,
            context: Context {
                device: around.device.clone(),
                protection: around.protection,
                formation: around.service.card == CardPresence::Formation,
                author: around.officer.author(),
                service: around.service.id,
                intervention: self.intervention,
            },
            signed_at: now,
            reference: around.reference.version.clone(),
            corrects: self.corrects,
            retention: retention(&act, now),
            act,
        })
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

struct Form<'a> {
    draft: &'a Draft,
    around: Surroundings<'a>,
    now: Timestamp,
    problems: Vec<Problem>,
}

impl<'a> Form<'a> {
    fn problem(&mut self, field: Field, reason: Reason) {
        self.problems.push(Problem { field, reason });
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

    fn offences(&mut self, needed: bool) -> Vec<Natinf> {
        let Some(text) = (if needed {
            self.needed(Field::Offences)
        } else {
            self.typed(Field::Offences)
        }) else {
            return Vec::new();
        };
        let mut offences = Vec::new();
        for code in text.split([' ', ',', ';']).filter(|code| !code.is_empty()) {
            match Natinf::parse(code) {
                Ok(natinf) if self.around.reference.find(natinf).is_some() => offences.push(natinf),
                Ok(_) => self.problem(Field::Offences, Reason::UnknownNatinf),
                Err(_) => self.problem(Field::Offences, Reason::NotANatinf),
            }
        }
        offences
    }

    fn paragraphs(&mut self) -> Vec<String> {
        self.needed(Field::Account).map(paragraphs).unwrap_or_default()
    }

    fn plate(&mut self) -> Option<Plate> {
        self.typed(Field::Plate)?;
        self.read(Field::Plate, Reason::NotAPlate, |text| {
            Plate::parse(text).or_else(|_| Plate::foreign(text))
        })
    }

    fn identity_check(&mut self) -> Option<IdentityCheck> {
        let basis = self.choice(Field::CheckBasis, CheckBasis::from_code);
        let place = self.place();
        let document = self.document();
        let person = match (self.typed(Field::Surname), &document) {
            (None, None) => None,
            (Some(_), _) | (_, Some(_)) => self.brief(),
        };
        let plate = self.plate();
        let grounds = self.typed(Field::Grounds).unwrap_or_default();
        let requisition = self.typed(Field::Requisition).map(str::to_owned);
        let opj = self.around.service.opj.clone();
        let frame = match basis?.frame(self.around.officer.quality, opj, grounds, requisition) {
            Ok(frame) => frame,
            Err(refusals) => {
                self.problems.extend(refusals.into_iter().map(Problem::from));
                return None;
            }
        };
        let outcome = match &person {
            Some((_, IdentitySource::Presentee | IdentitySource::Verifiee)) => CheckOutcome::Established,
            Some((_, IdentitySource::Declaree)) => CheckOutcome::Declared,
            None => CheckOutcome::NotEstablished,
        };
        Some(IdentityCheck {
            frame,
            place: place?,
            person: person.map(|(brief, source)| Person {
                identity: Identity::Brief(brief),
                source,
            }),
            document,
            plate,
            files: self.draft.files.clone(),
            outcome,
            started: self.draft.started,
        })
    }

    fn pv(&mut self) -> Option<Pv> {
        let frame = self.choice(Field::PvFrame, PvFrame::from_code);
        let subject = self.needed(Field::Subject);
        let place = self.place();
        let offences = self.offences(false);
        let plate = self.plate();
        let paragraphs = self.paragraphs();
        Some(Pv {
            frame: frame?,
            subject: subject?.to_owned(),
            place: place?,
            offences,
            plates: plate.into_iter().collect(),
            paragraphs,
            started: self.draft.started,
            closing: Closing::AuthorOnly,
        })
    }

    fn plainte(&mut self) -> Option<Plainte> {
        if !self.around.officer.quality.takes_complaints() {
            self.problem(Field::Account, Reason::QualityNotEmpowered);
        }
        let venue = self.choice(Field::Venue, Venue::from_code);
        let place = self.place();
        let victim = self.victim();
        let offences = self.offences(false);
        let when = self.needed(Field::When);
        let paragraphs = self.paragraphs().into_iter().map(Sensitive::new).collect();
        let suspect = self
            .typed(Field::Suspect)
            .map_or(Suspect::Unknown, |name| Suspect::Named(Sensitive::from(name)));
        let rights = match (self.typed(Field::RightsLanguage), self.draft.rights_at) {
            (Some(code), Some(at)) => {
                let language = Language::from_code(code);
                if language.is_none() {
                    self.problem(Field::RightsLanguage, Reason::NotAChoice);
                }
                language.map(|language| RightsNotice { language, at })
            }
            (Some(_), None) | (None, _) => {
                self.problem(Field::RightsLanguage, Reason::RightsNotNotified);
                None
            }
        };
        let receipt_handed = match self.typed(Field::HandReceipt) {
            None | Some("oui") => true,
            Some("non") => false,
            Some(_) => {
                self.problem(Field::HandReceipt, Reason::NotAChoice);
                true
            }
        };
        Some(Plainte {
            venue: venue?,
            place: place?,
            victim: victim?,
            offences,
            when: when?.to_owned(),
            paragraphs,
            suspect,
            rights: rights?,
            receipt_handed,
            started: self.draft.started,
        })
    }

    fn victim(&mut self) -> Option<Person> {
        let (brief, source) = self.brief()?;
        let owned = |field| self.typed(field).map(Sensitive::from);
        let short = ShortIdentity {
            brief,
            birth_place: None,
            nationality: None,
            profession: None,
            address: owned(Field::Address),
            phone: owned(Field::Phone),
            email: None,
        };
        Some(Person {
            identity: Identity::Short(Box::new(short)),
            source,
        })
    }
}

/// Names typed by the officer, or taken from a zone whose check digits agree; problems go to `problems`.
fn brief_of(
    draft: &Draft,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) -> Option<(BriefIdentity, IdentitySource)> {
    let mut wrong = |field, reason| problems.push(Problem { field, reason });
    let reading = draft.document(now).and_then(Result::ok);
    let proven = reading.filter(|reading| reading.verdicts.read == Verdict::Proven);
    let birth_text = draft.text(Field::BirthDate).trim();
    let born = match CivilDate::parse(birth_text) {
        Ok(date) => Some(Sensitive::new(date)),
        Err(_) if birth_text.is_empty() => None,
        Err(_) => {
            wrong(Field::BirthDate, Reason::NotADate);
            None
        }
    };
    let surname = draft.text(Field::Surname).trim();
    if !surname.is_empty() {
        let given_names = draft.text(Field::GivenNames).trim();
        // Shown is what the document says, all of it: a name typed over it is stated, not shown.
        let shown = proven.as_ref().is_some_and(|reading| {
            reading.surname.reveal() == &surname.to_uppercase()
                && (given_names.is_empty() || reading.given_names.reveal() == &given_names.to_uppercase())
                && born
                    .as_ref()
                    .is_none_or(|born| reading.born.as_ref() == Some(born))
        });
        let read = proven.filter(|_| shown);
        let read_names = read.as_ref().map(|reading| reading.given_names.clone());
        let brief = BriefIdentity {
            surname: surname.into(),
            given_names: match read_names {
                Some(names) if given_names.is_empty() => names,
                Some(_) | None => given_names.into(),
            },
            born: born.or_else(|| read.and_then(|reading| reading.born)),
        };
        let source = if shown {
            IdentitySource::Presentee
        } else {
            IdentitySource::Declaree
        };
        return Some((brief, source));
    }
    let Some(reading) = proven else {
        let zone_typed = !draft.text(Field::Mrz).trim().is_empty();
        wrong(
            if zone_typed { Field::Mrz } else { Field::Surname },
            if zone_typed {
                Reason::MrzRefuted
            } else {
                Reason::Missing
            },
        );
        return None;
    };
    let stated_otherwise = born.is_some() && born != reading.born;
    let brief = BriefIdentity {
        surname: reading.surname,
        given_names: reading.given_names,
        born: born.or(reading.born),
    };
    let source = if stated_otherwise {
        IdentitySource::Declaree
    } else {
        IdentitySource::Presentee
    };
    Some((brief, source))
}

/// A check without judicial follow-up is kept no longer than its verification would be (78-3 CPP).
fn retention(act: &Act, now: Timestamp) -> Option<Retention> {
    let term = match act {
        Act::IdentityCheck(_) => Term::IdentityVerification,
        Act::Pv(_) | Act::Plainte(_) | Act::Footage(_) => return None,
    };
    Some(Retention {
        term,
        until: term.deadline(&now),
    })
}

fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ActId, BootId, OfficerId, ServiceId};
    use crate::officer::{Corps, Matricule, Quality};
    use crate::time::{UnixMs, Zone};

    fn now() -> Timestamp {
        let boot = BootId::from_bytes([1; 16]);
        Timestamp {
            utc: UnixMs(1_795_284_300_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot,
            mono_ms: 1,
        }
    }

    fn finish(kind: ActKind, quality: Quality, fields: &[(Field, &str)]) -> Result<ToSign, Vec<Problem>> {
        let mut draft = Draft::new(ActId::from_bytes([3; 16]), kind, now(), None);
        for (field, text) in fields {
            draft.fill(*field, text, now()).unwrap();
        }
        let matricule = Matricule::parse(Corps::PoliceNationale, "1234567").unwrap();
        let officer = Officer {
            id: OfficerId::from_bytes([2; 16]),
            matricule: matricule.clone(),
            name: "MARTIN".into(),
            rank: "gardien de la paix".to_owned(),
            quality,
            unit: "CSP".to_owned(),
            habilitations: Vec::new(),
        };
        let service = Service {
            id: ServiceId::from_bytes([4; 16]),
            crew: vec![matricule],
            opj: None,
            requisitions: Vec::new(),
            camera: None,
            card: CardPresence::Card,
            started: now(),
            ended: None,
        };
        let device = DeviceId::parse("neo-000001").unwrap();
        let reference = ReferenceSet::embedded();
        let around = Surroundings {
            device: &device,
            protection: KeyProtection::File,
            officer: &officer,
            service: &service,
            reference: &reference,
        };
        draft.finish(around, now())
    }

    const PLAINTE: [(Field, &str); 5] = [
        (Field::Venue, "MAIRIE"),
        (Field::Place, "12 rue des Lilas"),
        (Field::Surname, "Durand"),
        (Field::When, "hier soir"),
        (Field::Account, "On m'a pris mon vélo.\n\nIl était attaché."),
    ];

    #[test]
    fn cpp_10_2_a_complaint_without_the_rights_notice_cannot_be_signed() {
        let refused = finish(ActKind::Plainte, Quality::Apj, &PLAINTE).unwrap_err();
        assert_eq!(
            refused,
            [Problem {
                field: Field::RightsLanguage,
                reason: Reason::RightsNotNotified
            }]
        );
        let mut fields = PLAINTE.to_vec();
        fields.push((Field::RightsLanguage, "fr"));
        let signed = finish(ActKind::Plainte, Quality::Apj, &fields).unwrap();
        let Act::Plainte(plainte) = &signed.act else {
            panic!("a complaint")
        };
        assert_eq!(plainte.paragraphs.len(), 2);
        assert_eq!(plainte.rights.language, Language::French);
    }

    #[test]
    fn cpp_15_3_an_apja_takes_no_complaint() {
        let mut fields = PLAINTE.to_vec();
        fields.push((Field::RightsLanguage, "fr"));
        let refused = finish(ActKind::Plainte, Quality::ApjaReserviste, &fields).unwrap_err();
        assert_eq!(
            refused,
            [Problem {
                field: Field::Account,
                reason: Reason::QualityNotEmpowered
            }]
        );
    }

    #[test]
    fn every_missing_field_of_a_pv_is_named_at_once() {
        let refused = finish(ActKind::Pv, Quality::Opj, &[(Field::Offences, "23800 99999 x")]).unwrap_err();
        let reasons: Vec<(Field, Reason)> = refused.into_iter().map(|p| (p.field, p.reason)).collect();
        assert!(reasons.contains(&(Field::Place, Reason::Missing)));
        assert!(reasons.contains(&(Field::Account, Reason::Missing)));
        assert!(reasons.contains(&(Field::Offences, Reason::NotANatinf)));
        assert!(reasons.contains(&(Field::Offences, Reason::UnknownNatinf)));
    }

    #[test]
    fn an_identity_read_from_a_refuted_zone_is_refused_and_a_proven_one_is_taken() {
        let zone =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        let grounds = (Field::Grounds, "court à la vue de la patrouille");
        let base = [
            (Field::CheckBasis, "CI-2"),
            (Field::Place, "gare de Lyon"),
            grounds,
        ];
        let mut good = base.to_vec();
        good.push((Field::Mrz, zone));
        let act = finish(ActKind::IdentityCheck, Quality::Opj, &good).unwrap().act;
        let Act::IdentityCheck(check) = act else {
            panic!("a check")
        };
        assert_eq!(check.outcome, CheckOutcome::Established);
        let broken = zone.replace("7408122", "7408129");
        let mut bad = base.to_vec();
        bad.push((Field::Mrz, &broken));
        let refused = finish(ActKind::IdentityCheck, Quality::Opj, &bad).unwrap_err();
        assert_eq!(
            refused,
            [Problem {
                field: Field::Mrz,
                reason: Reason::MrzRefuted
            }]
        );
    }
}

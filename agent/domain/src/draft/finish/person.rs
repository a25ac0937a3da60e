//! The person of a form: names typed, or taken from a machine-readable zone whose digits agree.

use super::super::{Draft, Field, Problem, Reason};
use super::Form;
use crate::identity::{CivilDate, Verdict};
use crate::person::{BriefIdentity, Identity, IdentitySource, Person, ShortIdentity};
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

impl Form<'_> {
    /// The petite identité: of a victim, of an offender.
    pub(super) fn short_person(&mut self) -> Option<Person> {
        let (brief, source) = self.brief()?;
        let source = self.identity_mode(source);
        let owned = |field| self.typed(field).map(Sensitive::from);
        let short = ShortIdentity {
            brief,
            birth_place: owned(Field::BirthPlace),
            nationality: owned(Field::Nationality),
            profession: owned(Field::Profession),
            address: owned(Field::Address),
            phone: owned(Field::Phone),
            email: owned(Field::Email),
        };
        Some(Person {
            identity: Identity::Short(Box::new(short)),
            source,
        })
    }
}

impl Form<'_> {
    /// In whole years, today; none where the birth is not known whole.
    pub(super) fn age(&self, who: Option<&BriefIdentity>) -> Option<u8> {
        let today = CivilDate::from(self.now.local().date());
        who?.born.as_ref()?.reveal().age_on(today)
    }

    /// How the identity was obtained: as the officer says, where what was read does not say more. Only a file that
    /// was asked makes it verified.
    fn identity_mode(&mut self, read: IdentitySource) -> IdentitySource {
        let stated = self.maybe(Field::IdentityMode, Reason::NotAChoice, |code| {
            IdentitySource::from_code(code).ok_or(())
        });
        if stated == Some(IdentitySource::Verifiee) && self.draft.files.is_empty() {
            self.problem(Field::IdentityMode, Reason::NotVerified);
        }
        stated.unwrap_or(read)
    }
}

/// Nobody has lived longer, in years: an older birth is a slip of the finger.
const OLDEST: u8 = 130;

/// Names typed by the officer, or taken from a zone whose check digits agree; problems go to `problems`.
pub(super) fn brief_of(
    draft: &Draft,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) -> Option<(BriefIdentity, IdentitySource)> {
    let mut wrong = |field, reason| problems.push(Problem::new(field, reason));
    let reading = draft.document(now).and_then(Result::ok);
    // A registration certificate names nobody.
    let proven = reading
        .filter(|reading| reading.verdicts.read == Verdict::Proven && !reading.surname.reveal().is_empty());
    let birth_text = draft.text(Field::BirthDate).trim();
    let today = CivilDate::from(now.local().date());
    let born = match CivilDate::parse(birth_text) {
        Ok(date) => {
            if date > today {
                wrong(Field::BirthDate, Reason::InTheFuture);
            } else if date.age_on(today).is_none_or(|age| age > OLDEST) {
                wrong(Field::BirthDate, Reason::NotADate);
            }
            Some(Sensitive::new(date))
        }
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

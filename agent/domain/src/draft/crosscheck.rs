//! The cross-check of a draft: its zone, what was typed, its seals, and what files answered.

use super::{Draft, Field, FillRefusal};
use crate::identity::crosscheck::{
    Claim, Compared, Fact, Footing, Name, SealSeen, SealTrace, Source, Value, claims_of_zone, crosscheck,
};
use crate::identity::{CivilDate, DocumentReading, Layout};
use crate::officer::FileKind;
use crate::query::{Answer, DocumentKind};
use crate::time::Timestamp;

/// More seals than a document carries.
const MOST_SEALS: usize = 4;

impl Draft {
    /// Keeps the seals of a picture in place of those of the picture before; a picture without any changes nothing.
    pub fn keep_seals(&mut self, mut seals: Vec<SealSeen>) -> Result<(), FillRefusal> {
        seals.truncate(MOST_SEALS);
        if seals.is_empty() || seals == self.seals {
            return Ok(());
        }
        self.may_change()?;
        self.seals = seals;
        Ok(())
    }

    /// What an act keeps of the seals that were seen.
    pub fn seal_traces(&self) -> Vec<SealTrace> {
        self.seals.iter().map(|seal| seal.trace.clone()).collect()
    }

    /// What the sources of the draft come to, what is to be looked at first.
    pub fn crosscheck<'a>(
        &self,
        answers: impl IntoIterator<Item = &'a Answer>,
        now: Timestamp,
    ) -> Vec<Compared> {
        let document = self.document(now).and_then(Result::ok);
        let mut claims = document
            .as_ref()
            .map(|read| claims_of_zone(read, Source::Zone))
            .unwrap_or_default();
        claims.extend(self.typed_claims(document.as_ref()));
        claims.extend(self.seals.iter().flat_map(|seal| seal.claims.iter().cloned()));
        for answer in answers {
            claims.extend(file_claims(answer, document.as_ref()));
        }
        crosscheck(&claims)
    }

    fn typed_claims(&self, document: Option<&DocumentReading>) -> Vec<Claim> {
        let name = |field| Name::read(self.text(field)).map(Value::Name);
        let code = |field| Value::code(self.text(field));
        let date = |field| CivilDate::parse(self.text(field)).ok().map(Value::day);
        let is_licence = document.is_some_and(|read| read.layout == Layout::Permis);
        let stated = [
            (Fact::Surname, name(Field::Surname)),
            (Fact::GivenNames, name(Field::GivenNames)),
            (Fact::Born, date(Field::BirthDate)),
            (Fact::Number, code(Field::DocumentNumber)),
            // The number of a licence is held against the zone of a licence alone.
            (Fact::Number, code(Field::LicenceNumber).filter(|_| is_licence)),
            (Fact::Expiry, date(Field::DocumentExpiry)),
            (Fact::Plate, code(Field::Plate)),
            (Fact::Make, name(Field::Make)),
        ];
        let claim = |(fact, value): (Fact, Option<Value>)| {
            Some(Claim {
                fact,
                source: Source::Typed,
                footing: Footing::Counts,
                value: value?,
            })
        };
        stated.into_iter().filter_map(claim).collect()
    }
}

/// What a file says of the document or the vehicle. Files of people who are sought are left out: they find homonyms, and
/// what they hold of a surveillance shows nowhere. So is an answer of several entries, of which nobody knows which one
/// is meant.
fn file_claims(answer: &Answer, document: Option<&DocumentReading>) -> Vec<Claim> {
    let about: &[Fact] = match answer.file {
        FileKind::Siv => &[Fact::Plate, Fact::Vin, Fact::Make],
        FileKind::Snpc | FileKind::Agdref => &[
            Fact::Surname,
            Fact::GivenNames,
            Fact::Born,
            Fact::Number,
            Fact::Expiry,
            Fact::Nationality,
        ],
        // It was asked by the number.
        FileKind::Docverif => &[Fact::Surname, Fact::GivenNames, Fact::Born],
        FileKind::Fpr | FileKind::Foves | FileKind::Fva | FileKind::Taj => &[],
    };
    let [card] = answer.cards() else {
        return Vec::new();
    };
    if card.homonym.is_some() || card.surveillance {
        return Vec::new();
    }
    let is_its_title = document.is_some_and(|read| match answer.file {
        FileKind::Snpc => read.layout == Layout::Permis,
        FileKind::Agdref => DocumentKind::of(read) == Some(DocumentKind::TitreSejour),
        FileKind::Docverif
        | FileKind::Siv
        | FileKind::Fpr
        | FileKind::Foves
        | FileKind::Fva
        | FileKind::Taj => false,
    });
    let of_a_title = [Fact::Number, Fact::Expiry];
    let claims = card.registered.iter().flat_map(|held| held.claims(answer.file));
    claims
        .filter(|claim| about.contains(&claim.fact))
        .filter(|claim| is_its_title || !of_a_title.contains(&claim.fact))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ActId, BootId, QueryId};
    use crate::identity::crosscheck::Agreement;
    use crate::query::{Card, Homonym, Outcome, Registered};
    use crate::record::ActKind;
    use crate::time::{UnixMs, Zone};

    const CNI: &str = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6";

    fn now() -> Timestamp {
        Timestamp {
            utc: UnixMs(1_795_000_000_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([0; 16]),
            mono_ms: 0,
        }
    }

    fn draft() -> Draft {
        let mut draft = Draft::new(ActId::from_bytes([1; 16]), ActKind::IdentityCheck, now(), None);
        draft.fill(Field::Mrz, CNI, now()).unwrap();
        draft
    }

    fn card(born: &str) -> Card {
        Card {
            title: "BERTHIER CORINNE".into(),
            lines: Vec::new(),
            instruction: None,
            dangerous: false,
            number: None,
            homonym: None,
            surveillance: false,
            registered: Some(Registered {
                surname: Some("BERTHIER".into()),
                born: Some(CivilDate::parse(born).unwrap().into()),
                number: Some("T66000128".into()),
                ..Registered::default()
            }),
        }
    }

    fn answer(file: FileKind, cards: Vec<Card>) -> Answer {
        Answer {
            query: QueryId::from_bytes([2; 16]),
            file,
            outcome: Outcome::Found(cards),
            dataset: UnixMs(0),
            answered: UnixMs(0),
        }
    }

    fn found(file: FileKind, cards: Vec<Card>) -> Vec<(Fact, Agreement)> {
        let compared = draft().crosscheck([&answer(file, cards)], now());
        let both = compared.iter().filter(|one| one.said.len() > 1);
        both.map(|one| (one.fact, one.agreement)).collect()
    }

    #[test]
    fn a_file_of_titles_is_held_against_the_zone_field_by_field() {
        let agrees = found(FileKind::Snpc, vec![card("06/12/1965")]);
        assert_eq!(
            agrees,
            [(Fact::Surname, Agreement::Same), (Fact::Born, Agreement::Same)]
        );
        let differs = found(FileKind::Agdref, vec![card("07/12/1965")]);
        assert_eq!(
            differs,
            [
                (Fact::Born, Agreement::Different),
                (Fact::Surname, Agreement::Same)
            ]
        );
    }

    #[test]
    fn homonyms_surveillances_and_the_sought_are_compared_with_nobody() {
        let born = "07/12/1965";
        assert_eq!(found(FileKind::Fpr, vec![card(born)]), []);
        assert_eq!(found(FileKind::Taj, vec![card(born)]), []);
        assert_eq!(found(FileKind::Foves, vec![card(born)]), []);
        assert_eq!(found(FileKind::Snpc, vec![card(born), card(born)]), []);
        let watched = Card {
            surveillance: true,
            ..card(born)
        };
        assert_eq!(found(FileKind::Snpc, vec![watched]), []);
        let homonym = Card {
            homonym: Some(Homonym::BirthDiffers),
            ..card(born)
        };
        assert_eq!(found(FileKind::Snpc, vec![homonym]), []);
    }

    #[test]
    fn a_number_and_an_end_as_printed_are_held_against_the_zone() {
        let mut draft = Draft::new(ActId::from_bytes([1; 16]), ActKind::IdentityCheck, now(), None);
        for (field, text) in [
            (
                Field::Mrz,
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            ),
            (Field::DocumentNumber, "L898902C3"),
            (Field::DocumentExpiry, "15/04/2013"),
        ] {
            draft.fill(field, text, now()).unwrap();
        }
        let compared = draft.crosscheck([], now());
        let of = |fact| compared.iter().find(|one| one.fact == fact).unwrap();
        assert_eq!(of(Fact::Number).agreement, Agreement::Same);
        assert_eq!(of(Fact::Expiry).agreement, Agreement::Different);
        // One O for a zero: no check digit tells every pair apart, and the reason stands beside.
        draft.fill(Field::DocumentNumber, "L8989O2C3", now()).unwrap();
        let compared = draft.crosscheck([], now());
        assert_eq!(compared[0].fact, Fact::Number);
        assert_eq!(compared[0].agreement, Agreement::Different);
    }

    #[test]
    fn what_is_typed_is_held_against_the_zone_and_half_a_date_is_not() {
        let mut draft = draft();
        draft.fill(Field::Surname, "Berthier", now()).unwrap();
        draft.fill(Field::GivenNames, "Corine", now()).unwrap();
        draft.fill(Field::BirthDate, "06/12", now()).unwrap();
        let compared = draft.crosscheck([], now());
        assert_eq!(
            (compared[0].fact, compared[0].agreement),
            (Fact::GivenNames, Agreement::Different)
        );
        let of = |fact| compared.iter().find(|one| one.fact == fact).unwrap().agreement;
        assert_eq!(of(Fact::Surname), Agreement::Same);
        assert_eq!(of(Fact::Born), Agreement::OnlyHere);
    }
}

//! A person as a list of persons is asked about one: by few letters and a whole day, so that a filter may say "perhaps".

use std::fmt;

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::identity::crosscheck::zone_words;

/// Surname, first given name and date of birth, the names in the capitals of a machine-readable zone.
///
/// A zone writes a hyphen as it writes a space (ICAO 9303-3 §4.6), and "JEAN<PIERRE" tells nobody which it was: the
/// surname is its letters alone, the first given name ends at either.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    surname: String,
    given_name: String,
    born: CivilDate,
}

/// Why a list of persons is not asked about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum NotSought {
    /// The date of birth is unknown, or known in part: a name alone would find too many others.
    #[n(0)]
    Birth,
    /// No given name, or a letter that no zone writes.
    #[n(1)]
    Name,
}

impl Person {
    /// Reads names whatever their case, accents, apostrophes and hyphens; of the given names the first alone counts.
    pub fn read(surname: &str, given_names: &str, born: Option<CivilDate>) -> Result<Self, NotSought> {
        let surname = zone_words(surname).ok_or(NotSought::Name)?.concat();
        let given_names = zone_words(given_names).ok_or(NotSought::Name)?;
        let given_name = given_names.into_iter().next().ok_or(NotSought::Name)?;
        Ok(Self {
            surname,
            given_name,
            born: born.ok_or(NotSought::Birth)?,
        })
    }

    /// "SURNAME<<GIVEN<YYYYMMDD".
    pub(super) fn key(&self) -> String {
        let born = self.born.date();
        format!(
            "{}<<{}<{:04}{:02}{:02}",
            self.surname,
            self.given_name,
            born.year(),
            born.month(),
            born.day()
        )
    }
}

/// As the officer sees whom the list was asked about.
impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, {}", self.surname, self.given_name, self.born)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn born() -> CivilDate {
        CivilDate::new(1974, 8, 12).unwrap()
    }

    fn key(surname: &str, given_names: &str) -> Option<String> {
        let person = Person::read(surname, given_names, Some(born()));
        person.ok().map(|person| person.key())
    }

    #[test]
    fn a_person_is_read_as_a_zone_writes_names() {
        for (surname, given_names, expected) in [
            ("Eriksson", "Anna Maria", "ERIKSSON<<ANNA<19740812"),
            ("ERIKSSON", "ANNA", "ERIKSSON<<ANNA<19740812"),
            ("d’Artagnan", "Charles", "DARTAGNAN<<CHARLES<19740812"),
            ("D'ARTAGNAN", "charles", "DARTAGNAN<<CHARLES<19740812"),
            ("Le Goff-Kerviel", "Jean-Pierre", "LEGOFFKERVIEL<<JEAN<19740812"),
            ("LE<GOFF<KERVIEL", "JEAN<PIERRE", "LEGOFFKERVIEL<<JEAN<19740812"),
            ("Lefèvre", "Zoé", "LEFEVRE<<ZOE<19740812"),
            ("Lefe\u{300}vre", "Œdipe", "LEFEVRE<<OEDIPE<19740812"),
            ("Müller", "Þór", "MULLER<<THOR<19740812"),
        ] {
            assert_eq!(key(surname, given_names).as_deref(), Some(expected), "{surname}");
        }
    }

    #[test]
    fn without_a_whole_birth_date_or_a_name_that_a_zone_writes_nothing_is_asked() {
        assert_eq!(Person::read("ERIKSSON", "ANNA", None), Err(NotSought::Birth));
        for (surname, given_names) in [
            ("ERIKSSON", ""),
            ("", "ANNA"),
            ("-", "ANNA"),
            ("Иванова", "Анна"),
            ("ERIKSS0N", "ANNA"),
        ] {
            let read = Person::read(surname, given_names, Some(born()));
            assert_eq!(read, Err(NotSought::Name), "{surname} {given_names}");
        }
    }

    #[test]
    fn another_day_is_another_person() {
        let other = CivilDate::new(1974, 12, 8).unwrap();
        let read = |born| Person::read("ERIKSSON", "ANNA", Some(born)).unwrap();
        assert_ne!(read(born()).key(), read(other).key());
        assert_eq!(read(born()).to_string(), "ERIKSSON ANNA, 12/08/1974");
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_capitals_and_reads_the_same_again(
            surname in "[a-zA-ZàâäçéèêëîïôöùûüÿœæÀÉÎ' ’-]{1,24}",
            given_names in "[a-zA-Zàâäçéèêëîïôöùûüÿœæ' ’-]{1,24}",
        ) {
            if let Ok(person) = Person::read(&surname, &given_names, Some(born())) {
                prop_assert!(!person.surname.is_empty() && !person.given_name.is_empty());
                prop_assert!(person.surname.bytes().all(|byte| byte.is_ascii_uppercase()));
                prop_assert!(person.given_name.bytes().all(|byte| byte.is_ascii_uppercase()));
                let again = Person::read(&person.surname, &person.given_name, Some(born()));
                prop_assert_eq!(again, Ok(person));
            }
        }

        #[test]
        fn case_and_separators_change_nothing(surname in "[a-z]{2,12}-[a-z]{2,12}", given_name in "[a-zé]{2,12}") {
            let typed = Person::read(&surname, &given_name, Some(born()));
            let zone = Person::read(
                &surname.to_uppercase().replace('-', "<"),
                &format!("{}<MARIE", given_name.to_uppercase()),
                Some(born()),
            );
            prop_assert_eq!(typed, zone);
        }
    }
}

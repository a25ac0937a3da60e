//! Questions to police files that are out of pattern: counted from the log of consultations, which tells equal terms and
//! motives apart and nothing else; told to people, and no gate.

use domain::query::{Query, Term};
use domain::{DeviceId, Sensitive, UnixMs};

use crate::files::fold;
use crate::store::{StoreError, Transaction};

const MINUTE: i64 = 60_000;

/// Where a pattern ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Over how many milliseconds questions are counted.
    pub window_ms: i64,
    /// Questions of one terminal in the window. A road block of a check a minute, each of six files, asks 60 in ten
    /// minutes.
    pub of_terminal: u64,
    /// Questions of one officer in the window, who may change terminals but has two hands.
    pub of_officer: u64,
    /// Over how many milliseconds the same words of a motive are counted.
    pub motive_window_ms: i64,
    /// People, vehicles and documents that one officer asks about for the same words: more is a motive typed once
    /// for a whole shift.
    pub same_motive: u64,
}

impl Pattern {
    pub const FIELD: Self = Self {
        window_ms: 10 * MINUTE,
        of_terminal: 120,
        of_officer: 120,
        motive_window_ms: UnixMs::DAY,
        same_motive: 300,
    };
}

/// What is out of pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutOfPattern {
    /// More questions of one terminal, or one officer, than a road block asks.
    Rate,
    /// The officer asks about a person of their own name.
    OwnName,
    /// The motive has too few letters to say anything.
    MotiveEmpty,
    /// One motive for more people, vehicles and documents than a shift meets.
    MotiveRepeated,
    /// Signed by the terminal and sealed to HQ, and no question: without a motive, which no program of this project
    /// sends, or in another shape.
    Malformed,
}

/// A motive with fewer letters says nothing, whatever its length.
const FEWEST_LETTERS: usize = 4;

impl OutOfPattern {
    pub const ALL: [Self; 5] = [
        Self::Rate,
        Self::OwnName,
        Self::MotiveEmpty,
        Self::MotiveRepeated,
        Self::Malformed,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::OwnName => "own_name",
            Self::MotiveEmpty => "motive_empty",
            Self::MotiveRepeated => "motive_repeated",
            Self::Malformed => "malformed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Pattern {
    /// Raises an alarm for each thing that is out of pattern about a question that was just logged.
    pub(crate) fn watch(
        &self,
        transaction: &Transaction<'_>,
        device: &DeviceId,
        query: &Query,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let officer = query.author.id;
        let motive = query.motive().reveal();
        let since = now.plus(-self.window_ms);
        let too_many = transaction.asked_by_terminal(device, since)? > self.of_terminal
            || transaction.asked_by_officer(officer, since)? > self.of_officer;
        let known = transaction.officer(officer)?;
        let own_name = known.is_some_and(|known| is_own(&known.name, &query.term));
        let repeated = transaction.asked_for_motive(officer, motive, now.plus(-self.motive_window_ms))?
            > self.same_motive;
        let found = [
            (too_many, OutOfPattern::Rate),
            (own_name, OutOfPattern::OwnName),
            (is_empty(motive), OutOfPattern::MotiveEmpty),
            (repeated, OutOfPattern::MotiveRepeated),
        ];
        for (is_so, kind) in found {
            if is_so {
                tracing::warn!(%device, %officer, kind = kind.code(), "a question out of pattern");
                transaction.raise_alarm(device, Some(officer), kind, now)?;
            }
        }
        Ok(())
    }
}

fn is_empty(motive: &str) -> bool {
    motive.chars().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS
}

/// Every word of the surname, and the first given name, are of the officer's name.
fn is_own(name: &Sensitive<String>, term: &Term) -> bool {
    let Term::Person {
        surname, given_name, ..
    } = term
    else {
        return false;
    };
    let name = fold(name.reveal());
    let has = |word: &str| name.split(' ').any(|own| own == word);
    let (surname, given) = (fold(surname.reveal()), fold(given_name.reveal()));
    let first = given.split(' ').next().unwrap_or_default();
    !surname.is_empty() && surname.split(' ').all(has) && has(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(surname: &str, given: &str) -> Term {
        Term::Person {
            surname: surname.into(),
            given_name: given.into(),
            born: None,
        }
    }

    #[test]
    fn an_own_name_is_known_whatever_its_accents_and_a_namesake_of_one_part_is_not() {
        let name = Sensitive::new("LEFÈVRE-NOËL Camille".to_owned());
        assert!(is_own(&name, &person("Lefevre Noel", "CAMILLE, Anne")));
        assert!(!is_own(&name, &person("LEFEVRE-NOEL", "PAUL")));
        assert!(!is_own(&name, &person("MARTIN", "CAMILLE")));
        assert!(!is_own(&name, &person("", "CAMILLE")));
    }

    #[test]
    fn digits_and_dots_are_no_motive() {
        assert!(is_empty("1234 5678") && is_empty("....") && is_empty("x x x"));
        assert!(!is_empty("contrôle routier"));
    }

    #[test]
    fn a_code_is_read_as_it_is_written() {
        for kind in OutOfPattern::ALL {
            assert_eq!(OutOfPattern::from_code(kind.code()), Some(kind));
        }
    }
}

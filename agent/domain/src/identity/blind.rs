//! What a check digit cannot see: characters whose values are equal modulo 10 sum up to the same digit.

use super::cells::{ALPHABET, Form, residue};
use super::{CheckedField, DocumentReading};

/// A cell in which another character would leave every digit of the zone as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlindCell {
    /// From 0.
    pub line: usize,
    /// From 0.
    pub column: usize,
    /// What was read.
    pub read: char,
    /// What might be printed as well: a character that may stand there and has the same value modulo 10.
    pub or: char,
}

impl DocumentReading {
    /// Where the digit of `field` would agree with another character too, in the order of the zone.
    ///
    /// A date of digits has none, for digits differ modulo 10; in a birth an unknown part looks like zeros; a number of letters and digits has some in each cell. Two wrong
    /// characters at once escape one digit in ten times, wherever they are.
    pub fn blind_cells(&self, field: CheckedField) -> Vec<BlindCell> {
        let zone: Vec<u8> = self.text().bytes().filter(|byte| *byte != b'\n').collect();
        let width = self.layout.width();
        let form = Form::of(self.layout, &zone);
        let Some(digit) = form.digits().iter().find(|digit| digit.field == field) else {
            return Vec::new();
        };
        let mut covered = digit.covers.clone();
        covered.sort_unstable();
        let others = |cell: usize| {
            let read = zone[cell];
            let may = form.cells()[cell];
            let blind = move |other: &&u8| {
                **other != read && residue(**other) == residue(read) && may.allows(**other)
            };
            ALPHABET.iter().filter(blind).map(move |other| BlindCell {
                line: cell / width,
                column: cell % width,
                read: char::from(read),
                or: char::from(*other),
            })
        };
        covered
            .into_iter()
            .filter(|cell| *cell < zone.len())
            .flat_map(others)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CivilDate, read_mrz};
    use super::*;

    fn reading(zone: &str) -> DocumentReading {
        read_mrz(zone, CivilDate::new(2026, 11, 21).unwrap()).unwrap()
    }

    const PASSPORT: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    #[test]
    fn a_number_of_letters_and_digits_is_blind_and_a_date_is_not() {
        let passport = reading(PASSPORT);
        let first: Vec<char> = passport
            .blind_cells(CheckedField::DocumentNumber)
            .into_iter()
            .filter(|cell| cell.column == 0)
            .map(|cell| cell.or)
            .collect();
        assert_eq!(first, ['1', 'B', 'V']);
        let birth = passport.blind_cells(CheckedField::DateOfBirth);
        assert!(birth.iter().all(|cell| (cell.read, cell.or) == ('0', '<')));
        assert_eq!(passport.blind_cells(CheckedField::DateOfExpiry), []);
        assert_eq!(passport.blind_cells(CheckedField::Vin), []);
    }

    #[test]
    fn what_is_called_blind_is_blind_and_anything_else_is_caught() {
        let passport = reading(PASSPORT);
        let blind = passport.blind_cells(CheckedField::DocumentNumber);
        let start = PASSPORT.find('\n').unwrap() + 1;
        let mut looked_at = 0;
        for column in 0..9 {
            for other in ALPHABET.iter().map(|c| char::from(*c)) {
                let mut zone = PASSPORT.to_owned();
                let was = zone.as_bytes()[start + column];
                zone.replace_range(start + column..=start + column, &other.to_string());
                // What the library refuses outright is no other reading.
                let Ok(read) = read_mrz(&zone, CivilDate::new(2026, 11, 21).unwrap()) else {
                    continue;
                };
                let agrees = read.evidence.iter().all(|one| one.agrees);
                looked_at += 1;
                let said = blind.iter().any(|cell| cell.column == column && cell.or == other);
                assert_eq!(agrees, said || was == other as u8, "{column} {other}");
            }
        }
        assert!(looked_at > 9 * 30, "{looked_at}");
    }

    #[test]
    fn the_grammar_of_an_old_card_narrows_what_is_blind() {
        let card = reading("IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6");
        let columns: Vec<usize> = card
            .blind_cells(CheckedField::DocumentNumber)
            .into_iter()
            .map(|cell| cell.column)
            .collect();
        // Year and month, and the serial number, hold digits alone.
        assert!(!columns.is_empty() && columns.iter().all(|column| (4..7).contains(column)));
    }
}

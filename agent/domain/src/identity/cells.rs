//! The cells of a machine-readable zone: what may stand in each, and which check digits cover it.
//!
//! One table serves every reader: a text is held against it, a picture is decoded by it, and what no digit can tell
//! apart follows from it. Cells are counted row by row from the first line's first character.

use super::{CheckedField, Layout};

/// The 37 characters of a zone, in the order of their values: 0 to 9, A to Z as 10 to 35, and the filler as 0.
pub const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

/// The weights of the characters under a check digit, repeated.
const WEIGHTS: [u8; 3] = [7, 3, 1];

/// The value of a character modulo 10; nothing else of it reaches a check digit.
pub const fn residue(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        b'A'..=b'Z' => (character - b'A') % 10,
        _ => 0,
    }
}

/// What may stand in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Digit,
    DigitOrFiller,
    Letter,
    LetterOrFiller,
    LetterOrDigit,
    /// A letter of a plate of the SIV, which has no I, O and U.
    PlateLetter,
    Sex,
    Any,
    /// One of these.
    Of(&'static str),
}

impl Cell {
    pub fn allows(self, character: u8) -> bool {
        match self {
            Self::Digit => character.is_ascii_digit(),
            Self::DigitOrFiller => character.is_ascii_digit() || character == b'<',
            Self::Letter => character.is_ascii_uppercase(),
            Self::LetterOrFiller => character.is_ascii_uppercase() || character == b'<',
            Self::LetterOrDigit => character.is_ascii_uppercase() || character.is_ascii_digit(),
            Self::PlateLetter => character.is_ascii_uppercase() && !b"IOU".contains(&character),
            Self::Sex => b"MFX<".contains(&character),
            Self::Any => ALPHABET.contains(&character),
            Self::Of(these) => these.as_bytes().contains(&character),
        }
    }
}

/// A check digit: its cell, and the cells that it covers in the order of its weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckDigit {
    pub field: CheckedField,
    pub covers: Vec<usize>,
    pub at: usize,
}

impl CheckDigit {
    fn new(field: CheckedField, covers: impl IntoIterator<Item = usize>, at: usize) -> Self {
        let covers = covers.into_iter().collect();
        Self { field, covers, at }
    }

    /// The cells that it covers, each with its weight.
    pub fn weighted(&self) -> impl Iterator<Item = (usize, u8)> {
        self.covers.iter().copied().zip(WEIGHTS.into_iter().cycle())
    }

    /// The digit that the covered cells of `zone` (its lines, joined) sum up to.
    pub fn due(&self, zone: &[u8]) -> u8 {
        let value = |cell: usize| zone.get(cell).copied().map_or(0, residue);
        // At most 71 cells with weights up to 7 and values up to 9.
        let sum: u32 = self
            .weighted()
            .map(|(cell, weight)| u32::from(value(cell)) * u32::from(weight))
            .sum();
        b"0123456789"[sum as usize % 10]
    }

    /// Whether it is the digit that is due; a filler stands for 0.
    pub fn agrees(&self, zone: &[u8]) -> bool {
        let digit = zone.get(self.at).copied().unwrap_or_default();
        Cell::DigitOrFiller.allows(digit) && residue(self.due(zone)) == residue(digit)
    }
}

/// One way to fill a layout: its cells and its check digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    layout: Layout,
    cells: Vec<Cell>,
    digits: Vec<CheckDigit>,
}

/// How many characters of a document number may follow in the optional data, its check digit not counted.
const OVERFLOW_TD1: std::ops::RangeInclusive<usize> = 1..=13;
const OVERFLOW_TD2: std::ops::RangeInclusive<usize> = 1..=6;

impl Form {
    /// Every form that fills `lines` lines of `width` characters.
    pub fn all(lines: usize, width: usize) -> Vec<Self> {
        match (lines, width) {
            (1, 30) => vec![Self::permis()],
            (3, 30) => std::iter::once(Self::td1(None))
                .chain(OVERFLOW_TD1.map(|more| Self::td1(Some(more))))
                .collect(),
            (2, 36) => [
                Self::old_cni(),
                Self::two_lines(Layout::VisaB, None),
                Self::two_lines(Layout::Td2, None),
            ]
            .into_iter()
            .chain(OVERFLOW_TD2.map(|more| Self::two_lines(Layout::Td2, Some(more))))
            .collect(),
            (2, 44) => vec![
                Self::certificate(),
                Self::two_lines(Layout::VisaA, None),
                Self::two_lines(Layout::Td3, None),
            ],
            _ => Vec::new(),
        }
    }

    /// The form that a zone of this layout (its lines, joined) fills.
    pub fn of(layout: Layout, zone: &[u8]) -> Self {
        match layout {
            Layout::Permis => Self::permis(),
            Layout::CertificatImmatriculation => Self::certificate(),
            Layout::OldCni => Self::old_cni(),
            Layout::Td1 => Self::td1(overflow(zone, 14, 15..30)),
            Layout::Td2 => Self::two_lines(Layout::Td2, overflow(zone, 36 + 9, 36 + 28..36 + 35)),
            Layout::Td3 | Layout::VisaA | Layout::VisaB => Self::two_lines(layout, None),
        }
    }

    pub const fn layout(&self) -> Layout {
        self.layout
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub fn digits(&self) -> &[CheckDigit] {
        &self.digits
    }

    /// The digits that would change with `cell`, itself a digit or covered by one.
    pub fn proof(&self, cell: usize) -> Vec<CheckedField> {
        let touches = |digit: &&CheckDigit| digit.at == cell || digit.covers.contains(&cell);
        self.digits
            .iter()
            .filter(touches)
            .map(|digit| digit.field)
            .collect()
    }

    /// Whether `cell` holds a name, which is read and never proven, even under a composite digit.
    pub fn is_name(&self, cell: usize) -> bool {
        let names = match self.layout {
            Layout::Td1 => 60..90,
            Layout::Td2 | Layout::VisaB => 5..36,
            Layout::Td3 | Layout::VisaA => 5..44,
            Layout::OldCni => return (5..36).contains(&cell) || (36 + 13..36 + 27).contains(&cell),
            Layout::Permis => 21..29,
            Layout::CertificatImmatriculation => return false,
        };
        names.contains(&cell)
    }

    /// ICAO 9303 part 5; `more` characters of the number stand in the optional data.
    fn td1(more: Option<usize>) -> Self {
        let mut cells = vec![Cell::Any; 90];
        cells[0] = Cell::Of("IAC");
        cells[1..5].fill(Cell::LetterOrFiller);
        cells[30..36].fill(Cell::DigitOrFiller);
        cells[36] = Cell::Digit;
        cells[37] = Cell::Sex;
        cells[38..45].fill(Cell::Digit);
        cells[45..48].fill(Cell::LetterOrFiller);
        cells[59] = Cell::Digit;
        cells[60..].fill(Cell::LetterOrFiller);
        let number = number(&mut cells, 5..14, 15, 30, more);
        let digits = vec![
            number,
            CheckDigit::new(CheckedField::DateOfBirth, 30..36, 36),
            CheckDigit::new(CheckedField::DateOfExpiry, 38..44, 44),
            CheckDigit::new(CheckedField::Composite, (5..37).chain(38..45).chain(48..59), 59),
        ];
        Self {
            layout: Layout::Td1,
            cells,
            digits,
        }
    }

    /// ICAO 9303 parts 4, 6 and 7: the second line of all of them is the same up to the optional data.
    fn two_lines(layout: Layout, more: Option<usize>) -> Self {
        let wide = matches!(layout, Layout::Td3 | Layout::VisaA);
        let is_visa = matches!(layout, Layout::VisaA | Layout::VisaB);
        let width = if wide { 44 } else { 36 };
        let mut cells = vec![Cell::Any; 2 * width];
        cells[..width].fill(Cell::LetterOrFiller);
        cells[0] = Cell::Of(match layout {
            Layout::Td3 => "P",
            Layout::VisaA | Layout::VisaB => "V",
            Layout::Td1
            | Layout::Td2
            | Layout::OldCni
            | Layout::Permis
            | Layout::CertificatImmatriculation => "IAC",
        });
        let second = |column: usize| width + column;
        cells[second(10)..second(13)].fill(Cell::LetterOrFiller);
        cells[second(13)..second(19)].fill(Cell::DigitOrFiller);
        cells[second(19)] = Cell::Digit;
        cells[second(20)] = Cell::Sex;
        cells[second(21)..second(28)].fill(Cell::Digit);
        let end = if is_visa { width } else { width - 1 };
        let number = number(&mut cells, width..second(9), second(28), second(end), more);
        let mut digits = vec![
            number,
            CheckDigit::new(CheckedField::DateOfBirth, second(13)..second(19), second(19)),
            CheckDigit::new(CheckedField::DateOfExpiry, second(21)..second(27), second(27)),
        ];
        if layout == Layout::Td3 {
            cells[second(42)] = Cell::DigitOrFiller;
            digits.push(CheckDigit::new(
                CheckedField::PersonalNumber,
                second(28)..second(42),
                second(42),
            ));
        }
        if !is_visa {
            cells[second(end)] = Cell::Digit;
            let covers = (width..second(10))
                .chain(second(13)..second(20))
                .chain(second(21)..second(end));
            digits.push(CheckDigit::new(CheckedField::Composite, covers, second(end)));
        }
        Self {
            layout,
            cells,
            digits,
        }
    }

    fn old_cni() -> Self {
        let mut cells = vec![Cell::LetterOrFiller; 72];
        fixed(&mut cells, ["I", "D", "F", "R", "A"]);
        cells[30..36].fill(Cell::Any);
        cells[36..40].fill(Cell::Digit);
        cells[40..43].fill(Cell::Any);
        cells[43..49].fill(Cell::Digit);
        cells[63..69].fill(Cell::DigitOrFiller);
        cells[69] = Cell::Digit;
        cells[70] = Cell::Sex;
        cells[71] = Cell::Digit;
        let digits = vec![
            CheckDigit::new(CheckedField::DocumentNumber, 36..48, 48),
            CheckDigit::new(CheckedField::DateOfBirth, 63..69, 69),
            CheckDigit::new(CheckedField::Composite, 0..71, 71),
        ];
        Self {
            layout: Layout::OldCni,
            cells,
            digits,
        }
    }

    fn permis() -> Self {
        let mut cells = vec![Cell::Digit; 30];
        cells[0] = Cell::Of("ABCD");
        cells[2] = Cell::Of("F");
        cells[3] = Cell::Of("R");
        cells[4] = Cell::Of("A");
        cells[7..9].fill(Cell::Letter);
        cells[21..29].fill(Cell::LetterOrFiller);
        let digits = vec![
            CheckDigit::new(CheckedField::DocumentNumber, 0..14, 14),
            CheckDigit::new(CheckedField::Composite, 0..29, 29),
        ];
        Self {
            layout: Layout::Permis,
            cells,
            digits,
        }
    }

    fn certificate() -> Self {
        let mut cells = vec![Cell::Any; 88];
        fixed(&mut cells, ["C", "R", "F", "R", "A"]);
        for letter in [5, 6, 10, 11] {
            cells[letter] = Cell::PlateLetter;
        }
        cells[7..10].fill(Cell::Digit);
        cells[12] = Cell::Digit;
        cells[30..38].fill(Cell::Digit);
        cells[75..79].fill(Cell::Digit);
        cells[79..81].fill(Cell::Letter);
        cells[81..88].fill(Cell::Digit);
        let digits = vec![
            CheckDigit::new(CheckedField::Plate, 5..12, 12),
            CheckDigit::new(CheckedField::Vin, 13..30, 30),
            CheckDigit::new(CheckedField::FirstRegistration, 31..37, 37),
            CheckDigit::new(CheckedField::DocumentNumber, 75..86, 86),
            CheckDigit::new(CheckedField::Composite, (5..38).chain(75..87), 87),
        ];
        Self {
            layout: Layout::CertificatImmatriculation,
            cells,
            digits,
        }
    }
}

fn fixed(cells: &mut [Cell], these: [&'static str; 5]) {
    for (cell, this) in cells.iter_mut().zip(these) {
        *cell = Cell::Of(this);
    }
}

/// The digit of a document number of nine cells, or of a longer one that goes on at `optional` and ends with its digit
/// before a filler. A number is entered from the left (ICAO 9303 part 3): its first cell is no filler.
fn number(
    cells: &mut [Cell],
    field: std::ops::Range<usize>,
    optional: usize,
    end: usize,
    more: Option<usize>,
) -> CheckDigit {
    let after = field.end;
    cells[field.start] = Cell::LetterOrDigit;
    let Some(more) = more else {
        cells[after] = Cell::Digit;
        return CheckDigit::new(CheckedField::DocumentNumber, field, after);
    };
    cells[after] = Cell::Of("<");
    let at = optional + more;
    cells[optional..at].fill(Cell::LetterOrDigit);
    cells[at] = Cell::Digit;
    if at + 1 < end {
        cells[at + 1] = Cell::Of("<");
    }
    CheckDigit::new(CheckedField::DocumentNumber, field.chain(optional..at), at)
}

/// How many characters of the number stand in the optional data, when a filler stands for its digit.
fn overflow(zone: &[u8], digit: usize, optional: std::ops::Range<usize>) -> Option<usize> {
    let optional = zone.get(optional)?;
    let length = optional.iter().position(|c| *c == b'<').unwrap_or(optional.len());
    (zone.get(digit) == Some(&b'<') && zone[digit - 1] != b'<' && length >= 2).then(|| length - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_agrees_with_the_library_on_its_alphabet() {
        for first in ALPHABET {
            for second in ALPHABET {
                let blind = mrz::blindspot(char::from(*first), char::from(*second)).is_blind();
                assert_eq!(blind, first != second && residue(*first) == residue(*second));
            }
        }
    }

    #[test]
    fn every_digit_stands_in_a_cell_of_digits_and_covers_cells_of_its_zone() {
        for (lines, width) in [(1, 30), (3, 30), (2, 36), (2, 44)] {
            for form in Form::all(lines, width) {
                assert_eq!(form.cells().len(), lines * width, "{:?}", form.layout());
                for digit in form.digits() {
                    assert!(!form.cells()[digit.at].allows(b'A'), "{digit:?}");
                    assert!(
                        digit
                            .covers
                            .iter()
                            .all(|cell| *cell < lines * width && *cell != digit.at)
                    );
                }
            }
        }
    }
}

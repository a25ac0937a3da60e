//! The text that an edition is written in: two lines that name it, then a row a line, columns separated by tabs, `-` for
//! what there is not.
//!
//! `docs/formats/bases.md` names the columns; the edition of the program is such a file.

use thiserror::Error;

use super::CheckBasis;
use super::table::{BasisRow, BasisTable, Grounds, Longest, Unsound};
use crate::identity::CivilDate;
use crate::natinf::Validity;
use crate::officer::Quality;

/// The edition of the program.
pub(super) const BUILT_IN: &str = include_str!("../../data/bases.tsv");

/// The longest file, in bytes.
pub const MAX_FILE: usize = 1024 * 1024;

/// How many columns a row has.
const COLUMNS: usize = 13;

/// Why a file is no edition; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasisFault {
    #[error("it is longer than {MAX_FILE} bytes")]
    TooLong,
    #[error("it is not UTF-8; save it as UTF-8")]
    Charset,
    #[error("line {line} does not say `{wanted}`, a tab, and its value")]
    Heading { line: usize, wanted: &'static str },
    #[error(
        "line {line} has {found} columns instead of {COLUMNS}; separate them by tabs, and write `-` for none"
    )]
    Columns { line: usize, found: usize },
    #[error("line {line}: `{value}` is not {wanted}")]
    Cell {
        line: usize,
        value: String,
        wanted: &'static str,
    },
    #[error("line {line}: {why}")]
    Row { line: usize, why: Unsound },
    #[error("{why}")]
    Edition { why: Unsound },
}

impl BasisTable {
    /// Reads a file; the first fault is named with its line.
    pub fn from_file(text: &str) -> Result<Self, BasisFault> {
        if text.len() > MAX_FILE {
            return Err(BasisFault::TooLong);
        }
        let numbered = (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines());
        let mut lines = numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let mut heading = |wanted: &'static str| {
            let (line, text) = lines.next().unwrap_or((1, ""));
            match text.split_once('\t') {
                Some((name, value)) if name == wanted => Ok((line, value.trim())),
                Some(_) | None => Err(BasisFault::Heading { line, wanted }),
            }
        };
        let (_, edition) = heading("edition")?;
        let (line, issued) = heading("issued")?;
        let issued = Cells { line }.day(issued)?;
        let mut places = Vec::new();
        let mut rows = Vec::new();
        for (line, text) in lines {
            rows.push(row(line, text)?);
            places.push(line);
        }
        Self::new(edition.to_owned(), issued, rows).map_err(|(why, index)| {
            match index.and_then(|index| places.get(index)) {
                Some(&line) => BasisFault::Row { line, why },
                None => BasisFault::Edition { why },
            }
        })
    }
}

/// The cells of one line.
#[derive(Clone, Copy)]
struct Cells {
    line: usize,
}

fn row(line: usize, text: &str) -> Result<BasisRow, BasisFault> {
    let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
    let found = cells.len();
    let Ok(cells) = <[&str; COLUMNS]>::try_from(cells) else {
        return Err(BasisFault::Columns { line, found });
    };
    let [
        code,
        from,
        until,
        open_to,
        on_order,
        grounds,
        requisition,
        longest,
        marks,
        title,
        citation,
        motive,
        limits,
    ] = cells;
    let read = Cells { line };
    let marks = read.marks(marks)?;
    Ok(BasisRow {
        basis: CheckBasis::from_code(code)
            .ok_or_else(|| read.fault(code, "the code of a text that terminals apply"))?,
        validity: Validity {
            from: optional(from, |cell| read.day(cell))?,
            until: optional(until, |cell| read.day(cell))?,
        },
        title: title.to_owned(),
        citation: citation.to_owned(),
        motive: motive.to_owned(),
        limits: limits.to_owned(),
        open_to: read.qualities(open_to)?,
        on_order: read.qualities(on_order)?,
        grounds: optional(grounds, |cell| read.grounds(cell))?,
        requisition: optional(requisition, |cell| read.longest(cell))?,
        longest_min: optional(longest, |cell| read.number(cell))?,
        in_one_place: marks.in_one_place,
        alineas: marks.alineas,
        follows: marks.follows,
        precedes: marks.precedes,
        unverified: marks.unverified,
    })
}

/// `-` is nothing.
fn optional<T>(
    cell: &str,
    read: impl FnOnce(&str) -> Result<T, BasisFault>,
) -> Result<Option<T>, BasisFault> {
    if cell == "-" {
        Ok(None)
    } else {
        read(cell).map(Some)
    }
}

#[derive(Default)]
struct Marks {
    in_one_place: bool,
    alineas: Option<(u8, u8)>,
    follows: bool,
    precedes: bool,
    unverified: bool,
}

impl Cells {
    fn fault(self, value: &str, wanted: &'static str) -> BasisFault {
        BasisFault::Cell {
            line: self.line,
            value: value.chars().take(80).collect(),
            wanted,
        }
    }

    /// `AAAA-MM-JJ`.
    fn day(self, cell: &str) -> Result<CivilDate, BasisFault> {
        let day = cell.parse::<jiff::civil::Date>().map(CivilDate::from);
        day.map_err(|_| self.fault(cell, "a day as 2026-11-27"))
    }

    fn number(self, cell: &str) -> Result<u16, BasisFault> {
        let plain = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let number = cell.parse().ok().filter(|_| plain);
        number.ok_or_else(|| self.fault(cell, "a number"))
    }

    fn qualities(self, cell: &str) -> Result<Vec<Quality>, BasisFault> {
        let words = cell.split(' ').filter(|word| !matches!(*word, "-" | ""));
        let mut qualities = Vec::new();
        for word in words {
            let quality = Quality::from_code(word)
                .filter(|quality| !qualities.contains(quality))
                .ok_or_else(|| self.fault(word, "one of opj, apj, apja, reserviste, pa and pm, once each"))?;
            qualities.push(quality);
        }
        Ok(qualities)
    }

    /// `facts 10`.
    fn grounds(self, cell: &str) -> Result<Grounds, BasisFault> {
        let wanted = "facts, circumstances or external, and a number of characters";
        let fault = || self.fault(cell, wanted);
        let (kind, least) = cell.split_once(' ').ok_or_else(fault)?;
        let least = self.number(least).map_err(|_| fault())?;
        match kind {
            "facts" => Ok(Grounds::Facts(least)),
            "circumstances" => Ok(Grounds::Circumstances(least)),
            "external" => Ok(Grounds::External(least)),
            _ => Err(fault()),
        }
    }

    /// `24 hours`, `1 months`, `unbounded`.
    fn longest(self, cell: &str) -> Result<Longest, BasisFault> {
        let wanted = "unbounded, or a number of hours or months";
        let fault = || self.fault(cell, wanted);
        if cell == "unbounded" {
            return Ok(Longest::Unbounded);
        }
        let (number, unit) = cell.split_once(' ').ok_or_else(fault)?;
        let number = self
            .number(number)
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(fault)?;
        match unit {
            "hours" => Ok(Longest::Hours(number)),
            "months" => u8::try_from(number).map(Longest::Months).map_err(|_| fault()),
            _ => Err(fault()),
        }
    }

    fn marks(self, cell: &str) -> Result<Marks, BasisFault> {
        let mut marks = Marks::default();
        for word in cell.split(' ').filter(|word| !matches!(*word, "-" | "")) {
            match word {
                "one-place" => marks.in_one_place = true,
                "follows" => marks.follows = true,
                "precedes" => marks.precedes = true,
                "unverified" => marks.unverified = true,
                _ => marks.alineas = Some(self.alineas(word)?),
            }
        }
        Ok(marks)
    }

    /// `alinea=9-17`.
    fn alineas(self, word: &str) -> Result<(u8, u8), BasisFault> {
        let wanted = "one-place, follows, precedes, unverified, or alinea=9-17";
        let range = word
            .strip_prefix("alinea=")
            .and_then(|range| range.split_once('-'));
        let parsed = range.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
        parsed.ok_or_else(|| self.fault(word, wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: &str = "edition\tessai-1\nissued\t2026-11-27\n";
    const ROW: &str =
        "CI-8\t-\t-\topj apj\tapj\tcircumstances 30\t-\t-\t-\tTitre\tarticle 78-2\tmotif\tlimites\n";

    fn fault(text: &str) -> String {
        BasisTable::from_file(text).unwrap_err().to_string()
    }

    #[test]
    fn the_edition_of_the_program_has_every_text_that_the_program_applies() {
        let table = BasisTable::built_in();
        let today = table.issued();
        for basis in CheckBasis::ALL {
            assert!(table.in_force(basis, today).is_some(), "{}", basis.code());
        }
        assert_eq!(table.rows().len(), CheckBasis::ALL.len());
    }

    #[test]
    fn a_file_with_a_fault_names_its_line() {
        assert!(BasisTable::from_file(&[NAMED, ROW].concat()).is_ok());
        let changed = |from: &str, to: &str| fault(&[NAMED, &ROW.replace(from, to)].concat());
        for (said, of) in [
            ("line 1 does not say `edition`", fault(ROW)),
            ("it takes 1 to 500 rows", fault(NAMED)),
            ("line 3 has 12 columns", changed("\tlimites", "")),
            ("line 3: `CI-18` is not the code", changed("CI-8", "CI-18")),
            ("`apx` is not one of opj, apj", changed("opj apj", "opj apx")),
            (
                "`circumstances x` is not",
                changed("circumstances 30", "circumstances x"),
            ),
            ("`weekly` is not one-place", changed("-\tTitre", "weekly\tTitre")),
            ("begins with `article `", changed("article 78-2", "78-2")),
            ("open to nobody", changed("opj apj\tapj", "-\t-")),
            ("asks an order of somebody", changed("opj apj\tapj", "opj\tapj")),
            (
                "last day is before",
                changed("CI-8\t-\t-", "CI-8\t2026-02-01\t2026-01-01"),
            ),
            ("is not a day", changed("CI-8\t-", "CI-8\t01/02/2026")),
            ("two rows of one code", fault(&[NAMED, ROW, ROW].concat())),
        ] {
            assert!(of.contains(said), "{of} is not {said}");
        }
    }

    #[test]
    fn of_two_rows_of_a_code_the_one_of_the_day_is_in_force() {
        let until = ROW.replace("CI-8\t-\t-", "CI-8\t-\t2026-12-31");
        let from = ROW
            .replace("CI-8\t-\t-", "CI-8\t2027-01-01\t-")
            .replace("Titre", "Autre titre");
        let table = BasisTable::from_file(&[NAMED, &until, &from].concat()).unwrap();
        let titled = |year, month, day| {
            let day = CivilDate::new(year, month, day).unwrap();
            table.in_force(CheckBasis::Ci8, day).map(|row| row.title.clone())
        };
        assert_eq!(titled(2026, 12, 31).as_deref(), Some("Titre"));
        assert_eq!(titled(2027, 1, 1).as_deref(), Some("Autre titre"));
        assert_eq!(
            table.in_force(CheckBasis::Ci7, CivilDate::new(2026, 1, 1).unwrap()),
            None
        );
    }
}

//! The justice ministry's published list (CSV), merged over a set that knows how each offence may be settled.
//!
//! What the list has and the set does not know may be used in a general PV; nobody has said that it has a forfait.

use std::collections::BTreeMap;

use thiserror::Error;

use super::code::{Natinf, ReferenceVersion};
use super::dated::{Confidence, Validity};
use super::offence::{Forfait, Holder, Nature, Offence};
use super::search::fold;
use super::set::Reference;
use crate::identity::CivilDate;

/// Longest list that is read, in bytes.
pub const MAX_CSV: usize = 32 * 1024 * 1024;
pub const MAX_CSV_ROWS: usize = 100_000;
/// Longest field, in bytes of UTF-8.
pub const MAX_CSV_FIELD: usize = 8 * 1024;

const HEADER: [&str; 5] = [
    "NUMERO NATINF",
    "NATURE DE L'INFRACTION",
    "QUALIFICATION DE L'INFRACTION",
    "DEFINIE PAR",
    "REPRIMEE PAR",
];

/// Windows-1252, 0x80 to 0x9f; NUL where it has no character.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Why bytes are not the official list: the line, from 1, and what is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the list cannot be read at line {line}: {fault}")]
pub struct CsvError {
    pub line: usize,
    pub fault: CsvFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CsvFault {
    #[error("it is longer than {MAX_CSV} bytes")]
    TooLong,
    #[error("it has more than {MAX_CSV_ROWS} rows")]
    TooManyRows,
    #[error("a field is longer than {MAX_CSV_FIELD} bytes")]
    FieldTooLong,
    #[error("a byte is a character neither of Windows-1252 nor of ISO-8859-1")]
    NotText,
    #[error("the first line is not the official header")]
    Header,
    #[error("a row has not five fields")]
    Columns,
    #[error("a quote is not closed, or stands inside a field")]
    Quote,
    #[error("the first field is not a natinf code")]
    NotANatinf,
    #[error("the nature is none that is known")]
    UnknownNature,
    #[error("the code is there twice")]
    Twice,
    #[error("the label is empty")]
    NoLabel,
}

/// A merged set, and what became of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub reference: Reference,
    /// Rows of the list.
    pub read: usize,
    /// Rows about which nothing is known but the list.
    pub unchecked: usize,
    /// Codes whose nature is no longer the one that their amounts were checked for: no forfait until somebody has.
    pub changed: Vec<Natinf>,
}

impl Reference {
    /// The official list over what `base` knows; codes that the list has not stay as they are in `base`.
    pub fn from_csv(
        bytes: &[u8],
        base: &Self,
        version: ReferenceVersion,
        issued: CivilDate,
    ) -> Result<Merged, CsvError> {
        let rows = read(bytes)?;
        let mut known: BTreeMap<Natinf, Vec<Offence>> = BTreeMap::new();
        for offence in &base.offences {
            known.entry(offence.natinf).or_default().push(offence.clone());
        }
        let (read, mut unchecked, mut changed) = (rows.len(), 0, Vec::new());
        let mut offences = Vec::with_capacity(rows.len() + base.offences.len());
        for row in rows {
            let mut versions = known.remove(&row.natinf).unwrap_or_default();
            let Some(index) = current(&versions, issued) else {
                offences.append(&mut versions);
                unchecked += 1;
                offences.push(row.unchecked());
                continue;
            };
            if let Some(offence) = versions.get_mut(index) {
                if offence.nature != row.nature {
                    changed.push(row.natinf);
                    offence.forfait = Forfait::Unchecked;
                    offence.nature = row.nature;
                }
                offence.label = row.label;
                offence.defined_by = row.defined_by;
                offence.punished_by = row.punished_by;
            }
            offences.append(&mut versions);
        }
        offences.extend(known.into_values().flatten());
        offences.sort_by_key(|offence| (offence.natinf, offence.validity.from));
        let reference = Self {
            version,
            issued,
            offences,
            scales: base.scales.clone(),
            afd: base.afd.clone(),
            margins: base.margins.clone(),
            formulas: base.formulas.clone(),
            templates: base.templates.clone(),
            notes: base.notes.clone(),
        };
        Ok(Merged {
            reference,
            read,
            unchecked,
            changed,
        })
    }
}

/// The version that the list speaks of: in force when it was issued, else the last one, which stays outdated.
fn current(versions: &[Offence], issued: CivilDate) -> Option<usize> {
    versions
        .iter()
        .rposition(|offence| offence.validity.holds(issued))
        .or(versions.len().checked_sub(1))
}

#[derive(Debug)]
struct Row {
    natinf: Natinf,
    nature: Nature,
    label: String,
    defined_by: String,
    punished_by: String,
}

impl Row {
    fn unchecked(self) -> Offence {
        Offence {
            natinf: self.natinf,
            nature: self.nature,
            label: self.label,
            defined_by: self.defined_by,
            punished_by: self.punished_by,
            forfait: Forfait::Unchecked,
            holder: Holder::NotLiable,
            measure: None,
            special: None,
            points: None,
            validity: Validity::default(),
            successor: None,
            confidence: Confidence::A,
            words: String::new(),
        }
    }
}

fn read(bytes: &[u8]) -> Result<Vec<Row>, CsvError> {
    if bytes.len() > MAX_CSV {
        let fault = CsvFault::TooLong;
        return Err(CsvError { line: 1, fault });
    }
    let text = text(bytes)?;
    let mut records = Records {
        rest: text.strip_prefix('\u{feff}').unwrap_or(&text).chars().peekable(),
        line: 1,
    };
    let header = records.next().transpose()?.map(|(_, fields)| fields);
    let is_header = header.is_some_and(|fields| fields.iter().map(|field| fold(field.trim())).eq(HEADER));
    if !is_header {
        let fault = CsvFault::Header;
        return Err(CsvError { line: 1, fault });
    }
    let mut rows = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for record in records {
        let (line, fields) = record?;
        let wrong = |fault| CsvError { line, fault };
        if fields.len() == 1 && fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_CSV_ROWS {
            return Err(wrong(CsvFault::TooManyRows));
        }
        let row = row(&fields).map_err(wrong)?;
        if !seen.insert(row.natinf) {
            return Err(wrong(CsvFault::Twice));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// UTF-8 where the bytes are, else Windows-1252, which ISO-8859-1 is but for its control characters.
fn text(bytes: &[u8]) -> Result<String, CsvError> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut line = 1;
    for byte in bytes {
        let c = match byte {
            0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        };
        if c == '\0' {
            let fault = CsvFault::NotText;
            return Err(CsvError { line, fault });
        }
        line += usize::from(c == '\n');
        text.push(c);
    }
    Ok(text)
}

fn row(fields: &[String]) -> Result<Row, CsvFault> {
    let [natinf, nature, label, defined_by, punished_by] = fields else {
        return Err(CsvFault::Columns);
    };
    let clean = |field: &str| field.split_whitespace().collect::<Vec<_>>().join(" ");
    let label = clean(label);
    if label.is_empty() {
        return Err(CsvFault::NoLabel);
    }
    Ok(Row {
        natinf: Natinf::parse(natinf).map_err(|_| CsvFault::NotANatinf)?,
        nature: nature_of(&fold(&clean(nature))).ok_or(CsvFault::UnknownNature)?,
        label,
        defined_by: clean(defined_by),
        punished_by: clean(punished_by),
    })
}

/// "CONTRAVENTION DE CLASSE 4", "CONTRAVENTION DE 4EME CLASSE", "DELIT", "CRIME".
fn nature_of(folded: &str) -> Option<Nature> {
    if folded.contains("CONTRAVENTION") {
        let mut digits = folded.chars().filter(char::is_ascii_digit);
        let class = digits.next().filter(|_| digits.next().is_none())?;
        return Nature::from_code(&format!("C{class}"));
    }
    match folded {
        "DELIT" => Some(Nature::Delit),
        "CRIME" => Some(Nature::Crime),
        _ => None,
    }
}

/// Records of a CSV text (RFC 4180 with `;`), each with the line on which it begins.
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
}

impl Iterator for Records<'_> {
    type Item = Result<(usize, Vec<String>), CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest.peek()?;
        let line = self.line;
        let record = self.record();
        if record.is_err() {
            self.rest = "".chars().peekable();
        }
        Some(
            record
                .map(|fields| (line, fields))
                .map_err(|fault| CsvError { line, fault }),
        )
    }
}

impl Records<'_> {
    fn record(&mut self) -> Result<Vec<String>, CsvFault> {
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            match self.rest.next() {
                Some(';') if fields.len() < HEADER.len() => {}
                Some(';') => return Err(CsvFault::Columns),
                Some('\r') => {
                    self.rest.next_if_eq(&'\n');
                    self.line += 1;
                    return Ok(fields);
                }
                Some('\n') => {
                    self.line += 1;
                    return Ok(fields);
                }
                None => return Ok(fields),
                Some(_) => return Err(CsvFault::Quote),
            }
        }
    }

    fn field(&mut self) -> Result<String, CsvFault> {
        let mut field = String::new();
        let quoted = self.rest.next_if_eq(&'"').is_some();
        loop {
            if field.len() > MAX_CSV_FIELD {
                return Err(CsvFault::FieldTooLong);
            }
            let next = if quoted {
                self.rest.next()
            } else {
                self.rest.next_if(|c| !matches!(c, ';' | '\r' | '\n'))
            };
            match next {
                Some('"') if quoted => {
                    if self.rest.next_if_eq(&'"').is_none() {
                        return Ok(field);
                    }
                    field.push('"');
                }
                None if quoted => return Err(CsvFault::Quote),
                None => return Ok(field),
                Some(c) => {
                    self.line += usize::from(c == '\n');
                    field.push(c);
                }
            }
        }
    }
}

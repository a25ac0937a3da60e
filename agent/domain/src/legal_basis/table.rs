//! The editions of what each text asks: rows with days of validity, one of them in force on a day.

use std::sync::OnceLock;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use super::CheckBasis;
use super::file::BUILT_IN;
use crate::identity::CivilDate;
use crate::natinf::Validity;
use crate::officer::Quality;

/// The most rows of an edition.
const MAX_ROWS: usize = 500;
/// The longest name of an edition, in bytes.
const MAX_NAME: usize = 64;
/// The longest text of a row, in bytes.
const MAX_TEXT: usize = 2048;

/// An edition of the legal bases, sound: rows of one code never hold on the same day.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
pub struct BasisTable {
    #[n(0)]
    edition: String,
    #[n(1)]
    issued: CivilDate,
    #[n(2)]
    rows: Vec<BasisRow>,
}

/// What one text asks for as long as it holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BasisRow {
    #[n(0)]
    pub basis: CheckBasis,
    #[n(1)]
    pub validity: Validity,
    /// How the picker calls it.
    #[n(2)]
    pub title: String,
    /// "article …", as an act cites it; `{alinéa}` stands for the one chosen.
    #[n(3)]
    pub citation: String,
    /// What the text asks of the person or of the moment, as an act says it.
    #[n(4)]
    pub motive: String,
    /// What to keep to, in words for the officer.
    #[n(5)]
    pub limits: String,
    /// Who has the power.
    #[n(6)]
    pub open_to: Vec<Quality>,
    /// Who acts "sur l'ordre et sous la responsabilité" of an OPJ, whom the act names at pain of nullity.
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    pub on_order: Vec<Quality>,
    /// What must be written, and of how many characters at least; absent where nothing must.
    #[n(8)]
    pub grounds: Option<Grounds>,
    /// The longest span of the réquisition that it needs; absent where it needs none.
    #[n(9)]
    pub requisition: Option<Longest>,
    /// The longest duration, in minutes.
    #[n(10)]
    pub longest_min: Option<u16>,
    /// The duration is of the operation in one place, not of the check of one person.
    #[cbor(n(11), default, skip_if = "is_false")]
    pub in_one_place: bool,
    /// The alinéas of which the act names one, first and last.
    #[n(12)]
    pub alineas: Option<(u8, u8)>,
    /// It follows a check under another text, which the act names.
    #[cbor(n(13), default, skip_if = "is_false")]
    pub follows: bool,
    /// A check under it may be followed by one of titles of residence.
    #[cbor(n(14), default, skip_if = "is_false")]
    pub precedes: bool,
    /// Nobody has confirmed the row on the official text.
    #[cbor(n(15), default, skip_if = "is_false")]
    pub unverified: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive passes a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What an act must say in the officer's own words, and at least how many characters say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Grounds {
    /// What was seen of the person or the offence.
    #[n(0)]
    Facts(#[n(0)] u16),
    /// Objective circumstances of place and time: that a zone is prone to something says nothing.
    #[n(1)]
    Circumstances(#[n(0)] u16),
    /// Objective elements external to the person.
    #[n(2)]
    External(#[n(0)] u16),
}

/// How long a réquisition may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Longest {
    /// As long as the prosecutor says.
    #[n(0)]
    Unbounded,
    #[n(1)]
    Hours(#[n(0)] u16),
    /// Calendar months.
    #[n(2)]
    Months(#[n(0)] u8),
}

/// Why rows are no edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unsound {
    #[error("its name takes 1 to {MAX_NAME} bytes on one line")]
    Name,
    #[error("it takes 1 to {MAX_ROWS} rows")]
    Rows,
    #[error("a text of a row is empty, longer than {MAX_TEXT} bytes, or holds a control character")]
    Text,
    #[error(
        "a citation begins with `article ` and names `{{alinéa}}` where an alinéa is chosen, and there alone"
    )]
    Citation,
    #[error("a row is open to nobody, or asks an order of somebody to whom it is not open")]
    Qualities,
    #[error("its last day is before its first")]
    Days,
    #[error("its duration is no minute, or its operation in one place has none")]
    Duration,
    #[error("its alinéas are none")]
    Alineas,
    #[error("two rows of one code hold on the same day")]
    Overlap,
}

impl BasisRow {
    pub(super) fn check(&self) -> Result<(), Unsound> {
        let sound = |text: &String| {
            !text.trim().is_empty() && text.len() <= MAX_TEXT && !text.contains(char::is_control)
        };
        if ![&self.title, &self.citation, &self.motive, &self.limits]
            .into_iter()
            .all(sound)
        {
            return Err(Unsound::Text);
        }
        let names_alinea = self.citation.contains(ALINEA);
        if !self.citation.starts_with("article ") || names_alinea != self.alineas.is_some() {
            return Err(Unsound::Citation);
        }
        if self.open_to.is_empty() || !self.on_order.iter().all(|one| self.open_to.contains(one)) {
            return Err(Unsound::Qualities);
        }
        if self
            .validity
            .from
            .zip(self.validity.until)
            .is_some_and(|(from, until)| until < from)
        {
            return Err(Unsound::Days);
        }
        if self.longest_min == Some(0) || (self.in_one_place && self.longest_min.is_none()) {
            return Err(Unsound::Duration);
        }
        if self
            .alineas
            .is_some_and(|(first, last)| first == 0 || last < first)
        {
            return Err(Unsound::Alineas);
        }
        Ok(())
    }

    pub fn is_open_to(&self, quality: Quality) -> bool {
        self.open_to.contains(&quality)
    }

    /// Whether the act must name the OPJ on whose order it is done.
    pub fn needs_order(&self, quality: Quality) -> bool {
        self.on_order.contains(&quality)
    }

    /// The article, with the alinéa chosen.
    pub fn cited(&self, alinea: Option<u8>) -> String {
        let chosen = alinea.map(|alinea| alinea.to_string()).unwrap_or_default();
        self.citation.replace(ALINEA, &chosen)
    }
}

/// What stands for the alinéa chosen.
const ALINEA: &str = "{alinéa}";

fn overlap(one: Validity, other: Validity) -> bool {
    let starts_by = |from: Option<CivilDate>, until: Option<CivilDate>| match (from, until) {
        (Some(from), Some(until)) => from <= until,
        (None, _) | (_, None) => true,
    };
    starts_by(one.from, other.until) && starts_by(other.from, one.until)
}

impl BasisTable {
    /// The rows as an edition, or why they are none and at which row, from 0.
    pub fn new(
        edition: String,
        issued: CivilDate,
        rows: Vec<BasisRow>,
    ) -> Result<Self, (Unsound, Option<usize>)> {
        if !(1..=MAX_NAME).contains(&edition.len()) || edition.contains(char::is_control) {
            return Err((Unsound::Name, None));
        }
        if !(1..=MAX_ROWS).contains(&rows.len()) {
            return Err((Unsound::Rows, None));
        }
        for (index, row) in rows.iter().enumerate() {
            row.check().map_err(|why| (why, Some(index)))?;
            let same_day =
                |other: &BasisRow| other.basis == row.basis && overlap(other.validity, row.validity);
            if rows.iter().take(index).any(same_day) {
                return Err((Unsound::Overlap, Some(index)));
            }
        }
        Ok(Self {
            edition,
            issued,
            rows,
        })
    }

    /// The edition of the program: in use until HQ publishes one, and for acts of before there were editions.
    pub fn built_in() -> &'static Self {
        static TABLE: OnceLock<BasisTable> = OnceLock::new();
        TABLE.get_or_init(|| Self::from_file(BUILT_IN).expect("a test reads the edition of the program"))
    }

    pub fn edition(&self) -> &str {
        &self.edition
    }

    pub const fn issued(&self) -> CivilDate {
        self.issued
    }

    pub fn rows(&self) -> &[BasisRow] {
        &self.rows
    }

    /// What `basis` asks on `day`; none where it was not, or is no longer, in force.
    pub fn in_force(&self, basis: CheckBasis, day: CivilDate) -> Option<&BasisRow> {
        let holds = |row: &&BasisRow| row.basis == basis && row.validity.holds(day);
        self.rows.iter().find(holds)
    }
}

impl<'b, C> Decode<'b, C> for BasisTable {
    fn decode(d: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        #[cbor(map)]
        struct Plain {
            #[n(0)]
            edition: String,
            #[n(1)]
            issued: CivilDate,
            #[n(2)]
            rows: Vec<BasisRow>,
        }
        let Plain {
            edition,
            issued,
            rows,
        } = Plain::decode(d, context)?;
        Self::new(edition, issued, rows).map_err(|_| DecodeError::message("not a sound edition of bases"))
    }
}

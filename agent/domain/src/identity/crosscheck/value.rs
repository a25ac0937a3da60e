//! Values as sources state them, and when two of them say the same.

use std::fmt;

use minicbor::{Decode, Encode};

use super::super::CivilDate;
use super::super::cells::residue;
use super::name::Name;
use super::{Fact, Likeness, Limit};
use crate::sensitive::Sensitive;

/// What one source says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Value {
    #[n(0)]
    Name(#[n(0)] Name),
    #[n(1)]
    Day(#[n(0)] Sensitive<Day>),
    #[n(2)]
    Sex(#[n(0)] Sex),
    /// A number, a plate, a VIN; shown as written.
    #[n(3)]
    Code(#[n(0)] Sensitive<String>),
    /// Three letters (ISO 3166-1, ICAO 9303-3 §5).
    #[n(4)]
    Country(#[n(0)] String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Sex {
    #[n(0)]
    Female,
    #[n(1)]
    Male,
    /// Neither, as some countries print it.
    #[n(2)]
    Other,
}

impl Sex {
    /// `F`, `M` or `X`; none where it is not stated.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "F" | "f" => Some(Self::Female),
            "M" | "m" => Some(Self::Male),
            "X" | "x" => Some(Self::Other),
            _ => None,
        }
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
            Self::Other => "X",
        }
    }
}

/// A day as far as a source knows it; shown as `JJ/MM/AAAA` with `??` for what it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Day {
    #[n(0)]
    year: i16,
    #[n(1)]
    month: Option<i8>,
    #[n(2)]
    day: Option<i8>,
    /// The source has two digits of the year alone.
    #[n(3)]
    short_year: bool,
}

impl Day {
    /// `YYMMDD` of a zone; a day or a month may be `<<` (ICAO 9303-3 §4.8). `century` turns two digits into a year.
    pub fn of_zone(cells: &str, century: impl Fn(i16) -> i16) -> Option<Self> {
        let two = |at: usize| -> Option<Option<i8>> {
            let cells = cells.get(at..at + 2)?;
            match cells {
                "<<" => Some(None),
                _ if cells.bytes().all(|cell| cell.is_ascii_digit()) => cells.parse().ok().map(Some),
                _ => None,
            }
        };
        let (year, month, day) = (two(0)??, two(2)?, two(4)?);
        let year = century(i16::from(year));
        // What is known is of the calendar; a leap year stands for an unknown month.
        CivilDate::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self {
            year,
            month,
            day,
            short_year: true,
        })
    }

    fn part<T: PartialEq>(one: Option<T>, other: Option<T>) -> (bool, bool) {
        match (one, other) {
            (Some(one), Some(other)) => (one != other, false),
            (None, None) => (false, false),
            (None, Some(_)) | (Some(_), None) => (false, true),
        }
    }

    fn likeness(self, other: Self) -> Likeness {
        let (month_differs, month_unknown) = Self::part(self.month, other.month);
        let (day_differs, day_unknown) = Self::part(self.day, other.day);
        let is_short = self.short_year || other.short_year;
        let years_may_be_one = is_short && self.year.rem_euclid(100) == other.year.rem_euclid(100);
        if month_differs || day_differs || (self.year != other.year && !years_may_be_one) {
            return Likeness::Different(Vec::new());
        }
        let limits: Vec<Limit> = [
            (month_unknown || day_unknown, Limit::PartOfDate),
            (self.year != other.year, Limit::Century),
        ]
        .into_iter()
        .filter_map(|(holds, limit)| holds.then_some(limit))
        .collect();
        // Two sources that both leave the day open agree on less than a day.
        let is_whole = self.month.is_some() && self.day.is_some();
        match limits.is_empty() {
            true if is_whole => Likeness::Same,
            true => Likeness::as_far([Limit::PartOfDate]),
            false => Likeness::AsFar(limits),
        }
    }
}

impl From<CivilDate> for Day {
    fn from(date: CivilDate) -> Self {
        Self {
            year: date.date().year(),
            month: Some(date.date().month()),
            day: Some(date.date().day()),
            short_year: false,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [self.day, self.month] {
            match part {
                Some(part) => write!(f, "{part:02}/")?,
                None => f.write_str("??/")?,
            }
        }
        write!(f, "{:04}", self.year)
    }
}

impl Value {
    pub fn day(day: impl Into<Day>) -> Self {
        Self::Day(Sensitive::new(day.into()))
    }

    /// None of an empty text.
    pub fn code(text: &str) -> Option<Self> {
        let text = text.trim();
        (!bare(text).is_empty()).then(|| Self::Code(text.into()))
    }

    /// As the source writes it.
    pub fn shown(&self) -> String {
        match self {
            Self::Name(name) => name.shown().to_owned(),
            Self::Day(day) => day.reveal().to_string(),
            Self::Sex(sex) => sex.code().to_owned(),
            Self::Code(text) => text.reveal().clone(),
            Self::Country(code) => code.clone(),
        }
    }

    pub(super) fn likeness(&self, other: &Self, fact: Fact) -> Likeness {
        let same = |is_same: bool| {
            if is_same {
                Likeness::Same
            } else {
                Likeness::Different(Vec::new())
            }
        };
        match (self, other) {
            (Self::Name(one), Self::Name(other)) => one.likeness(other, fact == Fact::GivenNames),
            (Self::Day(one), Self::Day(other)) => one.reveal().likeness(*other.reveal()),
            (Self::Sex(one), Self::Sex(other)) => same(one == other),
            (Self::Code(one), Self::Code(other)) => same(bare(one.reveal()) == bare(other.reveal())),
            (Self::Country(one), Self::Country(other)) => same(one == other),
            // One fact has values of one kind.
            (Self::Name(_) | Self::Day(_) | Self::Sex(_) | Self::Code(_) | Self::Country(_), _) => {
                same(false)
            }
        }
    }

    /// Whether two codes differ only in characters that no check digit tells apart.
    pub(super) fn is_blind_to(&self, other: &Self) -> bool {
        let (Self::Code(one), Self::Code(other)) = (self, other) else {
            return false;
        };
        let (one, other) = (bare(one.reveal()), bare(other.reveal()));
        one.is_ascii()
            && other.is_ascii()
            && one.len() == other.len()
            && one
                .bytes()
                .zip(other.bytes())
                .all(|(a, b)| residue(a) == residue(b))
    }
}

/// Letters and digits in upper case: what hyphens, dots and spaces are written between.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|character| character.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

/// The countries whose two letters a seal writes and whose three letters a zone prints: those of the European Economic
/// Area, their neighbours, and those that most holders of French titles come from.
const COUNTRIES: &str = "AD AND AL ALB AM ARM AO AGO AR ARG AT AUT AU AUS AZ AZE BA BIH BD BGD BE BEL BF BFA BG BGR BI BDI \
BJ BEN BR BRA BY BLR CA CAN CD COD CF CAF CG COG CH CHE CI CIV CL CHL CM CMR CN CHN CO COL CU CUB CV CPV CY CYP CZ CZE \
DE DEU DJ DJI DK DNK DO DOM DZ DZA EC ECU EE EST EG EGY ER ERI ES ESP ET ETH FI FIN FR FRA GA GAB GB GBR GE GEO GH GHA \
GM GMB GN GIN GQ GNQ GR GRC GW GNB HR HRV HT HTI HU HUN ID IDN IE IRL IL ISR IN IND IQ IRQ IR IRN IS ISL IT ITA JO JOR \
JP JPN KE KEN KM COM KR KOR KZ KAZ LB LBN LI LIE LK LKA LR LBR LT LTU LU LUX LV LVA LY LBY MA MAR MC MCO MD MDA ME MNE \
MG MDG MK MKD ML MLI MR MRT MT MLT MU MUS MX MEX NE NER NG NGA NL NLD NO NOR PE PER PH PHL PK PAK PL POL PT PRT PY PRY \
RO ROU RS SRB RU RUS RW RWA SA SAU SC SYC SE SWE SI SVN SK SVK SL SLE SM SMR SN SEN SO SOM ST STP SY SYR TD TCD TG TGO \
TH THA TN TUN TR TUR TW TWN UA UKR US USA UY URY UZ UZB VA VAT VE VEN VN VNM ZA ZAF";

/// The three letters of a country given by two or three; none of what is no code known here.
pub fn country(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('<').to_uppercase();
    // ICAO 9303-3 §5: Germany prints one letter.
    if text == "D" {
        return Some("DEU".to_owned());
    }
    let codes: Vec<&str> = COUNTRIES.split_whitespace().collect();
    let known = codes.chunks_exact(2).find(|pair| pair.contains(&text.as_str()))?;
    Some(known[1].to_owned())
}

//! NATINF: the offences of the justice ministry's reference list, as data.
//!
//! The embedded set is a default for a terminal that HQ has not yet served; a record keeps the version it used.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// The text is not a NATINF code: 1 to 5 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a natinf code")]
pub struct NotANatinf;

/// A NATINF code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Natinf(#[cbor(n(0), decode_with = "code")] u32);

fn code<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u32, DecodeError> {
    let code = d.u32()?;
    if code <= 99_999 {
        Ok(code)
    } else {
        Err(DecodeError::message("not a natinf code"))
    }
}

impl Natinf {
    pub fn parse(text: &str) -> Result<Self, NotANatinf> {
        let text = text.trim();
        let fits = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or(NotANatinf)
    }

    pub const fn code(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Natinf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which reference set an act was drawn up with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReferenceVersion(#[n(0)] pub String);

/// The nature of an offence: its class decides amounts and powers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Nature {
    #[n(1)]
    C1,
    #[n(2)]
    C2,
    #[n(3)]
    C3,
    #[n(4)]
    C4,
    #[n(5)]
    C5,
    #[n(6)]
    Delit,
    #[n(7)]
    Crime,
}

/// The three amounts of an amende forfaitaire, in euro cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Amounts {
    #[n(0)]
    pub forfaitaire: u32,
    /// Absent where the law knows none (parking, tapage).
    #[n(1)]
    pub minoree: Option<u32>,
    #[n(2)]
    pub majoree: u32,
}

/// One offence of the reference set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Offence {
    #[n(0)]
    pub natinf: Natinf,
    #[n(1)]
    pub nature: Nature,
    #[n(2)]
    pub label: String,
    #[n(3)]
    pub defined_by: String,
    #[n(4)]
    pub punished_by: String,
    #[n(5)]
    pub amounts: Option<Amounts>,
    /// Listed in R.48-1 CPP: forfait is per offence, not per class.
    #[n(6)]
    pub forfaitisable: bool,
    /// Eligible for the amende forfaitaire délictuelle (495-17 CPP and following).
    #[n(7)]
    pub afd: bool,
    /// Points "susceptible" of withdrawal, never authoritative.
    #[n(8)]
    pub points: Option<u8>,
}

/// A reference set: its version and its offences, ascending by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceSet {
    pub version: ReferenceVersion,
    offences: Vec<Offence>,
}

impl ReferenceSet {
    /// The set compiled into the program.
    pub fn embedded() -> Self {
        let table = include_str!("../data/natinf.tsv");
        let mut offences: Vec<Offence> = table
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(row)
            .collect();
        offences.sort_by_key(|offence| offence.natinf);
        Self {
            version: ReferenceVersion("embedded-2026-11".to_owned()),
            offences,
        }
    }

    pub fn find(&self, natinf: Natinf) -> Option<&Offence> {
        let index = self
            .offences
            .binary_search_by_key(&natinf, |offence| offence.natinf)
            .ok()?;
        self.offences.get(index)
    }

    /// Offences whose code starts with, or whose label contains, every word of `text`; at most `limit`.
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Offence> {
        let words: Vec<String> = text.split_whitespace().map(fold).collect();
        let fits = |offence: &&Offence| {
            let label = fold(&offence.label);
            let code = offence.natinf.to_string();
            words
                .iter()
                .all(|word| label.contains(word.as_str()) || code.starts_with(word.as_str()))
        };
        self.offences.iter().filter(fits).take(limit).collect()
    }

    pub fn len(&self) -> usize {
        self.offences.len()
    }

    pub fn is_empty(&self) -> bool {
        self.offences.is_empty()
    }
}

/// Upper case without the accents that the official labels do not carry.
fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => 'A',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'î' | 'ï' | 'Î' | 'Ï' => 'I',
        'ô' | 'ö' | 'Ô' | 'Ö' => 'O',
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => 'U',
        'ç' | 'Ç' => 'C',
        _ => c.to_ascii_uppercase(),
    };
    text.chars().map(plain).collect()
}

fn row(line: &str) -> Option<Offence> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [
        code,
        nature,
        label,
        defined_by,
        punished_by,
        fixed,
        reduced,
        increased,
        listed,
        _reducible,
        afd,
        points,
    ] = columns.as_slice()
    else {
        return None;
    };
    let amounts = fixed
        .parse()
        .ok()
        .zip(increased.parse().ok())
        .map(|(forfaitaire, majoree)| Amounts {
            forfaitaire,
            minoree: reduced.parse().ok(),
            majoree,
        });
    Some(Offence {
        natinf: Natinf::parse(code).ok()?,
        nature: nature_of(nature)?,
        label: (*label).to_owned(),
        defined_by: (*defined_by).to_owned(),
        punished_by: (*punished_by).to_owned(),
        amounts,
        forfaitisable: *listed == "1",
        afd: *afd == "1",
        points: points.parse().ok(),
    })
}

fn nature_of(text: &str) -> Option<Nature> {
    Some(match text {
        "C1" => Nature::C1,
        "C2" => Nature::C2,
        "C3" => Nature::C3,
        "C4" => Nature::C4,
        "C5" => Nature::C5,
        "D" => Nature::Delit,
        "CRIME" => Nature::Crime,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_embedded_table_is_an_offence() {
        let rows = include_str!("../data/natinf.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        assert!(rows > 20);
        assert_eq!(ReferenceSet::embedded().len(), rows);
    }

    #[test]
    fn a_telephone_held_in_hand_is_class_4_at_135_euros() {
        let set = ReferenceSet::embedded();
        let offence = set.find(Natinf::parse("23800").unwrap()).unwrap();
        assert_eq!(offence.nature, Nature::C4);
        assert_eq!(offence.amounts.unwrap().forfaitaire, 13_500);
        assert_eq!(set.search("téléphone", 5), vec![offence]);
    }

    #[test]
    fn cpp_r48_1_violence_without_incapacity_is_class_4_but_not_forfaitisable() {
        let set = ReferenceSet::embedded();
        let offence = set.find(Natinf::parse("227").unwrap()).unwrap();
        assert_eq!(
            (offence.nature, offence.forfaitisable, offence.amounts),
            (Nature::C4, false, None)
        );
    }

    #[test]
    fn a_code_is_one_to_five_digits() {
        assert_eq!(Natinf::parse("00210").unwrap().code(), 210);
        for text in ["", "123456", "12a", "-1"] {
            assert_eq!(Natinf::parse(text), Err(NotANatinf), "{text}");
        }
    }
}

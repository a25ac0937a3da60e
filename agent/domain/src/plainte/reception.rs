//! Where a complaint is taken, for whom, and who is beside the victim (10-2 8° and 9°, 10-3, 10-4, 706-50 CPP).

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::pv::Interpreter;
use crate::sensitive::Sensitive;

/// Who complains.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub enum Complainant {
    #[n(0)]
    #[default]
    Victim,
    /// For a minor or a protected adult.
    #[n(1)]
    Representative(#[n(0)] Representative),
    #[n(2)]
    LegalPerson(#[n(0)] LegalPerson),
}

/// Who acts for the victim, and as what: father, guardian, ad hoc administrator.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Representative {
    #[n(0)]
    pub name: Sensitive<String>,
    #[n(1)]
    pub quality: String,
}

/// A company or an association, for which a person speaks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LegalPerson {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub siren: Siren,
    /// As what the person speaks for it: manager, by power of attorney.
    #[n(2)]
    pub quality: String,
}

/// The nine digits of a legal person in the register Sirene, of which the last is a check digit (Luhn, ISO/IEC 7812-1).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Siren(#[n(0)] String);

/// Why a text is no SIREN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotASiren {
    #[error("a SIREN has nine digits")]
    Length,
    #[error("the check digit of the SIREN does not agree; read it again")]
    CheckDigit,
}

impl Siren {
    /// Nine digits, whatever spaces part them.
    pub fn parse(text: &str) -> Result<Self, NotASiren> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotASiren::Length);
        }
        if !luhn(&digits) {
            return Err(NotASiren::CheckDigit);
        }
        Ok(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the last of `digits` is the check digit of those before (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &str) -> bool {
    let doubled = |(place, digit): (usize, u8)| {
        let digit = u32::from(digit - b'0');
        match (place % 2, digit) {
            (0, digit) => digit,
            (_, 0..=4) => digit * 2,
            (_, digit) => digit * 2 - 9,
        }
    };
    digits.bytes().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// As what somebody is beside the victim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CompanionRole {
    #[n(0)]
    LegalRepresentative,
    /// The adult of the victim's choice (10-4 CPP).
    #[n(1)]
    AdultOfChoice,
    #[n(2)]
    Lawyer,
    /// Named where the interests of a minor are not whole with the parents (706-50 CPP).
    #[n(3)]
    AdHocAdministrator,
}

impl CompanionRole {
    pub const ALL: [Self; 4] = [
        Self::LegalRepresentative,
        Self::AdultOfChoice,
        Self::Lawyer,
        Self::AdHocAdministrator,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "REPRESENTANT",
            Self::AdultOfChoice => "MAJEUR",
            Self::Lawyer => "AVOCAT",
            Self::AdHocAdministrator => "ADMINISTRATEUR",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "représentant légal",
            Self::AdultOfChoice => "majeur de son choix",
            Self::Lawyer => "avocat",
            Self::AdHocAdministrator => "administrateur ad hoc",
        }
    }
}

/// One who is beside the victim.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Companion {
    #[n(0)]
    pub role: CompanionRole,
    #[n(1)]
    pub name: Sensitive<String>,
}

/// Why a line names no companion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotACompanion {
    #[error("the line is not `rôle ; nom`")]
    Parts,
    #[error("the role is none of REPRESENTANT, MAJEUR, AVOCAT, ADMINISTRATEUR")]
    Role,
}

impl Companion {
    /// `rôle ; nom`.
    pub fn parse(line: &str) -> Result<Self, NotACompanion> {
        let (role, name) = line.split_once(';').ok_or(NotACompanion::Parts)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(NotACompanion::Parts);
        }
        Ok(Self {
            role: CompanionRole::from_code(&role.trim().to_uppercase()).ok_or(NotACompanion::Role)?,
            name: name.into(),
        })
    }
}

/// Whose address stands in the file (10-2 9° CPP): asked before any is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub enum Domicile {
    /// The victim's own.
    #[n(0)]
    #[default]
    Own,
    /// Of somebody who expressly consents.
    #[n(1)]
    ThirdParty(#[n(0)] Sensitive<String>),
    /// Of the service or the workplace, for who acts in a public office or a profession.
    #[n(2)]
    Professional,
}

/// What stands around the account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Reception {
    #[n(0)]
    pub host: Option<Sensitive<String>>,
    /// Nobody hears the account who should not: the officer confirms it.
    #[n(1)]
    pub confidential: Option<bool>,
    #[n(2)]
    pub complainant: Complainant,
    #[cbor(n(3), default, skip_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
    #[n(4)]
    pub interpreter: Option<Interpreter>,
    /// What the victim's lawyer asked at the end, and handed in as observations (10-4 CPP).
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub lawyer: Vec<Sensitive<String>>,
    #[n(6)]
    pub domicile: Domicile,
    /// Consent to hear of the procedure by electronic means (803-1 CPP).
    #[n(7)]
    pub electronic: Option<bool>,
    /// The mandate of a threatened elected official.
    #[n(8)]
    pub mandate: Option<String>,
    /// The service to which a minor is handed over for a filmed hearing (706-52 CPP).
    #[n(9)]
    pub filmed_by: Option<String>,
}

impl Reception {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siren_has_nine_digits_of_which_the_last_checks_the_others() {
        assert_eq!(Siren::parse("732 829 320").unwrap().as_str(), "732829320");
        assert_eq!(Siren::parse("732 829 321"), Err(NotASiren::CheckDigit));
        assert_eq!(Siren::parse("73282932"), Err(NotASiren::Length));
        assert_eq!(Siren::parse("73282932A"), Err(NotASiren::Length));
    }

    #[test]
    fn a_companion_has_a_role_and_a_name() {
        let lawyer = Companion::parse("avocat ; Me Durand").unwrap();
        assert_eq!(lawyer.role, CompanionRole::Lawyer);
        assert_eq!(Companion::parse("Me Durand"), Err(NotACompanion::Parts));
        assert_eq!(Companion::parse("VOISIN ; Paul"), Err(NotACompanion::Role));
        assert_eq!(Companion::parse("AVOCAT ;"), Err(NotACompanion::Parts));
    }
}

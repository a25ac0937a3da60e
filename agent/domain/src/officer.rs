//! Who acts: the officer, the quality under which the code of criminal procedure lets them act, and their habilitations.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;
use crate::id::OfficerId;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// The text is neither a RIO (7 digits, police) nor a NIGEND (5 to 8 digits, gendarmerie).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a service number")]
pub struct NotAMatricule;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Corps {
    #[n(0)]
    PoliceNationale,
    #[n(1)]
    GendarmerieNationale,
}

/// The number by which an officer is named in an act (articles 15-3 and 15-4 CPP): RIO or NIGEND.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Matricule {
    #[n(0)]
    corps: Corps,
    #[cbor(n(1), decode_with = "digits")]
    number: String,
}

impl Matricule {
    pub fn parse(corps: Corps, text: &str) -> Result<Self, NotAMatricule> {
        let number: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let lengths = match corps {
            Corps::PoliceNationale => 7..=7,
            Corps::GendarmerieNationale => 5..=8,
        };
        if lengths.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self { corps, number })
        } else {
            Err(NotAMatricule)
        }
    }

    pub const fn corps(&self) -> Corps {
        self.corps
    }

    /// What the number is called in its corps.
    pub const fn label(&self) -> &'static str {
        match self.corps {
            Corps::PoliceNationale => "RIO",
            Corps::GendarmerieNationale => "NIGEND",
        }
    }

    pub fn number(&self) -> &str {
        &self.number
    }
}

impl fmt::Display for Matricule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.label(), self.number)
    }
}

impl fmt::Debug for Matricule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Either corps' number: which lengths are whose is the constructor's.
fn digits<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let accepts = |text: &str| (5..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text_that(d, accepts, "not a service number")
}

/// The judicial quality (articles 16, 20 and 21 CPP); the several APJA differ in what they may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Quality {
    /// Article 16.
    #[n(0)]
    Opj,
    /// Article 20.
    #[n(1)]
    Apj,
    /// Article 21, 1°: police and gendarmerie officers who are not article 20.
    #[n(2)]
    Apja,
    /// Article 21, 1° bis: reservists and volunteer gendarmes.
    #[n(3)]
    ApjaReserviste,
    /// Article 21, 1° ter: policiers adjoints.
    #[n(4)]
    ApjaPolicierAdjoint,
    /// Article 21, 2°: municipal police.
    #[n(5)]
    ApjaPoliceMunicipale,
}

impl Quality {
    pub const ALL: [Self; 6] = [
        Self::Opj,
        Self::Apj,
        Self::Apja,
        Self::ApjaReserviste,
        Self::ApjaPolicierAdjoint,
        Self::ApjaPoliceMunicipale,
    ];

    /// The short code of tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opj => "opj",
            Self::Apj => "apj",
            Self::Apja => "apja",
            Self::ApjaReserviste => "reserviste",
            Self::ApjaPolicierAdjoint => "pa",
            Self::ApjaPoliceMunicipale => "pm",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quality| quality.code() == code)
    }

    /// The quality as an act names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Opj => "officier de police judiciaire",
            Self::Apj => "agent de police judiciaire",
            Self::Apja | Self::ApjaReserviste | Self::ApjaPolicierAdjoint | Self::ApjaPoliceMunicipale => {
                "agent de police judiciaire adjoint"
            }
        }
    }

    /// Whether this quality notes délits, and so may propose an AFD; the several APJA note contraventions only.
    pub const fn notes_delits(self) -> bool {
        match self {
            Self::Opj | Self::Apj => true,
            Self::Apja | Self::ApjaReserviste | Self::ApjaPolicierAdjoint | Self::ApjaPoliceMunicipale => {
                false
            }
        }
    }

    /// Whether this quality takes a complaint or a hearing by PV (article 15-3 CPP: OPJ and APJ).
    pub const fn takes_complaints(self) -> bool {
        matches!(self, Self::Opj | Self::Apj)
    }
}

/// A file that an officer may be individually habilitated to consult (article 15-5 CPP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum FileKind {
    /// Personnes recherchées.
    #[n(0)]
    Fpr,
    /// Objets et véhicules signalés.
    #[n(1)]
    Foves,
    /// Immatriculation.
    #[n(2)]
    Siv,
    /// Permis de conduire.
    #[n(3)]
    Snpc,
    /// Véhicules assurés.
    #[n(4)]
    Fva,
    /// Étrangers: titles of residence.
    #[n(5)]
    Agdref,
    /// Validity of French identity documents (arrêté du 10 août 2016).
    #[n(6)]
    Docverif,
    /// Antécédents judiciaires (article 230-6 CPP).
    #[n(7)]
    Taj,
}

impl FileKind {
    pub const ALL: [Self; 8] = [
        Self::Fpr,
        Self::Foves,
        Self::Siv,
        Self::Snpc,
        Self::Fva,
        Self::Agdref,
        Self::Docverif,
        Self::Taj,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Fpr => "FPR",
            Self::Foves => "FOVeS",
            Self::Siv => "SIV",
            Self::Snpc => "SNPC",
            Self::Fva => "FVA",
            Self::Agdref => "AGDREF",
            Self::Docverif => "DOCVERIF",
            Self::Taj => "TAJ",
        }
    }

    /// Whether only a judicial frame opens the file to a patrol (article 230-10 CPP).
    pub const fn needs_judicial_frame(self) -> bool {
        matches!(self, Self::Taj)
    }

    /// Whether the file holds entries that the person must never learn of; an act says no more of it than that it was
    /// asked, unless another entry was found.
    pub const fn holds_surveillance(self) -> bool {
        matches!(self, Self::Fpr | Self::Foves)
    }
}

/// The right to consult one file, between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Habilitation {
    #[n(0)]
    pub file: FileKind,
    #[n(1)]
    pub from: UnixMs,
    #[n(2)]
    pub until: UnixMs,
}

/// An officer as enrolled on the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Officer {
    #[n(0)]
    pub id: OfficerId,
    #[n(1)]
    pub matricule: Matricule,
    #[n(2)]
    pub name: Sensitive<String>,
    #[n(3)]
    pub rank: String,
    #[n(4)]
    pub quality: Quality,
    #[n(5)]
    pub unit: String,
    #[n(6)]
    pub habilitations: Vec<Habilitation>,
    /// INSEE codes of the departments in which the service is competent; none where HQ does not say.
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    pub departments: Vec<String>,
}

impl Officer {
    /// The habilitation for `file` in force at `now`.
    pub fn habilitation(&self, file: FileKind, now: UnixMs) -> Option<&Habilitation> {
        self.habilitations
            .iter()
            .find(|h| h.file == file && h.from <= now && now < h.until)
    }

    /// What an act says of its author.
    pub fn author(&self) -> Author {
        Author {
            id: self.id,
            matricule: self.matricule.clone(),
            rank: self.rank.clone(),
            quality: self.quality,
            unit: self.unit.clone(),
        }
    }
}

/// The author of an act: named by number, as article 15-4 CPP allows; article D.9 CPP asks for the quality.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Author {
    #[n(0)]
    pub id: OfficerId,
    #[n(1)]
    pub matricule: Matricule,
    #[n(2)]
    pub rank: String,
    #[n(3)]
    pub quality: Quality,
    #[n(4)]
    pub unit: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rio_has_seven_digits_and_a_nigend_five_to_eight() {
        assert_eq!(
            Matricule::parse(Corps::PoliceNationale, "123 4567")
                .unwrap()
                .to_string(),
            "RIO 1234567"
        );
        assert_eq!(
            Matricule::parse(Corps::PoliceNationale, "123456"),
            Err(NotAMatricule)
        );
        assert!(Matricule::parse(Corps::GendarmerieNationale, "123456").is_ok());
        assert_eq!(
            Matricule::parse(Corps::GendarmerieNationale, "12345678901"),
            Err(NotAMatricule)
        );
    }
}

//! What happened, as a complaint states it: how, why, who saw it, what is lost, who is hurt.

use minicbor::{Decode, Encode};
use thiserror::Error;

use super::reception::luhn;
use crate::officer::Matricule;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;
use crate::vehicle::Plate;

/// When it happened: one moment, or from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Period {
    #[n(0)]
    pub from: UnixMs,
    #[n(1)]
    pub to: Option<UnixMs>,
}

/// Why the victim was chosen, in the victim's words (132-76 and 132-77 CP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Discrimination {
    #[n(0)]
    Origin,
    #[n(1)]
    Religion,
    #[n(2)]
    Sex,
    #[n(3)]
    Orientation,
    #[n(4)]
    GenderIdentity,
    #[n(5)]
    Disability,
    #[n(6)]
    Other,
}

impl Discrimination {
    pub const ALL: [Self; 7] = [
        Self::Origin,
        Self::Religion,
        Self::Sex,
        Self::Orientation,
        Self::GenderIdentity,
        Self::Disability,
        Self::Other,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Origin => "ORIGINE",
            Self::Religion => "RELIGION",
            Self::Sex => "SEXE",
            Self::Orientation => "ORIENTATION",
            Self::GenderIdentity => "IDENTITE-GENRE",
            Self::Disability => "HANDICAP",
            Self::Other => "AUTRE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|motive| motive.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Origin => "origine, ethnie ou nation, vraie ou supposée",
            Self::Religion => "religion, vraie ou supposée",
            Self::Sex => "sexe",
            Self::Orientation => "orientation sexuelle, vraie ou supposée",
            Self::GenderIdentity => "identité de genre, vraie ou supposée",
            Self::Disability => "handicap",
            Self::Other => "autre motif",
        }
    }
}

/// What the suspect is to the victim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SuspectLink {
    #[n(0)]
    Unknown,
    /// Husband, wife, partner.
    #[n(1)]
    Partner,
    #[n(2)]
    FormerPartner,
    #[n(3)]
    Family,
    #[n(4)]
    Neighbour,
    #[n(5)]
    Colleague,
    #[n(6)]
    Acquaintance,
}

impl SuspectLink {
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Partner,
        Self::FormerPartner,
        Self::Family,
        Self::Neighbour,
        Self::Colleague,
        Self::Acquaintance,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "INCONNU",
            Self::Partner => "CONJOINT",
            Self::FormerPartner => "EX-CONJOINT",
            Self::Family => "FAMILLE",
            Self::Neighbour => "VOISIN",
            Self::Colleague => "COLLEGUE",
            Self::Acquaintance => "CONNAISSANCE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|link| link.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "inconnu de la victime",
            Self::Partner => "conjoint, concubin ou partenaire",
            Self::FormerPartner => "ancien conjoint, concubin ou partenaire",
            Self::Family => "membre de la famille",
            Self::Neighbour => "voisin",
            Self::Colleague => "collègue de travail",
            Self::Acquaintance => "connaissance",
        }
    }

    /// Whether violence between the two is violence in a couple (132-80 CP).
    pub const fn is_of_a_couple(self) -> bool {
        matches!(self, Self::Partner | Self::FormerPartner)
    }
}

/// Something stolen or broken.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Loss {
    #[n(0)]
    pub object: String,
    /// Make and model.
    #[n(1)]
    pub make: Option<String>,
    #[n(2)]
    pub mark: Option<Mark>,
    /// As estimated by the victim, in cents of a euro.
    #[n(3)]
    pub value_cents: Option<u64>,
    #[n(4)]
    pub insured: Option<String>,
}

/// What tells one object from all others of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Mark {
    #[n(0)]
    Serial(#[n(0)] String),
    /// Fifteen digits, the last a check digit (3GPP TS 23.003, annex B).
    #[n(1)]
    Imei(#[n(0)] String),
}

/// Why a line is no loss: `objet ; marque ; série ou IMEI ; valeur ; assurance`, of which the object alone is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotALoss {
    #[error("the line has more than the five parts `objet ; marque ; série ou IMEI ; valeur ; assurance`")]
    Parts,
    #[error("the object is empty")]
    Empty,
    #[error("the check digit of the IMEI does not agree; read it again (*#06#)")]
    Imei,
    #[error("the value is no amount in euros")]
    Value,
}

impl Loss {
    pub fn parse(line: &str) -> Result<Self, NotALoss> {
        let parts: Vec<&str> = line.split(';').map(str::trim).collect();
        let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
        if parts.len() > 5 {
            return Err(NotALoss::Parts);
        }
        Ok(Self {
            object: part(0).ok_or(NotALoss::Empty)?.to_owned(),
            make: part(1).map(str::to_owned),
            mark: part(2).map(mark).transpose()?,
            value_cents: part(3).map(cents).transpose()?,
            insured: part(4).map(str::to_owned),
        })
    }
}

/// Fifteen digits are an IMEI, and have to agree; anything else is a serial number.
fn mark(text: &str) -> Result<Mark, NotALoss> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/'))
        .collect();
    if digits.len() != 15 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Mark::Serial(text.to_owned()));
    }
    if luhn(&digits) {
        Ok(Mark::Imei(digits))
    } else {
        Err(NotALoss::Imei)
    }
}

/// `1 200`, `89,90 €`: euros, with cents after a comma or a point.
fn cents(text: &str) -> Result<u64, NotALoss> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '€' | '\u{a0}' | '\u{202f}'))
        .collect();
    let (euros, cents) = match plain.split_once([',', '.']) {
        Some((euros, cents)) => (euros, cents),
        None => (plain.as_str(), "0"),
    };
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_number(euros, 12) || !is_number(cents, 2) {
        return Err(NotALoss::Value);
    }
    let tens = if cents.len() == 1 { 10 } else { 1 };
    let read = |text: &str| text.parse::<u64>().map_err(|_| NotALoss::Value);
    Ok(read(euros)? * 100 + read(cents)? * tens)
}

/// What the body suffered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Injuries {
    /// As the victim says and the officer sees.
    #[n(0)]
    pub told: Sensitive<String>,
    /// Incapacité totale de travail that a physician fixed, in days.
    #[n(1)]
    pub itt_days: Option<u16>,
    #[n(2)]
    pub examination: Examination,
}

/// What becomes of the medical examination: asked for, or refused with the victim's words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub enum Examination {
    #[n(0)]
    #[default]
    NotAsked,
    #[n(1)]
    Required(#[n(0)] Requisition),
    #[n(2)]
    Refused(#[n(0)] Sensitive<String>),
}

/// A requisition to the medico-legal unit (60 or 77-1 CPP).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Requisition {
    /// Of flagrance by the OPJ, else of the prosecutor.
    #[n(0)]
    pub authority: String,
    #[n(1)]
    pub at: UnixMs,
    /// Where it is known, the requisition is drawn up with the complaint.
    #[n(2)]
    pub frame: Option<RequisitionFrame>,
    /// The unit that is asked.
    #[n(3)]
    pub unit: Option<String>,
    /// Who requires, or controls who does.
    #[n(4)]
    pub opj: Option<Matricule>,
    /// What the physician is asked besides what every examination is asked for.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub mission: Vec<String>,
}

/// Under which article an examination is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RequisitionFrame {
    /// 60 CPP: by an OPJ, or an APJ under their control.
    #[n(0)]
    Flagrance,
    /// 77-1 CPP: by the prosecutor, or on their authorisation.
    #[n(1)]
    Preliminary,
}

impl RequisitionFrame {
    pub const ALL: [Self; 2] = [Self::Flagrance, Self::Preliminary];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Flagrance => "FLAGRANCE",
            Self::Preliminary => "PRELIMINAIRE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|frame| frame.code() == code)
    }
}

/// Everything that a complaint says of the facts besides the account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Facts {
    #[n(0)]
    pub period: Option<Period>,
    #[n(1)]
    pub modus: Option<String>,
    #[n(2)]
    pub weapon: Option<String>,
    #[n(3)]
    pub discrimination: Option<Discrimination>,
    #[n(4)]
    pub link: Option<SuspectLink>,
    /// One each: name and how to reach them.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub witnesses: Vec<Sensitive<String>>,
    #[cbor(n(6), default, skip_if = "Vec::is_empty")]
    pub losses: Vec<Loss>,
    #[n(7)]
    pub vehicle: Option<Plate>,
    #[n(8)]
    pub injuries: Option<Injuries>,
    /// Violence, whatever its kind.
    #[n(9)]
    pub violence: Option<bool>,
    #[n(10)]
    pub sexual: Option<bool>,
    #[n(11)]
    pub place: Option<Place>,
}

impl Facts {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The whole of what the losses are worth, where the victim says it of any.
    pub fn worth_cents(&self) -> Option<u64> {
        let values: Vec<u64> = self.losses.iter().filter_map(|loss| loss.value_cents).collect();
        (!values.is_empty()).then(|| values.into_iter().fold(0, u64::saturating_add))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_has_an_object_and_what_is_known_of_it() {
        let phone = Loss::parse("téléphone ; Pixel 8 ; 49-015420-323751-8 ; 1 200 ; MAIF 12").unwrap();
        assert_eq!(phone.mark, Some(Mark::Imei("490154203237518".to_owned())));
        assert_eq!(phone.value_cents, Some(120_000));
        assert_eq!(phone.insured.as_deref(), Some("MAIF 12"));
        let bicycle = Loss::parse("vélo ; ; BC-1234 ; 89,9 €").unwrap();
        assert_eq!(bicycle.mark, Some(Mark::Serial("BC-1234".to_owned())));
        assert_eq!((bicycle.make, bicycle.value_cents), (None, Some(8_990)));
        assert_eq!(Loss::parse("vélo").unwrap().value_cents, None);
    }

    #[test]
    fn a_wrong_imei_a_wrong_amount_and_no_object_are_told_apart() {
        assert_eq!(Loss::parse("téléphone ; ; 490154203237519"), Err(NotALoss::Imei));
        assert_eq!(Loss::parse("vélo ; ; ; beaucoup"), Err(NotALoss::Value));
        assert_eq!(Loss::parse("vélo ; ; ; -5"), Err(NotALoss::Value));
        assert_eq!(Loss::parse(" ; Peugeot"), Err(NotALoss::Empty));
        assert_eq!(Loss::parse("a;b;c;1;e;f"), Err(NotALoss::Parts));
    }

    #[test]
    fn what_is_lost_is_added_up_where_anything_is_known() {
        let mut facts = Facts::default();
        assert_eq!(facts.worth_cents(), None);
        facts.losses = ["vélo ; ; ; 100", "casque", "pompe ; ; ; 9,50"]
            .map(|line| Loss::parse(line).unwrap())
            .to_vec();
        assert_eq!(facts.worth_cents(), Some(10_950));
    }
}

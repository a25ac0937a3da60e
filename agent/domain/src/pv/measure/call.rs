//! A call: domestic violence at the home, and the report of what came of an intervention.

use minicbor::{Decode, Encode};

use crate::intervention::{Intervention, OperationsNumber, Outcome};
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};

/// Whether anybody opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Door {
    #[n(0)]
    Opened,
    /// Nobody answers: neighbours are heard, the call is written down all the same.
    #[n(1)]
    Closed,
    /// Somebody calls for help inside.
    #[n(2)]
    Forced,
}

impl Door {
    pub const ALL: [Self; 3] = [Self::Opened, Self::Closed, Self::Forced];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Opened => "OUVERT",
            Self::Closed => "PERSONNE",
            Self::Forced => "FORCE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What became of the danger grid; its answers stand in the complaint, never here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum GridState {
    #[n(0)]
    Filled,
    #[n(1)]
    Declined,
    /// The victim is in no state, or not alone.
    #[n(2)]
    Later,
}

impl GridState {
    pub const ALL: [Self; 3] = [Self::Filled, Self::Declined, Self::Later];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Filled => "FAITE",
            Self::Declined => "REFUSEE",
            Self::Later => "DIFFEREE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What the victim wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Wish {
    #[n(0)]
    Complaint,
    #[n(1)]
    MainCourante,
    /// Neither: the act is written, and an arrest does not depend on it.
    #[n(2)]
    Nothing,
}

impl Wish {
    pub const ALL: [Self; 3] = [Self::Complaint, Self::MainCourante, Self::Nothing];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Complaint => "PLAINTE",
            Self::MainCourante => "MAIN-COURANTE",
            Self::Nothing => "AUCUNE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Somebody in the home, children among them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Present {
    #[n(0)]
    pub who: Sensitive<String>,
    /// Victim, author, child, witness.
    #[n(1)]
    pub role: String,
    /// Birth or age, as stated.
    #[n(2)]
    pub born: String,
}

impl Present {
    /// `qui ; rôle ; naissance ou âge`; the last may be missing.
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let (who, role) = (parts.next()?, parts.next()?);
        let born = parts.next().unwrap_or_default();
        let whole = !who.is_empty() && !role.is_empty() && parts.next().is_none();
        whole.then(|| Self {
            who: who.into(),
            role: role.to_owned(),
            born: born.to_owned(),
        })
    }
}

/// A call for domestic violence.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HomeCall {
    #[n(0)]
    pub arrived: UnixMs,
    #[n(1)]
    pub door: Door,
    /// The parties were heard apart; absent where nobody opened.
    #[n(2)]
    pub apart: Option<bool>,
    #[n(3)]
    pub present: Vec<Present>,
    /// Blows, things broken, what is heard: as seen.
    #[n(4)]
    pub signs: String,
    #[n(5)]
    pub grid: Option<GridState>,
    /// The discreet card of who helps was handed over.
    #[n(6)]
    pub card: Option<bool>,
    #[n(7)]
    pub wish: Option<Wish>,
}

/// The report of an intervention, its hours as the terminal noted them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CompteRendu {
    #[n(0)]
    pub number: Option<OperationsNumber>,
    #[n(1)]
    pub opened: UnixMs,
    #[n(2)]
    pub on_scene: Option<UnixMs>,
    #[n(3)]
    pub over: UnixMs,
    #[n(4)]
    pub outcome: Outcome,
}

impl CompteRendu {
    /// What an intervention says by itself: when, where, on whose call, and the acts that were drawn up; the officer adds
    /// what happened.
    pub fn account(intervention: &Intervention, acts: &[String]) -> String {
        let hour = |at: &Timestamp| {
            let at = at.local();
            format!("{:02} h {:02}", at.hour(), at.minute())
        };
        let called = match &intervention.number {
            Some(number) => format!("Sur appel du centre, intervention n° {},", number.as_str()),
            None => "D’initiative,".to_owned(),
        };
        let arrived = match &intervention.on_scene {
            Some(at) => format!(" Nous sommes sur place à {}.", hour(at)),
            None => String::new(),
        };
        let begun = hour(&intervention.opened);
        let place = &intervention.place.address;
        let mut account = format!("{called} à {begun}, nous intervenons : {place}.{arrived}");
        if !acts.is_empty() {
            account.push_str("\n\nActes établis : ");
            account.push_str(&acts.join(" ; "));
            account.push('.');
        }
        account
    }

    /// The outcome that a form names.
    pub fn outcome(code: &str) -> Option<Outcome> {
        match code {
            "RIEN" => Some(Outcome::NothingToReport),
            "ACTES" => Some(Outcome::ActsDrawnUp),
            "REMISE" => Some(Outcome::HandedOver),
            _ => None,
        }
    }
}

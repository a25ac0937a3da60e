//! The recueil de renseignements: a note with a purpose and a short term of its own, which no other file takes from.
//!
//! CE 13 April 2021 n° 439360 annulled the transfer of such notes to other files; no function here gives one away.

use minicbor::{Decode, Encode};

use crate::officer::Corps;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

/// Why a note is taken, in the decree's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum NotePurpose {
    #[n(0)]
    Prevention,
    #[n(1)]
    Investigation,
    #[n(2)]
    Assistance,
}

impl NotePurpose {
    pub const ALL: [Self; 3] = [Self::Prevention, Self::Investigation, Self::Assistance];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Prevention => "PREVENTION",
            Self::Investigation => "ENQUETE",
            Self::Assistance => "ASSISTANCE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

/// Who may take notes, and how long they stay: signed reference data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NotePolicy {
    /// The corps whose officers take notes; the decree authorises the gendarmerie alone.
    #[n(0)]
    pub corps: Vec<Corps>,
    /// Calendar months, 1 to 12.
    #[n(1)]
    pub months: u8,
}

impl Default for NotePolicy {
    fn default() -> Self {
        Self {
            corps: vec![Corps::GendarmerieNationale],
            months: 3,
        }
    }
}

impl NotePolicy {
    pub fn allows(&self, corps: Corps) -> bool {
        self.corps.contains(&corps)
    }

    /// Calendar months that a note stays, never longer than a year.
    pub fn months(&self) -> u8 {
        self.months.clamp(1, 12)
    }
}

/// The body of a note.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Note {
    #[n(0)]
    pub purpose: NotePurpose,
    #[n(1)]
    pub subject: Sensitive<String>,
    #[n(2)]
    pub place: Place,
    #[n(3)]
    pub paragraphs: Vec<Sensitive<String>>,
    #[n(4)]
    pub started: Timestamp,
}

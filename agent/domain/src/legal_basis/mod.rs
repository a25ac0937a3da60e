//! The legal frame of an act: which text allows it, to whom, and what the act must carry.
//!
//! The codes are the program's; what each text asks is data with days of validity ([`BasisTable`]), so that a change of
//! the law is another edition and no other program.

mod basis;
mod file;
mod frame;
mod table;

use minicbor::{Decode, Encode};

pub use basis::CheckBasis;
pub use file::{BasisFault, MAX_FILE};
pub use frame::{BasisRefusal, CheckFrame, Cited, PlaceVerdict, Situation};
pub use table::{BasisRow, BasisTable, Grounds, Longest, Unsound};

/// The frame of a general PV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PvFrame {
    /// Articles 53 and following CPP.
    #[n(0)]
    Flagrance,
    /// Articles 75 and following CPP.
    #[n(1)]
    Preliminaire,
    /// Administrative police, without a judicial frame.
    #[n(2)]
    Administratif,
}

impl PvFrame {
    pub const ALL: [Self; 3] = [Self::Flagrance, Self::Preliminaire, Self::Administratif];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Flagrance => "FLAGRANCE",
            Self::Preliminaire => "PRELIMINAIRE",
            Self::Administratif => "ADMINISTRATIF",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|frame| frame.code() == code)
    }

    pub const fn citation(self) -> &'static str {
        match self {
            Self::Flagrance => "articles 53 et suivants du Code de procédure pénale",
            Self::Preliminaire => "articles 75 et suivants du Code de procédure pénale",
            Self::Administratif => "cadre administratif",
        }
    }
}

/// The frame in which a file is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum QueryFrame {
    #[n(0)]
    Check(#[n(0)] CheckBasis),
    #[n(1)]
    Procedure(#[n(0)] PvFrame),
    /// "Urgence, à compléter": the officer names the text afterwards, and before the act is signed.
    #[n(2)]
    Urgent,
}

impl QueryFrame {
    /// Whether it is of judicial police: an offence, one that is prepared, an order or a réquisition of a magistrate.
    pub const fn is_judicial(self) -> bool {
        match self {
            Self::Check(basis) => basis.is_judicial(),
            Self::Procedure(frame) => match frame {
                PvFrame::Flagrance | PvFrame::Preliminaire => true,
                PvFrame::Administratif => false,
            },
            // Nobody has said yet that there is one.
            Self::Urgent => false,
        }
    }

    /// The short code that forms and logs keep.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Check(basis) => basis.code(),
            Self::Procedure(frame) => frame.code(),
            Self::Urgent => "URGENCE",
        }
    }
}

//! The texts under which an identity, a document or a vehicle is checked, by code.

use minicbor::{Decode, Encode};

/// A text that this program knows how to apply. Numbers are stable: new codes go at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CheckBasis {
    /// 78-2 al. 2 CPP: has committed or attempted an offence.
    #[n(0)]
    Ci2,
    /// 78-2 al. 3: prepares a crime or délit.
    #[n(1)]
    Ci3,
    /// 78-2 al. 4: may give useful information on a crime or délit.
    #[n(2)]
    Ci4,
    /// 78-2 al. 5: has breached obligations or measures.
    #[n(3)]
    Ci5,
    /// 78-2 al. 6: sought by order of a judicial authority.
    #[n(4)]
    Ci6,
    /// 78-2 al. 7: written réquisitions of the prosecutor.
    #[n(5)]
    Ci7,
    /// 78-2 al. 8: to prevent a breach of public order.
    #[n(6)]
    Ci8,
    /// R.233-1 Code de la route: roadside documents.
    #[n(7)]
    Route,
    /// 78-6 CPP: statement of identity by an APJA, to report a contravention.
    #[n(8)]
    Releve,
    /// 78-2 al. 9 to 17: border bands, ports, airports, stations; the act names the alinéa.
    #[n(9)]
    Ci9,
    /// 78-2-1: professional premises.
    #[n(10)]
    CiPro,
    /// 78-2-2: réquisitions for identity, vehicles and bags.
    #[n(11)]
    CiReqV,
    /// 78-2-3: visit of a vehicle in flagrance.
    #[n(12)]
    VehFlag,
    /// 78-2-4: prevention of a grave harm.
    #[n(13)]
    PrevV,
    /// 78-2-5: demonstrations.
    #[n(14)]
    Manif,
    /// L.812-2, 1° CESEDA: title of residence, on elements external to the person.
    #[n(15)]
    Etr1,
    /// L.812-2, 2° CESEDA: title of residence, after a check.
    #[n(16)]
    Etr2,
    /// 78-3 CPP: an act of its own, [`crate::verification`].
    #[n(17)]
    Verif,
    /// 78-3-1 CPP: vérification de situation.
    #[n(18)]
    Terro,
}

impl CheckBasis {
    pub const ALL: [Self; 19] = [
        Self::Ci2,
        Self::Ci3,
        Self::Ci4,
        Self::Ci5,
        Self::Ci6,
        Self::Ci7,
        Self::Ci8,
        Self::Ci9,
        Self::CiPro,
        Self::CiReqV,
        Self::VehFlag,
        Self::PrevV,
        Self::Manif,
        Self::Route,
        Self::Releve,
        Self::Etr1,
        Self::Etr2,
        Self::Verif,
        Self::Terro,
    ];

    /// The short code that forms, drafts and tables keep.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ci2 => "CI-2",
            Self::Ci3 => "CI-3",
            Self::Ci4 => "CI-4",
            Self::Ci5 => "CI-5",
            Self::Ci6 => "CI-6",
            Self::Ci7 => "CI-7",
            Self::Ci8 => "CI-8",
            Self::Ci9 => "CI-9",
            Self::CiPro => "CI-PRO",
            Self::CiReqV => "CI-REQ-V",
            Self::VehFlag => "VEH-FLAG",
            Self::PrevV => "PREV-V",
            Self::Manif => "MANIF",
            Self::Route => "ROUTE",
            Self::Releve => "RELEVE",
            Self::Etr1 => "ETR-1",
            Self::Etr2 => "ETR-2",
            Self::Verif => "VERIF",
            Self::Terro => "TERRO",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }

    /// Whether it is of judicial police: an offence, one that is prepared, an order or a réquisition of a magistrate.
    pub const fn is_judicial(self) -> bool {
        match self {
            Self::Ci2
            | Self::Ci3
            | Self::Ci4
            | Self::Ci5
            | Self::Ci6
            | Self::Ci7
            | Self::CiPro
            | Self::CiReqV
            | Self::VehFlag
            | Self::Manif => true,
            Self::Ci8
            | Self::Ci9
            | Self::PrevV
            | Self::Route
            | Self::Releve
            | Self::Etr1
            | Self::Etr2
            | Self::Verif
            | Self::Terro => false,
        }
    }
}

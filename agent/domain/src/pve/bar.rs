//! Why the rules refuse a forfait, and where the officer goes from there.

use crate::identity::CivilDate;
use crate::natinf::Natinf;

/// A rule that stands against one offence, or against the whole act when `offence` is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Barred {
    pub offence: Option<Natinf>,
    pub bar: Bar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    NoOffence,
    /// The same code twice.
    Twice,
    UnknownNatinf,
    NotInForceYet {
        from: CivilDate,
    },
    Outdated {
        successor: Option<Natinf>,
    },
    Delit,
    /// A contravention until the day before.
    DelitSince {
        from: CivilDate,
    },
    Crime,
    /// Of class 1 to 4 and not listed in R.48-1 I CPP.
    NotForfaitisable,
    /// Of class 5 and not listed in R.48-1 II CPP.
    Class5NotListed,
    /// Nobody has held the offence against R.48-1 CPP.
    Unchecked,
    /// The reference data has no amount for that day.
    NoAmount,
    /// Seen with one that only a court can settle (529 CPP).
    Simultaneous {
        with: Natinf,
    },
    /// The holder does not answer for it: neither R.121-6 nor L.121-2 Code de la route.
    NotWithoutInterception,
    /// The person was stopped and nothing says who it is.
    IdentityMissing,
    /// Without a birth date nobody knows whether a forfait may be proposed.
    AgeUnknown,
    /// Thirteen or younger.
    Child,
    /// This quality may not note a délit.
    QualityNotEmpowered,
    /// Only a vehicle that is not registered owes the paper.
    RegisteredVehicle,
    /// The offence needs a reading that was not taken.
    ParameterMissing,
    /// The reading, margin taken off, is not this offence.
    OutsideMeasure,
    /// The limit is for probationary licences or public transport, and this is neither.
    LimitOfOthers,
}

/// What the officer can do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Complete or correct the form.
    Correct,
    /// Note this code.
    Use(Natinf),
    /// A general PV, for the court or the prosecutor.
    GeneralPv,
    /// A report to an OPJ, whose quality it takes.
    Report,
    /// There is no offence to note.
    Nothing,
}

impl Bar {
    pub const fn way(self) -> Way {
        match self {
            Self::Outdated {
                successor: Some(successor),
            } => Way::Use(successor),
            Self::NoOffence
            | Self::Twice
            | Self::UnknownNatinf
            | Self::NotInForceYet { .. }
            | Self::Outdated { successor: None }
            | Self::IdentityMissing
            | Self::AgeUnknown
            | Self::ParameterMissing
            | Self::OutsideMeasure
            | Self::LimitOfOthers => Way::Correct,
            Self::Delit
            | Self::DelitSince { .. }
            | Self::Crime
            | Self::NotForfaitisable
            | Self::Class5NotListed
            | Self::Unchecked
            | Self::NoAmount
            | Self::Simultaneous { .. }
            | Self::Child => Way::GeneralPv,
            Self::QualityNotEmpowered => Way::Report,
            Self::NotWithoutInterception | Self::RegisteredVehicle => Way::Nothing,
        }
    }
}

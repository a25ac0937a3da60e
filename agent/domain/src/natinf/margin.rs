//! What is taken off a reading before it is compared: the maximal error of the instrument, in the driver's favour.

use minicbor::{Decode, Encode};

use super::dated::Validity;
use crate::identity::CivilDate;

/// What measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Instrument {
    /// Cinémomètre at a fixed post, km/h.
    #[n(0)]
    Fixed,
    /// Cinémomètre held in hand: a fixed post (arrêté du 4 juin 2009, article 6), km/h.
    #[n(1)]
    Handheld,
    /// Cinémomètre in a moving vehicle, km/h.
    #[n(2)]
    Moving,
    /// Éthylomètre, micrograms of alcohol per litre of exhaled air.
    #[n(3)]
    Breath,
}

impl Instrument {
    pub const ALL: [Self; 4] = [Self::Fixed, Self::Handheld, Self::Moving, Self::Breath];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Fixed => "FIXE",
            Self::Handheld => "MAIN",
            Self::Moving => "MOBILE",
            Self::Breath => "AIR",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|instrument| instrument.code() == code)
    }
}

/// One step of an instrument's margin: for readings up to `up_to`, and no lower step's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Margin {
    #[n(0)]
    pub instrument: Instrument,
    /// Last reading of the step, in the instrument's unit; absent on the last step.
    #[n(1)]
    pub up_to: Option<u32>,
    /// In the instrument's unit.
    #[n(2)]
    pub flat: u32,
    #[n(3)]
    pub percent: u8,
    #[n(4)]
    pub validity: Validity,
    #[n(5)]
    pub source: String,
}

impl Margin {
    /// What is retained of `reading`; what does not fall on a whole unit is rounded down, in the driver's favour.
    fn retained(&self, reading: u32) -> u32 {
        let kept = u64::from(reading) * u64::from(100 - self.percent.min(100)) / 100;
        let kept = u32::try_from(kept).unwrap_or(u32::MAX);
        kept.saturating_sub(self.flat)
    }
}

/// What is retained of `reading` on `day`; none when no margin is known, and then nothing is retained.
pub(super) fn retained(
    margins: &[Margin],
    instrument: Instrument,
    reading: u32,
    day: CivilDate,
) -> Option<u32> {
    margins
        .iter()
        .filter(|margin| margin.instrument == instrument && margin.validity.holds(day))
        .filter(|margin| margin.up_to.is_none_or(|up_to| reading <= up_to))
        .min_by_key(|margin| margin.up_to.unwrap_or(u32::MAX))
        .map(|margin| margin.retained(reading))
}

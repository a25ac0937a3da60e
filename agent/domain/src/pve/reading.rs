//! What an instrument read, and what the law retains of it.

use minicbor::{Decode, Encode};

use crate::identity::CivilDate;
use crate::natinf::{InForce, Instrument};

/// A speed, in km/h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SpeedReading {
    #[n(0)]
    pub limit: u16,
    #[n(1)]
    pub measured: u16,
    #[n(2)]
    pub device: Instrument,
    /// Measured less the margin, rounded down.
    #[n(3)]
    pub retained: u16,
}

impl SpeedReading {
    /// None when `device` measures no speed, or when the law of the day knows no margin for it.
    pub fn new(limit: u16, measured: u16, device: Instrument, law: InForce<'_>) -> Option<Self> {
        match device {
            Instrument::Fixed | Instrument::Handheld | Instrument::Moving => {}
            Instrument::Breath => return None,
        }
        let retained = law.retained(device, u32::from(measured))?;
        Some(Self {
            limit,
            measured,
            device,
            retained: u16::try_from(retained).ok()?,
        })
    }

    /// Retained speed over the limit; 0 when there is no excess.
    pub const fn excess(&self) -> u16 {
        self.retained.saturating_sub(self.limit)
    }
}

/// Alcohol in exhaled air, in micrograms per litre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlcoholReading {
    #[n(0)]
    pub first: u32,
    /// The second blow, a right of the driver.
    #[n(1)]
    pub second: Option<u32>,
    /// The lower blow less the margin, rounded down.
    #[n(2)]
    pub retained: u32,
}

impl AlcoholReading {
    /// None when the law of the day knows no margin.
    pub fn new(first: u32, second: Option<u32>, law: InForce<'_>) -> Option<Self> {
        let lower = second.map_or(first, |second| second.min(first));
        Some(Self {
            first,
            second,
            retained: law.retained(Instrument::Breath, lower)?,
        })
    }

    /// Whether what is retained is what that law retains of these blows.
    pub fn holds(&self, law: InForce<'_>) -> bool {
        Self::new(self.first, self.second, law) == Some(*self)
    }
}

/// What an offence is noted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Parameter {
    #[n(0)]
    Speed(#[n(0)] SpeedReading),
    #[n(1)]
    Alcohol(#[n(0)] AlcoholReading),
    /// Papers to be shown later.
    #[n(2)]
    Documents {
        #[n(0)]
        due: CivilDate,
    },
}

//! What a reading must be for an offence to be this one and not its neighbour.

use minicbor::{Decode, Encode};

/// The speed limits that an offence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SpeedZone {
    #[n(0)]
    Any,
    #[n(1)]
    UpTo50,
    #[n(2)]
    Above50,
}

impl SpeedZone {
    pub const fn covers(self, limit: u16) -> bool {
        match self {
            Self::Any => true,
            Self::UpTo50 => limit <= 50,
            Self::Above50 => limit > 50,
        }
    }
}

/// Whose limit of alcohol it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum AlcoholLimit {
    /// Every driver.
    #[n(0)]
    General,
    /// Holder of a probationary licence.
    #[n(1)]
    Probationary,
    /// Driver of a public transport vehicle.
    #[n(2)]
    PublicTransport,
}

/// The range of an offence; the lower end belongs to it, the upper does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Measure {
    /// Excess of the retained speed over the limit, km/h. A range from 0 begins above 0.
    #[n(0)]
    Speed {
        #[n(0)]
        zone: SpeedZone,
        #[n(1)]
        from: u16,
        #[n(2)]
        until: Option<u16>,
    },
    /// Retained alcohol, micrograms per litre of exhaled air.
    #[n(1)]
    Alcohol {
        #[n(0)]
        limit: AlcoholLimit,
        #[n(1)]
        from: u32,
        #[n(2)]
        until: Option<u32>,
    },
    /// Papers that may be shown later, within so many days.
    #[n(2)]
    Documents {
        #[n(0)]
        days: u8,
    },
}

impl Measure {
    /// Reads `V<=50:5-20`, `V>50:5-20`, `V:50-`, `A:250-400`, `A-PROBATOIRE:100-400`, `A-TCP:100-400`, `DOC:5`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, range) = text.split_once(':')?;
        if kind == "DOC" {
            return Some(Self::Documents {
                days: range.parse().ok()?,
            });
        }
        let (from, until) = range.split_once('-')?;
        let speed = |zone| {
            Some(Self::Speed {
                zone,
                from: from.parse().ok()?,
                until: until.parse().ok(),
            })
        };
        let alcohol = |limit| {
            Some(Self::Alcohol {
                limit,
                from: from.parse().ok()?,
                until: until.parse().ok(),
            })
        };
        match kind {
            "V" => speed(SpeedZone::Any),
            "V<=50" => speed(SpeedZone::UpTo50),
            "V>50" => speed(SpeedZone::Above50),
            "A" => alcohol(AlcoholLimit::General),
            "A-PROBATOIRE" => alcohol(AlcoholLimit::Probationary),
            "A-TCP" => alcohol(AlcoholLimit::PublicTransport),
            _ => None,
        }
    }

    /// Whether an excess of `excess` km/h over `limit` is this offence.
    pub(crate) fn is_speed(self, limit: u16, excess: u16) -> bool {
        match self {
            Self::Speed { zone, from, until } => {
                zone.covers(limit) && excess > 0 && from <= excess && until.is_none_or(|until| excess < until)
            }
            Self::Alcohol { .. } | Self::Documents { .. } => false,
        }
    }

    /// Whether `retained` micrograms per litre are this offence, for those whose limit it is.
    pub(crate) fn is_alcohol(self, retained: u32) -> bool {
        match self {
            Self::Alcohol { from, until, .. } => {
                from <= retained && until.is_none_or(|until| retained < until)
            }
            Self::Speed { .. } | Self::Documents { .. } => false,
        }
    }

    /// Whose limit of alcohol it is about.
    pub(crate) const fn limit(self) -> Option<AlcoholLimit> {
        match self {
            Self::Alcohol { limit, .. } => Some(limit),
            Self::Speed { .. } | Self::Documents { .. } => None,
        }
    }
}

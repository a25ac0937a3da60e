//! When something happened: the wall clock as a claim, beside what cannot be turned back.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use minicbor::{Decode, Encode};

use crate::id::BootId;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct UnixMs(#[n(0)] pub i64);

impl UnixMs {
    pub const DAY: i64 = 86_400_000;

    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The civil date and time at `offset_min` minutes east of UTC; the epoch itself when out of range.
    pub fn civil(self, offset_min: i16) -> DateTime {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let offset = Offset::from_seconds(i32::from(offset_min) * 60).unwrap_or(Offset::UTC);
        offset.to_datetime(instant)
    }
}

/// The time zones of the French territories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Zone {
    #[n(0)]
    Paris,
    #[n(1)]
    Guadeloupe,
    #[n(2)]
    Martinique,
    #[n(3)]
    Guyane,
    #[n(4)]
    Reunion,
    #[n(5)]
    Mayotte,
    #[n(6)]
    NouvelleCaledonie,
    #[n(7)]
    Polynesie,
    #[n(8)]
    WallisEtFutuna,
    #[n(9)]
    SaintPierreEtMiquelon,
}

impl Zone {
    /// The zone's name in the IANA database.
    pub const fn iana(self) -> &'static str {
        match self {
            Self::Paris => "Europe/Paris",
            Self::Guadeloupe => "America/Guadeloupe",
            Self::Martinique => "America/Martinique",
            Self::Guyane => "America/Cayenne",
            Self::Reunion => "Indian/Reunion",
            Self::Mayotte => "Indian/Mayotte",
            Self::NouvelleCaledonie => "Pacific/Noumea",
            Self::Polynesie => "Pacific/Tahiti",
            Self::WallisEtFutuna => "Pacific/Wallis",
            Self::SaintPierreEtMiquelon => "America/Miquelon",
        }
    }
}

/// A moment on the terminal. `utc` is what its clock claims; `boot` and `mono_ms` order moments of one start
/// whatever happens to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Timestamp {
    #[n(0)]
    pub utc: UnixMs,
    #[n(1)]
    pub zone: Zone,
    /// Minutes east of UTC in `zone` at `utc`.
    #[n(2)]
    pub offset_min: i16,
    #[n(3)]
    pub boot: BootId,
    /// Milliseconds since the start `boot`.
    #[n(4)]
    pub mono_ms: u64,
}

impl Timestamp {
    /// The local civil date and time, as an act prints it.
    pub fn local(&self) -> DateTime {
        self.utc.civil(self.offset_min)
    }

    /// The civil date and time of another moment where this one is: an hour of the summer stays one in winter.
    pub fn civil_of(&self, at: UnixMs) -> DateTime {
        let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        match TimeZone::get(self.zone.iana()) {
            Ok(rules) => rules.to_datetime(instant),
            Err(_) => at.civil(self.offset_min),
        }
    }

    /// `JJ/MM/AAAA HH:MM`, as fields take it.
    pub fn as_typed(&self) -> String {
        let at = self.local();
        format!(
            "{:02}/{:02}/{:04} {:02}:{:02}",
            at.day(),
            at.month(),
            at.year(),
            at.hour(),
            at.minute()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_in_paris_in_winter_is_one_hour_ahead_of_utc() {
        let at = Timestamp {
            utc: UnixMs(1_795_284_300_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([1; 16]),
            mono_ms: 5,
        };
        assert_eq!(at.local().to_string(), "2026-11-21T19:05:00");
    }
}

//! How long something may be kept, and when its key must be destroyed. Periods are data, deadlines are computed.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::time::{Timestamp, UnixMs};

/// A period of the law, with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Term {
    /// CSI R.241-4: one calendar month from the day of recording.
    #[n(0)]
    Footage,
    /// 78-3 CPP: six months without judicial follow-up.
    #[n(1)]
    IdentityVerification,
    /// CSI R.241-5: three years.
    #[n(2)]
    ConsultationLog,
    /// A recueil de renseignements: three months, unless signed reference data says otherwise.
    #[n(3)]
    Note,
}

impl Term {
    const fn months(self) -> i32 {
        match self {
            Self::Footage => 1,
            Self::IdentityVerification => 6,
            Self::ConsultationLog => 36,
            Self::Note => 3,
        }
    }

    /// The end of the last day on which it may be kept, in the local zone of `from`.
    pub fn deadline(self, from: &Timestamp) -> UnixMs {
        months_after(from, self.months())
    }
}

/// What HQ signs when 78-3 CPP or CSI R.241-4 had it destroy a record: that something is gone, and nothing of what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Destruction {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// HMAC-SHA-256, under a salt of its own, of the SHA-256 of the record's COSE_Sign1.
    #[n(1)]
    pub commitment: Digest,
    #[n(2)]
    pub term: Term,
    /// When the term ended.
    #[n(3)]
    pub until: UnixMs,
    /// When the record went, HQ's clock.
    #[n(4)]
    pub at: UnixMs,
}

impl Destruction {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-destruction+cbor;v=1";
}

/// The end of the day `months` calendar months after `from`, in its local zone. A month without that day ends on its
/// last one: what is recorded on 31 January goes at the end of February. The day ends by the clocks of that day, which
/// may have changed between summer and winter.
pub(crate) fn months_after(from: &Timestamp, months: i32) -> UnixMs {
    let day: Date = from.civil_of(from.utc).date();
    let months = jiff::Span::new().months(months);
    let last = day.checked_add(months).unwrap_or(Date::MAX);
    let end = DateTime::from_parts(last, Time::constant(23, 59, 59, 999_000_000));
    let ended = match TimeZone::get(from.zone.iana()) {
        Ok(rules) => rules.to_timestamp(end),
        Err(_) => {
            let offset = Offset::from_seconds(i32::from(from.offset_min) * 60).unwrap_or(Offset::UTC);
            offset.to_timestamp(end)
        }
    };
    ended.map_or(UnixMs(i64::MAX), |at| UnixMs(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::BootId;
    use crate::time::Zone;

    #[track_caller]
    fn footage_of(day: &str) -> String {
        let noon: DateTime = format!("{day}T12:00:00").parse().unwrap();
        let utc = UnixMs(Offset::UTC.to_timestamp(noon).unwrap().as_millisecond());
        let from = Timestamp {
            utc,
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([0; 16]),
            mono_ms: 0,
        };
        Term::Footage.deadline(&from).civil(60).date().to_string()
    }

    #[test]
    fn csi_r241_4_a_month_is_a_calendar_month_not_thirty_days() {
        assert_eq!(footage_of("2026-02-01"), "2026-03-01");
        assert_eq!(footage_of("2026-01-31"), "2026-02-28");
        assert_eq!(footage_of("2028-01-31"), "2028-02-29");
        assert_eq!(footage_of("2026-11-21"), "2026-12-21");
    }

    /// The end of the term of a recording that began at this moment, by the clocks of `zone`.
    #[track_caller]
    fn ends(zone: Zone, began: &str, offset_min: i16) -> String {
        let utc = began.parse::<jiff::Timestamp>().unwrap();
        let from = Timestamp {
            utc: UnixMs(utc.as_millisecond()),
            zone,
            offset_min,
            boot: BootId::from_bytes([0; 16]),
            mono_ms: 0,
        };
        let until = Term::Footage.deadline(&from);
        jiff::Timestamp::from_millisecond(until.0).unwrap().to_string()
    }

    #[test]
    fn csi_r241_4_the_last_day_ends_by_the_clocks_of_that_day() {
        // Summer begins on 29 March 2026 and ends on 25 October, in Paris alone.
        assert_eq!(
            ends(Zone::Paris, "2026-03-15T11:00:00Z", 60),
            "2026-04-15T21:59:59.999Z"
        );
        assert_eq!(
            ends(Zone::Paris, "2026-10-01T10:00:00Z", 120),
            "2026-11-01T22:59:59.999Z"
        );
        assert_eq!(
            ends(Zone::Reunion, "2026-10-01T10:00:00Z", 240),
            "2026-11-01T19:59:59.999Z"
        );
        assert_eq!(
            ends(Zone::Mayotte, "2026-03-15T11:00:00Z", 180),
            "2026-04-15T20:59:59.999Z"
        );
    }

    #[test]
    fn csi_r241_4_the_day_of_recording_is_the_day_where_it_was_recorded() {
        // Half past midnight on 1 February in Paris is still 31 January by the sun.
        assert_eq!(
            ends(Zone::Paris, "2026-01-31T23:30:00Z", 60),
            "2026-03-01T22:59:59.999Z"
        );
        assert_eq!(
            ends(Zone::Reunion, "2026-01-31T23:30:00Z", 240),
            "2026-03-01T19:59:59.999Z"
        );
        assert_eq!(
            ends(Zone::Martinique, "2026-02-01T02:30:00Z", -240),
            "2026-03-01T03:59:59.999Z"
        );
        // Taken in after the clocks changed: the offset of that moment says nothing of the day of the recording.
        assert_eq!(
            ends(Zone::Paris, "2026-10-24T22:30:00Z", 60),
            "2026-11-25T22:59:59.999Z"
        );
    }
}

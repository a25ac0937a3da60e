//! How long something may be kept, and when its key must be destroyed. Periods are data, deadlines are computed.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
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

/// What HQ signs when 78-3 CPP had it destroy a record: that something is gone, and nothing of what it was.
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
/// last one: what is recorded on 31 January goes at the end of February.
pub(crate) fn months_after(from: &Timestamp, months: i32) -> UnixMs {
    let day: Date = from.local().date();
    let months = jiff::Span::new().months(months);
    let last = day.checked_add(months).unwrap_or(Date::MAX);
    let end = DateTime::from_parts(last, Time::constant(23, 59, 59, 999_000_000));
    let offset = Offset::from_seconds(i32::from(from.offset_min) * 60).unwrap_or(Offset::UTC);
    offset
        .to_timestamp(end)
        .map_or(UnixMs(i64::MAX), |at| UnixMs(at.as_millisecond()))
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
}

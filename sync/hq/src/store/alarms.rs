//! Questions out of pattern, an hour to a line.

use domain::{DeviceId, OfficerId, UnixMs};

use super::{StoreError, Transaction, unsigned};
use crate::pattern::OutOfPattern;

const HOUR: i64 = 3_600_000;

/// What was out of pattern in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAlarm {
    pub device: DeviceId,
    /// None where the question does not read.
    pub officer: Option<OfficerId>,
    pub kind: OutOfPattern,
    pub first_at: UnixMs,
    pub last_at: UnixMs,
    pub times: u64,
}

impl Transaction<'_> {
    pub(crate) fn raise_alarm(
        &self,
        device: &DeviceId,
        officer: Option<OfficerId>,
        kind: OutOfPattern,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let officer = officer.map_or_else(Vec::new, |officer| officer.as_bytes().to_vec());
        self.execute(
            "INSERT INTO query_alarm (device, officer, kind, hour, first_at, last_at, times)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1)
                 ON CONFLICT (device, officer, kind, hour)
                 DO UPDATE SET last_at = excluded.last_at, times = query_alarm.times + 1",
            (
                device.as_str(),
                officer,
                kind.code(),
                now.0.div_euclid(HOUR) * HOUR,
                now.0,
            ),
            "raise an alarm",
        )
    }

    /// Every alarm, the newest first.
    pub fn query_alarms(&self) -> Result<Vec<QueryAlarm>, StoreError> {
        let rows = self.rows(
            "SELECT device, officer, kind, first_at, last_at, times FROM query_alarm
                 ORDER BY last_at DESC, device, officer, kind",
            (),
            "list alarms",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<Vec<u8>>(1)?,
                    row.get::<String>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<i64>(4)?,
                    row.get::<i64>(5)?,
                ))
            },
        )?;
        let corrupt = || StoreError::Corrupt { what: "query alarm" };
        let mut alarms = Vec::new();
        for (device, officer, kind, first_at, last_at, times) in rows {
            alarms.push(QueryAlarm {
                device: DeviceId::parse(&device).map_err(|_| corrupt())?,
                officer: match <[u8; 16]>::try_from(officer) {
                    Ok(bytes) => Some(OfficerId::from_bytes(bytes)),
                    Err(empty) if empty.is_empty() => None,
                    Err(_) => return Err(corrupt()),
                },
                kind: OutOfPattern::from_code(&kind).ok_or_else(corrupt)?,
                first_at: UnixMs(first_at),
                last_at: UnixMs(last_at),
                times: unsigned(times, "query alarm")?,
            });
        }
        Ok(alarms)
    }
}

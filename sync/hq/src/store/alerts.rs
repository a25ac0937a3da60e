//! Urgent alerts and the people who have them.

use domain::alert::Taken;
use domain::{ActId, DeviceId, EnvelopeId, UnixMs, decode, encode};

use super::{StoreError, Transaction};

/// An alert that reached headquarters; what it says is in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerted {
    pub alert: ActId,
    pub envelope: EnvelopeId,
    pub device: DeviceId,
    pub received_at: UnixMs,
    pub taken: Option<Taken>,
}

impl Transaction<'_> {
    /// Keeps the alert whose record came in `envelope`.
    pub fn insert_alert(
        &self,
        alert: ActId,
        envelope: EnvelopeId,
        device: &DeviceId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO alert (alert, envelope, device, received_at) VALUES (?1, ?2, ?3, ?4)",
            (alert.as_bytes(), envelope.as_bytes(), device.as_str(), now.0),
            "keep an alert",
        )
    }

    /// Somebody has it; false where somebody had it before, or where there is no such alert.
    pub fn take_alert(&self, alert: ActId, taken: &Taken) -> Result<bool, StoreError> {
        let changed = self.count_changed(
            "UPDATE alert SET taken = ?2, taken_at = ?3 WHERE alert = ?1 AND taken IS NULL",
            (alert.as_bytes(), encode(taken), taken.at.0),
            "take an alert",
        )?;
        Ok(changed > 0)
    }

    /// Every alert, those that nobody has first, each part the newest first.
    pub fn alerts(&self) -> Result<Vec<Alerted>, StoreError> {
        self.alerted(
            "SELECT alert, envelope, device, received_at, taken FROM alert
                 ORDER BY CASE WHEN taken IS NULL THEN 0 ELSE 1 END, received_at DESC, alert",
            (),
        )
    }

    pub fn alert(&self, alert: ActId) -> Result<Option<Alerted>, StoreError> {
        let sql = "SELECT alert, envelope, device, received_at, taken FROM alert WHERE alert = ?1";
        Ok(self.alerted(sql, [alert.as_bytes()])?.pop())
    }

    /// Those of `device` that somebody took after `since`: what its terminal is told again when it comes back.
    pub(crate) fn taken_alerts(&self, device: &DeviceId, since: UnixMs) -> Result<Vec<Alerted>, StoreError> {
        self.alerted(
            "SELECT alert, envelope, device, received_at, taken FROM alert
                 WHERE device = ?1 AND taken IS NOT NULL AND taken_at > ?2 ORDER BY taken_at, alert",
            (device.as_str(), since.0),
        )
    }

    /// Those whose terminal was not told yet that somebody has them.
    pub(crate) fn untold_alerts(&self) -> Result<Vec<Alerted>, StoreError> {
        self.alerted(
            "SELECT alert, envelope, device, received_at, taken FROM alert
                 WHERE taken IS NOT NULL AND told = 0 ORDER BY taken_at, alert",
            (),
        )
    }

    pub(crate) fn set_alert_told(&self, alert: ActId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE alert SET told = 1 WHERE alert = ?1",
            [alert.as_bytes()],
            "note who was told",
        )
    }

    fn alerted(
        &self,
        sql: &'static str,
        with: impl super::sql::Parameters,
    ) -> Result<Vec<Alerted>, StoreError> {
        let rows = self.rows(sql, with, "list alerts", |row| {
            Ok((
                row.get::<[u8; 16]>(0)?,
                row.get::<[u8; 16]>(1)?,
                row.get::<String>(2)?,
                row.get::<i64>(3)?,
                row.get::<Option<Vec<u8>>>(4)?,
            ))
        })?;
        let corrupt = || StoreError::Corrupt { what: "alert" };
        let mut alerts = Vec::new();
        for (alert, envelope, device, received_at, taken) in rows {
            let taken = taken.map(|taken| decode(&taken)).transpose();
            alerts.push(Alerted {
                alert: ActId::from_bytes(alert),
                envelope: EnvelopeId::from_bytes(envelope),
                device: DeviceId::parse(&device).map_err(|_| corrupt())?,
                received_at: UnixMs(received_at),
                taken: taken.map_err(|_| corrupt())?,
            });
        }
        Ok(alerts)
    }
}

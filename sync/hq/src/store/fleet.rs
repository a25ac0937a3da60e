//! What a fleet manager decided: of certificates, of terminals, of officers.

use super::sql::Row;
use domain::{DeviceId, OfficerId, UnixMs};
use trust::cert::{Certificate, Holder, Reason};

use super::{StoreError, Transaction, at, signed, unsigned};
use crate::fleet::Standing;

/// A certificate as HQ remembers it.
#[derive(Debug, Clone)]
pub struct IssuedCertificate {
    pub certificate: Certificate,
    pub issued: UnixMs,
    pub revoked: Option<(UnixMs, Reason)>,
}

/// One thing that was done with a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEvent {
    pub at: UnixMs,
    pub what: String,
    pub detail: String,
}

impl Transaction<'_> {
    /// Every certificate ever issued, by holder and time; of one holder when it is given.
    pub fn certificates(&self, holder: Option<&Holder>) -> Result<Vec<IssuedCertificate>, StoreError> {
        let rows = self.rows(
            "SELECT der, issued_at, revoked_at, reason FROM certificate WHERE ?1 IS NULL OR holder = ?1
                 ORDER BY holder, issued_at, fingerprint",
            [holder.map(Holder::to_urn)],
            "list certificates",
            |row| Ok(certificate(row)),
        )?;
        rows.into_iter().collect()
    }

    /// From `now` on no certificate of `holder` vouches for anything; how many there were.
    pub fn revoke_for(&self, holder: &Holder, reason: Reason, now: UnixMs) -> Result<u64, StoreError> {
        self.count_changed(
            "UPDATE certificate SET revoked_at = ?2, reason = ?3 WHERE holder = ?1 AND revoked_at IS NULL",
            (holder.to_urn(), now.0, reason.code()),
            "revoke certificates",
        )
    }

    /// From `now` on the certificate of this SHA-256 vouches for nothing; whether it did before.
    pub fn revoke_one(
        &self,
        fingerprint: &trust::Digest,
        reason: Reason,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let revoked = self.count_changed(
            "UPDATE certificate SET revoked_at = ?2, reason = ?3 WHERE fingerprint = ?1 AND revoked_at IS NULL",
            (fingerprint.as_bytes(), now.0, reason.code()),
            "revoke a certificate",
        )?;
        Ok(revoked > 0)
    }

    /// The number of the newest revocation list; 0 before the first.
    pub fn newest_crl(&self) -> Result<u64, StoreError> {
        let newest: Option<Option<i64>> = self.row(
            "SELECT max(number) FROM crl",
            (),
            "look up revocation lists",
            |row| row.get(0),
        )?;
        unsigned(newest.flatten().unwrap_or(0), "revocation list")
    }

    pub fn insert_crl(&self, number: u64, der: &[u8], now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO crl (number, der, built_at) VALUES (?1, ?2, ?3)",
            (signed(number), der, now.0),
            "keep a revocation list",
        )
    }

    /// The revocation list of that number, in DER.
    pub fn crl(&self, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT der FROM crl WHERE number = ?1";
        self.row(sql, [signed(number)], "look up a revocation list", |row| {
            row.get(0)
        })
    }

    /// Whether the terminal serves, and since when; one that nobody spoke of serves since ever.
    pub fn standing(&self, device: &DeviceId) -> Result<(Standing, UnixMs), StoreError> {
        let row: Option<(String, i64)> = self.row(
            "SELECT standing, since FROM device_standing WHERE device = ?1",
            [device.as_str()],
            "look up a terminal's standing",
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((code, since)) = row else {
            return Ok((Standing::InService, UnixMs(0)));
        };
        let standing = Standing::from_code(&code).ok_or(StoreError::Corrupt { what: "standing" })?;
        Ok((standing, UnixMs(since)))
    }

    pub fn set_standing(&self, device: &DeviceId, standing: Standing, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_standing (device, standing, since) VALUES (?1, ?2, ?3)
                 ON CONFLICT (device) DO UPDATE SET standing = excluded.standing, since = excluded.since",
            (device.as_str(), standing.code(), now.0),
            "write a terminal's standing",
        )
    }

    /// The unit that the terminal belongs to: as somebody said, or else as its newest batch did.
    pub fn unit(&self, device: &DeviceId) -> Result<Option<String>, StoreError> {
        let said: Option<Option<String>> = self.row(
            "SELECT unit FROM device_standing WHERE device = ?1",
            [device.as_str()],
            "look up a terminal's unit",
            |row| row.get(0),
        )?;
        if let Some(unit) = said.flatten() {
            return Ok(Some(unit));
        }
        self.row(
            "SELECT unit FROM batch_row WHERE device = ?1 ORDER BY at DESC LIMIT 1",
            [device.as_str()],
            "look up a terminal's unit",
            |row| row.get(0),
        )
    }

    /// The registered terminals that belong to `unit`.
    pub fn devices_in(&self, unit: &str) -> Result<Vec<DeviceId>, StoreError> {
        let mut devices = Vec::new();
        for row in self.devices()? {
            if self.unit(&row.device)?.as_deref() == Some(unit) {
                devices.push(row.device);
            }
        }
        Ok(devices)
    }

    pub fn set_unit(&self, device: &DeviceId, unit: &str, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_standing (device, unit, standing, since) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (device) DO UPDATE SET unit = excluded.unit",
            (device.as_str(), unit, Standing::InService.code(), now.0),
            "write a terminal's unit",
        )
    }

    pub fn note_event(
        &self,
        device: &DeviceId,
        what: &str,
        detail: &str,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_event (device, at, what, detail) VALUES (?1, ?2, ?3, ?4)",
            (device.as_str(), now.0, what, detail),
            "note what was done with a terminal",
        )
    }

    /// Everything that was done with `device`, the oldest first.
    pub fn events(&self, device: &DeviceId) -> Result<Vec<DeviceEvent>, StoreError> {
        self.rows(
            "SELECT at, what, detail FROM device_event WHERE device = ?1 ORDER BY sequence",
            [device.as_str()],
            "list what was done with a terminal",
            |row| {
                Ok(DeviceEvent {
                    at: UnixMs(row.get(0)?),
                    what: row.get(1)?,
                    detail: row.get(2)?,
                })
            },
        )
    }

    /// Since when nothing that the officer signs is taken.
    pub fn suspended(&self, officer: OfficerId) -> Result<Option<UnixMs>, StoreError> {
        let since: Option<i64> = self.row(
            "SELECT since FROM officer_suspended WHERE officer = ?1",
            [officer.as_bytes()],
            "look up a suspension",
            |row| row.get(0),
        )?;
        Ok(since.map(UnixMs))
    }

    /// From `now` on, unless they are suspended already.
    pub fn suspend(&self, officer: OfficerId, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO officer_suspended (officer, since) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            (officer.as_bytes(), now.0),
            "suspend an officer",
        )
    }

    /// Whether they were suspended.
    pub fn reinstate(&self, officer: OfficerId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM officer_suspended WHERE officer = ?1";
        Ok(self.count_changed(sql, [officer.as_bytes()], "reinstate an officer")? > 0)
    }

    /// Takes a terminal from an officer from `now` on; whether they had it.
    pub fn unassign(&self, device: &DeviceId, officer: OfficerId, now: UnixMs) -> Result<bool, StoreError> {
        let taken = self.count_changed(
            "UPDATE assignment SET ended_at = ?3 WHERE device = ?1 AND officer = ?2 AND ended_at IS NULL",
            (device.as_str(), officer.as_bytes(), now.0),
            "take a terminal from an officer",
        )?;
        Ok(taken > 0)
    }

    /// The terminals that an officer may work with, by name.
    pub fn terminals_of(&self, officer: OfficerId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT device FROM assignment WHERE officer = ?1 AND ended_at IS NULL ORDER BY device";
        self.column(sql, [officer.as_bytes()], "list an officer's terminals")
    }
}

fn certificate(row: &Row<'_>) -> Result<IssuedCertificate, StoreError> {
    let cell = at("read a certificate");
    let corrupt = || StoreError::Corrupt { what: "certificate" };
    let der: Vec<u8> = row.get(0).map_err(&cell)?;
    let revoked: Option<i64> = row.get(2).map_err(&cell)?;
    let reason: Option<String> = row.get(3).map_err(&cell)?;
    let reason = match reason {
        Some(code) => Reason::from_code(&code).ok_or_else(corrupt)?,
        None => Reason::Unspecified,
    };
    Ok(IssuedCertificate {
        certificate: Certificate::from_der(&der).map_err(|_| corrupt())?,
        issued: UnixMs(row.get(1).map_err(&cell)?),
        revoked: revoked.map(|at| (UnixMs(at), reason)),
    })
}

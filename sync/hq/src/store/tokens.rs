//! Enrolment tokens: what was granted, who took it, and what they were answered.

use super::sql::{Row, SqlError};
use domain::enrolment::{EnrolmentRefusal, Token};
use domain::{DeviceId, Digest, UnixMs, decode, encode};

use super::{StoreError, Transaction};
use crate::tokens::{Grant, IssuedToken, Standing};

/// What a token is worth to the key that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has taken it.
    Open(Grant),
    /// This key took it before, and gets the same bundle again.
    Answered(Vec<u8>),
    Refused(EnrolmentRefusal),
}

impl Transaction<'_> {
    pub(crate) fn insert_token(
        &self,
        token: &Token,
        grant: &Grant,
        expires: UnixMs,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO token (digest, device, granted, issued_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                token.digest().as_bytes(),
                grant.device.as_str(),
                encode(grant),
                now.0,
                expires.0,
            ),
            "issue a token",
        )
    }

    /// Withdraws every token of `device` that nobody has taken; how many there were.
    pub fn revoke_tokens(&self, device: &DeviceId, now: UnixMs) -> Result<u64, StoreError> {
        self.count_changed(
            "UPDATE token SET revoked_at = ?2 WHERE device = ?1 AND taken_at IS NULL AND revoked_at IS NULL",
            (device.as_str(), now.0),
            "revoke tokens",
        )
    }

    /// Every token ever issued, oldest first; of one terminal when `device` is given.
    pub fn tokens(&self, device: Option<&DeviceId>) -> Result<Vec<IssuedToken>, StoreError> {
        let rows = self.rows(
            "SELECT digest, device, issued_at, expires_at, revoked_at, taken_at, disputes FROM token
                 WHERE ?1 IS NULL OR device = ?1 ORDER BY issued_at, digest",
            [device.map(DeviceId::as_str)],
            "list tokens",
            issued,
        )?;
        let token = |row: Option<IssuedToken>| row.ok_or(StoreError::Corrupt { what: "token" });
        rows.into_iter().map(token).collect()
    }

    /// What `token` is worth to `key` at `now`. A try of another key is counted.
    pub(crate) fn claim_token(&self, token: &Token, key: &Digest, now: UnixMs) -> Result<Claim, StoreError> {
        struct Found {
            grant: Vec<u8>,
            expires: i64,
            revoked: Option<i64>,
            key: Option<[u8; 32]>,
            bundle: Option<Vec<u8>>,
        }
        let digest = token.digest();
        let found = self.row(
            "SELECT granted, expires_at, revoked_at, key, bundle FROM token WHERE digest = ?1",
            [digest.as_bytes()],
            "look up a token",
            |row| {
                Ok(Found {
                    grant: row.get(0)?,
                    expires: row.get(1)?,
                    revoked: row.get(2)?,
                    key: row.get(3)?,
                    bundle: row.get(4)?,
                })
            },
        )?;
        let Some(found) = found else {
            return Ok(Claim::Refused(EnrolmentRefusal::UnknownToken));
        };
        match (found.key, found.bundle) {
            (Some(taker), Some(bundle)) if taker == *key.as_bytes() => return Ok(Claim::Answered(bundle)),
            (Some(_), _) => {
                self.execute(
                    "UPDATE token SET disputes = disputes + 1 WHERE digest = ?1",
                    [digest.as_bytes()],
                    "count a dispute",
                )?;
                return Ok(Claim::Refused(EnrolmentRefusal::TakenByAnother));
            }
            (None, _) => {}
        }
        if found.revoked.is_some() {
            return Ok(Claim::Refused(EnrolmentRefusal::Revoked));
        }
        if found.expires < now.0 {
            return Ok(Claim::Refused(EnrolmentRefusal::Expired));
        }
        let grant = decode(&found.grant).map_err(|_| StoreError::Corrupt { what: "token" })?;
        Ok(Claim::Open(grant))
    }

    /// The token is taken for good by `key`, which is answered `bundle`.
    pub(crate) fn take_token(
        &self,
        token: &Token,
        key: &Digest,
        bundle: &[u8],
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE token SET taken_at = ?2, key = ?3, bundle = ?4 WHERE digest = ?1 AND taken_at IS NULL",
            (token.digest().as_bytes(), now.0, key.as_bytes(), bundle),
            "take a token",
        )
    }
}

fn issued(row: &Row<'_>) -> Result<Option<IssuedToken>, SqlError> {
    let (revoked, taken): (Option<i64>, Option<i64>) = (row.get(4)?, row.get(5)?);
    let Ok(device) = DeviceId::parse(&row.get::<String>(1)?) else {
        return Ok(None);
    };
    Ok(Some(IssuedToken {
        digest: Digest::from_bytes(row.get(0)?),
        device,
        issued: UnixMs(row.get(2)?),
        expires: UnixMs(row.get(3)?),
        standing: match (taken, revoked) {
            (Some(at), _) => Standing::Taken(UnixMs(at)),
            (None, Some(at)) => Standing::Revoked(UnixMs(at)),
            (None, None) => Standing::Open,
        },
        disputes: row.get(6)?,
    }))
}

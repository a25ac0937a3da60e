//! Who is known: certificates, terminals, officers, and which officer works with which terminal.

use domain::enrolment::Terminal;
use domain::officer::Officer;
use domain::{DeviceId, JournalId, OfficerId, UnixMs, decode, encode};
use trust::cert::{Certificate, Holder};

use super::sql::Parameters;
use super::{StoreError, Transaction, signed};

impl Transaction<'_> {
    pub fn insert_certificate(&self, certificate: &Certificate, now: UnixMs) -> Result<(), StoreError> {
        let holder = certificate.holder().map(Holder::to_urn).unwrap_or_default();
        self.execute(
            "INSERT INTO certificate (fingerprint, holder, der, issued_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            (
                certificate.fingerprint().as_bytes(),
                holder,
                certificate.der(),
                now.0,
            ),
            "register a certificate",
        )
    }

    /// The certificate of this SHA-256, if HQ issued it.
    pub fn certificate(&self, fingerprint: &trust::Digest) -> Result<Option<Certificate>, StoreError> {
        let sql = "SELECT der FROM certificate WHERE fingerprint = ?1";
        self.read_certificate(sql, [fingerprint.as_bytes()])
    }

    /// The certificate most recently issued to `holder`.
    pub fn latest_certificate(&self, holder: &Holder) -> Result<Option<Certificate>, StoreError> {
        let sql =
            "SELECT der FROM certificate WHERE holder = ?1 ORDER BY issued_at DESC, fingerprint LIMIT 1";
        self.read_certificate(sql, [holder.to_urn()])
    }

    /// Every certificate ever issued to `holder`, oldest first.
    pub fn certificates_of(&self, holder: &Holder) -> Result<Vec<Certificate>, StoreError> {
        let sql = "SELECT der FROM certificate WHERE holder = ?1 ORDER BY issued_at, fingerprint";
        let rows: Vec<Vec<u8>> = self.column(sql, [holder.to_urn()], "list certificates")?;
        let certificate = |der: Vec<u8>| {
            Certificate::from_der(&der).map_err(|_| StoreError::Corrupt { what: "certificate" })
        };
        rows.into_iter().map(certificate).collect()
    }

    /// No certificate of `holder` that is out vouches for anything later; whether there was one.
    pub fn revoke(&self, holder: &Holder, now: UnixMs) -> Result<bool, StoreError> {
        let revoked = self.count_changed(
            "UPDATE certificate SET revoked_at = ?2 WHERE holder = ?1 AND revoked_at IS NULL",
            (holder.to_urn(), now.0),
            "revoke certificates",
        )?;
        Ok(revoked > 0)
    }

    /// Since when the certificate of this SHA-256 vouches for nothing.
    pub fn revoked_at(&self, fingerprint: &trust::Digest) -> Result<Option<UnixMs>, StoreError> {
        let revoked: Option<Option<i64>> = self.row(
            "SELECT revoked_at FROM certificate WHERE fingerprint = ?1",
            [fingerprint.as_bytes()],
            "look up a revocation",
            |row| row.get(0),
        )?;
        Ok(revoked.flatten().map(UnixMs))
    }

    fn read_certificate(
        &self,
        sql: &str,
        parameters: impl Parameters,
    ) -> Result<Option<Certificate>, StoreError> {
        let der: Option<Vec<u8>> = self.row(sql, parameters, "look up a certificate", |row| row.get(0))?;
        der.map(|der| Certificate::from_der(&der).map_err(|_| StoreError::Corrupt { what: "certificate" }))
            .transpose()
    }

    /// Registers a terminal; one that is known keeps its journal.
    pub fn insert_device(
        &self,
        terminal: &Terminal,
        journal: JournalId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device (id, terminal, journal, enrolled_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET terminal = excluded.terminal",
            (
                terminal.device.as_str(),
                encode(terminal),
                journal.as_bytes(),
                now.0,
            ),
            "register a terminal",
        )?;
        match self.device(&terminal.device)? {
            Some((_, journal)) => self.give_journal(&terminal.device, journal, now),
            None => Ok(()),
        }
    }

    /// A terminal whose keys were made anew begins another journal, and what was held against the old one ends.
    pub fn renew_journal(
        &self,
        device: &DeviceId,
        journal: JournalId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE device SET journal = ?2, quarantined_at = NULL WHERE id = ?1",
            (device.as_str(), journal.as_bytes()),
            "begin a journal",
        )?;
        self.give_journal(device, journal, now)
    }

    pub fn device(&self, device: &DeviceId) -> Result<Option<(Terminal, JournalId)>, StoreError> {
        let row = self.row(
            "SELECT terminal, journal FROM device WHERE id = ?1",
            [device.as_str()],
            "look up a terminal",
            |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<[u8; 16]>(1)?)),
        )?;
        row.map(|(terminal, journal)| {
            let terminal = decode(&terminal).map_err(|_| StoreError::Corrupt { what: "terminal" })?;
            Ok((terminal, JournalId::from_bytes(journal)))
        })
        .transpose()
    }

    /// Every terminal, by name.
    pub fn devices(&self) -> Result<Vec<Terminal>, StoreError> {
        let sql = "SELECT terminal FROM device ORDER BY id";
        let rows: Vec<Vec<u8>> = self.column(sql, (), "list terminals")?;
        let terminal = |bytes: Vec<u8>| decode(&bytes).map_err(|_| StoreError::Corrupt { what: "terminal" });
        rows.into_iter().map(terminal).collect()
    }

    pub fn is_device(&self, device: &DeviceId) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM device WHERE id = ?1", [device.as_str()])
    }

    pub fn put_officer(&self, officer: &Officer) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO officer (id, officer) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET officer = excluded.officer",
            (officer.id.as_bytes(), encode(officer)),
            "register an officer",
        )?;
        self.name_officer(officer)
    }

    pub fn officer(&self, officer: OfficerId) -> Result<Option<Officer>, StoreError> {
        let row = self.row(
            "SELECT officer FROM officer WHERE id = ?1",
            [officer.as_bytes()],
            "look up an officer",
            |row| row.get::<Vec<u8>>(0),
        )?;
        row.map(|bytes| decode(&bytes).map_err(|_| StoreError::Corrupt { what: "officer" }))
            .transpose()
    }

    /// Every officer, by pseudonym.
    pub fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        let sql = "SELECT officer FROM officer ORDER BY id";
        let rows: Vec<Vec<u8>> = self.column(sql, (), "list officers")?;
        let officer = |bytes: Vec<u8>| decode(&bytes).map_err(|_| StoreError::Corrupt { what: "officer" });
        rows.into_iter().map(officer).collect()
    }

    /// Lets `officer` work with `device`.
    pub fn assign(&self, device: &DeviceId, officer: OfficerId) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO assignment (device, officer) VALUES (?1, ?2)
                 ON CONFLICT (device, officer) DO UPDATE SET ended_at = NULL",
            (device.as_str(), officer.as_bytes()),
            "assign an officer to a terminal",
        )
    }

    pub fn is_assigned(&self, device: &DeviceId, officer: OfficerId) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM assignment WHERE device = ?1 AND officer = ?2 AND ended_at IS NULL",
            (device.as_str(), officer.as_bytes()),
        )
    }

    /// Whether the officer worked with the terminal at `at`, or does still.
    pub fn was_assigned(
        &self,
        device: &DeviceId,
        officer: OfficerId,
        at: UnixMs,
    ) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM assignment WHERE device = ?1 AND officer = ?2 AND coalesce(ended_at > ?3, TRUE)",
            (device.as_str(), officer.as_bytes(), at.0),
        )
    }

    /// The officers who may work with `device`, by pseudonym.
    pub fn assigned(&self, device: &DeviceId) -> Result<Vec<OfficerId>, StoreError> {
        let sql = "SELECT officer FROM assignment WHERE device = ?1 AND ended_at IS NULL ORDER BY officer";
        let rows: Vec<[u8; 16]> = self.column(sql, [device.as_str()], "list a terminal's officers")?;
        Ok(rows.into_iter().map(OfficerId::from_bytes).collect())
    }

    /// A bundle of `device` that was issued before `now` is out of date.
    pub fn outdate_bundle(&self, device: &DeviceId, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE device SET bundle_due = ?2 WHERE id = ?1 AND bundle_due < ?2",
            (device.as_str(), now.0),
            "outdate a bundle",
        )
    }

    /// Every bundle that was issued before `now` is out of date.
    pub fn outdate_bundles(&self, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE device SET bundle_due = max(bundle_due, ?1)",
            [now.0],
            "outdate every bundle",
        )
    }

    /// From when on a bundle of `device` is up to date.
    pub fn bundle_due(&self, device: &DeviceId) -> Result<UnixMs, StoreError> {
        let due: Option<i64> = self.row(
            "SELECT bundle_due FROM device WHERE id = ?1",
            [device.as_str()],
            "look up a bundle's age",
            |row| row.get(0),
        )?;
        Ok(UnixMs(due.unwrap_or(0)))
    }

    /// A terminal came or went; a death that is not of its last birth is an echo and changes nothing.
    pub fn set_presence(
        &self,
        device: &DeviceId,
        epoch: u64,
        online: bool,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let only_if = if online { "" } else { " AND epoch = ?2" };
        self.execute(
            &format!("UPDATE device SET epoch = ?2, online = ?3, seen_at = ?4 WHERE id = ?1{only_if}"),
            (device.as_str(), signed(epoch), online, now.0),
            "write a terminal's presence",
        )
    }

    /// When the terminal last came or went; none of one that never connected.
    pub fn last_seen(&self, device: &DeviceId) -> Result<Option<UnixMs>, StoreError> {
        let at: Option<i64> = self.row(
            "SELECT seen_at FROM device WHERE id = ?1 AND seen_at > 0",
            [device.as_str()],
            "look up when a terminal was seen",
            |row| row.get(0),
        )?;
        Ok(at.map(UnixMs))
    }

    pub fn is_online(&self, device: &DeviceId) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM device WHERE id = ?1 AND online <> 0",
            [device.as_str()],
        )
    }
}

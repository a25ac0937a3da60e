//! Sheets of safe contact: what is asked for before anybody calls the victim of a complaint.

use domain::{ActId, DeviceId, EnvelopeId};

use super::{StoreError, Transaction};

impl Transaction<'_> {
    /// Keeps the sheet whose record came in `envelope`; an older one that comes later changes nothing.
    pub fn put_contact(
        &self,
        complaint: ActId,
        device: &DeviceId,
        act: ActId,
        envelope: EnvelopeId,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO contact (complaint, device, act, envelope) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (complaint, device) DO UPDATE SET act = excluded.act, envelope = excluded.envelope
                 WHERE contact.act < excluded.act",
            (complaint.as_bytes(), device.as_str(), act.as_bytes(), envelope.as_bytes()),
            "keep a sheet of safe contact",
        )
    }

    /// The envelope of the latest sheet that `device` sent about a complaint of its own.
    pub fn contact_of(&self, complaint: ActId, device: &DeviceId) -> Result<Option<EnvelopeId>, StoreError> {
        let rows = self.rows(
            "SELECT envelope FROM contact WHERE complaint = ?1 AND device = ?2",
            (complaint.as_bytes(), device.as_str()),
            "find a sheet of safe contact",
            |row| row.get::<[u8; 16]>(0),
        )?;
        Ok(rows.into_iter().next().map(EnvelopeId::from_bytes))
    }
}

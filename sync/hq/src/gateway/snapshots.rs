//! Drafts that terminals keep at HQ: proven to be the terminal's, kept, and answered for.

use domain::recovery::{MAX_SEALED, Snapshot};
use domain::{DeviceId, UnixMs, decode};
use sync::wire::v1::{Reply, SNAPSHOT, SnapshotKept};
use trust::cose::{Namespace, Signed};

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing};

impl Gateway {
    /// What does not prove itself is neither kept nor answered: the terminal sends it again.
    pub(super) fn receive_snapshot(
        &mut self,
        device: &DeviceId,
        said: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let snapshot = decode::<Snapshot>(&said.payload).ok().filter(|snapshot| {
            let ours = snapshot.device == *device && snapshot.version == 1;
            ours && said.content_type == SNAPSHOT && snapshot.sealed.len() <= MAX_SEALED
        });
        let Some(snapshot) = snapshot else {
            return Ok(Vec::new());
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        if desk
            .by_device(said, Namespace::Snapshot, snapshot.at.utc)?
            .is_none()
        {
            tracing::warn!(%device, "a draft that the terminal did not sign was dropped");
            return Ok(Vec::new());
        }
        transaction.keep_snapshot(&snapshot, now)?;
        transaction.commit()?;
        let kept = Reply::Snapshot(SnapshotKept {
            device: device.clone(),
            draft: snapshot.draft,
            sequence: snapshot.sequence,
        });
        Ok(vec![self.reply(device, &kept)])
    }
}
